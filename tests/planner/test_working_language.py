"""What a meeting speaks and who interprets, as everybody who is there reads it."""

import io

import pytest
from flask import Flask
from flask_babel import force_locale
from icalendar import Calendar
from pypdf import PdfReader

from planner import working_language
from planner.exports import WITHOUT_ISOLATES
from planner.models import Assignment, AssignmentRole, Meeting, Participant, ParticipantState
from planner.working_language import own_sentence, sentence, spoken_in
from tests import factories as make
from tests.client import Client


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """Held in German, published, with nobody in it yet."""
    conference = make.conference(day_starts=make.NOW + make.DAY, day_ends=make.NOW + 1.4 * make.DAY)
    session = make.session(conference, title={"de": "Wohnen", "en": "Housing"}, languages=["de", "ar"])
    row = make.meeting(
        make.allocation(conference), session, make.slot(conference), make.room(conference), language="de"
    )
    conference.published = row.allocation
    return row


def seat(meeting: Meeting, name: str, **given: str) -> Assignment:
    return make.assignment(meeting, make.participant(meeting.allocation.conference, name=name), **given)


def interpreter(meeting: Meeting, name: str, channel: str = "ar") -> Assignment:
    return seat(meeting, name, role=AssignmentRole.INTERPRETER, voices=channel)


def told(meeting: Meeting, place: Assignment | None = None, locale: str = "de") -> str:
    """In the words of a page, without the invisible signs around names."""
    with force_locale(locale):
        found = spoken_in([meeting])[meeting.id]
        text = own_sentence(found, place) if place else sentence(found)
    return text.translate(WITHOUT_ISOLATES)


def test_the_language_and_who_interprets_into_what(meeting: Meeting) -> None:
    for name, channel in (("Hala Beispiel", "ar"), ("Basil Beispiel", "ar"), ("Daryna Beispiel", "uk")):
        interpreter(meeting, name, channel)

    assert told(meeting) == (
        "Hier wird Deutsch gesprochen. Basil Beispiel und Hala Beispiel dolmetschen ins Arabische. "
        "Daryna Beispiel dolmetscht ins Ukrainische."
    )
    assert "Daryna Beispiel interprets into Ukrainian." in told(meeting, locale="en")


def test_two_languages_at_once_are_bridged(meeting: Meeting) -> None:
    meeting.second_language = "ar"
    hala, ear = interpreter(meeting, "Hala Beispiel", "ar-de"), seat(meeting, "Ohr", listens_in="ar-de")

    opening = "Hier wird Deutsch und Arabisch gesprochen."
    assert told(meeting) == f"{opening} Hala Beispiel dolmetscht zwischen beiden."
    assert told(meeting, ear) == f"{opening} Hala Beispiel dolmetscht für Sie."
    assert told(meeting, hala) == "Sie dolmetschen hier Deutsch ↔ Arabisch für 1 Person."


def test_a_listener_reads_who_interprets_for_her_but_not_who_else_listens(meeting: Meeting) -> None:
    interpreter(meeting, "Hala Beispiel")
    ear, other = seat(meeting, "Ohr", listens_in="ar"), seat(meeting, "Zweites Ohr", listens_in="ar")

    assert told(meeting, ear) == "Hier wird Deutsch gesprochen. Hala Beispiel dolmetscht für Sie ins Arabische."
    assert "Ohr" not in told(meeting, other) + told(meeting)


def test_an_interpreter_reads_from_what_into_what_and_for_how_many(meeting: Meeting) -> None:
    hala, colleague = interpreter(meeting, "Hala Beispiel"), interpreter(meeting, "Daryna Beispiel", "uk")
    for name in ("Eins", "Zwei", "Drei", "Vier"):
        seat(meeting, name, listens_in="ar")

    assert told(meeting, hala) == (
        "Sie dolmetschen hier Deutsch → Arabisch für 4 Menschen. Daryna Beispiel dolmetscht ins Ukrainische."
    )
    assert told(meeting, colleague).startswith(
        "Sie dolmetschen hier Deutsch → Ukrainisch. Zurzeit braucht das hier niemand."
    )


def test_arrows_point_the_way_that_the_page_is_read(meeting: Meeting) -> None:
    interpreter(meeting, "Hala Beispiel")

    with force_locale("ar"):
        shown = working_language.work_of("ar", spoken_in([meeting])[meeting.id])
    assert shown == "\N{RIGHT-TO-LEFT ISOLATE}الألمانية ← العربية\N{POP DIRECTIONAL ISOLATE}"


