"""A note on how fair a run is, fit to be published: counts only, small cells hidden, and how to check it."""

from collections import Counter
from dataclasses import dataclass, field, replace
from math import floor
from typing import Any

from solver.judge import checks, scores
from solver.problem import GoalResult, Problem, Solution
from solver.questions.satisfaction import SMALL, GroupsDays, satisfaction


@dataclass(frozen=True)
class Cell:
    """A group with its size, how many got at least one wish, and their satisfaction; None where hidden."""

    people: int | None
    with_wish: int | None
    satisfaction: float | None


@dataclass(frozen=True)
class Fairness:
    """`best` counts people by the rank of their best fulfilled wish ("1", .., "none"), `fulfilled` by how many.

    `groups` has those without a group under an empty name; `left_out` says that there are more, which are not named.
    """

    people: int
    with_wishes: int
    best: dict[str, int | None]
    fulfilled: dict[int, int | None]
    lowest: float
    groups: dict[str, Cell] = field(default_factory=dict)
    left_out: bool = False
    rules: tuple[str, ...] = ()
    flexible: dict[str, int] = field(default_factory=dict)
    exceptions: dict[str, int | None] = field(default_factory=dict)
    preset: str = ""
    seed: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    problem_hash: str = ""
    goals: tuple[GoalResult, ...] = ()


def fairness(
    problem: Problem, solution: Solution, attribute: str = "group", unnamed: frozenset[str] = frozenset()
) -> Fairness:
    """Of those who could choose; `lowest` is the least share of the best day that her list allows, rounded down.

    The groups `unnamed` are left out, and nothing tells how large they are.
    """
    attended = scores.attended(problem, solution)
    told = satisfaction(problem, solution, attribute)
    wishing = [problem.participant[id] for id in told.whole.choosing]
    ranks = {p.id: sorted(p.rank[s] + 1 for s in attended[p.id] if s in p.rank) for p in wishing}
    best = Counter(str(ranks[p.id][0]) if ranks[p.id] else "none" for p in wishing)
    fulfilled = Counter(len(ranks[p.id]) for p in wishing)
    longest = max((len(p.favourites) for p in wishing), default=0)
    by_rank, by_number = _both(
        {rank: best[rank] for rank in (*map(str, range(1, longest + 1)), "none")},
        {count: fulfilled[count] for count in range(len(problem.slots) + 1)},
    )
    groups, left_out = _groups(problem, attribute, ranks, told.groups, unnamed)
    if by_rank["none"] is None:  # the groups' counts would add up to it
        groups = {group: replace(cell, with_wish=None) for group, cell in groups.items()}
    broken = Counter(each.rule for each in solution.exceptions)
    return Fairness(
        people=told.whole.people,
        with_wishes=len(wishing),
        best=by_rank,
        fulfilled=by_number,
        lowest=floor(told.lowest * 1000) / 1000,
        groups=groups,
        left_out=left_out,
        rules=tuple(check.__name__ for check in checks.CHECKS),
        flexible=problem.flexible,
        exceptions={rule: count if count >= SMALL else None for rule, count in sorted(broken.items())},
        preset=solution.settings.preset.value,
        seed=solution.seed,
        versions=solution.versions,
        problem_hash=solution.problem_hash or problem.hash,
        goals=solution.goals,
    )


def hidden(cells: dict[Any, int], also: frozenset[Any] = frozenset()) -> dict[Any, int | None]:
    """Small cells hidden (and `also`), and the next smallest until nobody can work them out from the total.

    At least two cells with twice SMALL people, or everything, even what is empty. Source of complementary
    suppression: Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001.
    """
    small = {key for key, count in cells.items() if 0 < count < SMALL} | also
    large = (key for key, count in cells.items() if count >= SMALL and key not in small)
    rest = sorted(large, key=lambda key: (cells[key], str(key)))
    while small and (len(small) < 2 or sum(cells[key] for key in small) < 2 * SMALL):
        if not rest:
            small = set(cells)
            break
        small.add(rest.pop(0))
    return {key: None if key in small else count for key, count in cells.items()}


def _both(best: dict[str, int], fulfilled: dict[int, int]) -> tuple[dict[str, int | None], dict[int, int | None]]:
    """Two tables share a cell, those without any wish: hidden in one, it is hidden in the other."""
    one = hidden(best)
    two = hidden(fulfilled, frozenset({0}) if one["none"] is None else frozenset())
    return (hidden(best, frozenset({"none"})) if two[0] is None else one), two


def _groups(
    problem: Problem,
    attribute: str,
    ranks: dict[str, list[int]],
    days: dict[str, GroupsDays],
    unnamed: frozenset[str],
) -> tuple[dict[str, Cell], bool]:
    """With those who have no group, so that all add up; and whether any of the unnamed groups is among them."""
    members: dict[str, list[str]] = {}
    for person in problem.participants:
        if person.id in ranks:
            members.setdefault(person.attributes.get(attribute, ""), []).append(person.id)
    members = dict(sorted(members.items(), key=lambda each: (not each[0], each[0])))
    secret = unnamed & members.keys()
    sizes = hidden({group: len(ids) for group, ids in members.items()}, secret)
    # Nearly all and nearly none would both tell of single people; the sums over groups are known from `best`.
    lucky = hidden({group: sum(bool(ranks[id]) for id in ids) for group, ids in members.items()}, secret)
    empty = hidden({group: sum(not ranks[id] for id in ids) for group, ids in members.items()}, secret)
    found = {}
    for group, size in sizes.items():
        told = None if empty[group] is None else lucky[group]
        share = days[group].percent / 100 if group in days else None
        found[group] = Cell(None, None, None) if size is None else Cell(size, told, share)
    return {group: cell for group, cell in found.items() if group not in secret}, bool(secret)
