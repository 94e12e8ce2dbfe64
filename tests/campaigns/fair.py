"""ALG-6: names and the order of entry change nothing that is proven; the same question gets the same bytes."""

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from solver import Problem, Settings, Solution, Status, solve
from solver.bench.families import Family, build
from tests.solver.oracle.generator import conference

ROOT = Path(__file__).resolve().parents[2]
PREFIXES = {"participants": "p", "sessions": "s", "rooms": "r"}


def renamed(problem: Problem, dice: random.Random) -> Problem:
    """The same conference with other ids for people, sessions and rooms, and all lists in another order."""
    text = problem.to_json()
    for name, prefix in PREFIXES.items():
        ids = [each.id for each in getattr(problem, name)]
        new = [f"{dice.choice('abcxyz')}{dice.randrange(10**6)}{prefix}{at}" for at in range(len(ids))]
        table = dict(zip(ids, new, strict=True))
        text = re.sub(r'"([a-z]\d+)"', partial(_renamed, table), text)
    other = Problem.from_json(text)
    lists = ("participants", "sessions", "rooms", "quotas", "locks", "interpreters", "meetings")
    shuffled = {name: tuple(dice.sample(getattr(other, name), len(getattr(other, name)))) for name in lists}
    return replace(other, **shuffled)


def _renamed(table: dict[str, str], found: re.Match[str]) -> str:
    return f'"{table.get(found[1], found[1])}"'


def fair(first: int, many: int, limit: float = 2.0) -> Iterator[str]:
    """A line per conference that is told two different truths under two names."""
    differ = proven = broken = 0
    for number in range(first, first + many):
        problem, preset = conference(number)
        other = renamed(problem, random.Random(number))
        settings = Settings(preset=preset, time_limit=limit, workers=1)
        try:
            one, two = solve(problem, settings), solve(other, settings)
        except Exception as error:  # counted, and told with the number
            broken += 1
            yield f"broken: number {number}, {preset}: {type(error).__name__} {error}"
            continue
        said, again = told(one), told(two)
        proven += {one.status, two.status} <= {Status.OPTIMAL, Status.INFEASIBLE}
        clash = Status.INFEASIBLE in (one.status, two.status) and (one.status.has_answer or two.status.has_answer)
        if clash or any(abs(said[name] - again[name]) > 1e-6 for name in said.keys() & again.keys()):
            differ += 1
            yield f"differs: number {number}, {preset}: {one.status} {said} and {two.status} {again}"
    yield f"fair to names: {differ} of {many} differ, {broken} broken, {proven} decided in both"


def told(found: Solution) -> dict[str, float]:
    """What is proven, from the first goal on: behind a goal that is not proven nothing can be compared."""
    proven: dict[str, float] = {}
    for result in found.goals:
        if result.gap != 0:
            break
        proven[result.name] = result.value if result.reached is None else result.reached
    return proven


def same_bytes(many: int, budget: float = 1.0) -> Iterator[str]:
    """The same snapshot, seed, one worker and a deterministic budget, in processes that hash differently."""
    differ = 0
    for number in range(many):
        texts = {_apart(number, budget, salt) for salt in ("1", "2")}
        if len(texts) > 1:
            differ += 1
            yield f"other bytes: number {number}"
    yield f"same bytes: {differ} of {many} differ"


def _apart(number: int, budget: float, salt: str) -> str:
    words = [sys.executable, "-m", "tests.campaigns.fair", str(number), str(budget)]
    environment = {**os.environ, "PYTHONHASHSEED": salt}
    ended = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=600)
    return ended.stdout


def one_answer(number: int, budget: float) -> str:
    """The answer of one conference without what a clock changes: small ones of all rules, and larger families."""
    if number % 2:
        problem, preset = conference(number)
        settings = Settings(preset=preset, time_limit=budget, workers=1, seed=7, deterministic=True)
    else:
        kind = ("rep", "norep", "single")[number // 2 % 3]
        family = Family(kind, rounds=2, interpreters=number // 2 % 3, locks=0.05)
        problem = build(30 + 10 * (number % 7), number, family)
        settings = Settings(time_limit=budget, workers=1, seed=7, deterministic=True)
    return json.dumps(json.loads(solve(problem, settings).unchanged_by_time().to_json()), sort_keys=True)


if __name__ == "__main__":
    sys.stdout.write(one_answer(int(sys.argv[1]), float(sys.argv[2])))
