"""What relaxations prove of each goal, for all allocations that keep the earlier goals within their limits."""

from collections.abc import Callable

from solver.bounds.attendance import attendance
from solver.bounds.encounters import encounters
from solver.bounds.lagrange import Duals
from solver.bounds.merged import Merged
from solver.bounds.mix import mix
from solver.bounds.places import missing_places
from solver.flow.arrays import Numbers
from solver.search.incumbent import Incumbent

PLACES, FLOW, PRICES, COUNTING = "places", "merged_flow", "prices", "counting"
"""The codes of where a bound comes from: what the forecast counts, one flow over the merged day, such flows at prices,
or plain counting."""
A_UNIT = 3.0
"""How many points a unit of the worst-off value is worth, to begin the search for prices with."""


def prove_unplaced(known: Incumbent, merged: Merged) -> None:
    """How many (person, slot) pairs nobody can place."""
    known.learn("unplaced", int(missing_places(merged.arrays).places), PLACES)
    fewest = merged.fewest_unplaced()
    if fewest is not None:
        known.learn("unplaced", fewest, FLOW)


def prove(known: Incumbent, merged: Merged, days: Numbers, ended: Callable[[], bool]) -> None:
    """Bounds on the goals after unplaced, each with what it presumes; `days` P: each person's points in some answer."""
    goals, limit = known.goals, known.limit("unplaced")
    unplaced, given = int(limit or 0), {} if limit is None else {"unplaced": limit}
    if not ended():
        visits = attendance(merged.arrays, unplaced)
        if "mix" in goals:
            known.learn("mix", mix(merged.arrays.problem, visits), COUNTING, given)
        if "encounters" in goals:
            known.learn("encounters", encounters(visits), COUNTING, given)
    if "wishes" in goals and not ended():
        most = merged.most_wishes(unplaced=unplaced)
        if most is not None:
            known.learn("wishes", most.wishes, FLOW, given)
    if "worst_off" in goals and not ended():
        _prove_worst_off(known, Duals(merged, unplaced), given, days, ended)


def _prove_worst_off(
    known: Incumbent, duals: Duals, given: dict[str, float], days: Numbers, ended: Callable[[], bool]
) -> None:
    known.learn("worst_off", duals.worst_off(days, ended), PRICES, given)
    limit = known.limit("worst_off")
    names = [goal.name for goal in known.order]
    if limit is not None and names.index("wishes") > names.index("worst_off"):
        most = duals.wishes(limit, days, A_UNIT, ended)
        if most is not None:
            known.learn("wishes", most, PRICES, {**given, "worst_off": limit})
