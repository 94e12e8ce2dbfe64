"""What a flow cannot say, said by bans and pulls: it is solved again until counting finds nothing to mend."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.flow.day import Day
from solver.flow.solutions import solution_of
from solver.flow.timetable import Timetable, points_of
from solver.flow.vacating import leave
from solver.flow.weights import Weights
from solver.problem import Solution, Violation
from solver.search.company import gathered
from solver.search.company.places import drawn_elsewhere

ALONE = "nobody_isolated"
"""The rule that a small model mends; bans and pulls mend together_or_apart, organisations_spread and quotas_hold."""
ROUNDS = 12
"""How often a day is mended at most before it is given up."""
UNITS = 0.3
"""Deterministic time, about as many seconds, to place protected groups in one slot."""


def mended(
    day: Day, weights: Weights, broken_in: Callable[[Solution], list[Violation]], units: float = UNITS
) -> tuple[Day, Solution] | None:
    """A day without a breach, near this one, and its solution; None if bans and pulls do not get there.

    day: is left as it is. weights: what the slots concerned minimise. broken_in: the judge. units: see UNITS.
    """
    for _ in range(ROUNDS):
        solution = solution_of(day)
        broken = broken_in(solution)
        if not broken:
            return day, solution
        lonely = {day.timetable.index[each.facts["meeting"]] for each in broken if each.rule == ALONE}
        if lonely:
            day = in_company(day, {int(day.timetable.slot[m]) for m in lonely}, weights, units)
            continue
        timetable, slots = against(day, broken)
        if not slots:
            return None
        day = _again(day, timetable, slots, weights)
    return None


def in_company(day: Day, slots: set[int], weights: Weights, units: float) -> Day:
    """Slot by slot protected groups pulled to where they are together; who finds no such place sits nowhere.

    Where the flow could not follow, that place is closed to the person: the next time the model chooses another.
    """
    for t in sorted(slots):
        found, here = gathered(day, t, weights, units), [day.timetable.meetings[m].id for m in day.timetable.here[t]]
        pulls = set(found.meeting.items())
        bans = day.timetable.bans | {(person, meeting) for person in found.left_out for meeting in here}
        timetable = day.timetable.with_bans(bans, drawn_elsewhere(day, t, found.people) | pulls)
        day = _again(day, timetable, {t}, weights)
        index = day.timetable.index
        missed = {(person, meeting) for person, meeting in pulls if day.at[person, t] != index[meeting]}
        # Seating may have taken interpreters off, so the day has a timetable of its own by now.
        day.timetable = day.timetable.with_bans(bans | missed, day.timetable.pulls)
    return day


def _again(day: Day, timetable: Timetable, slots: set[int], weights: Weights) -> Day:
    """These slots seated under new bans and pulls; whom they take from a long meeting leaves it first."""
    other = day.copy(timetable)
    away = timetable.bans - day.timetable.bans
    for person, meeting in timetable.pulls - day.timetable.pulls:
        now = int(day.at[person, timetable.slot[timetable.index[meeting]]])
        if now >= 0 and timetable.meetings[now].id != meeting:
            away |= {(person, timetable.meetings[now].id)}
    for person, meeting in away:
        m = timetable.index.get(meeting)
        if m in timetable.long:
            leave(other, person, m)
            slots |= set(timetable.spans[m])
    for t in sorted(slots):
        other.reoptimise(t, weights)
    return other


@dataclass
class Demands:
    """Bans and pulls while they are gathered against the breaches of one day."""

    day: Day
    bans: set[tuple[int, str]]
    pulls: set[tuple[int, str]]

    @property
    def timetable(self) -> Timetable:
        return self.day.timetable


def against(day: Day, broken: list[Violation]) -> tuple[Timetable, set[int]]:
    """The day's timetable with bans and pulls against these breaches, and the slots to be seated again."""
    demands = Demands(day, set(day.timetable.bans), set(day.timetable.pulls))
    slots = set[int]()
    for violation in broken:
        m = demands.timetable.index.get(str(violation.facts.get("meeting", "")))
        if m is None:
            continue
        before = len(demands.bans) + len(demands.pulls)
        if violation.rule == "together_or_apart":
            _bond(demands, violation, m)
        elif violation.rule == "organisations_spread":
            _ban_some(demands, m, violation.facts["attribute"], violation.facts["value"], violation.amount)
        elif violation.rule == "quotas_hold":
            _count(demands, m, violation)
        if len(demands.bans) + len(demands.pulls) > before:
            slots.add(int(demands.timetable.slot[m]))
    return day.timetable.with_bans(demands.bans, demands.pulls), slots


