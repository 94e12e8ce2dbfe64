"""After erasure nothing leads to her, and nobody else's page breaks: every plan keeps an empty chair."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from planner import allocations, auth, clock, create_app, erasure, jobs, locks, participants, preferences, submissions
from planner.allocations.results.publish import keeps_every_rule
from planner.config import Config
from planner.errors import Gone
from planner.extensions import db
from planner.models import (
    Allocation,
    AllocationState,
    Assignment,
    AssignmentRole,
    AuditEntry,
    Conference,
    ImportBatch,
    ImportState,
    InterpreterPair,
    LanguageLevel,
    Level,
    Need,
    NeedKind,
    Organisation,
    Participant,
    PersonalLink,
    Preference,
    Quota,
    Submission,
    SubmissionState,
    Supporter,
    User,
    Visibility,
    random_key,
)
from planner.submissions import Statement
from solver import Problem, solve
from tests import factories as make
from tests.at_once import DONE, at_once
from tests.client import Client
from tests.conftest import settled
from tests.planner.allocations.small import SETTINGS, solved

TEXT = "Niemand liest meinen Brief."


def now() -> datetime:
    return make.NOW


@dataclass
class Plan:
    """Two rounds in two rooms, interpreted into Arabic by one; a run that is published and one that is not."""

    conference: Conference
    organiser: User
    people: dict[str, Participant]
    published: Allocation
    draft: Allocation

    def page(self, path: str) -> str:
        return f"/organise/{self.conference.slug}/allocations/{path}"


@pytest.fixture(scope="module")
def planned(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Solved once; each test has a copy."""
    folder = tmp_path_factory.mktemp("planned")
    app = create_app(settled(migrated, folder))
    with app.app_context():
        fill()
        db.session.remove()
        db.engine.dispose()
    return folder / "planner.sqlite3"


@pytest.fixture
def config(planned: Path, tmp_path: Path) -> Config:
    return settled(planned, tmp_path)


@pytest.fixture
def plan(app: Flask) -> Plan:
    conference = db.session.scalars(sa.select(Conference)).one()
    draft = db.session.scalars(sa.select(Allocation).where(Allocation.id != conference.published_id)).one()
    people = {person.name: person for person in conference.participants}
    assert conference.published
    return Plan(conference, conference.members[0].user, people, conference.published, draft)


def fill() -> None:
    conference, organiser = make.organised(most_vetoes=1)
    groups = [make.group(conference), make.group(conference, is_sensitive=True)]
    for _ in range(2):
        make.slot(conference)
        make.room(conference)
    sessions = [make.session(conference, minimum=1, offered=2, languages=["de"]) for _ in range(2)]
    for at, name in enumerate(("Amal", "Bela", "Cem", "Dora", "Emil", "Fatma")):
        make.wishes(make.participant(conference, name=name, group_id=groups[at % 2].id), *sessions)
    make.role(sessions[0], make.participant(conference, name="Leitung", group_id=groups[0].id))
    make.participant(conference, name="Gast", languages={"ar": "speaks"}, group_id=groups[1].id)
    hala = make.participant(conference, name="Hala", languages={"de": "speaks", "ar": "speaks"}, attends=False)
    hala.interprets = [InterpreterPair(source="ar", target="de")]
    db.session.add(Quota(conference_id=conference.id, group_id=groups[1].id, minimum=2))
    db.session.commit()
    published, draft = solved(conference, organiser), solved(conference, organiser)
    assert published.state is draft.state is AllocationState.SOLVED, published.reason
    allocations.publish(published, organiser, clock.now())
    db.session.commit()


def erased(plan: Plan, *names: str) -> None:
    for name in names:
        erasure.erase(plan.people[name], clock.now(), leaves_statements=False)
    db.session.commit()


WHO = [("Amal",), ("Hala",), ("Leitung",), ("Gast",), ("Amal", "Bela", "Hala")]


