"""What people write into cells, and which headings tell what a column holds."""

import json

import pytest

from planner.imports import cells, people
from planner.imports.batches import NOUNS
from planner.imports.columns import by_headings, heading_of, lines, recognised
from planner.imports.reading import Table, read
from planner.models import ImportKind, Level, NeedKind, ParticipantState

SPEAKS, HALF, HELP = Level.SPEAKS, Level.UNDERSTANDS, Level.NEEDS_HELP


@pytest.mark.parametrize(
    ("text", "found", "unknown"),
    [
        ("Arabisch, etwas Deutsch", {"ar": SPEAKS, "de": HELP}, []),
        ("Deutsch (gut), Englisch", {"de": SPEAKS, "en": SPEAKS}, []),
        ("Deutsch (gut, A2)", {"de": HELP}, []),
        ("Muttersprache Türkisch; Deutsch B1", {"tr": SPEAKS, "de": HALF}, []),
        ("Arabic fluent / German basics", {"ar": SPEAKS, "de": HELP}, []),
        ("kein Deutsch, Farsi", {"fa": SPEAKS}, []),
        ("Українська und العربية", {"uk": SPEAKS, "ar": SPEAKS}, []),
        ("versteht Deutsch", {"de": HALF}, []),
        ("Kurdisch und Deutsch", {"de": SPEAKS}, ["Kurdisch"]),
        ("keine", {}, []),
        ("", {}, []),
    ],
)
def test_languages_are_read_by_word(text: str, found: dict[str, Level], unknown: list[str]) -> None:
    assert cells.languages(text) == (found, unknown)


@pytest.mark.parametrize(
    ("text", "found", "unknown"),
    [
        ("Rollstuhl, Kinderbetreuung", [NeedKind.STEP_FREE, NeedKind.CHILD_CARE], []),
        ("stufenloser Zugang", [NeedKind.STEP_FREE], []),
        ("Gebärdensprache", [NeedKind.SIGN_LANGUAGE], []),
        ("laktosefrei", [], ["laktosefrei"]),
        ("nein", [], []),
    ],
)
def test_needs_are_read_by_word(text: str, found: list[NeedKind], unknown: list[str]) -> None:
    assert cells.needs(text) == (found, unknown)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Zugesagt", ParticipantState.CONFIRMED),
        ("Abgelehnt", ParticipantState.CANCELLED),
        ("Warteliste", ParticipantState.WAITING),
        ("pending", ParticipantState.REGISTERED),
        ("vielleicht", None),
    ],
)
def test_states_are_read_by_word(text: str, state: ParticipantState | None) -> None:
    assert cells.state(text) is state


HEADS = {
    "Excel": ("Name;Vorname;Organisation;E-Mail", "family given organisation email", ""),
    "one field": ("Lfd. Nr.;Name, Vorname;Träger/Einrichtung;Mailadresse", " name organisation email", ""),
    "questions of a form": (
        "Zeitstempel;Wie heißen Sie?;Welche Sprachen sprechen Sie?;Ihre E-Mail?;Welche Einrichtung vertreten Sie?",
        " name languages email organisation",
        "",
    ),
    "ticks of a form": ("Name;Sprachen [Arabisch];Sprachen [Deutsch]", "name languages languages", ""),
    "a column for each language": ("Name;Deutsch;Arabisch", "name language:de language:ar", ""),
    "Outlook": ("First Name;Last Name;Company;E-mail Address", "given family organisation email", "Outlook"),
    "replies of Outlook": ("Name;Teilnahme;Antwort", "name  state", "Outlook"),
    "SchILD": ("Nachname|Vorname|Geburtsdatum|Klasse|Interne ID-Nummer", "family given  attribute external", "SchILD"),
    "IServ": ("Account;Vorname;Nachname;Klasse", "external given family attribute", "IServ"),
    "pretix": (
        "Bestellnummer;Produkt;Teilnehmername;Teilnehmer-E-Mail;Firma;Status",
        "external  name email organisation state",
        "pretix",
    ),
    "LimeSurvey": (
        "id;submitdate;lastpage;startlanguage;Name;Sprachen",
        "external   locale name languages",
        "LimeSurvey",
    ),
    "Microsoft Forms": ("ID;Startzeit;Fertigstellungszeit;E-Mail;Name", "external   email name", "Microsoft Forms"),
    "twice": ("Name;E-Mail;Name;E-Mail", "name email  ", ""),
}


@pytest.mark.parametrize("case", HEADS)
def test_columns_are_recognised(case: str) -> None:
    heads, keys, preset = HEADS[case]
    cells = heads.replace("|", ";").split(";")

    found = by_headings(cells, people.with_tongues(people.FIELDS))

    assert [found.columns.get(at, "") for at in range(len(cells))] == keys.split(" ")
    assert found.preset == preset


def test_a_heading_is_found_below_a_title() -> None:
    rows = [(1, ["Teilnehmerliste Stand 3. Mai", ""]), (3, ["Name", "E-Mail"]), (4, ["Erika", "e@example.org"])]
    table = Table("", rows)

    layout = recognised([Table("Deckblatt", [(1, ["Konferenz"])]), table], people.FIELDS)

    assert (layout.table, layout.heading, layout.columns) == (1, 3, {0: "name", 1: "email"})
    assert [line.text("name") for line in lines(table, layout)] == ["Erika"]


