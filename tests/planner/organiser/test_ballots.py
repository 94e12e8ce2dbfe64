"""Wishes from paper: one by one on a person's page, or a stack of them, a line for each; mistakes are named."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from planner import auth, clock, failures
from planner.extensions import db
from planner.models import (
    Allocation,
    AuditEntry,
    Conference,
    MemberRole,
    Participant,
    ParticipantState,
    Session,
    SessionGroup,
    SessionState,
    SignInFailure,
    Veto,
)
from tests import factories as make
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office


@pytest.fixture
def sessions(office: Office) -> list[Session]:
    return [make.session(office.conference, number=number) for number in (3, 7, 12)]


def numbers(person: Participant) -> list[int]:
    db.session.refresh(person)
    return [wish.session.number for wish in person.preferences]


def enter(office: Office, line: str, **more: object) -> Page:
    """As the keyboard sends it; the page that follows."""
    answer = office.client.post(f"{office.home}ballots/", {"line": line, **more})
    if answer.status_code == 302:
        return office.client.get(answer.headers["Location"])
    assert answer.status_code == 422
    return Page(answer.text)


def test_a_stack_is_typed_line_by_line_by_code_number_or_name(office: Office, sessions: list[Session]) -> None:
    erika = make.participant(office.conference, name="Erika Beispiel")
    bernd = make.participant(office.conference, name="Bernd Muster", external_key="B-17")
    layla = make.participant(office.conference, name="Лейла Öz")
    code = auth.mint_card(erika, datetime.now(UTC))

    for line in (f"{code[:4].lower()}-{code[4:]}: 3, 7, 12", "b-17: 7", "OZ, лейла 12 3"):
        shown = enter(office, line)
        assert shown.fields["line"] == ""

    assert [numbers(each) for each in (erika, bernd, layla)] == [[3, 7, 12], [7], [12, 3]]
    assert "3 people whose wishes were entered for them" in shown.text
    assert shown.text.index("Лейла Öz") < shown.text.index("Erika Beispiel")
    entries = db.session.query(AuditEntry).filter_by(action="ballots.enter").all()
    assert [entry.subject for entry in entries] == [f"participant:{each.id}" for each in (erika, bernd, layla)]
    assert erika.wishes_saved_at is not None
    assert (erika.revision, erika.wishes_entered) == (1, True)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Niemand Da: 3", "Nobody here is called “Niemand Da”"),
        ("Erika Beispiel", "There are no numbers behind the name"),
        (": 3", "Please write whose paper it is"),
        ("Erika Beispiel: 3, 9", "There is no session “9”"),
        ("Erika Beispiel: 3, drei", "There is no session “drei”"),
        ("Erika Beispiel: 3 3", "“3” stands in the list twice"),
        ("Erika Beispiel: 4", "Session “4” is cancelled"),
        ("Erika Beispiel: 3, 7, 12", "At most 2 wishes count."),
        ("Carla Weg: 3", "Carla Weg has cancelled"),
        ("", "Please write something here"),
    ],
)
def test_a_mistake_is_named_at_the_line_and_nothing_of_it_is_lost(
    office: Office, sessions: list[Session], line: str, sentence: str
) -> None:
    office.conference.most_favourites = 2
    make.session(office.conference, number=4, state=SessionState.CANCELLED)
    people = [
        make.participant(office.conference, name="Erika Beispiel"),
        make.participant(office.conference, name="Carla Weg", state=ParticipantState.CANCELLED),
    ]

    shown = enter(office, line)

    assert sentence in shown.text
    assert shown.fields["line"] == line
    assert [numbers(each) for each in people] == [[], []]
    assert db.session.query(AuditEntry).filter_by(action="ballots.enter").count() == 0


@pytest.mark.parametrize("field", ["person", "revision"])
def test_what_has_no_place_on_the_page_is_refused_with_a_sentence(
    office: Office, sessions: list[Session], field: str
) -> None:
    make.participant(office.conference, name="Erika Beispiel")

    assert "Please write a whole number in digits" in enter(office, "Erika Beispiel: 3", **{field: "x"}).text


def test_every_mistake_of_a_line_is_named_at_once(office: Office, sessions: list[Session]) -> None:
    make.participant(office.conference, name="Erika Beispiel")

    shown = enter(office, "Erika Beispiel: 3, 99, 3").text

    assert "There is no session “99”. “3” stands in the list twice." in shown


def test_what_is_not_open_to_her_is_told_to_whoever_types(office: Office, sessions: list[Session]) -> None:
    make.participant(office.conference, name="Erika Beispiel")
    make.add(SessionGroup(session_id=sessions[1].id, group_id=make.group(office.conference).id))

    shown = enter(office, "Erika Beispiel: 3, 7").text

    assert "Not offered any more, or not open to this person: 7. Please leave it out." in shown


def test_who_is_meant_of_several_is_asked(office: Office, sessions: list[Session]) -> None:
    body = make.organisation(office.conference, name="Caritas")
    first = make.participant(office.conference, name="Anna Muster", organisation_id=body.id)
    second = make.participant(office.conference, name="Anna Muster")

    asked = enter(office, "Anna Muster: 3")
    assert "Several people are called that" in asked.text
    assert "Caritas" in asked.text
    enter(office, "Anna Muster: 3", person=second.id)

    assert [numbers(first), numbers(second)] == [[], [3]]


def test_the_beginnings_of_a_name_are_asked_about_also_where_only_one_fits(
    office: Office, sessions: list[Session]
) -> None:
    """A paper of somebody who is not registered went to whoever is called a little like her."""
    whole = make.participant(office.conference, name="Anna Muster")
    longer = make.participant(office.conference, name="Anna Mustermann")

    enter(office, "Anna Muster: 3")
    asked = enter(office, "an musterm: 7")

    assert "only the beginning of a name" in asked.text
    assert "Anna Mustermann" in asked.text
    assert [numbers(whole), numbers(longer)] == [[3], []]
    enter(office, "an musterm: 7", person=str(longer.id))
    assert [numbers(whole), numbers(longer)] == [[3], [7]]


def test_wrong_codes_are_counted_and_a_right_one_whatever_becomes_of_its_line(
    office: Office, sessions: list[Session]
) -> None:
    """150 in 19 s were looked at, and nobody had counted one."""
    person = make.participant(office.conference, name="Erika Beispiel")
    code = auth.mint_card(person, clock.now())
    db.session.commit()

    def counted() -> int:
        return db.session.query(SignInFailure).filter_by(kind="card", subject=str(office.conference.id)).count()

    assert "Nobody here is called" in enter(office, "ABCDEFGH: 3").text
    assert "Nobody here is called" in enter(office, "abcd-efgh: 99").text
    assert counted() == 2
    assert "There is no session “99”" in enter(office, f"{code}: 99").text
    enter(office, "Nobody Atall: 3")
    assert counted() == 2
    enter(office, f"{code}: 3")
    assert (counted(), numbers(person)) == (2, [3])
    assert db.session.query(AuditEntry).filter_by(action="ballots.enter").count() == 1


def test_whoever_tries_very_many_codes_waits_at_the_line(office: Office, sessions: list[Session]) -> None:
    for _ in range(failures.LIMITS["card"].most):
        failures.record("card", str(office.conference.id), "127.0.0.1", clock.now() + timedelta(seconds=30))
    db.session.commit()

    answer = office.client.post(f"{office.home}ballots/", {"line": "ABCDEFGH: 3"})

    assert answer.status_code == 429
    assert "Many wrong ones came from your network." in answer.text
    assert Page(answer.text).fields["line"] == "ABCDEFGH: 3"


def test_a_second_paper_of_the_same_person_is_shown_and_replaces_only_when_told(
    office: Office, sessions: list[Session]
) -> None:
    person = make.participant(office.conference, name="Erika Beispiel")
    enter(office, "Erika Beispiel: 3")

    asked = enter(office, "Erika Beispiel: 7, 12")
    assert "Erika Beispiel has wishes already" in asked.text
    assert "entered by the organisers" in asked.text
    assert numbers(person) == [3]
    assert "This is stored already" in enter(office, "Erika Beispiel: 3").text
    form = {name: asked.fields[name] for name in ("person", "revision")}
    enter(office, asked.fields["line"], replace="y", **form)

    assert numbers(person) == [7, 12]
    assert db.session.query(AuditEntry).filter_by(action="ballots.enter").count() == 2


def test_what_came_in_meanwhile_is_asked_about_anew(office: Office, sessions: list[Session]) -> None:
    person, other = (make.participant(office.conference, name=name) for name in ("Erika Beispiel", "Bernd Muster"))
    for each in (person, other):
        enter(office, f"{each.name}: 3")
    asked = enter(office, "Erika Beispiel: 7")
    form = {name: asked.fields[name] for name in ("person", "revision")}
    person.revision += 1  # she has saved herself

    assert "has wishes already" in enter(office, "Erika Beispiel: 7", replace="y", **form).text
    assert "has wishes already" in enter(office, "Bernd Muster: 7", replace="y", **form).text
    assert [numbers(person), numbers(other)] == [[3], [3]]


def test_where_she_leads_is_left_out_and_said(office: Office, sessions: list[Session]) -> None:
    person = make.participant(office.conference, name="Erika Beispiel")
    make.role(sessions[0], person)

    shown = enter(office, "Erika Beispiel: 3, 7")

    assert numbers(person) == [7]
    assert "Session 3 is left out" in shown.text


def test_what_is_not_for_her_stays_hers_alone(office: Office, sessions: list[Session]) -> None:
    office.conference.most_vetoes = 2
    person = make.participant(office.conference, name="Erika Beispiel")
    person.vetoes = [Veto(session_id=sessions[0].id)]

    enter(office, "Erika Beispiel: 7")

    assert numbers(person) == [7]
    assert [veto.session_id for veto in person.vetoes] == [sessions[0].id]
    assert str(sessions[0].title["en"]) not in office.client.get(f"{office.home}people/{person.id}").text


@pytest.mark.parametrize("on", ["ballots", "her page"])
def test_nobody_learns_what_is_not_for_somebody_by_entering_wishes(
    office: Office, sessions: list[Session], on: str
) -> None:
    """A refusal told it: a clerk entered each number alone. A paper is her later word; what it does not name stays."""
    office.conference.most_vetoes = 2
    erika, bernd = (make.participant(office.conference, name=name) for name in ("Erika Beispiel", "Bernd Muster"))
    erika.vetoes = [Veto(session_id=session.id) for session in sessions[:2]]
    clerk = make.user()
    make.member(office.conference, clerk, MemberRole.CLERK)
    typing, told = Client(office.client.app).as_organiser(clerk), {}
    for person in (erika, bernd):
        if on == "ballots":
            page, form = f"{office.home}ballots/", {"line": f"{person.name}: 12, 3"}
        else:
            page = f"{office.home}people/{person.id}/wishes"
            form = Page(typing.fetch(page).text).form("form").sent | {"line": ["12, 3"]}
        answer = typing.post(page, form)
        shown = typing.get(answer.headers["Location"]).text if answer.status_code == 302 else answer.text
        told[person.name] = (answer.status_code, "12, 3" in shown, "does not fit" in shown)

    assert told["Erika Beispiel"] == told["Bernd Muster"]
    assert told["Erika Beispiel"][0] == 302
    assert [numbers(each) for each in (erika, bernd)] == [[12, 3]] * 2
    assert [veto.session_id for veto in erika.vetoes] == [sessions[1].id]


def ended(conference: Conference) -> None:
    conference.wishes_until = make.NOW - make.DAY
    conference.call_until = make.NOW - make.DAY


def test_after_the_end_only_an_organiser_enters_what_was_there_in_time(office: Office, sessions: list[Session]) -> None:
    person = make.participant(office.conference, name="Erika Beispiel")
    clerk = make.user()
    make.member(office.conference, clerk, MemberRole.CLERK)
    ended(office.conference)

    assert "Choosing has ended" in enter(office, "Erika Beispiel: 3").text
    typing = Client(office.client.app).as_organiser(clerk)
    page = f"{office.home}ballots/"
    assert "in_time" not in typing.fetch(page).text
    for more in ({}, {"in_time": "y"}):
        refused = typing.post(page, {"line": "Erika Beispiel: 3", **more})
        assert refused.status_code == 422
        assert "an organiser can still enter: please take it there" in refused.text
    on_her_page = typing.post(f"{office.home}people/{person.id}/wishes", {"line": "3"})
    assert on_her_page.status_code == 422
    assert "please take it there" in on_her_page.text
    assert "please tick" not in on_her_page.text
    assert numbers(person) == []
    shown = enter(office, "Erika Beispiel: 3", in_time="y")

    assert numbers(person) == [3]
    assert "in_time" in shown.fields  # the tick stays for the next paper
    entry = db.session.query(AuditEntry).filter_by(action="ballots.enter").one()
    assert entry.facts["in_time"] is True
    assert "given on paper before the end" in office.client.get(f"{office.home}audit/").text


def test_a_published_plan_keeps_the_wishes_that_it_was_made_from(office: Office, sessions: list[Session]) -> None:
    person = make.participant(office.conference, name="Erika Beispiel")
    ended(office.conference)
    office.conference.published = make.allocation(office.conference)

    assert "The plan is published" in enter(office, "Erika Beispiel: 3", in_time="y").text
    assert numbers(person) == []


def test_papers_are_entered_before_choosing_begins_as_lists_are(office: Office, sessions: list[Session]) -> None:
    """The ballots refused what the import of the same paper took in, and named no way on."""
    person = make.participant(office.conference, name="Erika Beispiel")
    office.conference.wishes_from = make.NOW + make.DAY

    enter(office, "Erika Beispiel: 3")

    assert numbers(person) == [3]


def test_a_run_that_does_not_know_a_late_paper_says_so(office: Office, run: Allocation) -> None:
    person = db.session.query(Participant).filter_by(conference_id=office.conference.id).first()
    session = (
        db.session.query(Session).filter_by(conference_id=office.conference.id).order_by(Session.id.desc()).first()
    )
    assert person
    assert session
    page = f"{office.home}allocations/{run.number}"
    assert "outdated" not in office.client.get(page).text
    ended(office.conference)

    form = {"line": str(session.number), "in_time": "y"}
    office.client.submit(f"{office.home}people/{person.id}/wishes", form)

    assert numbers(person) == [session.number]
    assert "outdated" in office.client.get(page).text


def test_on_her_page_wishes_are_typed_as_numbers_and_both_hands_are_told(
    office: Office, sessions: list[Session]
) -> None:
    person = make.participant(office.conference, name="Erika Beispiel")
    page = f"{office.home}people/{person.id}"
    first, second = (Page(office.client.fetch(f"{page}/wishes").text).form("form").sent for _ in range(2))

    saved = office.client.fetch(f"{page}/wishes", method="POST", data=first | {"line": ["7, 3"]})
    lost = office.client.fetch(f"{page}/wishes", method="POST", data=second | {"line": ["12"]})

    assert (saved.status_code, lost.status_code) == (302, 409)
    assert "7, 3" in lost.text.partition("What is stored at the moment")[2].partition("</dl>")[0]
    assert Page(lost.text).form("form").sent["line"] == ["12"]
    assert numbers(person) == [7, 3]
    assert "entered by the organisers" in office.client.get(page).text
    herself = Client(office.client.app).as_participant(person)
    mine = f"/c/{office.conference.slug}/me/"
    assert "Entered for you by the organisers on" in herself.get(f"{mine}wishes/receipt").text
    form = {"favourite": [sessions[2].id], "revision": "1"}
    assert herself.post(f"{mine}wishes/", form).status_code == 302
    assert "Entered for you" not in herself.get(f"{mine}wishes/receipt").text
    assert "chosen by herself" in office.client.get(page).text


def test_a_stack_asks_the_database_as_often_for_many_people(app: Flask) -> None:
    from tests.queries import counted

    asked = []
    for people in (3, 60):
        conference, organiser = make.organised()
        make.session(conference, number=3)
        for number in range(people):
            make.participant(conference, name=f"Person Nummer{number}")
        client = Client(app).as_organiser(organiser)
        page = f"/organise/{conference.slug}/ballots/"
        token = client.token(page)
        with counted() as found:
            data = {"line": "Person Nummer2: 3", "csrf_token": token}
            assert client.fetch(page, method="POST", data=data).status_code == 302
        asked.append(len(found))

    assert asked[0] == asked[1] <= 40
