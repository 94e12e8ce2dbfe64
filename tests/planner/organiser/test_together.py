"""The board: several decided at once, notes that nobody else reads, answers to those who gave their names."""

from datetime import timedelta
from urllib.parse import unquote

import pytest

from planner import clock, outbox
from planner.extensions import db
from planner.models import MemberRole, Message, MessageState, Session, Submission, SubmissionState, Visibility
from tests import factories as make
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.test_submissions import address, brought

SECRET = "Sie hat Angst vor ihrem Vermieter"


def together(office: Office, *rows: Submission) -> tuple[str, dict[str, list[str]]]:
    page = f"{office.home}submissions/"
    marks = {"act": "together", "marked": [f"{row.id}-0" for row in rows]}
    shown = office.client.submit(f"{page}mark", marks, page=page)
    return f"{page}together/", shown.form("form").sent


def test_several_are_accepted_as_one_session_and_what_comes_next_is_said(office: Office) -> None:
    rows = [brought(office, problem=text, let_through_at=None) for text in ("Kein Kurs", "Kurs voll")]
    page, form = together(office, *rows)

    told = office.client.submit(page, {**form, "session": "0", "title_de": "Kurse"}, page=page)

    assert "Now in session 1, “Kurse”" in told.text
    assert "Next: say who leads it." in told.text
    session = db.session.query(Session).one()
    found = [db.session.get_one(Submission, row.id) for row in rows]
    assert [row.state for row in found] == [SubmissionState.ACCEPTED, SubmissionState.MERGED]
    assert {row.session_id for row in found} == {session.id}
    assert all(row.stands for row in found)


def test_one_becomes_part_of_the_other_and_is_taken_apart(office: Office) -> None:
    stays, part = brought(office, problem="Kein Kurs"), brought(office, problem="Kurs voll")
    page, form = together(office, stays, part)

    told = office.client.submit(page, {**form, "stays": str(stays.id), "join": "1"}, page=page)
    assert "They are one now" in told.text
    assert "Kurs voll" in told.text
    assert "part of another one" in office.client.get(f"{office.home}submissions/?only=part").text
    author = Client(office.client.app).as_participant(part.author)
    mine = author.get(f"/c/{office.conference.slug}/me/submissions/").text
    assert "put it together with a problem of somebody else, which says much the same. “Kein Kurs”" in mine

    office.client.submit(address(office, part, "/take-apart"), {}, page=address(office, part))
    assert db.session.get_one(Submission, part.id).joined_to_id is None


def test_several_are_declined_together_with_one_courteous_answer(office: Office) -> None:
    rows = [brought(office, problem=text, visibility=Visibility.NAMED) for text in ("Kein Kurs", "Kurs voll")]
    page, form = together(office, *rows)
    assert form["reason"][0].startswith("Danke für Ihr Anliegen.")
    decline = f"{page}decline"

    empty = office.client.post(decline, {**form, "reason": "", "title_de": "Getippt"}, page=page)
    assert (empty.status_code, Page(empty.text).fields["title_de"]) == (422, "Getippt")
    assert "Please write an answer." in empty.text

    told = office.client.submit(decline, {**form, "reason": "Leider nein."}, page=page)
    assert "2 submissions are declined." in told.text
    found = [db.session.get_one(Submission, row.id) for row in rows]
    assert {(row.state, row.reason) for row in found} == {(SubmissionState.DECLINED, "Leider nein.")}
    assert {row.participant_id for row in db.session.query(Message)} == {row.author_id for row in rows}
    assert "submissions declined together" in office.client.get(f"{office.home}audit/").text


def test_of_several_none_is_declined_where_one_was_rewritten(office: Office) -> None:
    rows = [brought(office), brought(office)]
    page, form = together(office, *rows)
    rows[1].revision = 1

    answer = office.client.post(f"{page}decline", form, page=page)

    assert answer.status_code == 409
    assert "The author has changed her text" in answer.text
    assert {db.session.get_one(Submission, row.id).state for row in rows} == {SubmissionState.SUBMITTED}


def test_whom_the_page_leaves_out_it_says(office: Office) -> None:
    rows = [brought(office) for _ in range(22)]
    page = f"{office.home}submissions/"
    marks = {"act": "together", "marked": [f"{row.id}-0" for row in rows]}

    told = office.client.submit(f"{page}mark", marks, page=page).text
    assert "At most 20 submissions are decided together. You have marked 22" in told
    leads_to = office.client.post(f"{page}mark", marks, page=page).headers["Location"]
    assert len(unquote(leads_to).partition("of=")[2].split(",")) == 20  # with all of some thousands no server takes it

    rows[1].state = SubmissionState.DECLINED
    db.session.commit()
    shown = office.client.get(f"{page}together/?of={rows[0].id}-0,{rows[1].id}-0&marked=2").text
    assert "What is part of another submission, or decided by now, is left out here." in shown


