"""What a run rests on: the parts of a question that can change afterwards, as facts that can be compared."""

import hashlib
import json
from collections.abc import Container
from dataclasses import replace
from typing import Any

from planner.allocations.runs.close import by_hand
from solver import Problem, Session, plain

PARTS = ("slots", "rooms", "sessions", "interpreters", "quotas")
RULES = ("company", "spread", "together", "apart")
"""Told as one, so that nobody learns from a number that people are to be kept apart."""
SAID = ("favourites", "vetoes", "languages", "slots", "attributes", "attends")
"""Of people; what they need is not read for this, because reading it leaves a trace."""


def grounds(problem: Problem) -> dict[str, dict[Any, Any]]:
    """By part, and in it by what makes it the same thing. A run still fits where today's are equal to its own.

    Without fixed meetings where nobody knows which of them organisers had fixed.
    """
    found = {part: {_key(each): each for each in getattr(problem, part)} for part in PARTS}
    found["rules"] = {(name, _key(each)): each for name in RULES for each in getattr(problem, name)}
    found["rules"] |= {("flexible", rule): price for rule, price in problem.flexible.items()}
    fixed = by_hand(problem)
    if fixed is not None:
        found["meetings"] = {_key(each): each for each in fixed}
    found["people"] = {person.id: {name: getattr(person, name) for name in SAID} for person in problem.participants}
    return found


def about(problem: Problem, sessions: Container[str]) -> dict[str, dict[Any, Any]]:
    """The grounds without what people and organisers said of other sessions: that goes with a session, by itself."""
    found = grounds(problem)
    for part in {"meetings", "quotas"} & found.keys():
        found[part] = {key: each for key, each in found[part].items() if each.session in sessions or not each.session}
    found["sessions"] = {id: _beside(each, sessions) for id, each in found["sessions"].items()}
    for said in found["people"].values():
        said["favourites"] = tuple(id for id in said["favourites"] if id in sessions)
        said["vetoes"] = frozenset(id for id in said["vetoes"] if id in sessions)
    return found


def _beside(session: Session, sessions: Container[str]) -> Session:
    """Without what it has to do with others that are not held any more."""
    conflicts, after = (frozenset(id for id in ids if id in sessions) for ids in (session.conflicts, session.after))
    return replace(session, conflicts=conflicts, after=after)


def without_agreements(problem: Problem) -> Problem:
    """Without who must be apart, for whoever may not know that somebody must."""
    return replace(problem, apart=()) if problem.apart else problem


def fingerprint(problem: Problem) -> str | None:
    """Equal where the grounds are, so that many runs are compared without reading them; None where some are unknown.

    Many read whether it is, so it is taken without who must be apart.
    """
    known = grounds(without_agreements(problem))
    if "meetings" not in known:
        return None
    lines = {
        part: sorted(([key, plain(each)] for key, each in facts.items()), key=repr)
        for part, facts in known.items()
        if facts or part != "rules"  # where there are none a run of before there were any still fits
    }
    return hashlib.sha256(json.dumps(lines, sort_keys=True).encode()).hexdigest()


def _key(each: Any) -> Any:
    """Its id, or for what has none the names in it."""
    names = ("id", "participant", "session", "slot", "attribute", "value")
    if isinstance(each, frozenset):
        return tuple(sorted(each))
    if hasattr(each, "id"):
        return each.id
    return tuple(getattr(each, name) for name in names if hasattr(each, name))
