"""Our own format: solver/problem/problem.schema.json in, solver/solution.schema.json out."""

import json

from solver.problem import FORMAT, Preset, Problem, Solution
from solver.problem.text import parsed

NAME = "stuhlkreis"
PRESET = Preset.BALANCED


def looks_like(text: str) -> bool:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(data, dict) and (data.get("format") == FORMAT or {"slots", "sessions"} <= data.keys())


def read(text: str) -> Problem:
    return Problem.from_json(text)


def write(problem: Problem) -> str:
    return problem.to_json() + "\n"


def write_solution(problem: Problem, solution: Solution, source: str) -> str:
    return solution.to_json() + "\n"


def read_solution(problem: Problem, text: str) -> Solution:
    """Raises ProblemError with the path of every fault, a number without an end among them."""
    parsed(text)
    return Solution.from_json(text)
