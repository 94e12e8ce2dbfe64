"""What an overview says of a conference: who counts today, and what is wrong with what everybody sees."""

from dataclasses import dataclass, field

from planner.allocations.results.outdated import Outdated, outdated
from planner.allocations.results.publish import doubts
from planner.allocations.runs.snapshot import Contradiction, without_needs
from planner.models import Conference
from solver import Whole, who_counts


@dataclass(frozen=True)
class Glance:
    """`doubts` in the words in which publishing asks; nothing can be counted where what is set contradicts itself."""

    counted: Whole | None
    doubts: dict[str, object] = field(default_factory=dict)
    contradiction: Contradiction | None = None


def glance(conference: Conference) -> Glance:
    """Today's conference is stated once for both."""
    published = conference.published
    try:
        today = without_needs(conference)
    except Contradiction as error:
        return Glance(None, doubts(published, Outdated(contradiction=error)) if published else {}, error)
    return Glance(who_counts(today), doubts(published, outdated(published, today)) if published else {})
