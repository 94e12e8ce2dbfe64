"""A solver that dies, hangs or lies does no harm."""

import os
import time
from multiprocessing.connection import Connection
from typing import Any

import pytest

from solver import Meeting, Preset, Seat, Settings, Solution, Status, child
from tests.solver.makers import problem

QUICK = Settings(preset=Preset.WISHES_FIRST, time_limit=2, workers=1)


def dies(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    os._exit(139)


def hangs(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    time.sleep(60)


def lies(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    pipe.send(Solution(Status.OPTIMAL, (Meeting("m", "s0", "t0", "r0"),), (Seat("p0", "t0", "m"),) * 3).to_json())


def babbles(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    pipe.send("NaN")


def test_an_honest_child_answers_verified() -> None:
    found = child.solve_apart(problem(), QUICK)

    assert found.status is Status.OPTIMAL


def test_a_child_that_dies_is_a_failure_with_its_exit_code() -> None:
    found = child.solve_apart(problem(), QUICK, target=dies)

    assert (found.status, found.reason, found.facts) == (Status.FAILED, "crashed", {"exit_code": 139})


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "GRACE", 1.0)
    began = time.monotonic()

    found = child.solve_apart(problem(), QUICK, target=hangs)

    assert (found.status, found.reason) == (Status.FAILED, "hung")
    assert time.monotonic() - began < 10


def test_a_child_that_lies_is_not_believed() -> None:
    found = child.solve_apart(problem(), QUICK, target=lies)

    assert (found.status, found.reason) == (Status.FAILED, "not_verified")
    assert not found.seats


def test_a_child_that_babbles_is_a_failure() -> None:
    assert child.solve_apart(problem(), QUICK, target=babbles).reason == "unreadable"


def test_cancel_ends_at_once() -> None:
    began = time.monotonic()

    found = child.solve_apart(problem(), Settings(time_limit=60), target=hangs, wish=lambda: "cancel")

    assert found.reason == "cancelled"
    assert time.monotonic() - began < 5
