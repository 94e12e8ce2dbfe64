"""The grid of rounds and rooms: place meetings by hand, or leave them to the solver."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.validators import ValidationError

from planner import clashes, clock, languages, locks, programme
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, Revision, choices, row
from planner.models import Placement, Session, Slot
from planner.texts import whole

blueprint = Blueprint("programme", __name__, url_prefix="/programme")
OPEN = _l("left to the solver")


class PlaceForm(Form):
    session = row(_l("Session"))
    slot = row(_l("Round"))


class RoomForm(Revision):
    """Where a session is in a round; 0 leaves it to the solver."""

    room = SelectField(_l("Room"), coerce=whole)

    def prepare(self) -> "RoomForm":
        self.room.choices = choices([(0, OPEN), *((room.id, room.name) for room in g.conference.rooms)])
        return self


class Spoken(SelectField):
    """One of the languages that the session may be held in; says so as the noun does."""

    def pre_validate(self, form: Form) -> None:
        if self.data not in [code for code, *_more in self.iter_choices()]:
            raise ValidationError(str(programme.NotHeldIn.sentence))


class LanguageForm(Revision):
    language = Spoken(_l("Working language"))

    def prepare(self, placement: Placement) -> "LanguageForm":
        known = [(code, languages.name_of(code)) for code in placement.session.languages]
        self.language.choices = choices([("", OPEN), *known])
        return self


@blueprint.get("/")
def index() -> Response:
    return _index(None)


def _index(
    form: Form | None, *, spoken: Placement | None = None, placing: tuple[Session, Slot] | None = None
) -> Response:
    """With a form that was not saved: of a meeting's language, or of a session's room in a round."""
    placed = programme.placements(g.conference)
    page = render_template(
        "organiser/programme.html",
        conference=g.conference,
        form=form,
        placing=placing,
        spoken_in={row.id: form if row is spoken else _language_of(row) for row in placed if row.is_to_be_spoken},
        cells={(row.slot_id, row.room_id): row for row in placed if row.room_id},
        roomless=[row for row in placed if not row.room_id],
        left=programme.still_open(g.conference),
        sessions=programme.open_sessions(g.conference),
        clashes=[(clashes.sentence(each), each.facts["session"]) for each in clashes.clashes(g.conference)],
        outlooks=programme.forecast(g.conference),
        now=clock.now(g.conference),
    )
    return make_response(page, form.status if form else 200)


def _language_of(placement: Placement) -> LanguageForm:
    form = LanguageForm(formdata=None, language=placement.language or "")
    return form.prepare(placement).opened()


@blueprint.post("/place")
def place() -> Response:
    """Without a room the solver chooses one; nobody moves it unseen out of a room that somebody else has chosen."""
    where = PlaceForm()
    if not where.validate():
        return _index(where)
    session, slot = g.scope.session(where.session.data), g.scope.slot(where.slot.data)
    locks.conference(g.conference, alone=True)  # it may have no row yet that could be held
    stored = programme.room_of(session, slot)
    form = RoomForm(room=stored or 0).prepare()
    if stored:
        form.revises()
    if not form.validate_on_submit():
        return _index(form, placing=(session, slot))
    try:
        programme.place(session, slot, g.scope.room(form.room.data) if form.room.data else None)
        db.session.commit()
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.programme.index"))


@blueprint.post("/placements/<int:id>/language")
def language(id: int) -> Response:
    """Decide the working language of a placed meeting; an empty choice leaves it to the solver."""
    placement = locks.edited(g.scope.placement(id))
    form = LanguageForm(language=placement.language or "").prepare(placement).revises()
    if form.validate_on_submit():
        try:
            programme.hold_in(placement, form.language.data)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("organiser.programme.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _index(form, spoken=placement)


@blueprint.post("/placements/<int:id>/remove")
def remove(id: int) -> Response:
    programme.unplace(g.scope.placement(id))
    db.session.commit()
    flash(_("Left to the solver again."))
    return redirect(url_for("organiser.programme.index"))
