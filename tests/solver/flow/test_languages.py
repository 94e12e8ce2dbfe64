"""Every meeting speaks one language, by demand, and interpreters work where somebody listens."""

import random
from dataclasses import replace

import pytest

from solver import Given, Interpreter, Level, Mode, Participant, Problem, Role
from solver.bench.families import build
from solver.flow import languages
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.estimate import Estimate, Kinds, estimate, kinds_of
from solver.flow.languages import in_both
from solver.flow.solutions import solution_of
from solver.flow.timetable import Timetable
from solver.search.start import first_timetable
from tests.solver.flow.days import broken, channels, in_languages, seated, speaking, weights


def test_a_meeting_speaks_the_language_of_those_who_wish_for_it() -> None:
    wishing = [speaking(f"p{at}", "ar", favourites=("s0",)) for at in range(2)]
    others = [speaking(f"q{at}", "de") for at in range(2)]
    day = seated(in_languages([*wishing, *others], "ar", "de"))

    assert [meeting.language for meeting in day.timetable.meetings] == ["ar"]


def test_without_interpreters_the_language_that_places_the_most_people_is_spoken() -> None:
    wishing = [speaking("p0", "ar", favourites=("s0",))]
    others = [speaking(f"q{at}", "de") for at in range(3)]
    day = seated(in_languages([*wishing, *others], "ar", "de"))

    assert [meeting.language for meeting in day.timetable.meetings] == ["de"]
    assert day.unplaced() == 1


def test_a_given_language_is_kept() -> None:
    people = [speaking(f"p{at}", "de", favourites=("s0",)) for at in range(3)]
    day = seated(in_languages(people, "ar", "de", meetings=(Given("s0", "t0", "r0", "ar"),)))

    assert [meeting.language for meeting in day.timetable.meetings] == ["ar"]
    assert day.unplaced() == 3


def test_a_language_given_to_a_two_language_session_is_kept_whoever_could_interpret() -> None:
    people = [*(speaking(f"p{at}", "de", favourites=("s0",)) for at in range(2)), speaking("guest", "ar")]
    helper, interpreter = speaking("helper", "ar", "de", attends=False), Interpreter("helper", frozenset({"ar-de"}))
    given = (Given("s0", "t0", "r0", "de"),)
    asked = in_languages([*people, helper], "ar", "de", two_language=True, meetings=given, interpreters=(interpreter,))

    day = seated(asked)

    assert [meeting.language for meeting in day.timetable.meetings] == ["de"]
    assert channels(solution_of(day)) == {"p0": None, "p1": None}
    assert in_both(day.timetable, 0) is day.timetable


def test_who_does_not_understand_listens_to_an_interpreter() -> None:
    people = [speaking(f"p{at}", "de", favourites=("s0",)) for at in range(3)]
    guest, helper = speaking("guest", "ar"), speaking("helper", "ar", "de", attends=False)
    day = seated(
        in_languages([*people, guest, helper], "de", interpreters=(Interpreter("helper", frozenset({"ar-de"})),))
    )

    assert channels(solution_of(day)) == {"p0": None, "p1": None, "p2": None, "guest": "ar", "helper": "ar"}
    assert broken(day) == set()


def test_a_two_language_session_has_one_channel_between_both() -> None:
    people = [speaking("both", "ar", "de"), speaking("one", "ar"), speaking("other", "de")]
    helper = speaking("helper", "ar", "de", attends=False)
    interpreter = Interpreter("helper", frozenset({"de-ar"}))
    day = seated(in_languages([*people, helper], "ar", "de", two_language=True, interpreters=(interpreter,)))

    assert [meeting.language for meeting in day.timetable.meetings] == [None]
    assert channels(solution_of(day)) == {"both": None, "one": "ar-de", "other": "ar-de", "helper": "ar-de"}
    assert broken(day) == set()


def bridging(*people: Participant) -> Day:
    """A meeting of a session in Arabic and German, with somebody who could interpret between them."""
    helper = speaking("helper", "ar", "de", attends=False)
    interpreter = Interpreter("helper", frozenset({"de-ar"}))
    return seated(in_languages([*people, helper], "ar", "de", two_language=True, interpreters=(interpreter,)))


@pytest.mark.parametrize("shared", ["ar", "de"])
def test_a_two_language_session_whose_people_share_a_language_is_held_in_that_without_an_interpreter(
    shared: str,
) -> None:
    day = bridging(speaking("both", "ar", "de"), *(speaking(f"p{at}", shared) for at in range(2)))

    assert [meeting.language for meeting in day.timetable.meetings] == [shared]
    assert channels(solution_of(day)) == {"both": None, "p0": None, "p1": None}
    assert (day.unplaced(), broken(day)) == (0, set())


