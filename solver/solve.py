"""Builds the model and solves goal after goal, each with the earlier ones held; reads out with value and bound."""

import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.metadata import version

from ortools.sat.python import cp_model

from solver import goals, greedy, rules, variables
from solver.goals import Goal
from solver.problem import GoalResult, Meeting, Problem, Progress, Role, Seat, Settings, Solution, Status
from solver.variables import Variables
from solver.verify import exceptions, verify

Listener = Callable[[Progress], None]
ANSWERED = (cp_model.OPTIMAL, cp_model.FEASIBLE)
WEIGHTS = {
    "unplaced": 2.0,
    "exceptions": 2.0,
    "worst_off": 4.0,
    "wishes": 4.0,
    "mix": 3.0,
    "encounters": 0.7,
    "even_sizes": 0.7,
    "stability": 4.0,
    "native": 1.0,
}
"""How the time that is left is shared among the goals that are left."""


def solve(
    problem: Problem,
    settings: Settings | None = None,
    progress: Listener | None = None,
    stop: threading.Event | None = None,
    without: frozenset[str] = frozenset(),
) -> Solution:
    """The best allocation found within the time limit, verified, with a proven bound for each goal.

    `stop` ends the search at any moment with the best so far. `without` leaves rules out by name (for
    diagnosis and tests). Source of the lexicographic scheme: Ehrgott, Multicriteria Optimization, 2005, ch. 5.
    """
    run = Run(problem, settings or Settings(), progress or (lambda _: None), stop or threading.Event(), without)
    return run.solve()


