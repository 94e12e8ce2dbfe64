"""An empty machine and the README's own steps, with the real command and a real browser."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import PASSWORD, serving, speak

pytestmark = pytest.mark.browser


@pytest.fixture
def link(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path / "instance", tmp_path / "log") as link:
        yield link


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
