"""What does not fit in the plan made by hand: found by counting, and told in a sentence."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from planner import languages
from planner.models import Conference, Participant, Placement, Session
from planner.programme import placements


@dataclass(frozen=True)
class Clash:
    """What does not fit in the plan made by hand, as a code with its facts."""

    code: str
    facts: dict[str, Any]


def clashes(conference: Conference) -> list[Clash]:
    """Everything in the plan by hand that cannot work."""
    rows = placements(conference)
    return [*_rooms_that_do_not_fit(rows), *_people_in_two_places(rows), *_too_often(rows)]


def _rooms_that_do_not_fit(rows: Sequence[Placement]) -> Iterator[Clash]:
    for row in rows:
        room, session = row.room, row.session
        if room is None:
            continue
        facts = {"session": session, "room": room, "slot": row.slot}
        if row.slot_id in {closure.slot_id for closure in room.closures}:
            yield Clash("room_closed", facts)
        if room.capacity < session.minimum + len(session.roles):
            yield Clash("room_too_small", facts)
        if set(session.features) - set(room.features):
            yield Clash("room_lacks_features", facts)


def _people_in_two_places(rows: Sequence[Placement]) -> Iterator[Clash]:
    seen: dict[tuple[int, int], Session] = {}
    for row in rows:
        for role in row.session.roles:
            other = seen.setdefault((row.slot_id, role.participant_id), row.session)
            person: Participant = role.participant
            if other is not row.session:
                yield Clash(
                    "staff_in_two_rooms",
                    {"person": person, "slot": row.slot, "session": row.session, "other": other},
                )
            if row.slot_id in {absence.slot_id for absence in person.absences}:
                yield Clash("staff_absent", {"person": person, "slot": row.slot, "session": row.session})


def _too_often(rows: Sequence[Placement]) -> Iterator[Clash]:
    for session, times in Counter(row.session for row in rows).items():
        if times > session.offered:
            yield Clash("placed_too_often", {"session": session, "times": times})


def sentence(clash: Clash) -> str:
    facts = {key: _name(value) for key, value in clash.facts.items()}
    return {
        "room_closed": _("%(room)s is not free in %(slot)s.", **_given(facts, "room", "slot")),
        "room_too_small": _("%(room)s has too few chairs for “%(session)s”.", **_given(facts, "room", "session")),
        "room_lacks_features": _("%(room)s lacks what “%(session)s” needs.", **_given(facts, "room", "session")),
        "staff_in_two_rooms": _(
            "%(name)s would be in two rooms in %(slot)s: “%(session)s” and “%(other)s”.",
            name=facts.get("person"),
            **_given(facts, "slot", "session", "other"),
        ),
        "staff_absent": _(
            "%(name)s is not there in %(slot)s, but is needed in “%(session)s”.",
            name=facts.get("person"),
            **_given(facts, "slot", "session"),
        ),
        "placed_too_often": _("“%(session)s” is placed more often than it is offered.", **_given(facts, "session")),
    }[clash.code]


def _given(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: facts.get(name) for name in names}


def _name(value: Any) -> Any:
    """Of a row that is called by its name or, in several languages, by its title."""
    if hasattr(value, "title") and isinstance(value.title, dict):
        return languages.pick(value.title, languages.current())
    return getattr(value, "name", value)
