"""What the tests make light of, see tests/thrift.py, is whole in a process that serves."""

import json
import subprocess
import sys
from pathlib import Path

from argon2 import extract_parameters

from planner.config import ROOT
from planner.extensions import db
from tests.client import Client
from tests.planner.test_safety import environment

ASKED = """
import json

from flask_security import hash_password
from sqlalchemy import text

from planner import create_app
from planner.extensions import db

with create_app().app_context():
    print(json.dumps([db.session.scalar(text("PRAGMA synchronous")), hash_password("an invented password")]))
"""
FULL = 2  # as SQLite counts it


def test_the_disk_is_waited_for_and_a_password_is_dear_to_guess(tmp_path: Path) -> None:
    served = environment(tmp_path, PLANNER_PUBLIC_URL="http://localhost")
    command = [sys.executable, "-c", ASKED]
    ran = subprocess.run(command, cwd=ROOT, env=served, check=True, capture_output=True, text=True)

    synchronous, password = json.loads(ran.stdout)
    cost = extract_parameters(password)
    assert synchronous == FULL
    assert cost.memory_cost >= 64 * 1024  # kB
    assert cost.time_cost >= 3


def test_a_browser_of_the_tests_shares_no_session_with_them(client: Client) -> None:
    """Whatever a request leaves in it, or finds, would not be there on a server."""
    seen: list[object] = []
    client.app.before_request(lambda: seen.append(db.session()))

    assert client.http.get("/").status_code == 200

    assert len(seen) == 1
    assert seen[0] is not db.session()
