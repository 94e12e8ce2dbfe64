"""Whether wishes could still change when a plan was made, or can now, told alike to organisers and participants."""

from datetime import datetime

from flask_babel import gettext as _

from planner import dates
from planner.models import Allocation


def provisional(run: Allocation | None, now: datetime) -> str:
    """What everybody should know who reads this plan; empty where wishes were closed for good when it was made."""
    if run is None:
        return ""
    if run.conference.wishes_may_change(now):
        return _(
            "This plan is a draft: wishes can be changed until %(date)s, and the plan may change after that.",
            date=dates.moment(run.conference.wishes_until, run.conference),
        )
    return _("This plan is a draft: wishes could still change when it was made. It may change.") if run.is_draft else ""