@dataclass
class Run:
    """One search: what it was asked, and what it has found so far."""

    problem: Problem
    settings: Settings
    listener: Listener
    stop: threading.Event
    without: frozenset[str] = frozenset()
    began: float = field(default_factory=time.monotonic)
    best: Solution | None = None
    results: list[GoalResult] = field(default_factory=list)
    first_answer: float | None = None
    engine: "Engine | None" = None

    @property
    def seconds(self) -> float:
        """What counts against the limit; nothing where only the deterministic budget counts."""
        return 0.0 if self.settings.deterministic else self.elapsed

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def solve(self) -> Solution:
        self._try_greedy()
        self.model = cp_model.CpModel()
        self.x = variables.create(self.model, self.problem)
        for rule in rules.ALL:
            if rule.__name__ not in self.without:
                rule(self.model, self.problem, self.x)
        self._hint_greedy()
        order = goals.ORDER[self.settings.preset]
        for at, goal in enumerate(order):
            ended = self._optimise(goal, order[at:])
            if ended:
                return self._close(ended)
        return self._close(Status.FEASIBLE)

    def _try_greedy(self) -> None:
        """A first answer for what is a flow; a hint for everything else."""
        self.meetings, self.seats = greedy.start(self.problem)
        candidate = Solution(Status.FEASIBLE, tuple(self.meetings), tuple(self.seats))
        if not verify(self.problem, candidate):
            self._accept(candidate)

    def _accept(self, solution: Solution) -> None:
        self.best = solution
        if self.first_answer is None:
            self.first_answer = self.elapsed

    def _hint_greedy(self) -> None:
        x = self.x
        held = {(m.session, m.slot): m for m in self.meetings}
        sitting = {(seat.participant, seat.meeting) for seat in self.seats}
        for start, literal in x.held.items():
            meeting = held.get(start)
            self.model.add_hint(literal, meeting is not None)
            for room, used in x.room[start].items():
                self.model.add_hint(used, meeting is not None and meeting.room == room)
            for person, seat in x.attendees[start]:
                self.model.add_hint(seat, meeting is not None and (person.id, meeting.id) in sitting)

    def _optimise(self, goal: Goal, left: tuple[Goal, ...]) -> Status | None:
        """Solve for one goal and hold what it reached; a status where the search ends here."""
        expression = goal.express(self.model, self.problem, self.x)
        if expression is None:
            self._leave_open((goal,))
            return None
        share = WEIGHTS[goal.name] / sum(WEIGHTS[each.name] for each in left)
        ends = self.seconds + max(0.3, (self.settings.time_limit - self.seconds) * share)
        if goal is goals.UNPLACED and self.x.unplaced:
            self._try_everybody(max(ends, 0.5 * self.settings.time_limit))
        if self.best and not goal.maximise and goal.count(self.problem, self.best) == 0:
            # Nothing is better than none: no search is needed to prove it.
            self.model.add(expression == 0)
            self._record(goal, None)
            return None
        (self.model.maximize if goal.maximise else self.model.minimize)(expression)
        if self.engine and not goal.first:
            self._with_placement_held(goal, (ends - self.seconds) * 0.5)
        self._hint()
        # Until there is an answer at all, a goal may use more than its share.
        keep = 1.0 if len(left) == 1 else 0.8
        limit = ends - self.seconds if self.best else (self.settings.time_limit - self.seconds) * keep
        engine = Engine(self, goal, max(0.2, limit))
        status = engine.solve(self.model)
        if status not in ANSWERED:
            ended = self._without_answer(goal, status)
            if ended is None:
                self._hold(goal, expression)
            return ended
        self._read(engine)
        bound = engine.best_objective_bound / goal.unit(self.problem)
        bound = bound if goal.maximise else max(0.0, bound)
        self._record(goal, bound if status != cp_model.OPTIMAL else None)
        self._hold(goal, expression)
        if self.stop.is_set() or self.seconds >= self.settings.time_limit:
            self._leave_open(left[1:])
            return Status.FEASIBLE
        return None

    def _hold(self, goal: Goal, expression: variables.Linear) -> None:
        """Later goals may not spoil what this one reached, but for its stated slack."""
        if self.engine is None:
            return
        reached = round(self.engine.value(expression))
        allowed = round(abs(reached) * goal.slack) + goal.extra
        if goal.maximise:
            self.model.add(expression >= reached - allowed)
        else:
            self.model.add(expression <= reached + allowed)

    def _try_everybody(self, until: float) -> None:
        """First ask whether everybody can be placed at all: as a question without a goal it is quick."""
        model = self.model.clone()
        model.clear_hints()
        for gap in self.x.unplaced.values():
            model.add(model.get_bool_var_from_proto_index(gap.index) == 0)
        engine = Engine(self, goals.UNPLACED, max(0.2, until - self.seconds))
        if engine.solve(model) in ANSWERED:
            self._read(engine)

    def _with_placement_held(self, goal: Goal, limit: float) -> None:
        """A pass with meetings and interpreters where they are: a small problem, improved quickly."""
        self._hint()
        model, known = self.model.clone(), self.engine
        places = [*self.x.held.values()]
        for room in self.x.room.values():
            places += room.values()
        for works in self.x.works.values():
            places += works.values()
        for literal in places:
            same = model.get_bool_var_from_proto_index(literal.index)
            model.add(same == (known.value(literal) if known else 0))
        engine = Engine(self, goal, max(0.2, limit))
        if engine.solve(model) in ANSWERED:
            self._read(engine)

    def _without_answer(self, goal: Goal, status: int) -> Status | None:
        if status == cp_model.INFEASIBLE and self.best is None and self._confirmed():
            return Status.INFEASIBLE
        if status == cp_model.MODEL_INVALID:
            return Status.FAILED
        if self.best is None:
            return Status.UNKNOWN
        self._leave_open((goal,))
        return Status.FEASIBLE if self.seconds >= self.settings.time_limit or self.stop.is_set() else None

    def _confirmed(self) -> bool:
        """Ask once more in another way before anybody is told "impossible": 9.15 has been wrong about it."""
        judge = cp_model.CpSolver()
        judge.parameters.num_workers = 1
        judge.parameters.cp_model_presolve = False
        judge.parameters.random_seed = self.settings.seed + 1
        judge.parameters.max_time_in_seconds = max(5.0, self.settings.time_limit - self.seconds)
        plain = self.model.clone()
        plain.clear_objective()
        plain.clear_hints()
        return judge.solve(plain) == cp_model.INFEASIBLE

    def _record(self, goal: Goal, bound: float | None) -> None:
        assert self.best is not None  # noqa: S101 - only called after an answer was read
        value = goal.count(self.problem, self.best)
        proven = value if bound is None else bound
        sense = "maximise" if goal.maximise else "minimise"
        gap = goal.gap(self.problem, value, proven)
        self.results.append(GoalResult(goal.name, value, proven, gap, sense))
        self.listener(Progress(self.seconds, goal.name, value, proven))

    def _leave_open(self, left: tuple[Goal, ...]) -> None:
        """Goals that had no time: their value is counted, their bound is the trivial one."""
        assert self.best is not None  # noqa: S101
        done = {result.name for result in self.results}
        for goal in left:
            if goal.name not in done:
                sense = "maximise" if goal.maximise else "minimise"
                value = goal.count(self.problem, self.best)
                # What is counted is never below zero: the one bound that needs no search.
                bound = None if goal.maximise else 0.0
                self.results.append(GoalResult(goal.name, value, bound, goal.gap(self.problem, value, bound), sense))

    def _read(self, engine: "Engine") -> None:
        """Only called for OPTIMAL and FEASIBLE: after anything else the values mean nothing."""
        self.engine = engine
        meetings, seats = read_out(self.problem, self.x, engine.boolean_value)
        self._accept(Solution(Status.FEASIBLE, meetings, seats))

    def _hint(self) -> None:
        """Start from the last answer, helper variables included, or the engine may not find it again."""
        if self.engine is None:
            return
        self.model.clear_hints()
        for literal in self.x.everything():
            self.model.add_hint(literal, self.engine.value(literal))
        for short, wanted, got in self.x.falls_short:
            self.model.add_hint(short, self.engine.value(got) < wanted)
        for variable, bounds in self.x.derived:
            self.model.add_hint(variable, max(0, *(self.engine.value(bound) for bound in bounds)))

    def _close(self, status: Status) -> Solution:
        solution = self.best if status.has_answer and self.best else Solution(status)
        if status.has_answer and all(result.gap == 0 for result in self.results):
            status = Status.OPTIMAL
        broken = verify(self.problem, solution) if status.has_answer and not self.without else []
        if broken:
            facts = {"rule": broken[0].rule, **broken[0].facts}
            solution, status = Solution(Status.FAILED, reason="not_verified", facts=facts), Status.FAILED
        return replace(
            solution,
            status=status,
            goals=tuple(self.results) if status.has_answer else (),
            exceptions=tuple(exceptions(self.problem, solution)) if status.has_answer else (),
            route="flow start, CP-SAT goal by goal",
            seconds=round(self.elapsed, 3),
            first_answer=round(self.first_answer, 3) if self.first_answer is not None else None,
            peak_memory_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            seed=self.settings.seed,
            versions={"ortools": version("ortools")},
            problem_hash=self.problem.hash,
            settings=self.settings,
        )


