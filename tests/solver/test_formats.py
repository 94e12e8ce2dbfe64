"""AKPlanning's files in full, and names that leave no trace."""

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import (
    Company,
    Fault,
    Given,
    Interpreter,
    Level,
    Lock,
    Preset,
    Problem,
    ProblemError,
    Quota,
    Settings,
    solve,
    verify,
)
from solver.formats import akplanning, stuhlkreis, wassign
from solver.formats.anonymise import anonymised
from tests.solver.makers import person, problem

Data = dict[str, Any]


def small() -> Data:
    wish = [{"ak_id": at, "preference_score": score, "required": False} for at, score in enumerate((2, 1, -1))]
    return {
        "aks": [
            {"id": 0, "duration": 2, "room_constraints": ["beamer"], "time_constraints": [], "properties": {}},
            {"id": 1, "duration": 1, "room_constraints": [], "time_constraints": ["morning"], "properties": {}},
            {"id": 2, "duration": 1, "properties": {"conflicts": [1], "dependencies": [0]}},
        ],
        "rooms": [
            {"id": 7, "capacity": 2, "fulfilled_room_constraints": ["beamer"], "time_constraints": []},
            {"id": 8, "capacity": -1, "fulfilled_room_constraints": [], "time_constraints": []},
        ],
        "participants": [{"id": at, "preferences": wish, "room_constraints": []} for at in range(3)],
        "timeslots": {
            "blocks": [
                [{"id": 10, "fulfilled_time_constraints": ["morning"]}, {"id": 11}],
                [{"id": 12}, {"id": 13}],
            ]
        },
        "info": {},
    }


def read(data: Data) -> Problem:
    return akplanning.read(json.dumps(data))


def test_labels_blocks_durations_conflicts_and_order_are_read() -> None:
    found = read(small())

    assert found.session["0"].duration == 2
    assert found.session["0"].features == frozenset({"beamer"})
    assert found.session["1"].slots == frozenset({"10"})
    assert (found.session["2"].conflicts, found.session["2"].after) == (frozenset({"1"}), frozenset({"0"}))
    assert [slot.joined for slot in found.slots] == [False, True, False, True]
    assert found.room["8"].capacity is None
    assert found.participant["0"].required == frozenset({"2"})


def test_a_strong_wish_counts_what_the_config_says() -> None:
    assert read({**small(), "config": {"mu": 6}}).participant["0"].ratings == {"0": 2.0, "1": 1 / 3}


@pytest.mark.parametrize(
    ("scheduled", "kept"),
    [
        ({"ak_id": 2, "timeslot_ids": [13], "room_id": 8}, ("2", "13", "8")),
        ({"ak_id": 2, "timeslot_ids": [13]}, ("2", "13", "")),
        ({"ak_id": 2, "room_id": 8}, ("2", "", "8")),
    ],
)
def test_what_is_scheduled_already_stays(scheduled: Data, kept: tuple[str, str, str]) -> None:
    fixed = read({**small(), "scheduled_aks": [scheduled]})

    found = solve(fixed, Settings(preset=Preset.NATIVE, time_limit=4, workers=1))

    assert verify(fixed, found) == []
    held = next(m for m in found.meetings if m.session == kept[0])
    assert kept[1] in ("", held.slot)
    assert kept[2] in ("", held.room)


