"""What counting says if somebody alone sat elsewhere: which rule or goal would suffer, and how full it is there."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from solver.judge import scores
from solver.judge.verify import breaches
from solver.model import objectives
from solver.problem import Meeting, Participant, Problem, Role, Seat, Solution, Violation
from solver.problem.eligibility import may_listen, understands

FEW = 3
"""Numbers of other people below this are told as "few" (None)."""
NEUTRAL = "another"
"""One code for all that must not be told apart."""
OWN = ("unplaced", "exceptions", "worst_off", "wishes")
"""Goals that one person's move changes only through her own day, or through a rule."""
Broken = dict[tuple[str, frozenset[tuple[str, str]]], int]


def if_moved(problem: Problem, solution: Solution, person: Participant, wanted: Meeting) -> tuple[str, dict[str, Any]]:
    """The reason why she does not sit in `wanted`, by its code, with facts fit to be told to her."""
    touched = _touched(problem, solution, person, wanted)
    before = _only(solution, touched)
    moved = _moved(problem, solution, person, wanted, None)
    if not understands(person, problem.session[wanted.session], wanted.language):
        channels = channels_for(problem, solution, person, wanted)
        tried = [_moved(problem, solution, person, wanted, channel) for channel in channels]
        # She listens where there is a place, if there is one.
        moved = min(tried, key=lambda each: "listeners" in _new(problem, before, _only(each, touched), wanted))
    after = _only(moved, touched)
    new = _new(problem, before, after, wanted)
    if "size_at_most" in new:
        return "full", _demand(problem, solution, person, wanted)
    for rule, reason in (("size_at_least", "minimum"), ("quotas_hold", "mix"), ("listeners", "listeners")):
        if rule in new:
            return reason, {}
    if new:
        return NEUTRAL, {}
    if _worth(problem, after, person) < _worth(problem, before, person):
        return "own_day", {}
    suffers = any(_suffers(problem, goal, [before, after], solution, moved) for goal in order_of(problem, solution))
    return (NEUTRAL if suffers else "missed"), {}


def channels_for(problem: Problem, solution: Solution, person: Participant, meeting: Meeting) -> list[str]:
    """The channels of this meeting in which somebody works and that serve her."""
    here = (s for s in solution.seats if s.meeting == meeting.id and s.role is Role.INTERPRETER)
    session = problem.session[meeting.session]
    open_ = {seat.listens_in for seat in here if seat.listens_in}
    return sorted(channel for channel in open_ if may_listen(person, session, meeting.language, channel))


def order_of(problem: Problem, solution: Solution) -> Iterator[objectives.Goal]:
    yield from objectives.order_of(problem, solution.settings.preset)


def points(problem: Problem, solution: Solution, participant: str) -> int:
    """What she has of her day."""
    person = problem.participant[participant]
    return sum(problem.points(person, s) for s in scores.attended(problem, solution)[participant])


def worse(goal: objectives.Goal, problem: Problem, before: Solution, after: Solution) -> bool:
    """Whether a goal is worse afterwards."""
    return goal.better(goal.count(problem, before), goal.count(problem, after))


def _moved(problem: Problem, solution: Solution, person: Participant, wanted: Meeting, channel: str | None) -> Solution:
    span = problem.span(wanted.session, wanted.slot) or ()
    left = {s.meeting for s in solution.seats if s.participant == person.id and s.slot in span}
    kept = tuple(s for s in solution.seats if not (s.participant == person.id and s.meeting in left))
    return replace(solution, seats=kept + tuple(Seat(person.id, slot, wanted.id, listens_in=channel) for slot in span))


def _touched(problem: Problem, solution: Solution, person: Participant, wanted: Meeting) -> set[str]:
    """The meetings that her move can concern, so that counting stays quick among thousands."""
    people = {person.id}.union(*(bond for bond in problem.together if person.id in bond))
    return {wanted.id} | {seat.meeting for seat in solution.seats if seat.participant in people}


def _only(solution: Solution, meetings: set[str]) -> Solution:
    return replace(
        solution,
        meetings=tuple(meeting for meeting in solution.meetings if meeting.id in meetings),
        seats=tuple(seat for seat in solution.seats if seat.meeting in meetings),
    )


def _new(problem: Problem, before: Solution, after: Solution, wanted: Meeting) -> set[str]:
    """The rules that are broken where they were not, or by more than they were.

    Rule 8 by the name "listeners" where it is broken in the wanted meeting: there the places are taken. Elsewhere, an
    interpreter would be left without the one who listens.
    """
    had = _sizes(breaches(problem, before))
    new = [place for place, size in _sizes(breaches(problem, after)).items() if size > had.get(place, 0)]
    return {
        "listeners" if rule == "everybody_understands" and ("meeting", wanted.id) in facts else rule
        for rule, facts in new
    }


def _sizes(found: list[Violation]) -> Broken:
    return {_place(broken): broken.amount or int(broken.facts.get("size", 1)) for broken in found}


def _place(broken: Violation) -> tuple[str, frozenset[tuple[str, str]]]:
    return broken.rule, frozenset((name, value) for name, value in broken.facts.items() if isinstance(value, str))


def _worth(problem: Problem, solution: Solution, person: Participant) -> tuple[int, int]:
    """Her day: slots with a place, then points."""
    slots = {seat.slot for seat in solution.seats if seat.participant == person.id}
    return len(slots), points(problem, solution, person.id)


def _suffers(
    problem: Problem, goal: objectives.Goal, near: list[Solution], solution: Solution, moved: Solution
) -> bool:
    """Whether a goal that concerns everybody gets worse; even sizes compare a whole slot."""
    if goal.name in OWN:
        return False
    before, now = near if goal.name in {"mix", "encounters"} else (solution, moved)
    return worse(goal, problem, before, now)


def _demand(problem: Problem, solution: Solution, person: Participant, wanted: Meeting) -> dict[str, Any]:
    """Seats, how many wished for them (she among them), and how many of those inside wished it as much as she."""
    seats = [s for s in solution.seats if s.meeting == wanted.id and s.slot == wanted.slot]
    inside = [problem.participant[s.participant] for s in seats if s.role is Role.ATTENDEE]
    others = sum(
        p.attends and wanted.session in p.rank and problem.present(p, wanted.slot) and p.id != person.id
        for p in problem.participants
    )
    mine = person.rank[wanted.session]
    as_high = sum(p.rank.get(wanted.session, mine + 1) <= mine for p in inside)
    return {
        "seats": len(inside),
        "wished": None if others < FEW else others + 1,
        "as_high": share_shown(as_high, len(inside)),
    }


def shown(number: int) -> int | None:
    """The number, unless it is so small that it could point at somebody; 0 says nothing about anybody."""
    return number if number == 0 or number >= FEW else None


def share_shown(number: int, of: int) -> int | str:
    """A part of known people: nearly nobody and nearly everybody would both tell of single ones."""
    if number < FEW:
        return "few"
    return number if of - number >= FEW else "most"
