"""What the forms of all roles share: tidy texts, a list of ticks, and rules' refusals at the field."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField, TextAreaField, widgets
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import Length, Optional

from planner.errors import PlannerError, say_when
from planner.texts import Visible, tidy


class Form(FlaskForm):
    """A form whose token the template writes; `refuse` puts a rule's sentence where it belongs."""

    def refuse(self, error: PlannerError) -> int:
        """Show the refusal at its field or above the form; the status to answer with."""
        say_when(error)
        target = self[error.field] if error.field and error.field in self else None
        if target is not None:
            target.errors = [*target.errors, str(error.sentence)]
        else:
            self.form_errors.append(str(error.sentence))
        return error.status


def complaints(form: BaseForm) -> list[tuple[Field | None, object]]:
    """What a form refuses, in its order: the field, or None for what concerns all of it, with the sentence."""
    above = [(None, message) for message in form.form_errors]
    return above + [(field, message) for field in form for message in field.errors if not isinstance(message, dict)]


def install(app: Flask) -> None:
    app.jinja_env.filters["complaints"] = complaints


class MultiTicks(SelectMultipleField):
    """Several choices as ticks; reads well without JavaScript and with a screen reader."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


def line(label: Any, longest: int = 200, required: bool = True, **options: Any) -> StringField:
    checks = [Visible() if required else Optional(), Length(max=longest)]
    return StringField(label, validators=checks, filters=[tidy], **options)


def text(label: Any, longest: int = 4000, required: bool = True, **options: Any) -> TextAreaField:
    checks = [Visible() if required else Optional(), Length(max=longest)]
    return TextAreaField(label, validators=checks, filters=[tidy], **options)


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Values with their labels, as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in pairs]
