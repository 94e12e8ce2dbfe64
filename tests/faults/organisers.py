"""CON-4: two organisers press Allocate and Publish together, and web processes are killed meanwhile."""

import http.client
import random
import re
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import create_engine, text

from planner import allocations, auth, clock, create_app
from planner.extensions import db
from planner.models import AllocationState, Assignment
from solver import Preset, Settings
from tests import factories as make
from tests.campaigns.report import Report
from tests.conftest import settings
from tests.faults import processes, site
from tests.faults.visitor import TOKEN, Visitor

PROMISE = (
    "CON-4: 20 clicks at once, with kills: one active run; what is published is one run; no reader sees a mixture."
)
CLICKS = 20
MEETING = re.compile(r"/facilitate/meetings/(\d+)/")


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """In every third round a web process is killed. The control arm forgets the index and the locks."""
    report, dice = Report(f"organisers-{database}", PROMISE, control_arm=unguarded), random.Random(seed)
    with site.folder() as place, site.database(database) as address:
        stage = _prepared(place, address)
        web = site.Web(place, address, app=UNGUARDED if unguarded else site.GUARDED)
        judge = create_engine(settings(place, DATABASE_URL=address).database)
        if unguarded:
            with judge.begin() as connection:
                connection.execute(text("drop index uq_allocation_active"))
                if database == "postgresql":
                    connection.execute(
                        text("alter table allocation drop constraint uq_allocation_conference_id_number")
                    )
        web.start()
        try:
            office = [Visitor(web.port, stage["slug"], 0, token) for token in stage["office"]]
            leader = Visitor(web.port, stage["slug"], 0, stage["leader"])
            processes.within(30, lambda: _enter(office, leader))
            for number in range(count):
                row = _round(number, web, office, leader, stage, judge, dice, report)
                report.rows.append(row)
                say(f"{row}")
        finally:
            web.stop()
            judge.dispose()
    return report


UNGUARDED = "tests.faults.arms:careless()"


def _prepared(place: Any, address: str) -> dict[str, Any]:
    """Two solved runs that put the same leader into different meetings, and two organisers."""
    app = create_app(settings(place, DATABASE_URL=address))
    with app.app_context():
        import flask_migrate

        flask_migrate.upgrade()
        conference, organiser = make.organised()
        second = make.user()
        make.member(conference, second)
        slots = [make.slot(conference) for _ in range(2)]
        [make.room(conference) for _ in range(2)]
        session = make.session(conference, minimum=0, offered=2)
        leader = make.participant(conference)
        make.role(session, leader)
        [make.participant(conference) for _ in range(4)]
        db.session.commit()
        runs = []
        for turn in range(2):
            row = allocations.create(
                conference, Settings(Preset.WISHES_FIRST, time_limit=2, workers=1, seed=turn), organiser, clock.now()
            )
            db.session.commit()
            allocations.run(row.id, "campaign", clock.now, db.session.commit)
            runs.append(row)
        assert all(row.state is AllocationState.SOLVED for row in runs), [row.reason for row in runs]
        meetings = {
            row.id: {place.meeting_id for place in db.session.query(Assignment).filter_by(allocation_id=row.id)}
            for row in runs
        }
        stage = {
            "slug": conference.slug,
            "conference": conference.id,
            "runs": {row.number: row.id for row in runs},
            "meetings": meetings,
            "office": [auth.mint_sign_in(user, clock.now()) for user in (organiser, second)],
            "leader": auth.mint_link(leader, clock.now()),
            "slots": len(slots),
        }
        db.session.commit()
        db.engine.dispose()
    return stage


def _enter(office: list[Visitor], leader: Visitor) -> bool:
    try:
        if leader.ask("GET", "/readyz").status != 200:
            return False
        leader.ask("GET", f"/l/{leader.token}")
        for visitor in office:
            shown = TOKEN.search(visitor.ask("GET", f"/s/{visitor.token}").text)
            visitor.ask("POST", f"/s/{visitor.token}", [("csrf_token", shown[1] if shown else "")])
            page = visitor.ask("GET", f"/organise/{visitor.slug}/allocations/")
            found = TOKEN.search(page.text)
            visitor.csrf = found[1] if found else ""
    except OSError:
        return False
    return all(visitor.csrf for visitor in office)


def _round(
    number: int,
    web: site.Web,
    office: list[Visitor],
    leader: Visitor,
    stage: dict[str, Any],
    judge: Any,
    dice: random.Random,
    report: Report,
) -> dict[str, Any]:
    home = f"/organise/{stage['slug']}/allocations/"
    acts = [
        (home, [("preset", "wishes_first"), ("seconds", 2)]),
        *((f"{home}{run}/publish", [("accepted", "outdated incomplete")]) for run in stage["runs"]),
        (f"{home}{min(stage['runs'])}/unpublish", []),
    ]
    told: dict[int, int] = {}
    mixtures: list[set[int]] = []
    seen: list[set[int]] = []
    start, over = threading.Barrier(CLICKS + 2), threading.Event()

    def click(at: int) -> None:
        address, form = acts[at % len(acts)]
        visitor = office[at // len(acts) % 2]
        start.wait()
        status = _status(visitor, address, [("csrf_token", visitor.csrf), *form])
        told[status] = told.get(status, 0) + 1

    def read() -> None:
        start.wait()
        while not over.is_set():
            try:
                shown = {int(id) for id in MEETING.findall(leader.ask("GET", f"/c/{stage['slug']}/facilitate/").text)}
            except (OSError, http.client.HTTPException):
                continue
            seen.append(shown)
            if shown and not any(shown <= meetings for meetings in stage["meetings"].values()):
                mixtures.append(shown)

    threads = [threading.Thread(target=click, args=(at,)) for at in range(CLICKS)]
    reader = threading.Thread(target=read)
    [thread.start() for thread in (*threads, reader)]
    start.wait()
    killed = number % 3 == 2 and web.workers()
    if killed:
        threading.Event().wait(dice.uniform(0, 0.3))
        processes.end(web.workers()[0])
    [thread.join() for thread in threads]
    over.set()
    reader.join()
    report.broken += [f"round {number}: {count} answers {status}" for status, count in told.items() if status >= 500]
    report.broken += [f"round {number}: a reader saw meetings {shown}" for shown in mixtures]
    stored = _judged(number, judge, stage, report)
    return {"round": number, "killed": bool(killed), **stored, "pages read": sum(map(bool, seen)), "answers": told}


def _judged(number: int, judge: Any, stage: dict[str, Any], report: Report) -> dict[str, Any]:
    """What the database has after the clicks; active runs are ended for the next round."""
    with judge.begin() as connection:
        running = text("select count(*) from allocation where state in ('queued','running')")
        active = connection.execute(running).scalar()
        published = connection.execute(text("select published_id from conference")).scalar()
        connection.execute(text("update allocation set state = 'cancelled' where state in ('queued', 'running')"))
    if active > 1:
        report.broken.append(f"round {number}: {active} active runs")
    if published not in (None, *stage["runs"].values()):
        report.broken.append(f"round {number}: {published} is published")
    return {"active": active, "published": published}


def _status(visitor: Visitor, address: str, form: list[tuple[str, Any]]) -> int:
    """0 where the process was killed before it answered."""
    try:
        return visitor.ask("POST", address, form).status
    except (OSError, http.client.HTTPException):
        return 0
