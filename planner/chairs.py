"""The ring of a meeting: who sits on which chair, and what a chair shows to whom."""

from collections.abc import Mapping, Sequence

from planner import languages, working_language
from planner.models import Assignment, AssignmentRole, Group, Meeting, Organisation, Participant
from planner.rings import Chair, Ring

NO_GROUP = Chair("·", 8)
"""Somebody without a group, or whose group is nobody's business here."""
ORDER = (
    AssignmentRole.FACILITATOR,
    AssignmentRole.NOTE_TAKER,
    AssignmentRole.INTERPRETER,
    AssignmentRole.ATTENDEE,
)
"""Clockwise from the top; within a role by group and name."""


def group_shown(group: Group | None, *, shows_sensitive: bool) -> Group | None:
    """A group that shows religion or origin stays out of everything that is made for a room."""
    return group if group and (shows_sensitive or not group.is_sensitive) else None


def organisation_shown(person: Participant, *, shows_sensitive: bool) -> Organisation | None:
    """The same for a body that belongs to such a group: its name would give the group away."""
    body = person.organisation
    groups = [group for group in (person.group, body and body.group) if group]
    hidden = any(group_shown(group, shows_sensitive=shows_sensitive) is None for group in groups)
    return None if hidden else body


def ring(
    meeting: Meeting,
    places: Sequence[Assignment],
    *,
    shows_sensitive: bool,
    groups: Mapping[str, Group | None] | None = None,
) -> Ring:
    """`groups` gives each person's by her key, where they are not today's; an empty one shows nobody's.

    An interpreter's chair shows the language into which she interprets.
    """
    shown = {place.id: _group(place, groups, shows_sensitive) for place in places}
    chairs = [_chair(place, shown[place.id]) for place in _sorted(places, shown)]
    title = languages.pick(meeting.session.title, languages.current())
    return Ring(title, chairs_in(meeting, places), chairs, meeting.session.minimum)


def in_order(places: Sequence[Assignment], groups: Mapping[str, Group | None] | None = None) -> list[Assignment]:
    """As they sit in the ring that organisers see."""
    return _sorted(places, {place.id: _group(place, groups, True) for place in places})


def chairs_in(meeting: Meeting, places: Sequence[Assignment]) -> int:
    """As many as the room and the session take, with those who lead beside them if need be."""
    return max(min(meeting.room.capacity, meeting.session.maximum), len(places))


def of_group(group: Group | None) -> Chair:
    """How somebody of this group sits in a ring."""
    return Chair(group.letter, group.colour) if group else NO_GROUP


def _group(place: Assignment, groups: Mapping[str, Group | None] | None, shows_sensitive: bool) -> Group | None:
    person = place.participant
    known = groups.get(place.key) if groups is not None else person.group if person else None
    return group_shown(known, shows_sensitive=shows_sensitive)


def _sorted(places: Sequence[Assignment], shown: Mapping[int, Group | None]) -> list[Assignment]:
    def where(place: Assignment) -> tuple[int, bool, int, str]:
        group = shown[place.id]
        return ORDER.index(place.role), group is None, group.position if group else 0, place.name

    return sorted(places, key=where)


def _chair(place: Assignment, group: Group | None) -> Chair:
    seat = of_group(group)
    return Chair(seat.letter, seat.colour, place.role.value, working_language.on_a_chair(place))
