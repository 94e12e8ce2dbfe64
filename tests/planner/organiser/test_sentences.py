"""The sentences of a result hold: counted from what was asked, no praise for damage, questions before publishing."""

from flask import Flask

from planner import allocations, participants
from planner.extensions import db
from planner.models import Allocation, AuditEntry, Conference, User
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import small, solved


def page(app: Flask, conference: Conference, organiser: User, run: Allocation) -> tuple[Client, str]:
    return Client(app).as_organiser(organiser), f"/organise/{conference.slug}/allocations/{run.number}"


def cramped() -> tuple[Conference, User, Allocation]:
    """Eight people, one leader, two meetings of three: two people stay without a place."""
    conference, organiser = small(8)
    for session in conference.sessions:
        session.maximum = 3
    db.session.commit()
    return conference, organiser, solved(conference, organiser)


def test_a_wish_changed_later_changes_nothing_of_what_a_run_says(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    labels = {"1": "1", "2": "2", "other": "other", "free": "free", "duty": "duty", "missing": "missing"}
    with app.test_request_context(headers={"Accept-Language": "en"}):
        before = allocations.report(run, labels)

    for person in participants.listed(conference):
        person.preferences.clear()
    db.session.commit()

    with app.test_request_context(headers={"Accept-Language": "en"}):
        after = allocations.report(run, labels)
    assert before
    assert after
    assert after.figures == before.figures
    assert [view.composition for _slot, views in after.rounds for view in views] == [
        view.composition for _slot, views in before.rounds for view in views
    ]


def test_a_plan_with_missing_places_is_incomplete_and_publishing_asks(app: Flask) -> None:
    conference, organiser, run = cramped()
    client, url = page(app, conference, organiser, run)

    text = client.get(url).text

    assert run.missing == 2
    assert run.outcome == "incomplete"
    assert "Incomplete: 2 places are missing" in text
    assert "8 people are there and free; the meetings have 6 places." in text
    assert "solved" not in text
    assert "Everybody has a place in every round." not in text
    assert "2 places are missing in this plan." in text

    refused = client.submit(f"{url}/publish", {}, page=url)
    assert "2 places are missing in this plan." in refused.text
    assert conference.published_id is None

    client.submit(f"{url}/publish", {"accepted": "incomplete"}, page=url)
    assert conference.published_id == run.id


def test_a_run_that_no_longer_fits_says_what_changed_and_publishing_asks(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    assert allocations.outdated(run) is None
    conference.rooms[0].capacity_circle = 1
    conference.rooms[1].capacity_circle = 1
    db.session.commit()
    client, url = page(app, conference, organiser, run)

    text = client.get(url).text
    refused = client.submit(f"{url}/publish", {"accepted": "incomplete"}, page=url)

    assert "outdated" in text
    assert "2 rooms have changed." in text
    assert "No meeting is larger than its room or its maximum." in text
    assert "Something has changed since this plan was made." in refused.text
    assert conference.published_id is None


def test_looking_for_what_changed_reads_nobodys_needs(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    before = db.session.query(AuditEntry).count()

    allocations.outdated(run)

    assert db.session.query(AuditEntry).count() == before


def test_each_change_is_named(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    group = conference.groups[0]
    people = [person for person in participants.listed(conference) if person.preferences]
    people[0].preferences.clear()
    participants.cancel(people[1])
    make.participant(conference, name="Neu", group_id=group.id)
    db.session.commit()

    found = allocations.outdated(run)

    assert found
    assert found.changed == {"people_gone": 1, "people_new": 1, "people_favourites": 1}
    assert "references" in found.broken
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert allocations.changes(found)[:3] == [
            "1 person does not take part any more.",
            "1 person is new.",
            "1 person has other wishes.",
        ]


def test_a_rule_that_asks_for_nothing_is_not_shown_as_kept(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)

    text = client.get(url).text

    assert "Everybody is in one meeting per round" in text
    assert "Each meeting keeps the bounds for groups." not in text
    assert "Nobody of a protected group sits alone." not in text


def test_who_counts_adds_up(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)

    text = client.get(url).text

    assert "7 people take part: 6 could choose and did, 0 named no wishes" in text
    assert "1 lead or take notes in every round" in text
