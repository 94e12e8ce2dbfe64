"""Who comes: people confirm, decline and wait, and whoever waits moves up as soon as a place is free for her.

All of it happens with the conference held alone, so that of two who want the last place one sees that it is gone.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from planner import locks, place_news, places
from planner.errors import Gone, PlannerError
from planner.extensions import db
from planner.models import COMING, AuditEntry, Conference, Participant, ParticipantState

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Outcome:
    """Whom something was done to, and who moved up because of it."""

    changed: Sequence[Participant]
    moved: Sequence[Participant] = ()


class NoPlace(PlannerError):
    """`full` says where: planner.places.IN_ALL, or a group's number; whoever may know which one reads its name."""

    status = 409
    sentence = _l(
        "All places of the conference or of her group that may be promised are taken. Put people on the waiting list, "
        "or ask an organiser for more places. Nothing was changed."
    )

    def __init__(self, full: int) -> None:
        super().__init__()
        self.full = full


class NoPlaceForYou(PlannerError):
    status = 409
    sentence = _l("All places are taken by now. You can go on the waiting list: then you get the next one.")


class PlaceIsFree(PlannerError):
    status = 409
    sentence = _l("A place is free, so nobody has to wait. Nothing was changed.")


class NothingToTake(PlannerError):
    status = 409
    sentence = _l("This person has no place that somebody else could take.")


class HasOne(PlannerError):
    status = 409
    sentence = _l("Whoever you named has a place already. Please name somebody who waits, or does not come so far.")


class NotAsked(PlannerError):
    status = 409
    sentence = _l("Whether you come is not asked here. If you cannot come, please tell the organisers.")


class Over(PlannerError):
    status = 409
    sentence = _l("The conference is over, so nothing changes about its places any more.")


def settle(conference: Conference, now: datetime, *, opens: bool = False) -> list[Participant]:
    """Whoever waits and finds a place now has it, first come first served; after whatever may have freed one.

    Without any number of places nobody moves up by herself, for then another list decides who waits; `opens` where
    there was one until now. The caller holds the conference alone.
    """
    db.session.flush()
    moved = _move_up(conference, now, opens=opens)
    db.session.flush()
    place_news.overtake(conference)
    place_news.tell(moved, place_news.MOVED_UP, now)
    return moved


def _move_up(conference: Conference, now: datetime, *, opens: bool) -> list[Participant]:
    waiting = queue(conference)
    for person in waiting:
        person.waits_since = person.waits_since or now
    house = places.house(conference) if waiting else None
    if house is None or not (house.is_limited or opens) or conference.is_over(now):
        return []
    moved = []
    for person in waiting:
        if house.has_room(person):
            person.move_to(ParticipantState.REGISTERED)
            house.take(person)
            moved.append(person)
    db.session.add_all(_trace(person, "place.moved_up", "system", now) for person in moved)
    return moved


def queue(conference: Conference) -> Sequence[Participant]:
    """Whoever waits, in her order; whoever has waited since before that was noted comes first."""
    waiting = select(Participant).filter_by(conference_id=conference.id, state=ParticipantState.WAITING)
    found = db.session.scalars(waiting.order_by(Participant.id)).all()
    return sorted(found, key=lambda person: person.waits_since or LONG_AGO)


@dataclass(frozen=True)
class Lately:
    """Whose place has changed without anybody of the organisers, as id and name, by name; who it is true of still."""

    moved_up: Sequence[tuple[int, str]]
    declined: Sequence[tuple[int, str]]


def lately(conference: Conference, now: datetime) -> Lately:
    """Since yesterday morning, in the conference's zone: who moved up, and who said that she does not come."""
    yesterday = now.astimezone(conference.tz).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    rows = select(AuditEntry.action, AuditEntry.subject).where(
        AuditEntry.conference_id == conference.id,
        AuditEntry.action.in_(("place.moved_up", "place.decline")),
        AuditEntry.happened_at >= yesterday,
    )
    found: dict[str, set[int]] = {"place.moved_up": set(), "place.decline": set()}
    for row in db.session.execute(rows):
        found[row.action].add(int(row.subject.partition(":")[2]))
    if not any(found.values()):
        return Lately([], [])
    people = select(Participant.id, Participant.name, Participant.state, Participant.has_declined)
    hers = people.where(Participant.id.in_(set().union(*found.values()))).order_by(Participant.name, Participant.id)
    known = db.session.execute(hers).all()
    return Lately(
        [(row.id, row.name) for row in known if row.id in found["place.moved_up"] and row.state in COMING],
        [(row.id, row.name) for row in known if row.id in found["place.decline"] and row.has_declined],
    )


def _trace(person: Participant, action: str, actor: str, now: datetime) -> AuditEntry:
    return AuditEntry(
        conference_id=person.conference_id,
        happened_at=now,
        actor=actor,
        action=action,
        subject=f"participant:{person.id}",
        facts={},
    )


@contextmanager
def by_list(conference: Conference, now: datetime) -> Iterator[None]:
    """Around what a list says past these rules: whom it gives a place or puts off is told, as is whoever moves up.

    The caller holds the conference alone.
    """
    before = _states(conference)
    yield
    moved = {person.id for person in settle(conference, now)}
    after = {id: state for id, state in _states(conference).items() if id not in moved}
    waited = {id for id, state in before.items() if state is ParticipantState.WAITING}
    had_one = {id for id, state in before.items() if state in COMING}
    _tell(waited & {id for id, state in after.items() if state in COMING}, place_news.MOVED_UP, now)
    _tell(had_one & {id for id, state in after.items() if state is ParticipantState.WAITING}, place_news.PUT_OFF, now)


