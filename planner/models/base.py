"""What all tables share: instants, texts in several languages, enums and states."""

import enum
import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from sqlalchemy import JSON, DateTime, Dialect, Enum, ForeignKey, Integer, String, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column

from planner.errors import MoveForbidden
from planner.extensions import db

Translated = dict[str, str]
"""One text per language: {"de": "Wohnen", "en": "Housing"}."""


class Instant(TypeDecorator[datetime]):
    """A moment, stored in UTC, always read back with its zone (SQLite forgets it)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a stored instant needs a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def enumeration(kind: type[enum.StrEnum]) -> Enum:
    """A column that holds one of the values, checked by the database as well."""
    return Enum(
        kind,
        name=kind.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        length=20,
        values_callable=lambda members: [member.value for member in members],
    )


class Model(db.Model):  # type: ignore[name-defined,misc]
    __abstract__ = True
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Instant, Translated: JSON}

    id: Mapped[int] = mapped_column(Integer, primary_key=True)


MARK, MARK_VALUE = 80, 200
"""How long a name of an attribute, and a value of it, may be that a rule is about."""
OF_WHOM = "(group_id is null) = (mark is not null) and (mark is null) = (value is null)"
"""A rule is about a group, or about those who have one value of an attribute."""


def child_of(table: str, *, index: bool = True, **options: Any) -> Any:
    """A foreign key whose row disappears with its parent."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE"), index=index, **options)


def points_to(table: str, **options: Any) -> Any:
    """An optional foreign key that is emptied when the other row disappears."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="SET NULL"), index=True, **options)


def random_key() -> str:
    """An identifier that tells nothing about its owner; at home in snapshots and calendar files."""
    return secrets.token_hex(8)


def key_column() -> Mapped[str]:
    return mapped_column(String(16), unique=True, default=random_key)


Moves = dict[Any, set[Any]]
"""From each state, the states that may come next."""


class Stateful:
    """A row with a `state` that changes only along the moves of its class."""

    MOVES: ClassVar[Moves]
    state: Any

    def move_to(self, state: Any) -> Self:
        if state not in self.MOVES.get(self.state, set()):
            raise MoveForbidden
        self.state = state
        return self
