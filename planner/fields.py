"""Fields that understand words as a list has them; what nobody knows stays there to be corrected."""

from collections.abc import Callable, Iterator
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from wtforms import Field, SelectField
from wtforms.fields.choices import Choice, SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from planner import hours
from planner.texts import folded, tidy_line

LONGEST = 300  # characters of a cell that holds words for something


class Words(Field):
    """Several things named in one line: `read` gives them and the words that it does not know, `write` the line."""

    widget = TextInput()

    def __init__(
        self,
        label: Any,
        read: Callable[[str], tuple[Any, list[str]]],
        write: Callable[[Any], str],
        known: Callable[[], str],
        **options: Any,
    ):
        super().__init__(label, **options)
        self.read, self.write, self.known = read, write, known

    @staticmethod
    def plain(value: Any) -> str:
        """In no language, whatever the order."""
        return repr(sorted(map(str, value.items() if isinstance(value, dict) else value or ())))

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.write(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = tidy_line(valuelist[0]) if valuelist else ""
        self.data, unknown = self.read(typed[:LONGEST])
        if len(typed) > LONGEST:
            raise ValueError(_("This is too long: %(most)s characters at most.", most=LONGEST))
        if unknown:
            word, words = unknown[0][:80], self.known()
            raise ValueError(_("“%(word)s” is not known here. You can write: %(words)s.", word=word, words=words))


class Written(Field):
    """A cell that is read by `read`; what it cannot read stays as it was typed."""

    data: Any
    widget = TextInput()

    def __init__(self, label: Any, required: bool = True, **options: Any):
        super().__init__(label, **options)
        self.required = required

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def write(self, value: Any) -> str:
        raise NotImplementedError

    def _value(self) -> str:
        return str(self.raw_data[0]) if self.raw_data else self.write(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = tidy_line(valuelist[0]) if valuelist else ""
        self.data = self.read(typed) if typed else None

    def pre_validate(self, form: Any) -> None:
        if self.data is None and self.required and not self.process_errors:
            raise StopValidation(_("Please write something here."))


class DayWritten(Written):
    """ "21.05.2027", "Fr, 21.5.27", "2027-05-21"; an order of day and month that could be another is asked about."""

    def read(self, text: str) -> date:
        return hours.day(text)

    def write(self, value: date) -> str:
        return f"{value:%d.%m.%Y}"


class HourWritten(Written):
    """ "9", "9:00", "09.30 Uhr"."""

    def read(self, text: str) -> time:
        return hours.hour(text)

    def write(self, value: time) -> str:
        return f"{value:%H:%M}"


class OneOf(SelectField):
    """A choice that can be named: by its label, or in words from which `read` finds the value."""

    def __init__(
        self, label: Any, choices: list[SelectChoice], read: Callable[[str], str] = lambda _text: "", **options: Any
    ):
        super().__init__(label, choices=choices, **options)
        self.read = read

    def process_formdata(self, valuelist: list[str]) -> None:
        typed = tidy_line(valuelist[0]) if valuelist else ""
        labels = {folded(str(choice.label)): str(choice.value) for choice in self.choices or ()}
        self.data = typed if typed in self.values else labels.get(folded(typed)) or self.read(typed) or typed

    @property
    def values(self) -> set[str]:
        return {str(choice.value) for choice in self.choices or ()}

    @property
    def is_known(self) -> bool:
        return str(self.data or "") in self.values

    def iter_choices(self) -> Iterator[Choice]:
        yield from super().iter_choices()
        if not self.is_known and self.data:
            yield Choice(value=self.data, label=str(self.data), selected=True, render_kw={})

    def pre_validate(self, form: Any) -> None:
        if not self.is_known:
            if not self.data:
                raise StopValidation(_("Please choose one."))
            raise StopValidation(_("“%(word)s” is not known here. Please choose one.", word=str(self.data)[:80]))
