"""What others brought, and "this concerns me too"."""

from collections.abc import Sequence

from flask import Blueprint, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from planner import submissions
from planner.extensions import db
from planner.models import Submission, Theme

blueprint = Blueprint("others", __name__, url_prefix="/others")


@blueprint.get("/")
def index() -> str:
    return render_template(
        "participant/others.html",
        conference=g.conference,
        person=g.actor,
        themes=by_theme(submissions.brought(g.conference)),
        counts=submissions.support_counts(g.conference),
        supported=submissions.supported_by(g.actor),
    )


@blueprint.post("/<int:id>/support")
def support(id: int) -> Response:
    submissions.support(g.scope.submission(id), g.actor)
    db.session.commit()
    return redirect(url_for("participant.others.index", _anchor=f"submission-{id}"))


@blueprint.post("/<int:id>/unsupport")
def unsupport(id: int) -> Response:
    submissions.unsupport(g.scope.submission(id), g.actor)
    db.session.commit()
    return redirect(url_for("participant.others.index", _anchor=f"submission-{id}"))


def by_theme(rows: Sequence[Submission]) -> dict[Theme | None, list[Submission]]:
    found: dict[Theme | None, list[Submission]] = {}
    for row in rows:
        found.setdefault(row.theme, []).append(row)
    return found
