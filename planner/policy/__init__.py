"""The guard at the door: the table says of every endpoint who may; one that is missing there does not start."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn
from urllib.parse import urlsplit

import structlog
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from planner import acts, audit, auth, clock, languages, limits, rows, team, typed, vocabulary, words
from planner.errors import (
    Expired,
    Gone,
    NotYourRole,
    OnlyTheLanguage,
    SignInAfresh,
    SignInFirst,
    SomebodyElse,
)
from planner.extensions import db
from planner.models import AuditEntry, Conference, MemberRole, Participant, ParticipantState, User
from planner.policy import archived
from planner.policy.sent import Sent
from planner.policy.table import (
    AFRESH,
    ANSWERABLE,
    AREAS,
    ENTERS_LATE,
    EXPORTS,
    POLICY,
    POSTS_THAT_READ,
    SEES_NEEDS,
    SHOWN_AGAIN,
    TO_ALL_OF_THEM,
    UPLOADS,
    WITH_A_PLACE,
    Who,
)
from planner.scopes import FacilitatorScope, OrganiserScope, ParticipantScope

__all__ = ["POLICY", "POSTS_THAT_READ", "Who", "protect"]

log = structlog.get_logger()
OF_ONE_PERSON = {"commitments", "people", "places", "needs", "statements", "wishes"}
"""Pages whose number in the address is a person's."""
WITHOUT_SUBJECT = {"rules"}
"""Pages whose number in the address would tell, after a while, what kind of rule was changed."""


def protect(app: Flask) -> None:
    """Refuse to start with an endpoint that nobody decided about; check every request at the door."""
    missing = sorted(set(app.view_functions) - set(POLICY))
    if missing:
        raise RuntimeError(f"endpoints without a row in planner/policy/table.py: {', '.join(missing)}")
    app.request_class = Sent
    app.url_value_preprocessor(queue_up)
    app.before_request(admit)
    app.register_error_handler(CSRFError, expired)

    app.after_request(exported)
    app.jinja_env.globals |= {"may": may, "may_send": may_send, "may_change": may_change, "start_of": start_of}
    app.jinja_env.globals["is_open_to"] = is_open_to


