"""A language is offered where the program speaks it; the tests themselves also see Arabic, for right-to-left."""

from pathlib import Path

import pytest
from flask import Flask

from planner import clock, notifications
from planner.config import Config
from tests import factories as make
from tests.client import Client
from tests.conftest import settled

PATHS = ("/", "/c/{slug}/", "/c/{slug}/me/", "/c/{slug}/me/about/", "/login")


@pytest.fixture
def config(migrated: Path, tmp_path: Path) -> Config:
    """As it is installed."""
    return settled(migrated, tmp_path, untranslated=Config.model_fields["untranslated"].default)


def test_no_button_pretends(app: Flask) -> None:
    """An Arabic button led to an English page."""
    client = Client(app)
    person = make.participant(make.conference(), locale="ar")
    client.as_participant(person)

    for path in PATHS:
        html = client.fetch(path.format(slug=person.conference.slug), language="ar").text
        assert 'value="ar"' not in html
        assert '<html lang="de" dir="ltr">' in html
        assert "<body>" in html  # no other language inside


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_button_gives_what_it_says(app: Flask, language: str) -> None:
    html = Client(app).fetch("/", language=language).text

    assert f'value="{language}"' in html
    assert f'<html lang="{language}" dir="ltr">' in html
    assert "<body>" in html


def test_a_language_that_is_not_offered_cannot_be_chosen(app: Flask) -> None:
    answer = Client(app).post("/language", {"language": "ar"})

    assert answer.status_code == 404


def test_a_mail_is_in_a_language_that_the_program_speaks(app: Flask) -> None:
    """It was English with Turkish dates."""
    conference = make.conference(languages=["de", "tr"], title={"de": "Konferenz", "tr": "Konferans"})
    message = make.message(make.participant(conference, locale="tr", email="tr@example.org"))

    mail = notifications.compose(message, clock.now()).mail

    assert mail.subject == "Ihr Tag auf der Konferenz: Konferenz"
