"""Who works on a conference: invited, given another role, removed; never without an owner, whoever acts at once."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import delete, update
from sqlalchemy.orm.exc import StaleDataError

from planner import auth, clock, create_app, jobs, programme, team
from planner.audit import faults
from planner.config import Config
from planner.errors import MoveForbidden
from planner.extensions import db
from planner.imports import batches, reading
from planner.models import (
    AuditEntry,
    Conference,
    ImportBatch,
    Invitation,
    InvitationState,
    Member,
    MemberRole,
    Participant,
    Room,
    User,
)
from planner.team import INVITATION_LIVES, IsInvited, WorksHere
from tests import factories as make
from tests.at_once import DONE, at_once
from tests.client import Client, Page
from tests.conftest import settings
from tests.faults.server import MailServer
from tests.planner.test_sign_in import PASSWORD, set_password, work_off

EMAIL = "neu@example.org"


@pytest.fixture
def silent(config: Config, tmp_path: Path) -> Iterator[Flask]:
    """Where mail is not set up."""
    app = create_app(settings(tmp_path, mail="off"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def page(conference: Conference, path: str = "") -> str:
    return f"/organise/{conference.slug}/team/{path}"


def link_in(text: str) -> str:
    found = re.findall(r"/i/[\w-]{32,}", text)
    assert len(set(found)) == 1, found
    return str(found[0])


def invited(conference: Conference, owner: User, email: str = EMAIL, role: MemberRole = MemberRole.VIEWER) -> str:
    """The address of an invitation's page."""
    row = team.invite(conference, email, role, owner, clock.now())
    token = team.mint(row)
    db.session.commit()
    return f"/i/{token}"


def roles(conference: Conference) -> dict[str, str]:
    return {member.user.email: member.role.value for member in team.members(conference)}


def told() -> list[tuple[str, str, str, dict[str, str]]]:
    rows = db.session.query(AuditEntry).filter(AuditEntry.action.startswith("team.")).order_by(AuditEntry.id)
    return [(row.actor, row.action, row.subject, row.facts) for row in rows]


# inviting and accepting


def test_somebody_without_an_account_is_invited_by_a_link_and_works_here(silent: Flask) -> None:
    conference, owner = make.organised()
    office = Client(silent).as_organiser(owner)

    answer = office.post(page(conference), {"email": "Neu@Example.org", "role": "clerk"})
    link = link_in(answer.text)
    assert "shown only once" in answer.text
    assert "/i/" not in office.fetch(page(conference)).text
    assert EMAIL in office.get(page(conference)).text

    guest = Client(silent)
    shown = guest.get(link)
    assert shown.headings[0] == "An invitation"
    assert "Entry clerk" in shown.text
    welcomed = guest.submit(link, {"name": "Nele Neu"})

    assert welcomed.headings[0] == "Set a password"
    assert roles(conference) == {owner.email: "owner", EMAIL: "clerk"}
    assert db.session.query(Invitation).count() == 0
    assert guest.get(f"/organise/{conference.slug}/people/").headings[0].startswith("People")
    assert guest.get("/organise/").text.count("Entry clerk") == 1
    person = auth.account_of(EMAIL)
    assert person
    assert (person.name, person.locale) == ("Nele Neu", "en")
    assert told() == [
        (f"organiser:{owner.id}", "team.invite", "invitation:1", {"role": "clerk"}),
        (f"organiser:{person.id}", "team.join", "invitation:1", {"role": "clerk"}),
    ]
    assert list(faults([])) == []


def test_the_link_is_used_by_its_button_once_and_by_no_look(app: Flask) -> None:
    conference, owner = make.organised()
    link = invited(conference, owner)
    for _ in range(3):
        Client(app).get(link)

    Client(app).submit(link, {"name": "Nele"})
    ended = Client(app).get(link, status=404)

    assert ended.headings[0] == "This invitation is not open any more"
    assert Client(app).fetch(link, method="POST", data={"name": "Noch eine"}).status_code in {400, 404}
    assert len(roles(conference)) == 2


