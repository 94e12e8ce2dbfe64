"""People: added on behalf, found, given a way in, cancelled."""

import pytest

from planner.extensions import db
from planner.models import Participant, ParticipantState, PersonalLink
from tests import factories as make
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office


def test_somebody_is_added_with_her_rounds_and_gets_a_link_that_works(office: Office) -> None:
    morning, noon = make.slot(office.conference), make.slot(office.conference)
    form = {"name": "ليلى مثال", "locale": "ar", "group_id": "0", "organisation_id": "0", "present": str(noon.id)}
    office.client.submit(f"{office.home}people/new", form)
    person = db.session.query(Participant).one()
    assert [absence.slot_id for absence in person.absences] == [morning.id]

    page = f"{office.home}people/{person.id}"
    answer = office.client.post(f"{page}/link", {}, page=page)
    link = next(word for word in Page(answer.text).text.split() if "/l/" in word)
    assert Client(office.client.app).fetch(link.partition("localhost")[2]).status_code == 302
    assert link not in office.client.get(page).text


@pytest.mark.parametrize("kind", ["link", "card"])
def test_a_new_way_in_is_no_refusal_of_the_form_beside_it(office: Office, kind: str) -> None:
    """The button sends nothing of the form, which then said that somebody had changed it meanwhile."""
    page = f"{office.home}people/{make.participant(office.conference).id}"
    button = next(form for form in office.client.get(page).forms if form.action.endswith(f"/{kind}"))

    answer = office.client.fetch(button.action, method="POST", data=button.sent)

    assert answer.status_code == 200
    assert "What is stored at the moment" not in answer.text
    shown = Page(answer.text).form("form").sent
    assert office.client.fetch(page, method="POST", data=shown).status_code == 302


def test_a_link_is_worth_nothing_once_it_is_revoked(office: Office) -> None:
    person = make.participant(office.conference)
    visitor = Client(office.client.app).as_participant(person)
    start = f"/c/{office.conference.slug}/me/"
    assert visitor.fetch(start).status_code == 200

    page = f"{office.home}people/{person.id}"
    answer = office.client.post(f"{page}/link", {}, page=page)
    link = next(word for word in Page(answer.text).text.split() if "/l/" in word).partition("localhost")[2]
    office.client.submit(f"{page}/revoke", {}, page=page)
    stranger = Client(office.client.app)
    stranger.fetch(link)
    assert stranger.fetch(start).status_code == 302


@pytest.mark.parametrize("way", ["link", "card"])
def test_after_links_have_ended_nobody_is_handed_a_dead_one(office: Office, way: str) -> None:
    """A link was shown with "It works until" a day that had passed."""
    here, person = office.conference, make.participant(office.conference)
    page = f"{office.home}people/{person.id}"
    assert "New personal link" in office.client.get(page).text
    for name in ("call_from", "call_until", "wishes_from", "wishes_until"):
        setattr(here, name, make.NOW - 9 * make.DAY)
    here.day_starts, here.day_ends = make.NOW - 8 * make.DAY, make.NOW - 7 * make.DAY

    shown = office.client.get(page).text
    refused = office.client.submit(f"{page}/{way}", {}, page=page).text

    assert "New personal link" not in shown
    assert "Links and cards for this conference have ended on" in shown
    assert "so a new one would not work" in refused
    assert db.session.query(PersonalLink).count() == 0


def test_cancelling_can_be_undone(office: Office) -> None:
    person = make.participant(office.conference)
    page = f"{office.home}people/{person.id}"
    office.client.submit(f"{page}/cancel", {}, page=page)
    assert db.session.get(Participant, person.id).state is ParticipantState.CANCELLED

    office.client.submit(f"{page}/reinstate", {}, page=page)
    assert db.session.get(Participant, person.id).state is ParticipantState.CONFIRMED


def test_the_list_is_filtered_by_group_word_and_missing_wishes(office: Office) -> None:
    group = make.group(office.conference)
    make.slot(office.conference)
    chosen = make.participant(office.conference, name="Anna Muster", group_id=group.id)
    make.wishes(chosen, make.session(office.conference))
    make.participant(office.conference, name="Bernd Beispiel")
    make.participant(office.conference, name="Carla Weg", state=ParticipantState.CANCELLED)

    def names(query: str) -> set[str]:
        text = office.client.get(f"{office.home}people/{query}").text
        return {name for name in ("Anna", "Bernd", "Carla") if name in text}

    assert names("") == {"Anna", "Bernd", "Carla"}
    assert names(f"?group={group.id}") == {"Anna"}
    assert names("?search=BEISP") == {"Bernd"}
    assert names("?only=not_chosen") == {"Bernd"}


def test_saving_somebody_keeps_what_the_form_does_not_show(office: Office) -> None:
    person = make.participant(office.conference, languages={"tr": "speaks"}, needs=["quiet"])
    form = {"name": "Neu", "locale": "de", "group_id": "0", "organisation_id": "0"}
    office.client.submit(f"{office.home}people/{person.id}", form)

    saved = db.session.get(Participant, person.id)
    assert (saved.name, [row.language for row in saved.languages], len(saved.needs)) == ("Neu", ["tr"], 1)


def test_the_list_says_how_many_of_it_take_part(office: Office) -> None:
    """Its heading counted those who only interpret and those who cancelled, other pages did not."""
    make.participant(office.conference)
    make.participant(office.conference, attends=False)
    make.participant(office.conference, state=ParticipantState.CANCELLED)

    text = " ".join(office.client.get(f"{office.home}people/", language="en").text.split())

    assert "3 people in the list, 1 of them takes part" in text
