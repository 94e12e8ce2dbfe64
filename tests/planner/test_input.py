"""What may be typed: one rule for texts, one for numbers, one for ids and choices, and none of them answers 500."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from wtforms import HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.core import UnboundField
from wtforms.validators import Length

from planner.extensions import db
from planner.forms import Form
from planner.models import Level, Participant, Room
from planner.texts import AtMost, tidy, tidy_line, whole
from tests import factories as make
from tests.client import Client, Page

NO_NUMBERS = ("\x1f", "5" * 5000, "²", "١٢", "1e3", "٣", "0x1f", "1_000", "½", "NaN", "9" * 20, "12,5", "\x00")


@pytest.mark.parametrize(
    "name", ["O'Brien", "Nguyễn Văn Ân", "محمد", "Ọláọlá", "李", "Mia-Sophie v. d. Höh", "Ş", "می‌خواهم"]
)
def test_a_name_of_any_script_stays_as_it_was_typed(name: str) -> None:
    assert tidy_line(name) == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Cafe\u0301", "Caf\u00e9"),
        ("Erika\r\nBcc: alle@example.org", "Erika Bcc: alle@example.org"),
        ("a\u2028b\x85c\vd\te", "a b c d e"),
        ("Eri\x00ka\x1b[31m\x7f\ufeff\uffff", "Erika[31m"),
        ("\u202eakirE\u202c \u2066x\u2069", "akirE x"),
        ("\u200b\u200d\u2060", ""),
        ("\u3164\u115f\u2800", ""),
        ("\u0301", ""),
        ("  \u2003Erika \n", "Erika"),
    ],
)
def test_what_nobody_can_see_or_what_turns_the_page_around_is_gone(typed: str, kept: str) -> None:
    assert tidy_line(typed) == kept


def test_longer_texts_keep_their_lines() -> None:
    assert tidy("eins\r\nzwei\r\rdrei\u2028vier") == "eins\nzwei\n\ndrei\nvier"


@pytest.mark.parametrize("word", NO_NUMBERS)
def test_only_plain_digits_are_a_number(word: str) -> None:
    with pytest.raises(ValueError, match="plain digits"):
        whole(word)


def fields_of_all_forms() -> Iterator[tuple[str, str, UnboundField]]:
    waiting = list(Form.__subclasses__())
    while waiting:
        form = waiting.pop()
        waiting += form.__subclasses__()
        for name, field in vars(form).items():
            if isinstance(field, UnboundField):
                yield form.__name__, name, field


def test_every_field_of_every_form_follows_the_rules(app: Flask) -> None:
    """No number that Python reads, no id that it reads, no length that a browser cuts, no text that is left untidy."""
    wrong = []
    for form, name, field in fields_of_all_forms():
        checks = field.kwargs.get("validators", ())
        bad = (
            field.field_class is IntegerField
            or field.kwargs.get("coerce") is int
            or any(isinstance(check, Length) for check in checks)
            or (
                issubclass(field.field_class, StringField)
                and field.field_class is not HiddenField
                and not field.kwargs.get("filters")
            )
            or (
                field.field_class in (SelectField, SelectMultipleField) and field.kwargs.get("validate_choice") is False
            )
        )
        if bad:
            wrong.append(f"{form}.{name}")

    assert wrong == []


def organised(app: Flask) -> tuple[Any, Client]:
    conference, organiser = make.organised()
    make.slot(conference)
    return conference, Client(app).as_organiser(organiser)


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_is_no_number_is_an_error_at_its_field(app: Flask, number: str) -> None:
    conference, client = organised(app)
    form = {"name": "Aula", "seating": "circle", "capacity_circle": number, "capacity_rows": 9}

    answer = client.post(f"/organise/{conference.slug}/rooms/new", form)

    assert answer.status_code == 422
    assert "Please write a whole number in digits" in answer.text
    assert db.session.query(Room).count() == 0


@pytest.mark.parametrize("day", ["٢٠٢٧-٠٥-٠٢", "0001-01-01", "9999-12-31", "²", "9" * 5000, "2027-02-30"])
def test_a_day_that_is_none_is_an_error_at_its_field(app: Flask, day: str) -> None:
    _, client = organised(app)

    answer = client.post("/organise/new", {"title": "Neu", "slug": "neu", "day": day})

    assert answer.status_code == 422


@pytest.mark.parametrize("id", ["²", "١", "5" * 5000, "x", "\x00", "-1", "99999999", ""])
def test_an_id_that_is_none_is_an_error_and_changes_nothing(app: Flask, id: str) -> None:
    conference, client = organised(app)
    group = make.group(conference)
    person = make.participant(conference, name="Erika", group_id=group.id)
    page = f"/organise/{conference.slug}/people/{person.id}"
    form = {"name": "Anders", "email": "", "group_id": id, "organisation_id": 0, "locale": "de"}

    answer = client.post(page, form)

    assert answer.status_code == 422
    assert (db.session.get(Participant, person.id).name, person.group_id) == ("Erika", group.id)


@pytest.mark.parametrize("level", ["native", "²", "\x00", "x" * 5000])
def test_a_level_that_is_none_is_an_error_and_her_languages_stay(app: Flask, level: str) -> None:
    conference = make.conference()
    slot = make.slot(conference)
    person = make.participant(conference, languages={"de": "speaks"})
    client = Client(app).as_participant(person)

    answer = client.post(f"/c/{conference.slug}/me/about/", {"level-de": level, "present": slot.id})

    assert answer.status_code == 422
    assert [(row.language, row.level) for row in person.languages] == [("de", Level.SPEAKS)]


@pytest.mark.parametrize("kind", ["rounds", "agenda"])
def test_a_moment_that_was_not_sent_is_asked_for(app: Flask, kind: str) -> None:
    """The stored one has a zone, and comparing it with the typed one answered 500."""
    conference, client = organised(app)
    row = make.slot(conference) if kind == "rounds" else make.agenda_item(conference)
    form = {"title_de": "Neu", "ends": "2027-05-21T10:00"}

    answer = client.post(f"/organise/{conference.slug}/{kind}/{row.id}", form)

    assert answer.status_code == 422
    assert "Please give date and time." in answer.text


def test_the_same_choice_twice_counts_once(app: Flask) -> None:
    conference, client = organised(app)
    form = {
        "name": "Aula",
        "seating": "circle",
        "capacity_circle": 9,
        "capacity_rows": 9,
        "features": ["projector"] * 2,
    }

    client.submit(f"/organise/{conference.slug}/rooms/new", form)

    assert db.session.query(Room).one().features == ["projector"]


def test_a_text_that_is_too_long_is_told_its_length_and_shown_whole(app: Flask) -> None:
    """The browser's `maxlength` cut the end of a pasted text without a word."""
    conference = make.conference()
    theme = make.theme(conference)
    client = Client(app).as_participant(make.participant(conference))
    page = f"/c/{conference.slug}/me/submissions/new"
    long = "ü" * 3001

    answer = client.post(page, {"theme_id": theme.id, "problem": long, "receipt": "0" * 16, "language": "de"})

    assert answer.status_code == 422
    assert "3000 characters at most, these are 3001" in answer.text
    assert long in answer.text
    assert "maxlength" not in client.fetch(page).text