@pytest.mark.parametrize("names", WHO)
def test_no_page_of_anybody_breaks(client: Client, plan: Plan, names: tuple[str, ...]) -> None:
    """The fairness note, its table and the reasons of others answered 500, and so on."""
    meetings = [meeting.id for meeting in plan.published.meetings]
    others = [person for name, person in plan.people.items() if name not in names]
    erased(plan, *names)

    client.as_organiser(plan.organiser)
    for run in (plan.published, plan.draft):
        client.get(plan.page(f"{run.number}"))
        client.get(plan.page(f"{run.number}/fairness"))
        client.download(plan.page(f"{run.number}/fairness.csv"))
        for person in others:
            client.get(plan.page(f"{run.number}/people/{person.id}"))
    for meeting in meetings:
        client.get(plan.page(f"{plan.published.number}/meetings/{meeting}"))
    for path in ("", "forecast"):
        client.get(plan.page(path))
    for person in others:
        home = f"/c/{plan.conference.slug}/"
        reader = Client(client.app).as_participant(person)
        for path in ("me/", "me/day/", "me/day/why", "me/data/", "me/others/"):
            reader.get(home + path)
        reader.download(f"{home}me/day/my-day.pdf")
        if person.name == "Leitung":
            for place in db.session.scalars(sa.select(Assignment).filter_by(participant_id=person.id)):
                if place.allocation_id == plan.published.id:
                    for paper in ("brief.pdf", "names.csv", "names.pdf", "confidential.xlsx", "confidential.pdf"):
                        reader.download(f"{home}facilitate/meetings/{place.meeting_id}/{paper}")


@pytest.mark.parametrize("names", WHO)
def test_a_run_can_be_taken_back_and_published_again_and_another_one_published(
    client: Client, plan: Plan, names: tuple[str, ...]
) -> None:
    """One person could void every finished run."""
    client.as_organiser(plan.organiser)
    erased(plan, *names)

    client.post(plan.page(f"{plan.published.number}/unpublish"), {}, page=plan.page(f"{plan.published.number}"))
    assert plan.conference.published_id is None
    for run in (plan.published, plan.draft):
        form = {"accepted": "outdated"}
        client.post(plan.page(f"{run.number}/publish"), form, page=plan.page(f"{run.number}"))
        assert plan.conference.published_id == run.id


def test_an_empty_chair_does_not_hide_that_somebody_else_was_moved(plan: Plan) -> None:
    erased(plan, "Amal")
    assert keeps_every_rule(plan.draft)
    leads = sa.select(Assignment).filter_by(allocation_id=plan.draft.id, role=AssignmentRole.FACILITATOR)
    db.session.delete(db.session.scalars(leads).first())
    db.session.flush()

    assert not keeps_every_rule(plan.draft)


def test_the_empty_chair_of_one_run_is_not_that_of_another(client: Client, plan: Plan) -> None:
    key = plan.people["Gast"].key
    erased(plan, "Gast")

    chairs = {
        run.id: set(db.session.scalars(sa.select(Assignment.chair).where(Assignment.allocation_id == run.id)))
        for run in (plan.published, plan.draft)
    }
    assert not (chairs[plan.published.id] & chairs[plan.draft.id]) - {None}
    assert all(len(names - {None}) == 1 for names in chairs.values())
    for run in (plan.published, plan.draft):
        question = json.loads(run.snapshot)
        chair = question["participants"][-1]  # people stand in the order of their names
        assert key not in run.snapshot
        assert set(chair) == {"id", "slots"}
        assert chair["id"] in chairs[run.id]
        places = db.session.scalars(sa.select(Assignment).filter_by(allocation_id=run.id, chair=chair["id"])).all()
        assert {(place.listens_in, place.voices) for place in places} == {(None, None)}
    meeting = f"{plan.published.number}/meetings/{plan.published.meetings[0].id}"
    assert "an empty chair" in client.as_organiser(plan.organiser).get(plan.page(meeting)).text


def test_whoever_has_no_place_leaves_no_chair(plan: Plan) -> None:
    """A run that waits, or found nothing, keeps nothing of her at all."""
    run = allocations.create(plan.conference, SETTINGS, plan.organiser, clock.now())
    db.session.commit()
    count = len(json.loads(run.snapshot)["participants"])
    erased(plan, "Leitung")

    question = json.loads(run.snapshot)
    assert len(question["participants"]) == count - 1
    assert "facilitators" not in question["sessions"][0]
    jobs.run_allocation(run.id)
    db.session.refresh(run)
    assert run.state is AllocationState.SOLVED


