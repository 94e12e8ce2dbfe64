"""The conferences that an organiser has, and a new one."""

from dataclasses import dataclass

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField
from wtforms.validators import Optional, Regexp

from planner import beginnings, clock, conferences, languages, team
from planner import conference_templates as templates
from planner.conferences import Made
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, choices, day, line
from planner.policy.table import ORGANISERS
from planner.texts import tidy_line

blueprint = Blueprint("conferences", __name__)


def short_name() -> StringField:
    allowed = Regexp("^[a-z0-9][a-z0-9-]{1,58}$", message=_l("Only small letters, digits and hyphens, at least two."))
    return StringField(_l("Short name for the address"), filters=[tidy_line], validators=[Optional(), allowed])


class NewForm(Form):
    template = RadioField(_l("What does it begin with?"), default=templates.EMPTY)
    title = line(_l("Title"))
    slug = short_name()
    day = day(_l("First day of the conference"))


@dataclass(frozen=True)
class Offer:
    """A template, in words: for whom it is, and what it brings."""

    about: str
    brings: str


@blueprint.get("/")
def index() -> str:
    memberships = team.memberships(g.actor)
    present = [member for member in memberships if not member.conference.archived_at]
    archived = [member for member in memberships if member.conference.archived_at]
    copied = {member.id for member in memberships if member.role in ORGANISERS}
    return render_template(
        "organiser/conferences.html", present=present, archived=archived, copied=copied, now=clock.now()
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    form, here = NewForm(), languages.written()
    offered = {key: templates.read(key) for key in templates.KEYS}
    form.template.choices = choices((key, languages.pick(each.name, here)) for key, each in offered.items())
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _create(form)
        except PlannerError as error:
            db.session.rollback()
            status = form.refuse(error)
    offers = [Offer(languages.pick(each.about, here), in_words(beginnings.brings(each))) for each in offered.values()]
    return make_response(render_template("organiser/new_conference.html", form=form, offers=offers), status)


def _create(form: NewForm) -> Response:
    key = form.template.data
    conference = beginnings.create(
        form.slug.data, form.title.data, form.day.data, key, templates.read(key), g.actor, clock.now()
    )
    told = in_words(conferences.made(conference))
    db.session.commit()
    flash(_("Created: %(things)s, and all dates. Rooms, sessions and people are still missing.", things=told))
    return redirect(url_for("organiser.overview.index", slug=conference.slug))


def in_words(made: Made) -> str:
    """How much of each there is; what is not there is not told."""
    counted = [
        (made.themes, ngettext("%(num)s theme", "%(num)s themes", made.themes)),
        (made.groups, ngettext("%(num)s group", "%(num)s groups", made.groups)),
        (made.rounds, ngettext("%(num)s round", "%(num)s rounds", made.rounds)),
        (made.agenda, ngettext("%(num)s agenda item", "%(num)s agenda items", made.agenda)),
        (made.rooms, ngettext("%(num)s room", "%(num)s rooms", made.rooms)),
        (made.sessions, ngettext("%(num)s session", "%(num)s sessions", made.sessions)),
    ]
    return ", ".join(words for number, words in counted if number)
