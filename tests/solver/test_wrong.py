"""Kept conferences on which something false was once said: nothing of what is said now is false."""

import json
from pathlib import Path

import pytest

from solver import Preset, Problem, Settings, solve
from tests.solver.oracle.claims import findings
from tests.solver.oracle.exact import Exact, Truth
from tests.solver.oracle.laws import unit

FOLDER = Path(__file__).parent / "instances" / "wrong"
KNOWN = json.loads((FOLDER / "truth.json").read_text())
"""By name: the preset, what was said wrongly, and each goal's optimum in whole parts with how many parts one has."""
PATIENCE = 600.0
"""Seconds for the exact model, which needs three on a quiet machine."""
SLOW = {"53"}
"""The exact model needs twenty seconds for its optimum."""


def _asked(name: str) -> tuple[Problem, Preset]:
    return Problem.from_json((FOLDER / f"{name}.json").read_text()), Preset(KNOWN[name]["preset"])


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_said_of_a_conference_is_true(name: str) -> None:
    problem, preset = _asked(name)

    found = solve(problem, Settings(preset=preset, time_limit=3, workers=1))

    assert found.status.has_answer
    truth = Truth({goal: whole for goal, (whole, _) in KNOWN[name]["truth"].items()}, found)
    assert findings(problem, preset, found, Exact(problem, preset, PATIENCE), truth) == []


@pytest.mark.parametrize("name", sorted(KNOWN.keys() - SLOW))
def test_its_kept_optimum_is_the_exact_models(name: str) -> None:
    problem, preset = _asked(name)

    best = Exact(problem, preset, PATIENCE).truth().best

    assert {goal: [whole, unit(problem, goal)] for goal, whole in best.items()} == KNOWN[name]["truth"]


def test_every_kept_conference_has_its_optimum() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == {"truth", *KNOWN}


@pytest.mark.shared_data
def test_every_one_that_was_handed_to_us_is_kept(shared_data: Path) -> None:
    theirs = {file.stem: file.read_text() for file in (shared_data / "wrong").glob("*.json")}

    assert theirs.keys() == KNOWN.keys()
    assert [name for name, text in theirs.items() if Problem.from_json(text) != _asked(name)[0]] == []
