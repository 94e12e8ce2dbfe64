"""What is taken out of runs afterwards: people who are erased, and everybody's needs when their time is over.

Of somebody who is erased an empty chair stays where a plan has a place, and of what she said nothing. The chair has a
name of its own in each run, so that nothing leads from one run to another, or to anybody.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import select

from planner.allocations.runs.grounds import fingerprint
from planner.extensions import db
from planner.models import Allocation, Assignment, Conference, Participant, random_key
from solver import Participant as Person
from solver import Previous, Problem, ProblemError, Session

KEY = re.compile(r'"([0-9a-f]{16})"')
NOTHING = "{}"
T = TypeVar("T")


def empty_chairs(conference: Conference, people: Collection[Participant]) -> None:
    """Takes these people out of every run of their conference; its rows are held until the transaction ends."""
    runs = select(Allocation).filter_by(conference_id=conference.id).order_by(Allocation.id).with_for_update()
    for run in db.session.scalars(runs.execution_options(populate_existing=True)):
        if run.is_frozen:  # before it knows nobody
            _empty(run, {person.id: person.key for person in people})


def forget_needs(conference: Conference) -> None:
    """No run knows any more who needs what; rooms and places stay."""
    known = Allocation.snapshot.contains('"needs"')
    runs = select(Allocation).where(Allocation.conference_id == conference.id, known).order_by(Allocation.id)
    for run in db.session.scalars(runs.with_for_update().execution_options(populate_existing=True)):
        _change(run, without_needs)


def without_needs(problem: Problem) -> Problem:
    """The same question, where nobody needs anything."""
    return replace(problem, participants=tuple(replace(person, needs=frozenset()) for person in problem.participants))


def _empty(run: Allocation, keys: Mapping[int, str]) -> None:
    chairs, slots = {key: random_key() for key in keys.values()}, defaultdict(set)
    for seat in db.session.scalars(select(Assignment).filter_by(allocation_id=run.id)):
        key = keys.get(seat.participant_id or 0)
        if key:
            seat.chair = chairs[key]
            seat.participant_id = seat.listens_in = seat.voices = None
            slots[seat.chair].add(str(seat.slot_id))
    run.without_place = {key: missing for key, missing in (run.without_place or {}).items() if key not in chairs}
    run.reason = _renamed(run.reason, chairs)
    run.result = _renamed(run.result, chairs)
    _change(run, lambda problem: without(problem, chairs, slots))


def _renamed(value: T, chairs: Mapping[str, str]) -> T:
    """The same with the chairs' names, wherever in it somebody is named."""
    text = json.dumps(value, ensure_ascii=False)
    renamed: T = json.loads(KEY.sub(lambda found: f'"{chairs.get(found[1], found[1])}"', text))
    return renamed


def _change(run: Allocation, change: Callable[[Problem], Problem]) -> None:
    """The run's question from now on, with its hashes; of a version that cannot be read any more nothing is kept."""
    try:
        problem = change(Problem.unpacked(run.snapshot))
    except ProblemError:
        run.snapshot, run.snapshot_hash, run.rests_on = NOTHING, "", None
    else:
        run.snapshot, run.snapshot_hash, run.rests_on = problem.to_json(), problem.hash, fingerprint(problem)
    if run.result:
        run.result = {**run.result, "problem_hash": run.snapshot_hash}


def without(problem: Problem, chairs: Mapping[str, str], slots: Mapping[str, set[str]]) -> Problem:
    """Whoever has places in the plan becomes a chair that is there in these rounds; the others are gone.

    `chairs` names people's chairs by their keys, `slots` the rounds of each chair. Chairs stand last, because the
    order of a snapshot is that of people's names.
    """
    others = tuple(person for person in problem.participants if person.id not in chairs)
    left = tuple(Person(chair, slots=frozenset(slots[chair])) for chair in sorted(slots))
    staffed = {key: chair for key, chair in chairs.items() if chair in slots}
    return replace(
        problem,
        participants=others + left,
        sessions=tuple(_session(session, chairs, staffed) for session in problem.sessions),
        interpreters=tuple(each for each in problem.interpreters if each.participant not in chairs),
        locks=tuple(lock for lock in problem.locks if lock.participant not in chairs),
        together=tuple(bond for bond in problem.together if not bond & chairs.keys()),
        apart=tuple(bond for bond in problem.apart if not bond & chairs.keys()),
        previous=problem.previous and _previous(problem.previous, chairs),
        info=_info(problem.info, chairs),
    )


def _session(session: Session, gone: Collection[str], staffed: Mapping[str, str]) -> Session:
    def kept(staff: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(staffed.get(id, id) for id in staff if id in staffed or id not in gone)

    return replace(session, facilitators=kept(session.facilitators), note_takers=kept(session.note_takers))


def _previous(earlier: Previous, gone: Collection[str]) -> Previous:
    return replace(
        earlier,
        places=tuple(place for place in earlier.places if place.participant not in gone),
        interpreters=tuple(each for each in earlier.interpreters if each.participant not in gone),
    )


def _info(info: dict[str, Any], gone: Collection[str]) -> dict[str, Any]:
    """Whose language was a guess is a list of people, too."""
    presumed = info.get("presumed_language")
    if presumed is None:
        return info
    return {**info, "presumed_language": {**presumed, "people": [key for key in presumed["people"] if key not in gone]}}
