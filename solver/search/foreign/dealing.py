"""Which session runs in which slot, where people are seated once per slot and slots are otherwise independent.

Given the sessions of a slot its people are one min-cost flow, remembered by the set of sessions; so a swap of two
sessions costs two flows. Few sessions: every set is tried (subsets.py). Many: simulated annealing (annealing.py).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from solver.flow.network import Arcs
from solver.problem import Meeting, Problem, Room, Seat, Session, Solution, Status
from solver.problem.eligibility import working_languages

Key = frozenset[int]
"""Sessions by their place in the problem."""
LARGEST = 2**62
REMEMBERED = 50_000
"""Flows that are remembered at once: some hundred megabytes at 300 people."""


def fits(problem: Problem) -> bool:
    """wassign's kind: each session once, everybody somewhere in every slot, costs of single assignments count.

    What else the problem asks is left aside: an answer is verified, and the best of a relaxation that keeps every rule
    is the best. But nothing may be asked here that the problem does not ask.
    """
    everywhere = problem.full_day and not problem.unplaced_allowed and all(p.attends for p in problem.participants)
    whole = all(float(rating).is_integer() for p in problem.participants for rating in p.ratings.values())
    once = all(s.duration == 1 and s.offered == 1 and _rooms(problem, s) for s in problem.sessions)
    fine = problem.objective == "cubes" and everywhere and whole and once and not problem.flexible
    return fine and _missing(problem) * 10 * _most_missing(problem) < LARGEST


def _rooms(problem: Problem, session: Session) -> list[Room]:
    return [room for room in problem.rooms if session.features <= room.features]


def _highest(problem: Problem) -> int:
    return round(max((max(person.ratings.values(), default=0) for person in problem.participants), default=0))


def _missing(problem: Problem) -> int:
    """More than any sum of costs: a missing place, must or minimum outweighs everything else."""
    lowest = min((min(person.ratings.values(), default=0) for person in problem.participants), default=0)
    top = _highest(problem) - round(min(0, lowest))
    return len(problem.participants) * len(problem.slots) * top**3 + 1


def _most_missing(problem: Problem) -> int:
    """As many as can ever be missing: of people, minima and musts, and of what the programme must have."""
    minima = sum(session.minimum for session in problem.sessions)
    people = len(problem.participants) * (len(problem.slots) + len(problem.sessions))
    return minima + people + len(problem.sessions) * (len(problem.sessions) + 3) + 1


@dataclass
class Deal:
    """Sessions in blocks that share a slot; `cost` P x S, -1 where somebody must not go.

    `missing` is the price of a missing place. A `limit` is the largest cost that a single assignment may have.
    """

    problem: Problem
    known: dict[tuple[int, Key, int], tuple[int, NDArray[np.int64]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.problem
        column = {session.id: at for at, session in enumerate(problem.sessions)}
        highest, self.missing = _highest(problem), _missing(problem)
        self.cost = np.zeros((len(problem.participants), len(problem.sessions)), dtype=np.int64)
        self.must = np.zeros(self.cost.shape, dtype=bool)
        for row, person in enumerate(problem.participants):
            self.cost[row] = [highest - round(person.ratings.get(session, 0)) for session in column]
            for session in person.required:
                self.cost[row, column[session]] = 0
                self.must[row, column[session]] = True
        rows = {person.id: row for row, person in enumerate(problem.participants)}
        for lock in problem.locks:
            if lock.never:
                self.cost[rows[lock.participant], column[lock.session]] = -1
        self.blocks = _blocks(problem, column)
        self.optional = [all(problem.sessions[s].may_be_cancelled for s in block) for block in self.blocks]
        self.differ = any(person.slots is not None for person in problem.participants)
        self.least = np.array([session.minimum for session in problem.sessions], dtype=np.int64)
        unbounded = len(problem.participants)
        self.most = np.array([unbounded if s.maximum is None else s.maximum for s in problem.sessions], dtype=np.int64)
        self.rows = [
            np.flatnonzero([problem.present(person, slot.id) for person in problem.participants])
            for slot in problem.slots
        ]

    @property
    def top(self) -> int:
        return int(self.cost.max(initial=0))

    def slot_value(self, t: int, sessions: Key, limit: int) -> tuple[int, NDArray[np.int64]]:
        """The cost of a slot with these sessions, `missing` times what is missing; and each person's session or -1."""
        key = (t if self.differ else 0, sessions, limit)
        if key not in self.known:
            if len(self.known) >= REMEMBERED:
                self.known.clear()
            self.known[key] = _seated(self, t, sessions, limit)
        return self.known[key]

    def structure(self, slots: list[Key]) -> int:
        """What counting says of the programme itself: sizes of slots, allowed slots, conflicts."""
        broken = sum(self.wrong(t, sessions) for t, sessions in enumerate(slots))
        held = {s for sessions in slots for s in sessions}
        return broken + sum(at not in held and not s.may_be_cancelled for at, s in enumerate(self.problem.sessions))

    def wrong(self, t: int, sessions: Key) -> int:
        """How much is wrong with these sessions side by side in slot t."""
        slot, chosen = self.problem.slots[t], [self.problem.sessions[s] for s in sessions]
        names = {session.id for session in chosen}
        broken = max(0, slot.least - len(chosen))
        broken += 0 if slot.most is None else max(0, len(chosen) - slot.most)
        broken += sum(session.slots is not None and slot.id not in session.slots for session in chosen)
        return broken + sum(len(session.conflicts & names) for session in chosen)

    def value(self, slots: list[Key], limit: int) -> int:
        people = sum(self.slot_value(t, sessions, limit)[0] for t, sessions in enumerate(slots))
        return self.missing * 10 * self.structure(slots) + people

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
                room, language = _rooms(problem, session)[0], working_languages(session)[0]
                meetings.append(Meeting(f"{session.id}@{slot}", session.id, slot, room.id, language))
            for row, s in enumerate(self.slot_value(t, sessions, limit)[1]):
                if s >= 0:
                    name = f"{problem.sessions[s].id}@{slot}"
                    seats.append(Seat(problem.participants[row].id, slot, name))
        return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))


