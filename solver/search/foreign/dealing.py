"""Which session runs in which slot, where people are seated once per slot and slots are otherwise independent.

Given the sessions of a slot its people are one min-cost flow, remembered by the set of sessions; so a swap of two
sessions costs two flows. Few sessions: every set is tried and the best partition found exactly (dynamic programming
over subsets, Held and Karp, 1962). Many: simulated annealing (Kirkpatrick et al., 1983), the threshold on the worst
single assignment lowered whenever it is met.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solver.flow.network import Arcs
from solver.problem import Meeting, Problem, Seat, Session, Solution, Status

EXACT = 12
"""Up to so many blocks of sessions every set is tried."""
TOLD_EVERY = 40
"""Moves between two better answers that are told: each is verified."""
MISSING = 10**9
OVER = 2 * 10**6
Key = frozenset[int]


def fits(problem: Problem) -> bool:
    """wassign's kind: each session once, everybody somewhere in every slot, costs of single assignments count."""
    return problem.objective == "cubes" and all(s.duration == 1 and s.offered == 1 for s in problem.sessions)


@dataclass
class Placing:
    """Sessions in blocks that share a slot; `cost` P x S, -1 where somebody must not go."""

    problem: Problem
    known: dict[tuple[int, Key, int], tuple[int, NDArray[np.int64]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.problem
        self.column = {session.id: at for at, session in enumerate(problem.sessions)}
        highest = max((max(p.ratings.values(), default=0) for p in problem.participants), default=0)
        self.cost = np.zeros((len(problem.participants), len(problem.sessions)), dtype=np.int64)
        self.must = np.zeros(self.cost.shape, dtype=bool)
        for row, person in enumerate(problem.participants):
            for session, column in self.column.items():
                self.cost[row, column] = round(highest - person.ratings.get(session, 0))
            for session in person.required:
                self.cost[row, self.column[session]] = 0
                self.must[row, self.column[session]] = True
        rows = {person.id: row for row, person in enumerate(problem.participants)}
        for lock in problem.locks:
            if lock.never:
                self.cost[rows[lock.participant], self.column[lock.session]] = -1
        self.blocks = _blocks(problem)
        self.scale = max(1.0, highest)

    def slot_value(self, t: int, sessions: Key, limit: int) -> tuple[int, NDArray[np.int64]]:
        """Penalised cost of a slot with these sessions, and each person's session (-1 for none)."""
        key = (t if self._differ else 0, sessions, limit)
        if key not in self.known:
            self.known[key] = self._flow(t, sorted(sessions), limit)
        return self.known[key]

    @property
    def _differ(self) -> bool:
        return any(person.slots is not None for person in self.problem.participants)

    def _flow(self, t: int, sessions: list[int], limit: int) -> tuple[int, NDArray[np.int64]]:
        problem = self.problem
        slot = problem.slots[t].id
        there = np.array([problem.present(p, slot) for p in problem.participants])
        rows = np.flatnonzero(there)
        nobody = np.full(len(there), -1, dtype=np.int64)
        if not sessions or not len(rows):
            return MISSING * len(rows), nobody
        columns = np.array(sessions, dtype=np.int64)
        cost = self.cost[np.ix_(rows, columns)]
        forced = self.must[np.ix_(rows, columns)]
        price = cost**3 + OVER * np.maximum(0, cost - limit) - np.where(forced, MISSING, 0)
        i, j = np.nonzero(cost >= 0)
        arcs, n, k = Arcs(), len(rows), len(sessions)
        used = arcs.add(i, n + j, 1, price[i, j])
        least = np.array([problem.sessions[s].minimum for s in sessions])
        most = np.array([n if (m := problem.sessions[s].maximum) is None else m for s in sessions])
        doors = n + np.arange(k)
        first = arcs.add(doors, n + k, least, -MISSING)
        arcs.add(doors, n + k, most - least, 0)
        gone = arcs.add(np.arange(n), n + k, 1, MISSING)
        flow = arcs.solve(np.array([1] * n + [0] * k + [-n]))
        if flow is None:
            return MISSING * n, nobody
        taken = flow[used] > 0
        nobody[rows[i[taken]]] = columns[j[taken]]
        missing = int((least - flow[first]).sum() + flow[gone].sum())
        absent = int(forced.sum() - (forced[i[taken], j[taken]]).sum())
        value = int((cost[i[taken], j[taken]] ** 3 + OVER * np.maximum(0, cost[i[taken], j[taken]] - limit)).sum())
        return value + MISSING * (missing + absent), nobody

    def structure(self, slots: list[Key]) -> int:
        """What counting says of the programme itself: sizes of slots, allowed slots, conflicts."""
        problem, broken = self.problem, 0
        for t, sessions in enumerate(slots):
            slot = problem.slots[t]
            broken += max(0, slot.least - len(sessions))
            broken += max(0, len(sessions) - (len(problem.sessions) if slot.most is None else slot.most))
            names = {problem.sessions[s].id for s in sessions}
            for s in sessions:
                session = problem.sessions[s]
                broken += session.slots is not None and slot.id not in session.slots
                broken += len(session.conflicts & names)
        held = {s for sessions in slots for s in sessions}
        broken += sum(at not in held and not s.may_be_cancelled for at, s in enumerate(problem.sessions))
        return broken

    def value(self, slots: list[Key], limit: int) -> int:
        return MISSING * 10 * self.structure(slots) + sum(
            self.slot_value(t, sessions, limit)[0] for t, sessions in enumerate(slots)
        )

    def worst(self, slots: list[Key], limit: int) -> int:
        """The largest cost of a single assignment."""
        costs = [0]
        for t, sessions in enumerate(slots):
            who = self.slot_value(t, sessions, limit)[1]
            rows = np.flatnonzero(who >= 0)
            costs.append(int(self.cost[rows, who[rows]].max(initial=0)))
        return max(costs)

    def solution(self, slots: list[Key], limit: int) -> Solution:
        problem = self.problem
        meetings, seats = [], []
        for t, sessions in enumerate(slots):
            slot = problem.slots[t].id
            for s in sorted(sessions):
                session = problem.sessions[s]
                room = next(room.id for room in problem.rooms if session.features <= room.features)
                meetings.append(Meeting(f"{session.id}@{slot}", session.id, slot, room))
            for row, s in enumerate(self.slot_value(t, sessions, limit)[1]):
                if s >= 0:
                    name = f"{problem.sessions[s].id}@{slot}"
                    seats.append(Seat(problem.participants[row].id, slot, name))
        return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))


