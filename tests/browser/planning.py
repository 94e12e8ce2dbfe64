"""An organiser at her desk: she presses, types, brings files; what it costs her is counted step by step."""

import csv
import io
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import BrowserContext, Page

PATIENCE = 60_000
"""Milliseconds for a page on a busy machine."""


@dataclass
class Step:
    name: str
    clicks: int = 0
    fields: int = 0
    seconds: float = 0.0


class Desk:
    """One person's browser. Choosing a file is two clicks: the button, and the file; an Enter is one."""

    def __init__(self, page: Page, home: str):
        self.page, self.home = page, home
        self.steps: list[Step] = []
        self.page.set_default_timeout(PATIENCE)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What follows belongs to this step; a picture of the page at its end where pictures are wanted."""
        self.steps.append(Step(name))
        began = time.monotonic()
        try:
            yield
        finally:
            self.steps[-1].seconds = round(time.monotonic() - began, 1)
            self._keep()

    def _keep(self) -> None:
        if folder := os.environ.get("STUHLKREIS_PICTURES"):
            name = self.home.rstrip("/").rpartition("/")[2]
            target = Path(folder) / name
            target.mkdir(parents=True, exist_ok=True)
            for width in (1280, 768, 320):
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.screenshot(path=target / f"{len(self.steps):02} {width}.png", full_page=True)
            self.page.set_viewport_size({"width": 1280, "height": 900})
            (target / "steps.json").write_text(json.dumps([asdict(step) for step in self.steps], indent=1))

    @property
    def text(self) -> str:
        return self.page.inner_text("main")

    def go(self, path: str) -> None:
        """To a page by its address, for what no click is counted: where the next step begins."""
        self.page.goto(self.home + path)

    def click(self, target: str) -> None:
        self.steps[-1].clicks += 1
        self.page.click(target)

    def fill(self, target: str, text: str) -> None:
        self.steps[-1].fields += 1
        self.page.fill(target, text)

    def choose(self, target: str, value: str) -> None:
        """Of a list: one click opens it, one takes."""
        self.steps[-1].clicks += 2
        self.page.select_option(target, value)

    def pick(self, target: str, label: str) -> None:
        """The same by what stands there."""
        self.steps[-1].clicks += 2
        self.page.select_option(target, label=label)

    def press(self, key: str) -> None:
        self.steps[-1].clicks += 1
        self.page.keyboard.press(key)

    def to(self, area: str, page: str = "") -> None:
        """By the workspace's own bar: an area, and one of its pages."""
        self.click(f"nav.areas >> text={area}")
        if page:
            self.click(f"nav.pages >> text={page}")

    def bring(self, file: dict[str, object]) -> None:
        """To the preview of a list, from the page that offers to bring one."""
        self.click("main >> text=Liste einlesen")
        self.steps[-1].clicks += 2
        self.page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]
        self.to_preview()

    def paste(self, text: str) -> None:
        self.click("main >> text=Liste einlesen")
        self.fill("#pasted", text)
        self.to_preview()

    def paste_wishes(self, text: str) -> None:
        self.to("Menschen")
        self.click("main >> text=Liste einlesen")
        self.click("label:has-text('Wünsche')")
        self.fill("#pasted", text)
        self.to_preview()

    def to_preview(self) -> None:
        self.click("#form .button-primary")
        self.page.wait_for_selector(".fates")

    def take(self) -> str:
        """Take the list in; what the page says then."""
        self.click("button:has-text('Übernehmen:')")
        self.page.wait_for_selector("text=Übernommen.")
        return self.text

    def allocate(self, seconds: int) -> str:
        """Start a run and wait for its result; what its page says."""
        self.to("Plan", "Einteilung")
        self.fill("#seconds", str(seconds))
        self.click("#form button[type=submit]")
        self.page.wait_for_selector("h1 .state")
        return self.text

    def publish(self) -> str:
        """What is asked before it is read, and answered with yes; what the page says then."""
        self.click("summary:has-text('Veröffentlichen')")
        asked = self.page.inner_text("details[open] .ask-box")
        self.click("details[open] .ask-box button")
        self.page.wait_for_selector("text=Veröffentlicht")
        return asked


def table(rows: Sequence[Sequence[object]], delimiter: str = ";") -> str:
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return target.getvalue()


def a_file(name: str, text: str, charset: str = "cp1252") -> dict[str, object]:
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode(charset)}


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


def in_days(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011 - as a person reads it


def next_monday(days: int) -> str:
    day = date.fromisoformat(in_days(days))
    return (day + timedelta(days=-day.weekday() % 7)).isoformat()


def begin(desk: Desk, template: str, title: str, day: str) -> None:
    slug = desk.home.rstrip("/").rpartition("/")[2]
    with desk.step("conference"):
        desk.click("text=Neue Konferenz")
        desk.click(f"#template label:has-text('{template}')")
        desk.fill("#title", title)
        desk.fill("#slug", slug)
        desk.fill("#day", day)
        desk.click("main button[type=submit]")
        desk.page.wait_for_url(f"**/organise/{slug}/")
