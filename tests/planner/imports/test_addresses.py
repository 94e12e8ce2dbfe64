"""Which events an address names, and which addresses of the network are asked."""

from pathlib import Path

import pytest

from planner.config import Config
from planner.imports.fetching import address
from planner.imports.fetching.refusals import Refused

TALKS = "/api/events/meine-konferenz/"
ORDERS = "/api/v1/organizers/stadt/events/forum/"


@pytest.mark.parametrize(
    "typed",
    [
        "https://pretalx.example.org/meine-konferenz/",
        "pretalx.example.org/meine-konferenz",
        "https://pretalx.example.org/meine-konferenz/cfp?lang=de#top",
        "https://pretalx.example.org/orga/event/meine-konferenz/submissions/",
        "https://PRETALX.example.org:443/api/events/meine-konferenz/rooms/",
        "https://pretalx.example.org./meine-konferenz/schedule/",
    ],
)
def test_an_event_of_pretalx_is_known_by_any_of_its_pages(typed: str) -> None:
    found = address.pretalx(typed)

    assert (found.host, found.port, found.path) == ("pretalx.example.org", 443, TALKS)


@pytest.mark.parametrize(
    "typed",
    [
        "https://pretix.example.org/stadt/forum/",
        "https://pretix.example.org/control/event/stadt/forum/orders/",
        "https://pretix.example.org/api/v1/organizers/stadt/events/forum/orders/",
        "https://pretix.example.org/stadt/forum/?voucher=X",
    ],
)
def test_an_event_of_pretix_is_known_by_any_of_its_pages(typed: str) -> None:
    found = address.pretix(typed)

    assert (found.host, found.path, found.label) == ("pretix.example.org", ORDERS, "pretix.example.org/stadt/forum")


def test_names_in_other_letters_are_written_in_ascii() -> None:
    assert address.pretalx("https://bücher.example/lesung/").host == "xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("http://pretalx.example.org/x/", "https"),
        ("ftp://pretalx.example.org/x/", "address"),
        ("file:///etc/passwd", "address"),
        ("https://pretalx.example.org/", "address"),
        ("https:///x/", "address"),
        ("https://pretalx.example.org/../x", "address"),
        ("https://pretalx.example.org/%2e%2e/x", "address"),
        ("https://pretalx.example.org/api/events/", "address"),
        ("https://exa mple.org/x/", "address"),
        ("https://[::1/x/", "address"),
        ("https://example.org:99999/x/", "address"),
        ("https://" + "a" * 300 + ".org/x/", "address"),
        ("https://user:pass@pretalx.example.org/x/", "parts"),
        ("https://pretalx.example.org@127.0.0.1/x/", "parts"),
        ("https://pretalx.example.org:8443/x/", "parts"),
        ("https://pretalx.example.org:22/x/", "parts"),
    ],
)
def test_what_is_no_address_of_an_event_is_refused(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        address.pretalx(typed)

    assert refusal.value.code == code
    assert "%" not in str(refusal.value.sentence)


def test_pretix_needs_both_names() -> None:
    with pytest.raises(Refused, match="Refused"):
        address.pretix("https://tickets.example.org/forum/")


def test_another_port_is_open_only_where_it_is_allowed_by_name() -> None:
    allowed = ["pretalx.intern.example:8443"]

    assert address.pretalx("https://pretalx.intern.example:8443/x/", allowed).called == "pretalx.intern.example:8443"
    with pytest.raises(Refused):
        address.pretalx("https://pretalx.intern.example:8444/x/", allowed)


@pytest.mark.parametrize(
    "found",
    [
        "0.0.0.0",  # noqa: S104  (nothing listens there)
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.8.8.8",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.178.1",
        "198.18.0.1",
        "203.0.113.9",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "no address",
    ],
)
def test_no_address_of_a_network_of_ones_own_is_asked(found: str) -> None:
    assert not address.is_public(found)


@pytest.mark.parametrize("found", ["8.8.8.8", "193.99.144.80", "172.32.0.1", "100.128.0.1", "2a02:2e0:3fe:1001::1"])
def test_addresses_of_the_internet_are(found: str) -> None:
    assert address.is_public(found)


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ("müller.example:8443, Lists.example.org", ["xn--mller-kva.example:8443", "lists.example.org"]),
        ("a_b.intern  10.0.0.7", ["a_b.intern", "10.0.0.7"]),
    ],
)
def test_hosts_that_are_allowed_are_named_as_addresses_name_them(tmp_path: Path, given: str, held: list[str]) -> None:
    assert Config(instance=tmp_path, import_hosts=given).hosts_of_lists == held
