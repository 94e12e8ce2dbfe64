"""The oracle is right about tiny conferences: its model equals trying everything."""

import pytest

from tests.solver.oracle import counting
from tests.solver.oracle.enumerate import TooMany, everything
from tests.solver.oracle.exact import Exact
from tests.solver.oracle.generator import TINIEST, conference


@pytest.mark.parametrize("first", range(0, 120, 30))
def test_the_exact_model_equals_trying_everything(first: int) -> None:
    compared = 0
    for number in range(first, first + 30):
        problem, preset = conference(number, TINIEST)
        try:
            tried = everything(problem, preset, 4_000)
        except TooMany:
            continue
        assert Exact(problem, preset).truth().best == tried.best(), number
        compared += 1
    assert compared >= 20


def test_what_the_exact_model_shows_is_lawful_and_counts_as_it_says() -> None:
    for number in range(40):
        problem, preset = conference(number)
        exact = Exact(problem, preset)
        truth = exact.truth()
        if truth.allocation is not None:
            counted = counting.values(problem, truth.allocation, preset)
            assert counting.lawful(problem, truth.allocation), number
            assert all(aim.keeps(counted[aim.name], aim.limit(truth.best[aim.name])) for aim in exact.aims), number
            last = exact.aims[-1].name
            assert counted[last] == truth.best[last], number
