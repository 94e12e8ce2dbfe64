"""The control arms: the application without one of its protections, which the state machine must miss."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from planner import audit, auth, preferences
from planner.extensions import db
from planner.forms import Revision
from planner.models import Conference
from planner.scopes import OrganiserScope


def of_anybody(_scope: OrganiserScope, model: type[Any], id: int) -> Any:
    return db.get_or_404(model, id)


def published_in_vain(*_: Any, **__: Any) -> bool:
    """Says so, and moves no pointer."""
    return True


ARMS: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "revisions of forms": lambda: mock.patch.object(Revision, "revises", Revision.opened),
    "the end of choosing": lambda: mock.patch.object(Conference, "takes_wishes", return_value=True),
    "storing what is acknowledged": lambda: mock.patch.object(preferences, "_replace"),
    "whose thing it is": lambda: mock.patch.object(OrganiserScope, "_own", of_anybody),
    "empty chairs": lambda: mock.patch("planner.erasure.allocations.empty_chairs"),
    "publishing one run": lambda: mock.patch("planner.organiser.results.allocations.publish", published_in_vain),
    "the end of a visit": lambda: mock.patch.object(auth, "_is_ended", return_value=False),
    "the audit's chain": lambda: mock.patch.object(audit, "digest", return_value="0" * 64),
}
