"""Lists as tools: the address sorts, filters, searches and turns pages; several rows are marked for one action."""

from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from planner.extensions import db
from planner.models import (
    Allocation,
    AuditEntry,
    MemberRole,
    MessageState,
    Participant,
    ParticipantState,
    Room,
    Session,
    SubmissionState,
)
from planner.organiser.lists import PAGE, Chip, Choice, Column, Listing, NothingMarked
from tests import factories as make
from tests.client import Client
from tests.planner.organiser.conftest import Office


@dataclass
class Row:
    id: int
    name: str
    chairs: int | None = None
    theme: int | None = None


ROWS = [Row(1, "Raum 10", 5, 1), Row(2, "Äpfel", None, 2), Row(3, "raum 2", 30, 1), Row(4, "Zoo", 30)]


def listing(address: str = "", rows: list[Row] = ROWS) -> Listing[Row]:
    given = MultiDict(pair.split("=") for pair in address.split("&") if pair)
    columns = [Column[Row]("name", "Name", lambda row: row.name), Column[Row]("chairs", "", lambda row: row.chairs)]
    return Listing(
        "organiser.people.index",
        rows,
        columns,
        given,
        link=lambda row: "",
        words=lambda row: row.name,
        chips=[
            Chip("large", "large", lambda row: (row.chairs or 0) > 9),
            Chip("zoo", "zoo", lambda row: row.name == "Zoo"),
        ],
        choices=[Choice("theme", "", "", [(1, "one"), (2, "two")], lambda row: row.theme)],
    )


def found(address: str) -> list[int]:
    return [row.id for row in listing(address).found]


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("", [2, 3, 1, 4]),
        ("sort=-name", [4, 1, 3, 2]),
        ("sort=chairs", [1, 3, 4, 2]),
        ("sort=-chairs", [3, 4, 1, 2]),
        ("sort=nonsense&page=x&theme=99&only=nonsense", [2, 3, 1, 4]),
        ("only=large", [3, 4]),
        ("only=large&only=zoo", [4]),
        ("theme=1", [3, 1]),
        ("theme=1&only=large", [3]),
        ("search=APFEL", [2]),
        ("search=raum 1", [1]),
    ],
)
def test_the_address_sorts_and_filters(address: str, ids: list[int]) -> None:
    assert found(address) == ids


def test_a_list_is_read_in_pages_and_a_page_that_is_not_there_is_the_last() -> None:
    many = [Row(at, f"Person {at}") for at in range(1, 2 * PAGE + 2)]

    assert [listing(f"page={page}", many).shown[0].id for page in (0, 1, 2, 3, 99)] == [1, 1, 51, 101, 101]
    assert len(listing("", many).shown) == PAGE
    assert len(listing("page=3", many).shown) == 1


def test_links_keep_what_was_chosen_and_begin_at_the_first_page() -> None:
    chosen = listing("only=large&theme=1&search=r&sort=-chairs&page=1")

    assert chosen.query() == {"only": ["large"], "theme": 1, "search": "r", "sort": "-chairs"}
    assert chosen.query(sort="name", page=2) == {"only": ["large"], "theme": 1, "search": "r", "page": 2}


def test_marked_are_those_ticked_and_found_or_everybody_found() -> None:
    some = listing("only=large")

    assert [row.id for row in some.marked(MultiDict([("marked", "3"), ("marked", "1")]), lambda row: row.id)] == [3]
    assert [row.id for row in some.marked(MultiDict([("everything", "yes")]), lambda row: row.id)] == [3, 4]
    with pytest.raises(NothingMarked):
        some.marked(MultiDict(), lambda row: row.id)


def test_people_are_filtered_by_what_is_missing(office: Office) -> None:
    group = make.group(office.conference)
    make.participant(office.conference, name="Anna", group_id=group.id, languages={})
    make.participant(office.conference, name="Bernd")
    make.participant(office.conference, name="Carla", group_id=group.id, state=ParticipantState.WAITING)

    def names(query: str) -> set[str]:
        text = office.client.get(f"{office.home}people/{query}").text
        return {name for name in ("Anna", "Bernd", "Carla") if name in text}

    assert names("?only=no_language") == {"Anna"}
    assert names("?only=no_group") == {"Bernd"}
    assert names("?only=waiting") == {"Carla"}
    assert names("?only=no_group&only=waiting") == set()


def _mark(office: Office, people: list[Participant], query: str = "", **form: str) -> str:
    sent = {"marked": [str(person.id) for person in people], **form}
    return office.client.submit(f"{office.home}people/mark{query}", sent, page=f"{office.home}people/{query}").text


def test_several_people_are_put_into_a_group_given_a_language_taken_out_and_back(office: Office) -> None:
    group, body = make.group(office.conference), make.group(office.conference)
    one = make.participant(office.conference, group_id=body.id, languages={"ar": "needs_help"})
    two, other = make.participant(office.conference), make.participant(office.conference)
    ids = [one.id, two.id]

    assert "Done for 2 people." in _mark(office, [one, two], act="group", group=str(group.id))
    _mark(office, [one, two], act="language", language="ar", level="speaks")
    _mark(office, [one, two], act="cancel")
    people = [db.session.get(Participant, id) for id in ids]
    assert [person.group_id for person in people if person] == [group.id] * 2
    assert [{row.language: row.level.value for row in person.languages} for person in people if person] == [
        {"ar": "needs_help"},  # what she said herself stays
        {"ar": "speaks", "de": "speaks"},
    ]
    assert [person.state.value for person in people if person] == ["cancelled"] * 2
    assert db.session.get(Participant, other.id).group_id is None

    _mark(office, [one], act="confirm")
    assert [db.session.get(Participant, id).state.value for id in ids] == ["confirmed", "cancelled"]