def _blocks(problem: Problem) -> list[frozenset[int]]:
    """Sessions that must run side by side move together."""
    column = {session.id: at for at, session in enumerate(problem.sessions)}
    block = {at: {at} for at in column.values()}
    for session in problem.sessions:
        for other in session.beside:
            merged = block[column[session.id]] | block[column[other]]
            for each in merged:
                block[each] = merged
    return sorted({frozenset(each) for each in block.values()}, key=min)


def bounds(problem: Problem) -> dict[str, float]:
    """What each person's cheapest sessions cost, if everybody had a programme of her own."""
    placing = Placing(problem)
    cost = np.where(placing.cost < 0, placing.cost.max(initial=0), placing.cost)
    cheapest = np.sort(cost, axis=1)[:, : len(problem.slots)]
    if any(person.slots is not None for person in problem.participants):
        return {"worst_pair": 0.0, "cubes": 0.0}
    return {"worst_pair": float(cheapest.max(initial=0)), "cubes": float(((cheapest / 100) ** 3).sum())}


def improve(
    problem: Problem, seed: int, ended: Callable[[], bool], on_better: Callable[[Solution], None], rounds: int | None
) -> tuple[Solution, bool]:
    """The best programme found, and whether it is proven; every better one is told."""
    placing = Placing(problem)
    top = int(placing.cost.max(initial=0))
    if len(placing.blocks) <= EXACT and len(placing.blocks) * len(problem.slots) <= 40:
        slots, limit, proven = _exactly(placing, top, ended)
        if slots is not None:
            found = placing.solution(slots, limit)
            on_better(found)
            return found, proven
    slots, limit = _anneal(placing, seed, top, ended, on_better, rounds)
    return placing.solution(slots, limit), False


def _exactly(placing: Placing, top: int, ended: Callable[[], bool]) -> tuple[list[Key] | None, int, bool]:
    """The lowest threshold at which a partition exists (bisection), then the least sum; (None, ..) without time."""
    low, high = 0, top
    best: tuple[int, list[Key]] | None = None
    while low <= high and not ended():
        middle = (low + high) // 2
        found = _partition(placing, middle, ended)
        if found is not None and found[0] < OVER:
            best, high = (middle, found[1]), middle - 1
        else:
            low = middle + 1
    if best is None:
        return None, top, False
    return best[1], best[0], not ended()


