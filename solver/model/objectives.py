"""What is better: one function per goal, and the order of goals in each preset."""

import itertools
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor, lcm

from solver.judge import scores
from solver.model.goal import Goal
from solver.model.variables import Linear, Model, Variables
from solver.problem import Preset, Problem, Solution

NATIVE_SCALE = 10**6
"""Into so many parts foreign values are cut where they are no simple fractions; rounded so that bounds stay bounds."""
MOST_PARTS = 10**7
"""Up to so many parts foreign values are exact: larger numbers slow the engine down."""
ROUNDING = 1e-6


def assignments(problem: Problem) -> int:
    """How many places there are to give in the whole day."""
    return max(
        1,
        sum(problem.present(p, slot.id) for p in problem.participants for slot in problem.slots if p.attends),
    )


def fewest_unplaced(model: Model, problem: Problem, x: Variables) -> Linear:
    """As few people without a place as possible."""
    return sum(x.unplaced.values())


def worst_off_first(model: Model, problem: Problem, x: Variables) -> Linear:
    """The least satisfied as well off as possible over the whole day, then the next."""
    costs: list[Linear] = []
    for person in problem.participants:
        if not person.favourites or not person.attends:
            continue
        got = sum(problem.points(person, start[0]) * seat for start, seat in x.seat[person.id].items())
        steps = []
        for wanted, cost in scores.needed(problem, person):
            short = model.new_bool_var(f"short {person.id} {wanted}")
            model.add(got + wanted * short >= wanted)
            x.falls_short.append((short, wanted, got))
            steps.append(short)
            costs.append(cost * short)
        for lower, higher in itertools.pairwise(steps):
            model.add_implication(lower, higher)
    return sum(costs)


def most_wishes(model: Model, problem: Problem, x: Variables) -> Linear:
    """The most satisfaction, ranks weighted by the published table."""
    return sum(
        problem.points(person, start[0]) * seat
        for person in problem.participants
        if person.favourites
        for start, seat in x.seat[person.id].items()
    )


