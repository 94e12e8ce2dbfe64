"""Einteilen: look ahead, start, watch, stop."""

from collections.abc import Mapping, Sequence

from flask import Blueprint, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import InputRequired

from planner import allocations, clock, dates, jobs, rules
from planner.config import Config
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, choices, number
from planner.models import Allocation, AllocationState
from planner.organiser.lists import Chip, Column, Listing
from planner.texts import whole
from planner.words import ALLOCATION_STATES, PRESETS

blueprint = Blueprint("allocations", __name__, url_prefix="/allocations")


class StartForm(Form):
    preset = RadioField(
        _l("What matters most?"),
        choices=choices((key, label) for key, (label, _hint) in PRESETS.items()),
        validators=[InputRequired()],
    )
    seconds = number(_l("How long may it search? (seconds)"), 2, 600)


@blueprint.get("/")
def index() -> Response:
    """A link may choose beforehand what matters most; nothing starts by that."""
    form = _form(preset=g.conference.preset, seconds=8)
    wanted = request.args.get("preset")
    if wanted in {choice.value for choice in form.preset.choices}:
        form.preset.data = wanted
    return _index(form)


def _form(**values: object) -> StartForm:
    """Staying close needs something to stay close to."""
    form = StartForm(**values)
    if g.conference.published_id is None:
        form.preset.choices = [choice for choice in form.preset.choices if choice.value != allocations.Preset.REPAIR]
    return form


def _index(form: StartForm, status: int = 200) -> Response:
    now = clock.now(g.conference)
    runs, today = allocations.recent(g.conference), allocations.today(g.conference)
    known = rules.bonds(g.conference, g.actor, g.role)
    page = render_template(
        "organiser/allocations/index.html",
        conference=g.conference,
        form=form,
        parts=allocations.preflight(g.conference, today, now, len(rules.at_odds(known))),
        list=_listing(runs, allocations.fit(runs, today.problem, agreed=g.sees_agreements)),
        comparison=allocations.comparison(runs),
        now=now,
    )
    return make_response(page, status)


def _listing(runs: Sequence[Allocation], fit: Mapping[int, bool | None]) -> Listing[Allocation]:
    """`fit` as allocations.fit says: what it does not know is seen when the run is opened."""
    here = g.conference
    numbers = {run.id: run.number for run in runs}

    def preset(run: Allocation) -> str:
        label = str(PRESETS[run.settings.get("preset", "balanced")][0])
        close = numbers.get(run.close_to_id or 0)
        return ", ".join(
            [label, *([_("changes as little as possible of run %(number)s", number=close)] if close else [])]
        )

    def stands(run: Allocation) -> list[allocations.State]:
        return allocations.stands(run, fit.get(run.id, True))

    def is_draft(run: Allocation) -> bool:
        return run.is_draft and run.state is AllocationState.SOLVED

    return Listing(
        "organiser.allocations.index",
        runs,
        [
            Column("number", _("Run"), lambda run: _("Run %(number)s", number=run.number), lambda run: run.number),
            Column("date", _("When"), lambda run: dates.moment(run.created_at, here), lambda run: run.created_at),
            Column("preset", _("What matters most?"), preset),
            Column("state", _("State"), lambda run: ALLOCATION_STATES[run.outcome], lambda run: run.outcome, "state"),
            Column("stands", _("Now"), stands, lambda run: " ".join(each[0] for each in stands(run)), "states"),
        ],
        request.args,
        link=lambda run: url_for("organiser.results.show", number=run.number),
        words=preset,
        chips=[
            Chip("published", _("published"), lambda run: run.id == here.published_id),
            Chip("draft", _("draft"), is_draft),
            Chip("outdated", _("outdated"), lambda run: fit.get(run.id) is False),
        ],
        usual="-number",
    )


@blueprint.post("/")
def start() -> Response:
    form = _form()
    if not form.validate_on_submit():
        return _index(form, 422)
    if allocations.lacking(g.conference):
        flash(_("This cannot work yet. Please look at the points below first."), "error")
        return _index(form, 422)
    run = allocations.ask(g.conference, _settings(form), g.actor, clock.now())
    db.session.commit()
    jobs.allocate(run)
    return redirect(url_for("organiser.results.show", number=run.number))


def _settings(form: StartForm) -> allocations.Settings:
    config: Config = current_app.extensions["planner"]
    return allocations.Settings(
        preset=allocations.Preset(form.preset.data),
        time_limit=form.seconds.data,
        workers=config.solver_workers,
        memory_mb=config.solver_memory_mb,
    )


@blueprint.get("/forecast")
def forecast() -> str:
    """Before any run: what will be missing if so many of each group stay away."""
    away = {
        str(group.id): min(90, max(0, request.args.get(f"away-{group.id}", 0, type=whole) or 0))
        for group in (g.conference.groups if g.sees_groups else ())  # a share tells how many there are
    }
    shares = {group.id: away[str(group.id)] / 100 for group in g.conference.groups if str(group.id) in away}
    reader = f"organiser:{g.actor.id}"
    found = allocations.forecast(g.conference, shares, reader, clock.now(), needs=g.sees_needs)
    return render_template(
        "organiser/allocations/forecast.html",
        conference=g.conference,
        away=away,
        ahead=found,
        lacking=allocations.lacking(g.conference) if found.is_empty else [],
    )


@blueprint.get("/<int:number>/progress")
def progress(number: int) -> str | Response:
    """The part of the page that changes while the run is on; a page that is done reloads itself."""
    run = g.scope.allocation(number)
    part = render_template(
        "organiser/allocations/_progress.html",
        run=run,
        conference=g.conference,
        curve=allocations.curve(run.progress),
        waiting=allocations.waiting(run),
    )
    page = make_response(part)
    if not run.is_active:
        page.headers["HX-Refresh"] = "true"
    return page


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


def _refused(error: PlannerError) -> None:
    db.session.rollback()
    flash(str(error.sentence), "error")


def _back(run: Allocation) -> Response:
    return redirect(url_for("organiser.results.show", number=run.number))
