"""The ways in: personal link, card code, an organiser's one-time link; and out again."""

from flask import abort, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from planner import auth, clock
from planner.extensions import db, limiter


class CodeForm(FlaskForm):
    code = StringField(
        _l("Code on your card"),
        validators=[InputRequired(_l("Please type the code on your card.")), Length(max=40)],
    )


def link(token: str) -> Response:
    """Open a personal link: any number of times, and nothing is changed by it."""
    found = auth.link_for(token, clock.now())
    if found is None:
        abort(404)
    auth.enter(found)
    answer = redirect(url_for("participant.start.index", slug=found.participant.conference.slug))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@limiter.limit("60 per minute", methods=["POST"])
def enter() -> str | Response:
    """Type the code on the card; whoever has no card reads how to get in."""
    form = CodeForm()
    if form.validate_on_submit():
        now = clock.now()
        if auth.too_many_failures("card", now):
            return make_response(render_template("errors/429.html"), 429)
        found = auth.card_for(g.conference, form.code.data, now)
        if found:
            auth.enter(found)
            return redirect(url_for("participant.start.index"))
        auth.record_failure("card", now)
        db.session.commit()
        form.code.errors = [_("We do not know this code. Please look at your card again.")]
    status = 422 if form.errors else 200
    return make_response(render_template("public/enter.html", conference=g.conference, form=form), status)


def leave() -> Response:
    auth.leave()
    flash(_("You are signed out. The next person can begin."))
    return redirect(url_for("public.conference"))


def sign_in(token: str) -> str | Response:
    """An organiser's one-time link: mail scanners may open it, only the button uses it up."""
    now = clock.now()
    if auth.sign_in_link(token, now) is None:
        abort(404)
    form = FlaskForm()
    if form.validate_on_submit():
        auth.use_sign_in_link(token, now)
        db.session.commit()
        return redirect(url_for("organiser.conferences.index"))
    return render_template("public/sign_in.html", form=form)
