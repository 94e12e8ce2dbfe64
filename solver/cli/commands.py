"""What the command line does: read, solve, verify, diagnose, convert; exit codes say how it went."""

import json
import signal
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from solver import formats
from solver.cli import sentences
from solver.formats.anonymise import anonymised
from solver.judge.verify import verify
from solver.problem import Preset, Problem, Progress, Settings, Solution, Status
from solver.problem.codec import Fault, ProblemError, plain
from solver.questions.explanation import explain
from solver.questions.fairness import fairness

if TYPE_CHECKING:
    from solver.questions.diagnosis import Diagnosis

SOLVED, BAD_INPUT, INFEASIBLE, NO_ANSWER = 0, 2, 3, 4

CODES = {
    Status.OPTIMAL: SOLVED,
    Status.FEASIBLE: SOLVED,
    Status.INFEASIBLE: INFEASIBLE,
    Status.UNKNOWN: NO_ANSWER,
    Status.FAILED: NO_ANSWER,
}


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def complain(file: Path, error: ProblemError) -> int:
    for fault in error.faults[:20]:
        sys.stderr.write(f"{file}: {fault}\n")
    more = len(error.faults) - 20
    if more > 0:
        sys.stderr.write(f"{file}: and {more} more\n")
    return BAD_INPUT


def read_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProblemError([Fault(f"byte {error.start}", "is not UTF-8", "save the file as UTF-8")]) from error
    except OSError as error:
        raise ProblemError([Fault("$", f"cannot be read: {error.strerror}", "check the name")]) from error


def load(file: Path, kind: str = "auto") -> tuple[Problem, ModuleType, str]:
    text = read_text(file)
    module = formats.named(kind, text)
    return module.read(text), module, text


def solve_file(
    file: Path,
    out: Path | None,
    kind: str = "auto",
    preset: str = "balanced",
    objective: str | None = None,
    time_limit: float = 60,
    workers: int = 2,
    seed: int = 0,
    as_json: bool = False,
) -> int:
    """Solve a file; Ctrl-C keeps the best so far; the answer is written in the file's own format."""
    try:
        problem, module, text = load(file, kind)
    except ProblemError as error:
        return complain(file, error)
    chosen = module.PRESET if module.PRESET is Preset.NATIVE and objective != "ours" else Preset(preset)
    settings = Settings(preset=chosen, time_limit=time_limit, workers=workers, seed=seed)
    solution = _interruptible(problem, settings)
    if solution.status is Status.INFEASIBLE:
        _diagnosed(problem)
    if out and solution.status.has_answer:
        _write(out, module, problem, solution, text)
    if as_json:
        say(json.dumps({**plain(solution), "meetings": len(solution.meetings), "seats": len(solution.seats)}))
    else:
        for line in sentences.of_solution(solution):
            say(line)
    return CODES[solution.status]


def _write(out: Path, module: ModuleType, problem: Problem, solution: Solution, source: str) -> None:
    """In the file's own format; some formats have several files, named by what follows OUT."""
    if not hasattr(module, "write_files"):
        out.write_text(module.write_solution(problem, solution, source), encoding="utf-8")
        return
    for ending, text in module.write_files(problem, solution).items():
        out.with_name(out.name + ending).write_text(text, encoding="utf-8")


def _interruptible(problem: Problem, settings: Settings) -> Solution:
    from solver.search.routes import solve

    stop = threading.Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        return solve(problem, settings, _show if sys.stderr.isatty() else None, stop)
    finally:
        signal.signal(signal.SIGINT, before)
        if sys.stderr.isatty():
            sys.stderr.write("\n")


def _show(progress: Progress) -> None:
    value = "-" if progress.value is None else f"{progress.value:.6g}"
    bound = "-" if progress.bound is None else f"{progress.bound:.6g}"
    sys.stderr.write(f"\r{progress.seconds:6.1f} s  {progress.goal}: {value}, bound {bound}        ")
    sys.stderr.flush()


