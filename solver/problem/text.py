"""JSON text to plain data, with the place of every number that is none."""

import json
import math
from collections.abc import Iterator
from typing import Any

from solver.problem.codec import Fault, ProblemError


def parsed(text: str | bytes) -> Any:
    """The data of a JSON text; raises ProblemError where it is not JSON or has numbers without an end.

    Infinity and NaN are no JSON, but Python reads them, and 1e999 as well.
    """
    suspicious: list[str] = []

    def number(word: str) -> float:
        value = float(word)
        if not math.isfinite(value):
            suspicious.append(word)
        return value

    try:
        data = json.loads(text, parse_float=number, parse_constant=number)
    except (ValueError, UnicodeDecodeError) as error:
        raise ProblemError([Fault("$", f"is not JSON: {error}", "check for a cut-off file")]) from error
    except RecursionError as error:
        raise ProblemError([Fault("$", "is nested too deeply", "compare it with an example file")]) from error
    if suspicious:
        raise ProblemError([Fault(path, "is no number with an end", "write a number") for path in _endless(data, "$")])
    return data


def _endless(data: Any, path: str) -> Iterator[str]:
    if isinstance(data, float) and not math.isfinite(data):
        yield path
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _endless(value, f"{path}.{key}")
    elif isinstance(data, list):
        for at, value in enumerate(data):
            yield from _endless(value, f"{path}[{at}]")
