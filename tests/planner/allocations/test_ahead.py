"""The look ahead promises no more than it has counted: that everything is enough, only a run shows."""

import pytest
from flask import Flask
from flask_babel import force_locale

from planner import allocations, clock, programme
from planner.allocations.runs.snapshot import without_needs
from planner.extensions import db
from planner.models import Conference, Duty, Session, User
from solver import forecast
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import solved

ENOUGH = "found a place for everybody"
ONLY_A_RUN = "only a run shows"
MISSING = "place will be missing", "places will be missing"


def led(**given: object) -> tuple[Conference, User]:
    """Two sessions for six people, each led and written down by guests who do not attend."""
    conference, organiser = make.organised()
    group = make.group(conference)
    make.slot(conference)
    for _ in range(2):
        make.room(conference, capacity_circle=9)
    sessions = [make.session(conference, **given) for _ in range(2)]
    for session in sessions:
        for duty in (Duty.FACILITATOR, Duty.NOTE_TAKER):
            make.role(session, make.participant(conference, attends=False), duty=duty)
    for _ in range(6):
        make.wishes(make.participant(conference, group_id=group.id), *sessions)
    db.session.commit()
    return conference, organiser


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(app)


def ahead(client: Client, conference: Conference, organiser: User, query: str = "") -> str:
    address = f"/organise/{conference.slug}/allocations/forecast{query}"
    return client.as_organiser(organiser).get(address).text


def test_before_any_run_nothing_is_promised(client: Client) -> None:
    conference, organiser = led()

    text = ahead(client, conference, organiser)

    assert ONLY_A_RUN in text
    assert "nobody attends the same session twice" in text
    assert ENOUGH not in text


def test_what_is_missing_otherwise_says_nothing_of_places(client: Client) -> None:
    """Where only a leader was missing, the page read as if everybody would have a place."""
    conference, organiser = led()
    session = make.session(conference)
    make.role(session, make.participant(conference, attends=False), duty=Duty.NOTE_TAKER)
    db.session.commit()

    text = ahead(client, conference, organiser)

    assert "Name somebody who leads it" in text
    assert ONLY_A_RUN in text


def test_a_run_with_a_place_for_everybody_shows_that_everything_is_enough(client: Client) -> None:
    conference, organiser = led()
    run = solved(conference, organiser)

    text = ahead(client, conference, organiser)

    assert run.missing == 0
    assert f"Run {run.number} {ENOUGH}" in text
    assert ONLY_A_RUN not in text


def test_a_run_shows_nothing_of_what_has_changed_since(client: Client) -> None:
    conference, organiser = led()
    solved(conference, organiser)
    make.participant(conference, group_id=conference.groups[0].id)
    db.session.commit()

    text = ahead(client, conference, organiser)

    assert ENOUGH not in text
    assert ONLY_A_RUN in text


def test_a_run_with_missing_places_shows_no_such_thing_and_lacks_what_was_told(client: Client) -> None:
    conference, organiser = led(maximum=2)
    before = ahead(client, conference, organiser)
    run = solved(conference, organiser)

    after = ahead(client, conference, organiser)

    assert run.missing == 2
    assert "at least 2 places will be missing" in before
    assert before == after  # a plan that lacks places shows nothing new
    assert ENOUGH not in after
    assert ONLY_A_RUN not in after


def test_what_is_missing_leads_to_where_it_is_mended_before_a_run_too(client: Client) -> None:
    """A second round of the same two sessions, of which one is held once: nobody attends the other twice."""
    conference, organiser = led()
    make.slot(conference)
    conference.sessions[0].offered = 2
    db.session.commit()
    client.as_organiser(organiser)

    pages = [client.get(f"/organise/{conference.slug}/allocations/{page}") for page in ("", "forecast")]

    assert all("at least" not in page.text for page in pages)
    _offered(conference.sessions[1], 1, maximum=2)
    pages = [client.get(f"/organise/{conference.slug}/allocations/{page}") for page in ("", "forecast")]
    assert all("at least 4 places will be missing" in page.text for page in pages)
    assert all(f"/organise/{conference.slug}/sessions/" in page.links for page in pages)


def test_a_missing_interpreter_is_named_with_the_language_and_no_larger_size_is_advised(client: Client) -> None:
    """Once the only one who interpreted was gone, it said "raise maximum sizes", and no word of languages."""
    conference, organiser = led(languages=["de"])
    make.participant(conference, languages={"ar": "speaks"})
    db.session.commit()
    client.as_organiser(organiser)

    pages = [client.get(f"/organise/{conference.slug}/allocations/{page}", language="en") for page in ("", "forecast")]

    for page in pages:
        assert "Over the day 1 place will be missing because of languages" in page.text
        assert "too few meetings in Arabic" in page.text
        assert "Look for interpreters" in page.text
        assert "Raise maximum sizes" not in page.text


def _offered(session: Session, times: int, maximum: int) -> None:
    session.offered, session.maximum = times, maximum
    db.session.commit()


def test_where_some_stay_away_the_average_is_told(client: Client) -> None:
    conference, organiser = led(maximum=2)

    text = ahead(client, conference, organiser, f"?away-{conference.groups[0].id}=20")

    assert "on average about 1 place will still be missing" in text
    assert ONLY_A_RUN in ahead(client, conference, organiser, f"?away-{conference.groups[0].id}=75")


def test_who_only_interprets_or_helps_is_not_counted_and_both_pages_say_so(client: Client) -> None:
    """The run's own table counts them: 124 here and 120 there."""
    conference, organiser = led()
    pages = client.as_organiser(organiser)

    for page in ("allocations/forecast", "programme/"):
        text = pages.get(f"/organise/{conference.slug}/{page}", language="en").text
        assert "without those who only interpret or help" in text
    outlooks = programme.forecast(conference)
    assert [outlook.people for outlook in outlooks] == [6]
    problem = without_needs(conference)
    assert list(forecast(problem).expected.values()) == [6]


def test_the_look_ahead_and_the_button_list_the_same_counted_by_one_function(client: Client) -> None:
    """Weeks before and at the button: two lists told of the same conference in different sentences."""
    conference, organiser = led(maximum=2)
    make.participant(conference, group_id=None)
    db.session.commit()

    now = clock.now(conference)
    with force_locale("en"):
        lists = (
            allocations.forecast(conference, {}, "organiser:1", now, needs=False).missing,
            allocations.preflight(conference, allocations.today(conference), now),
        )
        told = [[(str(part.title), [str(hint.sentence) for hint in part.hints]) for part in each] for each in lists]
    assert told[0] == told[1]
    titles = [title for title, _sentences in told[0]]
    assert titles == ["Places and rooms", "People and wishes"]
    assert "1 person is in no group, so the mix does not count her." in dict(told[0])["People and wishes"]
    page = client.as_organiser(organiser).get(f"/organise/{conference.slug}/allocations/")
    assert {"Places and rooms", "People and wishes"} <= set(page.headings)
    assert f"/organise/{conference.slug}/people/?only=no_group" in page.links
