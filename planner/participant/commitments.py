"""What I am asked to do: each task with my answer, which I can give and change until the conference is over."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import clock, commitments, promises, working_language
from planner.commitments import Task
from planner.errors import NotFound, PlannerError
from planner.extensions import db

blueprint = Blueprint("commitments", __name__, url_prefix="/tasks")


@blueprint.get("/")
def index() -> str:
    tasks = commitments.of(g.conference, g.actor)
    return render_template(
        "participant/commitments.html",
        conference=g.conference,
        tasks=tasks,
        yes=promises.YES,
        no=promises.NO,
        seen={task.mark: promises.of(task).seen.data for task in tasks},
        spoken=working_language.for_herself([task.place for task in tasks]),
        is_over=g.conference.is_over(clock.now()),
    )


@blueprint.route("/<int:slot>", methods=["GET", "POST"])
def edit(slot: int) -> Response:
    task = _task(slot)
    if g.conference.is_over(clock.now()) and not g.writes:
        return redirect(url_for("participant.commitments.index"))
    form = promises.of(task, chosen=request.args.get("does", ""))
    if form.validate_on_submit():
        try:
            promises.save(form, task, clock.now())
            db.session.commit()
            flash(_("Saved. The organisers see your answer."))
            return redirect(url_for("participant.commitments.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
            task = _task(slot)
            form.task.data = task.mark
    page = render_template(
        "participant/commitment.html",
        conference=g.conference,
        form=form,
        task=task,
        spoken=working_language.for_herself([task.place])[task.place.slot_id],
    )
    return make_response(page, form.status)


def _task(slot: int) -> Task:
    """Her own in this round, as the plan has it now."""
    found = [task for task in commitments.of(g.conference, g.actor) if task.place.slot_id == slot]
    if not found:
        raise NotFound
    return found[0]
