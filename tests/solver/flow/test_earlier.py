"""Close to an earlier allocation a meeting goes on in its language, and who interpreted goes on there."""

from dataclasses import replace

from solver import Absent, Given, Interpreter, Interpreting, Previous, Problem, Role, Settings, Solution, repair, solve
from solver.flow.arrays import Arrays
from solver.formats.anonymise import anonymised
from solver.search.start import first_timetable
from tests.solver.flow.days import in_languages, speaking


def conference() -> Problem:
    """Two slots, one meeting in each, German or Arabic, with two interpreters of whom one is enough."""
    people = [speaking(f"p{at}", "de", favourites=("s0",)) for at in range(4)]
    guests = [speaking(f"g{at}", "ar") for at in range(3)]
    helpers = [speaking(f"h{at}", "ar", "de", attends=False) for at in range(2)]
    base = in_languages(
        [*people, *guests, *helpers],
        "ar",
        "de",
        interpreters=tuple(Interpreter(helper.id, frozenset({"ar-de"})) for helper in helpers),
    )
    slots = (*base.slots, replace(base.slots[0], id="t1"))
    return replace(base, slots=slots, sessions=(*base.sessions, replace(base.sessions[0], id="s1")))


def test_a_start_takes_over_what_was_spoken_and_who_interpreted() -> None:
    given = conference()
    before = (Given("s0", "t0", "r0", "ar"), Given("s1", "t1", "r0", "de"))
    working = (Interpreting("h1", "s0", "t0", "de"), Interpreting("h1", "s1", "t1", "ar"))

    timetable = first_timetable(Arrays(replace(given, previous=Previous(before, (), working))))

    assert {(m.session, m.slot): m.language for m in timetable.meetings} == {("s0", "t0"): "ar", ("s1", "t1"): "de"}
    assert {(each.participant, each.meeting, each.channel) for each in timetable.interpreters} == {
        ("h1", "s0@t0", "de"),
        ("h1", "s1@t1", "ar"),
    }


def test_who_stays_away_changes_nobody_elses_work() -> None:
    given = conference()
    found = solve(given, Settings(time_limit=1))

    mended = repair(given, found, [Absent("p0")], Settings(time_limit=1))

    assert _work(mended.solution) == _work(found) != set()
    assert [meeting.language for meeting in mended.solution.meetings] == [m.language for m in found.meetings]
    assert {move.participant for move in mended.moves} == {"p0"}


def test_an_earlier_allocation_is_anonymised_with_its_channels() -> None:
    given = conference()
    before = (Given("s0", "t0", "r0", "ar"),)
    earlier = replace(given, previous=Previous(before, (), (Interpreting("h1", "s0", "t0", "de"),)))

    hidden = anonymised(earlier)

    assert hidden.previous is not None
    (work,), (held,) = hidden.previous.interpreters, hidden.previous.meetings
    assert {work.channel, held.language} == set(hidden.sessions[0].languages)
    assert work.participant in {each.participant for each in hidden.interpreters}


def _work(found: Solution) -> set[tuple[str, str, str | None]]:
    return {(s.participant, s.meeting, s.listens_in) for s in found.seats if s.role is Role.INTERPRETER}
