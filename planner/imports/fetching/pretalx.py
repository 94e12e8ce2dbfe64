"""What pretalx's interface tells of an event, as the rows of a list: its sessions, its rooms, its times."""

import textwrap
from datetime import datetime
from typing import Any

from planner.imports.fetching import pages
from planner.imports.fetching.pages import Item, text
from planner.imports.fetching.wire import Server
from planner.imports.reader.objects import LONGEST_SENTENCE
from planner.imports.reader.timetable import Held, at_each_time

IN_THE_PROGRAMME = {"accepted", "confirmed"}


def sessions(server: Server, language: str) -> list[Item]:
    """What was accepted or confirmed; nobody's name."""
    query = "state=accepted&state=confirmed&expand=track,submission_type"
    found = pages.of(server, f"{server.event.path}submissions/", query)
    return [_session(each, language) for each in found if each.get("state", "confirmed") in IN_THE_PROGRAMME]


def _session(each: Item, language: str) -> Item:
    said = text(each.get("abstract"), language) or text(each.get("description"), language)
    often = each.get("slot_count")
    return {
        "code": text(each.get("code"), language),
        "title": text(each.get("title"), language),
        "track": _named(each.get("track"), language),
        "type": _named(each.get("submission_type"), language),
        "language": text(each.get("content_locale"), language).partition("-")[0],
        "abstract": textwrap.shorten(said, LONGEST_SENTENCE, placeholder=" …"),
        "offered": often if isinstance(often, int) and often > 0 else 1,
    }


def _named(value: Any, language: str) -> str:
    """An object with its name, or the name itself; a bare number says nothing here."""
    if isinstance(value, dict) and "name" in value:
        value = value["name"]
    return "" if isinstance(value, int) else text(value, language)


def rooms(server: Server, language: str) -> list[Item]:
    return [
        {
            "guid": text(each.get("guid") or each.get("uuid"), language),
            "slug": text(each.get("id"), language),
            "name": text(each.get("name"), language),
            "description": text(each.get("description"), language),
            "capacity": text(each.get("capacity"), language),
        }
        for each in pages.of(server, f"{server.event.path}rooms/")
        if each.get("hidden") is not True
    ]


def rounds(server: Server, language: str) -> list[Item]:
    """When something is held, of the published schedule; breaks belong to no submission and are left out."""
    held: list[Held] = []
    for each in pages.of(server, f"{server.event.path}slots/", "expand=submission"):
        about, first, last = each.get("submission"), _moment(each.get("start")), _moment(each.get("end"))
        if about and first and last:
            title = text(about.get("title"), language) if isinstance(about, dict) else text(about, language)
            held.append((first, last, title))
    return at_each_time(held)


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
