"""The demonstration in the tables: whole, allocatable, and able to step through time."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from planner import allocations, auth, clock
from planner.commands.serving import NOBODY, _demonstration
from planner.conferences import PHASES, go_to
from planner.demo.load import load
from planner.demo.reading import read_duisburg
from planner.extensions import db
from planner.models import Conference, Participant, ParticipantState
from solver import Meeting, Preset, Problem, Role, Settings, Solution, goal, solve, verify
from tests import factories as make


@pytest.fixture(scope="module")
def loaded(module_app: Flask) -> Conference:
    conference = load(read_duisburg(), make.user(), datetime.now(UTC))
    db.session.commit()
    return conference


@pytest.fixture
def duisburg(loaded: Conference) -> Iterator[Conference]:
    """The same for each test: what it changes is not kept."""
    yield loaded
    db.session.rollback()


def test_everything_of_the_files_is_in_the_tables(duisburg: Conference) -> None:
    data = read_duisburg()

    assert len(duisburg.participants) == len(data.participants)
    assert [session.title for session in duisburg.sessions] == [session.title for session in data.sessions]
    assert sum(len(person.submissions) for person in duisburg.participants) == len(data.submissions)


def opened(app: Flask, conference: Conference, role: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str | None]:
    """What the command prints for this role, and whose start page it opens."""
    monkeypatch.setattr(db.session, "commit", db.session.flush)
    printed = _demonstration(app.extensions["planner"], None)[role]
    link = auth.link_for(printed.rpartition("/l/")[2], datetime.now(UTC))
    return printed, link and link.participant.name


@pytest.mark.parametrize("role", ["Participant", "Facilitator"])
@pytest.mark.parametrize("gone", ["cancelled", "erased"])
def test_the_command_leads_to_somebody_who_still_takes_part(
    module_app: Flask, duisburg: Conference, monkeypatch: pytest.MonkeyPatch, role: str, gone: str
) -> None:
    """Whoever had tried out cancelling or erasing got a link to a page that does not exist."""
    first = opened(module_app, duisburg, role, monkeypatch)[1]
    person = db.session.query(Participant).filter_by(conference_id=duisburg.id, name=first).one()
    if gone == "cancelled":
        person.move_to(ParticipantState.CANCELLED)
    else:
        db.session.query(Participant).filter_by(id=person.id).delete()
    db.session.flush()

    assert opened(module_app, duisburg, role, monkeypatch)[1] not in {None, first}


def test_the_command_says_so_where_nobody_takes_part_any_more(
    module_app: Flask, duisburg: Conference, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in duisburg.participants:
        person.state = ParticipantState.CANCELLED

    assert opened(module_app, duisburg, "Participant", monkeypatch)[0] == NOBODY
    assert opened(module_app, duisburg, "Facilitator", monkeypatch)[0] == NOBODY


@pytest.mark.parametrize("phase", PHASES)
def test_the_clock_steps_into_each_phase(duisburg: Conference, phase: str) -> None:
    go_to(duisburg, phase, clock.now())
    now = clock.now(duisburg)

    assert duisburg.takes_submissions(now) == (phase == "call")
    assert duisburg.takes_wishes(now) == (phase in {"call", "wishes"})
    assert phase == "call" or duisburg.phase(now) == phase


def test_everybody_has_a_place_and_understands_or_listens(duisburg: Conference) -> None:
    """In the time that the page offers at first, or more on a busy machine; counted once more, without the judge."""
    problem = allocations.problem_of(duisburg, "test", clock.now())

    for seconds in (8, 24, 72):
        found = solve(problem, Settings(preset=Preset(duisburg.preset), time_limit=seconds))
        unplaced = goal(found, "unplaced")
        if unplaced and unplaced.value == 0:
            break

    assert verify(problem, found) == []
    assert unplaced is not None
    assert unplaced.value == 0
    rooms = [Room(problem, meeting, found) for meeting in found.meetings]
    assert [room.meeting for room in rooms if not room.has_its_languages()] == []
    assert [lost for room in rooms for lost in room.lost()] == []
    assert [idle for room in rooms for idle in room.idle()] == []
    assert sum(len(room.interpreters) for room in rooms) >= 10
    assert {len(room.spoken) for room in rooms} == {1, 2}


class Room:
    """A meeting with what is spoken in it: one language, or both of a session in two where not all share one."""

    def __init__(self, problem: Problem, meeting: Meeting, found: Solution):
        self.problem, self.meeting = problem, meeting
        self.session = problem.session[meeting.session]
        seats = [seat for seat in found.seats if seat.meeting == meeting.id]
        self.attending = [seat for seat in seats if seat.role is Role.ATTENDEE]
        self.interpreters = [seat for seat in seats if seat.role is Role.INTERPRETER]
        self.spoken = {meeting.language} if meeting.language else set(self.session.languages)

    def has_its_languages(self) -> bool:
        most = 1 + self.session.two_language
        return self.spoken <= self.session.languages and len(self.spoken) <= most

    def lost(self) -> list[str]:
        """Who does not understand everything that is spoken, and hears nobody who interprets it for her."""
        channels = {seat.listens_in for seat in self.interpreters}
        return [
            seat.participant
            for seat in self.attending
            if not self.spoken <= (understood := self.problem.participant[seat.participant].understood)
            and not (seat.listens_in in channels and set(str(seat.listens_in).split("-")) & understood)
        ]

    def idle(self) -> list[str]:
        """Who interprets although nobody listens; between two languages, although everybody understands one of them."""
        heard = {seat.listens_in for seat in self.attending}
        understood = [self.problem.participant[seat.participant].understood for seat in self.attending]
        shared = len(self.spoken) > 1 and self.spoken.intersection(*understood)
        return [seat.participant for seat in self.interpreters if shared or seat.listens_in not in heard]
