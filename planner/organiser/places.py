"""Places of single people: said for them that they come, do not come, or wait."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from flask import Blueprint, flash, g, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner import admission, clock, locks, places
from planner.admission import Outcome
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Conference, Participant

blueprint = Blueprint("places", __name__, url_prefix="/people")
Deed = Callable[[Conference, Collection[Participant], datetime], Outcome]


@blueprint.post("/<int:id>/confirm")
def confirm(id: int) -> Response:
    return done(id, admission.confirm, _("She comes: that is noted."))


@blueprint.post("/<int:id>/decline")
def decline(id: int) -> Response:
    return done(id, admission.decline, _("She does not come: that is noted."))


@blueprint.post("/<int:id>/wait")
def wait(id: int) -> Response:
    return done(id, admission.wait, _("She is on the waiting list."))


def done(id: int, deed: Deed, message: str) -> Response:
    """One deed for one person, and back to her page."""
    person = g.scope.participant(id)
    try:
        locks.place(person)
        outcome = deed(g.conference, [person], clock.now())
        db.session.commit()
        flash(message)
        tell(moved_up(outcome.moved))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.people.show", id=id))


Told = list[tuple[str, str]]
"""Sentences for whoever has pressed something else, each with its tone; told once it is kept."""


def settle(*, opens: bool = False) -> Told:
    """After something that frees places or takes them beside the rules; whoever calls it holds the conference alone."""
    moved = admission.settle(g.conference, clock.now(), opens=opens)
    if g.scope.group_id is not None:  # of all groups she is told nothing
        return []
    too_many = places.too_many(g.conference, places.house(g.conference))
    return [*moved_up(moved), *([(too_many, "wait")] if too_many else [])]


def moved_up(people: Sequence[Participant]) -> Told:
    count = len(people)
    told = ngettext(
        "%(num)s person has moved up from the waiting list.",
        "%(num)s people have moved up from the waiting list.",
        count,
    )
    return [(told, "message")] if count else []


def tell(told: Told) -> None:
    for sentence, tone in told:
        flash(sentence, tone)
