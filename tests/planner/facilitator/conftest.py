"""One published meeting with the woman who leads it and two who come."""

import pytest
from flask import Flask

from planner.models import AssignmentRole, Meeting, Participant
from tests import factories as make


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    """Amira leads a session in room 7; two others come; everything is published."""
    conference = make.conference()
    session = make.session(
        conference,
        title={"de": "Wohnen", "en": "Housing"},
        goal={"de": "Drei Empfehlungen.", "en": "Three recommendations."},
        questions={"de": ["Was hindert?"], "en": ["What hinders?"]},
    )
    meeting = make.meeting(
        make.allocation(conference), session, make.slot(conference), make.room(conference, name="Raum 7")
    )
    conference.published = meeting.allocation
    amira = make.participant(conference, name="Amira")
    make.role(session, amira)
    make.assignment(meeting, amira, role=AssignmentRole.FACILITATOR)
    for name in ("محمد", "O'Brien"):
        make.assignment(meeting, make.participant(conference, name=name, group_id=make.group(conference).id))
    return meeting


@pytest.fixture
def amira(meeting: Meeting) -> Participant:
    return meeting.session.roles[0].participant


@pytest.fixture
def home(meeting: Meeting) -> str:
    return f"/c/{meeting.allocation.conference.slug}/facilitate/"
