"""Solves one conference of a number, and holds the answer, or a lie in its place, against the truth."""

import logging
import random
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace

from solver import Preset, Problem, Settings, Solution, solve
from tests.campaigns.lies import LIES
from tests.solver.oracle.claims import FALSE, Finding, findings
from tests.solver.oracle.enumerate import TooMany, Tried, everything
from tests.solver.oracle.exact import Exact, Truth, Undecided
from tests.solver.oracle.generator import TINIEST, Size, conference, crowd

SIZES = {"mixed": Size(), "larger": Size(9, 5, 3, 4)}
"""Beyond the larger ones the exact model takes minutes."""
OVERRUN = 10.0
"""Seconds after the limit in which an answer must be there."""


@dataclass(frozen=True)
class Asked:
    """What to do with the conference of one number; `lie` names a control arm."""

    number: int
    limit: float = 2.0
    lie: str = ""
    languages: bool = True
    kind: str = "mixed"


@dataclass
class Row:
    """What came of one number."""

    number: int
    preset: str = ""
    status: str = ""
    feasible: bool | None = None
    seconds: float = 0.0
    exact_seconds: float = 0.0
    told: bool = True  # False: this control arm could not lie here
    trouble: str = ""  # an exception, an ended process, an overrun
    findings: list[Finding] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)  # what the solver's log says against itself
    problem: str = ""
    answer: str = ""

    @property
    def false(self) -> bool:
        return any(each.kind in FALSE for each in self.findings)

    @property
    def flawless(self) -> bool:
        return not self.findings and not self.trouble and not self.contradictions

    @property
    def kinds(self) -> list[str]:
        trouble = {self.trouble.split(":")[0]} if self.trouble else set()
        against_itself = {"contradicts itself"} if self.contradictions else set()
        return sorted({each.kind for each in self.findings} | trouble | against_itself)

    @property
    def sentence(self) -> str:
        """All that is wrong, in one line."""
        trouble = [self.trouble.split("\n")[0]] if self.trouble else []
        return "; ".join([*trouble, *map(str, self.findings), *self.contradictions])


def drawn(asked: Asked) -> tuple[Problem, Preset]:
    """The conference of this number, and the preset to solve it with."""
    if asked.kind in SIZES:
        return conference(asked.number, replace(SIZES[asked.kind], languages=asked.languages))
    return crowd(asked.number) if asked.number % 3 == 0 else conference(asked.number, TINIEST)


def oracle(asked: Asked, problem: Problem, preset: Preset) -> Exact | Tried | None:
    """What knows the truth; None where trying everything would take too long."""
    if asked.kind in SIZES:
        return Exact(problem, preset)
    with suppress(TooMany):
        return everything(problem, preset)
    return None


@dataclass
class Case:
    """A conference that has been solved, and what is true of it; None where there is no answer or no truth."""

    row: Row
    problem: Problem
    exact: Exact | Tried | None = None
    truth: Truth = field(default_factory=Truth)
    found: Solution | None = None


def look(asked: Asked) -> Row:
    """Solve the conference of this number, and hold the answer against the truth."""
    case = solved(asked)
    return lied(case, asked.lie) if asked.lie else case.row


def solved(asked: Asked) -> Case:
    """The conference of this number with its truth, its answer, and what is wrong about that in `row`."""
    problem, preset = drawn(asked)
    case = Case(Row(asked.number, preset.value, problem=problem.to_json()), problem)
    began = time.monotonic()
    try:
        case.exact = oracle(asked, problem, preset)
        if case.exact is None:
            case.row.status = "too many to try"
            return case
        case.truth = case.exact.truth()
    except Undecided as error:
        case.row.trouble = f"exact model undecided: {error}"
        return case
    case.row.feasible, case.row.exact_seconds = case.truth.feasible, time.monotonic() - began
    settings = Settings(preset=preset, time_limit=asked.limit, workers=1, seed=asked.number % 1000)
    case.found = _answer(case.row, problem, settings)
    if case.found is not None:
        _judge(case.row, case, case.exact, case.found)
    return case


def lied(case: Case, lie: str) -> Row:
    """The control arm: only what is honest and flawless is worth a lie, or it would prove nothing."""
    row = replace(case.row, told=False)
    if case.row.flawless and case.found is not None and case.exact is not None:
        dice = random.Random(row.number)
        answer = LIES[lie](case.problem, case.exact.preset, case.found, case.truth, dice)
        if answer is not None:
            row.told = True
            _judge(row, case, case.exact, answer)
    return row


@contextmanager
def overheard() -> Iterator[list[str]]:
    """The errors that the solver writes into its log: what it drops because it contradicts what is known."""
    said: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    ear, log = Ear(logging.ERROR), logging.getLogger("solver")
    log.addHandler(ear)
    try:
        yield said
    finally:
        log.removeHandler(ear)


def _answer(row: Row, problem: Problem, settings: Settings) -> Solution | None:
    began = time.monotonic()
    try:
        with overheard() as said:
            found = solve(problem, settings)
    except Exception as error:  # whatever is raised is what the campaign looks for
        row.trouble = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
        return None
    row.contradictions = list(said)
    row.seconds = time.monotonic() - began
    if row.seconds > settings.time_limit + OVERRUN:
        row.trouble = f"late: {row.seconds:.1f} s"
    return found


def _judge(row: Row, case: Case, exact: Exact | Tried, found: Solution) -> None:
    row.status, row.answer = found.status.value, found.to_json()
    try:
        row.findings = findings(case.problem, exact.preset, found, exact, case.truth)
    except Undecided as error:
        row.trouble = f"exact model undecided: {error}"
