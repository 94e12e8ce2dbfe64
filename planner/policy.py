"""The table: every endpoint x who may; an endpoint that is missing here does not start."""

import enum
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn
from urllib.parse import urlsplit

import structlog
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from planner import audit, auth, clock, languages, limits, rows, typed
from planner.errors import Expired, OnlyTheLanguage, SignInAfresh, SignInFirst, SomebodyElse
from planner.extensions import db
from planner.models import AuditEntry, Conference, User
from planner.scopes import FacilitatorScope, OrganiserScope, ParticipantScope

log = structlog.get_logger()


class Who(enum.StrEnum):
    ANYONE = "anyone"
    PARTICIPANT = "participant of this conference"
    FACILITATOR = "facilitator or note-taker of this conference"
    ORGANISER = "organiser of this conference"
    ACCOUNT = "anybody with an organiser's account"
    NOBODY = "nobody: a library's door that stays shut"


POLICY: dict[str, Who] = {
    "static": Who.ANYONE,
    # public
    "public.home": Who.ANYONE,
    "public.language": Who.ANYONE,
    "public.leave": Who.ANYONE,
    "public.health": Who.ANYONE,
    "public.ready": Who.ANYONE,
    "public.conference": Who.ANYONE,
    "public.programme": Who.ANYONE,
    "public.enter": Who.ANYONE,
    "public.link": Who.ANYONE,
    "public.sign_in": Who.ANYONE,
    "public.another_link": Who.ANYONE,
    # Flask-Security: organisers' accounts
    "security.static": Who.ANYONE,
    "security.login": Who.ANYONE,
    "security.verify": Who.ACCOUNT,
    "security.logout": Who.ACCOUNT,
    "security.change_password": Who.ACCOUNT,
    "security.two_factor_setup": Who.ANYONE,  # asks itself: an account, or one that has just given its password
    "security.two_factor_token_validation": Who.ANYONE,  # the same
    "security.mf_recovery": Who.ANYONE,  # the same
    "security.two_factor_setup_validate": Who.ACCOUNT,
    "security.mf_recovery_codes": Who.ACCOUNT,
    "security.two_factor_rescue": Who.NOBODY,
    "security.tf_select": Who.NOBODY,
    # participant
    "participant.start.index": Who.PARTICIPANT,
    "participant.submissions.index": Who.PARTICIPANT,
    "participant.submissions.new": Who.PARTICIPANT,
    "participant.submissions.edit": Who.PARTICIPANT,
    "participant.submissions.withdraw": Who.PARTICIPANT,
    "participant.submissions.restore": Who.PARTICIPANT,
    "participant.submissions.similar": Who.PARTICIPANT,
    "participant.others.index": Who.PARTICIPANT,
    "participant.others.support": Who.PARTICIPANT,
    "participant.others.unsupport": Who.PARTICIPANT,
    "participant.wishes.edit": Who.PARTICIPANT,
    "participant.wishes.save": Who.PARTICIPANT,
    "participant.wishes.receipt": Who.PARTICIPANT,
    "participant.about.edit": Who.PARTICIPANT,
    "participant.day.show": Who.PARTICIPANT,
    "participant.day.explained": Who.PARTICIPANT,
    "participant.day.calendar": Who.PARTICIPANT,
    "participant.day.paper": Who.PARTICIPANT,
    "participant.data.show": Who.PARTICIPANT,
    "participant.data.download": Who.PARTICIPANT,
    "participant.data.erase": Who.PARTICIPANT,
    # organiser
    "organiser.conferences.index": Who.ACCOUNT,
    "organiser.conferences.new": Who.ACCOUNT,
    "organiser.overview.index": Who.ORGANISER,
    "organiser.overview.phase": Who.ORGANISER,
    "organiser.submissions.index": Who.ORGANISER,
    "organiser.submissions.show": Who.ORGANISER,
    "organiser.submissions.accept": Who.ORGANISER,
    "organiser.submissions.decline": Who.ORGANISER,
    "organiser.submissions.reopen": Who.ORGANISER,
    "organiser.sessions.index": Who.ORGANISER,
    "organiser.sessions.new": Who.ORGANISER,
    "organiser.sessions.edit": Who.ORGANISER,
    "organiser.sessions.cancel": Who.ORGANISER,
    "organiser.sessions.reopen": Who.ORGANISER,
    "organiser.rooms.index": Who.ORGANISER,
    "organiser.rooms.new": Who.ORGANISER,
    "organiser.rooms.edit": Who.ORGANISER,
    "organiser.rooms.remove": Who.ORGANISER,
    "organiser.slots.index": Who.ORGANISER,
    "organiser.slots.new": Who.ORGANISER,
    "organiser.slots.edit": Who.ORGANISER,
    "organiser.slots.remove": Who.ORGANISER,
    "organiser.programme.index": Who.ORGANISER,
    "organiser.programme.place": Who.ORGANISER,
    "organiser.programme.remove": Who.ORGANISER,
    "organiser.programme.language": Who.ORGANISER,
    "organiser.people.index": Who.ORGANISER,
    "organiser.people.new": Who.ORGANISER,
    "organiser.people.show": Who.ORGANISER,
    "organiser.people.link": Who.ORGANISER,
    "organiser.people.card": Who.ORGANISER,
    "organiser.people.revoke": Who.ORGANISER,
    "organiser.people.cancel": Who.ORGANISER,
    "organiser.people.reinstate": Who.ORGANISER,
    "organiser.people.erase": Who.ORGANISER,
    "organiser.allocations.index": Who.ORGANISER,
    "organiser.allocations.start": Who.ORGANISER,
    "organiser.results.show": Who.ORGANISER,
    "organiser.allocations.forecast": Who.ORGANISER,
    "organiser.results.fairness": Who.ORGANISER,
    "organiser.results.fairness_table": Who.ORGANISER,
    "organiser.results.why": Who.ORGANISER,
    "organiser.allocations.progress": Who.ORGANISER,
    "organiser.results.meeting": Who.ORGANISER,
    "organiser.allocations.stop": Who.ORGANISER,
    "organiser.allocations.cancel": Who.ORGANISER,
    "organiser.results.publish": Who.ORGANISER,
    "organiser.results.unpublish": Who.ORGANISER,
    "organiser.audit.index": Who.ORGANISER,
    "organiser.messages.index": Who.ORGANISER,
    "organiser.messages.again": Who.ORGANISER,
    "organiser.messages.told": Who.ORGANISER,
    "organiser.settings.edit": Who.ORGANISER,
    "organiser.themes.index": Who.ORGANISER,
    "organiser.themes.new": Who.ORGANISER,
    "organiser.themes.edit": Who.ORGANISER,
    "organiser.themes.remove": Who.ORGANISER,
    "organiser.groups.index": Who.ORGANISER,
    "organiser.groups.new": Who.ORGANISER,
    "organiser.groups.edit": Who.ORGANISER,
    "organiser.groups.remove": Who.ORGANISER,
    "organiser.agenda.index": Who.ORGANISER,
    "organiser.agenda.new": Who.ORGANISER,
    "organiser.agenda.edit": Who.ORGANISER,
    "organiser.agenda.remove": Who.ORGANISER,
    # facilitator
    "facilitator.meetings.index": Who.FACILITATOR,
    "facilitator.meetings.show": Who.FACILITATOR,
    "facilitator.papers.brief": Who.FACILITATOR,
    "facilitator.papers.names": Who.FACILITATOR,
    "facilitator.papers.confidential": Who.FACILITATOR,
}


