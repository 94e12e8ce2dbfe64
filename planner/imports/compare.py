"""What a list of people would change: new, changed, the same, or to be asked about, row by row."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from planner import languages
from planner.clock import Clock
from planner.imports import matching
from planner.imports.columns import Line
from planner.imports.known import Register, Somebody, everybody, folded, is_cancelled, read_needs
from planner.imports.people import Person, Reading
from planner.imports.plan import MAKE, SENSITIVE, SKIP, Change, Fate, Option, Plan, Row
from planner.models import Conference, ParticipantState
from planner.words import FACTS, LEVELS, NEEDS, PARTICIPANT_STATES

EMPTY = "empty"
MOST_ALIKE = 20
"""Lines of a list that may have one name."""


def people(conference: Conference, lines: Sequence[Line], plan: Plan, reader: str, clock: Clock) -> Plan:
    """The plan of a list of people. Raises Untraced where needs are to be compared and nobody can write that down."""
    stored = everybody(conference)
    read = list(Reading(conference, plan, lines).people())
    comparison = Comparison(conference, plan, stored, read)
    comparison.run()
    comparison.add_needs(reader, clock)
    plan.mark_faulty()
    return plan


class Comparison:
    """Holds what all rows need: who is there, and the names of groups and organisations."""

    def __init__(self, conference: Conference, plan: Plan, stored: Mapping[int, Somebody], read: Sequence[Person]):
        self.conference, self.plan, self.read = conference, plan, read
        self.register = Register(stored.values())
        self.organisations = {body.name.casefold(): body.id for body in conference.organisations}
        self.groups = {
            title.casefold(): group.id for group in conference.groups for title in (*group.title.values(), group.letter)
        }
        here = languages.current()
        self.names: dict[str, dict[Any, object]] = {
            "organisation_id": {body.id: body.name for body in conference.organisations},
            "group_id": {group.id: languages.pick(group.title, here) for group in conference.groups},
            "absences": {slot.id: languages.pick(slot.title, here) for slot in conference.slots},
        }
        self.knows_organisations = any(person.organisation for person in read)
        self.rows: dict[int, Row] = {}
        self.needing: list[tuple[Row, Somebody, list[str]]] = []
        self.doubles = matching.Doubles()

    def run(self) -> None:
        """Those who are certainly somebody first, so that nobody else is taken for them."""
        merged = [person for person in self._named_by_few() if not self._goes_into_an_earlier_one(person)]
        certain: dict[int, Somebody] = {}
        for person in merged:
            match = self._find(person)
            if match.who and match.certain:
                certain[person.line.number] = match.who
                self.register.taken.add(match.who.id)
        for person in merged:
            number = person.line.number
            self.rows[number] = self._row(person, certain[number]) if number in certain else self._asked(person)
        self.plan.rows = [self.rows[number] for number in sorted(self.rows)]

    def _named_by_few(self) -> Iterator[Person]:
        """Without names that too many lines have: nobody could answer for each pair of them whether it is one."""
        alike = Counter(folded(person.name) for person in self.read)
        for person in self.read:
            name, number = folded(person.name), person.line.number
            if not name or alike[name] <= MOST_ALIKE:
                yield person
                continue
            sentence = _l(
                "“%(name)s” is the name in %(count)s lines. Is the right column the name?",
                name=person.name,
                count=alike[name],
            )
            self.plan.fault_of_many(f"alike:{name}", number, sentence)
            self.rows[number] = Row(number, person.name, Fate.FAULTY)

    def _find(self, person: Person) -> matching.Match:
        body = self._organisation(person)
        return matching.find(person, body, self.register, knows_organisations=self.knows_organisations)

    def _goes_into_an_earlier_one(self, person: Person) -> bool:
        first = self.doubles.earlier(person) if person.name else None
        if first is None:
            return False
        who = str(_l("the person of line %(line)s", line=first.line.number))
        answer = matching.ask(self.plan, "double", person, who)
        fate = {"": Fate.OPEN, SKIP: Fate.SKIPPED, matching.SAME: Fate.SKIPPED}.get(answer)
        if answer == matching.SAME:
            matching.merge(first, person)
        if fate:
            self.rows[person.line.number] = Row(person.line.number, person.name, fate)
        return fate is not None

    def _asked(self, person: Person) -> Row:
        """Somebody new, or somebody about whom only the organiser can tell."""
        match = self._find(person)
        if match.who is None:
            return self._row(person, None)
        answer = matching.SAME if match.certain else matching.ask(self.plan, "person", person, self._called(match.who))
        if answer in {"", SKIP}:
            return Row(person.line.number, person.name, Fate.SKIPPED if answer else Fate.OPEN)
        if answer == matching.SAME:
            self.register.taken.add(match.who.id)
        return self._row(person, match.who if answer == matching.SAME else None)

    def _row(self, person: Person, who: Somebody | None) -> Row:
        row = Row(person.line.number, person.name, Fate.NEW)
        values = self._values(person, self._organisation(person), self._group(person), who)
        if who is None:
            row.values = values
            shown = [key for key in values if key not in {"name", "locale"}]
            row.changes = [Change(FACTS[key], "", self._written(key, values[key])) for key in shown]
            return row
        row.target = who.id
        needs = values.pop("needs", [])
        row.values = {key: value for key, value in values.items() if self._differs(who, key, value)}
        row.before = {key: who.facts[key] for key in row.values}
        row.changes = [self._change(who, key, value) for key, value in row.values.items()]
        self._keep_what_she_said(person, who, row)
        if needs and not who.said_herself:
            self.needing.append((row, who, needs))
        return row

    def add_needs(self, reader: str, clock: Clock) -> None:
        """Only of those of whom the list says something that would count is read what they need."""
        read_needs({who.id: who for _row, who, _needs in self.needing}, reader, clock)
        for row, who, needs in self.needing:
            before = [kind.value for kind in who.needs]
            if set(needs) - set(before):
                row.fate = Fate.CHANGED
                row.values["needs"], row.before["needs"] = needs, sorted(before)
                change = Change(FACTS["needs"], self._written("needs", before), self._written("needs", needs))
                row.changes.append(change)

    def _called(self, who: Somebody) -> str:
        body = self.names["organisation_id"].get(who.facts["organisation_id"])
        parts = [who.facts["name"], body, who.facts["email"]]
        return ", ".join(str(part) for part in parts if part)

    def _organisation(self, person: Person) -> int | str | None:
        """Its number, or its name where it is to be made, or nothing."""
        name = person.organisation
        if not name or name.casefold() in self.organisations:
            return self.organisations.get(name.casefold()) if name else None
        options: list[Option] = [(MAKE, _l("add them")), (EMPTY, _l("leave the organisation empty"))]
        text = _l("There are organisations in your list that are not there yet. Add them?")
        if self.plan.ask("organisations", "organisations", text, options, person.line.number, MAKE) != MAKE:
            return None
        return self.plan.make("organisation", name, person.line.number)

    def _group(self, person: Person) -> int | str | None:
        name = person.group
        if not name or name.casefold() in self.groups:
            return self.groups.get(name.casefold()) if name else None
        groups = [(str(id), title) for id, title in self.names["group_id"].items()]
        options: list[Option] = [(MAKE, _l("a new group: add it")), *groups, (EMPTY, _l("no group"))]
        text = _l("The group “%(name)s” is not there yet. What is it?", name=name)
        answer = self.plan.ask(f"group:{name.casefold()}", "group", text, options, person.line.number, MAKE)
        if answer != MAKE:
            return int(answer) if answer.isdigit() else None
        made = self.plan.make("group", name, person.line.number)
        if name.casefold() in self.plan.made["group"]:
            shows = _l("Does the group “%(name)s” show religion or origin?", name=made)
            yes_no: list[Option] = [("no", _l("no")), (SENSITIVE, _l("yes: keep it out of lists for rooms"))]
            self.plan.ask(f"sensitive:{made.casefold()}", "sensitive", shows, yes_no, person.line.number)
        return made

    def _values(
        self, person: Person, organisation: int | str | None, group: int | str | None, who: Somebody | None
    ) -> dict[str, Any]:
        """What the row says, by the names of the columns; what it is silent about is not there and stays."""
        said: dict[str, Any] = {
            "name": person.name,
            "email": person.email,
            "organisation_id": organisation,
            "group_id": group,
            "locale": person.locale or ("" if who else self.conference.language),
            "external_key": person.external,
            "state": person.state.value if person.state else "",
            "languages": {code: level.value for code, level in person.languages.items()},
            "needs": [kind.value for kind in person.needs],
        }
        found = {key: value for key, value in said.items() if value}
        if person.absent is not None:
            found["absences"] = person.absent
        if person.attributes:
            found["attributes"] = {**(who.facts["attributes"] if who else {}), **person.attributes}
        return found

    @staticmethod
    def _differs(who: Somebody, key: str, value: Any) -> bool:
        if key == "state" and is_cancelled(who):
            return False
        return bool(who.facts[key] != value)

    def _keep_what_she_said(self, person: Person, who: Somebody, row: Row) -> None:
        """What somebody told us herself is worth more than a list; whoever has cancelled does not come by a list."""
        own = {"languages", "absences"} & set(row.values) if who.said_herself else set()
        for key in own:
            del row.values[key], row.before[key]
        row.changes = [each for each in row.changes if each.label not in [FACTS[key] for key in own]]
        if own or (who.said_herself and person.needs):
            row.notes.append(_l("She told us languages, needs and rounds herself: that stays."))
        if is_cancelled(who) and person.state not in {None, ParticipantState.CANCELLED}:
            row.notes.append(_l("She has cancelled: that stays."))
        row.fate = Fate.CHANGED if row.values else Fate.SAME

    def _change(self, who: Somebody, key: str, value: Any) -> Change:
        return Change(FACTS[key], self._written(key, who.facts[key]), self._written(key, value))

    def _written(self, key: str, value: Any) -> str:
        if not value:
            return "–"
        if key in {"organisation_id", "group_id"}:
            return str(self.names[key].get(value, value))
        if key == "absences":
            return ", ".join(str(self.names[key].get(id, "")) for id in value)
        if key == "languages":
            said = [(languages.name_of(code), level) for code, level in value.items()]
            return ", ".join(name if level == "speaks" else f"{name} ({LEVELS[level]})" for name, level in said)
        if key == "needs":
            return ", ".join(str(NEEDS[kind]) for kind in value)
        if key == "attributes":
            return ", ".join(f"{name}: {text}" for name, text in value.items())
        if key == "state":
            return str(PARTICIPANT_STATES[value][0])
        return str(value)
