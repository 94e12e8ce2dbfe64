"""axe finds nothing on any page, in both directions and both schemes; nothing overflows at 320 px.

Here every page is looked at in one language of each direction: what the scheme changes is the contrast, what the width
changes is the layout, so these rules alone are asked again. A viewer's pages are the organiser's without what changes
them, so they are looked at in one way. With STUHLKREIS_WHOLE=1 each language is at each width.
"""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Enter, speak
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
    "/i/cut-off",
    "/c/duisburg/g/cut-off",
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
    "tasks/",
    "day/",
    "day/why",
    "data/",
]
THEIRS = [
    "",
    "submissions/",
    "submissions/1",
    "submissions/1/note",
    "submissions/together/?of=39-0,28-0",
    "sessions/",
    "sessions/1",
    "sessions/new",
    "sessions/merges/?sessions=1,2",
    "sessions/table",
    "rooms/",
    "rooms/1",
    "rooms/table",
    "rounds/",
    "rounds/1",
    "rounds/table",
    "programme/",
    "people/",
    "people/1",
    "people/1/instead",
    "people/new",
    "people/table",
    "organisations/",
    "imports/",
    "imports/elsewhere",
    "allocations/",
    "allocations/forecast",
    "settings/",
    "themes/",
    "themes/1",
    "groups/",
    "groups/1",
    "groups/table",
    "rules/",
    "rules/quotas/1",
    "rules/agreements/new",
    "rules/prices",
    "agenda/",
    "agenda/1",
    "commitments/",
    "interpreting/",
    "audit/",
    "messages/",
    "links/",
    "messages/invitation",
    "mail-texts/",
    "links/new",
    "team/",
]
NARROW, WIDE = 320, 1280
WAYS = (
    [*product(("de", "en", "ar"), (WIDE, NARROW))]
    if "STUHLKREIS_WHOLE" in os.environ
    else [("de", WIDE), ("ar", NARROW)]
)
OF_SCHEME, OF_LAYOUT = ["color-contrast"], ["target-size", "scrollable-region-focusable"]
ASK = """only => {
    document.getAnimations().forEach(each => each.finish());  // colours that are still on their way from light to dark
    return axe.run(document, {runOnly: only, resultTypes: ["violations"]}).then(result =>
        result.violations.flatMap(rule => rule.nodes.slice(0, 3).map(node =>
            `${rule.id}: ${node.target} ${node.failureSummary.slice(0, 160)}`)))}"""
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def look(page: Page, path: str) -> list[str]:
    """What axe finds, then again in the dark and where it is narrow, and what is wider than the window."""
    page.goto(base(page) + path)
    found = asked(page, {"type": "tag", "values": TAGS})
    page.emulate_media(color_scheme="dark")
    found += [f"dark, {each}" for each in asked(page, {"type": "rule", "values": OF_SCHEME})]
    page.emulate_media(color_scheme="light")
    size = page.viewport_size
    assert size
    if size["width"] > NARROW:
        page.set_viewport_size({"width": NARROW, "height": 900})
        found += [f"narrow, {each}" for each in asked(page, {"type": "rule", "values": OF_LAYOUT})]
    if (wide := page.evaluate(OVERFLOW)) > 0:
        found.append(f"overflows by {wide}px")
    page.set_viewport_size(size)
    return [f"{path} {each}" for each in found]


def asked(page: Page, only: dict[str, object]) -> list[str]:
    found: list[str] = page.evaluate(ASK, only)
    return found


@pytest.fixture
def inspect(enter: Enter) -> Enter:
    """Somebody in whose pages axe is at hand: by the debugging protocol, as their policy lets no foreign script in."""

    def come(address: str, language: str, width: int) -> Page:
        page = enter(address, language, width)
        page.add_init_script(AXE)
        return page

    return come


