"""Wishes of a list: whose, by e-mail, name or number; which sessions, by numbers or titles, the most wanted first."""

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, select

from planner import languages, participants
from planner.clock import Clock
from planner.extensions import db
from planner.imports import cells, matching
from planner.imports.columns import Cell, Field, Line
from planner.imports.known import Register, Somebody, everybody, folded, is_cancelled, wished_by_lists
from planner.imports.people import COMMON, FIELDS, Person, Reading
from planner.imports.plan import SKIP, Change, Fate, Option, Plan, Row
from planner.imports.undoing import Stays
from planner.models import (
    Conference,
    ImportBatch,
    ImportedPerson,
    Participant,
    Preference,
    Session,
    SessionRole,
    SessionState,
    Veto,
)
from planner.words import FACTS

WISHES = (
    Field("wish", _l("Wish"), ("Wunsch", "Wünsche", "Wahl", "Wahlen", "Erstwunsch", "Zweitwunsch", "Drittwunsch",
        "Erstwahl", "Zweitwahl", "Drittwahl", "Favorit", "Favoriten", "Priorität", "Prio", "Wish", "Wishes", "Choice",
        "Choices", "Preferences"), ("wunsch", "wünsche", "wahl"), many=True),
    *COMMON,
    *(each for each in FIELDS if each.key == "organisation"),
)  # fmt: skip
REPLACE = "replace"
Saved = tuple[datetime | None, bool]
"""When somebody's wishes were stored, and whether by those who organise."""


class Offer:
    """The sessions that can be wished for, by number and title."""

    def __init__(self, conference: Conference):
        self.all = {row.id: row for row in conference.sessions}
        self.by_word: dict[str, Session] = {}
        for row in self.all.values():
            for title in row.title.values():
                self.by_word[_folded(title)] = row
        self.by_word |= {str(row.number): row for row in self.all.values()}
        self.most = conference.most_favourites
        rows = db.session.execute(
            select(SessionRole.participant_id, SessionRole.session_id)
            .join(Session, Session.id == SessionRole.session_id)
            .where(Session.conference_id == conference.id)
        )
        self.led = {(row.participant_id, row.session_id) for row in rows}
        unwanted = select(Veto.participant_id, Veto.session_id).join(Session, Session.id == Veto.session_id)
        found = db.session.execute(unwanted.where(Session.conference_id == conference.id))
        self.unwanted = {(row.participant_id, row.session_id) for row in found}

    def named(self, ids: Sequence[int]) -> str:
        here = languages.current()
        known = [self.all[id] for id in ids if id in self.all]
        return ", ".join(f"{row.number} {languages.pick(row.title, here)}" for row in known) or "–"

    def read(self, cell: Cell) -> list[tuple[str, Session | None]]:
        """A title may have commas in it, so the whole cell is asked first."""
        whole = self.by_word.get(_folded(cell.text))
        if whole:
            return [(cell.text, whole)]
        words = [word for word in cells.parts(cell.text) if word.casefold() not in cells.NOTHING]
        return [(word, self.by_word.get(_folded(word))) for word in words]


def _folded(word: str) -> str:
    bare = folded(word).strip(" .#")
    return bare.removeprefix("nr.").strip() or bare


def plan(conference: Conference, lines: Sequence[Line], plan: Plan, _reader: str, _clock: Clock) -> Plan:
    """What a list of wishes would change."""
    stored, offer, by_list = everybody(conference), Offer(conference), wished_by_lists(conference)
    register = Register(stored.values())
    bodies = {body.name.casefold(): body.id for body in conference.organisations}
    for line in lines:
        if not line.all("wish"):
            continue
        person = _person(plan, conference, line)
        row = Row(line.number, person.name or person.email or person.external, Fate.OPEN)
        plan.rows.append(row)
        ids = _chosen(plan, line, offer)
        who = _who(plan, person, register, bodies)
        if who is None:
            row.fate = Fate.SKIPPED if plan.answers_skip(line.number) else Fate.OPEN
            continue
        register.taken.add(who.id)
        _compare(plan, row, who, [id for id in ids if (who.id, id) not in offer.led], offer, by_list)
    plan.mark_faulty()
    return plan


def _person(plan: Plan, conference: Conference, line: Line) -> Person:
    """Whoever has no name may be known by her address or number."""
    reading = Reading(conference, plan, [line])
    named = any(line.text(key) for key in ("name", "given", "family"))
    return Person(
        line,
        name=reading.name(line) if named or not (line.text("email") or line.text("external")) else "",
        email=reading.email(line),
        external=reading.short(line, "external"),
        organisation=reading.short(line, "organisation"),
    )


def _chosen(plan: Plan, line: Line, offer: Offer) -> list[int]:
    found: list[int] = []
    for cell in line.all("wish"):
        for word, session in offer.read(cell):
            if session is None:
                plan.fault(line.number, cell.heading, _l("There is no session “%(word)s”.", word=word[:80]))
            elif session.state is SessionState.CANCELLED:
                plan.fault(line.number, cell.heading, _l("Session “%(word)s” is cancelled.", word=word[:80]))
            elif session.id in found:
                plan.fault(line.number, cell.heading, _l("“%(name)s” stands in the list twice.", name=word[:80]))
            else:
                found.append(session.id)
    if len(found) > offer.most:
        sentence = _l("You can choose %(most)s favourites at most. Please remove some.", most=offer.most)
        plan.fault(line.number, line.heading("wish"), sentence)
    return found


