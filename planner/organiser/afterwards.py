"""After an organiser has changed something: the page that follows says if the published plan does not fit any more."""

import hashlib

from flask import flash, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from planner import allocations, auth, rows, typed
from planner.models import Allocation
from planner.policy import may

IN_A_ROW = {"organiser.ballots.enter"}
"""Pressed again and again, a line of a stack each time: nothing is compared there. Whatever is saved next says it."""
MOST = 60
"""So many things that are wrong are remembered as told, the gravest: a cookie is short."""


def tell(response: Response) -> Response:
    """Whatever goes wrong here: what was saved stays saved, and the run's own page says the same."""
    writes = request.method not in typed.SAFE and request.endpoint not in IN_A_ROW
    if writes and g.get("kept") and g.get("conference") and response.location:
        try:
            with rows.reading():
                _tell(response.location)
        except SQLAlchemyError:
            auth.not_told([])
    return response


def _tell(follows: str) -> None:
    """Once for each thing that is wrong, whatever it counts; not where the plan's own page follows, which says more,
    nor where a page of another conference does, which was made as a copy."""
    run, here = g.conference.published, url_for("organiser.overview.index")
    if run is None or not may("organiser.results.show") or not follows.startswith(here):
        return
    since = _outdated(run)
    wrong = allocations.misfits(since, allocations.Names(g.conference))[:MOST] if since else []
    new = auth.not_told([_mark(run, each.kind) for each in wrong])
    page = url_for("organiser.results.show", number=run.number)
    if new is not None and follows != page:
        told = {"text": wrong[new].told(), "url": page, "label": _("See the plan")}
        flash(told, "wait")  # type: ignore[arg-type]  # a cookie holds more than strings, and base.html prints it


def _outdated(run: Allocation) -> allocations.Outdated | None:
    today = allocations.today(g.conference)
    if allocations.fit([run], today.problem, agreed=g.sees_agreements).get(run.id):
        return None  # told by a number alone, without reading the run
    since = allocations.outdated(run, today.problem, today.everybody, agreed=g.sees_agreements)
    return since if since and since.is_changed else None  # nobody here has changed a rule of the program


def _mark(run: Allocation, kind: str) -> str:
    """What is told, so short that a cookie holds many."""
    return hashlib.sha256(f"{run.id} {kind}".encode()).hexdigest()[:6]
