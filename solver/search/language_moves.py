"""Moves of languages: a meeting speaks another one, interpreters begin, leave or go elsewhere, somebody is served."""

import random

import numpy as np

from solver.flow.day import Day
from solver.flow.doors import open_to
from solver.flow.interpreters import can_work, channels_in, in_twos, units_for
from solver.flow.languages import in_both, in_one, joined, options, with_language
from solver.flow.timetable import InterpreterAt, Timetable
from solver.problem import Interpreter

Change = tuple[Timetable, list[int]] | None
"""The changed timetable and the slots whose people must be seated anew; None if the move does not exist."""


def speakable(timetable: Timetable) -> list[int]:
    """The meetings whose working language is open."""
    return [m for m in range(len(timetable.meetings)) if len(options(timetable, m)) > 1]


def speak(day: Day, dice: random.Random) -> Change:
    """Another working language for a meeting: its interpreters follow or leave, and sometimes others join."""
    timetable = day.timetable
    m = dice.choice(speakable(timetable))
    language = dice.choice([each for each in options(timetable, m) if each != timetable.meetings[m].language])
    other = with_language(timetable, m, language)
    if (language is None or dice.random() < 0.5) and (teams := list(units_for(other, m))):
        channel, team = dice.choice(teams)
        other = joined(other, m, channel, team)
    return in_one(other), timetable.spans[m]


def interpret(day: Day, dice: random.Random) -> Change:
    """An interpreter (two of those who work in twos) leaves a meeting, begins in one, or goes from one to another."""
    timetable = day.timetable
    m = dice.randrange(len(timetable.meetings))
    slots = set(timetable.spans[m])
    leaving = _some_of(timetable, slots, dice)
    left = timetable.with_interpreters(each for each in timetable.interpreters if each not in leaving)
    slots |= {t for each in leaving for t in timetable.spans[timetable.index[each.meeting]]}
    open_ = in_both(left, m)
    teams = [(channel, team) for channel, team in units_for(open_, m)]
    if leaving and (not teams or dice.random() < 0.2):
        return in_one(left), sorted(slots)
    if not teams:
        return None
    channel, team = dice.choice(teams)
    return in_one(joined(open_, m, channel, team)), sorted(slots)


def _some_of(timetable: Timetable, slots: set[int], dice: random.Random) -> list[InterpreterAt]:
    """Nobody, or one unit of those who work in these slots."""
    there = [e for e in timetable.interpreters if slots & set(timetable.spans[timetable.index[e.meeting]])]
    if not there or dice.random() < 0.4:
        return []
    chosen = dice.choice(there)
    kinds = {each.participant: each for each in timetable.arrays.problem.interpreters}
    if not in_twos(kinds[chosen.participant]):
        return [chosen]
    booth = [
        each
        for each in there
        if (each.meeting, each.channel) == (chosen.meeting, chosen.channel) and in_twos(kinds[each.participant])
    ]
    return [chosen, next(each for each in booth if each != chosen)]


def serve(day: Day, dice: random.Random) -> Change:
    """Somebody without a place gets one: a meeting speaks her language, or an interpreter comes for her."""
    timetable, arrays = day.timetable, day.arrays
    p, t = (int(each) for each in dice.choice(np.argwhere(timetable.free & (day.at < 0))))
    c, person = int(arrays.of_class[p]), arrays.people[p]
    allowed = np.flatnonzero(open_to(timetable)[c] & ~timetable.enters[c] & (timetable.slot == t)).tolist()
    dice.shuffle(allowed)
    for m in allowed:
        languages = [each for each in options(timetable, m) if each is not None and each in person.understood]
        open_ = in_both(timetable, m)
        able = [each for each in arrays.problem.interpreters if _bridges(open_, each, m, c)]
        if languages and (not able or dice.random() < 0.5):
            return with_language(timetable, m, dice.choice(languages)), timetable.spans[m]
        if able:
            return _called(open_, dice.choice(able), m, c, dice)
    return None


def _bridges(timetable: Timetable, interpreter: Interpreter, m: int, c: int) -> bool:
    """This interpreter has a channel in a meeting that serves a class; twos are left to `interpret`."""
    return not in_twos(interpreter) and bool(_serving(timetable, interpreter, m, c))


def _serving(timetable: Timetable, interpreter: Interpreter, m: int, c: int) -> list[str]:
    meeting, arrays = timetable.meetings[m], timetable.arrays
    session = arrays.problem.session[meeting.session]
    return [
        channel
        for channel in channels_in(timetable, interpreter, m)
        if arrays.classes.listen(session, meeting.language, channel)[c]
    ]


def _called(timetable: Timetable, interpreter: Interpreter, m: int, c: int, dice: random.Random) -> Change:
    """An interpreter comes from wherever (s)he works then, and skips another slot where the rests ask for it."""
    mine = [each for each in timetable.interpreters if each.participant == interpreter.participant]
    dice.shuffle(mine)
    mine.sort(key=lambda each: not set(timetable.spans[timetable.index[each.meeting]]) & set(timetable.spans[m]))
    slots, other = set(timetable.spans[m]), timetable
    for job in (None, *mine):
        if job is not None:
            slots |= set(timetable.spans[timetable.index[job.meeting]])
            other = other.with_interpreters(each for each in other.interpreters if each != job)
        if can_work(other, interpreter, m):
            channel = dice.choice(_serving(timetable, interpreter, m, c))
            return in_one(joined(other, m, channel, (interpreter,))), sorted(slots)
    return None
