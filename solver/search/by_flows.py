"""The route over flows: meetings placed, people seated by min-cost flows, both improved as long as there is time.

Where no rule couples people beyond sizes, quotas of one attribute and the day's wishes, this is close to the proven
optimum in a fraction of the time of a joint model; elsewhere it is the joint model's start.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from solver.bounds.encounters import encounters as encounters_bound
from solver.bounds.lagrange import Duals
from solver.bounds.merged import merged
from solver.bounds.mix import mix as mix_bound
from solver.flow.arrays import Arrays
from solver.flow.day import Clock, Day
from solver.flow.interpreters import interpreters_for
from solver.flow.timetable import InterpreterAt, Timetable, points_of
from solver.flow.weights import Weights, chain_of, weights_for
from solver.judge.verify import verify
from solver.problem import Preset, Problem, Role, Solution, Status
from solver.search import feasibility, start
from solver.search.local_moves import moved

MOST_FOR_MOVES = 20_000
"""Up to so many (person, meeting) pairs in a slot a move of a meeting is judged by flows, some milliseconds each."""
RAMP = (1, 2, 3, 4, 6, 8, 12, 20, 40)
"""Points that a cost unit of the worst-off goal is worth, step by step: cheap improvements first, then dear ones."""
MOVING = 8
"""The same while meetings are being moved."""
ANY = 10**12
MOVES_PER_SECOND = 200
"""Moves tried where only a deterministic budget counts, per second of it."""


def fits(problem: Problem) -> bool:
    """People attend everything and rank their wishes: our own kind of conference."""
    return problem.objective == "ranked" and problem.full_day and not problem.only_wanted and bool(problem.sessions)


@dataclass(frozen=True)
class State:
    """A seating and its values, remembered while the search goes on."""

    seating: Day
    unplaced: int
    worst_off: int
    wishes: int
    mix: float


@dataclass
class Flowing:
    """`offer` takes each verified answer; `best` is the seating behind the last one."""

    problem: Problem
    preset: Preset
    offer: Callable[[Solution, str], None]
    seed: int = 0
    best: Day | None = None
    limit: int | None = None  # a worst-off value that is known to be possible
    reached: dict[str, float] = field(default_factory=dict)
    bounds: dict[str, float] = field(default_factory=dict)

    def start(self) -> bool:
        """A first answer; False if what the flows found breaks a rule that they cannot say."""
        self.arrays = Arrays(self.problem)
        meetings = start.place(self.problem)
        timetable = Timetable(self.arrays, meetings)
        timetable = Timetable(self.arrays, meetings, interpreters_for(timetable))
        self.plan = merged(self.arrays, timetable)
        seating = Day(timetable)
        self.stable = self.preset is Preset.REPAIR
        if not seating.fill(None if self.stable else self.plan, self._weights(worst=False)):
            return False
        seating = self._without_empty(seating)
        self.best = self._mended(seating)
        return self.best is not None and self._tell(self.best, "unplaced")

    def lacks(self) -> bool:
        """Somebody has no place, although no bound says that it must be so; or meetings can still be placed better."""
        assert self.best is not None  # noqa: S101
        free = merged(self.arrays)
        return free is not None and self.best.unplaced() > free.unplaced

    def take(self, solution: Solution) -> None:
        """Go on from an answer that was found elsewhere."""
        self.best = from_solution(self.arrays, solution)
        self.limit = self.best.worst_off()

    def _weights(self, worst: bool = True, **changes: int) -> Weights:
        arrays = self.arrays
        people, groups, classes = len(arrays.people), len(arrays.values) + 1, len(arrays.examples)
        meetings = max(1, len(self.problem.sessions))
        chain = chain_of(people, meetings, groups, classes)
        nodes = people + meetings * (groups + 2) + classes + 1
        best = max(self.problem.rank_points)
        return weights_for(chain, nodes, best, worst=worst, kept=self.stable, **changes)

    def _without_empty(self, seating: Day) -> Day:
        """Sessions that may be cancelled are, where nobody fills them."""
        for _ in range(len(seating.timetable.meetings)):
            m = feasibility.underfilled(seating)
            if m is None:
                break
            seating = Day(feasibility.without(seating.timetable, m))
            if not seating.fill(None, self._weights(worst=False)):
                break
        return seating

    def _mended(self, seating: Day, rounds: int = 12) -> Day | None:
        """The seating once counting finds no breach; None if bans and pulls do not get there."""
        for _ in range(rounds):
            broken = verify(self.problem, self._solution(seating))
            if not broken:
                return seating
            slots = feasibility.mend(seating, broken)
            if not slots:
                return None
            for t in sorted(slots):
                seating.reoptimise(t, self._weights())
        return None

    def _solution(self, seating: Day) -> Solution:
        meetings, seats = seating.read_out()
        return Solution(Status.FEASIBLE, meetings, seats)

    def _tell(self, seating: Day, goal: str) -> bool:
        solution = self._solution(seating)
        if verify(self.problem, solution):
            return False
        self.offer(solution, goal)
        return True

    def state(self, seating: Day) -> State:
        return State(seating, seating.unplaced(), seating.worst_off(), seating.wishes(), seating.mix())

    def improve(self, ended: Clock, moves: int | None) -> None:
        """Better placed meetings, a better worst-off, more wishes, then mix within the preset's slack.

        `moves` limits the number of moves where no clock counts; None leaves it to `ended`.
        """
        assert self.best is not None  # noqa: S101 - only after a start
        seating = self.best.copy()
        states = [self.state(seating)]
        if self._can_move():
            seating = self._placed_better(seating, ended, moves)
            states.append(self.state(seating))
        for worst in RAMP:
            seating = seating.copy()
            seating.sweep(self._weights_at(worst), ended, most=2)
            states.append(self.state(seating))
            if ended():
                break
        seating = seating.copy()
        seating.sweep(self._weights(), ended)
        states.append(self.state(seating))
        self._settle(self._between(states, ended), ended)
        final = self.state(self.best)
        if final.worst_off > self._allowed(int(self.reached["worst_off"])):
            # Mending cost something: only what was verified counts as reached.
            self.reached |= {"worst_off": final.worst_off, "wishes": final.wishes}

    def _between(self, states: list[State], ended: Clock) -> State:
        """The chosen state, or a better one at a price between the last that was too bad for some and the next."""
        chosen, allowed = self._chosen(states), self._allowed(int(self.reached["worst_off"]))
        ramp = states[-len(RAMP) - 1 : -1]
        above = [at for at, state in enumerate(ramp) if state.worst_off > allowed]
        if not above or above[-1] + 1 >= len(ramp):
            return chosen
        low, high, base = RAMP[above[-1]], RAMP[above[-1] + 1], ramp[above[-1]]
        while high - low > 1 and not ended():
            middle = (low + high) // 2
            seating = base.seating.copy()
            seating.sweep(self._weights_at(middle), ended, most=2)
            state = self.state(seating)
            if state.worst_off > allowed:
                low, base = middle, state
            else:
                high = middle
                states.append(state)
        return self._chosen(states)

    def _weights_at(self, worst: int) -> Weights:
        return replace(self._weights(), worst=worst)

    def _chosen(self, states: list[State]) -> State:
        """The most wishes among those whose worst-off value is within its slack."""
        fewest = min(state.unplaced for state in states)
        states = [state for state in states if state.unplaced == fewest]
        lowest = min(state.worst_off for state in states)
        if self.limit is not None:
            lowest = min(lowest, self.limit)
        allowed = self._allowed(lowest)
        fair = [state for state in states if state.worst_off <= allowed] or states[:1]
        chosen = max(fair, key=lambda s: (s.wishes, -s.worst_off))
        self.reached |= {"unplaced": fewest, "worst_off": lowest, "wishes": chosen.wishes}
        return chosen

    def _settle(self, chosen: State, ended: Clock) -> None:
        """Mix within what wishes may give, and offer the result."""
        mended = self._mended(chosen.seating)
        if mended is not None and self._better(mended):
            self.best = mended
            self._tell(mended, "wishes")
        if self.best is None or self.preset is Preset.REPAIR or not self.arrays.nest or ended():
            return
        base = self.state(self.best)
        least = base.wishes * (1 - self._slack("wishes"))
        best, seating = base, self.best
        for mix in (1, 2, 4, 8, 16, 32, 64):
            seating = seating.copy()
            points = 16 if self._slack("wishes") or self.preset is Preset.MIX_FIRST else 10_000
            seating.sweep(self._weights(points=points, mix=mix), ended, most=2)
            state = self.state(seating)
            fine = state.unplaced <= base.unplaced and state.worst_off <= self._allowed(int(self.reached["worst_off"]))
            if not fine or (state.wishes < least and self.preset is not Preset.MIX_FIRST) or ended():
                break
            if state.mix < best.mix:
                best = state
        if best is not base:
            mended = self._mended(best.seating)
            if mended is not None:
                self.best = mended
                self._tell(mended, "mix")
        final = self.state(self.best)
        self.reached["mix"] = final.mix
        if self.preset is Preset.MIX_FIRST:
            self.reached["wishes"] = final.wishes

    def _better(self, seating: Day) -> bool:
        """Whether it may replace the best: nobody more without a place, and the worst-off within what was agreed."""
        assert self.best is not None  # noqa: S101
        new, old = self.state(seating), self.state(self.best)
        if new.unplaced != old.unplaced:
            return new.unplaced < old.unplaced
        allowed = self._allowed(self.limit if self.limit is not None else old.worst_off)
        return new.worst_off < old.worst_off or (new.worst_off <= allowed and new.wishes >= old.wishes)

    def _allowed(self, worst_off: int) -> int:
        """Up to which value a later goal may spoil this worst-off value."""
        from solver.model.objectives import ORDER

        goal = next((goal for goal in ORDER[self.preset] if goal.name == "worst_off"), None)
        if goal is None:
            return ANY
        return worst_off + round(worst_off * goal.slack) + goal.extra

    def _slack(self, name: str) -> float:
        from solver.model.objectives import ORDER

        return next((goal.slack for goal in ORDER[self.preset] if goal.name == name), 0.0)

    def _can_move(self) -> bool:
        timetable = self.best.timetable if self.best else None
        if timetable is None or self.preset is Preset.REPAIR:
            return False
        largest = max((len(here) for here in timetable.here), default=0) * len(self.arrays.people)
        free = len(self.problem.meetings) < len(timetable.meetings) or bool(timetable.voices)
        return free and largest <= MOST_FOR_MOVES

    def _placed_better(self, seating: Day, ended: Clock, moves: int | None) -> Day:
        """Meetings to other slots and interpreters to other meetings; kept if everybody together gains."""
        dice, weights = random.Random(self.seed), self._weights_at(MOVING)
        value, tried, idle = self._worth(seating), 0, 0
        while not ended() and (moves is None or tried < moves) and idle < 600:
            tried += 1
            other = moved(seating, dice, weights)
            worth = None if other is None else self._worth(other)
            if other is None or worth is None or worth > value:
                idle += 1
                continue
            idle = 0 if worth < value else idle + 1
            seating, value = other, worth
        return seating

    def _worth(self, seating: Day) -> float:
        timetable = seating.timetable
        sizes = seating.sizes()
        lacking = float((timetable.least - sizes).clip(0).sum())
        mix = 20 * seating.mix() if self.preset is Preset.MIX_FIRST else 2 * seating.mix()
        worst = seating.worst_off()
        over = 0 if self.limit is None else max(0, worst - self._allowed(self.limit))
        hard = 10**7 * lacking + 10**5 * seating.unplaced() + 200 * over
        return hard + MOVING * worst - seating.wishes() + mix

    def prove(self, ended: Clock, rounds: int) -> None:
        """Bounds by relaxation: they hold for every allocation that is as good in the earlier goals as the best."""
        assert self.best is not None  # noqa: S101
        free = merged(self.arrays)
        if free is None:
            return
        state = self.state(self.best)
        self.bounds["unplaced"] = free.unplaced
        if state.unplaced > free.unplaced:
            free = merged(self.arrays, None, None, 0) or free
        wishes = float(free.wishes)
        placed = int((self.best.at >= 0).sum())
        flexible = bool(self.problem.flexible)
        self.bounds["mix"] = 0.0 if flexible else mix_bound(self.problem, placed)
        self.bounds["encounters"] = float(encounters_bound(self.problem, placed))
        if state.unplaced == self.bounds["unplaced"] == 0:
            duals = Duals(self.arrays, None, full=not flexible)
            known = points_of(self.best.timetable, self.best.at).sum(axis=1)
            lowest, _ = duals.worst_off(known, ended, rounds)
            self.bounds["worst_off"] = min(lowest, state.worst_off)
            limit = self._allowed(int(self.reached.get("worst_off", state.worst_off)))
            better, _ = duals.wishes(max(limit, state.worst_off), known, 3.0, ended, rounds)
            wishes = min(wishes, better)
        self.bounds["wishes"] = float(int(wishes + 1e-6))


def from_solution(arrays: Arrays, solution: Solution) -> Day:
    """The seating that a solution describes."""
    starts = {meeting.id: meeting.slot for meeting in solution.meetings}
    voices = [
        InterpreterAt(seat.participant, seat.meeting, seat.listens_in)
        for seat in solution.seats
        if seat.role is Role.INTERPRETER and seat.listens_in and seat.slot == starts[seat.meeting]
    ]
    seating = Day(Timetable(arrays, list(solution.meetings), voices))
    for seat in solution.seats:
        if seat.role is Role.ATTENDEE:
            seating.at[arrays.row[seat.participant], arrays.slot[seat.slot]] = seating.timetable.index[seat.meeting]
    return seating
