"""My wishes: an ordered list of favourites with buttons, kept in the form until it is saved."""

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import clock, merging, preferences
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form
from planner.participant import cards
from planner.texts import whole

blueprint = Blueprint("wishes", __name__, url_prefix="/wishes")


class Unreadable(PlannerError):
    sentence = _l("Your list could not be read, so nothing was changed. Here is what is stored.")


@blueprint.get("/")
def edit() -> Response:
    return _page(Form(), *_stored(), g.actor.revision)


@blueprint.post("/")
def save() -> Response:
    """One button saves; the others move, add or remove and show the list again, nothing stored."""
    form = Form()
    try:
        favourites, vetoes = _ids("favourite"), _ids("veto")
    except Unreadable as error:
        return _page(form, *_stored(), g.actor.revision, status=form.refuse(error))
    revision = request.form.get("revision", type=whole, default=-1)
    change = request.form.get("change", "")
    if change or not form.is_submitted():
        return _page(form, *_changed(change, favourites, vetoes), revision, unsaved=True)
    try:
        preferences.save_ranking(g.actor, favourites, vetoes, revision, clock.of(g.conference))
        db.session.commit()
    except PlannerError as error:
        db.session.rollback()
        status = form.refuse(error)
        # After a race the next save is meant to win: it is shown what is stored meanwhile.
        return _page(form, favourites, vetoes, g.actor.revision, status=status, unsaved=True)
    return redirect(url_for("participant.wishes.receipt"))


@blueprint.get("/receipt")
def receipt() -> str:
    return render_template(
        "participant/receipt.html", conference=g.conference, person=g.actor, **preferences.titles(g.actor)
    )


def _stored() -> tuple[list[int], list[int]]:
    favourites = [preference.session_id for preference in g.actor.preferences]
    return favourites, [veto.session_id for veto in g.actor.vetoes]


def _ids(name: str) -> list[int]:
    """A list in which something is no number is no list: to leave that out would store what nobody chose."""
    try:
        return [whole(word) for word in request.form.getlist(name)]
    except ValueError as error:
        raise Unreadable from error


def _changed(change: str, favourites: list[int], vetoes: list[int]) -> tuple[list[int], list[int]]:
    """The lists after one press of a button: "up:3", "down:3", "add:3", "remove:3", "veto:3", "unveto:3"."""
    verb, _, word = change.partition(":")
    try:
        id = whole(word)
    except ValueError:
        return favourites, vetoes
    at = favourites.index(id) if id in favourites else -1
    if verb in {"up", "down"} and at >= 0:
        to = max(0, min(len(favourites) - 1, at + (-1 if verb == "up" else 1)))
        favourites.insert(to, favourites.pop(at))
    elif verb == "add" and at < 0:
        favourites, vetoes = [*favourites, id], [other for other in vetoes if other != id]
    elif verb in {"remove", "veto"}:
        favourites = [other for other in favourites if other != id]
        vetoes = [*vetoes, id] if verb == "veto" and id not in vetoes else vetoes
    elif verb == "unveto":
        vetoes = [other for other in vetoes if other != id]
    return favourites, vetoes


def _page(
    form: Form, favourites: list[int], vetoes: list[int], revision: int, status: int = 200, unsaved: bool = False
) -> Response:
    now = clock.now(g.conference)
    is_open = g.conference.takes_wishes(now)
    offer = preferences.offer(g.conference)
    mine = preferences.choosable(g.actor, offer)
    if not {*favourites, *vetoes} <= mine:
        wishes = merging.with_the_whole(g.conference, favourites, vetoes)
        favourites, vetoes = wishes.favourites, wishes.vetoes
    chosen, refused = [id for id in favourites if id in mine], [id for id in vetoes if id in mine]
    shown = cards.of(
        offer,
        addable=is_open and len(chosen) < g.conference.most_favourites,
        refusable=is_open and len(refused) < g.conference.most_vetoes,
    )
    rest = [card for id, card in shown.items() if id in mine and id not in favourites and id not in vetoes]
    page = render_template(
        "participant/wishes.html",
        conference=g.conference,
        form=form,
        chosen=[shown[id] for id in chosen],
        refused=[shown[id] for id in refused],
        rest=rest,
        more=min(max(0, g.conference.most_favourites - len(chosen)), len(rest)),
        stored=[preference.session for preference in g.actor.preferences] if status == 409 else None,
        revision=revision,
        entered_at=g.actor.wishes_saved_at if g.actor.wishes_entered else None,
        unsaved=unsaved,
        is_open=is_open,
        merged=merging.told(g.actor),
        now=now,
    )
    return make_response(page, status)