def test_an_account_that_is_there_is_asked_for_and_no_other_can_accept(app: Flask) -> None:
    """The rule: an invitation is for its address, in whatever case somebody typed it."""
    conference, owner = make.organised()
    known, other = make.user(email="Neu@example.org"), make.user(email="anders@example.org")
    link = invited(conference, owner, role=MemberRole.ORGANISER)

    stranger = Client(app)
    assert "There is an account with this address" in stranger.get(link).text
    assert stranger.post(link, {"name": "Nele"}).status_code == 422
    wrong = Client(app).as_organiser(other)
    assert "You are signed in with another address (anders@example.org)" in wrong.get(link).text
    assert wrong.post(link, {}).status_code == 422
    assert roles(conference) == {owner.email: "owner"}

    right = Client(app).as_organiser(known)
    arrived = right.submit(link, {})

    assert "You work on this conference now." in arrived.text
    assert roles(conference) == {owner.email: "owner", "Neu@example.org": "organiser"}


def test_the_noun_itself_refuses_another_account_and_an_old_invitation(app: Flask) -> None:
    conference, owner = make.organised()
    row = team.invite(conference, EMAIL, MemberRole.OWNER, owner, clock.now())

    with pytest.raises(MoveForbidden):
        team.accept(row, make.user(), clock.now())
    with pytest.raises(MoveForbidden):
        team.accept(row, make.user(email=EMAIL), clock.now() + INVITATION_LIVES)


def test_a_password_leads_back_to_the_invitation(app: Flask) -> None:
    conference, owner = make.organised()
    known = make.user(email=EMAIL)
    set_password(Client(app).as_organiser(known))
    link = invited(conference, owner)

    guest = Client(app)
    way = next(each for each in guest.get(link).links if "login" in each)
    form = guest.get(way).fields
    answer = guest.post(way, {"email": EMAIL, "password": PASSWORD, "next": form.get("next", "")})

    assert answer.headers["Location"].endswith(link)


