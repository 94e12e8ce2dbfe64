"""What contradicts itself in what is set: the solver's codes in words, each with the names that it concerns."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from planner import languages
from planner.allocations.words.names import Names, given
from planner.models import Conference


def contradiction(code: str, facts: Mapping[str, Any], conference: Conference) -> str:
    """Why nothing can be computed; a code that is not known, as of an older run, is told in general."""
    return _(
        "What is set contradicts itself, so nothing can be computed: %(fault)s", fault=fault(code, facts, conference)
    )


def fault(code: str, facts: Mapping[str, Any], conference: Conference) -> str:
    told = Names(conference).of(facts)
    who = languages.isolated(told["participant"]) if "participant" in facts else _("Somebody")
    sentence = _of_sessions(code, told) or _of_people(code, who, told) or _of_the_rest(code, told)
    return sentence or _("Two of these settings do not fit together. Please look at what was changed last.")


def _of_sessions(code: str, told: dict[str, Any]) -> str:
    session, held = given(told, "session"), given(told, "session", "slot")
    return {
        "below_minimum": _("The maximum of “%(session)s” is below its minimum.", **session),
        "too_large": _("The sizes of “%(session)s” are too large to be counted.", **session),
        "less_than_once": _("“%(session)s” is offered, or lasts, less than once.", **session),
        "not_two_languages": _(
            "“%(session)s” may be held in two languages at once, but it has not exactly two.", **session
        ),
        "staff_twice": _(
            "Somebody has two tasks in “%(session)s”: to lead it and to take notes, or one twice.", **session
        ),
        "given_twice": _("“%(session)s” is fixed twice in “%(slot)s”.", **held),
        "language": _(
            "“%(session)s” is fixed in %(language)s in “%(slot)s”, but it cannot be held in that.",
            **given(told, "session", "slot", "language"),
        ),
    }.get(code, "")


def _of_people(code: str, who: str, told: dict[str, Any]) -> str:
    return {
        "favourite_twice": _("%(name)s has a session twice among her wishes.", name=who),
        "interprets_twice": _("%(name)s stands twice among those who interpret.", name=who),
        "no_pair": _(
            "%(name)s is to interpret between two languages, but these are not two: %(pair)s.",
            name=who,
            **given(told, "pair"),
        ),
        "listeners": _("%(name)s is to interpret for fewer than one person, or for too many.", name=who),
        "in_a_row": _("%(name)s is to interpret in fewer than one round in a row.", name=who),
    }.get(code, "")


def _of_the_rest(code: str, told: dict[str, Any]) -> str:
    return {
        "no_slots": _("There are no rounds any more."),
        "capacity": _("%(room)s has a number of chairs that is not possible.", **given(told, "room")),
        "bound_below_minimum": _(
            "The maximum for people %(whom)s in a meeting is below its minimum.", **given(told, "whom")
        ),
        "bound_too_large": _(
            "The bounds for people %(whom)s in a meeting are too large to be counted.", **given(told, "whom")
        ),
    }.get(code, "")
