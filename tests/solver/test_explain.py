"""Explanations are true, name nobody else, and give no group or agreement away."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from solver import (
    Company,
    Explanation,
    Given,
    Interpreter,
    Level,
    Lock,
    Problem,
    Quota,
    Role,
    Room,
    Seat,
    Session,
    Settings,
    Solution,
    Spoken,
    WhyNot,
    explain,
    fairness,
    solve,
    verify,
    who_counts,
)
from solver.bench.families import rep
from solver.cli import sentences
from solver.cli.commands import explain_files
from solver.problem.codec import plain
from solver.questions.fairness import hidden
from solver.questions.if_moved import share_shown, shown
from tests.solver.makers import person, problem, solution

QUICK = Settings(time_limit=3, workers=1)


@pytest.fixture(scope="module")
def conference() -> tuple[Problem, Solution]:
    given = rep(120, rounds=2, seed=2)
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
            _recount_demand(conference, why, slot)


def _recount_demand(conference: tuple[Problem, Solution], why: WhyNot, slot: str) -> None:
    given, found = conference
    meeting = next(m for m in found.meetings if (m.session, m.slot) == (why.session, slot))
    inside = [s.participant for s in found.seats if s.meeting == meeting.id and s.role is Role.ATTENDEE]
    wanting = [p for p in given.participants if why.session in p.favourites and given.present(p, slot) and p.attends]
    as_high = sum(why.session in given.participant[id].favourites[: why.rank] for id in inside)
    assert why.facts["wished"] in {None, len(wanting)}
    assert why.facts["as_high"] in {"few", "most", as_high}
    if why.facts["as_high"] == "few":
        assert as_high < 3
    elif why.facts["as_high"] == "most":
        assert len(inside) - as_high < 3


def test_every_reason_holds_when_it_is_counted_again(conference: tuple[Problem, Solution]) -> None:
    given, found = conference

    for told in _all(conference):
        who = given.participant[told.participant]
        for why in told.wishes:
            held = {m.slot: m for m in found.meetings if m.session == why.session}
            sits = {found_session(found, s.meeting): s.slot for s in found.seats if s.participant == who.id}
            assert who.favourites[why.rank - 1] == why.session
            if why.reason == "elsewhere":
                assert sits[why.session] == why.facts["slot"] != told.slot
            elif why.reason == "not_now":
                assert told.slot not in held
            elif why.reason == "language":
                assert not given.session[why.session].languages & who.understood
            elif why.reason == "room":
                assert set(why.facts["features"]) <= who.needs - given.room[held[told.slot].room].features
            else:
                assert told.slot in held


def found_session(found: Solution, meeting: str) -> str:
    return next(m.session for m in found.meetings if m.id == meeting)


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


def _alone(**changes: object) -> tuple[Problem, Solution]:
    """p1 would like s0, where p0 sits alone with seats to spare; she sits in s1, whatever keeps her out."""
    base = problem(people=2, sessions=2)
    people = (
        person("p0", favourites=("s0",), attributes={"group": "b"}),
        person("p1", favourites=("s0", "s1")),
    )
    meetings = (Given("s0", "t0", "r0"), Given("s1", "t0", "r1"))
    given = replace(base, participants=people, meetings=meetings, **changes)  # type: ignore[arg-type]
    return given, solution(given, [("s0", "t0", "r0"), ("s1", "t0", "r1")], {("p0", "t0"): "s0", ("p1", "t0"): "s1"})


KEEPING_OUT = {
    "apart": {"apart": (frozenset({"p0", "p1"}),)},
    "lock": {"locks": (Lock("p1", "s0", never=True),)},
    "company": {"company": (Company("group", "a", 2),)},
}


@pytest.mark.parametrize("proof", [False, True])
def test_an_agreement_about_others_looks_like_any_other(proof: bool) -> None:
    apart = explain(*_alone(**KEEPING_OUT["apart"]), "p1", "t0", proof)
    locked = explain(*_alone(**KEEPING_OUT["lock"]), "p1", "t0", proof)

    assert verify(*_alone(**KEEPING_OUT["apart"])) == []
    assert [(why.reason, why.facts) for why in apart.wishes] == [("another", {})]
    assert [(why.reason, why.facts) for why in locked.wishes] == [("another", {})]
    assert "apart" not in str(apart)
    forced = [why.forced for told in (apart, locked) for why in told.wishes if why.forced]
    assert all(not each.moved and each.goal is None for each in forced)


def test_a_goal_that_concerns_everybody_looks_the_same_as_an_agreement() -> None:
    """Two of each group face each other in the best mix: one more of her own would spoil it, and no rule is broken."""
    base = problem(people=4, sessions=2)
    people = tuple(person(f"p{at}", attributes={"group": "ab"[at % 2]}, favourites=("s0", "s1")) for at in range(4))
    given = replace(base, participants=people)
    seats = {("p0", "t0"): "s0", ("p1", "t0"): "s0", ("p2", "t0"): "s1", ("p3", "t0"): "s1"}
    found = solution(given, [("s0", "t0", "r0"), ("s1", "t0", "r1")], seats)

    told = explain(given, found, "p2", "t0", proof=True)

    assert [(why.reason, why.facts) for why in told.wishes] == [("another", {})]
    assert told.wishes[0].forced is not None
    assert told.wishes[0].forced.goal is None


def test_what_the_search_did_not_find_is_admitted() -> None:
    base = problem(people=3, sessions=2)
    given = replace(base, participants=tuple(replace(p, favourites=("s0", "s1")) for p in base.participants))
    seats = {("p0", "t0"): "s0", ("p1", "t0"): "s1", ("p2", "t0"): "s1"}
    found = solution(given, [("s0", "t0", "r0"), ("s1", "t0", "r1")], seats)

    told = explain(given, found, "p2", "t0", proof=True)

    assert [why.reason for why in told.wishes] == ["missed"]
    assert told.wishes[0].forced is not None
    assert (told.wishes[0].forced.possible, told.wishes[0].forced.moved) == (True, 0)


def test_a_meeting_that_would_be_too_small_is_told() -> None:
    given, found = _alone()
    needing = replace(given, sessions=(given.sessions[0], replace(given.sessions[1], minimum=1)))

    assert explain(needing, found, "p1", "t0", proof=False).wishes[0].reason == "minimum"


def test_nobody_interprets_is_only_said_where_nobody_does() -> None:
    base = problem(people=3, sessions=2)
    people = (
        person("p0", favourites=("s0",), languages={"ar": Level.SPEAKS}),
        person("p1", favourites=("s0", "s1"), languages={"ar": Level.SPEAKS}),
        person("p2", languages={"ar": Level.SPEAKS, "de": Level.SPEAKS}),
    )
    sessions = (base.sessions[0], replace(base.sessions[1], languages=frozenset({"ar"})))
    interpreter = Interpreter("p2", frozenset({"ar-de"}), listeners=1)
    given = replace(base, participants=people, sessions=sessions, interpreters=(interpreter,))
    found = solution(given, [("s0", "t0", "r0"), ("s1", "t0", "r1")], {("p1", "t0"): "s1"})
    voice = Seat("p2", "t0", "s0@t0", Role.INTERPRETER, "ar")
    listener = Seat("p0", "t0", "s0@t0", Role.ATTENDEE, "ar")
    interpreted = replace(found, seats=(*found.seats, voice, listener))

    def reason(answer: Solution, served: int = 1) -> str:
        more = replace(given, interpreters=(replace(interpreter, listeners=served),))
        return explain(more, answer, "p1", "t0", proof=False).wishes[0].reason

    assert verify(given, interpreted) == []
    assert reason(found) == "language"
    assert reason(interpreted) == "listeners"
    assert reason(interpreted, served=2) not in {"language", "listeners"}


def test_what_is_spoken_and_who_interprets_stands_in_the_explanation() -> None:
    base = problem(people=1, sessions=1)
    people = (
        *base.participants,
        person("a0", languages={"ar": Level.SPEAKS}),
        person("i0", languages={"ar": Level.SPEAKS, "de": Level.SPEAKS}, attends=False),
    )
    either = replace(base.sessions[0], languages=frozenset({"de", "en"}))
    given = replace(
        base, sessions=(either,), participants=people, interpreters=(Interpreter("i0", frozenset({"ar-de"})),)
    )
    seats = {("p0", "t0"): "s0"}
    found = solution(given, [("s0", "t0", "r0")], seats)
    german = replace(found.meetings[0], language="de")
    voice = Seat("i0", "t0", german.id, Role.INTERPRETER, "ar")
    listener = Seat("a0", "t0", german.id, Role.ATTENDEE, "ar")
    spoken = replace(found, meetings=(german,), seats=(*found.seats, voice, listener))

    assert verify(given, spoken) == []
    assert explain(given, spoken, "p0", "t0").spoken == Spoken(("de",), (("i0", "ar"),))
    assert explain(given, spoken, "a0", "t0").spoken == Spoken(("de",), (("i0", "ar"),), "ar")
    assert sentences.of_spoken(explain(given, spoken, "a0", "t0").spoken) == (
        "Spoken: de; i0 interprets into ar; you listen in ar."
    )


def test_the_language_of_this_meeting_counts_not_those_it_might_be_held_in() -> None:
    base = problem(people=2, sessions=2)
    english = {"en": Level.SPEAKS}
    people = (person("p0", favourites=("s0", "s1")), person("p1", languages=english, favourites=("s0", "s1")))
    either = frozenset({"de", "en"})
    given = replace(base, participants=people, sessions=tuple(replace(s, languages=either) for s in base.sessions))
    found = solution(given, [("s0", "t0", "r0"), ("s1", "t0", "r1")], {("p0", "t0"): "s0", ("p1", "t0"): "s1"})
    held = tuple(
        replace(meeting, language=language) for meeting, language in zip(found.meetings, ("de", "en"), strict=True)
    )

    why = explain(given, replace(found, meetings=held), "p1", "t0", proof=False).wishes[0]

    assert (why.reason, why.facts) == ("language", {"languages": ["de"]})


def test_a_two_language_session_is_told_as_both() -> None:
    base = problem(people=1, sessions=2)
    both = replace(base.sessions[0], languages=frozenset({"de", "ar"}), two_language=True)
    given = replace(
        base,
        sessions=(both, base.sessions[1]),
        participants=(*base.participants, person("p1", favourites=("s0", "s1"))),
    )
    held = [("s0", "t0", "r0"), ("s1", "t0", "r1")]
    found = solution(given, held, {("p0", "t0"): "s1", ("p1", "t0"): "s1"})
    told = replace(
        found, meetings=tuple(replace(m, language=None if m.session == "s0" else "de") for m in found.meetings)
    )

    why = explain(given, told, "p1", "t0", proof=False).wishes[0]

    assert (why.reason, why.facts) == ("language", {"languages": ["ar", "de"]})


def test_an_interpreter_who_would_be_left_alone_is_no_lack_of_places() -> None:
    base = problem(people=1, sessions=2)
    people = (
        *base.participants,
        person("a0", languages={"ar": Level.SPEAKS}, favourites=("s1", "s0")),
        person("i0", languages={"ar": Level.SPEAKS, "de": Level.SPEAKS}, attends=False),
    )
    sessions = (base.sessions[0], replace(base.sessions[1], languages=frozenset({"ar"})))
    given = replace(
        base, sessions=sessions, participants=people, interpreters=(Interpreter("i0", frozenset({"ar-de"})),)
    )
    found = solution(given, [("s0", "t0", "r0"), ("s1", "t0", "r1")], {("p0", "t0"): "s0"})
    voice = Seat("i0", "t0", "s0@t0", Role.INTERPRETER, "ar")
    listener = Seat("a0", "t0", "s0@t0", Role.ATTENDEE, "ar")
    interpreted = replace(found, seats=(*found.seats, voice, listener))

    why = explain(given, interpreted, "a0", "t0", proof=False).wishes[0]

    assert why.reason == "another"


def test_a_long_session_during_a_duty_or_an_absence_is_told() -> None:
    base = problem(people=2, sessions=3, slots=2, rooms=3)
    slots = (base.slots[0], replace(base.slots[1], joined=True))
    long = Session("s0", languages=frozenset({"de"}), duration=2)
    led = replace(base.sessions[2], facilitators=("p1",), offered=1)
    people = (person("p0"), person("p1", favourites=("s0", "s1")))
    given = replace(base, slots=slots, sessions=(long, base.sessions[1], led), participants=people)
    held = [("s0", "t0", "r0"), ("s1", "t0", "r1"), ("s2", "t1", "r2")]
    found = solution(given, held, {("p0", "t0"): "s0", ("p0", "t1"): "s1", ("p1", "t0"): "s1"})
    gone = replace(given, participants=(people[0], replace(people[1], slots=frozenset({"t0"}))))

    why = explain(given, found, "p1", "t0", proof=False).wishes[0]
    absent = explain(gone, found, "p1", "t0", proof=False).wishes[0]

    assert (why.reason, why.facts) == ("duty", {"slot": "t1"})
    assert (absent.reason, absent.facts) == ("away", {"slot": "t1"})


def test_each_reason_has_its_sentence(conference: tuple[Problem, Solution]) -> None:
    told = [why for each in _all(conference) for why in each.wishes]

    for why in told:
        line = sentences.of_why_not(why.session, why.reason, why.facts)
        assert line.endswith(".")
        assert "None" not in line
        assert "{" not in line


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


def test_a_part_of_known_people_hides_single_ones_at_both_ends() -> None:
    assert [share_shown(number, 9) for number in (0, 2, 3, 6, 7, 9)] == ["few", "few", 3, 6, "most", "most"]


def test_the_command_says_why_what_it_tried_and_how_fair_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, found = _alone(locks=(Lock("p1", "s0", never=True),))
    file, answer = tmp_path / "problem.json", tmp_path / "answer.json"
    file.write_text(given.to_json())
    answer.write_text(found.to_json())

    assert explain_files(file, answer, "p1", "t0") == 0
    assert capsys.readouterr().out.splitlines() == [
        "t0: s1, because it was your wish 2.",
        "  Spoken: de.",
        "  wish 1: Another rule, or a goal that concerns everybody, stood against it.",
        "    Tried with this wish fixed: not proven either way.",
    ]
    assert explain_files(file, answer, None, None) == 0
    assert given.hash in capsys.readouterr().out
    assert explain_files(file, answer, "nobody", None) == 2
    assert "nobody is no participant of this file" in capsys.readouterr().err


def test_the_fairness_note_counts_right_and_hides_small_cells(conference: tuple[Problem, Solution]) -> None:
    given, found = conference

    note = fairness(given, found)

    assert note.people == 120
    assert note.with_wishes == len(who_counts(given, found).choosing)
    assert all(count is None or count == 0 or count >= 5 for count in note.best.values())
    assert all(cell.people is None or cell.people >= 5 for cell in note.groups.values())
    assert not any(f'"{p.id}"' in json.dumps(plain(note)) for p in given.participants)


def test_a_single_small_cell_takes_a_second_one_with_it() -> None:
    assert hidden({"a": 3, "b": 20, "c": 9}) == {"a": None, "b": 20, "c": None}
    assert hidden({"a": 30, "b": 20}) == {"a": 30, "b": 20}


def test_what_is_hidden_cannot_be_worked_out_from_the_total() -> None:
    # Two ones among known others would be 1 and 1; a lone one among nobody else would be the total.
    assert hidden({"a": 1, "b": 1, "c": 9, "d": 30}) == {"a": None, "b": None, "c": None, "d": 30}
    assert hidden({"a": 1, "b": 0}) == {"a": None, "b": None}
    assert hidden({"a": 4, "b": 0, "c": 4}) == {"a": None, "b": None, "c": None}


def test_the_size_of_a_group_that_is_not_named_cannot_be_worked_out(conference: tuple[Problem, Solution]) -> None:
    """148 people less the 134 of the groups in the note were the 14 of the one that it left out."""
    given, found = conference
    secret = max(Counter(p.attributes["group"] for p in given.participants).items(), key=lambda each: each[1])[0]
    note = fairness(given, found, unnamed=frozenset({secret}))
    size = sum(p.attributes["group"] == secret for p in given.participants if p.id in who_counts(given, found).choosing)

    assert note.left_out
    assert secret not in note.groups
    assert note.with_wishes - sum(cell.people or 0 for cell in note.groups.values()) > size >= 5
    assert not fairness(given, found).left_out


def test_few_people_without_a_group_cannot_be_worked_out(conference: tuple[Problem, Solution]) -> None:
    given, found = conference
    choosing = who_counts(given, found).choosing
    people = tuple(replace(p, attributes={}) if p.id in choosing[:3] else p for p in given.participants)
    note = fairness(replace(given, participants=people), found)

    assert note.groups[""].people is None
    assert note.with_wishes - sum(cell.people or 0 for cell in note.groups.values()) >= 10


def test_what_one_table_hides_no_other_table_tells(conference: tuple[Problem, Solution]) -> None:
    for given, found in (conference, *(_shortened(conference, keep) for keep in (1, 2))):
        note = fairness(given, found)

        assert (note.best["none"] is None) is (note.fulfilled[0] is None)
        if note.best["none"] is None:
            assert all(cell.with_wish is None for cell in note.groups.values())
        for table in (note.best, note.fulfilled):
            untold = note.with_wishes - sum(count or 0 for count in table.values())
            assert untold == 0 or untold >= 10 or set(table.values()) == {None}


def _shortened(conference: tuple[Problem, Solution], keep: int) -> tuple[Problem, Solution]:
    given, found = conference
    people = tuple(replace(person, favourites=person.favourites[:keep]) for person in given.participants)
    return replace(given, participants=people), found


def test_the_note_adds_up_and_reads_as_text(conference: tuple[Problem, Solution]) -> None:
    given, found = conference
    note = fairness(given, found)

    told = [count for count in note.best.values() if count is not None]
    unknown = note.with_wishes - sum(told)
    assert unknown == 0 or (unknown >= 10 and len(note.best) - len(told) > 1)
    lines = sentences.of_fairness(note)
    assert any(note.problem_hash in line for line in lines)
    assert "None" not in " ".join(lines)


@pytest.mark.parametrize("spoken", ["de", "ar"])
def test_of_a_wish_fulfilled_elsewhere_only_that_is_told(spoken: str) -> None:
    """She has s0 in t0; in t1 it meets again, and a chair was called free, also where she would understand nothing."""
    base = problem(people=2, sessions=3, slots=2, rooms=3)
    given = replace(
        base,
        sessions=(replace(base.sessions[0], languages=frozenset({"de", spoken})), *base.sessions[1:]),
        participants=(person("p0", favourites=("s0", "s1")), person("p1")),
    )
    held = [("s0", "t0", "r0"), ("s1", "t0", "r1"), ("s0", "t1", "r0"), ("s2", "t1", "r1")]
    found = solution(given, held, {("p0", "t0"): "s0", ("p0", "t1"): "s2", ("p1", "t0"): "s1", ("p1", "t1"): "s0"})

    again = tuple(replace(m, language=spoken if m.id == "s0@t1" else "de") for m in found.meetings)

    told = explain(given, replace(found, meetings=again), "p0", "t1", proof=False)

    assert told.here == "other"
    assert [why.reason for why in told.wishes] == ["elsewhere", "not_now"]
    assert told.wishes[0].facts == {"slot": "t0"}
