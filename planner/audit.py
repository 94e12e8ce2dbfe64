"""The audit's chain: every entry is sealed with the one before it, so that what was changed afterwards is found.

Entries are added anywhere as `AuditEntry` rows and get their place when their transaction is committed, with the head
of their chain locked last of all: concurrent writers form one chain and wait for nobody in a circle. The seals need the
server's key, which no database knows; heads are also written outside the database, because whoever puts back an old
copy of it puts back an old head, and whoever empties it leaves none: daily, and as soon as a chain begins.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import Column, event, func, select, text, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from planner import acts
from planner.config import Config
from planner.extensions import db
from planner.models import AuditEntry, AuditHead, Conference, Participant, User

log = structlog.get_logger()
EVERYWHERE = 0
"""The chain of what belongs to no conference: accounts, and that other chains began."""
ANCHOR_EVERY = timedelta(days=1)
ANCHOR = re.compile(r"^(\S+) ([0-9]{1,10}) ([0-9]{1,10}) ([0-9a-f]{64})$", re.MULTILINE)
MOST_DENIALS, PAGE = 30, 50
BESIDES = {"needs.read", "place.moved_up", "place.instead"}
"""Entries that do not tell what the request was about."""
BEGAN = re.compile(r"^conference:([0-9]{1,10})$", re.ASCII)
PLACE = {"chain", "number", "digest"}
"""What an entry's place in its chain needs."""
NONSENSE = object()


