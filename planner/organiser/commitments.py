"""Who has said that she does what the published plan asks of her; answers by telephone are entered here for her."""

from collections.abc import Callable

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner import acts, clock, commitments, dates, languages, promises, spans, working_language
from planner.commitment_words import COMMITMENTS
from planner.commitments import CONFIRMED, DECLINED, OPEN, STATES, Task
from planner.errors import NotFound, PlannerError
from planner.extensions import db
from planner.models import Assignment, AssignmentRole, Participant
from planner.organiser.lists import Chip, Column, Listing
from planner.words import ROLES

blueprint = Blueprint("commitments", __name__, url_prefix="/commitments")


@blueprint.get("/")
def index() -> str:
    is_over = g.conference.is_over(clock.now())
    return render_template("organiser/commitments.html", conference=g.conference, list=_listing(), is_over=is_over)


def _listing() -> Listing[Task]:
    here = languages.current()

    def session(task: Task) -> str:
        return languages.pick(task.place.meeting.session.title, here)

    def state(task: Task) -> object:
        return COMMITMENTS[task.state]

    def stands_at(state: str) -> Callable[[Task], bool]:
        return lambda task: task.state == state

    tasks = commitments.of(g.conference)
    told = g.sees_needs and any(map(_reason, tasks))  # it may tell of an illness
    listing = Listing(
        "organiser.commitments.index",
        tasks,
        [
            Column("name", _("Name"), lambda task: task.place.name),
            Column("task", _("Task"), lambda task: _work(task.place)),
            Column("session", _("Session"), session),
            Column("when", _("When"), lambda task: _when(task.place), lambda task: task.place.meeting.starts),
            Column("room", _("Room"), lambda task: task.place.meeting.room.name),
            Column("state", _("State"), state, lambda task: STATES.index(task.state), "state"),
            *([Column("reason", _("Why not?"), _reason)] * told),
        ],
        request.args,
        link=lambda task: url_for(
            "organiser.commitments.edit", id=task.place.participant_id, slot_id=task.place.slot_id
        ),
        words=lambda task: f"{task.place.name} {session(task)} {task.place.meeting.room.name}",
        chips=[
            Chip(DECLINED, _("cannot"), stands_at(DECLINED)),
            Chip(OPEN, _("not answered"), stands_at(OPEN)),
            Chip("interpreters", _("who interpret"), lambda task: bool(task.place.voices)),
        ],
        usual="state",
    )
    listing.mark = lambda task: task.mark
    return listing


def _when(place: Assignment) -> str:
    slot = languages.pick(place.meeting.slot.title, languages.current())
    return f"{slot}, {dates.hours(place.meeting, g.conference)}"


def _work(place: Assignment) -> str:
    if place.role is not AssignmentRole.INTERPRETER or not place.voices:
        return str(ROLES[place.role])
    return f"{ROLES[place.role]}: {working_language.channel_name(place.voices)}"


def _reason(task: Task) -> str:
    return task.answer.reason if task.answer else ""


@blueprint.post("/mark")
def mark() -> Response:
    """Several who said on the telephone that they do it; whoever has said that she cannot is asked one by one."""
    listing = _listing()
    try:
        marks = {task.mark for task in listing.marked(request.form, lambda task: task.mark)}
        noted = commitments.confirm(g.conference, marks, clock.now())
        acts.tell(of=spans.written({task.place.person.id for task in noted}))
        db.session.commit()
        flash(ngettext("Noted for %(num)s task.", "Noted for %(num)s tasks.", len(noted)))
        if left := len(marks) - len(noted):
            flash(
                ngettext(
                    "%(num)s task stays as it is: somebody has answered, or the plan has changed.",
                    "%(num)s tasks stay as they are: somebody has answered, or the plan has changed.",
                    left,
                ),
                "wait",
            )
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(listing.at(page=listing.page))


@blueprint.route("/<int:id>/rounds/<int:slot_id>", methods=["GET", "POST"])
def edit(id: int, slot_id: int) -> Response:
    person = g.scope.participant(id)
    task = _task(person, slot_id)
    is_over = g.conference.is_over(clock.now())
    form = promises.of(task, yes=COMMITMENTS[CONFIRMED][0], no=COMMITMENTS[DECLINED][0])
    if form.validate_on_submit():
        try:
            promises.save(form, task, clock.now(), entered=True)
            db.session.commit()
            flash(_("Her answer is noted."))
            return redirect(url_for("organiser.commitments.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
            task = _task(person, slot_id)
            form.task.data = task.mark
    page = render_template(
        "organiser/commitment.html",
        conference=g.conference,
        form=form,
        task=task,
        when=_when(task.place),
        work=_work,
        is_over=is_over,
    )
    return make_response(page, form.status)


def _task(person: Participant, slot_id: int) -> Task:
    found = [task for task in commitments.of(g.conference, person) if task.place.slot_id == slot_id]
    if not found:
        raise NotFound
    return found[0]
