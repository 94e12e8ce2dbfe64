"""Group links: made, shown once, changed, replaced and taken back; who came by which."""

import io
import re
import time
from datetime import timedelta

import pytest
from pypdf import PdfReader

from planner import auth, clock, joining, qr
from planner.extensions import db
from planner.models import AuditEntry, GroupLink
from tests import factories as make
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office

ADDRESS = re.compile(r"http://localhost(/c/[\w-]+/g/[\w-]+)")
TYPED = {"name": "Chat der Initiative", "group_id": "0", "places": "2", "ends_at": "2031-01-02T18:00"}


@pytest.fixture(autouse=True)
def later(office: Office) -> None:
    """Of a conference that lies ahead far enough."""
    office.conference.day_starts = office.conference.day_starts.replace(year=2031, month=2, day=1)
    office.conference.day_ends = office.conference.day_ends.replace(year=2031, month=2, day=2)
    db.session.commit()


def made(office: Office, **typed: str) -> tuple[GroupLink, str]:
    """A new link, and where it leads."""
    answer = office.client.post(f"{office.home}links/new", {**TYPED, **typed})
    assert answer.status_code == 200, answer.text
    [path] = set(ADDRESS.findall(answer.text))
    return db.session.query(GroupLink).order_by(GroupLink.id.desc()).first(), path


def register(office: Office, path: str, name: str = "Aylin") -> int:
    return Client(office.client.app).post(path, {"name": name, "agreed": "y"}).status_code


def test_the_address_is_shown_once_and_lets_so_many_in(office: Office) -> None:
    link, path = made(office)

    assert auth.hashed(path.rpartition("/")[2]) == link.token_hash
    assert [register(office, path, name) for name in ("A", "B", "C")] == [302, 302, 409]
    page = office.client.get(f"{office.home}links/{link.id}", language="en").text
    assert path not in page
    assert "2 of 2 places taken" in page
    assert "all places taken" in office.client.get(f"{office.home}links/", language="en").text


def test_the_picture_and_the_sheet_are_of_the_address(office: Office) -> None:
    answer = office.client.post(f"{office.home}links/new", TYPED)
    [path] = set(ADDRESS.findall(answer.text))
    link = db.session.query(GroupLink).one()
    token = path.rpartition("/")[2]

    sheet = office.client.post(f"{office.home}links/{link.id}/sheet", {"token": token}, page=f"{office.home}links/new")
    other = office.client.post(f"{office.home}links/{link.id}/sheet", {"token": "x"}, page=f"{office.home}links/new")

    assert qr.squares(f"http://localhost{path}").path in answer.text
    assert sheet.content_type == "application/pdf"
    [page] = PdfReader(io.BytesIO(sheet.data)).pages
    text = re.sub(r"[\s\u200b]", "", page.extract_text())
    assert f"http://localhost{path}" in text
    assert other.status_code == 404
    assert db.session.query(AuditEntry).filter_by(action="export").one().facts == {"page": "links.sheet"}


