"""My data is whole: every column that leads to a person is shown to her, or left out with a reason."""

import enum
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from babel.messages.extract import extract_from_dir
from flask import Flask
from flask_babel import force_locale, gettext

from planner import allocations, auth, days, doubles, participants, personal, spans
from planner.config import ROOT
from planner.extensions import db
from planner.models import (
    Finding,
    ImportedPerson,
    ImportState,
    InterpreterPair,
    Message,
    MessageState,
    Organisation,
    Participant,
    Registration,
    SubmissionState,
    Supporter,
    Veto,
    WishesBefore,
)
from tests import factories as make
from tests.client import Client

METADATA = db.metadata
CANARY = "Kanarienvogel"
THEN = datetime(2026, 5, 4, 10, 30, 15, tzinfo=UTC)
ONLY_IN_THE_FILE = {"message.facts"}  # the page shows of them what a message says, and why it did not arrive
FIRST = {"assignment.role": {"listens_in": None}}  # the database allows listeners among attendees only


OF_NOBODY = {"assignment.chair"}  # has a value only where nobody sits any more, says the database


def person_columns(table: sa.Table) -> set[str]:
    """The columns by which a row of this table belongs to a person."""
    return {key.parent.name for key in table.foreign_keys if key.column.table.name == "participant"}


TABLES = {name: table for name, table in METADATA.tables.items() if name == "participant" or person_columns(table)}


def walked(table: sa.Table) -> Iterator[sa.Column[Any]]:
    """What a row says beyond its number, its conference and whose it is."""
    for column in table.columns:
        if f"{table.name}.{column.name}" in OF_NOBODY:
            continue
        if not column.primary_key and column.name != "conference_id" and column.name not in person_columns(table):
            yield column


@dataclass
class Life:
    """Somebody with a row in every table that can be about her."""

    person: Participant
    rows: dict[str, Any]
    client: Client
    home: str

    def page(self, language: str = "de") -> str:
        """What she reads, without the gaps that the marks of direction leave."""
        text = self.client.get(f"{self.home}data/", language=language).text
        return text.replace(" :", ":").replace("( ", "(").replace(" )", ")")

    def shown(self) -> tuple[str, str]:
        """The page and the file, but for what changes with every answer."""
        page = self.client.fetch(f"{self.home}data/", language="de").text
        return re.sub(r'name="csrf_token" value="[^"]*"', "", page), self.file()

    def file(self) -> str:
        return self.client.download(f"{self.home}data/my-data.json").decode()