def test_the_audit_says_who_was_marked(office: Office) -> None:
    people = [make.participant(office.conference) for _ in range(3)]
    ids = [person.id for person in people]
    _mark(office, people, act="cancel")

    row = db.session.query(AuditEntry).filter_by(action="people.mark").one()
    assert row.facts["of"] == f"{ids[0]}-{ids[-1]}"
    assert row.facts["changed"] == ["participant.state"]


def test_all_that_are_found_are_marked_beyond_the_page_and_nobody_else(office: Office) -> None:
    for _ in range(PAGE + 5):
        make.participant(office.conference, languages={})
    speaks = make.participant(office.conference)

    told = _mark(office, [], "?only=no_language", act="cancel", everything="yes")

    assert f"Done for {PAGE + 5} people." in told
    assert db.session.get(Participant, speaks.id).state is ParticipantState.CONFIRMED


@pytest.mark.parametrize(
    "form",
    [{"act": "cancel", "marked": []}, {"act": "erase"}, {"act": "language", "language": "xx"}, {}],
)
def test_nothing_is_done_without_a_mark_or_an_action_that_there_is(office: Office, form: dict[str, str]) -> None:
    person = make.participant(office.conference)

    told = _mark(office, [person], **form)

    assert "Please" in told
    assert db.session.get(Participant, person.id).state is ParticipantState.CONFIRMED


@pytest.mark.parametrize(
    ("page", "act"), [("rooms", "remove"), ("sessions", "cancel"), ("people", "cancel"), ("messages", "told")]
)
def test_whoever_marks_nothing_is_asked_to(office: Office, page: str, act: str) -> None:
    """It said that 0 rooms were removed; of messages a page of errors came, away from the list."""
    make.room(office.conference)
    make.session(office.conference)
    make.message(make.participant(office.conference), state=MessageState.BY_HAND)

    told = office.client.submit(f"{office.home}{page}/mark", {"act": act}, page=f"{office.home}{page}/").text

    assert "Please mark something first." in told


def test_nobody_of_another_conference_is_marked(office: Office) -> None:
    stranger = make.participant(make.conference())

    assert "Please mark something first." in _mark(office, [stranger], act="cancel")
    assert db.session.get(Participant, stranger.id).state is ParticipantState.CONFIRMED


@pytest.mark.parametrize("role", [MemberRole.VIEWER, MemberRole.CLERK])
def test_who_may_not_know_a_sensitive_group_sees_no_groups_at_all(office: Office, app: Flask, role: MemberRole) -> None:
    """Not even which people have none: that would tell by elimination."""
    group = make.group(office.conference, title={"en": "Mosques"}, is_sensitive=True)
    make.participant(office.conference, group_id=group.id)
    make.participant(office.conference)
    member = make.user()
    make.member(office.conference, member, role)
    client = Client(app).as_organiser(member)

    shown = client.get(f"{office.home}people/").text

    assert ("Mosques" in shown) == ("without a group" in shown) == (role is MemberRole.CLERK)


def test_several_sessions_are_cancelled_and_offered_again(office: Office) -> None:
    ids = [make.session(office.conference).id for _ in range(3)]
    page = f"{office.home}sessions/"
    marked = {"marked": [str(id) for id in ids[:2]]}

    told = office.client.submit(f"{page}mark", {**marked, "act": "cancel"}, page=page).text
    assert "Done for 2 sessions." in told
    assert [db.session.get(Session, id).state.value for id in ids] == ["cancelled", "cancelled", "open"]

    office.client.submit(f"{page}mark", {**marked, "act": "reopen"}, page=page)
    assert {db.session.get(Session, id).state.value for id in ids} == {"open"}


def test_several_rooms_are_removed_or_none_where_one_is_part_of_an_allocation(office: Office, run: Allocation) -> None:
    used, spare = run.meetings[0].room_id, make.room(office.conference).id
    page = f"{office.home}rooms/"

    def remove(*ids: int | None) -> str:
        return office.client.submit(f"{page}mark", {"marked": [str(id) for id in ids], "act": "remove"}, page=page).text

    assert "part of an allocation" in remove(used, spare)
    assert db.session.get(Room, spare)
    assert "1 room is removed." in remove(spare)
    assert db.session.get(Room, spare) is None


def test_submissions_that_wait_come_first_and_are_found_by_what_is_written(office: Office) -> None:
    author = make.participant(office.conference)
    make.submission(author, problem="Schon entschieden", state=SubmissionState.DECLINED)
    make.submission(author, problem="Wartet noch", question="Wer zahlt?")
    make.submission(author, problem="Ein Entwurf", state=SubmissionState.DRAFT)
    page = f"{office.home}submissions/"

    shown = office.client.get(page).text
    assert shown.index("Wartet noch") < shown.index("Schon entschieden")
    assert "Ein Entwurf" not in shown
    assert "Wartet noch" not in office.client.get(f"{page}?only=declined").text
    assert "Wartet noch" in office.client.get(f"{page}?search=ZAHLT").text


def test_runs_are_listed_newest_first_with_a_time_that_people_write(office: Office, run: Allocation) -> None:
    made = run.created_at.astimezone(office.conference.tz)
    shown = office.client.get(f"{office.home}allocations/").text

    assert "Run 1" in shown
    assert f"{made:%H:%M}" in shown
    assert f"{made:%H:%M:%S}" not in shown
