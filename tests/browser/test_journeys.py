"""Three journeys in a real browser: submit to schedule, wish to downloads, an impossible conference."""

import csv
import io

import openpyxl
import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Enter

pytestmark = pytest.mark.browser
HOME = "/c/duisburg/me/"
ORGANISE = "/organise/duisburg/"


def base(page: Page) -> str:
    return "/".join(page.url.split("/")[:3])


def go(page: Page, path: str) -> None:
    answer = page.goto(base(page) + path)
    assert answer is not None
    assert answer.ok, f"{path}: {answer.status}"


def test_a_problem_is_submitted_accepted_and_placed(enter: Enter, demo: dict[str, str], organiser: Page) -> None:
    problem = "Die Fahrkarten zum Sprachkurs bezahlt niemand."
    person = enter(demo["Participant"], script=False)
    go(person, HOME + "submissions/new")
    person.locator("input[name=theme_id]").first.check()
    person.fill("#problem", problem)
    person.get_by_role("button", name="Send").click()
    expect(person.locator("main")).to_contain_text(problem)

    go(organiser, ORGANISE + "submissions/")
    organiser.get_by_role("link", name=problem).click()
    organiser.fill("#title_de", "Wer zahlt die Fahrkarte?")
    organiser.fill("#title_en", "Who pays for the ticket?")
    organiser.get_by_role("button", name="Accept").click()
    expect(organiser.locator(".messages")).to_contain_text("Now in session 15")

    go(organiser, ORGANISE + "programme/")
    organiser.locator("td details").first.locator("summary").click()
    organiser.locator("td details select").first.select_option(label="15. Who pays for the ticket?")
    organiser.locator("td details").first.get_by_role("button", name="Place").click()
    expect(organiser.locator(".grid")).to_contain_text("Who pays for the ticket?")

    go(person, HOME + "submissions/")
    expect(person.locator("main")).to_contain_text("Accepted")
    # For the other journeys the new session is taken out of the draw again.
    go(organiser, ORGANISE + "sessions/")
    organiser.get_by_role("link", name="Who pays for the ticket?").click()
    organiser.locator("main details.ask summary").click()
    organiser.locator("main .ask-box button").click()
    expect(organiser.locator(".messages")).to_contain_text("Cancelled")


def test_wishes_are_ordered_allocated_published_and_downloaded(
    enter: Enter, demo: dict[str, str], organiser: Page
) -> None:
    person = enter(demo["Participant"], script=False)
    go(person, HOME + "wishes/")
    first = person.locator(".ranking > li strong").nth(0).inner_text()
    second = person.locator(".ranking > li strong").nth(1).inner_text()
    person.locator(".ranking > li").nth(1).get_by_role("button", name="Up").click()
    person.get_by_role("button", name="Save my wishes").click()
    expect(person.locator("h1")).to_have_text("Your wishes are saved")
    assert person.locator("main ol li").all_inner_texts()[:2] == [second, first]

    for seconds in (8, 8, 20, 40):  # on a busy machine they may end before everybody has a place
        go(organiser, ORGANISE + "allocations/")
        organiser.fill("#seconds", str(seconds))
        organiser.get_by_role("button", name="Allocate").click()
        expect(organiser.locator(".rings").first).to_be_visible(timeout=90_000)
        if "Everybody has a place in every round." in organiser.locator("main").inner_text():
            break
    expect(organiser.locator("main")).to_contain_text("Everybody has a place in every round.")
    organiser.locator("main details.ask summary").first.click()
    organiser.locator("main .ask-box button").first.click()
    expect(organiser.locator(".messages")).to_contain_text("Published.")

    go(person, HOME + "day/")
    expect(person.locator(".day")).to_contain_text("You are here because")

    leader = enter(demo["Facilitator"])
    go(leader, "/c/duisburg/facilitate/")
    leader.locator("main a[href*='/facilitate/']").first.click()
    files = {
        kind: leader.context.request.get(base(leader) + link.get_attribute("href"))
        for kind in ("csv", "xlsx", "pdf")
        for link in [leader.locator(f"main a[href*='names'][href*='{kind}']").first]
    }
    rows = list(csv.reader(io.StringIO(files["csv"].body().decode("utf-8-sig")), delimiter=";"))
    sheet = openpyxl.load_workbook(io.BytesIO(files["xlsx"].body())).active
    assert sheet is not None
    names = [row[0 if not row[0].isdigit() else 1] for row in rows[1:] if any(row)]
    cells = {str(cell.value).lstrip("'") for line in sheet.iter_rows() for cell in line}
    assert len(names) >= 5
    assert {name.lstrip("'") for name in names} <= cells | {""}
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["pdf"].body())).pages)
    latin = [name for name in names if name.isascii()]
    assert latin
    assert all(name.replace(" ", "") in text.replace(" ", "").replace("\n", "") for name in latin)


def test_an_impossible_conference_is_refused_clearly(organiser: Page) -> None:
    go(organiser, "/organise/new")
    organiser.fill("#title", "Unmögliche Konferenz")
    organiser.fill("#slug", "unmoeglich")
    organiser.fill("#day", "2031-05-05")
    organiser.get_by_role("button", name="Create").click()
    go(organiser, "/organise/unmoeglich/rooms/new")
    organiser.fill("#name", "Kammer")
    organiser.fill("#capacity_circle", "3")
    organiser.fill("#capacity_rows", "3")
    organiser.get_by_role("button", name="Save").click()
    go(organiser, "/organise/unmoeglich/sessions/new")
    organiser.fill("#title_de", "Viel zu groß")
    organiser.get_by_text("Size, languages and room").click()
    organiser.fill("#minimum", "10")
    organiser.get_by_role("button", name="Save").click()
    go(organiser, "/organise/unmoeglich/people/new")
    organiser.fill("#name", "Alma Beispiel")
    organiser.get_by_role("button", name="Save").click()

    go(organiser, "/organise/unmoeglich/allocations/")
    organiser.get_by_role("button", name="Allocate").click()

    expect(organiser.locator("main")).to_contain_text("No room is large enough and fit for", timeout=60_000)
    expect(organiser.locator("h1")).to_contain_text("Run 1")
