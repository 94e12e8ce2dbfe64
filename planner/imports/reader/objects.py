"""Tables of a JSON file: every list of objects in it is one; what lies deeper is named by its path, "info.name"."""

import json
import textwrap
from typing import Any

from .limits import MOST_COLUMNS, MOST_ROWS, MOST_SHEETS, Refused
from .timetable import rounds

Sheet = tuple[str, list[tuple[int, list[str]]]]
DEEPEST = 4
LONGEST_SENTENCE = 280


def tables(text: str) -> list[Sheet]:
    """Each with its names as first row; a row's number is its place in the list. Raises Refused."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Refused("json", line=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise Refused("broken") from error
    found = dict(_lists(data, "", 0))
    if len(found) > MOST_SHEETS:
        raise Refused("sheets", most=MOST_SHEETS)
    return [(name, _table(rows)) for name, rows in found.items()]


def _lists(data: Any, name: str, depth: int) -> list[tuple[str, list[dict[str, Any]]]]:
    if isinstance(data, list) and data and all(isinstance(row, dict) for row in data):
        held = _held(data)
        return [("talks", _talks(held)), ("rounds", rounds(held))] if held else [(name or "list", data)]
    if isinstance(data, dict) and depth < DEEPEST:
        return [each for key, value in data.items() for each in _lists(value, str(key), depth + 1)]
    return []


def _held(days: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What a schedule as pretalx and frab write it holds, by day and room."""
    places = [each for day in days if isinstance(day.get("rooms"), dict) for each in day["rooms"].values()]
    return [talk for place in places if isinstance(place, list) for talk in place if isinstance(talk, dict)]


def _talks(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each once, with how often it is held."""
    found: dict[str, dict[str, Any]] = {}
    often: dict[str, set[str]] = {}
    for talk in held:
        key = str(talk.get("code") or talk.get("id") or talk.get("title"))
        found.setdefault(key, _talk(talk))
        often.setdefault(key, set()).add(_once(talk, len(often.get(key, ()))))
    return [{**talk, "offered": len(often[key])} for key, talk in found.items()]


def _once(talk: dict[str, Any], number: int) -> str:
    """What is held on several days without being offered anew: our own schedules say which meeting it belongs to."""
    return str(talk.get("meeting") or number)


def _talk(talk: dict[str, Any]) -> dict[str, Any]:
    """What a session here has; of a long abstract the beginning, for one sentence stands below a title."""
    said = str(talk.get("abstract") or talk.get("description") or "")
    return {
        **{name: talk.get(name) for name in ("code", "title", "track", "type")},
        "language": str(talk.get("language") or "").partition("-")[0],
        "abstract": textwrap.shorten(said, LONGEST_SENTENCE, placeholder=" …"),
    }


def _table(rows: list[dict[str, Any]]) -> list[tuple[int, list[str]]]:
    if len(rows) > MOST_ROWS:
        raise Refused("rows", most=MOST_ROWS)
    flat = [_flat(row, "", 0) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    if len(names) > MOST_COLUMNS:
        raise Refused("columns", most=MOST_COLUMNS)
    return [(0, names), *((number, [row.get(name, "") for name in names]) for number, row in enumerate(flat, 1))]


def _flat(value: Any, path: str, depth: int) -> dict[str, str]:
    if isinstance(value, dict) and depth < DEEPEST:
        found: dict[str, str] = {}
        for key, inner in value.items():
            found |= _flat(inner, f"{path}.{key}" if path else str(key), depth + 1)
        return found
    return {path: _written(value)}


def _written(value: Any) -> str:
    if isinstance(value, list) and value and all(isinstance(each, dict) and "ak_id" in each for each in value):
        return _ranked(value)
    if isinstance(value, list):
        return ", ".join(_written(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items())
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return "" if value is None else str(value)


def _ranked(preferences: list[dict[str, Any]]) -> str:
    """AKPlanning gives every session a score: those that are wanted, the most wanted first."""

    def score(each: dict[str, Any]) -> float:
        given = each.get("preference_score")
        return float("inf") if each.get("required") else float(given) if isinstance(given, int | float) else 0.0

    wanted = [each for each in preferences if score(each) > 0]
    return ", ".join(str(each["ak_id"]) for each in sorted(wanted, key=score, reverse=True))
