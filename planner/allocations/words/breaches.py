"""A rule that a plan breaks today, said as broken: where, of how many people, and only then what it asks for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from planner.allocations.words.names import Names
from planner.languages import isolated
from planner.words import RULES


def not_kept(rule: str, breaches: Sequence[Mapping[str, Any]], names: Names) -> str:
    """These breaches of one rule, as `Outdated.broken` has them: each that has a place with its place."""
    places = dict.fromkeys(_place(facts, names) for facts in breaches if facts)
    untold = sum(not facts for facts in breaches)
    told = [_("Not kept here: %(places)s.", places="; ".join(places))] if places else []
    if untold and places:
        told.append(
            ngettext("Nor in %(num)s more case.", "Nor in %(num)s more cases.", untold),
        )
    elif untold:
        told.append(ngettext("Not kept in %(num)s case.", "Not kept in %(num)s cases.", untold))
    return " ".join([*told, _("The rule: %(rule)s", rule=RULES[rule])])


def further(count: int) -> Iterable[str]:
    """How many breaches there are beside the one that is told."""
    if count:
        yield ngettext("And %(num)s more breach.", "And %(num)s more breaches.", count)


def _place(facts: Mapping[str, Any], names: Names) -> str:
    """The session, its room, its round, as far as they are known, and how many it is about."""
    told = names.of(facts)
    where = ", ".join(isolated(told[part]) for part in ("session", "room", "slot") if part in told)
    return " ".join([where, *_size(facts)])


def _size(facts: Mapping[str, Any]) -> Iterable[str]:
    if "size" in facts and "most" in facts:
        yield ngettext(
            "(%(num)s person, at most %(most)s)",
            "(%(num)s people, at most %(most)s)",
            facts["size"],
            most=facts["most"],
        )
    elif "count" in facts and "most" in facts:
        yield ngettext(
            "(%(num)s person of one organisation, at most %(most)s)",
            "(%(num)s people of one organisation, at most %(most)s)",
            facts["count"],
            most=facts["most"],
        )
    elif "size" in facts:
        yield ngettext(
            "(%(num)s person, at least %(least)s)",
            "(%(num)s people, at least %(least)s)",
            facts["size"],
            least=facts["least"],
        )
    elif "people" in facts:
        yield ngettext("(%(num)s person)", "(%(num)s people)", facts["people"])
