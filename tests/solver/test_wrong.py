"""Kept conferences on which something false was once said: nothing of what is said now is false."""

from pathlib import Path

import pytest

from solver import Preset, Problem, Settings, solve
from tests.solver.oracle.claims import findings
from tests.solver.oracle.exact import Exact

FOLDER = Path(__file__).parent / "instances" / "wrong"
W, B, M, R = Preset.WISHES_FIRST, Preset.BALANCED, Preset.MIX_FIRST, Preset.REPAIR
REACHED_BY_NOBODY = {
    1: W,
    9: M,
    14: W,
    16: M,
    22: B,
    25: B,
    29: M,
    32: W,
    33: B,
    52: W,
    53: M,
    55: W,
    60: B,
    75: W,
    90: W,
}
BOUND_BEYOND_THE_TRUTH = {819: M, 925: B, 2116: B, 2180: B}
ENDED_WITHOUT_A_WORD = {421: M, 811: B, 1307: B, 1639: R, 1404: B, 1408: B, 1624: B}


@pytest.mark.parametrize(
    ("number", "preset"), [*REACHED_BY_NOBODY.items(), *BOUND_BEYOND_THE_TRUTH.items(), *ENDED_WITHOUT_A_WORD.items()]
)
def test_what_is_said_of_a_conference_is_true(number: int, preset: Preset) -> None:
    problem = Problem.from_json((FOLDER / f"{number}.json").read_text())
    exact = Exact(problem, preset)
    truth = exact.truth()

    found = solve(problem, Settings(preset=preset, time_limit=5, workers=1))

    assert found.status.has_answer
    assert findings(problem, preset, found, exact, truth) == []
