"""DSG-1 and DSG-2: words that only she said are sought in files and a dump, after she and then all are erased."""

import contextlib
import io
import random
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from unittest import mock

import flask_migrate
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import event
from werkzeug.test import TestResponse

from planner import allocations, clock, create_app, jobs, news, outbox, traces
from planner.extensions import db
from planner.models import (
    AssignmentRole,
    Conference,
    Level,
    Message,
    Need,
    NeedKind,
    Participant,
    PersonalLink,
    Submission,
    SubmissionState,
)
from tests import factories as make
from tests import postgresql
from tests.campaigns.report import Report
from tests.client import Client
from tests.conftest import settings

PROMISE = (
    "DSG-1: within 60 s after she erased herself nothing of her is in the database's files or dump, the log, queue, "
    "mails, pages and downloads. DSG-2: 90 days after the event nothing of anybody is."
)
SECONDS, IN_VAIN = 60.0, 5.0
"""How long the watchman may take; and how long the control arm waits for what will not come."""
PEOPLE = 6
PROTECTIONS = {
    "sqlite": ("overwriting deleted pages", "wiping the log of writes", "empty chairs"),
    "postgresql": ("empty chairs",),
}
"""Each is switched off in turn in the control arm."""
Say = Callable[[str], None]


@dataclass
class Life:
    """A conference in a folder of its own; `words` are what only one person said, by person."""

    app: Flask
    folder: Path
    dump: Callable[[], bytes]
    dice: random.Random
    conference: Conference
    patience: float
    seen: list[tuple[Client, str]] = field(default_factory=list)  # pages and files of others, by reader and address
    words: dict[int, list[str]] = field(default_factory=dict)

    def word(self, person: Participant | None = None) -> str:
        """Letters that stand nowhere else."""
        made = "zx" + "".join(self.dice.choice("abcdefghikmnopqrstuvwxyz") for _ in range(14))
        if person:
            self.words.setdefault(person.id, []).append(made)
        return made

    def found(self, words: list[str]) -> dict[str, list[str]]:
        """By place the words that are still there."""
        places = {str(file.relative_to(self.folder)): file.read_bytes() for file in files(self.folder)}
        places["dump"] = self.dump()
        places |= {address: readable(client.fetch(address)) for client, address in self.seen}
        hits = {place: [word for word in words if word.encode() in content] for place, content in places.items()}
        return {place: found for place, found in hits.items() if found}


def readable(answer: TestResponse) -> bytes:
    """What stands in a page or a file, unpacked."""
    if "pdf" in answer.content_type:
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages).encode()
    if "spreadsheet" in answer.content_type:
        with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
            return b"".join(map(file.read, file.namelist()))
    return answer.data


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Say) -> Report:
    """Each round a conference of its own: people change what they said, one of them goes, and three months go by."""
    report = Report("privacy", PROMISE, control_arm=unguarded)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(postgresql.server()) if database == "postgresql" else ""
        template = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stuhlkreis-")))
        for number in range(count):
            without = PROTECTIONS[database][number % len(PROTECTIONS[database])] if unguarded else ""
            row = {
                "round": number,
                **({"without": without} if without else {}),
                **_round(seed + number, server, template, without),
            }
            report.rows.append(row)
            report.broken += [f"round {number}: {what}" for what in row.pop("broken")]
            say(f"{row}")
    report.figures |= {
        "database": database,
        "words sought": sum(row["words"] for row in report.rows),
        "still there": sum(row["of her"] + row["of all"] for row in report.rows),
    }
    return report


def _round(seed: int, server: str, template: Path, without: str) -> dict:  # type: ignore[type-arg]
    with _place(server, template) as (folder, app, dump), _unprotected(app, without):
        log = io.StringIO()
        with contextlib.redirect_stderr(log):
            life = lived(app, folder, dump, random.Random(seed), IN_VAIN if without else SECONDS)
            told = ended(life)
        (folder / "log").write_text(log.getvalue())
        in_the_log = [word for words in life.words.values() for word in words if word in log.getvalue()]
        if in_the_log:
            told["broken"].append(f"in the log: {len(in_the_log)} words")
        return told


@contextlib.contextmanager
def _place(server: str, template: Path) -> Iterator[tuple[Path, Flask, Callable[[], bytes]]]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stuhlkreis-")))
        address = stack.enter_context(postgresql.database(server)) if server else ""
        made = template / "planner.sqlite3"
        if not server and made.exists():
            shutil.copy(made, folder / made.name)
        app = create_app(settings(folder, **({"DATABASE_URL": address} if address else {})))
        with app.app_context():
            if server or not made.exists():
                flask_migrate.upgrade()
            if not server and not made.exists():
                db.engine.dispose()
                shutil.copy(folder / made.name, made)
            try:
                yield folder, app, (lambda: _dump(address)) if address else bytes
            finally:
                db.session.remove()
                db.engine.dispose()


def _dump(address: str) -> bytes:
    programs = postgresql.programs()
    assert programs
    words = [str(programs / "pg_dump"), "--dbname", address, "--inserts"]
    return subprocess.run(words, check=True, capture_output=True, timeout=60).stdout


