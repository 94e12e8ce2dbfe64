"""Bringing a list of people: preview, all or nothing, a second time, taken back."""

import io

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from planner import locks
from planner.extensions import db
from planner.imports import batches, matching, reading
from planner.imports.plan import marked
from planner.models import (
    AuditEntry,
    Conference,
    Group,
    ImportBatch,
    ImportedPerson,
    ImportState,
    InterpreterPair,
    LanguageLevel,
    Level,
    Need,
    NeedKind,
    Organisation,
    Participant,
    ParticipantState,
    Quota,
    Veto,
)
from tests import factories as make
from tests.client import Client, Page
from tests.planner.imports.files import xlsx
from tests.planner.organiser.conftest import Office

LIST = """Name;Organisation;E-Mail;Gruppe;Sprachen
Erika Beispiel;Caritas;erika@example.org;Wohlfahrt;Deutsch
Hans Muster;Stadt;hans@example.org;Verwaltung;Deutsch, Englisch
Leyla Öz;Caritas;;Wohlfahrt;Türkisch, etwas Deutsch
"""


def bring(office: Office, content: str | bytes, kind: str = "people", name: str = "liste.csv") -> str:
    """Upload a list; the address of its preview."""
    data = content if isinstance(content, bytes) else content.encode()
    form = {"kind": kind, "file": (io.BytesIO(data), name), "charset": ""}
    answer = office.client.post(f"{office.home}imports/", form)
    assert answer.status_code == 302, Page(answer.text).text
    return answer.headers["Location"]


def take(office: Office, preview: str, **choices: str) -> Page:
    """Press the button of the preview, as it stands there, with other choices."""
    return office.client.submit(f"{preview}/apply", {**answered(office, preview), **choices}, page=preview)


def answered(office: Office, preview: str) -> dict[str, str | list[str]]:
    """The preview's form as it stands there; that new groups show no religion is said."""
    shown = office.client.get(preview).form("form").sent
    return {**shown, **{name: "no" for name, sent in shown.items() if name.startswith("answer-") and sent == [""]}}


def choose(office: Office, preview: str, **choices: str) -> Page:
    shown = office.client.get(preview).form("form").sent
    return office.client.submit(preview, {**shown, **choices})


def people() -> dict[str, Participant]:
    db.session.expire_all()
    return {person.name: person for person in db.session.scalars(select(Participant))}


def batch() -> ImportBatch:
    db.session.expire_all()
    return db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()


def undo(office: Office) -> Page:
    home = f"{office.home}imports/{batch().id}"
    answer = office.client.post(f"{home}/undo", {}, page=home)
    return Page(answer.text) if answer.status_code == 200 else office.client.get(answer.headers["Location"])


def test_a_list_is_shown_first_and_then_taken_in_as_it_was_shown(office: Office) -> None:
    preview = bring(office, LIST)
    page = office.client.get(preview)
    assert "3 new" in page.text
    assert not people()

    after = take(office, preview)

    assert "Taken in" in after.text
    found = people()
    assert {name: (p.email, p.organisation.name, p.group.title["de"]) for name, p in found.items()} == {
        "Erika Beispiel": ("erika@example.org", "Caritas", "Wohlfahrt"),
        "Hans Muster": ("hans@example.org", "Stadt", "Verwaltung"),
        "Leyla Öz": (None, "Caritas", "Wohlfahrt"),
    }
    assert {row.language: row.level.value for row in found["Leyla Öz"].languages} == {
        "tr": "speaks",
        "de": "needs_help",
    }
    assert (batch().state, batch().tables, batch().choices) == (ImportState.APPLIED, None, {})
    entry = db.session.scalars(select(AuditEntry).filter_by(action="import.applied")).one()
    assert entry.facts == {"kind": "people", "new": 3}


def test_a_second_time_nothing_is_doubled_and_what_changed_changes(office: Office) -> None:
    take(office, bring(office, LIST))
    changed = LIST.replace("erika@example.org", "e.beispiel@example.org").replace("Deutsch, Englisch", "Deutsch")
    changed += "Neu Dabei;;;;\n"

    page = office.client.get(bring(office, LIST))
    assert "3 stays as it is" in page.text
    assert "There is nothing to change." in page.text
    preview = bring(office, changed)
    shown = office.client.get(preview)
    assert "1 new" in shown.text
    assert "1 changes" in shown.text
    assert "is it Erika Beispiel, Caritas, erika@example.org?" in shown.text
    question = next(name for name in shown.form("form").sent if name.startswith("answer-"))
    take(office, preview.partition("#")[0], **choose_same(office, preview, question))

    found = people()
    assert len(found) == 4
    assert found["Erika Beispiel"].email == "e.beispiel@example.org"
    assert [row.language for row in found["Hans Muster"].languages] == ["de"]


