"""Sessions, people and organisations in a table: each kept by the rules of its own form."""

from typing import Any

import pytest
from flask import Flask

from planner.extensions import db
from planner.models import AuditEntry, Level, MemberRole, Organisation, Participant, Session
from tests import factories as make
from tests.client import Client
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.tables.test_grid import opened, sent


def people() -> dict[str, Participant]:
    return {person.name: person for person in db.session.query(Participant)}


def test_people_are_typed_with_group_organisation_and_languages(office: Office) -> None:
    group = make.group(office.conference, title={"de": "Ehrenamt", "en": "Volunteers"}, letter="E")
    known = make.organisation(office.conference, name="Caritas")
    form = opened(office, "people")
    form |= {"n0-name": "Erika Beispiel", "n0-email": "erika@example.org", "n0-group": f"#{group.id}"}
    form |= {"n0-organisation": "caritas", "n0-languages": "Deutsch, etwas Arabisch, versteht Türkisch"}
    form |= {"n1-name": "محمد", "n1-organisation": "Rotes Kreuz", "n2-name": "Ohne alles"}

    assert sent(office, form, "people")[0] == 302
    erika = people()["Erika Beispiel"]
    assert (erika.email, erika.group_id, erika.organisation_id) == ("erika@example.org", group.id, known.id)
    assert {row.language: row.level for row in erika.languages} == {
        "de": Level.SPEAKS,
        "ar": Level.NEEDS_HELP,
        "tr": Level.UNDERSTANDS,
    }
    assert people()["محمد"].organisation.name == "Rotes Kreuz"
    assert people()["Ohne alles"].organisation_id is None


def test_a_new_organisation_of_two_rows_is_one(office: Office) -> None:
    form = opened(office, "people") | {
        "n0-name": "A",
        "n0-organisation": "ZOF",
        "n1-name": "B",
        "n1-organisation": "zof",
    }

    assert sent(office, form, "people")[0] == 302
    assert [body.name for body in db.session.query(Organisation)] == ["ZOF"]


def test_pasted_people_have_their_names_in_two_columns_and_their_group_by_its_letter(office: Office) -> None:
    group = make.group(office.conference, title={"de": "Jahrgang 5"}, letter="5")
    make.group(office.conference, title={"de": "Jahrgang 6"}, letter="6")
    text = "Nachname\tVorname\tGruppe\tSprachen\nKaya\tAylin\t5\tDeutsch\nBauer\tJo\tJahrgang 9\tKlingonisch"

    _status, page = sent(office, opened(office, "people") | {"pasted": text, "more": "paste"}, "people")
    assert [page.fields[f"n{row}-name"] for row in (0, 1)] == ["Aylin Kaya", "Jo Bauer"]
    status, page = sent(office, page.form("form").sent, "people")
    assert status == 422
    assert "Row 2, Group: “Jahrgang 9” is not known here" in page.text
    assert "“Klingonisch” is not known here" in page.text
    assert page.form("form").sent["n1-group"] == ["Jahrgang 9"]

    assert sent(office, page.form("form").sent | {"n1-group": "", "n1-languages": ""}, "people")[0] == 302
    assert people()["Aylin Kaya"].group_id == group.id


def test_languages_of_somebody_stay_as_they_are_where_nobody_typed(office: Office) -> None:
    person = make.participant(office.conference, name="Erika")
    make.participant(office.conference, name="Jo")
    sent(office, opened(office, "people") | {f"r{person.id}-languages": "a little German, Persian"}, "people")
    form = opened(office, "people")
    assert form[f"r{person.id}-languages"] == ["a little German, Persian"]

    sent(office, form | {f"r{person.id}-name": "Erika B."}, "people")

    levels = {row.language: row.level for row in people()["Erika B."].languages}
    assert levels == {"de": Level.NEEDS_HELP, "fa": Level.SPEAKS}


