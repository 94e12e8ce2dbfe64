"""Conferences: sensible dates from the start, themes and groups that nobody loses by accident."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from planner import conferences
from planner.extensions import db
from planner.models import Group, MemberRole, Theme
from tests import factories as make

SOON = make.NOW + 60 * make.DAY


def test_a_new_conference_has_three_rounds_a_theme_and_dates_in_order(app: Flask) -> None:
    organiser = make.user()
    conference = conferences.create("neu", "Neu", SOON, SOON + timedelta(hours=8), organiser, make.NOW)
    db.session.flush()

    conferences.check_dates(conference)
    assert len(conference.slots) == 3
    assert [theme.title["de"] for theme in conference.themes] == ["Allgemein"]
    assert [(one.user, one.role) for one in conference.members] == [(organiser, MemberRole.OWNER)]


ODD = datetime(2030, 3, 4, 6, 41, 33, 7, tzinfo=UTC)  # 07:41:33 where the conference is; in between the clocks change


@pytest.mark.parametrize("days", [2, 5, 9, 10, 11, 35, 200])
def test_first_dates_are_whole_hours_where_the_conference_is(app: Flask, days: int) -> None:
    """The call ended at 07:41:33, because somebody had pressed the button at that second."""
    day = (ODD + days * make.DAY).replace(hour=8, minute=0, second=0, microsecond=0)

    made = conferences.create(f"in-{days}", "Neu", day, day + timedelta(hours=8), make.user(), ODD)

    dates = [made.call_from, made.call_until, made.wishes_from, made.wishes_until]
    assert {(date.minute, date.second, date.microsecond) for date in dates} == {(0, 0, 0)}
    assert made.takes_submissions(ODD)
    assert sorted(dates) == dates
    assert len(set(dates)) == 4
    assert dates[-1] < made.day_starts
    if days >= 10:
        assert [date.astimezone(made.tz).hour for date in dates[1:]] == [18, 9, 18]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Kongreß Ökologie & Ängste 2031", "kongress-oekologie-aengste-2031"),
        ("Café – à la carte!", "cafe-a-la-carte"),
        ("مؤتمر", "2031-05-06"),
        ("A", "2031-05-06"),
        ("Lang " * 40, "lang-" * 9 + "lang"),
    ],
)
def test_a_short_name_is_made_from_the_title_or_the_day(app: Flask, title: str, name: str) -> None:
    day = datetime(2031, 5, 6, 7, tzinfo=UTC)
    organiser = make.user()

    made = [conferences.create("", title, day, day + timedelta(hours=8), organiser, make.NOW).slug for _ in range(3)]

    assert made == [name, f"{name}-2", f"{name}-3"]


def test_two_conferences_cannot_share_an_address(app: Flask) -> None:
    taken = make.conference()
    with pytest.raises(conferences.SlugTaken) as refusal:
        conferences.create(taken.slug, "Neu", SOON, SOON + timedelta(hours=8), make.user(), make.NOW)
    assert refusal.value.field == "slug"


def test_wishes_that_end_before_they_begin_are_refused(app: Flask) -> None:
    conference = make.conference()
    conference.wishes_until = conference.wishes_from - make.DAY
    with db.session.no_autoflush, pytest.raises(conferences.DatesOutOfOrder):
        conferences.check_dates(conference)


def test_themes_get_colours_in_turn_and_stay_while_something_belongs_to_them(app: Flask) -> None:
    conference = make.conference()
    first = conferences.add_theme(conference, {"de": "Wohnen"}, "house")
    db.session.flush()
    db.session.expire(conference)
    second = conferences.add_theme(conference, {"de": "Arbeit"}, "work")
    db.session.flush()
    make.session(conference, theme_id=first.id)

    assert (first.colour, second.colour) == (1, 2)
    with pytest.raises(conferences.ThemeInUse):
        conferences.remove_theme(first)
    conferences.remove_theme(second)
    db.session.flush()
    assert db.session.query(Theme).all() == [first]


def test_two_groups_cannot_share_a_letter(app: Flask) -> None:
    conference = make.conference()
    known = make.group(conference, letter="V")
    with pytest.raises(conferences.LetterTaken):
        conferences.save_group(conference, None, {"de": "Verbände"}, "v", sensitive=False)

    kept = conferences.save_group(conference, known, {"de": "Vereine"}, "V", sensitive=True)
    assert (kept, kept.title["de"], kept.is_sensitive) == (known, "Vereine", True)


def test_a_group_stays_while_people_belong_to_it(app: Flask) -> None:
    conference = make.conference()
    full, empty = make.group(conference), make.group(conference)
    make.participant(conference, group_id=full.id)

    with pytest.raises(conferences.GroupInUse):
        conferences.remove_group(full)
    conferences.remove_group(empty)
    db.session.flush()

    assert db.session.query(Group).all() == [full]
    assert conferences.people_by_group(conference) == {full.id: 1}
