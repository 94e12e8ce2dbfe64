"""An import's life: brought as a draft, mapped, taken in as a whole or dropped; taken back; forgotten after a day."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import defer, joinedload

from planner import admission, locks
from planner.clock import Clock
from planner.errors import PlannerError, Stale
from planner.extensions import db
from planner.imports import compare, grounds, people, rounds, storing, taking, things, undoing, wishes
from planner.imports.cells import NOTHING
from planner.imports.columns import Field, Layout, Line, by_headings, heading_of, lines, recognised, spelled
from planner.imports.plan import Fate, Plan
from planner.imports.reading import Read, Table, tables_of
from planner.models import (
    AuditEntry,
    Conference,
    ImportBatch,
    ImportedPerson,
    ImportedThing,
    ImportKind,
    ImportState,
    User,
)


class NotReady(PlannerError):
    sentence = _l("Nothing was taken in yet: there are mistakes or open questions. Please look at them below.")


class NoConsent(PlannerError):
    sentence = _l("The list says what people need. Please write from where their consent is.")


class NothingNamed(PlannerError):
    sentence = _l("Please say under “Columns” which one holds the names, titles or wishes.")


class Changed(Stale):
    sentence = _l("What is to be done has changed. Please look at the preview once more.")


class Waiting(PlannerError):
    """Others' lists are being taken in, one after the other."""

    status = 503
    retry_after = 10
    sentence = _l("Other lists are being taken in at the moment. Please send this once more in ten seconds.")


MOST_WAIT = 10
"""Drafts of one organiser at one conference: each may be megabytes."""


class TooManyWait(PlannerError):
    status = 409
    sentence = _l(
        "%(most)s of your lists wait already. Please take some of them in or drop them, and bring this one again.",
        most=MOST_WAIT,
    )


TAKING = threading.BoundedSemaphore(1)
PATIENCE = 20.0
"""Seconds in line before one's own list is taken in."""


@contextmanager
def one_after_the_other() -> Iterator[None]:
    """In this process: many that are planned at once would take the processor from whoever has her turn to write."""
    if not TAKING.acquire(timeout=PATIENCE):
        raise Waiting
    try:
        yield
    finally:
        TAKING.release()


@dataclass(frozen=True)
class Noun:
    """What the steps of an import do for one kind of thing."""

    fields: Callable[[], list[Field]]
    labels: Callable[[], list[tuple[str, str]]]
    plan: Callable[[Conference, Sequence[Line], Plan, str, Clock], Plan]
    take: Callable[[Conference, Plan, ImportBatch, str, datetime], None]
    undo: Callable[[ImportBatch, datetime, str], list[undoing.Stays]]
    needed: frozenset[str]  # one of these must be a column
    called: tuple[str, ...] = ()  # how a sheet with such a list is often called


NOUNS = {
    ImportKind.PEOPLE: Noun(
        lambda: spelled(people.with_tongues(people.FIELDS)),
        things.labels(people.FIELDS),
        compare.people,
        taking.people,
        undoing.people,
        frozenset({"name", "given", "family"}),
        ("participants", "people", "teilnehmende", "teilnehmer", "menschen", "personen"),
    ),
    ImportKind.WISHES: Noun(
        lambda: spelled(wishes.WISHES),
        things.labels(wishes.WISHES),
        wishes.plan,
        wishes.take,
        wishes.undo,
        frozenset({"wish"}),
        ("participants", "wünsche", "wishes", "wahlen"),
    ),
    ImportKind.SESSIONS: Noun(
        lambda: spelled(things.SESSIONS),
        things.labels(things.SESSIONS),
        things.sessions,
        storing.take,
        storing.undo,
        frozenset({"title"}),
        ("aks", "sessions", "arbeitsgruppen", "projekte", "workshops"),
    ),
    ImportKind.ROOMS: Noun(
        lambda: spelled(things.ROOMS),
        things.labels(things.ROOMS),
        things.rooms,
        storing.take,
        storing.undo,
        frozenset({"name"}),
        ("rooms", "räume"),
    ),
    ImportKind.ROUNDS: Noun(
        lambda: spelled(rounds.FIELDS),
        things.labels(rounds.FIELDS),
        rounds.plan,
        rounds.take,
        rounds.undo,
        frozenset({"begins"}),
        ("rounds", "runden"),
    ),
}


def noun(batch: ImportBatch) -> Noun:
    return NOUNS[batch.kind]


