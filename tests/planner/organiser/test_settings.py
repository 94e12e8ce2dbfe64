"""Set-up: titles, dates, themes, groups, agenda."""

import sqlalchemy as sa

from planner.extensions import db
from planner.models import AgendaItem, Conference, Group, Need, Theme, User
from tests import factories as make
from tests.planner.organiser.conftest import Office


def test_a_conference_is_created_from_a_title_and_a_day(office: Office) -> None:
    page = office.client.submit(
        "/organise/new", {"title": "Zweite Konferenz", "slug": "zweite", "day": f"{make.NOW + 90 * make.DAY:%Y-%m-%d}"}
    )

    created = db.session.query(Conference).filter_by(slug="zweite").one()
    assert page.headings[0] == "Zweite Konferenz"
    assert [member.conference for member in db.session.query(User).one().memberships] == [office.conference, created]


def test_a_title_and_a_day_are_enough(office: Office) -> None:
    """The short name was asked for, too."""
    form = {"title": "Für Köln", "slug": "", "day": "2031-05-06"}

    first = office.client.submit("/organise/new", form)
    second = office.client.submit("/organise/new", {**form, "day": "2031-05-07"})
    given = office.client.post("/organise/new", {**form, "slug": "fuer-koeln"}, page="/organise/new")

    assert (first.headings[0], second.headings[0]) == ("Für Köln", "Für Köln")
    assert (given.status_code, "has this short name already" in given.text) == (422, True)
    made = db.session.scalars(sa.select(Conference.slug).where(Conference.id != office.conference.id))
    assert sorted(made) == ["fuer-koeln", "fuer-koeln-2"]


def test_a_new_conference_is_told_what_it_has_and_what_it_lacks(office: Office) -> None:
    """ "Now add rounds" stood above three rounds."""
    told = office.client.submit("/organise/new", {"title": "Konferenz", "slug": "neu", "day": "2031-05-06"})

    assert "Created: 1 theme, 3 rounds, and all dates." in told.text
    assert "add rounds" not in told.text


def test_a_new_conference_begins_with_the_template_that_was_chosen(office: Office) -> None:
    form = {"title": "Projekte", "slug": "projekte", "day": "2031-05-05", "template": "school"}

    page = office.client.get("/organise/new")
    told = office.client.submit("/organise/new", form)
    audit = office.client.get("/organise/projekte/audit/")

    assert "4 themes, 6 groups, 1 round, 2 agenda items" in page.text
    assert "Created: 4 themes, 6 groups, 1 round, 2 agenda items, and all dates." in told.text
    assert "Template: School project week Added: agenda item, 2" in audit.text


def test_a_template_that_there_is_not_is_refused(office: Office) -> None:
    form = {"title": "Neu", "slug": "neu", "day": "2031-05-05", "template": "../../etc"}

    answer = office.client.post("/organise/new", form, page="/organise/new")

    assert answer.status_code == 422
    assert db.session.query(Conference).filter_by(slug="neu").count() == 0


def test_an_organiser_copies_a_conference_and_owns_the_copy(office: Office) -> None:
    make.room(office.conference)
    make.participant(office.conference, name="Erika Beispiel", needs=("step_free",))
    make.session(office.conference)
    form = {"title": "Zweite", "slug": "zweite", "day": "2031-05-06", "with_sessions": "y"}

    listed = office.client.get("/organise/")
    told = office.client.submit(f"{office.home}copy/", form)

    assert f"{office.home}copy/" in listed.links
    assert "Created:" in told.text
    assert "1 room, 1 session, and all dates. Nobody takes part yet." in told.text
    made = db.session.query(Conference).filter_by(slug="zweite").one()
    assert (made.participants, [member.user for member in made.members]) == ([], [db.session.query(User).first()])
    assert "Erika" not in office.client.get("/organise/zweite/people/").text
    assert db.session.query(Need).count() == 1
    assert "Copy of an earlier conference" in office.client.get("/organise/zweite/audit/").text