def _blocks(problem: Problem, column: dict[str, int]) -> list[Key]:
    """Sessions that must run side by side move together."""
    block = {at: {at} for at in column.values()}
    for session in problem.sessions:
        for other in session.beside:
            merged = block[column[session.id]] | block[column[other]]
            for each in merged:
                block[each] = merged
    return sorted({frozenset(each) for each in block.values()}, key=min)


def _seated(deal: Deal, t: int, sessions: Key, limit: int) -> tuple[int, NDArray[np.int64]]:
    """One flow: people -> the sessions that cost them `limit` at most -> away, minima by a prize."""
    rows, columns = deal.rows[t], np.array(sorted(sessions), dtype=np.int64)
    nobody = np.full(len(deal.cost), -1, dtype=np.int64)
    least, most = deal.least[columns], deal.most[columns]
    if not len(columns) or not len(rows):
        return deal.missing * (len(rows) + int(least.sum())), nobody
    cost, forced = deal.cost[np.ix_(rows, columns)], deal.must[np.ix_(rows, columns)]
    n, k, missing = len(rows), len(columns), deal.missing
    i, j = np.nonzero((cost >= 0) & (cost <= limit))
    arcs = Arcs()
    used = arcs.add(i, n + j, 1, (cost**3 - np.where(forced, missing, 0))[i, j])
    doors = n + np.arange(k)
    first = arcs.add(doors, n + k, least, -missing)
    arcs.add(doors, n + k, most - least, 0)
    gone = arcs.add(np.arange(n), n + k, 1, missing)
    flow = arcs.solve(np.array([1] * n + [0] * k + [-n]))
    if flow is None:
        return missing * (n + int(least.sum() + forced.sum())), nobody
    taken = flow[used] > 0
    nobody[rows[i[taken]]] = columns[j[taken]]
    lacking = int((least - flow[first]).sum() + flow[gone].sum() + forced.sum() - forced[i[taken], j[taken]].sum())
    return int((cost[i[taken], j[taken]] ** 3).sum()) + missing * lacking, nobody


def bounds(problem: Problem) -> dict[str, float]:
    """What each person's cheapest sessions cost, if everybody had a programme of her own."""
    deal = Deal(problem)
    if deal.differ:
        return {"worst_pair": 0.0, "cubes": 0.0}
    cost = np.where(deal.cost < 0, deal.cost.max(initial=0), deal.cost)
    cheapest = np.sort(cost, axis=1)[:, : len(problem.slots)]
    return {"worst_pair": float(cheapest.max(initial=0)), "cubes": float(((cheapest / 100) ** 3).sum())}


def improve(
    problem: Problem, seed: int, ended: Callable[[], bool], on_better: Callable[[Solution], None], rounds: int | None
) -> tuple[Solution, bool]:
    """The best programme found, and whether it is proven; every better one is told.

    `ended` is asked between two flows; `rounds` limits the moves where no clock counts.
    """
    from solver.search.foreign import annealing, subsets

    deal = Deal(problem)
    if subsets.fits(deal):
        slots, limit, proven = subsets.best(deal, ended)
        if slots is not None:
            found = deal.solution(slots, limit)
            on_better(found)
            return found, proven
    slots, limit = annealing.best(deal, seed, ended, on_better, rounds)
    return deal.solution(slots, limit), False
