"""Nobody is said to know who may not; who may not have got the first message is told her whole day."""

import pytest
from flask import Flask

from planner import days, news, outbox
from planner.extensions import db
from planner.models import MessageState, ParticipantState
from planner.words import MESSAGE_STATES
from tests import factories as make
from tests.client import Client
from tests.planner.test_news import NOW, Town, deliver, town

__all__ = ["town"]  # the fixture


def in_doubt(town: Town) -> None:
    """The first mail to Alma may have arrived or not."""
    deliver()
    first = town.messages("alma")[0]
    first.state, first.facts = MessageState.DOUBTFUL, {**first.facts, "why": "lost"}
    db.session.commit()


def again(town: Town) -> None:
    outbox.send_again(town.messages("alma")[0], town.organiser, NOW)  # type: ignore[arg-type]
    db.session.commit()


def test_a_doubtful_message_that_is_true_again_is_really_sent_again(town: Town) -> None:
    """It was called on its way, and then was overtaken by news that itself was overtaken: she heard nothing."""
    first = town.plan()
    town.publish(first)
    town.messages("alma")[0].move_to(MessageState.SENDING)
    db.session.commit()
    town.publish(town.plan(alma="BA"))
    town.messages("alma")[0].move_to(MessageState.DOUBTFUL)
    db.session.commit()
    town.publish(first)

    again(town)
    deliver()

    assert town.states("alma") == ["published written", "changed overtaken"]


def test_what_is_not_true_any_more_is_not_said_to_be_on_its_way(town: Town, app: Flask) -> None:
    """The page said so, nothing was sent, and it left the list of those who have perhaps not been reached."""
    town.publish(town.plan())
    in_doubt(town)
    town.take_back()
    home = f"/organise/{town.conference.slug}/messages/"
    client = Client(app).as_organiser(town.organiser)  # type: ignore[arg-type]

    told = client.submit(f"{home}{town.messages('alma')[0].id}/again", {}, page=home).text

    assert "not true any more, so it was not sent" in told
    assert "on its way" not in told
    assert deliver() == 0
    assert outbox.left(town.conference).unreached == 1


def test_whoever_may_not_have_the_first_message_is_told_her_whole_day(town: Town, app: Flask) -> None:
    """She was told of round 1 only, as if she knew the other."""
    town.publish(town.plan())
    in_doubt(town)

    town.publish(town.plan(alma="BB"))

    with app.test_request_context():
        told = days.told(town.messages("alma")[-1], days.Words(town.conference))
    assert [change.round for change in told] == ["Runde 1", "Runde 2"]
    assert town.states("alma") == ["published overtaken", "changed waiting"]


@pytest.mark.parametrize("since", ["AA", "AB"])
def test_who_may_have_heard_of_a_plan_in_between_is_told_all_of_it(town: Town, since: str) -> None:
    """Her last sure message said the same in part or in all; what she may have heard since did not."""
    town.publish(town.plan())
    deliver()
    town.publish(town.plan(alma="BA"))
    town.messages("alma")[1].state = MessageState.DOUBTFUL
    db.session.commit()
    town.publish(town.plan(alma=since))

    assert town.states("alma") == ["published written", "changed overtaken", "changed waiting"]
    assert town.messages("alma")[-1].facts["whole"] is True


def test_a_second_try_that_is_refused_does_not_say_that_the_first_never_arrived(town: Town) -> None:
    town.publish(town.plan())
    in_doubt(town)
    again(town)
    resent = town.messages("alma")[0]
    resent.state, resent.facts = MessageState.FAILED, {**resent.facts, "why": "rejected"}
    db.session.commit()

    town.publish(town.plan(alma="BB"))

    assert town.messages("alma")[-1].facts["whole"] is True


def test_what_may_have_arrived_is_never_called_not_sent() -> None:
    assert str(MESSAGE_STATES["overtaken"]) == "no longer true: it is not sent any more"


def test_only_who_knows_counts_as_told(town: Town) -> None:
    """Of three, one mail had failed and one person had not been told yet; all three counted as told."""
    first = town.plan()
    town.publish(first)
    deliver()
    town.messages("alma")[0].state = MessageState.FAILED
    db.session.commit()

    done = town.publish(town.plan())

    assert (done.unchanged, done.open) == (1, 2)
    outbox.told_otherwise(town.messages("cem")[0], town.organiser, NOW)  # type: ignore[arg-type]
    told = news.outcome(news.told_of(town.run), town.run, news.reach(town.run))
    assert (told.unchanged, told.open) == (2, 1)


def test_whom_an_earlier_version_left_without_a_message_still_stands_on_the_list(
    town: Town,
) -> None:
    run = town.plan()
    town.conference.published, run.published_at = run, NOW
    for name in ("alma", "bela"):
        person = town.people[name]
        key = f"published:{run.id}:{person.id}"
        make.message(person, kind="published", dedupe_key=key, state=MessageState.SENT, created_at=NOW)
    db.session.commit()

    told = news.reach(run)

    assert [each.person.name for each in news.never_told(told)] == ["Cem"]
    assert news.outcome(news.told_of(run), run, told) == news.Outcome(2, 0, 0)


def test_whoever_cancelled_is_told_nothing_of_a_plan_that_still_seats_her(town: Town) -> None:
    town.publish(town.plan())
    town.people["alma"].state = ParticipantState.CANCELLED

    assert town.publish(town.plan(alma="BB")) == news.Outcome(0, 0, 0, 2)
    assert deliver() == 1
    assert town.states("alma") == ["published overtaken"]
