"""What model and judge once said differently, each on its smallest conference."""

from dataclasses import replace

import pytest

from solver import (
    Given,
    Interpreter,
    Level,
    Lock,
    Meeting,
    Participant,
    Place,
    Preset,
    Previous,
    Role,
    Seat,
    Session,
    Settings,
    Slot,
    Solution,
    Status,
    diagnose,
    goal,
    solve,
    verify,
)
from solver.judge import scores
from solver.model import constraints, objectives
from tests.solver.makers import person, problem, solution
from tests.solver.twins import Fixed

FAST = Settings(preset=Preset.WISHES_FIRST, time_limit=5, workers=1)


def test_a_slot_without_meetings_has_no_uneven_sizes() -> None:
    # One meeting of two people in the first of two slots: counted 0, once modelled as -2.
    base = problem(people=2, sessions=2, slots=2)
    given = replace(base, sessions=tuple(replace(s, offered=1, may_be_cancelled=True) for s in base.sessions))
    found = solution(given, [("s0", "t0", "r0")], {("p0", "t0"): "s0", ("p1", "t0"): "s0"})
    model = Fixed(given)

    expression = objectives.most_even_sizes(model.model, given, model.x)

    assert scores.even_sizes(given, found) == 0
    assert model.value(model.values(found), expression, maximise=False) == 0


def test_a_leader_locked_into_a_session_that_runs_twice_is_there_at_least_once() -> None:
    base = problem(people=3, sessions=1, slots=2)
    session = replace(base.sessions[0], facilitators=("p0",), offered=2)
    given = replace(base, sessions=(session,), locks=(Lock("p0", "s0"),))

    assert diagnose(given).status.has_answer
    assert solve(given, FAST).status is Status.OPTIMAL


def test_an_interpreter_locked_into_a_session_may_work_there() -> None:
    # Only one Arabic speaker attends; the lock keeps the interpreter at the meeting that needs her.
    base = problem(people=1, sessions=2)
    people = (
        person("p0", languages={"ar": Level.SPEAKS}, favourites=("s0",)),
        person("i0", languages={"ar": Level.SPEAKS, "de": Level.SPEAKS}, attends=False),
    )
    interpreters = (Interpreter("i0", frozenset({"ar-de"})),)
    given = replace(base, participants=people, interpreters=interpreters, locks=(Lock("i0", "s0"),))

    found = solve(given, FAST)

    assert found.status is Status.OPTIMAL
    assert verify(given, found) == []
    assert [(s.meeting, s.role) for s in found.seats if s.participant == "i0"] == [("s0@t0", Role.INTERPRETER)]


def test_an_interpreter_kept_away_from_a_session_does_not_work_there() -> None:
    base = problem(people=1, sessions=1)
    people = (
        person("p0", languages={"ar": Level.SPEAKS}, favourites=("s0",)),
        person("i0", languages={"ar": Level.SPEAKS, "de": Level.SPEAKS}, attends=False),
    )
    interpreters = (Interpreter("i0", frozenset({"ar-de"})),)
    given = replace(base, participants=people, interpreters=interpreters, locks=(Lock("i0", "s0", never=True),))

    found = solve(given, FAST)

    assert verify(given, found) == []
    assert found.seats == ()


def test_leading_what_one_has_not_rated_is_no_breach_where_people_attend_only_what_they_rated() -> None:
    base = problem(people=2, sessions=1)
    session = replace(base.sessions[0], facilitators=("p0",))
    people = (person("p0"), person("p1", ratings={"s0": 1.0}))
    given = replace(base, sessions=(session,), participants=people, only_wanted=True, full_day=False)

    found = solve(given, FAST)

    assert found.status.has_answer
    assert verify(given, found) == []


def test_an_earlier_meeting_without_a_room_is_kept_in_any_room() -> None:
    earlier = Previous((Given("s0", "t0"),), (Place("p0", "s0", "t0"),))
    given = replace(problem(people=1, sessions=1), previous=earlier)

    found = solve(given, replace(FAST, preset=Preset.REPAIR))

    stability = goal(found, "stability")
    assert stability is not None
    assert (stability.value, stability.bound) == (0, 0)


def test_two_sessions_led_at_once_break_both_what_binds_a_person_and_what_binds_a_leader() -> None:
    base = problem(people=2, sessions=2)
    given = replace(base, sessions=tuple(replace(s, facilitators=("p0",)) for s in base.sessions))
    found = solution(given, [("s0", "t0", "r0"), ("s1", "t0", "r1")], {})

    rules = {broken.rule for broken in verify(given, found)}

    assert rules == {"one_meeting_per_slot", "staff_at_their_own"}
    for rule in (constraints.one_meeting_per_slot, constraints.staff_at_their_own):
        model = Fixed(given, rule)
        assert not model.accepts(model.values(found))


def test_a_role_does_not_change_in_the_middle_of_a_meeting() -> None:
    slots = (Slot("t0"), Slot("t1"))
    session = Session("s0", duration=2, facilitators=("p0",))
    given = replace(problem(people=1, sessions=1), slots=slots, sessions=(session,), participants=(Participant("p0"),))
    leads = [Seat("p0", slot, "m", Role.FACILITATOR) for slot in ("t0", "t1")]
    found = Solution(Status.FEASIBLE, (Meeting("m", "s0", "t0", "r0"),), tuple(leads))
    turned = replace(found, seats=(leads[0], replace(leads[1], role=Role.NOTE_TAKER)))

    assert verify(given, found) == []
    assert [broken.rule for broken in verify(given, turned)] == ["one_meeting_per_slot"] * 2


def test_shares_of_many_attributes_stay_whole_numbers_that_an_engine_can_add() -> None:
    # 29 x 31 x 37 x 41 x 43 x 47 x 53 x 59 parts of a person are too many.
    known = (29, 31, 37, 41, 43, 47, 53, 59)
    people = tuple(
        person(f"p{at}", attributes={f"a{n}": "x" if at % 2 else "y" for n in known if at < n}) for at in range(59)
    )
    given = replace(problem(sessions=1), participants=people, balance=tuple(f"a{n}" for n in known))
    found = solution(given, [("s0", "t0", "r0")], {(f"p{at}", "t0"): "s0" for at in range(9)})
    model = Fixed(given)

    expression = objectives.best_mix(model.model, given, model.x)
    value = model.value(model.values(found), expression, maximise=False)

    assert value is not None
    assert value / objectives.mix_unit(given) == pytest.approx(scores.mix(given, found))
