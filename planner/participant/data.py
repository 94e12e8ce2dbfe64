"""My data: see it, take it along, erase it."""

import json

from flask import Blueprint, Response, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from planner import auth, clock, exports, participants
from planner.extensions import db

blueprint = Blueprint("data", __name__, url_prefix="/data")


@blueprint.get("/")
def show() -> str:
    return render_template("participant/data.html", conference=g.conference, data=participants.my_data(g.actor))


@blueprint.get("/my-data.json")
def download() -> Response:
    data = json.dumps(participants.my_data(g.actor), ensure_ascii=False, indent=2).encode()
    return exports.download(data, [g.conference.slug, _("my-data")], "json")


@blueprint.post("/erase")
def erase() -> Redirect:
    participants.erase(g.actor, clock.now(g.conference))
    db.session.commit()
    auth.leave()
    flash(_("Your data is erased."))
    return redirect(url_for("public.conference"))
