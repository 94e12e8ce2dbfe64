"""Whether a run still fits what is set today: what has changed since, and which rules its plan would break now."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from planner.allocations.results.answer import question
from planner.allocations.results.idle import Idle, idle, interprets_for_nobody
from planner.allocations.runs.grounds import SAID, about, fingerprint, grounds, without_agreements
from planner.allocations.runs.snapshot import Contradiction, without_needs
from planner.allocations.runs.store import stored
from planner.models import Allocation, AllocationState
from planner.roster import Entry
from solver import Meeting, Problem, Solution, Violation, verify

UNTOLD = {"references", "quotas_hold", "nobody_isolated", "together_or_apart", "vetoes_respected"}
"""Where these are broken could tell of what group single people are, what they agreed or what is not for them."""
OF_ONE = {"rooms_and_people_fit", "locks_hold"}
"""And of these, where they are about one person: what she needs, or what was fixed for her."""
TOLD = ("session", "room", "slot", "size", "count", "most", "least")
"""Of the facts of the other rules."""


@dataclass(frozen=True)
class Outdated:
    """`changed` counts by part what is different now; `broken` are the rules that the stored plan breaks today.

    Each rule with its breaches, one for each place: facts with the ids of session, room and slot as far as they are
    known, how many sit there of how many at most or at least, and of how many `people` it is broken. A breach has no
    facts where they could tell what a single person needs or agreed; those with facts stand first.

    `gone` are the people and sessions of the plan that do not take part or are not held any more, by what they are
    called in facts; rules are counted on what is left without them.

    What is set today may contradict itself: then it has changed, but nothing can be counted against it.

    `idle` are the meetings in which the plan lets somebody interpret for nobody, which a rule forbids that is younger
    than the plan. So they are not among what is `broken` by what was changed.
    """

    changed: dict[str, int] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    broken: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    contradiction: Contradiction | None = None
    idle: list[Idle] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether somebody has changed something, and not a rule of the program alone."""
        return bool(self.changed or self.contradiction)

    @property
    def is_broken(self) -> bool:
        """Whether it could not be kept to as it stands, even if nothing else changed."""
        return bool(self.broken or self.gone.get("session"))


def outdated(
    allocation: Allocation,
    stated: Problem | None = None,
    people: Sequence[Entry] | None = None,
    plan: Solution | None = None,
    *,
    agreed: bool = False,
) -> Outdated | None:
    """What has changed since the run was asked for; None while nothing has, or where nobody can tell any more.

    Needs are not read again for this: those that the run knew stand for today's, so this look leaves no trace.
    `stated` is today's conference without needs, `people` are everybody, `plan` is what is stored: where at hand.
    Who must be apart is left out of all that is counted, but where it is for somebody who knows what is `agreed`.
    """
    asked = question(allocation)
    if asked is None:
        return None
    try:
        today = _with_needs_of(asked, stated or without_needs(allocation.conference, people))
    except Contradiction as error:
        return Outdated(contradiction=error)
    if not agreed:
        asked, today = without_agreements(asked), without_agreements(today)
    changed = _changes(asked, today)
    for_nobody = idle([allocation.id], asked).get(allocation.id, [])
    if not changed:
        return Outdated(idle=for_nobody) if for_nobody else None
    kept = plan or stored(allocation)
    broken = _broken(today, _left(today, kept), {each.meeting for each in for_nobody})
    still = idle([allocation.id], today).get(allocation.id, []) if for_nobody else []
    return Outdated(changed, _gone(today, kept), broken, idle=[each for each in still if each in for_nobody])


def fit(runs: Iterable[Allocation], today: Problem | None, *, agreed: bool = False) -> dict[int, bool | None]:
    """By id of each run with a plan whether nothing has changed since, as `outdated` says, without reading the runs.

    None where only the run's own page can tell, as of who must be apart to somebody who knows what is `agreed`.
    `today` is None where what is set contradicts itself.
    """
    now = fingerprint(today) if today else ""
    solved = [run for run in runs if run.state is AllocationState.SOLVED]
    same = [run.id for run in solved if run.rests_on == now]
    for_nobody = idle(same, today) if today else {}  # today's people are theirs
    found = {run.id: None if run.rests_on is None else run.id in same and run.id not in for_nobody for run in solved}
    return {id: None if fits and agreed and today and today.apart else fits for id, fits in found.items()}


def _gone(today: Problem, plan: Solution) -> dict[str, list[str]]:
    people = dict.fromkeys(seat.participant for seat in plan.seats if seat.participant not in today.participant)
    sessions = dict.fromkeys(each.session for each in plan.meetings if each.session not in today.session)
    return {what: list(ids) for what, ids in (("participant", people), ("session", sessions)) if ids}


