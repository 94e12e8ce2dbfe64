"""In a plan that is older than a rule: in which meetings somebody interprets for nobody, with her name."""

from collections.abc import Iterable, Iterator

from flask_babel import ngettext

from planner import languages
from planner.allocations.results.idle import Idle
from planner.allocations.words.names import Names
from planner.models import EMPTY


def for_nobody(found: Iterable[Idle], names: Names) -> Iterator[str]:
    """In the order of the meetings."""
    for each in found:
        who = [languages.isolated(names.people.get(key, str(EMPTY))) for key in each.interpreters]
        yield ngettext(
            "In “%(session)s” %(names)s has nobody to interpret for. A new run mends it.",
            "In “%(session)s” %(names)s have nobody to interpret for. A new run mends it.",
            len(who),
            session=languages.isolated(names.of({"session": each.session})["session"]),
            names=languages.in_a_row(who),
        )
