"""Sessions that find no rounds: each for itself, and two of them by what keeps them apart or in order."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from flask_babel import lazy_gettext as _l

from planner.allocations.words.hint import Hint
from planner.allocations.words.names import Names
from solver import Problem, Session

MOST_WAYS = 500
"""Ways to spread one session's meetings over the rounds; where there are more, nothing is said beforehand."""
Rounds = frozenset[int]
CHANGE = (_l("Change its rounds or its length"), "organiser.sessions.index")
CHANGE_ONE = (_l("Change one of the two: how often, how long, or when"), "organiser.sessions.index")


def without_rounds(problem: Problem, names: Names) -> Iterator[Hint]:
    """Where no session of a line may be cancelled, no run can succeed, and the line says so."""
    ways: dict[str, Sequence[Rounds]] = {}
    for session in problem.sessions:
        spans = _spans(problem, session)
        ways[session.id] = found = _ways(session, spans) if spans else []
        if not spans:
            yield _hint("too_long", CHANGE, names, session)
        elif not found and len(spans) < MOST_WAYS:
            yield _hint("too_often", CHANGE, names, session)
    for one, other in combinations((each for each in problem.sessions if 0 < len(ways[each.id]) < MOST_WAYS), 2):
        said = _keeps_apart(one, other)
        if said and _always_meet(ways[one.id], ways[other.id], len(problem.slots)):
            yield _hint(said, CHANGE_ONE, names, one, other)
        for later, earlier in ((one, other), (other, one)):
            if earlier.id in later.after and max(map(min, ways[later.id])) <= min(map(max, ways[earlier.id])):
                yield _hint("after", CHANGE_ONE, names, later, earlier)


def _keeps_apart(one: Session, other: Session) -> str:
    """What does, if anything; asked before their rounds are compared, for most pairs have nothing between them."""
    if not set(one.staff).isdisjoint(other.staff):
        return "in_charge"
    return "beside" if other.id in one.conflicts or one.id in other.conflicts else ""


def _always_meet(ways: Sequence[Rounds], others: Sequence[Rounds], rounds: int) -> bool:
    """Whether all rounds that the one may take touch all that the other may; quickly where they are too many anyway."""
    if min(map(len, ways)) + min(map(len, others)) > rounds:
        return True
    return all(mine & hers for mine in ways for hers in others)


def _spans(problem: Problem, session: Session) -> list[Rounds]:
    """The rounds that a meeting takes, for each in which it may begin."""
    spans = (problem.span(session.id, slot.id) for slot in problem.slots)
    open_ = (span for span in spans if span and (session.slots is None or set(span) <= session.slots))
    return [frozenset(problem.slot_at[slot] for slot in span) for span in open_]


def _ways(session: Session, spans: list[Rounds]) -> list[Rounds]:
    """The rounds that all its meetings take together; no two of them are held at once. At most MOST_WAYS."""
    found: list[Rounds] = [frozenset()]
    for _meeting in range(session.offered):
        found = list(dict.fromkeys(rounds | span for rounds in found for span in spans if not rounds & span))
        if len(found) > MOST_WAYS:
            return found[:MOST_WAYS]
    return found


def _hint(code: str, remedy: tuple[object, str], names: Names, one: Session, other: Session | None = None) -> Hint:
    told = {"session": names.sessions.get(one.id, one.id)}
    if other:
        told["other"] = names.sessions.get(other.id, other.id)
    optional = one.may_be_cancelled or bool(other and other.may_be_cancelled)
    return Hint(SENTENCES[code](told), *remedy, not optional)


SENTENCES: dict[str, Callable[[dict[str, str]], object]] = {
    "too_long": lambda told: _l(
        "“%(session)s” can begin in no round: too few rounds in which it may be held follow each other on one day.",
        **told,
    ),
    "too_often": lambda told: _l("“%(session)s” is offered more often than there are rounds for it.", **told),
    "in_charge": lambda told: _l(
        "“%(session)s” and “%(other)s” find no rounds: somebody is in charge of both, so they cannot be held at once.",
        **told,
    ),
    "beside": lambda told: _l(
        "“%(session)s” and “%(other)s” find no rounds: they are not to be held at the same time.", **told
    ),
    "after": lambda told: _l("“%(session)s” finds no round after “%(other)s”.", **told),
}
