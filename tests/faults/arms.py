"""Control arms that web processes serve: the application without one protection, which a campaign must notice."""

import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from unittest import mock

import structlog
from flask import Flask
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError

from planner import create_app, turns

FORGETFUL = "tests.faults.arms:forgetful()"
STUBBORN = "tests.faults.arms:stubborn()"
COUNTED = "tests.faults.arms:counted()"


def forgetful() -> Flask:
    """Says that wishes are saved before they are."""
    app, later = create_app(), ThreadPoolExecutor(2)
    inner = app.wsgi_app

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST" or not environ["PATH_INFO"].endswith("/wishes/"):
            return inner(environ, start)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        later.submit(_serve, inner, {**environ, "wsgi.input": io.BytesIO(body)})
        start("302 FOUND", [("Location", environ["PATH_INFO"] + "receipt"), ("Content-Length", "0")])
        return [b""]

    app.wsgi_app = answer  # type: ignore[method-assign]
    return app


def counted() -> Flask:
    """No arm: the application, with a line in the log for each time that it is loaded."""
    structlog.get_logger().info("loaded")
    return create_app()


def stubborn() -> Flask:
    """Waits half a minute for a lock, takes a fault of the database for one of its own, and logs each in full."""
    turns.LONGEST = turns.STUCK = 30.0
    app = create_app()
    for kind in (OperationalError, InterfaceError, TimeoutError):
        app.error_handler_spec[None][None].pop(kind)
    structlog.configure(processors=[structlog.processors.JSONRenderer()])
    return app


def careless() -> Flask:
    """Looks whether a run is active, and holds nobody off while it makes one."""
    for name in ("person", "thing", "conference"):
        mock.patch(f"planner.locks.{name}").start()
    mock.patch("planner.extensions.only_reads", return_value=True).start()
    mock.patch("planner.attempts.RETRIES", 0).start()
    return create_app()


def _serve(inner: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> None:
    list(inner(environ, lambda *_: None))
