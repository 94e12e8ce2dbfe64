"""Small changes of a timetable: two meetings trade slots, one moves, an interpreter goes elsewhere; people follow."""

import random
from dataclasses import replace

from solver.flow.arrays import NOBODY
from solver.flow.day import Day
from solver.flow.timetable import InterpreterAt, Timetable
from solver.flow.weights import Weights
from solver.problem import Interpreter, Meeting, Problem
from solver.problem.eligibility import channels


def moved(seating: Day, dice: random.Random, weights: Weights) -> Day | None:
    """The seating after one random move, people in the slots concerned seated reoptimise; None if nothing fits."""
    timetable = seating.timetable
    kinds = [_trade, _trade, _shift] if len(seating.slots) > 1 else []
    kinds += [_interpret] * (2 if timetable.arrays.problem.interpreters else 0)
    if not kinds:
        return None
    change = dice.choice(kinds)(timetable, dice)
    if change is None:
        return None
    new, slots = change
    other = Day(new)
    other.at = seating.at.copy()
    for t in slots:
        other.at[:, t] = NOBODY
    for t in slots:
        if not other.reoptimise(t, weights):
            return None
    return other


Change = tuple[Timetable, list[int]] | None


def _trade(timetable: Timetable, dice: random.Random) -> Change:
    """Two meetings of different slots change places, rooms included."""
    if len(timetable.meetings) < 2:
        return None
    a, b = dice.sample(range(len(timetable.meetings)), 2)
    one, two = timetable.meetings[a], timetable.meetings[b]
    if one.slot == two.slot or one.session == two.session or len(timetable.spans[a]) > 1 or len(timetable.spans[b]) > 1:
        return None
    new = {a: _at(one, two.slot, two.room), b: _at(two, one.slot, one.room)}
    return _changed(timetable, new)


def _shift(timetable: Timetable, dice: random.Random) -> Change:
    """A meeting goes to a free room, in its slot or another one."""
    a = dice.randrange(len(timetable.meetings))
    problem, one = timetable.arrays.problem, timetable.meetings[a]
    slot, room = dice.choice(problem.slots).id, dice.choice(problem.rooms)
    t = timetable.arrays.slot[slot]
    taken = any(m.room == room.id and t in timetable.spans[at] for at, m in enumerate(timetable.meetings))
    if taken or len(timetable.spans[a]) > 1 or (room.slots is not None and slot not in room.slots):
        return None
    return _changed(timetable, {a: _at(one, slot, room.id)})


def _at(meeting: Meeting, slot: str, room: str) -> Meeting:
    return replace(meeting, id=f"{meeting.session}@{slot}", slot=slot, room=room)


def _changed(timetable: Timetable, new: dict[int, Meeting]) -> Change:
    problem = timetable.arrays.problem
    meetings = [new.get(at, meeting) for at, meeting in enumerate(timetable.meetings)]
    if not all(_allowed(problem, timetable, meetings, at) for at in new):
        return None
    renamed = {timetable.meetings[at].id: meeting.id for at, meeting in new.items()}
    slots = {timetable.arrays.slot[m.slot] for m in new.values()} | {int(timetable.slot[at]) for at in new}
    voices = [
        replace(voice, meeting=renamed.get(voice.meeting, voice.meeting))
        for voice in timetable.voices
        if voice.meeting not in renamed
        or meetings[timetable.index[voice.meeting]].slot == timetable.meetings[timetable.index[voice.meeting]].slot
    ]
    return Timetable(timetable.arrays, meetings, voices, timetable.banned, timetable.pulled), sorted(slots)


def _allowed(problem: Problem, timetable: Timetable, meetings: list[Meeting], at: int) -> bool:
    """What is fixed stays; staff is there and free; allowed slots, features, order and conflicts hold."""
    old, meeting = timetable.meetings[at], meetings[at]
    session, room = problem.session[meeting.session], problem.room[meeting.room]
    for given in problem.meetings:
        same = given.session == old.session and given.slot == old.slot
        if same and (old.slot != meeting.slot or (given.room and given.room != meeting.room)):
            return False
    if session.slots is not None and meeting.slot not in session.slots:
        return False
    if not session.features <= room.features or session.after or any(session.id in s.after for s in problem.sessions):
        return False
    if room.slots is not None and meeting.slot not in room.slots:
        return False
    staff = [problem.participant[id] for id in session.staff]
    if any(not problem.present(p, meeting.slot) or p.needs - room.features for p in staff):
        return False
    here = [m for k, m in enumerate(meetings) if k != at and m.slot == meeting.slot]
    names = {session.id, *session.conflicts}
    busy = {id for m in here for id in problem.session[m.session].staff}
    clash = any(m.session in names or session.id in problem.session[m.session].conflicts for m in here)
    return not clash and not busy & set(session.staff)


def _interpret(timetable: Timetable, dice: random.Random) -> Change:
    """One interpreter works in another meeting of a slot, or starts or stops working there."""
    arrays = timetable.arrays
    interpreter = dice.choice(arrays.problem.interpreters)
    slot = dice.choice(arrays.problem.slots).id
    t = arrays.slot[slot]
    if not _can_work(timetable, interpreter, slot):
        return None
    mine = [
        v
        for v in timetable.voices
        if v.participant == interpreter.participant and t in timetable.spans[timetable.index[v.meeting]]
    ]
    options = [
        InterpreterAt(interpreter.participant, timetable.meetings[m].id, language)
        for m in timetable.here[t]
        for language in sorted(
            channels(
                interpreter.pairs,
                arrays.problem.session[timetable.meetings[m].session],
                timetable.meetings[m].language,
            )
        )
    ]
    if not options or any(len(timetable.spans[timetable.index[v.meeting]]) > 1 for v in mine):
        return None
    chosen = dice.choice(options)
    voices = [voice for voice in timetable.voices if voice not in mine]
    if chosen not in mine:
        voices.append(chosen)
    if not _rested(timetable, interpreter, voices):
        return None
    return Timetable(arrays, timetable.meetings, voices, timetable.banned, timetable.pulled), [t]


def _can_work(timetable: Timetable, interpreter: Interpreter, slot: str) -> bool:
    arrays = timetable.arrays
    person = arrays.problem.participant[interpreter.participant]
    leads = any(m.slot == slot and person.id in arrays.problem.session[m.session].staff for m in timetable.meetings)
    free = interpreter.slots is None or slot in interpreter.slots
    return free and not leads and arrays.problem.present(person, slot)


def _rested(timetable: Timetable, interpreter: Interpreter, voices: list[InterpreterAt]) -> bool:
    most = interpreter.most_in_a_row
    if most is None:
        return True
    busy = {
        t
        for v in voices
        if v.participant == interpreter.participant
        for t in timetable.spans[timetable.index[v.meeting]]
    }
    row = 0
    for t in range(len(timetable.arrays.slot)):
        row = row + 1 if t in busy else 0
        if row > most:
            return False
    return True
