"""Rounds of a list, most of all of a schedule: which are new, which are ours, and what does not fit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from planner import dates, languages, locks, session_rules
from planner.clock import Clock
from planner.extensions import db
from planner.imports import times
from planner.imports.columns import Field, Line
from planner.imports.plan import MAKE, SKIP, Change, Fate, Option, Plan, Row
from planner.imports.times import Round
from planner.imports.undoing import Stays
from planner.models import (
    Absence,
    Commitment,
    Conference,
    ImportBatch,
    ImportedThing,
    Meeting,
    Placement,
    RoomClosure,
    SessionClosure,
    Slot,
)

Values = dict[str, Any]
MOVE = "move"
MOST = 100
"""Rounds that one list may add."""
FIELDS = (
    Field("title", _l("Title"), ("Titel", "Runde", "Name", "Round", "Slot", "Title")),
    Field("day", _l("Day"), ("Tag", "Datum", "Erster Tag", "Beginn am", "Day", "Date", "First day")),
    Field("until", _l("Last day, if there are several"), ("Letzter Tag", "Bis Tag", "Ende am", "Last day")),
    Field("begins", _l("From"), ("Von", "Beginn", "Uhrzeit", "Start", "From", "Starts", "Begin")),
    Field("finishes", _l("To"), ("Bis", "Ende", "Schluss", "To", "Until", "Ends", "End")),
    Field("held", _l("How much is held then")),
    Field("about", _l("What is held then")),
)
RESTS = (
    Meeting.slot_id,
    Placement.slot_id,
    RoomClosure.slot_id,
    Absence.slot_id,
    SessionClosure.slot_id,
    Commitment.slot_id,
)
"""What rests on a round, and would go with it without a word."""


def plan(conference: Conference, lines: Sequence[Line], plan: Plan, _reader: str, _clock: Clock) -> Plan:
    """A row for each line; the rounds that are there are known by their times, then by their titles."""
    read = {each.line: each for each in times.read(conference, lines, plan)}
    Comparison(conference, plan, read).run()
    unread = [line for line in lines if line.number not in read]
    plan.rows += [Row(line.number, line.text("title") or line.text("begins"), Fate.FAULTY) for line in unread]
    plan.rows.sort(key=lambda row: row.line)
    if plan.count(Fate.NEW) > MOST:
        plan.fault_of_many("rounds", plan.rows[0].line, _l("These are more than %(most)s rounds.", most=MOST))
    plan.mark_faulty()
    return plan


class Comparison:
    """Holds what all rows need: the rounds that are there, and of those the ones that no row is yet."""

    def __init__(self, conference: Conference, plan: Plan, read: Mapping[int, Round]):
        self.conference, self.plan, self.read = conference, plan, read
        self.free = {slot.id: (slot, times.pieces(slot, conference)) for slot in conference.slots}
        self.beaten = times.beaten(conference, list(read.values()))
        self.several = any(each.held > 1 for each in read.values())
        self.titles = _titles(conference)

    def run(self) -> None:
        """Those that are certainly one of ours first, so that no other is taken for it."""
        rows = sorted(self.read.values(), key=lambda each: each.starts)
        ours = {each.line: slot for each in rows if (slot := self._same(each))}
        self.plan.rows += [self._row(each, ours.get(each.line)) for each in rows]

    def _same(self, each: Round) -> Slot | None:
        if each.line in self.beaten:
            return None
        title, slots = each.title.casefold(), [slot for slot, _pieces in self.free.values()]
        found = next((slot for slot in slots if (slot.starts, slot.ends) == (each.starts, each.ends)), None)
        if found is None and title:
            found = next((slot for slot in slots if title in map(str.casefold, slot.title.values())), None)
        if found:
            del self.free[found.id]
        return found

    def _row(self, each: Round, slot: Slot | None) -> Row:
        row = Row(each.line, each.title or dates.when(each, self.conference), Fate.NEW)
        if each.line in self.beaten:
            when = dates.when(self.read[self.beaten[each.line]], self.conference)
            row.fate = Fate.SKIPPED
            row.notes.append(_l("It overlaps with this time: %(when)s.", when=when))
        elif slot is None and not self._is_a_round(each):
            row.fate = Fate.SKIPPED
        else:
            slot = slot or self._in_its_place(each, row)
            if row.fate is Fate.NEW:
                self._fill(row, each, slot)
        if each.about:
            row.notes.append(_l("Held then: %(what)s", what=each.about))
        return row

    def _is_a_round(self, each: Round) -> bool:
        """Where a schedule has one thing alone, while several go on at other times, it is most often for all."""
        if each.held != 1 or not self.several:
            return True
        text = _l(
            "%(when)s: “%(what)s” stands alone. Is this a round?",
            when=dates.when(each, self.conference),
            what=each.about,
        )
        options: list[Option] = [(SKIP, _l("no: leave it out")), (MAKE, _l("yes, it is a round"))]
        return self.plan.ask(f"alone:{each.line}", "alone", text, options, each.line, SKIP) == MAKE

    def _in_its_place(self, each: Round, row: Row) -> Slot | None:
        """The round of ours that this one is instead of, if the organiser says so; what has no room is a mistake."""
        wanted = times.pieces(each, self.conference)
        here = [slot for slot, own in self.free.values() if times.overlap(own, wanted)]
        if not here:
            return None
        names = [languages.pick(slot.title, languages.current()) for slot in here]
        if len(here) > 1:
            text = _l("There are rounds already at this time: %(names)s.", names=languages.in_a_row(names))
            self.plan.fault(each.line, "", text)
            return None
        text = _l(
            "%(when)s: at this time there is “%(name)s” already (%(before)s). What is right?",
            when=dates.when(each, self.conference),
            name=names[0],
            before=dates.when(here[0], self.conference),
        )
        options: list[Option] = [(MOVE, _l("move that round to this time")), (SKIP, _l("leave this line out"))]
        answer = self.plan.ask(f"place:{each.line}", "place", text, options, each.line)
        if answer == MOVE:
            del self.free[here[0].id]
            return here[0]
        row.fate = Fate.SKIPPED if answer else Fate.OPEN
        return None

    def _fill(self, row: Row, each: Round, slot: Slot | None) -> None:
        values: Values = {"starts": each.starts.isoformat(), "ends": each.ends.isoformat()}
        here, when = self.conference.language, dates.when(each, self.conference)
        if slot is None:
            values["title"] = {here: each.title} if each.title else next(self.titles)
            row.values, row.title = values, languages.pick(values["title"], languages.current())
            row.changes.append(Change(_l("When"), "", when))
        else:
            stored = facts(slot)
            if each.title and each.title not in slot.title.values():
                values["title"] = {**slot.title, here: each.title}
                row.changes.append(Change(_l("Title"), languages.pick(slot.title, here), each.title))
            row.target, row.title = slot.id, languages.pick(slot.title, languages.current())
            row.values = {key: value for key, value in values.items() if stored[key] != value}
            row.before = {key: stored[key] for key in row.values}
            row.fate = Fate.CHANGED if row.values else Fate.SAME
            if {"starts", "ends"} & set(row.values):
                row.changes.append(Change(_l("When"), dates.when(slot, self.conference), when))
        if not self._is_within_the_days(each):
            row.notes.append(_l("This is outside the days of the conference: please check these under “Settings”."))

    def _is_within_the_days(self, each: Round) -> bool:
        first, last, starts, ends = (
            dates.local(moment, self.conference).date()
            for moment in (self.conference.day_starts, self.conference.day_ends, each.starts, each.ends)
        )
        return first <= starts and ends <= last


def _titles(conference: Conference) -> Iterator[dict[str, str]]:
    """ "Round 1", "Round 2", in the conference's languages, without those that are given already."""
    given = {text.casefold() for slot in conference.slots for text in slot.title.values()}
    for number in count(1):
        found = {language: _numbered(number, language) for language in conference.languages}
        if not given & set(map(str.casefold, found.values())):
            yield found