ANSWERABLE = {Who.ORGANISER, Who.ACCOUNT, Who.FACILITATOR}
"""Who acts upon other people's things."""

POSTS_THAT_READ = {"participant.submissions.similar"}
"""Asked by POST, because what people type belongs into no address: they change nothing and hold up no writer."""

SHOWN_AGAIN = {
    "participant.wishes.save",
    "organiser.submissions.accept",
    "organiser.submissions.decline",
    "organiser.programme.place",
    "organiser.allocations.start",
}
"""Take only POST, and still show their own form again when the page's language changes."""


AFRESH = {f"organiser.people.{each}" for each in ("link", "card", "erase")} | {
    f"organiser.results.{each}" for each in ("publish", "unpublish", "fairness_table")
}
"""What nobody does who finds an organiser's browser open: publish, erase, or become one of the people by a new link."""


EXPORTS = {
    "organiser.results.fairness_table",
    "facilitator.papers.brief",
    "facilitator.papers.names",
    "facilitator.papers.confidential",
}
"""Files that leave the house: each leaves a row in the audit. Her own data is a participant's own business."""


def protect(app: Flask) -> None:
    """Refuse to start with an endpoint that nobody decided about; check every request at the door."""
    missing = sorted(set(app.view_functions) - set(POLICY))
    if missing:
        raise RuntimeError(f"endpoints without a row in planner/policy.py: {', '.join(missing)}")
    app.url_value_preprocessor(queue_up)
    app.before_request(admit)
    app.register_error_handler(CSRFError, expired)

    app.after_request(exported)


