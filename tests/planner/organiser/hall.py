"""A conference in which a plan can be laid by hand and counted: what is entered in a browser must break it."""

from dataclasses import dataclass
from typing import Any

from flask import Flask

from planner import allocations, clock
from planner.extensions import db
from planner.models import Conference, Group, MemberRole, Participant, Session, User
from solver import Meeting, Problem, Role, Seat, Solution, Status, verify
from tests import factories as make
from tests.client import Client, Page


@dataclass
class Hall:
    """One round, two sessions in two rooms, eight people of two groups and two organisations."""

    conference: Conference
    owner: User
    groups: list[Group]
    sessions: list[Session]
    people: dict[str, Participant]
    client: Client

    @property
    def home(self) -> str:
        return f"/organise/{self.conference.slug}/rules/"

    @property
    def problem(self) -> Problem:
        return allocations.problem_of(self.conference, "system", clock.now())

    def enter(self, page: str, **form: Any) -> Page:
        return self.client.submit(f"{self.home}{page}", form)

    def refused(self, page: str, **form: Any) -> str:
        answer = self.client.post(f"{self.home}{page}", form)
        assert answer.status_code == 422
        return Page(answer.text).text

    def broken(self, first: str) -> set[str]:
        """The rules that are broken where these people sit in the first session, and all others in the second."""
        problem, (slot,) = self.problem, self.conference.slots
        meetings = [
            Meeting(str(at), str(session.id), str(slot.id), str(room.id), "de")
            for at, (session, room) in enumerate(zip(self.sessions, self.conference.rooms, strict=True))
        ]
        seats = [
            Seat(person.key, str(slot.id), "0" if name in first else "1", Role.ATTENDEE)
            for name, person in self.people.items()
        ]
        return {each.rule for each in verify(problem, Solution(Status.FEASIBLE, tuple(meetings), tuple(seats)))}

    def ids(self, names: str) -> list[str]:
        return [str(self.people[name].id) for name in names]

    def organiser(self, role: MemberRole = MemberRole.ORGANISER) -> Client:
        user = make.user()
        make.member(self.conference, user, role)
        return Client(self.client.app).as_organiser(user)


def built(app: Flask) -> Hall:
    """Of the group of those before E, and of one organisation are every other two: AB, CD, and so on."""
    conference, owner = make.organised(**make.MORNING)
    make.slot(conference)
    groups = [make.group(conference) for _ in range(2)]
    bodies = [make.organisation(conference) for _ in range(2)]
    for _ in range(2):
        make.room(conference)
    sessions = [make.session(conference) for _ in range(2)]
    people = {
        name: make.participant(
            conference, name=f"Person {name}", group_id=groups[at // 4].id, organisation_id=bodies[at // 2 % 2].id
        )
        for at, name in enumerate("ABCDEFGH")
    }
    db.session.commit()
    return Hall(conference, owner, groups, sessions, people, Client(app).as_organiser(owner))