def test_a_run_under_way_stores_nothing_about_somebody_erased_meanwhile(plan: Plan) -> None:
    run = allocations.create(plan.conference, SETTINGS, plan.organiser, clock.now())
    db.session.commit()
    problem, key = Problem.unpacked(run.snapshot), plan.people["Cem"].key
    allocations.claim(run.id, "worker", clock.now())
    erased(plan, "Cem")

    allocations.finish(run.id, "worker", problem, solve(problem, SETTINGS), clock.now())
    db.session.commit()

    assert run.state is AllocationState.FAILED
    assert run.reason == {"code": "changed", "facts": {}}
    assert key not in run.snapshot


def test_her_number_and_that_of_her_link_are_never_given_again(app: Flask) -> None:
    """A browser that knew her link's number would have opened the next person's pages."""
    conference = make.conference()
    last = make.participant(conference)
    auth.mint_link(last, clock.now())
    db.session.commit()
    mine, link = last.id, db.session.scalars(sa.select(sa.func.max(PersonalLink.id))).one()
    erasure.erase(last, clock.now(), leaves_statements=False)
    db.session.commit()

    new = make.participant(conference)
    auth.mint_link(new, clock.now())
    db.session.flush()

    assert new.id > mine
    assert db.session.scalars(sa.select(sa.func.max(PersonalLink.id))).one() > link


@pytest.mark.parametrize(("choice", "left"), [("leave", [TEXT]), ("", [])])
def test_she_decides_whether_what_she_brought_stays_without_her(client: Client, choice: str, left: list[str]) -> None:
    conference = make.conference()
    person, reader = make.participant(conference), make.participant(conference)
    row = make.submission(person, problem=TEXT, visibility=Visibility.NAMED)
    receipt = row.receipt
    for state in (SubmissionState.DRAFT, SubmissionState.WITHDRAWN, SubmissionState.DECLINED):
        make.submission(person, problem="Sonst nichts.", state=state)
    home = f"/c/{conference.slug}/me/"
    client.as_participant(person)
    assert "Erase me, leave my texts without my name" in client.get(f"{home}data/").text

    client.submit(f"{home}data/erase", {"statements": choice}, page=f"{home}data/")

    rows = db.session.scalars(sa.select(Submission)).all()
    assert [row.problem for row in rows] == left
    assert {(row.author_id, row.visibility) for row in rows} <= {(None, Visibility.ANONYMOUS)}
    assert receipt not in {row.receipt for row in rows}
    assert (TEXT in Client(client.app).as_participant(reader).get(f"{home}others/").text) == bool(left)


@pytest.mark.parametrize(("choice", "left"), [("leave", [TEXT]), ("", [])])
def test_organisers_erase_somebody_who_asks_them_to(client: Client, choice: str, left: list[str]) -> None:
    conference, organiser = make.organised()
    person = make.participant(conference)
    make.submission(person, problem=TEXT)
    client.as_organiser(organiser)
    page, id = f"/organise/{conference.slug}/people/{person.id}", person.id

    read = client.submit(f"{page}/erase", {"statements": choice}, page=page)

    assert "Everything about this person is erased." in read.text
    assert db.session.get(Participant, id) is None
    assert db.session.scalars(sa.select(Submission.problem)).all() == left
    entry = db.session.scalars(sa.select(AuditEntry).filter_by(action="participant.erased")).one()
    assert (entry.actor, entry.subject) == (f"organiser:{organiser.id}", f"participant:{id}")
    client.get(page, status=404)


def test_an_organisers_change_of_somebody_erased_meanwhile_is_refused(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    conference, organiser = make.organised()
    person = make.participant(conference)
    client.as_organiser(organiser)
    page, id = f"/organise/{conference.slug}/people/{person.id}", person.id
    set_absences = participants.set_absences

    def slower(row: Participant, slots: list[int]) -> None:
        set_absences(row, slots)
        gone = sa.delete(Participant).where(Participant.id == id).execution_options(synchronize_session=False)
        with db.session.no_autoflush:
            db.session.execute(gone)

    monkeypatch.setattr(participants, "set_absences", slower)
    form = {"name": "Neuer Name", "group_id": "0", "organisation_id": "0", "locale": "de"}

    answer = client.post(page, form)

    assert answer.status_code == 409


def test_a_second_press_is_no_second_erasure(app: Flask) -> None:
    conference = make.conference()
    person = make.participant(conference)
    db.session.commit()
    ids, now = {person.id}, clock.now()
    asked = {"leaves_statements": False, "actor": "system"}

    assert erasure.everybody(conference, ids, now, **asked) == 1
    assert erasure.everybody(conference, ids, now, **asked) == 0


def test_chairs_survive_going_back_and_forward_without_losing_anybody(app: Flask, plan: Plan) -> None:
    erased(plan, "Amal")
    seats = db.session.scalar(sa.select(sa.func.count()).select_from(Assignment).where(Assignment.chair.is_(None)))
    people = db.session.scalar(sa.select(sa.func.count()).select_from(Participant))
    db.session.rollback()

    downgrade(revision="0007")
    upgrade()

    assert db.session.scalar(sa.select(sa.func.count()).select_from(Assignment)) == seats
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Participant)) == people
    assert {place.role for place in db.session.scalars(sa.select(Assignment))} >= {AssignmentRole.FACILITATOR}


