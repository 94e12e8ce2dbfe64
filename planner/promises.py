"""The form of an answer to a task: filled in by whoever is asked, or for her by whoever has her on the telephone."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from planner import commitments
from planner.commitments import Task
from planner.forms import Revision, choices, text

YES, NO = "yes", "no"


class PromiseForm(Revision):
    beside = Revision.beside | {"task"}
    task = HiddenField()  # as it was shown
    does = RadioField(
        _l("Answer"),
        validators=[InputRequired(_l("Please choose one of the two answers."))],
    )
    reason = text(_l("Why not?"), 300, required=False)


def of(task: Task, yes: object = _l("I do it"), no: object = _l("I cannot"), chosen: str = "") -> PromiseForm:
    """With what she has pressed on the way here, or else what was answered so far."""
    said = task.answer
    form = PromiseForm(does=(YES if said.is_taken else NO) if said else None, reason=said.reason if said else "")
    form.does.choices = choices([(YES, yes), (NO, no)])
    form.task.data = form.task.data or task.mark
    if chosen and not form.does.raw_data:
        form.does.data = chosen
    return form.revises()


def save(form: PromiseForm, task: Task, now: datetime, *, entered: bool = False) -> None:
    """Raises Changed, Over, Gone."""
    place = task.place
    commitments.answer(
        place.person,
        place.slot_id,
        form.task.data or "",
        takes=form.does.data == YES,
        reason=form.reason.data or "",
        now=now,
        entered=entered,
    )
