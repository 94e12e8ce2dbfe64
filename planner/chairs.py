"""The ring of a meeting: who sits on which chair, and what a chair shows to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planner import languages, working_language
from planner.models import Assignment, AssignmentRole, Group, Meeting
from planner.rings import Chair, Ring

GroupOf = Mapping[str, Group | None]
"""The group of each person by her key; whoever is missing shows none."""
NO_GROUP = Chair("·", 8)
"""Somebody without a group, or whose group is nobody's business here."""
ORDER = (
    AssignmentRole.FACILITATOR,
    AssignmentRole.NOTE_TAKER,
    AssignmentRole.INTERPRETER,
    AssignmentRole.ATTENDEE,
)
"""Clockwise from the top; within a role by group and name."""


@dataclass(frozen=True)
class Bounds:
    """How many must attend a meeting at least, and how many can."""

    least: int
    most: int


def groups_in_a_room(places: Sequence[Assignment]) -> dict[str, Group]:
    """Each person's group by her key, for what is made for a room.

    Nobody's where one of the conference's groups shows religion or origin: whoever had no letter would be of that one.
    """
    people = [place.person for place in places]
    return {person.key: person.group for person in people if person.group and person.conference.shows_groups_in_rooms}


def ring(meeting: Meeting, places: Sequence[Assignment], groups: GroupOf, bounds: Bounds) -> Ring:
    """An interpreter's chair shows the language into which she interprets."""
    chairs = [_chair(place, groups.get(place.key)) for place in in_order(places, groups)]
    title = languages.pick(meeting.session.title, languages.current())
    return Ring(title, bounds.most, chairs, bounds.least)


def in_order(places: Sequence[Assignment], groups: GroupOf) -> list[Assignment]:
    """As they sit in the ring."""

    def where(place: Assignment) -> tuple[int, bool, int, str]:
        group = groups.get(place.key)
        return ORDER.index(place.role), group is None, group.position if group else 0, place.name

    return sorted(places, key=where)


def of_group(group: Group | None) -> Chair:
    """How somebody of this group sits in a ring."""
    return Chair(group.letter, group.colour) if group else NO_GROUP


def _chair(place: Assignment, group: Group | None) -> Chair:
    seat = of_group(group)
    return Chair(seat.letter, seat.colour, place.role.value, working_language.on_a_chair(place))
