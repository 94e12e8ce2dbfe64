"""The life of a run: created, claimed under a lease, watched, finished once; the row is the truth."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import defer

from planner import archive, locks
from planner.allocations.runs.close import close_to_published
from planner.allocations.runs.grounds import fingerprint
from planner.allocations.runs.snapshot import Contradiction, problem_of
from planner.allocations.runs.store import all_there, store, without_places
from planner.clock import Clock
from planner.errors import MoveForbidden
from planner.extensions import db
from planner.models import (
    ACTIVE,
    NOT_FROZEN,
    Allocation,
    AllocationProgress,
    AllocationState,
    Conference,
    User,
)
from planner.rows import once
from solver import Fault, Preset, Problem, Progress, Settings, Solution, Status, plain, satisfaction, verify

LEASE = timedelta(seconds=20)
FORGOTTEN = timedelta(seconds=5)
MOST_ATTEMPTS = 3
STATES = {
    Status.OPTIMAL: AllocationState.SOLVED,
    Status.FEASIBLE: AllocationState.SOLVED,
    Status.INFEASIBLE: AllocationState.INFEASIBLE,
    Status.UNKNOWN: AllocationState.UNKNOWN,
    Status.FAILED: AllocationState.FAILED,
}


def ask(conference: Conference, settings: Settings, actor: User | None, now: datetime) -> Allocation:
    """Queue a run; a second click gets the run that is active. The worker freezes what it is made from."""
    locks.conference(conference, alone=True)
    running = active(conference)
    if running:
        return running
    highest = db.session.scalar(select(func.max(Allocation.number)).filter_by(conference_id=conference.id))
    row = Allocation(
        conference_id=conference.id,
        number=(highest or 0) + 1,
        settings=plain(settings),
        close_to_id=conference.published_id if settings.preset is Preset.REPAIR else None,
        snapshot=NOT_FROZEN,
        snapshot_hash="",
        created_at=now,
        created_by_id=actor.id if actor else None,
    )
    # Somebody else may press in the same moment: the database lets one run through.
    return once(row, _active(conference))


def freeze(row: Allocation, clock: Clock) -> None:
    """Put what the conference looks like now into the run, once; raises Contradiction.

    The final one waits for saves that are under way and holds later ones off until the transaction ends, so that
    what was acknowledged in time is in the snapshot; a draft stops nobody. What was loaded before is asked for anew.
    """
    if row.is_frozen:
        return
    conference = row.conference
    draft = _is_early(conference, clock())
    locks.conference(conference, alone=not draft)
    db.session.expire_all()
    if row.is_frozen:  # by the worker that has taken over meanwhile
        return
    now = clock()
    problem = problem_of(conference, f"organiser:{row.created_by_id}" if row.created_by_id else "system", now)
    if not problem.slots:  # the button asked for some, but they may have been removed since
        raise Contradiction(Fault("$.slots", "is empty", "write at least one slot", "no_slots"), conference)
    row.rests_on = fingerprint(problem)
    if row.close_to_id:
        problem = close_to_published(problem, db.session.get_one(Allocation, row.close_to_id))
    row.snapshot, row.snapshot_hash = problem.to_json(), problem.hash
    row.is_draft = draft


def missing_before(row: Allocation) -> int:
    """How many places are missing in the published plan that it is to stay close to."""
    earlier = db.session.get(Allocation, row.close_to_id) if row.close_to_id else None
    return earlier.missing if earlier else 0


def asked_instead(row: Allocation, worker: str, asked: Problem, answered: Problem) -> None:
    """What was answered stands in the run from now on, unless that is another's by now or somebody was taken out."""
    db.session.refresh(row, with_for_update=True)  # whoever is erased in this moment is erased from the new one too
    if row.worker == worker and row.state is AllocationState.RUNNING and row.snapshot_hash == asked.hash:
        row.snapshot, row.snapshot_hash = answered.to_json(), answered.hash


def _is_early(conference: Conference, now: datetime) -> bool:
    return conference.wishes_may_change(now + timedelta(seconds=conference.clock_shift))


def create(conference: Conference, settings: Settings, actor: User | None, now: datetime) -> Allocation:
    """Ask for a run and freeze it at once, for whoever has no worker."""
    row = ask(conference, settings, actor, now)
    freeze(row, lambda: now)
    return row


def active(conference: Conference) -> Allocation | None:
    return db.session.scalar(_active(conference))


def _active(conference: Conference) -> Select[Any]:
    return select(Allocation).filter_by(conference_id=conference.id).where(Allocation.state.in_(ACTIVE))


def recent(conference: Conference) -> Sequence[Allocation]:
    """Newest first, without their snapshots, which are long."""
    query = select(Allocation).filter_by(conference_id=conference.id).order_by(Allocation.number.desc())
    return db.session.scalars(query.options(defer(Allocation.snapshot))).all()


