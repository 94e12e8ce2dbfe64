"""DSG-3: entries of the audit are changed, removed, exchanged, added and cut off in the database; each is found."""

import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import flask_migrate
from sqlalchemy import text

from planner import audit, create_app
from planner.config import Config
from planner.extensions import db
from planner.models import AuditEntry, AuditHead
from tests import factories as make
from tests import postgresql
from tests.campaigns.report import Report
from tests.conftest import settings

PROMISE = (
    "DSG-3: whatever is changed in the audit's tables by somebody without the server's key is found, but for a whole "
    "state put back that it had since its ends were last written outside."
)
CHAINS, COMMITS = 3, 60
Heads = list[tuple[int, int, str]]
"""Genuine heads (chain, number, seal) as an old copy of the database has them."""


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """Each case in a transaction of its own that is taken back; between them nothing may be found."""
    dice, report = random.Random(seed), Report("audit", PROMISE, control_arm=unguarded)
    found: Counter[tuple[str, bool]] = Counter()
    weak = mock.patch.object(audit, "sealed", return_value="0" * 64) if unguarded else nullcontext()
    with weak, _database(database) as config:
        heads = _written(dice)
        begun = [] if unguarded else audit.anchors(config)
        anchors = begun + audit.anchor(config, make.NOW)
        for number in range(count):
            kind = list(TAMPERINGS)[number % len(TAMPERINGS)]
            what = TAMPERINGS[kind](dice, heads)
            told = list(audit.faults(begun if kind == "emptied" else anchors))
            db.session.rollback()
            found[kind, bool(told)] += 1
            if not told:
                report.broken.append(f"case {number}, {kind}: {what} was not found")
            if number % 50 == 0 and list(audit.faults(anchors)):
                report.broken.append(f"case {number}: a false alarm")
    report.rows = [
        {"damage": k, "cases": found[k, True] + found[k, False], "found": found[k, True]} for k in TAMPERINGS
    ]
    report.figures = {"database": database, "cases": count, "missed": len(report.broken)}
    say(f"{count} cases, {len(report.broken)} missed")
    return report


@contextmanager
def _database(kind: str) -> Iterator[Config]:
    with tempfile.TemporaryDirectory(prefix="stuhlkreis-") as folder:
        if kind == "sqlite":
            yield from _application(settings(Path(folder)))
        else:
            with postgresql.server() as server, postgresql.database(server) as address:
                yield from _application(settings(Path(folder), DATABASE_URL=address))


def _application(config: Config) -> Iterator[Config]:
    with create_app(config).app_context():
        flask_migrate.upgrade()
        yield config
        db.session.remove()
        db.engine.dispose()


def _written(dice: random.Random) -> Heads:
    """Some conferences' worth of entries; no two alike. The heads are those of every moment but the last."""
    places = [make.conference().id for _ in range(CHAINS)]
    db.session.commit()
    heads: Heads = []
    for number in range(COMMITS):
        heads += [(head.chain, head.number, head.seal) for head in db.session.query(AuditHead)]
        for part in range(dice.randint(1, 3)):
            db.session.add(
                AuditEntry(
                    conference_id=dice.choice([*places, None]),
                    happened_at=make.NOW + timedelta(seconds=number, microseconds=part),
                    actor=f"organiser:{number}",
                    action=dice.choice(["rooms.edit", "needs.read", "export"]),
                    subject=f"participant:{number}-{part}",
                    facts={"people": number, "of": f"1-{number}"},
                )
            )
        db.session.commit()
    ends = {(head.chain, head.number) for head in db.session.query(AuditHead)}
    return [head for head in dict.fromkeys(heads) if head[:2] not in ends]


def _sql(statement: str, **values: Any) -> None:
    db.session.execute(text(statement), values)


def _one(dice: random.Random) -> Any:
    return dice.choice(db.session.execute(text("select id, chain, number from audit_entry order by id")).all())


CHANGES = {
    "actor": "'organiser:0'",
    "action": "'nothing'",
    "subject": "'participant:0'",
    "facts": "'{}'",
    "happened_at": "'2020-01-01 00:00:00.000000'",
    "digest": "'" + "f" * 64 + "'",
    "number": "number + 1000",
    "chain": "chain + 1000",
}


def changed(dice: random.Random, _heads: Heads) -> str:
    """One column of one entry."""
    row, column = _one(dice), dice.choice(list(CHANGES))
    _sql(f"update audit_entry set {column} = {CHANGES[column]} where id = :id", id=row.id)  # noqa: S608
    return f"{column} of {row}"


