"""Bringing lists of rooms, sessions and wishes: the same steps as for people."""

import pytest
from sqlalchemy import select

from planner.extensions import db
from planner.models import Participant, Preference, Room, RoomClosure, Seating, Session, Theme, Veto
from tests import factories as make
from tests.client import Page
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.test_imports import batch, bring, choose, take, undo

ROOMS = """Raum;Plätze;Barrierefrei;Ausstattung;Etage
Aula;60;ja;Beamer;EG
R 101;20;nein;;1. Stock
"""
SESSIONS = """Nr;Titel;Themenfeld;Min;Max;Sprachen;Beschreibung
1;Sprachkurse;Sprache;5;20;Deutsch, Arabisch;Was hilft beim Lernen?
2;Wohnen, aber wie?;Wohnen;4;16;Deutsch;
"""


def rows(model: type) -> dict[str, object]:
    db.session.expire_all()
    return {getattr(row, "name", None) or row.title["de"]: row for row in db.session.scalars(select(model))}


def question(office: Office, preview: str) -> str:
    return next(name for name in office.client.get(preview).form("form").sent if name.startswith("answer-"))


def test_rooms_come_in_change_and_go_back(office: Office) -> None:
    kept = make.room(office.conference, name="R 101", capacity_circle=12)
    preview = bring(office, ROOMS, "rooms")
    assert "12 → 20" in office.client.get(preview).text
    take(office, preview)

    found = rows(Room)
    assert (found["Aula"].capacity_circle, found["Aula"].features) == (60, ["step_free", "projector"])
    assert (found["Aula"].seating, found["Aula"].directions) == (Seating.CIRCLE, {"de": "EG"})
    assert kept.capacity_circle == 20
    assert "There is nothing to change." in office.client.get(bring(office, ROOMS, "rooms")).text
    undo_applied(office)
    assert {name: room.capacity_circle for name, room in rows(Room).items()} == {"R 101": 12}


def undo_applied(office: Office) -> None:
    """The draft that waits goes first, so that the one before is the newest."""
    db.session.delete(batch())
    db.session.commit()
    undo(office)


def test_sessions_come_in_with_their_themes_and_go_back(office: Office) -> None:
    take(office, bring(office, SESSIONS, "sessions"))

    found = rows(Session)
    first = found["Sprachkurse"]
    assert (first.number, first.minimum, first.maximum, first.languages) == (1, 5, 20, ["ar", "de"])
    assert first.theme.title["de"] == "Sprache"
    assert found["Wohnen, aber wie?"].theme.title["de"] == "Wohnen"
    assert "There is nothing to change." in office.client.get(bring(office, SESSIONS, "sessions")).text
    undo_applied(office)
    assert rows(Session) == {}
    assert {"Sprache", "Wohnen"} & set(rows(Theme)) == set()


def test_a_session_that_somebody_wished_for_since_stays(office: Office) -> None:
    take(office, bring(office, SESSIONS, "sessions"))
    make.wishes(make.participant(office.conference), rows(Session)["Sprachkurse"])
    db.session.commit()

    page = undo(office)

    assert "Sprachkurse : is used" in page.text
    assert list(rows(Session)) == ["Sprachkurse"]


def test_mistakes_in_numbers_are_told_with_line_and_column(office: Office) -> None:
    page = office.client.get(bring(office, "Titel;Min;Max\nA;zwei;8\nB;9;4\nA;;\n", "sessions"))

    assert "2 Min Please choose a number from 0 to 500." in page.text
    assert "3 Max This must not be smaller than the minimum." in page.text
    assert "“A” stands in the list twice." in page.text


def prepared(office: Office) -> tuple[Participant, list[Session]]:
    sessions = [
        make.session(office.conference, number=number, title={"de": title})
        for number, title in ((1, "Sprachkurse"), (2, "Wohnen, aber wie?"), (3, "Arbeit"))
    ]
    return make.participant(office.conference, name="Erika Beispiel", email="erika@example.org"), sessions


def wished(person: Participant) -> list[int]:
    db.session.expire_all()
    found = select(Preference.session_id).filter_by(participant_id=person.id).order_by(Preference.rank)
    return list(db.session.scalars(found))


def test_wishes_by_numbers_and_titles_come_in_and_go_back(office: Office) -> None:
    erika, (first, second, third) = prepared(office)
    hans = make.participant(office.conference, name="Hans Muster")
    content = 'Name;E-Mail;Wünsche\n;erika@example.org;3, 1\nHans Muster;;"Wohnen, aber wie?"\n'
    take(office, bring(office, content, "wishes"))

    assert wished(erika) == [third.id, first.id]
    assert wished(hans) == [second.id]
    assert erika.wishes_saved_at is not None
    changed = content.replace("3, 1", "2")
    take(office, bring(office, changed, "wishes"))
    assert wished(erika) == [second.id]
    undo(office)
    assert wished(erika) == [third.id, first.id]


