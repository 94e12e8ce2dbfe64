"""The organisers' workspace in a real browser: one bar on a phone, and a menu that needs no script."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import base

pytestmark = pytest.mark.browser
BAR = 56


def test_on_a_phone_the_bar_is_one_line_and_its_menu_leads_everywhere_without_script(
    scriptless: Page, organiser: Page
) -> None:
    phone = scriptless
    phone.goto(base(organiser) + "/organise/duisburg/people/")
    box = phone.locator("header.site").bounding_box()
    assert box
    assert box["height"] <= BAR
    expect(phone.get_by_role("link", name="Rooms", exact=True)).not_to_be_visible()

    phone.get_by_text("Menu", exact=True).click()
    phone.get_by_role("link", name="Rooms", exact=True).click()

    expect(phone.locator("h1")).to_have_text("Rooms")


def test_the_menu_opens_by_keyboard_and_closes_with_escape(organiser: Page) -> None:
    page = organiser.context.new_page()
    page.goto(base(organiser) + "/organise/duisburg/")
    summary = page.locator(".menu > summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".menu-box")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator(".menu-box")).not_to_be_visible()
    assert summary.evaluate("node => node === document.activeElement")
    page.close()


def test_somebody_is_found_while_one_types_and_becomes_a_chip(organiser: Page) -> None:
    page = organiser.context.new_page()
    page.goto(base(organiser) + "/organise/duisburg/sessions/1")
    picker = page.locator("[data-picker=note_takers]")
    before = picker.locator("[data-chosen] input").count()
    picker.locator("input[type=search]").press_sequentially("exemplu")
    picker.locator("[data-found] label").first.click()

    expect(picker.locator("[data-chosen] input:checked")).to_have_count(before + 1)
    page.close()


def test_one_language_s_texts_are_shown_at_a_time(organiser: Page) -> None:
    page = organiser.context.new_page()
    page.goto(base(organiser) + "/organise/duisburg/sessions/1")
    expect(page.locator("#title_de")).to_be_visible()
    expect(page.locator("#title_en")).not_to_be_visible()

    page.locator("label[for=tongue-2]").click()

    expect(page.locator("#title_en")).to_be_visible()
    expect(page.locator("#title_de")).not_to_be_visible()
    page.close()


def test_a_box_marks_all_rows_of_a_page(organiser: Page) -> None:
    page = organiser.context.new_page()
    page.goto(base(organiser) + "/organise/duisburg/people/")
    expect(page.locator(".marks")).not_to_be_visible()

    page.locator("[data-marks-all]").check()

    expect(page.locator("[name=marked]:checked")).to_have_count(50)
    expect(page.locator(".marks")).to_be_visible()
    page.close()
