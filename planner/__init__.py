"""The application: configuration, extensions, blueprints, commands, error pages; nothing else."""

import gc
import os
from contextlib import suppress
from datetime import timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from planner import (
    accounts,
    dates,
    details,
    errors,
    forms,
    headers,
    jobs,
    languages,
    limits,
    logs,
    policy,
    typed,
    views,
    vocabulary,
    words,
    working_language,
)
from planner.attempts import Application
from planner.config import INSTANCE, PACKAGE, TEMPLATES, Config, UnsafeStart, is_local
from planner.extensions import babel, compress, csrf, db, engine_options, limiter, mail, migrate

SELDOM = (20_000, 10, 10)
"""When garbage is looked for: a page about 2,000 people makes so many rows that Python's own 700 took half its time."""


def create_app(config: Config | None = None) -> Flask:
    config = config or served_by_another(Config())
    logs.configure()
    app = Application(
        __name__,
        template_folder=str(TEMPLATES),
        instance_path=str(config.instance.absolute()),
    )
    app.config.from_mapping(flask_settings(config))
    app.extensions["planner"] = config
    close_to_others(config)
    gc.set_threshold(*SELDOM)
    _bind_extensions(app)
    jobs.bind(app, config)
    views.install(app)
    languages.install(app)
    dates.install(app)
    words.install(app)
    details.install(app)
    working_language.install(app)
    forms.install(app)
    typed.install(app)
    headers.install(app)
    errors.install(app)
    policy.protect(app)
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[config.proxies] * 4)  # type: ignore[method-assign]
    return app


def _bind_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(PACKAGE / "migrations"))
    csrf.init_app(app)
    babel.init_app(app, locale_selector=languages.choose)
    vocabulary.install()
    compress.init_app(app)
    limiter.init_app(app)
    mail.init_app(app)
    accounts.install(app)


def served_by_another(config: Config) -> Config:
    """gunicorn and its like do not tell where they listen, so they serve only what is safe for everybody to reach."""
    if not config.has_own_address:
        raise UnsafeStart(
            "PLANNER_PUBLIC_URL is missing. Set it to the https address at which people find this server."
        )
    if not config.secure and not is_local(config.host):
        raise UnsafeStart(
            f"PLANNER_PUBLIC_URL is {config.public_url}: cookies and personal links would travel in the open. "
            "Put a proxy with a certificate in front, and set it to the https address."
        )
    return config


def close_to_others(config: Config) -> None:
    """Whatever this process makes from now on is for its own user alone: database, queue, mails, keys."""
    os.umask(0o077)
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    if config.instance.resolve() == INSTANCE.resolve():
        with suppress(OSError):  # somebody else's folder; the doctor says so
            config.instance.chmod(0o700)


def flask_settings(config: Config) -> dict[str, object]:
    """Our settings in the names that Flask and its extensions expect."""
    return {
        "SECRET_KEY": config.key(),
        "TESTING": config.testing,
        # Twice what the longest form can need, see tests/planner/test_input.py; a view that takes files asks for more.
        "TRUSTED_HOSTS": config.hosts,
        "MAX_CONTENT_LENGTH": 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "MAX_FORM_PARTS": 1000,
        "PREFERRED_URL_SCHEME": "https" if config.secure else "http",
        "SESSION_COOKIE_NAME": "__Host-stuhlkreis" if config.secure else "stuhlkreis",
        "SESSION_COOKIE_SECURE": config.secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=max(config.participant_hours, config.organiser_hours)),
        "SQLALCHEMY_DATABASE_URI": config.database,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(config.database),
        "BABEL_DEFAULT_LOCALE": "de",
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "WTF_CSRF_TIME_LIMIT": 12 * 3600,
        "RATELIMIT_STORAGE_URI": config.rate_limit_url,
        "RATELIMIT_STORAGE_OPTIONS": limits.storage(config.rate_limit_url),
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_HEADERS_ENABLED": True,
        # Of Flask-Mailman's ways only the files: by a server post.py sends, as mail_settings.py says at that moment.
        "MAIL_BACKEND": "file" if config.mail == "file" else "dummy",
        "MAIL_FILE_PATH": str(config.instance / "mail"),
        "MAIL_DEFAULT_SENDER": config.mail_sender,
        **accounts.settings(config),
    }
