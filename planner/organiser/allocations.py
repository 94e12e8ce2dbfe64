"""Einteilen: pre-flight, start, watch, stop, look at the result, publish."""

from flask import Blueprint, abort, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField
from wtforms.validators import InputRequired, NumberRange

from planner import allocations, clock, exports, jobs, notifications
from planner.config import Config
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, choices
from planner.models import Allocation, AllocationState
from planner.words import GOALS, PRESETS, RULES
from solver import SMALL, Fairness, Preset, Settings
from solver import forecast as count_ahead

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
    return _index(_form(preset=g.conference.preset, seconds=8))


def _form(**values: object) -> StartForm:
    """Staying close needs something to stay close to."""
    form = StartForm(**values)
    if g.conference.published_id is None:
        form.preset.choices = [choice for choice in form.preset.choices if choice.value != Preset.REPAIR]
    return form


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
    form = _form()
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
        moves=allocations.moves_against(run, g.conference.published_id) if found else [],
        relaxations=allocations.relaxations(run) if run.state is AllocationState.INFEASIBLE else [],
        tell=notifications.to_be_told_otherwise(run) if run.id == g.conference.published_id else [],
        now=clock.now(g.conference),
    )


def kinds() -> dict[str, str]:
    """The kinds of places in the pictures, in their order."""
    ranks = {str(rank): _("%(rank)s. wish", rank=rank) for rank in range(1, g.conference.most_favourites + 1)}
    return {**ranks, "other": _("no wish"), "free": _("had no wishes"), "duty": _("leads, takes notes, interprets")}


@blueprint.get("/<int:number>/fairness")
def fairness(number: int) -> str:
    run = _solved(number)
    return render_template(
        "organiser/allocations/fairness.html",
        conference=g.conference,
        run=run,
        note=allocations.note(run),
        groups=allocations.group_titles(g.conference),
    )


@blueprint.get("/<int:number>/fairness.csv")
def fairness_table(number: int) -> Response:
    """The same as a table, fit to be published."""
    run = _solved(number)
    note = allocations.note(run)
    if note is None:
        abort(404)
    table = exports.Table(_("Fairness note"), [_("What"), _("Number")], _rows(note))
    return exports.download(exports.to_csv(table), [g.conference.slug, _("fairness"), str(number)], "csv")


def _rows(note: Fairness) -> list[list[str | int | float]]:
    """Hidden cells say so."""
    few = _("fewer than %(count)s, or hidden with them", count=SMALL)
    groups = allocations.group_titles(g.conference)
    rows: list[list[str | int | float]] = [
        [_("People"), note.people],
        [_("People with wishes"), note.with_wishes],
        [_("Least share of the best possible day"), note.lowest],
    ]
    for rank, count in note.best.items():
        label = _("no wish") if rank == "none" else _("best fulfilled wish: number %(rank)s", rank=rank)
        rows.append([label, few if count is None else count])
    for wishes, count in note.fulfilled.items():
        rows.append([_("fulfilled wishes: %(count)s", count=wishes), few if count is None else count])
    for group, cell in note.groups.items():
        share = few if cell.satisfaction is None else cell.satisfaction
        rows.append([_("Satisfaction in “%(group)s”", group=groups.get(group, group)), share])
    for rule, count in note.exceptions.items():
        rows.append([f"{_('Agreed exceptions')}: {RULES[rule]}", few if count is None else count])
    for goal in note.goals:
        gap = "–" if goal.gap is None else goal.gap
        rows += [[f"{GOALS[goal.name]}: {_('Value')}", goal.value], [f"{GOALS[goal.name]}: {_('Gap')}", gap]]
    rows += [[name, version] for name, version in note.versions.items()]
    rows += [[_("Preset"), note.preset], [_("Seed"), note.seed], [_("Problem"), note.problem_hash]]
    return rows


@blueprint.get("/<int:number>/people/<int:id>")
def why(number: int, id: int) -> str:
    """Why this person is where she is, round by round."""
    run = _solved(number)
    person = g.scope.participant(id)
    return render_template(
        "organiser/allocations/why.html",
        conference=g.conference,
        run=run,
        person=person,
        day=allocations.day_of(run, person),
        sessions={str(session.id): session for session in g.conference.sessions},
        here=allocations.here_sentence,
    )


def _solved(number: int) -> Allocation:
    run = g.scope.allocation(number)
    if run.state is not AllocationState.SOLVED:
        abort(404)
    return run


@blueprint.get("/forecast")
def forecast() -> str:
    """Before any run: what will be missing if so many of each group stay away."""
    away = {
        str(group.id): min(90, max(0, request.args.get(f"away-{group.id}", 0, type=int) or 0))
        for group in g.conference.groups
    }
    problem = allocations.problem_of(g.conference, f"organiser:{g.actor.id}", clock.now())
    found = count_ahead(problem, {group: share / 100 for group, share in away.items()})
    db.session.commit()  # the needs were read: their audit rows stay
    return render_template(
        "organiser/allocations/forecast.html",
        conference=g.conference,
        away=away,
        slots=[
            (slot, found.expected.get(str(slot.id), 0), found.seats.get(str(slot.id), 0)) for slot in g.conference.slots
        ],
        missing=allocations.shortfalls(g.conference, found.shortfalls),
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