class Engine(cp_model.CpSolver):
    """CP-SAT for one goal: reports what it finds, ends when asked to."""

    def __init__(self, run: Run, goal: Goal, limit: float):
        super().__init__()
        self.run, self.goal = run, goal
        settings, parameters = run.settings, self.parameters
        parameters.random_seed = settings.seed
        parameters.num_workers = settings.workers
        # Measured on 185 people: the first answer after 0.4 s instead of 1.8 s, and no worse a bound.
        parameters.cp_model_probing_level = 0
        parameters.symmetry_level = 0
        parameters.max_presolve_iterations = 1
        parameters.max_memory_in_mb = settings.memory_mb
        if settings.deterministic:
            parameters.num_workers = 1
            parameters.max_deterministic_time = limit
        else:
            parameters.max_time_in_seconds = limit
        self.best_bound_callback = self._bounded
        self.value_now: float | None = None

    def solve(self, model: cp_model.CpModel) -> int:  # type: ignore[override]
        done = threading.Event()
        guard = threading.Thread(target=self._watch, args=(done,), daemon=True)
        guard.start()
        try:
            return int(super().solve(model, Improvement(self)))
        finally:
            done.set()
            guard.join()

    def _watch(self, done: threading.Event) -> None:
        while not done.wait(0.1):
            if self.run.stop.is_set():
                self.stop_search()

    def found(self, value: float, bound: float) -> None:
        self.value_now = value
        if self.run.first_answer is None:
            self.run.first_answer = self.run.elapsed
        self._tell(bound)

    def _bounded(self, bound: float) -> None:
        self._tell(bound)

    def _tell(self, bound: float) -> None:
        unit = self.goal.unit(self.run.problem)
        value = None if self.value_now is None else self.value_now / unit
        self.run.listener(Progress(self.run.seconds, self.goal.name, value, bound / unit))


class Improvement(cp_model.CpSolverSolutionCallback):
    def __init__(self, engine: Engine):
        super().__init__()
        self.engine = engine

    def on_solution_callback(self) -> None:
        self.engine.found(self.objective_value, self.best_objective_bound)


def read_out(
    problem: Problem, x: Variables, true: Callable[[cp_model.IntVar], bool]
) -> tuple[tuple[Meeting, ...], tuple[Seat, ...]]:
    """The meetings that are held and everybody's seats, one per slot that a meeting takes."""
    meetings: list[Meeting] = []
    seats: list[Seat] = []
    for start, held in x.held.items():
        if not true(held):
            continue
        session, slot = start
        room = next(room for room, used in x.room[start].items() if true(used))
        meeting = Meeting(f"{session}@{slot}", session, slot, room)
        meetings.append(meeting)
        people: list[tuple[str, Role, str | None]] = [
            (id, Role.FACILITATOR, None) for id in problem.session[session].facilitators
        ]
        people += [(id, Role.NOTE_TAKER, None) for id in problem.session[session].note_takers]
        people += [
            (id, Role.INTERPRETER, language)
            for (id, at, language), literal in x.voices.items()
            if at == start and true(literal)
        ]
        listens = {id: language for (id, at, language), literal in x.listens.items() if at == start and true(literal)}
        people += [
            (person.id, Role.ATTENDEE, listens.get(person.id)) for person, seat in x.attendees[start] if true(seat)
        ]
        for each in problem.span(*start) or ():
            seats += [Seat(id, each, meeting.id, role, language) for id, role, language in people]
    return tuple(meetings), tuple(seats)
