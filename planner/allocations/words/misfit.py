"""In one sentence what of a published plan does not fit what is set now, for whoever has just changed something."""

from flask_babel import gettext as _
from flask_babel import ngettext

from planner.allocations.results.outdated import Outdated
from planner.allocations.words.names import Names
from planner.allocations.words.summary import broken_rule, counts
from planner.languages import isolated


def misfit(found: Outdated, names: Names) -> str:
    """The gravest first; nobody's name, as a message is kept for a moment in the reader's browser."""
    if found.contradiction:
        return _("What is set contradicts itself, so nobody can tell whether the published plan still fits.")
    what = _too_many(found, names) or _not_held(found, names) or _broken(found, names)
    if what:
        return _("The published plan does not fit any more: %(what)s", what=what)
    return _("Something has changed since the published plan was made: %(what)s", what=" ".join(counts(found)))


def _too_many(found: Outdated, names: Names) -> str:
    for place in found.broken.get("size_at_most", []):
        told = names.of(place)
        return ngettext(
            "“%(session)s” (%(room)s, %(slot)s) has %(num)s person, but only %(most)s may sit there now.",
            "“%(session)s” (%(room)s, %(slot)s) has %(num)s people, but only %(most)s may sit there now.",
            told["size"],
            **{key: isolated(str(told[key])) for key in ("session", "room", "slot")},
            most=told["most"],
        )
    return ""


def _not_held(found: Outdated, names: Names) -> str:
    for id in found.gone.get("session", []):
        return _(
            "“%(title)s” is in it, but is not held any more.", title=isolated(names.of({"session": id})["session"])
        )
    return ""


def _broken(found: Outdated, names: Names) -> str:
    return next((broken_rule(found, rule, names) for rule in found.broken), "")
