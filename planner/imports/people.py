"""People of a list: who each row is, and what it says of her."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from planner import languages
from planner.imports import cells
from planner.imports.columns import Cell, Field, Line, plain
from planner.imports.plan import SKIP, Plan
from planner.models import Conference, Level, NeedKind, ParticipantState
from planner.texts import tidy_line
from planner.words import LEVELS, NEEDS, PARTICIPANT_STATES, TONGUES

Told = TypeVar("Told")
COMMON = (
    Field("name", _l("Name"), ("Name", "Vor- und Nachname", "Vorname Nachname", "Nachname, Vorname", "Teilnehmer",
        "Teilnehmerin", "Teilnehmende", "Teilnehmer/in", "Teilnehmername", "Person", "Anzeigename", "Full name",
        "Display name", "Attendee", "Participant"), ("heißen", "heißt", "name", "namen")),
    Field("given", _l("First name"), ("Vorname", "Vornamen", "Rufname", "First name", "Firstname", "Given name"),
        ("vorname", "vornamen")),
    Field("family", _l("Family name"), ("Nachname", "Familienname", "Zuname", "Last name", "Lastname", "Surname",
        "Family name"), ("nachname", "familienname")),
    Field("email", _l("E-mail"), ("E-Mail", "Mail", "E-Mail-Adresse", "Emailadresse", "Mailadresse", "E-Mail Address",
        "email address", "Kontakt"), ("mail", "email")),
    Field("external", _l("Number in your list"), ("Nr", "Nr.", "ID", "Nummer", "Kennung", "Interne ID-Nummer",
        "Schülernummer", "Personalnummer", "Teilnehmernummer", "Key", "Token")),
)  # fmt: skip
FIELDS = (
    *COMMON,
    Field("organisation", _l("Organisation"), ("Organisation", "Einrichtung", "Institution", "Firma", "Verein",
        "Träger", "Träger/Einrichtung", "Dienststelle", "Arbeitgeber", "Company", "Organization", "Verband",
        "Verein/Organisation", "Organisation/Einrichtung"), ("organisation", "einrichtung", "organization")),
    Field("group", _l("Group"), ("Gruppe", "Kategorie", "Akteursgruppe", "Art der Organisation", "Group", "Category",
        "Bereich", "Personengruppe"), ("gruppe", "personengruppe")),
    Field("languages", _l("Languages, several in one cell"), ("Sprachen", "Sprache", "Sprachkenntnisse", "Languages",
        "Language", "Language skills", "speaks"), ("sprachen", "sprache", "sprechen", "languages"), many=True),
    *(Field(f"language:{code}", LazyString(languages.name_of, code)) for code in TONGUES),
    Field("needs", _l("Needs"), ("Bedarf", "Bedarfe", "Besondere Bedarfe", "Unterstützungsbedarf", "Barrierefreiheit",
        "Unterstützung", "Needs", "Special needs", "Access needs"),
        ("bedarf", "bedarfe", "unterstützung", "barrierefreiheit", "barrierefrei", "needs"), many=True),
    Field("state", _l("State"), ("Status", "Stand", "Anmeldestatus", "Antwort", "Zusage", "State", "Response")),
    Field("absent", _l("Not there in"), ("Abwesend", "Nicht da in", "Fehlt in", "Away", "Absent")),
    Field("locale", _l("Language of her pages"), ("Sprache der Seiten", "Korrespondenzsprache", "Locale")),
    Field("attribute", _l("Keep as it is: class, year, job"), ("Klasse", "Jahrgang", "Stufe", "Class"), many=True),
)  # fmt: skip
LONGEST = {"name": 120, "email": 254, "organisation": 200, "external": 80, "group": 80}
FAMILY_FIRST = re.compile(r"[^,]+, ?[^,]+")


@dataclass
class Person:
    """What one line says; nothing where it says nothing."""

    line: Line
    name: str = ""
    email: str = ""
    external: str = ""
    organisation: str = ""
    group: str = ""
    languages: dict[str, Level] = field(default_factory=dict)
    needs: list[NeedKind] = field(default_factory=list)
    state: ParticipantState | None = None
    absent: list[int] | None = None
    locale: str = ""
    attributes: dict[str, str] = field(default_factory=dict)


def with_tongues(fields: Sequence[Field]) -> list[Field]:
    """A column may be headed by one language; its names are those of the cells."""
    names: dict[str, list[str]] = {}
    for name, code in cells.tongues().items():
        names.setdefault(code, []).append(name)
    return [
        Field(each.key, each.label, tuple(n for n in names[each.key[9:]] if len(n) > 2), (), each.many)
        if each.key.startswith("language:")
        else each
        for each in fields
    ]


class Reading:
    """Reads the lines of one list into people, and notes what is wrong or unknown in the plan."""

    def __init__(self, conference: Conference, plan: Plan, lines: Sequence[Line]):
        self.plan, self.lines = plan, lines
        self.slots = {plain(title): slot.id for slot in conference.slots for title in slot.title.values()}
        self.slots |= {str(number): slot.id for number, slot in enumerate(conference.slots, start=1)}
        names = [text for line in lines if (text := line.text("name"))]
        commas = sum(bool(FAMILY_FIRST.fullmatch(name)) for name in names)
        self.family_first = commas * 10 > len(names) * 6

    def people(self) -> Iterator[Person]:
        for line in self.lines:
            yield self.person(line)

    def person(self, line: Line) -> Person:
        found = Person(line, name=self.name(line), email=self.email(line))
        found.external = self.short(line, "external")
        found.organisation, found.group = self.short(line, "organisation"), self.short(line, "group")
        self.languages(line, found)
        self.needs(line, found)
        found.state = self.state(line)
        found.absent = self.absent(line)
        found.locale = self.locale(line)
        found.attributes = {tidy_line(cell.heading)[:60]: tidy_line(cell.text)[:200] for cell in line.all("attribute")}
        return found

    def name(self, line: Line) -> str:
        whole = tidy_line(line.text("name"))
        if self.family_first and FAMILY_FIRST.fullmatch(whole):
            family, _comma, given = whole.partition(",")
            whole = f"{given.strip()} {family.strip()}"
        name = whole or tidy_line(f"{line.text('given')} {line.text('family')}")
        if not name:
            heading = line.heading("name") or line.heading("family")
            self.plan.fault(line.number, heading, _l("There is no name. Every line needs one."))
        return self._fits(line, "name", name)

    def email(self, line: Line) -> str:
        typed = tidy_line(line.text("email")).removeprefix("mailto:").strip("<> ")
        typed = typed.partition("<")[2].strip("> ") or typed
        if not typed:
            return ""
        try:
            return validate_email(typed, check_deliverability=False).normalized
        except EmailNotValidError:
            sentence = _l("“%(word)s” is no e-mail address.", word=typed[:80])
            self.plan.fault(line.number, line.heading("email"), sentence)
            return ""

    def short(self, line: Line, key: str) -> str:
        return self._fits(line, key, tidy_line(line.text(key)))

    def _fits(self, line: Line, key: str, text: str) -> str:
        if len(text) > LONGEST[key]:
            sentence = _l("This is too long: %(most)s characters at most.", most=LONGEST[key])
            self.plan.fault(line.number, line.heading(key), sentence)
        return text[: LONGEST[key]]

    def languages(self, line: Line, found: Person) -> None:
        for cell in line.all("languages"):
            said = ticked(cell, cells.languages)
            known, unknown = said if said else cells.languages(cell.text)
            found.languages |= known
            for word in unknown:
                code = self.plan.ask_word(
                    line.number, cell, word, "language", [(c, languages.name_of(c)) for c in TONGUES]
                )
                if code and code != SKIP:
                    found.languages[code] = cells.level_of([plain(each) for each in word.split()])
        for code in TONGUES:
            for cell in line.all(f"language:{code}"):
                try:
                    level = cells.level(cell.text)
                except ValueError:
                    levels: list[tuple[str, object]] = [(key, label) for key, label in LEVELS.items()]
                    answer = self.plan.ask_word(line.number, cell, cell.text, "level", levels)
                    level = Level(answer) if answer and answer != SKIP else None
                if level:
                    found.languages[code] = level

    def needs(self, line: Line, found: Person) -> None:
        for cell in line.all("needs"):
            kinds, unknown = ticked(cell, cells.needs) or cells.needs(cell.text)
            found.needs += [kind for kind in kinds if kind not in found.needs]
            for word in unknown:
                answer = self.plan.ask_word(line.number, cell, word, "need", list(NEEDS.items()))
                if answer and answer != SKIP:
                    found.needs.append(NeedKind(answer))

    def state(self, line: Line) -> ParticipantState | None:
        for cell in line.all("state"):
            known = cells.state(cell.text)
            if known:
                return known
            answer = self.plan.ask_word(
                line.number,
                cell,
                cell.text,
                "state",
                [(key, label) for key, (label, _tone) in PARTICIPANT_STATES.items()],
            )
            return ParticipantState(answer) if answer and answer != SKIP else None
        return None

    def absent(self, line: Line) -> list[int] | None:
        if not line.cells.get("absent"):
            return None
        found = []
        for cell in line.all("absent"):
            for word in cells.parts(cell.text):
                slot = self.slots.get(plain(word))
                if slot:
                    found.append(slot)
                elif word.casefold() not in cells.NOTHING:
                    self.plan.fault(line.number, cell.heading, _l("There is no round “%(word)s”.", word=word[:80]))
        return sorted(set(found))

    def locale(self, line: Line) -> str:
        word = plain(line.text("locale"))
        return cells.tongues().get(word, "") or (word[:2] if word[:2] in TONGUES else "")


def ticked(cell: Cell, reads: Callable[[str], Told]) -> Told | None:
    """ "Sprachen [Arabisch]: Ja", as forms with several ticks write it: the heading says what, the cell whether."""
    inside = re.search(r"[\[(](.+?)[\])]", cell.heading)
    if not inside or cell.text.casefold() not in cells.YES | cells.NOTHING:
        return None
    return reads(inside[1]) if cells.yes(cell.text) else reads("")
