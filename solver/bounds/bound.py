"""What a proven bound says, what it presumes of the goals before it, and that none may contradict what was verified."""

import logging
import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from solver.model.goal import Goal

log = logging.getLogger(__name__)


class Contradiction(Exception):
    """Two things that were taken as proven cannot both be true: a program is wrong, and nothing it says may stand."""


def strict() -> bool:
    """Whether a contradiction ends the run: in tests, campaigns and measurements (STUHLKREIS_STRICT=1).

    In production what contradicts a verified allocation is dropped with a line in the log.
    """
    return os.environ.get("STUHLKREIS_STRICT", "") not in {"", "0"}


def contradiction(sentence: str) -> None:
    """Raise Contradiction where that is wanted, else log it."""
    if strict():
        raise Contradiction(sentence)
    log.error("dropped as not known: %s", sentence)


@dataclass(frozen=True)
class Bound:
    """No allocation whose earlier goals keep the limits of `given` has a better value than `value`.

    value: in the goal's own unit.
    given: goal -> the worst value of that earlier goal for which the bound was shown; empty: it always holds.
    source: a code for how it was found.
    """

    value: float
    given: Mapping[str, float] = field(default_factory=dict)
    source: str = ""

    def holds_within(self, limits: Mapping[str, float], goals: Mapping[str, Goal]) -> bool:
        """Whether all that it presumes is granted where earlier goals keep these limits."""
        return all(name in limits and goals[name].within(limits[name], limit) for name, limit in self.given.items())


class Bounds:
    """All bounds that are known, by goal; which of them speak depends on what the earlier goals keep."""

    def __init__(self, order: tuple[Goal, ...]):
        self.goals = {goal.name: goal for goal in order}
        self.known: dict[str, list[Bound]] = defaultdict(list)
        for goal in order:
            if goal.floor is not None and not goal.maximise:
                self.add(goal.name, Bound(goal.floor, source="nothing_below"))

    def add(self, name: str, bound: Bound) -> None:
        """Remember a bound, unless one that presumes no more says as much."""
        goal = self.goals[name]
        as_tight = [other for other in self.known[name] if not goal.better(other.value, bound.value)]
        if not any(other.holds_within(bound.given, self.goals) for other in as_tight):
            self.known[name].append(bound)

    def tightest(self, name: str, limits: Mapping[str, float]) -> Bound | None:
        """The bound that says most where the earlier goals keep these limits; None if none speaks."""
        goal, found = self.goals[name], None
        for bound in self.known[name]:
            if bound.holds_within(limits, self.goals) and (found is None or goal.better(found.value, bound.value)):
                found = bound
        return found

    def beaten_by(self, values: Mapping[str, float]) -> list[tuple[str, Bound]]:
        """The bounds that a verified allocation with these values refutes."""
        return [
            (name, bound)
            for name, bounds in self.known.items()
            for bound in bounds
            if self.goals[name].better(values[name], bound.value) and bound.holds_within(values, self.goals)
        ]

    def drop(self, name: str, bound: Bound) -> None:
        self.known[name].remove(bound)

    def forget(self, source: str) -> None:
        """Drop whatever one program has shown: it was caught out."""
        for name, bounds in self.known.items():
            self.known[name] = [bound for bound in bounds if bound.source != source]
