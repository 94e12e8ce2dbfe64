"""Who works on a conference: invite, give another role, remove; for its owners."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired

from planner import clock, jobs, languages, notifications, team
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, choices, line
from planner.models import Invitation, InvitationState, MemberRole
from planner.policy import start_of
from planner.texts import whole
from planner.words import MEMBER_ROLES

blueprint = Blueprint("team", __name__, url_prefix="/team")
BY_MAIL, BY_HAND = "mail", "link"


class InviteForm(Form):
    email = line(_l("E-mail address of her account"), 254)
    role = RadioField(
        _l("Role"),
        choices=choices((key, label) for key, (label, _does) in MEMBER_ROLES.items()),
        validators=[InputRequired(_l("Please choose a role."))],
    )
    group_id = SelectField(_l("Of which group?"), coerce=whole, default=0)
    way = RadioField(
        _l("How does she get the link?"),
        choices=choices([(BY_MAIL, _l("by mail")), (BY_HAND, _l("I hand it on myself"))]),
        default=BY_MAIL,
    )

    def prepare(self) -> "InviteForm":
        """Without mail only one way is left."""
        self.group_id.choices = groups()
        self.email.validators = [*self.email.validators, Email(_("Please check the e-mail address."))]
        if not notifications.mail_is_set_up():
            del self.way
        return self

    @property
    def by_mail(self) -> bool:
        return "way" in self and self.way.data == BY_MAIL


class RoleForm(Form):
    role = SelectField(_l("Role"), choices=choices((key, label) for key, (label, _does) in MEMBER_ROLES.items()))
    group_id = SelectField(_l("Of which group?"), coerce=whole, default=0)

    def prepare(self) -> "RoleForm":
        self.group_id.choices = groups()
        return self


def groups() -> list[SelectChoice]:
    here = languages.current()
    named = ((group.id, languages.pick(group.title, here)) for group in g.conference.groups)
    return choices([(0, _("no group")), *named])


def _group(form: InviteForm | RoleForm) -> int | None:
    """Only of whoever is limited to one."""
    return (form.group_id.data or None) if MemberRole(form.role.data).of_a_group else None


@blueprint.get("/")
def index() -> Response:
    return _page(InviteForm().prepare())


@blueprint.post("/")
def invite() -> Response:
    form = InviteForm().prepare()
    if not form.validate_on_submit():
        return _page(form)
    try:
        role, now = MemberRole(form.role.data), clock.now()
        row = team.invite(g.conference, form.email.data, role, g.actor, now, _group(form))
    except PlannerError as error:
        db.session.rollback()
        form.refuse(error)
        return _page(form)
    return _by_mail(row) if form.by_mail else _shown(row)


@blueprint.post("/<int:id>/role")
def role(id: int) -> Response:
    member, form = g.scope.member(id), RoleForm().prepare()
    if form.validate_on_submit():
        role = MemberRole(form.role.data)
        return _changed(lambda now: team.change_role(member, role, g.actor, now, _group(form)))
    return redirect(url_for("organiser.team.index"))


@blueprint.post("/<int:id>/remove")
def remove(id: int) -> Response:
    member = g.scope.member(id)
    return _changed(lambda now: team.remove(member, g.actor, now))


def _changed(act: Callable[[Any], None]) -> Response:
    """Whoever changes her own role may not come back to this page."""
    try:
        act(clock.now())
        db.session.commit()
        flash(_("Saved."))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    role = team.role_of(g.actor, g.conference)
    if role is None:
        return redirect(url_for("organiser.conferences.index"))
    return redirect(url_for("organiser.team.index" if role is MemberRole.OWNER else start_of(role)))


@blueprint.post("/invitations/<int:id>/link")
def link(id: int) -> Response:
    """A new link, shown this once; the one before is worth nothing."""
    row = g.scope.invitation(id)
    team.renew(row, g.actor, clock.now())
    return _shown(row)


@blueprint.post("/invitations/<int:id>/send")
def send(id: int) -> Response:
    row = g.scope.invitation(id)
    team.renew(row, g.actor, clock.now())
    return _by_mail(row)


@blueprint.post("/invitations/<int:id>/withdraw")
def withdraw(id: int) -> Response:
    team.take_back(g.scope.invitation(id), g.actor, clock.now())
    db.session.commit()
    flash(_("The invitation is taken back. Its link opens nothing any more."))
    return redirect(url_for("organiser.team.index"))


def _by_mail(row: Invitation) -> Response:
    db.session.commit()
    jobs.invitation(row)
    if notifications.way() == "file":
        flash(_("The invitation is written into a file on this computer. It does not leave it."))
    else:
        flash(_("The invitation is on its way."))
    return redirect(url_for("organiser.team.index"))


def _shown(row: Invitation) -> Response:
    row.state = InvitationState.SHOWN
    home = current_app.extensions["planner"].public_url
    secret = home + url_for("public.invitation", token=team.mint(row))
    db.session.commit()
    return _page(InviteForm(formdata=None).prepare(), row, secret)


def _page(form: InviteForm, invited: Invitation | None = None, secret: str = "") -> Response:
    page = render_template(
        "organiser/team.html",
        conference=g.conference,
        form=form,
        members=team.members(g.conference),
        groups=groups(),
        invitations=team.invitations(g.conference),
        invited=invited,
        secret=secret,
        mail=notifications.mail_is_set_up(),
        now=clock.now(g.conference),
        today=clock.now(),
    )
    return make_response(page, 200 if secret else form.status)