def test_an_invitation_ends_after_a_week_and_a_new_link_makes_the_old_one_worthless(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    conference, owner = make.organised()
    link = invited(conference, owner)
    row = db.session.query(Invitation).one()
    row.expires_at = clock.now() - timedelta(seconds=1)

    assert Client(app).get(link, status=410).headings[0] == "This invitation is not open any more"
    assert Client(app).post(link, {"name": "Nele"}).status_code == 410
    assert "has ended" in Client(app).as_organiser(owner).get(page(conference)).text

    office = Client(app).as_organiser(owner)
    again = link_in(office.post(page(conference, f"invitations/{row.id}/link"), {}, page=page(conference)).text)
    assert again != link
    assert Client(app).fetch(link).status_code == 404
    assert Client(app).fetch(again).status_code == 200


def test_an_ended_invitation_makes_room_for_a_new_one(app: Flask) -> None:
    conference, owner = make.organised()
    invited(conference, owner)

    with pytest.raises(IsInvited):
        team.invite(conference, EMAIL.upper(), MemberRole.OWNER, owner, clock.now())
    row = team.invite(conference, EMAIL, MemberRole.CLERK, owner, clock.now() + INVITATION_LIVES)

    assert (row.role, db.session.query(Invitation).count()) == (MemberRole.CLERK, 1)


def test_what_is_taken_back_opens_nothing(app: Flask) -> None:
    conference, owner = make.organised()
    link, office = invited(conference, owner), Client(app).as_organiser(owner)
    id = db.session.query(Invitation).one().id

    office.submit(page(conference, f"invitations/{id}/withdraw"), {}, page=page(conference))

    assert Client(app).fetch(link).status_code == 404
    assert told()[-1] == (f"organiser:{owner.id}", "team.withdraw", f"invitation:{id}", {})


def test_whoever_works_here_already_is_not_invited(app: Flask) -> None:
    conference, owner = make.organised()
    make.member(conference, make.user(email=EMAIL), MemberRole.VIEWER)
    office = Client(app).as_organiser(owner)

    answer = office.post(page(conference), {"email": "NEU@example.org", "role": "owner", "way": "link"})

    assert answer.status_code == 422
    assert "works on this conference already" in answer.text
    assert db.session.query(Invitation).count() == 0
    with pytest.raises(WorksHere):
        team.invite(conference, EMAIL, MemberRole.OWNER, owner, clock.now())


def test_whoever_came_in_otherwise_keeps_her_role(app: Flask) -> None:
    conference, owner = make.organised()
    link = invited(conference, owner, role=MemberRole.VIEWER)
    known = make.user(email=EMAIL)
    make.member(conference, known, MemberRole.OWNER)

    Client(app).as_organiser(known).submit(link, {})

    assert roles(conference)[EMAIL] == "owner"
    assert db.session.query(Invitation).count() == 0


def test_a_role_that_nobody_has_and_no_address_are_refused_at_their_fields(app: Flask) -> None:
    conference, owner = make.organised()
    office = Client(app).as_organiser(owner)

    for form in ({"email": "nobody", "role": "viewer"}, {"email": EMAIL, "role": "king"}, {"email": EMAIL}):
        assert office.post(page(conference), {"way": "link", **form}).status_code == 422
    assert db.session.query(Invitation).count() == 0


# by mail


def test_an_invitation_goes_by_mail_and_its_end_stands_in_the_list(config: Config, tmp_path: Path) -> None:
    with MailServer() as server:
        app = create_app(settings(tmp_path, mail="smtp", mail_port=server.port))
        with app.app_context():
            conference, owner = make.organised()
            office = Client(app).as_organiser(owner)
            sent = office.submit(page(conference), {"email": EMAIL, "role": "viewer", "way": "mail"})
            assert "waits to be sent" in sent.text
            assert db.session.query(Invitation).one().token_hash is None
            db.session.rollback()

            work_off(app)

            assert server.recipients == [[EMAIL]]
            [text] = server.texts
            link = link_in(text.replace(b"=\r\n", b"").decode())
            assert db.session.query(Invitation).one().state is InvitationState.SENT
            assert Client(app).get(link).headings[0] == "An invitation"
            jobs.send_invitation(db.session.query(Invitation).one().id)
            assert len(server.texts) == 1
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize(
    ("shut", "opens"), [("archived_at", "archive/end"), ("deletes_at", "archive/keep")], ids=["archived", "deleted"]
)
def test_an_invitation_to_a_conference_that_is_only_read_leaves_when_it_is_open_again(
    config: Config, tmp_path: Path, shut: str, opens: str
) -> None:
    with MailServer() as server:
        app = create_app(settings(tmp_path, mail="smtp", mail_port=server.port))
        with app.app_context():
            conference, owner = make.organised()
            row = team.invite(conference, EMAIL, MemberRole.VIEWER, owner, clock.now())
            setattr(conference, shut, clock.now())
            db.session.commit()
            jobs.send_invitation(row.id)
            assert (row.token_hash, row.state, server.texts) == (None, InvitationState.WAITING, [])

            home = f"/organise/{conference.slug}/archive/"
            Client(app).as_organiser(owner).post(f"/organise/{conference.slug}/{opens}", {}, page=home)
            work_off(app)

            assert server.recipients == [[EMAIL]]
            assert db.session.query(Invitation).one().state is InvitationState.SENT
            db.session.remove()
            db.engine.dispose()


def test_a_mail_that_nobody_takes_is_told_and_the_link_can_be_shown_instead(config: Config, tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, mail="smtp", mail_port=1))
    with app.app_context():
        conference, owner = make.organised()
        office = Client(app).as_organiser(owner)
        office.submit(page(conference), {"email": EMAIL, "role": "viewer", "way": "mail"})
        work_off(app)

        assert "could not be sent" in office.get(page(conference)).text
        id = db.session.query(Invitation).one().id
        shown = office.post(page(conference, f"invitations/{id}/link"), {}, page=page(conference))
        assert Client(app).fetch(link_in(shown.text)).status_code == 200
        db.session.remove()
        db.engine.dispose()


# roles and removing


