"""In sentences what of a published plan does not fit what is set now, for whoever has just changed something."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from planner.allocations.results.outdated import Outdated
from planner.allocations.words.breaches import further, not_kept
from planner.allocations.words.names import Names
from planner.allocations.words.summary import counts
from planner.languages import isolated


@dataclass(frozen=True)
class Misfit:
    """One thing that is wrong. `kind` stays the same whatever is counted of it; names are read when it is `told`."""

    kind: str
    told: Callable[[], str]


def misfits(found: Outdated, names: Names) -> list[Misfit]:
    """The gravest first; nobody's name, as a message is kept for a moment in the reader's browser."""
    if found.contradiction:
        return [Misfit("contradiction", _contradicts)]
    wrong = [*_too_many(found, names), *_not_held(found, names), *_broken(found, names)]
    return wrong + [Misfit(f"changed {part}", partial(_changed, found)) for part in found.changed]


def _contradicts() -> str:
    return _("What is set contradicts itself, so nobody can tell whether the published plan still fits.")


def _changed(found: Outdated) -> str:
    return _("Something has changed since the published plan was made: %(what)s", what=" ".join(counts(found)))


def _does_not_fit(found: Outdated, count: int, what: Callable[[], str]) -> str:
    """So many breaches, and how many there are beside them."""
    breaches = sum(map(len, found.broken.values())) + len(found.gone.get("session", []))
    told = " ".join([what(), *further(breaches - count)])
    return _("The published plan does not fit any more. %(what)s", what=told)


def _too_many(found: Outdated, names: Names) -> Iterator[Misfit]:
    for place in found.broken.get("size_at_most", []):
        yield Misfit(_kind("size_at_most", place), partial(_does_not_fit, found, 1, partial(_sits, place, names)))


def _sits(place: dict[str, Any], names: Names) -> str:
    told = names.of(place)
    return ngettext(
        "“%(session)s” (%(room)s, %(slot)s) has %(num)s person, but only %(most)s may sit there now.",
        "“%(session)s” (%(room)s, %(slot)s) has %(num)s people, but only %(most)s may sit there now.",
        told["size"],
        **{key: isolated(str(told[key])) for key in ("session", "room", "slot")},
        most=told["most"],
    )


def _not_held(found: Outdated, names: Names) -> Iterator[Misfit]:
    for id in found.gone.get("session", []):
        yield Misfit(f"gone {id}", partial(_does_not_fit, found, 1, partial(_is_not_held, id, names)))


def _is_not_held(id: str, names: Names) -> str:
    title = isolated(names.of({"session": id})["session"])
    return _("“%(title)s” is in it, but is not held any more.", title=title)


def _broken(found: Outdated, names: Names) -> Iterator[Misfit]:
    """A rule that names no place is one thing, however often it is broken."""
    for rule, breaches in found.broken.items():
        if rule != "size_at_most":
            alike: dict[str, list[dict[str, Any]]] = {}
            for facts in breaches:
                alike.setdefault(_kind(rule, facts), []).append(facts)
            for kind, told in alike.items():
                yield Misfit(kind, partial(_does_not_fit, found, len(told), partial(not_kept, rule, told, names)))


def _kind(rule: str, place: dict[str, Any]) -> str:
    return " ".join([rule, *(str(place[part]) for part in ("session", "room", "slot") if part in place)])
