"""What will be missing, before there is a plan: the solver's codes and facts in people's words."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from planner.allocations.words.names import Names
from planner.models import Conference
from planner.words import FEATURES
from solver import Shortfall


def _given(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: facts.get(name, "?") for name in names}


def shortfalls(conference: Conference, found: Iterable[Shortfall]) -> list[str]:
    """What will be missing, in sentences; what is said already in other words before a run is left out."""
    names = Names(conference)
    return [sentence for each in found if (sentence := _shortfall(each.code, names.of(each.facts)))]


def _shortfall(code: str, facts: dict[str, Any]) -> str:
    known = {
        "seats": _(
            "“%(slot)s”: %(people)s people are expected, there are %(seats)s seats side by side.",
            **_given(facts, "slot", "people", "seats"),
        ),
        "seats_of_the_day": _(
            "Over the day %(people)s places are needed, all meetings together have %(seats)s.",
            **_given(facts, "people", "seats"),
        ),
        "rooms": _(
            "%(meetings)s meetings are planned, but rooms are free only %(rooms)s times.",
            **_given(facts, "meetings", "rooms"),
        ),
        "room_for_session": _("No room is large enough and fit for “%(session)s”.", **_given(facts, "session")),
        "facilitator": _("“%(session)s” has nobody who leads it.", **_given(facts, "session")),
        "note_taker": _("“%(session)s” has nobody who takes notes.", **_given(facts, "session")),
        "staff_presence": _(
            "%(participant)s is needed in %(meetings)s meetings, but is there in %(slots)s rounds.",
            **_given(facts, "participant", "meetings", "slots"),
        ),
        "interpreters": _(
            "“%(slot)s”: %(people)s people understand only %(language)s, interpreters can serve %(places)s.",
            **_given(facts, "slot", "people", "language", "places"),
        ),
        "feature": _(
            "“%(slot)s”: %(people)s people need a room that is %(feature)s, such rooms have %(chairs)s chairs.",
            slot=facts.get("slot"),
            people=facts.get("people"),
            feature=FEATURES.get(str(facts.get("feature")), facts.get("feature")),
            chairs=facts.get("chairs"),
        ),
        "theme": _(
            "“%(theme)s” will overflow: %(wishes)s wishes so far, %(seats)s seats.",
            **_given(facts, "theme", "wishes", "seats"),
        ),
    }
    return known.get(code, "")
