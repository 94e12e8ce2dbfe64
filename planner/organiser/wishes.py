"""Somebody's wishes, entered for her from paper or by telephone: numbers of sessions, the most wanted first."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField

from planner import acts, ballots, clock, dates, preferences
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Revision, line
from planner.models import Participant, ParticipantState
from planner.organiser.person import held

blueprint = Blueprint("wishes", __name__, url_prefix="/people")
IN_TIME = _l("It was given on paper before the end.")


class TooLateForClerks(PlannerError):
    """Whoever has no tick for it is not told to set one."""

    sentence = _l(
        "Choosing has ended. What somebody gave on paper in time, an organiser can still enter: please take it there."
    )


class WishesForm(Revision):
    line = line(_l("Numbers of the sessions, the most wanted first"), 200, required=False)
    in_time = BooleanField(IN_TIME)
    beside = Revision.beside | {"in_time"}


@blueprint.route("/<int:id>/wishes", methods=["GET", "POST"])
def edit(id: int) -> Response:
    person = held(id)
    known = {row.id: row.number for row in g.conference.sessions}
    stored = ", ".join(str(known[wish.session_id]) for wish in person.preferences)
    form = WishesForm(data={"line": stored}).revises()
    if form.validate_on_submit():
        try:
            choice = ballots.chosen(g.conference, form.line.data or "", person)
            enter(person, choice.ids, in_time=form.in_time.data)
            db.session.commit()
            flash(_("Saved."))
            for number in choice.led:
                flash(left_out(number))
            return redirect(url_for("organiser.people.show", id=id))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(form, person)


def enter(person: Participant, ids: list[int], *, in_time: bool) -> None:
    """Only an organiser's word counts that a paper was there in time. Raises what preferences refuse."""
    if person.state is ParticipantState.CANCELLED:
        raise PlannerError(_l("She has cancelled: that stays."))
    late = in_time and g.enters_late and not g.conference.wishes_may_change(clock.now(g.conference))
    try:
        preferences.enter_ranking(person, ids, person.revision, clock.of(g.conference), in_time=late)
    except preferences.OnlyOnPaperInTime:
        if g.enters_late:
            raise
        raise TooLateForClerks from None
    acts.about(f"participant:{person.id}")
    if late:
        acts.tell(in_time=True)


def how(person: Participant) -> str:
    """Whose hand stored her wishes, and when."""
    if person.wishes_saved_at is None:
        return ""
    at = dates.moment(person.wishes_saved_at, g.conference)
    if person.wishes_entered:
        return _("entered by the organisers: %(time)s", time=at)
    return _("chosen by herself: %(time)s", time=at)


def left_out(number: int) -> str:
    return _("Session %(number)s is left out: she is there anyway.", number=number)


def _page(form: WishesForm, person: Participant) -> Response:
    now = clock.now(g.conference)
    page = render_template(
        "organiser/wishes.html",
        conference=g.conference,
        form=form,
        person=person,
        offered=[row for row in g.conference.sessions if row.is_held],
        late=not g.conference.wishes_may_change(now),
        now=now,
    )
    return make_response(page, form.status)
