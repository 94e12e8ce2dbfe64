"""Sessions: texts per language, sizes, languages, how often, who leads and takes notes."""

from collections.abc import Callable
from typing import ClassVar

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField
from wtforms.validators import ValidationError

from planner import (
    clock,
    languages,
    locks,
    merging,
    preferences,
    programme,
    roster,
    rules,
    session_rules,
    working_language,
)
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import MultiTicks, Revision, WholeNumber, choices, line, number, text
from planner.models import Duty, Session, SessionState
from planner.organiser.lists import Chip, Choice, Column, Listing, NothingMarked
from planner.organiser.picker import PeoplePicker
from planner.organiser.session_rules import RulesOfASession
from planner.organiser.session_rules import filled as rules_of
from planner.organiser.translated import filled, lists, per_language, texts
from planner.texts import whole
from planner.words import FEATURES, PRESETS, SESSION_STATES, TONGUES

blueprint = Blueprint("sessions", __name__, url_prefix="/sessions")
TEXTS = ("title", "sentence", "goal")
LISTS = ("questions", "minutes")


class SessionForm(RulesOfASession, Revision):
    translated: ClassVar = {
        "title": lambda language, must: line(_("Title (%(language)s)", language=language), 120, must),
        "sentence": lambda language, _must: line(_("One sentence (%(language)s)", language=language), 300, False),
        "goal": lambda language, _must: text(_("Goal (%(language)s)", language=language), 1000, False),
        "questions": lambda language, _must: text(
            _("Questions, one a line (%(language)s)", language=language), 2000, False
        ),
        "minutes": lambda language, _must: text(
            _("Minute plan, one step a line (%(language)s)", language=language), 2000, False
        ),
    }
    theme_id = SelectField(_l("Theme"), coerce=whole)
    minimum = number(_l("At least so many people"), 0, 500)
    maximum = number(_l("At most so many people"), 1, 500)
    offered = number(_l("How often is it offered?"), 1, 20, default=1)
    may_be_cancelled = BooleanField(_l("It may be cancelled if too few people want it."))
    languages = MultiTicks(_l("Languages it may be held in"))
    two_language = BooleanField(_l("It may be held in two languages at once."))
    features = MultiTicks(_l("The room needs"), choices=choices(FEATURES.items()))
    facilitators = PeoplePicker(_l("Who leads it?"), coerce=whole)
    note_takers = PeoplePicker(_l("Who takes notes?"), coerce=whole)

    def prepare(self, session: Session | None) -> "SessionForm":
        self.prepare_rules(session)
        here = languages.current()
        themes = [(theme.id, languages.pick(theme.title, here)) for theme in g.conference.themes]
        self.theme_id.choices = choices([(0, _("Without a theme")), *themes])
        self.languages.choices = choices((code, languages.name_of(code)) for code in TONGUES)
        people = choices((person.id, person.name) for person in roster.names(g.conference))
        self.facilitators.choices = self.note_takers.choices = people
        return self

    def details(self, before: Session | None) -> dict[str, object]:
        """The columns, as programme and model name them."""
        return {
            **{name: texts(self, name, getattr(before, name, None)) for name in TEXTS},
            **{name: lists(self, name, getattr(before, name, None)) for name in LISTS},
            "theme_id": self.theme_id.data or None,
            "minimum": self.minimum.data,
            "maximum": self.maximum.data,
            "offered": self.offered.data,
            "may_be_cancelled": self.may_be_cancelled.data,
            "features": self.features.data or [],
            "duration": self.duration.data or 1,
            "open_to": self.open_to(),
        }

    def apply(self, session: Session) -> None:
        """What is more than a column: languages, who leads, who takes notes, who may attend, when it is held."""
        programme.set_languages(session, self.languages.data or [], self.two_language.data)
        programme.set_staff(session, self.facilitators.data or [], self.note_takers.data or [])
        session_rules.keep(session, self.rules())

    def validate_maximum(self, field: WholeNumber) -> None:
        if None not in (field.data, self.minimum.data) and field.data < self.minimum.data:
            raise ValidationError(_("This must not be smaller than the minimum."))


