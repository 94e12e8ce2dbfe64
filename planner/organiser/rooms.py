"""Rooms: chairs per seating, features, when they are free."""

from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import RadioField

from planner import clock, languages, locks, programme
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import MultiTicks, Revision, choices, line, number
from planner.models import Room, Seating
from planner.organiser.lists import Chip, Column, Listing
from planner.texts import whole
from planner.words import FEATURES, SEATINGS

blueprint = Blueprint("rooms", __name__, url_prefix="/rooms")


class RoomForm(Revision):
    name = line(_l("Name"), 80)
    seating = RadioField(
        _l("How are the chairs placed?"),
        choices=choices(SEATINGS.items()),
        default="circle",
    )
    capacity_circle = number(_l("Chairs in a circle"), 0, 1000, required=False)
    capacity_rows = number(_l("Chairs in rows"), 0, 3000, required=False)
    features = MultiTicks(_l("What the room has"), choices=choices(FEATURES.items()))
    free = MultiTicks(_l("Free in"), coerce=whole)
    directions = line(_l("The way there"), 200, required=False)

    def prepare(self) -> "RoomForm":
        here = languages.current()
        self.free.choices = choices((slot.id, languages.pick(slot.title, here)) for slot in g.conference.slots)
        return self

    def details(self) -> dict[str, Any]:
        """As the noun names them."""
        return {
            "name": self.name.data,
            "seating": Seating(self.seating.data),
            "capacity_circle": self.capacity_circle.data or 0,
            "capacity_rows": self.capacity_rows.data or 0,
            "features": self.features.data or [],
            "directions": self.directions.data,
        }


@blueprint.get("/")
def index() -> str:
    return render_template(
        "organiser/rooms.html", conference=g.conference, list=_listing(), now=clock.now(g.conference)
    )


def _listing() -> Listing[Room]:
    here, rounds = languages.current(), len(g.conference.slots)

    def features(room: Room) -> str:
        return ", ".join(str(FEATURES.get(each, each)) for each in room.features)

    return Listing(
        "organiser.rooms.index",
        programme.rooms_of(g.conference),
        [
            Column("name", _("Name"), lambda room: room.name),
            Column("circle", _("Chairs in a circle"), lambda room: room.capacity_circle or "", kind="number"),
            Column("rows", _("Chairs in rows"), lambda room: room.capacity_rows or "", kind="number"),
            Column("features", _("What the room has"), features),
            Column("free", _("Free rounds"), lambda room: rounds - len(room.closures), kind="number"),
            Column("directions", _("The way there"), lambda room: languages.pick(room.directions, here)),
        ],
        request.args,
        link=lambda room: url_for("organiser.rooms.edit", id=room.id),
        words=lambda room: f"{room.name} {features(room)} {languages.pick(room.directions, here)}",
        chips=[
            Chip("stairs", _("not step-free"), lambda room: "step_free" not in room.features),
            Chip("closed", _("not free in every round"), lambda room: bool(room.closures)),
        ],
    )


@blueprint.post("/mark")
def mark() -> Response:
    """Remove several; what is part of an allocation stays."""
    listing = _listing()
    try:
        marked = listing.marked(request.form, lambda room: room.id) if request.form.get("act") == "remove" else []
        for room in marked:
            programme.remove_room(room)
        db.session.commit()
        flash(ngettext("%(num)s room is removed.", "%(num)s rooms are removed.", len(marked)))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(listing.at(page=listing.page))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    form = RoomForm(free=[slot.id for slot in g.conference.slots]).prepare()
    return _save(form, Room(conference_id=g.conference.id))


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def edit(id: int) -> Response:
    room = locks.edited(g.scope.room(id))
    closed = {closure.slot_id for closure in room.closures}
    form = RoomForm(
        name=room.name,
        capacity_circle=room.capacity_circle or None,
        capacity_rows=room.capacity_rows or None,
        features=room.features,
        seating=room.seating.value,
        directions=languages.pick(room.directions, g.conference.language),
        free=[slot.id for slot in g.conference.slots if slot.id not in closed],
    ).prepare()
    return _save(form.revises(), room)


@blueprint.post("/<int:id>/remove")
def remove(id: int) -> Response:
    room = g.scope.room(id)
    try:
        programme.remove_room(room)
        db.session.commit()
        flash(_("The room is removed."))
    except PlannerError as error:
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.rooms.index"))


def _save(form: RoomForm, room: Room) -> Response:
    if form.validate_on_submit():
        free = set(form.free.data or ())
        programme.set_closures(room, [slot.id for slot in g.conference.slots if slot.id not in free])
        try:
            programme.save_room(room, g.conference.language, **form.details())
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("organiser.rooms.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        "organiser/room.html", conference=g.conference, form=form, room=room, now=clock.now(g.conference)
    )
    return make_response(page, form.status)