def _numbered(number: int, language: str) -> str:
    with force_locale(language):
        return _("Round %(number)s", number=number)


def facts(slot: Slot) -> Values:
    """What a list may set, as it is stored."""
    return {"title": dict(slot.title), "starts": slot.starts.isoformat(), "ends": slot.ends.isoformat()}


def write(slot: Slot, values: Values) -> None:
    if "title" in values:
        slot.title = values["title"]
    for key in {"starts", "ends"} & set(values):
        setattr(slot, key, datetime.fromisoformat(values[key]))


def take(conference: Conference, plan: Plan, batch: ImportBatch, _consent: str, _now: datetime) -> None:
    """Write what the plan says; the caller holds the conference alone."""
    stored = {slot.id: slot for slot in conference.slots}
    for each in plan.doing():
        slot = stored[each.target] if each.target else Slot(conference_id=conference.id)
        before = {key: value for key, value in facts(slot).items() if key in each.values} if each.target else {}
        write(slot, each.values)
        db.session.add(slot)
        db.session.flush()
        made = {"kind": "slot", "row_id": slot.id, "is_new": not each.target}
        batch.things.append(ImportedThing(**made, before=before, after=each.values))


def undo(batch: ImportBatch, _now: datetime, _actor: str) -> list[Stays]:
    """Take back rounds; where somebody is away, something is placed or which was changed since, they stay."""
    stays: list[Stays] = []
    ours = [thing for thing in batch.things if thing.kind == Slot.__tablename__]
    rows = locks.things(Slot, [thing.row_id for thing in ours])
    used = {id for column in RESTS for id in db.session.scalars(select(column).where(column.in_(rows)).distinct())}
    for thing in ours:
        slot = rows.get(thing.row_id)
        if slot is None:
            continue
        name, now = languages.pick(slot.title, batch.conference.language), facts(slot)
        if any(now[key] != value for key, value in thing.after.items()):
            stays.append(Stays(name, _l("was changed since")))
        elif not thing.is_new:
            write(slot, thing.before)
        elif slot.id in used or session_rules.stranded_without(slot):
            stays.append(Stays(name, _l("is used")))
        else:
            db.session.delete(slot)
            db.session.flush()
            db.session.expire(batch.conference, ["slots"])
    return stays
