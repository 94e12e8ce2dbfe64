"""The arrays say of everybody what the judge says by plain counting."""

import pytest

from solver.flow.arrays import Arrays
from solver.judge import scores
from tests.solver.oracle.generator import Size, conference


@pytest.mark.parametrize("seed", range(40))
def test_what_everybody_needs_for_each_step_is_what_the_judge_counts(seed: int) -> None:
    given = conference(seed, Size(8, 5, 3, 4))[0]
    arrays = Arrays(given)

    for at, person in enumerate(given.participants):
        counts = person.attends and bool(person.favourites)
        expected = [points for points, _ in scores.needed(given, person)] if counts else [0] * len(scores.STEPS)
        assert arrays.need[at].tolist() == expected
