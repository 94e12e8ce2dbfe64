"""Seeded families of instances: the same words and seed give the same instance on every machine."""

import random

from solver.problem import Level, Participant, Problem, Quota, Room, Session, Slot

GROUPS = (30, 22, 18, 14, 10, 6)


def rep(people: int, rounds: int = 3, seed: int = 0, quotas: bool = True) -> Problem:
    """Every session can be met in every round: P/12 sessions, six unequal groups, herding, languages, needs."""
    dice = random.Random(seed)
    sessions = max(3, people // 12)
    names = [f"s{at}" for at in range(sessions)]
    pull = [1 / (1 + at) ** 0.7 for at in range(sessions)]
    everybody = tuple(_person(dice, at, names, pull) for at in range(people))
    return Problem(
        slots=tuple(Slot(f"t{at}", joined=False) for at in range(rounds)),
        rooms=tuple(Room(f"r{at}", 18, frozenset({"step_free"} if at % 2 else ())) for at in range(sessions + 1)),
        sessions=tuple(
            Session(
                name,
                minimum=5,
                maximum=16,
                languages=frozenset({"de"} if at % 4 else {"de", "en"}),
                offered=rounds,
                facilitators=(f"p{at}",),
            )
            for at, name in enumerate(names)
        ),
        participants=everybody,
        quotas=(Quota("group", "g0", maximum=9),) if quotas else (),
    )


def _person(dice: random.Random, at: int, sessions: list[str], pull: list[float]) -> Participant:
    wanted: list[str] = []
    for _ in range(dice.choice((0, 3, 5, 5, 5, 5, 5))):
        name = dice.choices(sessions, pull)[0]
        if name not in wanted:
            wanted.append(name)
    languages = {"de": Level.SPEAKS} if dice.random() < 0.9 else {"en": Level.SPEAKS, "de": Level.NEEDS_HELP}
    return Participant(
        f"p{at}",
        attributes={"group": f"g{dice.choices(range(len(GROUPS)), GROUPS)[0]}"},
        languages=languages,
        needs=frozenset({"step_free"} if dice.random() < 0.04 and at >= len(sessions) else ()),
        favourites=tuple(wanted),
    )
