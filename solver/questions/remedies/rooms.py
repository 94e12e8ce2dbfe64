"""Changes to rooms: features, chairs, hours, and more of them."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from solver.problem import Problem, Room
from solver.questions.remedies.option import Change, Option, of_room, of_room_by

MOST_ROOMS = 20
MOST_CHAIRS = 100


def rooms(problem: Problem, crowd: dict[str, int]) -> Iterator[Option]:
    wanted = {feature for session in problem.sessions for feature in session.features}
    wanted |= {feature for person in problem.participants for feature in person.needs}
    for room in problem.rooms:
        for feature in sorted(wanted - room.features):
            people = sum(crowd.get(p.id, 1) for p in problem.participants if feature in p.needs)
            facts = {"room": room.id, "feature": feature, "people": people}
            yield Option("feature", "rooms_and_people_fit", facts, 3, _featured(room.id, feature))
        if room.capacity is not None:
            chairs = of_room_by(room.id, lambda r, by: replace(r, capacity=(r.capacity or 0) + by))
            many = of_room(room.id, lambda r: replace(r, capacity=(r.capacity or 0) + MOST_CHAIRS))
            sizes = {"room": room.id, "capacity": room.capacity}
            yield Option("capacity", "size_at_most", sizes, 5, many, most=MOST_CHAIRS, partly=chairs)
        if room.slots is not None:
            open_ = of_room(room.id, lambda r: replace(r, slots=None))
            yield Option("open", "rooms_hold_one_meeting", {"room": room.id}, 3, open_)
    more = partial(_more_rooms, by=MOST_ROOMS)
    yield Option("rooms", "rooms_hold_one_meeting", {}, 6, more, most=MOST_ROOMS, partly=_more_rooms)


def _more_rooms(problem: Problem, by: int) -> Problem:
    """As good as the best that are there."""
    unbounded = any(room.capacity is None for room in problem.rooms) or not problem.rooms
    capacity = None if unbounded else max(room.capacity or 0 for room in problem.rooms)
    features = frozenset(feature for session in problem.sessions for feature in session.features)
    features |= {feature for person in problem.participants for feature in person.needs}
    new = tuple(Room(f"room more {number}", capacity, features) for number in range(1, by + 1))
    return replace(problem, rooms=problem.rooms + new)


def _featured(id: str, feature: str) -> Change:
    return of_room(id, lambda r: replace(r, features=r.features | {feature}))
