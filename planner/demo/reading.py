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

COLUMNS = (
    *("key", "name", "group", "organisation", "email", "locale", "state", "newcomer"),
    *(level.value for level in Level),
    *("needs", "away", "wishes", "not_for_me", "interprets", "mode", "listeners", "in_a_row", "attends"),
)
MOST_FAULTS = 10
Plain = dict[str, Any]


class DemonstrationError(ValueError):
    """The files contradict each other; every fault is a line."""


def read_duisburg() -> Demonstration:
    """The Duisburg conference, checked; dates are relative to the first start."""
    return read(files("planner.demo") / "duisburg")


def read(folder: Traversable) -> Demonstration:
    """Everything in the folder, checked; raises DemonstrationError with each fault and its file."""
    conference = _toml(folder / "conference.toml")
    themes = [str(theme.get("key")) for theme in conference.get("themes", ()) if isinstance(theme, dict)]
    people = _toml(folder / "people.toml", "groups", "mix")
    data = {
        "conference": conference,
        "groups": people["groups"],
        "mix": people["mix"],
        "rooms": _toml(folder / "venue.toml", "rooms")["rooms"],
        "sessions": _by_theme(folder, "sessions", themes),
        "submissions": _by_theme(folder, "submissions", themes),
        "participants": _participants(folder / "participants.csv"),
    }
    try:
        demonstration = TypeAdapter(Demonstration).validate_python(data)
    except ValidationError as error:
        raise DemonstrationError(_listed([_fault(each) for each in error.errors()])) from error
    faults = faults_of(demonstration)
    if faults:
        raise DemonstrationError(_listed(faults))
    return demonstration


def _fault(found: Any) -> str:
    return f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"


def _listed(faults: list[str]) -> str:
    more = [f"... and {len(faults) - MOST_FAULTS} more"] if len(faults) > MOST_FAULTS else []
    return "\n".join(faults[:MOST_FAULTS] + more)


def _text(file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise DemonstrationError(f"{file.name}: byte {error.start} is not UTF-8") from error
    except OSError as error:
        raise DemonstrationError(f"{file.name}: {error.strerror}") from error


def _toml(file: Traversable, *needed: str) -> Plain:
    try:
        tables: Plain = _unwrapped(tomllib.loads(_text(file)))
    except (ValueError, RecursionError) as error:  # no TOML, a number of 5,000 digits, a list in a list in a list
        raise DemonstrationError(f"{file.name}: {error}") from error
    missing = [key for key in needed if key not in tables]
    if missing:
        raise DemonstrationError(f"{file.name}: {', '.join(missing)} is missing")
    return tables


def _unwrapped(value: Any) -> Any:
    """Texts are wrapped by hand in the files; here each is one line."""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, dict):
        return {key: _unwrapped(inner) for key, inner in value.items()}
    return [_unwrapped(inner) for inner in value] if isinstance(value, list) else value


def _by_theme(folder: Traversable, noun: str, themes: list[str]) -> list[Plain]:
    """One file per theme, named by its key; a theme without a file has nothing of this yet."""
    if not (folder / noun).is_dir():
        return []
    files = {file.name.removesuffix(".toml"): file for file in (folder / noun).iterdir() if file.name.endswith(".toml")}
    lost = sorted(set(files) - set(themes))
    if lost:
        raise DemonstrationError(f"{noun}/{lost[0]}.toml: no theme has the key {lost[0]}")
    found: list[Plain] = []
    for theme in (key for key in themes if key in files):
        tables = _toml(files[theme], noun)
        rows = tables[noun]
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise DemonstrationError(f"{noun}/{theme}.toml: each entry begins with [[{noun}]]")
        found += [{"theme": tables.get("theme", theme), **row} for row in rows]
    return found


def _participants(file: Traversable) -> list[Plain]:
    rows = csv.DictReader(_text(file).splitlines())
    try:
        return _people(file, rows)
    except csv.Error as error:  # a cell without an end
        raise DemonstrationError(f"{file.name}, line {rows.line_num}: {error}") from error


def _people(file: Traversable, rows: "csv.DictReader[str]") -> list[Plain]:
    missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if missing:
        raise DemonstrationError(f"{file.name}: the column {missing[0]} is missing")
    found = []
    for number, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise DemonstrationError(f"{file.name}, line {number}: it has more or fewer cells than columns")
        found.append(_participant(row))
    return found


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
