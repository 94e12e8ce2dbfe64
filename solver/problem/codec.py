"""Turns plain JSON data into frozen dataclasses and back, collecting every fault with its path."""

import enum
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


@dataclass(frozen=True)
class Fault:
    """What is wrong where, and what would mend it.

    `code` and `facts`, with the ids of what is concerned, are for whoever says it in other words; a fault in how
    something is written has none.
    """

    path: str
    problem: str
    remedy: str
    code: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def __str__(self) -> str:
        return f"{self.path} {self.problem}; {self.remedy}"


class ProblemError(ValueError):
    """The input cannot be used; `faults` names each place with its remedy."""

    def __init__(self, faults: Sequence[Fault]):
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in faults))


def read(kind: type[T], data: Any) -> T:
    """Build `kind` from plain data; raises ProblemError with all faults at once."""
    faults: list[Fault] = []
    value = _value(kind, data, "$", faults)
    if faults:
        raise ProblemError(faults)
    return value  # type: ignore[no-any-return]


def plain(value: Any) -> Any:
    """The same as plain JSON data: sets sorted, defaults left out."""
    if is_dataclass(value):
        return {
            item.name: plain(getattr(value, item.name))
            for item in fields(value)
            if getattr(value, item.name) != _default(item)
        }
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return value.value if isinstance(value, enum.Enum) else value


def _default(item: Any) -> Any:
    return item.default_factory() if item.default_factory is not MISSING else item.default


@cache
def hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Any, data: Any, path: str, faults: list[Fault]) -> Any:
    origin, words = get_origin(kind), get_args(kind)
    if kind is Any:
        return data
    if origin in (types.UnionType, Union):
        inner = next(word for word in words if word is not types.NoneType)
        return None if data is None else _value(inner, data, path, faults)
    if is_dataclass(kind):
        return _record(kind, data, path, faults)
    if origin in (tuple, frozenset):
        return origin(_items(words[0], data, path, faults))
    if origin is dict:
        if isinstance(data, dict):
            return {key: _value(words[1], item, f"{path}.{key}", faults) for key, item in data.items()}
        return _wrong(path, "is not an object", "write { ... }", faults)
    return _scalar(kind, data, path, faults)


def _items(kind: Any, data: Any, path: str, faults: list[Fault]) -> list[Any]:
    if not isinstance(data, list):
        _wrong(path, "is not a list", "write [ ... ]", faults)
        return []
    return [_value(kind, item, f"{path}[{at}]", faults) for at, item in enumerate(data)]


def _record(kind: Any, data: Any, path: str, faults: list[Fault]) -> Any:
    if not isinstance(data, dict):
        return _wrong(path, "is not an object", "write { ... }", faults)
    known, before = hints(kind), len(faults)
    names = {item.name: item for item in fields(kind)}
    for name in data.keys() - names.keys():
        _wrong(f"{path}.{name}", "is not known", f"use one of {', '.join(sorted(names))}", faults)
    for name, item in names.items():
        if name not in data and item.default is MISSING and item.default_factory is MISSING:
            _wrong(f"{path}.{name}", "is missing", "add it", faults)
    values = {name: _value(known[name], data[name], f"{path}.{name}", faults) for name in names if name in data}
    return kind(**values) if len(faults) == before else None


def _scalar(kind: Any, data: Any, path: str, faults: list[Fault]) -> Any:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        allowed = [member.value for member in kind]
        if data in allowed:
            return kind(data)
        return _wrong(path, f"is {data!r}", f"use one of {', '.join(allowed)}", faults)
    if isinstance(data, str) and not data.isascii() and any("\ud800" <= letter <= "\udfff" for letter in data):
        return _wrong(path, "has half a character (a lone surrogate)", "write the text anew", faults)
    accepted: tuple[type, ...] = (int, float) if kind is float else (kind,)
    if isinstance(data, accepted) and (kind is bool or not isinstance(data, bool)):
        return data
    return _wrong(path, f"is {data!r}", f"write a value of type {kind.__name__}", faults)


def _wrong(path: str, problem: str, remedy: str, faults: list[Fault]) -> None:
    faults.append(Fault(path, problem, remedy))
