"""The order of the goals, their slack, and the words that every part of the oracle uses for them."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from solver import Participant, Preset, Problem, Session

SHARES = ((Fraction(30, 100), 64), (Fraction(50, 100), 16), (Fraction(70, 100), 4), (Fraction(85, 100), 1))
"""Shares of one's best day, and what it costs to fall short of each."""


@dataclass(frozen=True)
class Aim:
    """One goal. `slack` and `extra` are what all later goals together may use of it, in whole units."""

    name: str
    maximise: bool = False
    slack: float = 0.0
    extra: int = 0

    def limit(self, whole: int) -> int:
        """What later goals must keep when this one has reached `whole`."""
        allowed = round(abs(whole) * self.slack) + self.extra
        return whole - allowed if self.maximise else whole + allowed

    def keeps(self, whole: int, limit: int) -> bool:
        return whole >= limit if self.maximise else whole <= limit

    def better(self, one: float, other: float) -> bool:
        return one > other if self.maximise else one < other


START = (Aim("unplaced"), Aim("exceptions"))
ORDER: dict[Preset, tuple[Aim, ...]] = {
    Preset.WISHES_FIRST: (*START, Aim("worst_off"), Aim("wishes", True), Aim("mix"), Aim("even_sizes")),
    Preset.BALANCED: (
        *START,
        Aim("worst_off", slack=0.03),
        Aim("wishes", True, slack=0.02),
        Aim("mix", slack=0.02),
        Aim("encounters"),
        Aim("even_sizes"),
    ),
    Preset.MIX_FIRST: (
        *START,
        Aim("worst_off", slack=0.1, extra=4),
        Aim("mix"),
        Aim("wishes", True),
        Aim("encounters"),
    ),
    Preset.REPAIR: (*START, Aim("stability"), Aim("worst_off"), Aim("wishes", True)),
    Preset.NATIVE: (Aim("native", True),),
}


def aims(problem: Problem, preset: Preset) -> tuple[Aim, ...]:
    if preset is Preset.NATIVE and problem.objective == "cubes":
        return (Aim("worst_pair"), Aim("cubes"))
    return ORDER[preset]


def unit(problem: Problem, name: str) -> int:
    """How many whole parts one of this goal has, so that all its values are whole numbers of parts."""
    if name == "mix":
        return lcm(1, *(sum(composition(problem, attribute).values()) or 1 for attribute in problem.balance))
    return 10**6 if name in {"native", "cubes"} else 1


def composition(problem: Problem, attribute: str) -> Counter[str]:
    """How many of those who attend have each value."""
    return Counter(p.attributes[attribute] for p in problem.participants if p.attends and attribute in p.attributes)


def span(problem: Problem, session: Session, slot: str) -> tuple[str, ...]:
    """The slots that a meeting of it takes from this one on; empty where it does not fit into the day."""
    names = [each.id for each in problem.slots]
    first = names.index(slot)
    taken = problem.slots[first : first + session.duration]
    if len(taken) < session.duration or not all(each.joined for each in taken[1:]):
        return ()
    return tuple(each.id for each in taken)


def there(person: Participant, slots: tuple[str, ...]) -> bool:
    return person.slots is None or all(slot in person.slots for slot in slots)


def understands(person: Participant, language: str) -> bool:
    return person.languages.get(language, "needs_help") != "needs_help"


def targets(session: Session, language: str | None, pairs: frozenset[str]) -> list[str]:
    """The channels in which somebody with these pairs can work in a meeting held in `language`."""
    if session.two_language:
        if language is not None:
            return []
        one, other = sorted(session.languages)
        return [f"{one}-{other}"] if {f"{one}-{other}", f"{other}-{one}"} & pairs else []
    if language is None:
        return []
    halves = [tuple(pair.split("-")) for pair in sorted(pairs)]
    found = {other for one, other in halves if one == language} | {one for one, other in halves if other == language}
    return sorted(found - {language})


def hears(person: Participant, session: Session, language: str | None, channel: str) -> bool:
    """Somebody for whom this channel of the meeting is made: she needs it, and understands what she hears."""
    if session.two_language:
        return language is None and lacks_one(person, session)
    return language is not None and not understands(person, language) and understands(person, channel)


def follows(person: Participant, session: Session, language: str | None) -> bool:
    """Understands what is spoken without any help."""
    if language is None:
        return not session.two_language or all(understands(person, each) for each in session.languages)
    return understands(person, language)


def lacks_one(person: Participant, session: Session) -> bool:
    """Understands one of two languages, and not the other."""
    one, other = session.languages
    return understands(person, one) != understands(person, other)


def best_day(problem: Problem, person: Participant) -> int:
    """The points of the best day that her list allows, her own sessions' time aside."""
    free = sum(there(person, (slot.id,)) for slot in problem.slots)
    for session in problem.sessions:
        led = (*session.facilitators, *session.note_takers).count(person.id)
        free -= led * session.offered * session.duration
    worth = sorted((points(problem, person, session.id) for session in problem.sessions), reverse=True)
    return sum(worth[: max(0, free)])


def points(problem: Problem, person: Participant, session: str) -> int:
    """What is not listed counts as the next rank after the last listed."""
    rank = person.favourites.index(session) if session in person.favourites else len(person.favourites)
    return problem.rank_points[min(rank, len(problem.rank_points) - 1)]


def steps(problem: Problem, person: Participant) -> list[tuple[int, int]]:
    """The points that reach each share of her best day, with the cost of falling short."""
    best = best_day(problem, person)
    return [(-int(-best * share // 1), cost) for share, cost in SHARES]


def speakable(session: Session) -> list[str | None]:
    """The working languages among which a meeting of it has one."""
    if not session.languages:
        return [None]
    return [*sorted(session.languages), *([None] if session.two_language else [])]