def _left(today: Problem, plan: Solution) -> Solution:
    """The plan without them: with a reference that leads nowhere nothing else would be counted."""
    meetings = tuple(each for each in plan.meetings if each.session in today.session)
    held = {each.id for each in meetings}
    seats = tuple(seat for seat in plan.seats if seat.meeting in held and seat.participant in today.participant)
    return replace(plan, meetings=meetings, seats=seats)


def _broken(today: Problem, plan: Solution, for_nobody: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What is broken twice at one place, as a room and a session can each be too small, is one breach."""
    meetings = {meeting.id: meeting for meeting in plan.meetings}
    at: dict[tuple[Any, ...], list[Violation]] = {}
    for each in verify(today, plan):
        if not (interprets_for_nobody(each) and each.facts["meeting"] in for_nobody):
            at.setdefault(_place(each), []).append(each)
    found: dict[str, list[dict[str, Any]]] = {}
    for here in at.values():
        found.setdefault(here[0].rule, []).append(_breach(here, meetings))
    return {rule: sorted(breaches, key=lambda facts: not facts) for rule, breaches in found.items()}


def _place(broken: Violation) -> tuple[Any, ...]:
    """The meeting, or what else it is about; of whom, where only that tells one breach from another."""
    facts, untold = broken.facts, _is_untold(broken)
    where = facts.get("meeting") or (facts.get("session"), facts.get("room"), facts.get("slot"))
    alone = facts.get("participant") if untold and "meeting" not in facts else None
    return broken.rule, untold, where, alone


def _is_untold(broken: Violation) -> bool:
    return broken.rule in UNTOLD or (broken.rule in OF_ONE and "participant" in broken.facts)


def _breach(here: Sequence[Violation], meetings: Mapping[str, Meeting]) -> dict[str, Any]:
    """Of all that is broken at one place."""
    first = here[0]
    if _is_untold(first):
        return {}
    meeting = meetings.get(first.facts.get("meeting", ""))
    place = {"session": meeting.session, "room": meeting.room, "slot": meeting.slot} if meeting else {}
    people = {each.facts["participant"] for each in here if "participant" in each.facts}
    unheard = sum(max(0, each.facts["listeners"] - each.facts["places"]) for each in here if "places" in each.facts)
    count = len(people) + unheard
    told = {key: first.facts[key] for key in TOLD if key in first.facts}
    return {**place, **told, **({"people": count} if count else {})}


def _with_needs_of(asked: Problem, today: Problem) -> Problem:
    needs = {person.id: person.needs for person in asked.participants}
    people = tuple(replace(person, needs=needs.get(person.id, frozenset())) for person in today.participants)
    return replace(today, participants=people)


def _changes(asked: Problem, today: Problem) -> dict[str, int]:
    """How many of each part are gone, new or different: something changed counts once. None where grounds are equal.

    Of a session that is cancelled now nobody has changed what she said: it counts as the session's change alone.
    """
    then, now = about(asked, today.session), grounds(today)
    found = {part: _differing(then[part], now[part]) for part in then if part != "people"}
    before, after = then["people"], now["people"]
    found["people_gone"] = len(before.keys() - after.keys())
    found["people_new"] = len(after.keys() - before.keys())
    both = before.keys() & after.keys()
    for what in SAID:
        found[f"people_{what}"] = sum(before[id][what] != after[id][what] for id in both)
    found["people_attributes"] = _other_attributes([(before[id], after[id]) for id in both])
    silent = both & _silent(asked) & _silent(today)
    found["people_presumed"] = sum(before[id]["languages"] != after[id]["languages"] for id in silent)
    found["people_languages"] -= found["people_presumed"]
    return {part: count for part, count in found.items() if count}


def _other_attributes(people: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> int:
    """Of how many: what is asked of people only since a rule was made has not changed of any of them."""
    pairs = [(then["attributes"], now["attributes"]) for then, now in people]
    asked = {name for then, _now in pairs for name in then} & {name for _then, now in pairs for name in now}
    asked.add("group")
    return sum(any(then.get(name) != now.get(name) for name in asked) for then, now in pairs)


def _silent(problem: Problem) -> set[str]:
    """Who has said nothing about languages, whatever was presumed of her."""
    presumed = problem.info.get("presumed_language", {}).get("people", ())
    return {*presumed, *(person.id for person in problem.participants if not person.languages)}


def _differing(before: Mapping[Any, Any], now: Mapping[Any, Any]) -> int:
    return sum(before.get(key) != now.get(key) for key in before.keys() | now.keys())
