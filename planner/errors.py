"""What can go wrong, as a sentence that a person can act on."""

from collections.abc import Callable
from contextlib import suppress

import structlog
from flask import Flask, after_this_request, current_app, g, render_template, request
from flask.globals import request_ctx
from flask_babel import get_locale, lazy_ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import SecurityError

from planner.extensions import db

log = structlog.get_logger()


class PlannerError(Exception):
    """A refusal by a rule of the application. `sentence` is shown to the person at the form."""

    title = _l("This is not possible")
    sentence = _l("That is not possible.")
    way_in = ""  # where to sign in, where that helps
    status = 422
    retry_after = 0  # seconds, where waiting helps

    def __init__(self, sentence: object | None = None, field: str | None = None):
        if sentence is not None:
            self.sentence = sentence
        self.field = field
        super().__init__(str(type(self).__name__))


class NotFound(Exception):
    """No such object, or somebody else's: nobody can tell which. No refusal, so no view can catch it as one."""


class Closed(PlannerError):
    sentence = _l("The deadline has passed. Your text is still here, but it can no longer be saved.")


class Archived(PlannerError):
    status = 409
    sentence = _l(
        "This conference is archived: you can read everything, and nothing changes any more. "
        "Who organises it can open it again."
    )


class Doomed(Archived):
    sentence = _l(
        "This conference will be deleted, so nothing changes any more. Until then one of its owners can take that back."
    )


class Stale(PlannerError):
    status = 409
    sentence = _l("Somebody changed this in the meantime. Please look at both versions and save again.")


class Raced(Stale):
    """Two wrote what may be there once, and the database let one through."""

    sentence = _l("Somebody did the same at the same moment. Nothing of yours is lost: please send it once more.")


class TooMany(PlannerError):
    """More than one person's or one conference's share of what is dear; goes on after so many seconds."""

    status = 429

    def __init__(self, seconds: int):
        minutes = max(1, -(-seconds // 60))
        super().__init__(
            lazy_ngettext(
                "That was a lot in a short time. Please wait %(num)s minute and send it again.",
                "That was a lot in a short time. Please wait %(num)s minutes and send it again.",
                minutes,
            )
        )
        self.retry_after = max(1, seconds)


class Gone(PlannerError):
    """A row was removed while somebody worked with it: most of all, a person was erased."""

    status = 409
    sentence = _l("You do not take part in this conference any more, or your data is erased. Nothing was saved.")


class MoveForbidden(PlannerError):
    """A state was asked to change to one that its table of moves does not allow."""

    status = 409
    sentence = _l("This step is not possible any more, because the state has changed. Please load the page again.")


class Expired(PlannerError):
    status = 400
    title = _l("This page was open for too long")
    sentence = _l("Or you signed in again meanwhile. Nothing was saved yet: please send it once more.")


class OnlyTheLanguage(PlannerError):
    """The language's button of an error's page: it says again, in the new language, what was sent and not done."""

    title = _l("The page's language has changed")
    sentence = _l("Nothing else was done. What you wanted to send is still here: send it, if you still want to.")
    status = 200


class SignInFirst(PlannerError):
    """Something was sent by somebody whose session has ended."""

    status = 401
    title = _l("You are not signed in any more")
    sentence = _l(
        "Nothing was saved yet. Please open your personal link or sign in, in a new tab. Then come back to this page "
        "and send what you entered."
    )

    def __init__(self, way_in: str):
        super().__init__()
        self.way_in = way_in


class SignInAfresh(SignInFirst):
    """Signed in, but too long ago for something that cannot be taken back."""

    title = _l("Please sign in once more")
    sentence = _l(
        "This step needs to be certain that it is you. Please give your password in a new tab. Then come back to this "
        "page and send what you entered."
    )


class NotYourRole(PlannerError):
    """Somebody of the team, at a door that is for another role; she may know that it is there."""

    status = 403
    title = _l("Your role does not include this")


class SomebodyElse(PlannerError):
    """A form that was opened by one person is sent by another who has come in meanwhile, on the same device."""

    status = 409
    title = _l("Somebody else is signed in here now")
    sentence = _l(
        "This was written by another person on this device, so nothing was saved. She opens her own link or signs in "
        "again, in a new tab, and then sends it from this page."
    )


def install(app: Flask) -> None:
    """One page per kind of error; somebody else's object and no object get the same one."""
    app.register_error_handler(NotFound, lambda _: (render_template("errors/404.html"), 404))
    app.register_error_handler(SecurityError, _another_name)
    for code in (400, 403, 404, 405, 413, 429, 500):
        app.register_error_handler(code, _page(code))
    for kind in (OperationalError, InterfaceError, TimeoutError):
        app.register_error_handler(kind, _busy)
    app.register_error_handler(DataError, _page(400))  # what no form checked and the database cannot hold
    app.register_error_handler(IntegrityError, lambda _: _refused(Raced()))
    app.register_error_handler(ObjectDeletedError, lambda _: _refused(Gone()))
    app.register_error_handler(StaleDataError, lambda _: _refused(MoveForbidden()))
    app.register_error_handler(PlannerError, _refused)


def _another_name(_: SecurityError) -> tuple[str, int]:
    """A request for some other site: its page is made for ours, because there is no address to make links from."""
    request_ctx.url_adapter = current_app.url_map.bind((current_app.config["TRUSTED_HOSTS"] or ["localhost"])[-1])
    return render_template("errors/400.html"), 400


def _page(code: int) -> Callable[[Exception], tuple[str, int]]:
    name = {405: 404}.get(code, code)
    return lambda _: (render_template(f"errors/{name}.html"), code)


def _refused(error: PlannerError) -> tuple[str, int]:
    """A refusal that no view turned into an answer of its own: never a 500."""
    db.session.rollback()
    say_when(error)
    return render_template("errors/refused.html", error=error), error.status


def _forget_the_database() -> None:
    """An error's page is made without it, in the language of who asked: what was loaded would be asked for again."""
    with suppress(SQLAlchemyError):
        get_locale()
    g._login_user = g.actor = None  # nor who is signed in
    with suppress(SQLAlchemyError):
        db.session.rollback()


def say_when(error: PlannerError) -> None:
    """The answer to this request tells programs, too, when it goes on."""
    if error.retry_after:
        after_this_request(lambda answer: answer.headers.set("Retry-After", str(error.retry_after)) or answer)


def _busy(error: Exception) -> tuple[str, int, dict[str, str]]:
    """The database is locked, full or away: nothing was saved, and it may work again soon."""
    log.warning("database.away", error=error, endpoint=request.endpoint)
    _forget_the_database()
    return render_template("errors/503.html"), 503, {"Retry-After": "5"}
