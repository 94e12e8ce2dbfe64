"""A reader can work out each gap from the numbers beside it."""

from flask import Flask

from planner.allocations.words.proof import proof
from solver import GoalResult


def test_the_gap_can_be_worked_out_from_what_is_shown(app: Flask) -> None:
    goal = GoalResult("mix", 150.0, 100.0, 0.2, reached=140.0, scale=200, given={"unplaced": 0})
    with app.test_request_context(headers={"Accept-Language": "en"}):
        (row,) = proof([goal])

    assert (row.value, row.bound) == ("150 (reached: 140)", "100")
    assert row.gap == "40 of 200, that is 20 %"
    assert row.presumed == "as long as the goals before keep these limits: Missing places 0"


def test_only_a_gap_of_nothing_is_proven(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        rows = proof(
            [
                GoalResult("wishes", 10, 10, 0.0),
                GoalResult("wishes", 10, None, None),
                GoalResult("mix", 1, 0.9999, 0.0001),
            ]
        )

    assert [row.gap for row in rows] == ["proven", "no bound known", "0 of 1, that is 0.1 %"]
