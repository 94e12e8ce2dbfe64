"""Arcs of a min-cost flow, gathered as arrays and solved."""

import numpy as np
from ortools.graph.python import min_cost_flow

from solver.flow.arrays import Numbers

Ids = Numbers | np.int64 | int


class Arcs:
    """Arrays of arcs, gathered in pieces."""

    def __init__(self) -> None:
        self.pieces: list[tuple[Numbers, Numbers, Numbers, Numbers]] = []
        self.count = 0

    def add(self, tail: Ids, head: Ids, capacity: Ids, cost: Ids) -> slice:
        """Adds arcs, element by element; returns where they stand."""
        tail, head, capacity, cost = np.broadcast_arrays(tail, head, capacity, cost)
        self.pieces.append((tail.ravel(), head.ravel(), capacity.ravel(), cost.ravel()))
        before, self.count = self.count, self.count + tail.size
        return slice(before, self.count)

    def solve(self, supply: dict[int, int] | Numbers) -> Numbers | None:
        """The flow on each arc; None when the network cannot carry it or its numbers are too large."""
        tail, head, capacity, cost = (np.concatenate(parts) for parts in zip(*self.pieces, strict=True))
        flow = min_cost_flow.SimpleMinCostFlow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(
            tail.astype(np.int32), head.astype(np.int32), capacity.astype(np.int64), cost.astype(np.int64)
        )
        nodes = np.arange(len(supply), dtype=np.int32)
        flow.set_nodes_supplies(nodes, np.asarray(supply, dtype=np.int64))
        if flow.solve() != flow.OPTIMAL:
            return None
        return np.asarray(flow.flows(arcs), dtype=np.int64)
