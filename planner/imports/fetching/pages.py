"""What an interface answers, page after page: lists of objects, each next page of the same server and list."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from planner.imports.fetching.refusals import Refused
from planner.imports.fetching.wire import Server
from planner.imports.reader.limits import MOST_ROWS

Item = dict[str, Any]
MOST_PAGES = 400


def of(server: Server, path: str, query: str = "", most: int = MOST_ROWS) -> Iterator[Item]:
    """Every object of a list. Raises Refused."""
    wanted, seen, found = query, set[str](), 0
    while wanted not in seen and len(seen) < MOST_PAGES:
        seen.add(wanted)
        page = _page(server, f"{path}?{wanted}" if wanted else path)
        items, following, count = _parts(page, server)
        if count > most or (found := found + len(items)) > most:
            raise Refused("rows", most=most)
        yield from items
        if following is None:
            return
        wanted = _query(following, path, server)
    raise Refused("version", host=server.host)


def _page(server: Server, path: str) -> Any:
    try:
        return json.loads(server.get(path))
    except (ValueError, RecursionError) as error:
        raise Refused("not_json", host=server.host) from error


def _parts(page: Any, server: Server) -> tuple[list[Item], str | None, int]:
    """The objects, where the next ones are, how many there are in all; old versions give some lists without pages."""
    if isinstance(page, list):
        page = {"results": page}
    items = page.get("results") if isinstance(page, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise Refused("version", host=server.host)
    following, count = page.get("next"), page.get("count")
    if following is not None and not isinstance(following, str):
        raise Refused("version", host=server.host)
    return items, following or None, count if isinstance(count, int) else 0


def _query(following: str, path: str, server: Server) -> str:
    """Only which part of the same list it is; the connection stays the one that was checked."""
    try:
        parts = urlsplit(following)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise Refused("elsewhere", host=server.host) from error
    own = port in {None, 80, server.event.port}  # behind a proxy servers often take themselves for http
    if not own or (host, parts.path) != (server.event.host, path) or "@" in parts.netloc:
        raise Refused("elsewhere", host=server.host)
    if not parts.query.isascii() or not parts.query.isprintable() or " " in parts.query:
        raise Refused("elsewhere", host=server.host)
    return parts.query


def text(value: Any, language: str) -> str:
    """A text, of one in several languages the wanted one, else English, else any."""
    if isinstance(value, dict):
        texts = [value.get(language), value.get("en"), *value.values()]
        value = next((each for each in texts if isinstance(each, str) and each), "")
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
