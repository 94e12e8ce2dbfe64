"""Cards to print: choose whom, and hand them out as sheets of eight or as strips."""

from flask import Blueprint, Response, current_app, g, make_response, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from planner import auth, cards, clock, exports, languages, locks
from planner.cards import Pile, Whom
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, choices
from planner.texts import whole

blueprint = Blueprint("cards", __name__, url_prefix="/cards")
LAYOUTS = {"cards": _l("Cards, eight on a sheet"), "strips": _l("Strips, one below the other")}
PILES = {
    Pile.ALL: _l("all together, by name"),
    Pile.GROUP: _l("by group, each on sheets of its own"),
    Pile.ORGANISATION: _l("by organisation, each on sheets of its own"),
}


class CardsForm(Form):
    whom = RadioField(_l("For whom"), default=Whom.WITHOUT)
    group_id = SelectField(_l("Group"), coerce=whole, default=0)
    layout = RadioField(_l("Paper"), choices=choices(LAYOUTS.items()), default="cards")
    pile = RadioField(_l("In order"), default=Pile.ALL)

    def prepare(self) -> "CardsForm":
        here, now = languages.current(), clock.now()
        several = {kind: len(cards.whom(g.conference, kind, 0, now)) for kind in Whom}
        self.whom.choices = choices(
            [
                (Whom.WITHOUT, _("Who has no link and no card yet (%(number)s)", number=several[Whom.WITHOUT])),
                (Whom.UNREACHED, _("Who has no e-mail address (%(number)s)", number=several[Whom.UNREACHED])),
                (Whom.EVERYBODY, _("Everybody (%(number)s)", number=several[Whom.EVERYBODY])),
            ]
        )
        groups = ((group.id, languages.pick(group.title, here)) for group in g.conference.groups)
        self.group_id.choices = choices([(0, _("all groups")), *groups])
        # Where a group must not be shown, no heading of a pile that is carried around names it.
        shown = PILES if g.conference.shows_groups_in_rooms else {Pile.ALL: PILES[Pile.ALL]}
        self.pile.choices = choices(shown.items())
        return self


@blueprint.get("/")
def index() -> Response:
    return _page(CardsForm(formdata=None).prepare())


@blueprint.post("/")
def make() -> Response:
    """New links and codes, on paper: nobody sees them again. Of two at once one finds nobody left without."""
    locks.conference(g.conference, alone=True)
    form = CardsForm().prepare()
    if form.validate_on_submit():
        try:
            return _printed(form)
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(form)


def _printed(form: CardsForm) -> Response:
    """Writers queue up behind us no longer than codes are kept; drawing and setting hundreds of cards takes seconds."""
    home, now = current_app.extensions["planner"].public_url, clock.now()
    people = cards.whom(g.conference, Whom(form.whom.data), form.group_id.data, now)
    piles = cards.sheets(g.conference, cards.mint(people, home, now), Pile(form.pile.data), home)
    name = [_("cards"), g.conference.slug]
    db.session.commit()
    cards.draw(piles)
    data = {
        "title": _("Cards"),
        "strips": form.layout.data == "strips",
        "piles": piles,
        "labels": {"code": _("Code")},
    }
    return exports.download(exports.to_pdf("cards", data, languages.current()), name, "pdf")


def _page(form: CardsForm) -> Response:
    now = clock.now()
    page = render_template(
        "organiser/cards.html",
        conference=g.conference,
        form=form,
        until=auth.link_ends(g.conference, now),
        takes_links=auth.takes_links(g.conference, now),
    )
    return make_response(page, form.status)
