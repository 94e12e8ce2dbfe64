"""The wheel: everything is in it, and what it serves needs no checkout; where an installation keeps what changes."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from zipfile import ZipFile

import pytest

from planner.config import FROM_CHECKOUT, INSTANCE, ROOT, Config
from tests.postgresql import free_port


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with nothing but the wheel's own files, beside the libraries of this environment."""
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    wheel, site = tmp_path / "dist", tmp_path / "site"
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", str(wheel), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    [file] = wheel.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--target", str(site), str(file)], check=True, capture_output=True)
    return site


def environment(site: Path, home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLANNER_", "DATABASE_URL"))}
    return {**kept, "PYTHONPATH": str(site), "XDG_DATA_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def test_the_wheel_shows_the_demonstration_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    home, log = tmp_path / "home", tmp_path / "log"
    command = [str(installed / "bin" / "planner"), "demo", "--port", str(free_port())]
    with log.open("w") as out:
        serving = subprocess.Popen(
            command, cwd=tmp_path, env=environment(installed, home), stdout=out, stderr=subprocess.STDOUT
        )
    try:
        for _ in range(480):
            if "http://" in log.read_text() and _answers(log):
                break
            assert serving.poll() is None, log.read_text()
            time.sleep(0.25)
        page = _page(log)
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait(20)

    assert "Duisburg" in page
    assert (home / "stuhlkreis" / "demo" / "planner.sqlite3").exists()
    assert not list(installed.rglob("*.sqlite3"))


def _address(log: Path) -> str:
    return "http://" + log.read_text().split("http://", 1)[1].split("/", 1)[0] + "/"


def _page(log: Path) -> str:
    with urllib.request.urlopen(_address(log), timeout=20) as answer:  # noqa: S310  our own address
        return str(answer.read().decode())


def _answers(log: Path) -> bool:
    try:
        return bool(_page(log))
    except OSError:
        return False


def test_every_file_that_git_knows_of_the_program_is_in_the_wheel(installed: Path, tmp_path: Path) -> None:
    known = subprocess.run(
        ["git", "ls-files", "planner", "solver", "templates"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\n")
    wanted = {f"planner/{name}" if name.startswith("templates/") else name for name in known if name}
    [file] = (tmp_path / "dist").glob("*.whl")

    there = set(ZipFile(file).namelist())

    assert not wanted - there
    assert not [name for name in there if name.startswith(("tests/", "instance/"))]


def test_settings_are_read_from_the_instance_that_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They were read from the checkout's instance, whichever was set."""
    (tmp_path / "planner.toml").write_text("solver_seconds = 17\n")
    monkeypatch.delenv("PLANNER_SOLVER_SECONDS", raising=False)
    monkeypatch.setenv("PLANNER_INSTANCE", str(tmp_path))

    assert Config().solver_seconds == 17
    assert Config(instance=tmp_path / "other").solver_seconds == 60


def test_a_checkout_keeps_its_own_instance() -> None:
    assert FROM_CHECKOUT
    assert INSTANCE == ROOT / "instance"


def test_no_file_of_the_repository_leads_out_of_it() -> None:
    """A link to somebody's own environment was one: in a fresh clone no environment could be made."""
    listed = subprocess.run(["git", "ls-files", "-s"], cwd=ROOT, check=True, capture_output=True, text=True).stdout

    assert [line for line in listed.splitlines() if line.startswith("120000")] == []
