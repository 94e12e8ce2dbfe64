"""Long forms: parts that fold, one language at a time, people who are looked for and never all listed."""

from planner.extensions import db
from planner.models import MemberRole, Participant, Session
from planner.organiser.picker import MOST
from tests import factories as make
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office

TYPED = {"title_de": "Neuer Titel", "minimum": "3", "maximum": "9", "offered": "1", "theme_id": "0"}


def people_of(office: Office, count: int = MOST + 3) -> list[Participant]:
    return [make.participant(office.conference, name=f"Sánta Nummer {at:02}") for at in range(count)]


def test_a_session_s_page_lists_nobody_but_those_chosen(office: Office) -> None:
    people = people_of(office)
    session = make.session(office.conference)
    make.role(session, people[4])

    shown = office.client.get(f"{office.home}sessions/{session.id}").text

    assert [person.name for person in people if person.name in shown] == [people[4].name]


def test_people_are_found_by_a_word_and_nothing_typed_is_lost_or_saved(office: Office) -> None:
    people = people_of(office)
    session = make.session(office.conference)
    page = f"{office.home}sessions/{session.id}"
    chosen = {"facilitators": str(people[0].id), "find": "note_takers", "find-note_takers": "SANTA nummer"}

    answer = office.client.post(page, {**TYPED, **chosen})

    found = Page(answer.text).text
    assert answer.status_code == 200
    assert 'value="Neuer Titel"' in answer.text
    assert f'value="{people[0].id}" checked' in answer.text
    assert [person.name in found for person in people] == [True] * MOST + [False] * 3
    assert "and 3 more" in found
    assert db.session.get(Session, session.id).title != {"de": "Neuer Titel"}


def test_whoever_was_found_and_ticked_leads(office: Office) -> None:
    one, two = people_of(office, 2)
    session = make.session(office.conference)
    page = f"{office.home}sessions/{session.id}"

    office.client.submit(page, {**TYPED, "facilitators": [str(one.id), str(two.id)], "find-facilitators": "nummer"})

    assert {role.participant_id for role in db.session.get(Session, session.id).roles} == {one.id, two.id}


def test_a_part_in_which_something_is_wrong_is_open(office: Office) -> None:
    page = f"{office.home}sessions/new"
    closed = office.client.fetch(page).text
    wrong = office.client.post(page, {**TYPED, "maximum": "viele"}).text

    assert (closed.count('<details class="fold" open>'), wrong.count('<details class="fold" open>')) == (1, 2)


def test_texts_stand_in_one_language_at_a_time_and_the_choice_is_not_sent(office: Office) -> None:
    text = office.client.fetch(f"{office.home}settings/").text

    assert text.count('<div class="tongue tongue-1">') == text.count('<div class="tongue tongue-2">') == 1
    assert text.count('type="radio" form="none"') == 2


def test_who_may_only_look_neither_searches_nor_ticks_people(office: Office) -> None:
    session, viewer = make.session(office.conference), make.user()
    leader = people_of(office, 1)[0]
    make.role(session, leader)
    make.member(office.conference, viewer, MemberRole.VIEWER)

    text = Client(office.client.app).as_organiser(viewer).fetch(f"{office.home}sessions/{session.id}").text

    assert "Sánta Nummer 00" in text
    assert f'name="facilitators" value="{leader.id}" checked disabled' in text
    assert 'name="find"' not in text
