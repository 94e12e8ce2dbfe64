"""Which server and event an address names, and which addresses of the network are asked: public ones only."""

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import idna

from planner.imports.fetching.refusals import Refused

HTTPS = 443
SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LONGEST_HOST = 253
GLOBAL_SIX = ipaddress.ip_network("2000::/3")
"""Everything else of IPv6 is no host on the internet: mapped IPv4, NAT64, unique local, link-local, multicast."""
CLOSED = [
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's server for its own machines
        "169.254.0.0/16",  # link-local, with the clouds' servers of metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # Teredo and other protocols' own
        "2001:db8::/32",
        "2002::/16",  # 6to4: any IPv4 inside
        "3fff::/20",
    )
]


def is_public(address: str) -> bool:
    """Whether a host of the internet may have this address; written out, for libraries change their minds."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:  # no address at all
        return False
    if found.version == 6 and found not in GLOBAL_SIX:
        return False
    return not any(found in each for each in CLOSED if each.version == found.version)


@dataclass(frozen=True)
class Event:
    """An event of another program: its server, and the path under which the interface tells of it."""

    host: str
    port: int
    path: str
    name: str

    @property
    def called(self) -> str:
        return self.host if self.port == HTTPS else f"{self.host}:{self.port}"

    @property
    def label(self) -> str:
        return f"{self.called}/{self.name}"


def pretalx(typed: str, allowed: Collection[str] = ()) -> Event:
    """Of the event's own page, the organisers' or the interface's. Raises Refused."""
    example = "https://pretalx.example.org/meine-konferenz/"
    parts, host, port = _server(typed, allowed, example)
    steps = [step for step in parts.path.split("/") if step]
    for before in (["api", "events"], ["orga", "event"]):
        if steps[: len(before)] == before:
            steps = steps[len(before) :]
    if not steps or not SLUG.fullmatch(steps[0]) or steps[0] in {"api", "orga"}:
        raise Refused("address", example=example)
    return Event(host, port, f"/api/events/{steps[0]}/", steps[0])


def pretix(typed: str, allowed: Collection[str] = ()) -> Event:
    """Of the shop, the organisers' pages or the interface. Raises Refused."""
    example = "https://pretix.example.org/veranstalter/meine-konferenz/"
    parts, host, port = _server(typed, allowed, example)
    steps = [step for step in parts.path.split("/") if step]
    if steps[:3] == ["api", "v1", "organizers"] and steps[4:5] == ["events"]:
        steps = [steps[3], *steps[5:6]]
    elif steps[:2] == ["control", "event"]:
        steps = steps[2:]
    if len(steps) < 2 or not all(SLUG.fullmatch(step) for step in steps[:2]) or steps[0] in {"api", "control"}:
        raise Refused("address", example=example)
    organiser, event = steps[:2]
    return Event(host, port, f"/api/v1/organizers/{organiser}/events/{event}/", f"{organiser}/{event}")


def _server(typed: str, allowed: Collection[str], example: str) -> tuple[SplitResult, str, int]:
    """The host in ASCII; https alone, and another port only where it is allowed by name."""
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        port = parts.port or HTTPS
        host = idna.encode(parts.hostname or "", uts46=True).decode().rstrip(".").lower()
    except (ValueError, UnicodeError) as error:  # idna's own errors are UnicodeErrors
        raise Refused("address", example=example) from error
    if parts.scheme.casefold() != "https":
        raise Refused("https" if parts.scheme.casefold() == "http" else "address", example=example)
    if not host or len(host) > LONGEST_HOST:
        raise Refused("address", example=example)
    if "@" in parts.netloc or (port != HTTPS and f"{host}:{port}" not in allowed):
        raise Refused("parts")
    return parts, host, port