def _form(session: Session | None, **data: object) -> SessionForm:
    return per_language(SessionForm)(data=data).prepare(session)


@blueprint.get("/")
def index() -> str:
    return render_template(
        "organiser/sessions.html", conference=g.conference, list=_listing(), now=clock.now(g.conference)
    )


def _listing() -> Listing[Session]:
    here, wanted = languages.current(), preferences.demand(g.conference)
    parts = merging.absorbed(g.conference)
    themes = {theme.id: languages.pick(theme.title, here) for theme in g.conference.themes}
    sessions = programme.sessions(g.conference)
    only_for = session_rules.audiences(sessions) if g.sees_groups and g.sees_needs else {}

    def title(session: Session) -> str:
        return f"{session.number}. {languages.pick(session.title, here)}"

    def states(session: Session) -> tuple[object, str] | None:
        whole = parts.get(session.id)
        return (_("part of %(number)s", number=whole.number), "calm") if whole else SESSION_STATES.get(session.state)

    def leaders(session: Session) -> str:
        return ", ".join(role.participant.name for role in session.roles if role.duty is Duty.FACILITATOR)

    return Listing(
        "organiser.sessions.index",
        sessions,
        [
            Column("title", _("Session"), title),
            Column("theme", _("Theme"), lambda row: row.theme, lambda row: themes.get(row.theme_id or 0, ""), "theme"),
            Column("size", _("Size"), lambda row: f"{row.minimum}–{row.maximum}", lambda row: row.maximum),
            Column("offered", _("Meetings"), lambda row: row.offered, kind="number"),
            Column("wishes", _("Wishes"), lambda row: wanted.get(row.id, 0), kind="number"),
            Column("languages", _("Languages"), working_language.held_in),
            Column("leaders", _("Leads"), leaders),
            *([Column("only_for", _("Only for"), lambda row: only_for.get(row.id, ""))] if only_for else []),
            Column("state", _("State"), states, lambda row: row.state is SessionState.CANCELLED, "state"),
        ],
        request.args,
        link=lambda row: url_for("organiser.sessions.edit", id=row.id),
        words=lambda row: " ".join([title(row), *row.title.values(), *row.sentence.values(), leaders(row)]),
        chips=[
            Chip("no_leader", _("nobody leads it"), lambda row: row.state is SessionState.OPEN and not leaders(row)),
            Chip("no_wishes", _("nobody wants it"), lambda row: row.id not in wanted),
            Chip("cancelled", _("cancelled"), lambda row: row.state is SessionState.CANCELLED),
        ],
        choices=[Choice("theme", _("Theme"), _("all themes"), list(themes.items()), lambda row: row.theme_id)],
    )


@blueprint.post("/mark")
def mark() -> Response:
    """Cancel several, or offer them again; before or after somebody publishes, as with one."""
    locks.conference(g.conference)
    listing = _listing()
    if request.form.get("act") == "merge":
        return _to_be_merged(listing)
    wanted = {"cancel": SessionState.CANCELLED, "reopen": SessionState.OPEN}.get(request.form.get("act", ""))
    try:
        found = listing.marked(request.form, lambda row: row.id)
    except NothingMarked as error:
        flash(str(error.sentence), "error")
        return redirect(listing.at(page=listing.page))
    marked = [row for row in found if wanted and row.state is not wanted]
    try:
        for session in marked:
            _move_to(session, wanted)
        db.session.commit()
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
        return redirect(listing.at(page=listing.page))
    for session in marked if wanted is SessionState.CANCELLED else []:
        for sentence in _still(session):
            flash(sentence)
    flash(
        ngettext(
            "Done for %(num)s session. You can undo it.", "Done for %(num)s sessions. You can undo it.", len(marked)
        )
    )
    return redirect(listing.at(page=listing.page))