def start(conference: Conference, user: User, kind: ImportKind, read: Read, name: str, now: datetime) -> ImportBatch:
    """A draft with the rows and the columns as they were recognised, beside those that wait already.

    The very same list brought again is the draft that there is, with what was chosen in it. Raises TooManyWait.
    The conference and the user are asked for anything only when the list is ready: from then on writers wait for us.
    """
    layout = recognised(read.tables, NOUNS[kind].fields(), NOUNS[kind].called)
    tables = [{"name": table.name, "rows": table.rows} for table in read.tables]
    name = name[:200]
    known = _brought_again(conference, user, kind, name, json.loads(json.dumps(tables)))
    if known:
        return known
    batch = ImportBatch(
        kind=kind,
        file_name=name,
        charset=read.charset,
        created_at=now,
        tables=tables,
        choices={"layout": _packed(layout), "answers": {}, "consent": ""},
    )
    batch.conference_id, batch.user_id = conference.id, user.id
    db.session.add(batch)
    db.session.flush()
    return batch


def _brought_again(conference: Conference, user: User, kind: ImportKind, name: str, tables: Any) -> ImportBatch | None:
    """The draft that holds the same; one that an erasure has emptied makes room. Raises TooManyWait."""
    locks.one_by_one(f"lists:{conference.id}:{user.id}")  # two at once are counted, and compared, one after the other
    mine = select(ImportBatch).filter_by(conference_id=conference.id, user_id=user.id, state=ImportState.DRAFT)
    waiting = []
    for draft in db.session.scalars(mine.options(defer(ImportBatch.tables))).all():
        if draft.is_emptied and draft.kind is kind:
            db.session.delete(draft)
        else:
            waiting.append(draft)
    alike = [draft for draft in waiting if (draft.kind, draft.file_name) == (kind, name)]
    known = next((draft for draft in alike if draft.tables == tables), None)
    if known is None and len(waiting) >= MOST_WAIT:
        raise TooManyWait
    return known


def _packed(layout: Layout) -> dict[str, Any]:
    return {**asdict(layout), "columns": {str(at): key for at, key in layout.columns.items()}}


@dataclass
class Draft:
    """A draft as its page shows it: its tables, how they are read, the answers given so far."""

    batch: ImportBatch
    tables: list[Table]
    layout: Layout
    answers: dict[str, str]
    consent: str

    @classmethod
    def of(cls, batch: ImportBatch) -> "Draft":
        kept = batch.choices
        layout = Layout(
            **{**kept["layout"], "columns": {int(at): key for at, key in kept["layout"]["columns"].items()}}
        )
        return cls(batch, tables_of(batch.tables or []), layout, dict(kept["answers"]), kept["consent"])

    @property
    def table(self) -> Table:
        return self.tables[self.layout.table]

    @property
    def headings(self) -> list[str]:
        return heading_of(self.table, self.layout)

    def examples(self, at: int) -> list[str]:
        """The first cells of a column that say anything."""
        below = [cells[at] for line, cells in self.table.rows if line > self.layout.heading and at < len(cells)]
        return list(dict.fromkeys(cell[:40] for cell in below if cell))[:2]

    def turn_to(self, table: int) -> None:
        """Another sheet: its heading and columns are recognised anew."""
        if table != self.layout.table and 0 <= table < len(self.tables):
            layout = recognised([self.tables[table]], noun(self.batch).fields())
            layout.table = table
            self.layout = layout

    def head_with(self, line: int) -> None:
        """Another line holds the headings; 0 for none."""
        if line != self.layout.heading:
            cells = next((cells for number, cells in self.table.rows if number == line), [])
            found = by_headings(cells, noun(self.batch).fields())
            self.layout = Layout(self.layout.table, line, found.columns, found.preset)

    def keep(self) -> None:
        """Store what was chosen, whatever else is wrong: nothing that somebody chose is lost."""
        self.batch.choices = {
            "layout": _packed(self.layout),
            "answers": {key: value for key, value in self.answers.items() if value},
            "consent": self.consent,
        }

    @property
    def says_needs(self) -> bool:
        """Whether anybody of the list needs anything; an empty column says nothing."""
        columns = [at for at, key in self.layout.columns.items() if key == "needs"]
        below = [cells for line, cells in self.table.rows if columns and line > self.layout.heading]
        return any(cells[at].casefold() not in NOTHING for cells in below for at in columns if at < len(cells))

    @property
    def lacks_a_name(self) -> bool:
        return not noun(self.batch).needed & set(self.layout.columns.values())

    def plan(self, reader: str, clock: Clock) -> Plan:
        """What it would do with what is stored now."""
        plan = Plan(answers=self.answers)
        if self.lacks_a_name:
            return plan
        rows = list(lines(self.table, self.layout))
        return noun(self.batch).plan(self.batch.conference, rows, plan, reader, clock)


