"""An invitation to work on a conference: its link shows it, only the button accepts it."""

from flask import current_app, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import accounts, auth, clock, languages, team
from planner.config import Config
from planner.extensions import db
from planner.forms import Form, line
from planner.policy import start_of


class NewAccountForm(Form):
    name = line(_l("Your name"), 120, render_kw={"autocomplete": "name"})


def invitation(token: str) -> Response:
    """For the account with the address that was invited; where there is none yet, it is made here."""
    now, user = clock.now(), auth.organiser()
    found = team.invitation_for(token, holds=g.writes)
    if found is None or now >= found.expires_at:
        return make_response(render_template("public/invitation_ended.html"), 410 if found else 404)
    is_new = auth.account_of(found.email) is None
    form = NewAccountForm() if is_new else Form()
    accepts = team.is_for(found, user) if user else is_new
    if accepts and form.validate_on_submit():
        joining, conference = user or auth.account(found.email, form.name.data), found.conference
        if is_new:
            joining.locale = languages.current()
        team.accept(found, joining, now)
        asked = None if user else accounts.sign_in(joining)
        db.session.commit()
        if asked is not None:
            return asked
        flash(_("Welcome. You work on this conference now."))
        config: Config = current_app.extensions["planner"]
        if is_new and not config.demonstration:
            return redirect(url_for("security.change_password"))
        role = team.role_of(joining, conference)
        return redirect(url_for(start_of(role) if role else "public.conference", slug=conference.slug))
    page = render_template(
        "public/invitation.html", invitation=found, form=form, is_new=is_new, accepts=accepts, user=user, now=now
    )
    return make_response(page, form.status)