def best_mix(model: Model, problem: Problem, x: Variables) -> Linear:
    """The smallest deviation of each meeting's composition from the conference's."""
    deviations, unit = [], mix_unit(problem)
    for attribute in problem.balance:
        whole = scores.shares(problem, attribute)
        everybody = sum(whole.values())
        for start in x.held:
            people = [(p, seat) for p, seat in x.attendees[start] if attribute in p.attributes]
            size = sum(seat for _, seat in people)
            for value, share in whole.items():
                count = sum(seat for p, seat in people if p.attributes[attribute] == value)
                deviation = model.new_int_var(0, everybody * len(people), f"mix {start} {value}")
                over = everybody * count - share * size
                deviations.append(unit // everybody * x.at_least(model, deviation, over, -over))
    return sum(deviations)


MOST_PARTS_OF_MIX = 10**12
"""Of a person, so that sums stay far below 2**63; rounded down at this scale the bound stays a bound."""


def mix_unit(problem: Problem) -> int:
    """A whole number of parts in which every attribute's shares are whole; many parts where that takes too many."""
    parts = lcm(*(sum(scores.shares(problem, attribute).values()) or 1 for attribute in problem.balance))
    return min(parts, MOST_PARTS_OF_MIX)


def most_even_sizes(model: Model, problem: Problem, x: Variables) -> Linear:
    """Meetings side by side of similar size."""
    spreads: list[Linear] = []
    most = len(problem.participants)
    for slot in problem.slots:
        starts = [start for start in x.held if start[1] == slot.id]
        if len(starts) < 2:
            continue
        largest = model.new_int_var(0, most, f"largest {slot.id}")
        short = model.new_int_var(0, most, f"short {slot.id}")
        busy = model.new_bool_var(f"busy {slot.id}")
        # The smallest is kept as what it falls short of everybody, so that both are maxima; a slot without meetings
        # has neither.
        x.at_least(model, largest, *(x.size(start) for start in starts))
        x.at_least(model, short, *(most * x.held[start] - x.size(start) for start in starts))
        model.add(busy <= sum(x.held[start] for start in starts))
        x.derived.append((busy, tuple(x.held[start] for start in starts)))
        spreads.append(largest + short - most * busy)
    return sum(spreads)


def cheapest_exceptions(model: Model, problem: Problem, x: Variables) -> Linear:
    """Agreed exceptions: the cheapest sum of the prices at which flexible rules are broken."""
    return sum(price * excess for excess, price in x.exceptions)


MOST_PAIRS = 200_000
"""Beyond so many (pair, meeting) products new encounters are counted and improved by swaps, not modelled."""


def new_encounters(model: Model, problem: Problem, x: Variables) -> Linear:
    """The fewest pairs who meet again."""
    again = []
    people = [id for id, seats in x.seat.items() if seats]
    if pairs_in_meetings(problem, x) > MOST_PAIRS:
        return None
    for one, other in itertools.combinations(people, 2):
        met = []
        for start, mine in x.seat[one].items():
            theirs = x.seat[other].get(start)
            if theirs is not None:
                both = model.new_bool_var(f"met {one} {other} {start}")
                met.append(x.at_least(model, both, mine + theirs - 1))
        if len(met) > 1:
            more = model.new_int_var(0, len(met), f"again {one} {other}")
            again.append(x.at_least(model, more, sum(met) - 1))
    return sum(again)


def pairs_in_meetings(problem: Problem, x: Variables) -> int:
    """How many (pair, meeting) products there are."""
    people = sum(bool(seats) for seats in x.seat.values())
    return people * (people - 1) // 2 * len(x.held)


def fewest_changes(model: Model, problem: Problem, x: Variables) -> Linear:
    """The fewest changes against the earlier allocation."""
    if problem.previous is None:
        return 0
    changes: list[Linear] = []
    for place in scores.still_there(problem):
        seat = x.seat[place.participant].get((place.session, place.slot))
        changes.append(1 if seat is None else 1 - seat)
    for given in problem.previous.meetings:
        start = (given.session, given.slot)
        same = x.room.get(start, {}).get(given.room) if given.room else x.held.get(start)
        changes.append(1 if same is None else 1 - same)
    return sum(changes)


def parts(values: Iterable[float]) -> int:
    """The fewest equal parts of one in which all these values are whole; NATIVE_SCALE where that takes too many."""
    found = 1
    for value in set(values):
        fraction = Fraction(value).limit_denominator(1000)
        found = lcm(found, fraction.denominator)
        if abs(float(fraction) - value) > 1e-12 * max(1.0, abs(value)) or found > MOST_PARTS:
            return NATIVE_SCALE
    return found


def native_unit(problem: Problem) -> int:
    return parts(rating for person in problem.participants for rating in person.ratings.values())


def native(model: Model, problem: Problem, x: Variables) -> Linear:
    """The foreign format's own objective, rounded up where it is not whole: what is reached is no more than this."""
    unit = native_unit(problem)
    return sum(
        ceil(person.ratings[start[0]] * unit - ROUNDING) * seat
        for person in problem.participants
        for start, seat in x.seat[person.id].items()
        if person.ratings.get(start[0])
    )


def smallest_worst_pair(model: Model, problem: Problem, x: Variables) -> Linear:
    """The worst single assignment as good as possible, in units; rounded down, so that no bound exceeds the truth."""
    unit = cost_unit(problem)
    cost = {id: {s: floor(c * unit + 1e-6) for s, c in costs.items()} for id, costs in scores.mirrored(problem).items()}
    most = max((max(costs.values(), default=0) for costs in cost.values()), default=0)
    largest = model.new_int_var(0, most, "worst")
    bounds = [cost[id][start[0]] * seat for id, seats in x.seat.items() for start, seat in seats.items()]
    return x.at_least(model, largest, *bounds)


def cost_unit(problem: Problem) -> int:
    """By how much ratings are multiplied so that they become whole: a power of ten, 1000 at most."""
    ratings = {rating for person in problem.participants for rating in person.ratings.values()}
    return next((u for u in (1, 10, 100) if all(abs(r * u - round(r * u)) < 1e-6 for r in ratings)), 1000)


def fewest_cubes(model: Model, problem: Problem, x: Variables) -> Linear:
    """The smallest sum of (cost / 100) ** 3, rounded down where it is not whole."""
    cost = scores.mirrored(problem)
    return sum(
        floor((cost[id][start[0]] / 100) ** 3 * NATIVE_SCALE + ROUNDING) * seat
        for id, seats in x.seat.items()
        for start, seat in seats.items()
    )


def _unplaced_count(problem: Problem, solution: Solution) -> float:
    return len(scores.unplaced(problem, solution))


def _people(problem: Problem) -> float:
    return len(problem.participants)


UNPLACED = Goal("unplaced", fewest_unplaced, _unplaced_count, assignments)
EXCEPTIONS = Goal("exceptions", cheapest_exceptions, scores.exceptions, _people, first=True)
WORST_OFF = Goal("worst_off", worst_off_first, scores.worst_off, _people, first=True)
WISHES = Goal("wishes", most_wishes, scores.wishes, lambda _: 1, maximise=True)
MIX = Goal("mix", best_mix, scores.mix, assignments, unit=mix_unit)
ENCOUNTERS = Goal("encounters", new_encounters, scores.encounters, assignments, helpers=pairs_in_meetings)
EVEN = Goal("even_sizes", most_even_sizes, scores.even_sizes, _people)
STABILITY = Goal("stability", fewest_changes, scores.stability, assignments, first=True)
NATIVE = Goal("native", native, scores.native, lambda _: 1, maximise=True, unit=native_unit, first=True)
WORST_PAIR = Goal("worst_pair", smallest_worst_pair, scores.worst_pair, lambda _: 1, unit=cost_unit, first=True)
CUBES = Goal("cubes", fewest_cubes, scores.cubes, lambda _: 1, unit=lambda _: NATIVE_SCALE, first=True)


def with_slack(goal: Goal, share: float, extra: int = 0) -> Goal:
    return replace(goal, slack=share, extra=extra)


ORDER: dict[Preset, tuple[Goal, ...]] = {
    Preset.WISHES_FIRST: (UNPLACED, EXCEPTIONS, WORST_OFF, WISHES, MIX, EVEN),
    Preset.BALANCED: (
        UNPLACED,
        EXCEPTIONS,
        with_slack(WORST_OFF, 0.03),
        with_slack(WISHES, 0.02),
        with_slack(MIX, 0.02),
        ENCOUNTERS,
        EVEN,
    ),
    Preset.MIX_FIRST: (UNPLACED, EXCEPTIONS, with_slack(WORST_OFF, 0.1, extra=4), MIX, WISHES, ENCOUNTERS),
    Preset.REPAIR: (UNPLACED, EXCEPTIONS, STABILITY, WORST_OFF, WISHES),
    Preset.NATIVE: (NATIVE,),
}


def order_of(problem: Problem, preset: Preset) -> tuple[Goal, ...]:
    """The goals of a preset, in their order; foreign objectives have their own.

    What depends on the problem and takes a walk over all of it (units, a floor) is worked out here, once.
    """
    if preset is not Preset.NATIVE:
        mix = mix_unit(problem)
        return tuple(replace(goal, unit=lambda _: mix) if goal.name == "mix" else goal for goal in ORDER[preset])
    if problem.objective != "cubes":
        unit = native_unit(problem)
        return (replace(NATIVE, unit=lambda _: unit),)
    lowest = min((cost for costs in scores.mirrored(problem).values() for cost in costs.values()), default=0.0)
    least, pair = (0.0 if lowest >= 0 else None), cost_unit(problem)
    return (replace(WORST_PAIR, unit=lambda _: pair, floor=least), replace(CUBES, floor=least))
