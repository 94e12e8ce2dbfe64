"""Group links: one address and picture for many people, with a number of places and an end."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField

from planner import auth, clock, dates, exports, joining, languages, locks, qr
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Revision, choices, line, moment, number
from planner.models import GroupLink
from planner.texts import whole

blueprint = Blueprint("links", __name__, url_prefix="/links")


class LinkForm(Revision):
    name = line(_l("What you call it"), 80)
    group_id = SelectField(_l("Group"), coerce=whole)
    places = number(_l("Number of places"), 1, joining.MOST)
    ends_at = moment(_l("Ends"))


def _form(data: dict[str, object], **options: Any) -> LinkForm:
    form, here = LinkForm(data=data, **options), languages.current()
    groups = ((group.id, languages.pick(group.title, here)) for group in g.conference.groups)
    form.group_id.choices = choices([(0, _("none")), *groups])
    return form


@blueprint.get("/")
def index() -> str:
    return render_template(
        "organiser/links.html",
        conference=g.conference,
        links=joining.listed(g.conference, clock.now()),
        takes_links=auth.takes_links(g.conference, clock.now()),
        now=clock.now(g.conference),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    """The link is shown this once, with its picture: of it only a hash is kept."""
    ends = joining.usual_end(g.conference, clock.now(g.conference))
    form = _form({"places": joining.PLACES, "ends_at": dates.local(ends, g.conference)})
    if form.validate_on_submit():
        auth.must_be_fresh(clock.now(), url_for("security.verify", next=request.path))
        try:
            link = GroupLink(conference=g.conference, created_at=clock.now())
            token = joining.mint(link)
            _apply(form, link)
            db.session.add(link)
            db.session.commit()
            return _page(_filled(link, formdata=None).opened(), link, token)
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(form, None)


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def edit(id: int) -> Response:
    link = locks.edited(g.scope.group_link(id))
    form = _filled(link).revises()
    if form.validate_on_submit():
        try:
            _apply(form, link)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("organiser.links.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(form, link)


def _filled(link: GroupLink, **options: Any) -> LinkForm:
    facts = {"name": link.name, "group_id": link.group_id or 0, "places": link.places}
    return _form({**facts, "ends_at": dates.local(link.ends_at, g.conference)}, **options)


def _apply(form: LinkForm, link: GroupLink) -> None:
    with db.session.no_autoflush:
        link.name, link.group_id = form.name.data, form.group_id.data or None
        link.places = form.places.data
        link.ends_at = dates.instant(form.ends_at.data, g.conference, "ends_at")
        joining.check(link, clock.now())


@blueprint.post("/<int:id>/renew")
def renew(id: int) -> Response:
    """A new address, shown this once; the one before is worth nothing."""
    link = locks.edited(g.scope.group_link(id))
    form = _filled(link, formdata=None).opened()
    try:
        token = joining.renew(link, clock.now())
        db.session.commit()
    except PlannerError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(form, link)
    return _page(_filled(link, formdata=None).opened(), link, token)


@blueprint.post("/<int:id>/withdraw")
def withdraw(id: int) -> Response:
    link = locks.edited(g.scope.group_link(id))
    link.withdrawn_at = link.withdrawn_at or clock.now()
    db.session.commit()
    flash(_("Taken back. The link registers nobody any more."))
    return redirect(url_for("organiser.links.index"))


@blueprint.post("/<int:id>/sheet")
def sheet(id: int) -> Response:
    """To be hung up or handed round: only with the address, which nobody but this page has."""
    link, token = g.scope.group_link(id), request.form.get("token", "")
    if auth.hashed(token) != link.token_hash:
        abort(404)
    here, address = languages.current(), _address(token)
    data = {
        "title": languages.pick(g.conference.title, here),
        "day": ", ".join(filter(None, (dates.long_days(g.conference), g.conference.place))),
        "how": _("Register here: scan the picture with your phone, or open this address."),
        "address": address,
        "until": _("The link works until %(date)s.", date=dates.moment(link.ends_at, g.conference)),
        "places": _("It has %(number)s places.", number=link.places),
        "picture": qr.picture(address),
        "alt": _("The address, as a picture for your phone"),
        "labels": {},
    }
    name = [_("group-link"), g.conference.slug, link.name]
    return exports.download(exports.to_pdf("group_link", data, here), name, "pdf")


def _address(token: str) -> str:
    home: str = current_app.extensions["planner"].public_url
    return home + url_for("public.join", token=token)


def _page(form: LinkForm, link: GroupLink | None, token: str = "") -> Response:
    address = _address(token) if token else ""
    page = render_template(
        "organiser/link.html",
        conference=g.conference,
        form=form,
        link=link,
        taken=joining.taken(link) if link else 0,
        trouble=joining.trouble(link, clock.now()) if link else None,
        secret=token,
        address=address,
        squares=qr.squares(address) if address else None,
        now=clock.now(g.conference),
    )
    return make_response(page, 200 if token else form.status)