def test_a_role_is_changed_and_told(app: Flask) -> None:
    conference, owner = make.organised()
    other = make.user()
    row = make.member(conference, other, MemberRole.VIEWER)
    office, hers = Client(app).as_organiser(owner), Client(app).as_organiser(other)
    assert hers.fetch(f"/organise/{conference.slug}/audit/").status_code == 403

    office.submit(page(conference, f"{row.id}/role"), {"role": "organiser"}, page=page(conference))

    assert hers.fetch(f"/organise/{conference.slug}/audit/").status_code == 200
    assert hers.fetch(page(conference)).status_code == 403
    facts = {"role": "organiser", "before": "viewer"}
    assert told() == [(f"organiser:{owner.id}", "team.role", f"organiser:{other.id}", facts)]
    audit = office.get(f"/organise/{conference.slug}/audit/").text
    assert "Role: Organiser" in audit
    assert "Role before: Viewer" in audit


def test_whoever_is_removed_reaches_nothing_from_her_next_request_on(app: Flask) -> None:
    conference, owner = make.organised()
    elsewhere, _ = make.organised()
    other = make.user()
    row = make.member(conference, other, MemberRole.ORGANISER)
    make.member(elsewhere, other)
    make.import_batch(conference, user_id=other.id)
    hers, office = Client(app).as_organiser(other), Client(app).as_organiser(owner)
    home = f"/organise/{conference.slug}/"
    assert hers.fetch(home).status_code == 200

    office.submit(page(conference, f"{row.id}/remove"), {}, page=page(conference))

    for path in ("", "people/", "rooms/new", "team/"):
        assert hers.fetch(home + path).status_code == 404
    assert hers.fetch(f"/organise/{elsewhere.slug}/").status_code == 200
    assert db.session.query(ImportBatch).count() == 0
    assert told()[-1][1:] == ("team.remove", f"organiser:{other.id}", {"before": "organiser"})


def test_an_owner_who_leaves_is_led_out(app: Flask) -> None:
    conference, owner = make.organised()
    make.member(conference, make.user())
    mine = next(each for each in conference.members if each.user_id == owner.id)

    office = Client(app).as_organiser(owner)
    left = office.submit(page(conference, f"{mine.id}/remove"), {}, page=page(conference))

    assert left.headings[0] == "My conferences"
    assert owner.email not in roles(conference)


@pytest.mark.parametrize("act", ["role", "remove"])
def test_the_last_owner_stays(app: Flask, act: str) -> None:
    """Whoever cannot sign in is none: nobody could say any more who works here."""
    conference, owner = make.organised()
    make.member(conference, make.user(active=False))
    make.member(conference, make.user(), MemberRole.ORGANISER)
    mine = next(each for each in conference.members if each.user_id == owner.id)

    office = Client(app).as_organiser(owner)
    answer = office.submit(page(conference, f"{mine.id}/{act}"), {"role": "viewer"}, page=page(conference))

    assert "A conference needs an owner" in answer.text
    assert roles(conference)[owner.email] == "owner"
    assert told() == []


def acted(app: Flask, clients: list[Client], paths: list[str], **form: str) -> list[int]:
    """What each answer was, sent in the same moment."""
    bodies = [{"csrf_token": client.token(page_of(path)), **form} for client, path in zip(clients, paths, strict=True)]
    db.session.commit()
    codes: list[int] = []

    def send(client: Client, path: str, body: dict[str, str]) -> None:
        codes.append(client.http.post(path, data=body).status_code)

    zipped = zip(clients, paths, bodies, strict=True)
    acts = [lambda client=c, path=p, body=b: send(client, path, body) for c, p, b in zipped]
    assert at_once(app, *acts) == [DONE] * len(acts)
    db.session.rollback()
    return sorted(codes)


def page_of(path: str) -> str:
    return re.sub(r"team/.*", "team/", path)


@pytest.mark.parametrize("act", ["remove", "role"])
def test_of_two_owners_who_put_each_other_out_at_once_one_is_left(either_app: Flask, act: str) -> None:
    for _ in range(4):
        conference, first = make.organised()
        second = make.user()
        make.member(conference, second)
        of = {member.user_id: member.id for member in team.members(conference)}
        clients = [Client(either_app).as_organiser(user) for user in (first, second)]
        paths = [page(conference, f"{of[user.id]}/{act}") for user in (second, first)]

        codes = acted(either_app, clients, paths, role="viewer")

        assert codes[0] == 302
        assert codes[1] in {403, 404}
        assert [role for role in roles(conference).values() if role == "owner"] == ["owner"]


