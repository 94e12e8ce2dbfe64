"""How people get into meetings: chairs, the room's features, the language spoken, listeners' places, quotas."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from solver.flow.numbers import Flags, Numbers
from solver.problem import Interpreter, Mode
from solver.problem.eligibility import spoken

if TYPE_CHECKING:
    from solver.flow.timetable import Timetable


@dataclass(frozen=True, eq=False)
class Listening:
    """K open channels of a timetable's meetings.

    meeting, channel: K numbers, of the meeting and of the channel as Arrays.channels counts them.
    places: K, how many can listen. units: K, how many need a listener: single interpreters, or twos.
    may: C x K, who may listen there.
    """

    meeting: Numbers
    channel: Numbers
    places: Numbers
    units: Numbers
    may: Flags


def most(timetable: "Timetable") -> Numbers:
    """M: how many may attend each meeting."""
    problem, everybody = timetable.arrays.problem, len(timetable.arrays.people)
    found = np.zeros(len(timetable.meetings), dtype=np.int64)
    for m, meeting in enumerate(timetable.meetings):
        session, chairs = problem.session[meeting.session], timetable.room_of(m).capacity
        limit = everybody if session.maximum is None else session.maximum
        if chairs is not None:
            limit = min(limit, chairs - len(session.staff) - timetable.working[meeting.id])
        found[m] = max(0, limit)
    return found


def open_to(timetable: "Timetable") -> Flags:
    """C x M: is admitted to the session and has what she needs in the room."""
    arrays = timetable.arrays
    features = [timetable.room_of(m).features for m in range(len(timetable.meetings))]
    found: Flags = arrays.admitted[:, timetable.session] & _columns(features, arrays.classes.fit)
    return found


def follows(timetable: "Timetable") -> Flags:
    """C x M: understands what is spoken."""
    arrays, problem = timetable.arrays, timetable.arrays.problem
    languages = [spoken(problem.session[each.session], each.language) for each in timetable.meetings]
    return _columns(languages, arrays.classes.follow)


def _columns(keys: list[frozenset[str]], column: Callable[[frozenset[str]], Flags]) -> Flags:
    """One column for each key, each key asked for once."""
    number = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    every = [column(key) for key in number] or [column(frozenset())]
    found: Flags = np.stack(every, axis=1)[:, [number[key] for key in keys]]
    return found


def enters(timetable: "Timetable") -> Flags:
    """C x M: may sit there without an interpreter."""
    return open_to(timetable) & follows(timetable)


def listening(timetable: "Timetable") -> Listening:
    """The open channels of all meetings."""
    arrays, problem = timetable.arrays, timetable.arrays.problem
    team: dict[tuple[int, str], list[Interpreter]] = defaultdict(list)
    known = {interpreter.participant: interpreter for interpreter in problem.interpreters}
    for each in timetable.interpreters:
        team[timetable.index[each.meeting], each.channel].append(known[each.participant])
    keys = sorted(team)
    may = np.zeros((len(arrays.examples), len(keys)), dtype=bool)
    if keys:
        allowed = open_to(timetable)
        for k, (m, channel) in enumerate(keys):
            meeting = timetable.meetings[m]
            served = arrays.classes.listen(problem.session[meeting.session], meeting.language, channel)
            may[:, k] = allowed[:, m] & served
    number = {channel: at for at, channel in enumerate(arrays.channels)}
    return Listening(
        np.array([m for m, _ in keys], dtype=np.int64),
        np.array([number[channel] for _, channel in keys], dtype=np.int64),
        np.array([places(team[key]) for key in keys], dtype=np.int64),
        np.array([units(team[key]) for key in keys], dtype=np.int64),
        may,
    )


def places(team: list[Interpreter]) -> int:
    """How many can listen to these interpreters in one channel: each two simultaneous as many as the weakest of all."""
    booth = [each.listeners for each in team if each.mode is Mode.SIMULTANEOUS]
    single = sum(each.listeners for each in team if each.mode is not Mode.SIMULTANEOUS)
    return single + len(booth) // 2 * min(booth, default=0)


def units(team: list[Interpreter]) -> int:
    """How many of these interpreters need a listener each: those who work alone, and the twos."""
    booth = sum(each.mode is Mode.SIMULTANEOUS for each in team)
    return len(team) - booth + booth // 2


def quotas(timetable: "Timetable") -> tuple[Numbers, Numbers]:
    """Least and most of each group in each meeting, M x groups; where quotas contradict each other the most holds."""
    arrays = timetable.arrays
    shape = (len(timetable.meetings), len(arrays.values) + 1)
    least = np.zeros(shape, dtype=np.int64)
    most = np.full(shape, len(arrays.people), dtype=np.int64)
    for quota in arrays.problem.quotas:
        if quota.attribute != arrays.grouping or quota.value not in arrays.values:
            continue
        group = arrays.values.index(quota.value)
        rows = [at for at, m in enumerate(timetable.meetings) if quota.session in (None, m.session)]
        least[rows, group] = np.maximum(least[rows, group], quota.minimum)
        if quota.maximum is not None:
            most[rows, group] = np.minimum(most[rows, group], quota.maximum)
    return np.minimum(least, most), most
