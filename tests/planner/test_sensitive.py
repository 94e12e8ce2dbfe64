"""A group that shows religion or origin shows nowhere outside the organisers' pages, and cannot be worked out there.

Generated from the table of policy: every page and file of everybody else is read with her in this group, in another and
in none, and must not tell them apart.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import delete
from werkzeug.test import TestResponse

from planner import allocations, clock
from planner.extensions import db
from planner.models import (
    Allocation,
    AssignmentRole,
    AuditEntry,
    Duty,
    Group,
    Meeting,
    Organisation,
    Participant,
    SubmissionState,
)
from planner.policy import POLICY, Who
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import solved

CANARIES = ("Kanariengruppe", "Kanarienverein", "ß9")
LED_BY_TOKENS = {"public.link", "public.sign_in", "static", "security.static"}


@dataclass
class Room:
    meeting: Meeting
    person: Participant  # of the group that must not be shown
    sensitive: Group
    other: Group
    body: Organisation
    readers: dict[str, Client]
    objects: dict[str, int]

    def place(self, group: Group | None, body: Organisation | None) -> None:
        db.session.execute(delete(AuditEntry))  # people read on their own page how often somebody looked
        self.person.group_id, self.person.organisation_id = group and group.id, body and body.id
        db.session.commit()


@pytest.fixture
def room(app: Flask) -> Room:
    conference, _organiser = make.organised()
    conference.call_until = make.NOW + 2 * make.DAY
    sensitive = make.group(
        conference, title={"de": CANARIES[0], "en": CANARIES[0]}, letter=CANARIES[2], is_sensitive=True
    )
    other = make.group(conference, letter="W")
    body = make.organisation(conference, name=CANARIES[1], group_id=sensitive.id)
    theme = make.theme(conference)
    session, slot, room = make.session(conference), make.slot(conference), make.room(conference)
    meeting = make.meeting(make.allocation(conference), session, slot, room)
    leader = make.participant(conference, name="Leitung", group_id=other.id)
    writer = make.participant(conference, name="Protokoll", group_id=other.id)
    make.role(session, leader)
    make.role(session, writer, duty=Duty.NOTE_TAKER)
    make.assignment(meeting, leader, role=AssignmentRole.FACILITATOR)
    make.assignment(meeting, writer, role=AssignmentRole.NOTE_TAKER)
    beside = make.participant(conference, name="Nachbar", group_id=other.id)
    make.assignment(meeting, beside)
    person = make.participant(conference, name="Maryam", languages={"ar": "speaks"}, needs=("quiet",))
    make.assignment(meeting, person)
    brought = make.submission(
        person, theme_id=theme.id, state=SubmissionState.ACCEPTED, session_id=session.id, visibility="named"
    )
    own = {who: make.submission(who, theme_id=theme.id) for who in (leader, writer, beside)}
    conference.published = meeting.allocation
    readers = {
        "anybody": Client(app),
        "leader": Client(app).as_participant(leader),
        "note-taker": Client(app).as_participant(writer),
        "neighbour": Client(app).as_participant(beside),
    }
    objects = {"others": brought.id, "submissions": own[beside].id, "meetings": meeting.id}
    return Room(meeting, person, sensitive, other, body, readers, objects)


def addresses(app: Flask, room: Room) -> Iterator[tuple[str, str]]:
    """Every address that is not for organisers, as (endpoint, path), with each ending of its files."""
    for rule in app.url_map.iter_rules():
        outside = POLICY[rule.endpoint] in {Who.ANYONE, Who.PARTICIPANT, Who.FACILITATOR}
        if not outside or rule.endpoint in LED_BY_TOKENS or "GET" not in (rule.methods or ()):
            continue
        path = rule.rule.replace("<slug>", room.meeting.allocation.conference.slug)
        for word, id in room.objects.items():
            path = re.sub(rf"/{word}/<int:\w+>", f"/{word}/{id}", path)
        endings = re.search(r"<any\(([^)]*)\):\w+>", path)
        for ending in re.split(r",\s*", endings[1]) if endings else [""]:
            yield rule.endpoint, re.sub(r"<any\([^)]*\):\w+>", ending, path)


def words(answer: TestResponse) -> str:
    """What can be read in it, whatever its format, but for what changes with every answer."""
    kind, data = answer.content_type, answer.data
    if "pdf" in kind:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if "spreadsheet" in kind:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return "\n".join(file.read(name).decode() for name in file.namelist() if "core.xml" not in name)
    text = re.sub(r'name="(csrf_token|receipt)"[^>]*value="[^"]*"', "", data.decode("utf-8-sig"))
    return re.sub(r"DTSTAMP:\w+", "", text)


def read(app: Flask, room: Room) -> dict[tuple[str, str], str]:
    """Everything that each of the readers can read, by reader and path."""
    found = {}
    for _endpoint, path in addresses(app, room):
        for name, client in room.readers.items():
            answer = client.fetch(path)
            assert answer.status_code < 500, (name, path)
            found[name, path] = words(answer) if answer.status_code == 200 else str(answer.status_code)
    return found


def test_nobody_but_organisers_can_tell_who_is_of_such_a_group(app: Flask, room: Room) -> None:
    """Its name stood on the confidential sheet; without it the only row without a group told the same."""
    room.place(room.sensitive, room.body)
    there = read(app, room)
    room.place(None, None)
    nowhere = read(app, room)
    room.place(room.other, None)
    elsewhere = read(app, room)

    assert [where for where, text in there.items() if any(canary in text for canary in CANARIES)] == []
    assert {where for where in there if there[where] != nowhere[where]} == set()
    assert {where for where in there if there[where] != elsewhere[where]} == set()
    opened = {path.rsplit(".", 1)[-1] for (_name, path), text in there.items() if len(text) > 3 and "." in path}
    assert opened >= {"pdf", "xlsx", "csv", "ics", "json"}
    assert any("Maryam" in text for text in there.values())


def test_where_nothing_must_be_hidden_the_sheet_says_for_whom_people_speak(app: Flask, room: Room) -> None:
    """So the test above can fail."""
    room.sensitive.is_sensitive = False
    room.place(room.sensitive, room.body)
    there = read(app, room)

    telling = {path.rsplit("/", 1)[-1] for (_, path), text in there.items() if CANARIES[0] in text}
    assert telling >= {"confidential.pdf", "confidential.csv"}


def test_whoever_takes_the_notes_gets_no_confidential_sheet(room: Room) -> None:
    home = f"/c/{room.meeting.allocation.conference.slug}/facilitate/meetings/{room.meeting.id}/"

    for ending in ("pdf", "csv", "xlsx"):
        room.readers["note-taker"].get(f"{home}confidential.{ending}", status=404)
        assert room.readers["leader"].fetch(f"{home}confidential.{ending}").status_code == 200
    assert "Confidential sheet" not in room.readers["note-taker"].get(home).text
    assert "Confidential sheet" in room.readers["leader"].get(home).text


def test_a_note_fit_to_be_published_has_no_such_group(client: Client) -> None:
    conference, organiser = make.organised()
    groups = [make.group(conference, title={"en": "Open"}), make.group(conference, title={"en": CANARIES[0]})]
    groups[1].is_sensitive = True
    make.slot(conference)
    make.room(conference)
    session = make.session(conference)
    for number in range(12):
        make.wishes(make.participant(conference, group_id=groups[number % 2].id), session)
    run: Allocation = solved(conference, organiser)
    allocations.publish(run, organiser, clock.now(), accepted=["incomplete", "outdated"])
    client.as_organiser(organiser)
    address = f"/organise/{conference.slug}/allocations/{run.number}/fairness"

    table, page = client.download(f"{address}.csv").decode("utf-8-sig"), client.get(address).text

    assert "Open" in table
    assert CANARIES[0] not in table
    assert CANARIES[0] not in page
    for told in (table, page):
        assert "Groups that show religion or origin" in told
    note = allocations.note(run)
    assert note
    assert (note.with_wishes, [cell.people for cell in note.groups.values()]) == (12, [None])
