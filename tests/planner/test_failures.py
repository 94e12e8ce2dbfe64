"""Who waits after wrong codes, and who does not."""

import sys
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from planner import auth, clock, failures
from planner.errors import TooMany
from planner.extensions import db
from planner.models import AuditEntry, Conference, SignInFailure
from tests import factories as make
from tests.client import Client
from tests.faults.browser import at_once

NOW = make.NOW
LIMIT = failures.LIMITS["card"]


@pytest.fixture(autouse=True)
def at_this_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows are of ten minutes, and on a busy machine this file was read longer ago than that."""
    monkeypatch.setattr(sys.modules[__name__], "NOW", clock.now())


def fail(times: int, subject: str = "1", address: str = "192.0.2.1") -> None:
    for _ in range(times):
        failures.record("card", subject, address, NOW)
    db.session.flush()


def refused(subject: str = "1", address: str = "192.0.2.1", later: timedelta = timedelta()) -> bool:
    """Whether one more would be; it is not counted."""
    tried = db.session.begin_nested()
    try:
        failures.count("card", subject, address, NOW + later)
    except TooMany:
        return True
    finally:
        tried.rollback()
    return False


def test_an_address_waits_at_the_conference_where_it_failed_and_nowhere_else(either_app: Flask) -> None:
    fail(LIMIT.most)

    assert refused()
    assert not refused(subject="2")
    assert not refused(address="192.0.2.2")
    assert not refused(later=failures.WINDOW + timedelta(seconds=1))


def test_under_attack_from_many_addresses_a_conference_slows_down_and_locks_nobody_out(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(failures.LIMITS, "card", replace(LIMIT, ceiling=100))
    for number in range(100):
        fail(1, address=f"203.0.113.{number % 250}")

    assert not refused(address="198.51.100.7")
    fail(LIMIT.few, address="198.51.100.7")
    assert refused(address="198.51.100.7")
    assert not refused(address="198.51.100.8")


def attack(conference: Conference) -> None:
    """From five networks far away."""
    for number in range(failures.LIMITS["card"].ceiling):
        failures.record("card", str(conference.id), f"2001:db8:{number % 5}::1", clock.now())
    db.session.commit()


def test_an_attack_from_elsewhere_makes_nobody_wait_where_a_right_code_came_from(
    either_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five networks' guesses and three typos of different people kept a whole venue out for 200 s, again and again."""
    either_app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setitem(failures.LIMITS, "card", replace(LIMIT, ceiling=100))
    conference = make.conference()
    code = auth.mint_card(make.participant(conference), NOW)
    db.session.commit()
    assert guess(Client(either_app), conference, code) == 302
    attack(conference)

    typed = [guess(Client(either_app), conference) for _ in range(10)]

    assert typed == [422] * 10
    assert guess(Client(either_app), conference, code) == 302
    elsewhere = [guess(Client(either_app), conference, address="192.0.2.2") for _ in range(LIMIT.few + 1)]
    assert elsewhere == [422] * LIMIT.few + [429]
    assert guess(Client(either_app), conference, code, address="2001:db8:0::2") == 429


def right(address: str, at: datetime) -> None:
    failures.were_right([failures.count("card", "1", address, at)])


