"""How organisers' accounts are guarded: passwords, second factor, wrong tries; what Flask-Security is told."""

import base64
import hashlib
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar

from flask import Flask, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import user_logged_in, user_logged_out
from flask_security import (
    ChangePasswordForm,
    LoginForm,
    PasswordUtil,
    Security,
    SQLAlchemyUserDatastore,
    Totp,
    TwoFactorRescueForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    current_user,
    login_user,
    password_changed,
    tf_code_confirmed,
    tf_disabled,
    tf_profile_changed,
)
from flask_security import MfRecoveryForm as RecoveryForm
from flask_security.utils import get_message
from sqlalchemy import inspect
from werkzeug.wrappers import Response
from wtforms import RadioField, StringField
from zxcvbn import zxcvbn

from planner import auth, clock, failures, rows
from planner.config import Config
from planner.errors import TooMany
from planner.extensions import db
from planner.models import AuditEntry, Role, User
from planner.texts import folded

SHORTEST, LONGEST = 12, 200
COMPARED = 72  # the list's own limit
STRONG = 3  # of 4: more than 10^8 guesses


class Passwords(PasswordUtil):
    """Length counts, and what everybody knows or what the address says is refused."""

    def validate(self, password: str, is_register: bool, **about: Any) -> tuple[list[str] | None, str]:
        tidy = self.normalize(password)
        if len(tidy) < SHORTEST:
            return [_("Please take at least %(count)s characters; several words are good.", count=SHORTEST)], tidy
        if len(tidy) > LONGEST:
            return [_("Please take at most %(count)s characters.", count=LONGEST)], tidy
        user: User | None = about.get("user")
        known = [user.email, user.email.partition("@")[0], user.name, "stuhlkreis"] if user else []
        if zxcvbn(tidy[:COMPARED], [word for word in known if word])["score"] < STRONG:
            return [_("This password is easy to guess. Several words that do not belong together are good.")], tidy
        return None, tidy


class OnceOnly(Totp):
    """A code of the second factor works once."""

    def get_last_counter(self, user: Any) -> int | None:
        return user.tf_last_counter

    def set_last_counter(self, user: Any, tmatch: Any) -> None:
        user.tf_last_counter = tmatch.counter


class TooManyCodes(TooMany):
    """Somebody guesses the six digits; she herself has another way in meanwhile."""

    def __init__(self, seconds: int):
        super().__init__(seconds)
        self.sentence = _l(
            "Many wrong codes were typed for this account, so for a while no code of the app is accepted. Please go "
            "back and use a recovery code: it works now. If it was not you who typed them, please change your "
            "password then."
        )


class ManyFromThere(TooMany):
    """One of very many from her network: only a right password is still let in, so nobody who has one must wait."""

    def __init__(self) -> None:
        super().__init__(int(failures.WINDOW.total_seconds()))
        self.sentence = _l(
            "That was not right, and many wrong passwords or codes came from your network. Please go back and look at "
            "what you typed: with the right one you can come in now."
        )


def counted_as(email: str) -> str:
    """One name for all spellings of an address: Flask-Security looks for it in its normal form, in either case."""
    with suppress(ValueError):  # what is no address is counted as it was typed
        email = current_app.extensions["security"].mail_util.normalize(email)
    return auth.hashed(folded(email))


