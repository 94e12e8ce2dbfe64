"""What makes no sense is refused with its place in the file and a remedy."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from solver import Problem, ProblemError
from tests.solver.makers import problem

Change = Callable[[dict[str, Any]], Any]
INTERPRETER = {"participant": "p0", "pairs": ["ar-de"]}


def with_interpreter(*changed: dict[str, Any]) -> Change:
    return lambda data: data.update(interpreters=[{**INTERPRETER, **change} for change in changed])


def with_session(**changes: Any) -> Change:
    return lambda data: data["sessions"][0].update(changes)


def with_person(**changes: Any) -> Change:
    return lambda data: data["participants"][0].update(changes)


REFUSED: dict[str, Change] = {
    "$.slots is empty": lambda data: data.update(slots=[]),
    "$.slots[0].most is below": lambda data: data["slots"][0].update(least=2, most=1),
    "$.rooms[0].capacity is below 0 or too large": lambda data: data["rooms"][0].update(capacity=10**30),
    "$.objective is 'nativ'": lambda data: data.update(objective="nativ"),
    "$.rank_points rises": lambda data: data.update(rank_points=[10, 20]),
    "$.rank_points is empty, negative or too large": lambda data: data.update(rank_points=[10**12]),
    "$.spread[0].most is below 0": lambda data: data.update(spread=[{"attribute": "group", "most": -1}]),
    "$.company[0].least is below 1": lambda data: data.update(
        company=[{"attribute": "group", "value": "a", "least": -2}]
    ),
    "$.quotas[0].attribute 'grup' is an attribute that nobody has": lambda data: data.update(
        quotas=[{"attribute": "grup", "value": "a"}]
    ),
    "$.balance names an attribute twice": lambda data: data.update(balance=["group", "group"]),
    "$.flexible.quotas_hold has no price, or too high a one": lambda data: data.update(flexible={"quotas_hold": 10**9}),
    "$.interpreters[0].pairs 'de-de' is not two languages": with_interpreter({"pairs": ["de-de"]}),
    "$.interpreters[0].pairs 'de-' is not two languages": with_interpreter({"pairs": ["de-"]}),
    "$.interpreters[1].participant interprets twice": with_interpreter({}, {"pairs": ["en-de"]}),
    "$.interpreters[0].most_in_a_row is below 1": with_interpreter({"most_in_a_row": 0}),
    "$.interpreters[0].slots names the unknown slot 't9'": with_interpreter({"slots": ["t9"]}),
    "$.sessions[0].languages are not two": with_session(two_language=True),
    "$.sessions[0].conflicts names the session itself": with_session(conflicts=["s0"]),
    "$.sessions[0].after names the unknown session 's9'": with_session(after=["s9"]),
    "$.sessions[0].facilitators names somebody twice": with_session(facilitators=["p0"], note_takers=["p0"]),
    "$.meetings[1] is given twice": lambda data: data.update(meetings=[{"session": "s0", "slot": "t0"}] * 2),
    "$.meetings[0].language 'en' is none of the session's": lambda data: data.update(
        meetings=[{"session": "s0", "slot": "t0", "language": "en"}]
    ),
    "$.meetings[0].language 'uk' is none of the session's": lambda data: (
        data["sessions"][0].update(languages=["ar", "de"], two_language=True),
        data.update(meetings=[{"session": "s0", "slot": "t0", "language": "uk"}]),
    ),
    "$.participants[0].vetoes names 's0', which required": with_person(required=["s0"], vetoes=["s0"]),
    "$.participants[0].required names the unknown": with_person(required=["s9"]),
    "$.locks[0] says the opposite": lambda data: data.update(
        locks=[
            {"participant": "p0", "session": "s0", "slot": "t0"},
            {"participant": "p0", "session": "s0", "never": True},
        ]
    ),
    "$.previous.meetings[0].slot names the unknown": lambda data: data.update(
        previous={"meetings": [{"session": "s0", "slot": "t9"}]}
    ),
}


@pytest.mark.parametrize("told", REFUSED)
def test_what_makes_no_sense_is_refused_with_place_and_remedy(told: str) -> None:
    data = json.loads(problem().to_json())
    REFUSED[told](data)

    with pytest.raises(ProblemError) as caught:
        Problem.from_json(json.dumps(data))

    assert told in str(caught.value)
    assert all(fault.remedy for fault in caught.value.faults)


@pytest.mark.parametrize("number", ["Infinity", "-Infinity", "NaN", "1e999", "1e300"])
def test_a_rating_without_an_end_is_refused(number: str) -> None:
    data = json.loads(problem().to_json())
    data["participants"][0]["ratings"] = {"s0": 4242}

    with pytest.raises(ProblemError) as caught:
        Problem.from_json(json.dumps(data).replace("4242", number))

    assert str(caught.value).startswith("$.participants[0].ratings.s0 is no number with an end")


def test_a_quota_on_the_group_stands_before_anybody_has_one() -> None:
    data = json.loads(problem().to_json())
    data.update(quotas=[{"attribute": "group", "value": "a"}])
    for person in data["participants"]:
        person.pop("attributes")

    assert Problem.from_json(json.dumps(data)).quotas


def test_half_a_character_is_refused_with_its_place() -> None:
    text = problem(people=1).to_json().replace('"p0"', '"p\\ud800"')

    with pytest.raises(ProblemError) as error:
        Problem.from_json(text)

    assert str(error.value).startswith("$.participants[0].id has half a character")