def test_an_interpreter_who_cancelled_is_named_no_more_and_those_in_charge_are_told(meeting: Meeting) -> None:
    hala, ear = interpreter(meeting, "Hala Beispiel"), seat(meeting, "Ohr", listens_in="ar")
    hala.participant.move_to(ParticipantState.CANCELLED)

    assert told(meeting) == "Hier wird Deutsch gesprochen."
    assert told(meeting, ear).endswith("Für Sie dolmetscht hier noch niemand. Bitte fragen Sie die Organisation.")
    with force_locale("de"):
        assert working_language.missing(spoken_in([meeting])[meeting.id]) == (
            "Hier fehlt jemand, der dolmetscht: Arabisch."
        )


def test_nothing_is_said_where_language_plays_no_part(meeting: Meeting) -> None:
    meeting.language = None

    assert told(meeting) == ""


def test_a_published_meeting_speaks_as_it_was_planned_when_its_session_changes(meeting: Meeting) -> None:
    meeting.second_language = "ar"
    meeting.session.two_language, meeting.session.languages = False, ["uk"]

    assert told(meeting) == "Hier wird Deutsch und Arabisch gesprochen."


@pytest.fixture
def samira(meeting: Meeting) -> Participant:
    interpreter(meeting, "Hala Beispiel")
    seat(meeting, "Fatima Beispiel", listens_in="ar")
    return seat(meeting, "Samira Beispiel", listens_in="ar").participant


SAID = "German is spoken here. Hala Beispiel interprets for you into Arabic."


def test_my_day_on_the_page_in_the_calendar_and_on_paper_says_the_same(client: Client, samira: Participant) -> None:
    home = f"/c/{samira.conference.slug}/me/day/"
    client.as_participant(samira)

    for page in ("", "why"):
        text = client.get(home + page, language="en").text.translate(WITHOUT_ISOLATES)
        assert (SAID in text) == (page == "")
        assert "Fatima" not in text
    calendar = Calendar.from_ical(client.download(home + "calendar.ics"))
    assert SAID in {str(event.get("description", "")) for event in calendar.walk("VEVENT")}
    paper = PdfReader(io.BytesIO(client.download(home + "my-day.pdf"))).pages[0].extract_text()
    assert SAID in " ".join(paper.split())


def test_the_public_programme_names_the_language_and_nobody(client: Client, samira: Participant) -> None:
    text = client.get(f"/c/{samira.conference.slug}/programme", language="en").text

    assert "Housing (German)" in text
    assert "German or Arabic" in text
    assert "Beispiel" not in text


def test_her_wishes_page_says_in_which_languages_a_session_may_be_held(client: Client, samira: Participant) -> None:
    session = samira.conference.sessions[0]
    page = f"/c/{samira.conference.slug}/me/wishes/"
    client.as_participant(samira)

    assert "Language: German or Arabic" in client.get(page, language="en").text
    session.two_language = True
    assert "German and Arabic, with interpreting between them" in client.get(page, language="en").text


def test_those_in_charge_read_how_many_listen(meeting: Meeting) -> None:
    seat(meeting, "Eins", listens_in="ar"), seat(meeting, "Zwei", listens_in="ar"), seat(meeting, "Drei")
    with force_locale("de"):
        assert working_language.listening(spoken_in([meeting])[meeting.id]) == "2 Menschen hören auf Arabisch zu."
        meeting.second_language = "ar"
        assert working_language.listening(spoken_in([meeting])[meeting.id]) == "2 Menschen brauchen das."


@pytest.mark.parametrize("language", ["de", "ar"])
def test_a_whole_day_with_interpreters_stays_on_one_page(client: Client, samira: Participant, language: str) -> None:
    conference, run = samira.conference, samira.conference.published
    title = {"de": "„Keine Mieter vom Jobcenter“: Wie kommen wir an Wohnungen?", "ar": "«لا نؤجّر»: كيف نجد شققاً؟"}
    for _ in range(6):
        make.agenda_item(conference, place={"de": "Raum der Stille, 1. Etage"})
    for number in range(2):
        session, slot = make.session(conference, title=title), make.slot(conference)
        row = make.meeting(
            run, session, slot, make.room(conference, name=f"Mensa, hinterer Teil {number}"), language="de"
        )
        interpreter(row, "Mariama Beispiel", "ar"), interpreter(row, "Olena Beispiel", "uk")
        make.assignment(row, samira, listens_in="ar")

    client.as_participant(samira)
    paper = client.fetch(f"/c/{conference.slug}/me/day/my-day.pdf", language=language).data

    assert len(PdfReader(io.BytesIO(paper)).pages) == 1
