"""Whom a message reaches: everybody with an address where mail is set up, nobody where it is not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from planner import allocations, clock, create_app, jobs, news, notifications, outbox
from planner.config import Config
from planner.extensions import db
from planner.models import Allocation, Message, MessageState, PersonalLink, User
from solver import Preset, Settings
from tests import factories as make
from tests.client import Client
from tests.conftest import settings

SECRET = re.compile(r"/[ls]/[\w-]{8,}")


@pytest.fixture(params=["off", "console"])
def silent(request: pytest.FixtureRequest, config: Config, tmp_path: Path) -> Iterator[Flask]:
    """Mail as it is where nobody set it up; `console` is what earlier versions called it."""
    app = create_app(settings(tmp_path, mail=request.param))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def published() -> tuple[Allocation, User]:
    """Two with an address, one without, each with a place."""
    conference, organiser = make.organised()
    run = make.allocation(conference, result={"goals": []})
    meeting = make.meeting(run, make.session(conference), make.slot(conference), make.room(conference))
    for name, email in (("Alma", "alma@example.org"), ("Bela", "bela@example.org"), ("Cem", None)):
        make.assignment(meeting, make.participant(conference, name=name, email=email))
    return run, organiser


def test_without_mail_no_message_waits_and_everybody_must_be_told_otherwise(silent: Flask) -> None:
    run, _ = published()

    assert not notifications.mail_is_set_up()
    assert [each.person.name for each in news.reach(run).otherwise] == ["Alma", "Bela", "Cem"]
    assert news.allocation_published(run, clock.now()) == news.Outcome(0, 3, 0)
    assert {message.state for message in db.session.query(Message)} == {MessageState.BY_HAND}
    assert outbox.deliver(clock.now, "w", db.session.commit) == 0


def test_with_mail_only_those_without_an_address_must_be_told_otherwise(app: Flask) -> None:
    run, _ = published()

    assert [each.person.name for each in news.reach(run).by_mail] == ["Alma", "Bela"]
    assert [each.person.name for each in news.reach(run).otherwise] == ["Cem"]
    assert news.allocation_published(run, clock.now()) == news.Outcome(2, 1, 0)


def test_what_waits_from_before_is_neither_sent_nor_called_sent(
    silent: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    run, _ = published()
    somebody = news.reach(run).otherwise[0].person
    make.add(
        Message(
            conference_id=run.conference_id,
            participant_id=somebody.id,
            kind="published",
            dedupe_key="old",
            created_at=clock.now(),
        )
    )

    assert outbox.waiting(clock.now()) == 0
    assert outbox.deliver(clock.now, "w", db.session.commit) == 0

    assert db.session.query(Message).one().state is MessageState.WAITING
    assert db.session.query(PersonalLink).count() == 0
    assert not SECRET.search("".join(capfd.readouterr()))


def test_the_page_says_before_and_after_that_nobody_gets_a_message(
    silent: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    conference, organiser = make.organised()
    make.slot(conference)
    make.room(conference)
    session = make.session(conference, minimum=1)
    for name in ("Alma", "Bela", "Cem"):
        make.wishes(make.participant(conference, name=name, email=f"{name.lower()}@example.org"), session)
    run = allocations.create(conference, Settings(Preset.WISHES_FIRST, time_limit=2, workers=1), None, clock.now())
    db.session.commit()
    jobs.run_allocation(run.id)
    client = Client(silent).as_organiser(organiser)
    page = f"/organise/{conference.slug}/allocations/{run.number}"
    capfd.readouterr()

    before = client.get(page)
    after = client.submit(f"{page}/publish", {}, page=page)
    jobs.Worker(silent).look()

    assert "Mail is not set up here: nobody gets a message. You have to tell all of them yourself (3)." in before.text
    assert "Published. Mail is not set up, so nobody gets a message" in after.text
    assert "tell 3 people yourself" in after.text
    assert re.search("Alma Round 1 ?: .* Bela Round 1 ?: .* Cem Round 1 ?: ", after.text)
    assert not SECRET.search("".join(capfd.readouterr()))


def test_the_overview_names_whom_a_message_has_perhaps_not_reached(app: Flask) -> None:
    run, organiser = published()
    news.allocation_published(run, clock.now())
    alma = next(message for message in db.session.query(Message) if message.dedupe_key.endswith(":1"))
    alma.move_to(MessageState.SENDING)
    alma.move_to(MessageState.DOUBTFUL)
    db.session.commit()

    client, home = Client(app).as_organiser(organiser), f"/organise/{run.conference.slug}/"
    overview = client.get(home)
    page = client.get(f"{home}messages/?only=doubtful")

    assert "A message has perhaps not reached 1 person" in overview.text
    assert f"{home}messages/" in overview.links
    assert "Alma" in page.text
    assert "Bela" not in page.text


def test_that_a_plan_may_change_stands_below_its_news(app: Flask) -> None:
    """It stood between the greeting and a sentence that goes on from it in small letters."""
    run, _ = published()
    run.is_draft, run.conference.published = True, run
    news.allocation_published(run, clock.now())
    db.session.commit()
    message = db.session.query(Message).first()
    assert message

    body = notifications.compose(message, clock.now()).mail.body

    assert "Guten Tag,\n\ndie Räume sind veröffentlicht." in body
    assert 0 < body.index("/l/") < body.index("Dieser Plan ist vorläufig")
