"""Two people change the same thing: the second reads what the first has stored, and loses nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from planner.extensions import db
from planner.models import Conference, Placement, Session
from tests import factories as make
from tests.client import Client, Page
from tests.planner.test_policy import Door
from tests.planner.world import build

MAKERS: dict[str, Callable[[Conference], Any]] = {
    "people": make.participant,
    "sessions": lambda conference: make.session(conference, theme_id=make.theme(conference).id),
    "rooms": make.room,
    "rounds": make.slot,
    "themes": make.theme,
    "groups": make.group,
    "agenda": make.agenda_item,
}


def opened(client: Client, path: str) -> dict[str, list[str]]:
    return Page(client.fetch(path).text).form("form").sent


def first_text(form: dict[str, list[str]]) -> str:
    """The name or title, of a table that of its first stored row."""
    return next(name for name in form if re.fullmatch("(r[0-9]+-)?(name|title|title_de|subject)", name))


@pytest.mark.parametrize("kind", [*MAKERS, "settings"])
def test_the_second_sees_what_the_first_has_stored_and_loses_nothing(either_app: Flask, kind: str) -> None:
    conference, organiser = make.organised()
    make.slot(conference)
    made = MAKERS[kind](conference) if kind in MAKERS else None
    path = f"/organise/{conference.slug}/{kind}/" + (str(made.id) if made else "")
    client = Client(either_app).as_organiser(organiser)
    first, second = opened(client, path), opened(client, path)
    text = first_text(first)

    saved = client.fetch(path, method="POST", data={**first, text: "Von der Ersten"})
    refused = client.fetch(path, method="POST", data={**second, text: "Von der Zweiten"})
    kept = opened(client, path)[text]
    again = Page(refused.text).form("form").sent
    saved_after = client.fetch(path, method="POST", data=again)

    assert (saved.status_code, refused.status_code, saved_after.status_code) == (302, 409, 302)
    assert "What is stored at the moment" in refused.text
    assert "Von der Ersten" in refused.text
    assert kept == ["Von der Ersten"]
    assert again[text] == ["Von der Zweiten"]
    assert opened(client, path)[text] == ["Von der Zweiten"]


def test_a_form_without_its_revision_saves_over_nothing(app: Flask) -> None:
    conference, organiser = make.organised()
    session = MAKERS["sessions"](conference)
    path = f"/organise/{conference.slug}/sessions/{session.id}"
    client = Client(app).as_organiser(organiser)
    form = opened(client, path) | {"seen": [""], "title_de": ["Anders"]}

    assert client.fetch(path, method="POST", data=form).status_code == 409
    assert db.session.get(Session, session.id).title["de"] != "Anders"


def test_who_leads_is_part_of_what_was_seen(app: Flask) -> None:
    conference, organiser = make.organised()
    session, person = MAKERS["sessions"](conference), make.participant(conference, name="Leitung Neu")
    path = f"/organise/{conference.slug}/sessions/{session.id}"
    client = Client(app).as_organiser(organiser)
    form = opened(client, path)
    make.role(session, person)

    answer = client.fetch(path, method="POST", data=form)

    assert answer.status_code == 409
    assert re.search("<dt>Who leads it\\?</dt><dd[^>]*>Leitung Neu</dd>", answer.text)


TAKES_HER_PLACE = {"organiser.places.instead"}
"""After that she has no pages to save on."""
SAVES = {"participant.wishes.save", "organiser.programme.language", "organiser.programme.place"}
"""Forms over what is stored that another address shows."""
ELSEWHERE = {"organiser.mail.edit"}
"""Where the tests' machine has mail set outside it is no form: test_mail_set_up.py asks the same of it."""
HERS_ALONE = {"organiser.imports.show"}
"""Choices about a list that only she sees who brought it; what it changes is held against what she was shown."""


def forms_over_something_stored(app: Flask) -> set[str]:
    """Every address of ours that shows a form and takes it back, but for those that make something new."""
    both = {rule.endpoint for rule in app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())}
    ours = {endpoint for endpoint in both if endpoint.partition(".")[0] in {"participant", "organiser", "facilitator"}}
    return {endpoint for endpoint in ours - HERS_ALONE if not endpoint.endswith(".new")} | SAVES


CHANGES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "participant.commitments.edit": ({"does": "yes"}, {"does": "no"}),
    "organiser.commitments.edit": ({"does": "yes"}, {"does": "no"}),
    "participant.about.edit": ({"level-tr": "speaks"}, {"level-tr": "understands"}),
    "organiser.needs.edit": ({"needs": ["quiet"], "consent": "paper"}, {"needs": ["step_free"], "consent": "paper"}),
    "organiser.submissions.note": ({"note": "Von der Ersten"}, {"note": "Von der Zweiten"}),
    "organiser.rules.edit": ({"maximum": "5"}, {"maximum": "6"}),
    "organiser.rules.organisations": ({"most": "3"}, {"most": "4"}),
    "organiser.rules.prices": ({"quotas_hold": "first"}, {"quotas_hold": "last"}),
    "participant.submissions.edit": ({"problem": "Von der Ersten"}, {"problem": "Von der Zweiten"}),
}


