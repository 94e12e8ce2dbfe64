"""The front page, and in which language to go on."""

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from planner import auth, clock, languages
from planner.extensions import db
from planner.models import Conference
from planner.rings import Chair, Ring


def index() -> str:
    listed = select(Conference).filter_by(is_listed=True, deletes_at=None).order_by(Conference.day_starts)
    conferences = db.session.scalars(listed.where(Conference.archived_at.is_(None))).all()
    archived = db.session.scalars(listed.where(Conference.archived_at.is_not(None))).all()
    seated = [Chair("WDFGJE"[at * 7 % 6], at * 7 % 6 + 1, "facilitator" if at == 0 else "attendee") for at in range(14)]
    picture = Ring(_("A circle of chairs"), 17, seated, 7)
    return render_template(
        "public/home.html", conferences=conferences, archived=archived, picture=picture, now=clock.now()
    )


def language() -> Response:
    """Remember the language; go back to the page, which must be one of ours."""
    chosen = request.form.get("language", "")
    if chosen not in languages.offered():
        abort(404)
    auth.remember_language(chosen)
    return redirect(own_page(request.form.get("next", "")))


def own_page(path: str) -> str:
    """A path on this site; anything else (another host, `//host`, a backslash) leads home."""
    safe = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if safe else url_for("public.home")
