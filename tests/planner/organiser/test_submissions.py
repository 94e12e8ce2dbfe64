"""Moderation: accept into a session, decline with a reason, undo; nobody learns who an anonymous author is."""

from planner import clock, erasure
from planner.extensions import db
from planner.models import Session, Submission, SubmissionState, Visibility
from tests import factories as make
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office


def brought(office: Office, **given: object) -> Submission:
    author = make.participant(office.conference, name="Frau Geheim")
    return make.submission(author, **{"theme_id": office.conference.themes[0].id, **given})


def address(office: Office, submission: Submission, verb: str = "") -> str:
    return f"{office.home}submissions/{submission.id}{verb}"


def test_accepting_makes_a_session_with_a_title_in_each_language(office: Office) -> None:
    row = brought(office)
    form = {
        "revision": "0",
        "session": "0",
        "title_de": "Kurse",
        "title_en": "Courses",
        "sentence_de": "Wer passt auf?",
    }
    office.client.submit(address(office, row, "/accept"), form, page=address(office, row))

    session = db.session.query(Session).one()
    assert db.session.get(Submission, row.id).state is SubmissionState.ACCEPTED
    assert session.title == {"de": "Kurse", "en": "Courses"}
    assert session.sentence["de"] == "Wer passt auf?"
    assert db.session.get(Submission, row.id).session_id == session.id


def test_her_words_become_nobody_elses(office: Office) -> None:
    """They were put into the session's sentence, which everybody reads, and stayed there when she erased them."""
    row = brought(office, problem="Mein Vermieter droht mir", question="Wer hilft mir?", language="de")
    page, accept = address(office, row), address(office, row, "/accept")
    shown = office.client.get(page).form("form")
    office.client.submit(accept, {**shown.sent, "title_de": "Wohnen"}, page=page)

    erasure.erase(row.author, clock.now(), leaves_statements=False)
    db.session.commit()

    [session] = db.session.query(Session)
    assert (session.title, session.sentence) == ({"de": "Wohnen"}, {})
    assert db.session.query(Submission).count() == 0


def test_a_second_submission_joins_the_session(office: Office) -> None:
    first, second = brought(office), brought(office)
    session = make.session(office.conference)
    for row in (first, second):
        office.client.submit(
            address(office, row, "/accept"), {"revision": "0", "session": str(session.id)}, page=address(office, row)
        )

    states = [db.session.get(Submission, row.id).state for row in (first, second)]
    assert states == [SubmissionState.ACCEPTED, SubmissionState.MERGED]


def test_a_new_session_without_a_title_is_refused_and_the_sentence_kept(office: Office) -> None:
    row = brought(office)
    form = {"session": "0", "title_de": "", "sentence_de": "Dieser Satz bleibt stehen"}
    answer = office.client.post(address(office, row, "/accept"), form, page=address(office, row))

    assert answer.status_code == 422
    assert "Please write a title." in answer.text
    assert "Dieser Satz bleibt stehen" in answer.text
    assert db.session.query(Session).count() == 0


def test_a_session_of_another_conference_cannot_be_joined(office: Office) -> None:
    row, foreign = brought(office), make.session(make.conference())
    answer = office.client.post(
        address(office, row, "/accept"), {"session": str(foreign.id)}, page=address(office, row)
    )

    assert answer.status_code == 422
    assert db.session.get(Submission, row.id).state is SubmissionState.SUBMITTED


def test_declining_needs_a_reason_and_can_be_undone(office: Office) -> None:
    row = brought(office)
    empty = office.client.post(address(office, row, "/decline"), {"reason": " "}, page=address(office, row))
    assert empty.status_code == 422

    reason = {"reason": "Das klärt die Stadt gerade."}
    office.client.submit(address(office, row, "/decline"), reason, page=address(office, row))
    assert db.session.get(Submission, row.id).reason == "Das klärt die Stadt gerade."

    office.client.submit(address(office, row, "/reopen"), {}, page=address(office, row))
    assert db.session.get(Submission, row.id).state is SubmissionState.SUBMITTED


def test_two_organisers_deciding_at_once_are_told(office: Office) -> None:
    row = brought(office, state=SubmissionState.DECLINED)
    answer = office.client.post(address(office, row, "/decline"), {"reason": "Nein"}, page=address(office, row))

    assert answer.status_code == 422
    assert "the state has changed" in answer.text


