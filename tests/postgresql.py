"""A PostgreSQL server of the tests' own on loopback, stopped when they end."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest


def programs() -> Path | None:
    """Where initdb and pg_ctl are: on the path, or in Debian's folder of the newest version."""
    found = shutil.which("pg_ctl")
    if found:
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda p: int(p.parts[-3]))
    return debian[-1].parent if debian else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """In a folder of its own: pytest closes its own folders to everybody whenever another session of it starts.

    `durable` writes to the disk what it says is written, as a real one does.
    """
    bin = programs()
    if bin is None:
        pytest.skip("PostgreSQL's server programs are not installed")
    with tempfile.TemporaryDirectory(prefix="stuhlkreis-", ignore_cleanup_errors=True) as folder:
        yield from _started(bin, Path(folder), durable)


def _started(bin: Path, folder: Path, durable: bool) -> Iterator[str]:
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()

    def run(program: str, *words: str) -> None:
        subprocess.run(
            [bin / program, "-D", data, *words], user=user, check=True, timeout=60, stdout=subprocess.DEVNULL
        )

    run("initdb", "--username=tests", "--auth=trust", "--encoding=UTF8", "--no-sync")
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync={'on' if durable else 'off'}"
    )
    run("pg_ctl", "start", "--wait", "--log", str(folder / "log"), "--options", options)
    try:
        yield f"postgresql://tests@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "stop", "--wait", "--mode", "immediate")


@contextmanager
def database(address: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{address}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
