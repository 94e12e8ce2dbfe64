"""What the forms of all roles share: tidy texts, plain numbers, ticks, moments, and rules' refusals at the field."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Self

from flask import Flask, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation

from planner import dates
from planner.dates import YEARS
from planner.errors import PlannerError, Stale, say_when
from planner.fields import Words, Written
from planner.texts import AtMost, Visible, tidy, tidy_line, whole


def only_shows() -> bool:
    """Whether all that was typed is shown again: in another language, with people who were looked for, more lines."""
    return bool(g.get("switches_language") or request.form.get("find") or request.form.get("more"))


class Form(FlaskForm):
    """A form whose token the template writes; `refuse` puts a rule's sentence where it belongs."""

    refused = 422
    translated: ClassVar[Mapping[str, Callable[[str, bool], Any]]] = {}
    """Texts with a field for each language of the conference: what makes it, of its name and whether it must be."""

    def is_submitted(self) -> bool:
        """Whether it is to be saved, and not only shown again."""
        return not only_shows() and super().is_submitted()

    @property
    def status(self) -> int:
        """To answer with, when it is shown."""
        return self.refused if self.is_submitted() else 200

    def refuse(self, error: PlannerError) -> int:
        """Show the refusal at its field or above the form; the status to answer with."""
        say_when(error)
        self.refused = error.status
        target = self[error.field] if error.field and error.field in self else None
        if target is not None:
            target.errors = [*target.errors, str(error.sentence)]
        else:
            self.form_errors.append(str(error.sentence))
        return error.status


class Compared(Form):
    """A form over what is stored: whoever lost a race reads both versions."""

    beside = frozenset({"csrf_token", "seen", "receipt", "revision"})  # nothing that a person writes
    is_stale = False

    @property
    def differences(self) -> list[tuple[str, str]]:
        """What is stored otherwise than it was typed: the field's name and its stored value."""
        pairs = [(field, shown(field, field.object_data)) for field in self._compared()]
        return [(field.label.text, stored) for field, stored in pairs if stored != shown(field, field.data)]

    def _compared(self) -> list[Field]:
        return [field for name, field in self._fields.items() if name not in self.beside]


class Revision(Compared):
    """Whoever would save over a change that she has not seen is told first."""

    seen = HiddenField()
    is_as_it_was = False
    """Nothing was typed into it since it was shown."""

    def revises(self) -> Self:
        """Of an edit page, whose form was made with what is stored now."""
        now = self._fingerprint()
        self.is_as_it_was = self.seen.data == self._fingerprint("data")
        # What is typed and stored alike loses nothing: she has pressed twice.
        self.is_stale = self.is_submitted() and self.seen.data != now and bool(self.differences)
        if not (only_shows() and self.seen.data):
            self.seen.data = now
        return self

    def opened(self) -> Self:
        """As it is shown by a button beside it, which sends nothing of it."""
        self.seen.data = self._fingerprint()
        return self

    def validate(self, *args: Any, **options: Any) -> bool:
        right = super().validate(*args, **options)
        if right and self.is_stale:
            self.refuse(Stale())
        return right and not self.is_stale

    def _fingerprint(self, of: str = "object_data") -> str:
        values = [(field.name, _plain(field, getattr(field, of))) for field in self._compared()]
        return hashlib.sha256(repr(values).encode()).hexdigest()[:16]


def _plain(field: Field, value: Any) -> str:
    """A stored value in no language, because a page may change its own while it is open."""
    if isinstance(field, Words):
        return field.plain(value)
    if isinstance(field, SelectMultipleField):
        return repr(sorted({str(each) for each in value or ()}))
    if isinstance(value, date):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value or "") if isinstance(field, SelectField | BooleanField) else shown(field, value)


def shown(field: Field, value: Any) -> str:
    """A field's value in words, the same for what is stored and what was typed."""
    if isinstance(field, SelectField):
        chosen = set(value or ()) if isinstance(field, SelectMultipleField) else {value}
        return ", ".join(str(each.label) for each in field.choices or () if field.coerce(each.value) in chosen)
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if isinstance(field, Words | Written):
        return field.write(value) if value is not None else ""
    if isinstance(value, date):
        return dates.in_words(value)
    return "" if value is None else str(value)


def complaints(form: BaseForm) -> list[tuple[Field | None, object]]:
    """What a form refuses, in its order: the field, or None for what concerns all of it, with the sentence."""
    above = [(None, message) for message in form.form_errors]
    return above + [(field, message) for field in form for message in field.errors if not isinstance(message, dict)]


def install(app: Flask) -> None:
    app.jinja_env.filters["complaints"] = complaints


class Readable:
    """Of what could not be read nothing more is asked: its sentence is there already."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        if field.process_errors:
            raise StopValidation


def _given(message: Any, required: bool = True) -> list[Any]:
    return [Readable(), InputRequired(message) if required else Optional(strip_whitespace=False)]


class MultiTicks(SelectMultipleField):
    """Several choices as ticks; reads well without JavaScript and with a screen reader."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(list(dict.fromkeys(valuelist)))


class WholeNumber(IntegerField):
    """In plain digits: 5,000 of them, superscripts and other scripts' digits are said to be none."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip(" "):
            try:
                self.data = whole(valuelist[0])
            except ValueError as error:
                raise ValueError(_("Please write a whole number in digits, for example 12.")) from error


class Moment(DateTimeLocalField):
    """Day and time in a year that a conference can have."""

    def process_formdata(self, valuelist: list[str]) -> None:
        _dated(self, super().process_formdata, valuelist)


class Day(DateField):
    def process_formdata(self, valuelist: list[str]) -> None:
        _dated(self, super().process_formdata, valuelist)


def _dated(field: Field, read: Callable[[list[str]], None], valuelist: list[str]) -> None:
    """Python reads the digits of every script, and years in which calendars overflow."""
    field.data = None  # what was not sent is missing; what is stored carries a zone and compares with nothing typed
    if not all(word.isascii() for word in valuelist):
        raise ValueError(_("Please write a date in digits, for example %(example)s.", example="2027-05-21"))
    read(valuelist)
    if field.data and field.data.year not in YEARS:
        field.data = None
        raise ValueError(_("Please check the year."))


def line(label: Any, longest: int = 200, required: bool = True, **options: Any) -> StringField:
    checks = [Visible() if required else Optional(), AtMost(longest)]
    return StringField(label, validators=checks, filters=[tidy_line], **options)


def text(label: Any, longest: int = 4000, required: bool = True, **options: Any) -> TextAreaField:
    checks = [Visible() if required else Optional(), AtMost(longest)]
    return TextAreaField(label, validators=checks, filters=[tidy], **options)


def number(label: Any, least: int, most: int, required: bool = True, **options: Any) -> WholeNumber:
    between = _l("Please choose a number from %(least)s to %(most)s.", least=least, most=most)
    checks = [*_given(between, required), NumberRange(least, most, between)]
    return WholeNumber(label, validators=checks, **options)


def row(label: Any, required: bool = True) -> WholeNumber:
    """The number of a row, where a list of choices would be too long for the page."""
    ask = _l("Please choose one.")
    return WholeNumber(label, validators=[*_given(ask, required), NumberRange(1, message=ask)])


def moment(label: Any) -> Moment:
    return Moment(label, validators=_given(_l("Please give date and time.")))


def day(label: Any) -> Day:
    return Day(label, validators=_given(_l("Please choose a day.")))


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Values with their labels, as WTForms wants them."""
    return [SelectChoice(value, label) for value, label in pairs]
