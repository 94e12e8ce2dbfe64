"""The figures of a run's pages, all counted from the run's own snapshot and the rows that answer it."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from planner import languages
from planner.allocations.results.in_charge import Lost, lost_in_charge
from planner.allocations.runs.close import by_hand
from planner.models import Allocation, Conference, Slot
from planner.roster import Named
from solver import (
    GoalResult,
    Problem,
    Role,
    Satisfaction,
    Shortage,
    Solution,
    Violation,
    rules_in_force,
    satisfaction,
    shortages,
)

STEPS = 5
"""Tones of the ranks in pictures, from dark to light."""


@dataclass(frozen=True)
class Figures:
    """`told` has the counts; people and rounds stand beside them as the application's own rows.

    Somebody who has been erased since is still counted, but in no list of people.
    """

    told: Satisfaction
    missing: list[tuple[Slot, Shortage, list[Named]]]
    lacking_twice: list[Named]
    nothing: list[Named]
    by_round: list[dict[str, Any]]
    by_group: list[dict[str, Any]]
    rules: tuple[str, ...]
    exceptions: dict[str, int]
    cancelled: list[str]
    lost: list[Lost]
    goals: tuple[GoalResult, ...]

    @property
    def places_missing(self) -> int:
        return len(self.told.unplaced)


def figures(
    allocation: Allocation, known: tuple[Problem, Solution], people: Iterable[Named], labels: dict[str, str]
) -> Figures:
    """`labels` are the words for the kinds of places: "1", "2", ..., "other", "free", "duty", "missing"."""
    problem, solution = known
    told = satisfaction(problem, solution)
    of_key = {person.key: person for person in people}
    slots = {str(slot.id): slot for slot in allocation.conference.slots}
    kinds = _kinds(problem, solution, told)
    return Figures(
        told,
        [(slots[s.slot], s, _people(of_key, s.people)) for s in shortages(problem, solution) if s.slot in slots],
        _people(of_key, told.lacking_twice),
        _people(of_key, told.without_a_wish),
        _by_round(allocation.conference, kinds, labels),
        _by_group(allocation.conference, problem, told, kinds, labels),
        rules_in_force(set_by_hand(problem)),
        _exceptions(solution.exceptions),
        _cancelled(allocation.conference, problem, solution),
        [each for each in lost_in_charge(problem, solution) if each.participant in of_key],
        solution.goals,
    )


def set_by_hand(problem: Problem) -> Problem:
    """With the meetings that organisers had fixed, not those that a run to stay close took from what is published."""
    fixed = by_hand(problem)
    return problem if fixed is None else replace(problem, meetings=fixed)


def _cancelled(conference: Conference, problem: Problem, solution: Solution) -> list[str]:
    """The titles of sessions that are not held at all."""
    held = {meeting.session for meeting in solution.meetings}
    dropped = [session.id for session in problem.sessions if session.id not in held]
    if not dropped:
        return []
    here = languages.current()
    titles = {str(session.id): languages.pick(session.title, here) for session in conference.sessions}
    return [titles.get(id, id) for id in dropped]


def _people(of_key: dict[str, Named], keys: Iterable[str]) -> list[Named]:
    return sorted((of_key[key] for key in keys if key in of_key), key=lambda person: person.name)


def _exceptions(broken: Iterable[Violation]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for each in broken:
        found[each.rule] += each.amount
    return dict(found)


def _kinds(problem: Problem, solution: Solution, told: Satisfaction) -> dict[tuple[str, str], str]:
    """What kind of place each (person, round) has: the rank of a wish, "other", "free", "duty" or "missing"."""
    sessions = {meeting.id: meeting.session for meeting in solution.meetings}
    found = dict.fromkeys(told.unplaced, "missing")
    for seat in solution.seats:
        person = problem.participant[seat.participant]
        rank = person.rank.get(sessions[seat.meeting])
        if seat.role is not Role.ATTENDEE:
            kind = "duty"
        elif rank is not None:
            kind = str(rank + 1)
        else:
            kind = "other" if person.favourites else "free"
        found[seat.participant, seat.slot] = kind
    return found


def _by_round(
    conference: Conference, kinds: dict[tuple[str, str], str], labels: dict[str, str]
) -> list[dict[str, Any]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (_id, slot), kind in kinds.items():
        counts[slot][kind] += 1
    here = languages.current()
    return [
        {"label": languages.pick(slot.title, here), "parts": _parts(counts[str(slot.id)], labels)}
        for slot in conference.slots
    ]


def _by_group(
    conference: Conference,
    problem: Problem,
    told: Satisfaction,
    kinds: dict[tuple[str, str], str],
    labels: dict[str, str],
) -> list[dict[str, Any]]:
    """Of those who could choose: their places, how many have their best day, the average share of it."""
    choosing = set(told.whole.choosing)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (id, _slot), kind in kinds.items():
        if id in choosing and kind != "duty":
            counts[problem.participant[id].attributes.get("group", "")][kind] += 1
    here = languages.current()
    shown = {key: label for key, label in labels.items() if key not in {"free", "duty"}}
    there = {person.attributes.get("group", "") for person in problem.participants}
    return [
        {
            "label": languages.pick(group.title, here),
            "parts": _parts(counts[str(group.id)], labels, shown),
            "days": told.groups.get(str(group.id)),
        }
        for group in conference.groups
        if str(group.id) in there
    ]


def _parts(counts: Counter[str], labels: dict[str, str], shown: dict[str, str] | None = None) -> list[dict[str, Any]]:
    return [{"label": label, "value": counts[kind], "colour": _tone(kind)} for kind, label in (shown or labels).items()]


def _tone(kind: str) -> str:
    """Ranks in steps of one hue, of which there are five: whatever comes after has the last."""
    return str(min(int(kind), STEPS)) if kind.isdigit() else kind
