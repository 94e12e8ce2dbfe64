"""Who leads a session of a list, and whom it is for: what stands in tables of its own."""

import hashlib
import json
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from planner import languages, programme, session_rules
from planner.extensions import db
from planner.imports import cells
from planner.imports.columns import Cell, Line, plain
from planner.imports.known import folded
from planner.imports.plan import SKIP, Option, Plan
from planner.models import Conference, Duty, Participant, ParticipantState, Session, SessionGroup, SessionRole
from planner.texts import tidy_line

Values = dict[str, Any]
STAFF, GROUPS, MARKS = "leaders", "groups", "open_to"
EMPTY: Values = {STAFF: [], "note_takers": [], GROUPS: [], MARKS: {}}
MOST_NAMES = 20
"""Of a name that is not quite one of ours, so many people who may be meant."""
MOST_NUMBERS = 20
YEAR = re.compile(r"[0-9]{1,3}")
CLASS = re.compile(r"0*([0-9]{1,3}) ?[^\W\d]{1,2}")
RANGE = re.compile(r"([0-9]{1,3}) *(?:-|–|—|bis|to) *([0-9]{1,3})")
BEFORE = re.compile(
    r"^(?:nur |only )?(?:für |for )?(?:klassen?|jahrgangsstufen?|jahrgang|jahrgänge|stufen?|jg\.?|years?) +"
)
EVERYBODY = {"alle", "all", "jeder", "everybody", "everyone"}


def stored(conference: Conference) -> dict[int, Values]:
    """Of each session: who leads it and takes notes, for which groups and of whom it is; two queries at any size."""
    found = {
        session.id: {**EMPTY, STAFF: [], "note_takers": [], GROUPS: [], MARKS: dict(session.open_to)}
        for session in conference.sessions
    }
    roles = select(SessionRole.session_id, SessionRole.duty, SessionRole.participant_id).join(Session)
    for id, duty, person in db.session.execute(roles.where(Session.conference_id == conference.id)):
        found[id][STAFF if duty is Duty.FACILITATOR else "note_takers"].append(person)
    groups = select(SessionGroup.session_id, SessionGroup.group_id).join(Session)
    for id, group in db.session.execute(groups.where(Session.conference_id == conference.id)):
        found[id][GROUPS].append(group)
    for values in found.values():
        values.update({key: sorted(values[key]) for key in (STAFF, "note_takers", GROUPS)})
    return found


def write(session: Session, values: Values) -> None:
    """Set who leads it and for which groups it is, as far as these say so; whoever was erased since is left out.

    Raises what `session_rules.keep` raises.
    """
    if STAFF in values:
        there = set(db.session.scalars(select(Participant.id).where(Participant.id.in_(values[STAFF]))))
        takers = [role.participant_id for role in session.roles if role.duty is Duty.NOTE_TAKER]
        programme.set_staff(session, [id for id in values[STAFF] if id in there], takers)
    if GROUPS in values:
        there = {group.id for group in session.conference.groups}
        groups = [id for id in values[GROUPS] if id in there]
        session_rules.keep(session, replace(session_rules.of(session), groups=groups))


def kept(values: Values) -> Values:
    """As an import remembers them: what is known of people only so that it can be compared."""
    if MARKS not in values:
        return values
    told = json.dumps(values[MARKS], sort_keys=True)
    return {**values, MARKS: hashlib.sha256(told.encode()).hexdigest()[:16]}


