"""A repair's first answers: the earlier allocation with only what is broken taken out, then its nearest neighbours.

Minimal perturbation (El Sakkout and Wallace, Constraints 5, 2000), by rising disturbance: who has lost her place goes
without; the slots concerned are seated again; meetings trade rooms; one meeting of a slot that lacks a room goes to
another slot, or is cancelled. Each is a day of its own, seated by flows for which keeping a place comes before wishes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from solver.flow import values
from solver.flow.day import Day
from solver.flow.earlier import Earlier, Start, as_it_was
from solver.flow.housing import fewest_changes, housed_again
from solver.flow.languages import improved
from solver.flow.solutions import solution_of
from solver.flow.timetable import Timetable
from solver.problem import Meeting
from solver.search.flow_search import FlowSearch
from solver.search.place_moves import changed, moved_to
from solver.search.proving import prove_unplaced

PEOPLE = (1, 3, 100)
"""What it counts that somebody leaves a meeting, where a meeting that changes its room counts one: all are tried."""
LOOKED_AT = 16
"""So many meetings of a slot, the smallest, are tried as the one that makes room for the others."""
OFFERED = 4
"""So many of the best days are put before the judge: a flow does not know all rules."""


def begin(flows: FlowSearch, ended: Callable[[], bool]) -> None:
    """Offer the days nearest to the earlier allocation, from the nearest on."""
    Near(flows, ended).search()


Rank = tuple[float, ...]


@dataclass(frozen=True)
class Plan:
    """Meetings that are left out, and those that are held in other slots instead."""

    out: frozenset[Start] = frozenset()
    more: tuple[Meeting, ...] = ()


@dataclass
class Near:
    """The days near an earlier allocation, best first."""

    flows: FlowSearch
    ended: Callable[[], bool]

    def __post_init__(self) -> None:
        self.earlier = Earlier(self.flows.arrays)
        self.weights = self.flows.weights()

    def search(self) -> None:
        """Offer what is found; the judge may refuse it."""
        plan, known = Plan(), self.flows.known
        known.offer(solution_of(as_it_was(housed_again(self.earlier, PEOPLE[0]))))
        best = self._best([plan])
        known.learn("stability", fewest_changes(self.earlier), "rooms")
        prove_unplaced(known, self.flows.merged)
        for start in self._homeless(best[1]):
            if self.ended() or (known.best and known.proven("unplaced") and known.proven("stability")):
                break
            plans = list(self._plans(best[0], start))
            if plans:
                best = min(best, self._best(plans), key=lambda each: self.rank(each[1]))

    def _homeless(self, day: Day) -> list[Start]:
        held = {(each.session, each.slot) for each in day.timetable.meetings}
        return [start for start in self.earlier.meetings if start not in held]

    def _best(self, plans: list[Plan]) -> tuple[Plan, Day]:
        """The plan whose day ranks best, and that day; the best few are offered."""
        found: list[tuple[Plan, Day]] = []
        for plan in plans:
            if found and self.ended():
                break
            found += [(plan, day) for day in self._days(plan)]
        found.sort(key=lambda each: self.rank(each[1]))
        for _, day in found[:OFFERED]:
            if self.flows.offer(day):
                break
        return found[0]

    def _days(self, plan: Plan) -> Iterator[Day]:
        seen: list[tuple[Meeting, ...]] = []
        for person in PEOPLE:
            timetable = housed_again(self.earlier, person, plan.out, plan.more)
            if timetable.meetings not in seen:
                seen.append(timetable.meetings)
                yield from self._seated(timetable)

    def _seated(self, timetable: Timetable) -> Iterator[Day]:
        """The slots in which something is missing seated again; then with more interpreters, where that helps."""
        day = as_it_was(timetable)
        slots = [t for t in day.slots if self._is_short(day, t)]
        for t in slots:
            day.reoptimise(t, self.weights)
        yield day
        slots = [t for t in day.slots if self._is_short(day, t)]
        helped = day.timetable
        for t in slots if helped.arrays.problem.interpreters else ():
            helped = improved(helped, t)
        if helped is not day.timetable:
            other = as_it_was(helped)
            for t in other.slots:
                if self._is_short(other, t):
                    other.reoptimise(t, self.weights)
            yield other

    def _is_short(self, day: Day, t: int) -> bool:
        """Somebody has no place there, or a meeting too few people."""
        timetable = day.timetable
        missing = (timetable.free[:, t] & (day.at[:, t] < 0)).any()
        here = timetable.here[t]
        return bool(missing or (values.sizes(timetable, day.at)[here] < timetable.least[here]).any())

    def _plans(self, plan: Plan, start: Start) -> Iterator[Plan]:
        """One meeting of this slot makes room: it is held in another slot, or not at all."""
        here = [each for each in self.earlier.meetings if each[1] == start[1] and each not in plan.out]
        free = [each for each in here if each not in self.earlier.decided and len(self.earlier.span(each)) == 1]
        for leaving in sorted(free, key=lambda each: self.earlier.people[each])[:LOOKED_AT]:
            out = plan.out | {leaving}
            if self.flows.problem.session[leaving[0]].may_be_cancelled:
                yield replace(plan, out=out)
            yield from (Plan(out, (*plan.more, each)) for each in self._elsewhere(Plan(out, plan.more), leaving))

    def _elsewhere(self, plan: Plan, leaving: Start) -> Iterator[Meeting]:
        """This meeting in other slots, in a room that is free there: of rooms alike the first."""
        timetable, problem = housed_again(self.earlier, PEOPLE[0], plan.out, plan.more), self.flows.problem
        for slot in problem.slots:
            taken = {m.room for i, m in enumerate(timetable.meetings) if problem.slot_at[slot.id] in timetable.spans[i]}
            kinds = {(r.capacity, r.features): r for r in reversed(problem.rooms) if r.id not in taken}
            for room in kinds.values():
                meeting = Meeting("leaving", *leaving, room.id)
                whole = replace(timetable, meetings=(*timetable.meetings, meeting))
                moved = moved_to(meeting, slot.id, room.id)
                if slot.id != leaving[1] and changed(whole, {len(timetable.meetings): moved}) is not None:
                    yield moved

    def rank(self, day: Day) -> Rank:
        """What is lacking first, then the goals of a repair."""
        timetable, problem = day.timetable, self.flows.problem
        starts = {(each.session, each.slot) for each in timetable.meetings}
        offered = sum(session.offered for session in problem.sessions if not session.may_be_cancelled)
        held = sum(not problem.session[id].may_be_cancelled for id, _ in starts)
        same = {(each.session, each.slot, room) for each in timetable.meetings for room in (each.room, None)}
        before = problem.previous.meetings if problem.previous else ()
        moved = sum((each.session, each.slot, each.room) not in same for each in before)
        kept = sum(values.kept(timetable, t, day.at[:, t]) for t in day.slots)
        return (
            len(self.earlier.decided - starts) + offered - held,
            values.lacking(timetable, day.at),
            day.unplaced(),
            moved - kept,
            day.worst_off(),
            -day.wishes(),
        )
