"""A facilitator's meetings: her own in the published allocation, with ring, task and what people brought."""

import pytest

from planner.exports import WITHOUT_ISOLATES
from planner.extensions import db
from planner.models import (
    AssignmentRole,
    Duty,
    Meeting,
    Participant,
    ParticipantState,
    SubmissionState,
    Visibility,
)
from tests import factories as make
from tests.client import Client
from tests.queries import counted


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_her_meetings_and_one_of_them_open_in_each_direction(
    client: Client, amira: Participant, meeting: Meeting, home: str, language: str
) -> None:
    client.as_participant(amira)

    for path in (home, f"{home}meetings/{meeting.id}/"):
        assert client.get(path, language=language).direction == ("rtl" if language == "ar" else "ltr")


def test_she_reads_time_room_task_and_who_comes(
    client: Client, amira: Participant, meeting: Meeting, home: str
) -> None:
    client.as_participant(amira)

    assert "Housing" in client.get(home).headings
    page = client.get(f"{home}meetings/{meeting.id}/")
    for said in ("Raum 7", "Three recommendations.", "What hinders?", "3 people are expected", "محمد", "O'Brien"):
        assert said in page.text


def test_before_publication_she_reads_what_she_will_lead(
    client: Client, amira: Participant, meeting: Meeting, home: str
) -> None:
    meeting.allocation.conference.published = None

    page = client.as_participant(amira).get(home)

    assert "Your rooms are not decided yet" in page.headings
    assert "Housing" in page.text
    client.get(f"{home}meetings/{meeting.id}/", status=404)


def test_another_meeting_an_older_allocation_and_nothing_look_the_same(
    client: Client, amira: Participant, meeting: Meeting, home: str
) -> None:
    conference = meeting.allocation.conference
    strange = make.meeting(meeting.allocation, make.session(conference), meeting.slot, make.room(conference))
    older = make.meeting(make.allocation(conference), meeting.session, meeting.slot, meeting.room)
    make.assignment(older, amira, role=AssignmentRole.FACILITATOR)
    client.as_participant(amira)

    for id in (strange.id, older.id, 999_999):
        for page in ("", "brief.pdf", "names.csv", "confidential.pdf"):
            client.get(f"{home}meetings/{id}/{page}", status=404)


def test_somebody_who_only_takes_part_finds_nothing_here(client: Client, meeting: Meeting, home: str) -> None:
    guest = next(p.participant for p in meeting.assignments if p.role is AssignmentRole.ATTENDEE)
    client.as_participant(guest)

    for path in (home, f"{home}meetings/{meeting.id}/", f"{home}meetings/{meeting.id}/names.pdf"):
        client.get(path, status=404)


def test_a_note_taker_sees_the_meeting_too(client: Client, meeting: Meeting, home: str) -> None:
    writer = make.participant(meeting.allocation.conference)
    make.role(meeting.session, writer, duty=Duty.NOTE_TAKER)
    make.assignment(meeting, writer, role=AssignmentRole.NOTE_TAKER)

    assert "Housing" in client.as_participant(writer).get(home).headings


def test_a_sensitive_group_shows_neither_its_name_nor_its_letter(
    client: Client, amira: Participant, meeting: Meeting, home: str
) -> None:
    group = make.group(
        meeting.allocation.conference, title={"en": "Congregation"}, letter="Q", is_sensitive=True, colour=5
    )
    amira.group_id = group.id

    page = client.as_participant(amira).get(f"{home}meetings/{meeting.id}/")

    assert "Congregation" not in page.text
    assert "Q" not in page.words


def test_whoever_cancelled_is_on_no_list(client: Client, amira: Participant, meeting: Meeting, home: str) -> None:
    guest = next(p.participant for p in meeting.assignments if p.participant.name == "O'Brien")
    guest.move_to(ParticipantState.CANCELLED)
    client.as_participant(amira)

    assert "O'Brien" not in client.get(f"{home}meetings/{meeting.id}/").text
    assert "O'Brien" not in client.download(f"{home}meetings/{meeting.id}/names.csv").decode()


def test_what_people_brought_keeps_their_choice_of_name(
    client: Client, amira: Participant, meeting: Meeting, home: str
) -> None:
    conference = meeting.allocation.conference
    accepted = {"state": SubmissionState.ACCEPTED, "session_id": meeting.session_id}
    hidden, named = make.participant(conference, name="Verborgen"), make.participant(conference, name="Bekannt")
    make.submission(hidden, problem="Leise gesagt", **accepted)
    make.submission(named, problem="Laut gesagt", visibility=Visibility.NAMED, may_be_read_aloud=True, **accepted)

    text = client.as_participant(amira).get(f"{home}meetings/{meeting.id}/").text

    assert "Leise gesagt" in text
    assert "Verborgen" not in text
    assert "Bekannt may be read aloud" in text


def test_pages_ask_no_more_queries_for_more_people(
    client: Client, amira: Participant, meeting: Meeting, home: str
) -> None:
    conference = meeting.allocation.conference
    client.as_participant(amira)
    paths = [home, f"{home}meetings/{meeting.id}/", f"{home}meetings/{meeting.id}/confidential.csv"]
    client.fetch(paths[-1])  # the first row of the audit begins its chain
    with counted() as few:
        for path in paths:
            client.fetch(path)
    for _ in range(27):
        person = make.participant(
            conference, group_id=make.group(conference).id, organisation_id=make.organisation(conference).id
        )
        make.assignment(meeting, person)
    db.session.commit()
    with counted() as many:
        for path in paths:
            client.fetch(path)

    assert len(many) == len(few)


def test_she_reads_what_is_spoken_who_interprets_and_for_how_many_but_not_for_whom(
    client: Client, amira: Participant, meeting: Meeting, home: str
) -> None:
    conference = meeting.allocation.conference
    meeting.language = "de"
    hala, ear = make.participant(conference, name="Hala Beispiel"), make.participant(conference, name="Ohr")
    make.assignment(meeting, hala, role=AssignmentRole.INTERPRETER, voices="ar")
    make.assignment(meeting, ear, listens_in="ar")
    client.as_participant(amira)

    assert "German" in client.get(home).text
    text = client.get(f"{home}meetings/{meeting.id}/").text.translate(WITHOUT_ISOLATES)
    assert "German is spoken here. Hala Beispiel interprets into Arabic. 1 person listens in Arabic." in text
    assert "Ohr (" not in text


def test_she_is_told_when_the_interpreter_drops_out(
    client: Client, amira: Participant, meeting: Meeting, home: str
) -> None:
    meeting.language = "de"
    make.assignment(meeting, make.participant(meeting.allocation.conference), listens_in="ar")

    text = client.as_participant(amira).get(f"{home}meetings/{meeting.id}/").text

    assert "An interpreter is missing here: Arabic." in text