def test_a_message_carries_real_time_where_a_demonstration_lives_in_another(office: Office) -> None:
    office.conference.clock_shift = -30 * 24 * 3600
    row = brought(office, visibility=Visibility.NAMED)

    office.client.submit(address(office, row, "/decline"), {"reason": "Nein."}, page=address(office, row))

    [message] = db.session.query(Message)
    assert abs(clock.now() - message.created_at) < timedelta(minutes=5)


def test_a_title_is_said_to_be_needed_for_a_new_session(office: Office) -> None:
    row = brought(office)
    shown = office.client.get(address(office, row)).text
    assert "Title (German) needed for a new session" in shown
    assert "Title (German) optional" not in shown


def test_what_was_changed_meanwhile_is_not_accepted_unread(office: Office) -> None:
    rows = [brought(office), brought(office)]
    page, form = together(office, *rows)
    rows[1].problem, rows[1].revision = "Etwas anderes", 1

    answer = office.client.post(page, {**form, "session": "0", "title_de": "Kurse"}, page=page)

    assert answer.status_code == 409
    assert "Etwas anderes" in answer.text
    assert "Kurse" in answer.text
    assert db.session.query(Session).count() == 0


@pytest.mark.parametrize("of", ["", "x-y,1", "999-0", "1-²," * 99])
def test_words_that_name_nothing_choose_nothing(office: Office, of: str) -> None:
    assert "Nothing is chosen" in office.client.get(f"{office.home}submissions/together/?of={of}").text


def test_the_board_is_filtered_by_language_and_step(office: Office) -> None:
    brought(office, problem="Auf Deutsch", language="de", let_through_at=None)
    brought(office, problem="En français", language="fr")
    page = f"{office.home}submissions/"

    assert "Auf Deutsch" not in office.client.get(f"{page}?language=1").text
    assert "En français" not in office.client.get(f"{page}?only=new").text
    assert "En français" in office.client.get(f"{page}?only=shown").text


def test_notes_are_read_by_those_who_organise_alone(office: Office) -> None:
    row = brought(office)
    page = address(office, row, "/note")
    form = office.client.get(page).form("form").sent
    office.client.submit(page, {**form, "note": SECRET}, page=page)
    assert SECRET in office.client.get(address(office, row)).text

    for role in (MemberRole.VIEWER, MemberRole.CLERK):
        user = make.user()
        make.member(office.conference, user, role)
        reader = Client(office.client.app).as_organiser(user)
        assert SECRET not in reader.get(address(office, row)).text
        assert reader.fetch(page).status_code == 403
        assert "Nothing is found" in reader.get(f"{office.home}submissions/?search=Vermieter").text
    author = Client(office.client.app).as_participant(row.author)
    for path in ("submissions/", "data/", "data/my-data.json", f"submissions/{row.id}"):
        assert SECRET not in author.fetch(f"/c/{office.conference.slug}/me/{path}").text


def test_the_answer_is_courteous_in_her_language_and_told_to_whoever_gave_her_name(office: Office) -> None:
    named = brought(office, visibility=Visibility.NAMED)
    hidden = brought(office)
    for row in (named, hidden):
        answer = office.client.get(address(office, row)).form("form").sent["reason"][0]
        assert answer.startswith("Danke für Ihr Anliegen.")
        office.client.submit(address(office, row, "/decline"), {"reason": answer}, page=address(office, row))

    [message] = db.session.query(Message)  # a list that names the other would tell who wrote without a name
    assert (message.participant_id, message.state) == (named.author_id, MessageState.BY_HAND)
    assert "Answer to a problem" in office.client.get(f"{office.home}messages/").text
    page = Client(office.client.app).as_participant(hidden.author).get(f"/c/{office.conference.slug}/me/submissions/")
    assert "Answer of the organisers: Danke für Ihr Anliegen." in page.text

    office.client.submit(address(office, named, "/reopen"), {}, page=address(office, named))
    assert db.session.get_one(Message, message.id).state is MessageState.OVERTAKEN


def test_an_answer_that_is_taken_back_is_not_sent(office: Office) -> None:
    row = brought(office, visibility=Visibility.NAMED, state=SubmissionState.DECLINED)
    row.author.email = "frau@example.org"
    facts = {"submission": row.id}
    message = make.message(row.author, kind="declined", facts=facts)
    row.state = SubmissionState.SUBMITTED
    db.session.commit()

    assert outbox.take(message.id, "w", make.NOW) is None
    assert message.state is MessageState.OVERTAKEN
