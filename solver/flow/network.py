"""Arcs of a min-cost or a maximum flow, gathered as arrays and solved."""

import numpy as np
from ortools.graph.python import max_flow, min_cost_flow

from solver.flow.numbers import Numbers

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
        """The flow on each arc; None when the network cannot carry it.

        supply: what each node gives, or takes where it is negative; by node, summing to 0.
        Raises OverflowError where costs or their sum over all arcs would leave 64 bits, or where OR-Tools says so.
        """
        tail, head, capacity, cost = (np.concatenate(parts) for parts in zip(*self.pieces, strict=True))
        _check(capacity, cost, len(supply))
        flow = min_cost_flow.SimpleMinCostFlow()
        arcs = flow.add_arcs_with_capacity_and_unit_cost(
            tail.astype(np.int32), head.astype(np.int32), capacity.astype(np.int64), cost.astype(np.int64)
        )
        nodes = np.arange(len(supply), dtype=np.int32)
        flow.set_nodes_supplies(nodes, np.asarray(supply, dtype=np.int64))
        status = flow.solve()
        if status in (flow.BAD_COST_RANGE, flow.BAD_CAPACITY_RANGE, flow.BAD_RESULT):
            raise OverflowError(f"the flow's numbers are too large: {status}")
        if status != flow.OPTIMAL:
            return None
        return np.asarray(flow.flows(arcs), dtype=np.int64)

    def most(self, source: int, sink: int) -> int:
        """How much can flow from source to sink, whatever it costs. Raises OverflowError where OR-Tools says so."""
        tail, head, capacity, _ = (np.concatenate(parts) for parts in zip(*self.pieces, strict=True))
        flow = max_flow.SimpleMaxFlow()
        flow.add_arcs_with_capacity(tail.astype(np.int32), head.astype(np.int32), capacity.astype(np.int64))
        status = flow.solve(source, sink)
        if status != flow.OPTIMAL:
            raise OverflowError(f"the flow's numbers are too large: {status}")
        return int(flow.optimal_flow())

    def cost_of(self, flow: Numbers) -> int:
        """What a flow on all arcs costs."""
        return int((np.concatenate([piece[3] for piece in self.pieces]) * flow).sum())


def _check(capacity: Numbers, cost: Numbers, nodes: int) -> None:
    """OR-Tools multiplies costs by the number of nodes, and its answer's cost is a sum over all arcs."""
    largest = float(np.abs(cost).max(initial=0)) * (nodes + 1)
    total = float((np.abs(cost).astype(np.float64) * capacity).sum())
    if max(largest, total) >= 2.0**63:
        raise OverflowError(f"the flow's costs are too large: {largest:.3g} at most, {total:.3g} in all")
