"""How many places must be missing whatever a run does, told before it and in it: one maximum flow through the day.

Sessions give as many places as all their meetings hold. These go to crowds of equal people, who attend no session twice
and only what is open to them and what they follow, unaided or as listeners; and there to slots, in which nobody fills
two places and all meetings together have so many chairs. A meeting has one language: those who follow a session in one
of several only share its meetings with those who follow it in another. What the flow leaves out only helps: which
meetings run side by side, languages beyond that, minima, quotas, and whatever couples people. So nothing has fewer
missing.

Numbers of people may be fractions, where some stay away. What is missing is convex in them (as the value of a linear
program is in its right-hand side), so the figure then does not exceed what is missing on average.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from solver.bounds.chairs import may_run, most_places, seats
from solver.bounds.eligible import closed, eligible
from solver.bounds.listening import followed, listener_places
from solver.bounds.sharing import shared, tied
from solver.flow.arrays import Arrays
from solver.flow.network import Arcs
from solver.flow.numbers import Flags, Numbers

WHOLE = 100
"""A person in units of flow: shares are counted in percent."""


@dataclass(frozen=True)
class Missing:
    """No allocation has fewer (person, slot) pairs without a place than `places`.

    few: how many people can attend fewer sessions than they have slots to fill, whatever the others do. own: the places
    that these lack. All are expected numbers where some stay away.
    """

    places: float
    few: float
    own: float


def missing_places(arrays: Arrays, coming: Mapping[str, float] | None = None) -> Missing:
    """`coming` is the chance that somebody comes, by her id; without it everybody does."""
    if not arrays.problem.full_day:
        return Missing(0, 0, 0)
    crowds = Crowds(arrays, coming or {})
    lacking = np.maximum(0, crowds.filled.sum(axis=1) - crowds.duties - crowds.may @ crowds.long)
    few, own = (crowds.weight * (lacking > 0)).sum(), (crowds.weight * lacking).sum()
    needed = (crowds.weight * crowds.filled.sum(axis=1)).sum()
    given = _most_filled(crowds) if needed else 0
    return Missing((int(needed) - given) / WHOLE, int(few) / WHOLE, int(own) / WHOLE)


def fills(arrays: Arrays) -> Flags:
    """P x T: has a place or misses one, whatever a run does.

    Who may interpret then is left out: she may be in no meeting's chairs, so that what is counted stays a bound. A run
    that leaves her without a place counts her.
    """
    found = arrays.present.copy()
    for each in arrays.problem.interpreters:
        slots = [each.slots is None or slot.id in each.slots for slot in arrays.problem.slots]
        found[arrays.row[each.participant]] &= ~np.array(slots, dtype=bool)
    return found


class Crowds:
    """G crowds of people whom nothing tells apart that the flow counts.

    weight G: how many, in units. filled G x T: see `fills`. duties G: slots that each may spend leading or taking
    notes. may G x S: what is open to them. aided G x S: they follow it as listeners only. known: what each understands.
    tied G x S, shared S: see there; in units. long S: how many slots a meeting takes.
    """

    def __init__(self, arrays: Arrays, coming: Mapping[str, float]):
        self.arrays, problem, people = arrays, arrays.problem, arrays.people
        filled = fills(arrays)
        never: dict[int, list[int]] = defaultdict(list)
        for row, column in sorted(closed(arrays)):
            never[row].append(column)
        alike: dict[object, list[int]] = defaultdict(list)
        for row in np.flatnonzero(filled.any(axis=1)).tolist():
            duties = problem.on_duty.get(people[row].id, 0)
            alike[int(arrays.of_class[row]), filled[row].tobytes(), duties, tuple(never[row])].append(row)
        self.weight = np.array(
            [sum(round(WHOLE * coming.get(people[row].id, 1)) for row in rows) for rows in alike.values()], np.int64
        )
        first = [rows[0] for rows in alike.values()]
        self.filled, self.known = filled[first], [people[row].understood for row in first]
        self.duties = np.array([problem.on_duty.get(people[row].id, 0) for row in first], np.int64)
        self.may = eligible(arrays)[arrays.of_class[first]]
        for at, row in enumerate(first):
            self.may[at, never[row]] = False
        self.aided = self._aided()
        self.long = np.array([session.duration for session in problem.sessions], np.int64)
        self.tied = tied(problem, [people[row] for row in first])
        heads = [sum(coming.get(people[row].id, 1) > 0 for row in rows) for rows in alike.values()]
        self.shared = WHOLE * shared(problem, self.may, self.tied, np.array(heads, np.int64))

    def _aided(self) -> Flags:
        found = np.zeros_like(self.may)
        if "everybody_understands" in self.arrays.problem.flexible:
            return found
        for known in set(self.known):
            rows = [at for at, each in enumerate(self.known) if each == known]
            found[rows] = [not followed(session, known) for session in self.arrays.problem.sessions]
        return found


def _most_filled(crowds: Crowds) -> int:
    """The maximum flow, in units: source, sessions, crowds (apart: unaided and listening), crowds by slot, slots, sink.

    Those who follow a session in one of its languages only come through one more node of it: they share its meetings.
    Listeners come through one node by slot for all who understand the same languages: so many can be served there.
    A crowd's places stand apart by the slots in which their sessions may run.
    """
    problem, weight = crowds.arrays.problem, crowds.weight
    groups, slots = crowds.filled.shape
    runs = np.array([[may_run(problem, s, slot.id) for slot in problem.slots] for s in problem.sessions], dtype=bool)
    kinds, kind = np.unique(runs.reshape(len(runs), slots), axis=0, return_inverse=True)
    spoken = {known: at for at, known in enumerate(dict.fromkeys(crowds.known))}
    ear = np.array([spoken[known] for known in crowds.known], np.int64)
    source, sink, node = 0, 1, 2
    door, node = _block(node, len(runs))
    hall, node = _block(node, len(runs))
    inside, node = _block(node, groups, 2, len(kinds))
    heard, node = _block(node, 2, len(spoken), slots)
    duty, node = _block(node, groups)
    place, node = _block(node, groups, slots)
    out, node = _block(node, slots)
    arcs, most = Arcs(), np.array([most_places(problem, session) for session in problem.sessions], np.int64)
    plenty = WHOLE * int(most.sum())
    arcs.add(source, door, WHOLE * most, 0)
    arcs.add(door, hall, crowds.shared, 0)
    g, s = np.nonzero(crowds.may)
    enters = np.where(crowds.tied[g, s] < 0, door[s], hall[s])
    arcs.add(enters, inside[g, crowds.aided[g, s].astype(int), kind.ravel()[s]], weight[g] * crowds.long[s], 0)
    g, k, t = np.nonzero(crowds.filled[:, None, :] & kinds[None])
    arcs.add(inside[g, 0, k], place[g, t], plenty, 0)
    arcs.add(inside[g, 1, k], heard[0, ear[g], t], plenty, 0)
    served = [[listener_places(problem, slot.id, {known}) for slot in problem.slots] for known in spoken]
    arcs.add(heard[0], heard[1], WHOLE * np.array(served, np.int64).reshape(heard[0].shape), 0)
    g, t = np.nonzero(crowds.filled)
    arcs.add(heard[1, ear[g], t], place[g, t], plenty, 0)
    arcs.add(source, duty, weight * crowds.duties, 0)
    arcs.add(duty[g], place[g, t], weight[g], 0)
    arcs.add(place[g, t], out[t], weight[g], 0)
    arcs.add(out, sink, WHOLE * np.array([seats(problem, slot.id) for slot in problem.slots], np.int64), 0)
    return arcs.most(source, sink)


def _block(first: int, *shape: int) -> tuple[Numbers, int]:
    """Numbers of as many nodes, and the next free one."""
    count = int(np.prod(shape))
    return np.arange(first, first + count, dtype=np.int64).reshape(shape), first + count