def removed(dice: random.Random, _heads: Heads) -> str:
    row, several = _one(dice), dice.randint(0, 3)
    values = {"chain": row.chain, "number": row.number, "last": row.number + several}
    _sql("delete from audit_entry where chain = :chain and number between :number and :last", **values)
    return f"{row} and {several} after it"


def exchanged(dice: random.Random, _heads: Heads) -> str:
    """Two entries of a chain change places, with or without their digests."""
    first = _one(dice)
    same = "select id, chain, number, digest from audit_entry where chain = :chain and id <> :id"
    other = dice.choice(db.session.execute(text(same), {"chain": first.chain, "id": first.id}).all())
    _sql("update audit_entry set number = -1 where id = :id", id=first.id)
    _sql("update audit_entry set number = :number where id = :id", number=first.number, id=other.id)
    _sql("update audit_entry set number = :number where id = :id", number=other.number, id=first.id)
    return f"{first} with {other.id}"


def added(dice: random.Random, _heads: Heads) -> str:
    """A copy of an entry at the end of its chain, or one that knows nothing of chains."""
    row, chained = _one(dice), dice.random() < 0.5
    place = "chain, (select max(number) + 1 from audit_entry where chain = :chain), digest"
    columns = "conference_id, happened_at, actor, action, subject, facts"
    into, values = (f"{columns}, chain, number, digest", f"{columns}, {place}") if chained else (columns, columns)
    where = {"id": row.id, **({"chain": row.chain} if chained else {})}
    _sql(f"insert into audit_entry ({into}) select {values} from audit_entry where id = :id", **where)  # noqa: S608
    return f"{row} again"


def cut_off(dice: random.Random, _heads: Heads) -> str:
    """The end of a chain goes, and the head is turned back with a seal that the cutter can find in the tables."""
    chain, number, _seal = dice.choice(_heads)
    _sql("delete from audit_entry where chain = :chain and number > :number", chain=chain, number=number)
    if dice.random() < 0.7:
        kept = "select digest from audit_entry where chain = :chain and number = :number"
        seal = db.session.scalar(text(kept), {"chain": chain, "number": number}) or "0" * 64
        back = "update audit_head set number = :number, seal = :seal where chain = :chain"
        _sql(back, chain=chain, number=number, seal=seal)
    return f"chain {chain} after {number}"


def put_back(dice: random.Random, heads: Heads) -> str:
    """An old copy of a chain with its genuine head: only what is kept outside the database tells."""
    chain, number, seal = dice.choice(heads)
    _sql("delete from audit_entry where chain = :chain and number > :number", chain=chain, number=number)
    back = "update audit_head set number = :number, seal = :seal where chain = :chain"
    _sql(back, chain=chain, number=number, seal=seal)
    return f"chain {chain} at {number}"


def wiped(dice: random.Random, _heads: Heads) -> str:
    """A head, a whole chain, or all of it."""
    chain = _one(dice).chain
    kind = dice.choice(["head", "chain", "all"])
    where = "" if kind == "all" else " where chain = :chain"
    values = {} if kind == "all" else {"chain": chain}
    if kind != "head":
        _sql(f"delete from audit_entry{where}", **values)  # noqa: S608
    _sql(f"delete from audit_head{where}", **values)  # noqa: S608
    return f"{kind} of chain {chain}"


def emptied(dice: random.Random, _heads: Heads) -> str:
    """All of it with the heads, before the first day was over; perhaps the program has written on since."""
    _sql("delete from audit_entry")
    _sql("delete from audit_head")
    later = dice.randint(0, 3)
    for number in range(later):
        row = AuditEntry(happened_at=make.NOW, actor=f"organiser:{number}", action="rooms.edit")
        row.conference_id = dice.choice([None, *db.session.scalars(text("select id from conference order by id"))])
        db.session.add(row)
    audit.chain_entries(db.session())
    db.session.flush()
    return f"all, {later} later ones"


def moved(dice: random.Random, _heads: Heads) -> str:
    """An entry is hung under another conference, or under none."""
    rows = text("select id, conference_id from audit_entry where conference_id is not null order by id")
    row = dice.choice(db.session.execute(rows).all())
    others = text("select id from conference where id <> :id order by id")
    other = dice.choice([None, *db.session.scalars(others, {"id": row.conference_id})])
    _sql("update audit_entry set conference_id = :other where id = :id", other=other, id=row.id)
    return f"{row} to {other}"


TAMPERINGS: dict[str, Callable[[random.Random, Heads], str]] = {
    tampering.__name__: tampering
    for tampering in (changed, removed, exchanged, added, cut_off, put_back, wiped, emptied, moved)
}
