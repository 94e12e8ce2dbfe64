"""A run that can be solved never ends without an answer: the same small conferences again and again."""

import time
from collections import Counter
from collections.abc import Iterator

from solver import Preset, Problem, Settings, solve
from tests.campaigns.looking import overheard
from tests.solver.oracle.exact import Exact
from tests.solver.oracle.generator import conference


def small_ones(first: int, many: int = 10) -> list[tuple[int, Problem, Preset]]:
    """The first conferences from this number on that can be solved."""
    found = []
    number = first
    while len(found) < many:
        problem, preset = conference(number)
        if Exact(problem, preset).possible():
            found.append((number, problem, preset))
        number += 1
    return found


def steady(first: int, runs: int, limit: float = 2.0) -> Iterator[str]:
    """Ten conferences in turn, each time with another seed, with two workers as the application has them."""
    conferences, ends = small_ones(first), Counter[str]()
    bad, began = 0, time.monotonic()
    for run in range(runs):
        number, problem, preset = conferences[run % len(conferences)]
        settings = Settings(preset=preset, time_limit=limit, workers=2, seed=run)
        try:
            with overheard() as said:
                found = solve(problem, settings)
            ended, why = found.status.value, f"{found.reason} {found.facts}"
        except Exception as error:  # counted, and told with the number
            ended, why, said = type(error).__name__, str(error), []
        ends[ended] += 1
        if ended not in {"optimal", "feasible"} or said:
            bad += 1
            yield f"number {number}, seed {run}: {ended} {why} {'; '.join(said)}"
    how = ", ".join(f"{many} {ended}" for ended, many in sorted(ends.items()))
    yield f"steady: {bad} of {runs} runs without an answer or in contradiction; {how}; {time.monotonic() - began:.0f} s"
