"""Everything in one CP-SAT model, goal after goal, the earlier ones held: where rules couple, and for proof."""

import threading
from collections.abc import Callable

from ortools.sat.python import cp_model

from solver.judge.verify import verify
from solver.model import constraints, objectives, variables
from solver.model.objectives import Goal
from solver.model.variables import Linear, Variables
from solver.problem import Meeting, Problem, Progress, Role, Seat, Solution, Status
from solver.search.routes import Run

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
    "worst_pair": 2.0,
    "cubes": 2.0,
}
"""How the time that is left is shared among the goals that are left."""


class Joint:
    """The model of one run; `engine` holds the values of the last answer, for hints."""

    def __init__(self, run: Run, share: float = 1.0):
        self.run, self.problem = run, run.problem
        self.ends = run.seconds + run.left * share
        self.engine: Engine | None = None
        self.model = cp_model.CpModel()
        self.x = variables.create(self.model, self.problem)
        for rule in constraints.ALL:
            if rule.__name__ not in run.without:
                rule(self.model, self.problem, self.x)

    @property
    def left(self) -> float:
        return self.ends - self.run.seconds

    def pursue(self, order: tuple[Goal, ...]) -> Status:
        """Goal after goal, each with the earlier ones held."""
        known = self.run.best or self.run.start
        if known:
            self._hint_places(known)
        if self.run.best:
            self._take_over()
        for at, goal in enumerate(order):
            ended = self._optimise(goal, order[at:])
            if ended:
                return ended
        return Status.FEASIBLE

    def _hint_places(self, known: Solution) -> None:
        x = self.x
        held = {(m.session, m.slot): m for m in known.meetings}
        sitting = {(seat.participant, seat.meeting): seat.listens_in for seat in known.seats}
        for start, literal in x.held.items():
            meeting = held.get(start)
            self.model.add_hint(literal, meeting is not None)
            for room, used in x.room[start].items():
                self.model.add_hint(used, meeting is not None and meeting.room == room)
            for person, seat in x.attendees[start]:
                self.model.add_hint(seat, meeting is not None and (person.id, meeting.id) in sitting)
        for literals in (x.listens, x.voices):
            for (id, start, language), literal in literals.items():
                meeting = held.get(start)
                self.model.add_hint(literal, meeting is not None and sitting.get((id, meeting.id)) == language)
        for id, works in x.works.items():
            for start, literal in works.items():
                meeting = held.get(start)
                self.model.add_hint(literal, meeting is not None and (id, meeting.id) in sitting)

    def _take_over(self) -> None:
        """The model's own values for the answer that is there already; without them it starts afresh."""
        engine = Engine(self.run, self.run.order[0], min(5.0, self.run.left))
        engine.parameters.fix_variables_to_their_hinted_value = True
        if engine.solve(self.model) in ANSWERED:
            self.engine = engine

    def _optimise(self, goal: Goal, left: tuple[Goal, ...]) -> Status | None:
        """Solve for one goal and hold what it reached; a status where the search ends here."""
        run = self.run
        if run.best and (run.over or self.left <= 0):
            return Status.FEASIBLE
        expression = goal.express(self.model, self.problem, self.x)
        if expression is None:
            return None
        share = WEIGHTS[goal.name] / sum(WEIGHTS[each.name] for each in left)
        ends = run.seconds + max(0.3, self.left * share)
        if goal is objectives.UNPLACED and self.x.unplaced and not self._proven(goal):
            self._try_everybody(max(ends, run.seconds + 0.5 * run.left))
        if not goal.maximise and run.best and goal.count(self.problem, run.best) == 0:
            run.tighten(goal, 0.0)
        if self._proven(goal):
            # No search is needed for what is proven already.
            self._hold(goal, expression)
            return None
        (self.model.maximize if goal.maximise else self.model.minimize)(expression)
        if self.engine and not goal.first:
            self._with_placement_held(goal, (ends - run.seconds) * 0.5)
        self._hint()
        # Until there is an answer at all, a goal may use more than its share.
        keep = 1.0 if len(left) == 1 else 0.8
        limit = ends - run.seconds if run.best else self.left * keep
        engine = Engine(run, goal, max(0.2, limit))
        status = engine.solve(self.model)
        if status not in ANSWERED:
            ended = self._without_answer(status)
            if ended is None:
                self._hold(goal, expression)
            return ended
        self._read(engine, goal)
        bound = engine.best_objective_bound / goal.unit(self.problem)
        run.tighten(goal, bound if goal.maximise else max(0.0, bound))
        if status == cp_model.OPTIMAL:
            run.bounds[goal.name] = run.reached[goal.name]
        self._hold(goal, expression)
        return None

    def _proven(self, goal: Goal) -> bool:
        return self.run.best is not None and self.run.result(goal).gap == 0

    def _hold(self, goal: Goal, expression: Linear) -> None:
        """Later goals may not spoil what this one reached, but for its stated slack."""
        best = self.run.best
        if best is None:
            return
        reached = self.run.reached.get(goal.name, goal.count(self.problem, best))
        whole = round(reached * goal.unit(self.problem))
        allowed = round(abs(whole) * goal.slack) + goal.extra
        if goal.maximise:
            self.model.add(expression >= whole - allowed)
        else:
            self.model.add(expression <= whole + allowed)

    def _try_everybody(self, until: float) -> None:
        """First ask whether everybody can be placed at all: as a question without a goal it is quick."""
        model = self.model.clone()
        model.clear_hints()
        for gap in self.x.unplaced.values():
            model.add(model.get_bool_var_from_proto_index(gap.index) == 0)
        engine = Engine(self.run, objectives.UNPLACED, max(0.2, until - self.run.seconds))
        if engine.solve(model) in ANSWERED:
            self._read(engine, objectives.UNPLACED)

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
        engine = Engine(self.run, goal, max(0.2, limit))
        if engine.solve(model) in ANSWERED:
            self._read(engine, goal)

    def _without_answer(self, status: int) -> Status | None:
        run = self.run
        if status == cp_model.INFEASIBLE and run.best is None and self._confirmed():
            return Status.INFEASIBLE
        if status == cp_model.MODEL_INVALID:
            return Status.FAILED
        if run.best is None:
            return Status.UNKNOWN
        return Status.FEASIBLE if run.over else None

    def _confirmed(self) -> bool:
        """Ask once more in another way before anybody is told "impossible": 9.15 has been wrong about it."""
        judge = cp_model.CpSolver()
        judge.parameters.num_workers = 1
        judge.parameters.cp_model_presolve = False
        judge.parameters.random_seed = self.run.settings.seed + 1
        judge.parameters.max_time_in_seconds = max(5.0, self.run.left)
        plain = self.model.clone()
        plain.clear_objective()
        plain.clear_hints()
        return judge.solve(plain) == cp_model.INFEASIBLE

    def _read(self, engine: "Engine", goal: Goal) -> None:
        """Only called for OPTIMAL and FEASIBLE: after anything else the values mean nothing.

        The answer replaces the best only where it gains more than the goal's slack, so that a tiny gain here does not
        throw away what later goals have.
        """
        run = self.run
        meetings, seats = read_out(self.problem, self.x, engine.boolean_value)
        found = Solution(Status.FEASIBLE, meetings, seats)
        if not run.without and verify(self.problem, found):
            return
        value = goal.count(self.problem, found)
        reached = run.reached.get(goal.name)
        choose = max if goal.maximise else min
        run.reached[goal.name] = value if reached is None else choose(value, reached)
        if run.best is not None and self.engine is not None:
            now = goal.count(self.problem, run.best)
            allowed = abs(now) * goal.slack + goal.extra
            if (value - now if goal.maximise else now - value) <= allowed:
                return
        self.engine = engine
        names = [each.name for each in run.order]
        for later in names[names.index(goal.name) + 1 :]:
            # What later goals reached was reached with this one worse: it may be out of reach now.
            run.reached.pop(later, None)
        run.accept(found, goal.name)

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
        if goal is objectives.NATIVE:
            parameters.linearization_level = 2
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
