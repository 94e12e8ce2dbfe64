"""The short forms of the solver's campaigns (tests/campaigns/solver.py): the same code, fewer rounds."""

from tests.campaigns import solver


def _last(lines: list[str]) -> str:
    return lines[-1]


def test_no_damage_is_missed_and_no_alarm_is_false() -> None:
    told = list(solver.damages(20))

    assert told == ["damages: missed 0 of 400, false alarms 0 of 80"]


def test_another_solver_agrees() -> None:
    told = list(solver.second(2))

    assert told == ["second solver: 0 of 2 differ"]


def test_a_shorter_list_is_measured() -> None:
    told = _last(list(solver.gaming(6)))

    assert sum(_counts(told)) == 6


def _counts(told: str) -> tuple[int, int, int]:
    words = told.replace(",", "").split()
    return int(words[1]), int(words[3]), int(words[5])