def _states(conference: Conference) -> dict[int, ParticipantState]:
    found = select(Participant.id, Participant.state).filter_by(conference_id=conference.id)
    return {row.id: row.state for row in db.session.execute(found)}


def _tell(ids: Collection[int], kind: str, now: datetime) -> None:
    if ids:
        people = select(Participant).where(Participant.id.in_(ids)).order_by(Participant.id)
        place_news.tell(db.session.scalars(people).all(), kind, now)


def confirm(conference: Conference, people: Collection[Participant], now: datetime) -> Outcome:
    """They come, for certain; whoever had no place takes one. All of them or nobody: raises NoPlace.

    Whoever waited until now is told.
    """
    waited = [person for person in people if person.state is ParticipantState.WAITING]
    outcome = _confirm(conference, people, now)
    place_news.tell(waited, place_news.MOVED_UP, now)
    return outcome


def _confirm(conference: Conference, people: Collection[Participant], now: datetime) -> Outcome:
    house, changed = places.house(conference), []
    for person in people:
        if person.state is ParticipantState.CONFIRMED:
            continue
        if not person.is_coming:
            full = house.full_for(person)
            if full is not None:
                raise NoPlace(full)
            house.take(person)
        person.move_to(ParticipantState.CONFIRMED)
        changed.append(person)
    return Outcome(changed, settle(conference, now))


def decline(conference: Conference, people: Collection[Participant], now: datetime) -> Outcome:
    """They do not come, and said so: their pages stay open to them."""
    return _leave(conference, people, now, declined=True)


def cancel(conference: Conference, people: Collection[Participant], now: datetime) -> Outcome:
    """They are taken off the list: their ways in are shut."""
    return _leave(conference, people, now, declined=False)


def _leave(conference: Conference, people: Collection[Participant], now: datetime, *, declined: bool) -> Outcome:
    left = (ParticipantState.CANCELLED, declined)
    changed = [person for person in people if (person.state, person.has_declined) != left]
    for person in changed:
        if person.state is not ParticipantState.CANCELLED:
            person.move_to(ParticipantState.CANCELLED)
        person.has_declined = declined
    return Outcome(changed, settle(conference, now))


def wait(conference: Conference, people: Collection[Participant], now: datetime) -> Outcome:
    """They go to the end of the waiting list. Raises PlaceIsFree where one of them would not have to wait.

    Whoever had a place until now is told.
    """
    changed = [person for person in people if person.state is not ParticipantState.WAITING]
    put_off = [person for person in changed if person.is_coming]
    for person in changed:
        person.move_to(ParticipantState.WAITING).waits_since = now
    moved = settle(conference, now)
    if not places.house(conference).is_limited or any(person.is_coming for person in changed):
        raise PlaceIsFree
    place_news.tell(put_off, place_news.PUT_OFF, now)
    return Outcome(changed, moved)


def instead(leaves: Participant, comes: Participant, actor: str, now: datetime) -> Outcome:
    """She gives her place to somebody who has none, past the waiting list; both are told.

    Somebody of another group finds room in that one, too. Raises Over, NothingToTake, HasOne, NoPlace.
    """
    if leaves.conference.is_over(now):
        raise Over
    if not leaves.is_coming:
        raise NothingToTake
    if comes.is_coming:
        raise HasOne
    leaves.move_to(ParticipantState.CANCELLED).has_declined = True
    alike = (comes.group_id, comes.attends) == (leaves.group_id, leaves.attends)
    full = None if alike else places.house(leaves.conference).full_for(comes)
    if full is not None:
        raise NoPlace(full)
    comes.move_to(ParticipantState.REGISTERED)
    db.session.add(_trace(comes, "place.instead", actor, now))
    moved = settle(leaves.conference, now)
    place_news.tell([comes], place_news.MOVED_UP, now)
    place_news.tell([leaves], place_news.REPLACED, now)
    return Outcome([leaves, comes], moved)


def admit(person: Participant, now: datetime) -> bool:
    """Somebody new waits where no place is left; whether she does."""
    free = places.house(person.conference).free(person)
    if person.is_coming and free is not None and free < 0:  # she is counted already
        person.move_to(ParticipantState.WAITING).waits_since = now
    return not person.is_coming


def is_asked(person: Participant) -> bool:
    """Whether her page asks if she comes: where places are scarce, or where it is not certain yet."""
    return person.state is not ParticipantState.CONFIRMED or places.house(person.conference).is_limited


def answer(person: Participant, wish: str, now: datetime) -> None:
    """What she says on her own page: come, decline or wait. Raises NotAsked, NoPlaceForYou, PlaceIsFree, Over, Gone."""
    locks.place(person)
    if person.is_shut_out:  # cancelled while her answer waited
        raise Gone
    if not is_asked(person) or wish not in ANSWERS:
        raise NotAsked
    if person.conference.is_over(now):
        raise Over
    if wish == "wait" and person.is_coming:
        raise NotAsked  # whoever has a place gives it up altogether
    if wish == "come" and not person.is_coming and _others_decide(person.conference):
        if person.state is not ParticipantState.WAITING:
            person.move_to(ParticipantState.WAITING).waits_since = now
            db.session.add(_trace(person, "place.wait", f"participant:{person.id}", now))
        return
    try:
        done = ANSWERS[wish](person.conference, [person], now)
    except NoPlace:
        raise NoPlaceForYou from None
    db.session.add_all(_trace(each, f"place.{wish}", f"participant:{person.id}", now) for each in done.changed)


def _others_decide(conference: Conference) -> bool:
    """Whether somebody waits although no places are counted: then organisers say who gets one, and nobody herself."""
    return bool(queue(conference)) and not places.house(conference).is_limited


ANSWERS = {"come": _confirm, "decline": decline, "wait": wait}  # nobody is told what she says herself