class Counted:
    """A form that checks a secret: wrong ones are counted, each with the account and the address that it came from."""

    kind: ClassVar[str] = "password"
    besides: ClassVar[tuple[str, ...]] = ()  # counted for the account as well
    secrets: ClassVar[tuple[str, ...]] = ("password",)
    anybody: ClassVar[bool] = True  # counted over all accounts as well
    user: Any = None

    def validate(self, **options: Any) -> bool:
        """Counted and kept before it is looked at: nobody's turn to write is used up by a slow hash."""
        now, address, account = clock.now(), request.remote_addr, self._account()
        counted = [(kind, account, address, now) for kind in (self.kind, *self.besides)]
        if self.anybody:
            counted.append(("sign-in", "", address, now))
        tries = [self._count(*tried) for tried in counted]
        db.session.commit()
        right: bool = super().validate(**options)  # type: ignore[misc]
        if any(self[name].errors for name in self.secrets):  # type: ignore[index]
            self._wrong(many=any(each.many for each in tries), now=now)
        else:
            (failures.were_right if right else failures.take_back)(tries)
            db.session.commit()
        return right

    def _count(self, kind: str, *tried: Any) -> failures.Try:
        return failures.count(kind, *tried)

    def _wrong(self, *, many: bool, now: datetime) -> None:
        """Whoever guesses all day does not fill the audit, which nobody empties; failures are forgotten."""
        if many:
            raise ManyFromThere
        facts = {"by": self.kind}
        db.session.add(AuditEntry(happened_at=now, actor="anonymous", action="account.refused", facts=facts))
        db.session.commit()

    def _account(self) -> str:
        return counted_as((self.user or current_user).email)


class Hashed:
    """A form that compares a password: argon2 takes a tenth of a second, and no other writer waits for it."""

    user: Any = None

    def validate(self, **options: Any) -> bool:
        """Right if it is still hers when that is over; a hash that is made anew, because it was weak, is kept then."""
        with rows.reading():
            if not super().validate(**options):  # type: ignore[misc]
                return False
            user = db.session.get_one(User, (self.user or current_user).id)
            renewed = user.password
            compared: str | None = inspect(user).committed_state.get("password", renewed)
        if user.password != compared:
            self["password"].errors.append(get_message("INVALID_PASSWORD")[0])  # type: ignore[index]
            return False
        user.password = renewed
        return True


class SignIn(Counted, Hashed, LoginForm):
    """Without the box that would keep a browser signed in for a year."""

    secrets = ("email", "password")  # an address that nobody has is a wrong try as well
    remember = None

    def _account(self) -> str:
        return counted_as(str(self.email.data or ""))


class Afresh(Counted):
    """Of somebody who is signed in: nobody else's wrong tries, in the same building or elsewhere, keep her from it."""

    kind, anybody = "afresh", False


class Verify(Afresh, Hashed, VerifyForm):
    """The same person once more, before something that cannot be taken back."""

    def validate(self, **options: Any) -> bool:
        """Who has no password has nothing to type: the page says how she goes on."""
        return bool(self.user.password) and super().validate(**options)


class ChangePassword(Afresh, Hashed, ChangePasswordForm):
    """With the present password, where there is one."""


class SetUp(TwoFactorSetupForm):
    """Switch it on with an app, or off; as a plain field, because the library's choices are out of date."""

    setup = StringField()


class Rescue(TwoFactorRescueForm):
    """Nobody is asked how she wants to be rescued: the page names the ways."""

    help_setup = RadioField(choices=[])


class SecondFactor(Counted, TwoFactorVerifyCodeForm):
    """The six digits of the app: when many were wrong, whoever typed them, recovery codes still open the door."""

    kind, besides, secrets = "code", ("codes of a day",), ("code",)

    def _count(self, kind: str, *tried: Any) -> failures.Try:
        try:
            return super()._count(kind, *tried)
        except TooMany as error:
            if kind == "sign-in":  # which counts recovery codes too
                raise
            raise TooManyCodes(error.retry_after) from error

    def _account(self) -> str:
        """Her key: the wrong codes of an old one are no matter to a new one, nor to one that is being set up."""
        return auth.hashed(f"{super()._account()}:{self.tf_totp_secret}")


class Recovery(Counted, RecoveryForm):
    """One of the codes that were written down."""

    kind, secrets = "recovery", ("code",)


def install(app: Flask) -> None:
    """Whoever is signed in stays so only as long as this browser's visit is not over."""
    Security(app, SQLAlchemyUserDatastore(db, User, Role), **OURS)
    load = app.login_manager._user_callback  # type: ignore[attr-defined]
    app.login_manager.user_loader(lambda id: load(id) if auth.stays(clock.now()) else None)  # type: ignore[attr-defined]
    app.before_request(_led_on)
    user_logged_in.connect(_began, app)
    user_logged_out.connect(_ended, app)
    password_changed.connect(_changed, app)
    for signal in (tf_profile_changed, tf_code_confirmed, tf_disabled):
        signal.connect(_second_factor, app)


