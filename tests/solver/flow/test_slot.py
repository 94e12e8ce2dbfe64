"""One slot at its optimum: as trying everything finds it, by single arcs and through hubs alike."""

import random
from itertools import product

import numpy as np
import pytest

from solver import Quota, Room, Session
from solver.flow import seating
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.timetable import Timetable
from solver.flow.values import price
from solver.problem import Meeting, Problem
from tests.solver.flow.days import weights
from tests.solver.makers import person, problem


def slot_of(seed: int, people: int = 5) -> Problem:
    """One slot with three meetings, some full at once, in German or Arabic."""
    dice = random.Random(seed)
    sessions = tuple(
        Session(f"s{at}", minimum=dice.randint(0, 2), maximum=dice.randint(2, 3), languages=frozenset({"de"}))
        for at in range(3)
    )
    persons = tuple(
        person(
            f"p{at}",
            attributes={"group": dice.choice("ab")},
            favourites=tuple(dice.sample(["s0", "s1", "s2"], dice.randint(0, 3))),
            vetoes=frozenset({dice.choice(["s0", "s1", "s2"])} if dice.random() < 0.2 else ()),
        )
        for at in range(people)
    )
    base = problem(people=1)
    rooms = (Room("r0", dice.randint(1, 3)), Room("r1", 4), Room("r2"))
    quotas = (Quota("group", "a", minimum=dice.randint(0, 1), maximum=2),) if seed % 2 else ()
    return Problem(base.slots, rooms, sessions, persons, quotas=quotas)


def day_of(given: Problem) -> Day:
    held = (Meeting(f"s{at}@t0", f"s{at}", "t0", f"r{at}", "de") for at in range(3))
    return Day(Timetable(Arrays(given), tuple(held)))


def best_by_trying(day: Day, given: Problem) -> int:
    """The least price of all ways to seat everybody lawfully."""
    timetable, found = day.timetable, []
    most = timetable.quotas[1]
    for places in product(range(-1, 3), repeat=len(given.participants)):
        at = np.array(places, dtype=np.int64)
        sizes = np.bincount(at[at >= 0], minlength=3)
        groups = np.zeros_like(most)
        np.add.at(groups, (at[at >= 0], timetable.arrays.group[at >= 0]), 1)
        barred = any(m >= 0 and f"s{m}" in given.participants[p].vetoes for p, m in enumerate(places))
        if (sizes <= timetable.most).all() and (groups <= most).all() and not barred:
            found.append(price(timetable, weights(given), 0, at[:, None]))
    return min(found)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("single", [True, False], ids=["single arcs", "hubs"])
def test_a_slot_is_seated_at_its_optimum(monkeypatch: pytest.MonkeyPatch, seed: int, single: bool) -> None:
    monkeypatch.setattr(seating, "INDIVIDUAL", 10**6 if single else 0)
    given = slot_of(seed)
    day = day_of(given)

    assert day.reoptimise(0, weights(given))
    assert price(day.timetable, weights(given), 0, day.at) == best_by_trying(day, given)


@pytest.mark.parametrize("seed", range(6))
def test_a_sweep_never_makes_a_day_worse(seed: int) -> None:
    given = slot_of(seed, 30)
    day = day_of(given)
    assert day.reoptimise(0, weights(given, worst=0))
    before = price(day.timetable, weights(given), 0, day.at)

    day.sweep(weights(given), lambda: False)

    assert price(day.timetable, weights(given), 0, day.at) <= before