@pytest.fixture
def life(app: Flask) -> Life:
    conference = make.conference()
    groups = [make.group(conference) for _ in range(2)]
    bodies = [make.organisation(conference) for _ in range(2)]
    slots = [make.slot(conference) for _ in range(2)]
    sessions = [make.session(conference) for _ in range(3)]
    themes = [make.theme(conference) for _ in range(2)]
    person = make.participant(
        conference,
        name="Erika Beispiel",
        email="erika@example.org",
        languages={"ar": "speaks"},
        needs=("step_free",),
        away=[slots[1]],
        group_id=groups[0].id,
        organisation_id=bodies[0].id,
        attributes={"newcomer": "yes"},
        wishes_saved_at=THEN,
        details_saved_at=THEN,
        revision=3,
    )
    other = make.participant(conference, name="Andere Person")
    mine = make.submission(
        person, theme_id=themes[0].id, session_id=sessions[0].id, state=SubmissionState.ACCEPTED, reason="Darum."
    )
    theirs = [make.submission(other, problem=text) for text in ("Zu wenig Licht.", "Zu viel Lärm.")]
    mine.joined_to_id = theirs[0].id
    published, draft = make.allocation(conference), make.allocation(conference)
    rooms = [make.room(conference) for _ in range(2)]
    meetings = [
        make.meeting(published, session, slots[0], room) for session, room in zip(sessions, rooms, strict=False)
    ]
    make.meeting(draft, sessions[2], slots[1], rooms[0])
    conference.published = published
    person.interprets = [InterpreterPair(source="ar", target="de")]
    person.vetoes = [Veto(session_id=sessions[1].id)]
    facts = {"conference_id": conference.id, "participant_id": person.id, "dedupe_key": "x", "created_at": THEN}
    message = make.add(Message(**facts, kind="published", state=MessageState.WAITING, not_before=THEN, attempts=1))
    finding = Finding(meeting_id=meetings[0].id, text="Mehr Licht.", heads=12, changed_at=THEN, changed_by_id=person.id)
    lists = [make.import_batch(conference, file_name=name, state=ImportState.APPLIED) for name in ("a.csv", "b.csv")]
    came = make.add(ImportedPerson(batch_id=lists[0].id, participant_id=person.id, before={"name": "E."}))
    client = Client(app).as_participant(person)
    links = [make.group_link(conference) for _ in range(2)]
    merges = [make.merge(row, make.session(conference)) for row in sessions[:2]]
    before = {"favourites": [sessions[1].id], "vetoes": [sessions[2].id], "revision": 3}
    changed = make.add(WishesBefore(merge_id=merges[0].id, participant_id=person.id, **before))
    bonds = [make.bond(person, other), make.bond(other)]
    card = auth.card_hash(conference.id, auth.mint_card(person, THEN))
    rows = {
        "participant": person,
        "language_level": person.languages[0],
        "need": person.needs[0],
        "absence": person.absences[0],
        "interpreter_pair": person.interprets[0],
        "preference": make.wishes(person, sessions[0])[0],
        "veto": person.vetoes[0],
        "session_role": make.role(sessions[1], person),
        "commitment": make.commitment(person, slots[0], sessions[1], is_taken=False, reason="Urlaub"),
        "submission": mine,
        "supporter": make.add(Supporter(submission_id=theirs[0].id, participant_id=person.id)),
        "assignment": make.assignment(meetings[0], person, listens_in="ar"),
        "personal_link": db.session.query(auth.PersonalLink).filter_by(token_hash=card).one(),
        "message": message,
        "imported_person": came,
        "bond_member": bonds[0].members[0],
        "registration": make.add(Registration(participant_id=person.id, group_link_id=links[0].id, registered_at=THEN)),
        "finding": make.add(finding),
        "wishes_before": changed,
    }
    db.session.commit()
    return Life(person, rows, client, f"/c/{conference.slug}/me/")


def another(row: Any, column: sa.Column[Any]) -> Any:
    """A value that this column could have instead."""
    now, kind = getattr(row, column.name), column.type
    if column.foreign_keys:
        target = next(iter(column.foreign_keys)).column
        return db.session.scalar(sa.select(target).where(target != now).order_by(target.desc()))
    if isinstance(kind, sa.Enum):
        return next(value for value in type(now) if value is not now)
    if isinstance(kind, sa.Boolean):
        return not now
    if isinstance(kind, sa.Integer):
        return (now or 0) + 1
    if isinstance(kind, sa.JSON):
        return {CANARY: 1}
    if isinstance(kind, sa.String):
        return "tr" if kind.length and kind.length <= 17 and kind.length != 16 else CANARY
    return (now or THEN) + timedelta(days=1, minutes=1)


def test_every_table_about_a_person_is_looked_at(life: Life) -> None:
    assert set(TABLES) == set(life.rows)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_is_shown_to_her_or_left_out_with_a_reason(life: Life, name: str) -> None:
    row, hidden, (page, file) = life.rows[name], set(), life.shown()
    for column in walked(TABLES[name]):
        path = f"{name}.{column.name}"
        if path in FIRST:
            for prepared, value in FIRST[path].items():
                setattr(row, prepared, value)
            page, file = life.shown()
        before = getattr(row, column.name)
        setattr(row, column.name, another(row, column))
        changed_page, changed_file = life.shown()
        if changed_file == file or (changed_page == page and path not in ONLY_IN_THE_FILE):
            hidden.add(path)
        setattr(row, column.name, before)

    assert hidden == {path for path in personal.LEFT_OUT if path.split(".")[0] == name}


