"""An organiser in her browser who presses Allocate, and looks how far it is."""

import re
from urllib.parse import urlsplit

from tests.load.http import Browser
from tests.load.place import Place

_organisers: dict[str, dict[str, str]] = {}


async def organiser(place: Place, port: int) -> Browser:
    """Signed in by her link, which works once."""
    browser = Browser(port, _organisers.get(place.slug, {}))
    if not browser.cookies:
        page = await browser.get(place.organiser)
        entered = await browser.post(place.organiser, [("csrf_token", page.token)])
        assert entered.status == 302, entered.status
        _organisers[place.slug] = browser.cookies
    return browser


async def pressed(place: Place, port: int, seconds: float) -> float:
    """Start a run that lasts as long as the load; how long the press took."""
    browser, home = await organiser(place, port), f"/organise/{place.slug}/allocations/"
    page = await browser.get(home)
    form = [("csrf_token", page.token), ("preset", "balanced"), ("seconds", str(max(2, round(seconds))))]
    answer = await browser.post(home, form)
    browser.close()
    assert answer.status == 302, answer.text
    assert re.search(r"/allocations/\d+$", urlsplit(answer.headers["location"]).path)
    return answer.seconds


async def state(place: Place, port: int) -> str:
    """What the page of all runs says of the newest, in its first cell with a word."""
    browser = await organiser(place, port)
    page = await browser.get(f"/organise/{place.slug}/allocations/")
    browser.close()
    found = re.search(r'<span class="state[^>]*>(?:<svg.*?</svg>)?\s*([^<]+)</span>', page.text, re.DOTALL)
    return found.group(1).strip() if found else "?"
