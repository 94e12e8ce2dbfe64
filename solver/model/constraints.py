"""Hard constraints, one function each: its docstring is the law; ALL has them in order."""

from collections.abc import Callable

from solver.model.composition import nobody_isolated, organisations_spread, quotas_hold, together_or_apart
from solver.model.decided import locks_hold, sessions_in_order, vetoes_respected
from solver.model.languages import everybody_understands
from solver.model.rooms import rooms_and_people_fit, rooms_hold_one_meeting, staff_at_their_own
from solver.model.seats import never_the_same_session_twice, one_meeting_per_slot, size_at_least, size_at_most
from solver.model.variables import Model, Variables
from solver.problem import Problem

Rule = Callable[[Model, Problem, Variables], None]


ALL: tuple[Rule, ...] = (
    one_meeting_per_slot,
    never_the_same_session_twice,
    size_at_most,
    size_at_least,
    rooms_hold_one_meeting,
    staff_at_their_own,
    rooms_and_people_fit,
    everybody_understands,
    quotas_hold,
    nobody_isolated,
    organisations_spread,
    together_or_apart,
    locks_hold,
    vetoes_respected,
    sessions_in_order,
)
