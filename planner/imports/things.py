"""Rooms and sessions of a list: what each row says and what it would change."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from planner import languages
from planner.clock import Clock
from planner.imports import cells, whom
from planner.imports.columns import Cell, Field, Line
from planner.imports.plan import MAKE, SKIP, Change, Fate, Option, Plan, Row
from planner.models import Conference, Room, Session
from planner.texts import tidy, tidy_line, whole
from planner.words import FEATURES, SEATINGS, TONGUES

Values = dict[str, Any]
ROOMS = (
    Field("name", _l("Name"), ("Raum", "Name", "Raumname", "Raumnummer", "Raum-Nr.", "Room", "info.name"),
        ("raum", "room")),
    Field("capacity_circle", _l("Chairs in a circle"), ("Stühle im Kreis", "Kreis", "Plätze", "Stühle", "Kapazität",
        "Sitzplätze", "Personen", "Größe", "Capacity", "Seats", "Chairs", "capacity_circle"), ("plätze", "kapazität")),
    Field("capacity_rows", _l("Chairs in rows"), ("Stühle in Reihen", "Reihen", "Reihenbestuhlung", "Rows",
        "capacity_rows")),
    Field("seating", _l("How are the chairs placed?"), ("Bestuhlung", "Seating")),
    Field("features", _l("What the room has"), ("Ausstattung", "Merkmale", "Features", "Equipment", "Barrierefreiheit",
        "Barrierefrei"), ("ausstattung",), many=True),
    Field("directions", _l("The way there"), ("Weg", "Wegbeschreibung", "Lage", "Etage", "Directions")),
)  # fmt: skip
SESSIONS = (
    Field("number", _l("No. of the session"), ("Nr", "Nr.", "Nummer", "Number", "ID", "Projektnummer")),
    Field("title", _l("Title"), ("Titel", "Arbeitsgruppe", "Workshop", "Projekt", "Projektname", "AK", "Name", "Thema",
        "Title", "Session", "Proposal title", "info.name"), ("titel", "projekt")),
    Field("sentence", _l("One sentence"), ("Beschreibung", "Kurzbeschreibung", "Satz", "Inhalt", "Description",
        "Abstract", "Sentence"), ("beschreibung",)),
    Field("theme", _l("Theme"), ("Themenfeld", "Track", "Theme", "Bereich", "Kategorie", "Oberthema")),
    Field("minimum", _l("At least so many people"), ("Minimum", "Min", "Mindestens", "Mindestzahl",
        "Mindestteilnehmerzahl", "min")),
    Field("maximum", _l("At most so many people"), ("Maximum", "Max", "Höchstens", "Höchstzahl", "Plätze",
        "Maximalteilnehmerzahl", "Teilnehmerzahl", "max")),
    Field("offered", _l("How often is it offered?"), ("Wie oft", "Angebote", "Durchgänge", "Offered")),
    Field("languages", _l("Languages it may be held in"), ("Sprachen", "Sprache", "Language", "Languages"), many=True),
    Field("features", _l("The room needs"), ("Raumbedarf", "Ausstattung", "Braucht", "Features"), many=True),
    Field("leaders", _l("Who leads it?"), ("Leitung", "Wer leitet?", "Projektleitung", "Gruppenleitung", "Moderation",
        "Leiterin", "Leiter", "Leiter/in", "Lehrkraft", "Lehrkräfte", "Betreuung", "Referentin", "Referent",
        "Referierende", "Facilitator", "Facilitators", "Leader", "Leaders"), ("leitung", "leitet"), many=True),
    Field("only", _l("Only for these groups"), ("Nur für", "Für wen", "Zielgruppe", "Klassen", "Klasse", "Jahrgang",
        "Jahrgänge", "Jahrgangsstufe", "Jahrgangsstufen", "Stufen", "Only for", "Audience", "Classes"),
        ("klassen", "jahrgänge"), many=True),
)  # fmt: skip
NUMBERS = {
    "capacity_circle": (0, 1000),
    "capacity_rows": (0, 3000),
    "number": (1, 9999),
    "minimum": (0, 500),
    "maximum": (1, 500),
    "offered": (1, 20),
}


def labels(fields: Sequence[Field]) -> Callable[[], list[tuple[str, str]]]:
    return lambda: [(each.key, str(each.label)) for each in fields]


@dataclass
class Reader:
    """Reads the cells of one line; mistakes and questions go into the plan."""

    conference: Conference
    plan: Plan
    line: Line
    found: Values = field(default_factory=dict)

    def text(self, key: str, longest: int, into: str = "") -> None:
        text = tidy_line(self.line.text(key)) if longest < 1000 else tidy(self.line.text(key))
        if len(text) > longest:
            sentence = _l("This is too long: %(most)s characters at most.", most=longest)
            self.plan.fault(self.line.number, self.line.heading(key), sentence)
        elif text:
            self.found[into or key] = text

    def number(self, key: str) -> None:
        least, most = NUMBERS[key]
        for cell in self.line.all(key)[:1]:
            try:
                number = whole(cell.text)
            except ValueError:
                number = -1
            if least <= number <= most:
                self.found[key] = number
            else:
                sentence = _l("Please choose a number from %(least)s to %(most)s.", least=least, most=most)
                self.plan.fault(self.line.number, cell.heading, sentence)

    def features(self) -> None:
        for cell in self.line.all("features"):
            kinds, unknown = _ticked(cell) or cells.features(cell.text)
            self.found["features"] = list(dict.fromkeys([*self.found.get("features", ()), *kinds]))
            for word in unknown:
                answer = self.plan.ask_word(self.line.number, cell, word, "feature", list(FEATURES.items()))
                if answer and answer != SKIP:
                    self.found["features"].append(answer)

    def languages(self) -> None:
        for cell in self.line.all("languages"):
            known, unknown = cells.languages(cell.text)
            codes = [*known]
            for word in unknown:
                answer = self.plan.ask_word(
                    self.line.number, cell, word, "language", [(code, languages.name_of(code)) for code in TONGUES]
                )
                codes += [answer] if answer and answer != SKIP else []
            if codes:
                self.found["languages"] = sorted({*self.found.get("languages", ()), *codes})


def _ticked(cell: Cell) -> tuple[list[str], list[str]] | None:
    """A column of its own, "Barrierefrei": yes or no."""
    if cell.text.casefold() not in cells.YES | cells.NOTHING:
        return None
    return cells.features(cell.heading) if cells.yes(cell.text) else ([], [])


def rooms(conference: Conference, lines: Sequence[Line], plan: Plan, _reader: str, _clock: Clock) -> Plan:
    stored = {row.name.casefold(): row for row in conference.rooms}
    seen: set[str] = set()
    for line in lines:
        each = Reader(conference, plan, line)
        each.text("name", 80)
        each.number("capacity_circle")
        each.number("capacity_rows")
        each.features()
        each.text("directions", 200)
        seating = cells.seating(line.text("seating"))
        values = each.found | ({"seating": seating.value} if seating else {})
        name = values.get("name", "")
        row = stored.get(name.casefold())
        if not name:
            plan.fault(line.number, line.heading("name"), _l("There is no name. Every line needs one."))
        elif row is None:
            _seated(plan, line, values)
        _compare(conference, plan, line, name, row, values, seen)
    return _ended(plan)


def _seated(plan: Plan, line: Line, values: Values) -> None:
    """A new room's chairs stand as the list has numbers for them."""
    values.setdefault("seating", "circle" if values.get("capacity_circle") else "rows")
    if not values.get(f"capacity_{values['seating']}"):
        heading = line.heading("capacity_circle") or line.heading("capacity_rows")
        plan.fault(line.number, heading, _l("Please say how many chairs there are."))


