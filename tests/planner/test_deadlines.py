"""A deadline that has passed stays passed, whatever the clock says later."""

from datetime import timedelta

import pytest
from flask import Flask

from planner import clock, conferences
from planner.extensions import db
from planner.models import Conference, Participant, Phase
from tests import factories as make
from tests.client import Client

HOUR = timedelta(hours=1)
NOW = make.NOW


@pytest.fixture
def conference(app: Flask) -> Conference:
    """Its wishes ended a minute ago."""
    return make.conference(wishes_until=NOW - timedelta(minutes=1), call_until=NOW - HOUR)


def send(client: Client, conference: Conference) -> int:
    page = f"/c/{conference.slug}/me/wishes/"
    return client.post(page, {"revision": 0}).status_code


def test_a_clock_that_goes_back_reopens_nothing(app: Flask, conference: Conference) -> None:
    client = Client(app).as_participant(make.participant(conference))
    assert send(client, conference) == 422

    conference.clock_shift = -7200
    assert clock.now(conference) < conference.wishes_until

    assert send(client, conference) == 422
    assert "Choosing ended on" in client.get(f"/c/{conference.slug}/me/wishes/").text
    assert db.session.query(Participant).filter(Participant.wishes_saved_at.is_not(None)).count() == 0
    assert conference.phase(clock.now(conference)) is Phase.ALLOCATION


def test_the_watchman_notes_it_where_nobody_asks(conference: Conference) -> None:
    other = make.conference()

    conferences.notice_deadlines(lambda _: NOW)

    assert conference.passed == conference.wishes_until
    assert other.passed is None
    assert not conference.takes_wishes(NOW - HOUR)


def test_an_organiser_may_give_more_time(conference: Conference) -> None:
    conferences.notice_deadlines(lambda _: NOW)

    conference.wishes_until = NOW + HOUR

    assert conference.takes_wishes(NOW)
    assert conference.due(NOW) is None


def test_a_demonstration_plays_with_time(app: Flask) -> None:
    conference = make.conference(is_demonstration=True, wishes_until=NOW + timedelta(days=7))
    conferences.go_to(conference, "allocation", NOW)
    conferences.notice_deadlines(clock.now)
    assert conference.passed

    conferences.go_to(conference, "wishes", NOW)

    assert conference.takes_wishes(clock.now(conference))
