"""New conferences: what each template brings, dates that fit before the day, names that are free."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from planner import beginnings, conferences, frame, programme
from planner.conference_templates import EMPTY, KEYS, read
from planner.conferences import SlugTaken
from planner.demo.checks import PRESETS
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import AuditEntry, Conference, MemberRole
from planner.organiser.themes import SIGNS
from planner.words import TONGUES
from tests import factories as make

ODD = datetime(2030, 3, 4, 6, 41, 33, 7, tzinfo=UTC)  # 07:41:33 where the conference is; in between the clocks change
BERLIN = ZoneInfo(beginnings.ZONE)
DAY = date(2031, 5, 6)


def create(key: str = EMPTY, day: date = DAY, now: datetime = ODD, title: str = "Neu", slug: str = "") -> Conference:
    made = beginnings.create(slug, title, day, key, read(key), make.user(), now)
    db.session.flush()
    return made


@pytest.mark.parametrize("key", KEYS)
def test_a_conference_has_all_that_its_template_brings(app: Flask, key: str) -> None:
    template, made = read(key), create(key)

    conferences.check_dates(made)
    assert conferences.made(made) == beginnings.brings(template)
    assert [theme.title for theme in made.themes] == [theme.title for theme in template.themes]
    assert [(group.letter, group.is_sensitive) for group in made.groups] == [
        (group.letter, group.is_sensitive) for group in template.groups
    ]
    assert (made.languages, made.most_favourites, made.preset) == (
        list(template.languages),
        template.most_favourites,
        template.preset,
    )
    assert (made.usual_minimum, made.usual_maximum) == (template.usual_minimum, template.usual_maximum)
    assert [member.role for member in made.members] == [MemberRole.OWNER]


@pytest.mark.parametrize("key", KEYS)
def test_a_template_fits_together(key: str) -> None:
    """What the form of a theme or a group would refuse, no template brings."""
    template = read(key)
    spans = (*template.slots, *template.agenda)
    day, zone = date(2031, 5, 6), BERLIN
    begins, ends = template.dates.day_starts.at(day, zone), template.dates.day_ends.at(day, zone)

    assert template.preset in PRESETS
    assert set(template.languages) <= set(TONGUES)
    assert {theme.icon for theme in template.themes} <= set(SIGNS)
    assert all(1 <= part.colour <= 8 for part in (*template.themes, *template.groups))
    assert all(len(group.letter) <= 2 for group in template.groups)
    for keys in (
        [g.key for g in template.groups],
        [g.letter for g in template.groups],
        [t.key for t in template.themes],
    ):
        assert len(keys) == len(set(keys))
    assert not [span.title for span in spans if span.is_turned_round]
    assert all(begins <= span.begins.at(day, zone) < span.finishes.at(day, zone) <= ends for span in spans)
    rounds = sorted((slot.begins.at(day, zone), slot.finishes.at(day, zone)) for slot in template.slots)
    assert all(one[1] <= next[0] for one, next in pairwise(rounds))


@pytest.mark.parametrize("key", KEYS)
def test_a_template_has_every_text_in_its_languages_and_in_german_and_english(key: str) -> None:
    template = read(key)
    wanted = {"de", "en", *template.languages}
    parts = (*template.slots, *template.agenda, *template.themes, *template.groups)
    texts = [*(part.title for part in parts), *(item.place for item in template.agenda if item.place)]

    assert [text for text in texts if set(text) < wanted] == []
    assert {"de", "en"} <= set(template.name) & set(template.about)


def test_the_dates_of_a_template_are_counted_back_from_the_day(app: Flask) -> None:
    made = create("integration", date(2030, 10, 30))

    told = [getattr(made, name).astimezone(BERLIN).isoformat() for name in frame.DATES]
    assert told == [
        "2030-09-04T09:00:00+02:00",
        "2030-10-05T18:00:00+02:00",
        "2030-10-09T09:00:00+02:00",
        "2030-10-20T18:00:00+02:00",
        "2030-10-30T09:00:00+01:00",
        "2030-10-30T17:00:00+01:00",
    ]
    assert made.slots[0].starts.astimezone(BERLIN).time() == time(10, 30)


def test_a_new_session_has_the_size_that_is_usual_there(app: Flask) -> None:
    """Eight to twenty in a school's project, also where a list or a submission makes it."""
    school, empty = create("school"), create(EMPTY, title="Leer")

    sizes = [
        (row.minimum, row.maximum)
        for row in (programme.create_session(each, {"de": "Neu"}, {}, None) for each in (school, empty))
    ]

    assert sizes == [(8, 20), (6, 20)]


def test_a_project_week_lasts_from_its_first_day_to_its_fifth(app: Flask) -> None:
    made = create("school")

    [projects] = made.slots
    shown = made.agenda[-1]
    days = [
        each.astimezone(BERLIN).date() - DAY for each in (projects.starts, projects.ends, shown.starts, made.day_ends)
    ]
    assert [each.days for each in days] == [0, 4, 4, 4]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("days", [2, 5, 9, 10, 11, 24, 35, 58, 200])
def test_first_dates_are_whole_hours_where_the_conference_is(app: Flask, key: str, days: int) -> None:
    """The call ended at 07:41:33, because somebody had pressed the button at that second."""
    made = create(key, ODD.date() + timedelta(days=days))

    dates = [made.call_from, made.call_until, made.wishes_from, made.wishes_until]
    assert {(date.minute, date.second, date.microsecond) for date in dates} == {(0, 0, 0)}
    assert made.takes_submissions(ODD) is (made.call_from <= ODD)
    assert made.call_from <= ODD or days > 25
    assert sorted(dates) == dates
    assert len(set(dates)) == 4
    assert dates[-1] < made.day_starts


@pytest.mark.parametrize("days", [-400, -1, 0, 1])
def test_a_day_that_is_over_or_too_near_is_refused_at_its_field(app: Flask, days: int) -> None:
    with pytest.raises(PlannerError) as refusal:
        create(day=ODD.date() + timedelta(days=days), now=ODD + timedelta(hours=3))
    assert refusal.value.field == "day"


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
    made = [create(title=title).slug for _ in range(3)]

    assert made == [name, f"{name}-2", f"{name}-3"]


def test_two_conferences_cannot_share_an_address(app: Flask) -> None:
    taken = make.conference()
    with pytest.raises(SlugTaken) as refusal:
        create(slug=taken.slug)
    assert refusal.value.field == "slug"


def test_that_a_conference_was_created_stands_in_its_own_audit_with_what_it_began_with(app: Flask) -> None:
    made = create("integration")
    db.session.commit()

    [entry] = db.session.query(AuditEntry).filter_by(conference_id=made.id)
    assert (entry.action, entry.actor) == ("conference.created", f"organiser:{made.members[0].user_id}")
    assert entry.facts == {
        "template": "integration",
        "added agenda_item": 6,
        "added slot": 3,
        "added stakeholder_group": 6,
        "added theme": 4,
    }
