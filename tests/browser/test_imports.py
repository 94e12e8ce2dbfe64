"""A list of 120 people with one's own hands: at most 12 clicks; axe finds nothing on the way."""

import csv
import io

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import speak
from tests.browser.test_accessibility import AXE, OVERFLOW, look
from tests.browser.test_journeys import base

pytestmark = pytest.mark.browser
WAYS = [("de", 1280), ("ar", 320)]
MOST_CLICKS = 12


def a_list(people: int, *more: list[str]) -> dict[str, object]:
    """As the German Excel saves it: semicolons, the character set of Windows, lines that end as there."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Nachname", "Vorname", "Träger/Einrichtung", "E-Mail", "Gruppe", "Sprachen", "Bedarf"])
    for number in range(people):
        writer.writerow(
            [f"Müller-{number}", "Jürgen", f"Verein {number % 9}", f"j{number}@example.org", "Vereine", "", ""]
        )
    writer.writerows(more)
    data = target.getvalue().encode("cp1252")
    return {"name": "Anmeldungen Mai.csv", "mimeType": "text/csv", "buffer": data}


class Hand:
    """Counts what a person has to press; choosing a file is two clicks: the button, and the file."""

    def __init__(self, page: Page):
        self.page, self.clicks = page, 0

    def click(self, target: str) -> None:
        self.clicks += 1
        self.page.click(target)

    def choose(self, file: dict[str, object]) -> None:
        self.clicks += 2
        self.page.set_input_files("input[type=file]", file)  # type: ignore[arg-type]


def test_120_people_come_in_with_at_most_twelve_clicks_and_go_back(organiser: Page) -> None:
    organiser.goto(base(organiser) + "/organise/duisburg/")
    hand = Hand(organiser)
    hand.click("text=People")
    hand.click("main >> text=Bring a list")
    hand.choose(a_list(120))
    hand.click("text=Go on to the preview")
    hand.clicks += 1
    organiser.get_by_label("Does the group “Vereine” show religion or origin?").select_option("no")
    hand.click("button:has-text('Take in: add 120')")
    clicks = hand.clicks

    organiser.wait_for_selector("text=Taken in.")
    organiser.goto(base(organiser) + "/organise/duisburg/people/?search=Müller-119")
    assert "Jürgen Müller-119" in organiser.inner_text("main")
    organiser.goto(base(organiser) + "/organise/duisburg/imports/")
    organiser.click("main .rows >> text=Anmeldungen Mai.csv")  # above it drafts of the same name may wait
    organiser.click("summary:has-text('Take back')")
    organiser.click("main .ask-box button")
    organiser.wait_for_selector("text=Taken back.")
    organiser.goto(base(organiser) + "/organise/duisburg/people/?search=Müller-119")
    assert "Jürgen Müller-119" not in organiser.inner_text("main")
    assert clicks <= MOST_CLICKS


@pytest.mark.parametrize(("language", "width"), WAYS)
def test_the_pages_of_an_import(organiser: Page, language: str, width: int) -> None:
    """With mistakes, questions, needs and folded-out columns; in a page beside the one of the journeys."""
    page = organiser.context.new_page()
    page.add_init_script(AXE)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(base(organiser) + "/organise/duisburg/imports/")
    speak(page, language)
    wrong = ["Falsch", "Karla", "", "keine Adresse", "Neue Gruppe", "Kurdisch", "Rollstuhl"]
    double = ["Müller-1", "Jürgen", "", "", "", "", ""]
    page.set_input_files("input[type=file]", a_list(3, wrong, double))  # type: ignore[arg-type]
    page.click("#form .button-primary")
    page.wait_for_selector(".fates")
    preview = page.url.removeprefix(base(page))

    findings = [*look(page, "/organise/duisburg/imports/"), *look(page, preview)]
    page.click("#columns summary")
    wide = page.evaluate(OVERFLOW)
    page.goto(base(page) + "/organise/duisburg/")
    speak(page, "en")
    page.close()

    assert findings == []
    assert wide <= 0


def test_without_javascript_a_pasted_list_comes_as_far(scriptless: Page, organiser: Page) -> None:
    """Everything is plain forms."""
    page = scriptless
    page.goto(base(organiser) + "/organise/duisburg/imports/?kind=rooms")
    page.fill("textarea", "Raum\tPlätze\nDachboden\t14\n")
    page.click("#form .button-primary")
    page.wait_for_selector(".fates")

    assert "Dachboden" in page.inner_text("main")
    assert page.is_visible("button:has-text('Take in: add 1')")
