"""Decides by the problem's structure which way to go, keeps the best answer and the best bounds, and closes the run."""

import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path

from solver.judge.verify import agreed, breaches, verify
from solver.model import objectives
from solver.model.objectives import Goal
from solver.problem import GoalResult, Preset, Problem, Progress, Settings, Solution, Status
from solver.search import by_flows, start
from solver.search.by_flows import Flowing
from solver.search.foreign import dealing, lns

Listener = Callable[[Progress], None]


MOST_SEATS = 60_000
"""Up to so many (person, start) pairs a joint model is built: beyond, that takes longer than solving by flows."""
JOINT_SHARE = 0.2
"""How much of the time the joint model gets where neighbourhoods follow: most of it for the bound."""
BUILT_PER_SECOND = 8_000
"""How many such pairs go into a joint model in a second, measured on 2 cores."""


def solve(
    problem: Problem,
    settings: Settings | None = None,
    progress: Listener | None = None,
    stop: threading.Event | None = None,
    without: frozenset[str] = frozenset(),
    keep: Callable[[Solution], None] | None = None,
) -> Solution:
    """The best allocation found within the time limit, verified, with a proven bound for each goal.

    `stop` ends the search at any moment with the best so far. `without` leaves rules out by name (for
    diagnosis and tests). `keep` gets every better answer as soon as it is verified.
    Source of the lexicographic scheme: Ehrgott, Multicriteria Optimization, 2005, ch. 5.
    """
    run = Run(problem, settings or Settings(), progress or (lambda _: None), stop or threading.Event(), without)
    run.keep = keep or run.keep
    return run.solve()


