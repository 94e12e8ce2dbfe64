"""What the solver is told of a conference, and what is left out because it is gone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from planner import allocations, clock, jobs
from planner.allocations import Contradiction
from planner.allocations.words.faults import fault
from planner.extensions import db
from planner.models import AllocationState, AuditEntry, Conference, InterpreterPair, InterpretingMode, Quota
from solver import Mode, Problem
from solver.problem import validation
from tests import factories as make
from tests.client import Client, Page
from tests.planner.allocations.small import SETTINGS, fill, pressed, small


def asked(conference: Conference) -> Problem:
    return allocations.problem_of(conference, "system", clock.now())


def test_what_is_set_about_a_cancelled_session_is_left_out(app: Flask) -> None:
    """A bound for a group in a session that was cancelled made Einteilen answer 500."""
    conference, organiser = small()
    first, second = conference.sessions
    group = conference.groups[0]
    for session in (first, second, None):
        id = session.id if session else None
        make.add(Quota(conference_id=conference.id, group_id=group.id, session_id=id, maximum=9))
    make.placement(first, conference.slots[0], None)
    db.session.commit()
    client = Client(app).as_organiser(organiser)
    home = f"/organise/{conference.slug}"

    client.submit(f"{home}/sessions/{first.id}/cancel", {}, page=f"{home}/sessions/{first.id}")
    answer = client.post(f"{home}/allocations/", {"preset": "balanced", "seconds": 2})

    assert answer.status_code == 302
    problem = asked(conference)
    assert [session.id for session in problem.sessions] == [str(second.id)]
    assert [quota.session for quota in problem.quotas] == [str(second.id), None]
    assert problem.meetings == ()
    assert {favourite for person in problem.participants for favourite in person.favourites} == {str(second.id)}


def pair(**given: Any) -> InterpreterPair:
    return InterpreterPair(**{"source": "de", "target": "ar", "listeners": 12, "most_slots_in_a_row": 2, **given})


@pytest.mark.parametrize("mode", list(InterpretingMode))
def test_an_interpreters_mode_reaches_the_solver(app: Flask, mode: InterpretingMode) -> None:
    """Everybody was handed over as working one after the other, alone."""
    conference, _organiser = make.organised()
    person = make.participant(conference, attends=False)
    person.interprets = [pair(mode=mode), pair(source="de", target="tr", mode=mode, listeners=9)]

    told = asked(conference).interpreters[0]

    assert told.mode is Mode(mode.value)
    assert told.pairs == {"de-ar", "de-tr"}
    assert told.listeners == 9


def test_who_works_alone_and_in_a_booth_is_asked_for_what_she_does_alone(app: Flask) -> None:
    conference, _organiser = make.organised()
    person = make.participant(conference, attends=False)
    person.interprets = [
        pair(mode=InterpretingMode.SIMULTANEOUS, listeners=40),
        pair(source="de", target="tr", mode=InterpretingMode.WHISPERING, listeners=2),
    ]

    told = asked(conference).interpreters[0]

    assert (told.mode, told.pairs, told.listeners) == (Mode.WHISPERING, {"de-tr"}, 2)


def test_what_contradicts_itself_is_a_sentence_with_a_place(app: Flask) -> None:
    conference, organiser = make.organised()
    fill(conference)
    person = conference.participants[0]
    person.interprets = [pair(target="de-DE")]
    db.session.commit()

    with pytest.raises(Contradiction) as refused:
        asked(conference)
    page = Client(app).as_organiser(organiser).get(f"/organise/{conference.slug}/allocations/")
    client = Client(app).as_organiser(organiser)
    run = pressed(client, conference)
    jobs.run_allocation(run.id)
    ending = client.get(f"/organise/{conference.slug}/allocations/{run.number}")
    ahead = Client(app).as_organiser(organiser).fetch(f"/organise/{conference.slug}/allocations/forecast")

    assert refused.value.fault.path.startswith("$.interpreters[0]")
    assert "What is set contradicts itself" in page.text
    assert run.state is AllocationState.FAILED
    assert run.attempts == 1
    assert "What is set contradicts itself" in ending.text
    assert ahead.status_code == 409
    assert "What is set contradicts itself" in ahead.text


def test_a_contradiction_is_told_in_the_readers_language_and_names_whom_it_concerns(app: Flask) -> None:
    """Pages showed the solver's own English: "$.interpreters[0].pairs 'de-de-DE' is not two languages with a dash"."""
    conference, organiser = make.organised()
    fill(conference)
    person = conference.participants[0]
    person.interprets = [pair(target="de-DE")]
    db.session.commit()
    client = Client(app).as_organiser(organiser)
    home = f"/organise/{conference.slug}/"
    run = pressed(client, conference)
    jobs.run_allocation(run.id)

    pages = [home, f"{home}allocations/", f"{home}allocations/forecast", f"{home}allocations/{run.number}"]
    texts = [Page(client.fetch(page, language="de").text).text for page in pages]

    assert all("soll zwischen zwei Sprachen dolmetschen, aber das sind keine zwei" in text for text in texts)
    assert [person.name in text for text in texts] == [True, True, True, False]
    assert [text for text in texts if "$." in text or "write" in text] == []
    assert person.key not in json.dumps(run.reason)


def test_every_code_of_a_fault_has_its_sentence_in_both_languages(app: Flask) -> None:
    """Codes that are not there yet are told in general, never in the solver's words."""
    conference, _organiser = make.organised()
    source = Path(validation.__file__).read_text()
    codes = set(re.findall(r'"([a-z_]+)", (?:facts|\{)', source))
    facts = {"session": "0", "slot": "0", "room": "0", "participant": "0", "pair": "de-ar", "value": "0"}

    assert len(codes) == 15
    for language in ("de", "en"):
        with app.test_request_context(headers={"Accept-Language": language}):
            told = {code: fault(code, facts, conference) for code in codes}
            in_general = fault("", {}, conference)
            assert [code for code, sentence in told.items() if sentence == in_general] == []
            assert len(set(told.values())) == len(codes)


def test_a_run_that_failed_before_codes_were_kept_still_says_why_in_general(app: Flask) -> None:
    conference, organiser = make.organised()
    reason = {"code": "contradiction", "facts": {"fault": "$.rooms[0] is wrong; mend it"}}
    run = make.allocation(conference, state=AllocationState.FAILED, reason=reason)

    page = Client(app).as_organiser(organiser).get(f"/organise/{conference.slug}/allocations/{run.number}")

    assert "Two of these settings do not fit together." in page.text
    assert "$.rooms" not in page.text


def test_the_points_before_a_run_leave_no_trace_of_needs(app: Flask) -> None:
    conference, organiser = small()

    Client(app).as_organiser(organiser).get(f"/organise/{conference.slug}/allocations/")

    assert db.session.query(AuditEntry).filter_by(action="needs.read").count() == 0


def test_settings_and_result_travel_as_what_they_are(app: Flask) -> None:
    conference, organiser = small()

    run = allocations.create(conference, SETTINGS, organiser, clock.now())

    assert run.settings == json.loads(json.dumps({"preset": "wishes_first", "time_limit": 2, "workers": 1}))
