"""What the solver's forecast finds too few of, in sentences: each with how and where it is mended."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from planner import languages
from planner.allocations.words.names import Names, feature_of, given
from solver import Shortfall

REMEDIES = {
    "places": (_l("Raise maximum sizes, or offer more meetings"), "organiser.sessions.index"),
    "places_on_average": (_l("Raise maximum sizes, or offer more meetings"), "organiser.sessions.index"),
    "places_by_language": (
        _l("Look for interpreters, or offer sessions in these languages"),
        "organiser.people.index",
    ),
    "few_sessions": (_l("Open more sessions to them, or offer more"), "organiser.sessions.index"),
    "seats": (_l("Add chairs or a room"), "organiser.rooms.index"),
    "seats_of_the_day": (_l("Raise maximum sizes, or offer more meetings"), "organiser.sessions.index"),
    "minimums": (_l("Lower minimum sizes, or offer fewer meetings"), "organiser.sessions.index"),
    "rooms": (_l("Add a room, or open one in more rounds"), "organiser.rooms.index"),
    "room_for_session": (_l("Give a room what this session needs, or more chairs"), "organiser.rooms.index"),
    "facilitator": (_l("Name somebody who leads it"), "organiser.sessions.index"),
    "note_taker": (_l("Name somebody who takes notes"), "organiser.sessions.index"),
    "staff_presence": (_l("Let somebody else lead, or offer fewer meetings"), "organiser.sessions.index"),
    "interpreters": (_l("Look for interpreters"), "organiser.people.index"),
    "feature": (_l("Look at what rooms have"), "organiser.rooms.index"),
    "theme": (_l("Raise maximum sizes, or offer more meetings"), "organiser.sessions.index"),
}
"""How and where each shortfall is mended."""
Facts = dict[str, Any]
"""Of a shortfall, with names in the place of ids."""
PARTS = {"places_by_language", "few_sessions"}
"""Of the places that are missing in all; none counts what another one counts."""
NO_PLACE = {"places", "places_on_average", *PARTS, "seats", "seats_of_the_day"}
"""Those by which somebody will have no place."""
BLOCKS = {"minimums", "rooms", "room_for_session", "staff_presence"}
"""Those with which no run can succeed."""


def told_once(found: Sequence[Shortfall]) -> list[Shortfall]:
    """Without the sum where one part is all of it; else each part says that it is one."""
    whole = next((each.lacking for each in found if each.code in {"places", "places_on_average"}), 0)
    parts = [each.lacking for each in found if each.code in PARTS]
    if whole and max(parts, default=0) >= whole:
        return [each for each in found if each.code not in {"places", "places_on_average"}]
    return [
        replace(each, facts={**each.facts, "of": whole}) if whole and each.code in PARTS else each for each in found
    ]


def sentence_of(found: Shortfall, names: Names) -> str:
    facts = names.of(found.facts)
    said = next(filter(None, (told(facts).get(found.code) for told in (_of_places, _of_sizes, _of_people))), "")
    if found.code == "few_sessions" and facts.get("of"):
        return _("A part of these %(places)s places: %(what)s", places=facts["of"], what=said)
    return said


def _of_places(facts: Facts) -> dict[str, str]:
    return {
        "places": ngettext(
            "Over the day at least %(num)s place will be missing, however people are allocated. This follows from the "
            "chairs in each round, the sizes of sessions and how often each is offered. It also counts to whom a "
            "session is open and who understands it. Nobody attends the same session twice.",
            "Over the day at least %(num)s places will be missing, however people are allocated. This follows from the "
            "chairs in each round, the sizes of sessions and how often each is offered. It also counts to whom a "
            "session is open and who understands it. Nobody attends the same session twice.",
            facts.get("places", 0),
        ),
        "places_on_average": ngettext(
            "If so many stay away, on average about %(num)s place will still be missing over the day, perhaps more.",
            "If so many stay away, on average about %(num)s places will still be missing over the day, perhaps more.",
            facts.get("places", 0),
        ),
        "few_sessions": ngettext(
            "%(num)s person is there in more rounds than she can attend sessions. She can attend what is open to her, "
            "held in what she understands, fit for her needs and not ruled out by her. Places missing because of "
            "that: %(places)s.",
            "%(num)s people are there in more rounds than they can attend sessions. They can attend what is open to "
            "them, held in what they understand, fit for their needs and not ruled out by them. Places missing "
            "because of that: %(places)s.",
            facts.get("people", 0),
            **given(facts, "places"),
        ),
        "places_by_language": _by_language(facts),
    }


def _by_language(facts: Facts) -> str:
    spoken = languages.in_a_row([languages.name_of(code) for code in facts.get("languages", ())])
    if "of" in facts:
        return ngettext(
            "%(num)s of these %(places)s places will be missing because of languages: there are too few meetings in "
            "%(languages)s, and too few people who interpret.",
            "%(num)s of these %(places)s places will be missing because of languages: there are too few meetings in "
            "%(languages)s, and too few people who interpret.",
            facts["places"],
            places=facts["of"],
            languages=spoken,
        )
    return ngettext(
        "Over the day %(num)s place will be missing because of languages: there are too few meetings in "
        "%(languages)s, and too few people who interpret.",
        "Over the day %(num)s places will be missing because of languages: there are too few meetings in "
        "%(languages)s, and too few people who interpret.",
        facts.get("places", 0),
        languages=spoken,
    )


def _of_sizes(facts: Facts) -> dict[str, str]:
    return {
        "seats": _(
            "“%(slot)s”: %(people)s people are expected, there are %(seats)s seats side by side.",
            **given(facts, "slot", "people", "seats"),
        ),
        "seats_of_the_day": _(
            "Over the day %(people)s places are needed, all meetings together have %(seats)s.",
            **given(facts, "people", "seats"),
        ),
        "minimums": _(
            "The minimum sizes add up to %(fewest)s people, but only %(people)s places are asked for.",
            **given(facts, "fewest", "people"),
        ),
        "rooms": _(
            "%(meetings)s meetings are planned, but rooms are free only %(rooms)s times.",
            **given(facts, "meetings", "rooms"),
        ),
        "room_for_session": _("No room is large enough and fit for “%(session)s”.", **given(facts, "session")),
        "theme": _(
            "“%(theme)s” will overflow: %(wishes)s wishes so far, %(seats)s seats. Of each list only as many wishes "
            "count as somebody has rounds.",
            **given(facts, "theme", "wishes", "seats"),
        ),
    }


def _of_people(facts: Facts) -> dict[str, str]:
    return {
        "facilitator": _("“%(session)s” has nobody who leads it.", **given(facts, "session")),
        "note_taker": _("“%(session)s” has nobody who takes notes.", **given(facts, "session")),
        "staff_presence": _(
            "%(participant)s is needed in %(meetings)s meetings, but is there in %(slots)s rounds.",
            **given(facts, "participant", "meetings", "slots"),
        ),
        "interpreters": ngettext(
            "“%(slot)s”: if all get a place, at least %(num)s person needs an interpreter (%(language)s). "
            "Interpreters can serve %(places)s.",
            "“%(slot)s”: if all get a place, at least %(num)s people need an interpreter (%(language)s). "
            "Interpreters can serve %(places)s.",
            facts.get("people", 0),
            **given(facts, "slot", "language", "places"),
        ),
        "feature": _(
            "“%(slot)s”: %(people)s people need a room that is %(feature)s, such rooms have %(chairs)s chairs.",
            slot=facts.get("slot"),
            people=facts.get("people"),
            feature=feature_of(facts.get("feature")),
            chairs=facts.get("chairs"),
        ),
    }
