"""A participant's pages: what she reads, what is kept when she makes a mistake."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask_babel import force_locale
from icalendar import Calendar
from pypdf import PdfReader

from planner import allocations, clock, merging, notifications
from planner.extensions import db
from planner.models import Need, Participant, Submission, SubmissionState, Supporter
from tests import factories as make
from tests.client import Client, Page

PAGES = ("", "submissions/", "submissions/new", "others/", "wishes/", "wishes/receipt", "about/", "day/", "data/")


@pytest.fixture
def person(app: Flask) -> Participant:
    conference = make.conference(most_vetoes=1)
    make.theme(conference)
    make.slot(conference)
    make.agenda_item(conference)
    return make.participant(conference, name="محمد O'Beispiel")


@pytest.fixture
def home(person: Participant) -> str:
    return f"/c/{person.conference.slug}/me/"


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_every_page_opens_empty_and_in_its_direction(
    client: Client, person: Participant, home: str, page: str, language: str
) -> None:
    shown = client.as_participant(person).get(home + page, language=language)

    assert shown.language == language
    assert shown.direction == ("rtl" if language == "ar" else "ltr")
    assert shown.headings


def test_a_problem_is_sent_and_listed_as_hers(client: Client, person: Participant, home: str) -> None:
    client.as_participant(person)
    theme = person.conference.themes[0]
    form = client.get(home + "submissions/new").fields

    page = client.submit(home + "submissions/new", {**form, "theme_id": theme.id, "problem": "Zu wenig Kurse."})

    assert "Zu wenig Kurse." in page.text
    assert [row.state for row in db.session.query(Submission)] == [SubmissionState.SUBMITTED]


def test_a_problem_is_sent_in_a_conference_without_themes(client: Client, person: Participant, home: str) -> None:
    """A theme had to be chosen where there was none."""
    for theme in person.conference.themes:
        db.session.delete(theme)
    client.as_participant(person)
    form = client.get(home + "submissions/new").fields

    page = client.submit(home + "submissions/new", {**form, "problem": "Zu wenig Kurse."})

    assert "Zu wenig Kurse." in page.text
    assert [(row.state, row.theme_id) for row in db.session.query(Submission)] == [(SubmissionState.SUBMITTED, None)]


def test_the_same_form_sent_twice_makes_one_row(client: Client, person: Participant, home: str) -> None:
    client.as_participant(person)
    form = client.get(home + "submissions/new").fields
    filled = {**form, "theme_id": person.conference.themes[0].id, "problem": "Zu wenig Kurse."}

    client.post(home + "submissions/new", filled)
    client.post(home + "submissions/new", filled)

    assert db.session.query(Submission).count() == 1


def test_the_same_form_sent_again_with_other_words_keeps_the_last_ones(
    client: Client, person: Participant, home: str
) -> None:
    """The first answer was lost on the way: she goes back, writes on, and sends what was a draft."""
    client.as_participant(person)
    form = client.get(home + "submissions/new").fields
    filled = {**form, "theme_id": person.conference.themes[0].id, "problem": "Zu wenig Kurse."}

    client.post(home + "submissions/new", {**filled, "draft": "1"})
    client.post(home + "submissions/new", {**filled, "problem": "Zu wenig Kurse am Abend."})
    client.post(home + "submissions/new", {**filled, "problem": "Zu wenig Kurse am Abend."})

    row = db.session.query(Submission).one()
    assert (row.state, row.problem, row.revision) == (SubmissionState.SUBMITTED, "Zu wenig Kurse am Abend.", 1)


def test_who_erases_herself_without_having_chosen_a_language_reads_so(
    client: Client, person: Participant, home: str
) -> None:
    """The page that follows must not ask the row that is gone which language she speaks."""
    client.as_participant(person)
    token = client.fetch(home + "data/", language="").text.split('name="csrf_token" value="')[1].split('"')[0]

    answer = client.fetch(home + "data/erase", method="POST", language="", data={"csrf_token": token})

    assert answer.status_code == 302
    assert db.session.query(Participant).count() == 0


def test_a_missing_theme_is_told_at_the_field_and_the_text_is_kept(
    client: Client, person: Participant, home: str
) -> None:
    client.as_participant(person)
    form = client.get(home + "submissions/new").fields

    answer = client.post(home + "submissions/new", {**form, "problem": "Ein Problem <b>hier</b>"})

    assert answer.status_code == 422
    assert "Please choose a theme." in answer.text
    assert "Ein Problem &lt;b&gt;hier&lt;/b&gt;" in answer.text


def test_a_problem_after_the_deadline_is_refused_and_kept(client: Client, person: Participant, home: str) -> None:
    client.as_participant(person)
    form = client.get(home + "submissions/new").fields
    person.conference.call_until = make.NOW - make.DAY
    db.session.commit()

    filled = {**form, "theme_id": person.conference.themes[0].id, "problem": "Zu spät geschrieben"}
    answer = client.post(home + "submissions/new", filled)

    assert answer.status_code == 422
    assert "The call has ended" in answer.text
    assert "Zu spät geschrieben" in answer.text


def test_withdrawing_can_be_undone(client: Client, person: Participant, home: str) -> None:
    row = make.submission(person)
    client.as_participant(person)

    client.submit(f"{home}submissions/{row.id}/withdraw", {}, page=home)
    assert row.state is SubmissionState.WITHDRAWN
    client.submit(f"{home}submissions/{row.id}/restore", {}, page=home)
    assert row.state is SubmissionState.SUBMITTED


@pytest.mark.parametrize("state", [SubmissionState.DRAFT, SubmissionState.ACCEPTED, SubmissionState.DECLINED])
def test_sending_again_from_an_old_page_sends_no_draft_and_undoes_no_decision(
    client: Client, person: Participant, home: str, state: SubmissionState
) -> None:
    """Who pressed on a page that was open for long put what was declined before the organisers again."""
    row = make.submission(person, state=state, session_id=make.session(person.conference).id)
    client.as_participant(person)

    page = client.submit(f"{home}submissions/{row.id}/restore", {}, page=home)

    assert "This step is not possible any more" in page.text
    assert row.state is state


def test_whoever_edits_over_a_change_of_hers_reads_both_texts_and_can_then_save(
    client: Client, person: Participant, home: str
) -> None:
    """She read only what she had typed, and every further try was refused as well."""
    row = make.submission(person, theme_id=make.theme(person.conference).id)
    page = f"{home}submissions/{row.id}"
    old = client.as_participant(person).get(page).form("form").sent
    client.submit(page, {**old, "problem": "Auf dem Telefon"})

    refused = client.fetch(page, method="POST", data={**old, "problem": "Am Rechner"})

    assert refused.status_code == 409
    shown = Page(refused.text)
    assert "What is stored at the moment" in shown.headings
    assert "Auf dem Telefon" in shown.text
    again = shown.form("form").sent
    assert again["problem"] == ["Am Rechner"]
    client.fetch(page, method="POST", data=again)
    db.session.refresh(row)
    assert row.problem == "Am Rechner"


def test_an_edit_that_does_not_say_what_it_was_made_of_saves_over_nothing(
    client: Client, person: Participant, home: str
) -> None:
    """It was answered with 500."""
    row = make.submission(person, theme_id=make.theme(person.conference).id)
    page = f"{home}submissions/{row.id}"
    form = client.as_participant(person).get(page).form("form").sent

    answer = client.fetch(page, method="POST", data={**form, "problem": "Neu", "revision": []})

    assert answer.status_code == 409
    assert "Es gibt zu wenige Kurse" in Page(answer.text).text


def test_buttons_order_the_list_without_saving_and_save_stores_it(
    client: Client, person: Participant, home: str
) -> None:
    first, second = make.session(person.conference), make.session(person.conference)
    client.as_participant(person)
    chosen = {"revision": 0, "favourite": [first.id, second.id], "change": f"up:{second.id}"}

    moved = client.post(home + "wishes/", chosen)
    assert "Not saved yet." in moved.text
    assert not person.preferences

    page = client.submit(home + "wishes/", {"revision": 0, "favourite": [second.id, first.id]})
    assert "Your wishes are saved" in page.headings
    assert [wish.session_id for wish in person.preferences] == [second.id, first.id]


def test_a_save_beside_a_merge_keeps_what_was_chosen_as_the_whole(
    client: Client, person: Participant, home: str
) -> None:
    conference = person.conference
    one, two, other = (make.session(conference, title={"en": title, "de": title}) for title in ("Eins", "Zwei", "Drei"))
    client.as_participant(person)
    merging.merge(conference, one, [two], {"de": "Beides", "en": "Both"}, make.NOW)
    db.session.commit()

    answer = client.post(home + "wishes/", {"revision": 0, "favourite": [two.id, other.id]})

    page = Page(answer.text)
    assert (answer.status_code, page.form("form").sent["favourite"]) == (409, [str(one.id), str(other.id)])
    assert "Sessions of your list were merged in the meantime." in page.text


def test_before_choosing_begins_the_page_offers_nothing_to_add(client: Client, person: Participant, home: str) -> None:
    make.session(person.conference)
    person.conference.wishes_from = clock.now() + timedelta(1)

    text = client.as_participant(person).get(home + "wishes/").text

    assert "you can choose sessions" in text
    for wrong in ("You can add", "Your list is full", "My favourites", "There is no other session to add"):
        assert wrong not in text


def test_the_loser_of_a_race_sees_both_lists(client: Client, person: Participant, home: str) -> None:
    first, second = make.session(person.conference), make.session(person.conference)
    client.as_participant(person)
    client.submit(home + "wishes/", {"revision": 0, "favourite": [first.id]})

    answer = client.post(home + "wishes/", {"revision": 0, "favourite": [second.id]})

    assert answer.status_code == 409
    assert "What is stored at the moment" in answer.text
    assert [wish.session_id for wish in person.preferences] == [first.id]


@pytest.mark.parametrize("word", ["²", "١", "x", "", "-1", "9" * 30])
@pytest.mark.parametrize("name", ["favourite", "veto"])
def test_a_list_that_cannot_be_read_leaves_the_stored_one(
    client: Client, person: Participant, home: str, name: str, word: str
) -> None:
    """What was no number was left out, and the rest was saved: perhaps an empty list, with a receipt."""
    session = make.session(person.conference)
    make.wishes(person, session)

    answer = client.as_participant(person).post(home + "wishes/", {"revision": 0, name: [word]})

    assert answer.status_code == 422
    assert "Your list could not be read, so nothing was changed." in answer.text
    assert f'name="favourite" value="{session.id}"' in answer.text
    db.session.refresh(person)
    assert [wish.session_id for wish in person.preferences] == [session.id]


def test_too_many_wishes_are_refused_in_a_sentence(client: Client, person: Participant, home: str) -> None:
    sessions = [make.session(person.conference).id for _ in range(6)]

    answer = client.as_participant(person).post(home + "wishes/", {"revision": 0, "favourite": sessions})

    assert answer.status_code == 422
    assert "5 favourites at most" in answer.text


def test_needs_without_consent_are_not_stored(client: Client, person: Participant, home: str) -> None:
    client.as_participant(person)

    answer = client.post(home + "about/", {"needs": ["step_free"], "level-ar": "speaks"})
    assert answer.status_code == 422
    assert db.session.query(Need).count() == 0

    client.submit(home + "about/", {"needs": ["step_free"], "consent": "y", "level-ar": "speaks", "level-de": ""})
    assert [need.kind for need in person.needs] == ["step_free"]
    assert {row.language: row.level for row in person.languages} == {"ar": "speaks"}


def test_my_day_shows_the_published_meeting_with_room_and_reason(
    client: Client, person: Participant, home: str
) -> None:
    conference = person.conference
    session = make.session(conference, title={"de": "Wohnen", "en": "Housing"})
    make.wishes(person, session)
    room = make.room(conference, name="Raum 7")
    run = make.allocation(conference, snapshot=allocations.problem_of(conference, "test", clock.now()).to_json())
    meeting = make.meeting(run, session, conference.slots[0], room)
    make.assignment(meeting, person)
    conference.published = run

    page = client.as_participant(person).get(home + "day/")

    assert "Housing" in page.headings
    assert "Raum 7" in page.text
    assert "your wish number 1" in page.text
    assert "Lunch" in page.headings
    calendar = Calendar.from_ical(client.download(home + "day/calendar.ics"))
    assert {str(event["summary"]) for event in calendar.walk("VEVENT")} == {"Housing", "Lunch"}
    assert f"{meeting.key}@{conference.slug}" in {str(event["uid"]) for event in calendar.walk("VEVENT")}
    paper = PdfReader(io.BytesIO(client.download(home + "day/my-day.pdf"))).pages[0].extract_text()
    assert "Raum 7" in paper
    assert "your wish number 1" in " ".join(paper.split())


def test_my_data_can_be_taken_along_and_erased(client: Client, person: Participant, home: str) -> None:
    make.submission(person)
    client.as_participant(person)

    taken = json.loads(client.download(home + "data/my-data.json"))
    assert taken["person"]["name"] == "محمد O'Beispiel"

    id = person.id
    client.submit(home + "data/erase", {}, page=home + "data/")
    assert db.session.get(Participant, id) is None
    assert client.fetch(home).status_code == 302


def test_what_others_brought_hides_drafts_and_anonymous_names(client: Client, person: Participant, home: str) -> None:
    other = make.participant(person.conference, name="Verborgener Name")
    make.submission(other, problem="Sichtbar")
    make.submission(other, problem="Noch ein Entwurf", state=SubmissionState.DRAFT)

    page = client.as_participant(person).get(home + "others/")

    assert "Sichtbar" in page.text
    assert "Entwurf" not in page.text
    assert "Verborgener" not in page.text


def test_what_nobody_has_let_through_stands_before_its_author_alone(
    client: Client, person: Participant, home: str
) -> None:
    other = make.participant(person.conference)
    waits = make.submission(other, problem="Die Kinderbetreuung beim Sprachkurs fehlt", let_through_at=None)
    make.submission(person, problem="Mein eigenes wartet", let_through_at=None)
    client.as_participant(person)
    typed = {"problem": "Beim Sprachkurs fehlt die Kinderbetreuung völlig"}

    assert "Sprachkurs" not in client.get(home + "others/").text
    similar = client.post(home + "submissions/similar", typed, page=home + "submissions/new")
    assert "Sprachkurs" not in Page(similar.text).text
    assert client.post(f"{home}others/{waits.id}/support", {}, page=home).status_code == 404
    assert db.session.query(Supporter).count() == 0
    mine = client.get(home + "submissions/").text
    assert "Mein eigenes wartet An organiser reads it first." in mine


def test_other_words_are_read_again_before_others_see_them(client: Client, person: Participant, home: str) -> None:
    row = make.submission(person, theme_id=make.theme(person.conference).id)
    page = f"{home}submissions/{row.id}"
    client.as_participant(person)
    shown = client.get(page)
    assert "an organiser reads them before the others see them" in shown.text
    form = {**shown.fields, "problem": row.problem, "visibility": "anonymous"}

    client.post(page, {**form, "language": "en"})
    assert db.session.get(Submission, row.id).stands
    client.post(page, {**form, "problem": "Andere Worte", "revision": "1"})
    assert not db.session.get(Submission, row.id).stands


def test_pages_ask_no_more_queries_for_more_rows(client: Client, person: Participant, home: str, app: Flask) -> None:
    from tests.queries import counted

    client.as_participant(person)
    make.submission(make.participant(person.conference))
    with counted() as few:
        client.get(home + "others/")
    for _ in range(29):
        make.submission(make.participant(person.conference))
    with counted() as many:
        client.get(home + "others/")

    assert len(many) == len(few)


def test_similar_problems_are_shown_while_typing(client: Client, person: Participant, home: str) -> None:
    make.submission(make.participant(person.conference), problem="Es gibt keine Kinderbetreuung beim Sprachkurs.")
    client.as_participant(person)

    answer = client.post(
        home + "submissions/similar",
        {"problem": "Beim Sprachkurs fehlt die Kinderbetreuung völlig"},
        page=home + "submissions/new",
    )

    assert "Kinderbetreuung beim Sprachkurs" in Page(answer.text).text


def test_a_round_without_a_place_is_told_on_every_page(client: Client, person: Participant, home: str) -> None:
    conference = person.conference
    make.wishes(person, make.session(conference))
    run = make.allocation(
        conference,
        snapshot=allocations.problem_of(conference, "test", clock.now()).to_json(),
        without_place={person.key: [str(conference.slots[0].id)]},
    )
    conference.published = run
    client.as_participant(person)

    start, day = client.get(home), client.get(home + "day/")

    assert "In 1 round there is no place for you" in start.headings
    assert "Your day is ready" not in start.text
    assert "No place in this round" in day.headings
    assert "There is no place for you in this round. The organisers know it" in day.text
    assert "There is no place for you in this round." in client.get(home + "day/why").text


def test_a_plan_made_without_her_says_so_on_every_page(client: Client, person: Participant, home: str) -> None:
    """Of somebody who had cancelled and came back one page said that her day was ready, another that she was new."""
    conference = person.conference
    problem = allocations.problem_of(conference, "test", clock.now())
    conference.published = make.allocation(conference, snapshot=replace(problem, participants=()).to_json())
    client.as_participant(person)

    for page in (client.get(home), client.get(home + "day/"), client.get(home + "day/why")):
        assert "This plan does not know you yet" in page.text
        assert "It was made without you." in page.text
        assert "Your day is ready" not in page.text


@pytest.mark.parametrize("field", ["favourite", "veto", "change"])
def test_thousands_of_digits_are_no_wish(client: Client, person: Participant, home: str, field: str) -> None:
    page = home + "wishes/"
    typed = "up:" + "9" * 5000 if field == "change" else "9" * 5000

    answer = client.as_participant(person).post(page, {field: typed}, page=page)

    assert answer.status_code == (200 if field == "change" else 422)


def test_my_data_names_the_rounds_without_a_place(client: Client, person: Participant, home: str) -> None:
    conference = person.conference
    slot = conference.slots[0]
    conference.published = make.allocation(conference, without_place={person.key: [str(slot.id)]})

    page = client.as_participant(person).get(home + "data/")

    assert "No place in this round" in page.text
    assert "You have no place in what is published." not in page.text


def test_texts_in_another_language_than_the_page_are_marked(client: Client, person: Participant, home: str) -> None:
    """Nobody has translated the program into Arabic: its English sentences were read out as Arabic."""
    make.session(person.conference, title={"de": "Wohnen", "ar": "السكن"}, sentence={"de": "Mieten."})
    client.as_participant(person)

    arabic = client.fetch(home + "wishes/", language="ar").text
    english = client.fetch(home + "wishes/", language="en").text
    german = client.fetch(home + "wishes/", language="de").text

    assert '<html lang="ar" dir="rtl">' in arabic
    assert '<body lang="en">' in arabic
    assert '<span lang="ar" dir="rtl">السكن</span>' in arabic
    assert '<span lang="de" dir="ltr">Mieten.</span>' in arabic
    assert '<span lang="de" dir="ltr">Wohnen</span>' in english
    assert "<body>" in german
    assert "<span lang=" not in german


def test_a_published_draft_is_called_a_draft_wherever_it_is_read(
    client: Client, person: Participant, home: str
) -> None:
    """Her wishes page says until when she can change them, so no page says that her day is settled."""
    conference = person.conference
    snapshot = allocations.problem_of(conference, "test", clock.now()).to_json()
    conference.published = make.allocation(conference, snapshot=snapshot, is_draft=True)
    client.as_participant(person)

    start, day = client.get(home, language="de"), client.get(home + "day/", language="de")
    why, paper = client.get(home + "day/why", language="de"), client.download(home + "day/my-day.pdf")

    assert "Ihr Tag steht fest" not in start.text
    for page in (start, day, why):
        assert "Dieser Plan ist vorläufig: Wünsche lassen sich noch bis" in page.text
    printed = PdfReader(io.BytesIO(paper)).pages[0].extract_text()
    assert "This plan is a draft" in printed

    conference.wishes_until = clock.now()
    late = client.get(home, language="de")
    assert "Als er entstand, ließen sich Wünsche noch ändern." in late.text

    conference.published.is_draft = False
    assert "Ihr Tag steht fest" in client.get(home, language="de").text


@pytest.mark.parametrize("begins", [timedelta(-1), timedelta(1)], ids=["opened again", "not yet open"])
def test_no_day_is_settled_while_wishes_are_to_come(
    client: Client, person: Participant, home: str, begins: timedelta
) -> None:
    """Published before choosing began, a plan was called settled beside the date from which she can choose."""
    conference = person.conference
    snapshot = allocations.problem_of(conference, "test", clock.now()).to_json()
    conference.published = make.allocation(conference, snapshot=snapshot, is_draft=False)
    conference.wishes_from, conference.wishes_until = clock.now() + begins, clock.now() + timedelta(2)

    start = client.as_participant(person).get(home, language="de")

    assert "Ihr Tag steht fest" not in start.text
    assert "Dieser Plan ist vorläufig" in start.text


def test_the_mail_about_a_published_draft_says_so(person: Participant) -> None:
    person.conference.published = make.allocation(person.conference, is_draft=True)
    with force_locale("de"):
        message = make.message(person)
        news, draft = notifications._news(message), notifications._draft(message, clock.now())

    assert draft.startswith("Dieser Plan ist vorläufig")
    assert "stehen fest" not in news


def test_a_round_without_a_place_is_told_when_no_reason_can_be_read(
    client: Client, person: Participant, home: str
) -> None:
    """The page was silent about it, as if the round did not concern her."""
    conference = person.conference
    run = make.allocation(conference, without_place={person.key: [str(conference.slots[0].id)]})
    conference.published = run
    db.session.commit()

    page = client.as_participant(person).get(home + "day/")

    assert "No place in this round" in page.headings


def test_my_day_says_on_page_paper_and_calendar_when_it_was_published(
    client: Client, person: Participant, home: str
) -> None:
    conference = person.conference
    conference.published = make.allocation(conference, published_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    meeting = make.meeting(conference.published, make.session(conference), make.slot(conference), make.room(conference))
    make.assignment(meeting, person)
    client.as_participant(person)
    said = "Published on Monday, March 2, 10:30"

    assert said in client.get(home + "day/").text
    assert said in PdfReader(io.BytesIO(client.download(home + "day/my-day.pdf"))).pages[0].extract_text()
    calendar = client.download(home + "day/calendar.ics").decode().replace("\r\n ", "")
    assert said.replace(",", "\\,") in calendar