def _inside(demands: Demands, m: int, attribute: str, value: str) -> list[int]:
    """Attendees of a meeting with this attribute value, the least glad to be there first."""
    timetable, day = demands.timetable, demands.day
    t = int(timetable.slot[m])
    points = points_of(timetable, day.at[:, t : t + 1])[:, 0]
    people = [int(p) for p in np.flatnonzero(day.at[:, t] == m)]
    there = [p for p in people if timetable.arrays.people[p].attributes.get(attribute) == value]
    return sorted(there, key=lambda p: (int(points[p]), p))


def _ban_some(demands: Demands, m: int, attribute: str, value: str, how_many: int) -> None:
    meeting = demands.timetable.meetings[m].id
    demands.bans |= {(person, meeting) for person in _inside(demands, m, attribute, value)[: max(1, how_many)]}


def _count(demands: Demands, m: int, violation: Violation) -> None:
    """Too many leave; too few cannot be mended by leaving."""
    facts = violation.facts
    inside, most = _inside(demands, m, facts["attribute"], facts["value"]), facts.get("most")
    if most is not None and len(inside) > most:
        _ban_some(demands, m, facts["attribute"], facts["value"], len(inside) - most)


def _bond(demands: Demands, violation: Violation, m: int) -> None:
    """Who belongs together follows the first; who must be apart leaves, all but one, or all if one leads there."""
    timetable, day = demands.timetable, demands.day
    arrays, t = timetable.arrays, int(timetable.slot[m])
    if "participant" in violation.facts:
        one, other = arrays.row[violation.facts["participant"]], arrays.row[violation.facts["other"]]
        lead, follow = min(one, other), max(one, other)
        target = int(day.at[lead, t])
        if target >= 0:
            demands.pulls.add((follow, timetable.meetings[target].id))
        else:
            demands.bans.add((one, timetable.meetings[m].id))
        return
    here = Counter(int(p) for p in np.flatnonzero(day.at[:, t] == m))
    meeting = timetable.meetings[m]
    duties = {arrays.row[id] for id in arrays.problem.session[meeting.session].staff}
    duties |= {arrays.row[each.participant] for each in timetable.interpreters if each.meeting == meeting.id}
    for bond in arrays.problem.apart:
        rows = sorted(arrays.row[id] for id in bond)
        attending = [row for row in rows if row in here]
        keep = 0 if any(row in duties for row in rows) else 1
        demands.bans |= {(row, meeting.id) for row in attending[keep:]}


def without_empty(day: Day, weights: Weights) -> Day:
    """Meetings of sessions that may be cancelled go, the emptiest first, until those left reach their minimum."""
    for _ in range(len(day.timetable.meetings)):
        m = underfilled(day)
        if m is None:
            break
        other = Day(day.timetable.without(day.timetable.meetings[m].id))
        if not other.fill(None, weights):
            break
        day = other
    return day


def underfilled(day: Day) -> int | None:
    """A meeting below its minimum whose session may be cancelled: the emptiest."""
    timetable, problem = day.timetable, day.arrays.problem
    sizes = day.sizes()
    given = {(meeting.session, meeting.slot) for meeting in problem.meetings}
    weak: dict[int, int] = {}
    for m, meeting in enumerate(timetable.meetings):
        session = problem.session[meeting.session]
        if session.may_be_cancelled and sizes[m] < session.minimum and (meeting.session, meeting.slot) not in given:
            weak[m] = int(sizes[m])
    return min(weak, key=lambda m: (weak[m], m)) if weak else None
