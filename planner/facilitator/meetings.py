"""My meetings: time, room, task, how many; one meeting with its ring, its names and what people brought."""

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, g, render_template
from flask_babel import gettext as _

from planner import clock, languages, participants, working_language
from planner.models import Assignment, Meeting, Submission, SubmissionState
from planner.rings import Chair, Ring

blueprint = Blueprint("meetings", __name__)
NO_GROUP = Chair("·", 8)


@blueprint.get("/")
def index() -> str:
    meetings = g.scope.meetings()
    people = participants.at(meetings)
    return render_template(
        "facilitator/meetings.html",
        conference=g.conference,
        person=g.actor,
        now=clock.now(g.conference),
        meetings=[
            (meeting, ring(meeting, people[meeting.id]), working_language.languages_of(meeting)) for meeting in meetings
        ],
    )


@blueprint.get("/meetings/<int:id>/")
def show(id: int) -> str:
    meeting = g.scope.meeting(id)
    people = participants.at([meeting])[meeting.id]
    told = working_language.spoken(meeting, people)
    return render_template(
        "facilitator/meeting.html",
        conference=g.conference,
        meeting=meeting,
        people=people,
        spoken=" ".join(filter(None, [working_language.sentence(told), working_language.listening(told)])),
        missing=working_language.missing(told),
        ring=ring(meeting, people),
        groups=_groups(people),
        brought=_brought(meeting),
    )


def ring(meeting: Meeting, people: Sequence[Assignment]) -> Ring:
    """Neighbours by group; a group that is nobody's business has no letter and no colour."""
    title = languages.pick(meeting.session.title, languages.current())
    chairs = sorted(map(_chair, people), key=lambda chair: (chair.role == "attendee", chair.letter))
    return Ring(title, chairs_in(meeting, people), chairs, meeting.session.minimum)


def chairs_in(meeting: Meeting, people: Sequence[Assignment]) -> int:
    """As many as the room and the session take, with those who lead beside them if need be."""
    return max(min(meeting.room.capacity, meeting.session.maximum), len(people))


def _chair(place: Assignment) -> Chair:
    group = place.participant.group
    shown = group if group and not group.is_sensitive else None
    return Chair(
        letter=shown.letter if shown else NO_GROUP.letter,
        colour=shown.colour if shown else NO_GROUP.colour,
        role=place.role.value,
        language=working_language.on_a_chair(place),
    )


def _groups(people: Sequence[Assignment]) -> list[tuple[Chair, str, int]]:
    """How many of each group come, the sensitive ones together with those who named none."""
    here = languages.current()
    found: Counter[tuple[Chair, str]] = Counter()
    for place in people:
        group = place.participant.group
        if group and not group.is_sensitive:
            found[Chair(group.letter, group.colour), languages.pick(group.title, here)] += 1
        else:
            found[NO_GROUP, _("not named")] += 1
    return [(chair, title, count) for (chair, title), count in sorted(found.items(), key=lambda row: row[0][0].letter)]


def _brought(meeting: Meeting) -> list[Submission]:
    accepted = {SubmissionState.ACCEPTED, SubmissionState.MERGED}
    return [submission for submission in meeting.session.submissions if submission.state in accepted]
