"""Small changes of a floor: two meetings trade slots, one moves, an interpreter goes elsewhere; people follow."""

import random
from dataclasses import replace

from solver.arrays import NOBODY
from solver.fitting import voiced
from solver.flows import Floor, Voices, Weights
from solver.problem import Interpreter, Meeting, Problem
from solver.seating import Seating


def moved(seating: Seating, dice: random.Random, weights: Weights) -> Seating | None:
    """The seating after one random move, people in the slots concerned seated anew; None if nothing fits."""
    floor = seating.floor
    kinds = [_trade, _trade, _shift] if len(seating.slots) > 1 else []
    kinds += [_interpret] * (2 if floor.arrays.problem.interpreters else 0)
    if not kinds:
        return None
    change = dice.choice(kinds)(floor, dice)
    if change is None:
        return None
    new, slots = change
    other = Seating(new)
    other.at = seating.at.copy()
    for t in slots:
        other.at[:, t] = NOBODY
    for t in slots:
        if not other.anew(t, weights):
            return None
    return other


Change = tuple[Floor, list[int]] | None


def _trade(floor: Floor, dice: random.Random) -> Change:
    """Two meetings of different slots change places, rooms included."""
    if len(floor.meetings) < 2:
        return None
    a, b = dice.sample(range(len(floor.meetings)), 2)
    one, two = floor.meetings[a], floor.meetings[b]
    if one.slot == two.slot or one.session == two.session or len(floor.spans[a]) > 1 or len(floor.spans[b]) > 1:
        return None
    new = {a: _at(one, two.slot, two.room), b: _at(two, one.slot, one.room)}
    return _changed(floor, new)


def _shift(floor: Floor, dice: random.Random) -> Change:
    """A meeting goes to a free room, in its slot or another one."""
    a = dice.randrange(len(floor.meetings))
    problem, one = floor.arrays.problem, floor.meetings[a]
    slot, room = dice.choice(problem.slots).id, dice.choice(problem.rooms)
    t = floor.arrays.slot[slot]
    taken = any(m.room == room.id and t in floor.spans[at] for at, m in enumerate(floor.meetings))
    if taken or len(floor.spans[a]) > 1 or (room.slots is not None and slot not in room.slots):
        return None
    return _changed(floor, {a: _at(one, slot, room.id)})


def _at(meeting: Meeting, slot: str, room: str) -> Meeting:
    return Meeting(f"{meeting.session}@{slot}", meeting.session, slot, room)


def _changed(floor: Floor, new: dict[int, Meeting]) -> Change:
    problem = floor.arrays.problem
    meetings = [new.get(at, meeting) for at, meeting in enumerate(floor.meetings)]
    if not all(_allowed(problem, floor, meetings, at) for at in new):
        return None
    renamed = {floor.meetings[at].id: meeting.id for at, meeting in new.items()}
    slots = {floor.arrays.slot[m.slot] for m in new.values()} | {int(floor.slot[at]) for at in new}
    voices = [
        replace(voice, meeting=renamed.get(voice.meeting, voice.meeting))
        for voice in floor.voices
        if voice.meeting not in renamed
        or meetings[floor.index[voice.meeting]].slot == floor.meetings[floor.index[voice.meeting]].slot
    ]
    return Floor(floor.arrays, meetings, voices, floor.banned, floor.pulled), sorted(slots)


def _allowed(problem: Problem, floor: Floor, meetings: list[Meeting], at: int) -> bool:
    """What is fixed stays; staff is there and free; allowed slots, features, order and conflicts hold."""
    old, meeting = floor.meetings[at], meetings[at]
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


def _interpret(floor: Floor, dice: random.Random) -> Change:
    """One interpreter works in another meeting of a slot, or starts or stops working there."""
    arrays = floor.arrays
    interpreter = dice.choice(arrays.problem.interpreters)
    slot = dice.choice(arrays.problem.slots).id
    t = arrays.slot[slot]
    if not _can_work(floor, interpreter, slot):
        return None
    mine = [
        v for v in floor.voices if v.participant == interpreter.participant and t in floor.spans[floor.index[v.meeting]]
    ]
    options = [
        Voices(interpreter.participant, floor.meetings[m].id, language)
        for m in floor.here[t]
        for language in sorted(voiced(interpreter.pairs, arrays.problem.session[floor.meetings[m].session].languages))
    ]
    if not options or any(len(floor.spans[floor.index[v.meeting]]) > 1 for v in mine):
        return None
    chosen = dice.choice(options)
    voices = [voice for voice in floor.voices if voice not in mine]
    if chosen not in mine:
        voices.append(chosen)
    if not _rested(floor, interpreter, voices):
        return None
    return Floor(arrays, floor.meetings, voices, floor.banned, floor.pulled), [t]


def _can_work(floor: Floor, interpreter: Interpreter, slot: str) -> bool:
    arrays = floor.arrays
    person = arrays.problem.participant[interpreter.participant]
    leads = any(m.slot == slot and person.id in arrays.problem.session[m.session].staff for m in floor.meetings)
    free = interpreter.slots is None or slot in interpreter.slots
    return free and not leads and arrays.problem.present(person, slot)


def _rested(floor: Floor, interpreter: Interpreter, voices: list[Voices]) -> bool:
    most = interpreter.most_in_a_row
    if most is None:
        return True
    busy = {t for v in voices if v.participant == interpreter.participant for t in floor.spans[floor.index[v.meeting]]}
    row = 0
    for t in range(len(floor.arrays.slot)):
        row = row + 1 if t in busy else 0
        if row > most:
            return False
    return True
