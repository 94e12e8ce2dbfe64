"""Serves the application from this process: waitress in front, the queue's worker beside it."""

import socket
from collections.abc import Callable

from flask import Flask
from waitress import create_server

from planner.jobs import Worker


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


def serve(app: Flask, host: str, port: int, when_ready: Callable[[], None]) -> None:
    """Until Ctrl-C. The server listens before `when_ready` is called."""
    try:
        try_port(host, port)
        server = create_server(app, host=host, port=port, threads=8, ident="")
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
