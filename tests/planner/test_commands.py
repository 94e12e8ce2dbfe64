"""Every command of `planner` answers every kind of bad input with a sentence and exit code 2; generated from them."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from planner.cli import FORMATS, main
from planner.commands import Listed, Mailbox, New
from planner.config import ROOT
from solver import Settings, formats, solve
from tests.solver.makers import problem

DUISBURG = ROOT / "planner" / "demo" / "duisburg"
GARBAGE = {
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "object": b"{}",
    "number": b"12",
    "cut": b'{"version": 1, "slots": [',
    "bytes": b"\xff\xfe\x00\x81",
    "deep": b"[" * 100_000,
    "prose": b"Dear solver, please do your best.",
}
ADDRESSES = ("keine-adresse", "", "a@b", "a b@example.org", "x@@example.org", "alma@example.org\nx")


def leaves(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*before, name))
        else:
            yield (*before, name), command


LEAVES = dict(leaves(main))
PARAMETERS = [(words, param.name) for words, command in LEAVES.items() for param in command.params]


@pytest.fixture
def good(tmp_path: Path) -> dict[str, str]:
    """A value that each argument would take."""
    (tmp_path / "problem.json").write_text(problem().to_json())
    (tmp_path / "answer.json").write_text(solve(problem(), Settings(time_limit=2, workers=1)).to_json())
    return {
        "file": str(tmp_path / "problem.json"),
        "source": str(tmp_path / "problem.json"),
        "allocation": str(tmp_path / "answer.json"),
        "target": str(tmp_path / "out.json"),
        "folder": str(DUISBURG),
        "email": "alma@example.org",
        "participant": "p1",
    }


@pytest.fixture
def planner(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    (tmp_path / "instance").mkdir()
    shutil.copy(migrated, tmp_path / "instance" / "planner.sqlite3")
    monkeypatch.setenv("PLANNER_INSTANCE", str(tmp_path / "instance"))

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return run


BAD: list[tuple[type[click.ParamType], tuple[str, ...]]] = [
    (Mailbox, ADDRESSES),
    (Listed, ("nonsense", "-1")),
    (click.Choice, ("nonsense", "")),
    (click.IntRange, ("nonsense", "", "-1", "0", "1e999", "nan")),
    (click.FloatRange, ("nonsense", "", "-1", "0", "1e999", "nan")),
    (click.types.IntParamType, ("nonsense", "", "1.5")),
]
BAD_WORDS = {"host": ["nowhere.example", "300.1.1.1", ""], "participant": ["nobody"], "slot": ["nobody"], "name": []}


def bad_values(param: click.Parameter, folder: Path) -> list[str]:
    """What somebody could type there by mistake; fails for a kind of argument that nobody thought of."""
    if isinstance(param.type, click.Path):
        return bad_paths(param.type, folder)
    if getattr(param, "is_flag", False):
        return []
    return next((list(bad) for kind, bad in BAD if isinstance(param.type, kind)), None) or BAD_WORDS[str(param.name)]


def bad_paths(kind: click.Path, folder: Path) -> list[str]:
    file, wrong = str(folder / "problem.json"), str(folder)
    if kind.dir_okay and not kind.file_okay:
        wrong = file
    if isinstance(kind, New):
        return [wrong, str(folder / "nowhere" / "out")]
    return [wrong, str(folder / "nothing"), *(written(folder) if kind.file_okay else ())]


def written(folder: Path) -> Iterator[str]:
    for name, content in GARBAGE.items():
        (folder / name).write_bytes(content)
        yield str(folder / name)


def line(command: click.Command, good: dict[str, str], **changed: str) -> list[str]:
    """The words of a call: every argument with a good value, but for those that are changed."""
    words = []
    for param in command.params:
        value = changed.get(str(param.name))
        if isinstance(param, click.Option):
            words += [param.opts[0], value] if value is not None else []
        elif value is not None or param.required or (param.name == "participant" and "slot" in changed):
            words.append(value if value is not None else good[str(param.name)])
    return words


def refused(result: Result, told: object) -> None:
    assert isinstance(result.exception, SystemExit), (told, repr(result.exception))
    assert result.exit_code == 2, (told, result.output)
    assert result.stderr.strip(), told
    assert "Traceback" not in result.output, told


@pytest.mark.parametrize(
    ("words", "name"), PARAMETERS, ids=lambda part: part if isinstance(part, str) else "-".join(part)
)
def test_bad_values_are_refused(planner, good, tmp_path, words, name) -> None:  # type: ignore[no-untyped-def]
    command = LEAVES[words]
    param = next(param for param in command.params if param.name == name)
    for value in bad_values(param, tmp_path):
        refused(planner(*words, *line(command, good, **{name: value})), (words, name, value))


@pytest.mark.parametrize("words", LEAVES, ids="-".join)
def test_missing_unknown_and_too_many_words_are_refused(planner, good, words) -> None:  # type: ignore[no-untyped-def]
    command = LEAVES[words]
    refused(planner(*words, "--nonsense"), words)
    refused(planner(*words, *line(command, good), *["nonsense"] * 3), words)
    if any(param.required for param in command.params):
        refused(planner(*words), words)


SETTINGS = [
    ("SECRET_KEY", "short"),
    ("DATABASE_URL", "nonsense"),
    ("DATABASE_URL", "nonsense://host/name"),
    ("DATABASE_URL", "sqlite:////nowhere/at/all.sqlite3"),
    ("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/nothing"),
    ("PLANNER_MAIL", "pigeon"),
    ("PLANNER_MAIL_PORT", "many"),
    ("PLANNER_PROXIES", "-1"),
    ("PLANNER_PUBLIC_URL", "konferenz.example.org"),
    ("PLANNER_QUEUE_URL", "amqp://localhost"),
    ("PLANNER_RATE_LIMIT_URL", "nonsense://"),
    ("PLANNER_SOLVER_SECONDS", "soon"),
]
OF_THE_DEMONSTRATION = {"DATABASE_URL", "PLANNER_PUBLIC_URL", "PLANNER_QUEUE_URL", "PLANNER_MAIL"}  # it has its own
WITH_SETTINGS = [words for words in LEAVES if words[0] in {"run", "worker", "user", "load", "demo"}]
TRIED = [
    (words, name, value)
    for words in WITH_SETTINGS
    for name, value in SETTINGS
    if words != ("demo",) or name not in OF_THE_DEMONSTRATION
]


@pytest.mark.parametrize(("words", "name", "value"), TRIED)
def test_bad_settings_are_refused(planner, good, monkeypatch, words, name, value) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv(name, value)

    result = planner(*words, *line(LEAVES[words], good))

    refused(result, (words, name, value))
    assert "secret" not in result.output


@pytest.mark.parametrize("words", WITH_SETTINGS, ids="-".join)
@pytest.mark.parametrize("spoilt", ["instance is a file", "database is no database"])
def test_a_spoilt_instance_is_refused(planner, good, monkeypatch, tmp_path, words, spoilt) -> None:  # type: ignore[no-untyped-def]
    instance = tmp_path / "spoilt"
    if spoilt == "instance is a file":
        instance.write_text("")
    else:
        for folder in (instance, instance / "demo"):
            folder.mkdir()
            (folder / "planner.sqlite3").write_bytes(b"this is no database " * 100)
    monkeypatch.setenv("PLANNER_INSTANCE", str(instance))

    refused(planner(*words, *line(LEAVES[words], good)), (words, spoilt))


@pytest.mark.parametrize("command", ["run", "demo"])
def test_a_taken_port_is_told(planner, monkeypatch, command) -> None:  # type: ignore[no-untyped-def]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr("planner.serve.free_port", lambda host, wanted: wanted)

        result = planner(command, "--port", str(port))

    refused(result, command)
    assert f"port {port}" in result.stderr


FILES = sorted(str(path.relative_to(DUISBURG)) for path in DUISBURG.rglob("*") if path.is_file())
DAMAGES = {
    "gone": lambda text: None,
    "bytes": lambda text: b"\xff\xfe\x00",
    "empty": lambda text: b"",
    "cut": lambda text: text[: len(text) // 2].rsplit(b'"', 1)[0] + b'"',
    "no equals": lambda text: text.replace(b"=", b" ").replace(b",", b" "),
    "other words": lambda text: text.replace(b"[[", b"[[x").replace(b"key", b"name"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_a_damaged_folder_is_refused_with_its_file(planner, tmp_path, file, damage) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "conference"
    shutil.copytree(DUISBURG, folder)
    content = DAMAGES[damage]((folder / file).read_bytes())
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)

    result = planner("load", str(folder), "alma@example.org")

    if damage == "gone" and file.startswith("submissions/"):  # nobody brought anything to this theme yet
        assert result.exit_code == 0, result.output
    else:
        refused(result, (file, damage))


def test_the_same_conference_twice_is_refused(planner) -> None:  # type: ignore[no-untyped-def]
    assert planner("load", str(DUISBURG), "alma@example.org").exit_code == 0

    result = planner("load", str(DUISBURG), "alma@example.org")

    refused(result, "twice")
    assert "short name" in result.stderr


def test_the_formats_to_choose_from_are_those_there_are() -> None:
    assert set(FORMATS) == set(formats.FORMATS)
