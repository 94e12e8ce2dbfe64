"""Thirty lists: each is read, or refused in a sentence that names the line; none harms the process that asked."""

import json
import subprocess
import sys
import time

import pytest
from flask import Flask

from planner.imports import reading
from planner.imports.reader import limits, workbook
from planner.imports.reading import Busy, Unreadable, read
from tests.planner.imports.files import FILES, HEAD, PEOPLE, File, tall, text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_list_is_read_or_refused_with_its_line(app: Flask, file: File) -> None:
    data, began = file.make(), time.monotonic()
    found, sentence = outcome(app, data)
    expected = (file.refused, file.line)

    assert found == (expected if file.refused else (*expected, file.first, file.last, file.at))
    assert "%(" not in sentence
    assert not file.line or f"Zeile {file.line}" in sentence
    assert time.monotonic() - began < 3 * reading.PATIENCE  # the machine may be busy


def outcome(app: Flask, data: bytes) -> tuple[tuple[object, ...], str]:
    try:
        (table,) = read(data).tables
    except Unreadable as refusal:
        with app.test_request_context():
            return (refusal.code, refusal.facts.get("line", 0)), str(refusal.sentence)
    return ("", 0, table.rows[0][1], *reversed(table.rows[-1])), ""


def test_the_set_has_at_least_thirty() -> None:
    assert len(FILES) >= 30


def test_an_xlsx_with_entities_is_not_unfolded(app: Flask) -> None:
    """Were they unfolded, one cell would have two billion letters."""
    (file,) = (each for each in FILES if each.name == "entities that laugh")

    with pytest.raises(Unreadable):
        read(file.make())


def test_very_many_rows_are_refused_before_any_is_read() -> None:
    """On a busy machine reading a million of them ended as "took too long", which helped nobody."""
    with pytest.raises(limits.Refused) as refusal:
        workbook._measure(tall())
    assert refusal.value.code == "rows"


def test_the_charset_that_somebody_chose_counts() -> None:
    data = text([HEAD, ["Şükrü", "", ""]]).encode("cp1254")

    assert read(data, "cp1254").tables[0].rows[1][1][0] == "Şükrü"
    assert read(data, "cp1252").tables[0].rows[1][1][0] == "Þükrü"


def test_the_reader_sees_neither_settings_nor_our_modules() -> None:
    """It is started with nothing around it, and finds its own folder only."""
    asked = (
        "import sys; sys.path.insert(0, sys.argv[1]); "
        "import reader.work, os; print(list(os.environ), 'planner' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", asked, str(reading.FOLDER)], capture_output=True, text=True, env={}, check=True
    )

    assert "True" not in done.stdout
    assert "SECRET" not in done.stdout


def test_a_reader_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "COMMAND", "import time; time.sleep(60)")
    monkeypatch.setattr(reading, "PATIENCE", 0.5)

    with pytest.raises(Unreadable) as refusal:
        read(text([HEAD, *PEOPLE]).encode())

    assert refusal.value.code == "slow"


def test_nobody_waits_for_a_place_to_read(app: Flask) -> None:
    """Nineteen uploads held every thread: a plain page was answered after 27 seconds."""
    data = text([HEAD, *PEOPLE]).encode()
    with reading.AT_ONCE, reading.AT_ONCE, pytest.raises(Busy) as refusal:
        read(data)

    assert (refusal.value.status, refusal.value.retry_after) == (503, 10)
    assert read(data).tables  # and the places are free again


@pytest.mark.parametrize(
    ("code", "tables", "rows", "columns"), [("sheets", 21, 1, 1), ("cells", 1, 4_001, 100), ("cells", 11, 400, 100)]
)
def test_tables_and_cells_are_counted_also_where_they_are_empty(
    code: str, tables: int, rows: int, columns: int
) -> None:
    """A JSON of 3 MB became twenty million cells."""
    first = {f"c{number}": "" for number in range(columns - 1)} | {"last": "x"}
    data = {f"t{number}": [first, *({"last": "x"} for _ in range(rows))] for number in range(tables)}

    with pytest.raises(Unreadable) as refusal:
        read(json.dumps(data).encode())
    assert refusal.value.code == code


def test_a_reader_that_wants_more_memory_than_it_may_have_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: without its limits the same process gets what it asks for."""
    greedy = (
        "import sys; sys.path.insert(0, sys.argv[1]); from reader.limits import stay_small; "
        "{}; x = b'1' * 400_000_000; print('{{}}')"
    )
    for guard, refused in (("stay_small()", True), ("pass", False)):
        monkeypatch.setattr(reading, "COMMAND", greedy.format(guard))
        answer = reading._answer(b"")
        assert ("refused" in answer) is refused

    assert limits.MEMORY <= 300 * 1024 * 1024


def test_half_characters_and_what_no_database_keeps_are_gone() -> None:
    """They made the preview answer 500."""
    data = b'[{"Name": "Eri\\ud800ka\\u0000", "Na\\udfffme": "x"}]'

    assert read(data).tables[0].rows == [(0, ["Name", "Name"]), (1, ["Erika", "x"])]


def test_the_answer_is_plain_json() -> None:
    assert json.loads(json.dumps(read(text([HEAD, *PEOPLE]).encode()).tables[0].rows))[0] == [1, HEAD]


def test_half_a_character_in_the_name_of_a_table_is_dropped() -> None:
    assert [table.name for table in read(b'{"people\\ud800": [{"Name": "Erika Beispiel"}]}').tables] == ["people"]