def _led_on() -> Response | None:
    """Whoever is in already and sets nothing up has no code to type: the library signed her out at a mere look."""
    asked = request.endpoint == "security.two_factor_token_validation"
    if asked and current_user.is_authenticated and not auth.sets_up_a_second_factor():
        return redirect(url_for("organiser.conferences.index"))
    return None


def _began(_app: Flask, user: User) -> None:
    auth.begin_visit(clock.now())
    auth.renew_forms(user)
    _note(user, "account.signed_in")


def _ended(_app: Flask, user: User) -> None:
    auth.end_visit(clock.now())
    auth.spend_sign_in_links(user, clock.now())
    _note(user, "account.signed_out")
    db.session.commit()


def _changed(_app: Flask, user: User, **_more: Any) -> None:
    """Whoever has a new password needs no link that lies about in a mailbox."""
    auth.spend_sign_in_links(user, clock.now())
    _note(user, "account.password")


def _second_factor(_app: Flask, user: User, **_more: Any) -> None:
    _note(user, "account.second_factor" if user.tf_primary_method else "account.second_factor_off")


def _note(user: User, action: str) -> None:
    """The library's view commits it, with what it tells of."""
    db.session.add(AuditEntry(happened_at=clock.now(), actor=f"organiser:{user.id}", action=action))


OURS: dict[str, Any] = {
    "login_form": SignIn,
    "verify_form": Verify,
    "change_password_form": ChangePassword,
    "two_factor_setup_form": SetUp,
    "two_factor_verify_code_form": SecondFactor,
    "two_factor_rescue_form": Rescue,
    "mf_recovery_form": Recovery,
    "password_util_cls": Passwords,
    "totp_cls": OnceOnly,
}


def settings(config: Config) -> dict[str, object]:
    """Flask-Security's settings: no remember cookie, no register, no reset by mail; a second factor, fresh sign-ins."""
    fresh = timedelta(minutes=config.fresh_minutes)
    chosen: dict[str, object] = {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SALT": config.key()[:32],
        "PASSWORD_SCHEMES": ["argon2"],
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "URL_PREFIX": "/organise/account",
        "POST_LOGIN_VIEW": "/organise/",
        "POST_LOGOUT_VIEW": "/",
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "USE_REGISTER_V2": True,
        "RETURN_GENERIC_RESPONSES": True,
        "LOGOUT_METHODS": ["POST"],
        "MSG_GENERIC_AUTHN_FAILED": (_l("This address and this password do not belong together."), "error"),
        "CLI_USERS_NAME": False,
        "CLI_ROLES_NAME": False,
        # The demonstration has one organiser without a password, on her own computer.
        "FRESHNESS": -fresh if config.demonstration else fresh,
        "FRESHNESS_GRACE_PERIOD": timedelta(0),
        "TWO_FACTOR": True,
        "TWO_FACTOR_REQUIRED": config.second_factor == "required" and not config.demonstration,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 60,  # seconds that her phone's clock may be wrong
        "TWO_FACTOR_ALWAYS_VALIDATE": True,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 8,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [_derived(config, "recovery codes")],
        "TOTP_SECRETS": {1: _derived(config, "second factor").decode()},
        "TOTP_ISSUER": "Stuhlkreis",
    }
    return {f"SECURITY_{name}": value for name, value in chosen.items()}


def _derived(config: Config, purpose: str) -> bytes:
    """A key of its own for each purpose, so that no two of them ever meet."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}:{config.key()}".encode()).digest())


def sign_in(user: User) -> Response | None:
    """Sign her in; or the answer that asks for her second factor first."""
    asked: Any = current_app.extensions["security"].two_factor_plugins.tf_enter(user, False, "link", next_loc=None)
    if asked is None:
        login_user(user)
    return asked
