"""What is drawn once for everybody: true after any edit by anybody, and without anything of a person."""

import pytest
from flask import Flask
from sqlalchemy import text

from planner.extensions import db
from planner.models import Conference, Participant
from planner.participant import cards
from tests import factories as make
from tests.client import Client
from tests.queries import counted

CANARY = "Kanarienvogel"


@pytest.fixture
def conference(app: Flask) -> Conference:
    cards._drawn.cache_clear()
    conference = make.conference(most_vetoes=1, most_favourites=2)
    theme = make.theme(conference)
    for _ in range(4):
        make.session(conference, theme_id=theme.id)
    return conference


def wishes(client: Client, language: str = "en") -> str:
    answer = client.fetch(client.home + "wishes/", language=language)  # type: ignore[attr-defined]
    assert answer.status_code == 200
    return str(answer.text)


def browser(app: Flask, person: Participant) -> Client:
    client = Client(app).as_participant(person)
    client.home = f"/c/{person.conference.slug}/me/"  # type: ignore[attr-defined]
    return client


EDITS = {
    "a title": 'update session set title = \'{"de": "Ganz neu"}\' where number = (select min(number) from session)',
    "a sentence": 'update session set sentence = \'{"de": "Ganz neu"}\'',
    "the languages": "update session set languages = '[\"tr\"]'",
    "two languages at once": 'update session set languages = \'["de", "ar"]\', two_language = true',
    "a theme's title": 'update theme set title = \'{"de": "Ganz neu"}\'',
    "a theme's colour": "update theme set colour = 5",
    "a session without a theme": "update session set theme_id = null",
    "a cancelled session": "update session set state = 'CANCELLED' where number = (select max(number) from session)",
    "the order": "update session set number = number + 1000 where number = (select min(number) from session)",
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_that_this_process_knows_nothing_of_is_seen_at_once(either_app: Flask, what: str) -> None:
    conference = make.conference(most_vetoes=1)
    theme = make.theme(conference)
    for _ in range(3):
        make.session(conference, theme_id=theme.id)
    client = browser(either_app, make.participant(conference))
    before = wishes(client)
    state = db.session.execute(text("select state from session limit 1")).scalar_one()
    db.session.execute(text(EDITS[what].replace("CANCELLED", "cancelled" if state.islower() else "CANCELLED")))
    db.session.commit()

    after = wishes(client)
    cards._drawn.cache_clear()

    assert after != before
    assert _without_token(after) == _without_token(wishes(client))


def test_each_person_is_shown_the_same_as_if_nobody_had_been_before(app: Flask, conference: Conference) -> None:
    sessions = conference.sessions
    people = [make.participant(conference, name=f"{CANARY} {at}", email="kanarie@example.org") for at in range(4)]
    make.wishes(people[1], sessions[2])
    make.wishes(people[2], sessions[0], sessions[1])
    make.role(sessions[3], people[3])
    clients = [browser(app, person) for person in people]
    alone = []
    for client in clients:
        cards._drawn.cache_clear()
        alone.append([_without_token(wishes(client, language)) for language in ("de", "en", "ar")])

    cards._drawn.cache_clear()
    together = [[_without_token(wishes(client, language)) for language in ("de", "en", "ar")] for client in clients]

    assert together == alone
    assert len({page for pages in alone for page in pages}) == 12


def test_what_is_kept_holds_nothing_of_a_person(
    app: Flask, conference: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make.participant(conference, name=CANARY, email="kanarie@example.org", needs=("step_free",))
    make.submission(person, problem=CANARY, theme_id=conference.themes[0].id)
    make.role(conference.sessions[0], person)
    make.wishes(person, conference.sessions[1])
    kept: list[object] = []
    draw = cards._drawn.__wrapped__

    def noting(*given):  # type: ignore[no-untyped-def]
        kept.append((given, draw(*given)))
        return kept[-1][1]  # type: ignore[index]

    monkeypatch.setattr(cards, "_drawn", noting)
    wishes(browser(app, person))

    assert kept
    for secret in (CANARY, "kanarie", "step_free", person.key, "csrf_token"):
        assert secret not in repr(kept)


def test_the_page_asks_little(app: Flask, conference: Conference) -> None:
    person = make.participant(conference)
    make.wishes(person, *conference.sessions[:2])
    client = browser(app, person)
    wishes(client)
    with counted() as page:
        wishes(client)
    with counted() as receipt:
        client.get(client.home + "wishes/receipt")  # type: ignore[attr-defined]

    assert len(page) <= 8
    assert len(receipt) <= 5


def _without_token(page: str) -> str:
    return "".join(line for line in page.splitlines() if "csrf_token" not in line)


def test_no_more_wishes_are_offered_than_sessions_are_left(app: Flask, conference: Conference) -> None:
    """ "You can add 3 more", it said below a list that had every session."""
    conference.most_favourites = 6
    one, all_ = make.participant(conference), make.participant(conference)
    made = list(conference.sessions)
    make.wishes(one, *made[:3])
    make.wishes(all_, *made)

    assert "You can add 1 more." in wishes(browser(app, one))
    assert "There is no other session to add." in wishes(browser(app, all_))
