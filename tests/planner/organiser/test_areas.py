"""The workspace's areas: every page stands in one of them, and the page that is open is marked."""

from collections import Counter

import pytest
from flask import Flask

from planner.models import MemberRole
from planner.organiser.areas import AREAS
from tests import factories as make
from tests.client import Client
from tests.planner.organiser.conftest import Office

OUTSIDE = {"organiser", "organiser.conferences", "organiser.overview", "organiser.mail"}


def test_every_page_of_the_workspace_belongs_to_one_page_of_one_area(app: Flask) -> None:
    all_of_them = {endpoint.rpartition(".")[0] for endpoint in app.view_functions if endpoint.startswith("organiser.")}
    pages = [page for area in AREAS for page in area.pages]
    places = [{page.endpoint.rpartition(".")[0], *page.further} for page in pages]

    assert set().union(*places) == all_of_them - OUTSIDE
    assert max(Counter(page.endpoint for page in pages).values()) == 1
    assert {page.endpoint for page in pages} <= set(app.view_functions)


@pytest.mark.parametrize(
    ("address", "area", "page", "marked"),
    [
        ("rooms/", "Prepare", "Rooms", "page"),
        ("rooms/new", "Prepare", "Rooms", "true"),
        ("allocations/", "Plan", "Allocation", "page"),
        ("allocations/forecast", "Plan", "Look ahead", "page"),
        ("imports/", "People", "Bring a list", "page"),
    ],
)
def test_the_open_page_and_its_area_are_marked(office: Office, address: str, area: str, page: str, marked: str) -> None:
    bar, below = _navigation(office.client, office.home + address)

    assert [line for line in bar if "aria-current" in line] == [_link(bar, area)]
    assert [line for line in below if "aria-current" in line] == [_link(below, page)]
    assert f'aria-current="{marked}"' in _link(below, page)


def test_the_overview_belongs_to_no_area(office: Office) -> None:
    bar, below = _navigation(office.client, office.home)

    assert [line for line in bar if "aria-current" in line] == [_link(bar, "Overview")]
    assert below == []


def _navigation(client: Client, address: str) -> tuple[list[str], list[str]]:
    """The links of the bar, and of the area's pages below it."""
    text = client.fetch(address).text
    bar = text.partition('<nav class="areas"')[2].partition("</nav>")[0]
    below = text.partition('<nav class="wide pages"')[2].partition("</nav>")[0]
    return [f"<a{line}" for line in bar.split("<a")[1:]], [f"<a{line}" for line in below.split("<a")[1:]]


def _link(links: list[str], label: str) -> str:
    return next(line for line in links if f">{label}</a>" in line)


def test_a_viewer_finds_no_page_that_her_role_does_not_open(office: Office) -> None:
    viewer = make.user()
    make.member(office.conference, viewer, MemberRole.VIEWER)
    bar, below = _navigation(Client(office.client.app).as_organiser(viewer), office.home + "people/")

    assert [line.partition(">")[2].removesuffix("</a>").split("</a>")[0] for line in below] == ["Everybody", "Messages"]
    assert len(bar) == 5
