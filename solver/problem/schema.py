"""The JSON Schema of our format, read off the dataclasses, so that file and code cannot drift apart."""

import enum
import types
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Union, get_args, get_origin

from solver.problem.codec import hints
from solver.problem.problem import FORMAT, Problem

NAMES = {str: "string", int: "integer", float: "number", bool: "boolean"}


def problem_schema() -> dict[str, Any]:
    """Of a problem file, as stored in solver/problem/problem.schema.json (JSON Schema 2020-12)."""
    record = _record(Problem)
    record["properties"] = {"format": {"const": FORMAT}, **record["properties"]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Stuhlkreis problem", **record}


def _record(kind: Any) -> dict[str, Any]:
    known = hints(kind)
    needed = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip(),
        "properties": {f.name: _value(known[f.name]) for f in fields(kind)},
        "required": needed,
        "additionalProperties": False,
    }


def _value(kind: Any) -> dict[str, Any]:
    origin, words = get_origin(kind), get_args(kind)
    if kind is Any:
        return {}
    if origin in (types.UnionType, Union):
        return {"anyOf": [_value(word) for word in words if word is not types.NoneType] + [{"type": "null"}]}
    if origin in (tuple, frozenset):
        return {"type": "array", "items": _value(words[0]), **({"uniqueItems": True} if origin is frozenset else {})}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(words[1])}
    if is_dataclass(kind):
        return _record(kind)
    if issubclass(kind, enum.Enum):
        return {"enum": [member.value for member in kind]}
    return {"type": NAMES[kind]}