def test_an_invitation_accepted_twice_at_once_lets_one_in(either_app: Flask) -> None:
    """The same person in two windows, and a stranger who has the link as well."""
    conference, owner = make.organised()
    known = make.user(email=EMAIL)
    link = invited(conference, owner)
    clients = [Client(either_app).as_organiser(known) for _ in range(2)]

    codes = acted(either_app, clients, [link, link])

    assert codes == [302, 404]
    assert roles(conference) == {owner.email: "owner", EMAIL: "viewer"}


def test_a_new_account_is_made_once_by_two_who_have_the_link(either_app: Flask) -> None:
    conference, owner = make.organised()
    link = invited(conference, owner)

    codes = acted(either_app, [Client(either_app), Client(either_app)], [link, link], name="Nele")

    assert codes == [302, 404]
    assert db.session.query(User).filter_by(email=EMAIL).count() == 1


def test_of_two_invitations_of_one_address_at_once_one_stays(either_app: Flask) -> None:
    conference, owner = make.organised()
    clients = [Client(either_app).as_organiser(owner) for _ in range(2)]

    codes = acted(either_app, clients, [page(conference)] * 2, email=EMAIL, role="viewer", way="link")

    assert codes == [200, 422]
    assert db.session.query(Invitation).count() == 1


def test_what_is_saved_was_saved_before_she_was_removed_or_not_at_all(either_app: Flask) -> None:
    """Her role is held while she saves: an audit's line of hers never stands after that of her removal."""
    for _ in range(6):
        conference, owner = make.organised()
        other = make.user()
        row = make.member(conference, other, MemberRole.ORGANISER)
        rooms = f"/organise/{conference.slug}/rooms/new"
        hers, office = Client(either_app).as_organiser(other), Client(either_app).as_organiser(owner)
        form = {"name": "Saal", "seating": "circle", "capacity_circle": "20", "csrf_token": hers.token(rooms)}
        token = {"csrf_token": office.token(page(conference))}
        db.session.commit()
        answers: dict[str, int] = {}

        def save(answers=answers, hers=hers, rooms=rooms, form=form) -> None:  # type: ignore[no-untyped-def]
            answers["save"] = hers.http.post(rooms, data=form).status_code

        gone = page(conference, f"{row.id}/remove")

        def remove(answers=answers, office=office, gone=gone, token=token) -> None:  # type: ignore[no-untyped-def]
            answers["remove"] = office.http.post(gone, data=token).status_code

        assert at_once(either_app, save, remove) == [DONE, DONE]
        db.session.rollback()
        lines = db.session.query(AuditEntry.action).filter_by(chain=conference.id).order_by(AuditEntry.number)
        actions = [action for (action,) in lines if action != "denied"]
        saved = db.session.query(Room).filter_by(conference_id=conference.id).count()

        assert answers["remove"] == 302
        assert (answers["save"], saved) in {(302, 1), (404, 0)}
        assert actions == (["rooms.new"] if saved else []) + ["team.remove"]