def claim(id: int, worker: str, now: datetime) -> Allocation | None:
    """Take the run, if it waits or its worker is gone; only one of several workers succeeds.

    None of a conference that is only read is taken: it waits until that is open again.
    """
    free = or_(
        Allocation.state == AllocationState.QUEUED,
        (Allocation.state == AllocationState.RUNNING) & (Allocation.heartbeat_at < now - LEASE),
    )
    taken: Any = db.session.execute(
        update(Allocation)
        .where(Allocation.id == id, free, Allocation.attempts < MOST_ATTEMPTS, _may_begin())
        .values(
            state=AllocationState.RUNNING,
            worker=worker,
            heartbeat_at=now,
            started_at=func.coalesce(Allocation.started_at, now),
            attempts=Allocation.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        return None
    db.session.expire_all()
    return db.session.get(Allocation, id)


def heartbeat(id: int, worker: str, now: datetime) -> bool:
    """Say that the worker lives; False when the run is not its own any more."""
    beat: Any = db.session.execute(
        update(Allocation)
        .where(Allocation.id == id, Allocation.worker == worker, Allocation.state == AllocationState.RUNNING)
        .values(heartbeat_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(beat.rowcount == 1)


def give_back(id: int, worker: str) -> bool:
    """Let go of a run whose worker ends in an orderly way: it waits again, and this was no attempt of its own.

    False when the run is not its own any more, or has ended.
    """
    given: Any = db.session.execute(
        update(Allocation)
        .where(Allocation.id == id, Allocation.worker == worker, Allocation.state == AllocationState.RUNNING)
        .values(
            state=AllocationState.QUEUED,
            worker=None,
            heartbeat_at=None,
            attempts=Allocation.attempts - 1,
        )
        .execution_options(synchronize_session=False)
    )
    return bool(given.rowcount == 1)


def wish_of(id: int, worker: str) -> str:
    """What the organiser wants of the run: "stop", "cancel", or nothing; a lost lease means cancel."""
    row = db.session.execute(
        select(Allocation.stop_wanted, Allocation.cancel_wanted, Allocation.worker).where(Allocation.id == id)
    ).one_or_none()
    if row is None or row.worker != worker or row.cancel_wanted:
        return "cancel"
    return "stop" if row.stop_wanted else ""


def note_progress(id: int, progress: Progress) -> None:
    last = db.session.scalar(select(func.max(AllocationProgress.number)).filter_by(allocation_id=id))
    db.session.add(
        AllocationProgress(
            allocation_id=id,
            number=(last or 0) + 1,
            seconds=progress.seconds,
            goal=progress.goal,
            value=progress.value,
            bound=progress.bound,
        )
    )


def stop(allocation: Allocation) -> None:
    """Stop and keep the best."""
    _still_on(allocation)
    allocation.stop_wanted = True


def cancel(allocation: Allocation, now: datetime) -> None:
    _still_on(allocation)
    allocation.cancel_wanted = True
    if allocation.state is AllocationState.QUEUED:
        allocation.move_to(AllocationState.CANCELLED)
        allocation.ended_at = now


def _still_on(allocation: Allocation) -> None:
    if not allocation.is_active:
        raise MoveForbidden


def reap(now: datetime) -> list[int]:
    """Give up runs that failed too often; return those that wait although no worker has them."""
    orphaned = (Allocation.state == AllocationState.RUNNING) & (Allocation.heartbeat_at < now - LEASE)
    for row in db.session.scalars(select(Allocation).where(orphaned, Allocation.attempts >= MOST_ATTEMPTS)):
        fail(row, "worker_lost", {"attempts": row.attempts}, now)
    return to_start(now)


def to_start(now: datetime) -> list[int]:
    forgotten = (Allocation.state == AllocationState.QUEUED) & (Allocation.created_at < now - FORGOTTEN)
    orphaned = (Allocation.state == AllocationState.RUNNING) & (Allocation.heartbeat_at < now - LEASE)
    waiting = select(Allocation.id).where(or_(forgotten, orphaned), Allocation.attempts < MOST_ATTEMPTS)
    return list(db.session.scalars(waiting.where(_may_begin())))


def _may_begin() -> ColumnElement[bool]:
    return Allocation.conference_id.not_in(archive.shut())


def finish(id: int, worker: str, problem: Problem, solution: Solution, now: datetime) -> bool:
    """Store what came out, verified once more; False when the run belongs to another worker by now.

    What only counts is done before the row is held, so that nobody waits for it to write.
    """
    has_answer = solution.status.has_answer
    broken = verify(problem, solution) if has_answer else []
    unplaced = satisfaction(problem, solution).unplaced if has_answer and not broken else ()
    row = db.session.scalar(select(Allocation).filter_by(id=id).with_for_update())
    if row is None or row.worker != worker or row.state is not AllocationState.RUNNING:
        return False
    if row.cancel_wanted:
        row.move_to(AllocationState.CANCELLED)
        row.ended_at = now
        return True
    if broken:
        fail(row, "not_verified", {"rule": broken[0].rule, "count": len(broken)}, now)
        return True
    if not all_there(row, problem, solution):
        fail(row, "changed", {}, now)
        return True
    row.move_to(STATES[solution.status])
    row.ended_at = now
    if has_answer:
        row.result = without_places(solution)
        row.without_place = _without_place(unplaced)
        store(row, problem, solution)
    else:
        row.reason = {"code": solution.reason or solution.status.value, "facts": solution.facts}
    return True


def _without_place(unplaced: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, slot in unplaced:
        found.setdefault(key, []).append(slot)
    return found


def fail(row: Allocation, code: str, facts: dict[str, Any], now: datetime) -> None:
    row.state = AllocationState.FAILED
    row.reason = {"code": code, "facts": facts}
    row.ended_at = now
