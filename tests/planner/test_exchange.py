"""A plan for other programs: what pretalx's schedules say, without names, and read again by our own import."""

import json
from datetime import UTC, datetime, timedelta

from flask import Flask

from planner import exchange
from planner.extensions import db
from planner.imports.batches import NOUNS
from planner.imports.columns import lines, recognised
from planner.imports.reading import read
from planner.models import ImportKind, SessionState
from tests import factories as make
from tests.client import Client


def test_a_plan_goes_back_as_a_schedule_and_is_read_again_as_the_same_sessions(app: Flask) -> None:
    conference, organiser = make.organised()
    theme, slot, room = make.theme(conference, title={"de": "Wohnen"}), make.slot(conference), make.room(conference)
    housing = make.session(conference, title={"de": "Wohnungen finden"}, theme_id=theme.id, languages=["de"])
    gone = make.session(conference, title={"de": "Fällt aus"}, state=SessionState.CANCELLED)
    run = make.allocation(conference, number=3)
    meeting = make.meeting(run, housing, slot, room, language="de")
    make.meeting(run, gone, slot, make.room(conference), language="de")
    make.assignment(meeting, make.participant(conference, name="Erika Geheim"))
    db.session.commit()

    client = Client(app).as_organiser(organiser)
    data = client.download(f"/organise/{conference.slug}/allocations/3/schedule.json")

    plan = json.loads(data)["schedule"]
    (day,) = plan["conference"]["days"]
    ((name, (talk,)),) = day["rooms"].items()
    assert (name, talk["title"], talk["track"], talk["language"]) == (room.name, "Wohnungen finden", "Wohnen", "de")
    assert (talk["persons"], talk["start"], len(talk["duration"])) == (
        [],
        f"{slot.starts.astimezone(conference.tz):%H:%M}",
        5,
    )
    assert "Geheim" not in data.decode()
    noun, tables = NOUNS[ImportKind.SESSIONS], read(data).tables
    layout = recognised(tables, noun.fields(), noun.called)
    (line,) = lines(tables[layout.table], layout)
    assert layout.preset == "pretalx"
    assert {key: line.text(key) for key in ("title", "theme", "languages", "offered")} == {
        "title": "Wohnungen finden",
        "theme": "Wohnen",
        "languages": "de",
        "offered": "1",
    }


def test_a_round_over_several_days_stands_on_each_of_them(app: Flask) -> None:
    conference, _organiser = make.organised()
    monday = datetime(2026, 5, 4, 6, tzinfo=UTC)
    slot = make.slot(conference, starts=monday, ends=monday + timedelta(days=4, hours=5))
    run = make.allocation(conference)
    make.meeting(run, make.session(conference), slot, make.room(conference), language="de")

    plan = exchange.schedule(run, "https://example.org/c/x/", "de")["schedule"]["conference"]

    talks = [talk for day in plan["days"] for held in day["rooms"].values() for talk in held]
    assert [(talk["date"][:10], talk["duration"]) for talk in talks] == [
        (f"2026-05-0{day}", "05:00") for day in range(4, 9)
    ]
    assert len({talk["guid"] for talk in talks}) == len({talk["id"] for talk in talks}) == 5
    again = read(json.dumps(exchange.schedule(run, "https://example.org/c/x/", "de")).encode()).tables
    (again_talks,) = (table for table in again if table.name == "talks")
    heads, row = (cells for _line, cells in again_talks.rows)
    assert dict(zip(heads, row, strict=True))["offered"] == "1"
    assert (plan["start"], plan["end"], plan["daysCount"]) == ("2026-05-04", "2026-05-08", 5)
