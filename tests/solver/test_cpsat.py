"""The engine: what it says when it fails, that it ends when asked, and that hints never make a model invalid."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from ortools.sat.python import cp_model

from solver import Preset, Settings, Status, solve
from solver.model import cpsat
from solver.model.cpsat import Effort
from solver.model.hints import Hints
from solver.model.lexicographic import Lexicographic, build
from solver.model.objectives import MIX, WORST_OFF, order_of
from solver.search.budget import Budget
from solver.search.incumbent import Incumbent
from tests.solver.test_optimum import tiny

LITTLE = Effort(seconds=5, workers=1)


def hard() -> cp_model.CpModel:
    """Pigeons in too few holes, by sums that no propagation sees through."""
    model = cp_model.CpModel()
    inside = [[model.new_bool_var("") for _ in range(13)] for _ in range(14)]
    for pigeon in inside:
        model.add_bool_or(pigeon)
    for hole in zip(*inside, strict=True):
        for at, one in enumerate(hole):
            for other in hole[at + 1 :]:
                model.add_bool_or([one.negated(), other.negated()])
    return model


def test_an_invalid_model_fails_with_the_engines_words() -> None:
    model = cp_model.CpModel()
    model.add_hint(model.new_int_var(0, 9, "x"), 2**63 - 1)

    outcome = cpsat.run(model, LITTLE)

    assert outcome.status is Status.FAILED
    assert "hint" in outcome.reason


def test_what_it_throws_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    def thrown(*_: object) -> None:
        raise MemoryError("too little")

    monkeypatch.setattr(cp_model.CpSolver, "solve", thrown)

    outcome = cpsat.run(cp_model.CpModel(), LITTLE)

    assert (outcome.status, outcome.reason) == (Status.FAILED, "MemoryError: too little")


def test_it_stops_when_asked() -> None:
    began = time.monotonic()
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(time.monotonic() > began + 0.2)
        return asked[-1]

    outcome = cpsat.run(hard(), Effort(seconds=600, workers=1), stop)

    assert outcome.status is Status.UNKNOWN
    assert asked[-1]


def waits(monkeypatch: pytest.MonkeyPatch, heard: Callable[[], bool]) -> list[bool]:
    """Engines that find an answer go on until it was heard of, a minute at most; whether each was."""
    whole, known = cp_model.CpSolver.solve, list[bool]()

    def slow(engine: cp_model.CpSolver, *arguments: object) -> int:
        status, ends = whole(engine, *arguments), time.monotonic() + 60
        while not heard() and time.monotonic() < ends:
            time.sleep(0.01)
        known.append(heard())
        return status

    monkeypatch.setattr(cp_model.CpSolver, "solve", slow)
    return known


def test_an_answer_is_shown_while_the_search_goes_on_in_the_thread_that_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    model = cp_model.CpModel()
    x = model.new_int_var(0, 9, "x")
    model.maximize(x)
    shown: list[tuple[int, threading.Thread]] = []
    known = waits(monkeypatch, lambda: bool(shown))

    cpsat.run(model, LITTLE, found=lambda outcome: shown.append((outcome.value(x), threading.current_thread())))

    assert known == [True]
    assert shown == [(9, threading.current_thread())]


def test_a_first_answer_is_offered_while_the_search_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    small = tiny(2)
    order = order_of(small, Preset.WISHES_FIRST)
    known = Incumbent(small, order)
    heard = waits(monkeypatch, lambda: known.best is not None)

    assert Lexicographic(small, order, known, Budget.of(30.0), LITTLE).pursue() is Status.FEASIBLE

    assert heard
    assert all(heard)


def test_an_engine_that_does_not_stop_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def deaf(*_: object) -> int:
        over.wait(60)
        return cp_model.UNKNOWN

    monkeypatch.setattr(cp_model.CpSolver, "solve", deaf)
    monkeypatch.setattr(cpsat, "PATIENCE", 0.1)

    outcome = cpsat.run(cp_model.CpModel(), Effort(seconds=0.1))
    over.set()

    assert outcome.status is Status.UNKNOWN
    assert "overran" in outcome.reason


def test_what_an_engine_found_before_it_was_left_behind_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    model = cp_model.CpModel()
    x = model.new_int_var(0, 9, "x")
    model.maximize(x)
    whole, over = cp_model.CpSolver.solve, threading.Event()

    def deaf(engine: cp_model.CpSolver, *arguments: object) -> int:
        status = whole(engine, *arguments)
        over.wait(60)
        return status

    monkeypatch.setattr(cp_model.CpSolver, "solve", deaf)
    monkeypatch.setattr(cpsat, "PATIENCE", 0.1)

    outcome = cpsat.run(model, Effort(seconds=2, workers=1))
    over.set()

    assert (outcome.status, outcome.objective, outcome.value(x)) == (Status.FEASIBLE, 9, 9)
    assert "overran" in outcome.reason


def test_a_bound_without_an_answer_is_only_what_was_told() -> None:
    outcome = cpsat.run(hard(), Effort(seconds=0.1, workers=1))

    assert (outcome.status, outcome.objective, outcome.bound) == (Status.UNKNOWN, None, None)


def test_hints_know_variables_that_were_made_after_the_answer() -> None:
    small = tiny(2)
    made = build(small)
    assert made is not None
    model, x = made
    hints = Hints(cpsat.run(model, LITTLE))
    for later in (WORST_OFF, MIX):
        model.minimize(later.express(model, small, x))

    hints.give(model, x)

    assert model.validate() == ""
    hinted = cpsat.run(model, Effort(seconds=5, workers=1, fix_hints=True))
    assert hinted.status.has_answer


def test_hints_stay_within_their_variables() -> None:
    small = tiny(2)
    made = build(small)
    assert made is not None
    model, x = made
    hints = Hints(cpsat.run(model, LITTLE))
    narrow = model.new_int_var(0, 1, "narrow")
    x.derived.append((narrow, (7,)))

    hints.give(model, x)

    assert hints.value(narrow) == 1


def test_a_model_can_be_pursued_again_as_long_as_there_is_no_answer() -> None:
    small = tiny(2)
    order = order_of(small, Preset.WISHES_FIRST)
    known = Incumbent(small, order)
    wrong = replace(solve(small, Settings(time_limit=5, workers=1)), seats=())
    no_time = Budget.of(0.0)
    model = Lexicographic(small, order, known, no_time, LITTLE, start=wrong)
    assert model.pursue() is Status.UNKNOWN

    for _ in range(2):
        model.time = Budget.of(5.0)
        assert model.pursue() is Status.FEASIBLE

    assert model.reason == ""