def sessions(conference: Conference, lines: Sequence[Line], plan: Plan, _reader: str, _clock: Clock) -> Plan:
    numbers = {row.number: row for row in conference.sessions}
    titles = {text.casefold(): row for row in conference.sessions for text in row.title.values()}
    themes = {text.casefold(): row.id for row in conference.themes for text in row.title.values()}
    given: set[int] = set()
    seen: set[str] = set()
    people, further = whom.Whom(conference, plan), whom.stored(conference)
    for line in lines:
        each = Reader(conference, plan, line)
        each.text("title", 120)
        each.text("sentence", 300)
        for key in ("minimum", "maximum", "offered"):
            each.number(key)
        each.languages()
        each.features()
        values = each.found
        people.read(line, values)
        title = values.get("title", "")
        number = _numbered(line.text("number"))
        row = numbers.get(number)
        row = row if row and title.casefold() in {text.casefold() for text in row.title.values()} else None
        row = row or titles.get(title.casefold())
        if not title:
            plan.fault(line.number, line.heading("title"), _l("There is no title. Every line needs one."))
        if row is None and number in given:
            plan.fault(line.number, line.heading("number"), _l("“%(name)s” stands in the list twice.", name=number))
        elif row is None and number and number not in numbers:
            values["number"] = number
            given.add(number)
        _theme(plan, line, values, themes)
        least = values.get("minimum", row.minimum if row else 0)
        if least > values.get("maximum", row.maximum if row else max(20, least)):
            plan.fault(line.number, line.heading("maximum"), _l("This must not be smaller than the minimum."))
        _compare(conference, plan, line, title, row, values, seen, further, people)
    return _ended(plan)


