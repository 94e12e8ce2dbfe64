"""A conference for everybody: what it is about, when, the programme; no person's name."""

from dataclasses import dataclass
from datetime import datetime

from flask import g, render_template
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner import clock
from planner import programme as sessions
from planner.extensions import db
from planner.models import Meeting, Translated


@dataclass(frozen=True)
class Line:
    """One line of the programme: an agenda item, or a round with its published meetings."""

    starts: datetime
    ends: datetime
    title: Translated
    place: Translated | None = None
    meetings: tuple[Meeting, ...] = ()


def show() -> str:
    return render_template("public/conference.html", conference=g.conference, now=clock.now(g.conference))


def programme() -> str:
    conference = g.conference
    meetings = db.session.scalars(
        select(Meeting)
        .filter_by(allocation_id=conference.published_id)
        .options(joinedload(Meeting.session), joinedload(Meeting.room))
    ).all()
    lines = [Line(item.starts, item.ends, item.title, item.place) for item in conference.agenda]
    lines += [
        Line(slot.starts, slot.ends, slot.title, None, tuple(m for m in meetings if slot in m.slots))
        for slot in conference.slots
    ]
    return render_template(
        "public/programme.html",
        conference=conference,
        lines=sorted(lines, key=lambda line: line.starts),
        sessions=sessions.open_sessions(conference),
        now=clock.now(conference),
    )
