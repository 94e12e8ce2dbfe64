"""From an empty machine: an operator sets mail up in the browser, sends herself a test, and it arrives."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PASSWORD, serving, speak
from tests.browser.test_accessibility import AXE, NARROW, WIDE, look
from tests.faults.server import MailServer
from tests.postgresql import free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def operator(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    with serving(tmp_path / "instance", tmp_path / "log") as link:
        context = browser.new_context(locale="de", viewport={"width": WIDE, "height": 900})
        page = context.new_page()
        page.add_init_script(AXE)
        page.goto(link)
        speak(page, "de")
        page.click("main button")
        page.fill("#new_password", PASSWORD)
        page.fill("#new_password_confirm", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/organise/")
        yield page
        context.close()


def enters(page: Page, **given: str) -> None:
    for name, value in given.items():
        page.fill(f"#{name}", value)


def test_set_up_tested_and_arrived(operator: Page, tmp_path: Path) -> None:
    """The menu leads there; a wrong port is said to be one; the right one brings the mail, without a restart."""
    page = operator
    page.click(".menu > summary")
    page.click("text=Mail einrichten")
    assert page.inner_text("h1") == "Mail einrichten"
    enters(page, server="127.0.0.1", port=str(free_port()), from_address="ki@example.org", from_name="Stadt Übungsheim")
    page.check("input[name=encryption][value=none]")
    page.click("text=Speichern und mir eine Testmail schicken")
    page.wait_for_selector("text=nimmt auf diesem Port kein Mailserver etwas an", timeout=30_000)

    with MailServer() as server:
        enters(page, port=str(server.port))
        page.click("text=Speichern und mir eine Testmail schicken")
        page.wait_for_selector("#tried .state-good", timeout=30_000)

        assert server.recipients == [["you@example.org"]]
        assert b"ki@example.org" in server.texts[0]
        page.click("form[action$='/mail/trial'] button")
        for _ in range(150):
            if len(server.texts) == 2:
                break
            page.wait_for_timeout(200)
        assert len(server.texts) == 2
        page.wait_for_selector("#tried .state-good", timeout=30_000)
    assert (tmp_path / "instance" / "mail.json").stat().st_mode & 0o777 == 0o600


def test_the_page_is_for_everybody(operator: Page) -> None:
    """axe on the empty page, on one with complaints, and on one that is filled, in each direction and width."""
    page, found = operator, []
    for language, width in product(("de", "en"), (WIDE, NARROW)):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(page.url.partition("/organise")[0] + "/organise/mail")
        speak(page, language)
        found += look(page, "/organise/mail")
    enters(page, server="127.0.0.1", port=str(free_port()), from_address="ki@example.org")
    page.check("input[name=encryption][value=none]")
    page.click("main button[name=trial]")
    page.wait_for_selector("#tried .state-bad", timeout=30_000)
    found += look(page, "/organise/mail")
    enters(page, server="http://x", port="22")
    page.click("main button[name=trial]")
    page.wait_for_selector(".error-summary")
    found += page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations.map(v => v.id))")

    assert found == []