def test_an_entry_clerk_adds_people_but_no_organisation_and_no_other_address(app: Flask, office: Office) -> None:
    person, user = make.participant(office.conference, name="Erika", email="old@example.org"), make.user()
    make.member(office.conference, user, MemberRole.CLERK)
    clerk = Office(office.conference, Client(app).as_organiser(user), office.home)
    form = opened(clerk, "people") | {f"r{person.id}-email": "new@example.org"}

    status, page = sent(clerk, form | {"n0-name": "Jo", "n0-organisation": "ZOF"}, "people")

    assert status == 422
    assert "Row 1, E-mail: Links go to this address." in page.text
    assert "Row 2, Organisation: There is no organisation of this name." in page.text
    assert people()["Erika"].email == "old@example.org"
    assert sent(clerk, opened(clerk, "people") | {"n0-name": "Jo"}, "people")[0] == 302
    assert "Jo" in people()


def test_what_was_done_names_whom_by_numbers(office: Office) -> None:
    sent(office, opened(office, "people") | {"n0-name": "Erika"}, "people")

    row = db.session.query(AuditEntry).filter_by(action="people.table").one()
    assert row.facts["of"] == str(people()["Erika"].id)
    assert "Erika" not in str(row.facts)


def test_a_page_of_people_holds_fifty(office: Office) -> None:
    for number in range(52):
        make.participant(office.conference, name=f"Person {number:02}")

    assert sum(name.endswith("-seen") for name in opened(office, "people")) == 50
    page = office.client.get(f"{office.home}people/table?page=2")
    assert [value for name, value in page.fields.items() if name.startswith("r") and name.endswith("-name")] == [
        "Person 50",
        "Person 51",
    ]


def test_sessions_get_numbers_and_usual_sizes(office: Office) -> None:
    theme = office.conference.themes[0]
    form = opened(office, "sessions") | {"n0-title": "Wohnen", "n0-theme": theme.title["de"]}
    form |= {"n1-title": "Sprache", "n1-maximum": "4", "n1-offered": "3", "n1-languages": "Deutsch, Arabisch"}

    assert sent(office, form, "sessions")[0] == 302
    found = [
        (row.number, row.title["de"], row.theme_id, row.minimum, row.maximum, row.offered, row.languages)
        for row in db.session.query(Session).order_by(Session.number)
    ]
    assert found == [
        (1, "Wohnen", theme.id, 6, 20, 1, ["de"]),
        (2, "Sprache", None, 4, 4, 3, ["de", "ar"]),
    ]


def test_a_sessions_other_texts_stay(office: Office) -> None:
    session = make.session(
        office.conference, title={"de": "Alt", "en": "Old"}, sentence={"en": "Why"}, goal={"de": "Ziel"}, minimum=3
    )

    form = opened(office, "sessions") | {f"r{session.id}-title": "Neu", f"r{session.id}-maximum": "9"}
    assert sent(office, form, "sessions")[0] == 302

    db.session.refresh(session)
    assert (session.title, session.sentence) == ({"de": "Neu", "en": "Old"}, {"en": "Why"})
    assert (session.goal, session.minimum, session.maximum) == ({"de": "Ziel"}, 3, 9)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"minimum": "9", "maximum": "3"}, "Row 2, At most: This must not be smaller"),
        ({"languages": "Klingonisch"}, "Row 2, Languages: “Klingonisch”"),
        ({"theme": "Gibt es nicht"}, "Row 2, Theme: “Gibt es nicht”"),
    ],
)
def test_a_sessions_mistakes_stand_at_their_cells(office: Office, typed: dict[str, Any], told: str) -> None:
    make.session(office.conference)
    typed = {f"n0-{name}": value for name, value in {"title": "Neu", **typed}.items()}

    status, page = sent(office, opened(office, "sessions") | typed, "sessions")

    assert status == 422
    assert told in page.text


def test_organisations_are_kept_once_and_stay_while_people_belong_to_them(office: Office) -> None:
    used = make.organisation(office.conference, name="Caritas")
    make.participant(office.conference, organisation_id=used.id)
    page = f"{office.home}organisations/"
    form = office.client.get(page).form("form").sent

    answer = office.client.post(page, form | {f"r{used.id}-remove": "y", "n0-name": "CARITAS", "n1-name": "ZOF"})
    assert answer.status_code == 422
    assert "People belong to this organisation" in answer.text
    assert "Another organisation has this name already" in answer.text

    assert office.client.post(page, form | {"n1-name": "ZOF"}).status_code == 302
    assert [body.name for body in db.session.query(Organisation).order_by(Organisation.name)] == ["Caritas", "ZOF"]
