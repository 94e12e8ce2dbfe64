"""Places on the organisers' pages: their numbers, what is said for people, and what the list and the overview tell."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from planner import conferences, locks
from planner.extensions import db
from planner.models import AuditEntry, Conference, Group, MemberRole, Message, Participant, ParticipantState
from tests import factories as make
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.test_imports import bring, take, undo

REGISTERED, CONFIRMED, WAITING, CANCELLED = ParticipantState


def state(person: Participant) -> ParticipantState:
    return db.session.get_one(Participant, person.id).state


def press(office: Office, person: Participant, deed: str) -> str:
    page = f"{office.home}people/{person.id}"
    return office.client.submit(f"{page}/{deed}", {}, page=page).text


def settings(office: Office) -> dict[str, list[str]]:
    return office.client.get(f"{office.home}settings/").form("form").sent


def save(office: Office, **changes: str) -> str:
    page = f"{office.home}settings/"
    return office.client.submit(page, {**settings(office), **changes}).text


def test_numbers_are_set_and_said_in_words(office: Office) -> None:
    text = save(office, places="100", no_shows="20")

    here = db.session.get_one(Conference, office.conference.id)
    assert (here.places, here.no_shows) == (100, 20)
    assert "There are chairs for 100 people, so 125 places may be promised." in text


@pytest.mark.parametrize(
    ("field", "wrong"), [("places", "0"), ("no_shows", "51"), ("no_shows", "-1"), ("places", "viele")]
)
def test_a_number_that_cannot_be_is_refused_at_its_field(office: Office, field: str, wrong: str) -> None:
    answer = office.client.post(f"{office.home}settings/", {**settings(office), field: wrong})

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text


def test_whoever_waits_moves_up_when_the_number_is_raised_and_when_it_goes(office: Office) -> None:
    office.conference.places = 1
    make.participant(office.conference)
    first, second = (make.participant(office.conference, state=WAITING) for _ in range(2))

    assert "1 person has moved up from the waiting list." in save(office, places="2")
    assert (state(first), state(second)) == (REGISTERED, WAITING)
    save(office, places="")
    assert state(second) is REGISTERED


def test_lowering_the_number_puts_nobody_off_and_says_how_many_are_too_many(office: Office) -> None:
    for _ in range(3):
        make.participant(office.conference)

    text = save(office, places="1")

    assert "2 people more have a place than may be promised. Nobody is put off by this." in text
    assert "Places open 2 people more have a place" in office.client.get(office.home).text


def test_a_viewer_reads_of_no_group_that_has_too_many_where_one_is_sensitive(app: Flask, office: Office) -> None:
    group = make.group(office.conference, title={"de": "Gemeinde", "en": "Parish"}, places=1, is_sensitive=True)
    for _ in range(4):
        make.participant(office.conference, group_id=group.id)
    viewer = make.user()
    make.member(office.conference, viewer, MemberRole.VIEWER)

    def told() -> str:
        return Client(app).as_organiser(viewer).get(office.home).text

    assert "In the group “Parish” 3 people more" in office.client.get(office.home).text
    assert "Places open In a group more people have a place than may be promised." in told()
    office.conference.places = 2
    db.session.commit()
    assert "Places open 2 people more have a place than may be promised." in told()
    assert "Parish" not in told()


def test_a_viewer_reads_of_a_groups_places_only_where_groups_are_shown(app: Flask, office: Office) -> None:
    group = make.group(office.conference, title={"de": "Stadt", "en": "City"}, places=37)
    viewer = make.user()
    make.member(office.conference, viewer, MemberRole.VIEWER)
    looks = Client(app).as_organiser(viewer)
    page = f"{office.home}groups/{group.id}"

    assert 'value="37"' in looks.fetch(page).text
    group.is_sensitive = True
    db.session.commit()
    assert 'value="37"' not in looks.fetch(page).text
    assert 'value="37"' in office.client.fetch(page).text


def test_a_group_has_a_number_of_its_own(office: Office) -> None:
    group = make.group(office.conference, title={"de": "Stadt", "en": "City"})
    page = f"{office.home}groups/{group.id}"
    form = office.client.get(page).form("form").sent
    office.client.submit(page, {**form, "places": "1"})
    assert db.session.get_one(Group, group.id).places == 1
    first, second = (make.participant(office.conference, group_id=group.id, state=WAITING) for _ in range(2))

    form = office.client.get(page).form("form").sent
    assert "1 person has moved up" in office.client.submit(page, form).text
    office.client.submit(page, {**form, "places": ""})

    assert (state(first), state(second)) == (REGISTERED, REGISTERED)


def test_a_new_groups_number_is_set_with_the_conference_held_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, hold, save_group = [], locks.conference, conferences.save_group

    def holds(row: Conference, *, alone: bool = False) -> None:
        done.append("alone" if alone else "shared")
        hold(row, alone=alone)

    def saves(*given: Any, **named: Any) -> Group:
        done.append("saved")
        return save_group(*given, **named)

    monkeypatch.setattr(locks, "conference", holds)
    monkeypatch.setattr(conferences, "save_group", saves)
    page = f"{office.home}groups/new"
    form = office.client.get(page).form("form").sent

    title = {name: "Stadt" for name in form if name.startswith("title")}
    office.client.submit(page, {**form, **title, "letter": "S", "places": "2"})

    assert done == ["alone", "saved"]


def test_with_the_last_number_goes_the_waiting_list(office: Office) -> None:
    group = make.group(office.conference, places=1)
    person = make.participant(office.conference, state=WAITING)  # past every rule

    page = f"{office.home}groups/{group.id}"
    told = office.client.submit(f"{page}/remove", {}, page=page).text

    assert "The group is removed. 1 person has moved up from the waiting list." in told
    assert state(person) is REGISTERED


def test_what_is_said_for_somebody_is_written_down(office: Office) -> None:
    office.conference.places = 1
    person, waits = (make.participant(office.conference, state=each) for each in (REGISTERED, WAITING))

    assert "She comes: that is noted." in press(office, person, "confirm")
    assert state(person) is CONFIRMED
    assert "All places of the conference that may be promised are taken" in press(office, waits, "confirm")
    assert state(waits) is WAITING
    assert "1 person has moved up from the waiting list." in press(office, person, "decline")
    assert (state(person), state(waits)) == (CANCELLED, REGISTERED)
    assert db.session.get_one(Participant, person.id).has_declined
    assert "She is on the waiting list." in press(office, person, "wait")

    told = [(row.action, row.subject) for row in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    she, they = f"participant:{person.id}", f"participant:{waits.id}"
    assert [each for each in told if each[0].startswith("place")] == [
        ("places.confirm", she),
        ("place.moved_up", they),
        ("places.decline", she),
        ("places.wait", she),
    ]
    audit = office.client.get(f"{office.home}audit/").text
    assert "noted for her that she does not come" in audit


def test_nobody_waits_beside_a_free_place(office: Office) -> None:
    office.conference.places = 5
    person = make.participant(office.conference)

    assert "A place is free, so nobody has to wait." in press(office, person, "wait")
    assert state(person) is CONFIRMED


def test_taking_part_again_needs_a_place_too(office: Office) -> None:
    office.conference.places = 1
    person = make.participant(office.conference, state=CANCELLED)
    make.participant(office.conference)

    assert "All places of the conference that may be promised are taken." in press(office, person, "reinstate")
    assert state(person) is CANCELLED


def test_where_a_group_is_full_it_is_named(office: Office) -> None:
    office.conference.places = 9
    group = make.group(office.conference, title={"de": "Gemeinde", "en": "Parish"}, places=1, is_sensitive=True)
    make.participant(office.conference, group_id=group.id)
    person = make.participant(office.conference, group_id=group.id, state=CANCELLED)

    assert "All places of the group “Parish” that may be promised are taken." in press(office, person, "reinstate")
    office.conference.places = 1
    assert "All places of the conference that may be promised are taken." in press(office, person, "reinstate")


def test_after_the_conference_nobody_comes_instead_and_what_was_typed_stays(office: Office) -> None:
    person = make.participant(office.conference)
    for date in ("call_from", "call_until", "wishes_from", "wishes_until", "day_starts", "day_ends"):
        setattr(office.conference, date, getattr(office.conference, date) - timedelta(days=20))

    page = f"{office.home}people/{person.id}/instead"
    answer = office.client.post(page, {"name": "Mina", "email": ""})

    assert (answer.status_code, Page(answer.text).fields["name"]) == (409, "Mina")
    assert "The conference is over" in answer.text


def test_somebody_new_waits_where_all_places_are_taken(office: Office) -> None:
    office.conference.places = 1
    make.participant(office.conference)
    form = office.client.get(f"{office.home}people/new").form("form").sent

    text = office.client.submit(f"{office.home}people/new", {**form, "name": "Amal Neu"}).text

    assert "All places that may be promised are taken, so she is on the waiting list." in text
    assert db.session.query(Participant).filter_by(name="Amal Neu").one().state is WAITING


def test_the_list_counts_places_by_group_and_filters(office: Office) -> None:
    group = make.group(office.conference, title={"de": "Stadt", "en": "City"}, places=4)
    office.conference.places, office.conference.no_shows = 8, 20
    for each, name in ((REGISTERED, "Rana"), (CONFIRMED, "Cem"), (WAITING, "Wanda"), (CANCELLED, "Abel")):
        make.participant(office.conference, state=each, name=name, group_id=group.id)
    make.participant(office.conference, name="Ohne")

    text = office.client.get(f"{office.home}people/").text
    assert "City 4 5 2 3 1 1 1 without a group – – 1 – 1 0 0 In all 8 10 3 7 2 1 1" in text

    def names(query: str) -> set[str]:
        text = office.client.get(f"{office.home}people/{query}").text
        return {name for name in ("Rana", "Cem", "Wanda", "Abel", "Ohne") if name in text}

    assert names("?only=registered") == {"Rana"}
    assert names("?only=waiting") == {"Wanda"}
    assert names("?only=cancelled") == {"Abel"}


def test_what_is_wrong_with_the_numbers_stands_beside_them(office: Office) -> None:
    group = make.group(office.conference, title={"de": "Stadt", "en": "City"}, places=4)
    office.conference.places = 3
    for _ in range(5):
        make.participant(office.conference, group_id=group.id)

    text = office.client.get(f"{office.home}people/").text

    assert "The groups have 4 places together, the conference has 3" in text
    assert "2 people more have a place than may be promised." in text
    assert "City 4 4 5 1 too many" in text


def test_who_moved_up_and_who_declined_stands_above_the_list_of_people(app: Flask, office: Office) -> None:
    office.conference.places = 1
    leaves, waits = make.participant(office.conference, name="Ina"), make.participant(office.conference, name="Nour")
    waits.state = WAITING
    db.session.commit()
    assert "Places since yesterday" not in office.client.get(f"{office.home}people/").text

    page = f"/c/{office.conference.slug}/me/"
    Client(app).as_participant(leaves).submit(f"{page}place/", {"wish": "decline"}, page=page)

    text = office.client.get(f"{office.home}people/").text
    assert "Moved up from the waiting list: Nour" in text
    assert "Said that they do not come: Ina" in text
    for entry in db.session.query(AuditEntry):
        entry.happened_at -= timedelta(days=3)
    db.session.commit()
    assert "Places since yesterday" not in office.client.get(f"{office.home}people/").text


def test_without_numbers_the_list_shows_no_places(office: Office) -> None:
    make.participant(office.conference)

    assert "may be promised" not in office.client.get(f"{office.home}people/").text


def test_several_are_confirmed_or_put_off_together_all_or_nobody(office: Office) -> None:
    office.conference.places = 2
    people = [make.participant(office.conference, state=each) for each in (REGISTERED, REGISTERED, WAITING, CANCELLED)]

    def mark(act: str, *which: int) -> str:
        page = f"{office.home}people/"
        form = {"marked": [str(people[number].id) for number in which], "act": act}
        return office.client.submit(f"{page}mark", form, page=page).text

    assert "All places of the conference that may be promised are taken." in mark("confirm", 0, 1, 3)
    assert [state(each) for each in people] == [REGISTERED, REGISTERED, WAITING, CANCELLED]
    assert "Done for 2 people." in mark("confirm", 0, 1)
    assert "1 person has moved up" in mark("wait", 0)
    assert [state(each) for each in people] == [WAITING, CONFIRMED, REGISTERED, CANCELLED]
    assert "1 person has moved up" in mark("cancel", 1)
    assert (
        "A place is free" in mark("wait", 2)
        if not db.session.query(Participant).filter_by(state=WAITING).count()
        else ""
    )


def test_a_list_may_bring_more_than_there_are_places_and_says_how_many(office: Office) -> None:
    office.conference.places = 2
    rows = [("Anna Eins", "zugesagt"), ("Bea Zwei", "zugesagt"), ("Cem Drei", "zugesagt"), ("Dora Vier", "Warteliste")]
    page = bring(office, "Name;Status\n" + "".join(f"{name};{status}\n" for name, status in rows))

    told = take(office, page)

    assert "1 person more has a place than may be promised." in told.text
    states = dict(db.session.query(Participant.name, Participant.state).all())
    assert states == {"Anna Eins": CONFIRMED, "Bea Zwei": CONFIRMED, "Cem Drei": CONFIRMED, "Dora Vier": WAITING}
    assert db.session.query(Participant).filter_by(name="Dora Vier").one().waits_since is not None


def test_whom_a_list_moves_to_or_from_the_waiting_list_is_told_and_again_when_it_is_taken_back(office: Office) -> None:
    office.conference.places = 1
    one = make.participant(office.conference, name="Anna Eins")
    other = make.participant(office.conference, name="Bea Zwei", state=WAITING)

    def told(person: Participant) -> list[str]:
        return [row.kind for row in db.session.query(Message).filter_by(participant_id=person.id).order_by(Message.id)]

    page = bring(office, "Name;Status\nAnna Eins;Warteliste\nBea Zwei;zugesagt\n")
    take(office, page)
    assert (state(one), state(other)) == (WAITING, CONFIRMED)
    assert (told(one), told(other)) == (["waits"], ["place"])

    undo(office)
    assert (state(one), state(other)) == (CONFIRMED, WAITING)
    assert (told(one), told(other)) == (["waits", "place"], ["place", "waits"])


def test_the_overview_names_what_should_not_be(office: Office) -> None:
    assert "Places" not in office.client.get(office.home).headings
    office.conference.places = 2
    make.participant(office.conference)
    assert "1 person has a place. Waiting: 0." in office.client.get(office.home).text

    make.participant(office.conference, state=WAITING)  # past every rule

    assert "Somebody waits though a place is free." in office.client.get(office.home).text
    assert "1 person has moved up" in save(office)


def instead(office: Office, person: Participant, **form: str) -> str:
    page = f"{office.home}people/{person.id}/instead"
    answer = office.client.post(page, {"name": "", "email": "", **form})
    return Page(answer.text).text if answer.status_code != 302 else office.client.get(answer.headers["Location"]).text


def test_somebody_of_the_list_comes_instead(office: Office) -> None:
    office.conference.places = 1
    person, waits = make.participant(office.conference, name="Ina"), make.participant(office.conference, name="Nour")
    waits.state = WAITING
    assert "Somebody else instead of her" in office.client.get(f"{office.home}people/{person.id}").text

    assert "Nour comes instead of Ina." in instead(office, person, known=str(waits.id))

    assert (state(person), state(waits)) == (CANCELLED, REGISTERED)
    told = [(row.action, row.subject) for row in db.session.query(AuditEntry).filter(AuditEntry.action.like("place%"))]
    assert sorted(told) == [
        ("place.instead", f"participant:{waits.id}"),
        ("places.instead", f"participant:{person.id}"),
    ]


def test_somebody_new_comes_instead_for_the_same_group(office: Office) -> None:
    group = make.group(office.conference, places=1)
    person = make.participant(office.conference, name="Ina", group_id=group.id)

    assert "Nour Neu comes instead of Ina." in instead(office, person, name="Nour Neu", email="nour@example.org")

    new = db.session.query(Participant).filter_by(name="Nour Neu").one()
    assert (new.state, new.group_id, new.email) == (REGISTERED, group.id, "nour@example.org")
    assert "This person has no place" in instead(office, person, name="Nour Neu")  # pressed twice
    assert db.session.query(Participant).filter_by(name="Nour Neu").count() == 1


def test_one_person_is_named_and_nothing_typed_is_lost(office: Office) -> None:
    person, waits = make.participant(office.conference), make.participant(office.conference, state=WAITING, name="Nour")

    nobody, both = instead(office, person), instead(office, person, known=str(waits.id), name="Mina Neu")

    assert "Please name one person" in nobody
    assert "Please name one person" in both
    assert state(person) is CONFIRMED
    page = f"{office.home}people/{person.id}/instead"
    found = office.client.post(page, {"name": "Mina", "email": "", "find": "known", "find-known": "nou"})
    assert (found.status_code, Page(found.text).fields["name"]) == (200, "Mina")
    assert "Nour" in Page(found.text).text


def test_of_another_conference_nobody_is_named(office: Office) -> None:
    person, stranger = make.participant(office.conference), make.participant(make.conference(), state=WAITING)

    instead(office, person, known=str(stranger.id))

    assert (state(person), state(stranger)) == (CONFIRMED, WAITING)