def test_wishes_in_a_column_each_keep_their_order(office: Office) -> None:
    erika, (first, second, third) = prepared(office)
    content = "Nachname;Vorname;1. Wunsch;2. Wunsch;Drittwunsch\nBeispiel;Erika;Arbeit;1;2\n"
    take(office, bring(office, content, "wishes"))

    assert wished(erika) == [third.id, first.id, second.id]


def test_what_somebody_chose_herself_is_replaced_only_when_the_organiser_says_so(office: Office) -> None:
    erika, (first, _second, third) = prepared(office)
    make.wishes(erika, first)
    preview = bring(office, "Name;Wunsch\nErika Beispiel;3\n", "wishes")
    assert "has chosen herself. What counts?" in office.client.get(preview).text
    choose(office, preview, **{question(office, preview): "replace"})
    take(office, preview)

    assert wished(erika) == [third.id]


def test_wishes_for_nobody_or_nothing_are_mistakes(office: Office) -> None:
    prepared(office)
    page = office.client.get(bring(office, "Name;Wunsch\nErika Beispiel;9\nNiemand;1\n", "wishes"))

    assert "2 Wunsch There is no session “9”." in page.text
    assert "3 Name Nobody here is called that." in page.text


def test_a_number_is_one_in_plain_digits_and_stands_once(office: Office) -> None:
    """ "²" counts as a digit and is no number: the page of this list could not be shown any more."""
    take(office, bring(office, "Nr;Titel\n²;A\n0;B\nAK-1;C\n7;D\n", "sessions"))
    assert {title: row.number for title, row in rows(Session).items()} == {"A": 1, "B": 2, "C": 3, "D": 7}
    page = office.client.get(bring(office, "Nr;Titel\n9;E\n9;F\n", "sessions"))

    assert "3 Nr “9” stands in the list twice." in page.text


@pytest.mark.parametrize("part", ["goal", "questions", "minutes", "closure"])
def test_a_session_or_room_that_got_more_since_stays(office: Office, part: str) -> None:
    take(office, bring(office, ROOMS, "rooms") if part == "closure" else bring(office, SESSIONS, "sessions"))
    name = "Aula" if part == "closure" else "Sprachkurse"
    row = rows(Room if part == "closure" else Session)[name]
    if part == "closure":
        db.session.add(RoomClosure(room_id=row.id, slot_id=make.slot(office.conference).id))
    else:
        setattr(row, part, {"de": "Mehr davon" if part == "goal" else ["Mehr davon"]})
    db.session.commit()

    assert f"{name} :" in undo(office).text
    assert list(rows(type(row))) == [name]


def test_nobody_wishes_for_what_she_does_not_want(office: Office) -> None:
    erika, (first, _second, _third) = prepared(office)
    db.session.add(Veto(participant_id=erika.id, session_id=first.id))
    page = office.client.get(bring(office, "Name;Wunsch\nErika Beispiel;1\n", "wishes"))

    assert "“1 Sprachkurse” does not fit what she told us herself." in page.text


def test_wishes_that_are_taken_back_are_as_old_as_they_were(office: Office) -> None:
    erika, (first, _second, _third) = prepared(office)
    make.wishes(erika, first)
    erika.wishes_saved_at = make.NOW
    preview = bring(office, "Name;Wunsch\nErika Beispiel;3\n", "wishes")
    choose(office, preview, **{question(office, preview): "replace"})
    take(office, preview)
    undo(office)

    assert wished(erika) == [first.id]
    assert erika.wishes_saved_at == make.NOW


def test_wishes_of_a_list_are_nothing_that_somebody_told_us_herself(office: Office) -> None:
    make.session(office.conference, number=1)
    take(office, bring(office, "Name\nHans Muster\n"))
    people_batch = batch().id
    take(office, bring(office, "Name;Wunsch\nHans Muster;1\n", "wishes"))
    home = f"{office.home}imports/{people_batch}"
    answer = office.client.post(f"{home}/undo", {}, page=home)

    assert "Hans Muster : was changed since" in Page(answer.text).text


def test_a_list_adds_so_many_themes(office: Office) -> None:
    """1,500 themes took 50 seconds."""
    lines = "".join(f"Titel {number};Feld {number}\n" for number in range(65))
    preview = bring(office, f"Titel;Themenfeld\n{lines}", "sessions")
    assert office.client.get(preview).text.count("more than 60 themes. Is the right column the theme?") == 1

    take(office, preview, faults="skip")
    assert len(rows(Session)) == 60


def test_what_a_list_changed_stands_on_the_page_of_what_was_done(office: Office) -> None:
    """The page failed for good as soon as a list had changed something: its number was read as names."""
    make.room(office.conference, name="Atelier")
    take(office, bring(office, "Name;Stühle im Kreis\nAtelier;15\n", "rooms"))

    text = Page(office.client.get(f"{office.home}audit/").text).text

    assert "list taken in" in text
    assert "1 changes" in text
