"""What holds after every step, counted from the tables and the people's own ledger, never by the application."""

import hashlib
import hmac
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from solver import Meeting, Problem, Role, Seat, Solution, Status, verify
from tests.faults.workflow.ledger import Ledger, Person
from tests.faults.workflow.stage import Row, Tables

ACTIVE = {"queued", "running"}
FORGIVEN = {"everybody_understands", "quotas_hold", "nobody_isolated"}
"""What rests on what people said of themselves: with somebody erased from a room nobody can count it any more."""
BESIDE = {"audit_entry", "audit_head", "needs_read"}
"""What reading may add to."""


def of(tables: Tables, table: str, conference: int) -> list[Row]:
    return [row for row in tables[table] if row["conference_id"] == conference]


def stored_is_acknowledged(tables: Tables, ledger: Ledger, conference: int) -> Iterator[str]:
    yield from _differences("people", {p.id: _said(p) for p in ledger.people}, _people(tables, conference))
    told = {
        s.id: (s.text, s.state, s.revision, s.session, s.author and s.author.id, s.let_through)
        for s in ledger.statements
    }
    found = {
        row["id"]: (
            *(row[name] for name in ("problem", "state", "revision", "session_id", "author_id")),
            row["let_through_at"] is not None,
        )
        for row in of(tables, "submission", conference)
    }
    yield from _differences("statements", told, found)
    supporters = defaultdict(set)
    for row in tables["supporter"]:
        supporters[row["submission_id"]].add(row["participant_id"])
    yield from _differences("supporters", {s.id: s.supporters for s in ledger.statements if s.supporters}, supporters)
    yield from _differences(
        "sessions",
        {s.id: (s.title, s.minimum, s.leaders, s.is_open) for s in ledger.sessions.values()},
        _sessions(tables, conference),
    )
    yield from _differences("rooms", ledger.rooms, {r["id"]: r["name"] for r in of(tables, "room", conference)})
    yield from _differences("slots", ledger.slots, {r["id"]: r["title"]["de"] for r in of(tables, "slot", conference)})


def _differences(what: str, told: dict[int, Any], found: dict[int, Any]) -> Iterator[str]:
    for id in sorted(told.keys() | found.keys()):
        if told.get(id) != found.get(id):
            yield f"{what} {id}: acknowledged was {told.get(id)}, stored is {found.get(id)}"


def _said(person: Person) -> tuple[Any, ...]:
    return (
        person.name,
        person.cancelled,
        person.revision,
        person.wishes,
        person.languages,
        person.needs,
        person.absent,
    )


def _people(tables: Tables, conference: int) -> dict[int, tuple[Any, ...]]:
    wishes, languages, needs, absent = defaultdict(list), defaultdict(dict), defaultdict(set), defaultdict(set)
    for row in sorted(tables["preference"], key=lambda row: row["rank"]):
        wishes[row["participant_id"]].append(row["session_id"])
    for row in tables["language_level"]:
        languages[row["participant_id"]][row["language"]] = row["level"]
    for row in tables["need"]:
        needs[row["participant_id"]].add(row["kind"])
    for row in tables["absence"]:
        absent[row["participant_id"]].add(row["slot_id"])
    return {
        row["id"]: (
            row["name"],
            row["state"] == "cancelled",
            row["revision"],
            wishes[row["id"]],
            languages[row["id"]],
            needs[row["id"]],
            absent[row["id"]],
        )
        for row in of(tables, "participant", conference)
    }


def _sessions(tables: Tables, conference: int) -> dict[int, tuple[Any, ...]]:
    leaders = defaultdict(set)
    for row in tables["session_role"]:
        leaders[row["session_id"]].add(row["participant_id"])
    return {
        row["id"]: (row["title"]["de"], row["minimum"], leaders[row["id"]], row["state"] == "open")
        for row in of(tables, "session", conference)
    }


def one_run_is_published(tables: Tables, ledger: Ledger, conference: int) -> Iterator[str]:
    here = next(row for row in tables["conference"] if row["id"] == conference)
    if here["published_id"] != ledger.published:
        yield f"run {here['published_id']} is published, acknowledged was {ledger.published}"
    runs = of(tables, "allocation", conference)
    if sum(row["state"] in ACTIVE for row in runs) > 1:
        yield "two runs are active"
    for row in runs:
        seats = [seat for seat in tables["assignment"] if seat["allocation_id"] == row["id"]]
        if row["state"] != "solved" and (seats or row["id"] == here["published_id"]):
            yield f"run {row['id']} is {row['state']}, with {len(seats)} places, published is {here['published_id']}"


