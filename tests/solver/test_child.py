"""A solver that dies, hangs or lies does no harm, and what it had found is kept."""

import multiprocessing
import os
import signal
import subprocess
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

import pytest

from solver import (
    Meeting,
    Preset,
    Problem,
    Progress,
    Seat,
    Session,
    Settings,
    Solution,
    Status,
    expected_seconds,
    most_seconds,
    solve,
    solve_apart,
    verify,
)
from solver.bench.families import rep
from solver.child import listening
from solver.child.listening import Kept
from solver.child.work import why, work
from solver.problem import allowances
from solver.problem.allowances import ALLOWED, Phase, allowed
from tests.solver.makers import problem

QUICK = Settings(preset=Preset.WISHES_FIRST, time_limit=2, workers=1)
LIE = Solution(Status.OPTIMAL, (Meeting("m", "s0", "t0", "r0"),), (Seat("p0", "t0", "m"),) * 3).to_json()


def praises_itself(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """A lawful answer with goals that it does not have."""
    found = solve(Problem.from_json(problem), QUICK)
    goals = tuple(replace(each, value=-7.0, reached=-7.0, bound=-7.0, gap=0.0) for each in found.goals)
    pipe.send(replace(found, goals=goals).to_json())


def counts_beyond_numbers(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    found = solve(Problem.from_json(problem), QUICK)
    goals = tuple(replace(each, bound=float("inf"), gap=float("nan")) for each in found.goals)
    pipe.send(replace(found, goals=goals).to_json())


def dies(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    os._exit(139)


def hangs(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    time.sleep(300)


def is_stopped(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(300)


def is_stopped_for_a_moment(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    threading.Thread(target=work, args=(pipe, stop, problem, settings)).start()
    subprocess.Popen(["sh", "-c", f"kill -STOP {os.getpid()}; sleep 1; kill -CONT {os.getpid()}"]).wait()


def lies(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    pipe.send(LIE)


def babbles(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    pipe.send("NaN")


def _sends_its_best(pipe: Connection, problem: str) -> None:
    pipe.send(Phase.SEARCHING)
    pipe.send(Kept(solve(Problem.from_json(problem), QUICK).to_json()))


def answers_and_is_stopped(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    _sends_its_best(pipe, problem)
    os.kill(os.getpid(), signal.SIGSTOP)


def answers_and_turns_round(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    _sends_its_best(pipe, problem)
    while True:
        pass


def answers_and_is_killed(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    _sends_its_best(pipe, problem)
    os.kill(os.getpid(), signal.SIGKILL)


def answers_and_lies(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    _sends_its_best(pipe, problem)
    pipe.send(LIE)


def answers_and_calls_it_impossible(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    _sends_its_best(pipe, problem)
    pipe.send(Solution(Status.INFEASIBLE).to_json())


def keeps_a_lie_and_hangs(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    pipe.send(Phase.SEARCHING)
    pipe.send(Kept(LIE))
    time.sleep(300)


def finds_out_late(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """Uses more of each phase than one allowance for everything would leave."""
    for phase in (Phase.SEARCHING, Phase.DIAGNOSING, Phase.HANDING_OVER):
        pipe.send(phase)
        time.sleep(2)
    pipe.send(Solution(Status.INFEASIBLE, reason="rules_conflict").to_json())


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowances, "OVERRUN", 0.5)
    monkeypatch.setattr(allowances, "CONFIRM", 0.5)
    monkeypatch.setattr(allowances, "ALLOWED", {**ALLOWED, Phase.STARTING: 3.0})


def test_an_honest_child_answers_verified() -> None:
    told: list[Progress] = []

    found = solve_apart(problem(), QUICK, told.append)

    assert found.status is Status.OPTIMAL
    assert all(progress.expected == QUICK.time_limit + 1.0 for progress in told)


def test_a_child_that_dies_is_a_failure_with_its_exit_code() -> None:
    found = solve_apart(problem(), QUICK, target=dies)

    assert (found.status, found.reason, found.facts) == (Status.FAILED, "crashed", {"exit_code": 139})


@pytest.mark.usefixtures("impatient")
def test_a_child_that_never_answers_is_ended_and_says_in_which_phase() -> None:
    found = solve_apart(problem(), QUICK, target=hangs)

    assert (found.status, found.reason, found.facts["phase"]) == (Status.FAILED, "hung", "starting")


def test_a_child_that_is_stopped_is_given_up_long_before_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "STILL", 0.5)
    began = time.monotonic()

    found = solve_apart(problem(), Settings(time_limit=120), target=is_stopped)

    assert (found.status, found.reason) == (Status.FAILED, "hung")
    assert time.monotonic() - began < 60


def test_a_child_that_sleeps_is_given_up_long_before_its_time() -> None:
    """One that waits for itself ended with its phase: after a minute, or 20 s after the limit."""
    began = time.monotonic()

    found = solve_apart(problem(), Settings(time_limit=60), target=hangs)

    assert (found.status, found.reason) == (Status.FAILED, "hung")
    assert time.monotonic() - began < 30


def test_a_child_that_works_without_end_is_waited_for_less_where_an_answer_is_in_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(listening, "IN_HAND", 0.5)
    asked, began = problem(people=6, sessions=2, slots=2), time.monotonic()

    found = solve_apart(asked, replace(QUICK, time_limit=1), target=answers_and_turns_round)

    assert (found.status, found.reason) == (Status.FEASIBLE, "stopped_at_limit")
    assert time.monotonic() - began < 1 + allowances.OVERRUN + allowances.CONFIRM


def test_a_child_that_waits_for_a_busy_parent_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The parent writes for longer than a child may sleep; looking once before and once after is no proof."""
    monkeypatch.setattr(listening, "STILL", 0.2)
    pauses = iter([0.0, 3.0, 3.0])

    def wish() -> str:
        time.sleep(next(pauses, 0.0))
        return ""

    assert solve_apart(problem(), QUICK, wish=wish).status is Status.OPTIMAL


def test_a_child_that_goes_on_after_a_stop_is_waited_for() -> None:
    found = solve_apart(problem(), QUICK, target=is_stopped_for_a_moment)

    assert found.status is Status.OPTIMAL


def test_a_child_that_lies_is_not_believed() -> None:
    found = solve_apart(problem(), QUICK, target=lies)

    assert (found.status, found.reason) == (Status.FAILED, "not_verified")
    assert not found.seats


@pytest.mark.parametrize("target", [praises_itself, counts_beyond_numbers])
def test_a_lawful_answer_with_false_goals_is_counted_anew_and_proves_nothing(target: Any) -> None:
    asked = problem(people=6, sessions=2, slots=2)

    found = solve_apart(asked, QUICK, target=target)

    assert (found.status, found.reason) == (Status.FEASIBLE, "contradiction")
    assert verify(asked, found) == []
    assert [each.value for each in found.goals] == [each.value for each in solve(asked, QUICK).goals]


def test_a_child_that_babbles_is_a_failure() -> None:
    assert solve_apart(problem(), QUICK, target=babbles).reason == "unreadable"


def test_cancel_ends_with_nothing() -> None:
    found = solve_apart(problem(), Settings(time_limit=60), target=hangs, wish=lambda: "cancel")

    assert (found.status, found.reason) == (Status.UNKNOWN, "cancelled")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (answers_and_is_stopped, "stopped_at_limit"),
        (answers_and_is_killed, "crashed"),
        (answers_and_lies, "not_verified"),
        (answers_and_calls_it_impossible, "contradiction"),
    ],
)
def test_with_a_verified_answer_in_hand_a_run_never_fails(
    target: Any, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allowances, "ALLOWED", ALLOWED)
    asked = problem(people=6, sessions=2, slots=2)

    found = solve_apart(asked, QUICK, target=target)

    assert (found.status, found.reason) == (Status.FEASIBLE, reason)
    assert verify(asked, found) == []
    assert len(found.seats) == 12
    assert [each.name for each in found.goals][:2] == ["unplaced", "exceptions"]
    assert found.problem_hash == asked.hash


def test_a_search_that_is_killed_leaves_its_best_answer() -> None:
    asked, answers, looks = rep(120), [False], [0]

    def note(progress: Progress) -> None:
        answers[0] |= progress.value is not None

    def wish() -> str:
        looks[0] += answers[0]
        if looks[0] == 8:
            for process in multiprocessing.active_children():
                process.kill()
        return ""

    found = solve_apart(asked, Settings(time_limit=60, seed=1), note, wish)

    assert (found.status, found.reason) == (Status.FEASIBLE, "crashed")
    assert verify(asked, found) == []


@pytest.mark.usefixtures("impatient")
def test_a_kept_lie_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowances, "ALLOWED", ALLOWED)

    found = solve_apart(problem(), QUICK, target=keeps_a_lie_and_hangs)

    assert (found.status, found.reason) == (Status.FAILED, "hung")


def test_an_impossible_run_found_late_is_told_as_impossible(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowances, "OVERRUN", 1.0)
    monkeypatch.setattr(allowances, "CONFIRM", 1.0)

    found = solve_apart(problem(), replace(QUICK, time_limit=1), target=finds_out_late)

    assert (found.status, found.reason) == (Status.INFEASIBLE, "rules_conflict")


def test_the_impossible_comes_with_its_reasons() -> None:
    base = problem(people=3, sessions=1)
    few = replace(base, sessions=(Session("s0", minimum=5),))

    found = solve_apart(few, QUICK)

    assert (found.status, found.reason) == (Status.INFEASIBLE, "rules_conflict")
    assert found.facts["rules"] == ["size_at_least"]


def test_the_impossible_is_named_however_short_the_search() -> None:
    base = problem(people=3, sessions=1)
    few = replace(base, sessions=(Session("s0", minimum=5),))

    told = why(few, Solution(Status.UNKNOWN))

    assert (told.status, told.reason, told.facts["rules"]) == (Status.INFEASIBLE, "rules_conflict", ["size_at_least"])


def test_a_search_that_was_too_short_says_no_more_than_that() -> None:
    assert why(problem(), Solution(Status.UNKNOWN)) == Solution(Status.UNKNOWN)


@pytest.mark.parametrize("limit", [1.0, 60.0, 600.0])
def test_whoever_waits_waits_for_the_sum_of_all_allowances(limit: float) -> None:
    assert allowed(Phase.SEARCHING, limit) >= limit + allowances.CONFIRM
    assert allowed(Phase.DIAGNOSING, limit) > ALLOWED[Phase.DIAGNOSING]
    assert most_seconds(limit) == sum(allowed(phase, limit) for phase in Phase)
    assert limit < expected_seconds(limit) < most_seconds(limit)
