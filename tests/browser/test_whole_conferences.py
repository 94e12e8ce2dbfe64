"""Conferences planned from an empty database to a published plan, as an organiser would: by pressing and typing."""

import random

import pytest

from tests.browser.conftest import PASSWORD
from tests.browser.planning import Desk, Town, a_file, begin, in_days, next_monday, table

pytestmark = pytest.mark.browser
PUPILS, A_CLASS = 300, 25
CLASSES = [f"{year}{letter}" for year in range(5, 11) for letter in "ab"]
LEAST, MOST = 8, 20
COUNTED = """
select session.number, json_extract(stakeholder_group.title, '$.de'), count(*) from assignment
join meeting on meeting.id = assignment.meeting_id join session on session.id = meeting.session_id
join participant on participant.id = assignment.participant_id
join stakeholder_group on stakeholder_group.id = participant.group_id
where meeting.allocation_id = (select published_id from conference where slug = ?) group by 1, 2
"""

GUESTS, TOPICS = 60, 16
ATTENDED = """
select participant_id, count(*), count(distinct meeting.session_id) from assignment
join meeting on meeting.id = assignment.meeting_id
where meeting.allocation_id = (select published_id from conference where slug = ?) group by 1
"""


def test_a_schools_project_week(town: Town) -> None:
    """300 pupils from SchILD's export, 24 projects for years 5-7 or 8-10, one class's wishes by its teacher."""
    desk = town.desk("projektwoche")
    begin(desk, "Projektwoche einer Schule", "Projektwoche", next_monday(60))
    with desk.step("pupils"):
        desk.to("Menschen")
        desk.bring(a_file("SchILD.txt", table(pupils())))
        desk.click("#columns summary")
        desk.choose("[name=column-3]", "group")
        desk.click("button:has-text('Vorschau erneuern')")
        desk.choose("#all-sensitive", "no")
        desk.click("button:has-text('Vorschau erneuern')")
        assert "300 neu" in desk.take()
    with desk.step("rooms"):
        desk.to("Vorbereiten", "Räume")
        desk.paste(table([["Raum", "Plätze"], *([f"R {number}", 24] for number in range(1, 25))], "\t"))
        desk.take()
    with desk.step("projects"):
        desk.to("Anliegen und", "Projekte")
        desk.paste(table(projects(), "\t"))
        assert "24 neu" in desk.take()
    with desk.step("a class teacher"):
        link = invited(desk, "lehrerin@example.org", "5a")
    by_her_class(town, link, desk.home)
    with desk.step("wishes"):
        desk.paste_wishes(table(wishes(range(A_CLASS, PUPILS)), "\t"))
        assert f"{PUPILS - A_CLASS} neu" in desk.take()
    with desk.step("allocation"):
        result = desk.allocate(10)
        assert "Es fehlen" not in result
    with desk.step("publishing"):
        desk.publish()

    found = town.counted(COUNTED, "projektwoche")
    sizes: dict[object, int] = {}
    for number, group, people in found:
        sizes[number] = sizes.get(number, 0) + int(str(people))
        assert (int(str(number)) <= 12) == (int(str(group)[:-1]) <= 7), (number, group)
    assert sum(sizes.values()) == PUPILS
    assert all(LEAST <= size <= MOST for size in sizes.values())


