"""Publishing: one pointer moves, and each person is told once."""

from typing import Any

import pytest
from flask import Flask

from planner import allocations, clock, news, outbox
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    Message,
    MessageState,
)
from tests.planner.allocations.small import SETTINGS, small, solved


def test_publishing_moves_the_pointer_and_tells_each_person_once(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)

    allocations.publish(run, organiser, clock.now())
    first = news.allocation_published(run, clock.now())
    second = news.allocation_published(run, clock.now())

    assert conference.published_id == run.id
    assert (first, second) == (news.Outcome(6, 1, 0), news.Outcome(0, 0, 0, 7))
    assert [message.participant.name for message in news.to_tell(news.told_of(run))] == ["Leitung"]


def test_messages_carry_a_link_and_one_recipient(app: Flask, tmp_path: Any) -> None:
    conference, organiser = small(people=2)
    run = conference.published = solved(conference, organiser)
    news.allocation_published(run, clock.now())
    db.session.commit()

    assert outbox.deliver(clock.now, "w", db.session.commit) == 2
    assert outbox.deliver(clock.now, "w", db.session.commit) == 0

    mails = [path.read_text() for path in (tmp_path / "mail").iterdir()]
    assert sum(text.count("To: ") for text in mails) == 2
    assert all("http://localhost/l/" in text for text in mails)
    states = [message.state for message in db.session.query(Message).order_by(Message.state)]
    assert states == [MessageState.BY_HAND, MessageState.WRITTEN, MessageState.WRITTEN]


def test_a_run_without_result_is_not_published(app: Flask) -> None:
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())

    with pytest.raises(PlannerError):
        allocations.publish(run, organiser, clock.now())
