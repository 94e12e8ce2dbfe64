"""Meetings in their slots, rooms and languages with interpreters at work: who may enter where, and how many."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from solver.flow import doors
from solver.flow.arrays import Arrays
from solver.flow.numbers import NOBODY, Flags, Numbers
from solver.problem import Meeting, Room


@dataclass(frozen=True)
class InterpreterAt:
    """A participant who interprets in a meeting, in one of its channels."""

    participant: str
    meeting: str
    channel: str


@dataclass(frozen=True, eq=False)
class Timetable:
    """M meetings, and what follows from them for everybody's places. A value: changes make a new one.

    meetings: their numbers are their places in this tuple.
    interpreters: who works in which meeting and channel, simultaneous interpreters in twos.
    bans: (person, meeting id): is not to sit there, so that a rule holds that flows cannot say.
    pulls: (person, meeting id): is to sit there, for the same reason.
    as_if: meeting number -> the room that it is taken to be in, where that is not its own.
    """

    arrays: Arrays
    meetings: tuple[Meeting, ...]
    interpreters: tuple[InterpreterAt, ...] = ()
    bans: frozenset[tuple[int, str]] = frozenset()
    pulls: frozenset[tuple[int, str]] = frozenset()
    as_if: Mapping[int, Room] = field(default_factory=dict)

    def room_of(self, m: int) -> Room:
        """The room of a meeting, or what it is taken to be."""
        return self.as_if.get(m) or self.arrays.problem.room[self.meetings[m].room]

    @cached_property
    def index(self) -> dict[str, int]:
        return {meeting.id: at for at, meeting in enumerate(self.meetings)}

    @cached_property
    def session(self) -> Numbers:
        """M: the session of each meeting."""
        return np.array([self.arrays.column[m.session] for m in self.meetings], dtype=np.int64)

    @cached_property
    def slot(self) -> Numbers:
        """M: the slot in which each meeting starts."""
        return np.array([self.arrays.slot[m.slot] for m in self.meetings], dtype=np.int64)

    @cached_property
    def spans(self) -> list[list[int]]:
        """The slots of each meeting."""
        slot, span = self.arrays.slot, self.arrays.problem.span
        return [[slot[each] for each in span(m.session, m.slot) or ()] for m in self.meetings]

    @cached_property
    def long(self) -> list[int]:
        """The meetings that take more than one slot."""
        return [m for m, span in enumerate(self.spans) if len(span) > 1]

    @cached_property
    def here(self) -> list[Numbers]:
        """By slot: the meetings that start there."""
        return [np.flatnonzero(self.slot == t) for t in range(len(self.arrays.slot))]

    @cached_property
    def working(self) -> Counter[str]:
        """How many interpreters work in each meeting, by its id."""
        return Counter(each.meeting for each in self.interpreters)

    @cached_property
    def most(self) -> Numbers:
        """M: attendees at most; staff and interpreters take chairs."""
        return doors.most(self)

    @cached_property
    def least(self) -> Numbers:
        """M: attendees at least, never more than `most`."""
        minimum = [self.arrays.problem.session[m.session].minimum for m in self.meetings]
        return np.minimum(np.array(minimum, dtype=np.int64), self.most)

    @cached_property
    def enters(self) -> Flags:
        """C x M: is admitted, has what she needs in the room, and understands what is spoken."""
        return doors.enters(self)

    @cached_property
    def listening(self) -> "doors.Listening":
        """The open channels, their places and who may listen there."""
        return doors.listening(self)

    @cached_property
    def may_attend(self) -> Flags:
        """C x M: enters, or may listen in an open channel."""
        found = self.enters.copy()
        for meeting, may in zip(self.listening.meeting, self.listening.may.T, strict=True):
            found[:, meeting] |= may
        return found

    @cached_property
    def quotas(self) -> tuple[Numbers, Numbers]:
        """Least and most, M x (groups): quotas of the grouping attribute; others are left to the judge."""
        return doors.quotas(self)

    @cached_property
    def bounded(self) -> bool:
        """Whether a quota of the grouping attribute says anything."""
        least, most = self.quotas
        return bool(least.any() or (most < len(self.arrays.people)).any())

    @cached_property
    def staffed(self) -> Flags:
        """P x T: leads or takes notes then."""
        return self.arrays.staffed(self.meetings)

    @cached_property
    def free(self) -> Flags:
        """P x T: is there, leads nothing and does not interpret: wants a place."""
        found = self.arrays.present & ~self.staffed
        for each in self.interpreters:
            found[self.arrays.row[each.participant], self.spans[self.index[each.meeting]]] = False
        return found

    def with_bans(self, bans: Iterable[tuple[int, str]], pulls: Iterable[tuple[int, str]] = ()) -> "Timetable":
        """With these bans and pulls in place of those so far."""
        return replace(self, bans=frozenset(bans), pulls=frozenset(pulls))

    def with_interpreters(self, interpreters: Iterable[InterpreterAt]) -> "Timetable":
        return replace(self, interpreters=tuple(interpreters))

    def without(self, meeting: str) -> "Timetable":
        """Without one meeting and its interpreters."""
        kept = tuple(each for each in self.meetings if each.id != meeting)
        return replace(self, meetings=kept, interpreters=tuple(i for i in self.interpreters if i.meeting != meeting))


def points_of(timetable: Timetable, at: Numbers) -> Numbers:
    """P x columns: what each place in `at` (meeting numbers, -1 for none) is worth to its person; 0 for none."""
    arrays = timetable.arrays
    if not timetable.meetings:
        return np.zeros(at.shape, dtype=np.int64)
    sessions = np.where(at >= 0, timetable.session[at], NOBODY)
    points = np.where(at >= 0, arrays.rest[:, None], 0)
    keys, values = arrays.worth_of
    if not len(keys):
        return points
    wanted = np.arange(len(arrays.people))[:, None] * (len(arrays.column) + 1) + sessions
    spot = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    hit = (keys[spot] == wanted) & (at >= 0)
    return np.where(hit, values[spot], points)
