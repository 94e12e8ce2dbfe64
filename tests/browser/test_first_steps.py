"""An empty machine and the README's own steps, with the real command and a real browser."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from planner.config import ROOT
from tests.browser.conftest import speak
from tests.postgresql import free_port

pytestmark = pytest.mark.browser
PASSWORD = "vier sehr lange Wörter"


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


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    """What `user add` prints, while `run` serves; the port is another one only so that tests do not meet."""
    add, run = steps()
    log = tmp_path / "log"
    with log.open("w") as out:
        call = planner(tmp_path / "instance", *run, "--port", str(free_port()))
        serving = subprocess.Popen(**call, stdout=out, stderr=subprocess.STDOUT)  # type: ignore[call-overload]
        try:
            for _ in range(240):
                if "Nobody can sign in yet" in log.read_text():
                    break
                assert serving.poll() is None, log.read_text()
                time.sleep(0.25)
            call = planner(tmp_path / "instance", *add)
            added = subprocess.run(**call, check=False, capture_output=True, text=True)  # type: ignore[call-overload]
            assert added.returncode == 0, added.stderr
            yield added.stdout.strip()
        finally:
            serving.send_signal(signal.SIGINT)
            serving.wait(20)


def test_from_the_printed_link_to_a_conference_and_in_again(browser: Browser, link: str) -> None:
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.goto(link)
    speak(page, "en")
    page.click("main button")
    page.fill("#new_password", PASSWORD)
    page.fill("#new_password_confirm", PASSWORD)
    page.click("main button[type=submit]")

    page.click("text=New conference")
    page.fill("#title", "My own conference")
    page.fill("#slug", "own")
    page.fill("#day", (date.today() + timedelta(days=60)).isoformat())  # noqa: DTZ011 - as a person reads it
    page.click("main button[type=submit]")
    assert "/organise/own/" in page.url

    page.click(".menu > summary")
    page.click("text=Sign out")
    page.goto(link)
    assert page.inner_text("h1") == "This link has been used already"
    page.click("text=Sign in with a password")
    page.fill("#email", "you@example.org")
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    assert "My own conference" in page.inner_text("main")
    context.close()
