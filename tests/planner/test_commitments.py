"""Tasks in the published plan: who is asked, what an answer holds for, and what the lists count of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import update

from planner import allocations, checklist, commitments, erasure, interpreting, news, notifications
from planner.extensions import db
from planner.models import (
    Allocation,
    AssignmentRole,
    AuditEntry,
    Commitment,
    Conference,
    InterpreterPair,
    Message,
    Participant,
    ParticipantState,
    Room,
    Session,
    SessionState,
    Slot,
)
from tests import factories as make

NOW = make.NOW
FACILITATOR, INTERPRETER = AssignmentRole.FACILITATOR, AssignmentRole.INTERPRETER


@dataclass
class House:
    """Lea leads, Hala interprets, Tom takes part; plans differ in who does what in which round and room."""

    conference: Conference
    session: Session
    slots: list[Slot]
    rooms: list[Room]
    lea: Participant
    hala: Participant
    tom: Participant

    def plan(self, *, room: int = 0, slot: int = 0, language: str = "de", interprets: bool = True) -> Allocation:
        run = make.allocation(self.conference, without_place={})
        meeting = make.meeting(run, self.session, self.slots[slot], self.rooms[room], language=language)
        make.assignment(meeting, self.lea, role=FACILITATOR)
        if interprets:
            make.assignment(meeting, self.hala, role=INTERPRETER, voices="ar")
        make.assignment(meeting, self.tom, listens_in="ar")
        return run

    def publish(self, run: Allocation, minutes: int = 0) -> dict[str, Message]:
        """What the page does, but for the rules of the plan; by name the newest message of each."""
        self.conference.published, run.published_at = run, NOW + timedelta(minutes=minutes)
        news.allocation_published(run, run.published_at)
        db.session.commit()
        rows = db.session.query(Message).filter_by(conference_id=self.conference.id).order_by(Message.id)
        return {row.participant.name: row for row in rows}

    def states(self) -> dict[str, str]:
        return {task.place.name: task.state for task in commitments.of(self.conference)}

    def says(self, person: Participant, takes: bool, reason: str = "", **given: object) -> None:
        (task,) = commitments.of(self.conference, person)
        commitments.answer(
            person, task.place.slot_id, task.mark, takes=takes, reason=reason, now=NOW, entered=bool(given)
        )
        db.session.commit()


@pytest.fixture
def house(app: Flask) -> House:
    conference = make.conference(**make.MORNING)
    people = [
        make.participant(conference, name=name, email=f"{name.lower()}@example.org", locale="en")
        for name in ("Lea", "Hala", "Tom")
    ]
    people[1].interprets = [InterpreterPair(source="de", target="ar")]
    session = make.session(conference, title={"de": "Wohnen", "en": "Housing"})
    make.role(session, people[0])
    slots, rooms = [make.slot(conference) for _ in range(2)], [make.room(conference) for _ in range(2)]
    db.session.commit()
    return House(conference, session, slots, rooms, *people)


def test_whoever_works_in_the_published_plan_is_asked_and_nobody_before(house: House) -> None:
    run = house.plan()
    assert house.states() == {}

    house.publish(run)

    assert house.states() == {"Hala": "open", "Lea": "open"}


def test_her_word_stands_and_the_last_one_counts_with_its_trace(house: House) -> None:
    house.publish(house.plan())

    house.says(house.hala, False, "Ich bin verreist.")
    assert house.states() == {"Hala": "declined", "Lea": "open"}
    house.says(house.hala, True)

    assert house.states() == {"Hala": "confirmed", "Lea": "open"}
    (row,) = db.session.query(Commitment).all()
    assert (row.is_taken, row.reason, row.is_entered, row.channel) == (True, "", False, "de>ar")
    acts = [each.action for each in db.session.query(AuditEntry).filter_by(actor=f"participant:{house.hala.id}")]
    assert acts == ["commitment.declines", "commitment.takes"]


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        ({"room": 1}, {"Hala": "confirmed", "Lea": "confirmed"}),  # she is told where; what she does stays
        ({"slot": 1}, {"Hala": "open", "Lea": "open"}),
        ({"language": "en"}, {"Hala": "open", "Lea": "confirmed"}),  # from English is another task than from German
    ],
)
def test_publishing_again_asks_anew_only_those_whose_task_is_another(
    house: House, again: dict[str, object], expected: dict[str, str]
) -> None:
    house.publish(house.plan())
    house.says(house.lea, True)
    house.says(house.hala, True)

    house.publish(house.plan(**again), minutes=1)  # type: ignore[arg-type]

    assert house.states() == expected


def test_an_answer_to_what_she_saw_is_not_stored_for_something_else(house: House) -> None:
    house.publish(house.plan())
    (seen,) = commitments.of(house.conference, house.lea)
    house.publish(house.plan(slot=1), minutes=1)

    for slot in house.slots:
        with pytest.raises(commitments.Changed):
            commitments.answer(house.lea, slot.id, seen.mark, takes=True, reason="", now=NOW)
    assert db.session.query(Commitment).count() == 0


def test_after_the_conference_nothing_is_answered(house: House) -> None:
    house.publish(house.plan())
    (task,) = commitments.of(house.conference, house.lea)

    with pytest.raises(commitments.Over):
        commitments.answer(
            house.lea, task.place.slot_id, task.mark, takes=True, reason="", now=house.conference.day_ends
        )
    with pytest.raises(commitments.Over):
        commitments.confirm(house.conference, {task.mark}, house.conference.day_ends)


def mail(message: Message) -> str:
    return str(notifications.preview(message, NOW).body)


ASKS = "There is 1 task for you in it. Please say on your pages whether you do it."


def test_the_mail_of_a_publication_asks_those_who_work_and_nobody_else(house: House) -> None:
    messages = house.publish(house.plan())

    assert {name: ASKS in mail(message) for name, message in messages.items()} == {
        "Hala": True,
        "Lea": True,
        "Tom": False,
    }


def test_nobody_is_asked_twice_for_the_same_nor_for_what_she_has_answered(house: House) -> None:
    first = house.publish(house.plan())
    house.says(house.hala, True)
    assert ASKS not in mail(first["Hala"])  # by telephone, before her mail left
    for message in first.values():
        message.move_to(message.state.SENDING).move_to(message.state.SENT)

    moved = house.publish(house.plan(room=1), minutes=1)

    assert moved["Lea"].id != first["Lea"].id  # she is told of the room
    assert "Your task" not in mail(moved["Lea"])
    assert ASKS not in mail(moved["Lea"])
    for message in moved.values():
        message.move_to(message.state.SENDING).move_to(message.state.SENT)
    assert ASKS in mail(house.publish(house.plan(slot=1), minutes=2)["Lea"])


def preflight(house: House) -> list[tuple[str, str, dict[str, object]]]:
    today = allocations.today(house.conference)
    with force_locale("en"):
        parts = allocations.preflight(house.conference, today, NOW)
        hints = [hint for part in parts for hint in part.hints]
        return [(re.sub("[\u2068\u2069]", "", str(hint.sentence)), hint.endpoint, dict(hint.values)) for hint in hints]


def relieved(house: House) -> None:
    house.session.roles[:] = []


def absent(house: House) -> None:
    house.hala.absences = make.participant(house.conference, away=[house.slots[0]]).absences


@pytest.mark.parametrize(
    ("who", "sentence", "endpoint", "values", "fix"),
    [
        (
            "lea",
            "Lea cannot lead “Housing”. Round: Round 1.",
            "organiser.sessions.edit",
            lambda house: {"id": house.session.id},
            relieved,
        ),
        (
            "hala",
            "Hala cannot interpret in “Housing”. Round: Round 1.",
            "organiser.people.show",
            lambda house: {"id": house.hala.id},
            absent,
        ),
    ],
)
def test_the_list_before_a_run_names_whoever_cannot_until_that_is_mended(
    house: House,
    who: str,
    sentence: str,
    endpoint: str,
    values: Callable[[House], dict[str, object]],
    fix: Callable[[House], None],
) -> None:
    house.publish(house.plan())
    house.says(getattr(house, who), False)

    told = preflight(house)
    assert (sentence, endpoint, values(house)) in told
    assert ("1 task in the published plan is not answered yet.", "organiser.commitments.index", {}) in told

    fix(house)
    db.session.commit()
    db.session.expire_all()
    assert sentence not in [each for each, *_rest in preflight(house)]


def test_the_checklist_tells_the_gravest_and_where_to_look(house: House) -> None:
    def step() -> tuple[str, dict[str, object]]:
        (found,) = checklist.promised(commitments.counts(house.conference))
        return found.state.value, dict(found.values)

    assert list(checklist.promised(commitments.counts(house.conference))) == []
    house.publish(house.plan())
    assert step() == ("waiting", {"only": "open"})
    house.says(house.hala, False)
    assert step() == ("open", {"only": "declined"})
    for person in (house.hala, house.lea):
        house.says(person, True)
    assert step() == ("done", {})


def test_the_order_list_of_interpreters_tells_what_each_has_said(house: House) -> None:
    run = house.plan()
    house.publish(run)

    states = [interpreting.orders(run)[0].state]
    for takes in (False, True):
        house.says(house.hala, takes)
        states.append(interpreting.orders(run)[0].state)

    assert states == ["to_confirm", "declined", "confirmed"]


def test_several_are_confirmed_at_once_but_for_whom_the_plan_asks_something_else_by_now(house: House) -> None:
    house.publish(house.plan())
    marks = {task.mark for task in commitments.of(house.conference)}
    house.publish(house.plan(language="en"), minutes=1)

    done = commitments.confirm(house.conference, marks, NOW)
    db.session.commit()

    assert [task.place.name for task in done] == ["Lea"]
    assert house.states() == {"Hala": "open", "Lea": "confirmed"}
    assert db.session.query(Commitment).one().is_entered


def test_an_answer_that_somebody_gave_while_she_waited_is_written_over_whole(house: House) -> None:
    """Her own word is the last one: what this session had read before it waited must not stand in for the row."""
    house.publish(house.plan())
    house.says(house.lea, takes=True)
    (task,) = commitments.of(house.conference, house.lea)
    assert task.answer is not None
    assert task.answer.is_taken
    meanwhile = update(Commitment).values(is_taken=False, reason="Fortbildung", is_entered=True)
    db.session.execute(meanwhile.execution_options(synchronize_session=False))

    commitments.answer(house.lea, task.place.slot_id, task.mark, takes=True, reason="", now=NOW)
    db.session.commit()

    row = db.session.query(Commitment).one()
    assert (row.is_taken, row.reason, row.is_entered) == (True, "", False)


def test_nobody_is_asked_for_what_is_not_held_or_when_she_does_not_come(house: House) -> None:
    house.publish(house.plan())
    house.hala.state = ParticipantState.CANCELLED
    assert house.states() == {"Lea": "open"}
    house.session.state = SessionState.CANCELLED
    assert house.states() == {}


def test_her_answers_go_with_her(house: House) -> None:
    house.publish(house.plan())
    house.says(house.lea, False, "Kanarienvogel")

    erasure.erase(house.lea, NOW, leaves_statements=True)
    db.session.commit()

    assert db.session.query(Commitment).count() == 0
    assert house.states() == {"Hala": "open"}
