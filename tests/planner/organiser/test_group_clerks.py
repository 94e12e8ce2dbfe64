"""Somebody who enters the people of one group, as a teacher her class: she reaches them, and nothing else."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from flask import Flask

from planner import auth, ballots, clock, team
from planner.extensions import db
from planner.models import Conference, Group, Invitation, Member, MemberRole, Participant, User
from planner.scopes import OrganiserScope
from tests import factories as make
from tests.client import Client
from tests.planner.test_policy import RANDOM


@dataclass
class School:
    conference: Conference
    owner: User
    ours: Group
    pupil: Participant
    other: Participant
    nobodys: Participant
    teacher: Client
    home: str


@pytest.fixture
def school(app: Flask) -> School:
    conference, owner = make.organised()
    ours, theirs = make.group(conference, title={"de": "7b", "en": "7b"}), make.group(conference)
    user = make.user()
    make.member(conference, user, MemberRole.GROUP_CLERK, group_id=ours.id)
    make.session(conference, number=3)
    return School(
        conference,
        owner,
        ours,
        make.participant(conference, name="Pia Unsere", group_id=ours.id, needs=["quiet"]),
        make.participant(conference, name="Otto Andere", group_id=theirs.id),
        make.participant(conference, name="Nils Ohne"),
        Client(app).as_organiser(user),
        f"/organise/{conference.slug}/",
    )


def test_she_sees_her_class_and_counts_it_alone(school: School) -> None:
    shown = school.teacher.get(f"{school.home}people/").text

    assert "Pia Unsere" in shown
    assert "Otto Andere" not in shown
    assert "Nils Ohne" not in shown
    assert "1 person in the list" in shown
    assert "Nobody is found" in school.teacher.get(f"{school.home}people/?search=Otto").text
    assert "Otto" not in school.teacher.get(f"{school.home}people/?group={school.other.group_id}").text


@pytest.mark.parametrize("page", ["", "/needs", "/wishes", "/submissions/new"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_of_others_she_finds_nothing_as_if_nobody_were_there(school: School, page: str, method: str) -> None:
    token = {"csrf_token": school.teacher.token(f"{school.home}people/")}
    for id in (school.other.id, school.nobodys.id, RANDOM):
        answer = school.teacher.fetch(f"{school.home}people/{id}{page}", method=method, data=token)
        assert answer.status_code == 404, id
    assert school.teacher.fetch(f"{school.home}people/{school.pupil.id}{page}").status_code == 200


def test_she_enters_languages_needs_and_wishes_of_hers(school: School) -> None:
    page = f"{school.home}people/{school.pupil.id}"
    school.teacher.submit(page, {"name": "Pia Unsere", "locale": "de", "level-tr": "speaks"})
    school.teacher.submit(f"{page}/needs", {"needs": ["step_free"], "consent": "guardian", "day": "2026-05-04"})
    school.teacher.submit(f"{page}/wishes", {"line": "3"})

    db.session.refresh(school.pupil)
    assert {row.language for row in school.pupil.languages} == {"de", "tr"}
    assert [(need.kind.value, need.consent_from) for need in school.pupil.needs] == [("step_free", "guardian")]
    assert [wish.session.number for wish in school.pupil.preferences] == [3]


def test_nobody_leaves_or_joins_her_class_by_her_hand(school: School) -> None:
    page = f"{school.home}people/{school.pupil.id}"
    form = {"name": "Pia Neu", "locale": "de", "group_id": school.other.group_id, "organisation_id": 0}
    school.teacher.submit(page, form)

    db.session.refresh(school.pupil)
    assert (school.pupil.name, school.pupil.group_id) == ("Pia Neu", school.ours.id)
    assert school.teacher.post(page, form | {"email": "neu@example.org"}).status_code == 422


@pytest.mark.parametrize("call", ["Otto Andere", "Nils", "A-2", "code"])
def test_a_paper_of_somebody_else_is_of_nobody(school: School, call: str) -> None:
    school.other.external_key = "A-2"
    word = auth.mint_card(school.other, datetime.now(UTC)) if call == "code" else call
    page = f"{school.home}ballots/"

    refused = school.teacher.post(page, {"line": f"{word}: 3"})

    assert refused.status_code == 422
    assert "Nobody here is called" in refused.text
    assert (school.other.preferences, school.nobodys.preferences) == ([], [])
    assert school.teacher.post(page, {"line": "pia: 3"}).status_code == 302
    assert school.other.name not in school.teacher.get(page).text
    assert school.teacher.post(page, {"line": "pi: 3"}).status_code == 422  # a beginning is asked about


@pytest.mark.parametrize("narrowed", [OrganiserScope, ballots.called, ballots.by_card, ballots.lately, ballots.counted])
def test_whoever_asks_for_people_says_of_which_group(narrowed: Callable[..., object]) -> None:
    """Left out it meant everybody, and the scope was made so at the door, before her group was known."""
    assert inspect.signature(narrowed).parameters["group_id"].default is inspect.Parameter.empty


def test_what_others_entered_is_not_listed_for_her(school: School) -> None:
    organiser = Client(school.teacher.app).as_organiser(school.owner)
    organiser.post(f"{school.home}ballots/", {"line": "Otto Andere: 3"})

    assert "Otto Andere" in organiser.get(f"{school.home}ballots/").text
    shown = school.teacher.get(f"{school.home}ballots/").text
    assert "Otto" not in shown
    assert "0 people whose wishes were entered" in shown


def test_after_the_end_she_enters_nothing_not_even_with_the_tick(school: School) -> None:
    school.conference.wishes_until = school.conference.call_until = make.NOW - make.DAY

    answer = school.teacher.post(f"{school.home}ballots/", {"line": "Pia: 3", "in_time": "y"})

    assert answer.status_code == 422
    assert school.pupil.preferences == []


def test_an_owner_invites_her_for_one_group_and_she_begins_with_its_people(school: School, app: Flask) -> None:
    office, page = Client(app).as_organiser(school.owner), f"{school.home}team/"
    form = {"email": "lehrerin@example.org", "role": "group_clerk", "way": "link"}
    without = office.post(page, form)
    assert without.status_code == 422
    assert "Please choose the group" in without.text
    foreign = make.group(make.conference())
    assert office.post(page, form | {"group_id": foreign.id}).status_code == 422
    shown = office.post(page, form | {"group_id": school.ours.id})
    link = next(word for word in shown.text.replace("<", " ").split() if "/i/" in word).partition("localhost")[2]

    row = db.session.query(Invitation).one()
    assert (row.role, row.group_id) == (MemberRole.GROUP_CLERK, school.ours.id)
    assert "Entry clerk for a group" in office.get(page).text
    guest = Client(app)
    guest.submit(link.partition(">")[2] or link, {"name": "Lehrerin"})
    assert f"{school.home}people/" in guest.get("/organise/").links
    assert "Otto" not in guest.get(f"{school.home}people/").text


def test_a_role_is_changed_with_its_group(school: School, app: Flask) -> None:
    office = Client(app).as_organiser(school.owner)
    member = make.member(school.conference, make.user(), MemberRole.CLERK)
    page, here = f"{school.home}team/{member.id}/role", f"{school.home}team/"

    office.post(page, {"role": "group_clerk", "group_id": 0}, page=here)
    assert member.role is MemberRole.CLERK
    office.post(page, {"role": "group_clerk", "group_id": school.ours.id}, page=here)
    assert (member.role, member.group_id) == (MemberRole.GROUP_CLERK, school.ours.id)
    office.post(page, {"role": "viewer", "group_id": school.ours.id}, page=here)
    assert (member.role, member.group_id) == (MemberRole.VIEWER, None)


def test_without_her_group_she_reaches_nobody_instead_of_everybody(school: School) -> None:
    office = Client(school.teacher.app).as_organiser(school.owner)
    school.pupil.group_id, gone = None, school.ours.id
    office.post(f"{school.home}groups/{gone}/remove", {}, page=f"{school.home}groups/")

    assert db.session.query(Group).filter_by(id=gone).count() == 0
    assert db.session.query(Member).filter_by(role=MemberRole.GROUP_CLERK).count() == 0
    assert school.teacher.fetch(f"{school.home}people/").status_code == 404


def test_no_row_lets_a_clerk_for_a_group_be_without_one(school: School) -> None:
    with pytest.raises(team.GroupMissing):
        team.invite(school.conference, "x@example.org", MemberRole.GROUP_CLERK, school.owner, clock.now())
    with pytest.raises(Exception, match="one_group"):
        make.member(school.conference, make.user(), MemberRole.GROUP_CLERK)
    db.session.rollback()