def test_a_day_that_is_over_keeps_what_was_typed(office: Office) -> None:
    form = {"title": "Zweite", "slug": "zweite", "day": "2001-05-06"}
    answer = office.client.post(f"{office.home}copy/", form)

    assert answer.status_code == 422
    assert 'value="Zweite"' in answer.text
    assert db.session.query(Conference).count() == 1


def test_dates_out_of_order_are_refused_in_words(office: Office) -> None:
    form = {
        "title_de": "Konferenz",
        "most_favourites": "5",
        "most_vetoes": "0",
        "usual_minimum": "6",
        "usual_maximum": "20",
        **dict.fromkeys(("call_from", "call_until", "wishes_from", "wishes_until"), "2030-05-01T09:00"),
        "day_starts": "2030-04-01T09:00",
        "day_ends": "2030-04-01T17:00",
    }
    answer = office.client.post(f"{office.home}settings/", form)

    assert answer.status_code == 422
    assert "Please check the dates" in answer.text
    assert db.session.get(Conference, office.conference.id).day_starts == office.conference.day_starts


def test_a_time_that_the_clocks_skip_is_asked_about(office: Office) -> None:
    form = {"title_de": "Nacht", "starts": "2027-03-28T02:30", "ends": "2027-03-28T04:00"}
    answer = office.client.post(f"{office.home}rounds/new", form)

    assert answer.status_code == 422
    assert "because the clocks change" in answer.text


def test_a_theme_is_added_in_every_language_of_the_conference(office: Office) -> None:
    office.conference.languages = ["de", "ar"]
    office.client.submit(f"{office.home}themes/new", {"title_de": "Wohnen", "title_ar": "السكن", "icon": "house"})

    theme = db.session.query(Theme).filter_by(icon="house").one()
    assert theme.title == {"de": "Wohnen", "ar": "السكن"}


def test_a_theme_keeps_the_languages_that_the_form_does_not_show(office: Office) -> None:
    theme = make.theme(office.conference, title={"de": "Alt", "tr": "Eski"})
    office.client.submit(f"{office.home}themes/{theme.id}", {"title_de": "Neu", "icon": "work"})

    assert db.session.get(Theme, theme.id).title == {"de": "Neu", "tr": "Eski"}


def test_a_group_with_a_letter_twice_is_refused_at_the_field(office: Office) -> None:
    make.group(office.conference, letter="S")
    answer = office.client.post(f"{office.home}groups/new", {"title_de": "Stadt", "letter": "S"})

    assert answer.status_code == 422
    assert "Another group has this letter already." in answer.text
    assert db.session.query(Group).count() == 1


def test_an_agenda_item_is_added_and_taken_off(office: Office) -> None:
    day = f"{office.conference.day_starts:%Y-%m-%d}"
    form = {"title_de": "Mittagessen", "starts": f"{day}T12:00", "ends": f"{day}T13:00", "place_de": "Mensa"}
    page = office.client.submit(f"{office.home}agenda/new", form)
    item = db.session.query(AgendaItem).one()

    assert "Mensa" in page.text
    office.client.submit(f"{office.home}agenda/{item.id}/remove", {}, page=f"{office.home}agenda/")
    assert db.session.query(AgendaItem).count() == 0


def test_the_usual_size_of_sessions_is_set_and_a_new_one_begins_with_it(office: Office) -> None:
    form = office.client.get(f"{office.home}settings/").form("form").sent

    office.client.submit(f"{office.home}settings/", {**form, "usual_minimum": "8", "usual_maximum": "18"})

    new = office.client.get(f"{office.home}sessions/new").form("form").sent
    assert (new["minimum"], new["maximum"]) == (["8"], ["18"])
    table = office.client.fetch(f"{office.home}sessions/table").text
    assert 'placeholder="8"' in table
    assert 'placeholder="18"' in table
    turned = office.client.post(f"{office.home}settings/", {**form, "usual_minimum": "8", "usual_maximum": "7"})
    assert turned.status_code == 422
    assert "This must not be smaller than the minimum." in turned.text