class Whom:
    """People, groups and what is known of people, found by the words of a list."""

    def __init__(self, conference: Conference, plan: Plan):
        self.plan = plan
        rows = select(Participant.id, Participant.name).filter_by(conference_id=conference.id)
        coming = rows.where(Participant.state != ParticipantState.CANCELLED).order_by(Participant.name, Participant.id)
        self.people = [(id, name) for id, name in db.session.execute(coming)]
        self.by_name: dict[str, list[tuple[int, str]]] = {}
        for id, name in self.people:
            self.by_name.setdefault(folded(name), []).append((id, name))
        self.groups = {plain(word): row.id for row in conference.groups for word in (*row.title.values(), row.letter)}
        here = languages.current()
        self.titles = {row.id: languages.pick(row.title, here) for row in conference.groups}
        self.marks = session_rules.marks(conference)

    def read(self, line: Line, values: Values) -> None:
        """What the line says of both goes into the values; where it says nothing they stay as they are."""
        leaders = [id for cell in line.all("leaders") for id in self._leaders(line.number, cell)]
        if leaders:
            values[STAFF] = sorted(set(leaders))
        groups: set[int] = set()
        marks: dict[str, set[str]] = {}
        for cell in line.all("only"):
            for word in _audience(cell.text, self.groups):
                self._for(line.number, cell, word, groups, marks)
        if groups and marks:
            text = _l("Please name either groups or what else is known of people, not both.")
            self.plan.fault(line.number, line.heading("only"), text)
        if groups:
            values[GROUPS] = sorted(groups)
        if marks:
            values[MARKS] = {name: sorted(found) for name, found in sorted(marks.items())}

    def written(self, key: str, value: Any) -> str:
        """For the preview."""
        if key == MARKS:
            return "; ".join(f"{name}: {', '.join(values)}" for name, values in value.items())
        names = dict(self.people) if key == STAFF else self.titles
        return ", ".join(names.get(id, "?") for id in value)

    def _leaders(self, line: int, cell: Cell) -> Iterator[int]:
        for name in self._names(tidy_line(cell.text)):
            same = self.by_name.get(folded(name), [])
            if len(same) == 1:
                yield same[0][0]
            elif (answer := self._who(line, cell, name, same)) not in {"", SKIP}:
                yield int(answer)

    def _names(self, text: str) -> Sequence[str]:
        """ "Erika Beispiel", "Beispiel, Erika", or several with signs between them."""
        family, comma, given = text.partition(",")
        for whole in (text, f"{given} {family}" if comma else ""):
            if folded(whole) in self.by_name:
                return [whole]
        return [name for name in cells.parts(text) if name.casefold() not in cells.NOTHING]

    def _who(self, line: int, cell: Cell, name: str, same: Sequence[tuple[int, str]]) -> str:
        """The organiser's answer; where nobody comes near this name, it is left out unless she says otherwise."""
        last = folded(name).rpartition(" ")[2]
        near = same or [each for each in self.people if last in folded(each[1]).split()]
        options: list[Option] = [(str(id), f"{each} ({id})") for id, each in near[:MOST_NAMES]]
        text = _l("“%(word)s” in “%(column)s”: who is it?", word=name[:80], column=cell.heading)
        default = "" if options else SKIP
        return self.plan.ask(f"leader:{folded(name)[:80]}", "leader", text, [*options, (SKIP, NOBODY)], line, default)

    def _for(self, line: int, cell: Cell, word: str, groups: set[int], marks: dict[str, set[str]]) -> None:
        if found := self._groups(word):
            groups.update(found)
        elif known := self._marked(word, cell.heading):
            marks.setdefault(known[0], set()).update(known[1])
        else:
            options = [(f"#{id}", title) for id, title in self.titles.items()]
            answer = self.plan.ask_word(line, cell, word, "audience", options)
            groups.update([int(answer[1:])] if answer.startswith("#") else [])

    def _groups(self, word: str) -> list[int]:
        """The group of this name or letter; and of a number all its classes: "5" means "5a" and "5b", too."""
        key = plain(word)
        return [id for name, id in self.groups.items() if name == key or _is_a_class_of(word, name)]

    def _marked(self, word: str, heading: str) -> tuple[str, list[str]] | None:
        """What is known of people that has this value; rather what is called as the column is."""
        for name in sorted(self.marks, key=lambda each: plain(each) != plain(heading)):
            values = self.marks[name]
            same = [value for value in values if plain(value) == plain(word)]
            if found := same or [value for value in values if _is_a_class_of(word, value)]:
                return name, found
        return None


NOBODY = _l("leave it out")


def _audience(text: str, groups: Container[str]) -> Iterator[str]:
    """The words of a cell; "Klassen 5-7" is three of them, what is for everybody has none; a name may have an "and"."""
    pieces = [text] if plain(text) in groups else re.split(r"[;,\n]", text)
    for part in [word for each in pieces for word in ([each] if plain(each) in groups else cells.parts(each))]:
        word = BEFORE.sub("", tidy_line(part).casefold())
        found = RANGE.fullmatch(word)
        first, last = (int(found[1]), int(found[2])) if found else (0, -1)
        if found and first <= last < first + MOST_NUMBERS:
            yield from map(str, range(first, last + 1))
        elif word not in EVERYBODY | cells.NOTHING:
            yield word if word != part.casefold() else part


def _is_a_class_of(word: str, name: str) -> bool:
    """Whether "05b" or "5 b" belongs to "5"."""
    found = CLASS.fullmatch(name.strip())
    return found is not None and YEAR.fullmatch(word) is not None and found[1] == word.lstrip("0")