def test_where_the_only_one_of_the_other_language_goes_elsewhere_the_interpreter_leaves() -> None:
    """The timetable bridges; its people are seated again without the one who needed it."""
    day = bridging(speaking("both", "ar", "de"), speaking("one", "ar"), *(speaking(f"p{at}", "de") for at in range(2)))
    gone = day.arrays.row["one"]
    alone = day.timetable.with_bans({(gone, day.timetable.meetings[0].id)})

    other = Day(alone)
    assert other.fill(None, weights(day.arrays.problem, worst=0))
    assert [meeting.language for meeting in day.timetable.meetings] == [None]
    assert [meeting.language for meeting in other.timetable.meetings] == ["de"]
    assert channels(solution_of(other)) == {"both": None, "p0": None, "p1": None}
    assert broken(other) == set()


def test_nobody_interprets_for_nobody() -> None:
    people = [speaking(f"p{at}", "de", favourites=("s0",)) for at in range(3)]
    helper = speaking("helper", "ar", "de")
    day = seated(in_languages([*people, helper], "de", interpreters=(Interpreter("helper", frozenset({"ar-de"})),)))

    assert day.timetable.interpreters == ()
    assert day.unplaced() == 0
    assert {seat.role for seat in solution_of(day).seats} == {Role.ATTENDEE}


@pytest.mark.parametrize(("listening", "at_work"), [(1, 2), (2, 2), (3, 2), (0, 0)])
def test_simultaneous_interpreters_come_in_twos_and_serve_as_many_as_the_weakest(listening: int, at_work: int) -> None:
    people = [speaking("p0", "de", favourites=("s0",))] + [speaking(f"g{at}", "ar") for at in range(listening)]
    booth = [speaking(f"h{at}", "ar", "de", attends=False) for at in range(2)]
    interpreters = (
        Interpreter("h0", frozenset({"ar-de"}), listeners=2, mode=Mode.SIMULTANEOUS),
        Interpreter("h1", frozenset({"ar-de"}), listeners=5, mode=Mode.SIMULTANEOUS),
    )
    day = seated(in_languages([*people, *booth], "de", interpreters=interpreters))

    assert len(day.timetable.interpreters) == at_work
    assert day.unplaced() == max(0, listening - 2)
    assert broken(day) == set()


def test_two_strong_interpreters_are_not_held_back_by_a_weak_one_who_is_not_there() -> None:
    people = [speaking("p0", "de", favourites=("s0",))] + [speaking(f"g{at}", "ar") for at in range(4)]
    booth = [speaking(f"h{at}", "ar", "de", attends=False) for at in range(3)]
    interpreters = tuple(
        Interpreter(helper.id, frozenset({"ar-de"}), listeners=n, mode=Mode.SIMULTANEOUS)
        for helper, n in zip(booth, (1, 4, 4), strict=True)
    )
    day = seated(in_languages([*people, *booth], "de", interpreters=interpreters))

    assert {each.participant for each in day.timetable.interpreters} == {"h1", "h2"}
    assert day.unplaced() == 0
    assert broken(day) == set()


def test_an_interpreter_rests() -> None:
    base = in_languages(
        [speaking("p0", "de"), speaking("guest", "ar"), speaking("helper", "ar", "de", attends=False)],
        "de",
        interpreters=(Interpreter("helper", frozenset({"ar-de"}), most_in_a_row=1),),
    )
    day = seated(_on_two_slots(base))

    assert len(day.timetable.interpreters) == 1
    assert broken(day) == set()


def _on_two_slots(base: Problem) -> Problem:
    """Two sessions, in one room, in two slots."""
    second = replace(base.sessions[0], id="s1")
    slots = (*base.slots, replace(base.slots[0], id="t1"))
    return replace(base, slots=slots, sessions=(*base.sessions, second))


def estimates(monkeypatch: pytest.MonkeyPatch, people: int) -> int:
    """How many changes of languages a start judges by a flow where every session may speak either of two."""
    given, dice, judged = build(people), random.Random(1), list[int]()
    sessions = tuple(replace(session, languages=frozenset({"de", "en"})) for session in given.sessions)
    known = ({dice.choice(("de", "de", "de", "en")): Level.SPEAKS} for _ in given.participants)
    persons = tuple(replace(who, languages=each) for who, each in zip(given.participants, known, strict=True))

    def counted(timetable: Timetable, t: int, kinds: Kinds) -> Estimate:
        judged.append(t)
        return estimate(timetable, t, kinds)

    monkeypatch.setattr(languages, "estimate", counted)
    found = first_timetable(Arrays(replace(given, sessions=sessions, participants=persons)))

    assert all(not estimate(found, t, kinds_of(found, t)).left.any() for t in range(len(found.here)))
    return len(judged)


def test_languages_of_a_large_conference_are_changed_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody gets a place, and four times the people take nowhere near four times as many judgements."""
    assert estimates(monkeypatch, 1200) < 2 * estimates(monkeypatch, 300)
