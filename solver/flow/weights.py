"""What a flow minimises: whole numbers in falling order of importance, derived from the problem."""

import logging
from dataclasses import dataclass

from solver.judge import scores

log = logging.getLogger(__name__)

PERCENT = 100
"""Mix is counted in hundredths of a person."""
LARGEST = 2**63 - 1
"""OR-Tools' flow counts in 64 bits."""
STRONGEST = 4
"""The dearest arc costs so many times the dearest weight: a lock that forbids must outweigh one that demands."""
PATH = 16
"""The dearest arcs on one path, amply: where it is not enough the flow says so itself."""
SHORTFALL = sum(cost for _, cost in scores.STEPS)
"""The most that one person adds to the worst-off value."""


@dataclass(frozen=True)
class Weights:
    """What a flow minimises, in falling order of importance.

    minimum: per person that a meeting lacks of its minimum, or that a lock demands elsewhere.
    unplaced: per person without a place.
    kept: per person who leaves her earlier place.
    worst: per unit of the worst-off value.
    points, mix: per rank point (times PERCENT where mix counts), per hundredth of a person too many or too few.
    even: per person by which sizes differ.
    planned: per listed pair that a plan over all slots chose: as much as four first wishes.
    soon: per person whom a later slot needs here: as much as two first wishes.
    chain: for how many people who change places for one unit of what stands above the order holds.
    """

    minimum: int
    unplaced: int
    kept: int
    worst: int
    points: int
    mix: int = 0
    even: int = 0
    planned: int = 0
    soon: int = 0
    chain: int = 0

    @classmethod
    def of(
        cls,
        chain: int,
        best: int = 100,
        points: int = 1,
        mix: int = 0,
        even: int = 0,
        worst: int | None = None,
        kept: bool = True,
    ) -> "Weights":
        """Lexicographic: nothing lower can outweigh one unit of what stands above.

        A flow that is not the best differs from the best one by cycles of its residual network, each of which passes
        every node once at most (Ahuja, Magnanti, Orlin, Network Flows, 1993, ch. 3). So one unit of what stands above
        is exchanged for the places of so many people at most as there are nodes that people enter (`chain`), and for
        two arcs into the sink, where minima and gaps are counted.

        chain: people in such a cycle at most, see `chain_of`. best: rank points of a first wish. worst: a price in
        points at which the worst-off value and wishes are weighed against each other; None: one unit of it stands
        above all wishes, 0: it does not count.
        """
        step = PERCENT if mix else 1
        lower = chain * (points * best * step + 2 * PERCENT * mix) + 8 * even
        per_worst = lower + 1 if worst is None else worst * points * step
        lower += chain * SHORTFALL * per_worst
        per_kept = lower + 1 if kept else 0
        lower += chain * per_kept
        unplaced = lower + 1
        wish = points * best * step
        return cls(
            2 * unplaced + lower + 1, unplaced, per_kept, per_worst, points, mix, even, 4 * wish, 2 * wish, chain
        )

    def fits(self, nodes: int) -> bool:
        """Whether a flow over so many nodes can count with them: it multiplies costs by the number of nodes.

        Prices of nodes add up costs along paths; a few of the dearest arcs stand on one.
        """
        return self.minimum * STRONGEST * PATH * (nodes + 1) <= LARGEST


def weights_for(
    chain: int,
    nodes: int,
    best: int,
    points: int = 1,
    mix: int = 0,
    even: int = 0,
    worst: int | None = None,
    kept: bool = True,
) -> Weights:
    """Weights that a flow over so many nodes can count with.

    Where the whole chain would leave 64 bits the order holds for shorter chains only, and the log says so: such
    weights may spend a unit of what stands above for a great many of what stands below. They guide a search; nothing
    is claimed by them.

    Raises OverflowError if not even chains of one person fit.
    """
    whole = chain
    while chain:
        found = Weights.of(chain, best, points, mix, even, worst, kept)
        if found.fits(nodes):
            if chain < whole:
                log.info("weights are in order for chains of %d people, not %d", chain, whole)
            return found
        chain //= 2
    raise OverflowError(f"no weights for {nodes} nodes and {best} points fit into 64 bits")


def chain_of(people: int, meetings: int, groups: int, classes: int) -> int:
    """The most people who can change places in one cycle of a slot's network.

    Two of them stand between any two nodes that people enter: meetings (or groups within), hubs of classes, the sink.
    """
    return max(1, min(people, meetings * max(1, groups) + classes + 1))
