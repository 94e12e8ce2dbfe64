"""Einteilen: pre-flight, start, watch, stop, look at the result, publish."""

from flask import Blueprint, abort, current_app, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from planner import allocations, clock, jobs, notifications
from planner.config import Config
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, choices
from planner.models import Allocation, AllocationState
from planner.words import PRESETS
from solver import Preset, Settings

blueprint = Blueprint("allocations", __name__, url_prefix="/allocations")


class StartForm(Form):
    preset = RadioField(
        _l("What matters most?"),
        choices=choices((key, label) for key, (label, _hint) in PRESETS.items()),
        validators=[InputRequired()],
    )
    seconds = IntegerField(
        _l("How long may it search? (seconds)"),
        validators=[InputRequired(), NumberRange(2, 600, _l("Please choose between 2 and 600 seconds."))],
    )


@blueprint.get("/")
def index() -> Response:
    return _index(StartForm(preset=g.conference.preset, seconds=8))


def _index(form: StartForm, status: int = 200) -> Response:
    now = clock.now(g.conference)
    runs = allocations.recent(g.conference)
    compared = [run for run in runs if run.state is AllocationState.SOLVED and run.result]
    page = render_template(
        "organiser/allocations/index.html",
        conference=g.conference,
        form=form,
        hints=allocations.preflight(g.conference, now),
        runs=runs,
        compared=compared,
        goals=_goals(compared),
        now=now,
    )
    return make_response(page, status)


def _goals(runs: list[Allocation]) -> dict[str, str]:
    """The names of the goals that these runs pursued, each with its direction."""
    return {goal["name"]: goal.get("sense", "minimise") for run in runs for goal in (run.result or {}).get("goals", ())}


@blueprint.post("/")
def start() -> Response:
    form = StartForm()
    if not form.validate_on_submit():
        return _index(form, 422)
    now = clock.now(g.conference)
    if any(hint.blocks for hint in allocations.preflight(g.conference, now)):
        flash(_("This cannot work yet. Please look at the points below first."), "error")
        return _index(form, 422)
    settings = _settings(form)
    run = allocations.create(g.conference, settings, g.actor, clock.now())
    db.session.commit()
    jobs.allocate(run)
    return redirect(url_for("organiser.allocations.show", number=run.number))


def _settings(form: StartForm) -> Settings:
    config: Config = current_app.extensions["planner"]
    return Settings(
        preset=Preset(form.preset.data),
        time_limit=form.seconds.data,
        workers=config.solver_workers,
        memory_mb=config.solver_memory_mb,
    )


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    run = g.scope.allocation(number)
    found = allocations.report(run, kinds()) if run.state is AllocationState.SOLVED else None
    return render_template(
        "organiser/allocations/show.html",
        conference=g.conference,
        run=run,
        curve=allocations.curve(run.progress) if run.is_active else None,
        report=found,
        tell=notifications.to_be_told_otherwise(run) if run.id == g.conference.published_id else [],
        now=clock.now(g.conference),
    )


def kinds() -> dict[str, str]:
    """The kinds of places in the pictures, in their order."""
    ranks = {str(rank): _("%(rank)s. wish", rank=rank) for rank in range(1, g.conference.most_favourites + 1)}
    return {**ranks, "other": _("no wish"), "free": _("had no wishes"), "duty": _("leads, takes notes, interprets")}


@blueprint.get("/<int:number>/progress")
def progress(number: int) -> str | Response:
    """The part of the page that changes while the run is on; a page that is done reloads itself."""
    run = g.scope.allocation(number)
    part = render_template(
        "organiser/allocations/_progress.html",
        run=run,
        conference=g.conference,
        curve=allocations.curve(run.progress),
    )
    page = make_response(part)
    if not run.is_active:
        page.headers["HX-Refresh"] = "true"
    return page


@blueprint.get("/<int:number>/meetings/<int:id>")
def meeting(number: int, id: int) -> str:
    run = g.scope.allocation(number)
    if run.state is not AllocationState.SOLVED:
        abort(404)
    found = allocations.report(run, kinds())
    view = next((view for _slot, views in found.rounds for view in views if view.meeting.id == id), None)
    if view is None:
        abort(404)
    return render_template("organiser/allocations/meeting.html", conference=g.conference, run=run, view=view)


@blueprint.post("/<int:number>/stop")
def stop(number: int) -> Response:
    run = g.scope.allocation(number)
    try:
        allocations.stop(run)
        db.session.commit()
        flash(_("It stops and keeps the best so far."))
    except PlannerError as error:
        _refused(error)
    return _back(run)


@blueprint.post("/<int:number>/cancel")
def cancel(number: int) -> Response:
    run = g.scope.allocation(number)
    try:
        allocations.cancel(run, clock.now())
        db.session.commit()
        flash(_("The run is cancelled."))
    except PlannerError as error:
        _refused(error)
    return _back(run)


@blueprint.post("/<int:number>/publish")
def publish(number: int) -> Response:
    run = g.scope.allocation(number)
    now = clock.now()
    try:
        allocations.publish(run, g.actor, now)
        count = notifications.allocation_published(run, now)
        db.session.commit()
        jobs.deliver()
        flash(_("Published. Messages on their way: %(count)s.", count=count))
    except PlannerError as error:
        _refused(error)
    return _back(run)


@blueprint.post("/<int:number>/unpublish")
def unpublish(number: int) -> Response:
    run = g.scope.allocation(number)
    allocations.unpublish(run, g.actor, clock.now())
    db.session.commit()
    flash(_("Nobody but organisers sees this result now."))
    return _back(run)


def _refused(error: PlannerError) -> None:
    db.session.rollback()
    flash(str(error.sentence), "error")


def _back(run: Allocation) -> Response:
    return redirect(url_for("organiser.allocations.show", number=run.number))
