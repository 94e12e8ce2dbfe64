"""Whether a run still fits what is set today: what has changed since, and which rules its plan would break now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planner.allocations.results.answer import question
from planner.allocations.runs.snapshot import Contradiction, without_needs
from planner.allocations.runs.store import stored
from planner.models import Allocation
from planner.roster import Entry
from solver import Problem, Solution, verify

PARTS = ("slots", "rooms", "sessions", "meetings", "interpreters", "quotas")
"""Parts of a problem that are compared as wholes; people are compared by what they said."""
SAID = ("favourites", "vetoes", "languages", "slots", "attributes", "attends")


PLACED = {"rooms_hold_one_meeting", "size_at_most", "size_at_least"}


@dataclass(frozen=True)
class Outdated:
    """`changed` counts by part what is different now; `broken` are the rules that the stored plan breaks today.

    Each rule about rooms and sizes with where it is broken: facts with the ids of session, room and slot. Other rules
    without, as a place could tell what single people need or agreed.

    What is set today may contradict itself: then it has changed, but nothing can be counted against it.
    """

    changed: dict[str, int] = field(default_factory=dict)
    broken: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    contradiction: Contradiction | None = None


def outdated(
    allocation: Allocation,
    stated: Problem | None = None,
    people: Sequence[Entry] | None = None,
    plan: Solution | None = None,
) -> Outdated | None:
    """What has changed since the run was asked for; None while nothing has, or where nobody can tell any more.

    Needs are not read again for this: those that the run knew stand for today's, so this look leaves no trace.
    `stated` is today's conference without needs, `people` are everybody, `plan` is what is stored: where at hand.
    """
    asked = question(allocation)
    if asked is None:
        return None
    try:
        today = _with_needs_of(asked, stated or without_needs(allocation.conference, people))
    except Contradiction as error:
        return Outdated(contradiction=error)
    changed = _changes(asked, today)
    if not changed:
        return None
    return Outdated(changed, _broken(today, plan or stored(allocation)))


def _broken(today: Problem, plan: Solution) -> dict[str, list[dict[str, str]]]:
    meetings = {meeting.id: meeting for meeting in plan.meetings}
    found: dict[str, list[dict[str, str]]] = {}
    for each in verify(today, plan):
        places = found.setdefault(each.rule, [])
        meeting = meetings.get(each.facts.get("meeting", ""))
        if each.rule in PLACED:
            here = {"session": meeting.session, "room": meeting.room, "slot": meeting.slot} if meeting else {}
            places.append({**here, **{key: each.facts[key] for key in ("room", "slot") if key in each.facts}})
    return found


def _with_needs_of(asked: Problem, today: Problem) -> Problem:
    needs = {person.id: person.needs for person in asked.participants}
    people = tuple(replace(person, needs=needs.get(person.id, frozenset())) for person in today.participants)
    return replace(today, participants=people)


def _changes(asked: Problem, today: Problem) -> dict[str, int]:
    found = {part: _differing(getattr(asked, part), getattr(today, part)) for part in PARTS if part != "meetings"}
    if asked.previous is None:  # a repair was given the published meetings besides what is fixed by hand
        found["meetings"] = _differing(asked.meetings, today.meetings)
    before = {person.id: person for person in asked.participants}
    now = {person.id: person for person in today.participants}
    found["people_gone"] = len(before.keys() - now.keys())
    found["people_new"] = len(now.keys() - before.keys())
    both = before.keys() & now.keys()
    for what in SAID:
        found[f"people_{what}"] = sum(getattr(before[id], what) != getattr(now[id], what) for id in both)
    silent = both & _silent(asked) & _silent(today)
    found["people_presumed"] = sum(before[id].languages != now[id].languages for id in silent)
    found["people_languages"] -= found["people_presumed"]
    return {part: count for part, count in found.items() if count}


def _silent(problem: Problem) -> set[str]:
    """Who has said nothing about languages, whatever was presumed of her."""
    presumed = problem.info.get("presumed_language", {}).get("people", ())
    return {*presumed, *(person.id for person in problem.participants if not person.languages)}


def _differing(before: Iterable[Any], now: Iterable[Any]) -> int:
    """How many of these are gone, new or different: something changed counts once."""
    one, other = {_key(each): each for each in before}, {_key(each): each for each in now}
    return sum(one.get(key) != other.get(key) for key in one.keys() | other.keys())


def _key(each: Any) -> Any:
    """What makes it the same thing: its id, or for what has none the names in it."""
    names = ("id", "participant", "session", "slot", "attribute", "value")
    if hasattr(each, "id"):
        return each.id
    return tuple(getattr(each, name) for name in names if hasattr(each, name))
