"""How each goal's proof reads: value, bound, and a gap that a reader can work out from the two."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from planner.words import GOALS
from solver import GoalResult


@dataclass(frozen=True)
class Row:
    name: str
    value: str
    bound: str
    gap: str
    presumed: str  # what the bound takes of the goals before it; empty where it holds for every plan
    falls_short: bool  # of what was reached: later goals may use a part of it, whether they gain by it or not


def proof(goals: Iterable[GoalResult]) -> list[Row]:
    return [
        Row(
            goal.name,
            _value(goal),
            "–" if goal.bound is None else _number(goal.bound),
            _gap(goal),
            _presumed(goal),
            _falls_short(goal),
        )
        for goal in goals
    ]


def _falls_short(goal: GoalResult) -> bool:
    return _reached(goal) != goal.value


def _reached(goal: GoalResult) -> float:
    """What a plan had of it before later goals used their part."""
    return goal.value if goal.reached is None else goal.reached


def _value(goal: GoalResult) -> str:
    value, reached = _number(goal.value), _number(_reached(goal))
    return _("%(value)s (reached: %(reached)s)", value=value, reached=reached) if _falls_short(goal) else value


def _gap(goal: GoalResult) -> str:
    if goal.bound is None or goal.gap is None:
        return _("no bound known")
    if goal.gap == 0:
        return _("proven")
    reached = _reached(goal)
    base = max(abs(reached), goal.scale)
    return _(
        "%(difference)s of %(base)s, that is %(share)s %%",
        difference=_number(abs(reached - goal.bound)),
        base=_number(base),
        share=_share(goal.gap),
    )


def _presumed(goal: GoalResult) -> str:
    if not goal.given or goal.bound is None:
        return ""
    limits = ", ".join(f"{GOALS[name]} {_number(limit)}" for name, limit in goal.given.items())
    return _("as long as the goals before keep these limits: %(limits)s", limits=limits)


def _number(value: float) -> str:
    return str(format_decimal(round(value, 2)))


def _share(gap: float) -> str:
    return str(format_decimal(max(0.1, round(gap * 100, 1))))