def queue_up(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything asks the database, or its transaction would begin as a reader's."""
    asks = request.method in typed.SAFE
    g.writes = not asks and endpoint not in POSTS_THAT_READ
    if endpoint in UPLOADS:  # before anybody reads the form, so before its token is looked at
        request.max_content_length = request.max_form_memory_size = UPLOADS[endpoint]
    if endpoint != "static" and auth.set_forms_aside(clock.now()):  # before any page is shown, of errors too
        auth.take_up_form(request.form.get("csrf_token", ""))


def admit() -> Response | None:
    """Let the caller in, send her to the way in, or answer as if nothing were here."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    if request.method not in typed.SAFE and len(typed.fields()) > typed.MOST:
        abort(413)
    answer = DOORS[POLICY[request.endpoint]]()
    if answer is None:
        only_by_whom_it_was_shown_to()
        languages.switch()
        _only_the_language()
        archived.refuse()
        auth.was_here(clock.now())
        _expect_an_act()
        limits.charge(request.endpoint, g.get("actor"), g.get("conference"))
    return answer


def only_by_whom_it_was_shown_to() -> None:
    """Two people may share a phone: what one has typed is never saved for the other."""
    sender = request.form.get("sender") if g.get("sender") and request.method not in typed.SAFE else None
    if sender not in {None, g.get("sender")}:
        raise SomebodyElse


def _only_the_language() -> None:
    """An error's page sends its language's button where the refused act went: a view without a form would just act."""
    again = request.url_rule and "GET" in (request.url_rule.methods or ()) and request.blueprint != "security"
    if g.get("switches_language") and not again and request.endpoint not in SHOWN_AGAIN:
        raise OnlyTheLanguage


def expired(_error: CSRFError) -> ResponseReturnValue:
    """No valid token: perhaps her session has ended. She is looked up by reading only, as nothing will be written."""
    g.writes = False
    refusal: Exception = Expired()
    try:
        DOORS[POLICY[request.endpoint or "static"]]()
        only_by_whom_it_was_shown_to()
    except Exception as error:
        refusal = error
    return current_app.handle_user_exception(refusal)


def _to(way_in: str) -> Response:
    """Whoever looks is led to the way in; whoever sends something keeps it on the page."""
    if request.method not in typed.SAFE:
        raise SignInFirst(way_in)
    return redirect(way_in)


def _expect_an_act() -> None:
    """Whatever somebody changes who is not only herself is written down with it; sign-ins tell themselves."""
    if _changes_something() and POLICY[str(request.endpoint)] in ANSWERABLE:
        acts.expect(acts.Act(g.conference.id if g.get("conference") else None, clock.now(), *_told()))


def _changes_something() -> bool:
    return (
        request.method not in typed.SAFE and request.endpoint not in POSTS_THAT_READ and request.blueprint != "security"
    )


def _told() -> tuple[str, str, str]:
    """Who does what, and to whom or what: the page's name and the number in the address."""
    actor = f"{'organiser' if isinstance(g.actor, User) else 'participant'}:{g.actor.id}"
    what = str(request.endpoint).partition(".")[2] if isinstance(g.actor, User) else str(request.endpoint)
    numbers = [value for value in (request.view_args or {}).values() if isinstance(value, int)]
    page = what.partition(".")[0]
    kind = "participant" if page in OF_ONE_PERSON else page
    told = numbers and page not in WITHOUT_SUBJECT
    return actor, what, f"{kind}:{numbers[0]}" if told else ""


def exported(response: Response) -> Response:
    """A file that was handed out is written down; that it cannot be is written into the log, for reading goes on."""
    if request.endpoint in EXPORTS and response.status_code == 200:
        _write_down("export")
    return response


def _write_down(kind: str) -> None:
    actor, what, subject = _told()
    row = AuditEntry(
        conference_id=g.conference.id if g.get("conference") else None,
        happened_at=clock.now(),
        actor=actor,
        action=kind,
        subject=subject,
        facts={"page": what},
    )
    db.session.rollback()  # nothing was changed; where writers queue up we would wait for ourselves
    with suppress(OperationalError):
        if not g.get("untraced"):
            rows.at_once(row)
            return
    log.warning("audit.not_written", action=kind, page=what, actor=actor, subject=subject)


def refuse() -> NoReturn:
    """Somebody whom we know knocked at a door that is not hers: she sees what strangers see, and it is written down."""
    _note_the_denial()
    abort(404)


def _note_the_denial() -> None:
    if audit.denials(_told()[0], clock.now()) < audit.MOST_DENIALS:
        _write_down("denied")


def _conference() -> Conference:
    g.conference = db.session.scalar(select(Conference).filter_by(slug=g.slug))
    if g.conference is None:
        abort(404)
    to_herself = str(request.endpoint).partition(".")[0] in {"participant", "public"}
    g.vocabulary = vocabulary.of(g.conference, to_herself=to_herself)
    due = g.writes and g.conference.due(clock.now(g.conference))
    if due:
        g.conference.passed = due
        db.session.commit()
        g.kept = False  # this stands for itself: the request may still be tried again
    return g.conference


def anyone() -> Response | None:
    if g.slug:
        conference = _conference()
        g.actor = auth.participant_in(conference, clock.now())
    return None


def participant() -> Response | None:
    conference = _conference()
    g.actor = auth.participant_in(conference, clock.now())
    if g.actor is None:
        return _to(url_for("public.enter", slug=conference.slug))
    g.sender = typed.whose(g.actor)
    g.scope = ParticipantScope(g.actor)
    if is_open_to(g.actor, str(request.endpoint)):
        return None
    if request.method not in typed.SAFE:
        raise Gone
    return redirect(url_for("participant.start.index"))


def is_open_to(person: Participant, endpoint: str) -> bool:
    """Whoever has declined sees that, and her data; whoever waits can do all but look at a day and at others'."""
    if person.state is ParticipantState.CANCELLED:
        return endpoint in TO_ALL_OF_THEM
    return person.is_coming or endpoint not in WITH_A_PLACE


def facilitator() -> Response | None:
    answer = participant()
    if answer is None:
        if not auth.facilitates(g.actor):
            refuse()
        g.scope = FacilitatorScope(g.actor)
    return answer


def account() -> Response | None:
    g.actor = auth.organiser()
    if g.actor is None:
        return _to(url_for("security.login", next=request.path if request.method == "GET" else None))
    g.sender = typed.whose(g.actor)
    return None


def operator() -> Response | None:
    """Whoever says for all conferences how mails leave."""
    answer = account()
    if answer is None:
        if not g.actor.is_operator:
            _note_the_denial()
            raise NotYourRole(_("Only operators of this installation see this page."))
        if request.endpoint in AFRESH and not auth.is_fresh(clock.now()):
            return _once_more(url_for("security.verify", next=url_for("organiser.mail.edit")))
    return answer


def member() -> Response | None:
    answer = account()
    if answer is None:
        _conference()
        in_her_role()
        g.holds_role = in_her_role
        if request.endpoint in AFRESH and not auth.is_fresh(clock.now()):
            return _once_more(url_for("security.verify", next=pressed_on()))
    return answer


def in_her_role() -> None:
    """What she may do here is settled until this transaction ends; whoever begins another one asks again."""
    if POLICY[str(request.endpoint)] is Who.OWNER and g.writes:
        team.hold(g.conference)
    part = team.part_of(g.actor, g.conference, holds=g.writes)
    if part is None:
        refuse()
    g.role, g.scope = part.role, OrganiserScope(g.conference, part.group_id)
    if not in_role(str(request.endpoint), changes=request.method not in typed.SAFE):
        _note_the_denial()
        raise NotYourRole(_not_for(g.role))
    g.sees_needs, g.enters_late = g.role in SEES_NEEDS, g.role in ENTERS_LATE
    g.sees_agreements = g.role is MemberRole.OWNER
    g.sees_groups = not g.role.of_a_group and (g.sees_needs or g.conference.shows_groups_in_rooms)


def _once_more(way: str) -> Response:
    """Straight to the password and back to the page; what was written goes along on the page that says so."""
    if any(entry.is_written for entry in typed.entries()):
        raise SignInAfresh(way)
    return redirect(way)


def pressed_on() -> str:
    """The page to come back to: a download is the address itself, a button stands on the page before."""
    if request.method == "GET":
        return request.full_path
    before = urlsplit(request.referrer or "")
    same = before.netloc == request.host and before.path.startswith(f"/organise/{g.slug}/")
    return before.path + (f"?{before.query}" if before.query else "") if same else url_for(start_of(g.role))


def _not_for(role: MemberRole) -> str:
    called, does = words.MEMBER_ROLES[role]
    return _(
        "Your role in this conference is “%(role)s”. Who has it %(does)s. If you need more, ask one of its owners.",
        role=called,
        does=does,
    )


def may(endpoint: str, *, changes: bool = False) -> bool:
    """Whether whoever asks reads or changes something there."""
    return in_role(endpoint, changes=changes) and not (changes and archived.is_shut(endpoint))


def in_role(endpoint: str, *, changes: bool = False) -> bool:
    """Whether the role of whoever asks lets her do so; what is in no area is not asked."""
    if POLICY[endpoint] is Who.OPERATOR:
        return bool(getattr(g.get("actor"), "is_operator", False))
    area = AREAS.get(POLICY[endpoint])
    return area is None or g.get("role") in area[changes]


def start_of(role: MemberRole) -> str:
    """The page on which somebody with this role begins."""
    readers = AREAS[POLICY["organiser.overview.index"]][0]
    return "organiser.overview.index" if role in readers else "organiser.people.index"


def may_send(url: str) -> bool:
    """Whether a button that sends something to this address of ours would be let through."""
    endpoint, _values = request_ctx.url_adapter.match(urlsplit(url).path, method="POST")  # type: ignore[union-attr]
    return may(endpoint, changes=True)


def may_change() -> bool:
    """Whether whoever looks at the present page may change what stands on it."""
    return request.endpoint is None or may(request.endpoint, changes=True)


def nobody() -> Response:
    abort(404)


DOORS: dict[Who, Callable[[], Response | None]] = {
    Who.ANYONE: anyone,
    Who.PARTICIPANT: participant,
    Who.FACILITATOR: facilitator,
    **dict.fromkeys(AREAS, member),
    Who.ACCOUNT: account,
    Who.OPERATOR: operator,
    Who.NOBODY: nobody,
}
