"""The real command, a real browser: the demonstration is started once and stopped by its own id."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from planner.config import ROOT
from tests.browser.planning import Town
from tests.chromium import chromium, program
from tests.postgresql import free_port

Enter = Callable[..., Page]
PASSWORD = "vier sehr lange Wörter"
LONGEST = 600
"""Seconds for one test: what a page is asked to compute has no limit of its own, and a run must end. The longest took
100 s where two cores were free, and more than 300 on a machine that gave a third of that. It is tried once more
(pyproject.toml): a page of a busy Chromium can stop answering while the browser goes on, and only that is forgiven."""


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    def end(*_: object) -> NoReturn:
        raise TimeoutError(f"this test has taken {LONGEST} s: does the browser still answer?")

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if program() is None:
        pytest.skip("chromium is not installed")
    with chromium() as browser:
        yield browser


def steps() -> list[list[str]]:
    """The words of the README's commands for a conference of one's own."""
    block = re.search(r"<!-- own -->\n```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert block
    lines = [line.split() for line in block[1].splitlines()]
    assert all(line[0] == ".venv/bin/planner" for line in lines)
    return [line[1:] for line in lines]


def planner(folder: Path, *words: str) -> dict[str, object]:
    """How to start the command on a machine where nothing is set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_", "DATABASE_URL"))}
    environment = {**kept, "PLANNER_INSTANCE": str(folder), "PYTHONUNBUFFERED": "1"}
    return {"args": [sys.executable, "-m", "planner", *words], "cwd": ROOT, "env": environment}


@contextmanager
def serving(instance: Path, log: Path) -> Iterator[str]:
    """What `user add` prints, while `run` serves; the port is another one only so that tests do not meet."""
    add, run = steps()
    with log.open("w") as out:
        call = planner(instance, *run, "--port", str(free_port()))
        process = subprocess.Popen(**call, stdout=out, stderr=subprocess.STDOUT)  # type: ignore[call-overload]
        try:
            for _ in range(240):
                if "Nobody can sign in yet" in log.read_text():
                    break
                assert process.poll() is None, log.read_text()
                time.sleep(0.25)
            added = subprocess.run(**planner(instance, *add), check=False, capture_output=True, text=True)  # type: ignore[call-overload]
            assert added.returncode == 0, added.stderr
            yield added.stdout.strip()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(20)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One address per role, as the command prints them."""
    folder = tmp_path_factory.mktemp("demo")
    log = folder / "log"
    environment = {**os.environ, "PLANNER_INSTANCE": str(folder), "PYTHONUNBUFFERED": "1", "PLANNER_UNTRANSLATED": "1"}
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "planner", "demo", "--port", str(free_port())],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _addresses(log, process)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _addresses(log: Path, process: subprocess.Popen) -> dict[str, str]:  # type: ignore[type-arg]
    for _ in range(720):
        text = log.read_text()
        if "works once" in text:
            return dict(re.findall(r"^ +(\w+) +(http\S+)$", text, re.MULTILINE))
        assert process.poll() is None, text
        time.sleep(0.25)
    raise AssertionError(f"the demonstration did not start: {log.read_text()}")


def speak(page: Page, language: str) -> None:
    """A person's own language goes before the browser's; the button, in an organiser's menu, goes before both."""
    if (menu := page.locator(".menu:not([open]) > summary")).count():
        menu.click()
    page.click(f".languages button[value={language}]")


@pytest.fixture
def enter(browser: Browser) -> Iterator[Enter]:
    """A fresh person with an own cookie jar; `script=False` is a browser without JavaScript."""
    contexts = []

    def come(address: str, language: str = "en", width: int = 1280, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=language, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(address)
        speak(page, language)
        return page

    yield come
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def organiser(browser: Browser, demo: dict[str, str]) -> Iterator[Page]:
    """The organiser's link works once, so she stays signed in for all tests."""
    context = browser.new_context(locale="en", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(demo["Organiser"])
    page.click("main button")
    page.wait_for_url("**/organise/**")  # a click does not wait for the page that it leads to: the old one has no menu
    speak(page, "en")
    yield page
    context.close()


@pytest.fixture
def scriptless(browser: Browser, organiser: Page) -> Iterator[Page]:
    """The organiser's own cookies on a phone without JavaScript."""
    context = browser.new_context(viewport={"width": 320, "height": 700}, java_script_enabled=False, locale="en")
    context.add_cookies(organiser.context.cookies())  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
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