def mark(plan: Plan) -> str:
    """Of what an organiser saw; what is done is what she saw."""
    return hashlib.sha256(json.dumps(plan.fingerprint(), sort_keys=True).encode()).hexdigest()[:16]


def hold(batch: ImportBatch) -> None:
    """Before anything of it is written: an erasure holds the conference and then deletes lists."""
    locks.conference(batch.conference, alone=True)
    locks.thing(batch)


@dataclass(frozen=True)
class Foreseen:
    """A plan that is made before anybody is kept waiting, and what it rests on."""

    draft: Draft
    plan: Plan
    rests_on: str


def foresee(batch: ImportBatch, reader: str, clock: Clock) -> Foreseen:
    """What it will do, if nothing changes until it is held; seconds for a long list. Raises NothingNamed, Untraced."""
    rests_on, draft = grounds.mark(batch), Draft.of(batch)  # in this order: what changes in between is noticed
    if draft.lacks_a_name:
        raise NothingNamed
    return Foreseen(draft, draft.plan(reader, clock), rests_on)


def apply(batch: ImportBatch, foreseen: Foreseen, seen: str, reader: str, clock: Clock) -> bool:
    """Take all of it in, or nothing; the caller holds it. False where what was foreseen is no longer so.

    Raises NotReady, NoConsent; Changed where it is not what was seen.
    """
    if grounds.mark(batch) != foreseen.rests_on:
        return False
    draft, plan = foreseen.draft, foreseen.plan
    if not plan.is_ready:
        raise NotReady
    if draft.says_needs and not draft.consent:
        raise NoConsent(field="consent")
    if seen != mark(plan):
        raise Changed
    now = clock()
    batch.move_to(ImportState.APPLIED)
    told = now + timedelta(seconds=batch.conference.clock_shift)  # what people read of themselves is in its time
    with admission.by_list(batch.conference, now):
        noun(batch).take(batch.conference, plan, batch, draft.consent, told)
    batch.counts = {fate.value: plan.count(fate) for fate in Fate if plan.count(fate)}
    batch.applied_at, batch.tables, batch.choices = now, None, {}
    _write_down(batch, "import.applied", reader, now, batch.counts)
    return True


def undo(batch: ImportBatch, reader: str, now: datetime) -> list[undoing.Stays]:
    """Take it back; who or what stays, and why."""
    hold(batch)
    batch.move_to(ImportState.UNDONE)
    with admission.by_list(batch.conference, now):
        stays = noun(batch).undo(batch, now, reader)
    batch.undone_at = now
    counts = {"stays": len(stays)}
    batch.counts = {**batch.counts, **counts}
    db.session.flush()
    for traces in (ImportedPerson, ImportedThing):
        gone = delete(traces).where(traces.batch_id == batch.id)
        db.session.execute(gone.execution_options(synchronize_session=False))
    db.session.expire(batch, ["people", "things"])
    _write_down(batch, "import.undone", reader, now, counts)
    return stays


def _write_down(batch: ImportBatch, action: str, actor: str, now: datetime, counts: dict[str, int]) -> None:
    db.session.add(
        AuditEntry(
            conference_id=batch.conference_id,
            happened_at=now,
            actor=actor,
            action=action,
            subject=f"imports:{batch.id}",
            facts={"kind": batch.kind.value, **counts},
        )
    )


def done(conference: Conference) -> Sequence[ImportBatch]:
    """What was taken in, newest first, with who did it."""
    query = select(ImportBatch).filter_by(conference_id=conference.id).where(ImportBatch.state != ImportState.DRAFT)
    shown = query.options(joinedload(ImportBatch.user), defer(ImportBatch.tables))
    return db.session.scalars(shown.order_by(ImportBatch.applied_at.desc(), ImportBatch.id.desc()).limit(50)).all()


def drafts(conference: Conference, user: User) -> Sequence[ImportBatch]:
    """Her own that wait for her."""
    query = select(ImportBatch).filter_by(conference_id=conference.id, user_id=user.id, state=ImportState.DRAFT)
    return db.session.scalars(query.options(defer(ImportBatch.tables)).order_by(ImportBatch.id)).all()
