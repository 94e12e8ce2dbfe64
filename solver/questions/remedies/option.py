"""One change that an organiser could make: what it is, what it costs her, and how it is tried on a problem."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from solver.problem import Participant, Problem, Room, Session

Change = Callable[[Problem], Problem]


@dataclass(frozen=True)
class Option:
    """A single change with its code.

    kind, facts: what is changed, in codes and identifiers.
    rule: by its name, the rule that it loosens.
    cost: how much an organiser minds, 1 (she only has to want it) to 10 (people stay without a place).
    change: makes it in full. `partly(problem, by)` makes it by a number from 1 to `most`, where that can be done.
    drops: it takes a demand away, so without it the demand can be part of a conflict.
    """

    kind: str
    rule: str
    facts: dict[str, Any]
    cost: int
    change: Change
    drops: bool = False
    most: int = 0
    partly: Callable[[Problem, int], Problem] | None = None


def without(field: str, gone: object) -> Change:
    """Without one of the items of a field."""

    def change(problem: Problem) -> Problem:
        kept = tuple(item for item in getattr(problem, field) if item != gone)
        return replace(problem, **{field: kept})  # type: ignore[arg-type]

    return change


def of_session(id: str, change: Callable[[Session], Session]) -> Change:
    return lambda p: replace(p, sessions=tuple(change(s) if s.id == id else s for s in p.sessions))


def of_session_by(id: str, change: Callable[[Session, int], Session]) -> Callable[[Problem, int], Problem]:
    return lambda p, by: of_session(id, lambda s: change(s, by))(p)


def of_room(id: str, change: Callable[[Room], Room]) -> Change:
    return lambda p: replace(p, rooms=tuple(change(r) if r.id == id else r for r in p.rooms))


def of_room_by(id: str, change: Callable[[Room, int], Room]) -> Callable[[Problem, int], Problem]:
    return lambda p, by: of_room(id, lambda r: change(r, by))(p)


def of_person(id: str, change: Callable[[Participant], Participant]) -> Change:
    return lambda p: replace(p, participants=tuple(change(who) if who.id == id else who for who in p.participants))
