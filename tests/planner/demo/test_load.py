"""The demonstration in the tables: whole, allocatable, and able to step through time."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from planner import allocations, clock
from planner.conferences import PHASES, go_to
from planner.demo.load import load
from planner.demo.reading import read_duisburg
from planner.models import Conference
from solver import Preset, Settings, goal, solve, verify
from tests import factories as make


@pytest.fixture
def duisburg(app: Flask) -> Conference:
    return load(read_duisburg(), make.user(), datetime.now(UTC))


def test_everything_of_the_files_is_in_the_tables(duisburg: Conference) -> None:
    data = read_duisburg()

    assert len(duisburg.participants) == len(data.participants)
    assert [session.title for session in duisburg.sessions] == [session.title for session in data.sessions]
    assert sum(len(person.submissions) for person in duisburg.participants) == len(data.submissions)


@pytest.mark.parametrize("phase", PHASES)
def test_the_clock_steps_into_each_phase(duisburg: Conference, phase: str) -> None:
    go_to(duisburg, phase, clock.now())
    now = clock.now(duisburg)

    assert duisburg.takes_submissions(now) == (phase == "call")
    assert duisburg.takes_wishes(now) == (phase in {"call", "wishes"})
    assert phase == "call" or duisburg.phase(now) == phase


def test_everybody_of_the_demonstration_gets_a_place(duisburg: Conference) -> None:
    problem = allocations.problem_of(duisburg, "test", clock.now())

    found = solve(problem, Settings(preset=Preset.WISHES_FIRST, time_limit=20))

    assert verify(problem, found) == []
    unplaced = goal(found, "unplaced")
    assert unplaced is not None
    assert unplaced.value == 0
