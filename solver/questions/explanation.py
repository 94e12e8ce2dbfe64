"""Why somebody is where she is and not where she wished: counted on the allocation, proven by forcing the wish.

An explanation speaks of her own wishes, of seats and of sums. It names nobody else, hides small numbers and never gives
belonging to a group as the reason. Agreements about other people share one neutral code with all rarer rules and with
the goals that concern everybody, so that nothing can be concluded from it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from solver.judge import scores
from solver.judge.verify import breaches
from solver.model import objectives
from solver.problem import Lock, Meeting, Participant, Preset, Problem, Role, Seat, Settings, Solution, Violation
from solver.problem.eligibility import admitted, follows_one
from solver.questions.day_changes import Locked, moves
from solver.questions.day_changes import apply as after

FEW = 3
"""Numbers of other people below this are told as "few" (None)."""


NEUTRAL = "another"
"""One code for all that must not be told apart."""
COUNTED = ("not_now", "elsewhere", "away", "not_open", "duty")
"""Reasons that need no proof: nothing that others do could change them."""
OWN = ("unplaced", "exceptions", "worst_off", "wishes")
"""Goals that one person's move changes only through her own day, or through a rule."""


@dataclass(frozen=True)
class Forced:
    """What came out when the wish was forced and as little as possible changed elsewhere."""

    possible: bool | None  # None: no answer in time
    moved: int | None = None  # other people who would sit elsewhere; None for few
    lower: int | None = None  # of them, who would get less than now; None for few
    goal: str | None = None  # the most important goal that would suffer


@dataclass(frozen=True)
class WhyNot:
    """`reason`, in the order in which they are looked for.

    elsewhere (she has it in another slot), not_now, duty or away (during part of it), not_open, room, language, full,
    minimum (her own meeting's), mix, listeners (no place with an interpreter), another, own_day (hers would be worse),
    missed (nothing stands against it: the search did not find it).
    """

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
    for at, wish in enumerate(better if here in {"wish", "other", "unplaced"} else ()):
        reason, facts = _why_not(problem, solution, person, wish, slot)
        forced = None
        if proof and reason not in COUNTED:
            forced = _forced(problem, solution, participant, wish, slot, time_limit)
            forced = _blurred(forced) if reason == NEUTRAL else forced
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
    meetings = {meeting.id: meeting for meeting in solution.meetings}
    mine = [seat for seat in solution.seats if seat.participant == person.id]
    have = next((s for s in mine if meetings[s.meeting].session == wish and s.slot != slot), None)
    if have:
        return "elsewhere", {"slot": meetings[have.meeting].slot}
    wanted = _running(problem, solution, wish, slot)
    if wanted is None:
        return "not_now", {"slots": sorted(m.slot for m in solution.meetings if m.session == wish)}
    span = problem.span(wish, wanted.slot) or (slot,)
    for other in span:
        if not problem.present(person, other):
            return "away", {"slot": other}
        if any(seat.slot == other and seat.role is not Role.ATTENDEE for seat in mine):
            return "duty", {"slot": other}
    session = problem.session[wish]
    if not admitted(session.admits, person):
        return "not_open", {}
    missing = sorted(person.needs - problem.room[wanted.room].features)
    if missing:
        return "room", {"features": missing}
    if not follows_one(person, session.languages) and not _voices(solution, person, wanted):
        return "language", {"languages": sorted(session.languages)}
    return _if_moved(problem, solution, person, wanted)


def _running(problem: Problem, solution: Solution, session: str, slot: str) -> Meeting | None:
    """The session's meeting that runs in this slot, whether it starts there or goes on."""
    held = (m for m in solution.meetings if m.session == session)
    return next((m for m in held if slot in (problem.span(session, m.slot) or ())), None)


def _voices(solution: Solution, person: Participant, meeting: Meeting) -> list[str]:
    """Languages that she understands and somebody in this meeting interprets into."""
    here = (s for s in solution.seats if s.meeting == meeting.id and s.role is Role.INTERPRETER)
    return sorted({seat.listens_in for seat in here if seat.listens_in} & person.understood)


