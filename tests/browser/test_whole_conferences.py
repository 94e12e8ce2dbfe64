"""Conferences planned from an empty database to a published plan, as an organiser would: by pressing and typing."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.conftest import PASSWORD, serving, speak
from tests.browser.planning import Desk, a_file, table

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


@dataclass
class Town:
    """A machine on which nothing was set up, and its first organiser, who has just signed in."""

    context: BrowserContext
    home: str
    database: Path
    newcomer: Callable[[], BrowserContext]

    def desk(self, slug: str) -> Desk:
        page = self.context.new_page()
        page.goto(f"{self.home}/organise/")
        return Desk(page, f"{self.home}/organise/{slug}/")

    def counted(self, query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()


@pytest.fixture(scope="module")
def town(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    contexts: list[BrowserContext] = []

    def newcomer() -> BrowserContext:
        contexts.append(browser.new_context(locale="de", viewport={"width": 1280, "height": 900}))
        return contexts[-1]

    with serving(folder / "instance", folder / "log") as link:
        page = newcomer().new_page()
        page.goto(link)
        speak(page, "de")
        page.click("main button")
        page.fill("#new_password", PASSWORD)
        page.fill("#new_password_confirm", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/organise/")
        home = page.url.removesuffix("/organise/")
        yield Town(page.context, home, folder / "instance" / "planner.sqlite3", newcomer)
        for context in contexts:
            context.close()


def in_sixty_days(weekday: int = 0) -> str:
    day = date.today() + timedelta(days=60)  # noqa: DTZ011 - as a person reads it
    return (day + timedelta(days=(weekday - day.weekday()) % 7)).isoformat()


def begin(desk: Desk, template: str, title: str) -> None:
    slug = desk.home.rstrip("/").rpartition("/")[2]
    with desk.step("conference"):
        desk.click("text=Neue Konferenz")
        desk.click(f"#template label:has-text('{template}')")
        desk.fill("#title", title)
        desk.fill("#slug", slug)
        desk.fill("#day", in_sixty_days())
        desk.click("main button[type=submit]")
        desk.page.wait_for_url(f"**/organise/{slug}/")


def test_a_schools_project_week(town: Town) -> None:
    """300 pupils from SchILD's export, 24 projects for years 5-7 or 8-10, one class's wishes by its teacher."""
    desk = town.desk("projektwoche")
    begin(desk, "Projektwoche einer Schule", "Projektwoche")
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
        desk.to("Menschen")
        desk.click("main >> text=Liste einlesen")
        desk.click("label:has-text('Wünsche')")
        desk.fill("#pasted", table(wishes(range(A_CLASS, PUPILS)), "\t"))
        desk.to_preview()
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
    desk.click("#form .tick label:has-text('Erfassung für eine Gruppe')")
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
