"""Why somebody is where she is and not where she wished: counted on the allocation, proven by forcing the wish.

An explanation speaks of her own wishes, of seats and of sums. It names nobody else but who interprets, hides small
numbers and never gives belonging to a group as the reason. Agreements about other people share one neutral code with
all rarer rules and with the goals that concern everybody, so that nothing can be concluded from it.
"""

from dataclasses import dataclass
from typing import Any

from solver.problem import Meeting, Participant, Problem, Role, Seat, Solution
from solver.problem.eligibility import admitted, spoken, understands
from solver.questions.forcing import Forced, blurred, forced
from solver.questions.if_moved import NEUTRAL, channels_for, if_moved

__all__ = ["Explanation", "Forced", "Spoken", "WhyNot", "explain"]

COUNTED = ("not_now", "elsewhere", "away", "not_open", "duty")
"""Reasons that need no proof: nothing that others do could change them."""


@dataclass(frozen=True)
class Spoken:
    """What is spoken in a meeting, and who makes it understood to whom.

    `languages`: the working language, both of a two-language session, none where language plays no part.
    `interpreters`: (participant, channel) of everybody at work; a channel is the language into which it goes, or both
    with a dash. `listens_in`: the channel to which she listens herself.
    """

    languages: tuple[str, ...] = ()
    interpreters: tuple[tuple[str, str], ...] = ()
    listens_in: str | None = None


@dataclass(frozen=True)
class WhyNot:
    """`reason`, in the order in which they are looked for.

    elsewhere (she has it in another slot: nobody attends a session twice), not_now, duty or away (during part of it),
    not_open, room, language (it is held in one that she does not understand, and nobody interprets for her), full,
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
    spoken: Spoken = Spoken()


def explain(
    problem: Problem, solution: Solution, participant: str, slot: str, proof: bool = True, time_limit: float = 2
) -> Explanation:
    """Why she is where she is in this slot, what is spoken there, and why no wish of hers that she wanted more.

    Parameters: with `proof` each better wish is forced and solved again, `time_limit` seconds each; without, it is
    counted only. Raises KeyError for a participant that the problem does not know.
    Example: `explain(problem, solution, "p7", "t0", proof=False).wishes[0].reason` -> "full".
    """
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
        tried = None
        if proof and reason not in COUNTED:
            wanted = _running(problem, solution, wish, slot)
            tried = forced(problem, solution, participant, wish, wanted.slot if wanted else slot, time_limit)
            tried = blurred(tried) if reason == NEUTRAL else tried
        found.append(WhyNot(wish, at + 1, reason, facts, tried))
    said = _spoken(problem, solution, meetings[seat.meeting], seat) if seat else Spoken()
    return Explanation(participant, slot, session, here, rank or None, tuple(found), said)


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


def _spoken(problem: Problem, solution: Solution, meeting: Meeting, seat: Seat) -> Spoken:
    at_work = {
        (s.participant, s.listens_in)
        for s in solution.seats
        if s.meeting == meeting.id and s.role is Role.INTERPRETER and s.listens_in
    }
    languages = sorted(spoken(problem.session[meeting.session], meeting.language))
    listens = seat.listens_in if seat.role is Role.ATTENDEE else None
    return Spoken(tuple(languages), tuple(sorted(at_work)), listens)


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
    for other in problem.span(wish, wanted.slot) or (slot,):
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
    unaided = understands(person, session, wanted.language)
    if not unaided and not channels_for(problem, solution, person, wanted):
        return "language", {"languages": sorted(spoken(session, wanted.language))}
    return if_moved(problem, solution, person, wanted)


def _running(problem: Problem, solution: Solution, session: str, slot: str) -> Meeting | None:
    """The session's meeting that runs in this slot, whether it starts there or goes on."""
    held = (m for m in solution.meetings if m.session == session)
    return next((m for m in held if slot in (problem.span(session, m.slot) or ())), None)
