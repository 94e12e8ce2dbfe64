"""What organisers and entry clerks enter for others: languages, presence, interpreting, needs with their consent."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from planner.extensions import db
from planner.models import (
    AuditEntry,
    InterpretingMode,
    MemberRole,
    Need,
    NeedKind,
    Participant,
    ParticipantState,
    Submission,
    SubmissionState,
    Visibility,
)
from tests import factories as make
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office


def opened(office: Office, person: Participant, page: str = "") -> dict[str, list[str]]:
    return Page(office.client.fetch(f"{office.home}people/{person.id}{page}").text).form("form").sent


def send(office: Office, person: Participant, form: dict[str, list[str]], page: str = "") -> tuple[int, str]:
    answer = office.client.fetch(f"{office.home}people/{person.id}{page}", method="POST", data=form)
    return answer.status_code, answer.text


def test_languages_and_rounds_are_entered_on_her_page_and_leave_a_row(office: Office) -> None:
    morning, noon = make.slot(office.conference), make.slot(office.conference)
    person = make.participant(office.conference, languages={"de": "speaks", "tr": "understands"})

    form = opened(office, person) | {"level-de": ["needs_help"], "level-tr": [""], "level-ar": ["speaks"]}
    assert send(office, person, form | {"present": [str(noon.id)]})[0] == 302

    known = {row.language: row.level.value for row in db.session.get(Participant, person.id).languages}
    assert known == {"de": "needs_help", "ar": "speaks"}
    assert [row.slot_id for row in person.absences] == [morning.id]
    entry = db.session.query(AuditEntry).filter_by(action="people.show").one()
    assert entry.subject == f"participant:{person.id}"
    assert {"participant.languages", "participant.absences", "language_level.level"} <= set(entry.facts["changed"])


def test_somebody_is_made_an_interpreter_in_both_directions(office: Office) -> None:
    person = make.participant(office.conference)
    there = {"source-0": ["ar"], "target-0": ["de"], "mode-0": ["simultaneous"], "listeners-0": ["20"]}
    back = {"source-1": ["de"], "target-1": ["ar"], "most_slots_in_a_row-1": ["3"]}

    assert send(office, person, opened(office, person) | there | back | {"attends": ["0"]})[0] == 302

    pairs = sorted((p.source, p.target, p.mode, p.listeners, p.most_slots_in_a_row) for p in person.interprets)
    assert pairs == [
        ("ar", "de", InterpretingMode.SIMULTANEOUS, 20, 2),
        ("de", "ar", InterpretingMode.CONSECUTIVE, 12, 3),
    ]
    assert person.attends is False
    form = opened(office, person)
    assert form["source-0"] == ["ar"]
    assert form["source-3"] == [""]  # there is room for more
    assert send(office, person, form | {"source-0": [""], "target-0": [""]})[0] == 302
    assert [pair.source for pair in person.interprets] == ["de"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"source-0": ["ar"]}, "Please choose two languages"),
        ({"source-0": ["ar"], "target-0": ["ar"]}, "Please choose two languages"),
        ({"source-0": ["ar"], "target-0": ["de"], "source-1": ["ar"], "target-1": ["de"]}, "stand in another line"),
        ({"source-0": ["ar"], "target-0": ["de"], "listeners-0": [""]}, "Please give a number"),
        ({"source-0": ["ar"], "target-0": ["de"], "listeners-0": ["0"]}, "Please choose a number from 1"),
    ],
)
def test_what_is_no_pair_of_languages_is_an_error_at_its_line(
    office: Office, typed: dict[str, list[str]], sentence: str
) -> None:
    person = make.participant(office.conference)

    status, text = send(office, person, opened(office, person) | typed)

    assert (status, person.interprets) == (422, [])
    assert sentence in text
    assert Page(text).form("form").sent["source-0"] == ["ar"]


def test_the_second_of_two_who_change_her_languages_reads_both_versions(office: Office) -> None:
    person = make.participant(office.conference, languages={})
    first, second = opened(office, person), opened(office, person)

    assert send(office, person, first | {"level-ar": ["speaks"]})[0] == 302
    status, text = send(office, person, second | {"level-tr": ["speaks"]})

    assert status == 409
    assert "speaks it" in text.partition("What is stored at the moment")[2].partition("</dl>")[0]
    assert Page(text).form("form").sent["level-tr"] == ["speaks"]
    assert [row.language for row in db.session.get(Participant, person.id).languages] == ["ar"]


def test_new_needs_say_from_where_the_consent_is_and_hers_stay_as_they_were(office: Office) -> None:
    person = make.participant(office.conference, needs=["quiet"])
    form = opened(office, person, "/needs") | {"needs": ["quiet", "step_free"]}

    refused, text = send(office, person, form, "/needs")
    assert refused == 422
    assert "Please say from where her consent is" in text
    assert db.session.query(Need).count() == 1
    assert send(office, person, form | {"consent": ["paper"], "day": ["2026-05-04"]}, "/needs")[0] == 302

    quiet, steps = sorted(person.needs, key=lambda need: need.kind)
    assert (quiet.kind, quiet.consent_from, quiet.consented_at) == (NeedKind.QUIET, "", make.NOW)
    assert (steps.kind, steps.consent_from) == (NeedKind.STEP_FREE, "paper")
    assert steps.consented_at == datetime(2026, 5, 4, 10, tzinfo=UTC)
    assert send(office, person, opened(office, person, "/needs") | {"needs": []}, "/needs")[0] == 302
    assert db.session.query(Need).count() == 0


def test_consent_from_elsewhere_and_a_day_to_come(office: Office) -> None:
    person = make.participant(office.conference)
    form = opened(office, person, "/needs") | {"needs": ["quiet"], "consent": ["elsewhere"]}

    assert send(office, person, form, "/needs")[0] == 422
    status, text = send(office, person, form | {"elsewhere": ["am Telefon"], "day": ["2099-01-01"]}, "/needs")
    assert status == 422
    assert "This day is still to come" in text
    assert send(office, person, form | {"elsewhere": ["am Telefon"]}, "/needs")[0] == 302
    assert [need.consent_from for need in person.needs] == ["am Telefon"]


def looks(person: Participant) -> int:
    """How often it was written down that somebody read what she needs."""
    db.session.rollback()
    found = db.session.query(AuditEntry).filter_by(action="needs.read")
    return sum(entry.facts["of"] == str(person.id) for entry in found)


def test_every_look_at_her_needs_is_written_down_of_a_refused_form_too(office: Office) -> None:
    person = make.participant(office.conference, needs=["quiet"])
    office.client.get(f"{office.home}people/{person.id}")
    assert looks(person) == 0

    form = opened(office, person, "/needs") | {"needs": ["quiet", "step_free"]}
    assert looks(person) == 1
    assert send(office, person, form, "/needs")[0] == 422
    assert looks(person) == 2
    assert send(office, person, form | {"consent": ["spoken"]}, "/needs")[0] == 302
    assert looks(person) == 3


def test_a_clerk_enters_needs_and_a_viewer_does_not_find_them(app: Flask) -> None:
    conference, _owner = make.organised()
    person = make.participant(conference, needs=["quiet"])
    page = f"/organise/{conference.slug}/people/{person.id}"
    clerk, viewer = make.user(), make.user()
    make.member(conference, clerk, MemberRole.CLERK)
    make.member(conference, viewer, MemberRole.VIEWER)

    assert "A quiet room" in Client(app).as_organiser(clerk).get(f"{page}/needs").text
    looking = Client(app).as_organiser(viewer)
    assert looking.fetch(f"{page}/needs").status_code == 403
    assert "/needs" not in looking.fetch(page).text


def test_what_she_brought_on_paper_is_hers_and_sent_once(office: Office) -> None:
    person = make.participant(office.conference)
    page = "/submissions/new"
    form = opened(office, person, page) | {"problem": ["Zu wenige Kurse."]}
    form |= {"theme_id": [str(office.conference.themes[0].id)]}

    assert [send(office, person, form, page)[0] for _ in range(2)] == [302, 302]

    row = db.session.query(Submission).one()
    assert (row.author_id, row.state, row.visibility) == (person.id, SubmissionState.SUBMITTED, Visibility.ANONYMOUS)
    entry = db.session.query(AuditEntry).filter_by(action="statements.new").one()
    assert (entry.subject, entry.facts["added submission"]) == (f"participant:{person.id}", 1)
    mine = Client(office.client.app).as_participant(person)
    assert "Zu wenige Kurse." in mine.get(f"/c/{office.conference.slug}/me/submissions/").text


def test_after_the_call_a_problem_is_refused_and_its_text_stays(office: Office) -> None:
    person, cancelled = make.participant(office.conference), make.participant(office.conference)
    page = "/submissions/new"
    more = {"problem": ["Zu wenige Kurse."], "theme_id": [str(office.conference.themes[0].id)]}
    form, hers = opened(office, person, page) | more, opened(office, cancelled, page) | more
    cancelled.state = ParticipantState.CANCELLED

    assert send(office, cancelled, hers, page)[0] == 422
    office.conference.call_until = make.NOW - make.DAY
    status, text = send(office, person, form, page)

    assert status == 422
    assert "The call has ended" in text
    assert Page(text).form("form").sent["problem"] == ["Zu wenige Kurse."]
    assert db.session.query(Submission).count() == 0
