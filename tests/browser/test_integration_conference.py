"""A conference like Duisburg's from an empty database: a quirky Excel list, ballots, all rules, a whole plan."""

import io
import random
from typing import Any

import openpyxl
import pytest

from tests.browser.planning import Desk, Town, begin, next_monday, table

pytestmark = pytest.mark.browser
HOME = "duisburg"
PEOPLE, ON_PAPER = 120, 12
MOST_CLICKS = 12
GROUPS = ["Wohlfahrtsverbände", "Interreligiöser Dialog", "Flüchtlingsinitiativen", "Gewerkschaften",
    "Jobcenter und Verwaltung", "Engagierte Einzelpersonen"]  # fmt: skip
ARABIC, UKRAINIAN = range(100, 112), range(112, 120)
"""Those who understand only a little German, if any."""
INTERPRETERS = {96: "ar", 97: "ar", 98: "uk", 99: "uk"}
LEADERS = range(12)
SESSIONS = [
    ("Wartezeiten im Sprachkurs", "Sprachförderung"), ("Kinder im Kurs betreuen", "Sprachförderung"),
    ("Sprache am Arbeitsplatz", "Sprachförderung"), ("Erste eigene Wohnung", "Wohnen"), ("Unterkünfte", "Wohnen"),
    ("Vermieter gewinnen", "Wohnen"), ("Plätze in der Kita", "Kita, Schule, Ausbildung"),
    ("Übergang in die Schule", "Kita, Schule, Ausbildung"), ("Ausbildung finden", "Kita, Schule, Ausbildung"),
    ("Zeugnisse anerkennen", "Arbeit"), ("Der erste Job", "Arbeit"), ("Rechte bei der Arbeit", "Arbeit"),
]  # fmt: skip


def named(number: int) -> str:
    return f"Person-{number:03} Beispiel"


def spoken(number: int) -> str:
    if number in INTERPRETERS:
        return f"Deutsch, {'Arabisch' if INTERPRETERS[number] == 'ar' else 'Ukrainisch'}"
    if number in ARABIC:
        return "Arabisch, etwas Deutsch (A2)"
    if number in UKRAINIAN:
        return "Ukrainisch"
    return ("Deutsch", "Deutsch, Englisch gut", "deutsch / türkisch", "")[number % 4]


def workbook() -> dict[str, object]:
    """As offices keep them: a title above, an empty line, two columns for the name, words for needs, a sum below."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Anmeldungen zur Konferenz, Stand 3. Mai"])
    sheet.append([])
    sheet.append(["Nachname", "Vorname", "Träger/Einrichtung", "E-Mail", "Gruppe", "Sprachkenntnisse", "Bedarf"])
    for number in range(PEOPLE):
        given, family = named(number).split()
        need = {5: "Rollstuhl", 17: "Rollstuhl", 44: "Höranlage"}.get(number, "")
        mail = f"{given.lower()}@example.org" if number % 3 else ""
        group = GROUPS[number % 6] if number < 100 else GROUPS[2]
        sheet.append([family, given, f"Verein {number % 15}", mail, group, spoken(number), need])
    data = io.BytesIO()
    book.save(data)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "Anmeldungen.xlsx", "mimeType": kind, "buffer": data.getvalue()}


def sessions() -> list[list[object]]:
    heads: list[object] = ["Nr", "Titel", "Themenfeld", "Min", "Max", "Wie oft", "Leitung"]
    once = {4, 5, 6, 7}
    rows = [
        [number, title, theme, 5, 22, 1 if number in once else 2, named(number - 1)]
        for number, (title, theme) in enumerate(SESSIONS, start=1)
    ]
    return [heads, *rows]


def wished(number: int) -> list[int]:
    dice = random.Random(number)
    return [each for each in dice.sample(range(1, 13), 6) if each != number + 1][:5]


PLACED = """
select participant.name, assignment.slot_id, session.number, json_extract(stakeholder_group.title, '$.de'),
  assignment.role
from assignment join meeting on meeting.id = assignment.meeting_id join session on session.id = meeting.session_id
join participant on participant.id = assignment.participant_id
join stakeholder_group on stakeholder_group.id = participant.group_id
where meeting.allocation_id = (select published_id from conference where slug = ?)
"""


def test_an_integration_conference(town: Town) -> None:
    desk = town.desk(HOME)
    begin(desk, "Flüchtlings- und Integrationskonferenz", "Integrationskonferenz", next_monday(60))
    lists(desk)
    ballots(desk)
    interpreters(desk)
    session_rules(desk)
    rules(desk)
    with desk.step("allocation"):
        result = desk.allocate(30)
        assert "gelöst" in desk.page.inner_text("h1"), result[:3000]
    with desk.step("publishing"):
        desk.publish()

    kept(town.counted(PLACED, HOME))
    assert next(step.clicks for step in desk.steps if step.name == "people") <= MOST_CLICKS


def kept(rows: list[tuple[object, ...]]) -> None:
    """What was entered, counted from the database by this file's own words."""
    where: dict[str, dict[object, object]] = {}
    rounds: dict[object, set[object]] = {}
    in_it: dict[tuple[object, object], list[object]] = {}
    for name, slot, session, group, role in rows:
        where.setdefault(str(name), {})[slot] = session
        rounds.setdefault(session, set()).add(slot)
        if role == "attendee":
            in_it.setdefault((slot, session), []).append(group)
    assert {named(number): len(where.get(named(number), {})) for number in range(PEOPLE)} == {
        named(number): 3 for number in range(PEOPLE)
    }
    assert where[named(20)] == where[named(21)]
    assert not set(where[named(30)].items()) & set(where[named(31)].items())
    assert not rounds[4] & rounds[7]
    assert len(rounds[7]) == 2
    assert min(rounds[6]) > max(rounds[5])
    for (_slot, session), groups in in_it.items():
        assert groups.count(GROUPS[1]) != 1
        assert session != 12 or set(groups) == {GROUPS[3]}
        assert session != 3 or groups.count(GROUPS[4]) <= 6


