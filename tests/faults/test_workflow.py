"""FUZ-2: of each protection that is left out, the few steps that it is there for, by the campaign's own rules."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.faults.workflow.base import Broken
from tests.faults.workflow.machine import READ_BY_ALL, Workflow
from tests.faults.workflow.stage import Stage, served
from tests.faults.workflow.unguarded import ARMS

pytestmark = pytest.mark.xdist_group("workflow")


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with served("sqlite") as stage:
        yield stage


def knocks_at_every_door(run: Workflow) -> None:
    for number in range(len(list(run._doors()))):
        run.steps = number
        run._foreign_things_are_nowhere()


def reads_every_page(run: Workflow) -> None:
    for number in range(len(READ_BY_ALL)):
        run.steps = number
        run._reading_changes_nothing()


@dataclass(frozen=True)
class Way:
    """What is done, and whether there is a plan, and people choose, when it begins."""

    acts: Callable[[Workflow], object]
    planned: bool = False
    chooses: bool = False


WAYS = {
    "revisions of forms": Way(lambda run: run.saves_twice_from_one_page(0, 0, "room")),
    "the end of choosing": Way(lambda run: run.saves_wishes(1, [1], False)),
    "storing what is acknowledged": Way(lambda run: run.saves_wishes(1, [1], False), chooses=True),
    "whose thing it is": Way(knocks_at_every_door),
    "empty chairs": Way(lambda run: run.erases_somebody(0, 1, True), planned=True),
    "publishing one run": Way(lambda run: None, planned=True),
    "the end of a visit": Way(lambda run: run.goes_away(0)),
    "erasing what she said": Way(lambda run: run.erases_somebody(0, 1, False)),
    "reading without writing": Way(reads_every_page),
    "the audit's chain": Way(lambda run: run.steps_through_time(0, "call")),
}


def walk(stage: Stage, way: Way) -> None:
    Workflow.stage = stage
    with ExitStack() as ending:
        run = Workflow()
        ending.callback(run.teardown)
        run.begins(way.planned, way.chooses, 0)
        way.acts(run)
        run.everything_holds()


@pytest.mark.parametrize("name", ARMS)
def test_a_protection_that_is_left_out_is_missed(stage: Stage, name: str) -> None:
    with ARMS[name].leaves_out(), pytest.raises(Broken, match=ARMS[name].seen):
        walk(stage, WAYS[name])


def test_with_all_protections_the_same_steps_hold(stage: Stage) -> None:
    """All but the dear ones; with a plan they are walked by the campaign's short form."""
    for way in WAYS.values():
        if not way.planned:
            walk(stage, way)
