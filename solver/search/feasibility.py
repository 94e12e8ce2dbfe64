"""What a flow cannot say, said by bans and pulls: it is solved again until counting finds nothing to mend."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from solver.flow.day import Day
from solver.flow.solutions import solution_of
from solver.flow.timetable import Timetable, points_of
from solver.flow.vacating import leave
from solver.flow.weights import Weights
from solver.problem import Solution, Violation

MENDED = frozenset({"nobody_isolated", "organisations_spread", "together_or_apart", "quotas_hold"})
"""The rules whose breaches bans and pulls can end."""


ROUNDS = 12
"""How often a day is mended at most before it is given up."""


def mended(day: Day, weights: Weights, broken_in: Callable[[Solution], list[Violation]]) -> tuple[Day, Solution] | None:
    """A day without a breach, near this one, and its solution; None if bans and pulls do not get there.

    day: is left as it is. weights: what the slots concerned minimise. broken_in: the judge.
    """
    for _ in range(ROUNDS):
        solution = solution_of(day)
        broken = broken_in(solution)
        if not broken:
            return day, solution
        timetable, slots = against(day, broken)
        if not slots:
            return None
        day = _again(day, timetable, slots, weights)
    return None


def _again(day: Day, timetable: Timetable, slots: set[int], weights: Weights) -> Day:
    """These slots seated under new bans and pulls; who is banned from a long meeting leaves it first."""
    other = day.copy(timetable)
    for person, meeting in timetable.bans - day.timetable.bans:
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
    slots = _in_company(demands, [each for each in broken if each.rule == "nobody_isolated"])
    for violation in broken:
        m = demands.timetable.index.get(str(violation.facts.get("meeting", "")))
        if violation.rule not in MENDED or m is None:
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


def _in_company(demands: Demands, broken: list[Violation]) -> set[int]:
    """Who is alone joins somebody who is alone in the same slot; the room that is left is closed to their group."""
    timetable, slots = demands.timetable, set[int]()
    lonely: dict[tuple[int, str, str, int], list[tuple[int, int]]] = defaultdict(list)
    for violation in broken:
        facts = violation.facts
        m = timetable.index[str(facts["meeting"])]
        for person in _inside(demands, m, facts["attribute"], facts["value"]):
            lonely[int(timetable.slot[m]), facts["attribute"], facts["value"], int(facts["least"])].append((person, m))
    for (t, attribute, value, least), people in lonely.items():
        slots.add(t)
        group = [p for p, who in enumerate(timetable.arrays.people) if who.attributes.get(attribute) == value]
        for first in range(0, len(people), least):
            together = people[first : first + least]
            if len(together) == least:
                _meet(demands, t, together)
            for _, m in together if len(together) < least else together[1:]:
                if len(together) < least or m != together[0][1]:
                    demands.bans |= {(p, timetable.meetings[m].id) for p in group}
    return slots


def _meet(demands: Demands, t: int, together: list[tuple[int, int]]) -> None:
    """All into the first one's meeting, and whatever pulled them elsewhere in this slot is forgotten."""
    timetable = demands.timetable
    target = timetable.meetings[together[0][1]].id
    here = {timetable.meetings[m].id for m in timetable.here[t]}
    for person, _ in together:
        demands.pulls -= {(person, meeting) for meeting in here}
        demands.bans.discard((person, target))
        demands.pulls.add((person, target))


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
