"""The one CP-SAT engine: parameters, deadline, stop, progress, and what it says when it fails.

Perron and Furnon, OR-Tools 9.15, CP-SAT. Its time limit is soft (presolve looks at the clock now and then only), so
the search runs in a thread of its own and is left behind when it overruns; a model that it calls invalid, and an
exception, are an outcome with the engine's own words, never an exception here.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import CpSolverResponse, ResponseHelper, SatParameters

from solver.model.variables import Linear
from solver.problem import Status

log = logging.getLogger(__name__)

STATUS = {
    cp_model.OPTIMAL: Status.OPTIMAL,
    cp_model.FEASIBLE: Status.FEASIBLE,
    cp_model.INFEASIBLE: Status.INFEASIBLE,
    cp_model.UNKNOWN: Status.UNKNOWN,
    cp_model.MODEL_INVALID: Status.FAILED,
}
LISTENS_EVERY = 0.05
"""Seconds between two looks at whether somebody wants it to stop."""
PATIENCE = 1.0
"""Seconds for which an engine that was told to stop is waited for; then it is left behind."""


@dataclass(frozen=True)
class Effort:
    """How hard to try.

    seconds: the limit, in seconds, or in deterministic units (about a second each) where `deterministic`.
    workers: threads; one where `deterministic`.
    memory_mb: megabytes that the engine may take for its search.
    presolve: without it the search takes another path, which makes it a second opinion.
    linear: how strong the linear relaxation is, 0 to 2 (OR-Tools' linearization_level).
    fix_hints: every hinted variable keeps its hint.
    """

    seconds: float
    workers: int = 2
    seed: int = 0
    memory_mb: int = 2048
    deterministic: bool = False
    presolve: bool = True
    linear: int = 1
    fix_hints: bool = False


@dataclass(frozen=True)
class Outcome:
    """What came of a search.

    status: OPTIMAL, FEASIBLE, INFEASIBLE, UNKNOWN (no time), or FAILED (the engine broke down).
    objective: of the answer, None where there is none.
    bound: what no answer can beat; None where none was proven.
    reason: the engine's own words where it failed, or that it overran its time.
    units: deterministic time that it took.
    response: the engine's response, for `value` and `true`; empty where there is no answer.
    """

    status: Status
    objective: float | None = None
    bound: float | None = None
    reason: str = ""
    units: float = 0.0
    response: CpSolverResponse = field(default_factory=CpSolverResponse)

    def value(self, expression: Linear) -> int:
        """Of an expression over variables that the model had when it was solved."""
        return int(ResponseHelper.value(self.response, expression))

    def true(self, literal: Linear) -> bool:
        return bool(ResponseHelper.boolean_value(self.response, literal))


def run(
    model: cp_model.CpModel,
    effort: Effort,
    stop: Callable[[], bool] = lambda: False,
    told: Callable[[float | None, float | None], None] = lambda value, bound: None,
    found: Callable[[Outcome], None] = lambda outcome: None,
) -> Outcome:
    """Search until the effort is spent or `stop` says so; `told` hears of better values and bounds as they come.

    found: gets the newest answer while the search goes on, in the thread that called, so that nobody has to wait.
    """
    return _Search(model, effort, told).run(stop, found)


class _Search(cp_model.CpSolver):
    """One search in a thread, so that signals, `stop` and the deadline are heard while it runs."""

    def __init__(self, model: cp_model.CpModel, effort: Effort, told: Callable[[float | None, float | None], None]):
        super().__init__()
        self.model, self.effort, self.told = model, effort, told
        self.objective_now: float | None = None
        self.answer_now: CpSolverResponse | None = None
        self.shown: CpSolverResponse | None = None
        self.bound_now: float | None = None
        self.failure: Exception | None = None
        self.left_behind = False
        self.status: Status | None = None
        self.best_bound_callback = self._bounded
        _set(self.parameters, effort)

    def run(self, stop: Callable[[], bool], found: Callable[[Outcome], None]) -> Outcome:
        thread = threading.Thread(target=self._work, daemon=True)
        ends = time.monotonic() + self.effort.seconds
        thread.start()
        try:
            while thread.is_alive() and not self._ended(stop, ends):
                thread.join(LISTENS_EVERY)
                if thread.is_alive():
                    self._show(found)
        finally:
            if thread.is_alive():
                self.stop_search()
                thread.join(PATIENCE)
                self.left_behind = thread.is_alive()
        if self.left_behind:
            return self._left_behind()
        return self._outcome()

    def _show(self, found: Callable[[Outcome], None]) -> None:
        """Hand out the newest answer, each once."""
        answer = self.answer_now
        if answer is not None and answer is not self.shown:
            self.shown = answer
            found(self._with(answer))

    def _with(self, answer: CpSolverResponse, reason: str = "") -> Outcome:
        return Outcome(Status.FEASIBLE, float(answer.objective_value), self.bound_now, reason, response=answer)

    def _left_behind(self) -> Outcome:
        """The last answer that it told before it was given up."""
        log.warning("CP-SAT did not stop within %s s of being told to", PATIENCE)
        reason, answer = "the engine overran its time", self.answer_now
        if answer is None:
            return Outcome(Status.UNKNOWN, bound=self.bound_now, reason=reason)
        return self._with(answer, reason)

    def _ended(self, stop: Callable[[], bool], ends: float) -> bool:
        return stop() or (not self.effort.deterministic and time.monotonic() >= ends)

    def _work(self) -> None:
        try:
            self.status = STATUS[self.solve(self.model, _Improvement(self))]
        except Exception as error:
            self.failure = error

    def _outcome(self) -> Outcome:
        if self.failure is not None or self.status is None:
            log.warning("CP-SAT failed", exc_info=self.failure)
            return Outcome(Status.FAILED, reason=f"{type(self.failure).__name__}: {self.failure}")
        units = float(self.deterministic_time)
        if self.status is Status.FAILED:
            reason = self.model.validate() or self.solution_info()
            log.warning("CP-SAT calls the model invalid: %s", reason)
            return Outcome(self.status, reason=reason, units=units)
        if not self.status.has_answer:
            # Without an answer the response's bound may be a mere default; only what was told is proven.
            return Outcome(self.status, bound=self.bound_now, units=units)
        bound = float(self.best_objective_bound)
        return Outcome(self.status, float(self.objective_value), bound, "", units, self.response_proto)

    def found(self, answer: CpSolverResponse) -> None:
        self.answer_now, self.objective_now = answer, float(answer.objective_value)
        self._tell()

    def _bounded(self, bound: float) -> None:
        self.bound_now = bound
        self._tell()

    def _tell(self) -> None:
        if not self.left_behind:
            self.told(self.objective_now, self.bound_now)


class _Improvement(cp_model.CpSolverSolutionCallback):
    def __init__(self, search: _Search):
        super().__init__()
        self.search = search

    def on_solution_callback(self) -> None:
        answer = CpSolverResponse()
        answer.copy_from(self.Response())
        self.search.found(answer)


def _set(parameters: SatParameters, effort: Effort) -> None:
    parameters.random_seed = effort.seed
    parameters.num_workers = 1 if effort.deterministic else effort.workers
    parameters.max_memory_in_mb = effort.memory_mb
    parameters.linearization_level = effort.linear
    parameters.fix_variables_to_their_hinted_value = effort.fix_hints
    parameters.catch_sigint_signal = False
    # Measured on 185 people: the first answer after 0.4 s instead of 1.8 s, and no worse a bound.
    parameters.cp_model_probing_level = 0
    parameters.symmetry_level = 0
    parameters.max_presolve_iterations = 1
    parameters.cp_model_presolve = effort.presolve
    if effort.deterministic:
        parameters.max_deterministic_time = effort.seconds
    else:
        parameters.max_time_in_seconds = effort.seconds
