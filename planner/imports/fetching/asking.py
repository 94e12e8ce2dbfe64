"""Asks another program for the lists that are wanted, and reads each as if it were a file."""

import json
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from planner.imports import reading
from planner.imports.fetching import address, pretalx, pretix
from planner.imports.fetching.address import Event
from planner.imports.fetching.pages import Item
from planner.imports.fetching.refusals import Busy, Refused
from planner.imports.fetching.wire import Server
from planner.models import ImportKind

AT_ONCE = threading.BoundedSemaphore(2)
"""Fetches at the same time in this process; nobody waits for a place, for whoever waits holds one of few threads."""


@dataclass(frozen=True)
class Source:
    """A program: how its addresses are read, and which kinds of lists it gives, each with its name among our sheets."""

    name: str
    event: Callable[[str, Collection[str]], Event]
    lists: dict[ImportKind, tuple[str, Callable[[Server, str], list[Item]]]]


SOURCES = {
    "pretalx": Source(
        "pretalx",
        address.pretalx,
        {
            ImportKind.ROUNDS: ("rounds", pretalx.rounds),
            ImportKind.ROOMS: ("rooms", pretalx.rooms),
            ImportKind.SESSIONS: ("talks", pretalx.sessions),
        },
    ),
    "pretix": Source("pretix", address.pretix, {ImportKind.PEOPLE: ("orders", pretix.people)}),
}


@dataclass(frozen=True)
class Fetched:
    """What an event had of what was wanted; `counts` are entries, of what it has none of 0.

    `hidden` are names of further lists that the token may not read, so something is less sure.
    """

    event: Event
    lists: dict[ImportKind, reading.Read]
    counts: dict[ImportKind, int]
    hidden: frozenset[str] = frozenset()


def fetch(
    source: Source, typed: str, token: str, kinds: Iterable[ImportKind], language: str, allowed: Sequence[str]
) -> Fetched:
    """All of the wanted lists or none, in seconds; nobody should wait for the caller meanwhile.

    Texts in several languages in this one, where there is one. `allowed` are hosts, with a port where it is not 443,
    that may be in a private network. Raises Refused, AskedTooOften, Busy, Unreadable.
    """
    event = source.event(typed, allowed)
    server = Server(event, token, allowed)
    with one_of_few():
        try:
            rows = {kind: _asked(source, kind, server, language) for kind in kinds}
        finally:
            server.close()
    if not any(rows.values()):
        raise Refused("nothing", host=event.called)
    lists = {kind: _read(source.lists[kind][0], found) for kind, found in rows.items() if found}
    return Fetched(event, lists, {kind: len(found) for kind, found in rows.items()}, frozenset(server.hidden))


@contextmanager
def one_of_few() -> Iterator[None]:
    if not AT_ONCE.acquire(blocking=False):
        raise Busy
    try:
        yield
    finally:
        AT_ONCE.release()


def _asked(source: Source, kind: ImportKind, server: Server, language: str) -> list[Item]:
    """Where there is the event and not the list, the program is older than the list."""
    try:
        return source.lists[kind][1](server, language)
    except Refused as refused:
        if refused.code == "event":
            server.get(server.event.path)
            raise Refused("version", host=server.host) from refused
        raise


def _read(name: str, rows: list[Item]) -> reading.Read:
    """In the same process of its own as a file; nobody saved it in any character set."""
    return reading.Read(reading.read(json.dumps({name: rows}).encode(), "utf-8").tables, "")
