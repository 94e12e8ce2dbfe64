"""People who come at a rate of their own: each opens her wishes, saves them, reads the receipt, keeps a ledger."""

import asyncio
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.load.http import Answer, Broken, Browser
from tests.load.place import Place

REQUESTS = 3  # of one visit: two pages and a save
FIELD = {name: re.compile(rf'name="{name}" value="(\d+)"') for name in ("revision", "favourite")}
OFFERED = re.compile(r'value="add:(\d+)"')
CHOSEN = 5
BUSY = (429, 503)


@dataclass
class Ledger:
    """What the people themselves know: how long each answer took, what went wrong, what was promised to whom."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    acknowledged: dict[str, list[int]] = field(default_factory=dict)
    late: float = 0.0  # by how much the loader itself was behind its own times at worst

    def note(self, kind: str, answer: Answer, seconds: float, wanted: int) -> bool:
        """Whether it is what was asked for; a server that says it is busy and when to come back makes no mistake."""
        self.seconds.setdefault(kind, []).append(seconds)
        self.statuses[answer.status] += 1
        if answer.status != wanted:
            polite = answer.status in BUSY and "retry-after" in answer.headers
            self.errors.append(f"{kind}: {answer.status}{' (says when to come back)' if polite else ''}")
        return answer.status == wanted

    def missing(self, stored: Mapping[str, Sequence[int]]) -> list[str]:
        """Whose acknowledged list is not what is stored."""
        return [key for key, list_ in self.acknowledged.items() if list(stored.get(key, ())) != list_]

    def figures(self) -> dict[str, object]:
        every = sorted(second for seconds in self.seconds.values() for second in seconds)
        return {
            "requests": len(every),
            **{f"p{share} ms": _share(every, share) for share in (50, 95, 99)},
            "max ms": _share(every, 100),
            "errors": len(self.errors),
            "acknowledged": len(self.acknowledged),
            "loader late ms": round(1000 * self.late),
        }

    def rows(self) -> list[dict[str, object]]:
        return [
            {
                "request": kind,
                "count": len(each),
                **{f"p{share} ms": _share(sorted(each), share) for share in (50, 95, 99, 100)},
            }
            for kind, each in self.seconds.items()
        ]


def _share(ordered: Sequence[float], percent: int) -> float:
    at = min(len(ordered) - 1, round(len(ordered) * percent / 100)) if ordered else 0
    return round(1000 * ordered[at], 1) if ordered else 0.0


async def signed_in(place: Place, port: int, count: int, at_once: int = 8) -> list[tuple[str, dict[str, str]]]:
    """The cookies of so many people, who opened their links before it counts."""
    gate, found = asyncio.Semaphore(at_once), []

    async def enter(key: str, link: str) -> None:
        async with gate:
            browser = Browser(port)
            answer = await browser.get(link)
            assert answer.status == 302, f"{link}: {answer.status}"
            browser.close()
            found.append((key, browser.cookies))

    await asyncio.gather(*(enter(key, link) for key, link in list(place.links.items())[:count]))
    return found


async def arrive(
    place: Place, port: int, rate: float, seconds: float, people: Iterable[tuple[str, dict[str, str]]], seed: int = 1
) -> Ledger:
    """`rate` requests a second for so long. Arrivals wait for nobody's answer: who comes, comes at her time."""
    ledger, draw = Ledger(), random.Random(seed)
    every = REQUESTS / rate
    waiting = iter(people)
    began, visits = time.monotonic(), []
    for number in range(round(seconds / every)):
        due = began + number * every
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        person = next(waiting, None)
        if person is None:
            ledger.errors.append("too few people for this rate")
            break
        ledger.late = max(ledger.late, time.monotonic() - due)
        visits.append(asyncio.create_task(_visit(place, port, *person, due, draw, ledger)))
    await asyncio.gather(*visits)
    return ledger


async def _visit(
    place: Place, port: int, key: str, cookies: dict[str, str], due: float, draw: random.Random, ledger: Ledger
) -> None:
    """Her page counts from the moment at which she came, however late the loader was."""
    browser, home = Browser(port, dict(cookies)), f"/c/{place.slug}/me/wishes/"
    try:
        page = await browser.get(home)
        if not ledger.note("page", page, time.monotonic() - due, 200):
            return
        wanted = _choice(page, draw)
        form = [("csrf_token", page.token), ("revision", FIELD["revision"].findall(page.text)[0])]
        saved = await browser.post(home, [*form, *(("favourite", str(id)) for id in wanted)])
        if ledger.note("save", saved, saved.seconds, 302):
            ledger.acknowledged[key] = wanted
            receipt = await browser.get(f"{home}receipt")
            ledger.note("receipt", receipt, receipt.seconds, 200)
    except Broken as error:
        ledger.errors.append(f"broken: {error}")
    finally:
        browser.close()


def _choice(page: Answer, draw: random.Random) -> list[int]:
    """Her list in another order, or some of what she is offered: never what is stored already."""
    known = FIELD["favourite"].findall(page.text) or OFFERED.findall(page.text)
    wanted = draw.sample(known, min(CHOSEN, len(known)))
    return [int(id) for id in (wanted if wanted != known else reversed(wanted))]
