"""Who is in the conference already, as far as a list can change it: plain facts, a handful of queries at any size."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from planner import participants
from planner.clock import Clock
from planner.extensions import db
from planner.models import (
    Absence,
    Conference,
    ImportBatch,
    ImportedPerson,
    ImportKind,
    ImportState,
    LanguageLevel,
    NeedKind,
    Participant,
    ParticipantState,
    Preference,
)

PLAIN = ("name", "email", "organisation_id", "group_id", "locale", "external_key")
"""Columns that a list may set and that an undo may set back, as they are."""


@dataclass
class Somebody:
    """One person as she is stored."""

    id: int
    conference_id: int
    facts: dict[str, Any]  # by PLAIN, and state, attributes, languages, absences, wishes
    said_herself: bool = False
    chose_herself: bool = False
    needs: list[NeedKind] = field(default_factory=list)


def everybody(conference: Conference) -> dict[int, Somebody]:
    columns = [getattr(Participant, name) for name in PLAIN]
    rows = db.session.execute(
        select(
            Participant.id,
            Participant.state,
            Participant.attributes,
            Participant.details_saved_at,
            Participant.wishes_saved_at,
            *columns,
        )
        .filter_by(conference_id=conference.id)
        .order_by(Participant.id)
    )
    found = {}
    for row in rows:
        facts = {name: getattr(row, name) for name in PLAIN}
        facts |= {"state": row.state.value, "attributes": dict(row.attributes or {})}
        facts |= {"languages": {}, "absences": [], "wishes": []}
        found[row.id] = Somebody(
            row.id, conference.id, facts, row.details_saved_at is not None, row.wishes_saved_at is not None
        )
    _gather(conference, found)
    return found


def _gather(conference: Conference, found: Mapping[int, Somebody]) -> None:
    """What stands in other tables; of somebody who came since they were listed nothing is said yet."""

    def rows(*columns: Any) -> Iterator[Any]:
        own = select(*columns).join(Participant, Participant.id == columns[0])
        every = db.session.execute(own.where(Participant.conference_id == conference.id).order_by(columns[-1]))
        return (row for row in every if row[0] in found)

    for id, level, language in rows(LanguageLevel.participant_id, LanguageLevel.level, LanguageLevel.language):
        found[id].facts["languages"][language] = level.value
    for id, slot in rows(Absence.participant_id, Absence.slot_id):
        found[id].facts["absences"].append(slot)
    for id, session, _rank in rows(Preference.participant_id, Preference.session_id, Preference.rank):
        found[id].facts["wishes"].append(session)


def read_needs(found: Mapping[int, Somebody], reader: str, clock: Clock) -> None:
    """What they need, where a list says something about it; leaves a trace like every reading. Raises Untraced."""
    people: Any = list(found.values())
    for id, kinds in participants.needs_of(people, reader, clock()).items():
        found[id].needs = kinds


def wished_by_lists(conference: Conference) -> dict[int, list[list[int]]]:
    """What lists gave people as wishes: what still is so was not chosen by themselves."""
    rows = db.session.execute(
        select(ImportedPerson.participant_id, ImportedPerson.after)
        .join(ImportBatch)
        .where(ImportBatch.conference_id == conference.id, ImportBatch.kind == ImportKind.WISHES)
        .where(ImportBatch.state == ImportState.APPLIED)
    )
    found: dict[int, list[list[int]]] = {}
    for row in rows:
        found.setdefault(row.participant_id, []).append(row.after.get("wishes", []))
    return found


class Register:
    """Finds people by what a list may say of them."""

    def __init__(self, people: Iterable[Somebody]):
        self.taken: set[int] = set()
        self.by_mail: dict[str, list[Somebody]] = {}
        self.by_name: dict[str, list[Somebody]] = {}
        self.by_key: dict[str, list[Somebody]] = {}
        self.by_both: dict[tuple[str, str, str], list[Somebody]] = {}  # what is told, what it says, and the name
        for each in people:
            name = folded(each.facts["name"])
            self.by_name.setdefault(name, []).append(each)
            for index, key in ((self.by_mail, "email"), (self.by_key, "external_key")):
                if text := (each.facts[key] or "").casefold():
                    index.setdefault(text, []).append(each)
                    self.by_both.setdefault((key, text, name), []).append(each)

    def free(self, index: Mapping[str, list[Somebody]], text: str) -> list[Somebody]:
        """Whom no other row of the list is taken to be."""
        return [each for each in index.get(text.casefold(), ()) if each.id not in self.taken]

    def same(self, key: str, text: str, name: str) -> list[Somebody]:
        """Who of them has this e-mail or number, and this name: an office's thousand share the address."""
        found = self.by_both.get((key, text.casefold(), name), ())
        return [each for each in found if each.id not in self.taken]


def folded(name: str) -> str:
    """Names are the same whatever their case and spaces."""
    return " ".join(name.split()).casefold()


def is_cancelled(each: Somebody) -> bool:
    return each.facts["state"] == ParticipantState.CANCELLED.value