def _who(plan: Plan, person: Person, register: Register, bodies: dict[str, int]) -> Somebody | None:
    if not person.name:
        found = register.free(register.by_mail, person.email) or register.free(register.by_key, person.external)
        match = matching.Match(found[0] if found else None, certain=len(found) == 1)
    else:
        body = bodies.get(person.organisation.casefold())
        match = matching.find(person, body, register, knows_organisations=bool(person.organisation))
    line = person.line
    if match.who is None:
        if person.name or person.email or person.external:
            heading = line.heading("name") or line.heading("family") or line.heading("email")
            plan.fault(line.number, heading, _l("Nobody here is called that. Please take in the list of people first."))
        return None
    if match.certain:
        return match.who
    called = ", ".join(part for part in (match.who.facts["name"], match.who.facts["email"]) if part)
    text = _l("Line %(line)s, “%(name)s”: is it %(who)s?", line=line.number, name=person.name, who=called)
    options: list[Option] = [(matching.SAME, _l("yes")), (SKIP, _l("leave this line out"))]
    answer = plan.ask(f"person:{line.number}", "person", text, options, line.number)
    return match.who if answer == matching.SAME else None


def _compare(
    plan: Plan, row: Row, who: Somebody, ids: list[int], offer: Offer, by_list: dict[int, list[list[int]]]
) -> None:
    row.target, row.title = who.id, row.title or who.facts["name"]
    before = who.facts["wishes"]
    if before == ids:
        row.fate = Fate.SAME
        return
    if is_cancelled(who):
        row.fate = Fate.SKIPPED
        row.notes.append(_l("She has cancelled: that stays."))
        return
    unwanted = [id for id in ids if (who.id, id) in offer.unwanted]
    if unwanted:  # why not is hers alone: organisers are not shown what somebody does not want
        sentence = _l("“%(word)s” does not fit what she told us herself.", word=offer.named(unwanted))
        plan.fault(row.line, "", sentence)
    row.before = {"wishes": before}
    row.changes = [Change(FACTS["wishes"], offer.named(before) if before else "", offer.named(ids))]
    if before and before not in by_list.get(who.id, []):
        text = _l("Line %(line)s, “%(name)s” has chosen herself. What counts?", line=row.line, name=row.title)
        options: list[Option] = [(SKIP, _l("what she chose: leave this line out")), (REPLACE, _l("this list"))]
        answer = plan.ask(f"own:{row.line}", "own", text, options, row.line)
        if answer != REPLACE:
            row.fate = Fate.SKIPPED if answer else Fate.OPEN
            return
    row.fate, row.values = (Fate.CHANGED if before else Fate.NEW), {"wishes": ids}


def take(_conference: Conference, plan: Plan, batch: ImportBatch, _consent: str, now: datetime) -> None:
    """Replace the lists of these people; the caller holds the conference alone."""
    rows = {row.target or 0: row for row in plan.doing()}
    people = _people(batch.conference, rows)
    told = [
        {
            "batch_id": batch.id,
            "participant_id": id,
            "is_new": False,
            "before": _wished(person),
            "after": rows[id].values,
        }
        for id, person in people.items()
    ]
    if told:
        db.session.execute(insert(ImportedPerson), told)
    db.session.expire(batch, ["people"])
    lists = {id: row.values["wishes"] for id, row in rows.items()}
    _replace(lists, people, {id: (now if wishes else None, True) for id, wishes in lists.items()})


def _wished(person: Participant) -> dict[str, Any]:
    return {
        "wishes": [wish.session_id for wish in person.preferences],
        "saved_at": person.wishes_saved_at and person.wishes_saved_at.isoformat(),
        "entered": person.wishes_entered,
    }


def _people(conference: Conference, ids: Container[int]) -> dict[int, Participant]:
    return {person.id: person for person in participants.listed(conference) if person.id in ids}


def _replace(lists: dict[int, list[int]], people: dict[int, Participant], saved: dict[int, Saved]) -> None:
    db.session.flush()
    gone = delete(Preference).where(Preference.participant_id.in_(list(lists)))
    db.session.execute(gone.execution_options(synchronize_session=False))
    rows = [
        {"participant_id": id, "session_id": session, "rank": rank}
        for id, sessions in lists.items()
        for rank, session in enumerate(sessions, start=1)
    ]
    if rows:
        db.session.execute(insert(Preference), rows)
    for id, person in people.items():
        person.revision += 1  # whoever has the form open sees both versions
        person.wishes_saved_at, person.wishes_entered = saved[id]
        db.session.expire(person, ["preferences"])


def _saved(before: dict[str, Any]) -> Saved:
    at = before.get("saved_at")
    return (datetime.fromisoformat(at) if at else None), bool(before.get("entered"))


def undo(batch: ImportBatch, _now: datetime, _actor: str) -> list[Stays]:
    """Set back every list that is still as it was taken in."""
    ours = {row.participant_id: row for row in batch.people}
    people, stays, back = _people(batch.conference, ours), [], {}
    known = {row.id for row in batch.conference.sessions}
    for id, person in people.items():
        if [wish.session_id for wish in person.preferences] == ours[id].after["wishes"]:
            back[id] = [session for session in ours[id].before["wishes"] if session in known]
        else:
            stays.append(Stays(person.name, _l("was changed since")))
    _replace(back, {id: people[id] for id in back}, {id: _saved(ours[id].before) for id in back})
    return stays
