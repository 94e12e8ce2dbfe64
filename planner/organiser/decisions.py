"""The forms in which organisers decide about submissions, and what is said once it is decided."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import g
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.widgets import HiddenInput

from planner import languages, programme, vocabulary
from planner.forms import Form, Revision, WholeNumber, choices, line, text
from planner.models import Duty, Session, Submission
from planner.organiser.translated import per_language, texts
from planner.texts import whole


class AcceptForm(Form):
    """Into an existing session, or a new one with its title in each language."""

    translated: ClassVar = {
        "title": lambda language, _must: line(_("Title (%(language)s)", language=language), 120, False),
        "sentence": lambda language, _must: line(_("One sentence (%(language)s)", language=language), 300, False),
    }
    session = SelectField(_l("Work on it in"), coerce=whole)
    revision = WholeNumber(widget=HiddenInput())

    def prepare(self) -> Any:
        here = languages.current()
        known = [(s.id, f"{s.number}. {languages.pick(s.title, here)}") for s in programme.open_sessions(g.conference)]
        self.session.choices = choices([(0, _("a new session")), *known])
        self[f"title_{g.conference.language}"].flags.needed_for = _("needed for a new session")
        return self

    @property
    def read(self) -> int:
        """The revision that she has read; of none, where the form does not say it."""
        return -1 if self.revision.data is None else int(self.revision.data)

    def shows(self, submission: Submission) -> None:
        """After a race the next press is meant for what stands on this page."""
        self.revision.raw_data, self.revision.data = None, submission.revision

    def names_one(self) -> bool:
        """A session that there is, or the title of a new one; else it says what is missing."""
        if self.session.data or texts(self, "title"):
            return True
        self[f"title_{g.conference.language}"].errors = [_("Please write a title.")]
        return False


class TogetherForm(AcceptForm):
    """The same for several; `of` names them as they were read, `stays` is the one that the others become part of.

    `reason` is the answer that all their authors read, where they are declined.
    """

    of = HiddenField()
    stays = RadioField(_l("Which submission stays?"), coerce=whole, validate_choice=False)
    reason = text(_l("Answer, for the authors to read"), 1000, required=False)

    def prepare(self) -> Any:
        self.reason.flags.needed_for = _("needed to decline")
        return super().prepare()

    def answers(self) -> bool:
        """Whether there is an answer; else it says that it is missing."""
        if self.reason.data:
            return True
        self.reason.errors = [_("Please write an answer.")]
        return False


def accepting(submission: Submission) -> AcceptForm:
    """Without the author's words, which stand beside it: a session keeps its sentence when she takes hers back."""
    form: AcceptForm = per_language(AcceptForm)(revision=submission.revision).prepare()
    return form


class DeclineForm(Form):
    reason = text(_l("Answer, for the author to read"), 1000)


def declining(submission: Submission) -> DeclineForm:
    """With a courteous answer in her language, to be changed."""
    return DeclineForm(reason=courteous([submission]))


def courteous(rows: Sequence[Submission]) -> str:
    """An answer in the language of their authors; where they have several, in the conference's first one."""
    told_in = {languages.told_in(row.author) if row.author else g.conference.language for row in rows}
    with force_locale(told_in.pop() if len(told_in) == 1 else g.conference.language), vocabulary.speaking(g.conference):
        return _(
            "Thank you for your problem. We have read it with care. This time we cannot make a session of it. "
            "Please bring your question to one that comes near to it."
        )


class NoteForm(Revision):
    note = text(_l("Notes for those who organise"), 2000, required=False)


def what_now(session: Session) -> str:
    """Where what was accepted is worked on, and what is to be done there next."""
    here = languages.current()
    theme = languages.pick(session.theme.title, here) if session.theme else _("without a theme")
    title = languages.pick(session.title, here)
    missing = [languages.name_of(code) for code in g.conference.languages if not session.title.get(code)]
    if not any(role.duty is Duty.FACILITATOR for role in session.roles):
        then = _("Next: say who leads it.")
    elif missing:
        then = _("Next: write its title in %(languages)s.", languages=languages.in_a_row(missing))
    else:
        then = _("Next: place it in the programme, or leave that to the allocation.")
    where = _("Now in session %(number)s, “%(title)s” (%(theme)s).", number=session.number, title=title, theme=theme)
    return f"{where} {then}"
