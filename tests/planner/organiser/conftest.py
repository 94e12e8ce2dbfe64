"""A conference with its organiser signed in."""

from dataclasses import dataclass

import pytest
from flask import Flask

from planner.models import Conference
from tests import factories as make
from tests.client import Client


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
