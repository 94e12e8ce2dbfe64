"""When a schedule holds something: each time once, with how much is held then. Which are rounds is asked later."""

import re
import textwrap
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

Held = tuple[datetime, datetime, str]
"""Beginning, end and title."""
LASTING = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{2})")
"""Hours and minutes, of what is very long days before them."""
SHOWN = 3  # titles of what is held at a time
LONGEST = 120  # characters of them


def rounds(held: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What says no time is not there. A meeting of ours on several days is held at one time."""
    meetings: dict[str, Held] = {}
    for number, talk in enumerate(held):
        span = _span(talk)
        if span:
            key = str(talk.get("meeting") or number)
            first, last, title = meetings.get(key, (*span, _title(talk)))
            meetings[key] = (min(first, span[0]), max(last, span[1]), title)
    return at_each_time(meetings.values())


def at_each_time(held: Iterable[Held]) -> list[dict[str, Any]]:
    """By beginning and end, how much and what."""
    found: dict[tuple[datetime, datetime], list[str]] = {}
    for first, last, title in held:
        found.setdefault((first, last), []).append(title)
    return [
        {"starts": first.isoformat(), "ends": last.isoformat(), "held": len(titles), "about": _about(titles)}
        for (first, last), titles in sorted(found.items())
    ]


def _span(talk: dict[str, Any]) -> tuple[datetime, datetime] | None:
    """Only with a zone: without one nobody knows which."""
    try:
        first = datetime.fromisoformat(str(talk.get("date")))
        lasting = LASTING.fullmatch(str(talk.get("duration")))
        if first.tzinfo is None or lasting is None:
            return None
        days, hours, minutes = (int(part or 0) for part in lasting.groups())
        return first, first + timedelta(days=days, hours=hours, minutes=minutes)
    except (ValueError, OverflowError):
        return None


def _title(talk: dict[str, Any]) -> str:
    return textwrap.shorten(str(talk.get("title") or ""), LONGEST, placeholder=" …")


def _about(titles: list[str]) -> str:
    shown = [title for title in titles if title][:SHOWN]
    more = " …" if len(titles) > len(shown) else ""
    text = textwrap.shorten("; ".join(shown), LONGEST, placeholder=" …")
    return text + more if not text.endswith("…") else text