def test_languages_are_no_translated_text(life: Life) -> None:
    life.person.languages = []
    db.session.flush()
    life.person.languages = make.participant(
        life.person.conference, languages={"ar": "speaks", "de": "needs_help"}
    ).languages

    page = life.page()

    assert "Arabisch: Ich spreche sie" in page
    assert "Deutsch: Ich brauche Hilfe" in page


def test_what_a_message_says_is_shown_to_her_in_words(life: Life) -> None:
    """Neither page told her; the file held bare numbers."""
    message, place = life.rows["message"], life.rows["assignment"]
    run = life.person.conference.published
    assert run
    day = days.of(run, life.person)
    message.state, message.facts = MessageState.DOUBTFUL, {"day": days.written(day), "whole": False, "why": "cut"}
    room = place.meeting.room.name

    shown = life.page().partition("was an Sie geschrieben wurde")[2]
    [kept] = json.loads(life.file())["messages"]

    assert room in shown
    assert "Niemand weiß, ob sie angekommen ist" in shown
    assert [change["now"].split(", ")[1] for change in kept["says"]] == [room]
    assert kept["facts"] == {"whole": False, "why": "cut"}


def test_the_german_page_has_no_english_label_no_code_and_no_raw_time(life: Life) -> None:
    life.rows["message"].move_to(MessageState.SENDING).move_to(MessageState.SENT).sent_at = THEN
    page = life.page()
    folder = ROOT / "templates" / "participant" / "data"
    texts = {each[2] for each in extract_from_dir(str(folder), method_map=[("**.html", "jinja2")])}
    labels = {text for text in texts if isinstance(text, str) and len(text) > 5 and "%(" not in text}

    with force_locale("de"):
        english = {label for label in labels if gettext(label) != label and label in page}
        codes = {value for value in codes_of(personal.collect(life.person)) if f" {value} " in f" {page} "}
    assert english == set()
    assert codes == set()
    assert "+00:00" not in page
    assert "04.05.2026, 12:30:15" in page  # half past ten in UTC is half past twelve in Duisburg


