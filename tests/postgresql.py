"""A PostgreSQL server of the tests' own on loopback, stopped when they end."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.faults.processes import children


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
    """In a folder of its own: pytest closes its own folders to everybody whenever another session of it starts."""
    with cluster(durable=durable) as own:
        yield own.address


@dataclass
class Cluster:
    """One server with its data, which may be stopped, killed and started again.

    `durable` writes to the disk what it says is written, as a real one does.
    """

    bin: Path
    folder: Path
    port: int
    durable: bool
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    user: str | None = "postgres" if os.geteuid() == 0 else None

    @property
    def address(self) -> str:
        return f"postgresql://tests@127.0.0.1:{self.port}"

    def make(self) -> None:
        if self.user:
            shutil.chown(self.folder, self.user)
        self._run("initdb", "--username=tests", "--auth=trust", "--encoding=UTF8", "--no-sync")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        if not self.durable:
            options += " -c fsync=off -c full_page_writes=off"
        self._run("pg_ctl", "start", "--wait", "--log", str(self.folder / "log"), "--options", options)

    def stop(self) -> None:
        """At once, without a word to anybody who is connected."""
        self._run("pg_ctl", "stop", "--wait", "--mode", "immediate")

    def kill(self) -> None:
        """As the kernel does when memory ends; the others of the family notice and end."""
        os.kill(self.postmaster, signal.SIGKILL)

    @property
    def postmaster(self) -> int:
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    @contextmanager
    def frozen(self, seconds: float) -> Iterator[None]:
        """The whole family stands still, and its sockets stay open; so long at most, for whoever waits in vain."""
        family = {self.postmaster}
        thaw = threading.Timer(seconds, lambda: _signal(family, signal.SIGCONT))
        for _ in range(10):  # the system's list of children lacks some while others end
            _signal(family, signal.SIGSTOP)
            time.sleep(0.05)
            family |= set(children(self.postmaster))
        thaw.start()
        try:
            yield
        finally:
            thaw.cancel()
            _signal(family, signal.SIGCONT)

    def _run(self, program: str, *words: str) -> None:
        command = [self.bin / program, "-D", self.folder / "data", *words]
        subprocess.run(command, user=self.user, check=True, timeout=60, stdout=subprocess.DEVNULL)


def _signal(family: set[int], kind: signal.Signals) -> None:
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, kind)


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[Cluster]:
    bin = programs()
    if bin is None:
        pytest.skip("PostgreSQL's server programs are not installed")
    with tempfile.TemporaryDirectory(prefix="stuhlkreis-", ignore_cleanup_errors=True) as folder:
        own = Cluster(bin, Path(folder), free_port(), durable)
        own.make()
        own.start()
        try:
            yield own
        finally:
            own.stop()


@contextmanager
def database(address: str, *, like: str = "") -> Iterator[str]:
    """An empty one, or a copy of the one at the address `like`, to which nobody may be connected."""
    name = f"test_{secrets.token_hex(6)}"
    _say(address, f"CREATE DATABASE {name} TEMPLATE {like.rpartition('/')[2] or 'template1'}")
    try:
        yield f"{address}/{name}"
    finally:
        _say(address, f"DROP DATABASE {name} WITH (FORCE)")


def _say(address: str, words: str) -> None:
    """On a connection of its own: the server may be another one by the end."""
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(words)  # type: ignore[call-overload]
