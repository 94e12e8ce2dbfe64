"""The rules that organisers set, in the solver's words; of whom and what is not there nothing is asked."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import solver
from planner.models import BondKind, Conference
from planner.roster import Entry
from planner.rules import Stated

GROUP, ORGANISATION = "group", "organisation"


def ruled(conference: Conference, stated: Stated, people: Sequence[Entry], sessions: Collection[int]) -> dict[str, Any]:
    """What a problem takes of them, for these people and the sessions with these numbers."""
    keys = {person.id: person.key for person in people}
    most = conference.most_of_one_organisation
    return {
        "quotas": tuple(
            solver.Quota(GROUP, str(group), minimum, maximum, str(session) if session else None)
            for group, session, minimum, maximum in stated.quotas
            if session in {None, *sessions}
        ),
        "company": tuple(solver.Company(GROUP, str(group), least) for group, least in stated.companies),
        "spread": () if most is None else (solver.Spread(ORGANISATION, most),),
        "together": _bonds(stated.bonds[BondKind.TOGETHER], keys),
        "apart": _bonds(stated.bonds[BondKind.APART], keys),
    }


def attributes(conference: Conference, person: Entry) -> dict[str, str]:
    """Of what she is: for whom she speaks only where a rule asks for it."""
    told = {GROUP: person.group_id}
    if conference.most_of_one_organisation is not None:
        told[ORGANISATION] = person.organisation_id
    return {name: str(value) for name, value in told.items() if value}


def _bonds(bonds: Mapping[int, Sequence[int]], keys: Mapping[int, str]) -> tuple[frozenset[str], ...]:
    """With whom nobody is left nobody has anything to agree."""
    found = [frozenset(keys[id] for id in people if id in keys) for people in bonds.values()]
    return tuple(bond for bond in found if len(bond) > 1)
