"""AKPlanning's conference files: topics with durations, labels that slots and rooms fulfil, scores 0 to 2.

Its objective (`native`): over participants, score x attendance / number of their preferences. People attend only
what they rated or must; every topic runs exactly once; there are no minimum sizes, no groups and no languages.
"""

import json
from dataclasses import replace

from solver.formats.akplanning.checking import checked
from solver.formats.akplanning.reading import problem_of
from solver.formats.akplanning.writing import read_solution, write_solution
from solver.problem import Preset, Problem
from solver.problem.codec import Fault, ProblemError

__all__ = ["NAME", "PRESET", "looks_like", "read", "read_solution", "write_solution"]

NAME = "akplanning"
PRESET = Preset.NATIVE
THEIRS = {"$.sessions": "$.aks", "$.slots": "$.timeslots.blocks", "$.meetings": "$.scheduled_aks"}


def looks_like(text: str) -> bool:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if isinstance(data, dict) and isinstance(data.get("input"), dict):
        data = data["input"]
    return isinstance(data, dict) and "timeslots" in data and "aks" in data


def read(text: str) -> Problem:
    """The problem of a file; raises ProblemError with every fault at its place in the file, in the file's own words.

    A result of AKPlanning's solver ({"input": .., "scheduled_aks": ..}) is read as its input with what is scheduled.
    """
    data = checked(text)
    try:
        return problem_of(data)
    except ProblemError as error:
        raise ProblemError([replace(fault, path=_theirs(fault.path)) for fault in error.faults]) from error
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        fault = Fault(
            "$", f"has a value of a kind that nobody expects here: {error}", "compare it with an example file"
        )
        raise ProblemError([fault]) from error


def _theirs(path: str) -> str:
    """Our place in the file's words."""
    for ours, theirs in THEIRS.items():
        if path.startswith(ours):
            return theirs + path.removeprefix(ours)
    return path
