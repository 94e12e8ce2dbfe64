"""Two conferences with everything in them, and everybody who may knock."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask

from planner import auth
from planner.extensions import db
from planner.models import (
    AssignmentRole,
    Company,
    Conference,
    MemberRole,
    MessageState,
    Participant,
    PersonalLink,
    Quota,
    SubmissionState,
    User,
)
from tests import factories as make
from tests.client import Client

CANARY = "Kanarienvogel"  # the name of somebody that only organisers and her own room may read


@dataclass
class World:
    app: Flask
    here: Conference
    there: Conference
    organiser: User
    other_organiser: User
    operator: User
    person: Participant
    leader: Participant
    stranger: Participant
    objects: dict[str, tuple[int, int]] = field(default_factory=dict)  # by word in the address: (own, foreign)
    team: dict[str, User] = field(
        default_factory=dict
    )  # those who work here, by role, beside the organiser who owns it

    def caller(self, name: str) -> Client:
        client = Client(self.app)
        if name == "participant":
            client.as_participant(self.person)
        elif name == "facilitator":
            client.as_participant(self.leader)
        elif name == "other conference's participant":
            client.as_participant(self.stranger)
        elif name == "revoked":
            client.as_participant(self.person)
            newest = db.session.query(PersonalLink).order_by(PersonalLink.id.desc()).first()
            newest.revoked_at = datetime.now(UTC)
        elif name == "organiser":
            client.as_organiser(self.organiser)
        elif name in self.team:
            client.as_organiser(self.team[name])
        elif name == "operator":
            client.as_organiser(self.operator)
        elif name == "other organiser":
            client.as_organiser(self.other_organiser)
        elif name == "deactivated":
            client.as_organiser(self.organiser)
            self.organiser.active = False
        return client


def build(app: Flask) -> World:
    here, organiser = make.organised(most_vetoes=1)
    there, other = make.organised()
    mine, foreign = _fill(here), _fill(there)
    objects = {word: (mine[word], foreign[word]) for word in mine if word not in {"person", "leader"}}
    team = {name: make.user(name=f"Team {name}") for name in ("second organiser", "clerk", "viewer", "group clerk")}
    for name, user in team.items():
        role = MemberRole(name.removeprefix("second ").replace(" ", "_"))
        make.member(here, user, role, group_id=mine["person"].group_id if role.of_a_group else None)
    return World(
        app,
        here,
        there,
        organiser,
        other,
        make.user(is_operator=True),
        mine["person"],
        mine["leader"],
        foreign["person"],
        objects,
        team,
    )


def _fill(conference: Conference) -> dict:  # type: ignore[type-arg]
    theme, group = make.theme(conference), make.group(conference)
    slot, room, session = make.slot(conference), make.room(conference), make.session(conference)
    person = make.participant(conference, name="Erika Beispiel", group_id=group.id)
    leader = make.participant(conference, name="Leitung Beispiel", group_id=group.id)
    hidden = make.participant(conference, name=CANARY, email="kanarie@example.org", needs=("step_free",))
    make.role(session, leader)
    own = make.submission(person, theme_id=theme.id)
    brought = make.submission(hidden, theme_id=theme.id)
    make.submission(hidden, problem=f"{CANARY} als Entwurf", state=SubmissionState.DRAFT)
    run = make.allocation(conference)
    meeting = make.meeting(run, session, slot, room)
    away = make.meeting(run, make.session(conference), slot, make.room(conference))
    make.assignment(meeting, leader, role=AssignmentRole.FACILITATOR)
    make.assignment(meeting, person, role=AssignmentRole.INTERPRETER, voices="ar")
    make.assignment(away, hidden)
    placement = make.placement(session, slot, room)
    conference.published = run
    token = auth.mint_link(person, datetime.now(UTC))
    assert token
    return {
        "person": person,
        "leader": leader,
        "submissions": own.id,
        "others": brought.id,
        "sessions": session.id,
        "merges": make.merge(session, away.session).id,
        "rooms": room.id,
        "rounds": slot.id,
        "placements": placement.id,
        "people": person.id,
        "commitments": leader.id,
        "tasks": slot.id,
        "allocations": run.number,
        "meetings": meeting.id,
        "facilitate": meeting.id,
        "themes": theme.id,
        "groups": group.id,
        "quotas": make.add(Quota(conference_id=conference.id, group_id=group.id, maximum=9)).id,
        "protected": make.add(Company(conference_id=conference.id, group_id=group.id)).id,
        "agreements": make.bond(person, leader).id,
        "agenda": make.agenda_item(conference).id,
        "imports": make.import_batch(conference, user_id=conference.members[0].user_id).id,
        "team": make.member(conference, make.user(), MemberRole.VIEWER).id,
        "invitations": make.invitation(conference).id,
        "links": make.group_link(conference).id,
        "messages": make.message(hidden, state=MessageState.FAILED).id,
    }
