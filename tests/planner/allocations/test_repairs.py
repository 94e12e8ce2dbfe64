"""Staying close to what is published: what is let go, when, and that people are told how long it may take."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from planner import allocations, clock, jobs, participants
from planner.allocations.runs import work
from planner.extensions import db
from planner.models import Allocation, AllocationState, Conference, LanguageLevel, Level, Participant, User
from solver import Preset, Problem, Settings, Solution, Status, most_seconds
from tests import factories as make
from tests.planner.allocations.small import SETTINGS, solved

NEAR = replace(SETTINGS, preset=Preset.REPAIR)
OTHER = {"de": "ar", "ar": "de"}


def in_one_of_two_languages() -> tuple[Conference, User, Allocation]:
    """One session that may be held in either, and published in one of them."""
    conference, organiser = make.organised()
    make.slot(conference)
    make.room(conference)
    session = make.session(conference, minimum=1, languages=["de", "ar"])
    for _ in range(3):
        make.wishes(make.participant(conference, languages={"de": "speaks", "ar": "speaks"}), session)
    before = solved(conference, organiser)
    conference.published_id = before.id
    db.session.commit()
    return conference, organiser, before


def speaks(person: Participant, language: str) -> None:
    person.languages.clear()
    db.session.flush()
    person.languages = [LanguageLevel(language=language, level=Level.SPEAKS)]


def repaired(conference: Conference, organiser: User) -> Allocation:
    run = allocations.create(conference, NEAR, organiser, clock.now())
    db.session.commit()
    jobs.run_allocation(run.id)
    db.session.refresh(run)
    return run


def test_a_language_is_let_go_where_places_would_be_missing(app: Flask) -> None:
    """Published meetings were let go only where there was no plan at all: three people were left without a place."""
    conference, organiser, before = in_one_of_two_languages()
    other = OTHER[before.meetings[0].language or ""]
    for person in participants.listed(conference):
        speaks(person, other)
    db.session.commit()

    run = repaired(conference, organiser)

    assert run.missing == 0
    assert [meeting.language for meeting in run.meetings] == [other]
    assert Problem.from_json(run.snapshot).hash == run.snapshot_hash
    assert allocations.outdated(run) is None
    assert allocations.fit([run], allocations.today(conference).problem) == {run.id: True}


def test_a_language_that_is_fixed_by_hand_stays_whatever_it_costs(app: Flask) -> None:
    conference, organiser, before = in_one_of_two_languages()
    spoken = before.meetings[0].language or ""
    make.placement(conference.sessions[0], conference.slots[0], language=spoken)
    for person in participants.listed(conference)[:2]:
        speaks(person, OTHER[spoken])
    db.session.commit()

    run = repaired(conference, organiser)

    assert run.missing == 2
    assert [meeting.language for meeting in run.meetings] == [spoken]


def test_places_that_were_missing_before_let_nothing_go(app: Flask) -> None:
    conference, organiser, before = in_one_of_two_languages()
    spoken = before.meetings[0].language or ""
    person = participants.listed(conference)[0]
    speaks(person, OTHER[spoken])
    before.without_place = {person.key: [str(conference.slots[0].id)]}
    db.session.commit()

    run = repaired(conference, organiser)

    assert run.missing == 1
    assert [meeting.language for meeting in run.meetings] == [spoken]


def test_all_searches_together_end_when_people_are_told(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one had the whole allowance again, so a run could take twice as long as its page said."""
    conference, organiser, _before = in_one_of_two_languages()
    run = allocations.create(conference, NEAR, organiser, clock.now())
    db.session.commit()
    began, passed, limits, answers = clock.now(), [0.0], [], []
    most = most_seconds(NEAR.time_limit)

    def slow(problem: Problem, settings: Settings, _note: object, wish: object) -> Solution:
        limits.append(settings.time_limit)
        passed[0] = max(passed[0], most - (3 if len(limits) == 1 else 0.5))
        answers.append(wish())  # type: ignore[operator]
        passed[0] = max(passed[0], 0 if len(limits) == 1 else most)
        answers.append(wish())  # type: ignore[operator]
        return Solution(Status.INFEASIBLE) if len(limits) == 1 else Solution(Status.UNKNOWN, reason="cancelled")

    def now() -> datetime:
        return began + timedelta(seconds=passed[0])

    monkeypatch.setattr(work, "solve_apart", slow)
    allocations.run(run.id, "w", now, db.session.commit)

    db.session.refresh(run)
    assert limits == [NEAR.time_limit, 1.5, 1.0]
    assert answers == ["", "", "", "cancel", "cancel", "cancel"]
    assert run.state is AllocationState.UNKNOWN  # what was held was impossible, not the conference


def test_who_stops_the_first_search_gets_what_it_had(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another search was begun after it, for languages that might have helped."""
    conference, organiser, before = in_one_of_two_languages()
    for person in participants.listed(conference)[:2]:
        speaks(person, OTHER[before.meetings[0].language or ""])
    run = allocations.create(conference, NEAR, organiser, clock.now())
    db.session.commit()
    searches, search = [], work.solve_apart

    def stopped(*asked: Any) -> Solution:
        found = search(*asked)
        searches.append(found)
        run.stop_wanted = True
        db.session.commit()
        return found

    monkeypatch.setattr(work, "solve_apart", stopped)
    allocations.run(run.id, "w", clock.now, db.session.commit)

    db.session.refresh(run)
    assert len(searches) == 1
    assert (run.state, run.missing) == (AllocationState.SOLVED, 2)