@contextlib.contextmanager
def _unprotected(app: Flask, without: str) -> Iterator[None]:
    """The control arm: without one of the protections."""

    def leave_pages(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA secure_delete=OFF")

    with contextlib.ExitStack() as stack:
        if without == "empty chairs":
            stack.enter_context(mock.patch.object(allocations, "empty_chairs"))
        if without == "wiping the log of writes":
            stack.enter_context(mock.patch.object(traces, "wipe", return_value=True))
        if without == "overwriting deleted pages":
            db.engine.dispose()
            event.listen(db.engine, "connect", leave_pages)
            stack.callback(event.remove, db.engine, "connect", leave_pages)
        yield


def lived(app: Flask, folder: Path, dump: Callable[[], bytes], dice: random.Random, patience: float) -> Life:
    """Everybody enters by her link, writes on every page, changes it, is placed, written to and looked at."""
    conference, organiser = make.organised()
    life = Life(app, folder, dump, dice, conference, patience)
    group, theme = make.group(conference), make.theme(conference)
    session, slot, room = make.session(conference), make.slot(conference), make.room(conference)
    leader = make.participant(conference, name="Leitung")
    make.role(session, leader)
    people = [make.participant(conference, group_id=group.id) for _ in range(PEOPLE)]
    for person in people:
        person.name, person.email = life.word(person), f"{life.word(person)}@example.org"
        person.attributes = {"class": life.word(person)}
        life.words[person.id] += [person.key]
    db.session.commit()
    for person in people:
        _writes(life, person, theme.id, session.id)
    question = allocations.problem_of(conference, "system", clock.now())
    run = make.allocation(conference, snapshot=question.to_json(), snapshot_hash=question.hash)
    run.without_place, run.reason = {people[1].key: [str(slot.id)]}, {"facts": {"participant": people[0].key}}
    meeting = make.meeting(run, session, slot, room)
    make.assignment(meeting, leader, role=AssignmentRole.FACILITATOR)
    for person in people:
        make.assignment(meeting, person)
    conference.published = run
    news.allocation_published(run, clock.now())
    db.session.commit()
    outbox.deliver(clock.now, "worker", db.session.commit)
    room, organise = f"/c/{conference.slug}/facilitate/meetings/{meeting.id}/", f"/organise/{conference.slug}/"
    reader, planning = Client(app).as_participant(leader), Client(app).as_organiser(organiser)
    papers = ("", "names.csv", "names.xlsx", "names.pdf", "confidential.csv", "confidential.xlsx", "confidential.pdf")
    life.seen = [(reader, room + paper) for paper in papers] + [(reader, f"/c/{conference.slug}/me/others/")]
    life.seen += [(planning, organise + page) for page in ("people/", "submissions/", f"allocations/{run.number}")]
    return life


def _writes(life: Life, person: Participant, theme: int, session: int) -> None:
    """Through her own pages, twice each: what she wrote first has to go as well."""
    from planner import participants, preferences, submissions
    from planner.submissions import Statement

    client, home = Client(life.app).as_participant(person), f"/c/{life.conference.slug}/me/"
    client.post(f"{home}wishes/", {"favourite": str(session), "revision": "0"})
    now = clock.of(life.conference)
    for levels in ({"ar": Level.SPEAKS}, {"tr": Level.NEEDS_HELP}):
        participants.save_details(person, levels, [NeedKind.QUIET], [], now, consent=True)
    db.session.query(Need).filter_by(participant_id=person.id).update({"note": life.word(person)})
    preferences.save_ranking(person, [], [], person.revision, now)
    texts = [Statement(theme, *(life.word(person) * 9 for _ in range(4))) for _ in range(2)]
    row = submissions.submit(person, texts[0], make.random_key(), now)
    db.session.commit()
    submissions.revise(row, texts[1], row.revision, now)
    row.state = SubmissionState.SUBMITTED
    person.name = life.word(person)
    db.session.flush()
    links = db.session.query(PersonalLink.token_hash).filter_by(participant_id=person.id)
    life.words[person.id] += [row.receipt, *(link for (link,) in links)]
    db.session.commit()


def ended(life: Life) -> dict:  # type: ignore[type-arg]
    """What is left of her, and in the end of anybody."""
    ids = list(life.words)
    her, all_words = ids[0], [word for words in life.words.values() for word in words]
    broken = []
    before = {word for found in life.found(life.words[her]).values() for word in found}
    if len(before) < len(life.words[her]) // 2:
        broken.append(f"only {len(before)} of her {len(life.words[her])} words had been written at all")
    client = Client(life.app).as_participant(db.session.get_one(Participant, her))
    home = f"/c/{life.conference.slug}/me/data/"
    began = time.monotonic()
    client.post(f"{home}erase", {}, page=home)
    hits = _within(life, life.words[her])
    seconds = round(time.monotonic() - began, 1)
    broken += [f"of her in {place}: {len(words)} words" for place, words in hits.items()]
    _texts_are_erased_too(life)
    jobs.keep_promises(life.conference.day_ends + timedelta(days=90))
    left = _within(life, all_words)
    broken += [f"of all in {place}: {len(words)} words" for place, words in left.items()]
    rows = sum(db.session.query(table).count() for table in (Participant, PersonalLink, Message, Need))
    if rows:
        broken.append(f"{rows} rows about people are left")
    of_her, of_all = (len({word for words in found.values() for word in words}) for found in (hits, left))
    return {"words": len(all_words), "of her": of_her, "of all": of_all, "s": seconds, "broken": broken}


def _texts_are_erased_too(life: Life) -> None:
    """What people brought stays after retention, as they are told; here it goes, so that nothing may be found."""
    db.session.query(Submission).delete()
    db.session.commit()


def _within(life: Life, words: list[str]) -> dict[str, list[str]]:
    """What is found when the watchman has gone his rounds, at the latest after a minute."""
    ends, watchman = time.monotonic() + life.patience, jobs.Worker(life.app)
    while True:
        watchman.look()
        db.session.rollback()
        hits = life.found(words)
        if not hits or time.monotonic() > ends:
            return hits
        time.sleep(jobs.EVERY)
