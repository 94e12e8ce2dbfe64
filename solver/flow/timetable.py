"""Meetings in their slots and rooms with interpreters at work: who may enter where, and how many."""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from solver.flow.arrays import NOBODY, Arrays, Flags, Numbers
from solver.problem import Meeting, Mode
from solver.problem.eligibility import may_listen, understands


@dataclass
class InterpreterAt:
    """An interpreter at work: `language` is the one into which (s)he interprets."""

    participant: str
    meeting: str
    language: str


@dataclass
class Timetable:
    """Meetings in their slots and rooms, with interpreters: who may enter where, and how many."""

    arrays: Arrays
    meetings: list[Meeting]
    voices: list[InterpreterAt] = field(default_factory=list)
    banned: set[tuple[int, str]] = field(default_factory=set)  # (row, meeting id)
    pulled: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        problem, arrays = self.arrays.problem, self.arrays
        self.index = {meeting.id: at for at, meeting in enumerate(self.meetings)}
        self.session = np.array([arrays.column[m.session] for m in self.meetings], dtype=np.int64)
        self.slot = np.array([arrays.slot[m.slot] for m in self.meetings], dtype=np.int64)
        self.spans = [[arrays.slot[slot] for slot in problem.span(m.session, m.slot) or ()] for m in self.meetings]
        working: dict[str, int] = defaultdict(int)
        for voice in self.voices:
            working[voice.meeting] += 1
        self.least = np.zeros(len(self.meetings), dtype=np.int64)
        self.most = np.zeros(len(self.meetings), dtype=np.int64)
        for at, meeting in enumerate(self.meetings):
            session, room = problem.session[meeting.session], problem.room[meeting.room]
            limit = len(arrays.people) if session.maximum is None else session.maximum
            if room.capacity is not None:
                limit = min(limit, room.capacity - len(session.staff) - working[meeting.id])
            self.most[at] = max(0, limit)
            self.least[at] = min(session.minimum, self.most[at])
        self.here = [np.flatnonzero(self.slot == t) for t in range(len(problem.slots))]
        self._doors()
        self._quotas()
        self.free = arrays.present & ~arrays.staffed(self.meetings)
        for voice in self.voices:
            for t in self.spans[self.index[voice.meeting]]:
                self.free[arrays.row[voice.participant], t] = False

    def _doors(self) -> None:
        """`enters` C x M: understands and may come in; `hears` C x M: through an interpreter (a language, or "")."""
        problem, arrays = self.arrays.problem, self.arrays
        rooms = {room.id: at for at, room in enumerate(problem.rooms)}
        needs = sorted({person.needs for person in arrays.examples}, key=sorted)
        meets = {need: np.array([need <= room.features for room in problem.rooms]) for need in needs}
        fits = np.array([meets[person.needs] for person in arrays.examples]).reshape(len(arrays.examples), -1)
        room = np.array([rooms[m.room] for m in self.meetings], dtype=np.int64)
        open_to = arrays.admitted[:, self.session] & fits[:, room]
        self.follows = self._follows()
        self.enters = open_to & self.follows
        self.places = self._listener_places()
        self.hears = np.full(self.enters.shape, "", dtype=object)
        for (at, language), places in self.places.items():
            for c in np.flatnonzero(open_to[:, at] & ~self.enters[:, at]):
                session, working = problem.session[self.meetings[at].session], self.meetings[at].language
                if places and may_listen(arrays.examples[c], session, working, language) and not self.hears[c, at]:
                    self.hears[c, at] = language

    def _follows(self) -> Flags:
        """C x M: understands the working language of the meeting; alike meetings are judged once."""
        examples, known = self.arrays.examples, dict[tuple[object, ...], Flags]()
        found = np.ones((len(examples), len(self.meetings)), dtype=bool)
        for at, meeting in enumerate(self.meetings):
            session = self.arrays.problem.session[meeting.session]
            key = (session.languages, session.two_language, meeting.language)
            if key not in known:
                known[key] = np.array([understands(person, session, meeting.language) for person in examples])
            found[:, at] = known[key]
        return found

    def _listener_places(self) -> dict[tuple[int, str], int]:
        problem = self.arrays.problem
        known = {interpreter.participant: interpreter for interpreter in problem.interpreters}
        found: dict[tuple[int, str], int] = defaultdict(int)
        booths: dict[tuple[int, str], list[int]] = defaultdict(list)
        for voice in self.voices:
            interpreter, key = known[voice.participant], (self.index[voice.meeting], voice.language)
            if interpreter.mode is Mode.SIMULTANEOUS:
                booths[key].append(interpreter.listeners)
            else:
                found[key] += interpreter.listeners
        for key, listeners in booths.items():
            found[key] += (
                len(listeners) // 2 * min(i.listeners for i in problem.interpreters if i.mode is Mode.SIMULTANEOUS)
            )
        return found

    def _quotas(self) -> None:
        """`quota_least`, `quota_most` M x (values + 1) of the nest attribute; others are left to the judge."""
        arrays, everybody = self.arrays, len(self.arrays.people)
        shape = (len(self.meetings), len(arrays.values) + 1)
        self.quota_least = np.zeros(shape, dtype=np.int64)
        self.quota_most = np.full(shape, everybody, dtype=np.int64)
        for quota in arrays.problem.quotas:
            if quota.attribute != arrays.nest or quota.value not in arrays.values:
                continue
            column = arrays.values.index(quota.value)
            rows = [at for at, m in enumerate(self.meetings) if quota.session in (None, m.session)]
            self.quota_least[rows, column] = np.maximum(self.quota_least[rows, column], quota.minimum)
            if quota.maximum is not None:
                self.quota_most[rows, column] = np.minimum(self.quota_most[rows, column], quota.maximum)

    @property
    def bounded(self) -> bool:
        return bool(self.quota_least.any() or (self.quota_most < len(self.arrays.people)).any())


def points_of(timetable: Timetable, at: Numbers) -> Numbers:
    """P x columns: what each place in `at` is worth to its person; 0 where she has none."""
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
