"""The rules by plain counting: knows nothing of the model, so that it can judge what the model says.

Every check reads the facts of an allocation and yields a Violation per breach; CHECKS has them in order.
"""

from solver.judge.composition import nobody_isolated, organisations_spread, quotas_hold, together_or_apart
from solver.judge.decided import locks_hold, sessions_in_order, vetoes_respected
from solver.judge.facts import Check
from solver.judge.languages import everybody_understands
from solver.judge.rooms import rooms_and_people_fit, rooms_hold_one_meeting, staff_at_their_own
from solver.judge.seats import never_the_same_session_twice, one_meeting_per_slot, size_at_least, size_at_most

CHECKS: tuple[Check, ...] = (
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
