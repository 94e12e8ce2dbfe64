"""A first lawful choice: meetings with too few of a group are closed to it, the emptiest first, until none is left."""

import numpy as np

from solver.flow.network import Arcs
from solver.flow.numbers import NOBODY, Flags, Numbers
from solver.search.company.places import Places


def by_closing(places: Places) -> Numbers:
    """n: the meeting of each, by number, -1 for none.

    Each round a flow seats these people alone at the least cost; then of the meetings that have too few of a group the
    emptier half is closed to it. Chairs are kept, other rules are left to whoever betters this.
    """
    open_ = np.ones(len(places.i), dtype=bool)
    while True:
        seat = _flow(places, open_)
        shut = np.zeros(len(places.i), dtype=bool)
        for least, group in places.groups:
            inside = np.isin(places.i, group)
            here = seat[group]
            counts = np.bincount(here[here >= 0], minlength=len(places.chairs))
            lonely = np.flatnonzero((counts > 0) & (counts < least))
            emptier = lonely[np.argsort(counts[lonely], kind="stable")][: (len(lonely) + 1) // 2]
            shut |= inside & np.isin(places.j, emptier)
        if not shut.any():
            return seat
        open_ &= ~shut


def _flow(places: Places, open_: Flags) -> Numbers:
    """Everybody at the least cost, without a place at none."""
    n, k = len(places.people), len(places.chairs)
    arcs, sink = Arcs(), n + k
    ways = arcs.add(places.i[open_], n + places.j[open_], 1, places.cost[open_])
    arcs.add(np.arange(n), np.int64(sink), 1, 0)
    arcs.add(n + np.arange(k), np.int64(sink), places.chairs, 0)
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:n], supply[sink] = 1, -n
    flow = arcs.solve(supply)
    seat = np.full(n, NOBODY)
    if flow is not None:
        used = np.flatnonzero(open_)[flow[ways] > 0]
        seat[places.i[used]] = places.j[used]
    return seat
