"""The solver's long campaigns: `python -m tests.campaigns.solver mixed --count 2000 --seed 1`, and so on."""

import argparse
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from solver import Preset, Problem, Settings, Status, diagnose, goal, solve, verify
from solver.bench.baselines import highs
from solver.bench.families import Family, build
from solver.model import objectives
from tests.campaigns import mixed
from tests.campaigns.judges import judges
from tests.campaigns.lies import LIES
from tests.solver import damage

Told = Iterator[str]


def damages(many: int = 500) -> Told:
    """ALG-2: every damage is caught, and no sound allocation raises an alarm."""
    missed, alarms = 0, 0
    conference, found = damage.sound()
    for kind in damage.ALL:
        here = sum(not verify(conference, kind(conference, found, random.Random(seed))) for seed in range(many))
        missed += here
        if here:
            yield f"missed: {kind.__name__} {here} of {many}"
    for seed in range(many * 4):
        alarms += bool(verify(conference, _reordered(found, seed)))
    yield f"damages: missed {missed} of {many * len(damage.ALL)}, false alarms {alarms} of {many * 4}"


def _reordered(found, seed: int):  # type: ignore[no-untyped-def]
    """The same allocation in another order of rows."""
    seats, meetings = list(found.seats), list(found.meetings)
    random.Random(seed).shuffle(seats)
    random.Random(seed).shuffle(meetings)
    return replace(found, seats=tuple(seats), meetings=tuple(meetings))


def gaming(many: int = 1000) -> Told:
    """Whether a shorter list pays: the same person with her full list, and with its first half."""
    gained = lost = same = 0
    balance = 0
    for seed in range(many):
        dice = random.Random(seed)
        base = build(72, seed, Family("rep", rounds=2, needs=0.0, foreign=0.0, staffed=0.0))
        wishing = [p for p in base.participants if len(p.favourites) >= 4]
        who = dice.choice(wishing)
        short = replace(who, favourites=who.favourites[: dice.randint(1, len(who.favourites) - 1)])
        others = tuple(short if p.id == who.id else p for p in base.participants)
        settings = Settings(preset=Preset.WISHES_FIRST, time_limit=1, workers=1, deterministic=True)
        honest = _points(base, solve(base, settings), who.id)
        gamed = _points(base, solve(replace(base, participants=others), settings), who.id)
        gained += gamed > honest
        lost += gamed < honest
        same += gamed == honest
        balance += gamed - honest
    yield f"gaming: {gained} gained, {lost} lost, {same} equal of {many}; on average {balance / many:+.2f} points"


def _points(conference: Problem, found, who: str) -> int:  # type: ignore[no-untyped-def]
    """By her true list."""
    from solver.judge import scores

    return sum(conference.points(conference.participant[who], s) for s in scores.attended(conference, found)[who])


def planted(many: int = 200) -> Told:
    """ALG-4: what is possible by construction is solved, what is impossible is said and minimal."""
    wrong = 0
    for seed in range(many):
        dice = random.Random(seed)
        people = dice.randint(24, 60)
        good = build(people, seed, Family("rep", rounds=dice.randint(1, 3), locks=0.1, needs=0.02))
        good = replace(good, quotas=())
        if not solve(good, Settings(time_limit=3, workers=1)).status.has_answer:
            wrong += 1
            yield f"possible, but not found: seed {seed}"
        bad = _broken(good, dice)
        found = diagnose(bad)
        if found.status is not Status.INFEASIBLE or not found.rules:
            wrong += 1
            yield f"impossible, but not said: seed {seed}: {found.status}"
    yield f"planted: {wrong} wrong of {2 * many}"


def _broken(good: Problem, dice: random.Random) -> Problem:
    """Too few rooms, too few people, a leader away, or locks beyond a room."""
    kind = dice.randrange(4)
    if kind == 0:
        return replace(good, rooms=good.rooms[: len(good.sessions) - 1])
    if kind == 1:
        return replace(good, sessions=tuple(replace(s, minimum=16, maximum=None) for s in good.sessions))
    if kind == 2:
        leader = next(id for s in good.sessions for id in s.staff)
        away = tuple(replace(p, slots=frozenset()) if p.id == leader else p for p in good.participants)
        return replace(good, participants=away)
    return replace(good, rooms=tuple(replace(room, capacity=4) for room in good.rooms))


def second(many: int = 20) -> Told:
    """HiGHS on its own plain model agrees on the most wishes, where both prove it."""
    differ = 0
    for seed in range(many):
        family = Family(("rep", "single")[seed % 2], rounds=2)
        asked = build(30 + 3 * (seed % 10), seed, family)
        order = objectives.ORDER[Preset.WISHES_FIRST]
        only = tuple(each for each in order if each.name in {"unplaced", "wishes"})
        ours = _wishes_only(asked, only)
        theirs = highs(asked, 20)
        if ours is None or theirs.bound is None:
            yield f"not proven: seed {seed}"
        elif abs(ours - (theirs.wishes or 0)) > 1e-6:
            differ += 1
            yield f"differs: seed {seed}: {ours} and {theirs.wishes}"
    yield f"second solver: {differ} of {many} differ"


def _wishes_only(asked: Problem, only: tuple[objectives.Goal, ...]) -> float | None:
    """The proven optimum of wishes when only the unplaced come before."""
    before = objectives.ORDER[Preset.WISHES_FIRST]
    objectives.ORDER[Preset.WISHES_FIRST] = only
    try:
        found = solve(asked, Settings(preset=Preset.WISHES_FIRST, time_limit=20, workers=2))
    finally:
        objectives.ORDER[Preset.WISHES_FIRST] = before
    result = goal(found, "wishes")
    return result.reached if result and result.gap == 0 else None


def mixed_rules(options: argparse.Namespace) -> Told:
    """Tiny conferences that mix all rules, against the exact model (ALG-3: against trying everything)."""
    kind, promised = options.campaign, {"mixed": 2000, "optimum": 1000}
    asked = [
        mixed.Asked(number, options.limit or 2.0, options.sabotage, not options.silent, kind)
        for number in range(options.seed, options.seed + (options.count or promised[kind]))
    ]
    yield from mixed.campaign(asked, options.processes, options.into)


CAMPAIGNS: dict[str, Callable[..., Told]] = {
    "damages": damages,
    "gaming": gaming,
    "planted": planted,
    "second": second,
}


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.solver", description=__doc__)
    parser.add_argument("campaign", choices=[*CAMPAIGNS, "mixed", "optimum", "judges"])
    parser.add_argument("--count", type=int, help="how many; without it the number that is promised")
    parser.add_argument("--seed", type=int, default=1, help="the first number: the same numbers, the same conferences")
    parser.add_argument("--limit", type=float, help="seconds for each solve")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--into", type=Path, default=Path("campaign"), help="folder for reports and offenders")
    parser.add_argument("--sabotage", choices=["", *LIES], default="", help="a control arm: a solver that lies so")
    parser.add_argument("--silent", action="store_true", help="no languages and no interpreters")
    options = parser.parse_args(words)
    if options.campaign in {"mixed", "optimum"}:
        told = mixed_rules(options)
    elif options.campaign == "judges":
        told = judges(options.seed, options.count or 500, languages=not options.silent)
    else:
        told = CAMPAIGNS[options.campaign](*([options.count] if options.count else []))
    for line in told:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
