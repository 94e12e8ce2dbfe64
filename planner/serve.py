"""Serves the application from this process: waitress in front, the queue's worker beside it."""

import socket
from collections.abc import Callable

from flask import Flask
from waitress import create_server

from planner.jobs import Worker


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next one that nobody uses."""
    for port in range(wanted, wanted + 50):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(f"no free port between {wanted} and {wanted + 50}")


def serve(app: Flask, host: str, port: int, when_ready: Callable[[], None]) -> None:
    """Until Ctrl-C. The server listens before `when_ready` is called."""
    server = create_server(app, host=host, port=port, threads=8, ident="")
    worker = Worker(app)
    worker.start()
    try:
        when_ready()
        server.run()
    finally:
        worker.stop()
        server.close()