@pytest.mark.parametrize("what", ["role", "place"])
def test_whoever_is_removed_while_her_list_is_read_leaves_none(
    app: Flask, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Reading takes seconds, and holds nothing."""
    conference, _owner = make.organised()
    other = make.user()
    row = make.member(conference, other, MemberRole.ORGANISER)
    hers, lists, id = Client(app).as_organiser(other), f"/organise/{conference.slug}/imports/", row.id
    read = reading.read

    def slowly(*given: Any) -> Any:
        lose(what, id)
        return read(*given)

    monkeypatch.setattr(reading, "read", slowly)
    answer = hers.post(lists, {"kind": "people", "pasted": "Name\nErika"})

    assert answer.status_code == {"place": 404, "role": 403}[what]
    assert db.session.query(ImportBatch).count() == 0


def lose(what: str, id: int) -> None:
    gone = delete(Member) if what == "place" else update(Member).values(role=MemberRole.VIEWER)
    db.session.execute(gone.where(Member.id == id))
    db.session.commit()


@pytest.mark.parametrize("what", ["role", "place"])
def test_whoever_is_removed_while_her_list_is_planned_takes_nothing_in(
    app: Flask, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    conference, _owner = make.organised()
    other = make.user()
    id = make.member(conference, other, MemberRole.ORGANISER).id
    hers, lists, foresee = Client(app).as_organiser(other), f"/organise/{conference.slug}/imports/", batches.foresee
    brought = hers.post(lists, {"kind": "people", "pasted": "Name\nErika"}).headers["Location"].partition("#")[0]
    preview = hers.get(brought).fields

    def slowly(*given: Any) -> Any:
        lose(what, id)
        return foresee(*given)

    monkeypatch.setattr(batches, "foresee", slowly)
    answer = hers.post(f"{brought}/apply", {"seen": preview["seen"]}, page=brought)

    assert answer.status_code == {"place": 404, "role": 403}[what]
    assert db.session.query(Participant).count() == 0


@pytest.mark.parametrize("what", ["role", "place"])
def test_a_request_that_is_tried_again_asks_for_the_role_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """What was held is let go with the rest when it has lost a race."""
    conference, _owner = make.organised()
    other = make.user()
    id = make.member(conference, other, MemberRole.ORGANISER).id
    hers, rooms, lost = Client(app).as_organiser(other), f"/organise/{conference.slug}/rooms/new", []

    def loses(*_given: Any, **_more: Any) -> None:
        db.session.rollback()
        lose(what, id)
        g.kept = False
        lost.append(1)
        raise StaleDataError

    monkeypatch.setattr(programme, "save_room", loses)
    answer = hers.post(rooms, {"name": "Saal", "seating": "circle", "capacity_circle": "9"})

    assert (answer.status_code, lost) == ({"place": 404, "role": 403}[what], [1])


# what guards it


def test_each_act_asks_once_more_who_she_is(app: Flask) -> None:
    conference, owner = make.organised()
    row = make.member(conference, make.user(), MemberRole.VIEWER)
    office = Client(app).as_organiser(owner)
    invitation = team.invite(conference, EMAIL, MemberRole.OWNER, owner, clock.now())
    with office.http.session_transaction() as cookie:
        cookie["fs_paa"] = 0
    acts = ["", f"{row.id}/role", f"{row.id}/remove", *(f"invitations/{invitation.id}/{each}" for each in WAYS)]

    for path in acts:
        form = {"email": "zwei@example.org", "role": "owner", "way": "link"} if not path else {}
        answer = office.post(page(conference, path), form, page=page(conference))
        to_verify = answer.status_code == 302 and "/verify" in answer.headers["Location"]
        assert to_verify or answer.status_code == 401, (path, answer.status_code)
    assert roles(conference)[row.user.email] == "viewer"
    assert db.session.query(Invitation).count() == 1


WAYS = ("link", "send", "withdraw")


def test_an_invitation_that_nobody_accepted_is_forgotten(either_app: Flask) -> None:
    conference, owner = make.organised()
    team.invite(conference, EMAIL, MemberRole.OWNER, owner, clock.now())
    db.session.commit()
    kept = clock.now() + INVITATION_LIVES + timedelta(days=either_app.extensions["planner"].keep_logs_days)

    jobs.keep_promises(kept - timedelta(minutes=5))
    assert db.session.query(Invitation).count() == 1
    jobs.keep_promises(kept + timedelta(minutes=5))
    assert db.session.query(Invitation).count() == 0


def test_a_removed_conference_leaves_neither_members_nor_invitations(either_app: Flask) -> None:
    conference, owner = make.organised()
    team.invite(conference, EMAIL, MemberRole.OWNER, owner, clock.now())
    db.session.commit()

    db.session.delete(conference)
    db.session.commit()

    assert db.session.query(Member).count() + db.session.query(Invitation).count() == 0


def test_the_librarys_own_commands_for_users_and_roles_are_hidden(app: Flask) -> None:
    """They would make accounts past the audit, and roles that mean nothing here."""
    assert {"users", "roles"} & set(app.cli.commands) == set()


def test_the_page_reads_in_german_too(app: Flask) -> None:
    conference, owner = make.organised()
    shown = Client(app).as_organiser(owner).fetch(page(conference), language="de").text

    assert Page(shown).headings[0] == "Wer mitarbeitet"
    assert "Erfassung" in shown
