"""Who waits after wrong codes, and who does not."""

from datetime import timedelta

import pytest
from flask import Flask

from planner import auth, failures
from planner.errors import TooMany
from planner.extensions import db
from planner.models import Conference, SignInFailure
from tests import factories as make
from tests.client import Client

NOW = make.NOW
LIMIT = failures.LIMITS["card"]


def fail(times: int, subject: str = "1", address: str = "192.0.2.1") -> None:
    for _ in range(times):
        failures.record("card", subject, address, NOW)
    db.session.flush()


def refused(subject: str = "1", address: str = "192.0.2.1", later: timedelta = timedelta()) -> bool:
    try:
        failures.refuse_too_many("card", subject, address, NOW + later)
    except TooMany:
        return True
    return False


def test_an_address_waits_at_the_conference_where_it_failed_and_nowhere_else(either_app: Flask) -> None:
    fail(LIMIT.most)

    assert refused()
    assert not refused(subject="2")
    assert not refused(address="192.0.2.2")
    assert not refused(later=failures.WINDOW + timedelta(seconds=1))


def test_under_attack_from_many_addresses_a_conference_slows_down_and_locks_nobody_out(app: Flask) -> None:
    for number in range(LIMIT.ceiling):
        fail(1, address=f"203.0.113.{number % 250}")

    assert not refused(address="198.51.100.7")
    fail(LIMIT.few, address="198.51.100.7")
    assert refused(address="198.51.100.7")
    assert not refused(address="198.51.100.8")


@pytest.mark.parametrize("other", ["2001:db8:0:1::9", "2001:db8:0:1:ffff::"])
def test_a_household_of_ipv6_addresses_is_one(app: Flask, other: str) -> None:
    fail(LIMIT.most, address="2001:db8:0:1::1")

    assert refused(address=other)
    assert not refused(address="2001:db8:0:2::1")


def test_no_address_is_kept_and_old_failures_are_forgotten(either_app: Flask) -> None:
    fail(2)
    failures.record("card", "1", "192.0.2.1", NOW + 2 * failures.WINDOW)
    db.session.flush()

    [left] = db.session.query(SignInFailure)
    assert "192.0.2.1" not in left.address
    assert len(left.address) == 64


def guess(client: Client, conference: Conference, code: str = "ABCDEFGH", address: str = "192.0.2.1") -> int:
    enter = f"/c/{conference.slug}/enter"
    return client.fetch(enter, method="POST", data={"code": code}, environ_base={"REMOTE_ADDR": address}).status_code


def test_wrong_codes_at_one_conference_lock_out_no_card_holder_elsewhere(app: Flask) -> None:
    """Sixty wrong codes at one conference closed the door of every other one, from every address."""
    app.config["WTF_CSRF_ENABLED"] = False
    here, there = make.conference(), make.conference()
    codes = {place.slug: auth.mint_card(make.participant(place), NOW) for place in (here, there)}
    stranger = Client(app)
    for _ in range(LIMIT.most):
        assert guess(stranger, there) == 422

    assert guess(stranger, there) == 429
    assert guess(Client(app), there, codes[there.slug]) == 429
    assert guess(Client(app), here, codes[here.slug]) == 302
    assert guess(Client(app), there, codes[there.slug], address="192.0.2.2") == 302
