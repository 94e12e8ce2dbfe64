"""Many sessions: blocks trade slots by simulated annealing (Kirkpatrick et al., 1983), below a falling threshold.

The threshold bounds the worst single assignment: whenever it is met, a lower one is tried, for a while.
"""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from solver.problem import Solution
from solver.search.foreign.dealing import Deal, Key

TOLD_EVERY = 40
"""Moves between two better answers that are told: each is verified."""
HEAT, COOLING, COLDEST = 4000.0, 0.9985, 0.02
"""A rise in cost that is taken with probability 1/e at first, how fast that falls, and to what share of it."""
IDLE = 400
"""So many moves in a row without a gain end the attempt at a lower threshold."""
AGAIN = 200
"""Moves until the next such attempt: twice as many after each that failed."""


@dataclass
class State:
    """A programme, the threshold it keeps, and its value below it."""

    slots: list[Key]
    limit: int
    value: int


def best(
    deal: Deal,
    seed: int,
    ended: Callable[[], bool],
    on_better: Callable[[Solution], None],
    rounds: int | None,
) -> tuple[list[Key], int]:
    """The best programme found in the time (or in so many `rounds`), and the threshold it keeps."""
    dice = random.Random(seed)
    slots = _spread(deal, dice)
    found = State(slots, deal.top, deal.value(slots, deal.top))
    now, heat, tried, told, again, pause, fresh = found, 1.0, 0, 0, 0, AGAIN, True
    while not ended() and (rounds is None or tried < rounds):
        tried += 1
        other = changed(deal, now.slots, dice)
        value = deal.value(other, now.limit)
        if value <= now.value or dice.random() < math.exp((now.value - value) / (heat * HEAT)):
            now = State(other, now.limit, value)
        heat = max(COLDEST, heat * COOLING)
        if now.value < found.value:
            found, fresh = now, True
        if fresh and found.value < deal.missing and (not told or tried - told > TOLD_EVERY):
            on_better(deal.solution(found.slots, found.limit))
            told, fresh = tried, False
        if found.value < deal.missing and tried >= again:
            lower = _lower(deal, found, ended, dice)
            again, pause = (tried + pause, 2 * pause) if lower is None else (tried, AGAIN)
            now = found = lower or found
            fresh = fresh or lower is not None
    return found.slots, found.limit


def _lower(deal: Deal, found: State, ended: Callable[[], bool], dice: random.Random) -> State | None:
    """Descend below the worst assignment of the best; None if that is not met in a while."""
    limit = deal.worst(found.slots, found.limit) - 1
    slots, now, idle = found.slots, deal.value(found.slots, limit), 0
    lowest = now
    while now >= deal.missing and idle < IDLE and not ended():
        other = changed(deal, slots, dice)
        value = deal.value(other, limit)
        idle, lowest = (0, value) if value < lowest else (idle + 1, lowest)
        if value <= now or dice.random() < COLDEST:
            slots, now = other, value
    return State(slots, limit, now) if now < deal.missing else None


def _spread(deal: Deal, dice: random.Random) -> list[Key]:
    """Blocks dealt out in turn: equal numbers of places in all slots."""
    slots: list[set[int]] = [set() for _ in deal.problem.slots]
    for block in sorted(deal.blocks, key=lambda b: (-len(b), dice.random())):
        best = min(
            range(len(slots)),
            key=lambda t: (
                deal.structure([frozenset(s | (block if t == k else set())) for k, s in enumerate(slots)]),
                len(slots[t]),
            ),
        )
        slots[best] |= block
    return [frozenset(each) for each in slots]


def changed(deal: Deal, slots: list[Key], dice: random.Random) -> list[Key]:
    """Two blocks trade slots, or one moves, or one that may be left out is left out or taken in again."""
    found = [set(each) for each in slots]
    at = {s: t for t, each in enumerate(found) for s in each}
    optional = [block for block, free in zip(deal.blocks, deal.optional, strict=True) if free]
    if optional and dice.random() < 0.2:
        block = dice.choice(optional)
        if min(block) in at:
            found[at[min(block)]] -= block
        else:
            found[dice.randrange(len(found))] |= block
        return [frozenset(each) for each in found]
    held = [block for block in deal.blocks if min(block) in at]
    if not held:
        return slots
    one, two = dice.choice(held), dice.choice(held)
    here, there = at[min(one)], at[min(two)]
    if dice.random() < 0.3:
        there, two = dice.randrange(len(found)), frozenset()
    found[here] -= one
    found[there] -= two
    found[here] |= two
    found[there] |= one
    return [frozenset(each) for each in found]
