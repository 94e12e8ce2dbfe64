"""Which question stays nearest: rooms, languages, meetings are opened in turn; a search that is over is the last."""

from dataclasses import replace

import pytest

from solver import Given, Problem, Solution, Status
from solver.questions.nearest import nearest
from tests.solver.makers import problem

HELD = (Given("s0", "t0", "r0", "de"), Given("s1", "t0", "r1", "ar"))
DECIDED = (Given("s1", "t0"),)
ROOMS_OPEN = (Given("s0", "t0", None, "de"), Given("s1", "t0", None, "ar"))
LANGUAGES_OPEN = (Given("s0", "t0"), Given("s1", "t0"))
ALL_OPEN = (Given("s1", "t0"),)
NONE = Solution(Status.INFEASIBLE)
EMPTY = Solution(Status.FEASIBLE)  # nobody has a place


def searched(
    *answers: Solution, enough: int = 0, rooms: int = 2, decided: tuple[Given, ...] = DECIDED
) -> tuple[list[tuple[Given, ...]], tuple[Given, ...], Solution]:
    """The meetings that were given in each search, those of the question in the end, and its answer."""
    bare = problem(people=2, sessions=2, slots=1, rooms=rooms)
    sessions = tuple(replace(session, languages=frozenset({"de", "ar"})) for session in bare.sessions)
    meetings = tuple(each if rooms > 1 else replace(each, room=None) for each in HELD)
    conference = replace(bare, sessions=sessions, meetings=meetings)
    asked: list[tuple[Given, ...]] = []

    def search(question: Problem, following: int) -> Solution:
        asked.append(question.meetings)
        assert following == [ROOMS_OPEN, LANGUAGES_OPEN, ALL_OPEN][::-1].index(question.meetings)
        return answers[len(asked) - 1]

    answered, found = nearest(conference, decided, enough, search)
    return asked, answered.meetings, found


def test_what_is_held_stays_where_no_more_places_are_missing() -> None:
    assert searched(EMPTY, enough=2) == ([ROOMS_OPEN], ROOMS_OPEN, EMPTY)


def test_languages_are_opened_where_places_are_missing_and_kept_open_only_where_that_helps() -> None:
    assert searched(EMPTY, EMPTY) == ([ROOMS_OPEN, LANGUAGES_OPEN], ROOMS_OPEN, EMPTY)


def test_without_any_answer_everything_moves_that_is_not_decided() -> None:
    assert searched(NONE, NONE, EMPTY) == ([ROOMS_OPEN, LANGUAGES_OPEN, ALL_OPEN], ALL_OPEN, EMPTY)


def test_impossible_is_said_of_what_is_decided_alone() -> None:
    assert searched(NONE, NONE, NONE)[1:] == (ALL_OPEN, NONE)


@pytest.mark.parametrize("over", [Solution(Status.FAILED), Solution(Status.UNKNOWN, reason="cancelled")])
def test_a_search_that_is_over_is_the_last_one(over: Solution) -> None:
    assert searched(over) == ([ROOMS_OPEN], ROOMS_OPEN, over)


def test_a_search_that_hung_is_followed_by_the_next_which_has_less_to_hold() -> None:
    hung = Solution(Status.FAILED, reason="hung")

    assert searched(hung, EMPTY)[1:] == (LANGUAGES_OPEN, EMPTY)


def test_what_has_no_room_in_its_slot_is_not_searched_for() -> None:
    assert searched(EMPTY, rooms=1) == ([ALL_OPEN], ALL_OPEN, EMPTY)


def test_what_is_decided_is_searched_even_where_it_has_no_room_so_that_somebody_says_why() -> None:
    decided = (Given("s0", "t0", None, "de"), Given("s1", "t0", None, "ar"))

    assert searched(NONE, rooms=1, decided=decided) == ([ROOMS_OPEN], ROOMS_OPEN, NONE)
