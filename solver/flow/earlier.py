"""An earlier allocation in a changed problem: which of its meetings and places can still be.

Everything stays where it was unless it cannot.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.languages import needed
from solver.flow.numbers import NOBODY, Numbers, among
from solver.flow.rooms import size
from solver.flow.timetable import Timetable
from solver.judge import scores
from solver.problem import Given, Problem, Room, Session

Start = tuple[str, str]
"""A session and the slot in which a meeting of it starts."""


@dataclass(frozen=True, eq=False)
class Earlier:
    """What of `arrays.problem.previous` is still possible, and what is decided beside it.

    A meeting without a room has lost it, or never had one.
    """

    arrays: Arrays

    @property
    def problem(self) -> Problem:
        return self.arrays.problem

    @cached_property
    def meetings(self) -> dict[Start, str | None]:
        """Start -> room, of the meetings that can still be held: those that are decided first."""
        problem, before = self.problem, {(each.session, each.slot): each for each in self.before}
        found: dict[Start, str | None] = {}
        offered = Counter[str]()
        for each in (*problem.meetings, *before.values()):
            start = (each.session, each.slot)
            if start in found or not self.can_be(each) or offered[each.session] >= self._session(start).offered:
                continue
            offered[each.session] += 1
            known = each if each.room else before.get(start, each)
            found[start] = known.room if known.room and self._fits(start, known.room) else None
        return found

    @cached_property
    def decided(self) -> frozenset[Start]:
        return frozenset((each.session, each.slot) for each in self.problem.meetings)

    @cached_property
    def fixed(self) -> frozenset[Start]:
        """The meetings whose rooms are decided too."""
        return frozenset((each.session, each.slot) for each in self.problem.meetings if each.room)

    @cached_property
    def people(self) -> Counter[Start]:
        """How many attended each meeting, of those who are still there."""
        return Counter((each.session, each.slot) for each in scores.still_there(self.problem))

    @cached_property
    def needs(self) -> dict[Start, list[frozenset[str]]]:
        """What they need of a room."""
        found: dict[Start, list[frozenset[str]]] = defaultdict(list)
        for each in scores.still_there(self.problem):
            if needs := self.problem.participant[each.participant].needs:
                found[each.session, each.slot].append(needs)
        return found

    @property
    def before(self) -> tuple[Given, ...]:
        return self.problem.previous.meetings if self.problem.previous else ()

    def _session(self, start: Start) -> Session:
        return self.problem.session[start[0]]

    def span(self, start: Start) -> tuple[str, ...]:
        return self.problem.span(*start) or ()

    def can_be(self, given: Given) -> bool:
        """Its session and slot are there, and whoever leads."""
        problem = self.problem
        if given.session not in problem.session or given.slot not in problem.slot_at:
            return False
        session, span = problem.session[given.session], self.span((given.session, given.slot))
        staff = [problem.participant[id] for id in session.staff]
        allowed = session.slots is None or set(span) <= session.slots
        return bool(span) and allowed and all(problem.present(person, slot) for person in staff for slot in span)

    def _fits(self, start: Start, room: str) -> bool:
        known = self.problem.room.get(room)
        return known is not None and self.holds(start, known)

    def holds(self, start: Start, room: Room) -> bool:
        """Whether a meeting can be in this room: it is free, and has what session and staff need."""
        session = self._session(start)
        needs = session.features.union(*(self.problem.participant[id].needs for id in session.staff))
        free = room.slots is None or set(self.span(start)) <= room.slots
        return free and needs <= room.features and size(room.capacity) >= len(session.staff)

    def lost(self, start: Start, room: Room) -> int:
        """How many of those who attended a meeting find no chair in this room, or not what they need."""
        session = self._session(start)
        short = 0 if room.capacity is None else max(0, self.people[start] + len(session.staff) - room.capacity)
        return max(short, sum(not needs <= room.features for needs in self.needs.get(start, ())))


def as_it_was(timetable: Timetable) -> Day:
    """Everybody where she was before, as far as she may and there is a chair; whoever cannot sits nowhere.

    Interpreters whom nobody needs any more leave.
    """
    arrays, day = timetable.arrays, Day(timetable)
    held = {(int(timetable.session[m]), t): m for m in range(len(timetable.meetings)) for t in timetable.spans[m]}
    left = timetable.most.copy()
    places = timetable.listening.places.copy()
    for p, t in np.argwhere(arrays.earlier >= 0).tolist():
        m = held.get((int(arrays.earlier[p, t]), t), NOBODY)
        if m == NOBODY or day.at[p, t] >= 0 or timetable.slot[m] != t or left[m] <= 0:
            continue
        span = timetable.spans[m]
        closed = among(arrays.barred, np.array([p]), timetable.session[[m]])[0] or (day.at[p] == m).any()
        if closed or not timetable.free[p, span].all() or (day.at[p, span] >= 0).any():
            continue
        channel = _channel(timetable, p, m, places)
        if channel is not None:
            left[m] -= 1
            day.at[p, span], day.channel[p, span] = m, channel
    for t in day.slots:
        day.timetable = needed(day.timetable, t, day.at[:, t], day.channel[:, t])
    changed = [a.language != b.language for a, b in zip(day.timetable.meetings, timetable.meetings, strict=True)]
    day.channel[np.isin(day.at, np.flatnonzero(changed))] = NOBODY  # they all understand what is spoken instead
    return day


def _channel(timetable: Timetable, p: int, m: int, places: Numbers) -> int | None:
    """What she listens to there, taking a place of `places`: -1 for what is spoken; None where she may not sit."""
    heard, of = timetable.listening, timetable.arrays.of_class[p]
    if timetable.enters[of, m]:
        return NOBODY
    for k in np.flatnonzero((heard.meeting == m) & heard.may[of] & (places > 0)):
        places[k] -= 1
        return int(heard.channel[k])
    return None