def test_people_who_are_scheduled_already_stay() -> None:
    fixed = read({**small(), "scheduled_aks": [{"ak_id": 1, "participant_ids": [2]}]})

    found = solve(fixed, Settings(preset=Preset.NATIVE, time_limit=4, workers=1))

    assert any(seat.participant == "2" and seat.meeting.startswith("1@") for seat in found.seats)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"config": {"mu": -1}}, "$.config.mu"),
        ({"config": {"colour": 3}}, "$.config.colour"),
        ({"config": {"max_num_timeslots_before_break": 3}}, "$.config.max_num_timeslots_before_break"),
        ({"scheduled_aks": [{"ak_id": 9}]}, "$.scheduled_aks[0].ak_id"),
        ({"scheduled_aks": [{"ak_id": 0, "timeslot_ids": [11, 12]}]}, "$.scheduled_aks[0].timeslot_ids"),
        ({"scheduled_aks": [{"ak_id": 0, "participant_ids": 3}]}, "$.scheduled_aks[0].participant_ids"),
        ({"scheduled_aks": [{"ak_id": 0, "participant_ids": [99]}]}, "$.scheduled_aks[0].participant_ids[0]"),
        ({"scheduled_aks": [{"ak_id": 0, "room_id": 99}]}, "$.scheduled_aks[0].room_id"),
        ({"scheduled_aks": [{"ak_id": 0, "timeslot_ids": [99]}]}, "$.scheduled_aks[0].timeslot_ids[0]"),
        ({"aks": [{"id": 0}, {"id": 1}, {"id": 2}, {"id": 2}]}, "$.aks[3].id"),
        ({"aks": [{"id": 0, "duration": 0}, {"id": 1}, {"id": 2}]}, "$.aks[0].duration"),
        (
            {"aks": [{"id": 0}, {"id": 1}, {"id": 2, "properties": {"conflicts": [5]}}]},
            "$.aks[2].properties.conflicts[0]",
        ),
        ({"rooms": [{"id": 7, "capacity": -2}]}, "$.rooms[0].capacity"),
        ({"rooms": [{"id": 7, "capacity": float("inf")}]}, "$.rooms[0].capacity"),
        ({"timeslots": {"blocks": [[{"id": 10}], [{"id": 10}]]}}, "$.timeslots.blocks[1][0].id"),
    ],
)
def test_what_is_wrong_or_beyond_is_named_with_its_place(change: Data, place: str) -> None:
    with pytest.raises(ProblemError) as caught:
        read({**small(), **change})

    assert place in str(caught.value)


@pytest.mark.parametrize("score", [-1, 0, 1, 2])
def test_a_preference_for_an_unknown_topic_is_refused_whatever_its_score(score: int) -> None:
    data = small()
    data["participants"][1]["preferences"] = [{"ak_id": 9, "preference_score": score, "required": False}]

    with pytest.raises(ProblemError) as caught:
        read(data)

    assert str(caught.value) == (
        "$.participants[1].preferences[0].ak_id names 9, which is not in $.aks; use an id from there, or leave it out"
    )


def test_a_preference_that_stands_twice_counts_as_akplanning_counts_it() -> None:
    """The last score of a topic holds, and the number of preferences counts different topics."""
    scores = ((0, 2), (0, 1), (1, 2), (2, 1), (2, 0))
    wishes = [{"ak_id": topic, "preference_score": score, "required": False} for topic, score in scores]
    data = {**small(), "participants": [{"id": 0, "preferences": wishes}]}

    found = read(data).participant["0"]

    assert found.ratings == {"0": 1 / 2, "1": 2 / 2}
    assert found.required == frozenset()


def test_a_topic_that_is_a_must_and_a_wish_counts_twice_as_akplanning_counts_it() -> None:
    wishes = [
        {"ak_id": 0, "preference_score": -1, "required": True},
        {"ak_id": 0, "preference_score": 1, "required": False},
    ]
    data = {**small(), "participants": [{"id": 0, "preferences": wishes}]}

    found = read(data).participant["0"]

    assert (found.ratings, found.required) == ({"0": 1 / 2}, frozenset({"0"}))


@pytest.mark.parametrize("endless", ["Infinity", "-Infinity", "NaN", "1e999"])
def test_a_number_without_an_end_is_refused_in_every_format(endless: str) -> None:
    ours = problem().to_json().replace('"capacity": 10', f'"capacity": {endless}', 1)
    theirs = json.dumps(small()).replace('"capacity": 2', f'"capacity": {endless}', 1)
    script = f'+slot("t"); +choice("a"); +chooser("x", [{endless.replace("Infinity", "inf")}]);'

    for module, text, place in (
        (stuhlkreis, ours, "$.rooms[0].capacity is no number with an end"),
        (akplanning, theirs, "$.rooms[0].capacity is no number with an end"),
        (wassign, script, "line 1 has a rating that is no number with an end"),
    ):
        with pytest.raises(ProblemError) as caught:
            module.read(text)
        assert place in str(caught.value)


def test_an_allocation_with_endless_numbers_is_refused_with_its_place() -> None:
    with pytest.raises(ProblemError, match=r"\$\.seconds is no number with an end"):
        stuhlkreis.read_solution(problem(), '{"status": "feasible", "seconds": Infinity}')


