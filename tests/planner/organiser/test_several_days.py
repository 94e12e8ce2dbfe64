"""A round over several days is one round, held on each of them between the same hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar

from planner import beginnings, clock, conference_templates, dates, programme
from planner.allocations.runs import snapshot
from planner.extensions import db
from planner.models import Conference, Slot
from tests import factories as make
from tests.client import Client
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.tables.test_grid import opened, sent

BERLIN = ZoneInfo("Europe/Berlin")


def local(day: int, hour: int, minute: int = 0, *, month: int = 5) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=BERLIN)


def week(**given: object) -> Conference:
    """From Monday to Friday."""
    ends = given.pop("ends", local(28, 15))
    return make.conference(day_starts=local(24, 8), day_ends=ends, wishes_until=local(20, 8), **given)


def test_each_day_has_the_same_hours_also_where_the_clocks_change() -> None:
    conference = Conference(zone="Europe/Berlin")
    slot = Slot(starts=local(26, 8, month=3), ends=local(29, 13, month=3))

    found = [(dates.local(a, conference), dates.local(b, conference)) for a, b in dates.times(slot, conference)]

    assert [(a.date().day, a.time(), b.date().day, b.time()) for a, b in found] == [
        (day, time(8), day, time(13)) for day in (26, 27, 28, 29)
    ]


def test_a_round_through_the_night_is_held_once(app: Flask) -> None:
    conference = week()
    slot = make.slot(conference, starts=local(24, 22), ends=local(25, 2))

    assert len(dates.times(slot, conference)) == 1


def test_pages_say_on_which_days_it_is_held(app: Flask, office: Office) -> None:
    conference = office.conference
    conference.day_starts, conference.day_ends = local(24, 8), local(28, 15)
    make.slot(conference, title={"de": "Projektwoche"}, starts=local(24, 8), ends=local(28, 13))
    make.agenda_item(conference, title={"de": "Abschluss"}, starts=local(28, 14), ends=local(28, 15))

    make.room(conference)
    make.session(conference)

    told = "Mon, May 24 to Fri, May 28, each day 08:00–13:00"
    assert told in office.client.get(f"{office.home}rounds/").text
    assert told in office.client.get(f"{office.home}programme/").text
    public = Client(app).get(f"/c/{conference.slug}/programme").text
    assert told in public
    assert "Fri, May 28, 14:00–15:00" in public
    assert "Monday, May 24, 2027 to Friday, May 28, 2027" in public
    german = Client(app).get(f"/c/{conference.slug}/programme", language="de").text
    assert "Mo., 24. Mai bis Fr., 28. Mai, jeden Tag 08:00–13:00" in german


def test_a_day_at_one_date_says_hours_only(app: Flask) -> None:
    conference = week(ends=local(24, 18))
    slot = make.slot(conference, starts=local(24, 9), ends=local(24, 10))

    with app.test_request_context():
        assert dates.hours(slot, conference) == "09:00–10:00"


def test_my_day_its_paper_and_its_calendar_have_every_day(app: Flask) -> None:
    conference = week()
    slot = make.slot(conference, title={"de": "Projektwoche"}, starts=local(24, 8), ends=local(28, 13))
    person, project = make.participant(conference, name="Aylin"), make.session(conference, title={"de": "Imkern"})
    run = make.allocation(conference)
    make.assignment(make.meeting(run, project, slot, make.room(conference)), person)
    conference.published = run
    client = Client(app).as_participant(person)
    mine = f"/c/{conference.slug}/me/day/"

    assert "Mon, May 24 to Fri, May 28, each day 08:00–13:00" in client.get(mine).text
    assert client.download(f"{mine}my-day.pdf").startswith(b"%PDF")
    calendar = Calendar.from_ical(client.download(f"{mine}calendar.ics"))
    events = [each for each in calendar.walk("VEVENT") if "Imkern" in each["summary"]]
    assert [each["dtstart"].dt for each in events] == [local(day, 8).astimezone(UTC) for day in range(24, 29)]
    assert [each["dtend"].dt for each in events] == [local(day, 13).astimezone(UTC) for day in range(24, 29)]
    assert len({str(each["uid"]) for each in events}) == 5


def test_it_is_entered_in_its_form_and_in_the_table(app: Flask, office: Office) -> None:
    form = {"title_de": "Woche", "starts": "2027-05-24T08:00", "ends": "2027-05-28T13:00"}
    office.client.submit(f"{office.home}rounds/new", form)
    rows = {"n0-title": "Zweite Woche", "n0-day": "Mo, 31.5.27", "n0-until": "2027-06-04", "n0-begins": "8"}
    rows |= {"n0-finishes": "13.30 Uhr", "n1-title": "Ein Tag", "n1-day": "7.6.2027", "n1-begins": "9:00"}

    form = opened(office, "rounds")
    assert [form[name] for name in form if name.startswith("r") and not name.endswith("seen")] == [
        ["Woche"],
        ["24.05.2027"],
        ["28.05.2027"],
        ["08:00"],
        ["13:00"],
    ]
    assert sent(office, form | rows | {"n1-finishes": "10:30"}, "rounds")[0] == 302

    here = office.conference
    found = [(dates.local(row.starts, here), dates.local(row.ends, here)) for row in db.session.query(Slot)]
    assert sorted(found) == [
        (local(24, 8), local(28, 13)),
        (local(31, 8), local(4, 13, 30, month=6)),
        (local(7, 9, month=6), local(7, 10, 30, month=6)),
    ]


def test_what_cannot_be_a_day_or_an_hour_stays_as_it_was_typed(office: Office) -> None:
    rows = {"n0-title": "A", "n0-day": "5/21/2027", "n0-begins": "25:00", "n0-finishes": "neun"}
    rows |= {"n1-title": "B", "n1-day": "21.5.2027", "n1-begins": "10", "n1-finishes": "9"}
    rows |= {"n2-title": "C", "n2-day": "28.3.2027", "n2-begins": "2:30", "n2-finishes": "4:00", "n3-title": "D"}

    status, page = sent(office, opened(office, "rounds") | rows, "rounds")

    assert status == 422
    assert [page.fields[name] for name in ("n0-day", "n0-begins", "n0-finishes")] == ["5/21/2027", "25:00", "neun"]
    for told in (
        "Row 1, Day: Please write the day like this",
        "Row 1, From: Please write the time like this",
        "Row 2, To: The end must be after the beginning.",
        "Row 3, From: This time does not exist",
        "Row 4, Day: Please write something",
    ):
        assert told in page.text
    assert db.session.query(Slot).count() == 0


def test_a_long_session_does_not_run_from_it_into_a_round_of_its_first_evening(app: Flask) -> None:
    conference = week()
    make.slot(conference, starts=local(24, 8), ends=local(28, 13))
    make.slot(conference, starts=local(24, 18), ends=local(24, 20))
    make.slot(conference, starts=local(24, 21), ends=local(24, 22))
    make.session(conference, duration=2)

    problem = snapshot.problem_of(conference, "test", make.NOW)

    assert [slot.joined for slot in problem.slots] == [True, False, True]


def test_a_project_week_begins_with_one_round_over_five_days(app: Flask) -> None:
    school = conference_templates.read("school")
    now, day = clock.now(), date(2027, 5, 24)
    conference = beginnings.create("woche", "Projektwoche", day, "school", school, make.user(), now)

    (slot,) = conference.slots
    assert [dates.local(a, conference).date().day for a, _b in dates.times(slot, conference)] == [24, 25, 26, 27, 28]


def test_a_round_over_days_has_to_end_at_a_later_hour_than_it_begins(app: Flask) -> None:
    """From Monday 14 h to Friday 12 h was told as one meeting "14:00 to 12:00"."""
    conference = make.conference(**make.MORNING)
    monday = datetime(2027, 5, 24, 14)  # noqa: DTZ001 - as it is typed

    with pytest.raises(programme.NoHours):
        programme.save_slot(conference, None, {"de": "Woche"}, monday, monday + timedelta(days=4, hours=-2))
    late = programme.save_slot(conference, None, {"de": "Nacht"}, monday, monday + timedelta(hours=12))
    assert len(dates.times(late, conference)) == 1
