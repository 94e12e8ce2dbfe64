"""What is dear is shared out per person and conference: who takes too much is told when it goes on."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import ClassVar

import pytest
from flask import Flask
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import event

from planner import limits, submissions
from planner.errors import TooMany
from planner.extensions import db
from planner.limits import DEAR, TYPING, UPLOADS
from planner.models import Participant, Submission
from planner.policy import POLICY, POSTS_THAT_READ
from planner.submissions import Statement
from tests import factories as make
from tests.client import Client, Page


@pytest.fixture
def person(app: Flask) -> Participant:
    conference = make.conference()
    make.theme(conference)
    return make.participant(conference)


def brought(person: Participant, count: int, ago: timedelta = timedelta(minutes=20)) -> None:
    at = datetime.now(UTC) - ago
    for _ in range(count):
        make.submission(person, created_at=at)


def test_a_person_brings_so_many_statements_an_hour_and_keeps_what_she_typed(app: Flask, person: Participant) -> None:
    brought(person, submissions.A_PERSONS_HOUR)
    client, address = Client(app).as_participant(person), f"/c/{person.conference.slug}/me/submissions/new"
    form = client.get(address).fields
    theme = person.conference.themes[0].id

    answer = client.post(address, {**form, "theme_id": theme, "problem": "Noch ein Anliegen, lang getippt."})

    assert answer.status_code == 429
    assert 2300 < int(answer.headers["Retry-After"]) <= 2401
    assert "Please wait 40 minutes" in Page(answer.text).text
    assert "Noch ein Anliegen, lang getippt." in answer.text
    assert db.session.query(Submission).count() == submissions.A_PERSONS_HOUR


def test_the_same_form_again_is_no_new_statement(person: Participant) -> None:
    now = datetime.now(UTC)
    theme = person.conference.themes[0].id
    first = submissions.submit(person, Statement(theme, "Eins"), "a" * 16, lambda: now)
    brought(person, submissions.A_PERSONS_HOUR)

    assert submissions.submit(person, Statement(theme, "Eins"), "a" * 16, lambda: now) is first
    with pytest.raises(TooMany):
        submissions.submit(person, Statement(theme, "Zwei"), "b" * 16, lambda: now)


def test_an_hour_later_and_for_others_it_goes_on(person: Participant) -> None:
    brought(person, submissions.A_PERSONS_HOUR)
    theme, now = person.conference.themes[0].id, datetime.now(UTC)
    other = make.participant(person.conference)

    assert submissions.submit(other, Statement(theme, "Ihres"), "c" * 16, lambda: now)
    assert submissions.submit(person, Statement(theme, "Später"), "d" * 16, lambda: now + timedelta(minutes=41))


def test_who_asks_too_often_is_told_when_it_goes_on_and_nobody_else_is(app: Flask, person: Participant) -> None:
    asking = Client(app).as_participant(person)
    home = f"/c/{person.conference.slug}/me/submissions/"
    other = Client(app).as_participant(make.participant(person.conference))
    token = asking.token(home + "new")

    def ask(client: Client, token: str):  # type: ignore[no-untyped-def]
        return client.fetch(home + "similar", method="POST", data={"csrf_token": token, "problem": "Text"})

    answers = [ask(asking, token) for _ in range(TYPING.person.amount + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60
    assert ask(other, other.token(home + "new")).status_code == 200


class Elsewhere(MemoryStorage):
    """Where several processes count together."""

    STORAGE_SCHEME: ClassVar[list[str]] = ["elsewhere"]
    away = False
    base_exceptions = ConnectionError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        if self.away:
            raise ConnectionError
        return super().incr(key, expiry, amount)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    place = Elsewhere(wrap_exceptions=True)
    monkeypatch.setattr(limits, "limiter", SimpleNamespace(limiter=FixedWindowRateLimiter(place)))
    monkeypatch.setattr(limits, "counting", limits.Counting())
    return place


def test_a_persons_share_is_one_in_all_her_conferences(app: Flask, elsewhere: Elsewhere) -> None:
    """With four conferences she had four shares of what reads lists."""
    first, user = make.organised()
    other = make.conference()
    with app.test_request_context():
        for _ in range(UPLOADS.person.amount):
            limits.charge("organiser.imports.start", user, first)
        with pytest.raises(TooMany):
            limits.charge("organiser.imports.start", user, other)


def test_where_all_count_together_may_be_away(app: Flask, person: Participant, elsewhere: Elsewhere) -> None:
    """Each page that is counted was a 500 then."""
    client, home = Client(app).as_participant(person), f"/c/{person.conference.slug}/me/submissions/"
    token = client.token(home + "new")

    def ask() -> int:
        answer = client.fetch(home + "similar", method="POST", data={"csrf_token": token, "problem": "Text"})
        return answer.status_code

    assert ask() == 200
    elsewhere.away = True
    assert [ask() for _ in range(TYPING.person.amount + 1)] == [200] * TYPING.person.amount + [429]
    elsewhere.away = False
    limits.counting.away_until = 0.0
    assert ask() == 200


def test_similar_statements_are_asked_without_holding_up_a_writer(app: Flask, person: Participant) -> None:
    client, home = Client(app).as_participant(person), f"/c/{person.conference.slug}/me/submissions/"
    token, began = client.token(home + "new"), []
    db.session.commit()

    def note(_connection, _cursor, statement: str, *_rest) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("BEGIN"):
            began.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        client.fetch(home + "similar", method="POST", data={"csrf_token": token, "problem": "Lange Wörter zählen hier"})
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert set(began) == {"BEGIN"}


def test_what_is_limited_is_an_endpoint() -> None:
    assert set(POLICY) >= set(DEAR)
    assert set(POLICY) >= POSTS_THAT_READ