def choose_same(office: Office, preview: str, question: str) -> dict[str, str]:
    choose(office, preview, **{question: "same"})
    return {}


def test_nothing_is_taken_in_while_a_question_is_open(office: Office) -> None:
    make.participant(office.conference, name="Erika Beispiel", email="andere@example.org")
    preview = bring(office, LIST)
    shown = office.client.get(preview).form("form").sent

    answer = office.client.post(f"{preview}/apply", shown, page=preview)

    assert answer.status_code == 422
    assert "Nothing was taken in yet" in Page(answer.text).text
    assert len(people()) == 1


def test_somebody_else_of_the_same_name_is_added_when_the_organiser_says_so(office: Office) -> None:
    make.participant(office.conference, name="Erika Beispiel", email="andere@example.org")
    preview = bring(office, "Name;E-Mail\nErika Beispiel;erika@example.org\n")
    question = next(name for name in office.client.get(preview).form("form").sent if name.startswith("answer-"))
    choose(office, preview, **{question: "new"})
    take(office, preview)

    emails = db.session.scalars(select(Participant.email).filter_by(name="Erika Beispiel")).all()
    assert sorted(emails) == ["andere@example.org", "erika@example.org"]


def test_who_stands_twice_in_a_list_is_asked_about(office: Office) -> None:
    preview = bring(office, "Name;Organisation\nErika Beispiel;Caritas\nErika Beispiel;\nErika Beispiel;Diakonie\n")
    page = office.client.get(preview)

    assert "Line 3, “Erika Beispiel”: is it the person of line 2?" in page.text
    assert "Line 4, “Erika Beispiel”: is it the person of line 3?" in page.text


def test_every_mistake_is_told_with_line_and_column_and_nothing_is_taken_in(office: Office) -> None:
    preview = bring(office, "Name;E-Mail;Abwesend\nErika;keine Adresse;\n;x@example.org;\nHans;;Runde 9\nGut;;\n")
    page = office.client.get(preview)

    assert "3 mistakes in the list" in page.text
    for words in (
        "2 E-Mail “keine Adresse” is no e-mail address.",
        "3 Name There is no name.",
        "4 Abwesend There is no round “Runde 9”.",
    ):
        assert words in page.text
    answer = office.client.post(f"{preview}/apply", page.form("form").sent, page=preview)
    assert answer.status_code == 422
    assert not people()
    choose(office, preview, faults="skip")
    take(office, preview)
    assert list(people()) == ["Gut"]


def test_columns_are_mapped_by_hand_and_kept_after_a_mistake(office: Office) -> None:
    preview = bring(office, "X;Y;Z\nBeispiel;Erika;keine Adresse\n")
    assert "Please say under “Columns”" in office.client.get(preview).text

    page = choose(office, preview, heading="2", **{"column-0": "family", "column-1": "given", "column-2": "email"})
    assert "“keine Adresse” is no e-mail address." in page.text
    page = choose(office, preview, **{"column-2": ""})
    assert page.fields["seen"]
    take(office, preview)

    assert list(people()) == ["Erika Beispiel"]


def test_family_names_before_a_comma_are_turned(office: Office) -> None:
    take(office, bring(office, "Name\nBeispiel, Erika\nMuster, Hans\n"))

    assert sorted(people()) == ["Erika Beispiel", "Hans Muster"]


def test_an_excel_file_with_a_title_and_two_fields_for_the_name(office: Office) -> None:
    rows = [["Anmeldungen"], [], ["Nr.", "Nachname", "Vorname", "Verein"], [1, "Beispiel", "Erika", "Caritas"]]
    take(office, bring(office, xlsx(rows), name="Liste Mai.xlsx"))

    assert people()["Erika Beispiel"].organisation.name == "Caritas"


def test_pasted_cells_are_a_list_too(office: Office) -> None:
    form = {"kind": "people", "pasted": "Name\tE-Mail\nErika Beispiel\terika@example.org\n", "charset": ""}
    answer = office.client.post(f"{office.home}imports/", form)
    take(office, answer.headers["Location"])

    assert people()["Erika Beispiel"].email == "erika@example.org"


