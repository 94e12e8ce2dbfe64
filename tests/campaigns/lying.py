"""ALG-7: a solver that lies, babbles or dies does no harm: nothing is handed on or stored, and the reason is shown."""

import json
import math
import os
import random
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest import mock

from solver import Preset, Problem, Settings, Solution, Status, solve, solve_apart
from tests.solver.oracle import counting, laws

Stub = Callable[[Connection, Any, str, str], None]
QUICK = Settings(preset=Preset.WISHES_FIRST, time_limit=2, workers=1)


def _true(problem: str) -> dict[str, Any]:
    return dict(json.loads(solve(Problem.from_json(problem), QUICK).to_json()))


def zeros(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """CP-SAT's values after INFEASIBLE: everything is zero."""
    pipe.send(json.dumps({"status": "optimal", "goals": []}))


def overfull(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """Everybody in one meeting."""
    found = _true(problem)
    first = found["meetings"][0]
    for seat in found["seats"]:
        if seat["slot"] == first["slot"]:
            seat["meeting"] = first["id"]
    pipe.send(json.dumps(found))


def unseated(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """Leaders are missing."""
    found = _true(problem)
    found["seats"] = [seat for seat in found["seats"] if seat.get("role", "attendee") == "attendee"]
    pipe.send(json.dumps(found))


def strangers(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    found = _true(problem)
    found["seats"][0]["participant"] = "nobody"
    pipe.send(json.dumps(found))


def not_a_status(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    pipe.send(json.dumps({**_true(problem), "status": "superb"}))


def false_goals(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """A lawful allocation that is praised for what it does not have."""
    found = _true(problem)
    for goal in found["goals"]:
        goal.update(value=-7.0, reached=-7.0, bound=-7.0, gap=0.0)
    pipe.send(json.dumps(found))


def goals_of_nan(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """A lawful allocation whose goals are no numbers."""
    found = _true(problem)
    for goal in found["goals"]:
        goal.update(value=math.nan, bound=math.inf, gap=math.nan)
    pipe.send(json.dumps(found))


def not_a_number(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """A meeting in a room whose name is no name."""
    found = _true(problem)
    found["meetings"][0]["room"] = math.nan
    pipe.send(json.dumps(found))


def babble(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    pipe.send("NaN")


def bytes_of_another_kind(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    pipe.send({"status": ["optimal"], "seats": 3})


def raises(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    os.close(2)  # the traceback is not for the campaign's report
    raise RuntimeError("the engine fell over")


def exits_139(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    os._exit(139)


def exits_0(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    os._exit(0)


def killed(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


STUBS: tuple[Stub, ...] = (
    zeros,
    overfull,
    unseated,
    strangers,
    not_a_status,
    false_goals,
    goals_of_nan,
    not_a_number,
    babble,
    bytes_of_another_kind,
    raises,
    exits_139,
    exits_0,
    killed,
)


@dataclass(frozen=True)
class Stored:
    """What a run left behind: its state, the reason shown, how many rows, and whether what is said of them is so."""

    state: str
    reason: str
    rows: int
    honest: bool

    @property
    def harm(self) -> bool:
        """Something false is stored, or nothing and nobody is told why."""
        return not self.honest if self.rows else self.state != "failed" or self.reason == "null"


def _praised_rightly(problem: Problem, found: Solution, result: dict[str, Any] | None) -> bool:
    """The goals that are stored are those of the allocation that is stored."""
    counted = counting.values(problem, found, QUICK.preset)
    goals = {goal["name"]: goal for goal in (result or {}).get("goals", [])}
    return goals.keys() == counted.keys() and all(
        goals[name]["value"] == whole / laws.unit(problem, name)
        and (goals[name].get("bound") is None or math.isfinite(goals[name]["bound"]))
        for name, whole in counted.items()
    )


@contextmanager
def small_conference() -> Iterator[Callable[[Any], Stored]]:
    """An application of its own; the function runs one allocation with a given solver: state, reason, rows stored."""
    import flask_migrate
    import structlog

    from planner import allocations, clock, create_app, jobs
    from planner.allocations.runs import work
    from planner.allocations.runs.store import stored as stored_again
    from planner.extensions import db
    from planner.models import Assignment, Meeting
    from tests.conftest import settings
    from tests.planner.allocations.small import SETTINGS, small

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings(Path(folder)))
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        with app.app_context():
            flask_migrate.upgrade()
            conference, organiser = small()

            def run(solver: Any) -> tuple[str, str, int]:
                row = allocations.create(conference, SETTINGS, organiser, clock.now())
                db.session.commit()
                with mock.patch.object(work, "solve_apart", solver):
                    jobs.run_allocation(row.id)
                db.session.refresh(row)
                stored = db.session.query(Meeting).filter_by(allocation_id=row.id).count()
                stored += db.session.query(Assignment).filter_by(allocation_id=row.id).count()
                honest = stored > 0 and _praised_rightly(Problem.from_json(row.snapshot), stored_again(row), row.result)
                return Stored(row.state.value, json.dumps(row.reason), stored, honest)

            yield run
            db.session.remove()
            db.engine.dispose()


def lying(rounds: int = 5, unchecked: int = 200) -> Iterator[str]:
    """Every stub through `solve_apart` into the planner's store, then lies handed straight to the store."""
    harm = 0
    liars = [(stub.__name__, partial(solve_apart, target=stub)) for stub in STUBS * rounds]
    liars += [(f"lie {number}", partial(_lie, number)) for number in range(unchecked)]
    with small_conference() as run:
        for name, solver in liars:
            left = run(solver)
            harm += left.harm
            if left.harm:
                yield f"harm: {name}: {left}"
        yield f"control arm: an honest solver leaves {run(solve_apart)}"
    yield f"lying: {harm} of {len(liars)} did harm"


def _lie(number: int, problem: Problem, settings: Settings, *_: object) -> Solution:
    """A child that was not checked at all: one seat is moved, doubled, renamed or left out, or a meeting is."""
    dice, found = random.Random(number), solve(problem, QUICK)
    at = dice.randrange(len(found.seats))
    seat, others = found.seats[at], (*found.seats[:at], *found.seats[at + 1 :])
    meeting = found.meetings[0]
    led = next(each for each in found.seats if each.role != "attendee")
    kinds = (
        replace(found, seats=(*found.seats, seat)),
        replace(found, seats=(*others, replace(seat, participant="nobody"))),
        replace(found, seats=(*others, replace(seat, meeting="nowhere"))),
        replace(found, seats=tuple(each for each in found.seats if each is not led)),
        replace(found, meetings=found.meetings[1:]),
        replace(found, meetings=(*found.meetings, replace(meeting, id="again"))),
        replace(found, meetings=tuple(replace(each, room=meeting.room) for each in found.meetings)),
        replace(found, meetings=tuple(replace(each, slot="never") for each in found.meetings)),
    )
    return replace(kinds[number % len(kinds)], status=Status.OPTIMAL)