def _if_moved(problem: Problem, solution: Solution, person: Participant, wanted: Meeting) -> tuple[str, dict[str, Any]]:
    """What counting says if she alone sat there instead."""
    moved = _moved(problem, solution, person, wanted)
    touched = _touched(problem, solution, person, wanted)
    near = [_only(each, touched) for each in (solution, moved)]
    new = _newly_broken(breaches(problem, near[0]), breaches(problem, near[1]))
    if "size_at_most" in new:
        return "full", _demand(problem, solution, person, wanted)
    if "size_at_least" in new:
        return "minimum", {}
    if "quotas_hold" in new:
        return "mix", {}
    if "everybody_understands" in new:
        return "listeners", {}
    if new:
        return NEUTRAL, {}
    if _worth(problem, near[1], person) < _worth(problem, near[0], person):
        return "own_day", {}
    suffers = any(_suffers(problem, goal, near, solution, moved) for goal in _order(problem, solution))
    return (NEUTRAL if suffers else "missed"), {}


def _moved(problem: Problem, solution: Solution, person: Participant, wanted: Meeting) -> Solution:
    span = problem.span(wanted.session, wanted.slot) or ()
    left = {s.meeting for s in solution.seats if s.participant == person.id and s.slot in span}
    kept = tuple(s for s in solution.seats if not (s.participant == person.id and s.meeting in left))
    needs_help = not follows_one(person, problem.session[wanted.session].languages)
    ear = _voices(solution, person, wanted)[0] if needs_help else None
    return replace(solution, seats=kept + tuple(Seat(person.id, slot, wanted.id, listens_in=ear) for slot in span))


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


def _newly_broken(before: list[Violation], now: list[Violation]) -> set[str]:
    """The rules that are broken where they were not, or by more than they were."""

    def sizes(found: list[Violation]) -> dict[Any, int]:
        return {_place(broken): broken.amount or int(broken.facts.get("size", 1)) for broken in found}

    had = sizes(before)
    return {place[0] for place, size in sizes(now).items() if size > had.get(place, 0)}


def _place(broken: Violation) -> tuple[str, frozenset[tuple[str, str]]]:
    return broken.rule, frozenset((name, value) for name, value in broken.facts.items() if isinstance(value, str))


def _worth(problem: Problem, solution: Solution, person: Participant) -> tuple[int, int]:
    """Her day: slots with a place, then points."""
    slots = {seat.slot for seat in solution.seats if seat.participant == person.id}
    return len(slots), _points(problem, solution, person.id)


def _suffers(
    problem: Problem, goal: objectives.Goal, near: list[Solution], solution: Solution, moved: Solution
) -> bool:
    """Whether a goal that concerns everybody gets worse; even sizes compare a whole slot."""
    if goal.name in OWN:
        return False
    before, now = near if goal.name in {"mix", "encounters"} else (solution, moved)
    old, new = goal.count(problem, before), goal.count(problem, now)
    return new < old - 1e-9 if goal.maximise else new > old + 1e-9


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


def _order(problem: Problem, solution: Solution) -> Iterator[objectives.Goal]:
    yield from objectives.order_of(problem, solution.settings.preset)


def _blurred(forced: Forced) -> Forced:
    """Behind the neutral code no number may say which rule it was: few and none look the same, as do two failures."""
    if not forced.possible:
        return Forced(None)
    return Forced(True, forced.moved or None, forced.lower or None)


def _forced(problem: Problem, solution: Solution, participant: str, wish: str, slot: str, time_limit: float) -> Forced:
    """Solve again with the wish as a lock, the programme held and as few moves as possible."""
    from solver.search.routes import solve

    wanted = _running(problem, solution, wish, slot)
    change = Locked(Lock(participant, wish, wanted.slot if wanted else slot))
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
    return sum(problem.points(person, s) for s in scores.attended(problem, solution)[participant])