def _partition(placing: Placing, limit: int, ended: Callable[[], bool]) -> tuple[int, list[Key]] | None:
    """The cheapest way to deal all blocks onto the slots, by subsets; None without time."""
    blocks, many = placing.blocks, len(placing.problem.slots)
    full = (1 << len(blocks)) - 1
    tables: list[dict[int, tuple[int, int]]] = []
    value: dict[int, int] = {0: 0}
    for t in range(many):
        table: dict[int, tuple[int, int]] = {}
        for before, cost in value.items():
            rest = full & ~before
            part = rest
            while True:
                if t < many - 1 or part == rest:
                    if ended():
                        return None
                    here = cost + _slot_cost(placing, t, part, limit)
                    union = before | part
                    if union not in table or here < table[union][0]:
                        table[union] = (here, before)
                if part == 0:
                    break
                part = (part - 1) & rest
        tables.append(table)
        value = {union: cost for union, (cost, _) in table.items() if cost < MISSING}
    if full not in tables[-1]:
        return None
    total, state, slots = tables[-1][full][0], full, []
    for t in reversed(range(many)):
        before = tables[t][state][1]
        slots.append(frozenset(s for at, block in enumerate(blocks) if (state & ~before) >> at & 1 for s in block))
        state = before
    return total, slots[::-1]


def _slot_cost(placing: Placing, t: int, part: int, limit: int) -> int:
    sessions = frozenset(s for at, block in enumerate(placing.blocks) if part >> at & 1 for s in block)
    problem, slot = placing.problem, placing.problem.slots[t]
    chosen: list[Session] = [problem.sessions[s] for s in sessions]
    names = {session.id for session in chosen}
    most = len(problem.sessions) if slot.most is None else slot.most
    wrong = not slot.least <= len(sessions) <= most or any(
        session.conflicts & names or (session.slots is not None and slot.id not in session.slots) for session in chosen
    )
    return MISSING if wrong else placing.slot_value(t, sessions, limit)[0]


def _anneal(
    placing: Placing,
    seed: int,
    top: int,
    ended: Callable[[], bool],
    on_better: Callable[[Solution], None],
    rounds: int | None,
) -> tuple[list[Key], int]:
    dice = random.Random(seed)
    slots = _spread(placing, dice)
    limit = max(1, top // 2)
    now = best_value = placing.value(slots, limit)
    best, heat, tried, told, again, fresh = list(slots), 1.0, 0, 0, 0, True
    while not ended() and (rounds is None or tried < rounds):
        tried += 1
        other = _changed(placing, slots, dice)
        value = placing.value(other, limit)
        if value <= now or dice.random() < math.exp((now - value) / (heat * 4000)):
            slots, now = other, value
        heat = max(0.02, heat * 0.9985)
        if now < best_value:
            best, best_value, fresh = list(slots), now, True
        if fresh and best_value < MISSING and (not told or tried - told > TOLD_EVERY):
            on_better(placing.solution(best, limit))
            told, fresh = tried, False
        if best_value < OVER and tried >= again:
            again = tried + 200
            lower = placing.worst(best, limit) - 1
            trial = placing.value(best, lower)
            if trial < MISSING:
                # Try one lower; what was best stays the answer until the lower threshold is met.
                before = limit
                slots, limit, best, best_value, now = _lower(placing, best, lower, limit, ended, dice)
                again = tried if limit < before else again
    return best, limit


def _lower(
    placing: Placing, best: list[Key], lower: int, limit: int, ended: Callable[[], bool], dice: random.Random
) -> tuple[list[Key], int, list[Key], int, int]:
    """Descend at a lower threshold for a while; back to the old one if it is not met."""
    slots, now, idle = list(best), placing.value(best, lower), 0
    while now >= OVER and idle < 400 and not ended():
        other = _changed(placing, slots, dice)
        value = placing.value(other, lower)
        idle = 0 if value < now else idle + 1
        if value <= now or dice.random() < 0.02:
            slots, now = other, value
    if now < OVER:
        return slots, lower, list(slots), now, now
    return list(best), limit, list(best), placing.value(best, limit), placing.value(best, limit)


def _spread(placing: Placing, dice: random.Random) -> list[Key]:
    """Blocks dealt out in turn: equal numbers of places in all slots."""
    slots: list[set[int]] = [set() for _ in placing.problem.slots]
    for block in sorted(placing.blocks, key=lambda b: (-len(b), dice.random())):
        best = min(
            range(len(slots)),
            key=lambda t: (
                placing.structure([frozenset(s | (block if t == k else set())) for k, s in enumerate(slots)]),
                len(slots[t]),
            ),
        )
        slots[best] |= block
    return [frozenset(each) for each in slots]


def _changed(placing: Placing, slots: list[Key], dice: random.Random) -> list[Key]:
    """Two blocks trade slots, or one moves."""
    found = [set(each) for each in slots]
    of = {s: t for t, each in enumerate(found) for s in each}
    one, two = dice.sample(placing.blocks, 2) if len(placing.blocks) > 1 else (placing.blocks[0],) * 2
    a, b = of[min(one)], of[min(two)]
    if dice.random() < 0.3:
        b, two = dice.randrange(len(found)), frozenset()
    found[a] -= one
    found[b] -= two
    found[a] |= two
    found[b] |= one
    return [frozenset(each) for each in found]
