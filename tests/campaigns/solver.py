"""The solver's long campaigns: `python -m tests.campaigns.solver mixed --count 2000 --seed 1`, and so on."""

import argparse
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

from solver import Preset, Problem, Settings, goal, solve, verify
from solver.bench.baselines import highs
from solver.bench.families import Family, build
from solver.judge import checks
from solver.judge import verify as judging
from solver.model import objectives
from tests.campaigns import fair, lying, mixed, planted, protected, punctual, robust
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


def unguarded(many: int = 60) -> Told:
    """The control arm of ALG-2: with each rule taken from the judge in turn, some damage goes unseen."""
    conference, found = damage.sound()
    useless = 0
    for rule in checks.CHECKS:
        left = tuple(each for each in checks.CHECKS if each is not rule)
        with mock.patch.object(judging, "CHECKS", left):
            unseen = {
                kind.__name__
                for kind in damage.ALL
                for seed in range(many)
                if not verify(conference, kind(conference, found, random.Random(seed)))
            }
        useless += not unseen
        yield f"without {rule.__name__}: unseen {', '.join(sorted(unseen)) or 'nothing'}"
    yield f"unguarded: {useless} of {len(checks.CHECKS)} rules are not needed to see all damage"


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


def mixed_rules(options: argparse.Namespace, many: int) -> Told:
    """Tiny conferences that mix all rules, against the exact model (ALG-3: against trying everything)."""
    asked = [
        mixed.Asked(number, options.limit or 2.0, options.sabotage, not options.silent, options.campaign)
        for number in range(options.seed, options.seed + many)
    ]
    yield from mixed.campaign(asked, options.processes, options.into)


Campaign = Callable[[argparse.Namespace, int], Told]
CAMPAIGNS: dict[str, tuple[int, Campaign]] = {
    "damages": (500, lambda asked, many: damages(many)),
    "unguarded": (60, lambda asked, many: unguarded(many)),
    "optimum": (1000, mixed_rules),
    "planted": (200, lambda asked, many: planted.planted(asked.seed, many, asked.limit or 5.0)),
    "punctual": (30, lambda asked, many: punctual.punctual(asked.seed, many, asked.limit or 60.0)),
    "protected": (30, lambda asked, many: protected.protected(asked.seed, many, asked.limit or 60.0)),
    "fair": (300, lambda asked, many: fair.fair(asked.seed, many, asked.limit or 2.0)),
    "bytes": (100, lambda asked, many: fair.same_bytes(many)),
    "lying": (10, lambda asked, many: lying.lying(many, 20 * many)),
    "mixed": (2000, mixed_rules),
    "larger": (300, mixed_rules),
    "judges": (500, lambda asked, many: judges(asked.seed, many, languages=not asked.silent)),
    "gaming": (1000, lambda asked, many: gaming(many)),
    "robust": (1000, lambda asked, many: robust.robust(asked.seed, many, asked.limit or 2.0)),
    "second": (20, lambda asked, many: second(many)),
}
"""Each with the number that is promised: ALG-2 damages, ALG-3 optimum, ALG-4 planted, ALG-5 punctual, ALG-6 fair and
bytes, ALG-7 lying; ALG-1 is what all of them find of answers that break a rule."""


def main(words: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.campaigns.solver", description=__doc__)
    parser.add_argument("campaign", choices=list(CAMPAIGNS))
    parser.add_argument("--count", type=int, help="how many; without it the number that is promised")
    parser.add_argument("--seed", type=int, default=1, help="the first number: the same numbers, the same conferences")
    parser.add_argument("--limit", type=float, help="seconds for each solve")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--into", type=Path, default=Path("campaign"), help="folder for the report and the offenders")
    parser.add_argument("--sabotage", choices=["", *LIES], default="", help="a control arm: a solver that lies so")
    parser.add_argument("--silent", action="store_true", help="no languages and no interpreters")
    asked = parser.parse_args(words)
    promised, campaign = CAMPAIGNS[asked.campaign]
    asked.into.mkdir(parents=True, exist_ok=True)
    began, lines = time.monotonic(), []
    for line in campaign(asked, asked.count or promised):
        lines.append(line)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    name = "-".join(word for word in (asked.campaign, asked.sabotage) if word)
    report = [
        f"# {name}",
        "",
        f"`{' '.join(words)}`, {time.monotonic() - began:.0f} s",
        "",
        *(f"- {line}" for line in lines),
    ]
    (asked.into / f"{name}.log.md").write_text("\n".join(report) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
