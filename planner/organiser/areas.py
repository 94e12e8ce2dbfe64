"""The areas of an organiser's workspace, the pages of each, and where a request stands among them."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, request
from flask_babel import lazy_gettext as _l

from planner.policy import may


@dataclass(frozen=True)
class Page:
    """Its list or its only form, to which all pages of the same blueprint belong; `further` are other blueprints."""

    endpoint: str
    label: object
    further: tuple[str, ...] = ()

    @property
    def is_here(self) -> bool:
        return request.endpoint == self.endpoint

    @property
    def holds_us(self) -> bool:
        """Whether this page or one below it is open."""
        if request.endpoint in LISTED:
            return self.is_here
        return request.blueprint in {self.endpoint.rpartition(".")[0], *self.further}


@dataclass(frozen=True)
class Area:
    label: object
    pages: tuple[Page, ...]

    @property
    def open_pages(self) -> list[Page]:
        """Those that the role of whoever asks lets her read."""
        return [page for page in self.pages if may(page.endpoint)]

    @property
    def holds_us(self) -> bool:
        return any(page.holds_us for page in self.pages)


AREAS = (
    Area(
        _l("Prepare"),
        (
            Page("organiser.settings.edit", _l("Title and dates"), ("organiser.copies",)),
            Page("organiser.slots.index", _l("Rounds")),
            Page("organiser.agenda.index", _l("Agenda")),
            Page("organiser.rooms.index", _l("Rooms")),
            Page("organiser.themes.index", _l("Themes")),
            Page("organiser.groups.index", _l("Groups")),
            Page("organiser.organisations.index", _l("Organisations")),
            Page("organiser.rules.index", _l("Rules")),
            Page("organiser.team.index", _l("Team")),
            Page("organiser.audit.index", _l("What was done")),
            Page("organiser.life.index", _l("Archive or delete")),
        ),
    ),
    Area(
        _l("People"),
        (
            Page(
                "organiser.people.index",
                _l("Everybody"),
                ("organiser.places", "organiser.needs", "organiser.wishes", "organiser.statements"),
            ),
            Page("organiser.ballots.index", _l("Paper ballots")),
            Page("organiser.imports.index", _l("Bring a list")),
            Page("organiser.cards.index", _l("Cards to print")),
            Page("organiser.links.index", _l("Group links")),
            Page("organiser.messages.index", _l("Messages"), ("organiser.mail_texts",)),
        ),
    ),
    Area(
        _l("Submissions and sessions"),
        (
            Page("organiser.submissions.index", _l("Submissions"), ("organiser.together",)),
            Page("organiser.sessions.index", _l("Sessions"), ("organiser.merging",)),
        ),
    ),
    Area(
        _l("Plan"),
        (
            Page("organiser.programme.index", _l("Programme")),
            Page("organiser.allocations.index", _l("Allocation"), ("organiser.results",)),
            Page("organiser.allocations.forecast", _l("Look ahead")),
            Page("organiser.commitments.index", _l("Commitments")),
            Page("organiser.interpreting.index", _l("Interpreters")),
        ),
    ),
)

LISTED = frozenset(page.endpoint for area in AREAS for page in area.pages)


def present() -> Area | None:
    """The area of the page that is open; the overview and an account's pages belong to none."""
    return next((area for area in AREAS if area.holds_us), None)


def install(app: Flask) -> None:
    def known() -> dict[str, Sequence[Area] | Area | None]:
        if not request:
            return {}
        return {"areas": [area for area in AREAS if area.open_pages], "present_area": present()}

    app.context_processor(known)