def sealed(key: bytes, *parts: object) -> str:
    return hmac.new(key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def first_seal(key: bytes, chain: int) -> str:
    return sealed(key, "begin", chain)


def digest(key: bytes, seal: str, row: Any) -> str:
    """Over everything that an entry says, and over all that came before it."""
    at = row.happened_at.astimezone(UTC).isoformat(timespec="microseconds")
    facts = json.dumps(row.facts, sort_keys=True)
    return sealed(key, "entry", seal, row.chain, row.number, at, row.actor, row.action, row.subject, facts)


def next_seal(key: bytes, entry: str) -> str:
    return sealed(key, "head", entry)


def _key() -> bytes:
    config: Config = current_app.extensions["planner"]
    return config.chain_key()


@dataclass(frozen=True)
class Anchor:
    """What a chain's head was at some time, kept outside the database."""

    at: str
    chain: int
    number: int
    seal: str


@event.listens_for(Session, "before_flush")
def remember(session: Session, *_: object) -> None:
    """Entries may reach the database before they are chained; until the commit nobody else sees them."""
    session.info.setdefault("unchained", []).extend(row for row in session.new if isinstance(row, AuditEntry))


@event.listens_for(Session, "before_commit")
def chain_entries(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info["begun"] = []
    others = [row for row in (*session.new, *session.dirty, *session.deleted) if not isinstance(row, AuditEntry)]
    if others:
        session.flush()  # whatever locks this takes, it takes before the heads
    waiting = [*session.info.pop("unchained", ()), *session.new]
    found = {id(row): row for row in waiting if isinstance(row, AuditEntry) and row in session and not row.number}
    rows, act = list(found.values()), acts.present(session)
    if act and act.done.something and all(row.action in BESIDES for row in rows):
        rows.append(act.entry())
        session.add(rows[-1])
    if rows:
        with session.no_autoflush:
            _chain(session, rows)


def _chain(session: Session, rows: list[AuditEntry]) -> None:
    for row in rows:
        row.chain, row.subject, row.facts = row.conference_id or EVERYWHERE, row.subject or "", row.facts or {}
    heads = _heads(session, {_chain_of(row) for row in rows})
    for chain in sorted({row.chain for row in rows if row.chain} - heads.keys()):
        began = AuditEntry(happened_at=rows[0].happened_at, actor="system", action="chain.began", facts={})
        began.chain, began.subject = EVERYWHERE, f"conference:{chain}"
        session.add(began)
        rows.append(began)
    for chain, entries in groupby(sorted(rows, key=_chain_of), key=_chain_of):
        _append(session, heads.get(chain) or _head(session, chain), list(entries))


def _chain_of(row: AuditEntry) -> int:
    return row.chain or EVERYWHERE


def _append(session: Session, head: AuditHead, entries: list[AuditEntry]) -> None:
    key = _key()
    for row in entries:
        head.number += 1
        row.number = head.number
        row.digest = digest(key, head.seal, row)
        head.seal = next_seal(key, row.digest)
    if head.number == len(entries):
        at = entries[-1].happened_at.astimezone(UTC).isoformat(timespec="seconds")
        session.info["begun"].append(Anchor(at, head.chain, head.number, head.seal))


@event.listens_for(Session, "after_commit")
def keep_beginnings(session: Session) -> None:
    """From its first entry on a chain is known outside the database: emptied it would look like a new one."""
    if not session.in_nested_transaction():
        session.info.pop("unchained", None)
        _keep(session.info.pop("begun", ()))


def _heads(session: Session, chains: set[int]) -> dict[int, AuditHead]:
    """Those that have begun, locked in their order: whoever adds to one of them waits until this is over."""
    wanted = select(AuditHead).where(AuditHead.chain.in_(chains)).order_by(AuditHead.chain)
    locked = wanted.with_for_update().execution_options(populate_existing=True)
    return {head.chain: head for head in session.scalars(locked)}


def _head(session: Session, chain: int) -> AuditHead:
    """The first entry of a chain makes its head, unless somebody was quicker."""
    new = text("insert into audit_head (chain, number, seal) values (:chain, 0, :seal) on conflict do nothing")
    session.execute(new, {"chain": chain, "seal": first_seal(_key(), chain)})
    return _heads(session, {chain})[chain]


def read_at_one_moment() -> None:
    """Begin a transaction whose statements all see the same rows, whatever is written meanwhile."""
    db.session.connection(execution_options={"reads": True})


def faults(anchors: Sequence[Anchor]) -> Iterator[str]:
    """Everything that does not fit, each in a sentence; nothing if nobody touched the audit."""
    key = _key()
    heads = {head.chain: head for head in db.session.scalars(select(AuditHead))}
    conferences = set(db.session.scalars(select(Conference.id)))
    begun: set[int] = set()
    deleted: set[int] = set()
    seals: dict[tuple[int, int], str] = {}
    ends: dict[int, tuple[int, str]] = {}
    wanted = {(anchor.chain, anchor.number) for anchor in anchors}
    for row, garbled in _stored():
        if garbled:
            yield f"Entry {row.id} (chain {row.chain}, number {row.number}): its {garbled} was changed to nonsense."
        if garbled in PLACE:
            continue
        if row.chain is None or row.number is None or row.digest is None:
            yield f"Entry {row.id} stands outside the chain: it was added past this program."
            continue
        number, seal = ends.get(row.chain, (0, first_seal(key, row.chain)))
        if row.number != number + 1:
            yield f"Chain {row.chain}: entries {number + 1} to {row.number - 1} are missing."
        elif not garbled and row.digest != digest(key, seal, row):
            yield f"Chain {row.chain}, entry {row.number}: it was changed, or what stood before it was."
        if row.conference_id != (row.chain if row.chain in conferences else None):
            yield f"Chain {row.chain}, entry {row.number}: it was moved to another conference."
        if row.chain == EVERYWHERE and row.action == "chain.began":
            begun.update(int(number) for number in BEGAN.findall(str(row.subject)))
        if row.chain == EVERYWHERE and row.action == "conference.deleted":
            deleted.update(int(number) for number in BEGAN.findall(str(row.subject)))
        ends[row.chain] = (row.number, next_seal(key, row.digest))
        if (row.chain, row.number) in wanted:
            seals[row.chain, row.number] = ends[row.chain][1]
    yield from _ends(key, heads, ends, begun - (deleted - ends.keys()))
    for anchor in (each for each in anchors if each.chain not in deleted - ends.keys()):
        if seals.get((anchor.chain, anchor.number)) != anchor.seal:
            yield f"Chain {anchor.chain}: it is not the one that ended with entry {anchor.number} at {anchor.at}."


def _stored() -> Iterator[tuple[Any, str]]:
    """The entries as they stand in the database, each with the column that holds what this program cannot read.

    SQLite keeps anything in any column, so whoever changes a value may make one at which reading the rows would end.
    """
    dialect, columns = db.engine.dialect, AuditEntry.__table__.columns
    readers = {column: column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns}
    raw = select(*(type_coerce(column, NullType()).label(column.name) for column in columns))
    raw = raw.order_by(AuditEntry.chain, AuditEntry.number, AuditEntry.id).execution_options(yield_per=500)
    for found in db.session.execute(raw):
        row, garbled = SimpleNamespace(), ""
        for (column, read), value in zip(readers.items(), found, strict=True):
            told = _told(column, read, value)
            garbled = column.name if told is NONSENSE else garbled
            setattr(row, column.name, value if told is NONSENSE else told)
        yield row, garbled


def _told(column: Column[Any], read: Callable[[Any], Any] | None, value: Any) -> Any:
    try:
        told = read(value) if read else value
    except (TypeError, ValueError, RecursionError):
        return NONSENSE
    fits = column.nullable if told is None else isinstance(told, column.type.python_type)
    return told if fits else NONSENSE


def _ends(key: bytes, heads: dict[int, AuditHead], ends: dict[int, tuple[int, str]], begun: set[int]) -> Iterator[str]:
    for chain in sorted(heads.keys() | ends.keys() | begun | ({EVERYWHERE} if heads else set()), key=str):
        head = heads.get(chain)
        if head is None:
            yield f"Chain {chain} has no head: its end, or all of it, was removed."
        elif (head.number, head.seal) != ends.get(chain, (0, first_seal(key, chain))):
            yield f"Chain {chain} does not end where its head says: entries after its last one were removed or added."
        if chain not in begun | {EVERYWHERE}:
            yield f"Chain {chain}: nothing says that it began."


def anchors_file(config: Config) -> Path:
    return config.instance / "audit.anchors"


def anchors(config: Config) -> list[Anchor]:
    file = anchors_file(config)
    return read_anchors(file) if file.is_file() else []


def read_anchors(file: Path) -> list[Anchor]:
    """A line that a full disk has cut off is none; raises ValueError where the file is no text."""
    found = ANCHOR.findall(file.read_text())
    return [Anchor(at, int(chain), int(number), seal) for at, chain, number, seal in found]


def anchor(config: Config, now: datetime) -> list[Anchor]:
    """Write down outside the database where the chains end, in a file and in the log."""
    known = {(old.chain, old.number) for old in anchors(config)}
    heads = db.session.scalars(select(AuditHead).order_by(AuditHead.chain)).all()
    new = [
        Anchor(now.isoformat(timespec="seconds"), head.chain, head.number, head.seal)
        for head in heads
        if (head.chain, head.number) not in known
    ]
    _write(config, new)
    return new


def _write(config: Config, new: Sequence[Anchor]) -> None:
    for row in new:
        log.info("audit.anchor", chain=row.chain, number=row.number, seal=row.seal)
    with anchors_file(config).open("a") as file:
        file.write("".join(f"{row.at} {row.chain} {row.number} {row.seal}\n" for row in new))


def _keep(begun: Sequence[Anchor]) -> None:
    """What was committed stays so, even where the disk takes no line more: then the log has it."""
    try:
        if begun:
            _write(current_app.extensions["planner"], begun)
    except OSError as error:
        log.warning("audit.anchor_not_kept", error=error)


def anchor_daily(config: Config, now: datetime) -> None:
    file = anchors_file(config)
    last = datetime.fromtimestamp(file.stat().st_mtime, UTC) if file.is_file() else None
    if last is None or now - last >= ANCHOR_EVERY:
        anchor(config, now)
        file.touch()


def denials(actor: str, now: datetime) -> int:
    """How often of late somebody was turned away: whoever knocks all day fills no table."""
    recent = AuditEntry.happened_at > now - timedelta(minutes=10)
    query = select(func.count()).select_from(AuditEntry).where(AuditEntry.actor == actor, recent)
    return db.session.scalar(query.where(AuditEntry.action == "denied")) or 0


@dataclass(frozen=True)
class Page:
    """Some entries of a conference, newest first."""

    entries: Sequence[AuditEntry]
    number: int
    more: bool


def page(conference: Conference, number: int, action: str) -> Page:
    query = select(AuditEntry).filter_by(chain=conference.id).order_by(AuditEntry.number.desc())
    if action:
        query = query.filter_by(action=action)
    found = db.session.scalars(query.offset((number - 1) * PAGE).limit(PAGE + 1)).all()
    return Page(found[:PAGE], number, len(found) > PAGE)


def actions(conference: Conference) -> Sequence[str]:
    """Everything that ever happened here, to choose from."""
    query = select(AuditEntry.action).filter_by(chain=conference.id).distinct()
    return db.session.scalars(query.order_by(AuditEntry.action)).all()


def names(entries: Sequence[AuditEntry]) -> dict[str, str]:
    """Whose name stands behind a number today; somebody who was erased has none, nor has what was deleted."""
    told = {word for row in entries for word in (row.actor, row.subject, f"conference:{row.facts.get('copy', 0)}")}
    found: dict[str, str] = {}
    called: dict[str, tuple[Any, Any]] = {
        "organiser": (User, User.name),
        "participant": (Participant, Participant.name),
        "conference": (Conference, Conference.slug),
    }
    for kind, (model, column) in called.items():
        ids = [int(word.partition(":")[2]) for word in told if word.startswith(f"{kind}:")]
        for id, name in db.session.execute(select(model.id, column).where(model.id.in_(ids))):
            found[f"{kind}:{id}"] = name
    return found


def size() -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
