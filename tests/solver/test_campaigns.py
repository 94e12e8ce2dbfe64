"""The short forms of the solver's campaigns (tests/campaigns/solver.py): the same code, fewer rounds."""

from tests.campaigns import fair, lying, planted, protected, punctual, robust, solver


def _last(lines: list[str]) -> str:
    return lines[-1]


def test_no_damage_is_missed_and_no_alarm_is_false() -> None:
    told = list(solver.damages(20))

    assert told == ["damages: missed 0 of 620, false alarms 0 of 80"]


def test_what_is_planted_is_found() -> None:
    assert _last(list(planted.planted(0, 3))).startswith("planted: 0 wrong of 6")


def test_names_and_order_change_nothing_that_is_proven() -> None:
    assert _last(list(fair.fair(1, 8, limit=1))).startswith("fair to names: 0 of 8 differ, 0 broken")


def test_another_solver_agrees() -> None:
    told = list(solver.second(2))

    assert told == ["second solver: 0 of 2 differ"]


def test_a_shorter_list_is_measured() -> None:
    told = _last(list(solver.gaming(6)))

    assert sum(_counts(told)) == 6


def _counts(told: str) -> tuple[int, int, int]:
    words = told.replace(",", "").split()
    return int(words[1]), int(words[3]), int(words[5])


def test_lies_that_reach_the_store_do_no_harm() -> None:
    assert _last(list(lying.lying(rounds=0, unchecked=16))) == "lying: 0 of 16 did harm"


def test_there_is_an_answer_however_short_the_limit() -> None:
    told = _last(list(punctual.punctual(0, 2, most=0.1)))

    # How late it comes is measured by the campaign, not on a machine that does other things.
    assert told.startswith("punctual: 0 of 2 without an answer")
    assert told.endswith("0 false")


def test_the_same_question_gets_the_same_bytes_in_every_process() -> None:
    assert list(fair.same_bytes(2, budget=0.2)) == ["same bytes: 0 of 2 differ"]


def test_no_run_of_a_small_conference_fails() -> None:
    assert _last(list(robust.robust(0, 10, limit=1.0))).startswith("robust: 0 of 10 runs failed")


def test_a_protected_group_gets_an_answer() -> None:
    told = _last(list(protected.protected(3, 1, most=1.0)))

    assert told.startswith("protected: 0 of 1 without an answer")
    assert told.endswith("0 false")
