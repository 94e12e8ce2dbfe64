"""Languages as an organiser decides them: of a session, of a placed meeting, of people who gave none."""

import pytest

from planner import allocations, clock, jobs
from planner.extensions import db
from planner.models import Allocation, AllocationState, Assignment, Conference, InterpreterPair, Placement, Session
from tests import factories as make
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.test_programme import filled


def stored(office: Office) -> Session:
    db.session.expire_all()
    return db.session.query(Session).one()


def test_a_new_session_is_offered_in_the_conferences_first_language(office: Office) -> None:
    office.conference.languages = ["en", "ar"]
    make.theme(office.conference)

    page = office.client.get(f"{office.home}sessions/new")

    assert page.fields["languages"] == "en"


def test_a_session_may_be_held_in_two_languages_at_once(office: Office) -> None:
    office.client.submit(f"{office.home}sessions/new", filled(office, languages=["de", "ar"], two_language="y"))

    assert (stored(office).languages, stored(office).two_language) == (["de", "ar"], True)
    text = office.client.get(f"{office.home}sessions/").text
    assert "German and Arabic, with interpreting between them" in text


@pytest.mark.parametrize("languages", [[], ["de"], ["de", "ar", "uk"]])
def test_two_at_once_means_exactly_two(office: Office, languages: list[str]) -> None:
    form = filled(office, languages=languages, two_language="y")

    answer = office.client.post(f"{office.home}sessions/new", form)

    assert answer.status_code == 422
    assert "needs exactly two" in answer.text
    assert db.session.query(Session).count() == 0


def test_where_language_plays_no_part_a_session_has_none(office: Office) -> None:
    office.client.submit(f"{office.home}sessions/new", filled(office, languages=[]))

    assert stored(office).languages == []


@pytest.fixture
def placed(office: Office) -> Placement:
    session = make.session(office.conference, languages=["de", "ar"])
    return make.placement(session, make.slot(office.conference), make.room(office.conference))


def decide(office: Office, placed: Placement, language: str) -> str:
    page = f"{office.home}programme/"
    return office.client.submit(f"{page}placements/{placed.id}/language", {"language": language}, page=page).text


def test_the_language_of_a_placed_meeting_is_decided_and_left_open_again(office: Office, placed: Placement) -> None:
    assert "Language: left to the solver" in office.client.get(f"{office.home}programme/").text

    assert "Language: Arabic" in decide(office, placed, "ar")
    assert placed.language == "ar"
    assert "Language: left to the solver" in decide(office, placed, "")
    assert placed.language is None


@pytest.mark.parametrize("language", ["uk", "x" * 40])
def test_a_meeting_is_not_held_in_a_language_that_its_session_has_not(
    office: Office, placed: Placement, language: str
) -> None:
    page = f"{office.home}programme/"
    answer = office.client.post(f"{page}placements/{placed.id}/language", {"language": language}, page=page)

    assert answer.status_code == 422
    assert "The session is not held in this language." in answer.text
    assert placed.language is None


def test_what_a_two_language_session_speaks_is_not_decided_by_hand(office: Office, placed: Placement) -> None:
    page = f"{office.home}programme/"
    seen = office.client.get(page).fields["seen"]
    placed.session.two_language = True
    db.session.commit()

    answer = office.client.post(f"{page}placements/{placed.id}/language", {"language": "ar", "seen": seen}, page=page)

    assert answer.status_code == 422
    assert "What is spoken there follows from who comes." in answer.text
    assert placed.language is None


def test_a_session_that_loses_a_language_leaves_its_meetings_open(office: Office, placed: Placement) -> None:
    placed.language = "ar"
    db.session.commit()

    office.client.submit(f"{office.home}sessions/{placed.session_id}", filled(office, languages=["de", "uk"]))

    assert db.session.query(Placement).one().language is None
    allocations.problem_of(office.conference, "test", clock.now())  # would refuse a language that is not there