def published_keeps_every_rule(tables: Tables, conference: int) -> Iterator[str]:
    run = published(tables, conference)
    if run is None:
        return
    problem = Problem.unpacked(run["snapshot"])
    chairs = {str(seat["meeting_id"]) for seat in tables["assignment"] if seat["chair"]}
    for broken in verify(problem, plan(tables, run["id"])):
        if broken.rule not in FORGIVEN or broken.facts.get("meeting") not in chairs:
            yield f"published run {run['id']} breaks {broken.rule}: {broken.facts}"


def published(tables: Tables, conference: int) -> Row | None:
    here = next(row for row in tables["conference"] if row["id"] == conference)
    return next((row for row in tables["allocation"] if row["id"] == here["published_id"]), None)


def plan(tables: Tables, run: int) -> Solution:
    """A run's rows in the solver's words."""
    keys = {row["id"]: row["key"] for row in tables["participant"]}
    meetings = [row for row in tables["meeting"] if row["allocation_id"] == run]
    seats = [row for row in tables["assignment"] if row["allocation_id"] == run]
    return Solution(
        Status.FEASIBLE,
        meetings=tuple(
            Meeting(
                str(row["id"]),
                str(row["session_id"]),
                str(row["slot_id"]),
                str(row["room_id"]),
                None if row["second_language"] else row["language"],
            )
            for row in meetings
        ),
        seats=tuple(
            Seat(
                row["chair"] or keys[row["participant_id"]],
                str(row["slot_id"]),
                str(row["meeting_id"]),
                Role(row["role"]),
                row["listens_in"] or row["voices"],
            )
            for row in seats
        ),
    )


def day_of(tables: Tables, conference: int, person: int) -> list[tuple[str, str]]:
    """Title and room of each of her meetings in the published plan, in the order of their rounds.

    None of a session that is not held: her page names no room for it.
    """
    run = published(tables, conference)
    rows = {name: {row["id"]: row for row in tables[name]} for name in ("meeting", "session", "room", "slot")}
    mine = [
        rows["meeting"][seat["meeting_id"]]
        for seat in tables["assignment"]
        if run and seat["allocation_id"] == run["id"] and seat["participant_id"] == person
    ]
    mine = [meeting for meeting in mine if rows["session"][meeting["session_id"]]["state"] == "open"]
    mine.sort(key=lambda meeting: rows["slot"][meeting["slot_id"]]["starts"])
    return [(rows["session"][m["session_id"]]["title"]["en"], rows["room"][m["room_id"]]["name"]) for m in mine]


def shown_day(page: str) -> list[tuple[str, str]]:
    """The same as it stands on her page."""
    entry = re.compile(r"<h2>([^<]*)</h2>\s*<p><svg.*?</svg>\s*([^<]*?)\s*</p>", re.DOTALL)
    return [(title.strip(), room.strip()) for title, room in entry.findall(page.partition('class="day"')[2])]


def nobody_erased_is_there(tables: Tables, ledger: Ledger) -> Iterator[str]:
    for name, rows in tables.items():
        words = json.dumps(rows, default=str, ensure_ascii=False)
        yield from (f"{word}, who is erased, stands in {name}" for word in ledger.erased if word in words)


def written(tables: Tables) -> str:
    """A digest of what reading must not change; `passed` notes what the clock has done."""
    kept = {name: rows for name, rows in tables.items() if name not in BESIDE}
    conferences = [{**row, "passed": None} for row in tables["conference"]]
    whole = json.dumps({**kept, "conference": conferences}, default=str, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def is_at_rest(tables: Tables) -> bool:
    """Whether the worker has nothing to do, either."""
    waiting = any(row["state"] in {"waiting", "sending"} for row in tables["message"])
    return not waiting and not any(row["state"] in ACTIVE for row in tables["allocation"])


def audit_is_whole(tables: Tables, key: bytes) -> Iterator[str]:
    """The chain counted anew from the rows, by the description in planner/audit.py."""

    def sealed(*parts: object) -> str:
        return hmac.new(key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()

    chains = defaultdict(list)
    for row in tables["audit_entry"]:
        chains[row["chain"]].append(row)
    heads = {row["chain"]: (row["number"], row["seal"]) for row in tables["audit_head"]}
    if None in chains:
        yield f"{len(chains.pop(None))} entries stand outside the chain"
    for chain, rows in chains.items():
        seal = sealed("begin", chain)
        rows.sort(key=lambda row: row["number"])
        for number, row in enumerate(rows, start=1):
            at = row["happened_at"].isoformat(timespec="microseconds")
            facts = json.dumps(row["facts"], sort_keys=True)
            said = (seal, chain, number, at, row["actor"], row["action"], row["subject"], facts)
            if row["number"] != number or row["digest"] != sealed("entry", *said):
                yield f"audit, chain {chain}: entry {row['number']} does not fit"
            seal = sealed("head", row["digest"])
        if heads.get(chain) != (len(rows), seal):
            yield f"audit, chain {chain}: the head does not fit"
