"""A meeting's papers: the signature sheet has names only, the confidential one is for her who leads."""

import csv
import io

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from planner import spans
from planner.extensions import db
from planner.models import Assignment, AuditEntry, InterpreterPair, Meeting, Participant
from tests import factories as make
from tests.client import Client

SECRETS = ("Geheimverein", "Verschwiegene", "without steps", "Arabic")
HEADS = ["No.", "Name", "Organisation", "Group", "Languages", "Good to know", "State of the plan"]


@pytest.fixture
def guest(meeting: Meeting) -> Participant:
    """Somebody about whom there is much to know."""
    conference = meeting.allocation.conference
    group = make.group(conference, title={"de": "Verschwiegene", "en": "Verschwiegene"})
    guest = make.participant(
        conference,
        name="=HYPERLINK(1)",
        needs=["step_free"],
        languages={"ar": "speaks", "de": "needs_help"},
        group_id=group.id,
        organisation_id=make.organisation(conference, name="Geheimverein").id,
    )
    make.assignment(meeting, guest, listens_in="ar")
    return guest


@pytest.fixture
def papers(client: Client, amira: Participant, home: str, meeting: Meeting, guest: Participant) -> str:
    client.as_participant(amira)
    return f"{home}meetings/{meeting.id}/"


def text_of(content: bytes, ending: str) -> str:
    """What stands in a file, in whatever format."""
    if ending == "csv":
        return content.decode("utf-8-sig")
    if ending == "xlsx":
        return "\n".join(str(cell) for row in load_workbook(io.BytesIO(content)).active.values for cell in row)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("ending", ["csv", "xlsx", "pdf"])
def test_the_signature_sheet_has_every_name_and_nothing_else(client: Client, papers: str, ending: str) -> None:
    text = text_of(client.download(f"{papers}names.{ending}"), ending)

    assert "O'Brien" in text
    assert "HYPERLINK" in text
    assert not [secret for secret in SECRETS if secret in text]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "pdf"])
def test_the_confidential_sheet_says_what_she_must_know(client: Client, papers: str, ending: str) -> None:
    text = " ".join(text_of(client.download(f"{papers}confidential.{ending}"), ending).split())

    for said in ("O'Brien", "Geheimverein", "Verschwiegene", "Arabic: speaks", "Arabic: nobody yet", "without steps"):
        assert said in text


@pytest.mark.parametrize("ending", ["csv", "xlsx", "pdf"])
def test_a_group_that_shows_religion_or_origin_stays_off_the_confidential_sheet(
    client: Client, papers: str, guest: Participant, ending: str
) -> None:
    """It was printed beside the name, although organisers are told that it stays out of lists for rooms."""
    assert guest.group
    guest.group.is_sensitive = True

    text = text_of(client.download(f"{papers}confidential.{ending}"), ending)

    assert "HYPERLINK" in text
    assert "Verschwiegene" not in text
    assert "Geheimverein" not in text


def test_the_list_as_csv_has_one_row_per_person_and_no_active_cell(client: Client, papers: str) -> None:
    content = client.download(f"{papers}confidential.csv").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))

    assert rows[0] == HEADS
    assert len(rows) == 5
    assert [row[1] for row in rows if "HYPER" in row[1]] == ["'=HYPERLINK(1)"]


@pytest.fixture
def helper(guest: Participant, meeting: Meeting) -> Participant:
    """Hala interprets for the guest in a meeting that is held in German."""
    hala = make.participant(guest.conference, name="Hala Beispiel")
    hala.interprets = [InterpreterPair(source="ar", target="de")]
    meeting.language = "de"
    make.assignment(meeting, hala, role="interpreter", voices="ar")
    return hala


def test_who_interprets_for_whom_stands_on_the_confidential_sheet(
    client: Client, papers: str, helper: Participant
) -> None:
    content = client.download(f"{papers}confidential.csv").decode("utf-8-sig")
    told = {row[1]: row[5] for row in csv.reader(io.StringIO(content), delimiter=";")}

    assert told["Hala Beispiel"] == "interprets; German → Arabic"
    assert told["'=HYPERLINK(1)"].startswith("needs interpreting, Arabic: Hala Beispiel; ")


@pytest.mark.parametrize("paper", ["brief", "names", "confidential"])
def test_every_paper_says_which_language_is_spoken_and_who_interprets(
    client: Client, papers: str, helper: Participant, paper: str
) -> None:
    text = " ".join(text_of(client.download(f"{papers}{paper}.pdf"), "pdf").split())

    assert "German is spoken here. Hala Beispiel interprets into Arabic." in text


def test_papers_that_lie_open_do_not_say_that_somebody_waits_for_an_interpreter(client: Client, papers: str) -> None:
    for paper in ("brief", "names"):
        assert "Arabic" not in text_of(client.download(f"{papers}{paper}.pdf"), "pdf")


def test_reading_needs_is_written_down_for_the_whole_room_without_saying_who_has_any(
    client: Client, papers: str
) -> None:
    client.download(f"{papers}confidential.pdf")

    entry = db.session.scalars(select(AuditEntry).filter_by(action="needs.read")).one()
    assert entry.action == "needs.read"
    room = {place.participant_id for place in db.session.scalars(select(Assignment))}
    assert entry.facts["people"] == 4
    assert {id for id in range(100) if spans.holds(entry.facts["of"], id)} == room
    assert len(room) == 4


def test_the_brief_lies_open_so_it_names_only_those_who_lead(client: Client, papers: str) -> None:
    text = text_of(client.download(f"{papers}brief.pdf"), "pdf")

    assert "Amira" in text
    assert "Three recommendations." in text
    assert not [secret for secret in (*SECRETS, "O'Brien", "HYPERLINK") if secret in text]


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("paper", ["brief", "names", "confidential"])
def test_papers_are_set_in_every_language(client: Client, papers: str, paper: str, language: str) -> None:
    answer = client.fetch(f"{papers}{paper}.pdf", language=language)

    assert answer.status_code == 200
    assert PdfReader(io.BytesIO(answer.data)).root_object["/Lang"] == language


def test_the_file_is_named_after_round_and_session(client: Client, papers: str) -> None:
    answer = client.fetch(f"{papers}names.pdf")

    assert 'filename="names-Round-1-Housing.pdf"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_unknown_format_is_not_found(client: Client, papers: str) -> None:
    client.get(f"{papers}names.exe", status=404)


def test_the_brief_promises_nothing_that_nobody_keeps(client: Client, papers: str) -> None:
    """Recommendations are not handed over and answered by anybody yet."""
    text = text_of(client.download(f"{papers}brief.pdf"), "pdf")

    assert "promise" not in text
    assert "is published" not in text