def codes_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from codes_of(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from codes_of(inner)
    elif isinstance(value, enum.Enum):
        yield str(value.value)


def test_the_file_keeps_its_keys_in_every_language_and_tells_times_with_their_offset(life: Life) -> None:
    german, english = (
        json.loads(life.client.fetch(f"{life.home}data/my-data.json", language=code).text) for code in ("de", "en")
    )

    assert {**german, "left_out": 0} == {**english, "left_out": 0}
    assert german["said"]["needs"][0]["kind"] == "step_free"
    assert german["said"]["wishes_saved_at"] == "2026-05-04T12:30:15+02:00"


def test_she_sees_who_read_her_needs_and_not_who_read_others(life: Life) -> None:
    conference, organiser = life.person.conference, make.user(name="Olga Orga")
    leader, other = make.participant(conference, name="Lea Leitung"), make.participant(conference)
    participants.needs_of([life.person, other], f"organiser:{organiser.id}", THEN)
    participants.needs_of([life.person], f"organiser:{organiser.id}", THEN + timedelta(hours=1))
    participants.needs_of([life.person], f"participant:{leader.id}", THEN + timedelta(days=1))
    participants.needs_of([other], "organiser:987", THEN + timedelta(days=2))

    page = life.page(language="en")

    assert "May 4, 2026: Organisers (Olga Orga), 2 times" in page
    assert "May 5, 2026: Somebody who leads a room (Lea Leitung)" in page
    assert "May 6, 2026" not in page


def test_what_the_program_read_to_calculate_is_no_look_of_the_organisers(life: Life) -> None:
    """A run and a look ahead read everybody's needs; no organiser sees them."""
    conference, organiser = life.person.conference, make.user(name="Olga Orga")
    allocations.problem_of(conference, f"organiser:{organiser.id}", THEN)
    allocations.problem_of(conference, f"organiser:{organiser.id}", THEN + timedelta(hours=1))
    participants.needs_of([life.person], f"organiser:{organiser.id}", THEN + timedelta(hours=2))

    page = life.page(language="de")

    assert "Organisation eine Einteilung oder Vorschau berechnet hat (Olga Orga), 2-mal" in page
    assert "Organisation (Olga Orga)" in page


def test_an_older_trace_says_that_it_does_not_know_whom_it_was_about(life: Life) -> None:
    entry = make.add(
        personal.AuditEntry(
            conference_id=life.person.conference_id,
            happened_at=THEN,
            actor="system",
            action="needs.read",
            facts={"people": 2},
        )
    )
    assert entry.id

    assert "It was not yet recorded whose needs were read" in life.page(language="en")


def test_no_way_in_can_be_made_of_what_is_shown(life: Life) -> None:
    token = auth.mint_link(life.person, THEN)
    code = auth.mint_card(life.person, THEN)
    shown = life.page() + life.file()

    assert token not in shown
    assert code not in shown
    assert auth.hashed(token) not in shown
    assert shown.count("Persönlicher Link") == 2
    assert "Karte mit Code" in shown


def test_a_problem_that_its_author_took_back_is_not_shown_to_a_supporter(life: Life) -> None:
    assert "Zu wenig Licht." in life.page()
    db.session.get_one(personal.Submission, life.rows["supporter"].submission_id).state = SubmissionState.WITHDRAWN

    assert "Zu wenig Licht." not in life.page() + life.file()


def test_a_problem_that_organisers_put_together_with_hers_is_not_what_she_said(life: Life) -> None:
    """Their rooms count her among those whom it concerns; she never pressed that."""
    mine = make.submission(life.person, problem="Der Bus kommt nie.")
    other = make.submission(make.participant(life.person.conference), problem="Busse fehlen überall.")
    before = json.loads(life.file())["supports"]

    doubles.join(other, [mine], make.NOW)
    db.session.commit()

    assert json.loads(life.file())["supports"] == before


@pytest.mark.parametrize(
    ("ids", "text"), [([], ""), ([5], "5"), ([1, 2, 3, 7, 9, 10], "1-3,7,9-10"), ([3, 1, 2, 2], "1-3")]
)
def test_numbers_are_written_short_and_found_again(ids: list[int], text: str) -> None:
    assert spans.written(ids) == text
    assert [id for id in range(12) if spans.holds(text, id)] == sorted(set(ids))


def test_what_a_list_gave_her_is_told_by_its_name(life: Life) -> None:
    """The page said "Organisation: 22"."""
    conference, row = life.person.conference, life.rows["imported_person"]
    body = make.add(Organisation(conference_id=conference.id, name="Caritas Köln"))
    group = make.group(conference, title={"de": "Wohlfahrt", "en": "Welfare"})
    slot, session = conference.slots[0], conference.sessions[0]
    slot.title, session.title = {"de": "Runde am Morgen"}, {"de": "Kita für alle"}
    row.before = {"organisation_id": body.id, "wishes": []}
    row.after = {"organisation_id": 4711, "group_id": group.id, "absences": [slot.id], "wishes": [session.id, 4711]}
    row.after |= {"attends": True}

    page = life.page()

    assert "Organisation: Caritas Köln → –" in page
    assert "Gruppe: Wohlfahrt" in page
    assert "Nicht da in: Runde am Morgen" in page
    assert "Wünsche: – → Kita für alle" in page
    assert "In den Räumen: ja" in page
    assert "4711" not in page