@pytest.mark.parametrize("name", ["\u200b\u2060", "\u3164", "\x00", "\u202e", " \n "])
def test_a_name_that_nobody_can_see_is_refused(app: Flask, name: str) -> None:
    conference, client = organised(app)

    answer = client.post(f"/organise/{conference.slug}/people/new", {"name": name, "locale": "de"})

    assert answer.status_code == 422
    assert "Please write something here." in answer.text


def test_a_name_has_no_line_break(app: Flask) -> None:
    conference, client = organised(app)
    form = {"name": "Erika\r\nBcc: x", "locale": "de", "group_id": 0, "organisation_id": 0}

    client.submit(f"/organise/{conference.slug}/people/new", form)

    assert db.session.query(Participant).one().name == "Erika Bcc: x"


def test_too_many_parts_and_too_long_a_body_have_a_page_of_their_own(app: Flask) -> None:
    """Both answered 500: their page did not exist."""
    conference, client = organised(app)
    page = f"/organise/{conference.slug}/people/new"
    part = '--x\r\nContent-Disposition: form-data; name="part"\r\n\r\n1\r\n'

    many = client.fetch(page, method="POST", data=part * 1001 + "--x--", content_type="multipart/form-data; boundary=x")
    long = client.fetch(page, method="POST", data={"name": "x" * 2**20})

    assert (many.status_code, long.status_code) == (413, 413)
    for answer in (many, long):
        assert Page(answer.text).headings == ["This is too much at once"]
        assert "press “Back” in your browser: your text is still there" in answer.text


def test_no_form_can_be_too_long_by_what_it_asks_for(app: Flask) -> None:
    """Its longest texts in all languages, each letter written in twelve bytes, are half of the limit."""
    conference, client = organised(app)
    conference.languages = ["de", "en", "ar", "tr", "uk", "fa", "bg", "fr"]
    db.session.commit()
    longest = 0
    for path in ("settings/", "sessions/new"):
        page = client.fetch(f"/organise/{conference.slug}/{path}").text
        names = re.findall(r'<(?:input|textarea)[^>]* name="(\w+)"', page)
        told = [int(most) for most in re.findall(r"(\d+) characters at most", page)]
        longest = max(longest, 12 * (sum(told) + 300 * (len(names) - len(told))))

    assert longest > 100_000
    assert longest <= app.config["MAX_CONTENT_LENGTH"]


@pytest.mark.parametrize("path", ["/c/a%00b/", "/l/%00", "/s/%1f", "/c/x%7f/enter", "/organise/%00/"])
def test_an_address_with_control_characters_is_no_page(either_app: Flask, path: str) -> None:
    assert Client(either_app).fetch(path).status_code == 404


@pytest.mark.parametrize(
    "query", ["search=%00&group=²", "group=" + "5" * 5000, "theme=١&search=%F0%28", "only=not_chosen"]
)
def test_a_query_string_that_is_none_filters_by_nothing(app: Flask, query: str) -> None:
    conference, client = organised(app)
    for path in ("people/", "submissions/", "allocations/forecast"):
        assert client.fetch(f"/organise/{conference.slug}/{path}?{query}").status_code == 200


def test_a_limit_is_part_of_the_field() -> None:
    assert AtMost(7).field_flags == {"longest": 7}


def test_the_overview_opens_on_both_databases(either_app: Flask) -> None:
    """PostgreSQL cannot tell rows with JSON apart, and the organiser's first page answered 500."""
    conference, client = organised(either_app)

    assert client.fetch(f"/organise/{conference.slug}/").status_code == 200


def test_an_address_that_is_too_long_is_read_by_nothing_else(app: Flask) -> None:
    """A megabyte in it took the check of addresses 2.2 s, after its length had been refused."""
    conference, organiser = make.organised()
    db.session.commit()
    client = Client(app).as_organiser(organiser)

    form = {"name": "Lang", "email": "a" * 1_000_000 + "@example.org"}
    answer = client.post(f"/organise/{conference.slug}/people/new", form)

    assert answer.status_code == 422
    assert "254 characters at most" in answer.text
    assert "Please check the e-mail address" not in answer.text
