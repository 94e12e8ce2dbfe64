"""Runs end well whatever the tests' one fork server has imported: who needed it first decided that."""

import subprocess
import sys

import pytest

from planner.config import ROOT

SOLVED = """
from solver import Settings, solve_apart
from tests import forkservers
from tests.planner import warm
from tests.solver.makers import problem

if __name__ == "__main__":
    assert forkservers.begins_with({first!r})
    with warm.children():
        print(solve_apart(problem(), Settings(time_limit=2, workers=1)))
"""


@pytest.mark.parametrize("first", ["tests.planner.warmed", "tests.faults.queue"])
def test_a_run_ends_well_whoever_began_the_fork_server(first: str) -> None:
    """Once all runs of a worker failed where the campaign of the queue had come first."""
    script = SOLVED.format(first=first)
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=240, check=True
    )

    assert "<Status.OPTIMAL: 'optimal'>" in ran.stdout
