"""Merge several sessions into one, with the wishes for them, and split them again."""

from typing import ClassVar

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner import acts, clock, merging, preferences, session_rules
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, line
from planner.models import Session
from planner.organiser.session_rules import PARTS
from planner.organiser.translated import per_language, texts

blueprint = Blueprint("merging", __name__, url_prefix="/sessions/merges")


class MergeForm(Form):
    translated: ClassVar = {
        "title": lambda language, _must: line(_("Another title (%(language)s)", language=language), 120, False),
    }
    sessions = line(_l("Which sessions?"), 200)
    stays = line(_l("Which one stays?"), 20)

    def chosen(self) -> list[Session]:
        """By their numbers, in that order. Raises UnknownNumber."""
        return _by_numbers(self.sessions.data or "", "sessions")

    def whole(self) -> Session:
        """Raises UnknownNumber at its own field, also for one that is not among the others."""
        found = _by_numbers(self.stays.data or "", "stays")
        if len(found) != 1 or found[0] not in self.chosen():
            raise session_rules.UnknownNumber(_l("Please write one of the numbers above."), field="stays")
        return found[0]


def _by_numbers(words: str, field: str) -> list[Session]:
    numbers = filter(None, (word.strip("#().") for word in PARTS.split(words)))
    known = {session.id: session for session in g.conference.sessions}
    return [known[id] for id in session_rules.by_number(g.conference, numbers, field)]


@blueprint.route("/", methods=["GET", "POST"])
def new() -> Response:
    wanted = request.args.get("sessions", "")[:200]
    form = per_language(MergeForm)(data={"sessions": wanted, "stays": PARTS.split(wanted)[0]})
    if form.validate_on_submit():
        try:
            row = merging.merge(
                g.conference, form.whole(), form.chosen(), texts(form, "title"), clock.now(g.conference)
            )
            acts.tell(people=len(row.wishes))
            changed = len(row.wishes)
            db.session.commit()
            flash(_merged(changed))
            return redirect(url_for("organiser.merging.new"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(_in_words(error))
    return _page(form)


def _in_words(error: PlannerError) -> PlannerError:
    """Where they are open to different people it says to whom each is."""
    if isinstance(error, merging.OpenToOthers):
        audiences, all_of_them = session_rules.audiences(error.sessions), _("everybody")
        each = [f"{session.number}: {audiences.get(session.id, all_of_them)}" for session in error.sessions]
        error.sentence = _(
            "These sessions are open to different people (%(each)s). Please open one of them and make that the same.",
            each="; ".join(each),
        )
    return error


def _merged(changed: int) -> str:
    return _("Merged. You can split them again.") + (
        " "
        + ngettext(
            "The wishes of %(num)s person have changed by it; she reads so on her page.",
            "The wishes of %(num)s people have changed by it; they read so on their pages.",
            changed,
        )
        if changed
        else ""
    )


@blueprint.post("/<int:id>/split")
def split(id: int) -> Response:
    try:
        back, stay = merging.split(g.scope.session_merge(id))
        acts.tell(people=back)
        db.session.commit()
        flash(_split(back, stay))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.merging.new"))


def _split(back: int, stay: int) -> str:
    told = [_("Split: they are offered one by one again.")]
    if back:
        told.append(
            ngettext(
                "%(num)s person has her wishes of before again.",
                "%(num)s people have their wishes of before again.",
                back,
            )
        )
    if stay:
        told.append(
            ngettext(
                "%(num)s person has changed hers since: they stay as they are.",
                "%(num)s people have changed theirs since: they stay as they are.",
                stay,
            )
        )
    return " ".join(told)


def _page(form: MergeForm) -> Response:
    try:
        chosen = form.chosen()
    except PlannerError:
        chosen = []
    page = render_template(
        "organiser/merging.html",
        conference=g.conference,
        form=form,
        chosen=chosen,
        only_for=session_rules.audiences(chosen),
        wanted=preferences.demand(g.conference),
        merges=merging.of(g.conference),
        now=clock.now(g.conference),
    )
    return make_response(page, form.status)
