"""An installation of a campaign's own: a folder, a migrated database, the application here and as processes of it."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
import structlog
from flask import Flask

from planner import create_app
from planner.config import ROOT
from planner.extensions import db
from tests import postgresql
from tests.conftest import KEY, settings


@dataclass
class Installation:
    """`app` is pushed; `start` begins a process of the same installation."""

    folder: Path
    address: str
    app: Flask

    def start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        """`python -m MODULE WORDS`, with nothing of this machine's settings."""
        given = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PLANNER_INSTANCE": str(self.folder),
            "PLANNER_MAIL": "file",
            "SECRET_KEY": KEY,
            "DATABASE_URL": self.address,
        }
        with self._log.open("ab") as log:
            return subprocess.Popen([sys.executable, "-m", module, *words], cwd=ROOT, env=given, stdout=log, stderr=log)

    def told(self) -> str:
        """What the processes printed so far."""
        return self._log.read_text(errors="replace")

    @property
    def _log(self) -> Path:
        return self.folder / "processes.log"


@contextmanager
def installed(database: str) -> Iterator[Installation]:
    """On "sqlite" or "postgresql"."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        address = ""
        if database == "postgresql":
            address = stack.enter_context(postgresql.database(stack.enter_context(postgresql.server())))
        app = create_app(settings(folder, DATABASE_URL=address))
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        with app.app_context():
            flask_migrate.upgrade()
            try:
                yield Installation(folder, address, app)
            finally:
                db.session.remove()
                db.engine.dispose()
