"""Few sessions: every set of them is tried, and the best way to deal them onto the slots is found exactly.

Dynamic programming over subsets (Held and Karp, 1962); the threshold on the worst single assignment by bisection.
"""

from collections.abc import Callable, Iterator

from solver.search.foreign.dealing import Deal, Key

EXACT = 12
"""Up to so many blocks of sessions every set is tried."""
MOST = 40
"""Up to so many (block, slot) pairs."""


def fits(deal: Deal) -> bool:
    return len(deal.blocks) <= EXACT and len(deal.blocks) * len(deal.problem.slots) <= MOST


def best(deal: Deal, ended: Callable[[], bool]) -> tuple[list[Key] | None, int, bool]:
    """The lowest threshold at which a programme exists, then the least sum: sessions by slot, threshold, proven.

    (None, ..) where there is none, or no time for one.
    """
    low, high = 0, deal.top
    found: list[Key] | None = None
    while low <= high and not ended():
        middle = (low + high) // 2
        slots = _partition(deal, middle, ended)
        if slots is not None:
            found, high = slots, middle - 1
        else:
            low = middle + 1
    return found, low, found is not None and not ended()


def _partition(deal: Deal, limit: int, ended: Callable[[], bool]) -> list[Key] | None:
    """The cheapest way to deal all blocks that must be held, and any others, onto the slots; None without one."""
    many, full = len(deal.problem.slots), (1 << len(deal.blocks)) - 1
    optional = sum(1 << at for at, free in enumerate(deal.optional) if free)
    tables: list[dict[int, tuple[int, int]]] = []
    value: dict[int, int] = {0: 0}
    for t in range(many):
        table: dict[int, tuple[int, int]] = {}
        for before, cost in value.items():
            rest = full & ~before
            for part in _parts(rest, rest & ~optional if t == many - 1 else 0):
                if ended():
                    return None
                here = cost + _slot_cost(deal, t, part, limit)
                union = before | part
                if here < deal.missing and (union not in table or here < table[union][0]):
                    table[union] = (here, before)
        tables.append(table)
        value = {union: cost for union, (cost, _) in table.items()}
    if not value:
        return None
    state, slots = min(value, key=lambda union: (value[union], union)), []
    for t in reversed(range(many)):
        before = tables[t][state][1]
        slots.append(_sessions(deal, state & ~before))
        state = before
    return slots[::-1]


def _parts(rest: int, needed: int) -> Iterator[int]:
    """Every subset of `rest` that has all of `needed`."""
    free = part = rest & ~needed
    while True:
        yield part | needed
        if part == 0:
            return
        part = (part - 1) & free


def _sessions(deal: Deal, part: int) -> Key:
    return frozenset(s for at, block in enumerate(deal.blocks) if part >> at & 1 for s in block)


def _slot_cost(deal: Deal, t: int, part: int, limit: int) -> int:
    sessions = _sessions(deal, part)
    return deal.missing if deal.wrong(t, sessions) else deal.slot_value(t, sessions, limit)[0]
