"""Who interprets when, where and for how many: the list from which interpreters are ordered and asked to confirm."""

from typing import Any

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner import allocations, checklist, clock, dates, exports, interpreting, languages, roster, working_language
from planner.interpreting import Order
from planner.models import Allocation, InterpreterPair
from planner.organiser.lists import Chip, Column, Listing
from planner.roster import Entry
from planner.words import INTERPRETING, PARTICIPANT_STATES

blueprint = Blueprint("interpreting", __name__, url_prefix="/interpreting")
STATES: dict[str, tuple[object, str, str | None]] = {
    "open": (_l("nobody yet"), "bad", "warning"),
    "fewer": (_l("fewer than planned"), "bad", "warning"),
    "declined": (_l("somebody cannot"), "bad", "warning"),
    "to_confirm": (_l("not confirmed"), "wait", None),
    "confirmed": (_l("confirmed"), "good", "check"),
}
URGENT = list(STATES)


@blueprint.get("/")
def index() -> str:
    run = _plan()
    return render_template(
        "organiser/interpreting.html",
        conference=g.conference,
        run=run,
        list=_listing(run),
        known=[_known(each) for each in roster.everybody(g.conference) if each.is_coming and each.interprets],
        now=clock.now(g.conference),
    )


@blueprint.get("/interpreting.csv")
def table() -> Response:
    """The same list as a file, for whoever orders or pays them."""
    listing = _listing(_plan())
    rows = [[_plain(column, row) for column in listing.columns] for row in listing.found]
    heads = [str(column.label) for column in listing.columns]
    found = exports.Table(_("Interpreters"), heads, rows)
    return exports.download(exports.to_csv(found), [g.conference.slug, _("interpreters")], "csv")


def _plan() -> Allocation | None:
    """What is published, or else the newest plan."""
    published: Allocation | None = g.conference.published
    return published or checklist.newest_plan(allocations.recent(g.conference))


def _listing(run: Allocation | None) -> Listing[Order]:
    here = languages.current()

    def names(row: Order) -> str:
        return ", ".join(person.name for person in row.people)

    def when(row: Order) -> str:
        return f"{languages.pick(row.meeting.slot.title, here)}, {dates.hours(row.meeting, g.conference)}"

    columns = [
        Column[Order]("when", _("When"), when, lambda row: row.meeting.starts),
        Column[Order]("room", _("Room"), lambda row: row.meeting.room.name),
        Column[Order]("session", _("Session"), lambda row: languages.pick(row.meeting.session.title, here)),
        Column[Order]("channel", _("Languages"), _between),
        Column[Order]("listeners", _("Listeners"), lambda row: row.listeners, kind="number"),
        Column[Order]("who", _("Who"), names),
        Column[Order]("state", _("State"), lambda row: STATES[row.state], lambda row: URGENT.index(row.state), "state"),
    ]
    return Listing(
        "organiser.interpreting.index",
        interpreting.orders(run) if run else [],
        columns,
        request.args,
        link=lambda row: url_for("organiser.results.meeting", number=run.number if run else 0, id=row.meeting.id),
        words=lambda row: f"{names(row)} {row.meeting.room.name} {languages.pick(row.meeting.session.title, here)}",
        chips=[
            Chip("open", _("nobody yet"), lambda row: row.state == "open"),
            Chip("fewer", _("fewer than planned"), lambda row: row.state == "fewer"),
            Chip("declined", _("somebody cannot"), lambda row: row.state == "declined"),
            Chip("to_confirm", _("not confirmed"), lambda row: row.state == "to_confirm"),
        ],
    )


def _between(row: Order) -> str:
    """From what is spoken into what is heard; or both, where both are spoken."""
    if "-" in row.channel or not row.meeting.language:
        return working_language.channel_name(row.channel)
    return f"{languages.name_of(row.meeting.language)} → {languages.name_of(row.channel)}"


def _plain(column: Column[Order], row: Order) -> exports.Cell:
    cell: Any = column.cell(row)
    if isinstance(cell, tuple):
        cell = cell[0]
    return cell if isinstance(cell, int) else str(cell)


def _known(person: Entry) -> dict[str, object]:
    """Somebody who interprets: between what, how, for how many, and in which rounds she is not there."""
    here, away = languages.current(), set(person.absences)
    return {
        "person": person,
        "between": [
            f"{languages.name_of(each.source)} → {languages.name_of(each.target)}" for each in person.interprets
        ],
        "how": dict.fromkeys(_how(each) for each in person.interprets),
        "away": [languages.pick(slot.title, here) for slot in g.conference.slots if slot.id in away],
        "state": PARTICIPANT_STATES[person.state],
    }


def _how(pair: InterpreterPair) -> str:
    most = ngettext("%(num)s listener", "%(num)s listeners", pair.listeners)
    return f"{INTERPRETING[pair.mode]}, {most}"