def test_what_races_with_erasure_is_erased_with_her_or_finds_nobody(either_app: Flask) -> None:
    """On PostgreSQL wishes, needs, languages and statements stayed behind, and it ended in deadlocks."""
    conference = make.conference()
    theme, session = make.theme(conference).id, make.session(conference).id
    others = make.submission(make.participant(conference)).id
    rows = [make.participant(conference).id for _ in range(8)]
    db.session.commit()

    for id in rows:

        def person(id: int = id) -> Participant:
            found = db.session.get(Participant, id)
            if found is None:  # as at the door of a page
                raise Gone
            return found

        told = at_once(
            either_app,
            lambda: erasure.erase(person(), make.NOW, leaves_statements=False),
            lambda: preferences.save_ranking(person(), [session], [], 0, now),
            lambda: submissions.submit(person(), Statement(theme, TEXT), random_key(), now),
            lambda: submissions.support(db.session.get_one(Submission, others), person()),
            lambda: participants.save_details(person(), {"ar": Level.SPEAKS}, [NeedKind.QUIET], [], now, consent=True),
        )
        assert told[0] == DONE
        assert set(told) <= {DONE, Gone}

    assert not db.session.scalars(sa.select(Participant).where(Participant.id.in_(rows))).all()
    for table in (Preference, Need, LanguageLevel, Supporter):
        assert not db.session.scalars(sa.select(table).where(table.participant_id.in_(rows))).all()
    assert TEXT not in db.session.scalars(sa.select(Submission.problem)).all()


def test_a_page_that_was_open_when_she_was_erased_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answered 500 where the row had gone between the door and the form."""
    person = make.participant(make.conference())
    home, id = f"/c/{person.conference.slug}/me/", person.id
    client.as_participant(person)
    held = locks.person

    def slower(row: Participant) -> None:
        db.session.execute(sa.delete(Participant).where(Participant.id == id))
        held(row)

    monkeypatch.setattr(locks, "person", slower)

    answer = client.post(f"{home}wishes/", {"revision": "0"})

    assert answer.status_code == 409
    assert "your data is erased" in answer.text


def test_no_list_keeps_a_file_name_and_no_organisation_is_left_without_people(app: Flask) -> None:
    """Both may be her name: "Anmeldung Erika Beispiel.xlsx", "Praxis Erika Beispiel"."""
    conference, others = make.conference(), make.conference()
    hers, shared = (make.add(Organisation(conference_id=conference.id, name=name)) for name in ("Praxis", "Caritas"))
    nobodys = make.add(Organisation(conference_id=conference.id, name="Stadt"))
    erika = make.participant(conference, organisation_id=hers.id)
    hans = make.participant(conference, organisation_id=shared.id)
    make.participant(conference, organisation_id=shared.id)
    for place, state in ((conference, "APPLIED"), (conference, "DRAFT"), (others, "APPLIED")):
        make.import_batch(place, file_name="Anmeldung Erika Beispiel.xlsx", state=ImportState[state])
    db.session.commit()

    erasure.everybody(conference, {erika.id, hans.id}, now(), leaves_statements=False, actor="organiser:1")
    db.session.commit()

    names = sa.select(ImportBatch.file_name).order_by(ImportBatch.id)
    assert db.session.scalars(names).all() == ["", "", "Anmeldung Erika Beispiel.xlsx"]
    assert {body.id for body in conference.organisations} == {shared.id, nobodys.id}