@dataclass
class Run:
    """One search: what it was asked, and what it has found so far.

    `reached` is the best value of each goal, `bounds` what no allocation can beat, both by the goal's name.
    """

    problem: Problem
    settings: Settings
    listener: Listener
    stop: threading.Event
    without: frozenset[str] = frozenset()
    began: float = field(default_factory=time.monotonic)
    best: Solution | None = None
    start: Solution | None = None  # breaks a rule perhaps: a hint
    first_answer: float | None = None
    reached: dict[str, float] = field(default_factory=dict)
    bounds: dict[str, float] = field(default_factory=dict)
    route: list[str] = field(default_factory=list)
    keep: Callable[[Solution], None] = lambda _: None

    @property
    def seconds(self) -> float:
        """What counts against the limit; nothing where only the deterministic budget counts."""
        return 0.0 if self.settings.deterministic else self.elapsed

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        return self.settings.time_limit - self.seconds

    @property
    def over(self) -> bool:
        return self.stop.is_set() or self.left <= 0

    @property
    def order(self) -> tuple[Goal, ...]:
        return objectives.order_of(self.problem, self.settings.preset)

    def solve(self) -> Solution:
        joint = self._seats() <= MOST_SEATS
        if not self.without and by_flows.fits(self.problem):
            return self._over_flows(joint)
        if not self.without and dealing.fits(self.problem) and self.settings.preset is Preset.NATIVE:
            found = self._by_placing()
            if found:
                return found
        if not self.without:
            self._try_greedy()
        if not joint:
            return self.close(Status.FEASIBLE if self.best else Status.UNKNOWN)
        if not self.without and lns.fits(self.problem):
            return self._by_neighbourhoods()
        return self._by_joint_model()

    def _by_joint_model(self) -> Solution:
        from solver.search.by_model import Joint

        self.route.append("CP-SAT goal by goal")
        return self.close(Joint(self).pursue(self.order))

    def _by_placing(self) -> Solution | None:
        """Sessions dealt onto slots, people by one flow per slot; None where a rule is broken that it cannot say."""
        self.route.append("flows per set of sessions")
        fixed, limit = self.settings.deterministic, self.settings.time_limit

        def better(found: Solution) -> None:
            if not verify(self.problem, found):
                self.accept(found, self.order[0].name)

        rounds = int(limit * 100) if fixed else None
        reserve = 0.0 if fixed else min(0.5, limit / 10)
        ended: Callable[[], bool] = lambda: self.stop.is_set() or self.left <= reserve  # noqa: E731
        found, proven = dealing.improve(self.problem, self.settings.seed, ended, better, rounds)
        better(found)
        if self.best is None:
            return None
        self.bounds |= dealing.bounds(self.problem)
        if proven:
            for goal in self.order:
                self.bounds[goal.name] = goal.count(self.problem, self.best)
        return self.close(Status.FEASIBLE)

    def _by_neighbourhoods(self) -> Solution:
        """The joint model for an answer and a bound, then a few sessions reoptimise at a time."""
        from solver.search.by_model import Joint

        self.route.append("CP-SAT for an answer and a bound")
        ended = Joint(self, share=JOINT_SHARE).pursue(self.order)
        if self.best is None and ended is Status.UNKNOWN and not self.over:
            ended = Joint(self).pursue(self.order)
        goal = self.order[0]
        if self.best is None or self.over or self.result(goal).gap == 0:
            return self.close(ended)
        self.route.append("CP-SAT on neighbourhoods")
        fixed = self.settings.deterministic

        def better(found: Solution) -> None:
            if not verify(self.problem, found):
                self.reached[goal.name] = goal.count(self.problem, found)
                self.accept(found, goal.name)

        lns.improve(
            self.problem,
            self.best,
            lambda: self.over,
            1 if fixed else self.settings.workers,
            self.settings.seed,
            better,
            self.stop,
            int(self.settings.time_limit * 2) if fixed else None,
        )
        return self.close(Status.FEASIBLE)

    def _over_flows(self, joint: bool) -> Solution:
        """Flows for people, a joint model for what couples beyond them; each goes on from the other's best."""
        search = Flowing(self.problem, self.settings.preset, self.accept, self.settings.seed)
        self.route.append("min-cost flows")
        started = search.start()
        if not joint:
            if started:
                self._improve(search, 0.62, 0.85)
            return self.close(Status.FEASIBLE if started else Status.UNKNOWN)
        if not started or search.lacks():
            ended = self._lead(search)
            if ended or self.best is None:
                return self.close(ended or Status.UNKNOWN)
        self._improve(search, 0.75, 0.85)
        if self.over or self._settled() or self.left < self._seats() / BUILT_PER_SECOND + 1:
            return self.close(Status.FEASIBLE)
        return self._by_joint_model()

    def _lead(self, search: Flowing) -> Status | None:
        """The joint model where flows leave somebody out: whether all can be placed, and the worst-off."""
        from solver.search.by_model import Joint

        self.route.append("CP-SAT for places and the worst-off")
        names = [goal.name for goal in self.order]
        until = names.index("worst_off") + 1
        ended = Joint(self, share=0.4).pursue(self.order[:until])
        if self.best is not None:
            search.take(self.best)
            return None
        return ended if not ended.has_answer else None

    def _seats(self) -> int:
        if self.problem.only_wanted:
            wanted = sum(len(person.ratings.keys() | person.required) for person in self.problem.participants)
            return wanted * len(self.problem.slots)
        starts = sum(min(s.offered, len(self.problem.slots)) for s in self.problem.sessions)
        if not self.problem.meetings:
            starts = len(self.problem.sessions) * len(self.problem.slots)
        return starts * len(self.problem.participants)

    def _improve(self, search: Flowing, improve: float, prove: float) -> None:
        """Better answers until one share of the time, bounds until the other."""
        fixed, limit = self.settings.deterministic, self.settings.time_limit
        moves = int(by_flows.MOVES_PER_SECOND * limit * improve) if fixed else None
        search.improve(lambda: self.stop.is_set() or self.seconds >= improve * limit, moves)
        search.prove(lambda: self.stop.is_set() or self.seconds >= prove * limit, 12 if fixed else 40)
        for goal in self.order:
            if goal.name in search.reached:
                choose = max if goal.maximise else min
                value = search.reached[goal.name]
                self.reached[goal.name] = choose(value, self.reached.get(goal.name, value))
            if goal.name in search.bounds:
                self.tighten(goal, search.bounds[goal.name])
            self.listener(Progress(self.seconds, goal.name, self.reached.get(goal.name), self.bounds.get(goal.name)))

    def _try_greedy(self) -> None:
        """A first answer, and a hint where it breaks a rule."""
        meetings, seats = start.first_answer(self.problem)
        self.start = Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))
        if not verify(self.problem, self.start):
            self.accept(self.start, self.order[0].name)

    def accept(self, solution: Solution, goal: str) -> None:
        """A verified answer becomes the best; the listener hears of it."""
        self.best = solution
        if self.first_answer is None:
            self.first_answer = self.elapsed
        self.keep(solution)
        self.tell(goal)

    def tell(self, name: str) -> None:
        goal = next((goal for goal in self.order if goal.name == name), None)
        if goal and self.best:
            value = goal.count(self.problem, self.best)
            self.listener(Progress(self.seconds, name, value, self.bounds.get(name)))

    def tighten(self, goal: Goal, bound: float) -> None:
        """Keep the better of two bounds."""
        known = self.bounds.get(goal.name)
        better = (min if goal.maximise else max)(bound, bound if known is None else known)
        self.bounds[goal.name] = better

    def result(self, goal: Goal) -> GoalResult:
        """Value now, value reached before later goals used their slack, and how far that is from its bound."""
        assert self.best is not None  # noqa: S101 - only for answers
        value = goal.count(self.problem, self.best)
        choose = max if goal.maximise else min
        reached = choose(value, self.reached.get(goal.name, value))
        bound = self.bounds.get(goal.name, None if goal.maximise else 0.0)
        if bound is not None and (bound < reached if goal.maximise else bound > reached):
            bound = reached  # a relaxation of other earlier values: never better than what is there
        sense = "maximise" if goal.maximise else "minimise"
        return GoalResult(goal.name, value, bound, goal.gap(self.problem, reached, bound), sense, reached)

    def _settled(self) -> bool:
        return all(self.result(goal).gap == 0 for goal in self.order)

    def close(self, status: Status) -> Solution:
        solution = self.best if status.has_answer and self.best else Solution(status)
        results = tuple(self.result(goal) for goal in self.order) if status.has_answer and self.best else ()
        if status.has_answer and all(result.gap == 0 for result in results):
            status = Status.OPTIMAL
        found = breaches(self.problem, solution) if status.has_answer else []
        broken = [] if self.without else [each for each in found if not agreed(self.problem, each)]
        if broken:
            facts = {"rule": broken[0].rule, **broken[0].facts}
            solution, status = Solution(Status.FAILED, reason="not_verified", facts=facts), Status.FAILED
        return replace(
            solution,
            status=status,
            goals=results if status.has_answer else (),
            exceptions=tuple(each for each in found if agreed(self.problem, each)) if status.has_answer else (),
            route=", then ".join(self.route),
            seconds=round(self.elapsed, 3),
            first_answer=round(self.first_answer, 3) if self.first_answer is not None else None,
            peak_memory_mb=peak_memory_mb(),
            seed=self.settings.seed,
            versions={"ortools": version("ortools")},
            problem_hash=self.problem.hash,
            settings=self.settings,
        )


def peak_memory_mb() -> float:
    """The largest resident size of this process. (ru_maxrss is handed down from the parent on Linux.)"""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM"):
                return round(int(line.split()[1]) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
