"""No bound is beyond the truth where somebody is busy otherwise, meetings are long, or sessions are cancelled."""

from solver import (
    Given,
    Interpreter,
    Level,
    Participant,
    Preset,
    Problem,
    Quota,
    Room,
    Session,
    Settings,
    Slot,
    Status,
    goal,
    solve,
)
from solver.bounds.attendance import attendance
from solver.bounds.encounters import encounters
from solver.bounds.merged import Merged
from solver.bounds.mix import mix
from solver.flow.arrays import Arrays
from tests.solver.makers import person, problem

AFTER_ANOTHER = (Slot("t0"), Slot("t1"))


def fewest_unplaced(conference: Problem) -> int | None:
    return Merged(Arrays(conference)).fewest_unplaced()


def unplaced(conference: Problem) -> float:
    """What a verified answer has."""
    found = solve(conference, Settings(preset=Preset.WISHES_FIRST, time_limit=5, workers=1))
    result = goal(found, "unplaced")
    assert result is not None
    return result.value


def test_a_long_meeting_fills_all_its_slots() -> None:
    conference = problem(1, slots=2, rooms=1, sessions=1)
    conference = Problem(AFTER_ANOTHER, conference.rooms, (Session("s0", duration=2),), conference.participants)

    assert fewest_unplaced(conference) == 0
    assert unplaced(conference) == 0


def test_who_leads_a_session_that_may_be_cancelled_need_not_attend_another() -> None:
    led = Session("s0", facilitators=("p0",), may_be_cancelled=True)
    conference = problem(2, sessions=1, rooms=1)
    conference = Problem(conference.slots, (Room("r0", 2),), (led,), conference.participants)

    assert fewest_unplaced(conference) == 0
    assert unplaced(conference) == 0


def test_who_interprets_need_not_attend() -> None:
    arabic = person("p1", languages={"ar": Level.SPEAKS})
    both = person("p0", languages={"ar": Level.SPEAKS, "de": Level.SPEAKS})
    session = Session("s0", languages=frozenset({"de"}), maximum=1)
    interpreter = Interpreter("p0", frozenset({"ar-de"}))
    conference = Problem((Slot("t0"),), (Room("r0", 5),), (session,), (both, arabic), interpreters=(interpreter,))

    assert fewest_unplaced(conference) == 0


def test_a_class_may_attend_a_session_in_any_language_that_it_may_be_held_in() -> None:
    people = (person("p0", languages={"ar": Level.SPEAKS}), person("p1", languages={"de": Level.SPEAKS}))
    both = Session("s0", languages=frozenset({"ar", "de"}))
    conference = Problem((Slot("t0"),), (Room("r0", 5),), (both,), people)

    assert fewest_unplaced(conference) == 0


def test_nobody_can_attend_what_nobody_can_make_understood() -> None:
    french = person("p0", languages={"fr": Level.SPEAKS})
    conference = Problem((Slot("t0"),), (Room("r0", 5),), (Session("s0", languages=frozenset({"de"})),), (french,))

    assert fewest_unplaced(conference) == 1


def test_a_quota_of_a_long_session_counts_people_not_slots() -> None:
    long = Session("s0", duration=2)
    people = tuple(person(f"p{at}") for at in range(2))
    conference = Problem(AFTER_ANOTHER, (Room("r0", 5),), (long,), people, quotas=(Quota("group", "a", maximum=2),))

    assert fewest_unplaced(conference) == 0


def test_sizes_that_cannot_be_met_are_no_bound_but_no_flow() -> None:
    conference = problem(2, sessions=1)
    conference = Problem(conference.slots, conference.rooms, (Session("s0", minimum=3),), conference.participants)

    assert fewest_unplaced(conference) is None


def test_people_meet_once_in_one_long_session() -> None:
    long = Session("s0", duration=2)
    people = tuple(person(f"p{at}") for at in range(10))
    conference = Problem(AFTER_ANOTHER, (Room("r0", 20),), (long,), people)

    assert encounters(attendance(Arrays(conference), unplaced=0)) == 0


def test_ten_people_in_one_meeting_a_slot_meet_again_in_the_second() -> None:
    people = tuple(person(f"p{at}") for at in range(10))
    conference = Problem(AFTER_ANOTHER, (Room("r0", 20),), (Session("s0"), Session("s1")), people)

    assert encounters(attendance(Arrays(conference), unplaced=0)) == 45
    assert encounters(attendance(Arrays(conference), unplaced=20)) == 0


def test_mix_knows_that_fewer_meetings_may_be_held_than_are_offered() -> None:
    people = tuple(person(f"p{at}", attributes={"group": "ab"[at % 2]}) for at in range(2))
    sessions = tuple(Session(f"s{at}", may_be_cancelled=True) for at in range(2))
    conference = Problem((Slot("t0"),), (Room("r0", 5), Room("r1", 5)), sessions, people)

    assert mix(conference, attendance(Arrays(conference), unplaced=0)) == 0


def test_mix_cannot_share_out_single_people() -> None:
    people = tuple(person(f"p{at}", attributes={"group": "ab"[at % 2]}) for at in range(2))
    sessions = tuple(Session(f"s{at}", minimum=1) for at in range(2))
    conference = Problem((Slot("t0"),), (Room("r0", 5), Room("r1", 5)), sessions, people)

    assert abs(mix(conference, attendance(Arrays(conference), unplaced=0)) - 2) < 1e-6


def test_a_meeting_of_more_than_two_hundred_is_counted_too() -> None:
    people = tuple(person(f"p{at}", attributes={"group": "ab"[at % 2]}) for at in range(402))
    sessions = tuple(Session(f"s{at}") for at in range(2))
    conference = Problem((Slot("t0"),), (Room("r0"), Room("r1")), sessions, people)

    assert mix(conference, attendance(Arrays(conference), unplaced=0)) == 0


def test_a_given_meeting_of_a_leader_does_not_prove_that_she_is_missing() -> None:
    leads = Session("s0", facilitators=("p0",), may_be_cancelled=True)
    people = (Participant("p0"), Participant("p1"))
    conference = Problem((Slot("t0"),), (Room("r0", 2),), (leads,), people, meetings=(Given("s0", "t0", "r0"),))

    found = solve(conference, Settings(time_limit=5, workers=1))

    assert (found.status, unplaced(conference)) == (Status.OPTIMAL, 0)
