"""My meetings: time, room, task, how many; one meeting with its ring, its names and what people brought."""

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, g, render_template
from flask_babel import gettext as _

from planner import allocations, chairs, clock, languages, participants, programme, working_language
from planner.models import WORKED_ON, Assignment, Meeting, Submission
from planner.rings import Chair, Ring

blueprint = Blueprint("meetings", __name__)


@blueprint.get("/")
def index() -> str:
    meetings = g.scope.meetings()
    people = participants.at(meetings)
    now = clock.now(g.conference)
    return render_template(
        "facilitator/meetings.html",
        conference=g.conference,
        person=g.actor,
        now=now,
        standing=allocations.standing(g.conference.published, now) if meetings else None,
        meetings=[
            (meeting, _ring(meeting, people[meeting.id]), working_language.languages_of(meeting))
            for meeting in meetings
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
        not_held=programme.not_held(meeting.session),
        standing=allocations.standing(meeting.allocation, clock.now(g.conference)),
        people=people,
        spoken=" ".join(filter(None, [working_language.sentence(told), working_language.listening(told)])),
        missing=working_language.missing(told),
        ring=_ring(meeting, people),
        groups=_groups(people),
        leads=g.scope.leads(meeting),
        brought=_brought(meeting),
    )


def _ring(meeting: Meeting, people: Sequence[Assignment]) -> Ring:
    return chairs.ring(meeting, people, chairs.groups_in_a_room(people), allocations.bounds(meeting, people))


def _groups(people: Sequence[Assignment]) -> list[tuple[Chair, str, int]]:
    """How many of each group come, where groups are shown in rooms."""
    if not g.conference.shows_groups_in_rooms:
        return []
    here, shown = languages.current(), chairs.groups_in_a_room(people)
    found: Counter[tuple[Chair, str]] = Counter()
    for place in people:
        group = shown.get(place.key)
        title = languages.pick(group.title, here) if group else _("not named")
        found[chairs.of_group(group), title] += 1
    return [(chair, title, count) for (chair, title), count in sorted(found.items(), key=lambda row: row[0][0].letter)]


def _brought(meeting: Meeting) -> list[Submission]:
    return [submission for submission in meeting.session.submissions if submission.state in WORKED_ON]
