"""The ways in: personal link, card code, an organiser's one-time link; and out again."""

from flask import abort, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Email, InputRequired

from planner import accounts, auth, clock, failures, jobs, joining, notifications
from planner.config import Config
from planner.errors import PlannerError
from planner.extensions import db, limiter
from planner.forms import Form
from planner.models import AuditEntry, PersonalLink, User
from planner.texts import AtMost, tidy_line
from planner.words import SIGN_IN_LINKS


class UnknownCode(PlannerError):
    sentence = _l("We do not know this code. Please look at your card again.")


class UnknownAgain(UnknownCode):
    """One of very many from her network: only a right code is still let in, so nobody who has a card must wait."""

    status = 429
    retry_after = int(failures.WINDOW.total_seconds())
    sentence = _l(
        "We do not know this code, and many wrong ones came from your network. Please look at your card again: "
        "with the right code you can come in now."
    )


class CodeForm(Form):
    code = StringField(
        _l("Code on your card"),
        filters=[tidy_line],
        validators=[InputRequired(_l("Please type the code on your card.")), AtMost(40)],
    )


class AddressForm(Form):
    email = StringField(
        _l("Your e-mail address"),
        filters=[tidy_line],
        validators=[
            InputRequired(_l("Please type your e-mail address.")),
            AtMost(254),
            Email(_l("Please check the e-mail address.")),
        ],
        render_kw={"autocomplete": "email", "inputmode": "email"},
    )


def link(token: str) -> Response:
    """Open a personal link: any number of times, and nothing is changed by it."""
    found = auth.link_for(token, clock.now())
    if found is None:
        abort(404)
    auth.enter(found, clock.now())
    answer = redirect(url_for("participant.start.index", slug=found.participant.conference.slug))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def enter() -> Response:
    """Type the code on the card; whoever has no card reads how to get in."""
    form = CodeForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            auth.enter(_card(form.code.data), clock.now())
            return redirect(url_for("participant.start.index"))
        except PlannerError as error:
            status = form.refuse(error)
    return make_response(render_template("public/enter.html", conference=g.conference, form=form), status)


def _card(code: str) -> PersonalLink:
    """The card with this code; a wrong one is counted against this address at this conference."""
    now = clock.now()
    tried = failures.count("card", str(g.conference.id), request.remote_addr, now)
    db.session.commit()
    found = auth.card_for(g.conference, code, now)
    if found:
        failures.were_right([tried])
    if found or not tried.many:  # whoever guesses all day does not fill the audit, which nobody empties
        actor = f"participant:{found.participant_id}" if found else "anonymous"
        action = "card.used" if found else "card.refused"
        db.session.add(AuditEntry(conference_id=g.conference.id, happened_at=now, actor=actor, action=action))
    db.session.commit()
    if found is None:
        raise (UnknownAgain if tried.many else UnknownCode)(field="code")
    return found


def leave() -> Response:
    """Out again, and where this device came by a group's link, to it: the next person of the group registers."""
    auth.leave(clock.now())
    db.session.commit()
    flash(_("You are signed out. The next person can begin."))
    door = auth.remembered_door(g.conference)
    group_link = joining.link_for(g.conference, door) if door else None
    if group_link is None or joining.trouble(group_link, clock.now()):
        return redirect(url_for("public.conference"))
    return redirect(url_for("public.join", token=door))


def sign_in(token: str) -> str | Response:
    """An organiser's one-time link: mail scanners may open it, only the button uses it up."""
    now, again = clock.now(), AddressForm(prefix="again")
    email = again.email.data or ""
    tries = [failures.count("link", auth.hashed(token), request.remote_addr, now)] if email else []
    if tries:
        db.session.commit()
    if auth.sign_in_link(token, now, email, holds=g.writes) is None:
        return _not_any_more(auth.why_no_sign_in(token, now), again)
    failures.take_back(tries)
    form = Form()
    if form.validate_on_submit():
        user = auth.use_sign_in_link(token, now, email)
        asked = accounts.sign_in(user) if user else None
        db.session.commit()
        if asked is not None:
            return asked
        config: Config = current_app.extensions["planner"]
        offer = user is not None and not user.password and not config.demonstration
        return redirect(url_for("security.change_password" if offer else "organiser.conferences.index"))
    return render_template("public/sign_in.html", form=form)


def _not_any_more(reason: str, again: AddressForm) -> Response:
    """The link signs nobody in: say why, and how to get another."""
    status = 404 if reason == "unknown" else 410
    return _again(reason, _address_form(), status, auth.organiser(), again if reason == "used" else None)


def _again(
    reason: str, form: AddressForm | None, status: int, user: User | None = None, again: AddressForm | None = None
) -> Response:
    title, sentence = SIGN_IN_LINKS[reason]
    page = render_template(
        "public/sign_in_again.html", title=title, sentence=sentence, user=user, form=form, again=again
    )
    return make_response(page, status)


@limiter.limit("20 per hour", methods=["POST"])
def another_link() -> Response:
    """Send a sign-in link to an organiser's address; the answer is the same whoever it belongs to."""
    form = _address_form()
    if form is None:
        abort(404)
    if form.validate_on_submit():
        jobs.sign_in_link(auth.account_of(form.email.data))
        return make_response(render_template("public/link_on_its_way.html", only_files=notifications.way() == "file"))
    return _again("asked", form, 422 if form.is_submitted() else 200)


def _address_form() -> AddressForm | None:
    """Only where a mail would reach somebody."""
    config: Config = current_app.extensions["planner"]
    return AddressForm() if notifications.mail_is_set_up() and not config.demonstration else None