def _numbered(word: str) -> int:
    """Its number; 0 where the cell holds none, for many lists have signs of their own there."""
    least, most = NUMBERS["number"]
    try:
        number = whole(word)
    except ValueError:
        return 0
    return number if least <= number <= most else 0


def _theme(plan: Plan, line: Line, values: Values, themes: Mapping[str, int]) -> None:
    name = tidy_line(line.text("theme"))[:80]
    if not name:
        return
    known = themes.get(name.casefold())
    options: list[Option] = [(MAKE, _l("a new theme: add it")), ("empty", _l("no theme"))]
    text = _l("The theme “%(name)s” is not there yet. Add it?", name=name)
    if known:
        values["theme_id"] = known
    elif plan.ask(f"theme:{name.casefold()}", "theme", text, options, line.number, MAKE) == MAKE:
        values["theme_id"] = plan.make("theme", name, line.number)


def _compare(
    conference: Conference,
    plan: Plan,
    line: Line,
    title: str,
    row: Room | Session | None,
    values: Values,
    seen: set[str],
    further: Mapping[int, Values] | None = None,
    people: whom.Whom | None = None,
) -> None:
    """New, changed or the same; a second line about the same thing is a mistake. `seen` are the earlier ones,
    `further` what is stored of each row in other tables, and `people` can name it.
    """
    if title and title.casefold() in seen:
        plan.fault(line.number, "", _l("“%(name)s” stands in the list twice.", name=title[:80]))
    before = facts(row, conference) | (further or {}).get(row.id, {}) if row else {}

    def told(key: str, value: Any) -> str:
        if people and key in whom.EMPTY:
            return people.written(key, value) or "–"
        return written(conference, key, value)

    values = {key: value for key, value in values.items() if before.get(key) != value} if row else values
    fate = Fate.NEW if row is None else Fate.CHANGED if values else Fate.SAME
    changes = [
        Change(labels_of(key), told(key, before.get(key)) if row else "", told(key, value))
        for key, value in values.items()
        if key not in {"name", "title"} or row
    ]
    seen.add(title.casefold())
    target, stored = (row.id, {key: before.get(key) for key in values}) if row else (None, {})
    plan.rows.append(Row(line.number, title, fate, target, values, stored, changes))


def labels_of(key: str) -> object:
    names = {each.key: each.label for each in (*ROOMS, *SESSIONS)}
    return names[{"theme_id": "theme", whom.GROUPS: "only", whom.MARKS: "only"}.get(key, key)]


def written(conference: Conference, key: str, value: Any) -> str:
    if value in (None, "", []):
        return "–"
    if key == "theme_id":
        titles = {row.id: languages.pick(row.title, languages.current()) for row in conference.themes}
        return str(titles.get(value, value))
    if key == "languages":
        return ", ".join(languages.name_of(code) for code in value)
    if key == "features":
        return ", ".join(str(FEATURES.get(each, each)) for each in value)
    if key == "seating":
        return str(SEATINGS[value])
    return str(value)


def _ended(plan: Plan) -> Plan:
    plan.mark_faulty()
    return plan


def facts(row: Room | Session, conference: Conference) -> Values:
    """What a list may set, as it is stored; texts in the conference's first language."""
    here = conference.language
    if isinstance(row, Room):
        plain_ = ("name", "capacity_circle", "capacity_rows")
        return {
            **{key: getattr(row, key) for key in plain_},
            "seating": row.seating.value,
            "features": list(row.features),
            "directions": languages.pick(row.directions, here),
        }
    return {
        **{key: getattr(row, key) for key in ("number", "theme_id", "minimum", "maximum", "offered")},
        "title": languages.pick(row.title, here),
        "sentence": languages.pick(row.sentence, here),
        "languages": sorted(row.languages),
        "features": list(row.features),
    }
