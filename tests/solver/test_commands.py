"""The command line: exit codes, sentences with place and remedy, other tools' files."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from solver.cli.commands import convert_file, diagnose_file, solve_file, verify_files
from solver.questions import diagnosis
from tests.solver.makers import problem


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "problem.json"
    path.write_text(problem().to_json())
    return path


def test_a_problem_is_solved_and_its_answer_verifies(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"

    assert solve_file(file, out, time_limit=5) == 0
    assert verify_files(file, out) == 0


def test_a_broken_allocation_is_told_line_by_line(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"
    solve_file(file, out, time_limit=5)
    data = json.loads(out.read_text())
    data["meetings"].pop()
    out.write_text(json.dumps(data))

    assert verify_files(file, out) == 1
    assert "references" in capsys.readouterr().out


def test_a_broken_file_names_place_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.json"
    path.write_text('{"slots": [], "sessions": [{}]}')

    assert solve_file(path, None) == 2
    assert "$.sessions[0].id is missing; add it" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"[1, 2", b'"text"'])
def test_no_file_makes_it_stumble(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "odd.json"
    path.write_bytes(content)

    assert solve_file(path, None) == 2
    assert solve_file(tmp_path / "missing.json", None) == 2


def test_an_impossible_problem_ends_with_3_and_its_reasons(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "impossible.json"
    path.write_text(problem(sessions=2, rooms=1).to_json())

    assert solve_file(path, None, time_limit=5) == 3
    assert diagnose_file(path) == 3
    assert "rooms_hold_one_meeting" in capsys.readouterr().err


def test_an_impossible_file_is_diagnosed_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, asked = tmp_path / "impossible.json", []
    base = problem(people=8, sessions=2)
    sessions = tuple(replace(session, minimum=5, maximum=6) for session in base.sessions)
    path.write_text(replace(base, sessions=sessions).to_json())
    once = diagnosis.diagnose
    monkeypatch.setattr(diagnosis, "diagnose", lambda asks: asked.append(asks) or once(asks))

    assert diagnose_file(path) == 3
    assert len(asked) == 1
    told = capsys.readouterr().err
    assert told.count("These rules cannot all hold") == 1
    assert "let s0 be cancelled, but then 2 places are missing" in told


def test_json_output_is_one_object(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert solve_file(file, None, time_limit=5, as_json=True) == 0

    assert json.loads(capsys.readouterr().out)["status"] == "optimal"


@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["test1", "test_10a_15p_4r_5rc_0.25rc-lam_0", "koma89"])
def test_akplanning_files_are_solved_to_verified_schedules(shared_data: Path, tmp_path: Path, name: str) -> None:
    source, out = shared_data / "koma" / f"{name}.json", tmp_path / "out.json"

    # Six seconds are enough on a quiet machine, and not always on a busy one.
    assert 0 in (solve_file(source, out, time_limit=seconds) for seconds in (6, 24, 72))
    assert verify_files(source, out) == 0
    written = json.loads(out.read_text())
    assert written["input"] == json.loads(source.read_text())
    assert {len(item["timeslot_ids"]) for item in written["scheduled_aks"]}


@pytest.mark.shared_data
def test_akplanning_files_convert_to_ours(shared_data: Path, tmp_path: Path) -> None:
    target = tmp_path / "ours.json"

    assert convert_file(shared_data / "koma" / "koma91.json", target, "auto", "stuhlkreis") == 0
    assert json.loads(target.read_text())["objective"] == "native"
    assert convert_file(target, tmp_path / "x.json", "auto", "akplanning") == 2


@pytest.mark.shared_data
def test_a_broken_akplanning_file_names_the_place(
    shared_data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = json.loads((shared_data / "koma" / "test1.json").read_text())
    data["participants"][2]["preferences"][0]["preference_score"] = 7
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(data))

    assert solve_file(path, None) == 2
    assert "$.participants[2].preferences[0].preference_score" in capsys.readouterr().err
