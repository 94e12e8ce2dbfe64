"""What everybody should know who reads a published plan: since when it stands, and whether it may change or fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from planner import dates
from planner.allocations.results.outdated import outdated
from planner.allocations.results.publish import doubts
from planner.allocations.words.provisional import provisional
from planner.allocations.words.summary import counts
from planner.models import Allocation


@dataclass(frozen=True)
class Standing:
    """In the words of the organisers' page; without anybody's name, because it stands on papers that lie open."""

    published: str
    draft: str = ""
    outdated: str = ""
    changes: Sequence[str] = ()

    @property
    def brief(self) -> str:
        """For a paper's foot and a table's cell."""
        return " · ".join(
            filter(None, [self.published, self.draft and _("draft"), self.outdated and _("outdated")]),
        )

    @property
    def whole(self) -> str:
        """What a paper says of it beyond that."""
        return " ".join(filter(None, [self.draft, self.outdated, *self.changes]))


def standing(run: Allocation, now: datetime) -> Standing:
    since = outdated(run)
    doubt = str(doubts(run, since).get("outdated", ""))
    return Standing(published_on(run), provisional(run, now), doubt, counts(since) if since else ())


def published_on(run: Allocation | None) -> str:
    """Empty where it never was."""
    if run is None or run.published_at is None:
        return ""
    return _("Published on %(date)s", date=dates.moment(run.published_at, run.conference))
