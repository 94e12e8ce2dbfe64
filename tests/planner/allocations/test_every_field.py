"""What the solver knows and no page can enter is a defect: each of its fields has its page here, or says why none."""

from dataclasses import fields
from typing import Any

import pytest
from flask import Flask

import solver
from planner.policy import POLICY

FOREIGN = "only other programs' files say so"
ALL = "the solver's own way to count, the same for every conference"
LATER = "comes with moving people by hand on a result's page"

ENTERED: dict[str, dict[str, str]] = {
    "Problem": {
        "slots": "organiser.slots.new",
        "rooms": "organiser.rooms.new",
        "sessions": "organiser.sessions.new",
        "participants": "organiser.people.new",
        "meetings": "organiser.programme.place",
        "interpreters": "organiser.people.show",
        "quotas": "organiser.rules.new",
        "company": "organiser.rules.new",
        "spread": "organiser.rules.organisations",
        "together": "organiser.rules.new",
        "apart": "organiser.rules.new",
        "flexible": "organiser.rules.prices",
    },
    "Slot": {"start": "organiser.slots.new", "end": "organiser.slots.new"},
    "Room": {
        "capacity": "organiser.rooms.new",
        "features": "organiser.rooms.new",
        "slots": "organiser.rooms.new",
    },
    "Session": {
        **dict.fromkeys(
            ("minimum", "maximum", "languages", "two_language", "features", "offered", "may_be_cancelled", "theme"),
            "organiser.sessions.new",
        ),
        **dict.fromkeys(
            ("facilitators", "note_takers", "slots", "duration", "admits", "conflicts", "after"),
            "organiser.sessions.new",
        ),
    },
    "Given": dict.fromkeys(("session", "slot", "room"), "organiser.programme.place")
    | {"language": "organiser.programme.language"},
    "Participant": {
        "attributes": "organiser.people.show",
        "slots": "organiser.people.show",
        "languages": "organiser.people.show",
        "needs": "organiser.needs.edit",
        "favourites": "organiser.wishes.edit",
        "vetoes": "organiser.wishes.edit",
        "attends": "organiser.people.show",
    },
    "Interpreter": dict.fromkeys(
        ("participant", "pairs", "listeners", "most_in_a_row", "mode"), "organiser.people.show"
    ),
    "Quota": dict.fromkeys(("attribute", "value", "minimum", "maximum", "session"), "organiser.rules.new"),
    "Company": dict.fromkeys(("attribute", "value", "least"), "organiser.rules.new"),
    "Spread": dict.fromkeys(("attribute", "most"), "organiser.rules.organisations"),
    "Lock": {},
}
"""The page on which each is entered."""

NOT_ENTERED: dict[str, dict[str, str]] = {
    "Problem": {
        "previous": "the published plan",
        "info": "notes for whoever reads the snapshot",
        "balance": "groups, in every conference",
        "full_day": FOREIGN,
        "only_wanted": FOREIGN,
        "objective": FOREIGN,
        "unplaced_allowed": "missing places are told, never a reason to have no plan",
        "rank_points": ALL,
        "locks": LATER,
    },
    "Slot": {"id": "the row's number", **dict.fromkeys(("least", "most"), FOREIGN), "joined": "two rounds of one day"},
    "Room": {"id": "the row's number"},
    "Session": {
        "id": "the row's number",
        "beside": FOREIGN,
    },
    "Given": {},
    "Participant": {"id": "a random key", "ratings": FOREIGN, "required": LATER},
    "Interpreter": {"slots": "whoever interprets does so whenever she is there"},
    "Quota": {},
    "Company": {},
    "Spread": {},
    "Lock": dict.fromkeys(("participant", "session", "slot", "never"), LATER),
}
"""Why there is no page for it."""


@pytest.mark.parametrize("name", sorted(ENTERED))
def test_every_field_of_the_solver_is_entered_on_a_page_or_says_why_not(app: Flask, name: str) -> None:
    kind: Any = getattr(solver, name)
    known = {field.name for field in fields(kind)}

    assert ENTERED[name].keys() | NOT_ENTERED[name].keys() == known
    assert ENTERED[name].keys() & NOT_ENTERED[name].keys() == set()
    assert set(ENTERED[name].values()) <= set(app.view_functions) & set(POLICY)
