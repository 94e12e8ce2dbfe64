"""Every code of the solver has its sentence, and a remedy says what it leads to."""

import pytest
from flask import Flask

from planner.allocations.words.remedies import remedy
from solver.cli.sentences import RELAXATIONS


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_remedy_has_a_sentence(app: Flask, language: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        said = {kind: remedy(kind, {"by": 1}) for kind in RELAXATIONS}

    assert [kind for kind, sentence in said.items() if not sentence] == []
    assert len(set(said.values())) == len(said)


def test_a_remedy_that_leaves_people_without_a_place_says_so(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert remedy("minimums", {"by": 6}, 360) == "Lower all minimum sizes by 6. …but then 360 places are missing."
        assert remedy("minimums", {"by": 6}, 0) == "Lower all minimum sizes by 6."
