"""What no browser of ours sends: a file where a text belongs, a body of another kind; no form answers 500 to it."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask_wtf import FlaskForm
from wtforms.fields.core import UnboundField

from planner.forms import Form
from planner.policy import POLICY, Who
from planner.words import TONGUES
from tests import factories as make
from tests.client import Client
from tests.planner.test_policy import Door
from tests.planner.world import World, build

CALLER = {Who.PARTICIPANT: "participant", Who.FACILITATOR: "facilitator", Who.ANYONE: "anonymous"}
BODIES = ({"name": 3, "email": 3, "code": [1], "line": None, "title": {}}, [1])


def every_form() -> Iterator[type[FlaskForm]]:
    """Ours and those that came with Flask-Security, whichever the application knows."""
    waiting: list[type[FlaskForm]] = [FlaskForm]
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        yield form


def names() -> list[str]:
    """Of all fields of all forms, so that a new form is asked too."""
    found = {"csrf_token", "sender", "switch_language", "favourite", "veto", "change", "again-email", "find"}
    for form in every_form():
        found |= {name for name in dir(form) if isinstance(getattr(form, name, None), UnboundField)}
        translated = form.translated if issubclass(form, Form) else ()
        found |= {f"{name}_{code}" for name in translated for code in TONGUES}
    return sorted(found)


def as_files(names: list[str]) -> dict[str, Any]:
    return {name: (io.BytesIO(b"Zu wenige Kurse"), "text.txt") for name in names}


@pytest.fixture
def world(app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False  # a token can be sent in the head of a request
    app.testing = app.config["PROPAGATE_EXCEPTIONS"] = False
    return build(app)


def answers(world: World, who: Who, *bodies: Callable[[], dict[str, Any]]) -> dict[str, int]:
    """Each address that is open to such callers with each body; the worst of its answers."""
    client, found = world.caller(CALLER.get(who, "organiser")), {}
    for endpoint in sorted(each for each in POLICY if POLICY[each] is who):
        for rule in world.app.url_map.iter_rules(endpoint):
            if "POST" in (rule.methods or set()):
                path = Door(rule, "POST").path(world, 0).replace("<token>", "x" * 32)
                codes = [client.fetch(path, method="POST", **body()).status_code for body in bodies]
                found[endpoint] = max(codes)
    return found


AREAS = sorted(set(POLICY.values()) - {Who.NOBODY}, key=str)


@pytest.mark.parametrize("who", AREAS)
def test_a_file_in_place_of_each_text_is_no_error_of_ours(world: World, who: Who) -> None:
    """A form reads all its fields before any is checked, so at once each is asked."""
    all_names = names()
    found = answers(world, who, lambda: {"data": as_files(all_names)})

    assert len(all_names) > 100
    assert {"name", "title", "line", "email", "code", "problem", "passcode", "summary_de"} <= set(all_names)
    assert {endpoint: code for endpoint, code in found.items() if code >= 500} == {}


@pytest.mark.parametrize("who", AREAS)
def test_a_body_that_is_no_form_is_no_error_of_ours(world: World, who: Who) -> None:
    found = answers(world, who, *[lambda body=body: {"json": body} for body in BODIES])

    assert {endpoint: code for endpoint, code in found.items() if code >= 500} == {}


def test_a_list_that_is_brought_is_still_a_file(app: Flask) -> None:
    conference, organiser = make.organised()
    client = Client(app).as_organiser(organiser)
    path = f"/organise/{conference.slug}/imports/"
    form = client.get(path).form("form").sent

    sent = client.fetch(path, method="POST", data={**form, "file": (io.BytesIO(b"Name\nErika"), "a.csv")})

    assert sent.status_code == 302
