"""LOAD-4: organiser pages and downloads ask the database as often for 200 people as for 20, and 25 times at most."""

import gc
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.load.pages import MOST, MOST_TO_SAVE, OWN, PAGES, PAPERS, Office


@pytest.fixture(scope="module")
def sizes(module_app: Flask) -> Iterator[tuple[Office, Office]]:
    return Office(module_app, 20), Office(module_app, 200)


@pytest.fixture(scope="module")
def written_in(module_app: Flask) -> Iterator[tuple[Office, Office]]:
    """Of their own, as what is written there changes what pages say."""
    return Office(module_app, 20), Office(module_app, 200)


@pytest.mark.parametrize("page", PAGES)
def test_an_organisers_page_asks_as_often_at_any_size(sizes: tuple[Office, Office], page: str) -> None:
    few, many = (size.organiser_page(page) for size in sizes)

    assert many <= few
    assert many <= MOST


@pytest.mark.parametrize("page", OWN)
def test_a_participants_page_asks_as_often_at_any_size(sizes: tuple[Office, Office], page: str) -> None:
    few, many = (size.own_page(page) for size in sizes)

    assert many <= few
    assert many <= MOST


def test_a_write_that_the_published_plan_does_not_fit_asks_as_often_at_any_size(
    written_in: tuple[Office, Office],
) -> None:
    """Everybody is read and the plan is counted anew inside the request."""
    few, many = (size.saved() for size in written_in)

    assert many <= few
    assert many <= MOST_TO_SAVE


def test_a_line_of_a_stack_of_ballots_does_not_look_at_the_published_plan(written_in: tuple[Office, Office]) -> None:
    few, many = (size.ballot() for size in written_in)

    assert many <= few
    assert many <= MOST


@pytest.mark.parametrize("paper", PAPERS)
def test_a_meetings_paper_asks_as_often_at_any_size(sizes: tuple[Office, Office], paper: str) -> None:
    few, many = (size.paper(paper) for size in sizes)

    assert many <= few
    assert many <= MOST


def test_a_page_about_many_people_seldom_looks_for_garbage(sizes: tuple[Office, Office]) -> None:
    """It did so hundreds of times, which took half of the page's time."""
    before = gc.get_stats()[0]["collections"]

    sizes[1].organiser_page("allocations/{other}")

    assert gc.get_stats()[0]["collections"] - before < 30


@pytest.mark.postgresql
def test_every_page_and_paper_opens_on_postgresql_too(postgresql_app: Flask) -> None:
    """The overview compared whole rows there, which PostgreSQL cannot: 500, and no test had asked."""
    office = Office(postgresql_app, 20)

    assert max(map(office.organiser_page, PAGES)) <= MOST
    assert max(map(office.own_page, OWN)) <= MOST
    assert max(map(office.paper, PAPERS)) <= MOST