def queue_up(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything asks the database, or its transaction would begin as a reader's."""
    asks = request.method in typed.SAFE
    g.writes = not asks and endpoint not in POSTS_THAT_READ


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


def expired(_: CSRFError) -> ResponseReturnValue:
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
        audit.expect(audit.Act(g.conference.id if g.get("conference") else None, clock.now(), *_told()))


def _changes_something() -> bool:
    return (
        request.method not in typed.SAFE and request.endpoint not in POSTS_THAT_READ and request.blueprint != "security"
    )


def _told() -> tuple[str, str, str]:
    """Who does what, and to whom or what: the page's name and the number in the address."""
    actor = f"{'organiser' if isinstance(g.actor, User) else 'participant'}:{g.actor.id}"
    what = str(request.endpoint).partition(".")[2] if isinstance(g.actor, User) else str(request.endpoint)
    numbers = [value for value in (request.view_args or {}).values() if isinstance(value, int)]
    kind = {"people": "participant"}.get(what.partition(".")[0], what.partition(".")[0])
    return actor, what, f"{kind}:{numbers[0]}" if numbers else ""


def exported(response: Response) -> Response:
    """A file that was handed out is written down; that it cannot be is written into the log, for reading goes on."""
    if request.endpoint in EXPORTS and response.status_code == 200:
        _write_down("export")
    return response


def _write_down(kind: str) -> None:
    actor, what, subject = _told()
    row = AuditEntry(
        conference_id=g.conference.id,
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
    if audit.denials(_told()[0], clock.now()) < audit.MOST_DENIALS:
        _write_down("denied")
    abort(404)


def _conference() -> Conference:
    g.conference = db.session.scalar(select(Conference).filter_by(slug=g.slug))
    if g.conference is None:
        abort(404)
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
    return None


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


def organiser() -> Response | None:
    answer = account()
    if answer is None:
        conference = _conference()
        if not auth.organises(g.actor, conference):
            refuse()
        g.scope = OrganiserScope(conference)
        if request.endpoint in AFRESH and not auth.is_fresh(clock.now()):
            return _once_more(url_for("security.verify", next=pressed_on()))
    return answer


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
    return before.path + (f"?{before.query}" if before.query else "") if same else url_for("organiser.overview.index")


def nobody() -> Response:
    abort(404)


DOORS: dict[Who, Callable[[], Response | None]] = {
    Who.ANYONE: anyone,
    Who.PARTICIPANT: participant,
    Who.FACILITATOR: facilitator,
    Who.ORGANISER: organiser,
    Who.ACCOUNT: account,
    Who.NOBODY: nobody,
}
