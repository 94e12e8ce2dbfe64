"""Interpreters to meetings, the greatest unmet demand first: a start that the search improves."""

from collections import Counter

import numpy as np

from solver.flow.arrays import Arrays, Numbers
from solver.flow.timetable import InterpreterAt, Timetable
from solver.problem import Interpreter, Mode
from solver.problem.eligibility import channels, may_listen

NOWHERE_ELSE = 60
"""Points that a listener's place is worth to somebody who understands nothing else in this slot."""


def interpreters_for(timetable: Timetable) -> list[InterpreterAt]:
    """One entry per interpreter and slot at most; rests and booths respected."""
    arrays = timetable.arrays
    if not arrays.problem.interpreters:
        return []
    demand = _demand(arrays)
    found: list[InterpreterAt] = []
    working: dict[str, list[int]] = {i.participant: [] for i in arrays.problem.interpreters}
    leads = arrays.staffed(timetable.meetings)
    for t in range(len(arrays.slot)):
        free = [i for i in arrays.problem.interpreters if _free(timetable, i, t, leads, working[i.participant])]
        for interpreter, m, language in _best(timetable, demand, t, free):
            found.append(InterpreterAt(interpreter.participant, timetable.meetings[m].id, language))
            working[interpreter.participant] += timetable.spans[m]
    return found


def _demand(arrays: Arrays) -> Numbers:
    """C x S: points that people of a class would get from a session."""
    shape = (len(arrays.examples), len(arrays.column))
    flat = arrays.of_class[arrays.pair_person] * shape[1] + arrays.pair_session
    return np.bincount(flat, weights=arrays.pair_points, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)


def _free(timetable: Timetable, interpreter: Interpreter, t: int, leads: np.ndarray, worked: list[int]) -> bool:
    arrays = timetable.arrays
    slot, row = arrays.problem.slots[t].id, arrays.row[interpreter.participant]
    most = interpreter.most_in_a_row
    tired = most is not None and all(t - back in worked for back in range(1, most + 1))
    return (
        (interpreter.slots is None or slot in interpreter.slots)
        and arrays.problem.present(arrays.people[row], slot)
        and not leads[row, t]
        and t not in worked
        and not tired
    )


def _best(timetable: Timetable, demand: Numbers, t: int, free: list[Interpreter]) -> list[tuple[Interpreter, int, str]]:
    """Whoever is free, where it helps most; simultaneous interpreters two at a time."""
    arrays = timetable.arrays
    chosen: list[tuple[Interpreter, int, str]] = []
    present = Counter(arrays.of_class[arrays.present[:, t]].tolist())
    lost = {c: not timetable.enters[c, timetable.here[t]].any() for c in range(len(arrays.examples))}
    served: Counter[tuple[int, str]] = Counter()
    left = list(free)
    while left:
        best: tuple[float, list[Interpreter], int, str] | None = None
        for interpreter in left:
            pair = [interpreter]
            if interpreter.mode is Mode.SIMULTANEOUS:
                pair += [o for o in left if o is not interpreter and o.mode is Mode.SIMULTANEOUS][:1]
                if len(pair) < 2:
                    continue
            for m in map(int, timetable.here[t]):
                session, working = arrays.problem.session[timetable.meetings[m].session], timetable.meetings[m].language
                common = frozenset.intersection(*(channels(i.pairs, session, working) for i in pair))
                for language in sorted(common):
                    worth = _worth(timetable, demand, present, lost, m, language)
                    worth = min(worth, interpreter.listeners * 100.0) - served[m, language] * 100.0
                    if worth > 0 and (best is None or worth > best[0]):
                        best = worth, pair, m, language
        if best is None:
            return chosen
        _, pair, m, language = best
        chosen += [(interpreter, m, language) for interpreter in pair]
        served[m, language] += pair[0].listeners
        left = [interpreter for interpreter in left if interpreter not in pair]
    return chosen


def _worth(
    timetable: Timetable, demand: Numbers, present: Counter[int], lost: dict[int, bool], m: int, language: str
) -> float:
    arrays, session, meeting = timetable.arrays, timetable.session[m], timetable.meetings[m]
    its = arrays.problem.session[meeting.session]
    total = 0.0
    for c, person in enumerate(arrays.examples):
        if may_listen(person, its, meeting.language, language) and arrays.admitted[c, session]:
            total += float(demand[c, session]) + (NOWHERE_ELSE * present[c] if lost[c] else 0)
    return total
