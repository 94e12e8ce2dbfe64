"""Decides by the problem's structure which way to go, and closes the run with what is proven of its answer."""

import logging
import resource
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from solver.bounds.bound import contradiction, strict
from solver.bounds.confirmation import second_opinion
from solver.model import objectives
from solver.problem import Problem, Progress, Settings, Solution, Status, allowances
from solver.search import by_dealing, by_flows, by_model, by_neighbourhoods
from solver.search.budget import Budget
from solver.search.incumbent import Incumbent
from solver.search.task import Task

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Route:
    """A way to search: for which problems it is made, and the search itself, which returns how it ended."""

    fits: Callable[[Task], bool]
    search: Callable[[Task], Status]


ROUTES = (
    Route(by_flows.fits, by_flows.search),  # our own conferences: flows for people, one model for what couples
    Route(by_dealing.fits, by_dealing.search),  # wassign's: sessions dealt onto slots, people by a flow per slot
    Route(by_neighbourhoods.fits, by_neighbourhoods.search),  # AKPlanning's: a few sessions placed anew at a time
    Route(lambda _: True, by_model.search),  # everything else
)
"""The first that fits is taken; a route that finds that it cannot say a rule goes on to by_model itself."""


def solve(
    problem: Problem,
    settings: Settings | None = None,
    progress: Callable[[Progress], None] | None = None,
    stop: threading.Event | None = None,
    without: frozenset[str] = frozenset(),
    keep: Callable[[Solution], None] | None = None,
) -> Solution:
    """The best allocation found within the time limit, verified, with a proven bound for each goal where one is known.

    Parameters:
        problem: what is asked.
        settings: preset, time limit in seconds (of the search; confirming "impossible" has its own allowance),
            workers, seed, memory in megabytes; the defaults of Settings if left out.
        progress: called with each better value and bound of the goal in hand, from several threads.
        stop: set it to end the search at any moment with the best so far.
        without: rules that are left out by name, in search and judgement (for diagnosis and tests).
        keep: called at once with every new best answer, verified, so that it outlives this process.
    Returns: a solution whose status says what is known: OPTIMAL only where every goal is proven in order, FEASIBLE,
        INFEASIBLE only where two programs say so, else UNKNOWN or FAILED with `reason` and `facts`. With a verified
        answer it never ends FAILED.
    Raises: solver.bounds.bound.Contradiction, where STUHLKREIS_STRICT is set, if two proofs contradict each other.
    Source of the lexicographic scheme: Ehrgott, Multicriteria Optimization, 2005, ch. 5.
    """
    run = _Run(problem, settings or Settings(), progress or (lambda _: None), stop or threading.Event(), without, keep)
    return run.close(run.search())


class _Run:
    """One call of `solve`: begins the task, hears of better answers, closes it."""

    def __init__(
        self,
        problem: Problem,
        settings: Settings,
        listener: Callable[[Progress], None],
        stop: threading.Event,
        without: frozenset[str],
        keep: Callable[[Solution], None] | None,
    ):
        self.keep = keep
        self.first_answer: float | None = None
        incumbent = Incumbent(problem, objectives.order_of(problem, settings.preset), without, self._better)
        budget = Budget.of(settings.time_limit, stop, settings.deterministic)
        self.task = Task(problem, settings, incumbent, budget, listener, without)

    def _better(self, _: Solution) -> None:
        task = self.task
        if self.first_answer is None:
            self.first_answer = task.budget.elapsed
        if self.keep:
            self.keep(self._signed(self._answer()[1], Status.FEASIBLE))
        for goal in task.order:
            task.told(goal.name, None, None)

    def search(self) -> Status:
        """How the way that fits ended; an error of our own ends it too, and costs nothing that was found before."""
        task = self.task
        try:
            return next(route for route in ROUTES if route.fits(task)).search(task)
        except Exception as error:
            if strict():
                raise
            log.exception("the search broke down")
            task.reason = f"{type(error).__name__}: {error}"
            return Status.FAILED

    def close(self, ended: Status) -> Solution:
        """The answer with its goals; without one, how the search ended and why."""
        status, solution = self._answer() if self.task.incumbent.best else self._nothing(ended)
        return self._signed(solution, status)

    def _answer(self) -> tuple[Status, Solution]:
        incumbent = self.task.incumbent
        found = replace(
            incumbent.best or Solution(Status.UNKNOWN),
            goals=incumbent.results(),
            exceptions=incumbent.exceptions,
            facts=self.task.facts,
        )
        return (Status.OPTIMAL if incumbent.settled else Status.FEASIBLE), found

    def _nothing(self, ended: Status) -> tuple[Status, Solution]:
        """No answer: "impossible" only where a second program says so too."""
        if ended is Status.FAILED:
            return ended, Solution(ended, reason="engine", facts=self.task.facts)
        if ended is not Status.INFEASIBLE:
            return Status.UNKNOWN, Solution(Status.UNKNOWN, facts=self.task.facts)
        opinion = second_opinion(self.task.problem, allowances.CONFIRM, self.task.without)
        if opinion.impossible:
            return ended, Solution(ended)
        if opinion.impossible is False:
            contradiction("the model has no answer, the second program says that there is one")
        if opinion.witness is not None and self.task.incumbent.offer(opinion.witness):
            return self._answer()
        return Status.UNKNOWN, Solution(Status.UNKNOWN, reason="not_confirmed", facts={"why": opinion.reason})

    def _signed(self, solution: Solution, status: Status) -> Solution:
        """With all that a reader needs to redo it."""
        task = self.task
        return replace(
            solution,
            status=status,
            route=", then ".join(task.route),
            seconds=round(task.budget.elapsed, 3),
            first_answer=None if self.first_answer is None else round(self.first_answer, 3),
            peak_memory_mb=peak_memory_mb(),
            seed=task.settings.seed,
            versions={"ortools": version("ortools")},
            problem_hash=task.problem.hash,
            settings=task.settings,
        )


def peak_memory_mb() -> float:
    """The largest resident size of this process. (ru_maxrss is handed down from the parent on Linux.)"""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM"):
                return round(int(line.split()[1]) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