def test_no_form_saves_over_what_another_has_stored(app: Flask) -> None:
    """Of two tabs with "About me" the last one won, and nobody was told."""
    world, found = build(app), {}
    world.here.call_until = make.NOW + make.DAY
    make.organisation(world.here)
    one, other = (str(session.number) for session in world.here.sessions)
    changes = CHANGES | {"organiser.wishes.edit": ({"line": one}, {"line": other})}
    for endpoint in sorted(forms_over_something_stored(app) - SAVES - TAKES_HER_PLACE - ELSEWHERE):
        rule = next(iter(app.url_map.iter_rules(endpoint)))
        path, client = Door(rule, "POST").path(world, 0), world.caller(endpoint.partition(".")[0])
        form = opened(client, path)
        text = first_text(form) if endpoint not in changes else ""
        first, second = changes.get(endpoint, ({text: f"Von der Ersten {len(found)}"}, {text: "Von der Zweiten"}))
        saved, twice = (client.fetch(path, method="POST", data={**form, **first}) for _ in range(2))
        refused = client.fetch(path, method="POST", data={**form, **second})
        told = "What is stored at the moment" in refused.text
        found[endpoint] = (saved.status_code, twice.status_code, refused.status_code, told)

    assert len(found) >= 10
    assert {endpoint: what for endpoint, what in found.items() if what != (302, 302, 409, True)} == {}


def test_a_page_in_another_language_is_no_other_version(app: Flask) -> None:
    """What was stored was compared by its words, and those of ticks and choices change with the page's language."""
    conference = make.conference()
    make.slot(conference)
    client = Client(app).as_participant(make.participant(conference))
    path = f"/c/{conference.slug}/me/about/"
    form = opened(client, path) | {"level-tr": ["speaks"]}

    changed = client.fetch(path, method="POST", data=form | {"switch_language": ["de"]})
    again = Page(changed.text).form("form").sent

    assert client.fetch(path, method="POST", data=again, language="de").status_code == 302


def test_of_two_who_decide_a_meetings_language_the_second_is_told(either_app: Flask) -> None:
    """The last one won, and nobody was told."""
    conference, organiser = make.organised()
    session = make.session(conference, languages=["de", "ar", "tr"])
    placed = make.placement(session, make.slot(conference), make.room(conference))
    client, page = Client(either_app).as_organiser(organiser), f"/organise/{conference.slug}/programme/"
    path = f"{page}placements/{placed.id}/language"
    form = next(form for form in Page(client.fetch(page).text).forms if form.action == path).sent

    saved, twice = (client.fetch(path, method="POST", data={**form, "language": "ar"}) for _ in range(2))
    refused = client.fetch(path, method="POST", data={**form, "language": "tr"})
    kept = db.session.get_one(Placement, placed.id).language
    again = Page(refused.text).form("form").sent
    switched = client.fetch(path, method="POST", data={**again, "switch_language": "de"})
    saved_after = client.fetch(path, method="POST", data=Page(switched.text).form("form").sent)

    assert [each.status_code for each in (saved, twice, refused, saved_after)] == [302, 302, 409, 302]
    assert re.search("<dt>Working language</dt><dd[^>]*>Arabic</dd>", refused.text)
    assert (kept, again["language"]) == ("ar", ["tr"])
    assert db.session.get_one(Placement, placed.id).language == "tr"


def test_of_two_who_place_a_session_the_second_is_told(either_app: Flask) -> None:
    """The last one won: the session left the room that the first had chosen."""
    conference, organiser = make.organised()
    session, slot = make.session(conference), make.slot(conference)
    first, second = make.room(conference, name="Saal"), make.room(conference, name="Kammer")
    client, page = Client(either_app).as_organiser(organiser), f"/organise/{conference.slug}/programme/"
    path = f"{page}place"
    forms = [
        form.sent for form in Page(client.fetch(page).text).forms if form.action == path and "room" in dict(form.fields)
    ]
    one, other = (next(form for form in forms if form["room"] == [str(room.id)]) for room in (first, second))

    saved, twice = (client.fetch(path, method="POST", data=one) for _ in range(2))
    refused = client.fetch(path, method="POST", data=other)
    kept = db.session.query(Placement).one().room_id
    again = Page(refused.text).form("form").sent
    switched = client.fetch(path, method="POST", data={**again, "switch_language": "de"})
    saved_after = client.fetch(path, method="POST", data=Page(switched.text).form("form").sent)

    assert [each.status_code for each in (saved, twice, refused, saved_after)] == [302, 302, 409, 302]
    assert re.search("<dt>Room</dt><dd[^>]*>Saal</dd>", refused.text)
    assert (kept, again["room"]) == (first.id, [str(second.id)])
    assert [(row.session_id, row.slot_id, row.room_id) for row in db.session.query(Placement)] == [
        (session.id, slot.id, second.id)
    ]
