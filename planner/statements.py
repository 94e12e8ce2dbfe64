"""The form of a problem that somebody brings, filled in by herself or by whoever types her paper."""

from flask import g
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Regexp
from wtforms.widgets import HiddenInput

from planner import languages
from planner.forms import Compared, WholeNumber, choices, text
from planner.models import Submission, Visibility
from planner.submissions import Statement
from planner.texts import whole
from planner.words import TONGUES


class StatementForm(Compared):
    theme_id = RadioField(
        _l("What is it about?"), coerce=whole, validators=[InputRequired(_l("Please choose a theme."))]
    )
    problem = text(_l("What is the problem?"), 3000)
    experience = text(_l("What have you experienced yourself?"), 3000, required=False)
    support_needed = text(_l("What support is needed?"), 2000, required=False)
    question = text(_l("Which question should the room discuss?"), 1000, required=False)
    language = SelectField(_l("In which language did you write?"))
    visibility = RadioField(
        _l("May people see your name?"),
        choices=choices(
            [
                (Visibility.ANONYMOUS.value, _l("No, without my name")),
                (Visibility.NAMED.value, _l("Yes, with my name")),
            ]
        ),
        default=Visibility.ANONYMOUS.value,
    )
    may_be_read_aloud = BooleanField(_l("My text may be read aloud in the room. Otherwise it is only summarised."))
    receipt = HiddenField(validators=[Regexp("^[0-9a-f]{16}$")])
    revision = WholeNumber(widget=HiddenInput(), default=0)

    def prepare(self) -> "StatementForm":
        here = languages.current()
        if g.conference.themes:
            self.theme_id.choices = choices((t.id, languages.pick(t.title, here)) for t in g.conference.themes)
        else:
            del self.theme_id
        self.language.choices = choices((code, languages.name_of(code)) for code in TONGUES)
        return self

    @property
    def made_of(self) -> int:
        """The revision that she has seen; of none, where the form does not say it."""
        return -1 if self.revision.data is None else int(self.revision.data)

    def meets(self, stored: Submission) -> None:
        """After a race both versions are shown, and the next save is meant to win."""
        self.is_stale, self.revision.raw_data, self.revision.data = True, None, stored.revision
        for field in self._compared():
            field.object_data = getattr(stored, field.name)

    def statement(self) -> Statement:
        return Statement(
            self.theme_id.data if self.theme_id else None,
            self.problem.data,
            self.experience.data,
            self.support_needed.data,
            self.question.data,
            Visibility(self.visibility.data),
            self.may_be_read_aloud.data,
            self.language.data,
        )
