"""Whether a second program, with rules and an engine of its own, says "impossible" too before anybody is told so.

It shares no line with the model: every rule is written a second time from its description, as rows over crowds of equal
people and kinds of equal rooms, and a MILP engine decides. It may be slow and small: beyond its size or time it says
that it cannot tell. An answer that it finds is counted by the judge, so that "possible" is never only claimed.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from solver.bounds.confirmation import decided, groups, languages, rooms, seats
from solver.bounds.confirmation.answer import read_out
from solver.bounds.confirmation.columns import Columns, columns
from solver.judge.verify import verify
from solver.problem import Problem, Solution

Rule = Callable[[Columns], None]
RULES: tuple[Rule, ...] = (
    seats.one_meeting_per_slot,
    seats.never_the_same_session_twice,
    seats.size_at_most,
    seats.size_at_least,
    rooms.rooms_hold_one_meeting,
    rooms.staff_at_their_own,
    rooms.rooms_and_people_fit,
    languages.everybody_understands,
    groups.quotas_hold,
    groups.nobody_isolated,
    groups.organisations_spread,
    groups.together_or_apart,
    decided.locks_hold,
    decided.vetoes_respected,
    decided.sessions_in_order,
)
"""In the judge's order and by its names; each breaks no other."""
MOST_COLUMNS = 150_000
"""Larger programs are not even built: measured, some seconds to build and a minute to solve on two cores."""


@dataclass(frozen=True)
class SecondOpinion:
    """`impossible` True or False where the second program could tell; None with the `reason` where not.

    Reasons: too_large, no_time, engine (it gave no verdict), not_verified (its answer breaks a rule: our own error).
    `witness` is a verified allocation that proves "possible", where one was written out person by person.
    """

    impossible: bool | None
    reason: str = ""
    witness: Solution | None = None


def confirmed_impossible(
    problem: Problem, seconds: float, without: frozenset[str] = frozenset(), most: int | None = None
) -> bool | None:
    """Whether no allocation can keep the rules, by the second program alone.

    Parameters: `seconds` of wall clock for building and solving; `without` leaves rules out by the judge's names (then
    the others alone are asked about); `most` columns that the program may have (MOST_COLUMNS).
    Returns True ("impossible"), False ("possible"), None where it cannot tell in this size and time.
    Example: `if search_says_impossible and confirmed_impossible(problem, 5.0): ...`.
    Source of the idea: two independent programs before a claim, as in certifying algorithms (McConnell, Mehlhorn,
    Näher and Schweitzer, Computer Science Review 5, 2011).
    """
    return second_opinion(problem, seconds, without, most).impossible


def second_opinion(
    problem: Problem, seconds: float, without: frozenset[str] = frozenset(), most: int | None = None
) -> SecondOpinion:
    """First in crowds: what is impossible there is impossible. Then, if need be, person by person.

    Crowds suffice for "possible" too where every meeting lasts one slot; but an answer that can be written out person
    by person in the time is, and is verified. Parameters as for `confirmed_impossible`.
    """
    ends = time.monotonic() + seconds
    crowded = _asked(problem, ends, without, most, apart=False)
    if crowded.impossible is not False:
        return crowded
    single = _asked(problem, ends, without, most, apart=True)
    if single.impossible is not None or single.reason == "not_verified":
        return single
    whole = all(session.duration == 1 for session in problem.sessions)
    return SecondOpinion(False) if whole else single


def _asked(problem: Problem, ends: float, without: frozenset[str], most: int | None, apart: bool) -> SecondOpinion:
    x = columns(problem, apart, MOST_COLUMNS if most is None else most)
    if x is None:
        return SecondOpinion(None, "too_large")
    for rule in RULES:
        if rule.__name__ not in without:
            rule(x)
    left = ends - time.monotonic()
    if left <= 0:
        return SecondOpinion(None, "no_time")
    possible, values = x.program.solve(left)
    if possible is None:
        return SecondOpinion(None, "no_time" if time.monotonic() >= ends else "engine")
    if not possible:
        return SecondOpinion(True)
    if not apart or without:
        return SecondOpinion(False)
    witness = read_out(x, values)
    return SecondOpinion(None, "not_verified") if verify(problem, witness) else SecondOpinion(False, "", witness)
