"""Rounds by a list or a schedule: by their times known again, what overlaps is told, and it can be taken back."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from planner import exchange
from planner.extensions import db
from planner.models import ImportBatch, Slot
from tests import factories as make
from tests.client import Client
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.test_imports import batch, bring, choose, take, undo

DAYS = {"day_starts": datetime(2027, 5, 21, 6, tzinfo=UTC), "day_ends": datetime(2027, 5, 22, 18, tzinfo=UTC)}
LIST = """Runde;Tag;Von;Bis
Vormittag;21.05.2027;09:00;10:30
Nachmittag;21.05.2027;14 Uhr;15:30
"""


@pytest.fixture
def office(app: Flask) -> Office:
    conference, user = make.organised(**DAYS)
    return Office(conference, Client(app).as_organiser(user), f"/organise/{conference.slug}/")


def talk(begins: str, duration: str, title: str, zone: str = "+02:00", **further: str) -> dict[str, Any]:
    return {"code": title, "title": title, "date": f"2027-05-21T{begins}:00{zone}", "duration": duration, **further}


def schedule(*held: dict[str, Any]) -> bytes:
    rooms: dict[str, list[dict[str, Any]]] = {}
    for number, each in enumerate(held):
        rooms.setdefault(f"Raum {number}", []).append(each)
    day = {"index": 1, "date": "2027-05-21", "rooms": rooms}
    return json.dumps({"schedule": {"conference": {"title": "X", "days": [day]}}}).encode()


SCHEDULE = schedule(
    talk("09:00", "00:30", "Eröffnung"),
    talk("10:00", "01:30", "Wohnen"),
    talk("10:00", "01:30", "Sprache"),
    talk("10:00", "01:30", "Arbeit"),
    talk("10:30", "00:45", "Kurzes"),
    talk("12:00", "01:30", "Schule", zone="Z"),
    talk("14:00", "1:30", "Kita"),
)


def rounds() -> list[tuple[str, str, str]]:
    db.session.expire_all()
    rows = db.session.scalars(select(Slot).order_by(Slot.starts))
    return [(row.title["de"], f"{row.starts:%H:%M}", f"{row.ends:%H:%M}") for row in rows]


def question(office: Office, preview: str) -> str:
    return next(name for name in office.client.get(preview).form("form").sent if name.startswith("answer-"))


def test_rounds_of_a_list_come_in_and_go_back(office: Office) -> None:
    take(office, bring(office, LIST, "rounds"))

    assert rounds() == [("Vormittag", "07:00", "08:30"), ("Nachmittag", "12:00", "13:30")]
    assert "There is nothing to change." in office.client.get(bring(office, LIST, "rounds")).text
    db.session.delete(batch())
    db.session.commit()
    undo(office)
    assert rounds() == []


def test_a_second_list_moves_the_round_that_is_called_the_same(office: Office) -> None:
    take(office, bring(office, LIST, "rounds"))
    preview = bring(office, LIST.replace("09:00;10:30", "09:15;10:45"), "rounds")
    assert "1 changes" in office.client.get(preview).text
    take(office, preview)
    assert rounds()[0] == ("Vormittag", "07:15", "08:45")
    undo(office)
    assert rounds()[0] == ("Vormittag", "07:00", "08:30")


def test_a_schedule_makes_a_round_of_what_is_held_at_the_same_time(office: Office) -> None:
    preview = bring(office, SCHEDULE, "rounds", "schedule.json")
    page = office.client.get(preview)

    assert "recognised as a list of pretalx" in page.text
    assert "2 new" in page.text
    assert "2 left out" in page.text
    assert "Held then: Wohnen; Sprache; Arbeit" in page.text
    assert "It overlaps with this time" in page.text
    assert "“Eröffnung” stands alone. Is this a round?" in page.text
    take(office, preview)
    assert rounds() == [("Runde 1", "08:00", "09:30"), ("Runde 2", "12:00", "13:30")]
    assert "There is nothing to change." in office.client.get(bring(office, SCHEDULE, "rounds", "schedule.json")).text


def test_what_stands_alone_is_a_round_if_the_organiser_says_so(office: Office) -> None:
    preview = bring(office, SCHEDULE, "rounds", "schedule.json")
    choose(office, preview, **{question(office, preview): "make"})
    take(office, preview)

    assert [begins for _title, begins, _ends in rounds()] == ["07:00", "08:00", "12:00"]


def test_where_nothing_is_held_at_once_each_time_is_a_round(office: Office) -> None:
    alone = schedule(talk("09:00", "01:00", "A"), talk("10:00", "01:00", "B"))
    take(office, bring(office, alone, "rounds", "schedule.json"))

    assert [begins for _title, begins, _ends in rounds()] == ["07:00", "08:00"]


def test_a_round_that_is_there_at_nearly_this_time_is_moved_or_stays(office: Office) -> None:
    slot = make.slot(
        office.conference,
        title={"de": "Runde 1", "en": "Round 1"},
        starts=datetime(2027, 5, 21, 7, 45, tzinfo=UTC),
        ends=datetime(2027, 5, 21, 9, 15, tzinfo=UTC),
    )
    db.session.commit()
    preview = bring(office, SCHEDULE, "rounds", "schedule.json")
    assert "at this time there is “Round 1” already" in office.client.get(preview).text
    asked = [name for name in office.client.get(preview).form("form").sent if name.startswith("answer-")]
    choose(office, preview, **dict.fromkeys(asked[:1], "move"))
    take(office, preview)

    assert rounds() == [("Runde 1", "08:00", "09:30"), ("Runde 2", "12:00", "13:30")]
    undo(office)
    db.session.refresh(slot)
    assert rounds() == [("Runde 1", "07:45", "09:15")]


def test_what_lies_across_several_rounds_is_a_mistake(office: Office) -> None:
    for hour in (8, 9):
        make.slot(
            office.conference,
            starts=datetime(2027, 5, 21, hour, tzinfo=UTC),
            ends=datetime(2027, 5, 21, hour, 50, tzinfo=UTC),
        )
    db.session.commit()

    page = office.client.get(bring(office, SCHEDULE, "rounds", "schedule.json"))

    assert "There are rounds already at this time" in page.text
    assert "Take in" not in page.text


def test_mistakes_in_times_are_told_with_line_and_column(office: Office) -> None:
    wrong = (
        "Titel;Tag;Von;Bis\nA;31.02.2027;9;10\nB;21.05.2027;neun;10\nC;21.05.2027;11;10\nD;;9;10\nE;21.05.2027;;10\n"
    )
    page = office.client.get(bring(office, wrong, "rounds"))

    assert "2 Tag Please write the day like this: 21.05.2027" in page.text
    assert "3 Von Please write the time like this: 09:00" in page.text
    assert "4 Bis The end must be after the beginning." in page.text
    assert "5 Tag There is no day. Every line needs one." in page.text
    assert "6 Von There is no time. Every line needs one." in page.text


def test_an_hour_that_the_clocks_leave_out_is_asked_about(office: Office) -> None:
    page = office.client.get(bring(office, "Titel;Tag;Von;Bis\nA;28.03.2027;02:30;04:00\n", "rounds"))

    assert "2 Von This time does not exist" in page.text


def test_a_round_outside_the_days_of_the_conference_is_told(office: Office) -> None:
    page = office.client.get(bring(office, LIST.replace("21.05.2027", "23.05.2027"), "rounds"))

    assert "This is outside the days of the conference" in page.text


def test_a_round_in_which_somebody_is_away_stays(office: Office) -> None:
    take(office, bring(office, LIST, "rounds"))
    slot = db.session.scalars(select(Slot).order_by(Slot.starts)).first()
    make.participant(office.conference, away=[slot])
    db.session.commit()

    assert "Vormittag : is used" in undo(office).text
    assert [title for title, _begins, _ends in rounds()] == ["Vormittag"]


def test_our_own_schedule_is_read_again_as_the_same_rounds(office: Office) -> None:
    """Most of all one over several days."""
    monday = datetime(2027, 5, 17, 6, tzinfo=UTC)
    slot = make.slot(office.conference, starts=monday, ends=monday + timedelta(days=4, hours=5))
    run = make.allocation(office.conference)
    make.meeting(run, make.session(office.conference), slot, make.room(office.conference), language="de")
    db.session.commit()
    ours = json.dumps(exchange.schedule(run, "https://example.org/c/x/", "de")).encode()

    assert "There is nothing to change." in office.client.get(bring(office, ours, "rounds", "schedule.json")).text


@pytest.mark.parametrize(
    "strange",
    [
        talk("09:00", "01:00", "A", zone=""),
        talk("25:00", "01:00", "A"),
        talk("09:00", "99:99:99", "A") | {"date": "9999-12-31T23:59:59+00:00"},
        talk("09:00", "", "A"),
        {"title": ["x"], "date": {"a": 1}, "duration": None},
    ],
)
def test_what_says_no_time_makes_no_round(office: Office, strange: dict[str, Any]) -> None:
    whole = schedule(talk("10:00", "01:00", "Ganz"), strange)
    take(office, bring(office, whole, "rounds", "schedule.json"))

    assert [begins for _title, begins, _ends in rounds()] == ["08:00"]


def test_very_many_rounds_are_another_list(office: Office) -> None:
    many = "Titel;Tag;Von;Bis\n" + "".join(
        f"{day}-{hour};{day}.{month}.2027;{hour};{hour}:50\n"
        for month in (4, 5)
        for day in range(1, 29)
        for hour in (9, 10)
    )
    page = office.client.get(bring(office, many, "rounds"))

    assert "These are more than 100 rounds." in page.text
    assert db.session.scalars(select(ImportBatch)).one().tables is not None


def test_a_round_for_which_somebody_gave_her_word_stays(office: Office) -> None:
    take(office, bring(office, LIST, "rounds"))
    slot = db.session.scalars(select(Slot).order_by(Slot.starts)).first()
    assert slot
    make.commitment(make.participant(office.conference), slot, make.session(office.conference), is_taken=True)
    db.session.commit()

    undo(office)

    assert [title for title, _begins, _ends in rounds()] == ["Vormittag"]
