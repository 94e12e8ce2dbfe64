"""What a run was asked to do and what it answered: settings, meetings, seats, goals, violations."""

import enum
import json
from dataclasses import dataclass, field, replace
from typing import Any, Self

from solver.problem.codec import Fault, ProblemError, plain, read
from solver.problem.entities import Role


class Status(enum.StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"
    FAILED = "failed"

    @property
    def has_answer(self) -> bool:
        return self in {Status.OPTIMAL, Status.FEASIBLE}


class Preset(enum.StrEnum):
    WISHES_FIRST = "wishes_first"
    BALANCED = "balanced"
    MIX_FIRST = "mix_first"
    REPAIR = "repair"
    NATIVE = "native"


@dataclass(frozen=True)
class Settings:
    """`time_limit` in seconds for the search; allowances.py has what comes on top.

    `deterministic` ignores the clock for one worker and a seed.
    """

    preset: Preset = Preset.BALANCED
    time_limit: float = 60
    workers: int = 2
    seed: int = 0
    memory_mb: int = 2048
    deterministic: bool = False


@dataclass(frozen=True)
class Meeting:
    """`language` is the working language: one of its session's; None where it has none, or is held in two."""

    id: str
    session: str
    slot: str
    room: str
    language: str | None = None


@dataclass(frozen=True)
class Seat:
    """`listens_in` is the channel that an attendee listens to or an interpreter fills.

    A channel is a language other than the working one; in a two-language meeting it is both with a dash, "ar-de".
    """

    participant: str
    slot: str
    meeting: str
    role: Role = Role.ATTENDEE
    listens_in: str | None = None


@dataclass(frozen=True)
class GoalResult:
    """One goal's value in the answer, how good it was before later goals used their slack, and what nobody can beat.

    name: the goal's code.
    value: what the answer has.
    bound: no allocation within the limits of `given` is better than this; None where nothing is known.
    gap: |reached - bound| / max(|reached|, scale), from the numbers here; 0 means proven, None that there is no bound.
    sense: "minimise" or "maximise".
    reached: the best value of a verified allocation that keeps the earlier goals within their slack. What `value`
        lacks of it is what the goals that come later were allowed to cost; they need not have gained by it.
    scale: in the goal's own unit, so that gaps of small numbers say something.
    given: goal -> limit: what the bound presumes of the earlier goals; empty where it holds for every allocation.
    source: a code for how the bound was found.
    """

    name: str
    value: float
    bound: float | None
    gap: float | None
    sense: str = "minimise"
    reached: float | None = None
    scale: float = 1.0
    given: dict[str, float] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Progress:
    """After `seconds` of the search; `expected` of them will have passed when the answer is there, if all are used."""

    seconds: float
    goal: str
    value: float | None
    bound: float | None
    expected: float | None = None


@dataclass(frozen=True)
class Violation:
    """A rule that an allocation breaks, by its code, with the facts that show it.

    `amount` counts by how many people (or meetings) it is broken; 0 means that no price can buy it.
    """

    rule: str
    facts: dict[str, Any]
    amount: int = 0


@dataclass(frozen=True)
class Solution:
    """`exceptions` are the breaches of flexible rules, by name; everything else is kept."""

    status: Status
    meetings: tuple[Meeting, ...] = ()
    seats: tuple[Seat, ...] = ()
    goals: tuple[GoalResult, ...] = ()
    exceptions: tuple[Violation, ...] = ()
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    route: str = ""
    seconds: float = 0
    first_answer: float | None = None
    peak_memory_mb: float | None = None
    seed: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    problem_hash: str = ""
    settings: Settings = field(default_factory=Settings)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        try:
            return read(cls, json.loads(text))
        except ValueError as error:
            raise ProblemError([Fault("$", f"is not JSON: {error}", "check for a cut-off file")]) from error

    def to_json(self) -> str:
        return json.dumps(plain(self), ensure_ascii=False, sort_keys=True)

    def unchanged_by_time(self) -> Self:
        """The same solution without what differs from run to run on a clock."""
        return replace(self, seconds=0, first_answer=None, peak_memory_mb=None)


def goal(solution: Solution, name: str) -> GoalResult | None:
    return next((result for result in solution.goals if result.name == name), None)
