"""How well a plan serves people's wishes, against what each person's own list and time allow at best.

Every figure is counted from the problem that was asked and the allocation that answers it, by this one function, so
that all pages agree. None of them improves when a plan gets worse: somebody who loses a place never leaves a count of
what is missing, and the wholes are the problem's, but for the rounds in which the plan has somebody interpret: these
are not hers to choose.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from solver.judge import scores
from solver.problem import Participant, Problem, Role, Solution

SMALL = 5
"""Of fewer people no share is told, and no count where it is published."""


@dataclass(frozen=True)
class Whole:
    """Who counts, by people's keys: everybody who attends is in exactly one of the parts.

    `choosing` have wishes and rounds to spend them in; `without_wishes` have rounds but no list; `busy` lead, take
    notes or interpret in every round in which they are there.
    """

    choosing: tuple[str, ...]
    without_wishes: tuple[str, ...]
    busy: tuple[str, ...]

    @property
    def people(self) -> int:
        return sum(map(len, (self.choosing, self.without_wishes, self.busy)))


@dataclass(frozen=True)
class Interpreters:
    """Who could interpret, by people's keys: `working` have an interpreter's seat in the plan, `elsewhere` another
    one only, `nowhere` none."""

    working: tuple[str, ...]
    elsewhere: tuple[str, ...]
    nowhere: tuple[str, ...]

    @property
    def people(self) -> int:
        return sum(map(len, (self.working, self.elsewhere, self.nowhere)))


@dataclass(frozen=True)
class PersonsDay:
    """`points` of her fulfilled wishes, of the `best` that list and time allow; `wished` of the `possible` wishes.

    A session that she did not list is worth nothing here, though the goals count it as the next rank: whoever got her
    one wish refused has none of what her list allows. `unwished` are rounds in sessions that she did not list,
    `missing` rounds without any place.
    """

    participant: str
    points: int
    best: int
    wished: int
    possible: int
    unwished: int
    missing: int

    @property
    def share(self) -> Fraction:
        """Of what list and time allow, from 0 to 1."""
        return min(Fraction(1), Fraction(self.points, self.best)) if self.best else Fraction(1)

    @property
    def lacking(self) -> int:
        """How many wishes her list and her time allow beyond those that came true."""
        return max(0, self.possible - self.wished)


@dataclass(frozen=True)
class GroupsDays:
    """`people` of a group who could choose, how many have their best day, and the `average` share of it."""

    people: int
    with_best_day: int
    average: Fraction

    @property
    def is_small(self) -> bool:
        """A share of so few tells of single people."""
        return self.people < SMALL

    @property
    def percent(self) -> int:
        """The average rounded half up, for every page; 100 only where nothing is missing."""
        rounded = floor(100 * self.average + Fraction(1, 2))
        return rounded if self.average == 1 else min(rounded, 99)


@dataclass(frozen=True)
class Satisfaction:
    """The days of those who could choose, the least satisfied first, and the rounds without a place of everybody."""

    whole: Whole
    interpreters: Interpreters
    days: tuple[PersonsDay, ...]
    unplaced: tuple[tuple[str, str], ...]
    groups: dict[str, GroupsDays]

    @property
    def with_best_day(self) -> int:
        """How many have the best day that their list allows."""
        return sum(day.share == 1 for day in self.days)

    @property
    def with_a_wish(self) -> int:
        return sum(day.wished > 0 for day in self.days)

    @property
    def possible(self) -> int:
        """How many wishes lists and time allow, all days together."""
        return sum(day.possible for day in self.days)

    @property
    def lacking(self) -> int:
        """How many of them did not come true, whether the place was not wished for or is missing."""
        return sum(day.lacking for day in self.days)

    @property
    def lacking_twice(self) -> tuple[str, ...]:
        """Who misses two of them or more."""
        return tuple(day.participant for day in self.days if day.lacking > 1)

    @property
    def without_a_wish(self) -> tuple[str, ...]:
        """Who could choose and got nothing of her list all day."""
        return tuple(day.participant for day in self.days if not day.wished)

    @property
    def lowest(self) -> Fraction:
        """The least share of the best possible day that anybody has."""
        return min((day.share for day in self.days), default=Fraction(1))


def who_counts(problem: Problem, solution: Solution | None = None) -> Whole:
    """Everybody who attends, parted by what a plan can do for her.

    Who could interpret attends like everybody else, but for the rounds in which this plan has her interpret.
    """
    interpreted = _interpreted(solution)
    parts: dict[str, list[str]] = {"choosing": [], "without_wishes": [], "busy": []}
    for person in problem.participants:
        if person.attends:
            parts[_part(person, _free(problem, person, interpreted))].append(person.id)
    return Whole(**{name: tuple(ids) for name, ids in parts.items()})


def _interpreters(problem: Problem, solution: Solution) -> Interpreters:
    """Everybody who could interpret, parted by what this plan makes of it."""
    interpreted, seated = _interpreted(solution), {seat.participant for seat in solution.seats}
    parts: dict[str, list[str]] = {"working": [], "elsewhere": [], "nowhere": []}
    for each in problem.interpreters:
        id = each.participant
        parts["working" if interpreted[id] else "elsewhere" if id in seated else "nowhere"].append(id)
    return Interpreters(**{name: tuple(ids) for name, ids in parts.items()})


def _interpreted(solution: Solution | None) -> Counter[str]:
    """In how many slots each person interprets."""
    seats = solution.seats if solution else ()
    return Counter(seat.participant for seat in seats if seat.role is Role.INTERPRETER)


def _free(problem: Problem, person: Participant, interpreted: Mapping[str, int]) -> int:
    """How many slots she has for her wishes."""
    return max(0, scores.free_slots(problem, person) - interpreted.get(person.id, 0))


def _part(person: Participant, free: int) -> str:
    if not free:
        return "busy"
    return "choosing" if person.favourites else "without_wishes"


def satisfaction(problem: Problem, solution: Solution, attribute: str = "group") -> Satisfaction:
    """Count how well each person is served.

    Parameters: the problem as it was asked (a run's own snapshot), the allocation, and the attribute whose values
    part the days into groups. Raises KeyError where the allocation names people or sessions that the problem does
    not know: verify first.
    """
    whole, interpreted = who_counts(problem, solution), _interpreted(solution)
    attended = scores.attended(problem, solution)
    unplaced = tuple(scores.unplaced(problem, solution))
    missing = Counter(id for id, _ in unplaced)
    people = [problem.participant[id] for id in whole.choosing]
    days = [_day(problem, p, _free(problem, p, interpreted), attended[p.id], missing[p.id]) for p in people]
    days.sort(key=lambda day: (day.share, -day.lacking, day.participant))
    return Satisfaction(
        whole, _interpreters(problem, solution), tuple(days), unplaced, _by_group(problem, days, attribute)
    )


def _day(problem: Problem, person: Participant, free: int, sessions: list[str], missing: int) -> PersonsDay:
    lasts = {session.id: session.duration for session in problem.sessions}
    listed = [session for session in sessions if session in person.rank]
    best, possible = _best(problem, person, free, lasts)
    return PersonsDay(
        person.id,
        points=sum(problem.points(person, session) for session in listed),
        best=best,
        wished=len(listed),
        possible=possible,
        unwished=sum(lasts[session] for session in sessions if session not in person.rank),
        missing=missing,
    )


def _best(problem: Problem, person: Participant, free: int, lasts: dict[str, int]) -> tuple[int, int]:
    """The most points that her wishes can bring in her free rounds, and how many wishes that takes.

    A knapsack over the rounds (Kellerer, Pferschy, Pisinger, Knapsack Problems, 2004, ch. 2): a long session takes
    several, so the highest wishes are not always the best day.
    """
    best = [(0, 0)] * (free + 1)
    for session in person.favourites:
        if person.id not in problem.session[session].staff:
            for taken in range(free, lasts[session] - 1, -1):
                points, wishes = best[taken - lasts[session]]
                best[taken] = max(best[taken], (points + problem.points(person, session), wishes + 1))
    return best[free]


def _by_group(problem: Problem, days: Iterable[PersonsDay], attribute: str) -> dict[str, GroupsDays]:
    members: dict[str, list[PersonsDay]] = {}
    for day in days:
        value = problem.participant[day.participant].attributes.get(attribute)
        if value is not None:
            members.setdefault(value, []).append(day)
    return {
        value: GroupsDays(len(here), sum(d.share == 1 for d in here), sum(d.share for d in here) / len(here))  # type: ignore[arg-type]
        for value, here in sorted(members.items())
    }
