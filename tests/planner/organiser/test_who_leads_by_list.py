"""A list of sessions says who leads each and whom it is for: found by word, asked where in doubt, taken back."""

import pytest
from sqlalchemy import select

from planner import session_rules
from planner.extensions import db
from planner.models import Duty, ImportedThing, Participant, Session
from tests import factories as make
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.test_imports import batch, bring, choose, take, undo
from tests.planner.organiser.test_imports_of_things import question, rows, undo_applied


def session(title: str) -> Session:
    found = rows(Session)[title]
    assert isinstance(found, Session)
    return found


def leaders(title: str) -> list[str]:
    roles = session(title).roles
    return sorted(role.participant.name for role in roles if role.duty is Duty.FACILITATOR)


def somebody(office: Office, *names: str, **details: object) -> list[Participant]:
    people = [make.participant(office.conference, name=name, **details) for name in names]
    db.session.commit()
    return people


@pytest.mark.parametrize(
    "cell",
    ["Anna Beispiel und Bert Muster", "Anna Beispiel, Bert Muster", "anna  beispiel; Bert Muster"],
)
def test_several_lead_by_their_names(office: Office, cell: str) -> None:
    somebody(office, "Anna Beispiel", "Bert Muster")

    preview = bring(office, f'Titel\tLeitung\nKochen\t"{cell}"\n', "sessions")
    assert "Anna Beispiel, Bert Muster" in office.client.get(preview).text
    take(office, preview)

    assert leaders("Kochen") == ["Anna Beispiel", "Bert Muster"]
    assert (
        "There is nothing to change."
        in office.client.get(bring(office, f"Titel\tLeitung\nKochen\t{cell}\n", "sessions")).text
    )
    undo_applied(office)
    assert rows(Session) == {}


def test_a_family_name_before_a_comma_is_one_person(office: Office) -> None:
    somebody(office, "Anna Beispiel")

    take(office, bring(office, "Titel;Leitung\nKochen;Beispiel, Anna\n", "sessions"))

    assert leaders("Kochen") == ["Anna Beispiel"]


def test_of_two_with_one_name_the_organiser_says_which(office: Office) -> None:
    _one, other = somebody(office, "Anna Beispiel", "Anna Beispiel")
    preview = bring(office, "Titel;Leitung\nKochen;Anna Beispiel\nMalen;Anna Beispiel\n", "sessions")
    assert "who is it?" in office.client.get(preview).text

    choose(office, preview, **{question(office, preview): str(other.id)})
    take(office, preview)

    assert [session(title).roles[0].participant_id for title in ("Kochen", "Malen")] == [other.id, other.id]


def test_a_family_name_alone_is_asked_about(office: Office) -> None:
    (anna,) = somebody(office, "Anna Beispiel")
    preview = bring(office, "Titel;Leitung\nKochen;Frau Beispiel\n", "sessions")

    choose(office, preview, **{question(office, preview): str(anna.id)})
    take(office, preview)

    assert leaders("Kochen") == ["Anna Beispiel"]


def test_who_is_nobody_here_is_left_out_and_named(office: Office) -> None:
    preview = bring(office, "Titel;Leitung\nKochen;Niemand Hier\n", "sessions")

    assert "“Niemand Hier” in “Leitung”: who is it?" in office.client.get(preview).text
    take(office, preview)

    assert leaders("Kochen") == []


def test_whoever_cancelled_leads_nothing(office: Office) -> None:
    somebody(office, "Anna Beispiel", state="cancelled")

    take(office, bring(office, "Titel;Leitung\nKochen;Anna Beispiel\n", "sessions"))

    assert leaders("Kochen") == []


def test_who_takes_notes_stays_and_another_leader_is_told_and_goes_back(office: Office) -> None:
    anna, _bert, carla = somebody(office, "Anna Beispiel", "Bert Muster", "Carla Probe")
    kept = make.session(office.conference, number=1, title={"de": "Kochen"})
    make.role(kept, anna, duty=Duty.FACILITATOR)
    make.role(kept, carla, duty=Duty.NOTE_TAKER)
    db.session.commit()
    preview = bring(office, "Titel;Leitung\nKochen;Bert Muster\n", "sessions")
    assert "Anna Beispiel → Bert Muster" in office.client.get(preview).text

    take(office, preview)
    assert leaders("Kochen") == ["Bert Muster"]
    undo(office)

    assert leaders("Kochen") == ["Anna Beispiel"]
    takers = [role.participant_id for role in session("Kochen").roles if role.duty is Duty.NOTE_TAKER]
    assert takers == [carla.id]


