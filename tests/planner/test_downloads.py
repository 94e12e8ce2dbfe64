"""SEC-4: every file that can be downloaded is read back by a program of its kind: nothing in it acts, nothing is lost.

Generated from the addresses: a download without a reader here fails, and so does one that nobody in this world gets.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from flask import Flask, url_for
from icalendar import Calendar
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from planner import allocations, clock
from planner.extensions import db
from planner.models import Allocation, Meeting, Participant
from planner.policy import EXPORTS
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import solved
from tests.planner.test_exports import DELIMITERS, STARTERS, as_typed, read, seen

LONG = "Überlänge" * 600
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+49 203 123",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "Eva\r\n=1+1",
    "Eva\t=1+1",
    "\u202e=1+1",
    "\u2066\xad\u061c\U000e0061=1+1",
    "Eva;=1+1",
    'Eva";"=1+1',
    "Eva,'=1+1",
    "Eva|@SUM(A1)",
    "'=1+1",
    '"=1+1"',
    '=HYPERLINK("https://elsewhere.example","Eva")',
    "＝1+1",
    LONG,
    f"={LONG}",
    "👩‍👩‍👧 = 😀",
    "محمد العلي",
    "=محمد العلي",
    "<script>alert(1)</script>",
    "https://elsewhere.example/=1",
    "mailto:eva@example.org",
    'Eva"\\#import "x"; $1$ *b* @ref <l>',
    "Eva\r\nATTACH:https://elsewhere.example\r\nEND:VEVENT",
    "{{ 7 * 7 }} ${7*7}",
]
SIGNING_IN = ("security.", "public.leave")  # and out: nobody sees a file there, and who came in must stay
LISTED = {"names", "confidential"}
POSTED = {"organiser.cards.make": {"whom": "everybody", "group_id": "0", "layout": "strips", "pile": "all"}}
"""Files that a form makes, each with what the form sends."""
ACTS = {
    "/JavaScript",
    "/JS",
    "/OpenAction",
    "/AA",
    "/URI",
    "/Launch",
    "/EmbeddedFiles",
    "/EF",
    "/AcroForm",
    "/RichMedia",
}
FACTS = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION"}


@dataclass
class Download:
    endpoint: str
    path: str
    content: bytes

    @property
    def ending(self) -> str:
        return self.path.rsplit(".", 1)[-1]

    def lists(self) -> bool:
        """Whether everybody's name stands in it."""
        return self.endpoint.rsplit(".", 1)[-1] in LISTED


def csv_is_dead_and_whole(found: Download) -> None:
    for delimiter in DELIMITERS:
        cells = [cell for row in read(found.content, delimiter) for cell in row]
        assert [cell for cell in cells if seen(cell).startswith(STARTERS)] == []
    if found.lists():
        cells = [cell for row in read(found.content, ";") for cell in row]
        assert set(HOSTILE) <= {as_typed(cell) for cell in cells}


