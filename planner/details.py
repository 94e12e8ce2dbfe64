"""What an entry of the audit says beside who and what, in words: which things were changed, added, removed, read."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from planner import conference_templates, deeds, languages, words

THINGS = {
    "absence": _l("absence"),
    "agenda_item": _l("agenda item"),
    "allocation": _l("allocation"),
    "commitment": _l("answer to a task"),
    "conference": _l("settings"),
    "finding": _l("result of a room"),
    "group_link": _l("group link"),
    "interpreter_pair": _l("languages of somebody who interprets"),
    "language_level": _l("language that somebody knows"),
    "mail_text": _l("text of a mail"),
    "message": _l("message"),
    "participant": _l("person"),
    "personal_link": _l("personal link or card"),
    "placement": _l("place in the programme"),
    "recommendation": _l("recommendation"),
    "room": _l("room"),
    "room_closure": _l("round in which a room is not free"),
    "session": _l("session"),
    "session_closure": _l("round in which a session is not held"),
    "session_group": _l("group to which a session is open"),
    "session_order": _l("order of sessions"),
    "session_role": _l("task in a session"),
    "slot": _l("round"),
    "stakeholder_group": _l("group"),
    "submission": _l("problem that was brought"),
    "theme": _l("theme"),
}
PARTS = {
    "absences": _l("presence"),
    "body": _l("texts"),
    "attends": _l("whether she takes part herself"),
    "call_from": _l("dates"),
    "call_until": _l("dates"),
    "capacity_circle": _l("chairs"),
    "capacity_rows": _l("chairs"),
    "clock_shift": _l("time"),
    "contact": _l("contact"),
    "day_ends": _l("dates"),
    "day_starts": _l("dates"),
    "directions": _l("the way there"),
    "email": _l("e-mail"),
    "ends": _l("time"),
    "ends_at": _l("time"),
    "features": _l("features"),
    "goal": _l("texts"),
    "group_id": _l("group"),
    "icon": _l("sign"),
    "interprets": _l("interpreting"),
    "is_listed": _l("public start page"),
    "is_sensitive": _l("what is shown"),
    "language": _l("language"),
    "languages": _l("languages"),
    "letter": _l("letter"),
    "level": _l("how well"),
    "listeners": _l("how many listeners"),
    "locale": _l("language"),
    "maximum": _l("size"),
    "may_be_cancelled": _l("how often"),
    "minimum": _l("size"),
    "minutes": _l("texts"),
    "mode": _l("how she interprets"),
    "most_favourites": _l("how many wishes"),
    "most_slots_in_a_row": _l("breaks"),
    "most_vetoes": _l("how many wishes"),
    "usual_maximum": _l("size"),
    "usual_minimum": _l("size"),
    "name": _l("name"),
    "no_shows": _l("number of places"),
    "offered": _l("how often"),
    "organisation_id": _l("organisation"),
    "place": _l("place"),
    "places": _l("number of places"),
    "presumes_language": _l("languages"),
    "published": _l("published result"),
    "published_id": _l("published result"),
    "questions": _l("texts"),
    "reason": _l("reason"),
    "revoked_at": _l("validity"),
    "roles": _l("who leads and takes notes"),
    "room": _l("room"),
    "room_id": _l("room"),
    "seating": _l("chairs"),
    "sentence": _l("texts"),
    "session": _l("session"),
    "session_id": _l("session"),
    "slot_id": _l("round"),
    "starts": _l("time"),
    "state": _l("state"),
    "subject": _l("texts"),
    "summary": _l("texts"),
    "theme_id": _l("theme"),
    "title": _l("title"),
    "token_hash": _l("the link itself"),
    "two_language": _l("languages"),
    "wishes_from": _l("dates"),
    "withdrawn_at": _l("validity"),
    "wishes_until": _l("dates"),
}
"""What people know of a thing; a part that is not named here is not told, the thing still is."""
PAPERS = {
    "facilitator.papers.brief": _l("For the table"),
    "facilitator.papers.confidential": _l("Confidential"),
    "facilitator.papers.names": _l("Signature sheet"),
    "cards.make": _l("Cards to print"),
    "links.sheet": _l("Group links"),
    "interpreting.table": _l("Interpreters"),
    "results.fairness_table": _l("Fairness note"),
    "results.schedule": _l("Schedule for other programs"),
}


KINDS = {
    "allocation": _l("Allocation"),
    "anonymous": _l("Somebody unknown"),
    "conference": _l("Conference"),
    "invitation": _l("Invitation"),
    "message": _l("Message"),
    "organiser": _l("Organiser"),
    "participant": _l("Person"),
    "placements": _l("Programme"),
    "system": _l("The program"),
    **deeds.AREAS,
}


def named(code: str) -> str:
    """Who or what stands behind "rooms:12", where no name is known: somebody erased, a thing that is gone."""
    kind, _colon, number = code.partition(":")
    if kind not in KINDS:
        return code
    return _("%(thing)s, no. %(number)s", thing=KINDS[kind], number=number) if number else str(KINDS[kind])


def details(facts: dict[str, Any], names: Mapping[str, str]) -> list[str]:
    """One short sentence for each thing that the entry tells of; what nobody could read is left out."""
    return [
        *_beginning(facts, names),
        *_changed([] if "kind" in facts else facts.get("changed", [])),  # of a list it is a number
        *_counted(facts),
        *_read(facts),
        *_listed(facts),
        *_fetched(facts),
        *_role(facts),
        *_late(facts),
        *_page(str(facts.get("page", ""))),
    ]


def _changed(names: list[str]) -> Iterator[str]:
    parts: dict[str, dict[str, None]] = {}
    for name in names:
        thing, _dot, part = name.partition(".")
        parts.setdefault(thing, {}).update({str(PARTS[part]): None} if part in PARTS else {})
    for thing, known in parts.items():
        if thing in THINGS and known:
            yield _("Changed: %(thing)s (%(parts)s)", thing=THINGS[thing], parts=", ".join(known))
        elif thing in THINGS:
            yield _("Changed: %(thing)s", thing=THINGS[thing])


def _counted(facts: dict[str, Any]) -> Iterator[str]:
    for name, number in facts.items():
        what, _space, thing = name.partition(" ")
        if thing in THINGS and what == "added":
            yield _("Added: %(thing)s, %(number)s", thing=THINGS[thing], number=number)
        elif thing in THINGS and what == "removed":
            yield _("Removed: %(thing)s, %(number)s", thing=THINGS[thing], number=number)


def _read(facts: dict[str, Any]) -> Iterator[str]:
    if "people" in facts:
        yield ngettext("Needs of %(num)s person", "Needs of %(num)s people", int(facts["people"]))
    if facts.get("for") == "calculation":
        yield _("only for a calculation")


def _late(facts: dict[str, Any]) -> Iterator[str]:
    if facts.get("in_time"):
        yield _("given on paper before the end")


def _listed(facts: dict[str, Any]) -> Iterator[str]:
    """What a list did, which was taken in or back."""
    if facts.get("kind") not in words.IMPORT_KINDS:
        return
    yield str(words.IMPORT_KINDS[facts["kind"]][0])
    for fate, (label, _tone) in words.FATES.items():
        if fate in facts:
            yield f"{facts[fate]} {label}"
    if "stays" in facts:
        yield ngettext("%(num)s could not be taken back", "%(num)s could not be taken back", facts["stays"])


def _fetched(facts: dict[str, Any]) -> Iterator[str]:
    """From which server, and how much of each kind it had."""
    if "fetched" in facts:
        yield languages.isolated(str(facts.get("host", "")))
        for kind, number in facts["fetched"].items():
            if kind in words.IMPORT_KINDS:
                yield f"{words.IMPORT_KINDS[kind][0]}: {number}"


def _role(facts: dict[str, Any]) -> Iterator[str]:
    """What somebody is from then on in the conference, and what she was."""
    roles = words.MEMBER_ROLES
    if facts.get("role") in roles:
        yield _("Role: %(role)s", role=roles[facts["role"]][0])
    if facts.get("before") in roles:
        yield _("Role before: %(role)s", role=roles[facts["before"]][0])


def _beginning(facts: dict[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """What a conference began as."""
    if facts.get("template") in conference_templates.KEYS:
        name = languages.pick(conference_templates.read(facts["template"]).name, languages.written())
        yield _("Template: %(name)s", name=name)
    if "copy" in facts:
        earlier = f"conference:{facts['copy']}"
        name = languages.isolated(names.get(earlier) or named(earlier))
        yield _("Copy of an earlier conference, without its people: %(name)s", name=name)


def _page(page: str) -> Iterator[str]:
    area = page.partition(".")[0]
    told = PAPERS.get(page) or deeds.AREAS.get(area) or (_("Pages of those who lead") if area == "facilitator" else "")
    if told:
        yield str(told)


def install(app: Flask) -> None:
    app.jinja_env.filters |= {"deed": deeds.deed, "details": details, "named": named}
