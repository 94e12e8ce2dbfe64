"""Why somebody is where she is and not where she wished: counted on the allocation, proven by forcing the wish.

An explanation speaks of her own wishes, of seats and of sums. It names nobody else, hides small numbers, never gives
belonging to a group as the reason, and puts agreements about other people into the same neutral code as all the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from solver import goals, measure
from solver.fitting import admitted, understands
from solver.problem import Lock, Meeting, Participant, Preset, Problem, Role, Seat, Settings, Solution
from solver.repair import Locked, moves
from solver.repair import apply as after
from solver.verify import breaches

FEW = 3
"""Numbers of other people below this are told as "few" (None)."""


@dataclass(frozen=True)
class Forced:
    """What came out when the wish was forced and as little as possible changed elsewhere."""

    possible: bool | None  # None: no answer in time
    moved: int | None = None  # other people who would sit elsewhere; None for few
    lower: int | None = None  # of them, who would get less than now; None for few
    goal: str | None = None  # the most important goal that would suffer


@dataclass(frozen=True)
class WhyNot:
    """`reason`: not_now, elsewhere, duty, room, language, not_open, full, minimum, mix, agreed, own_day, others."""

    session: str
    rank: int
    reason: str
    facts: dict[str, Any]
    forced: Forced | None = None

    @property
    def proven(self) -> bool:
        return self.forced is not None and self.forced.possible is not None


@dataclass(frozen=True)
class Explanation:
    """`here`: wish, no_wishes, fixed, duty, other, absent or unplaced; `rank` from 1 where it is a wish."""

    participant: str
    slot: str
    session: str | None
    here: str
    rank: int | None
    wishes: tuple[WhyNot, ...]


def explain(
    problem: Problem, solution: Solution, participant: str, slot: str, proof: bool = True, time_limit: float = 2
) -> Explanation:
    """With `proof` each better wish is forced and solved again, `time_limit` seconds each; without, it is counted."""
    person = problem.participant[participant]
    meetings = {meeting.id: meeting for meeting in solution.meetings}
    seat = next((s for s in solution.seats if (s.participant, s.slot) == (participant, slot)), None)
    session = meetings[seat.meeting].session if seat else None
    here = _here(problem, person, seat, session, slot)
    rank = person.rank.get(session, -1) + 1 if session and seat and seat.role is Role.ATTENDEE else 0
    better = person.favourites if here in {"other", "unplaced"} else person.favourites[: max(0, rank - 1)]
    found = []
    for at, wish in enumerate(better if here in {"wish", "other", "unplaced", "fixed"} else ()):
        reason, facts = _why_not(problem, solution, person, wish, slot)
        forced = None
        if proof and reason not in {"not_now", "elsewhere", "not_open", "duty"}:
            forced = _forced(problem, solution, participant, wish, slot, time_limit)
        found.append(WhyNot(wish, at + 1, reason, facts, forced))
    return Explanation(participant, slot, session, here, rank or None, tuple(found))


def _here(problem: Problem, person: Participant, seat: Seat | None, session: str | None, slot: str) -> str:
    if seat is None:
        return "unplaced" if person.attends and problem.present(person, slot) else "absent"
    if seat.role is not Role.ATTENDEE:
        return "duty"
    fixed = any(lock.participant == person.id and lock.session == session and not lock.never for lock in problem.locks)
    if fixed or session in person.required:
        return "fixed"
    if session in person.rank:
        return "wish"
    return "other" if person.favourites else "no_wishes"


def _why_not(
    problem: Problem, solution: Solution, person: Participant, wish: str, slot: str
) -> tuple[str, dict[str, Any]]:
    running = next(
        (m for m in solution.meetings if m.session == wish and slot in (problem.span(wish, m.slot) or ())), None
    )
    mine = {
        m.session: m.slot
        for m in solution.meetings
        for s in solution.seats
        if s.meeting == m.id and s.participant == person.id
    }
    if wish in mine and mine[wish] != slot:
        return "elsewhere", {"slot": mine[wish]}
    if running is None:
        held = sorted(m.slot for m in solution.meetings if m.session == wish)
        return "not_now", {"slots": held}
    session = problem.session[wish]
    if not admitted(session.admits, person):
        return "not_open", {}
    missing = sorted(person.needs - problem.room[running.room].features)
    if missing:
        return "room", {"features": missing}
    if not understands(person, session.languages):
        return "language", {"languages": sorted(session.languages)}
    return _if_moved(problem, solution, person, running)


def _if_moved(problem: Problem, solution: Solution, person: Participant, wanted: Meeting) -> tuple[str, dict[str, Any]]:
    """What counting says if only she sat there instead."""
    moved = _moved(problem, solution, person, wanted)
    before = {(b.rule, str(b.facts.get("meeting"))) for b in breaches(problem, solution)}
    new = {b.rule for b in breaches(problem, moved) if (b.rule, str(b.facts.get("meeting"))) not in before}
    if "size_at_most" in new:
        return "full", _demand(problem, solution, person, wanted)
    if "size_at_least" in new:
        return "minimum", {}
    if "quotas_hold" in new:
        return "mix", {}
    if new:
        return "agreed", {}
    return _by_goals(problem, solution, moved)


def _moved(problem: Problem, solution: Solution, person: Participant, wanted: Meeting) -> Solution:
    span = problem.span(wanted.session, wanted.slot) or ()
    left = {s.meeting for s in solution.seats if s.participant == person.id and s.slot in span}
    kept = tuple(s for s in solution.seats if not (s.participant == person.id and s.meeting in left))
    return replace(solution, seats=kept + tuple(Seat(person.id, slot, wanted.id) for slot in span))


def _demand(problem: Problem, solution: Solution, person: Participant, wanted: Meeting) -> dict[str, Any]:
    """Seats, and how many wished for them; small numbers are hidden."""
    attending = [
        s.participant
        for s in solution.seats
        if s.meeting == wanted.id and s.slot == wanted.slot and s.role is Role.ATTENDEE
    ]
    wished = [
        p for p in problem.participants if p.attends and wanted.session in p.rank and problem.present(p, wanted.slot)
    ]
    mine = person.rank[wanted.session]
    as_high = sum(problem.participant[id].rank.get(wanted.session, 99) <= mine for id in attending)
    return {"seats": len(attending), "wished": shown(len(wished)), "as_high": shown(as_high)}


def shown(number: int) -> int | None:
    """The number, unless it is so small that it could point at somebody; 0 says nothing about anybody."""
    return number if number == 0 or number >= FEW else None


def _by_goals(problem: Problem, solution: Solution, moved: Solution) -> tuple[str, dict[str, Any]]:
    """No rule stands in the way: which goal would suffer."""
    for goal in _order(problem, solution):
        old, new = goal.count(problem, solution), goal.count(problem, moved)
        if new < old if goal.maximise else new > old:
            return ("own_day" if goal.name in {"worst_off", "wishes"} else "others"), {"goal": goal.name}
    return "others", {}


def _order(problem: Problem, solution: Solution) -> Iterator[goals.Goal]:
    yield from goals.order_of(problem, solution.settings.preset)


def _forced(problem: Problem, solution: Solution, participant: str, wish: str, slot: str, time_limit: float) -> Forced:
    """Solve again with the wish as a lock, the programme held and as few moves as possible."""
    from solver.search import solve

    change = Locked(Lock(participant, wish, slot))
    changed = after(problem, solution, [change])
    settings = Settings(preset=Preset.REPAIR, time_limit=time_limit, workers=1)
    found = solve(changed, settings)
    if not found.status.has_answer:
        return Forced(False if found.status == "infeasible" else None)
    others = {
        m.participant for m in moves(changed, solution, found, [change]) if m.participant not in (None, participant)
    }
    lower = sum(_points(problem, found, id) < _points(problem, solution, id) for id in others if id)
    worse = next(
        (
            goal.name
            for goal in _order(problem, solution)
            if goal.name != "stability"
            and (
                goal.count(problem, found) < goal.count(problem, solution) - 1e-9
                if goal.maximise
                else goal.count(problem, found) > goal.count(problem, solution) + 1e-9
            )
        ),
        None,
    )
    return Forced(True, shown(len(others)), shown(lower), worse)


def _points(problem: Problem, solution: Solution, participant: str) -> int:
    person = problem.participant[participant]
    return sum(problem.points(person, s) for s in measure.attended(problem, solution)[participant])
