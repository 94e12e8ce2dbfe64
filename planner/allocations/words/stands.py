"""Where a plan stands: whether it is a draft, whether everybody sees it, and whether it still fits."""

from flask_babel import gettext as _

from planner.models import Allocation, AllocationState

State = tuple[str, str, str | None]
"""A word, its tone, and its sign."""


def stands(run: Allocation, fits: bool | None = True) -> list[State]:
    """Empty for a run without a plan: that is neither a draft nor published. `fits` is None where nobody looked."""
    if run.state is not AllocationState.SOLVED:
        return []
    published = run.id == run.conference.published_id
    outdated = (_("outdated"), "wait", "warning")
    unknown = (_("open it to see whether it still fits"), "calm", None)
    return [
        *([(_("draft"), "calm", None)] if run.is_draft else []),
        (_("published"), "good", "check") if published else (_("not published"), "calm", None),
        *([] if fits else [unknown if fits is None else outdated]),
    ]
