"""A table one types into: rows are added, changed and removed together, and nothing that was typed is lost."""

from typing import Any

import pytest

from planner.extensions import db
from planner.models import Group, Room, Seating, Theme
from tests import factories as make
from tests.client import Page
from tests.planner.organiser.conftest import Office

SHEET = "Raum\tKreis\tAusstattung\tFarbe\nAula\t60\tstufenfrei, Beamer\tblau\nRaum 7\t20\t\t\n"


def opened(office: Office, kind: str = "rooms") -> dict[str, Any]:
    return dict(office.client.get(f"{office.home}{kind}/table").form("form").sent)


def sent(office: Office, form: dict[str, Any], kind: str = "rooms") -> tuple[int, Page]:
    answer = office.client.post(f"{office.home}{kind}/table", form)
    return answer.status_code, Page(answer.text)


def rooms() -> list[tuple[str, int, list[str]]]:
    return [(room.name, room.capacity, room.features) for room in db.session.query(Room).order_by(Room.id)]


def test_rows_are_added_together_and_empty_ones_are_none(office: Office) -> None:
    form = opened(office)
    form |= {"n0-name": "Aula", "n0-capacity_circle": "60", "n0-features": "stufenfrei, Beamer"}
    form |= {"n3-name": "Raum 7", "n3-capacity_rows": "40", "n3-seating": "in Reihen"}

    assert sent(office, form)[0] == 302
    assert rooms() == [("Aula", 60, ["step_free", "projector"]), ("Raum 7", 40, [])]


def test_nothing_is_saved_where_one_cell_is_wrong_and_everything_stays(office: Office) -> None:
    known = make.room(office.conference, name="Saal")
    form = opened(office) | {f"r{known.id}-name": "Großer Saal", "n0-name": "Aula", "n0-capacity_circle": "sechzig"}
    form |= {"n1-name": "Großer Saal", "n1-capacity_circle": "9", "n2-capacity_circle": "8", "n2-features": "Sauna"}

    status, page = sent(office, form)

    assert status == 422
    assert rooms() == [("Saal", known.capacity, known.features)]
    assert page.fields["n0-capacity_circle"] == "sechzig"
    assert page.fields["n2-features"] == "Sauna"
    assert page.fields[f"r{known.id}-name"] == "Großer Saal"
    for told in (
        "Row 2, Chairs in a circle: Please write a whole number",
        "Row 3, Name: Another room",
        "Row 4, Name: Please",
        "“Sauna”",
    ):
        assert told in page.text


def test_pasted_rows_are_filled_in_by_their_headings_and_saved_afterwards(office: Office) -> None:
    form = opened(office) | {"n0-name": "Foyer", "n0-capacity_circle": "9"}

    status, page = sent(office, form | {"pasted": SHEET, "more": "paste"})

    assert (status, rooms()) == (200, [])
    assert "2 rows are filled in below" in page.text
    assert "no column here for: Farbe" in page.text
    assert [page.fields[f"n{row}-name"] for row in (0, 1, 2)] == ["Foyer", "Aula", "Raum 7"]
    assert sent(office, page.form("form").sent)[0] == 302
    assert rooms() == [("Foyer", 9, []), ("Aula", 60, ["step_free", "projector"]), ("Raum 7", 20, [])]


def test_pasted_rows_without_headings_go_from_left_to_right(office: Office) -> None:
    """ "Room 7" holds a heading's word; taken for one, the first room would be lost."""
    _status, page = sent(office, opened(office) | {"pasted": "Raum 1\t20\nRaum 2\t24", "more": "paste"})

    assert [page.fields[f"n{row}-name"] for row in (0, 1)] == ["Raum 1", "Raum 2"]
    assert [page.fields[f"n{row}-capacity_circle"] for row in (0, 1)] == ["20", "24"]


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("a\t1\t2\tim Kreis\tBeamer\tlinks\tzu viel", "Your rows have 7 columns"),
        ("\n".join(f"Raum {n}\t9" for n in range(201)), "A table takes 200 new rows"),
        ("", "There is nothing in this list"),
    ],
)
def test_what_cannot_be_filled_in_stays_in_the_box(office: Office, pasted: str, told: str) -> None:
    status, page = sent(office, opened(office) | {"pasted": pasted, "more": "paste"})

    assert status == 422
    assert page.form("form").sent["pasted"] == [pasted]
    assert page.fields["n0-name"] == ""


def test_more_rows_and_another_language_keep_what_was_typed(office: Office) -> None:
    form = opened(office) | {"n0-name": "Aula"}

    _status, page = sent(office, form | {"more": "rows"})
    assert page.fields["n0-name"] == "Aula"
    assert "n19-name" in page.fields

    _status, page = sent(office, form | {"switch_language": "de"})
    assert page.fields["n0-name"] == "Aula"
    assert page.language == "de"


def test_rows_are_changed_and_removed_in_the_same_table(office: Office) -> None:
    gone, stays = make.room(office.conference, name="Keller"), make.room(office.conference, name="Saal")
    form = opened(office) | {f"r{gone.id}-remove": "y", f"r{stays.id}-name": "Keller", "n0-name": ""}

    assert sent(office, form)[0] == 302
    assert [name for name, _chairs, _features in rooms()] == ["Keller"]