def test_pressed_twice_it_is_one_link_and_nobody_waits(office: Office) -> None:
    page = f"{office.home}links/new"
    form = {**office.client.get(page).fields, **TYPED}
    first = office.client.fetch(page, method="POST", data=form)

    begun = time.monotonic()
    second = office.client.fetch(page, method="POST", data=form)

    assert (first.status_code, second.status_code) == (200, 302)
    assert second.headers["Location"] == f"{office.home}links/"
    assert time.monotonic() - begun < 0.9  # whoever waits for where the first one leads waits a second
    assert db.session.query(GroupLink).count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Please write something here."),
        ({"places": "0"}, "Please choose a number from 1 to 2000."),
        ({"places": "many"}, "Please write a whole number"),
        ({"ends_at": "2020-01-01T10:00"}, "This time is over already."),
        ({"ends_at": "2032-01-01T10:00"}, "Ways into this conference end before that."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(office: Office, typed: dict[str, str], sentence: str) -> None:
    sent = {**TYPED, **typed}
    answer = office.client.post(f"{office.home}links/new", sent, language="en")

    assert answer.status_code == 422
    assert sentence in answer.text
    assert {name: Page(answer.text).fields[name] for name in ("name", "places", "ends_at")} == {
        name: sent[name] for name in ("name", "places", "ends_at")
    }
    assert db.session.query(GroupLink).count() == 0


def test_its_places_are_changed_and_never_to_fewer_than_have_come(office: Office) -> None:
    link, path = made(office)
    register(office, path, "A"), register(office, path, "B")
    page = f"{office.home}links/{link.id}"

    fewer = office.client.post(page, {**TYPED, "places": "1"}, language="en")
    more = office.client.post(page, {**TYPED, "places": "3"})

    assert fewer.status_code == 422
    assert "More people than that have come" in fewer.text
    assert more.status_code == 302
    assert register(office, path, "C") == 302


def test_a_new_link_makes_the_one_before_worthless_and_one_taken_back_ends_at_once(office: Office) -> None:
    link, path = made(office)
    page = f"{office.home}links/{link.id}"

    renewed = office.client.post(f"{page}/renew", {}, page=page)
    [newer] = set(ADDRESS.findall(renewed.text))
    assert Client(office.client.app).fetch(path).status_code == 404
    assert register(office, newer) == 302
    office.client.post(f"{page}/withdraw", {}, page=page)

    assert Client(office.client.app).fetch(newer).status_code == 410
    assert register(office, newer, "Zu spät") == 409
    assert joining.taken(link) == 1
    actions = [row.action for row in db.session.query(AuditEntry).filter_by(conference_id=link.conference_id)]
    assert actions == ["links.new", "links.renew", "participant.joined", "links.withdraw"]
    told = [row.facts for row in db.session.query(AuditEntry)]
    assert not [facts for facts in told if newer in str(facts) or "Chat" in str(facts)]


@pytest.mark.parametrize(("spoiled", "said"), [("ends_at", "the link has ended"), ("places", "all places are taken")])
def test_no_new_address_is_handed_on_of_a_link_that_would_register_nobody(
    office: Office, spoiled: str, said: str
) -> None:
    link, path = made(office)
    register(office, path)
    old = link.token_hash
    setattr(link, spoiled, {"ends_at": clock.now() - timedelta(minutes=1), "places": 1}[spoiled])
    page = f"{office.home}links/{link.id}"

    answer = office.client.post(f"{page}/renew", {}, page=page)

    assert answer.status_code == 422
    assert f"A new address would register nobody: {said}" in answer.text
    assert "Hand this on now" not in answer.text
    assert db.session.get_one(GroupLink, link.id).token_hash == old


def test_the_list_of_people_and_her_page_say_by_which_link_she_came(office: Office) -> None:
    make.participant(office.conference, name="Von der Liste")
    link, path = made(office)
    register(office, path)

    found = office.client.get(f"{office.home}people/?link={link.id}").text
    person = joining.came_by(office.conference)

    assert "Aylin" in found
    assert "Von der Liste" not in found
    [number] = person
    make.group(office.conference)
    page = office.client.fetch(f"{office.home}people/").text
    assert page.count('name="act" value="group"') == 1  # a link is not what people are put into
    assert "Chat der Initiative" in office.client.get(f"{office.home}people/{number}").text


def test_without_a_fresh_sign_in_nobody_makes_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "is_fresh", lambda _now: False)

    answer = office.client.post(f"{office.home}links/new", TYPED, language="en")

    assert answer.status_code == 401
    assert "Chat der Initiative" in answer.text
    assert db.session.query(GroupLink).count() == 0


def test_the_list_is_one_query_for_any_number_of_links(office: Office) -> None:
    from tests.queries import counted

    def asked() -> int:
        with counted() as queries:
            joining.listed(office.conference, clock.now())
        return len(queries)

    make.group_link(office.conference)
    few = asked()
    for _ in range(9):
        make.group_link(office.conference)

    assert asked() == few
