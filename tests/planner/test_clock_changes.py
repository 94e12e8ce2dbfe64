"""FLT-8: one instant has one meaning, whatever the clocks do and wherever the server stands."""

import io
import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar
from pypdf import PdfReader

from planner import dates, exports, notifications
from planner.dates import NoSuchTime
from planner.exports import Event
from planner.extensions import db
from planner.models import Slot
from tests import factories as make
from tests.client import Client

# A change of the clocks in each zone, forwards and back, in UTC: half an hour to one side is another local day.
CHANGES = {
    "Europe/Berlin": (datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2027, 10, 31, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2027, 3, 14, 7, tzinfo=UTC), datetime(2027, 11, 7, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2027, 10, 2, 15, 30, tzinfo=UTC), datetime(2027, 4, 3, 15, tzinfo=UTC)),
}
STEP = timedelta(minutes=15)


@pytest.fixture(params=["UTC", "Pacific/Kiritimati", "America/St_Johns"])
def server_elsewhere(request: pytest.FixtureRequest) -> Iterator[str]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = request.param
    time.tzset()
    yield request.param
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


def around(change: datetime) -> list[datetime]:
    return [change + number * STEP for number in range(-8, 9)]


@pytest.mark.parametrize("zone", CHANGES)
def test_an_instant_is_stored_shown_and_sent_as_itself(app: Flask, server_elsewhere: str, zone: str) -> None:
    conference = make.conference(zone=zone)
    instants = [instant for change in CHANGES[zone] for instant in around(change)]
    slots = [make.slot(conference, starts=each, ends=each + STEP) for each in instants]
    db.session.commit()
    db.session.expire_all()

    stored = [db.session.get_one(Slot, slot.id).starts for slot in slots]
    events = [Event(str(at), each, each + STEP, "Runde") for at, each in enumerate(stored)]
    sent = Calendar.from_ical(exports.to_ics(events, "Konferenz", instants[0])).walk("VEVENT")

    assert stored == instants
    assert [event.decoded("dtstart") for event in sent] == instants
    with app.test_request_context():
        shown = [dates.clock(each, conference) for each in stored]
    assert shown == [f"{each.astimezone(ZoneInfo(zone)):%H:%M}" for each in instants]


@pytest.mark.parametrize("zone", CHANGES)
def test_page_calendar_paper_and_mail_mean_the_same_instant(app: Flask, server_elsewhere: str, zone: str) -> None:
    instants = [change + side * timedelta(minutes=30) for change in CHANGES[zone] for side in (-1, 0, 1)]
    conference = make.conference(zone=zone, day_starts=instants[0] - 2 * make.DAY, day_ends=instants[0] - make.DAY)
    for number, instant in enumerate(instants):
        title = {"de": f"Punkt {number}", "en": f"Item {number}"}
        make.agenda_item(conference, title=title, starts=instant, ends=instant + STEP)
    person = make.participant(conference, email="alma@example.org", locale="en")
    client, home = Client(app).as_participant(person), f"/c/{conference.slug}/me/day/"
    local = [instant.astimezone(ZoneInfo(zone)) for instant in instants]

    page = client.get(home).text
    events = Calendar.from_ical(client.download(f"{home}calendar.ics")).walk("VEVENT")
    paper = " ".join(PdfReader(io.BytesIO(client.download(f"{home}my-day.pdf"))).pages[0].extract_text().split())

    assert {str(event["SUMMARY"]): event.decoded("dtstart") for event in events} == {
        f"Item {number}": instant for number, instant in enumerate(instants)
    }
    for number, at in enumerate(local):
        times = rf"{at:%H:%M}–{(instants[number] + STEP).astimezone(ZoneInfo(zone)):%H:%M}"
        assert re.search(rf"{times}\W+Item {number}\b", paper)
        assert re.search(rf"{at:%H:%M}\D.{{0,60}}Item {number}\b", page)
    for instant, at in zip(instants, local, strict=True):
        conference.day_starts = instant - timedelta(days=8)
        conference.day_ends = instant - timedelta(days=7)  # when links end
        with app.test_request_context():
            mail = notifications.compose(make.message(person), make.NOW).mail
        assert f"{at:%A}, {at.day} {at:%B}, {at:%H:%M}" in mail.body or f"{at:%B} {at.day}" in mail.body


@pytest.mark.parametrize("zone", CHANGES)
def test_a_typed_time_means_one_instant_or_is_asked_about(app: Flask, server_elsewhere: str, zone: str) -> None:
    """Refused are the times that the clocks skip or show twice, and no other."""
    conference, tz = make.conference(zone=zone), ZoneInfo(zone)
    for change in CHANGES[zone]:
        first = around(change)[0].astimezone(tz).replace(tzinfo=None)
        for number in range(17):
            typed = first + number * STEP
            meant = {
                instant
                for instant in (change + at * STEP for at in range(-24, 25))
                if instant.astimezone(tz).replace(tzinfo=None, fold=0) == typed
            }
            if len(meant) == 1:
                assert dates.instant(typed, conference, "starts") in meant
            else:
                with pytest.raises(NoSuchTime):
                    dates.instant(typed, conference, "starts")


def test_a_deadline_in_the_hour_that_comes_twice_passes_once(app: Flask) -> None:
    back = CHANGES["Europe/Berlin"][1]
    conference = make.conference(zone="Europe/Berlin", wishes_from=back - timedelta(days=1), wishes_until=back)

    open_at = [conference.takes_wishes(instant) for instant in around(back)]

    assert open_at == [True] * 8 + [False] * 9
