"""What is set at a session reaches the solver: who may attend, in which rounds, beside or after what, how long."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from planner import allocations, clock, copies, erasure, preferences, programme, session_rules
from planner.extensions import db
from planner.models import MemberRole, Session, SessionClosure, SessionGroup, SessionOrder
from solver import Meeting, Solution, Status, verify
from tests import factories as make
from tests.client import Client, Page
from tests.planner.allocations.small import solved
from tests.planner.organiser.hall import Hall, built

FORM = {"title_de": "Titel", "minimum": "0", "maximum": "20", "offered": "1", "theme_id": "0", "languages": "de"}


@pytest.fixture
def hall(app: Flask) -> Hall:
    return built(app)


def page_of(hall: Hall, session: Session) -> str:
    return f"/organise/{hall.conference.slug}/sessions/{session.id}"


def enter(hall: Hall, session: Session, **form: Any) -> None:
    hall.client.submit(page_of(hall, session), {**FORM, **form})
    db.session.expire_all()


def refused(hall: Hall, session: Session, **form: Any) -> str:
    answer = hall.client.post(page_of(hall, session), {**FORM, **form})
    assert answer.status_code == 422
    return Page(answer.text).text


def held(hall: Hall, *rounds: int) -> set[str]:
    """The rules that are broken where each session is held from this round on, and nobody has a place."""
    slots, rooms = hall.conference.slots, hall.conference.rooms
    meetings = tuple(
        Meeting(str(at), str(session.id), str(slots[number].id), str(rooms[at].id), "de")
        for at, (session, number) in enumerate(zip(hall.sessions, rounds, strict=True))
    )
    return {each.rule for each in verify(hall.problem, Solution(Status.FEASIBLE, meetings))}


def test_a_session_for_one_group_admits_nobody_else(hall: Hall) -> None:
    enter(hall, hall.sessions[0], groups=[str(hall.groups[0].id)])

    assert "is only for the group" in hall.client.get(hall.home).text
    assert hall.broken("ABC") == set()
    assert hall.broken("ABE") == {"rooms_and_people_fit"}


def test_a_session_for_people_of_whom_something_is_known_admits_nobody_else(hall: Hall) -> None:
    for name, person in hall.people.items():
        person.attributes = {"Klasse": "5a" if name in "AE" else "6b"}
    assert {name for person in hall.problem.participants for name in person.attributes} == {"group"}

    enter(hall, hall.sessions[0], marks=['["Klasse", "5a"]'])

    assert hall.sessions[0].open_to == {"Klasse": ["5a"]}
    assert "Klasse: 5a" in hall.client.get(hall.home).text.replace("\N{FIRST STRONG ISOLATE}", "").replace(
        "\N{POP DIRECTIONAL ISOLATE}", ""
    )
    assert hall.broken("AE") == set()
    assert hall.broken("AB") == {"rooms_and_people_fit"}


def test_a_session_is_not_held_in_a_round(hall: Hall) -> None:
    make.slot(hall.conference)
    closed = hall.conference.slots[0]

    enter(hall, hall.sessions[0], closed=[str(closed.id)])

    assert held(hall, 1, 0) == set()
    assert held(hall, 0, 0) == {"sessions_in_order"}


def test_two_sessions_are_never_held_at_the_same_time_whichever_says_so(hall: Hall) -> None:
    make.slot(hall.conference)
    first, second = hall.sessions
    enter(hall, first, not_beside=str(second.number))

    assert held(hall, 0, 1) == set()
    assert held(hall, 0, 0) == {"sessions_in_order"}
    form = Page(hall.client.fetch(page_of(hall, second)).text).form("form")
    assert form.sent["not_beside"] == [str(first.number)]
    enter(hall, second, not_beside="")
    assert db.session.query(SessionOrder).count() == 0


def test_a_session_comes_after_another_one(hall: Hall) -> None:
    make.slot(hall.conference)
    enter(hall, hall.sessions[0], after=str(hall.sessions[1].number))

    assert held(hall, 1, 0) == set()
    assert held(hall, 0, 0) == held(hall, 0, 1) == {"sessions_in_order"}


def test_a_session_lasts_two_rounds_of_one_day(hall: Hall) -> None:
    make.slot(hall.conference)
    next_day = make.slot(hall.conference)
    next_day.starts, next_day.ends = (each + make.DAY for each in (next_day.starts, next_day.ends))

    enter(hall, hall.sessions[0], duration="2")

    assert [slot.joined for slot in hall.problem.slots] == [True, True, False]
    assert held(hall, 0, 0) == set()
    assert held(hall, 1, 0) == {"sessions_in_order"}


def test_what_cannot_be_is_refused_at_its_field(hall: Hall) -> None:
    first, second = hall.sessions
    slot = hall.conference.slots[0]
    make.add(SessionOrder(session_id=second.id, other_id=first.id, kind="after"))

    assert "leave a round" in refused(hall, first, closed=[str(slot.id)])
    assert "There is no session “999999”." in refused(hall, first, after="999999")
    assert "That is this session itself." in refused(hall, first, not_beside=str(first.number))
    assert "goes in a circle" in refused(hall, first, after=str(second.number))
    assert "So many rounds are not there" in refused(hall, first, duration="2")
    make.slot(hall.conference)
    make.placement(first, slot)
    assert "It is placed by hand in one of these rounds." in refused(hall, first, closed=[str(slot.id)])


def test_what_is_not_asked_for_any_more_is_gone(hall: Hall) -> None:
    make.slot(hall.conference)
    session, other = hall.sessions
    everything = {
        "groups": [str(hall.groups[0].id)],
        "closed": [str(hall.conference.slots[0].id)],
        "not_beside": str(other.number),
        "after": str(other.number),
    }
    enter(hall, session, **everything)
    assert [db.session.query(table).count() for table in (SessionGroup, SessionClosure, SessionOrder)] == [1, 1, 2]

    enter(hall, session, not_beside="", after="")

    assert [db.session.query(table).count() for table in (SessionGroup, SessionClosure, SessionOrder)] == [0, 0, 0]


def test_rules_about_a_cancelled_session_are_left_out(hall: Hall) -> None:
    make.slot(hall.conference)
    first, second = hall.sessions
    enter(hall, first, after=str(second.number), not_beside=str(second.number))

    hall.client.submit(f"{page_of(hall, second)}/cancel", {}, page=page_of(hall, second))

    [session] = hall.problem.sessions
    assert (session.after, session.conflicts) == (frozenset(), frozenset())


def test_the_last_group_of_a_session_is_not_removed(hall: Hall) -> None:
    group = make.group(hall.conference)
    enter(hall, hall.sessions[0], groups=[str(group.id)])
    page = f"/organise/{hall.conference.slug}/groups/{group.id}"

    assert "open to this group only" in hall.client.submit(f"{page}/remove", {}, page=page).text


def test_people_choose_only_among_what_is_open_to_them(hall: Hall) -> None:
    for title, session in zip(("Offen", "Nur andere"), hall.sessions, strict=True):
        session.title = {"de": title, "en": title}
    make.add(SessionGroup(session_id=hall.sessions[1].id, group_id=hall.groups[1].id))
    inside, outside = hall.people["E"], hall.people["A"]
    wishes = f"/c/{hall.conference.slug}/me/wishes/"

    shown = [Client(hall.client.app).as_participant(person).get(wishes).text for person in (inside, outside)]

    assert ["Offen" in text for text in shown] == [True, True]
    assert ["Nur andere" in text for text in shown] == [True, False]
    with pytest.raises(preferences.BadRanking):
        preferences.save_ranking(outside, [hall.sessions[1].id], [], outside.revision, lambda: make.NOW)


def test_a_session_for_a_sensitive_group_hides_from_nobody(hall: Hall) -> None:
    hall.groups[1].is_sensitive = True
    make.add(SessionGroup(session_id=hall.sessions[1].id, group_id=hall.groups[1].id))
    db.session.flush()

    assert preferences.choosable(hall.people["A"], preferences.offer(hall.conference)) == {
        session.id for session in hall.sessions
    }


def test_a_long_session_is_told_once_from_its_beginning_to_its_end(app: Flask) -> None:
    """Whoever sits there has a place in each of its rounds: pages and papers would have told everybody twice."""
    conference, organiser = make.organised(**make.MORNING)
    for _ in range(2):
        make.slot(conference)
    first, last = conference.slots
    make.room(conference)
    session = make.session(conference, duration=2, minimum=1, title={"de": "Langes Thema", "en": "Long theme"})
    leader, person = (make.participant(conference, name=name) for name in ("Leitung", "Gast"))
    make.role(session, leader)
    make.wishes(person, session)
    run = solved(conference, organiser)
    allocations.publish(run, organiser, make.NOW)
    db.session.commit()
    meeting = run.meetings[0]
    clock = [f"{instant.astimezone(conference.tz):%H:%M}" for instant in (first.starts, last.ends)]
    home = f"/c/{conference.slug}/"

    day = Client(app).as_participant(person).get(f"{home}me/day/").text
    leads = Client(app).as_participant(leader)
    lists = [leads.get(f"{home}facilitate/").text, leads.get(f"{home}facilitate/meetings/{meeting.id}/").text]
    sheet = leads.download(f"{home}facilitate/meetings/{meeting.id}/names.csv").decode()
    office, page = Client(app).as_organiser(organiser), f"/organise/{conference.slug}/allocations/{run.number}"
    results = office.get(page).text
    assert run.outcome == "solved"
    assert "Incomplete" not in results
    session.maximum -= 1
    db.session.commit()
    assert "breaks these rules" not in office.get(page).text

    assert len(meeting.assignments) == 4
    assert day.count("Long theme") == 1
    assert "You lead or take notes in 1 meeting." in lists[0]
    assert all(instant in text for text in (day, *lists) for instant in clock)
    assert sheet.count("Gast") == 1
    assert "Long theme" in results
    assert Client(app).get(f"{home}programme").text.count("Long theme") >= 2


def test_what_only_an_erased_person_had_is_forgotten_and_the_session_stays_closed(hall: Hall) -> None:
    for name, person in hall.people.items():
        person.attributes = {"Klasse": "allein" if name == "A" else "5a"}
    hall.sessions[0].open_to = {"Klasse": ["allein"]}
    hall.sessions[1].open_to = {"Klasse": ["allein", "5a"]}
    db.session.commit()

    erasure.erase(hall.people.pop("A"), clock.now(), leaves_statements=False)
    db.session.commit()

    assert [session.open_to for session in hall.sessions] == [{"Klasse": []}, {"Klasse": ["5a"]}]
    assert hall.broken("B") == {"rooms_and_people_fit"}
    assert "nobody may attend" in hall.client.get(hall.home).text
    enter(hall, hall.sessions[0], marks=['["Klasse", ""]'])
    assert hall.sessions[0].open_to == {"Klasse": []}
    enter(hall, hall.sessions[0])
    assert hall.sessions[0].open_to == {}


def test_a_copy_takes_along_nothing_that_was_known_of_people(hall: Hall) -> None:
    hall.sessions[0].open_to = {"Klasse": ["5a"]}
    db.session.flush()

    day = clock.now().date() + timedelta(days=60)
    copy = copies.copy(hall.conference, "kopie", "Kopie", day, hall.owner, clock.now(), with_sessions=True)

    assert [session.open_to for session in copy.sessions] == [{"Klasse": []}, {}]


def test_whoever_may_not_know_of_what_group_people_are_reads_not_for_whom_a_session_is(hall: Hall) -> None:
    hall.groups[1].is_sensitive, hall.groups[1].title = True, {"de": "Heikel", "en": "Heikel"}
    for person in hall.people.values():
        person.attributes = {"Klasse": "Geheim"}
    make.add(SessionGroup(session_id=hall.sessions[0].id, group_id=hall.groups[1].id))
    hall.sessions[0].open_to = {"Klasse": ["Geheim"]}
    db.session.commit()
    page = page_of(hall, hall.sessions[0])

    told = [client.get(page).text for client in (hall.client, hall.organiser(MemberRole.VIEWER))]

    assert [("Heikel" in text, "Geheim" in text) for text in told] == [(True, True), (False, False)]


def test_what_tells_one_person_from_all_others_is_not_offered(hall: Hall) -> None:
    for name, person in hall.people.items():
        person.attributes = {"Klasse": "5a" if name in "AE" else "6b", "Nummer": name}
    db.session.commit()

    assert session_rules.marks(hall.conference) == {"Klasse": ["5a", "6b"]}


def test_one_alone_in_her_class_takes_the_other_classes_from_nobody(hall: Hall) -> None:
    for name, person in hall.people.items():
        person.attributes = {"Klasse": "7c" if name == "A" else "6b"}
    db.session.commit()

    assert session_rules.marks(hall.conference) == {"Klasse": ["6b"]}


def test_a_session_asks_for_rounds_in_a_row_of_one_day_that_are_open(hall: Hall) -> None:
    """Two rounds on two days, or one of two closed, were saved without a word, and every run was impossible."""
    conference, session = hall.conference, hall.sessions[0]
    make.slot(conference)
    first, second = conference.slots

    assert session_rules.beginnings(conference, [first, second], 2) == [first]
    assert session_rules.beginnings(conference, [first, second], 2, [first.id]) == []
    second.starts, second.ends = second.starts + make.DAY, second.ends + make.DAY
    assert session_rules.beginnings(conference, [first, second], 2) == []
    db.session.commit()
    assert "So many rounds are not there in a row on one day" in refused(hall, session, duration="2")


def test_a_round_that_a_long_session_needs_is_not_removed(hall: Hall) -> None:
    make.slot(hall.conference)
    first, second = hall.conference.slots
    enter(hall, hall.sessions[0], duration="2")

    with hall.client.app.test_request_context(), pytest.raises(programme.Stranded):
        programme.remove_slot(second)
    hall.sessions[0].duration = 1
    db.session.commit()
    programme.remove_slot(second)
    db.session.commit()
    db.session.expire_all()
    assert hall.conference.slots == [first]


def test_a_session_that_can_begin_nowhere_is_named_before_any_run(hall: Hall) -> None:
    hall.sessions[0].duration = 2
    db.session.commit()

    with force_locale("en"):
        parts = allocations.preflight(hall.conference, allocations.today(hall.conference), make.NOW)
        told = [(str(hint.sentence), hint.blocks) for part in parts for hint in part.hints]

    assert [blocks for sentence, blocks in told if "can begin in no round" in sentence] == [True]


def told_before_a_run(hall: Hall) -> dict[str, bool]:
    """Each line of what is missing, and whether no run can succeed with it."""
    db.session.commit()
    db.session.expire_all()
    with force_locale("en"):
        parts = allocations.preflight(hall.conference, allocations.today(hall.conference), make.NOW)
        return {str(hint.sentence): hint.blocks for part in parts for hint in part.hints}


@pytest.mark.parametrize("optional", [False, True])
def test_two_that_never_find_rounds_beside_each_other_are_named(hall: Hall, optional: bool) -> None:
    """The run named two rules; that a session lasts a whole day beside one that must not meet it, nobody saw."""
    one, other = hall.sessions
    make.slot(hall.conference)
    enter(hall, one, duration="2", not_beside=str(other.number))
    other.may_be_cancelled = optional
    titles = f"“{one.title['en']}” and “{other.title['en']}”"

    told = told_before_a_run(hall)

    assert told[f"{titles} find no rounds: they are not to be held at the same time."] is not optional
    one.duration = 1
    assert not [each for each in told_before_a_run(hall) if titles in each]


def test_one_that_finds_no_round_after_another_is_named(hall: Hall) -> None:
    one, other = hall.sessions
    enter(hall, one, after=str(other.number))

    assert told_before_a_run(hall)[f"“{one.title['en']}” finds no round after “{other.title['en']}”."]
    make.slot(hall.conference)
    assert not [each for each in told_before_a_run(hall) if "finds no round after" in each]


def test_two_with_one_in_charge_and_too_few_rounds_are_named(hall: Hall) -> None:
    for session in hall.sessions:
        make.role(session, hall.people["A"])

    assert [each for each in told_before_a_run(hall) if "somebody is in charge of both" in each]


def test_what_is_offered_more_often_than_there_are_rounds_is_named(hall: Hall) -> None:
    hall.sessions[0].offered = 2

    title = hall.sessions[0].title["en"]
    assert told_before_a_run(hall)[f"“{title}” is offered more often than there are rounds for it."]


def test_what_a_published_meeting_takes_stays_when_its_session_becomes_longer(app: Flask) -> None:
    """The public programme showed it in two rounds at once, where nobody had a seat in the second."""
    conference = make.conference(**make.MORNING)
    first, _second = [make.slot(conference) for _ in range(2)]
    session = make.session(conference)
    meeting = make.meeting(make.allocation(conference), session, first, make.room(conference))
    session.duration = 2
    db.session.commit()

    assert (meeting.slots, meeting.ends) == ([first], first.ends)