@pytest.fixture(params=WAYS, ids=lambda way: f"{way[0]}-{way[1]}")
def office(organiser: Page, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of her own beside the one of the journeys, which is in English again afterwards."""
    language, width = request.param
    page = organiser.context.new_page()
    page.add_init_script(AXE)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(base(organiser) + "/organise/duisburg/")
    speak(page, language)
    yield page
    speak(page, "en")
    page.close()


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_public_pages(inspect: Enter, demo: dict[str, str], language: str, width: int) -> None:
    page = inspect(demo["Everybody"], language, width)

    assert [finding for path in PUBLIC for finding in look(page, path)] == []


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_participants_pages(inspect: Enter, demo: dict[str, str], language: str, width: int) -> None:
    page = inspect(demo["Participant"], language, width)

    assert [finding for path in MINE for finding in look(page, f"/c/duisburg/me/{path}")] == []


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_a_facilitators_pages(inspect: Enter, demo: dict[str, str], language: str, width: int) -> None:
    page = inspect(demo["Facilitator"], language, width)

    assert look(page, "/c/duisburg/facilitate/") == []
    assert look(page, "/c/duisburg/me/tasks/") == []


def test_an_organisers_pages(office: Page) -> None:
    pages = [
        "/organise/",
        "/organise/new",
        "/organise/account/change",
        "/organise/account/tf-setup",
        "/organise/account/mf-recovery-codes",
        *(f"/organise/duisburg/{path}" for path in THEIRS),
    ]

    assert [finding for path in pages for finding in look(office, path)] == []


@pytest.mark.parametrize(("language", "width"), WAYS if "STUHLKREIS_WHOLE" in os.environ else [("de", NARROW)])
def test_an_invitation_and_what_a_viewer_sees(inspect: Enter, organiser: Page, language: str, width: int) -> None:
    """Where nothing may be changed a field stands still and a button is not there."""
    office = organiser.context.new_page()
    office.goto(base(organiser) + "/organise/duisburg/team/")
    office.fill("#email", f"{language}{width}@example.org")
    office.check("input[name=role][value=viewer]")
    if office.locator("input[name=way]").count():
        office.check("input[name=way][value=link]")
    office.click("#form .button-primary")
    link = office.locator(".sheet.next strong").inner_text()
    office.close()
    page = inspect(link, language, width)

    found = look(page, link.removeprefix(base(page)))
    page.goto(link)
    page.fill("#name", "Vera")
    page.click("#form .button-primary")
    seen = [
        path
        for path in THEIRS
        if "new" not in path and path not in {"imports/", "imports/elsewhere", "audit/", "team/"}
    ]
    found += [finding for path in [*seen, "imports/"] for finding in look(page, f"/organise/duisburg/{path}")]

    assert found == []
    assert page.locator("main").inner_text().count("Einsicht" if language == "de" else "Viewer")


def test_what_axe_has_to_find_is_found(inspect: Enter, demo: dict[str, str]) -> None:
    """The control arm: an image without a text, grey on grey in the dark, and a line that does not fit."""
    page = inspect(demo["Everybody"], "de", WIDE)
    page.add_init_script("""addEventListener("DOMContentLoaded", () => {
        const [image, line] = [document.createElement("img"), document.createElement("p")];
        line.textContent = "x".repeat(200);
        line.style.cssText = "color: light-dark(#000, #555); background: light-dark(#fff, #444);"
            + "inline-size: 2000px; max-inline-size: none";
        document.querySelector("main").append(image, line);
    })""")

    found = " ".join(look(page, "/"))

    assert "image-alt" in found
    assert "dark, color-contrast" in found
    assert "overflows" in found


def test_english_in_an_arabic_page_keeps_the_order_of_its_words_and_figures(enter: Enter, demo: dict[str, str]) -> None:
    """Laid out from the right, "6 submissions wait." would read "submissions wait 6."."""
    page = enter(demo["Participant"], "ar", 320)
    page.goto(base(page) + "/c/duisburg/me/day/")

    order = "getComputedStyle(document.querySelector('footer p')).unicodeBidi"
    side = "getComputedStyle(document.querySelector('footer p')).textAlign"
    assert (page.evaluate(order), page.evaluate(side)) == ("plaintext", "right")