def _to_be_merged(listing: Listing[Session]) -> Response:
    """Which one stays is asked on a page of its own."""
    try:
        marked = listing.marked(request.form, lambda row: row.id)
    except NothingMarked as error:
        flash(str(error.sentence), "error")
        return redirect(listing.at(page=listing.page))
    return redirect(url_for("organiser.merging.new", sessions=", ".join(str(row.number) for row in marked[:20])))


def _move_to(session: Session, state: SessionState | None) -> None:
    if state is SessionState.OPEN:
        merging.must_be_free(session)
        rules.check_who_is_in_charge(session, g.actor, g.role)
    session.move_to(state)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    form = _form(None, languages=[g.conference.language], **g.conference.usual_sizes)
    if form.validate_on_submit():
        try:
            form.apply(programme.create_session(g.conference, **form.details(None)))  # type: ignore[arg-type]
            return _saved()
        except PlannerError as error:
            _refused(form, error)
    return _page(form, None)


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def edit(id: int) -> Response:
    if g.writes:
        locks.conference(g.conference, alone=True)  # before the row: its rules are compared with those of others
    session = locks.edited(g.scope.session(id))
    form = _form(session, **_filled(session)).revises()
    if form.validate_on_submit():
        try:
            for name, value in form.details(session).items():
                setattr(session, name, value)
            form.apply(session)
            return _saved()
        except PlannerError as error:
            _refused(form, error)
    return _page(form, session)


def _saved() -> Response:
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("organiser.sessions.index"))


def _refused(form: SessionForm, error: PlannerError) -> None:
    db.session.rollback()
    form.refuse(error)


@blueprint.post("/<int:id>/cancel")
def cancel(id: int) -> Response:
    """What is published stays as it is; whoever has the session on her day reads there that it is not held."""
    return _move(id, SessionState.CANCELLED, lambda session: [_("Cancelled. You can undo this."), *_still(session)])


@blueprint.post("/<int:id>/reopen")
def reopen(id: int) -> Response:
    return _move(id, SessionState.OPEN, lambda _session: [_("It is offered again.")])


def _still(session: Session) -> list[str]:
    """What is left to do about a session that is cancelled and published."""
    published = programme.in_the_published_plan(session)
    preset = PRESETS["repair"][0]
    return [published, _("Now start a run “%(preset)s” and publish it.", preset=preset)] if published else []


def _move(id: int, state: SessionState, told: Callable[[Session], list[str]]) -> Response:
    """Before or after somebody publishes, never meanwhile: what is told of the published plan is so."""
    session = g.scope.session(id)
    try:
        locks.conference(g.conference)
        locks.thing(session)
        _move_to(session, state)
        message = " ".join(told(session))
        db.session.commit()
        flash(message)
    except PlannerError as error:
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.sessions.index"))


def _filled(session: Session) -> dict[str, object]:
    plain = ("minimum", "maximum", "offered", "may_be_cancelled", "languages", "two_language", "features")
    return {
        **filled(session, *TEXTS, *LISTS),
        **rules_of(session),
        **{name: getattr(session, name) for name in plain},
        "theme_id": session.theme_id or 0,
        "facilitators": [r.participant_id for r in session.roles if r.duty is Duty.FACILITATOR],
        "note_takers": [r.participant_id for r in session.roles if r.duty is Duty.NOTE_TAKER],
    }


def _page(form: SessionForm, session: Session | None) -> Response:
    page = render_template(
        "organiser/session.html",
        conference=g.conference,
        form=form,
        session=session,
        published=programme.in_the_published_plan(session) if session else "",
        still=_still(session) if session else [],
        part_of=merging.absorbed(g.conference).get(session.id) if session else None,
        now=clock.now(g.conference),
    )
    return make_response(page, form.status)
