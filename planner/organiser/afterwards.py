"""After an organiser has changed something: the page that follows says if the published plan does not fit any more."""

import hashlib

from flask import flash, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from planner import allocations, auth, rows, typed
from planner.models import Allocation
from planner.policy import may


def tell(response: Response) -> Response:
    """Whatever goes wrong here: what was saved stays saved, and the run's own page says the same."""
    if request.method not in typed.SAFE and g.get("kept") and g.get("conference") and response.location:
        try:
            with rows.reading():
                _tell(response.location)
        except SQLAlchemyError:
            auth.told_already("")
    return response


def _tell(follows: str) -> None:
    """Once for each thing that is wrong; not where the plan's own page follows, which says more."""
    run = g.conference.published
    if run is None or not may("organiser.results.show"):
        return
    since = _outdated(run)
    if since is None:
        auth.told_already("")
        return
    page = url_for("organiser.results.show", number=run.number)
    if not auth.told_already(_mark(run, since)) and follows != page:
        names = allocations.Names(g.conference)
        told = {"text": allocations.misfit(since, names), "url": page, "label": _("See the plan")}
        flash(told, "wait")  # type: ignore[arg-type]  # a cookie holds more than strings, and base.html prints it


def _outdated(run: Allocation) -> allocations.Outdated | None:
    today = allocations.today(g.conference)
    if allocations.fit([run], today.problem).get(run.id):
        return None  # told by a number alone, without reading the run
    return allocations.outdated(run, stated=today.problem, people=today.everybody)


def _mark(run: Allocation, since: allocations.Outdated) -> str:
    """What is told, so short that a cookie holds it."""
    fault = since.contradiction.fault if since.contradiction else None
    return hashlib.sha256(repr((run.id, since.changed, since.gone, since.broken, fault)).encode()).hexdigest()[:16]
