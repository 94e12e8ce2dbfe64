"""Serves the application from this process: waitress in front, the queue's worker beside it."""

import resource
import socket
from collections.abc import Callable
from typing import Any

from flask import Flask
from waitress import create_server

from planner.jobs import Worker

CONNECTIONS = 2_000  # waitress has 100, which 200 slow people take away from everybody
FILES = 200  # what the database, the queue and their threads open besides
SILENCE = 30  # seconds after which somebody who says nothing is not waited for
LONGEST_HEAD = 32 * 1024
FAR_TOO_MUCH = 4  # times what the application takes: up to there its own page answers, and keeps what was typed


class CannotServe(OSError):
    """The address or the port is not ours to use."""


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next one that nobody uses."""
    for port in range(wanted, min(wanted + 50, 65536)):
        try:
            try_port(host, port)
        except OSError:
            continue
        return port
    raise CannotServe(f"no free port between {wanted} and {wanted + 50} on {host}")


def try_port(host: str, port: int) -> None:
    """Raises OSError if nothing can listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def patient(app: Flask) -> dict[str, Any]:
    """Slow people hold a connection and a few bytes, never a thread; too much is refused before it is read."""
    return {
        "threads": 8,
        "ident": "",
        "connection_limit": connections(),
        "asyncore_use_poll": True,  # select knows no connection beyond the 1,024th
        "channel_timeout": SILENCE,
        "cleanup_interval": SILENCE // 3,
        "max_request_header_size": LONGEST_HEAD,
        "max_request_body_size": FAR_TOO_MUCH * app.config["MAX_CONTENT_LENGTH"],
    }


def connections() -> int:
    """As many as we want, or as this process may open beside its files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + FILES
    may = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft < may:
        resource.setrlimit(resource.RLIMIT_NOFILE, (may, hard))
    return max(100, min(CONNECTIONS, max(soft, may) - FILES))


def serve(app: Flask, host: str, port: int, when_ready: Callable[[], None]) -> None:
    """Until Ctrl-C. The server listens before `when_ready` is called."""
    try:
        try_port(host, port)
        server = create_server(app, host=host, port=port, **patient(app))
    except (OSError, ValueError) as error:  # waitress says ValueError for a host that nobody knows
        raise CannotServe(getattr(error, "strerror", None) or str(error)) from error
    worker = Worker(app)
    worker.start()
    try:
        when_ready()
        server.run()
    finally:
        worker.stop()
        server.close()
