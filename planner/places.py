"""Places: how many a conference and its groups have, how many of them may be promised, and how many are taken."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from planner import languages
from planner.extensions import db
from planner.models import COMING, Conference, Group, Participant, ParticipantState
from planner.roster import Entry

MOST_PLACES = 100_000
MOST_NO_SHOWS = 50  # percent
IN_ALL = 0
"""Beside the numbers of groups, the whole conference."""


class Guest(Protocol):
    """Whoever wants a place: a person's row, or an entry of the roster."""

    @property
    def attends(self) -> bool: ...
    @property
    def group_id(self) -> int | None: ...


def promised(places: int | None, no_shows: int) -> int | None:
    """How many people may be told that they have a place, where so many percent of them will not come."""
    return None if places is None else places * 100 // (100 - no_shows)


@dataclass
class House:
    """How many places may be promised (`limits`, where there is a limit) and are (`taken`), by group and IN_ALL.

    Only whoever takes part herself takes a place: nobody who waits, has cancelled, or only interprets.
    """

    limits: Mapping[int, int]
    taken: Counter[int]

    @property
    def is_limited(self) -> bool:
        return bool(self.limits)

    def free(self, guest: Guest) -> int | None:
        """How many more like her find a place, below nought where too many have one; None where nothing limits it."""
        keys = {IN_ALL, guest.group_id or IN_ALL} & self.limits.keys() if guest.attends else set()
        return min((self.limits[key] - self.taken[key] for key in keys), default=None)

    def has_room(self, guest: Guest) -> bool:
        return self.full_for(guest) is None

    def full_for(self, guest: Guest) -> int | None:
        """Where she finds no room: IN_ALL, or her group's number; None where there is some."""
        keys = [IN_ALL, guest.group_id or IN_ALL] if guest.attends else []
        return next((key for key in keys if key in self.limits and self.taken[key] >= self.limits[key]), None)

    def take(self, guest: Guest, count: int = 1) -> None:
        """So many more like her have a place."""
        for key in {IN_ALL, guest.group_id or IN_ALL} if guest.attends else ():
            self.taken[key] += count

    @property
    def excess(self) -> dict[int, int]:
        """How many people more than may be promised have a place, where that is so."""
        return {key: self.taken[key] - limit for key, limit in self.limits.items() if self.taken[key] > limit}


def house(conference: Conference) -> House:
    """As it is stored now; nobody changes it meanwhile where the caller holds the conference alone."""
    db.session.flush()
    own = select(Group.id, Group.places).filter_by(conference_id=conference.id)
    takes = Participant.conference_id == conference.id, Participant.state.in_(COMING), Participant.attends.is_(True)
    counts = select(Participant.group_id, func.count()).where(*takes).group_by(Participant.group_id)
    taken = Counter({group or IN_ALL: count for group, count in db.session.execute(counts)})
    return _house(conference, {row.id: row.places for row in db.session.execute(own)}, taken)


def of(conference: Conference, people: Iterable[Entry]) -> House:
    """The same of people who have been read already."""
    taken = Counter(each.group_id or IN_ALL for each in people if each.is_coming and each.attends)
    return _house(conference, {group.id: group.places for group in conference.groups}, taken)


def _house(conference: Conference, by_group: Mapping[int, int | None], taken: Counter[int]) -> House:
    given = {**by_group, IN_ALL: conference.places}
    limits = {key: promised(places, conference.no_shows) for key, places in given.items()}
    taken[IN_ALL] = taken.total()
    return House({key: limit for key, limit in limits.items() if limit is not None}, taken)


@dataclass(frozen=True)
class Line:
    """Of a group, or in all: its chairs, how many may be promised (None: no limit), and how many people are what."""

    title: str
    places: int | None
    promised: int | None
    taken: int
    confirmed: int
    waiting: int
    cancelled: int

    @property
    def free(self) -> int | None:
        """How many more may be promised; below nought where too many are, None without a limit."""
        return None if self.promised is None else self.promised - self.taken


def lines(conference: Conference, people: Iterable[Entry]) -> list[Line]:
    """Group after group, then all; only of those who take part themselves."""
    here = languages.current()
    guests = [each for each in people if each.attends]
    rows: list[tuple[str, int | None, int | None]] = [
        (languages.pick(group.title, here), group.places, group.id) for group in conference.groups
    ]
    if rows and any(each.group_id is None for each in guests):
        rows.append((_("without a group"), None, None))
    found = [_line(conference, title, places, [g for g in guests if g.group_id == id]) for title, places, id in rows]
    return [*found, _line(conference, _("In all"), conference.places, guests)]


def _line(conference: Conference, title: str, places: int | None, guests: Iterable[Entry]) -> Line:
    counts = Counter(guest.state for guest in guests)
    return Line(
        title,
        places,
        promised(places, conference.no_shows),
        sum(counts[state] for state in COMING),
        counts[ParticipantState.CONFIRMED],
        counts[ParticipantState.WAITING],
        counts[ParticipantState.CANCELLED],
    )


def overbooking(conference: Conference) -> str:
    """How many are promised and how many chairs there are, where these differ."""
    if not conference.no_shows:
        return ""
    share = _("%(percent)s percent of those with a place are expected not to come.", percent=conference.no_shows)
    if conference.places is None:
        return share
    more = _(
        "There are chairs for %(places)s people, so %(promised)s places may be promised.",
        places=conference.places,
        promised=promised(conference.places, conference.no_shows),
    )
    return f"{share} {more}"


def no_room(key: int) -> str:
    """What is full, IN_ALL or the group of this number, and what can be done."""
    if key == IN_ALL:
        return _(
            "All places of the conference that may be promised are taken. Put people on the waiting list, or let an "
            "organiser raise the number of places under “Settings”. Nothing was changed."
        )
    group = db.session.get_one(Group, key)
    return _(
        "All places of the group “%(group)s” that may be promised are taken. Put people on the waiting list, or let an "
        "organiser raise the group's number of places under “Groups”. Nothing was changed.",
        group=languages.pick(group.title, languages.current()),
    )


def more_in_groups(conference: Conference) -> str:
    """That the groups' numbers are more together than the conference's; empty where it is not so."""
    of_groups = sum(group.places or 0 for group in conference.groups)
    if conference.places is None or of_groups <= conference.places:
        return ""
    return _(
        "The groups have %(groups)s places together, the conference has %(places)s: its places may end before theirs.",
        groups=of_groups,
        places=conference.places,
    )


def too_many(conference: Conference, found: House, *, sees_groups: bool) -> str:
    """That more people have a place than may be promised, and by how many; empty where it is not so.

    Whoever may not know who is of which group reads of none, nor how many it has.
    """
    told = found.excess if sees_groups else {key: count for key, count in found.excess.items() if key == IN_ALL}
    if found.excess and not told:
        return _("In a group more people have a place than may be promised.")
    return " ".join(_too_many(conference, told))


def _too_many(conference: Conference, excess: Mapping[int, int]) -> Iterator[str]:
    here = languages.current()
    titles = {group.id: languages.pick(group.title, here) for group in conference.groups}
    for key, count in sorted(excess.items()):
        if key == IN_ALL:
            yield ngettext(
                "%(num)s person more has a place than may be promised. Nobody is put off by this.",
                "%(num)s people more have a place than may be promised. Nobody is put off by this.",
                count,
            )
        else:
            yield ngettext(
                "In the group “%(group)s” %(num)s person more has a place than may be promised.",
                "In the group “%(group)s” %(num)s people more have a place than may be promised.",
                count,
                group=titles.get(key, ""),
            )
