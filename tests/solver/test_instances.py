"""Kept instances: what was reached once is reached again, and no proven bound is ever beaten."""

import json
from pathlib import Path

import pytest

from solver import Preset, Problem, Settings, goal, solve, verify

FOLDER = Path(__file__).parent / "instances"
KNOWN = json.loads((FOLDER / "best.json").read_text())
NEAR = 0.03
"""On a machine under load a search may end this much earlier."""


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_the_best_known_value_is_reached_and_no_bound_is_beaten(name: str) -> None:
    problem = Problem.from_json((FOLDER / f"{name}.json").read_text())

    found = solve(problem, Settings(preset=Preset.WISHES_FIRST, time_limit=6))

    assert verify(problem, found) == []
    wishes, known = goal(found, "wishes"), KNOWN[name]["wishes"]
    assert wishes is not None
    assert wishes.value <= known["bound"] + 1e-6
    assert wishes.value >= known["best"] * (1 - NEAR)
    unplaced = goal(found, "unplaced")
    assert unplaced is not None
    assert unplaced.value == KNOWN[name]["unplaced"]["best"]


def test_every_kept_instance_has_its_best_known_values() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == {"best", *KNOWN}
