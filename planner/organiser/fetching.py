"""Lists fetched from pretalx or pretix: asked once with a token that is kept nowhere, and then as every other list."""

import re
from collections.abc import Iterable
from typing import Any

import structlog
from flask import current_app, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import PasswordField, RadioField
from wtforms.validators import Optional, Regexp

from planner import acts, clock
from planner.config import Config
from planner.errors import NotYourRole, PlannerError
from planner.extensions import db
from planner.forms import Form, MultiTicks, choices, line
from planner.imports import batches
from planner.imports.fetching import asking
from planner.imports.fetching.asking import SOURCES, Fetched
from planner.imports.fetching.pretix import PRODUCTS
from planner.models import ImportKind
from planner.organiser.imports import blueprint
from planner.texts import AtMost, tidy_line
from planner.words import IMPORT_KINDS

log = structlog.get_logger()
ASCII = re.compile(r"[!-~]*\Z")
OF_PRETALX = list(SOURCES["pretalx"].lists)


class FetchForm(Form):
    source = RadioField(
        _l("Where is it?"),
        choices=choices([("pretalx", _l("pretalx: the programme")), ("pretix", _l("pretix: people and their orders"))]),
        default="pretalx",
    )
    address = line(
        _l("Address of the event"), 300, render_kw={"inputmode": "url", "autocapitalize": "none", "dir": "ltr"}
    )
    token = PasswordField(
        _l("Token"),
        validators=[Optional(), AtMost(200), Regexp(ASCII, message=_l("There is something else in it than a token."))],
        filters=[tidy_line],
        render_kw={"autocomplete": "off", "dir": "ltr"},
    )
    wanted = MultiTicks(_l("What do you want from pretalx?"), default=OF_PRETALX)

    def prepare(self) -> "FetchForm":
        self.wanted.choices = choices((kind.value, IMPORT_KINDS[kind][0]) for kind in OF_PRETALX)
        return self

    def kinds(self) -> list[ImportKind]:
        """In the order in which they are best taken in: what others name comes first."""
        offered = SOURCES[self.source.data].lists
        return [kind for kind in offered if len(offered) == 1 or kind in (self.wanted.data or ())]


@blueprint.get("/elsewhere")
def elsewhere() -> Response:
    return _page(FetchForm().prepare())


@blueprint.post("/elsewhere")
def fetch() -> Response:
    """Asked while nobody waits for us, in this request: a queue would have to keep the token."""
    form = FetchForm().prepare()
    if not form.validate_on_submit():
        return _page(form)
    if not form.kinds():
        form.wanted.errors = [_("Please choose one.")]
        return _page(form, 422)
    config: Config = current_app.extensions["planner"]
    asked = (SOURCES[form.source.data], form.address.data, form.token.data or "", form.kinds(), g.conference.language)
    db.session.rollback()
    try:
        found = asking.fetch(*asked, config.hosts_of_lists)
        g.holds_role()  # she may have been removed meanwhile
        drafts = [_start(found, kind) for kind in found.lists]
    except NotYourRole:
        raise
    except PlannerError as error:
        return _refused(form, error)
    acts.tell(host=found.event.called, fetched={kind.value: count for kind, count in found.counts.items()})
    db.session.commit()
    _tell(found)
    if len(drafts) > 1:
        return redirect(url_for("organiser.imports.index"))
    return redirect(url_for("organiser.imports.show", id=drafts[0].id))


def _start(found: Fetched, kind: ImportKind) -> Any:
    return batches.start(g.conference, g.actor, kind, found.lists[kind], found.event.label, clock.now())


def _refused(form: FetchForm, error: PlannerError) -> Response:
    db.session.rollback()
    log.info("fetch.refused", source=form.source.data, reason=getattr(error, "code", type(error).__name__))
    return _page(form, form.refuse(error))


def _tell(found: Fetched) -> None:
    flash(_("Fetched: %(what)s. Nothing is changed yet.", what=_counted(found.counts.items())))
    if PRODUCTS in found.hidden:
        flash(
            _(
                "The token may not see the products. So it is unknown which of them are tickets: what was bought "
                "beside them, for example a shirt, stands in the list as a person. Please look for that."
            ),
            "error",
        )


def _counted(counts: Iterable[tuple[ImportKind, int]]) -> str:
    return ", ".join(f"{IMPORT_KINDS[kind][0]} {count}" for kind, count in counts)


def _page(form: FetchForm, status: int | None = None) -> Response:
    shown = {"conference": g.conference, "now": clock.now(g.conference), "form": form}
    return make_response(render_template("organiser/imports/elsewhere.html", **shown), status or form.status)
