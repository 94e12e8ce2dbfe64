"""Looking ahead: round by round who is expected for how many seats, and what is missing for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import solver
from planner.allocations.results.outdated import fit
from planner.allocations.runs.life import recent
from planner.allocations.runs.snapshot import Today, needing, today
from planner.allocations.words.missing import Part, missing
from planner.allocations.words.shortfalls import NO_PLACE
from planner.models import Allocation, Conference, Slot
from planner.rows import Untraced
from solver import Problem


@dataclass(frozen=True)
class Ahead:
    """Round by round how many are expected for how many seats, and what will be missing.

    `enough` is a run that has a place for everybody while nothing that runs are compared by has changed since: the only
    thing that shows that everything is enough.
    """

    rounds: list[tuple[Slot, float, int]]
    missing: list[Part]
    lacks_nothing: bool  # that can be counted: people and wishes may still be missing
    without_needs: bool  # nobody may read them now, or not whoever asks
    enough: Allocation | None
    is_open: bool  # neither shown to be enough nor known that somebody will have no place
    is_empty: bool  # there is nothing to count: a part is missing altogether


def forecast(
    conference: Conference, away: Mapping[int, float], reader: str, now: datetime, *, needs: bool = True
) -> Ahead:
    """`away` is the share of each group, by its id, that registers but does not come, from 0 to 1.

    The needs are read for it, which leaves a trace with the reader's name; where that cannot be written, or without
    `needs`, they are left out.
    """
    set_now = today(conference)
    if set_now.problem is None:
        raise set_now.contradiction  # type: ignore[misc]  # one of the two is there
    known = _with_needs(conference, set_now, reader, now) if needs else None
    problem = known or set_now.problem
    found = solver.forecast(problem, {str(group): share for group, share in away.items()})
    slots = [(slot, str(slot.id)) for slot in conference.slots]
    enough = _with_places_for_all(conference, problem)
    return Ahead(
        [(slot, found.expected.get(key, 0), found.seats.get(key, 0)) for slot, key in slots],
        missing(conference, set_now, problem, found.shortfalls, now),
        not found.shortfalls,
        known is None,
        enough,
        enough is None and not any(each.code in NO_PLACE for each in found.shortfalls),
        not (slots and problem.rooms and problem.sessions and any(each.attends for each in problem.participants)),
    )


def _with_needs(conference: Conference, set_now: Today, reader: str, now: datetime) -> Problem | None:
    try:
        return needing(conference, set_now, reader, now)
    except Untraced:
        return None


def _with_places_for_all(conference: Conference, today: Problem) -> Allocation | None:
    runs = recent(conference)
    fits = fit(runs, today)
    return next((run for run in runs if fits.get(run.id) and not run.missing), None)
