"""My data: see it, take it along, erase it."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from planner import auth, clock, dates, erasure, exports, languages, notifications, personal, retention
from planner.extensions import db

blueprint = Blueprint("data", __name__, url_prefix="/data")


@blueprint.get("/")
def show() -> str:
    data = personal.collect(g.actor)
    return render_template(
        "participant/data.html",
        conference=g.conference,
        data=data,
        looks=looks(data["seen_by"]),
        heading=notifications.heading,
        kept=retention.kept(g.conference),
        brought=any(row.may_stay for row in g.actor.submissions),
    )


@dataclass(frozen=True)
class Look:
    """Somebody read her needs on a day, perhaps several times."""

    at: datetime
    role: str
    name: str
    certain: bool
    times: int


def looks(seen: list[dict[str, Any]]) -> list[Look]:
    """The readings by day and reader, newest first: twenty glances of one afternoon are one line."""
    found = []
    for (_day, role, name, certain), rows in groupby(seen, _day_and_reader):
        same = list(rows)
        found.append(Look(same[0]["at"], role, name, certain, len(same)))
    return found


def _day_and_reader(row: dict[str, Any]) -> tuple[date, str, str, bool]:
    return dates.local(row["at"], g.conference).date(), row["role"], row["name"], row["certain"]


@blueprint.get("/my-data.json")
def download() -> Response:
    data = json.dumps(personal.plain(personal.collect(g.actor), g.actor), ensure_ascii=False, indent=2).encode()
    return exports.download(data, [g.conference.slug, _("my-data")], "json")


@blueprint.post("/erase")
def erase() -> Redirect:
    leaves, language = request.form.get("statements") == "leave", languages.current()
    erasure.erase(g.actor, clock.now(), leaves_statements=leaves)
    db.session.commit()
    auth.leave(clock.now())
    g.actor = None
    auth.remember_language(language)  # hers went with her row
    flash(_("Your data is erased."))
    return redirect(url_for("public.conference"))
