"""Conferences: dates in order, themes and groups that nobody loses by accident."""

import pytest
from flask import Flask

from planner import conferences
from planner.extensions import db
from planner.models import Group, Theme
from tests import factories as make


def test_wishes_that_end_before_they_begin_are_refused(app: Flask) -> None:
    conference = make.conference()
    conference.wishes_until = conference.wishes_from - make.DAY
    with db.session.no_autoflush, pytest.raises(conferences.DatesOutOfOrder):
        conferences.check_dates(conference)


def test_themes_get_colours_in_turn_and_stay_while_something_belongs_to_them(app: Flask) -> None:
    conference = make.conference()
    first = conferences.save_theme(conference, None, {"de": "Wohnen"}, "house")
    db.session.flush()
    db.session.expire(conference)
    second = conferences.save_theme(conference, None, {"de": "Arbeit"}, "work")
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