def test_the_name_of_an_anonymous_author_stands_nowhere(office: Office) -> None:
    hidden = brought(office)
    named = brought(office, visibility=Visibility.NAMED)

    assert "Frau Geheim" not in office.client.get(f"{office.home}submissions/").text
    assert "Frau Geheim" not in office.client.get(address(office, hidden)).text
    assert "Frau Geheim" in office.client.get(address(office, named)).text


def test_a_draft_is_its_author_s_alone(office: Office) -> None:
    draft = brought(office, state=SubmissionState.DRAFT, problem="Noch nicht fertig")

    assert office.client.fetch(address(office, draft)).status_code == 404
    assert "Noch nicht fertig" not in office.client.get(f"{office.home}submissions/").text


def test_the_board_is_filtered_by_theme_and_word(office: Office) -> None:
    other = make.theme(office.conference)
    brought(office, problem="Die Wohnung ist zu klein")
    brought(office, problem="Der Kurs ist voll", theme_id=other.id)

    by_theme = office.client.get(f"{office.home}submissions/?theme={other.id}").text
    by_word = office.client.get(f"{office.home}submissions/?search=WOHNUNG").text
    assert "Kurs" in by_theme
    assert "Wohnung" not in by_theme
    assert "Wohnung" in by_word
    assert "Kurs" not in by_word


def test_what_its_author_has_withdrawn_no_organiser_sends_again(office: Office) -> None:
    """From a page that was open for long, undoing a decision brought it back."""
    row = brought(office, state=SubmissionState.WITHDRAWN)

    page = office.client.submit(address(office, row, "/reopen"), {}, page=office.home)

    assert "This step is not possible any more" in page.text
    assert db.session.get(Submission, row.id).state is SubmissionState.WITHDRAWN


def test_others_see_what_an_organiser_let_through_and_it_can_be_taken_back(office: Office) -> None:
    row = brought(office, problem="Erst lesen", let_through_at=None)
    reader = Client(office.client.app).as_participant(make.participant(office.conference))
    others = f"/c/{office.conference.slug}/me/others/"

    assert (
        "Only its author and those who work on this conference see it." in office.client.get(address(office, row)).text
    )
    assert "Erst lesen" not in reader.get(others).text

    shown = {"revision": "0"}
    office.client.submit(address(office, row, "/let-through"), shown, page=address(office, row))
    assert "Erst lesen" in reader.get(others).text

    office.client.submit(address(office, row, "/hold-back"), {}, page=address(office, row))
    assert "Erst lesen" not in reader.get(others).text


def test_several_are_let_through_at_once(office: Office) -> None:
    rows = [brought(office, let_through_at=None) for _ in range(3)]
    page = f"{office.home}submissions/"

    marked = {"act": "let_through", "marked": [f"{row.id}-0" for row in rows[:2]]}
    told = office.client.submit(f"{page}mark", marked, page=page)

    assert "Others see 2 more submissions now." in told.text
    assert [row.stands for row in db.session.query(Submission).order_by(Submission.id)] == [True, True, False]
    assert "Please mark something first." in office.client.submit(f"{page}mark", {}, page=page).text


def test_a_text_that_was_changed_meanwhile_is_neither_let_through_nor_accepted_unread(office: Office) -> None:
    row, session = brought(office, let_through_at=None), make.session(office.conference)
    page = address(office, row)
    form = {**office.client.get(page).form("form").sent, "session": str(session.id)}
    row.problem, row.revision = "Etwas ganz anderes", 1

    told = office.client.submit(address(office, row, "/let-through"), {"revision": "0"}, page=page)
    assert "a text has changed" in told.text
    marks = {"marked": f"{row.id}-0"}
    assert "mark something" in office.client.submit(f"{office.home}submissions/mark", marks, page=page).text
    answer = office.client.post(address(office, row, "/accept"), form, page=page)
    assert answer.status_code == 409
    assert "Etwas ganz anderes" in answer.text
    assert not db.session.get(Submission, row.id).stands

    again = Page(answer.text).form("form").sent
    office.client.submit(address(office, row, "/accept"), {**again, "session": str(session.id)}, page=page)
    assert db.session.get(Submission, row.id).stands


def test_undoing_leaves_before_the_others_what_was_there_before(office: Office) -> None:
    waits, stood = brought(office, let_through_at=None), brought(office)
    session = make.session(office.conference)
    for row in (waits, stood):
        joins = {"revision": "0", "session": str(session.id)}
        office.client.submit(address(office, row, "/accept"), joins, page=address(office, row))
        assert db.session.get(Submission, row.id).stands
        office.client.submit(address(office, row, "/reopen"), {}, page=address(office, row))

    assert [db.session.get(Submission, row.id).stands for row in (waits, stood)] == [False, True]
