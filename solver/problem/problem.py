"""The problem and its solution as frozen values that check themselves and travel as JSON.

Vocabulary: a *session* is a topic; a *meeting* is one session in one room from one start slot on; a *participant*
has one group and other attributes; an *assignment* puts a participant into a meeting, in a role. All identifiers
are opaque strings. A solution lists its meetings and, per participant and slot, the meeting she sits in.
"""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self, TypeVar

from solver.problem.codec import Fault, ProblemError, plain, read
from solver.problem.entities import (
    Company,
    Given,
    Interpreter,
    Lock,
    Objective,
    Participant,
    Previous,
    Quota,
    Room,
    Session,
    Slot,
    Spread,
)
from solver.problem.text import parsed
from solver.problem.validation import contradictions_of, faults_of

FORMAT = "stuhlkreis/1"
RANK_POINTS = (100, 80, 62, 45, 30, 15)
"""What a first, second, ... favourite is worth; the last value is also what comes after five."""


@dataclass(frozen=True)
class Problem:
    """`full_day` is rule 1; foreign formats switch it off. `balance` names the attributes to mix.

    `together` sit in the same meetings; `apart` never do, in no role (confidential: named in no explanation).
    `flexible` gives rules a price per person (or meeting) by which they are broken; the others are hard.
    """

    slots: tuple[Slot, ...]
    rooms: tuple[Room, ...]
    sessions: tuple[Session, ...]
    participants: tuple[Participant, ...]
    meetings: tuple[Given, ...] = ()
    interpreters: tuple[Interpreter, ...] = ()
    quotas: tuple[Quota, ...] = ()
    locks: tuple[Lock, ...] = ()
    company: tuple[Company, ...] = ()
    spread: tuple[Spread, ...] = ()
    together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()
    flexible: dict[str, int] = field(default_factory=dict)
    previous: Previous | None = None
    balance: tuple[str, ...] = ("group",)
    full_day: bool = True
    unplaced_allowed: bool = True
    only_wanted: bool = False  # people attend only what they rated or must: foreign formats
    rank_points: tuple[int, ...] = RANK_POINTS
    objective: Objective = Objective.RANKED
    info: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """What cannot be computed with is refused at once; what contradicts itself where it is asked, see `checked`."""
        faults = faults_of(self)
        if faults:
            raise ProblemError(faults)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read our own format; raises ProblemError with the path of every fault and contradiction."""
        return checked(cls._read(text))

    @classmethod
    def _read(cls, text: str | bytes) -> Self:
        data = parsed(text)
        if isinstance(data, dict) and data.pop("format", FORMAT) != FORMAT:
            raise ProblemError([Fault("$.format", "is another format", f'write "{FORMAT}"')])
        return read(cls, data)

    @classmethod
    def unpacked(cls, text: str) -> Self:
        """What `to_json` wrote before, perhaps long ago: it keeps that text, and with it its hash.

        It may contradict itself: what is tried to explain or to repair does so on purpose.
        """
        found = cls._read(text)
        found.__dict__["_text"] = text
        return found

    def to_json(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        return json.dumps({"format": FORMAT, **plain(self)}, ensure_ascii=False, sort_keys=True)

    @cached_property
    def hash(self) -> str:
        """Of the text that `to_json` writes: of what was asked."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    @cached_property
    def slot_at(self) -> dict[str, int]:
        return {slot.id: at for at, slot in enumerate(self.slots)}

    @cached_property
    def room(self) -> dict[str, Room]:
        return {room.id: room for room in self.rooms}

    @cached_property
    def session(self) -> dict[str, Session]:
        return {session.id: session for session in self.sessions}

    @cached_property
    def participant(self) -> dict[str, Participant]:
        return {person.id: person for person in self.participants}

    @cached_property
    def given(self) -> dict[str, tuple[Given, ...]]:
        """The meetings that are decided already, by session."""
        found: dict[str, tuple[Given, ...]] = {session.id: () for session in self.sessions}
        for meeting in self.meetings:
            found[meeting.session] = (*found.get(meeting.session, ()), meeting)
        return found

    @cached_property
    def on_duty(self) -> dict[str, int]:
        """In how many slots somebody leads or takes notes, when all her meetings are held."""
        found: dict[str, int] = {}
        for session in self.sessions:
            for id in session.staff:
                found[id] = found.get(id, 0) + session.offered * session.duration
        return found

    def span(self, session: str, start: str) -> tuple[str, ...] | None:
        """The slots that a meeting takes from its start on; None when it does not fit into the day."""
        first, length = self.slot_at[start], self.session[session].duration
        slots = self.slots[first : first + length]
        fits = len(slots) == length and all(slot.joined for slot in slots[1:])
        return tuple(slot.id for slot in slots) if fits else None

    def present(self, participant: Participant, slot: str) -> bool:
        return participant.slots is None or slot in participant.slots

    def points(self, participant: Participant, session: str) -> int:
        """What this session is worth to her; what is not listed counts as the next rank after the last listed."""
        rank = participant.rank.get(session, len(participant.favourites))
        return self.rank_points[min(rank, len(self.rank_points) - 1)]


P = TypeVar("P", bound=Problem)


def checked(problem: P) -> P:
    """The same problem, once it does not contradict itself; raises ProblemError where it does. For files and forms."""
    faults = contradictions_of(problem)
    if faults:
        raise ProblemError(faults)
    return problem
