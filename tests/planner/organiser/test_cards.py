"""Cards to print: for whom, in which language, and that what stands on them opens her pages."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import segno
from flask import Flask
from pypdf import PdfReader

from planner import cards, clock
from planner.cards import Pile, Whom
from planner.extensions import db
from planner.models import AuditEntry, LinkKind, ParticipantState, PersonalLink
from tests import factories as make
from tests.at_once import at_once
from tests.client import Client
from tests.planner.organiser.conftest import Office

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")


def printed(office: Office, **form: str) -> list[str]:
    """The text of each page of the file."""
    sent = {"whom": "without", "group_id": "0", "layout": "cards", "pile": "all", **form}
    answer = office.client.post(f"{office.home}cards/", sent)
    assert answer.content_type == "application/pdf", answer.text
    return [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]


def test_the_printed_code_and_the_picture_open_her_pages(office: Office) -> None:
    person = make.participant(office.conference, name="Mila Muster", locale="en")

    [text] = printed(office)

    assert "Mila Muster" in text
    [code] = CODE.findall(text)
    guest = Client(office.client.app)
    assert guest.post(f"/c/{office.conference.slug}/enter", {"code": code}).status_code == 302
    with office.client.app.test_request_context():
        [made] = cards.mint([person], "http://localhost", clock.now())
        db.session.commit()
    assert Client(office.client.app).fetch(made.link.removeprefix("http://localhost")).status_code == 302


def test_the_picture_is_her_link(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn, make_code = [], segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: drawn.append(text) or make_code(text, **how))
    person, home = make.participant(office.conference), "https://plan.example.org"

    with office.client.app.test_request_context():
        [card] = cards.mint([person], home, clock.now())
        piles = cards.sheets(office.conference, [card], Pile.ALL, home)
        cards.draw(piles)
        [pile] = piles

    assert drawn == [card.link]
    assert "link" not in pile["cards"][0]
    assert card.link.startswith(f"{home}/l/")
    assert pile["cards"][0]["address"] == f"plan.example.org/c/{office.conference.slug}/enter"


def test_each_card_speaks_her_language_whatever_the_page_speaks(office: Office) -> None:
    make.participant(office.conference, name="Eins", locale="de")
    make.participant(office.conference, name="Two", locale="en")

    text = " ".join("".join(printed(office)).split())

    assert "Bitte geben Sie sie niemandem" in text
    assert "Please give it to nobody" in text


def test_who_has_a_way_in_gets_no_second_card_unless_everybody_is_asked_for(office: Office) -> None:
    known, new = make.participant(office.conference, name="Known"), make.participant(office.conference, name="New")
    gone = make.participant(office.conference, name="Gone", state=ParticipantState.CANCELLED)
    Client(office.client.app).as_participant(known)

    assert [person.id for person in cards.whom(office.conference, Whom.WITHOUT, 0, clock.now())] == [new.id]
    assert gone not in cards.whom(office.conference, Whom.EVERYBODY, 0, clock.now())
    printed(office)
    refused = office.client.post(f"{office.home}cards/", {"whom": "without", "group_id": "0", "layout": "cards"})
    assert refused.status_code == 422
    assert "Nobody is left to print for" in refused.text
    assert "“Everybody” makes a new file with new codes." in refused.text
    assert len(CODE.findall("".join(printed(office, whom="everybody")))) == 2


def test_of_four_presses_at_once_one_prints_her_card(either_app: Flask) -> None:
    """On PostgreSQL each gave a file with a code of its own, and all of them were valid."""
    conference, organiser = make.organised()
    make.participant(conference)
    page = f"/organise/{conference.slug}/cards/"
    clients = [Client(either_app).as_organiser(organiser) for _ in range(4)]
    forms = [{**client.get(page).fields, "layout": "cards", "pile": "all", "group_id": "0"} for client in clients]

    def press(number: int) -> Callable[[], None]:
        return lambda: codes.append(clients[number].http.post(page, data=forms[number]).status_code)

    codes: list[int] = []
    at_once(either_app, *(press(number) for number in range(4)))

    assert sorted(codes) == [200, 422, 422, 422]
    assert db.session.query(PersonalLink).filter_by(kind=LinkKind.CARD).count() == 1


def test_an_ended_link_is_no_way_in(office: Office) -> None:
    person = make.participant(office.conference)
    Client(office.client.app).as_participant(person)
    db.session.query(PersonalLink).update({PersonalLink.expires_at: clock.now() - timedelta(days=1)})
    db.session.commit()

    assert list(cards.whom(office.conference, Whom.WITHOUT, 0, clock.now())) == [person]


def test_who_has_no_address_can_be_printed_for_alone(office: Office) -> None:
    make.participant(office.conference, email="mila@example.org")
    paper = make.participant(office.conference, email=None)

    assert list(cards.whom(office.conference, Whom.UNREACHED, 0, clock.now())) == [paper]


def test_piles_lie_on_sheets_of_their_own(office: Office) -> None:
    classes = [make.group(office.conference, title={"de": title, "en": title}) for title in ("5a", "5b")]
    for number in range(12):
        make.participant(office.conference, name=f"Kind {number:02}", group_id=classes[number % 2].id)

    pages = printed(office, layout="strips", pile="group")

    assert [("5a" in page, "5b" in page, len(CODE.findall(page))) for page in pages] == [
        (True, False, 6),
        (False, True, 6),
    ]


def test_eight_cards_are_one_sheet(office: Office) -> None:
    for number in range(9):
        make.participant(office.conference, name=f"Person {number}")

    assert [len(CODE.findall(page)) for page in printed(office)] == [8, 1]


def test_where_a_group_is_sensitive_no_pile_tells_it(office: Office) -> None:
    group = make.group(office.conference, is_sensitive=True)
    make.participant(office.conference, group_id=group.id)

    answer = office.client.post(
        f"{office.home}cards/", {"whom": "everybody", "group_id": "0", "layout": "strips", "pile": "group"}
    )

    assert answer.status_code == 422
    assert db.session.query(PersonalLink).count() == 0


def test_printing_is_told_in_the_audit_and_keeps_no_secret(office: Office) -> None:
    make.participant(office.conference)
    [code] = CODE.findall("".join(printed(office)))

    entries = db.session.query(AuditEntry).filter_by(conference_id=office.conference.id).all()
    assert {"cards.make", "export"} <= {entry.action for entry in entries}
    assert code.replace("-", "") not in "".join(str(entry.facts) for entry in entries)
    page = office.client.get(f"{office.home}audit/").text
    assert "Cards to print: made" in page


@pytest.mark.parametrize("name", ["ليلى مثال", "Ein sehr langer Name " * 5, "Łukasz Żółć", "名前"])
def test_any_name_fits_on_its_card(office: Office, name: str) -> None:
    make.participant(office.conference, name=name[:120], locale="ar")

    assert len(printed(office)) == 1


def test_nobody_waits_for_cards_to_be_drawn(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of pictures took a second and more of the writer's turn."""
    make.participant(office.conference)
    kept = []
    drawn = cards.draw
    monkeypatch.setattr(cards, "draw", lambda piles: kept.append(db.session().in_transaction()) or drawn(piles))

    printed(office)

    assert kept == [False]
