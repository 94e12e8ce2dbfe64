"""A stack of papers, one line for each: code or name, then the numbers; Enter takes it in, and the next one follows."""

from collections.abc import Sequence

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.widgets import HiddenInput

from planner import auth, ballots, clock, languages, locks, rows
from planner.ballots import Called, Choice, Misread
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, WholeNumber, line
from planner.models import Conference, Participant, ParticipantState
from planner.organiser import wishes

blueprint = Blueprint("ballots", __name__, url_prefix="/ballots")


class BallotForm(Form):
    line = line(_l("Code or name: numbers"), 300)
    person = WholeNumber(_l("Who is it?"))
    replace = BooleanField(_l("Replace what is stored by this paper."))
    revision = WholeNumber(widget=HiddenInput())
    in_time = BooleanField(wishes.IN_TIME)

    @property
    def above(self) -> list[object]:
        """Refusals of what has no place of its own on the page."""
        return [*self.form_errors, *self.person.errors, *self.revision.errors]


class Asks(Misread):
    """Nothing is wrong, but somebody has to say what is meant."""

    def __init__(self, sentence: object, people: Sequence[Called] = (), before: Participant | None = None):
        super().__init__(sentence)
        self.people, self.before = people, before


@blueprint.get("/")
def index() -> Response:
    return _page(BallotForm(formdata=None, in_time="in_time" in request.args))


@blueprint.post("/")
def enter() -> Response:
    form = BallotForm()
    if not form.validate_on_submit():
        return _page(form)
    try:
        told = _take(form)
        db.session.commit()
    except PlannerError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(form, error if isinstance(error, Asks) else None)
    for sentence in told:
        flash(sentence)
    return redirect(url_for("organiser.ballots.index", in_time=1 if form.in_time.data else None))


def _take(form: BallotForm) -> list[str]:
    """What was done with this line, in sentences. Raises Misread, Asks, or what preferences refuse."""
    word, numbers = ballots.parts(form.line.data)
    person = _meant(form, word)
    locks.person(person)
    choice = ballots.chosen(g.conference, numbers, person)
    stored = [wish.session_id for wish in person.preferences]
    named = _("%(name)s: %(sessions)s", name=person.name, sessions=_sessions(choice))
    if stored == choice.ids:
        return [_("This is stored already."), named]
    if stored and not (_knows(form, person)):
        raise Asks(_l("%(name)s has wishes already. Which count?", name=person.name), before=person)
    wishes.enter(person, choice.ids, in_time=form.in_time.data)
    return [named, *map(wishes.left_out, choice.led)]


def _knows(form: BallotForm, person: Participant) -> bool:
    """Whether she has seen what is stored now, and replaces it."""
    seen = (form.person.data, form.revision.data)
    return form.replace.data and seen == (person.id, person.revision)


def _meant(form: BallotForm, word: str) -> Participant:
    people, is_sure = ballots.called(g.conference, word, g.scope.group_id)
    if not is_sure and auth.looks_like_a_code(word) and (owner := _by_card(word)):
        people, is_sure = owner, True
    meant = [each for each in people if form.person.data == each.id] or people
    if not meant:
        raise Misread(_l("Nobody here is called “%(word)s”.", word=word[:80]))
    if len(meant) > 1:
        raise Asks(_l("Several people are called that. Please choose who it is."), meant[:30])
    if not is_sure and form.person.data != meant[0].id:
        raise Asks(_l("That is only the beginning of a name. Please say whether it is this person."), meant)
    if meant[0].state is ParticipantState.CANCELLED:
        raise Misread(_l("%(name)s has cancelled. Take her in again first.", name=meant[0].name))
    return g.scope.participant(meant[0].id)


def _by_card(code: str) -> Sequence[Called]:
    """Counted for itself, whatever becomes of the line; what was asked so far is asked anew."""
    place, address, group = g.conference.id, request.remote_addr, g.scope.group_id
    with rows.reading(), current_app.app_context():
        return ballots.by_card(db.session.get_one(Conference, place), code, address, group)


def _sessions(choice: Choice) -> str:
    known = {row.id: row for row in g.conference.sessions}
    here = languages.current()
    return ", ".join(f"{known[id].number} {languages.pick(known[id].title, here)}" for id in choice.ids) or "–"


def _page(form: BallotForm, asks: Asks | None = None) -> Response:
    now = clock.now(g.conference)
    page = render_template(
        "organiser/ballots.html",
        conference=g.conference,
        form=form,
        asks=asks,
        before=asks.before if asks else None,
        stored_how=wishes.how(asks.before) if asks and asks.before else "",
        lately=ballots.lately(g.conference, g.scope.group_id),
        counted=ballots.counted(g.conference, g.scope.group_id),
        late=not g.conference.wishes_may_change(now),
        now=now,
    )
    return make_response(page, form.status)
