"""A conference with its organiser signed in."""

from dataclasses import dataclass

import pytest
from flask import Flask

from planner.models import Allocation, AllocationState, Conference
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import fill, solved


@dataclass
class Office:
    """What an organiser's test needs: her conference, her browser, the way to her pages."""

    conference: Conference
    client: Client
    home: str


@pytest.fixture
def office(app: Flask) -> Office:
    conference, user = make.organised()
    make.theme(conference)
    return Office(conference, Client(app).as_organiser(user), f"/organise/{conference.slug}/")


@pytest.fixture
def run(office: Office) -> Allocation:
    """Of a small conference, solved."""
    fill(office.conference)
    run = solved(office.conference)
    assert run.state is AllocationState.SOLVED
    return run