def _diagnosed(problem: Problem) -> "Diagnosis":
    from solver.questions.diagnosis import diagnose

    found = diagnose(problem)
    for line in sentences.of_diagnosis(found):
        sys.stderr.write(line + "\n")
    return found


def verify_files(file: Path, allocation: Path) -> int:
    """Count every rule; each violation is a line; 0 if there is none."""
    try:
        problem, module, _ = load(file)
    except ProblemError as error:
        return complain(file, error)
    try:
        solution = module.read_solution(problem, _answer(allocation, module))
    except ProblemError as error:
        return complain(allocation, error)
    broken = verify(problem, solution)
    for violation in broken:
        say(sentences.of_violation(violation))
    if not broken:
        say(f"No rule is broken: {len(solution.meetings)} meetings, {len(solution.seats)} places.")
    return 1 if broken else 0


def _answer(allocation: Path, module: ModuleType) -> str:
    """The answer's text; several files are read one after the other."""
    if not hasattr(module, "write_files") or allocation.is_file():
        return read_text(allocation)
    return "\n".join(read_text(allocation.with_name(allocation.name + ending)) for ending in module.ENDINGS)


def diagnose_file(file: Path) -> int:
    """What will be missing; whether a solution can exist; if not, the rules that conflict and what would help."""
    from solver.questions.forecast import forecast

    try:
        problem, _, _ = load(file)
    except ProblemError as error:
        return complain(file, error)
    for shortfall in forecast(problem).shortfalls:
        say(sentences.of_shortfall(shortfall.code, shortfall.facts))
    found = _diagnosed(problem)
    if not found.rules:
        say("A solution exists." if found.status.has_answer else "Not known within the time.")
    return CODES[found.status]


def explain_files(file: Path, allocation: Path, participant: str | None, slot: str | None) -> int:
    """Why somebody is where she is; without a name, the fairness note of the whole run."""
    try:
        problem, module, _ = load(file)
        if participant is not None and participant not in problem.participant:
            raise ProblemError([Fault(participant, "is no participant of this file", "use an id from it")])
        if slot is not None and slot not in problem.slot_at:
            raise ProblemError([Fault(slot, "is no slot of this file", "use an id from it")])
    except ProblemError as error:
        return complain(file, error)
    try:
        solution = module.read_solution(problem, _answer(allocation, module))
    except ProblemError as error:
        return complain(allocation, error)
    if participant is None:
        for line in sentences.of_fairness(fairness(problem, solution)):
            say(line)
        return SOLVED
    for each in [slot] if slot else list(problem.slot_at):
        told = explain(problem, solution, participant, each)
        say(f"{each}: {told.session or '-'}, because {sentences.of_here(told.here, told.rank)}.")
        if told.spoken.languages:
            say(f"  {sentences.of_spoken(told.spoken)}")
        for why in told.wishes:
            say(f"  wish {why.rank}: {sentences.of_why_not(why.session, why.reason, why.facts)}")
            if why.forced:
                say(f"    {sentences.of_forced(why.forced)}")
    return SOLVED


def convert_file(
    source: Path, target: Path, source_format: str, target_format: str, anonymise: bool = False, seed: int = 0
) -> int:
    """Write a problem in another format, on request without a trace of who asks."""
    try:
        problem, _, _ = load(source, source_format)
        problem = anonymised(problem, seed) if anonymise else problem
        writer = formats.FORMATS.get(target_format)
        if writer is None or not hasattr(writer, "write"):
            known = ", ".join(name for name, module in formats.FORMATS.items() if hasattr(module, "write"))
            raise ProblemError([Fault("--to", f"{target_format} cannot be written", f"use one of {known}")])
        text = writer.write(problem)
    except ProblemError as error:
        return complain(source, error)
    target.write_text(text, encoding="utf-8")
    return SOLVED
