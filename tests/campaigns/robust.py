"""A run never fails: many runs of a few small conferences, of the kinds that once ended without a word."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from solver import Given, Preset, Problem, Settings, Status, solve, verify
from solver.bench.families import Family, build
from solver.search.task import MIX_LEFT_OUT
from tests.solver.makers import person, problem
from tests.solver.test_optimum import tiny

FOLDER = Path(__file__).resolve().parents[1] / "solver" / "instances" / "wrong"
KEPT = {1404: Preset.BALANCED, 1408: Preset.BALANCED, 1624: Preset.BALANCED, 1639: Preset.REPAIR, 421: Preset.MIX_FIRST}


def conferences() -> list[tuple[Problem, Preset]]:
    """Ten: kept ones, the tests' simplest ones, and two of the families that are measured."""
    plain = problem(people=4, sessions=2)
    given = replace(
        plain,
        meetings=tuple(Given(f"s{at}", "t0", f"r{at}") for at in range(2)),
        participants=tuple(person(f"p{at}", favourites=("s0", "s1")) for at in range(4)),
    )
    kept = [(Problem.from_json((FOLDER / f"{number}.json").read_text()), preset) for number, preset in KEPT.items()]
    made = [
        (given, Preset.BALANCED),
        (tiny(3), Preset.BALANCED),
        (tiny(5), Preset.WISHES_FIRST),
        (build(30, 0, Family("rep", rounds=2)), Preset.BALANCED),
        (build(18, 1, Family("norep", rounds=2)), Preset.MIX_FIRST),
    ]
    return kept + made


def robust(first: int, many: int, limit: float = 2.0) -> Iterator[str]:
    """So many runs in turn, each with another seed, and every fourth with hardly any time."""
    failed, left_open, asked = 0, 0, conferences()
    for number in range(first, first + many):
        conference, preset = asked[number % len(asked)]
        seconds = limit if number % 4 else limit / 20
        settings = Settings(preset=preset, time_limit=seconds, workers=1 + number % 2, seed=number)
        found = solve(conference, settings)
        broken = verify(conference, found) if found.status.has_answer else []
        left_open += found.status is Status.UNKNOWN
        trouble = found.facts.keys() - {MIX_LEFT_OUT}  # a late end is none
        if found.status in {Status.FAILED, Status.INFEASIBLE} or broken or trouble:
            failed += 1
            yield f"{number}: {found.status} {found.reason} {json.dumps(found.facts, default=str)}"
    yield f"robust: {failed} of {many} runs failed, {left_open} without an answer in time"
