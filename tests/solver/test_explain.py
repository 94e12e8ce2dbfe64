"""Explanations are true, name nobody else, and give no group or agreement away."""

import json
from dataclasses import replace

import pytest

from solver.bench.families import rep
from solver.explanation import Explanation, explain, shown
from solver.fairness import fairness, hidden
from solver.problem import Given, Level, Problem, Quota, Role, Room, Settings, Solution
from solver.reading import plain
from solver.search import solve
from tests.solver.makers import person, problem

QUICK = Settings(time_limit=3, workers=1)


@pytest.fixture(scope="module")
def conference() -> tuple[Problem, Solution]:
    given = rep(72, rounds=2, seed=2)
    return given, solve(given, QUICK)


def _all(conference: tuple[Problem, Solution], proof: bool = False) -> list[Explanation]:
    given, found = conference
    return [explain(given, found, p.id, slot.id, proof) for p in given.participants for slot in given.slots]


def test_every_place_has_its_reason(conference: tuple[Problem, Solution]) -> None:
    given, found = conference
    where = {(seat.participant, seat.slot): seat for seat in found.seats}

    for told in _all(conference):
        seat = where.get((told.participant, told.slot))
        who = given.participant[told.participant]
        if told.here == "wish":
            assert who.favourites[(told.rank or 0) - 1] == told.session
        elif told.here == "duty":
            assert seat is not None
            assert seat.role is not Role.ATTENDEE
        else:
            assert told.here in {"other", "no_wishes", "unplaced"}


def test_full_is_only_said_of_what_is_full(conference: tuple[Problem, Solution]) -> None:
    given, found = conference
    reasons = [(told.slot, why) for told in _all(conference) for why in told.wishes]

    assert reasons
    for slot, why in reasons:
        meeting = next((m for m in found.meetings if (m.session, m.slot) == (why.session, slot)), None)
        if why.reason == "full":
            assert meeting is not None
            size = sum(s.meeting == meeting.id and s.role is Role.ATTENDEE for s in found.seats)
            chairs = sum(s.meeting == meeting.id for s in found.seats)
            room, most = given.room[meeting.room].capacity, given.session[why.session].maximum
            assert size == most or chairs == room
            assert why.facts["seats"] == size


def test_nobody_else_is_named(conference: tuple[Problem, Solution]) -> None:
    given, _ = conference
    others = {p.id for p in given.participants}

    for told in _all(conference)[:40]:
        text = json.dumps(plain(replace(told, participant="")))
        assert not {f'"{id}"' for id in others - {told.participant}} & set(text.replace(",", " ").split())


def test_a_forced_wish_proves_what_it_would_cost(conference: tuple[Problem, Solution]) -> None:
    given, found = conference
    told = next(t for t in _all(conference) if any(w.reason == "full" for w in t.wishes))

    proven = explain(given, found, told.participant, told.slot, proof=True)

    why = next(w for w in proven.wishes if w.reason == "full")
    assert why.proven
    assert why.forced is not None
    assert why.forced.possible
    # It is full: at least one other person had to leave.
    assert why.forced.moved != 0


def _pair(apart: bool) -> tuple[Problem, Solution]:
    """p1 would like s0, where p0 sits alone with seats to spare; an agreement or a lock keeps her out."""
    base = problem(people=2, sessions=2)
    people = (person("p0", favourites=("s0",)), person("p1", favourites=("s0", "s1")))
    bond = {"apart": (frozenset({"p0", "p1"}),)} if apart else {}
    given = replace(base, participants=people, meetings=(Given("s0", "t0", "r0"), Given("s1", "t0", "r1")), **bond)  # type: ignore[arg-type]
    return given, solve(given, QUICK)


def test_an_agreement_about_others_looks_like_any_other() -> None:
    told = explain(*_pair(apart=True), "p1", "t0", proof=False)

    assert [(why.reason, why.facts) for why in told.wishes] in ([("agreed", {})], [])
    assert "apart" not in str(told)


def test_belonging_to_a_group_is_never_the_reason() -> None:
    base = problem(people=4, sessions=2)
    people = tuple(person(f"p{at}", favourites=("s0", "s1")) for at in range(4))
    given = replace(base, participants=people, quotas=(Quota("group", "a", maximum=2),))
    found = solve(given, QUICK)

    whys = [w for p in people for w in explain(given, found, p.id, "t0", proof=False).wishes]

    assert {why.reason for why in whys} == {"mix"}
    assert all(why.facts == {} for why in whys)


def test_a_room_without_steps_and_a_language_are_told() -> None:
    base = problem(people=2, sessions=2)
    people = (
        person("p0", needs=frozenset({"step_free"}), favourites=("s0",)),
        person("p1", languages={"en": Level.SPEAKS}, favourites=("s0",)),
    )
    rooms = (Room("r0", 10), Room("r1", 10, frozenset({"step_free"})))
    sessions = (base.sessions[0], replace(base.sessions[1], languages=frozenset({"de", "en"})))
    held = (Given("s0", "t0", "r0"), Given("s1", "t0", "r1"))
    given = replace(base, participants=people, rooms=rooms, sessions=sessions, meetings=held)
    found = solve(given, QUICK)

    assert explain(given, found, "p0", "t0", proof=False).wishes[0].facts == {"features": ["step_free"]}
    assert explain(given, found, "p1", "t0", proof=False).wishes[0].reason == "language"


def test_small_numbers_of_others_are_hidden() -> None:
    assert [shown(number) for number in (0, 1, 2, 3, 9)] == [0, None, None, 3, 9]


def test_the_fairness_note_counts_right_and_hides_small_cells(conference: tuple[Problem, Solution]) -> None:
    given, found = conference

    note = fairness(given, found)

    assert note.people == 72
    assert note.with_wishes == sum(bool(p.favourites) for p in given.participants)
    assert all(count is None or count == 0 or count >= 5 for count in note.best.values())
    assert all(cell.people is None or cell.people >= 5 for cell in note.groups.values())
    assert not any(f'"{p.id}"' in json.dumps(plain(note)) for p in given.participants)


def test_a_single_small_cell_takes_a_second_one_with_it() -> None:
    assert hidden({"a": 3, "b": 20, "c": 9}) == {"a": None, "b": 20, "c": None}
    assert hidden({"a": 30, "b": 20}) == {"a": 30, "b": 20}