@pytest.mark.parametrize("later", ["leader", "note taker", "group"])
def test_a_session_whose_people_changed_since_stays(office: Office, later: str) -> None:
    anna, bert = somebody(office, "Anna Beispiel", "Bert Muster")
    take(office, bring(office, "Titel;Leitung\nKochen;Anna Beispiel\n", "sessions"))
    here = session("Kochen")
    if later == "group":
        rules = session_rules.SessionRules(groups=[make.group(office.conference).id])
        session_rules.keep(here, rules)
    else:
        make.role(here, bert, duty=Duty.FACILITATOR if later == "leader" else Duty.NOTE_TAKER)
    db.session.commit()

    page = undo(office)

    assert "Kochen : was changed since" in page.text
    assert list(rows(Session)) == ["Kochen"]
    assert anna.name in leaders("Kochen")


def years(office: Office, *names: str) -> list[int]:
    groups = [make.group(office.conference, title={"de": name}, letter=name[-2:].strip()) for name in names]
    db.session.commit()
    return [group.id for group in groups]


@pytest.mark.parametrize("cell", ["5-7", "Klassen 5–7", "5, 6, 7", "Jahrgang 5; Jahrgang 6; Jahrgang 7", "5 bis 7"])
def test_classes_are_groups_by_title_letter_or_range(office: Office, cell: str) -> None:
    known = years(office, "Jahrgang 5", "Jahrgang 6", "Jahrgang 7", "Jahrgang 8")

    take(office, bring(office, f"Projekt\tKlassen\nKochen\t{cell}\nAlle\talle\n", "sessions"))

    assert sorted(session_rules.of(session("Kochen")).groups) == sorted(known[:3])
    assert session_rules.of(session("Alle")).groups == []


@pytest.mark.parametrize("cell", ["Jobcenter und Verwaltung", "Vereine; Jobcenter und Verwaltung"])
def test_a_groups_name_may_have_an_and(office: Office, cell: str) -> None:
    group = make.group(office.conference, title={"de": "Jobcenter und Verwaltung"}, letter="J")
    make.group(office.conference, title={"de": "Vereine"}, letter="V")
    db.session.commit()

    take(office, bring(office, f"Titel\tNur für\nKochen\t{cell}\n", "sessions"))

    assert group.id in session_rules.of(session("Kochen")).groups


def test_a_year_is_all_of_its_classes(office: Office) -> None:
    known = years(office, "Jahrgang 5", "5a", "5b", "06a", "8a")

    take(office, bring(office, "Projekt;Klassen\nKochen;5-6\n", "sessions"))

    assert sorted(session_rules.of(session("Kochen")).groups) == sorted(known[:4])


def test_what_is_known_of_people_says_whom_it_is_for(office: Office) -> None:
    for value in ("5", "5", "6", "6", "8", "8"):
        somebody(office, "Kind", attributes={"Jahrgang": value})
    preview = bring(office, "Projekt;Jahrgang\nKochen;5-6\n", "sessions")
    assert "Jahrgang: 5, 6" in office.client.get(preview).text

    take(office, preview)

    assert session("Kochen").open_to == {"Jahrgang": ["5", "6"]}
    assert (
        "There is nothing to change."
        in office.client.get(bring(office, "Projekt;Jahrgang\nKochen;5-6\n", "sessions")).text
    )
    undo_applied(office)
    assert rows(Session) == {}


def test_what_nobody_is_called_is_asked_about(office: Office) -> None:
    known = years(office, "Jahrgang 5", "Jahrgang 6")
    preview = bring(office, "Projekt;Klassen\nKochen;Unterstufe\n", "sessions")

    choose(office, preview, **{question(office, preview): f"#{known[0]}"})
    take(office, preview)

    assert session_rules.of(session("Kochen")).groups == [known[0]]


def test_groups_and_other_facts_are_not_mixed(office: Office) -> None:
    years(office, "Jahrgang 5")
    for _each in range(2):
        somebody(office, "Kind", attributes={"Stufe": "Oberstufe"})

    page = office.client.get(bring(office, "Projekt;Klassen\nKochen;5, Oberstufe\n", "sessions"))

    assert "2 Klassen Please name either groups or what else is known of people, not both." in page.text


def test_an_erased_persons_value_stays_in_no_list_that_was_taken_in(office: Office) -> None:
    people = somebody(office, "Kind", "Kind", attributes={"Jahrgang": "Sonderklasse"})
    somebody(office, "Kind", "Kind", attributes={"Jahrgang": "8"})
    make.session(office.conference, number=1, title={"de": "Kochen"}, open_to={"Jahrgang": ["Sonderklasse"]})
    db.session.commit()
    take(office, bring(office, "Projekt;Jahrgang\nKochen;8\n", "sessions"))
    (thing,) = batch().things
    assert "Sonderklasse" in str(thing.before)

    for person in people:
        db.session.delete(person)
    db.session.flush()
    session_rules.forget_values(office.conference)
    db.session.commit()

    kept = db.session.scalars(select(ImportedThing)).all()
    assert not [each for each in kept if "Sonderklasse" in f"{each.before} {each.after}"]


def test_a_number_of_very_many_digits_is_only_a_word(office: Office) -> None:
    years(office, "5a")

    page = office.client.get(bring(office, f"Titel\tNur für\nKochen\t{'5' * 5000}\n", "sessions"))

    assert "what is it?" in page.text
