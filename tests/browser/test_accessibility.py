"""axe finds nothing on any page, in German, English and Arabic; nothing overflows at 320 px."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Enter
from tests.browser.test_journeys import base

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "axe-4.14.1" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = [
    "/",
    "/c/duisburg/",
    "/c/duisburg/programme",
    "/c/duisburg/enter",
    "/organise/account/login",
    "/s/cut-off",
    "/nowhere",
]
MINE = [
    "",
    "submissions/",
    "submissions/new",
    "others/",
    "wishes/",
    "wishes/receipt",
    "about/",
    "day/",
    "day/why",
    "data/",
]
THEIRS = [
    "",
    "submissions/",
    "submissions/1",
    "sessions/",
    "sessions/1",
    "sessions/new",
    "rooms/",
    "rooms/1",
    "rounds/",
    "rounds/1",
    "programme/",
    "people/",
    "people/1",
    "people/new",
    "allocations/",
    "allocations/forecast",
    "settings/",
    "themes/",
    "themes/1",
    "groups/",
    "groups/1",
    "agenda/",
    "agenda/1",
    "audit/",
    "messages/",
]
WAYS = [("de", 1280), ("de", 320), ("en", 1280), ("en", 320), ("ar", 320)]


def look(page: Page, path: str) -> list[str]:
    """What axe finds, and what is wider than the window."""
    page.goto(base(page) + path)
    # Through the debugging protocol, as the pages' own policy lets no foreign script in.
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("tags => axe.run(document, {runOnly: tags})", TAGS)
    found = [
        f"{path} {item['id']}: {node['target']} {node['failureSummary'][:160]}"
        for item in result["violations"]
        for node in item["nodes"][:3]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"{path} overflows by {wide}px"] if wide > 0 else found


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_public_pages(enter: Enter, demo: dict[str, str], language: str, width: int) -> None:
    page = enter(demo["Everybody"], language, width)

    assert [finding for path in PUBLIC for finding in look(page, path)] == []


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_participants_pages(enter: Enter, demo: dict[str, str], language: str, width: int) -> None:
    page = enter(demo["Participant"], language, width)

    assert [finding for path in MINE for finding in look(page, f"/c/duisburg/me/{path}")] == []


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_facilitators_pages(enter: Enter, demo: dict[str, str], language: str, width: int) -> None:
    page = enter(demo["Facilitator"], language, width)

    assert look(page, "/c/duisburg/facilitate/") == []


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_an_organisers_pages(organiser: Page, language: str, width: int) -> None:
    organiser.set_viewport_size({"width": width, "height": 900})
    organiser.goto(base(organiser) + "/organise/duisburg/")
    organiser.click(f".languages button[value={language}]")
    pages = [
        "/organise/",
        "/organise/new",
        "/organise/account/change",
        "/organise/account/tf-setup",
        "/organise/account/mf-recovery-codes",
        *(f"/organise/duisburg/{path}" for path in THEIRS),
    ]

    findings = [finding for path in pages for finding in look(organiser, path)]
    organiser.set_viewport_size({"width": 1280, "height": 900})
    organiser.click(".languages button[value=en]")

    assert findings == []


def test_english_in_an_arabic_page_keeps_the_order_of_its_words_and_figures(enter: Enter, demo: dict[str, str]) -> None:
    """Laid out from the right, "6 submissions wait." would read "submissions wait 6."."""
    page = enter(demo["Participant"], "ar", 320)
    page.goto(base(page) + "/c/duisburg/me/day/")

    order = "getComputedStyle(document.querySelector('footer p')).unicodeBidi"
    side = "getComputedStyle(document.querySelector('footer p')).textAlign"
    assert (page.evaluate(order), page.evaluate(side)) == ("plaintext", "right")
