"""All of an organiser's pages: they open in each language, keep to their conference and ask as much for 30 as for 1."""

import pytest

from planner.models import Company, Quota, SessionGroup, SubmissionState
from tests import factories as make
from tests.planner.organiser.conftest import Office
from tests.queries import counted

LISTS = (
    "",
    "submissions/",
    "sessions/",
    "rooms/",
    "rounds/",
    "programme/",
    "people/",
    "settings/",
    "themes/",
    "groups/",
    "rules/",
    "agenda/",
)
FORMS = (
    "sessions/new",
    "rooms/new",
    "rounds/new",
    "people/new",
    "themes/new",
    "groups/new",
    "agenda/new",
    "rules/agreements/new",
)
HUGE = 10**30


@pytest.mark.parametrize("page", LISTS + FORMS)
@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_every_page_opens_empty_and_in_its_direction(office: Office, page: str, language: str) -> None:
    shown = office.client.get(office.home + page, language=language)

    assert shown.language == language
    assert shown.direction == ("rtl" if language == "ar" else "ltr")
    assert shown.headings


@pytest.mark.parametrize("page", LISTS)
def test_a_list_asks_the_database_as_often_for_thirty_rows_as_for_one(office: Office, page: str) -> None:
    _fill(office, 1)
    office.client.get(office.home + page)
    with counted() as few:
        office.client.get(office.home + page)
    _fill(office, 29)
    with counted() as many:
        office.client.get(office.home + page)

    assert len(many) == len(few)


def _fill(office: Office, rows: int) -> None:
    """So many people, each with a submission, a wish, a room and a session placed in it."""
    conference = office.conference
    slot = conference.slots[0] if conference.slots else make.slot(conference)
    for _ in range(rows):
        leader = make.participant(conference, group_id=make.group(conference).id, away=[slot])
        theme = make.theme(conference)
        session = make.session(conference, theme_id=theme.id, offered=2)
        make.role(session, leader)
        make.placement(session, slot, make.room(conference))
        make.bond(leader, make.participant(conference))
        make.add(Quota(conference_id=conference.id, group_id=leader.group_id, maximum=9))
        make.add(Company(conference_id=conference.id, group_id=leader.group_id))
        make.add(SessionGroup(session_id=session.id, group_id=leader.group_id))
        make.wishes(make.participant(conference), session)
        for state in (SubmissionState.SUBMITTED, SubmissionState.ACCEPTED):
            make.submission(leader, theme_id=theme.id, state=state, session_id=session.id)


@pytest.mark.parametrize("page", ["submissions", "sessions", "rooms", "rounds", "people", "themes", "groups", "agenda"])
def test_foreign_unknown_and_malformed_ids_look_the_same(office: Office, page: str) -> None:
    other = make.conference()
    author = make.participant(other)
    rows = {
        "submissions": make.submission(author),
        "sessions": make.session(other),
        "rooms": make.room(other),
        "rounds": make.slot(other),
        "people": author,
        "themes": make.theme(other),
        "groups": make.group(other),
        "agenda": make.agenda_item(other),
    }
    foreign = office.client.fetch(f"{office.home}{page}/{rows[page].id}")
    unknown = office.client.fetch(f"{office.home}{page}/987654")
    huge = office.client.fetch(f"{office.home}{page}/{HUGE}")
    malformed = office.client.fetch(f"{office.home}{page}/x%00y")

    assert [answer.status_code for answer in (foreign, unknown, huge, malformed)] == [404] * 4


def test_somebody_else_s_conference_looks_like_none(office: Office) -> None:
    other = make.conference()

    assert office.client.fetch(f"/organise/{other.slug}/").status_code == 404
    assert office.client.fetch("/organise/never-existed/").status_code == 404


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("sessions/new", {"title_de": "Wohnen", "minimum": "3", "maximum": "alle", "offered": "oft"}),
        ("sessions/new", {"title_de": "Wohnen", "minimum": "9", "maximum": "8", "offered": "1"}),
        ("rooms/new", {"name": "Saal", "capacity_circle": "viele", "capacity_rows": "-1"}),
        ("rounds/new", {"title_de": "Runde", "starts": "2027-03-01T09:00", "ends": "später"}),
        ("rounds/new", {"title_de": "Runde", "starts": "2027-03-01T09:00", "ends": "2027-03-01T08:00"}),
        ("rounds/new", {"title_de": "Runde", "starts": "0001-01-01T00:00", "ends": "9999-12-31T23:59"}),
        ("people/new", {"name": "", "email": "keine"}),
        ("settings/", {"title_de": "", "call_from": "gestern", "most_favourites": "99"}),
    ],
)
def test_nonsense_is_answered_at_the_field_and_kept(office: Office, page: str, typed: dict[str, str]) -> None:
    answer = office.client.post(office.home + page, typed)

    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    for value in typed.values():
        assert value in answer.text
