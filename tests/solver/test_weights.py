"""What a flow minimises: the order of importance holds, and numbers that leave 64 bits are said to."""

import numpy as np
import pytest

from solver.flow.network import Arcs
from solver.flow.weights import PERCENT, SHORTFALL, Weights, weights_for


@pytest.mark.parametrize("best", [1, 100, 1000, 100_000])
@pytest.mark.parametrize("mix", [0, 1, 64])
def test_nothing_lower_outweighs_one_unit_of_what_stands_above(best: int, mix: int) -> None:
    chain = 300

    weights = Weights.of(chain, best, points=16, mix=mix, even=3)

    wish = 16 * best * (PERCENT if mix else 1)
    base = chain * (wish + 2 * PERCENT * mix) + 8 * 3
    assert weights.worst > base
    assert weights.kept > base + chain * SHORTFALL * weights.worst
    assert weights.unplaced > base + chain * (SHORTFALL * weights.worst + weights.kept)
    assert weights.minimum > 2 * weights.unplaced


@pytest.mark.parametrize("mix", [0, 64])
def test_a_price_of_the_worst_off_is_in_points_and_makes_nothing_dearer_than_it_must_be(mix: int) -> None:
    chain = 300

    weights = Weights.of(chain, points=16, mix=mix, worst=8, kept=False)

    step = PERCENT if mix else 1
    assert weights.worst == 8 * 16 * step
    lower = chain * (16 * 100 * step + 2 * PERCENT * mix + SHORTFALL * weights.worst)
    assert lower < weights.unplaced <= lower + 1


def test_weights_that_would_leave_64_bits_hold_for_shorter_chains() -> None:
    weights = weights_for(chain=40_000, nodes=100_000, best=100, points=16, mix=64)

    assert weights.fits(100_000)
    assert 0 < weights.chain < 40_000


def test_weights_that_cannot_fit_at_all_say_so() -> None:
    with pytest.raises(OverflowError, match="64 bits"):
        weights_for(chain=10, nodes=100_000, best=10**15)


def _line(cost: int) -> Arcs:
    """Ten nodes in a row."""
    arcs = Arcs()
    arcs.add(np.arange(9), np.arange(1, 10), 5, cost)
    return arcs


def _ends(amount: int) -> np.ndarray:
    supply = np.zeros(10, dtype=np.int64)
    supply[0], supply[9] = amount, -amount
    return supply


def test_a_flow_whose_costs_leave_64_bits_is_an_error_not_an_answer() -> None:
    with pytest.raises(OverflowError):
        _line(10**18).solve(_ends(5))


def test_a_network_that_cannot_carry_the_flow_has_none() -> None:
    assert _line(1).solve(_ends(6)) is None
    assert _line(1).solve(_ends(5)) is not None
