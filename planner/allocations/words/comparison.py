"""Solved runs side by side: what each goal came to, and which way is better."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _

from planner.models import Allocation, AllocationState
from planner.words import GOALS, PRESETS


@dataclass(frozen=True)
class Comparison:
    """`heads` are the goals with their direction; each run has its preset and a value, or a dash, for each of them."""

    heads: list[tuple[str, str]]
    rows: list[tuple[Allocation, str, list[str]]]


def comparison(runs: Sequence[Allocation]) -> Comparison | None:
    """None where there are not two to compare."""
    solved = [run for run in runs if run.state is AllocationState.SOLVED and run.result]
    if len(solved) < 2:
        return None
    goals = {run.id: {goal["name"]: goal for goal in (run.result or {}).get("goals", ())} for run in solved}
    pursued = {name: goal for known in goals.values() for name, goal in known.items()}
    directions = {"maximise": _("more is better"), "minimise": _("less is better")}
    return Comparison(
        [(str(GOALS[name]), directions[goal.get("sense", "minimise")]) for name, goal in pursued.items()],
        [(run, _preset(run), [_value(goals[run.id].get(name)) for name in pursued]) for run in solved],
    )


def _preset(run: Allocation) -> str:
    return str(PRESETS[run.settings.get("preset", "balanced")][0])


def _value(goal: dict[str, float] | None) -> str:
    return format_decimal(round(goal["value"], 1)) if goal else "–"
