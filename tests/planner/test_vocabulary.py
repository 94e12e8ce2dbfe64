"""A school's words: project instead of session, and pupils are called du, wherever they read."""

import io
import re
from datetime import timedelta

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from planner import clock, notifications
from planner.models import Conference, Duty, Participant, SubmissionState
from planner.vocabulary import KINDS, TO_HERSELF
from tests import factories as make
from tests.client import Client, Page
from tests.planner.test_translations import FOLDER, as_tuple, used

OTHERS = re.compile(r"\w*[Aa]rbeitsgruppe\w*|\b(?:Sie|Ihr|Ihre|Ihrem|Ihren|Ihrer|Ihres|Ihnen)\b")
"""What nobody at a school says to pupils."""
CATALOGUES = [name + end for name in KINDS if name for end in ("", TO_HERSELF)]
MINE = (
    "",
    "submissions/",
    "submissions/new",
    "others/",
    "wishes/",
    "wishes/receipt",
    "about/",
    "day/",
    "day/why",
    "data/",
)


def catalogue(name: str):  # type: ignore[no-untyped-def]
    with (FOLDER / f"{name}.po").open("rb") as file:
        return read_po(file, locale="de")


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_vocabulary_changes_only_what_there_is_and_is_compiled(name: str) -> None:
    texts = [message for message in catalogue(name) if message.id]
    known = {message.id: message for message in catalogue("messages") if message.id}
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(name))

    assert {message.id for message in texts} - used() == set()
    assert [message.id for message in texts if message.string == known[message.id].string] == []
    assert [message.id for message in texts if list(message.check(catalogue("messages")))] == []
    assert (FOLDER / f"{name}.mo").read_bytes() == compiled.getvalue()


def test_pupils_are_called_du_and_every_session_is_a_project() -> None:
    for message in catalogue("school" + TO_HERSELF):
        if message.id:
            assert not [text for text in as_tuple(message.string) if OTHERS.search(text)], message.id
    said = {m.id for name in ("school", "school" + TO_HERSELF) for m in catalogue(name)}
    sessions = [m.id for m in catalogue("messages") if "rbeitsgruppe" in str(m.string)]

    assert [each for each in sessions if each not in said and "conference: sessions" not in str(each)] == []


def school(*, published: bool = True, **given: object) -> tuple[Conference, Participant]:
    """With projects, a pupil who wished and brought a problem, and a plan."""
    conference = make.conference(vocabulary="school", title={"de": "Projektwoche"}, **given)
    theme, slot, room = make.theme(conference), make.slot(conference), make.room(conference)
    pupil = make.participant(conference, name="Aylin", email="aylin@example.org")
    given = {"theme_id": theme.id, "sentence": {"de": "Imkern"}}
    projects = [make.session(conference, title={"de": f"Projekt {number}"}, **given) for number in range(3)]
    make.wishes(pupil, projects[1], projects[0])
    make.submission(pupil, theme_id=theme.id, state=SubmissionState.SUBMITTED)
    make.submission(
        make.participant(conference), theme_id=theme.id, state=SubmissionState.ACCEPTED, session_id=projects[0].id
    )
    make.role(projects[2], pupil, duty=Duty.NOTE_TAKER)
    run = make.allocation(conference)
    make.assignment(make.meeting(run, projects[0], slot, room), pupil)
    conference.published = run if published else None
    return conference, pupil


@pytest.mark.parametrize("published", [False, True])
@pytest.mark.parametrize("phase", ["wishes", "plan"])
def test_no_page_of_a_pupil_says_session_or_sie(app: Flask, published: bool, phase: str) -> None:
    over = {"wishes_until": make.NOW - timedelta(hours=1), "call_until": make.NOW - timedelta(hours=1)}
    conference, pupil = school(published=published, **(over if phase == "plan" else {}))
    client = Client(app).as_participant(pupil)
    pages = [f"/c/{conference.slug}/me/{page}" for page in ("", *MINE)]
    pages += [f"/c/{conference.slug}/", f"/c/{conference.slug}/programme", f"/c/{conference.slug}/enter"]
    found = {}
    for path in pages:
        answer = client.fetch(path, language="de")
        assert answer.status_code in {200, 302}, path
        found[path] = OTHERS.findall(Page(answer.text).text)

    assert {path: words for path, words in found.items() if words} == {}


def test_what_is_wrong_is_told_in_the_same_words(app: Flask) -> None:
    conference, pupil = school()
    client = Client(app).as_participant(pupil)

    answer = client.post(f"/c/{conference.slug}/me/submissions/new", {"problem": ""}, language="de")

    assert answer.status_code == 422
    assert "Bitte schreib hier etwas." in answer.text
    assert re.findall(f".{{30}}(?:{OTHERS.pattern}).{{30}}", Page(answer.text).text) == []


def test_a_mail_to_a_pupil_calls_her_du(app: Flask) -> None:
    _conference, pupil = school()
    message = make.message(pupil)

    mail = notifications.preview(message, clock.now())

    assert OTHERS.findall(f"{mail.subject} {mail.body}") == []
    assert "Der Link gehört nur dir." in str(mail.body)


def test_organisers_read_of_projects_and_others_of_sessions(app: Flask) -> None:
    conference, user = make.organised(vocabulary="school")
    other = make.conference()
    make.member(other, user)
    office = Client(app).as_organiser(user)

    assert "Projekte" in office.get(f"/organise/{conference.slug}/sessions/", language="de").headings
    assert "Arbeitsgruppen" in office.get(f"/organise/{other.slug}/sessions/", language="de").headings
    assert "Sessions" in office.get(f"/organise/{conference.slug}/sessions/").headings
