"""Single changes that an organiser could make to an impossible conference, each with what it costs her."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from solver.problem import Interpreter, Level, Participant, Problem, Quota, Room, Session


@dataclass(frozen=True)
class Option:
    """`change` makes it; `partly(problem, by)` makes it by a number up to `most`. `drops`: it takes a demand away."""

    kind: str
    rule: str
    facts: dict[str, Any]
    cost: int
    change: Callable[[Problem], Problem]
    drops: bool = False
    most: int = 0
    partly: Callable[[Problem, int], Problem] | None = None


def options(problem: Problem, crowd: dict[str, int] | None = None) -> Iterator[Option]:
    """All that are worth a try on this problem; `crowd` says for how many people somebody stands."""
    yield from _locks(problem)
    yield from _quotas(problem)
    yield from _people(problem)
    yield from _rooms(problem, crowd or {})
    yield from _sessions(problem)
    yield from _bonds(problem)
    if problem.full_day and not problem.unplaced_allowed:
        yield Option(
            "unplaced", "one_meeting_per_slot", {}, 10, lambda p: replace(p, unplaced_allowed=True), drops=True
        )


def _locks(problem: Problem) -> Iterator[Option]:
    for lock in problem.locks:
        facts = {"participant": lock.participant, "session": lock.session}
        yield Option("lock", "locks_hold", facts, 1, _dropped("locks", lock), drops=True)
    for given in problem.meetings:
        facts = {"session": given.session, "slot": given.slot}
        yield Option(
            "given",
            "locks_hold",
            facts,
            1,
            _dropped("meetings", given),
            drops=True,
        )
    for person in problem.participants:
        for session in sorted(person.required):
            yield Option(
                "must",
                "locks_hold",
                {"participant": person.id, "session": session},
                1,
                _freed(person.id, session),
                drops=True,
            )


def _quotas(problem: Problem) -> Iterator[Option]:
    for at, quota in enumerate(problem.quotas):
        facts = {"attribute": quota.attribute, "value": quota.value, "session": quota.session}
        everybody = len(problem.participants) * len(problem.slots)

        def loosened(p: Problem, by: int, at: int = at, quota: Quota = quota) -> Problem:
            most = None if quota.maximum is None else quota.maximum + by
            new = replace(quota, minimum=max(0, quota.minimum - by), maximum=most)
            return replace(p, quotas=(*p.quotas[:at], new, *p.quotas[at + 1 :]))

        yield Option(
            "quota",
            "quotas_hold",
            facts,
            2,
            partial(loosened, by=everybody),
            drops=True,
            most=max(quota.minimum, 50),
            partly=loosened,
        )


def _people(problem: Problem) -> Iterator[Option]:
    staff = {id for session in problem.sessions for id in session.staff}
    for person in problem.participants:
        if person.id in staff and person.slots is not None:
            yield Option(
                "present",
                "staff_at_their_own",
                {"participant": person.id},
                3,
                _person(person.id, lambda each: replace(each, slots=None)),
            )
    for language, working in sorted(_bridges(problem)):
        yield Option(
            "interpreter",
            "everybody_understands",
            {"pair": f"{language}-{working}"},
            4,
            partial(_with_interpreter, pair=f"{language}-{working}"),
        )
    for session in problem.sessions:
        if session.staff and (len(session.staff) > 1 or _overworked(problem, session)):
            yield Option(
                "staff",
                "staff_at_their_own",
                {"session": session.id},
                4,
                _session(session.id, lambda s: replace(s, facilitators=(), note_takers=())),
                drops=True,
            )


def _overworked(problem: Problem, session: Session) -> bool:
    """Whether its staff has other sessions too, or is needed more often than it is there."""
    return any(
        sum(id in other.staff for other in problem.sessions) > 1
        or session.offered > sum(problem.present(problem.participant[id], slot.id) for slot in problem.slots)
        for id in session.staff
    )


def _bridges(problem: Problem) -> set[tuple[str, str]]:
    """(language, working language) pairs that somebody would need."""
    offered = {language for session in problem.sessions for language in session.languages}
    found = set()
    for person in problem.participants:
        if person.attends and offered and not person.understood & offered:
            found |= {(own, working) for own in person.understood for working in offered}
    return found


def _with_interpreter(problem: Problem, pair: str) -> Problem:
    name = "interpreter more"
    helper = Participant(name, languages=dict.fromkeys(pair.split("-"), Level.SPEAKS), attends=False)
    return replace(
        problem,
        participants=(*problem.participants, helper),
        interpreters=(*problem.interpreters, Interpreter(name, frozenset({pair}), 50)),
    )


def _rooms(problem: Problem, crowd: dict[str, int]) -> Iterator[Option]:
    wanted = {feature for session in problem.sessions for feature in session.features}
    wanted |= {feature for person in problem.participants for feature in person.needs}
    for room in problem.rooms:
        for feature in sorted(wanted - room.features):
            people = sum(crowd.get(p.id, 1) for p in problem.participants if feature in p.needs)
            yield Option(
                "feature",
                "rooms_and_people_fit",
                {"room": room.id, "feature": feature, "people": people},
                3,
                _featured(room.id, feature),
            )
        if room.capacity is not None:
            yield Option(
                "capacity",
                "size_at_most",
                {"room": room.id, "capacity": room.capacity},
                5,
                _room(room.id, lambda r: replace(r, capacity=(r.capacity or 0) + 100)),
                most=100,
                partly=_room_by(room.id, lambda r, by: replace(r, capacity=(r.capacity or 0) + by)),
            )
        if room.slots is not None:
            yield Option(
                "open",
                "rooms_hold_one_meeting",
                {"room": room.id},
                3,
                _room(room.id, lambda r: replace(r, slots=None)),
            )
    yield Option(
        "rooms",
        "rooms_hold_one_meeting",
        {},
        6,
        partial(_more_rooms, by=MOST_ROOMS),
        most=MOST_ROOMS,
        partly=_more_rooms,
    )


MOST_ROOMS = 20


def _more_rooms(problem: Problem, by: int) -> Problem:
    """As good as the best that are there."""
    unbounded = any(room.capacity is None for room in problem.rooms) or not problem.rooms
    capacity = None if unbounded else max(room.capacity or 0 for room in problem.rooms)
    features = frozenset(feature for session in problem.sessions for feature in session.features)
    features |= {feature for person in problem.participants for feature in person.needs}
    rooms = tuple(Room(f"room more {number}", capacity, features) for number in range(1, by + 1))
    return replace(problem, rooms=problem.rooms + rooms)


def _lower(problem: Problem, by: int) -> Problem:
    return replace(problem, sessions=tuple(replace(s, minimum=max(0, s.minimum - by)) for s in problem.sessions))


def _larger(problem: Problem, by: int) -> Problem:
    grown = tuple(replace(s, maximum=None if s.maximum is None else s.maximum + by) for s in problem.sessions)
    return replace(problem, sessions=grown)


def _sessions(problem: Problem) -> Iterator[Option]:
    lowest = max((session.minimum for session in problem.sessions), default=0)
    if lowest and len(problem.sessions) > 1:
        change = partial(_lower, by=lowest)
        yield Option("minimums", "size_at_least", {}, 4, change, most=lowest, partly=_lower)
    if any(session.maximum is not None for session in problem.sessions):
        yield Option("maximums", "size_at_most", {}, 4, partial(_larger, by=100), most=100, partly=_larger)
    free = tuple(replace(session, may_be_cancelled=True) for session in problem.sessions)
    yield Option("cancel_some", "size_at_least", {}, 7, lambda p: replace(p, sessions=free))
    for session in problem.sessions:
        name = session.id
        if session.minimum:
            yield Option(
                "minimum",
                "size_at_least",
                {"session": name, "minimum": session.minimum},
                2,
                _session(name, lambda s: replace(s, minimum=0)),
                drops=True,
                most=session.minimum,
                partly=_session_by(name, lambda s, by: replace(s, minimum=s.minimum - by)),
            )
        if not session.may_be_cancelled:
            yield Option(
                "cancel",
                "size_at_least",
                {"session": name},
                5,
                _session(name, lambda s: replace(s, may_be_cancelled=True)),
                drops=True,
            )
        if session.offered > 1:
            yield Option(
                "offered",
                "size_at_least",
                {"session": name, "offered": session.offered},
                3,
                _session(name, lambda s: replace(s, offered=s.offered - 1)),
            )
        if session.slots is not None or session.conflicts or session.after or session.beside:
            yield Option(
                "order",
                "sessions_in_order",
                {"session": name},
                2,
                _session(
                    name,
                    lambda s: replace(s, slots=None, conflicts=frozenset(), after=frozenset(), beside=frozenset()),
                ),
                drops=True,
            )
        if session.features:
            yield Option(
                "session_feature",
                "rooms_and_people_fit",
                {"session": name, "features": sorted(session.features)},
                3,
                _session(name, lambda s: replace(s, features=frozenset())),
                drops=True,
            )
        if session.maximum is not None:
            yield Option(
                "maximum",
                "size_at_most",
                {"session": name, "maximum": session.maximum},
                3,
                _session(name, lambda s: replace(s, maximum=None)),
                drops=True,
            )


def _bonds(problem: Problem) -> Iterator[Option]:
    """Those who must be apart are never named: that there is such an agreement is all that is said."""
    for company in problem.company:
        yield Option(
            "company",
            "nobody_isolated",
            {"attribute": company.attribute, "value": company.value},
            4,
            _dropped("company", company),
            drops=True,
        )
    for spread in problem.spread:
        yield Option(
            "spread",
            "organisations_spread",
            {"attribute": spread.attribute, "most": spread.most},
            2,
            _dropped("spread", spread),
            drops=True,
        )
    for bond in problem.together:
        yield Option(
            "together",
            "together_or_apart",
            {"participants": sorted(bond)},
            2,
            _dropped("together", bond),
            drops=True,
        )
    if problem.apart:
        yield Option("agreement", "together_or_apart", {}, 9, lambda p: replace(p, apart=()), drops=True)


Change = Callable[[Problem], Problem]


def _dropped(field: str, gone: object) -> Change:
    """Without one of the items of a field."""

    def change(problem: Problem) -> Problem:
        kept = tuple(item for item in getattr(problem, field) if item != gone)
        return replace(problem, **{field: kept})  # type: ignore[arg-type]

    return change


def _session(id: str, change: Callable[[Session], Session]) -> Change:
    return lambda p: replace(p, sessions=tuple(change(s) if s.id == id else s for s in p.sessions))


def _session_by(id: str, change: Callable[[Session, int], Session]) -> Callable[[Problem, int], Problem]:
    return lambda p, by: _session(id, lambda s: change(s, by))(p)


def _room(id: str, change: Callable[[Room], Room]) -> Change:
    return lambda p: replace(p, rooms=tuple(change(r) if r.id == id else r for r in p.rooms))


def _room_by(id: str, change: Callable[[Room, int], Room]) -> Callable[[Problem, int], Problem]:
    return lambda p, by: _room(id, lambda r: change(r, by))(p)


def _featured(id: str, feature: str) -> Change:
    return _room(id, lambda r: replace(r, features=r.features | {feature}))


def _person(id: str, change: Callable[[Participant], Participant]) -> Change:
    return lambda p: replace(p, participants=tuple(change(who) if who.id == id else who for who in p.participants))


def _freed(id: str, session: str) -> Change:
    return _person(id, lambda who: replace(who, required=who.required - {session}))
