"""Which sessions are placed anew next: those with shared wishes, close in time, with unmet demand, or by chance.

Removal by relatedness (Shaw, 1998), several ways taken in turn (Pisinger and Ropke, Large Neighborhood Search, 2010).
"""

import random

from solver.search.foreign.programme import Answer, Place

FEWEST, MOST = 4, 14


class Chooser:
    """The number of free sessions grows where neighbourhoods are solved to the end, and shrinks else."""

    def __init__(self, place: Place, seed: int):
        self.place, self.dice, self.size = place, random.Random(seed), 7.0
        self.movable = sorted(s for s, spots in place.starts.items() if len(spots) > 1)
        self.shared: dict[str, dict[str, int]] = {a: self._with(a) for a in self.movable}

    def _with(self, session: str) -> dict[str, int]:
        mine = set(self.place.wanting.get(session, ()))
        return {other: len(mine & set(self.place.wanting.get(other, ()))) for other in self.movable}

    def next(self, base: Answer) -> set[str]:
        many = min(len(self.movable), max(FEWEST, round(self.size)))
        kind = self.dice.choice((self._related, self._close, self._unmet, self._any))
        return set(kind(base, many))

    def _related(self, base: Answer, many: int) -> list[str]:
        first = self.dice.choice(self.movable)
        return sorted(self.movable, key=lambda s: (-self.shared[first][s] * self.dice.random(), s))[:many]

    def _close(self, base: Answer, many: int) -> list[str]:
        middle = self.dice.randrange(len(self.place.problem.slots))
        return sorted(self.movable, key=lambda s: (abs(base.programme[s][0] - middle) + self.dice.random(), s))[:many]

    def _unmet(self, base: Answer, many: int) -> list[str]:
        def lost(session: str) -> float:
            return (len(self.place.wanting.get(session, ())) - len(base.attends.get(session, ()))) * self.dice.random()

        return sorted(self.movable, key=lambda s: (-lost(s), s))[:many]

    def _any(self, base: Answer, many: int) -> list[str]:
        return self.dice.sample(self.movable, many)

    def learn(self, found: Answer | None, better: bool) -> None:
        if found is None or not found.proven:
            self.size = max(FEWEST, self.size - 0.5)
        elif not better:
            self.size = min(MOST, self.size + 0.15)
