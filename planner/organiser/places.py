"""Places of single people: said for them that they come, do not come, wait, or that somebody else comes instead."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import ValidationError
from wtforms.validators import Email, Optional

from planner import admission, clock, locks, participants, places
from planner.admission import Outcome
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, choices, line
from planner.models import COMING, Conference, Participant, ParticipantState
from planner.organiser.person import held
from planner.organiser.picker import PeoplePicker
from planner.texts import AtMost, whole

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


class InsteadForm(Form):
    """Somebody who is known and has no place, or somebody new: one of the two."""

    known = PeoplePicker(_l("Somebody who waits, or does not come so far"), coerce=whole)
    name = line(_l("Name"), 120, required=False)
    email = line(_l("E-mail"), 254, required=False)

    def prepare(self) -> "InsteadForm":
        without = select(Participant.id, Participant.name).filter_by(conference_id=g.conference.id)
        rows = db.session.execute(without.where(Participant.state.not_in(COMING)).order_by(Participant.name))
        self.known.choices = choices((row.id, row.name) for row in rows)
        self.email.validators = [Optional(), AtMost(254), Email(_("Please check the e-mail address."))]
        return self

    def validate_known(self, field: PeoplePicker) -> None:
        if len(field.data or ()) + bool(self.name.data) != 1:
            raise ValidationError(_("Please name one person: choose her here, or type somebody new below."))

    def named(self, leaves: Participant) -> Participant:
        """Whoever is new speaks for whom she speaks whose place she takes."""
        if self.known.data:
            return g.scope.participant(self.known.data[0])
        return participants.register(
            g.conference,
            self.name.data,
            email=self.email.data or None,
            locale=g.conference.language,
            group_id=leaves.group_id,
            organisation_id=leaves.organisation_id,
            attends=leaves.attends,
            state=ParticipantState.WAITING,
        )


@blueprint.route("/<int:id>/instead", methods=["GET", "POST"])
def instead(id: int) -> Response:
    person = held(id, alone=True)
    form = InsteadForm().prepare()
    if form.validate_on_submit():
        try:
            comes = form.named(person)
            outcome = admission.instead(person, comes, f"organiser:{g.actor.id}", clock.now())
            db.session.commit()
            flash(_("%(name)s comes instead of %(other)s.", name=comes.name, other=person.name))
            tell(moved_up(outcome.moved))
            return redirect(url_for("organiser.people.show", id=comes.id))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(in_words(error))
    page = render_template("organiser/instead.html", conference=g.conference, form=form, person=person)
    return make_response(page, form.status)


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
        flash(str(in_words(error).sentence), "error")
    return redirect(url_for("organiser.people.show", id=id))


def in_words(error: PlannerError) -> PlannerError:
    """Where a place is missing it says what is full; a group only to whoever may know who is of which."""
    if isinstance(error, admission.NoPlace) and g.sees_groups:
        error.sentence = places.no_room(error.full)
    return error


Told = list[tuple[str, str]]
"""Sentences for whoever has pressed something else, each with its tone; told once it is kept."""


def settle(*, opens: bool = False) -> Told:
    """After something that frees places or takes them beside the rules; whoever calls it holds the conference alone.

    `opens` where there was a number of places until now: see `admission.settle`.
    """
    moved = admission.settle(g.conference, clock.now(), opens=opens)
    if g.scope.group_id is not None:  # of all groups she is told nothing
        return []
    too_many = places.too_many(g.conference, places.house(g.conference), sees_groups=g.sees_groups)
    return [*moved_up(moved), *([(too_many, "wait")] if too_many else [])]


@contextmanager
def numbers_change(done: str) -> Iterator[None]:
    """Around a change of how many places there are: it is made alone, kept, and told with what follows."""
    locks.conference(g.conference, alone=True)
    was_limited = places.house(g.conference).is_limited
    yield
    told = settle(opens=was_limited)
    db.session.commit()
    flash(done)
    tell(told)


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
