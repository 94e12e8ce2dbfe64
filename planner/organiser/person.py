"""The form of one person: who she is, what she understands, when she is there, what she interprets."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField
from wtforms.validators import Email, Optional

from planner import asked, auth, clock, languages, locks, participants
from planner.errors import PlannerError
from planner.extensions import only_reads
from planner.forms import MultiTicks, Revision, choices, line, number
from planner.models import InterpreterPair, InterpretingMode, Participant
from planner.participants import Pair
from planner.policy import may
from planner.texts import AtMost, whole
from planner.words import INTERPRETING, LEVELS_OF_HERS, TONGUES

SPARE = 2
"""Empty lines for more pairs of languages; whoever has filled them in finds as many again."""
PAIR = ("source", "target", "mode", "listeners", "most_slots_in_a_row")


class PersonForm(Revision):
    name = line(_l("Name"), 120)
    email = line(_l("E-mail"), 254, required=False)
    group_id = SelectField(_l("Group"), coerce=whole)
    organisation_id = SelectField(_l("Organisation"), coerce=whole)
    locale = SelectField(_l("Language of her pages"))
    present = MultiTicks(_l("There in"), coerce=whole)
    attends = SelectField(_l("In the rooms"), choices=choices([("1", _l("takes part")), ("0", _l("only interprets"))]))
    rows = 0

    def prepare(self) -> "PersonForm":
        here = languages.current()
        if g.scope.group_id is not None:  # for whom she speaks is not hers to say who enters one group's people
            del self.group_id, self.organisation_id
        else:
            self._choose_bodies(here)
        self.present.choices = choices((slot.id, languages.pick(slot.title, here)) for slot in g.conference.slots)
        self.locale.choices = choices((code, languages.name_of(code)) for code in TONGUES)
        self.email.validators = [Optional(), AtMost(254), Email(_("Please check the e-mail address."))]
        return self

    def _choose_bodies(self, here: str) -> None:
        groups = ((group.id, languages.pick(group.title, here)) for group in g.conference.groups)
        self.group_id.choices = choices([(0, _("none")), *groups])
        bodies = ((body.id, body.name) for body in g.conference.organisations)
        self.organisation_id.choices = choices([(0, _("none")), *bodies])

    @property
    def pairs(self) -> list[list[Field]]:
        """The fields of each line of two languages."""
        return [[self[f"{name}-{row}"] for name in PAIR] for row in range(self.rows)]

    def validate(self, *args: Any, **options: Any) -> bool:
        right = super().validate(*args, **options)
        return self._pairs_are_right() and right

    def _pairs_are_right(self) -> bool:
        seen: set[tuple[str, str]] = set()
        for source, target, _mode, *numbers in self.pairs:
            wrong = ""
            if bool(source.data) != bool(target.data) or (source.data and source.data == target.data):
                wrong = _("Please choose two languages: from which and into which she interprets.")
            elif source.data and (source.data, target.data) in seen:
                wrong = _("These two languages stand in another line already.")
            elif source.data and None in [each.data for each in numbers]:
                wrong = _("Please give a number of listeners and of rounds.")
            seen.add((source.data, target.data))
            target.errors = [*target.errors, *([wrong] if wrong else [])]
        return not any(target.errors for _source, target, *_rest in self.pairs)

    def said(self) -> list[Pair]:
        """Lines that were filled in."""
        given = [[field.data for field in fields] for fields in self.pairs]
        return [
            Pair(source, target, InterpretingMode(mode), *numbers) for source, target, mode, *numbers in given if source
        ]

    def details(self) -> dict[str, Any]:
        """The columns that are set as they are."""
        bodies = {name: self[name].data or None for name in ("group_id", "organisation_id") if name in self}
        return {
            "email": self.email.data or None,
            **bodies,
            "locale": self.locale.data,
            "attends": self.attends.data == "1",
        }

    def apply(self, person: Participant) -> None:
        """What is more than a column."""
        participants.set_languages(person, asked.levels(self))
        participants.set_absences(person, asked.absent(g.conference.slots, self.present))
        participants.set_pairs(person, self.said())


class NoWayIn(PlannerError):
    """Whoever makes no links gives none away by an address either."""

    sentence = _l("Links go to this address. Only organisers may give a person another one.")


def guard_address(form: Any, person: Participant) -> None:
    """Whoever has the address gets the next link. Raises NoWayIn, SignInAfresh."""
    if form.email.data != (person.email or ""):
        if not may("organiser.people.link", changes=True):
            raise NoWayIn(field="email")
        auth.must_be_fresh(clock.now(), url_for("security.verify", next=request.path))


def held(id: int, *, alone: bool = False) -> Participant:
    """Somebody whose form is open; beside other people's saves, never in the midst of what must not miss one.

    `alone` where it may give or free a place.
    """
    if not only_reads():
        locks.conference(g.conference, alone=alone)
    return locks.edited(g.scope.participant(id))


def _with_pairs(form: type[PersonForm], pairs: Sequence[InterpreterPair]) -> type[PersonForm]:
    tongues = choices([("", "–"), *((code, languages.name_of(code)) for code in TONGUES)])
    fields: dict[str, Any] = {"rows": len(pairs) + SPARE}
    for row in range(fields["rows"]):
        fields |= {
            f"source-{row}": SelectField(_l("Out of"), choices=tongues, default=""),
            f"target-{row}": SelectField(_l("Into"), choices=tongues, default=""),
            f"mode-{row}": SelectField(
                _l("How"), choices=choices(INTERPRETING.items()), default=InterpretingMode.CONSECUTIVE.value
            ),
            f"listeners-{row}": number(_l("Listeners, at most"), 1, 500, required=False, default=12),
            f"most_slots_in_a_row-{row}": number(_l("Rounds until a break"), 1, 50, required=False, default=2),
        }
    return type(form.__name__, (form,), fields)


def _form(pairs: Sequence[InterpreterPair], shown: dict[str, Any], **options: Any) -> PersonForm:
    kind = asked.with_levels(_with_pairs(PersonForm, pairs), SelectField, LEVELS_OF_HERS, _l("not at all"))
    return kind(data=shown, **options).prepare()


def empty() -> PersonForm:
    """Of somebody who is added: there all day, as long as nobody says otherwise."""
    here = [slot.id for slot in g.conference.slots]
    return _form([], {"locale": g.conference.language, "present": here, "attends": "1"})


def filled(person: Participant, **options: Any) -> PersonForm:
    away = {absence.slot_id for absence in person.absences}
    pairs = sorted(person.interprets, key=lambda pair: pair.id)
    shown = {
        "name": person.name,
        "email": person.email or "",
        "group_id": person.group_id or 0,
        "organisation_id": person.organisation_id or 0,
        "locale": person.locale,
        "attends": "1" if person.attends else "0",
        "present": [slot.id for slot in g.conference.slots if slot.id not in away],
        **asked.filled({row.language: row.level.value for row in person.languages}),
        **dict(_stored(pairs)),
    }
    return _form(pairs, shown, **options)


def _stored(pairs: Sequence[InterpreterPair]) -> Iterator[tuple[str, Any]]:
    for row, pair in enumerate(pairs):
        for name in PAIR:
            value = getattr(pair, name)
            yield f"{name}-{row}", value.value if isinstance(value, InterpretingMode) else value
