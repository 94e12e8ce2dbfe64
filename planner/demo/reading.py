"""How a demonstration's files become plain values; a mistake is told with its file."""

import csv
import tomllib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planner.demo.checks import faults_of
from planner.demo.data import Demonstration
from planner.models import Level

THEMES = ("sprache", "wohnen", "bildung", "arbeit")
Plain = dict[str, Any]


class DemonstrationError(ValueError):
    """The files contradict each other; every fault is a line."""


def read_duisburg() -> Demonstration:
    """The Duisburg conference, checked; dates are relative to the first start."""
    return read(files("planner.demo") / "duisburg")


def read(folder: Traversable) -> Demonstration:
    people = _toml(folder / "people.toml")
    data = {
        "conference": _toml(folder / "conference.toml"),
        "groups": people["groups"],
        "mix": people["mix"],
        "rooms": _toml(folder / "venue.toml")["rooms"],
        "sessions": _by_theme(folder, "sessions"),
        "submissions": _by_theme(folder, "submissions"),
        "participants": _participants(folder / "participants.csv"),
    }
    try:
        demonstration = TypeAdapter(Demonstration).validate_python(data)
    except ValidationError as error:
        raise DemonstrationError(str(error)) from error
    faults = faults_of(demonstration)
    if faults:
        raise DemonstrationError("\n".join(faults))
    return demonstration


def _toml(file: Traversable) -> Plain:
    try:
        tables: Plain = _unwrapped(tomllib.loads(file.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise DemonstrationError(f"{file.name}: {error}") from error
    return tables


def _unwrapped(value: Any) -> Any:
    """Texts are wrapped by hand in the files; here each is one line."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {key: _unwrapped(inner) for key, inner in value.items()}
    return [_unwrapped(inner) for inner in value] if isinstance(value, list) else value


def _by_theme(folder: Traversable, noun: str) -> list[Plain]:
    found = []
    for theme in THEMES:
        tables = _toml(folder / noun / f"{theme}.toml")
        found += [{"theme": tables["theme"], **table} for table in tables[noun]]
    return found


def _participants(file: Traversable) -> list[Plain]:
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return [_participant(row) for row in rows]


def _participant(row: dict[str, str]) -> Plain:
    return {
        "key": row["key"],
        "name": row["name"],
        "group": row["group"],
        "organisation": row["organisation"] or None,
        "email": row["email"] or None,
        "locale": row["locale"],
        "state": row["state"],
        "newcomer": row["newcomer"] == "yes",
        "languages": {code: level for level in Level for code in row[level.value].split()},
        "needs": row["needs"].split(),
        "away": row["away"].split(),
        "wishes": row["wishes"].split(),
        "vetoes": row["not_for_me"].split(),
        "interprets": _interpreting(row),
        "attends": row["attends"] != "no",
    }


def _interpreting(row: dict[str, str]) -> Plain | None:
    if not row["interprets"]:
        return None
    return {
        "pairs": [pair.split("-") for pair in row["interprets"].split()],
        "mode": row["mode"],
        "listeners": row["listeners"],
        "most_slots_in_a_row": row["in_a_row"],
    }
