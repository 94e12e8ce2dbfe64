"""The rules that organisers set, in the solver's words; of whom and what is not there nothing is asked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import solver
from planner.models import BondKind, Conference, Order, Session
from planner.roster import Entry
from planner.rules import Stated, Whom, flexible

GROUP, ORGANISATION = "group", "organisation"
MARK = "mark:"
"""Before what organisers call something that they know of people, so that it is none of the others."""


def ruled(conference: Conference, stated: Stated, people: Sequence[Entry], sessions: Collection[int]) -> dict[str, Any]:
    """What a problem takes of them, for these people and the sessions with these numbers."""
    keys = {person.id: person.key for person in people}
    most = conference.most_of_one_organisation
    return {
        "quotas": tuple(
            solver.Quota(*_who(whom), minimum, maximum, str(session) if session else None)
            for whom, session, minimum, maximum in stated.quotas
            if session in {None, *sessions}
        ),
        "company": tuple(solver.Company(*_who(whom), least) for whom, least in stated.companies),
        "spread": () if most is None else (solver.Spread(ORGANISATION, most),),
        "together": _bonds(stated.bonds[BondKind.TOGETHER], keys),
        "apart": _bonds(stated.bonds[BondKind.APART], keys),
        "flexible": flexible(conference, stated),
    }


def _who(whom: Whom) -> tuple[str, str]:
    """The attribute and the value of it, in the solver's words."""
    return (MARK + whom.mark, whom.value or "") if whom.mark else (GROUP, str(whom.group_id))


def of_session(stated: Stated, session: Session, slots: Sequence[int], known: Collection[int]) -> dict[str, Any]:
    """What a session takes of them, where these rounds and sessions are there."""
    admits = {MARK + name: tuple(values) for name, values in (session.open_to or {}).items()}
    if session.id in stated.admits:
        admits[GROUP] = tuple(str(id) for id in stated.admits[session.id])
    closed, found = stated.closed.get(session.id), {}
    for name, order in (("conflicts", Order.NOT_BESIDE), ("after", Order.AFTER)):
        found[name] = frozenset(str(id) for id in stated.orders[order].get(session.id, ()) if id in known)
    return {
        "admits": admits,
        "slots": frozenset(str(id) for id in slots if id not in closed) if closed else None,
        **found,
    }


def asked_of_people(sessions: Iterable[Session]) -> set[str]:
    """The attributes that some session asks for."""
    return {name for session in sessions for name in session.open_to or {}}


def attributes(conference: Conference, person: Entry, asked: Collection[str]) -> dict[str, str]:
    """Of what she is what a rule asks for, and for whom she speaks."""
    told: dict[str, Any] = {GROUP: person.group_id}
    if conference.most_of_one_organisation is not None:
        told[ORGANISATION] = person.organisation_id
    told |= {MARK + name: person.attributes.get(name) for name in asked}
    return {name: str(value) for name, value in told.items() if value}


def _bonds(bonds: Mapping[int, Sequence[int]], keys: Mapping[int, str]) -> tuple[frozenset[str], ...]:
    """With whom nobody is left nobody has anything to agree."""
    found = [frozenset(keys[id] for id in people if id in keys) for people in bonds.values()]
    return tuple(bond for bond in found if len(bond) > 1)
