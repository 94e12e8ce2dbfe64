"""The fairness note as a table, fit to be published."""

from collections.abc import Mapping

from flask_babel import gettext as _

from planner.words import GOALS, PRESETS, RULES
from solver import SMALL, Fairness


def note_rows(note: Fairness, groups: Mapping[str, str]) -> list[list[str | int | float]]:
    """What, and its number; hidden cells say so."""
    few = _("fewer than %(count)s, or hidden with them", count=SMALL)
    rows: list[list[str | int | float]] = [
        [_("People"), note.people],
        [_("People with wishes"), note.with_wishes],
        [_("Least share of the best possible day"), note.lowest],
    ]
    for rank, count in note.best.items():
        label = _("no wish") if rank == "none" else _("best fulfilled wish: number %(rank)s", rank=rank)
        rows.append([label, few if count is None else count])
    for wishes, count in note.fulfilled.items():
        rows.append([_("fulfilled wishes: %(count)s", count=wishes), few if count is None else count])
    for group, cell in note.groups.items():
        share = few if cell.satisfaction is None else cell.satisfaction
        name = groups.get(group, group) or _("without a group")
        rows.append([_("Satisfaction in “%(group)s”", group=name), share])
    if note.left_out:
        rows.append([_("Groups that show religion or origin"), _("not named here")])
    for rule, count in note.exceptions.items():
        rows.append([f"{_('Agreed exceptions')}: {RULES[rule]}", few if count is None else count])
    for goal in note.goals:
        gap = "–" if goal.gap is None else goal.gap
        rows += [[f"{GOALS[goal.name]}: {_('Value')}", goal.value], [f"{GOALS[goal.name]}: {_('Gap')}", gap]]
    rows += [[name, version] for name, version in note.versions.items()]
    rows += [[_("Preset"), str(PRESETS[note.preset][0])], [_("Seed"), note.seed], [_("Problem"), note.problem_hash]]
    return rows