def pupils() -> list[list[object]]:
    heads: list[object] = ["Nachname", "Vorname", "Geburtsdatum", "Klasse", "Interne ID-Nummer"]
    rows = [[*named(number), "01.02.2014", CLASSES[number // A_CLASS], 4000 + number] for number in range(PUPILS)]
    return [heads, *rows]


def named(number: int) -> tuple[str, str]:
    """Family and given name of nobody."""
    return f"Muster-{number:03}", ("Zoë", "Jürgen")[number % 2]


def projects() -> list[list[object]]:
    years = [(number, "5-7" if number <= 12 else "8-10") for number in range(1, 25)]
    return [["Nr", "Projekt", "Klassen", "Min", "Max"], *([n, f"Projekt {n}", of, LEAST, MOST] for n, of in years)]


def wished(number: int) -> list[int]:
    """Three projects of her years; the first ones are liked most."""
    dice = random.Random(number)
    chosen: list[int] = []
    while len(chosen) < 3:
        (liked,) = dice.choices(range(1, 13), [1 / (place + 1) for place in range(12)])
        chosen += [liked] if liked not in chosen else []
    return [liked + (12 if number >= PUPILS // 2 else 0) for liked in chosen]


def wishes(numbers: range) -> list[list[object]]:
    heads: list[object] = ["Interne ID-Nummer", "Name", "1. Wunsch", "2. Wunsch", "3. Wunsch"]
    return [heads, *([4000 + number, " ".join(reversed(named(number))), *wished(number)] for number in numbers)]


def invited(desk: Desk, address: str, group: str) -> str:
    """An entry clerk for one class; the link that is shown once."""
    desk.to("Vorbereiten", "Team")
    desk.fill("#email", address)
    desk.click("#form .tick label:has-text('Erfassung für eine Klasse')")
    desk.pick("#group_id", group)
    desk.click("#form button[type=submit]")
    return desk.page.inner_text(".sheet.next strong")


def by_her_class(town: Town, link: str, home: str) -> None:
    """The teacher types her class's papers; she reaches nobody else."""
    page = town.newcomer().new_page()
    page.goto(link)
    teacher = Desk(page, home)
    with teacher.step("account"):
        teacher.fill("#name", "Frau Beispiel")
        teacher.click("main button[type=submit]")
        teacher.fill("#new_password", PASSWORD)
        teacher.fill("#new_password_confirm", PASSWORD)
        teacher.click("main button[type=submit]")
    with teacher.step("ballots"):
        teacher.go("ballots/")
        for number in range(A_CLASS):
            teacher.fill("#line", f"{4000 + number}: {', '.join(map(str, wished(number)))}")
            with page.expect_navigation():
                teacher.press("Enter")
            page.wait_for_selector(f"text=Muster-{number:03}")
        teacher.fill("#line", f"{4000 + A_CLASS}: 1, 2, 3")
        with page.expect_navigation():
            teacher.press("Enter")
    assert f"{A_CLASS} " in page.inner_text("h2 >> nth=-1")
    assert str(4000 + A_CLASS) in page.inner_text(".field-error")


def test_an_unconference(town: Town) -> None:
    """60 people and three rounds; somebody registers by the group's link, brings a topic, chooses, reads her day."""
    desk = town.desk("unkonferenz")
    begin(desk, "Unkonferenz", "Unkonferenz", in_days(20))
    with desk.step("rounds"):
        desk.to("Vorbereiten", "Runden")
        desk.click("main >> text=Runde 4")
        desk.click("summary:has-text('Runde entfernen')")
        desk.click("details[open] .ask-box button")
    with desk.step("rooms"):
        desk.click("nav.pages >> text=Räume")
        desk.paste(table([["Raum", "Plätze"], *([f"Raum {number}", 14] for number in range(1, 7))], "\t"))
        desk.take()
    with desk.step("people"):
        desk.to("Menschen")
        desk.paste(table([["Name"], *([f"Person {number:02}"] for number in range(1, GUESTS))], "\t"))
        assert f"{GUESTS - 1} neu" in desk.take()
    with desk.step("group link"):
        desk.to("Menschen", "Gruppenlinks")
        desk.click("main >> text=Neuer Gruppenlink")
        desk.fill("#name", "Chatgruppe")
        desk.click("#form button[type=submit]")
        link = desk.page.inner_text(".address strong")
    guest = registered(town, link)
    a_topic_of_hers_is_accepted(guest, desk)
    with desk.step("topics"):
        desk.to("Anliegen und", "Arbeitsgruppen")
        desk.paste(table([["Titel"], *([f"Thema {number}"] for number in range(2, TOPICS + 1))], "\t"))
        desk.take()
    with desk.step("choosing begins"):
        desk.to("Vorbereiten", "Titel und Fristen")
        desk.fill("#wishes_from", f"{in_days(-1)}T09:00")
        desk.click("#form button:has-text('Speichern')")
    she_chooses(guest)
    with desk.step("wishes"):
        desk.paste_wishes(table(of_guests(), "\t"))
        desk.take()
    with desk.step("allocation"):
        assert "Es fehlen" not in desk.allocate(10)
    with desk.step("publishing"):
        desk.publish()
    with guest.step("her day"):
        guest.page.goto(guest.home)
        guest.click("main a:has-text('Meinen Tag zeigen')")

    assert guest.page.locator(".day li:not(.shared) >> text=Raum").count() == 3
    people = town.counted(ATTENDED, "unkonferenz")
    assert (len(people), {rounds for _person, rounds, _sessions in people}) == (GUESTS, {3})
    assert all(rounds == sessions for _person, rounds, sessions in people)


def a_topic_of_hers_is_accepted(guest: Desk, desk: Desk) -> None:
    with guest.step("topic"):
        guest.click("main a:has-text('Ein Anliegen bringen')")
        guest.click("input[name=theme_id] >> nth=0")
        guest.fill("#problem", "Wie reden wir miteinander, wenn wir streiten?")
        guest.click("#form .buttons button >> nth=0")
        guest.page.wait_for_url("**/submissions/**")
    with desk.step("accepting a topic"):
        desk.to("Anliegen und", "Anliegen")
        desk.click("main >> text=Wie reden wir miteinander")
        desk.fill("#title_de", "Reden und streiten")
        desk.fill("#title_en", "Talk and quarrel")
        desk.click("#form button:has-text('Annehmen')")
        desk.page.wait_for_selector("text=Jetzt in Arbeitsgruppe")


def she_chooses(guest: Desk) -> None:
    with guest.step("choosing"):
        guest.page.goto(guest.home)
        guest.click("main a:has-text('Wünsche wählen')")
        for _each in range(3):
            with guest.page.expect_navigation():
                guest.click("button[value^='add:'] >> nth=0")
        guest.click("text=Meine Wünsche speichern")
        assert "sind gespeichert" in guest.page.inner_text("h1")


def registered(town: Town, link: str) -> Desk:
    page = town.newcomer().new_page()
    page.goto(link)
    guest = Desk(page, link)
    with guest.step("registration"):
        guest.fill("#name", "Gast Beispiel")
        guest.click("#agreed")
        guest.click("#form button[type=submit]")
        guest.click("text=Ich habe ihn aufgehoben")
    guest.home = page.url
    return guest


def of_guests() -> list[list[object]]:
    """Most have three wishes, some none."""
    dice = random.Random(3)
    rows = [[f"Person {number:02}", *dice.sample(range(1, TOPICS + 1), 3)] for number in range(1, GUESTS - 5)]
    return [["Name", "1. Wunsch", "2. Wunsch", "3. Wunsch"], *rows]
