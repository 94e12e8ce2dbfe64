"""Who can interpret where and when, and who works without a listener."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from solver.flow.doors import units
from solver.flow.numbers import Numbers
from solver.flow.timetable import InterpreterAt, Timetable
from solver.problem import Interpreter, Mode
from solver.problem.eligibility import channels, side


def teams(timetable: Timetable) -> dict[tuple[int, str], list[InterpreterAt]]:
    """The interpreters at work by (meeting, channel)."""
    found: dict[tuple[int, str], list[InterpreterAt]] = defaultdict(list)
    for each in timetable.interpreters:
        found[timetable.index[each.meeting], each.channel].append(each)
    return found


def known(timetable: Timetable) -> dict[str, Interpreter]:
    """The problem's interpreters by participant."""
    return {interpreter.participant: interpreter for interpreter in timetable.arrays.problem.interpreters}


def channels_in(timetable: Timetable, interpreter: Interpreter, m: int) -> list[str]:
    """The channels of a meeting in which this interpreter can work, whether or not (s)he is free then."""
    meeting = timetable.meetings[m]
    session = timetable.arrays.problem.session[meeting.session]
    return sorted(channels(interpreter.pairs, session, meeting.language))


def can_work(timetable: Timetable, interpreter: Interpreter, m: int) -> bool:
    """(S)he is there and free throughout the meeting, fits into the room, finds a chair, and keeps the rests."""
    problem = timetable.arrays.problem
    person = problem.participant[interpreter.participant]
    span = [problem.slots[t].id for t in timetable.spans[m]]
    mine = [timetable.index[each.meeting] for each in timetable.interpreters if each.participant == person.id]
    taken = {t for other in mine for t in timetable.spans[other]}
    return (
        chairs_left(timetable, m) > 0
        and person.needs <= timetable.room_of(m).features
        and all(problem.present(person, slot) for slot in span)
        and (interpreter.slots is None or set(span) <= interpreter.slots)
        and not taken & set(timetable.spans[m])
        and not timetable.staffed[timetable.arrays.row[person.id], timetable.spans[m]].any()
        and rested(interpreter, taken | set(timetable.spans[m]))
    )


def rested(interpreter: Interpreter, busy: Iterable[int]) -> bool:
    """Whether somebody who interprets in these slots keeps the most in a row."""
    most, slots = interpreter.most_in_a_row, set(busy)
    return most is None or not any(all(t + step in slots for step in range(most + 1)) for t in slots)


def units_for(timetable: Timetable, m: int) -> Iterator[tuple[str, tuple[Interpreter, ...]]]:
    """(channel, one or two interpreters) who could begin to work in a meeting; of those alike one stands for all."""
    free: dict[str, list[Interpreter]] = defaultdict(list)
    for interpreter in timetable.arrays.problem.interpreters:
        names = channels_in(timetable, interpreter, m)
        if names and can_work(timetable, interpreter, m):
            for channel in names:
                free[channel].append(interpreter)
    for channel, able in sorted(free.items()):
        twos = sorted((i for i in able if in_twos(i)), key=lambda i: (-i.listeners, i.participant))
        if len(twos) > 1 and chairs_left(timetable, m) > 1:
            yield channel, (twos[0], twos[1])
        alike = {
            (
                i.pairs,
                i.listeners,
                i.slots,
                i.most_in_a_row,
                timetable.arrays.problem.participant[i.participant].attends,
            ): i
            for i in able
            if not in_twos(i)
        }
        yield from ((channel, (interpreter,)) for interpreter in alike.values())


def chairs_left(timetable: Timetable, m: int) -> float:
    """Chairs in a meeting's room beyond those of staff and interpreters."""
    meeting, chairs = timetable.meetings[m], timetable.room_of(m).capacity
    duties = len(timetable.arrays.problem.session[meeting.session].staff) + timetable.working[meeting.id]
    return float("inf") if chairs is None else chairs - duties


def in_twos(interpreter: Interpreter) -> bool:
    return interpreter.mode is Mode.SIMULTANEOUS


def in_whole_twos(timetable: Timetable, at_work: list[InterpreterAt]) -> list[InterpreterAt]:
    """Without those whom another one left alone in a channel where they work in twos."""
    who = known(timetable)
    booths: dict[tuple[str, str], list[InterpreterAt]] = defaultdict(list)
    for each in at_work:
        if in_twos(who[each.participant]):
            booths[each.meeting, each.channel].append(each)
    alone = {booth[-1] for booth in booths.values() if len(booth) % 2}
    return [each for each in at_work if each not in alone]


def idle(timetable: Timetable, t: int, at: Numbers, channel: Numbers) -> frozenset[InterpreterAt]:
    """Interpreters of meetings that start in slot t beyond what their listeners need.

    at, channel: P, where everybody sits in that slot and what she listens to. Of a team whose units outnumber its
    listeners those with the fewest places go, so that those who stay serve all who listen.
    """
    number = {name: k for k, name in enumerate(timetable.arrays.channels)}
    gone: list[InterpreterAt] = []
    for (m, name), team in teams(timetable).items():
        if timetable.slot[m] == t:
            listeners = int(((at == m) & (channel == number[name])).sum())
            gone += _beyond(timetable, team, listeners)
    return frozenset(gone)


def one_sided(timetable: Timetable, t: int, at: Numbers, channel: Numbers) -> dict[int, str]:
    """Two-language meetings of slot t whose listeners all understand one and the same language: which it is.

    at, channel: as for `idle`.
    """
    found: dict[int, str] = {}
    arrays = timetable.arrays
    for m, name in teams(timetable):
        session = arrays.problem.session[timetable.meetings[m].session]
        if timetable.slot[m] == t and session.two_language:
            listening = (at == m) & (channel == arrays.channels.index(name))
            sides = {side(arrays.examples[c], session) for c in np.unique(arrays.of_class[listening])}
            if len(sides) == 1:
                found[m] = sides.pop() or ""
    return found


def _beyond(timetable: Timetable, team: list[InterpreterAt], listeners: int) -> list[InterpreterAt]:
    """Whom a team can do without: one after the other, two at a time of those who work in twos."""
    who, gone = known(timetable), list[InterpreterAt]()
    kept = sorted(team, key=lambda each: (-who[each.participant].listeners, each.participant))
    while units([who[each.participant] for each in kept]) > listeners:
        step = 2 if in_twos(who[kept[-1].participant]) else 1
        mode = who[kept[-1].participant].mode
        leaving = [each for each in reversed(kept) if who[each.participant].mode is mode][:step]
        gone += leaving
        kept = [each for each in kept if each not in leaving]
    return gone
