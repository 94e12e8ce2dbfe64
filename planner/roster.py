"""Everybody of a conference as plain facts: what is counted of them, without what they need.

Columns instead of rows of the model, one query for each kind of fact: as many for two thousand people as for twenty,
and a tenth of the time.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import InstrumentedAttribute

from planner.extensions import db
from planner.models import (
    COMING,
    Absence,
    Conference,
    InterpreterPair,
    LanguageLevel,
    Level,
    Participant,
    ParticipantState,
    Preference,
    SessionRole,
    Veto,
)

Name = Row[int, str, str]
"""Somebody's id, key and name."""


class Named(Protocol):
    """Whoever can be named: a name of the list, or a whole entry."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass
class Entry:
    """One person; `favourites` the most wanted first, `absences` are rounds, `leads` where she has a task."""

    id: int
    conference_id: int
    key: str
    name: str
    state: ParticipantState
    group_id: int | None
    attends: bool
    organisation_id: int | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    languages: dict[str, Level] = field(default_factory=dict)
    favourites: list[int] = field(default_factory=list)
    vetoes: list[int] = field(default_factory=list)
    absences: list[int] = field(default_factory=list)
    leads: list[int] = field(default_factory=list)
    interprets: list[InterpreterPair] = field(default_factory=list)

    @property
    def is_coming(self) -> bool:
        return self.state in COMING

    @property
    def counts(self) -> bool:
        """She is there to attend, to lead or to interpret."""
        return self.is_coming and bool(self.attends or self.interprets or self.leads)


def everybody(conference: Conference) -> list[Entry]:
    """In the order of their names; of somebody who came between two queries nothing is said yet."""
    mine = Participant.conference_id == conference.id
    people = select(
        Participant.id,
        Participant.conference_id,
        Participant.key,
        Participant.name,
        Participant.state,
        Participant.group_id,
        Participant.attends,
        Participant.organisation_id,
        Participant.attributes,
    )
    found = {row.id: Entry(*row) for row in db.session.execute(people.where(mine).order_by(Participant.name))}
    for id, language, level in _facts(mine, found, LanguageLevel.language, LanguageLevel.level):
        found[id].languages[language] = level
    for column, name in (
        (Preference.session_id, "favourites"),
        (Veto.session_id, "vetoes"),
        (Absence.slot_id, "absences"),
        (SessionRole.session_id, "leads"),
    ):
        for id, value in _facts(mine, found, column):
            getattr(found[id], name).append(value)
    pairs = select(InterpreterPair).join(Participant, Participant.id == InterpreterPair.participant_id)
    for pair in db.session.scalars(pairs.where(mine).order_by(InterpreterPair.id)):
        if pair.participant_id in found:
            found[pair.participant_id].interprets.append(pair)
    return list(found.values())


def _facts(mine: ColumnElement[bool], people: Container[int], *columns: InstrumentedAttribute[Any]) -> Iterator[Any]:
    table: Any = columns[0].class_
    order = table.rank if table is Preference else columns[0]
    rows = select(table.participant_id, *columns).join(Participant, Participant.id == table.participant_id)
    found = db.session.execute(rows.where(mine).order_by(table.participant_id, order))
    return (row for row in found if row[0] in people)


def names(conference: Conference) -> Sequence[Name]:
    """In their order: for sentences, and for fields in which somebody is chosen."""
    rows = select(Participant.id, Participant.key, Participant.name).filter_by(conference_id=conference.id)
    return db.session.execute(rows.order_by(Participant.name)).all()
