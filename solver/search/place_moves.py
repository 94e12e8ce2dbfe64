"""Moves of meetings: two trade their slots and rooms, or one goes to a free room in its slot or another."""

import random
from dataclasses import replace

from solver.flow.day import Day
from solver.flow.interpreters import in_whole_twos
from solver.flow.rooms import size
from solver.flow.timetable import InterpreterAt, Timetable
from solver.problem import Meeting, Problem

Change = tuple[Timetable, list[int]] | None
"""The changed timetable and the slots whose people must be seated anew; None if the move does not exist."""


def trade(day: Day, dice: random.Random) -> Change:
    """Two meetings of different slots change places, rooms included."""
    timetable = day.timetable
    if len(timetable.meetings) < 2:
        return None
    a, b = dice.sample(range(len(timetable.meetings)), 2)
    one, two = timetable.meetings[a], timetable.meetings[b]
    if one.slot == two.slot or one.session == two.session or a in timetable.long or b in timetable.long:
        return None
    return changed(timetable, {a: moved_to(one, two.slot, two.room), b: moved_to(two, one.slot, one.room)})


def shift(day: Day, dice: random.Random) -> Change:
    """A meeting goes to a free room, in its slot or another one."""
    timetable = day.timetable
    a = dice.randrange(len(timetable.meetings))
    problem, one = timetable.arrays.problem, timetable.meetings[a]
    slot, room = dice.choice(problem.slots).id, dice.choice(problem.rooms)
    t = timetable.arrays.slot[slot]
    taken = any(m.room == room.id and t in timetable.spans[at] for at, m in enumerate(timetable.meetings))
    if taken or a in timetable.long or (room.slots is not None and slot not in room.slots):
        return None
    return changed(timetable, {a: moved_to(one, slot, room.id)})


def moved_to(meeting: Meeting, slot: str, room: str) -> Meeting:
    return replace(meeting, id=f"{meeting.session}@{slot}", slot=slot, room=room)


def changed(timetable: Timetable, new: dict[int, Meeting]) -> Change:
    """Interpreters of a meeting that stays in its slot go with it into its new room, if they can; the others leave."""
    problem, arrays = timetable.arrays.problem, timetable.arrays
    meetings = tuple(new.get(m, meeting) for m, meeting in enumerate(timetable.meetings))
    if not all(_allowed(problem, timetable, meetings, m) for m in new):
        return None
    slots = {arrays.slot[meeting.slot] for meeting in new.values()} | {int(timetable.slot[m]) for m in new}
    kept = [
        each
        for each in timetable.interpreters
        if (m := timetable.index[each.meeting]) not in new
        or (new[m].slot == timetable.meetings[m].slot and _fits(problem, each, timetable, new[m]))
    ]
    other = replace(timetable, meetings=meetings)
    return other.with_interpreters(in_whole_twos(other, kept)), sorted(slots)


def _fits(problem: Problem, each: InterpreterAt, timetable: Timetable, meeting: Meeting) -> bool:
    """The room has what this interpreter needs, and chairs for all who are on duty there."""
    room, session = problem.room[meeting.room], problem.session[meeting.session]
    duties = len(session.staff) + timetable.working[each.meeting]
    chairs = room.capacity is None or duties <= room.capacity
    return chairs and problem.participant[each.participant].needs <= room.features


def _allowed(problem: Problem, timetable: Timetable, meetings: tuple[Meeting, ...], at: int) -> bool:
    """What is fixed stays; staff is there and free; allowed slots, features, order and conflicts hold."""
    old, meeting, order = timetable.meetings[at], meetings[at], timetable.arrays.order
    session, room = problem.session[meeting.session], problem.room[meeting.room]
    for given in problem.meetings:
        same = given.session == old.session and given.slot == old.slot
        if same and (old.slot != meeting.slot or (given.room and given.room != meeting.room)):
            return False
    if session.slots is not None and meeting.slot not in session.slots:
        return False
    others = [each for m, each in enumerate(meetings) if m != at]
    if not session.features <= room.features or not order.keeps(others, session, meeting.slot):
        return False
    if room.slots is not None and meeting.slot not in room.slots:
        return False
    if size(room.capacity) < len(session.staff) + session.minimum:
        return False
    staff = [problem.participant[id] for id in session.staff]
    if any(not problem.present(p, meeting.slot) or p.needs - room.features for p in staff):
        return False
    return _no_clash(problem, timetable, meetings, at)


def _no_clash(problem: Problem, timetable: Timetable, meetings: tuple[Meeting, ...], at: int) -> bool:
    """No conflicting session, nobody's other duty, and not too many meetings at the same time."""
    session, t = problem.session[meetings[at].session], timetable.arrays.slot[meetings[at].slot]
    spans = [
        timetable.spans[m] if m in timetable.long else [timetable.arrays.slot[e.slot]] for m, e in enumerate(meetings)
    ]
    beside = [problem.session[each.session] for m, each in enumerate(meetings) if m != at and t in spans[m]]
    names, busy = {session.id, *session.conflicts}, {id for each in beside for id in each.staff}
    busy |= {
        each.participant
        for each in timetable.interpreters
        if timetable.index[each.meeting] != at and t in timetable.spans[timetable.index[each.meeting]]
    }
    starting = sum(each.slot == meetings[at].slot for each in meetings)
    most = problem.slots[t].most
    if most is not None and starting > most:
        return False
    clash = any(each.id in names or session.id in each.conflicts for each in beside)
    return not clash and not busy & set(session.staff)
