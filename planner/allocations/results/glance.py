"""What an overview says of a conference: who counts today, and what is wrong with what everybody sees."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from planner.allocations.results.outdated import Outdated, outdated
from planner.allocations.results.publish import doubts
from planner.allocations.runs.snapshot import Contradiction, today
from planner.models import Conference, Room, Session
from planner.roster import Entry
from solver import Whole, who_counts


@dataclass(frozen=True)
class Glance:
    """`doubts` in the words in which publishing asks; `since` is what has changed since the published plan was made.

    Nothing can be counted where what is set contradicts itself.
    """

    sessions: Sequence[Session]
    counted: Whole | None
    doubts: dict[str, object] = field(default_factory=dict)
    since: Outdated | None = None
    rooms: Sequence[Room] = ()
    contradiction: Contradiction | None = None
    everybody: Sequence[Entry] = ()


def glance(conference: Conference, *, agreed: bool = False) -> Glance:
    """Today's conference is stated once for all of it; `agreed` as for `outdated`."""
    published, now = conference.published, today(conference)
    if now.problem is None:
        since = Outdated(contradiction=now.contradiction)
        return Glance(
            now.sessions,
            None,
            doubts(published, since) if published else {},
            contradiction=now.contradiction,
            everybody=now.everybody,
        )
    changed = outdated(published, now.problem, agreed=agreed) if published else None
    told = doubts(published, changed) if published else {}
    return Glance(now.sessions, who_counts(now.problem), told, changed, now.rooms, everybody=now.everybody)
