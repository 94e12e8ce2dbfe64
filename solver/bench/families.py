"""Seeded families of instances: the same words and seed give the same instance on every machine."""

import random
from dataclasses import dataclass, replace

from solver.problem import Interpreter, Level, Lock, Participant, Problem, Quota, Room, Session, Slot

GROUPS = (30, 22, 18, 14, 10, 6)
KINDS = ("rep", "norep", "single")


@dataclass(frozen=True)
class Family:
    """`kind`: every session in every round (rep), each once (norep), or one round (single).

    `skew` is how steeply popularity falls (0: all alike), `herding` the share of wishes copied from somebody else;
    `away` the share of people who miss a round, `locks` of people who are fixed somewhere; `interpreters` how many.
    """

    kind: str = "rep"
    rounds: int = 3
    skew: float = 0.7
    herding: float = 0.0
    groups: tuple[int, ...] = GROUPS
    quotas: bool = True
    foreign: float = 0.1
    needs: float = 0.04
    staffed: float = 0.05
    away: float = 0.0
    locks: float = 0.0
    interpreters: int = 0


def rep(people: int, rounds: int = 3, seed: int = 0, quotas: bool = True) -> Problem:
    """Every session can be met in every round: P/12 sessions, six unequal groups, languages, needs, facilitators."""
    return build(people, seed, Family(rounds=rounds, quotas=quotas))


def build(people: int, seed: int = 0, family: Family | None = None) -> Problem:
    """P people, P/12 sessions of 5 to 16, rooms of 18 chairs of which every second is step-free."""
    given = family or Family()
    rounds = 1 if given.kind == "single" else given.rounds
    dice = random.Random(f"{given.kind} {people} {seed}")
    many = max(3, people // 12)
    names = [f"s{at}" for at in range(many)]
    pull = [1 / (1 + at) ** given.skew for at in range(many)]
    lists: list[list[str]] = []
    slots = tuple(Slot(f"t{at}", joined=False) for at in range(rounds))
    leading = max(1, round(people * given.staffed / rounds)) if given.staffed else 0
    everybody = tuple(_person(dice, at, names, pull, given, lists, many, slots) for at in range(people))
    side_by_side = many if given.kind != "norep" else -(-many // rounds)
    problem = Problem(
        slots=slots,
        rooms=tuple(Room(f"r{at}", 18, frozenset({"step_free"} if at % 2 else ())) for at in range(side_by_side + 1)),
        sessions=tuple(_session(name, at, at < leading, rounds, given) for at, name in enumerate(names)),
        participants=everybody,
        quotas=(Quota("group", "g0", maximum=9),) if given.quotas else (),
    )
    return _with_extras(dice, problem, given)


def _session(name: str, at: int, led: bool, rounds: int, family: Family) -> Session:
    offered = 1 if family.kind == "norep" else rounds
    large = 16 if family.kind != "norep" else 17
    return Session(
        name,
        minimum=5,
        maximum=large,
        languages=frozenset({"de"} if at % 4 else {"en"}),
        offered=offered,
        facilitators=(f"p{at}",) if led else (),
    )


def _person(
    dice: random.Random,
    at: int,
    sessions: list[str],
    pull: list[float],
    family: Family,
    lists: list[list[str]],
    leaders: int,
    slots: tuple[Slot, ...],
) -> Participant:
    wanted: list[str] = []
    length = dice.choice((0, 3, 5, 5, 5, 5, 5))
    if lists and dice.random() < family.herding:
        wanted = list(dice.choice(lists))[:length]
    for name in dice.choices(sessions, pull, k=2 * length):
        if name not in wanted and len(wanted) < length:
            wanted.append(name)
    lists.append(wanted)
    native = dice.random() >= family.foreign or at < leaders
    own, other = ("de", "en") if native else ("en", "de")
    languages = {own: Level.SPEAKS, other: Level.UNDERSTANDS if native else Level.NEEDS_HELP}
    missing = dice.choice(slots).id if dice.random() < family.away and at >= leaders and len(slots) > 1 else None
    return Participant(
        f"p{at}",
        attributes={"group": f"g{dice.choices(range(len(family.groups)), family.groups)[0]}"},
        slots=frozenset(slot.id for slot in slots if slot.id != missing) if missing else None,
        languages=languages,
        needs=frozenset({"step_free"} if dice.random() < family.needs and at >= leaders else ()),
        favourites=tuple(wanted),
    )


def _with_extras(dice: random.Random, problem: Problem, family: Family) -> Problem:
    """Interpreters who do not attend, and people fixed at their first wish where it is held in all rounds."""
    helpers = tuple(
        Participant(f"i{at}", languages={"de": Level.SPEAKS, "en": Level.SPEAKS}, attends=False)
        for at in range(family.interpreters)
    )
    working = tuple(Interpreter(helper.id, frozenset({"en-de"}), listeners=6) for helper in helpers)
    fixed = tuple(
        Lock(person.id, person.favourites[0])
        for person in problem.participants
        if person.favourites and not person.needs and "de" in person.understood and dice.random() < family.locks
    )
    return replace(
        problem, participants=problem.participants + helpers, interpreters=working, locks=fixed[: len(problem.sessions)]
    )