def test_a_network_is_known_for_a_day_and_few_are(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has a card cannot have 300 guesses from each of her thousand networks."""
    monkeypatch.setitem(failures.LIMITS, "card", replace(LIMIT, ceiling=0))
    right("192.0.2.1", NOW)
    fail(LIMIT.few)
    assert not refused()
    fail(LIMIT.few, address="192.0.2.2")
    assert refused(address="192.0.2.2")

    for number in range(failures.KNOWN):
        right(f"198.51.100.{number}", NOW + timedelta(seconds=number + 1))
    assert refused()


def test_a_network_is_forgotten_after_a_day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(failures.LIMITS, "card", replace(LIMIT, ceiling=0))
    right("192.0.2.1", NOW - failures.DAY)
    fail(LIMIT.few)

    assert refused()
    assert db.session.query(SignInFailure).filter_by(kind="right card").count() == 0


def test_what_nobody_looked_at_makes_no_network_known(app: Flask) -> None:
    """The library refuses a strange next page before it looks at the password."""
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"email": "alma@example.org", "password": "vier sehr lange Wörter"}

    Client(app).fetch("/organise/account/login?next=https://evil.example", method="POST", data=form)
    Client(app).fetch("/organise/account/login", method="POST", data=form | {"next": "https://evil.example"})

    assert db.session.query(SignInFailure).filter(SignInFailure.kind.startswith("right")).count() == 0


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


def test_many_wrong_codes_are_told_to_who_guesses_and_keep_out_nobody_who_has_a_card(app: Flask) -> None:
    """Sixty wrong codes closed the door to every valid card behind the same address, which may be a whole school's."""
    app.config["WTF_CSRF_ENABLED"] = False
    conference = make.conference()
    code = auth.mint_card(make.participant(conference), NOW)
    fail(LIMIT.many or 0, subject=str(conference.id))
    enter, guessed = f"/c/{conference.slug}/enter", {"code": "ABCDEFGH"}
    behind = {"REMOTE_ADDR": "192.0.2.1"}

    many = Client(app).fetch(enter, method="POST", data=guessed, environ_base=behind)

    assert (many.status_code, many.headers["Retry-After"]) == (429, "600")
    assert "with the right code you can come in now" in many.text
    assert guess(Client(app), conference, code) == 302
    assert guess(Client(app), conference, address="192.0.2.2") == 422


def test_guesses_of_a_month_find_no_card() -> None:
    """300 cards, as many tries as are looked at in every window of 30 days, day and night; in the first twice."""
    windows, cards, codes = 30 * 24 * 6 + 1, 300, len(auth.CARD_LETTERS) ** auth.CARD_LENGTH

    assert LIMIT.most * windows * cards / codes < 1 / 900  # of one address
    assert LIMIT.ceiling * windows * cards / codes < 1 / 190  # of all, before each gets only a few
    assert LIMIT.most * failures.KNOWN * windows * cards / codes < 1 / 45  # of somebody with a card and 20 networks
    assert LIMIT.few * 1000 * windows * cards / codes < 1 / 90  # of a thousand addresses


def just_now(conference: Conference) -> None:
    """One more, however slow this test is."""
    failures.record("card", str(conference.id), "192.0.2.1", clock.now() + timedelta(minutes=1))


def test_who_guesses_on_and_on_is_looked_at_now_and_then_and_nobody_elsewhere_waits(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    here, there = make.conference(), make.conference()
    codes = {place.slug: auth.mint_card(make.participant(place), NOW) for place in (here, there)}
    fail(LIMIT.most, subject=str(there.id))
    just_now(there)

    assert guess(Client(app), there) == 429
    assert guess(Client(app), there, codes[there.slug]) == 429
    assert guess(Client(app), here, codes[here.slug]) == 302
    assert guess(Client(app), there, codes[there.slug], address="192.0.2.2") == 302


def test_a_right_code_is_let_in_soon_after_any_number_of_wrong_ones_from_its_network(app: Flask) -> None:
    """After 300 wrong ones of one child no card of the whole school was looked at for 10 minutes."""
    app.config["WTF_CSRF_ENABLED"] = False
    conference = make.conference()
    code = auth.mint_card(make.participant(conference), NOW)
    pause = LIMIT.pause(LIMIT.most)
    for _ in range(LIMIT.most + LIMIT.most // 2):  # more are never looked at, however many are sent
        failures.record("card", str(conference.id), "192.0.2.1", NOW - pause)
    db.session.flush()

    assert guess(Client(app), conference, code) == 302
    assert guess(Client(app), conference) == 429  # looked at, and told that they are many
    just_now(conference)
    assert guess(Client(app), conference, code) == 429
    assert pause == timedelta(seconds=2)


def test_a_personal_link_opens_while_somebody_guesses_in_the_same_network(app: Flask) -> None:
    """Her code would wait for the guesser's turns; the picture on her card is a link."""
    conference = make.conference()
    token = auth.mint_link(make.participant(conference), NOW)
    fail(LIMIT.most, subject=str(conference.id))
    just_now(conference)

    opened = Client(app).fetch(f"/l/{token}", environ_base={"REMOTE_ADDR": "192.0.2.1"})

    assert opened.status_code == 302


def test_guessing_on_finds_no_more_than_guessing_within_the_limit(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends ten in a second without end has up to twice the share in the first window, the share in each later."""
    most, window = 30, timedelta(minutes=1)  # as often as 300 in 10 minutes
    monkeypatch.setitem(failures.LIMITS, "card", replace(LIMIT, most=most, window=window))
    looked_at = [0, 0, 0]
    for tenth in range(3 * 600):
        with suppress(TooMany):
            failures.count("card", "1", "192.0.2.1", NOW + tenth * timedelta(seconds=0.1))
            looked_at[tenth // 600] += 1

    assert most < looked_at[0] <= 2 * most
    assert looked_at[1:] == [most] * 2


@pytest.mark.parametrize("kind", ["password", "card"])
def test_of_thirty_at_once_no_more_are_looked_at_than_one_after_the_other(either_app: Flask, kind: str) -> None:
    """Each was looked at before anybody had counted the others: 21 passwords instead of 10 on PostgreSQL."""
    either_app.config["WTF_CSRF_ENABLED"] = False
    conference, left = make.conference(), 4
    subject = {"card": str(conference.id), "password": auth.hashed("alma@example.org")}[kind]
    for _ in range(failures.LIMITS[kind].most - left):
        failures.record(kind, subject, "127.0.0.1", clock.now())
    db.session.commit()
    where, form = {
        "card": (f"/c/{conference.slug}/enter", {"code": "ABCDEFGH"}),
        "password": ("/organise/account/login", {"email": "alma@example.org", "password": "vier falsche lange Wörter"}),
    }[kind]

    def knock() -> int:
        with either_app.app_context():
            return either_app.test_client().post(where, data=form).status_code

    at_once([knock] * 30)

    counted = db.session.query(SignInFailure).filter_by(kind=kind).count()
    assert counted == failures.LIMITS[kind].most


def test_guesses_fill_no_audit(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    conference = make.conference()
    for _ in range((LIMIT.many or 0) + 5):
        guess(Client(app), conference)

    assert db.session.query(AuditEntry).filter_by(action="card.refused").count() == LIMIT.many