def lists(desk: Desk) -> None:
    with desk.step("rooms"):
        desk.to("Vorbereiten", "Räume")
        rooms = [
            (number, "ja" if number <= 5 else "nein", "Höranlage" if number == 1 else "") for number in range(1, 11)
        ]
        rows = [[f"Raum {number}", 24, *has] for number, *has in rooms]
        desk.paste(table([["Raum", "Plätze", "Barrierefrei", "Ausstattung"], *rows], "\t"))
        desk.take()
    with desk.step("people"):
        desk.to("Menschen")
        desk.bring(workbook())
        desk.fill("#consent", "Angekreuzt auf der Anmeldung vom 3. Mai.")
        assert f"{PEOPLE} neu" in desk.take()
    with desk.step("sessions"):
        desk.to("Anliegen und", "Arbeitsgruppen")
        desk.paste(table(sessions(), "\t"))
        assert "12 neu" in desk.take()
    with desk.step("wishes"):
        rows = [[named(number), *wished(number)] for number in range(PEOPLE - ON_PAPER) if number not in INTERPRETERS]
        desk.paste_wishes(table([["Name", *(f"{place}. Wunsch" for place in range(1, 6))], *rows], "\t"))
        desk.take()


def ballots(desk: Desk) -> None:
    with desk.step("ballots"):
        desk.to("Menschen", "Wahlzettel")
        for number in range(PEOPLE - ON_PAPER, PEOPLE):
            desk.fill("#line", f"{named(number)}: {', '.join(map(str, wished(number)))}")
            with desk.page.expect_navigation():
                desk.press("Enter")
            desk.page.wait_for_selector(f"ol.plain >> text={named(number)}")


def interpreters(desk: Desk) -> None:
    """Both directions for each, at her ear, so that many can listen."""
    with desk.step("interpreters"):
        for number, language in INTERPRETERS.items():
            desk.to("Menschen")
            desk.fill("#search", named(number))
            desk.press("Enter")
            desk.click(f"main table a:has-text('{named(number)}')")
            desk.click("summary:has-text('Dolmetschen')")
            for row, (source, target) in enumerate(((language, "de"), ("de", language))):
                desk.choose(f"[name=source-{row}]", source)
                desk.choose(f"[name=target-{row}]", target)
                desk.fill(f"[name=most_slots_in_a_row-{row}]", "3")
            desk.click("#form button:has-text('Speichern')")
            desk.page.wait_for_selector("text=Gespeichert")


def on_session(desk: Desk, title: str, change: Any) -> None:
    desk.to("Anliegen und", "Arbeitsgruppen")
    desk.click(f"main table a:has-text('{title}')")
    desk.click("summary:has-text('Wer teilnehmen darf, und wann')")
    change()
    desk.click("#form button:has-text('Speichern')")
    desk.page.wait_for_selector("text=Gespeichert")


def session_rules(desk: Desk) -> None:
    with desk.step("rules of sessions"):
        on_session(desk, "Plätze in der Kita", lambda: desk.fill("#duration", "2"))
        on_session(desk, "Erste eigene Wohnung", lambda: desk.fill("#not_beside", "7"))
        on_session(desk, "Vermieter gewinnen", lambda: desk.fill("#after", "5"))
        on_session(desk, "Rechte bei der Arbeit", lambda: desk.click(f"#groups label:has-text('{GROUPS[3]}')"))


def rules(desk: Desk) -> None:
    with desk.step("rules"):
        rule(desk, "quotas/new", {"#whom": GROUPS[2], "#session_id": "in jedem Termin"}, minimum="1")
        rule(desk, "quotas/new", {"#whom": GROUPS[4], "#session_id": "3. Sprache am Arbeitsplatz"}, maximum="6")
        rule(desk, "protected/new", {"#whom": GROUPS[1]}, least="2")
        rule(desk, "organisations", {}, most="4")
        for kind, people in (("together", (20, 21)), ("apart", (30, 31))):
            agreement(desk, kind, people)
        desk.go("rules/")
        desk.click("main >> text=Streng oder flexibel")
        desk.pick("#quotas_hold", "flexibel: gibt zuerst nach")
        desk.click("#form button:has-text('Speichern')")


def rule(desk: Desk, page: str, picked: dict[str, str], **filled: str) -> None:
    desk.go("rules/")
    desk.click(f"main a[href$='rules/{page}']")
    for target, label in picked.items():
        desk.pick(target, label)
    for name, text in filled.items():
        desk.fill(f"#{name}", text)
    desk.click("#form button:has-text('Speichern')")
    desk.page.wait_for_url("**/rules/")


def agreement(desk: Desk, kind: str, people: tuple[int, ...]) -> None:
    desk.go("rules/")
    desk.click("main a[href$='rules/agreements/new']")
    desk.click(f"#form input[value={kind}]")
    for number in people:
        desk.fill("#find-people", named(number).split()[0])
        desk.click(f"[data-found] label:has-text('{named(number)}')")
    desk.click("#form button:has-text('Speichern')")
    desk.page.wait_for_url("**/rules/")
