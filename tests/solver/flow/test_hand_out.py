"""Places of hubs, handed out with trades: nobody to where she was before, and nobody left over who need not be."""

import random
from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from solver import Participant, Room
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.frame import frame_of
from solver.flow.hand_out import hand_out
from solver.flow.timetable import Timetable
from solver.problem import Meeting
from tests.solver.flow.days import weights
from tests.solver.makers import person, problem

EVERYWHERE = frozenset({"step_free"})


def handed_out(
    people: tuple[Participant, ...], sessions: int, visited: list[set[int]], hubs: dict[int, list[int]]
) -> tuple[list[int], list[int]]:
    """The session that each person gets, -1 for none, and who is left over.

    visited: the sessions that each person attends in other slots. hubs: for each class the sessions its hub got.
    """
    slots = 1 + max(map(len, visited), default=0)
    rooms = tuple(Room(f"r{at}", 10, EVERYWHERE) for at in range(sessions))
    given = replace(problem(sessions=sessions, slots=slots, participants=people), rooms=rooms)
    held = tuple(Meeting(f"s{s}@t{t}", f"s{s}", f"t{t}", f"r{s}", "de") for t in range(slots) for s in range(sessions))
    day = Day(Timetable(Arrays(given), held))
    for p, seen in enumerate(visited):
        for t, s in enumerate(sorted(seen), start=1):
            day.at[p, t] = t * sessions + s
    waiting = np.arange(len(people))
    pairs = [(c, s) for c, got in hubs.items() for s in sorted(set(got))]
    counts = np.array([hubs[c].count(s) for c, s in pairs])
    classes, doors = np.array(pairs).T
    found = np.full(len(people), -1)
    left = hand_out(frame_of(day.question(0, weights(given))), waiting, classes, doors, counts, found)
    return found.tolist(), left.tolist()


def alike(many: int) -> tuple[Participant, ...]:
    return tuple(person(f"p{at}") for at in range(many))


def test_people_of_two_classes_trade_what_their_hubs_got() -> None:
    people = (person("p0", needs=EVERYWHERE), person("p1"))

    assert handed_out(people, 3, [{0}, {2}], {0: [0], 1: [1]}) == ([1, 0], [])


def test_who_is_left_over_is_served_along_a_row_of_trades() -> None:
    """p2 can only take s0, whose first taker can only take s1, whose first taker takes s2."""
    assert handed_out(alike(3), 3, [{2}, set(), {1, 2}], {0: [0, 1, 2]}) == ([1, 2, 0], [])


def test_who_can_take_nothing_is_named_and_has_no_place() -> None:
    assert handed_out(alike(2), 2, [{1}, {1}], {0: [0, 1]}) == ([0, -1], [1])


@pytest.mark.parametrize("seed", range(40))
def test_no_more_are_left_over_than_must_be(seed: int) -> None:
    dice = random.Random(seed)
    many, sessions = dice.randint(2, 5), dice.randint(2, 4)
    places = [dice.randrange(sessions) for _ in range(many)]
    visited = [set(dice.sample(range(sessions), dice.randint(0, sessions - 1))) for _ in range(many)]

    got, left = handed_out(alike(many), sessions, visited, {0: places})

    fewest = min(sum(s in visited[p] for p, s in enumerate(order)) for order in permutations(places))
    assert len(left) == fewest
    assert all((s == -1) == (p in left) and s not in visited[p] for p, s in enumerate(got))
    assert all(got.count(s) <= places.count(s) for s in range(sessions))