def test_a_list_that_cannot_be_read_is_refused_with_its_line_and_the_pasted_text_stays(office: Office) -> None:
    form = {"kind": "people", "pasted": 'Name;E-Mail\n"Erika;\n', "charset": ""}
    answer = office.client.post(f"{office.home}imports/", form)

    assert answer.status_code == 422
    page = Page(answer.text)
    assert "Line 2: the quotation marks do not match." in page.text
    assert page.form("form").sent["pasted"] == ['Name;E-Mail\n"Erika;\n']


def test_unknown_words_are_asked_about_once(office: Office) -> None:
    preview = bring(office, "Name;Sprachen\nErika;Kurdisch\nHans;kurdisch, Deutsch\n")
    page = office.client.get(preview)
    assert "“Kurdisch” in “Sprachen”: what is it?" in page.text
    assert "Lines: 2, 3" in page.text
    question = next(name for name in page.form("form").sent if name.startswith("answer-"))
    choose(office, preview, **{question: "skip"})
    take(office, preview)

    assert [row.language for row in people()["Hans"].languages] == ["de"]


def test_needs_come_in_only_with_the_sentence_where_consent_is_from(office: Office) -> None:
    preview = bring(office, "Name;Bedarf\nErika;Rollstuhl\n")
    shown = office.client.get(preview).form("form").sent
    answer = office.client.post(f"{preview}/apply", shown, page=preview)
    assert answer.status_code == 422
    assert "from where their consent is" in Page(answer.text).text
    take(office, preview, consent="Anmeldebogen vom 3. Mai")

    need = db.session.scalars(select(Need)).one()
    assert (need.kind.value, need.consent_from) == ("step_free", "Anmeldebogen vom 3. Mai")
    facts = [row.facts for row in db.session.scalars(select(AuditEntry))]
    assert "step_free" not in str(facts)


def test_a_column_of_needs_in_which_nobody_needs_anything_asks_for_no_consent(office: Office) -> None:
    take(office, bring(office, "Name;Bedarf\nErika;\nHans;keiner\n"))

    assert sorted(people()) == ["Erika", "Hans"]


def test_what_somebody_told_us_herself_stays(office: Office, app: Flask) -> None:
    person = make.participant(office.conference, name="Erika Beispiel", languages={"ar": "speaks"})
    person.details_saved_at = make.NOW
    preview = bring(office, "Name;Sprachen;E-Mail\nErika Beispiel;Deutsch;erika@example.org\n")
    assert "She told us languages, needs and rounds herself: that stays." in office.client.get(preview).text
    take(office, preview)

    found = people()["Erika Beispiel"]
    assert ([row.language for row in found.languages], found.email) == (["ar"], "erika@example.org")


def test_whoever_has_cancelled_does_not_come_back_by_a_list(office: Office) -> None:
    make.participant(office.conference, name="Erika Beispiel", state=ParticipantState.CANCELLED)
    page = office.client.get(bring(office, "Name;Status\nErika Beispiel;angemeldet\n"))

    assert "She has cancelled: that stays." in page.text


def test_an_import_is_taken_back(office: Office) -> None:
    before = make.participant(office.conference, name="Hans Muster", email="hans@example.org")
    take(office, bring(office, LIST))
    assert people()["Hans Muster"].group.title["de"] == "Verwaltung"

    page = undo(office)

    assert "taken back" in page.text
    assert list(people()) == ["Hans Muster"]
    assert (before.group_id, before.organisation_id) == (None, None)
    assert [row.language for row in before.languages] == ["de"]
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 0
    assert db.session.scalar(select(func.count()).select_from(Group)) == 0
    assert db.session.scalar(select(func.count()).select_from(ImportedPerson)) == 0


