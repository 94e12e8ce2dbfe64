"""What a flow cannot say is mended by bans and pulls on a new day; the one it came from stays as it was."""

from dataclasses import replace

from solver import Company, Preset, Room, Spread, verify
from solver.bench.families import Family, build
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.solutions import solution_of
from solver.flow.timetable import Timetable
from solver.model.objectives import order_of
from solver.problem import Meeting, Problem
from solver.search.budget import Budget
from solver.search.by_flows import begin
from solver.search.feasibility import mended, without_empty
from solver.search.flow_search import FlowSearch
from solver.search.incumbent import Incumbent
from tests.campaigns.protected import planted
from tests.solver.flow.days import seated, weights
from tests.solver.makers import person, problem


def scattered() -> Problem:
    """Two people of one organisation wish for the same full meeting, where only one of them may be."""
    people = tuple(person(f"p{at}", attributes={"org": "x"}, favourites=("s0",)) for at in range(2))
    return replace(problem(people=2, sessions=2), participants=people, spread=(Spread("org", 1),), balance=())


def test_a_day_is_mended_and_the_one_before_is_left_as_it_was() -> None:
    given = scattered()
    day = seated(given)
    places, timetable = day.at.copy(), day.timetable
    assert places.tolist() == [[0], [0]]

    found = mended(day, weights(given), lambda solution: verify(given, solution))

    assert found is not None
    better, solution = found
    assert verify(given, solution) == []
    assert sorted(better.at[:, 0].tolist()) == [0, 1]
    assert len(better.timetable.bans) == 1
    assert (day.at == places).all()
    assert day.timetable is timetable
    assert timetable.bans == frozenset()


def test_two_candidates_do_not_forbid_each_other_seats() -> None:
    given = scattered()
    one = seated(given)
    other = one.copy()

    mended(one, weights(given), lambda solution: verify(given, solution))

    assert other.timetable.bans == one.timetable.bans == frozenset()


def test_who_would_be_alone_is_joined_or_leaves() -> None:
    people = (
        person("p0", attributes={"marked": "yes"}, favourites=("s0",)),
        person("p1", attributes={"marked": "yes"}, favourites=("s1",)),
        person("p2", favourites=("s0",)),
        person("p3", favourites=("s1",)),
    )
    given = replace(problem(), participants=people, company=(Company("marked", "yes", 2),), balance=())
    day = seated(given)
    assert day.at[0, 0] != day.at[1, 0]

    found = mended(day, weights(given), lambda solution: verify(given, solution))

    assert found is not None
    assert found[0].at[0, 0] == found[0].at[1, 0] >= 0


def test_a_protected_group_of_three_is_gathered_by_its_wishes_and_who_is_too_few_sits_nowhere() -> None:
    """Slot t0 has four of them, two of whom want s1; in t1 two are left, who are too few anywhere."""
    here = {"p0": ("s1",), "p1": ("s1",), "p2": ("s0",), "p3": ("s2",)}
    people = tuple(
        person(id, attributes={"marked": "yes"}, favourites=wishes, slots=frozenset({"t0", "t1"} if at < 2 else {"t0"}))
        for at, (id, wishes) in enumerate(here.items())
    )
    others = tuple(person(f"q{at}", favourites=(f"s{at % 3}",)) for at in range(6))
    base = problem(sessions=3, slots=2, rooms=3)
    given = replace(base, participants=people + others, company=(Company("marked", "yes", 3),), balance=())
    day = seated(given)

    found = mended(day, weights(given), lambda solution: verify(given, solution))

    assert found is not None
    at = found[0].timetable.session[found[0].at]
    assert at[:4, 0].tolist() == [1, 1, 1, 1]
    assert found[0].at[:2, 1].tolist() == [-1, -1]
    assert (found[0].at[4:] >= 0).all()


def test_a_day_too_large_for_one_model_is_mended_for_a_protected_group() -> None:
    """Joining those who are alone by twos came to no end here."""
    given = replace(build(800, 27, Family("rep", rounds=2)), company=(Company("group", "g5", 2),))
    flows = FlowSearch(given, Preset.BALANCED, Incumbent(given, order_of(given, Preset.BALANCED)), time_limit=2.0)

    day = begin(flows, Budget.of(2.0))

    assert day is not None
    assert flows.known.best is not None
    assert verify(given, flows.known.best) == []
    assert flows.known.value("unplaced") == 0


def test_once_all_slots_are_seated_a_protected_group_is_placed_anew_where_that_is_better() -> None:
    gained = []
    for seed in range(4):
        given = planted(120, seed).problem
        flows = FlowSearch(given, Preset.BALANCED, Incumbent(given, order_of(given, Preset.BALANCED)), time_limit=10.0)
        begin(flows, Budget.of(10.0))
        before = flows.best()

        after = flows.gathered(before, lambda: False)

        assert verify(given, solution_of(after)) == []
        gained.append((before.worst_off(), -before.wishes()) > (after.worst_off(), -after.wishes()))
        assert (before.worst_off(), -before.wishes()) >= (after.worst_off(), -after.wishes())
    assert any(gained)


def test_what_nobody_fills_is_cancelled_if_it_may_be() -> None:
    base = problem(people=3, sessions=2)
    sessions = (base.sessions[0], replace(base.sessions[1], minimum=2, may_be_cancelled=True))
    people = tuple(person(f"p{at}", favourites=("s0",), vetoes=frozenset({"s1"})) for at in range(3))
    given = replace(base, sessions=sessions, participants=people, rooms=(Room("r0", 10), Room("r1", 10)))
    held = (Meeting("s0@t0", "s0", "t0", "r0", "de"), Meeting("s1@t0", "s1", "t0", "r1", "de"))
    day = Day(Timetable(Arrays(given), held))
    assert day.fill(None, weights(given, worst=0))

    left = without_empty(day, weights(given, worst=0))

    assert [meeting.session for meeting in left.timetable.meetings] == ["s0"]
    assert len(day.timetable.meetings) == 2
