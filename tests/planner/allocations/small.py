"""A small conference, and a run of it to its end."""

from typing import Any

from planner import allocations, clock, jobs
from planner.extensions import db
from planner.models import (
    Allocation,
    Conference,
    User,
)
from solver import Preset, Settings
from tests import factories as make
from tests.client import Client

SETTINGS = Settings(preset=Preset.WISHES_FIRST, time_limit=2, workers=1)


def small(people: int = 6, **given: Any) -> tuple[Conference, User]:
    """Two sessions, one round, two rooms; everybody wants the first session."""
    conference, organiser = make.organised(**given)
    group = make.group(conference)
    make.slot(conference)
    for _ in range(2):
        make.room(conference, capacity_circle=max(6, people))
    first, second = make.session(conference, minimum=1), make.session(conference, minimum=1)
    leader = make.participant(conference, name="Leitung", group_id=group.id)
    make.role(first, leader)
    for _ in range(people):
        person = make.participant(conference, email="p@example.org", group_id=group.id)
        make.wishes(person, first, second)
    return conference, organiser


def fill(conference: Conference) -> None:
    group = make.group(conference)
    make.slot(conference)
    for _ in range(2):
        make.room(conference)
    first, second = make.session(conference, minimum=1), make.session(conference, minimum=1)
    for _ in range(4):
        make.wishes(make.participant(conference, group_id=group.id), first, second)


def solved(conference: Conference, organiser: User | None = None) -> Allocation:
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    db.session.commit()
    jobs.run_allocation(run.id)
    db.session.refresh(run)
    return run


def pressed(client: Client, conference: Conference) -> Allocation:
    """The run that the button asked for; no worker has begun it."""
    answer = client.post(f"/organise/{conference.slug}/allocations/", {"preset": "balanced", "seconds": 2})
    assert answer.status_code == 302
    return db.session.query(Allocation).filter_by(conference_id=conference.id).one()
