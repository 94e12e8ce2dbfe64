"""LOAD-4: organiser pages and downloads ask the database as often for 200 people as for 20, and 25 times at most."""

from collections.abc import Iterator

import pytest
from flask import Flask

from planner.extensions import db
from planner.models import Allocation, Meeting
from tests.client import Client
from tests.load.crowd import Crowd, two_plans
from tests.queries import counted

MOST = 25
PAGES = (
    "",
    "submissions/",
    "sessions/",
    "sessions/new",
    "sessions/{session}",
    "rooms/",
    "rounds/",
    "programme/",
    "people/",
    "people/?only=not_chosen",
    "people/{person}",
    "groups/",
    "settings/",
    "allocations/",
    "allocations/forecast",
    "allocations/{other}/fairness",
    "allocations/{other}/fairness.csv",
    "allocations/{other}/people/{person}",
    "allocations/{other}/meetings/{meeting}",
)
OWN = ("", "wishes/", "day/", "day/calendar.ics", "day/my-day.pdf", "others/", "submissions/")
PAPERS = ("brief.pdf", "names.csv", "names.pdf", "confidential.csv", "confidential.xlsx", "confidential.pdf")


class Asked:
    """The queries of every page at one size."""

    def __init__(self, app: Flask, people: int):
        self.crowd, self.published, self.other = two_plans(people)
        self.home = f"/organise/{self.crowd.conference.slug}/"
        self.organiser = Client(app).as_organiser(self.crowd.organiser)
        self.leader = Client(app).as_participant(self.crowd.people[0])

    def organiser_page(self, page: str) -> int:
        meeting = db.session.query(Meeting).filter_by(allocation_id=self.other.id).first()
        return self._count(self.organiser, self.home + self._filled(page, self.crowd, self.other, meeting))

    def _filled(self, page: str, crowd: Crowd, other: Allocation, meeting: Meeting) -> str:
        return page.format(
            session=crowd.sessions[0].id,
            person=crowd.people[5].id,
            published=self.published.number,
            other=other.number,
            meeting=meeting.id,
        )

    def own_page(self, page: str) -> int:
        return self._count(self.leader, f"/c/{self.crowd.conference.slug}/me/{page}")

    def paper(self, paper: str) -> int:
        first = db.session.query(Meeting).filter_by(allocation_id=self.published.id).order_by(Meeting.id).first()
        return self._count(self.leader, f"/c/{self.crowd.conference.slug}/facilitate/meetings/{first.id}/{paper}")

    @staticmethod
    def _count(client: Client, address: str) -> int:
        assert client.fetch(address).status_code == 200, address  # what is compiled and cached once is there now
        with counted() as asked:
            assert client.fetch(address).status_code == 200
        return len(asked)


@pytest.fixture(scope="module")
def sizes(module_app: Flask) -> Iterator[tuple[Asked, Asked]]:
    return Asked(module_app, 20), Asked(module_app, 200)


@pytest.mark.parametrize("page", PAGES)
def test_an_organisers_page_asks_as_often_at_any_size(sizes: tuple[Asked, Asked], page: str) -> None:
    few, many = (size.organiser_page(page) for size in sizes)

    assert many == few
    assert many <= MOST


@pytest.mark.parametrize("page", OWN)
def test_a_participants_page_asks_as_often_at_any_size(sizes: tuple[Asked, Asked], page: str) -> None:
    few, many = (size.own_page(page) for size in sizes)

    assert many == few
    assert many <= MOST


@pytest.mark.parametrize("paper", PAPERS)
def test_a_meetings_paper_asks_as_often_at_any_size(sizes: tuple[Asked, Asked], paper: str) -> None:
    few, many = (size.paper(paper) for size in sizes)

    assert many == few
    assert many <= MOST