def test_a_schedule_survives_the_way_out_and_back() -> None:
    data = small()
    asked = read(data)
    found = solve(asked, Settings(preset=Preset.NATIVE, time_limit=4, workers=1))

    text = akplanning.write_solution(asked, found, json.dumps(data))
    again = akplanning.read_solution(asked, text)

    assert verify(asked, again) == []
    assert {(m.session, m.slot, m.room) for m in again.meetings} == {
        (m.session, m.slot, m.room) for m in found.meetings
    }
    assert json.loads(text)["input"] == data


def _spots(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [spot for key, value in items for spot in ((*path, key), *_spots(value, (*path, key)))]


def _faults(data: Data) -> tuple[Fault, ...]:
    try:
        read(data)
    except ProblemError as error:
        return error.faults
    return ()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([None, -1, "x", [], {}, 1.5, True, [[1]], "delete"]))
def test_no_broken_file_raises_anything_but_its_faults(seed: int, value: Any) -> None:
    data = json.loads(json.dumps(small()))
    spot = random.Random(seed).choice(_spots(data))
    inner = data
    for key in spot[:-1]:
        inner = inner[key]
    if value == "delete":
        del inner[spot[-1]]
    else:
        inner[spot[-1]] = value

    faults = _faults(data)

    assert all(fault.path and fault.remedy for fault in faults)


def telling() -> Problem:
    """Every kind of name that could tell something."""
    people = (
        *(person(f"Anna {at}", attributes={"religion": "secret"}, favourites=("Wohnen", "Sprache")) for at in range(3)),
        person("Ben", needs=frozenset({"wheelchair"}), vetoes=frozenset({"Wohnen"})),
        person("Cem", languages={"tr": Level.SPEAKS, "de": Level.SPEAKS}, attends=False),
    )
    base = problem(people=0, sessions=2, slots=2)
    rooms = tuple(replace(r, id=f"Rathaus {r.id}", features=frozenset({"wheelchair"})) for r in base.rooms)
    sessions = tuple(
        replace(s, id=name, theme="Integration", languages=frozenset({"de", "tr"}))
        for s, name in zip(base.sessions, ("Wohnen", "Sprache"), strict=True)
    )
    return replace(
        base,
        rooms=rooms,
        sessions=sessions,
        participants=people,
        interpreters=(Interpreter("Cem", frozenset({"tr-de"})),),
        quotas=(Quota("religion", "secret", maximum=3),),
        company=(Company("religion", "secret", 1),),
        locks=(Lock("Anna 0", "Sprache"),),
        apart=(frozenset({"Anna 1", "Ben"}),),
        meetings=(Given("Wohnen", "t0", None, "de"),),
        balance=("religion",),
        info={"organiser": "Stadt"},
    )


def test_nothing_of_the_original_is_left_in_an_anonymous_file() -> None:
    text = anonymised(telling()).to_json()

    words = (
        '"de"',
        '"tr"',
        "Anna",
        "Ben",
        "Cem",
        "religion",
        "secret",
        "wheelchair",
        "Wohnen",
        "Sprache",
        "Rathaus",
        "Stadt",
        "tr-de",
    )
    assert [word for word in (*words, "Integration") if word in text] == []


def test_languages_stay_what_they_are_under_other_names() -> None:
    asked = telling()
    both = replace(asked.session["Sprache"], two_language=True)
    asked = replace(asked, sessions=(asked.session["Wohnen"], both))

    hidden = anonymised(asked)

    given = hidden.meetings[0]
    assert given.language in hidden.session[given.session].languages
    other = next(session for session in hidden.sessions if session.id != given.session)
    assert (other.two_language, len(other.languages)) == (True, 2)
    pair = frozenset(next(iter(hidden.interpreters[0].pairs)).split("-"))
    assert pair == other.languages


@pytest.mark.parametrize("seed", range(3))
def test_the_optimum_does_not_know_the_names(seed: int) -> None:
    asked = telling()
    hidden = anonymised(asked, seed)
    quick = Settings(preset=Preset.WISHES_FIRST, time_limit=5, workers=1)

    one, two = solve(asked, quick), solve(hidden, quick)

    assert [(goal.name, goal.bound) for goal in one.goals] == [(goal.name, goal.bound) for goal in two.goals]
