"""A facilitator reads on every page and paper since when the plan stands, if it is a draft, and whether it fits."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from planner import allocations, clock
from planner.models import Meeting, Participant, ParticipantState
from tests import factories as make
from tests.client import Client
from tests.planner.facilitator.test_papers import text_of

HAS_CHANGED = "Something has changed since this plan was made. 1 person does not take part any more."
PAPERS = [*(f"{kind}.{end}" for kind in ("names", "confidential") for end in ("pdf", "xlsx", "csv")), "brief.pdf"]


@pytest.fixture
def published(meeting: Meeting) -> Meeting:
    """From a snapshot of what is set, after choosing has ended for good."""
    run, conference = meeting.allocation, meeting.allocation.conference
    conference.wishes_until = clock.now() - timedelta(hours=1)
    run.published_at = make.NOW
    run.snapshot = allocations.problem_of(conference, "test", clock.now()).to_json()
    return meeting


@pytest.fixture
def told(client: Client, amira: Participant, home: str, published: Meeting) -> Callable[[], dict[str, str]]:
    """What stands on each page and paper that shows the plan."""
    client.as_participant(amira)
    here = f"{home}meetings/{published.id}/"

    def read() -> dict[str, str]:
        papers = {name: text_of(client.download(here + name), name.rpartition(".")[2]) for name in PAPERS}
        pages = {"index": client.get(home).text, "meeting": client.get(here).text}
        return {name: " ".join(text.split()) for name, text in {**papers, **pages}.items()}

    return read


def with_word(texts: dict[str, str], words: str) -> set[str]:
    return {name for name, text in texts.items() if words in text}


def test_a_plan_that_fits_says_when_it_was_published_and_nothing_else(told: Callable[[], dict[str, str]]) -> None:
    texts = told()

    assert with_word(texts, "Published on ") == texts.keys()
    assert not with_word(texts, "draft") | with_word(texts, "outdated") | with_word(texts, "has changed")


def test_a_draft_is_called_one(told: Callable[[], dict[str, str]], published: Meeting) -> None:
    published.allocation.is_draft = True
    texts = told()

    assert with_word(texts, "draft") == texts.keys()
    assert with_word(texts, "This plan is a draft: wishes could still change when it was made.") == {
        "index",
        "meeting",
        *(name for name in PAPERS if name.endswith("pdf")),
    }
    assert not with_word(texts, "outdated")


def test_an_outdated_plan_says_so_and_what_has_changed_without_a_name(
    told: Callable[[], dict[str, str]], published: Meeting
) -> None:
    guest = next(place.person for place in published.assignments if place.name == "O'Brien")
    guest.move_to(ParticipantState.CANCELLED)
    texts = told()

    assert with_word(texts, "outdated") == texts.keys()
    in_full = with_word(texts, HAS_CHANGED)
    assert in_full == {"index", "meeting", *(name for name in PAPERS if name.endswith("pdf"))}
    assert not with_word(texts, "O'Brien")


def test_before_publication_nothing_is_said_of_a_plan(
    client: Client, amira: Participant, home: str, published: Meeting
) -> None:
    published.allocation.conference.published = None

    text = client.as_participant(amira).get(home).text

    assert "Published on" not in text
    assert "State of the plan" not in text
