"""The published schema is the code's, and accepts what the code accepts."""

import json
from pathlib import Path

import jsonschema
import pytest

import solver
from solver.bench.families import rep
from solver.problem.schema import problem_schema

FILE = Path(solver.__file__).parent / "problem" / "problem.schema.json"


def test_the_file_is_what_the_dataclasses_say() -> None:
    assert json.loads(FILE.read_text()) == problem_schema()


def test_a_written_problem_fits_the_schema() -> None:
    jsonschema.validate(json.loads(rep(40).to_json()), problem_schema())


def test_an_unknown_key_does_not_fit() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**json.loads(rep(40).to_json()), "colour": "red"}, problem_schema())
