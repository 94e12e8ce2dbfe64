"""Languages on their way into a run and back: presumed, given, held in two at once, stored and read again."""

from flask import Flask
from flask_babel import force_locale

from planner import allocations, clock
from planner.allocations.results.in_charge import lost_in_charge
from planner.allocations.runs.close import close_to
from planner.allocations.runs.store import store, stored
from planner.extensions import db
from planner.models import Duty, InterpreterPair, LanguageLevel, SessionRole
from planner.models import Level as PersonsLevel
from planner.working_language import sentence, spoken_in
from solver import Given, Level, Meeting, Role, Seat, Solution, Status
from tests import factories as make
from tests.planner.allocations.small import SETTINGS, small


def test_who_gave_no_language_understands_the_first_of_the_conference(app: Flask) -> None:
    conference, _ = small()
    silent = make.participant(conference, languages={})
    learner = make.participant(conference, languages={"de": "needs_help"})

    problem = allocations.problem_of(conference, "test", clock.now())

    assert problem.participant[silent.key].languages == {"de": Level.UNDERSTANDS}
    assert problem.participant[learner.key].languages == {"de": Level.NEEDS_HELP}
    assert problem.info["presumed_language"] == {"language": "de", "people": [silent.key]}


def test_the_first_language_is_the_conferences_own(app: Flask) -> None:
    conference, _ = small(languages=["en", "ar"])
    silent = make.participant(conference, languages={})

    problem = allocations.problem_of(conference, "test", clock.now())

    assert problem.participant[silent.key].understood == {"en"}


def test_nothing_is_presumed_where_the_conference_says_so(app: Flask) -> None:
    conference, _ = small(presumes_language=False)
    silent = make.participant(conference, languages={})

    problem = allocations.problem_of(conference, "test", clock.now())

    assert problem.participant[silent.key].languages == {}
    assert problem.info == {}


def test_what_the_organiser_decided_about_languages_reaches_the_run(app: Flask) -> None:
    conference, _ = small()
    first, second = conference.sessions
    first.languages, second.languages, second.two_language = ["de", "ar"], ["de", "uk"], True
    make.placement(first, conference.slots[0], language="ar")

    problem = allocations.problem_of(conference, "test", clock.now())

    assert problem.meetings == (Given(str(first.id), str(conference.slots[0].id), None, "ar"),)
    assert [problem.session[str(each.id)].two_language for each in (first, second)] == [False, True]


def test_stored_meetings_and_channels_are_read_back_as_they_were(app: Flask) -> None:
    conference, _ = small()
    slot, rooms, (first, second) = str(conference.slots[0].id), conference.rooms, conference.sessions
    second.languages, second.two_language = ["ar", "de"], True
    voice, ear = make.participant(conference), make.participant(conference)
    voice.interprets.append(InterpreterPair(source="ar", target="de"))
    problem = allocations.problem_of(conference, "test", clock.now())
    run = make.allocation(conference)
    meetings = (
        Meeting("m", str(first.id), slot, str(rooms[0].id), "de"),
        Meeting("n", str(second.id), slot, str(rooms[1].id)),
    )
    seats = (
        Seat(ear.key, slot, "n", Role.ATTENDEE, "ar-de"),
        Seat(voice.key, slot, "n", Role.INTERPRETER, "ar-de"),
    )

    store(run, problem, Solution(Status.FEASIBLE, meetings, seats))
    found = stored(run)

    assert [each.language for each in found.meetings] == ["de", None]
    assert [(each.language, each.second_language) for each in run.meetings] == [("de", None), ("de", "ar")]
    assert {(seat.participant, seat.role, seat.listens_in) for seat in found.seats} == {
        (seat.participant, seat.role, seat.listens_in) for seat in seats
    }


def test_a_two_language_meeting_whose_people_share_a_language_is_stored_and_told_in_that_one(app: Flask) -> None:
    conference, _ = small()
    session, slot, room = conference.sessions[0], conference.slots[0], conference.rooms[0]
    session.languages, session.two_language = ["de", "ar"], True
    leading = make.participant(conference, languages={"de": "speaks"})
    session.roles.append(SessionRole(participant=leading, duty=Duty.FACILITATOR))
    problem = allocations.problem_of(conference, "test", clock.now())
    run = make.allocation(conference)
    held = Meeting("m", str(session.id), str(slot.id), str(room.id), "ar")
    found = Solution(Status.FEASIBLE, (held,), (Seat(leading.key, str(slot.id), "m", Role.FACILITATOR),))

    store(run, problem, found)

    assert [(each.language, each.second_language) for each in run.meetings] == [("ar", None)]
    assert [each.language for each in stored(run).meetings] == ["ar"]
    with force_locale("en"):
        assert sentence(spoken_in(run.meetings)[run.meetings[0].id]) == "Arabic is spoken here."
    assert [(lost.participant, lost.languages) for lost in lost_in_charge(problem, found)] == [(leading.key, ("ar",))]


def test_a_repair_leaves_open_what_a_two_language_session_speaks(app: Flask) -> None:
    """Somebody who understands the other language may come."""
    conference, _ = small()
    conference.sessions[0].languages, conference.sessions[0].two_language = ["de", "ar"], True
    session, slot, room = (str(each[0].id) for each in (conference.sessions, conference.slots, conference.rooms))
    problem = allocations.problem_of(conference, "test", clock.now())

    near = close_to(problem, Solution(Status.FEASIBLE, (Meeting("m", session, slot, room, "ar"),)))

    assert [given.language for given in near.meetings] == [None]


def test_a_repair_keeps_the_language_that_a_meeting_was_held_in(app: Flask) -> None:
    conference, _ = small()
    conference.sessions[0].languages = ["de", "ar"]
    make.placement(conference.sessions[0], conference.slots[0])
    session, slot, room = (str(each[0].id) for each in (conference.sessions, conference.slots, conference.rooms))
    problem = allocations.problem_of(conference, "test", clock.now())
    earlier = Solution(Status.FEASIBLE, (Meeting("m", session, slot, room, "ar"),))

    near = close_to(problem, earlier)

    assert [given.language for given in near.meetings] == ["ar"]
    assert near.previous is not None
    assert [given.language for given in near.previous.meetings] == ["ar"]


def test_a_repair_lets_go_of_a_language_that_the_session_is_not_held_in_any_more(app: Flask) -> None:
    conference, _ = small()
    session, slot, room = (str(each[0].id) for each in (conference.sessions, conference.slots, conference.rooms))
    problem = allocations.problem_of(conference, "test", clock.now())

    near = close_to(problem, Solution(Status.FEASIBLE, (Meeting("m", session, slot, room, "ar"),)))

    assert [given.language for given in near.meetings] == [None]


def test_another_presumption_is_not_told_as_what_people_said(app: Flask) -> None:
    """Two have given no language; then the setting goes, and one of them gives a language."""
    conference, organiser = small()
    silent, later = (make.participant(conference, languages={}) for _ in range(2))
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    assert allocations.outdated(run) is None

    conference.presumes_language = False
    later.languages.append(LanguageLevel(language="ar", level=PersonsLevel.SPEAKS))
    db.session.commit()

    found = allocations.outdated(run)
    assert found
    assert found.changed == {"people_presumed": 1, "people_languages": 1}
    assert silent.languages == []
    with force_locale("en"):
        told = allocations.changes(found, allocations.Names(conference))
    assert "1 person who gave no language is now taken to understand something else." in told