def test_taking_back_leaves_what_the_list_has_not_made(office: Office) -> None:
    """An organisation that waited for its people, others' rooms and a quota went with people who were taken back."""
    conference = office.conference
    ours = make.organisation(conference, name="Caritas")
    rooms = make.import_batch(conference, kind="rooms", file_name="raeume.csv")
    sessions = make.import_batch(conference, kind="sessions", file_name="aks.csv")
    take(office, bring(office, LIST))
    taken = batch()
    group = db.session.scalars(select(Group).order_by(Group.id)).first()
    quota = make.add(Quota(conference_id=conference.id, group_id=group.id, minimum=1))
    db.session.commit()

    page = undo(office)

    assert "Wohlfahrt : is used" in page.text
    assert list(people()) == []
    assert [body.id for body in db.session.scalars(select(Organisation))] == [ours.id]
    assert [row.id for row in db.session.scalars(select(Quota))] == [quota.id]
    assert (rooms.waits, rooms.file_name) == (True, "raeume.csv")
    assert (sessions.is_emptied, sessions.file_name, taken.file_name) == (True, "", "")


def test_what_was_changed_since_stays_and_is_told(office: Office) -> None:
    take(office, bring(office, LIST))
    people()["Erika Beispiel"].name = "Erika Neu"
    db.session.commit()
    make.wishes(people()["Leyla Öz"], make.session(office.conference))
    db.session.commit()
    people()["Leyla Öz"].wishes_saved_at = make.NOW
    db.session.commit()

    page = undo(office)

    assert "Erika Neu : was changed since" in page.text
    assert "Leyla Öz : told us something herself" in page.text
    assert sorted(people()) == ["Erika Neu", "Leyla Öz"]


def test_a_draft_is_its_organisers_alone(office: Office, app: Flask) -> None:
    preview = bring(office, LIST)
    other = make.user()
    make.member(office.conference, other)
    client = Client(app).as_organiser(other)

    assert client.fetch(preview).status_code == 404
    assert client.fetch(f"{preview}/apply", method="POST").status_code in {400, 404}
    assert "liste.csv" not in client.get(f"{office.home}imports/").text


def test_pressing_twice_takes_in_once(office: Office) -> None:
    preview = bring(office, LIST)
    shown = answered(office, preview)
    answers = [office.client.post(f"{preview}/apply", shown, page=f"{office.home}imports/") for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [preview, preview]
    assert len(people()) == 3


def test_whoever_is_erased_stands_in_no_list_that_waits(office: Office) -> None:
    person = make.participant(office.conference, name="Erika Beispiel")
    preview = bring(office, LIST, name="erika.csv")
    shown = office.client.get(preview).form("form").sent
    office.client.post(f"{office.home}people/{person.id}/erase", {}, page=f"{office.home}people/{person.id}")

    assert (batch().tables, batch().choices, batch().file_name) == (None, {}, "")
    for address in (preview, f"{preview}/apply"):
        answer = office.client.post(address, shown, page=f"{office.home}imports/")
        assert answer.headers["Location"] in {preview, f"{office.home}imports/"}
    assert "Your list is not here any more" in office.client.get(f"{office.home}imports/").text
    assert office.client.fetch(preview).headers["Location"] == f"{office.home}imports/"
    bring(office, LIST)
    assert "Your list is not here any more" not in office.client.get(f"{office.home}imports/").text


def test_the_language_button_keeps_what_was_chosen(office: Office) -> None:
    preview = bring(office, "Name;Bedarf\nErika;Rollstuhl\n")
    shown = office.client.get(preview).form("form").sent
    for address in (preview, f"{preview}/apply"):
        sent = {**shown, "consent": "Anmeldebogen", "column-0": "", "switch_language": "ar"}
        again = Page(office.client.post(address, sent, page=preview).text)
        assert (again.language, again.form("form").sent["consent"]) == ("ar", ["Anmeldebogen"])
        assert again.form("form").sent["column-0"] == [""]

    assert not people()


def test_another_list_leaves_the_one_that_waits_and_the_same_one_is_there_once(office: Office) -> None:
    first = bring(office, LIST)
    choose(office, first, **{"column-0": ""})

    second = bring(office, "Name\nNeu Dabei\n")

    assert (first != second, bring(office, LIST)) == (True, first)
    assert office.client.get(first).form("form").sent["column-0"] == [""]  # what was chosen is still there
    links = office.client.get(f"{office.home}imports/").text
    assert links.count("Go on with your list") == 2


def test_so_many_lists_wait_and_one_more_is_told_so_and_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_WAIT", 1)
    bring(office, LIST)

    form = {"kind": "people", "pasted": "Name\nNeu Dabei", "charset": ""}
    answer = office.client.post(f"{office.home}imports/", form)

    assert (answer.status_code, batch().file_name) == (409, "liste.csv")
    assert "wait already" in answer.text
    assert "Neu Dabei" in answer.text


def test_what_changed_meanwhile_is_shown_before_it_is_done(office: Office) -> None:
    preview = bring(office, LIST)
    shown = answered(office, preview)
    make.participant(office.conference, name="Hans Muster", email="hans@example.org")
    address = f"{preview}/apply"
    token = office.client.token(preview)
    answer = office.client.fetch(address, method="POST", data={**shown, "csrf_token": token})

    assert answer.status_code == 409
    assert "What is to be done has changed." in Page(answer.text).text
    assert len(people()) == 1


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", 'O\'Brien "x"', "محمد"])
def test_whatever_stands_in_a_list_is_only_text(office: Office, name: str) -> None:
    preview = bring(office, "Name\n" + '"' + name.replace('"', '""') + '"\n')
    assert "<script>alert" not in office.client.fetch(preview).text
    take(office, preview)

    assert list(people()) == [name]


def entries(action: str) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEntry).filter_by(action=action)) or 0