def test_what_is_used_is_not_removed_and_says_so_at_its_tick(office: Office) -> None:
    theme = office.conference.themes[0]
    make.session(office.conference, theme_id=theme.id)

    status, page = sent(office, opened(office, "themes") | {f"r{theme.id}-remove": "y"}, "themes")

    assert status == 422
    assert "Row 1, Remove: Submissions or sessions" in page.text
    assert page.fields[f"r{theme.id}-remove"] == "y"


def test_of_two_organisers_neither_saves_over_what_she_has_not_seen(office: Office) -> None:
    mine, theirs = make.room(office.conference, name="Saal"), make.room(office.conference, name="Keller")
    form = opened(office)
    mine.name, theirs.directions = "Festsaal", {"de": "2. Stock"}
    db.session.commit()

    status, page = sent(office, form | {f"r{mine.id}-name": "Großer Saal"})

    assert status == 409
    assert "Festsaal" in page.text
    assert page.fields[f"r{theirs.id}-directions"] == "2. Stock"
    assert sent(office, page.form("form").sent)[0] == 302
    assert {room.name: room.directions for room in db.session.query(Room)} == {
        "Großer Saal": mine.directions,
        "Keller": {"de": "2. Stock"},
    }


def test_a_row_that_somebody_removed_meanwhile_is_not_lost(office: Office) -> None:
    room = make.room(office.conference, name="Saal", capacity_circle=9)
    form = opened(office) | {f"r{room.id}-name": "Festsaal"}
    db.session.delete(room)
    db.session.commit()

    status, page = sent(office, form)

    assert status == 409
    assert "has removed this row" in page.text
    assert sent(office, page.form("form").sent)[0] == 302
    assert [name for name, _chairs, _features in rooms()] == ["Festsaal"]


def test_another_conferences_row_is_out_of_reach(office: Office) -> None:
    other = make.room(make.conference(slug="elsewhere"), name="Ihr Saal")

    sent(office, opened(office) | {f"r{other.id}-name": "Meiner", f"r{other.id}-capacity_circle": "9"})

    assert db.session.get(Room, other.id).name == "Ihr Saal"


def test_groups_and_themes_keep_their_titles_in_other_languages(office: Office) -> None:
    group = make.group(office.conference, title={"de": "Ämter", "en": "Offices"}, letter="A")
    form = opened(office, "groups") | {f"r{group.id}-title": "Stadt", "n0-title": "Vereine", "n0-letter": "V"}

    assert sent(office, form | {"n0-is_sensitive": "ja"}, "groups")[0] == 302
    found = [(each.title, each.letter, each.is_sensitive) for each in db.session.query(Group).order_by(Group.position)]
    assert ({"de": "Stadt", "en": "Offices"}, "A", False) in found
    assert ({"de": "Vereine"}, "V", True) in found


def test_two_new_groups_with_one_letter_are_told_apart(office: Office) -> None:
    form = opened(office, "groups") | {
        "n0-title": "Vereine",
        "n0-letter": "V",
        "n1-title": "Verbände",
        "n1-letter": "v",
    }

    status, page = sent(office, form, "groups")

    assert status == 422
    assert "Row 2, Letters" in page.text


def test_themes_get_their_colours_one_after_the_other(office: Office) -> None:
    form = opened(office, "themes") | {"n0-title": "Wohnen", "n1-title": "Arbeit", "n1-icon": "Arbeit"}

    assert sent(office, form, "themes")[0] == 302
    new = db.session.query(Theme).order_by(Theme.position).all()[-2:]
    assert [(theme.title["de"], theme.icon) for theme in new] == [("Wohnen", "speech"), ("Arbeit", "work")]
    assert new[0].colour != new[1].colour


def test_a_rooms_seating_needs_its_chairs_here_too(office: Office) -> None:
    status, page = sent(office, opened(office) | {"n0-name": "Aula", "n0-capacity_rows": "40"})

    assert status == 422
    assert "Row 1, Chairs in a circle" in page.text
    assert Seating.CIRCLE.value == page.form("form").sent["n0-seating"][0]


def test_a_few_bytes_make_no_page_of_very_many_rows(office: Office) -> None:
    """The number of a row was believed: eight thousand took two minutes, under the conference's lock."""
    form = opened(office) | {"n0-name": "Aula", "n0-capacity_circle": "60", "n999999-name": "Weit weg"}

    for more in ({}, {"more": "rows", "n1-name": ""}):
        answer = office.client.post(f"{office.home}rooms/table", {**form, **more})
        assert len(answer.data) < 200_000
    assert [name for name, _chairs, _features in rooms()] == ["Aula"]


def test_the_programme_is_drawn_as_a_grid_of_its_own(office: Office) -> None:
    """Its table and the one that one types into had one name, and the second's styles took the first's heads away."""
    make.slot(office.conference)
    make.room(office.conference)
    db.session.commit()

    programme = office.client.fetch(f"{office.home}programme/").text
    table = office.client.fetch(f"{office.home}rooms/table").text

    assert 'class="grid"' in programme
    assert 'class="grid"' not in table
    assert 'class="typed"' in table
