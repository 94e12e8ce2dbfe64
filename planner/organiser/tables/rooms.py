"""Rooms in a table."""

from typing import Any, ClassVar

from flask import g
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import languages, programme
from planner.fields import OneOf, Words
from planner.forms import choices
from planner.imports import cells
from planner.imports.things import ROOMS
from planner.models import Room
from planner.organiser.rooms import RoomForm, blueprint
from planner.organiser.tables import pages
from planner.organiser.tables.spelling import known, named
from planner.organiser.tables.table import RowForm, Table
from planner.words import FEATURES, SEATINGS


def features() -> Words:
    return Words(
        _l("What the room has"),
        read=lambda text: known(text, FEATURES, cells.features),
        write=lambda keys: named(keys, FEATURES),
        known=lambda: named(FEATURES, FEATURES),
    )


class RoomRow(RowForm):
    name = RoomForm.name
    capacity_circle = RoomForm.capacity_circle
    capacity_rows = RoomForm.capacity_rows
    seating = OneOf(
        _l("Placed"),
        choices(SEATINGS.items()),
        read=lambda text: str(cells.seating(text) or ""),
        default="circle",
    )
    features = features()
    directions = RoomForm.directions
    details = RoomForm.details


class Rooms(Table[Room]):
    model = Room
    title = _l("Rooms in a table")
    back = "organiser.rooms.index"
    columns = ("name", "capacity_circle", "capacity_rows", "seating", "features", "directions")
    fields = ROOMS
    hint = _l("When a room is not free is said on its own page.")
    widths: ClassVar = {"capacity_circle": "narrow", "capacity_rows": "narrow", "seating": "middle"}
    order = (Room.position,)
    form = staticmethod(lambda: RoomRow)

    def stored(self, row: Room) -> dict[str, Any]:
        return {
            "name": row.name,
            "capacity_circle": row.capacity_circle or None,
            "capacity_rows": row.capacity_rows or None,
            "seating": row.seating.value,
            "features": list(row.features),
            "directions": languages.pick(row.directions, g.conference.language),
        }

    def save(self, row: Room | None, form: RoomRow) -> None:
        room = row or Room(conference_id=g.conference.id)
        programme.save_room(room, g.conference.language, **form.details())

    def remove(self, row: Room) -> None:
        programme.remove_room(row)


@blueprint.route("/table", methods=["GET", "POST"])
def table() -> Response:
    return pages.answer(Rooms())
