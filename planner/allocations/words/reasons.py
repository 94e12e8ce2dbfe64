"""Why a run found nothing, and what is missing before one: the solver's codes and facts in people's words."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from planner.allocations.words.names import Names
from planner.models import Allocation, Conference
from solver import Shortfall


def relaxations(run: Allocation) -> list[str]:
    """What would make an impossible conference possible; each was tried by the solver."""
    names = Names(run.conference)
    found = ((run.reason or {}).get("facts") or {}).get("relaxations", [])
    return [sentence for each in found if (sentence := _relaxation(each["kind"], names.of(each.get("facts", {}))))]


def _relaxation(kind: str, facts: dict[str, Any]) -> str:
    known = {
        "lock": _("Do not fix %(participant)s in “%(session)s”.", **_given(facts, "participant", "session")),
        "given": _("Let “%(session)s” move from “%(slot)s”.", **_given(facts, "session", "slot")),
        "quota": _("Loosen the bound for the group “%(value)s” by %(by)s.", **_given(facts, "value", "by")),
        "present": _("%(participant)s would have to be there all day.", **_given(facts, "participant")),
        "interpreter": _("Find one more interpreter for %(pair)s.", **_given(facts, "pair")),
        "staff": _("Let somebody else lead “%(session)s”.", **_given(facts, "session")),
        "feature": _(
            "%(room)s lacks what %(people)s people need (%(feature)s). If it had it, it would work.",
            room=facts.get("room"),
            people=facts.get("people"),
            feature=_feature(facts.get("feature")),
        ),
        "capacity": _("%(room)s would need %(by)s more chairs.", **_given(facts, "room", "by")),
        "open": _("Have %(room)s in every round.", **_given(facts, "room")),
        "rooms": _("Find %(by)s more rooms.", **_given(facts, "by")),
        "minimums": _("Lower all minimum sizes by %(by)s.", **_given(facts, "by")),
        "maximums": _("Raise all maximum sizes by %(by)s.", **_given(facts, "by")),
        "cancel_some": _("Allow sessions to be cancelled where too few people come."),
        "minimum": _("Lower the minimum size of “%(session)s” by %(by)s.", **_given(facts, "session", "by")),
        "cancel": _("Allow “%(session)s” to be cancelled.", **_given(facts, "session")),
        "offered": _("Offer “%(session)s” one time less.", **_given(facts, "session")),
        "order": _("Free “%(session)s” from fixed rounds and order.", **_given(facts, "session")),
        "session_feature": _("Let “%(session)s” do without a special room.", **_given(facts, "session")),
        "maximum": _("Let “%(session)s” be larger.", **_given(facts, "session")),
    }
    return known.get(kind, "")


def _given(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: facts.get(name, "?") for name in names}


def _feature(code: Any) -> str:
    from planner.words import FEATURES

    return str(FEATURES.get(str(code), code))


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
            feature=_feature(facts.get("feature")),
            chairs=facts.get("chairs"),
        ),
        "theme": _(
            "“%(theme)s” will overflow: %(wishes)s wishes so far, %(seats)s seats.",
            **_given(facts, "theme", "wishes", "seats"),
        ),
    }
    return known.get(code, "")
