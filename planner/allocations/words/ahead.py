"""What will be missing before any run: the solver's forecast in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

import solver
from planner.allocations.runs.snapshot import problem_of, without_needs
from planner.allocations.words.names import Names, feature_of, given
from planner.models import Conference, Slot
from planner.rows import Untraced
from solver import Shortfall


@dataclass(frozen=True)
class Ahead:
    """Round by round how many are expected for how many seats, and what will be missing."""

    rounds: list[tuple[Slot, float, int]]
    missing: list[str]
    without_needs: bool  # nobody may read them now


def forecast(conference: Conference, away: Mapping[int, float], reader: str, now: datetime) -> Ahead:
    """`away` is the share of each group, by its id, that registers but does not come, from 0 to 1.

    The needs are read for it, which leaves a trace with the reader's name; where that cannot be written they are
    left out.
    """
    try:
        problem, withheld = problem_of(conference, reader, now), False
    except Untraced:
        problem, withheld = without_needs(conference), True
    found = solver.forecast(problem, {str(group): share for group, share in away.items()})
    names = Names(conference)
    slots = [(slot, str(slot.id)) for slot in conference.slots]
    return Ahead(
        [(slot, found.expected.get(key, 0), found.seats.get(key, 0)) for slot, key in slots],
        [sentence for each in found.shortfalls if (sentence := sentence_of(each, names))],
        withheld,
    )


def sentence_of(found: Shortfall, names: Names) -> str:
    facts = names.of(found.facts)
    known = {
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
        "facilitator": _("“%(session)s” has nobody who leads it.", **given(facts, "session")),
        "note_taker": _("“%(session)s” has nobody who takes notes.", **given(facts, "session")),
        "staff_presence": _(
            "%(participant)s is needed in %(meetings)s meetings, but is there in %(slots)s rounds.",
            **given(facts, "participant", "meetings", "slots"),
        ),
        "interpreters": ngettext(
            "“%(slot)s”: if all get a place, at least %(num)s person needs an interpreter (%(language)s), "
            "interpreters can serve %(places)s.",
            "“%(slot)s”: if all get a place, at least %(num)s people need an interpreter (%(language)s), "
            "interpreters can serve %(places)s.",
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
        "theme": _(
            "“%(theme)s” will overflow: %(wishes)s wishes so far, %(seats)s seats.",
            **given(facts, "theme", "wishes", "seats"),
        ),
    }
    return known.get(found.code, "")