def test_a_list_without_headings_is_read_by_what_it_holds() -> None:
    table = Table("", [(1, ["Erika Beispiel", "erika@example.org"]), (2, ["Hans Muster", ""])])

    layout = recognised([table], people.FIELDS)

    assert layout.columns == {0: "name", 1: "email"}
    assert [line.text("name") for line in lines(table, layout)] == ["Erika Beispiel", "Hans Muster"]


AKPLANNING = {
    "aks": [{"id": 92, "duration": 2, "properties": {}, "info": {"name": "Stuhl", "description": "Worum es geht"}}],
    "rooms": [{"id": 1, "capacity": 40, "info": {"name": "G22A-105"}, "time_constraints": []}],
    "participants": [
        {
            "id": 7,
            "info": {"name": "Erika"},
            "preferences": [
                {"ak_id": 92, "required": False, "preference_score": 1},
                {"ak_id": 3, "required": False, "preference_score": 0},
                {"ak_id": 5, "required": False, "preference_score": 2},
            ],
        }
    ],
}
OURS = {
    "format": "stuhlkreis/1",
    "rooms": [{"id": "aula", "capacity": 40, "features": ["step_free"]}],
    "sessions": [{"id": "s1", "minimum": 4, "maximum": 12, "languages": ["de", "ar"]}],
    "participants": [{"id": "p1", "languages": {"ar": "speaks", "de": "needs_help"}, "favourites": ["s1"]}],
}


PRETALX = {
    "$schema": "https://c3voc.de/schedule/schema.json",
    "schedule": {
        "version": "0.3",
        "conference": {
            "acronym": "demo",
            "rooms": [{"name": "Aula", "slug": "1-aula", "guid": "a-b", "description": "im Hof", "capacity": 40}],
            "tracks": [{"name": "Wohnen", "slug": "1-wohnen", "color": "#000"}],
            "days": [
                {
                    "index": day,
                    "date": f"2026-05-0{day}",
                    "rooms": {
                        "Aula": [
                            {
                                "guid": f"c-{day}",
                                "code": "XYZ",
                                "id": 47110,
                                "date": f"2026-05-0{day}T10:00:00+02:00",
                                "start": "10:00",
                                "duration": "01:30",
                                "room": "Aula",
                                "title": "Wohnungen finden",
                                "track": "Wohnen",
                                "type": "Workshop",
                                "language": "de-formal",
                                "abstract": "Wie wir Wohnungen finden. " * 20,
                                "persons": [{"public_name": "Erika Mustermann", "biography": "lang " * 99}],
                            }
                        ]
                    },
                }
                for day in (1, 2)
            ],
        },
    },
}
"""As pretalx writes a schedule: a talk that is held on two days is one session that is offered twice."""


@pytest.mark.parametrize(
    ("file", "kind", "said"),
    [
        (PRETALX, ImportKind.ROOMS, {"name": "Aula", "capacity_circle": "40", "directions": "im Hof"}),
        (
            PRETALX,
            ImportKind.SESSIONS,
            {"title": "Wohnungen finden", "theme": "Wohnen", "languages": "de", "offered": "2"},
        ),
        (AKPLANNING, ImportKind.SESSIONS, {"number": "92", "title": "Stuhl", "sentence": "Worum es geht"}),
        (AKPLANNING, ImportKind.ROOMS, {"name": "G22A-105", "capacity_circle": "40"}),
        (AKPLANNING, ImportKind.PEOPLE, {"name": "Erika", "external": "7"}),
        (AKPLANNING, ImportKind.WISHES, {"name": "Erika", "external": "7", "wish": "5, 92"}),
        (OURS, ImportKind.ROOMS, {"name": "aula", "capacity_circle": "40", "features": "step_free"}),
        (OURS, ImportKind.SESSIONS, {"title": "s1", "minimum": "4", "maximum": "12", "languages": "de, ar"}),
        (OURS, ImportKind.PEOPLE, {"name": "p1", "language:ar": "speaks", "language:de": "needs_help"}),
        (OURS, ImportKind.WISHES, {"name": "p1", "wish": "s1"}),
    ],
)
def test_a_planning_programs_file_gives_each_kind_of_list(file: object, kind: ImportKind, said: dict[str, str]) -> None:
    noun, tables = NOUNS[kind], read(json.dumps(file).encode()).tables

    layout = recognised(tables, noun.fields(), noun.called)

    (line,) = lines(tables[layout.table], layout)
    assert layout.preset in {"AKPlanning", "Stuhlkreis", "pretalx"}
    assert {key: line.text(key) for key in said} == said


def test_doubled_headings_are_told_apart() -> None:
    table = Table("", [(1, ["Name", "Name", ""]), (2, ["a", "b", "c"])])

    assert heading_of(table, recognised([table], people.FIELDS)) == ["Name", "Name (2)", "C"]
