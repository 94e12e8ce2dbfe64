"""How long a browser stays signed in, and that it is over when it is over."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from planner import auth, clock
from planner.config import Config
from planner.extensions import db
from planner.models import PersonalLink, Room, User
from tests import factories as make
from tests.client import Client, Page
from tests.planner.world import World, build

PASSWORD = "vier sehr lange Wörter"
ACCOUNT = "/organise/account"


def with_cookie(app: Flask, client: Client) -> Client:
    """Somebody who has kept a copy of this browser's cookie."""
    thief = Client(app)
    name = app.config["SESSION_COOKIE_NAME"]
    thief.http.set_cookie(name, client.http.get_cookie(name).value)  # type: ignore[union-attr]
    return thief


def at(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    """The computer's clock, moved on."""
    monkeypatch.setattr(clock, "now", lambda conference=None: datetime.now(UTC) + later)


def enters(client: Client, path: str) -> bool:
    return client.fetch(path).status_code == 200


def set_password(client: Client, password: str = PASSWORD, **more: str) -> Page:
    form = {"new_password": password, "new_password_confirm": password, **more}
    return client.submit(f"{ACCOUNT}/change", form)


def test_an_organisers_cookie_opens_nothing_after_signing_out(either_app: Flask) -> None:
    """It was good for 31 days more, whatever she pressed."""
    client = Client(either_app).as_organiser(make.user())
    thief = with_cookie(either_app, client)
    assert enters(thief, "/organise/")

    client.post(f"{ACCOUNT}/logout", {}, page="/organise/")

    assert not enters(thief, "/organise/")
    assert not enters(client, "/organise/")


def test_a_participants_cookie_opens_nothing_after_the_next_person_begins(app: Flask) -> None:
    world = build(app)
    client, other = world.caller("participant"), world.caller("participant")
    home = f"/c/{world.here.slug}/me/"
    thief = with_cookie(app, client)

    client.post(f"/c/{world.here.slug}/leave", {}, page=home)

    assert not enters(thief, home)
    assert enters(other, home)  # her second phone goes on


def test_revoked_links_end_the_visits_that_they_began(app: Flask) -> None:
    world = build(app)
    person, organiser = world.caller("participant"), world.caller("organiser")
    people = f"/organise/{world.here.slug}/people/{world.person.id}"

    organiser.post(f"{people}/revoke", {}, page=people)

    assert not enters(person, f"/c/{world.here.slug}/me/")


def test_a_new_password_signs_out_everywhere_else(app: Flask) -> None:
    user = make.user()
    here, elsewhere = Client(app).as_organiser(user), Client(app).as_organiser(user)
    before = with_cookie(app, here)

    set_password(here)

    assert enters(here, "/organise/")
    assert not enters(elsewhere, "/organise/")
    assert not enters(before, "/organise/")


def test_who_does_nothing_for_long_is_signed_out_and_who_works_is_not(
    app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = timedelta(hours=config.organiser_idle_hours)
    sleeper, worker = (Client(app).as_organiser(make.user()) for _ in range(2))

    at(monkeypatch, idle * 0.6)
    assert enters(worker, "/organise/")
    at(monkeypatch, idle * 1.2)

    assert enters(worker, "/organise/")
    assert not enters(sleeper, "/organise/")


def test_no_visit_lasts_longer_than_the_settings_say(
    app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(app).as_organiser(make.user())
    step = timedelta(hours=config.organiser_idle_hours / 2)
    passed = step
    while passed < timedelta(hours=config.organiser_hours):
        at(monkeypatch, passed)
        assert enters(client, "/organise/")
        passed += step
    at(monkeypatch, timedelta(hours=config.organiser_hours, minutes=1))

    assert not enters(client, "/organise/")


def test_a_participant_stays_for_a_week_without_coming_by(
    app: Flask, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = build(app)
    client = world.caller("participant")
    week = timedelta(hours=config.participant_idle_hours)

    at(monkeypatch, week - timedelta(minutes=5))
    assert enters(client, f"/c/{world.here.slug}/me/")
    at(monkeypatch, 2 * week)
    assert not enters(client, f"/c/{world.here.slug}/me/")


def test_signing_in_leaves_no_cookie_for_a_year(app: Flask) -> None:
    user = make.user()
    set_password(Client(app).as_organiser(user))
    client = Client(app)

    answer = client.post(f"{ACCOUNT}/login", {"email": user.email, "password": PASSWORD, "remember": "y"})

    assert answer.status_code == 302
    cookies = answer.headers.getlist("Set-Cookie")
    assert all(cookie.startswith(app.config["SESSION_COOKIE_NAME"]) for cookie in cookies), cookies
    assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies), cookies


def test_signing_in_renews_what_signs_forms_and_keeps_what_is_typed_in_an_open_one(app: Flask) -> None:
    """Whoever had prepared this browser before knew a token that was good for hers."""
    conference, user = make.organised()
    client, link = Client(app), f"/s/{auth.mint_sign_in(user, clock.now())}"
    prepared = client.token(link)
    with client.http.session_transaction() as cookie:
        before = cookie["csrf_token"]
    assert client.fetch(link, method="POST", data={"csrf_token": prepared}).status_code == 302

    page = f"/organise/{conference.slug}/rooms/new"
    answer = client.fetch(page, method="POST", data={"csrf_token": prepared, "name": "Saal Erika"})

    with client.http.session_transaction() as cookie:
        assert cookie["csrf_token"] != before
    assert answer.status_code == 400
    assert "Saal Erika" in answer.text
    assert "Nothing was saved yet" in answer.text


def ends(client: Client, how: str) -> None:
    if how == "signed out":
        client.post(f"{ACCOUNT}/logout", {}, page="/organise/")
        return
    with client.http.session_transaction() as cookie:
        cookie["seen"] -= 400 * 3600


@pytest.mark.parametrize("page", ["/", "/nowhere"])
@pytest.mark.parametrize("how", ["signed out", "fell asleep"])
def test_who_used_a_browser_between_two_visits_of_an_organiser_knows_no_token_of_hers(
    app: Flask, how: str, page: str
) -> None:
    """What signed a stranger's form went on to sign hers, because she had been here before him."""
    conference, user = make.organised()
    client, rooms = Client(app).as_organiser(user), f"/organise/{conference.slug}/rooms/new"
    form = {"name": "Saal", "seating": "circle", "capacity_circle": "5"}
    ends(client, how)
    strangers = client.token(page)
    client.as_organiser(user)

    answer = client.fetch(rooms, method="POST", data={"csrf_token": strangers, **form})

    assert strangers
    assert answer.status_code == 400
    assert db.session.query(Room).count() == 0
    assert client.post(rooms, form).status_code == 302


def test_who_used_a_phone_between_two_visits_of_a_person_knows_no_token_of_hers(app: Flask) -> None:
    conference = make.conference()
    theme, person = make.theme(conference).id, make.participant(conference)
    client = Client(app).as_participant(person)
    ends(client, "fell asleep")
    refused = client.fetch(f"/c/{conference.slug}/leave", method="POST", data={"csrf_token": "guessed"})
    strangers = Page(refused.text).fields["csrf_token"]
    client.as_participant(person)

    form = {"theme_id": theme, "problem": "Miete", "visibility": "named", "language": "de", "receipt": "0" * 16}
    new = f"/c/{conference.slug}/me/submissions/new"
    answer = client.fetch(new, method="POST", data={"csrf_token": strangers, **form})
    opened = client.token(new)

    assert answer.status_code == 400
    assert client.fetch(new, method="POST", data={"csrf_token": opened, **form}).status_code == 302


def test_a_form_that_was_open_is_sent_at_once_after_signing_in_again_in_another_tab(app: Flask) -> None:
    conference, user = make.organised()
    client, rooms = Client(app).as_organiser(user), f"/organise/{conference.slug}/rooms/new"
    form = Page(client.fetch(rooms).text).form("form").sent
    form |= {"name": ["Saal Erika"], "capacity_circle": ["5"]}
    ends(client, "fell asleep")
    client.get("/")
    client.as_organiser(user)

    assert client.fetch(rooms, method="POST", data=form).status_code == 302


@pytest.fixture
def tired(app: Flask) -> tuple[World, Client]:
    """An organiser with a password who signed in some time ago."""
    world = build(app)
    client = world.caller("organiser")
    set_password(client)
    with client.http.session_transaction() as cookie:
        cookie["fs_paa"] -= app.config["SECURITY_FRESHNESS"].total_seconds()
    return world, client


def test_publishing_asks_for_a_fresh_sign_in_and_leads_back_to_the_page(tired: tuple[World, Client]) -> None:
    world, client = tired
    page = f"/organise/{world.here.slug}/allocations/{world.objects['allocations'][0]}"
    referrer = {"Referer": f"http://localhost{page}?sorted=1"}

    token = client.token(page)
    asked = client.fetch(f"{page}/unpublish", method="POST", data={"csrf_token": token}, headers=referrer)

    assert world.here.published is not None
    where = urlsplit(asked.headers["Location"])
    assert where.path == f"{ACCOUNT}/verify"
    assert parse_qs(where.query)["next"] == [f"{page}?sorted=1"]

    back = client.post(asked.headers["Location"], {"password": PASSWORD})
    assert back.headers["Location"] == f"{page}?sorted=1"
    client.post(f"{page}/unpublish", {}, page=page)
    db.session.refresh(world.here)
    assert world.here.published is None


def test_what_was_written_goes_along_when_a_fresh_sign_in_is_asked(tired: tuple[World, Client]) -> None:
    world, client = tired
    page = f"/organise/{world.here.slug}/allocations/{world.objects['allocations'][0]}"
    sent = {"csrf_token": client.token(page), "reason": "Der Raum ist überschwemmt."}

    answer = client.fetch(f"{page}/unpublish", method="POST", data=sent)

    assert answer.status_code == 401
    assert "Der Raum ist überschwemmt." in answer.text
    assert f"{ACCOUNT}/verify" in answer.text


@pytest.mark.parametrize("way", ["link", "card"])
def test_a_way_in_for_somebody_asks_for_a_fresh_sign_in(tired: tuple[World, Client], way: str) -> None:
    """Whoever finds an organiser's browser open must not become one of the people and read what she needs."""
    world, client = tired
    person = world.here.participants[0]
    page, before = f"/organise/{world.here.slug}/people/{person.id}", db.session.query(PersonalLink).count()

    asked = client.fetch(f"{page}/{way}", method="POST", data={"csrf_token": client.token(page)})

    assert urlsplit(asked.headers["Location"]).path == f"{ACCOUNT}/verify"
    assert db.session.query(PersonalLink).count() == before


def test_another_address_for_somebody_asks_for_a_fresh_sign_in_and_keeps_what_was_typed(
    tired: tuple[World, Client],
) -> None:
    """Whoever has the address gets the next link: in an open browser it could be turned to anybody's mailbox."""
    world, client = tired
    person = world.here.participants[0]
    page, before = f"/organise/{world.here.slug}/people/{person.id}", person.email
    form = {**client.get(page).form("form").sent, "email": "other@example.org", "name": "Erika Beispiel"}

    asked = client.fetch(page, method="POST", data=form)

    assert asked.status_code == 401
    assert f"{ACCOUNT}/verify" in asked.text
    assert "other@example.org" in asked.text
    assert "Erika Beispiel" in asked.text
    db.session.refresh(person)
    assert person.email == before
    assert client.fetch(page, method="POST", data={**form, "email": before or ""}).status_code == 302
    client.post(f"{ACCOUNT}/verify", {"password": PASSWORD})
    form |= {"seen": client.get(page).form("form").sent["seen"]}
    assert client.fetch(page, method="POST", data=form).status_code == 302
    db.session.refresh(person)
    assert person.email == "other@example.org"


def test_a_list_with_another_address_for_somebody_asks_for_a_fresh_sign_in(tired: tuple[World, Client]) -> None:
    world, client = tired
    person = world.here.participants[0]
    person.name, before = "Erika Beispiel", person.email
    db.session.commit()
    home = f"/organise/{world.here.slug}/imports/"
    pasted = {"kind": "people", "pasted": "Name\tE-Mail\nErika Beispiel\tother@example.org", "charset": ""}
    preview = client.post(home, pasted).headers["Location"]
    decided = {name: "same" for name in client.get(preview).form("form").sent if name.startswith("answer-")}
    client.post(preview, {**client.get(preview).form("form").sent, **decided})
    form = client.get(preview).form("form").sent

    asked = client.fetch(f"{preview}/apply", method="POST", data=form)

    assert asked.status_code == 401
    assert f"{ACCOUNT}/verify" in asked.text
    db.session.refresh(person)
    assert person.email == before
    client.post(f"{ACCOUNT}/verify", {"password": PASSWORD})
    assert client.fetch(f"{preview}/apply", method="POST", data=form).status_code == 302
    db.session.refresh(person)
    assert person.email == "other@example.org"


def test_an_export_asks_for_a_fresh_sign_in_and_goes_on_by_itself(tired: tuple[World, Client]) -> None:
    world, client = tired
    number = world.objects["allocations"][0]
    table = f"/organise/{world.here.slug}/allocations/{number}/fairness.csv"

    asked = client.fetch(table)
    assert asked.status_code == 302
    assert client.fetch(asked.headers["Location"]).status_code == 200
    back = client.post(asked.headers["Location"], {"password": PASSWORD})

    assert back.headers["Location"].startswith(table)


def test_the_way_back_never_leads_to_another_site(tired: tuple[World, Client]) -> None:
    world, client = tired
    page = f"/organise/{world.here.slug}/allocations/{world.objects['allocations'][0]}"

    asked = client.fetch(
        f"{page}/unpublish",
        method="POST",
        data={"csrf_token": client.token(page)},
        headers={"Referer": f"https://elsewhere.example/organise/{world.here.slug}/"},
    )

    assert parse_qs(urlsplit(asked.headers["Location"]).query)["next"] == [f"/organise/{world.here.slug}/"]


def test_a_link_that_a_mail_scanner_pressed_still_works_for_the_person(app: Flask) -> None:
    user = make.user(email="alma@example.org")
    link = f"/s/{auth.mint_sign_in(user, clock.now())}"
    scanner, person, stranger = Client(app), Client(app), Client(app)
    scanner.get(link)
    assert scanner.post(link, {}).status_code == 302

    page = person.get(link, status=410)
    assert "It was not you?" in page.headings
    assert "alma@example.org" not in page.text
    assert stranger.post(link, {"again-email": "somebody@example.org"}).status_code == 410
    assert person.post(link, {"again-email": " Alma@Example.org "}).status_code == 302
    assert enters(person, "/organise/")
    assert Client(app).post(link, {"again-email": "alma@example.org"}).status_code == 410  # once more, not for ever


def test_a_used_link_signs_nobody_in_after_its_owner_signed_out(app: Flask) -> None:
    user = make.user(email="alma@example.org")
    link = f"/s/{auth.mint_sign_in(user, clock.now())}"
    client = Client(app)
    client.post(link, {})
    client.post(f"{ACCOUNT}/logout", {}, page="/organise/")

    page = client.get(link, status=410)
    assert "It was not you?" not in page.headings
    assert client.post(link, {"again-email": user.email}).status_code == 410


def test_guessing_whose_link_it_is_ends_soon(app: Flask) -> None:
    user = make.user(email="alma@example.org")
    link = f"/s/{auth.mint_sign_in(user, clock.now())}"
    Client(app).post(link, {})
    stranger = Client(app)

    answers = [stranger.post(link, {"again-email": f"{n}@example.org"}).status_code for n in range(11)]

    assert answers == [410] * 10 + [429]


def test_an_account_signed_in_before_this_version_signs_in_again(app: Flask) -> None:
    user: User = make.user()
    client = Client(app)
    db.session.commit()
    with client.http.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = user.fs_uniquifier, True

    assert not enters(client, "/organise/")
