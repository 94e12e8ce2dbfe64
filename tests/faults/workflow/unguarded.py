"""The control arms: the application without one of its protections, which the state machine must miss."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unittest import mock

from flask import g, request
from sqlalchemy import update

from planner import audit, auth, erasure, preferences
from planner.extensions import db
from planner.forms import Revision
from planner.models import Conference, Participant
from planner.scopes import OrganiserScope


def of_anybody(_scope: OrganiserScope, model: type[Any], id: int) -> Any:
    return db.get_or_404(model, id)


def published_in_vain(*_: Any, **__: Any) -> bool:
    """Says so, and moves no pointer."""
    return True


_statements = erasure._statements


def left_to_others(authors: Collection[int], now: datetime, *, leaves_statements: bool) -> None:
    """Her statements stay, whatever she has said."""
    _statements(authors, now, leaves_statements=True)


def noted_by_reading(now: datetime) -> None:
    """A page that writes down when somebody has read it."""
    if request.method == "GET" and request.endpoint == "participant.others.index":
        read = update(Participant).where(Participant.id == g.actor.id).values(wishes_saved_at=now)
        with db.engine.execution_options(writes=True).begin() as own:
            own.execute(read)


@dataclass(frozen=True)
class Arm:
    """`seen` is what is said by whoever misses this protection; anything else that breaks is something else."""

    seen: str
    leaves_out: Callable[[], AbstractContextManager[Any]]


ARMS = {
    "revisions of forms": Arm(
        r"over a change: answered 302", lambda: mock.patch.object(Revision, "revises", Revision.opened)
    ),
    "the end of choosing": Arm(
        r"wishes after the deadline: answered 302",
        lambda: mock.patch.object(Conference, "takes_wishes", return_value=True),
    ),
    "storing what is acknowledged": Arm(
        r"people \d+: acknowledged was", lambda: mock.patch.object(preferences, "_replace")
    ),
    "whose thing it is": Arm(
        r"(GET|POST) \S+: (\d+, 404|one can tell)", lambda: mock.patch.object(OrganiserScope, "_own", of_anybody)
    ),
    "empty chairs": Arm(
        r"erased, stands in allocation", lambda: mock.patch("planner.erasure.allocations.empty_chairs")
    ),
    "publishing one run": Arm(
        r"not be published|was not published",
        lambda: mock.patch("planner.organiser.results.allocations.publish", published_in_vain),
    ),
    "the end of a visit": Arm(
        r"cookie still opens|is still inside|inside without a way in",
        lambda: mock.patch.object(auth, "_is_ended", return_value=False),
    ),
    "erasing what she said": Arm(
        r"erased, stands in submission", lambda: mock.patch.object(erasure, "_statements", left_to_others)
    ),
    "reading without writing": Arm(
        r"reading .*others/.* changed something", lambda: mock.patch.object(auth, "was_here", noted_by_reading)
    ),
    "the audit's chain": Arm(r"does not fit", lambda: mock.patch.object(audit, "digest", return_value="0" * 64)),
}