def xlsx_is_dead_and_whole(found: Download) -> None:
    with zipfile.ZipFile(io.BytesIO(found.content)) as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    assert [name for name in parts if re.search("vba|external|connection|drawing|embed", name, re.IGNORECASE)] == []
    assert [name for name, text in parts.items() if re.search(r"<f[ >]|<hyperlink|<dde|Mode=\"External", text)] == []
    cells = [cell for line in load_workbook(io.BytesIO(found.content)).active.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    if found.lists():
        assert {one_line_end(text) for text in HOSTILE} <= {one_line_end(unescape(str(cell.value))) for cell in cells}


def pdf_is_dead_and_whole(found: Download) -> None:
    reader = PdfReader(io.BytesIO(found.content))
    keys = set(keys_of(reader.trailer["/Root"], set()))
    assert {"/Pages", "/StructTreeRoot"} & keys
    assert keys & ACTS == set()
    if found.lists():
        text = packed("".join(page.extract_text() for page in reader.pages))
        assert [name for name in HOSTILE if drawn(name) and packed(name) not in text] == []


def keys_of(thing: object, known: set[int]) -> Iterator[str]:
    """Every key of every dictionary that the file's own programs would come by."""
    if isinstance(thing, IndirectObject):
        if thing.idnum in known:
            return
        known.add(thing.idnum)
        thing = thing.get_object()
    if isinstance(thing, dict):
        yield from thing
    for inner in thing.values() if isinstance(thing, dict) else thing if isinstance(thing, list) else ():
        yield from keys_of(inner, known)


def ics_is_dead_and_whole(found: Download) -> None:
    calendar = Calendar.from_ical(found.content)
    events = calendar.walk("VEVENT")
    assert {part.name for part in calendar.walk()} == {"VCALENDAR", "VEVENT"}
    assert {name for event in events for name in event} <= FACTS
    texts = {one_line_end(str(event["SUMMARY"])) for event in events}
    places = {one_line_end(str(event.get("LOCATION", ""))) for event in events}
    assert {one_line_end(text) for text in HOSTILE} <= texts & places


def json_is_whole(found: Download) -> None:
    told = json.loads(found.content)
    if "schedule" in told:
        places = [held for day in told["schedule"]["conference"]["days"] for held in day["rooms"].values()]
        assert {one_line_end(talk["title"]) for talks in places for talk in talks} <= set(map(one_line_end, HOSTILE))
        assert any(places)
    else:
        assert told["person"]["name"] in HOSTILE


READERS: dict[str, Callable[[Download], None]] = {
    "csv": csv_is_dead_and_whole,
    "xlsx": xlsx_is_dead_and_whole,
    "pdf": pdf_is_dead_and_whole,
    "ics": ics_is_dead_and_whole,
    "json": json_is_whole,
}


def one_line_end(text: str) -> str:
    """Spreadsheets and calendars know one sign for the end of a line."""
    return re.sub("\r\n?", "\n", text)


def packed(text: str) -> str:
    return "".join(letter for letter in seen(text) if letter.isalnum() or letter in "=+-@'\";,|<>/{}$#*")


def drawn(text: str) -> bool:
    """Letters come out of a paper as they went in where they run from the left and a font has them."""
    return all(ord(letter) < 0x250 for letter in text)


@pytest.fixture(scope="module")
def downloads(module_app: Flask) -> list[Download]:
    run, people, readers = hostile_world(module_app)
    meeting = db.session.query(Meeting).filter_by(allocation_id=run.id).first()
    assert meeting
    numbers = {"people": people[0].id, "meetings": meeting.id, "allocations": run.number}
    found = []
    for endpoint, path in addresses(module_app, run.conference.slug, numbers):
        for client in readers:
            answer = client.fetch(path)
            assert answer.status_code < 500, path
            if "attachment" in answer.headers.get("Content-Disposition", ""):
                found.append(Download(endpoint, path, answer.data))
    with module_app.test_request_context():
        pages = {endpoint: url_for(endpoint, slug=run.conference.slug) for endpoint in POSTED}
    for endpoint, page in pages.items():
        answer = readers[-1].post(page, POSTED[endpoint])
        assert answer.status_code == 200, answer.text
        found.append(Download(endpoint, f"{page}.pdf", answer.data))
    return found


def hostile_world(app: Flask) -> tuple[Allocation, list[Participant], list[Client]]:
    """Whatever people and organisers may have written is meant to act; past the forms, which already refuse some."""
    titles = [{"de": text, "en": text} for text in HOSTILE]
    conference, organiser = make.organised(title=titles[0], place=HOSTILE[3])
    groups = [make.group(conference, title=title) for title in titles[:3]]
    make.slot(conference, title=titles[0])
    make.room(conference, name=HOSTILE[16], capacity_circle=90)
    plan = {"de": HOSTILE, "en": HOSTILE}
    session = make.session(
        conference, title=titles[0], goal=titles[7], questions=plan, minutes=plan, minimum=1, maximum=90
    )
    for title in titles:
        make.agenda_item(conference, title=title, place=title)
    people = [
        make.participant(
            conference,
            name=text,
            group_id=groups[number % 3].id,
            organisation_id=make.organisation(conference, name=text).id,
        )
        for number, text in enumerate(HOSTILE)
    ]
    make.role(session, people[0])
    for person in people:
        make.wishes(person, session)
    run = solved(conference, organiser)
    allocations.publish(run, organiser, clock.now(), accepted=["incomplete", "outdated"])
    readers = [Client(app).as_participant(person) for person in people[:2]]
    return run, people, [*readers, Client(app).as_organiser(organiser)]


def addresses(app: Flask, slug: str, numbers: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Every address that is read, with each ending of its files; those of signing in and out have none."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint.startswith(SIGNING_IN) or "<path:" in rule.rule:
            continue
        path = rule.rule.replace("<slug>", slug)
        for word, number in numbers.items():
            path = re.sub(rf"/{word}/<int:\w+>", f"/{word}/{number}", path)
        endings = re.search(r"<any\(([^)]*)\):\w+>", path)
        for ending in re.split(r",\s*", endings[1]) if endings else [""]:
            filled = re.sub(r"<any\([^)]*\):\w+>", ending, path)
            yield rule.endpoint, re.sub(r"<int:\w+>", "1", re.sub(r"<(string:)?\w+>", "x", filled))


def file_like(app: Flask) -> set[str]:
    """Endpoints whose address ends as a file's does."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if re.search(r"\.(\w{3,4}|<any\(.*)$", rule.rule)}


def test_every_download_was_had_and_has_a_reader(module_app: Flask, downloads: list[Download]) -> None:
    had = {found.endpoint for found in downloads}

    shown_once = {"organiser.links.sheet"}  # asked with an address that nobody sees again: see organiser/test_links.py
    assert had >= (file_like(module_app) | EXPORTS) - shown_once
    assert {found.ending for found in downloads} == set(READERS)


@pytest.mark.parametrize("ending", READERS)
def test_nothing_in_it_acts_and_nothing_is_lost(downloads: list[Download], ending: str) -> None:
    for found in downloads:
        if found.ending == ending:
            READERS[ending](found)
