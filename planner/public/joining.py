"""A group link: whoever opens it registers herself, and is in at once, with a code of her own."""

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField
from wtforms.validators import Email, InputRequired, Optional

from planner import attempts, auth, clock, joining, languages, limits, retention
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, line
from planner.models import GroupLink
from planner.texts import AtMost
from planner.words import TONGUES


class JoinForm(Form):
    name = line(_l("Your name"), 120, render_kw={"autocomplete": "name"})
    email = line(
        _l("Your e-mail address"), 254, required=False, render_kw={"autocomplete": "email", "inputmode": "email"}
    )
    agreed = BooleanField(
        _l("I have read this and agree"),
        validators=[InputRequired(_l("Please tick that you agree. Without that nothing is stored."))],
    )

    def prepare(self) -> "JoinForm":
        self.email.validators = [Optional(), AtMost(254), Email(_("Please check the e-mail address."))]
        return self


def join(token: str) -> Response:
    """Looking changes nothing; whoever is in already does not register twice."""
    link = joining.link_for(g.conference, token)
    if link is None:
        abort(404)
    if g.actor:
        return _known(token)
    form = JoinForm().prepare()
    if form.validate_on_submit():
        try:
            return _register(link, form, token)
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    elif not form.is_submitted() and joining.trouble(link, clock.now()):
        return _shut(link)
    page = render_template(
        "public/join.html",
        conference=g.conference,
        link=link,
        form=form,
        kept=retention.kept(g.conference),
        now=clock.now(g.conference),
    )
    return make_response(page, form.status)


def _register(link: GroupLink, form: JoinForm, token: str) -> Response:
    limits.charge_joining(g.conference, request.remote_addr)
    here = languages.current()
    who = joining.Applicant(
        form.name.data,
        form.email.data,
        here if here in TONGUES else g.conference.language,
        attempts.mark_of_the_form("anonymous"),
    )
    card, mark = joining.register(link, who, clock.now)
    db.session.commit()
    auth.enter(card, clock.now())
    auth.show_card(card, mark)
    auth.remember_door(g.conference, token)
    return redirect(url_for("participant.start.index"))


def _known(token: str) -> Response:
    auth.remember_door(g.conference, token)
    if request.method == "POST":
        flash(_("You are registered already."))
        return redirect(url_for("participant.start.index"))
    return make_response(render_template("public/joined.html", conference=g.conference, person=g.actor))


def _shut(link: GroupLink) -> Response:
    trouble = joining.trouble(link, clock.now())
    page = render_template("public/join_shut.html", conference=g.conference, trouble=trouble)
    return make_response(page, 410)
