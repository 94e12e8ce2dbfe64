"""FLT-4: a worker that is asked to end lets go of its run at once."""

import signal

import pytest
from sqlalchemy import select

from planner import allocations, clock
from planner.extensions import db
from planner.models import Allocation, AllocationState
from solver import Preset, Settings
from tests import postgresql
from tests.faults import processes
from tests.faults.installation import installed
from tests.load.crowd import gathered

LONG = Settings(preset=Preset.BALANCED, time_limit=60, workers=1)
PLACES = {"of its own": ["worker"], "inside": ["run", "--port"]}


def _stored(id: int) -> tuple[AllocationState, str | None, int]:
    db.session.rollback()
    columns = (Allocation.state, Allocation.worker, Allocation.attempts)
    state, worker, attempts = db.session.execute(select(*columns).where(Allocation.id == id)).one()
    db.session.rollback()  # or this test would keep the workers from writing
    return state, worker, attempts


@pytest.mark.xdist_group("load")
@pytest.mark.parametrize("place", PLACES)
def test_a_worker_that_is_asked_to_end_gives_its_run_back(place: str) -> None:
    """The next one waited for the end of its lease; under `planner run` no signal but Ctrl-C was heard."""
    words = [*PLACES[place], *([str(postgresql.free_port())] if place == "inside" else [])]
    with installed("sqlite") as here:
        crowd = gathered(300, sessions=25, rounds=3)
        id = allocations.ask(crowd.conference, LONG, crowd.organiser, clock.now()).id
        db.session.commit()
        here.app.extensions["jobs"].allocate(id)
        workers = [here.start("planner", *words)]
        try:
            assert processes.within(90, lambda: bool(processes.solvers(workers[0].pid))), here.told()
            [solver] = processes.solvers(workers[0].pid)

            workers[0].send_signal(signal.SIGTERM)

            assert workers[0].wait(60) == 0
            assert processes.within(10, lambda: not processes.runs(solver))
            assert _stored(id) == (AllocationState.QUEUED, None, 0)
            workers.append(here.start("planner", "worker"))
            assert processes.within(90, lambda: _stored(id)[2] == 1), here.told()
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
