"""What a conference is made of: its dates, themes and groups change; a demonstration moves in time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select

from planner import locks, session_rules
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    AgendaItem,
    Conference,
    Group,
    Organisation,
    Participant,
    Room,
    Seating,
    Session,
    Slot,
    Submission,
    Theme,
    Translated,
    random_key,
)

COLOURS = 8
PHASES = ("call", "wishes", "allocation", "day")


class SlugTaken(PlannerError):
    sentence = _l("Another conference has this short name already.")


class ThemeInUse(PlannerError):
    sentence = _l("Submissions or sessions belong to this theme. Give them another theme first.")


class GroupInUse(PlannerError):
    sentence = _l("People belong to this group. Give them another group first.")


class OrganisationTaken(PlannerError):
    sentence = _l("Another organisation has this name already.")


class OrganisationInUse(PlannerError):
    sentence = _l("People belong to this organisation. Give them another one first.")


class OpenToItOnly(PlannerError):
    sentence = _l("A session is open to this group only. Change that at the session first.")


class LetterTaken(PlannerError):
    sentence = _l("Another group has this letter already.")


class DatesOutOfOrder(PlannerError):
    sentence = _l("Please check the dates: each phase ends after it begins, and the day comes last.")


class NotToPlayWith(PlannerError):
    sentence = _l("Only a demonstration can be moved in time.")


def check_dates(conference: Conference) -> None:
    """Raises DatesOutOfOrder before the database does."""
    ordered = (
        conference.call_from <= conference.call_until
        and conference.wishes_from <= conference.wishes_until <= conference.day_starts
        and conference.day_starts < conference.day_ends
    )
    if not ordered:
        raise DatesOutOfOrder


def save_theme(conference: Conference, theme: Theme | None, title: Translated, icon: str) -> Theme:
    """Change a theme, or add one after the others, in the next colour."""
    if theme is None:
        position = 1 + max((other.position for other in conference.themes), default=0)
        colour = len(conference.themes) % COLOURS + 1
        theme = Theme(key=random_key(), position=position, colour=colour)
        conference.themes.append(theme)
    theme.title, theme.icon = title, icon
    return theme


def remove_theme(theme: Theme) -> None:
    """Only a theme that nothing belongs to; drafts count too."""
    for kind in (Session, Submission):
        if db.session.scalar(select(kind.id).filter_by(theme_id=theme.id).limit(1)):
            raise ThemeInUse
    db.session.delete(theme)


def save_group(
    conference: Conference,
    group: Group | None,
    title: Translated,
    letter: str,
    *,
    sensitive: bool,
    places: int | None = None,
) -> Group:
    """Change a group, or add one after the others; its letter tells it apart where colours do not."""
    others = [other for other in conference.groups if other is not group]
    if letter.casefold() in {other.letter.casefold() for other in others}:
        raise LetterTaken(field="letter")
    if group is None:
        position = 1 + max((other.position for other in others), default=0)
        group = Group(key=random_key(), position=position, colour=len(others) % COLOURS + 1)
        conference.groups.append(group)
    group.title, group.letter, group.is_sensitive, group.places = title, letter, sensitive, places
    return group


def remove_group(group: Group) -> None:
    """Alone: who saves meanwhile that a session is for this group only would else open it to everybody."""
    locks.conference(group.conference, alone=True)
    if db.session.scalar(select(Participant.id).filter_by(group_id=group.id).limit(1)):
        raise GroupInUse
    if session_rules.has_its_only_group(group):
        raise OpenToItOnly
    db.session.delete(group)


def organisation_called(conference: Conference, name: str) -> Organisation | None:
    """Names are the same whatever their capitals, here as in lists."""
    wanted = name.casefold()
    return next((body for body in conference.organisations if body.name.casefold() == wanted), None)


def save_organisation(
    conference: Conference, organisation: Organisation | None, name: str, group_id: int | None
) -> Organisation:
    """Change one, or add it."""
    if organisation_called(conference, name) not in {None, organisation}:
        raise OrganisationTaken(field="name")
    if organisation is None:
        organisation = Organisation(conference_id=conference.id)
        conference.organisations.append(organisation)
    organisation.name, organisation.group_id = name, group_id
    db.session.flush()
    return organisation


def remove_organisation(organisation: Organisation) -> None:
    if db.session.scalar(select(Participant.id).filter_by(organisation_id=organisation.id).limit(1)):
        raise OrganisationInUse
    db.session.delete(organisation)


def people_by_group(conference: Conference) -> dict[int, int]:
    """How many people speak for each group."""
    rows = db.session.execute(
        select(Participant.group_id, func.count())
        .filter_by(conference_id=conference.id)
        .where(Participant.group_id.is_not(None))
        .group_by(Participant.group_id)
    )
    return {row[0] or 0: row[1] for row in rows}


@dataclass(frozen=True)
class Made:
    """How much of each there is; `chairs` as the rooms are placed, `scarce` are groups with a number of places."""

    agenda: int
    themes: int
    groups: int
    rooms: int
    chairs: int
    rounds: int
    sessions: int = 0
    scarce: int = 0


def made(conference: Conference) -> Made:
    """One question for all of it."""

    def number(table: type[AgendaItem | Theme | Group | Room | Slot | Session], what: Any = None) -> Any:
        found = select(func.count() if what is None else what).select_from(table)
        return found.where(table.conference_id == conference.id).scalar_subquery()

    placed = case((Room.seating == Seating.CIRCLE, Room.capacity_circle), else_=Room.capacity_rows)
    chairs = number(Room, func.coalesce(func.sum(placed), 0))
    counted = (number(AgendaItem), number(Theme), number(Group), number(Room), chairs, number(Slot), number(Session))
    return Made(*db.session.execute(select(*counted, number(Group, func.count(Group.places)))).one())


def go_to(conference: Conference, phase: str, now: datetime) -> None:
    """Let a demonstration's clock stand in a phase; a real conference has only its own dates."""
    if not conference.is_demonstration or phase not in PHASES:
        raise NotToPlayWith
    beginnings = {
        "call": max(conference.call_from, conference.wishes_from),
        "wishes": max(conference.call_until, conference.wishes_from),
        "allocation": conference.wishes_until,
        "day": conference.day_starts,
    }
    wanted = beginnings[phase] + timedelta(minutes=30)
    conference.clock_shift = round((wanted - now).total_seconds())
    conference.passed = None


def notice_deadlines(clock: Callable[[Conference], datetime]) -> None:
    """Note the deadlines that have passed, so that they stay passed whatever a clock says later."""
    for conference in db.session.scalars(select(Conference)):
        due = conference.due(clock(conference))
        if due:
            conference.passed = due