def test_a_refused_list_is_no_act_and_shows_needs_to_nobody_unnoticed(office: Office) -> None:
    """The audit said "Lists: taken in" of what was refused, and the page below showed needs without a trace."""
    erika = make.participant(office.conference, name="Erika Beispiel")
    erika.needs.append(Need(kind=NeedKind.QUIET, consented_at=make.NOW))
    preview = bring(office, "Name;Bedarf\nErika Beispiel;Rollstuhl\nErika Beispiel;\n")
    shown = office.client.get(preview).form("form").sent
    read = entries("needs.read")

    refused = office.client.post(f"{preview}/apply", shown, page=preview)

    assert refused.status_code == 422
    assert entries("needs.read") == read + 3  # the page before, the list as it was to be taken in, and the refusal
    switched = office.client.post(preview, {**shown, "switch_language": "ar"}, page=preview)
    assert switched.status_code == 200
    assert entries("needs.read") == read + 5
    choose(office, preview, consent="Anmeldebogen")
    assert (entries("imports.apply"), entries("imports.show")) == (0, 0)
    assert batch().choices["consent"] == "Anmeldebogen"


def test_a_list_holds_the_conference_before_its_own_row(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """An erasure holds the conference and then deletes lists that wait: two waited for each other on PostgreSQL."""
    preview = bring(office, LIST)
    shown = answered(office, preview)
    done: list[str] = []
    holds = locks.conference
    monkeypatch.setattr(locks, "conference", lambda *row, **how: (done.append("held"), holds(*row, **how)))
    note = lambda _c, _cursor, statement, *_rest: done.append(statement.split(maxsplit=1)[0])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        office.client.fetch(f"{preview}/apply", method="POST", data={**shown, "consent": "Anmeldebogen"})
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert batch().state is ImportState.APPLIED
    assert "UPDATE" not in done[: done.index("held")]
    assert "UPDATE" in done


def test_where_other_lists_are_being_read_she_is_told_when_to_send_hers(office: Office) -> None:
    with reading.AT_ONCE, reading.AT_ONCE:
        form = {"kind": "people", "pasted": "Name\nErika Beispiel", "charset": ""}
        answer = office.client.post(f"{office.home}imports/", form)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Please send yours again in ten seconds." in Page(answer.text).text
    assert "Erika Beispiel" in answer.text


@pytest.fixture
def taken_in_meanwhile(office: Office, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a list that another tab takes in while this one waits for the conference."""
    preview = bring(office, LIST)
    holds = locks.conference

    def waits(*row: Conference, **how: bool) -> None:
        holds(*row, **how)
        other = update(ImportBatch).values(state=ImportState.APPLIED, applied_at=make.NOW, choices={})
        db.session.execute(other.execution_options(synchronize_session=False))

    monkeypatch.setattr(locks, "conference", waits)
    return preview


def test_a_list_that_is_taken_in_meanwhile_is_not_dropped(office: Office, taken_in_meanwhile: str) -> None:
    """Both succeeded, and the way to take it back was lost."""
    token = office.client.get(taken_in_meanwhile).form("form").sent["csrf_token"]
    answer = office.client.fetch(f"{taken_in_meanwhile}/cancel", method="POST", data={"csrf_token": token})

    assert batch() is not None
    assert answer.headers["Location"] == taken_in_meanwhile
    assert "taken in at the same moment" in office.client.get(taken_in_meanwhile).text


def test_choices_for_a_list_that_is_taken_in_meanwhile_are_not_kept(office: Office, taken_in_meanwhile: str) -> None:
    shown = office.client.get(taken_in_meanwhile).form("form").sent
    answer = office.client.fetch(taken_in_meanwhile, method="POST", data={**shown, "faults": "skip"})

    assert answer.status_code == 200  # the page of a list that was taken in
    assert "faults" not in batch().choices.get("answers", {})


def test_a_change_by_hand_after_the_preview_is_shown_before_it_is_written_over(office: Office) -> None:
    person = make.participant(office.conference, name="Hans Muster", email="alt@example.org")
    preview = bring(office, "Name;E-Mail\nHans Muster;hans@example.org\n")
    question = next(name for name in office.client.get(preview).form("form").sent if name.startswith("answer-"))
    choose(office, preview, **{question: "same"})
    shown = office.client.get(preview).form("form").sent
    person.email = "von-hand@example.org"
    answer = office.client.fetch(f"{preview}/apply", method="POST", data=shown)

    assert answer.status_code == 409
    assert people()["Hans Muster"].email == "von-hand@example.org"


@pytest.mark.parametrize("added", ["email", "need", "languages", "attends", "interprets", "vetoes"])
def test_whoever_got_anything_else_since_is_not_erased_by_taking_the_list_back(office: Office, added: str) -> None:
    session = make.session(office.conference)
    take(office, bring(office, "Name\nHans Muster\n"))
    hans = people()["Hans Muster"]
    if added == "email":
        hans.email = "hans@example.org"
    elif added == "attends":
        hans.attends = False
    else:
        more = {
            "need": (hans.needs, Need(kind=NeedKind.QUIET, consented_at=make.NOW)),
            "languages": (hans.languages, LanguageLevel(language="tr", level=Level.SPEAKS)),
            "interprets": (hans.interprets, InterpreterPair(source="tr", target="de")),
            "vetoes": (hans.vetoes, Veto(session_id=session.id)),
        }
        rows, row = more[added]
        rows.append(row)
    db.session.commit()

    assert "Hans Muster :" in undo(office).text
    assert list(people()) == ["Hans Muster"]


def test_needs_are_read_only_of_those_of_whom_the_list_says_some(office: Office) -> None:
    """Everybody's "My data" told of an organiser who had looked, for a list with one person in it."""
    erika = make.participant(office.conference, name="Erika Beispiel")
    make.participant(office.conference, name="Hans Muster")
    erika.needs.append(Need(kind=NeedKind.QUIET, consented_at=make.NOW))
    page = office.client.get(bring(office, "Name;Bedarf\nErika Beispiel;Rollstuhl\nHans Muster;\n"))

    read = db.session.scalars(select(AuditEntry).filter_by(action="needs.read")).all()
    assert {str(row.facts["of"]) for row in read} == {str(erika.id)}
    assert "1 changes" in page.text


def test_a_list_that_was_taken_in_and_back_is_told_in_words(office: Office) -> None:
    take(office, bring(office, LIST))
    make.wishes(people()["Leyla Öz"], make.session(office.conference))
    undo(office)

    page = office.client.get(f"{office.home}audit/").text
    assert f"Lists, no. {batch().id}" in page
    assert "3 new" in page
    assert "3 could not be taken back" in page
    assert "import:" not in page


def test_new_people_are_stored_in_as_many_statements_for_many_as_for_few(office: Office) -> None:
    """Two thousand objects kept others from writing for a second."""
    flushed: list[int] = []
    note = lambda session, *_rest: flushed.append(len(session.new))  # noqa: E731
    preview = bring(office, "Name;Sprachen\n" + "".join(f"Erika N{number};Deutsch\n" for number in range(40)))
    event.listen(db.session, "before_flush", note)
    try:
        take(office, preview)
    finally:
        event.remove(db.session, "before_flush", note)

    assert max(flushed) < 10
    assert len(people()) == 40
    undo(office)
    assert not people()


@pytest.mark.parametrize("numbers", [False, True])
def test_a_name_in_very_many_lines_is_told_once_and_compared_with_nobody(
    office: Office, monkeypatch: pytest.MonkeyPatch, *, numbers: bool
) -> None:
    """Five thousand lines of one name were compared each with each: 42 seconds."""
    compared: list[object] = []
    agree = matching._agree
    monkeypatch.setattr(matching, "_agree", lambda *both: (compared.append(both), agree(*both))[1])
    same = "".join(f"Anna Beispiel;{number if numbers else ''}\n" for number in range(300))
    preview = bring(office, f"Name;Nr\n{same}Erika Muster;\nErika Muster;\n")
    page = office.client.get(preview)

    assert page.text.count("“Anna Beispiel” is the name in 300 lines. Is the right column the name?") == 1
    assert "1 question is open." in page.text  # two may have one name
    assert len(compared) < 20
    choose(office, preview, faults="skip", **{name: "new" for name in page.form("form").sent if "answer-" in name})
    take(office, preview)
    assert list(people()) == ["Erika Muster"]


def test_many_who_share_an_address_are_found_by_their_names_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An office's address and as many names: each line looked at all of them."""
    for number in range(50):
        make.participant(office.conference, name=f"Erika N{number}", email="amt@example.org")
    read: list[str] = []
    fold = matching.folded
    monkeypatch.setattr(matching, "folded", lambda name: (read.append(name), fold(name))[1])
    lines = "".join(f"Erika N{number};amt@example.org\n" for number in range(50))
    page = office.client.get(bring(office, f"Name;E-Mail\n{lines}"))

    assert len(read) < 300
    assert "50 stays as it is" in page.text


@pytest.mark.parametrize(
    ("heading", "most", "sentence"),
    [
        ("Gruppe", 30, "more than 30 groups. Is the right column the group?"),
        ("Organisation", 1_000, "more than 1000 organisations. Is the right column the organisation?"),
    ],
)
def test_a_list_adds_so_many_groups_and_organisations(office: Office, heading: str, most: int, sentence: str) -> None:
    """1,500 groups ran out of letters: a 500."""
    lines = "".join(f"Erika N{number};Etwas {number}\n" for number in range(most + 5))
    preview = bring(office, f"Name;{heading}\n{lines}")
    assert office.client.get(preview).text.count(sentence) == 1

    take(office, preview, faults="skip")
    assert len(people()) == most


def test_a_new_group_is_asked_about_religion_and_origin(office: Office) -> None:
    """A list's groups were never kept out of lists for rooms, whatever they show."""
    preview = bring(office, "Name;Gruppe\nErika Beispiel;Jüdische Gemeinde\nHans Muster;Verwaltung\n")
    page = office.client.get(preview)
    assert "Does the group “Jüdische Gemeinde” show religion or origin?" in page.text
    asked, other = (f"answer-{marked(f'sensitive:{name}')}" for name in ("jüdische gemeinde", "verwaltung"))
    sent = page.form("form").sent
    assert (sent[asked], sent[other]) == ([""], [""])

    refused = office.client.post(f"{preview}/apply", {**sent, other: "no"}, page=preview)

    assert refused.status_code == 422
    again = Page(refused.text)
    assert "show religion or origin?: Please choose one." in again.text
    assert (again.form("form").sent[asked], again.form("form").sent[other]) == ([""], ["no"])
    assert not people()
    office.client.submit(f"{preview}/apply", {**again.form("form").sent, asked: "yes"}, page=preview)

    groups = {group.title["de"]: group.is_sensitive for group in db.session.scalars(select(Group))}
    assert groups == {"Jüdische Gemeinde": True, "Verwaltung": False}


def test_new_groups_are_answered_for_together(office: Office) -> None:
    """A school's list has a group for each of its classes."""
    preview = bring(office, "Name;Gruppe\nErika Beispiel;5a\nHans Muster;5b\n")
    assert "All new groups: do they show religion or origin?" in office.client.get(preview).text

    choose(office, preview, **{"answer-sensitive": "no"})
    office.client.submit(f"{preview}/apply", office.client.get(preview).form("form").sent, page=preview)

    assert sorted(person.group.title["de"] for person in people().values() if person.group) == ["5a", "5b"]
    assert [group.is_sensitive for group in office.conference.groups if group.title["de"] in {"5a", "5b"}] == [
        False,
        False,
    ]


def test_a_dropped_lists_number_is_never_given_to_another(office: Office) -> None:
    """What the audit says of the one, and a page that is still open, would be about the other."""
    first = bring(office, "Name\nErika Beispiel\n")
    office.client.submit(f"{first}/cancel", {}, page=first)

    assert bring(office, "Name\nHans Beispiel\n") != first