def test_a_repeated_save_keeps_the_language_that_was_decided(office: Office, placed: Placement) -> None:
    placed.language = "ar"
    db.session.commit()

    office.client.submit(f"{office.home}sessions/{placed.session_id}", filled(office, languages=["de", "ar"]))

    assert db.session.query(Placement).one().language == "ar"


def test_what_no_language_means_is_a_setting(office: Office) -> None:
    page = office.client.get(f"{office.home}settings/")
    assert page.fields["presumes_language"] == "y"

    ticked = {**page.fields, "languages": ["de", "en"], "title_de": "Konferenz", "title_en": "Conference"}
    ticked.pop("presumes_language")
    office.client.submit(f"{office.home}settings/", ticked)

    assert not db.session.get_one(Conference, office.conference.id).presumes_language


@pytest.mark.parametrize(
    ("presumes", "said", "asked"),
    [
        (True, "They are taken to understand German.", "we take it that you understand German"),
        (False, "They get a place only where language plays no part.", "Please give at least one language"),
    ],
)
def test_it_is_told_before_a_run_and_to_the_people_concerned(
    office: Office, presumes: bool, said: str, asked: str
) -> None:
    office.conference.presumes_language = presumes
    make.slot(office.conference), make.room(office.conference), make.session(office.conference)
    silent = [make.participant(office.conference, languages={}) for _ in range(2)]
    make.participant(office.conference)

    assert f"2 people have given no language. {said}" in office.client.get(f"{office.home}allocations/").text
    office.client.as_participant(silent[0])
    assert asked in office.client.get(f"/c/{office.conference.slug}/me/about/").text


def test_a_session_that_nobody_could_lead_in_its_language_is_named(office: Office) -> None:
    make.slot(office.conference), make.room(office.conference)
    session = make.session(office.conference, languages=["de", "ar"], title={"en": "Housing"})
    make.role(session, make.participant(office.conference))

    text = office.client.get(f"{office.home}allocations/").text

    assert "“Housing” may be held in Arabic, but nobody who leads it understands that." in text
    assert "may be held in German, but nobody" not in text


def test_two_languages_that_nobody_bridges_are_named(office: Office) -> None:
    make.slot(office.conference), make.room(office.conference)
    make.session(office.conference, languages=["de", "ar"], two_language=True, title={"en": "Housing"})
    person, page = make.participant(office.conference), f"{office.home}allocations/"
    said = (
        "Nobody interprets between German and Arabic. "
        "So “Housing” is only for people who all understand the same one of them."
    )

    assert said in office.client.get(page).text
    person.interprets.append(InterpreterPair(source="ar", target="de"))
    assert said not in office.client.get(page).text


def test_a_list_of_people_without_languages_is_allocated(office: Office) -> None:
    """Typed in as an organiser has them: names only; sessions in German, as a new session is."""
    make.slot(office.conference), make.room(office.conference)
    form = filled(office, minimum="2", maximum="20", offered="1")
    form.pop("languages")
    page = office.client.get(f"{office.home}sessions/new")
    office.client.submit(f"{office.home}sessions/new", {**form, "languages": page.fields["languages"]})
    for number in range(12):
        there = str(office.conference.slots[0].id)
        office.client.submit(
            f"{office.home}people/new",
            {"name": f"Person {number}", "group_id": "0", "organisation_id": "0", "locale": "de", "present": there},
        )

    office.client.submit(
        f"{office.home}allocations/", {"preset": "wishes_first", "seconds": "2"}, page=f"{office.home}allocations/"
    )
    run = db.session.query(Allocation).one()
    jobs.run_allocation(run.id)

    db.session.refresh(run)
    assert run.state is AllocationState.SOLVED
    assert db.session.query(Assignment).filter_by(allocation_id=run.id).count() == 12
    assert "12 people have given no language." in office.client.get(f"{office.home}allocations/").text
