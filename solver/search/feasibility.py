"""What a flow cannot say, said by bans and pulls: it is solved again until counting finds nothing to mend."""

from collections import Counter, defaultdict

from solver.flow.day import Day
from solver.flow.timetable import Timetable, points_of
from solver.problem import Violation

MENDED = frozenset(
    {"nobody_isolated", "organisations_spread", "together_or_apart", "quotas_hold", "size_at_least", "locks_hold"}
)


def mend(seating: Day, broken: list[Violation]) -> set[int]:
    """Bans and pulls on the seating's timetable against these breaches; returns the slots to seat reoptimise."""
    timetable, slots = seating.timetable, set()
    alone = [each for each in broken if each.rule == "nobody_isolated"]
    slots |= _in_company(seating, alone)
    for violation in broken:
        m = timetable.index.get(str(violation.facts.get("meeting", "")))
        if violation.rule not in MENDED or m is None:
            continue
        before = len(timetable.banned) + len(timetable.pulled)
        if violation.rule == "together_or_apart":
            _bond(seating, violation, m)
        elif violation.rule == "organisations_spread":
            _ban_some(seating, m, violation.facts["attribute"], violation.facts["value"], violation.amount)
        elif violation.rule == "quotas_hold":
            _count(seating, m, violation)
        if len(timetable.banned) + len(timetable.pulled) > before:
            slots.add(int(timetable.slot[m]))
    return slots


def _inside(seating: Day, m: int, attribute: str, value: str) -> list[int]:
    """Attendees of a meeting with this attribute value, the least glad to be there first."""
    timetable, t = seating.timetable, int(seating.timetable.slot[m])
    points = points_of(timetable, seating.at)[:, t]
    people = [int(p) for p in (seating.at[:, t] == m).nonzero()[0]]
    there = [p for p in people if timetable.arrays.people[p].attributes.get(attribute) == value]
    return sorted(there, key=lambda p: (int(points[p]), p))


def _ban_some(seating: Day, m: int, attribute: str, value: str, how_many: int) -> None:
    meeting = seating.timetable.meetings[m].id
    for person in _inside(seating, m, attribute, value)[: max(1, how_many)]:
        seating.timetable.banned.add((person, meeting))


def _count(seating: Day, m: int, violation: Violation) -> None:
    """Too many leave; too few cannot be mended by leaving."""
    facts = violation.facts
    inside, most = _inside(seating, m, facts["attribute"], facts["value"]), facts.get("most")
    if most is not None and len(inside) > most:
        _ban_some(seating, m, facts["attribute"], facts["value"], len(inside) - most)


def _in_company(seating: Day, broken: list[Violation]) -> set[int]:
    """Who is alone joins somebody who is alone in the same slot; the room that is left is closed to their group."""
    timetable, slots = seating.timetable, set()
    lonely: dict[tuple[int, str, str, int], list[tuple[int, int]]] = defaultdict(list)
    for violation in broken:
        facts = violation.facts
        m = timetable.index[str(facts["meeting"])]
        for person in _inside(seating, m, facts["attribute"], facts["value"]):
            lonely[int(timetable.slot[m]), facts["attribute"], facts["value"], int(facts["least"])].append((person, m))
    for (t, attribute, value, least), people in lonely.items():
        slots.add(t)
        group = [p for p, who in enumerate(timetable.arrays.people) if who.attributes.get(attribute) == value]
        for first in range(0, len(people), least):
            together = people[first : first + least]
            if len(together) == least:
                _meet(seating, t, together)
            for _, m in together if len(together) < least else together[1:]:
                if len(together) < least or m != together[0][1]:
                    timetable.banned.update((p, timetable.meetings[m].id) for p in group)
    return slots


def _meet(seating: Day, t: int, together: list[tuple[int, int]]) -> None:
    """All into the first one's meeting, and whatever pulled them elsewhere in this slot is forgotten."""
    timetable, target = seating.timetable, seating.timetable.meetings[together[0][1]].id
    here = {timetable.meetings[m].id for m in timetable.here[t]}
    for person, _ in together:
        timetable.pulled.difference_update({(person, meeting) for meeting in here})
        timetable.banned.discard((person, target))
        timetable.pulled.add((person, target))


def _bond(seating: Day, violation: Violation, m: int) -> None:
    timetable, arrays = seating.timetable, seating.timetable.arrays
    t, problem = int(timetable.slot[m]), arrays.problem
    if "participant" in violation.facts:
        one, other = arrays.row[violation.facts["participant"]], arrays.row[violation.facts["other"]]
        lead, follow = min(one, other), max(one, other)
        target = int(seating.at[lead, t])
        if target >= 0:
            timetable.pulled.add((follow, timetable.meetings[target].id))
        else:
            timetable.banned.add((one, timetable.meetings[m].id))
        return
    here = Counter(int(p) for p in (seating.at[:, t] == m).nonzero()[0])
    staff = {arrays.row[id] for id in problem.session[timetable.meetings[m].session].staff}
    for bond in problem.apart:
        rows = sorted(arrays.row[id] for id in bond)
        attending = [row for row in rows if row in here]
        keep = 0 if any(row in staff for row in rows) else 1
        for row in attending[keep:]:
            timetable.banned.add((row, timetable.meetings[m].id))


def underfilled(seating: Day) -> int | None:
    """A meeting below its minimum whose session may be cancelled: the emptiest."""
    timetable, problem = seating.timetable, seating.arrays.problem
    sizes = seating.sizes()
    given = {(meeting.session, meeting.slot) for meeting in problem.meetings}
    weak: dict[int, int] = defaultdict(int)
    for m, meeting in enumerate(timetable.meetings):
        session = problem.session[meeting.session]
        if session.may_be_cancelled and sizes[m] < session.minimum and (meeting.session, meeting.slot) not in given:
            weak[m] = int(sizes[m])
    return min(weak, key=lambda m: (weak[m], m)) if weak else None


def without(timetable: Timetable, m: int) -> Timetable:
    """The timetable without one meeting."""
    gone = timetable.meetings[m].id
    kept = [meeting for meeting in timetable.meetings if meeting.id != gone]
    voices = [voice for voice in timetable.voices if voice.meeting != gone]
    return Timetable(timetable.arrays, kept, voices, timetable.banned, timetable.pulled)
