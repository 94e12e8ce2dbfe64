"""Files that leave the house: read back with the programs' own readers, nothing in them calculates."""

import csv
import io
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar
from openpyxl import load_workbook
from pypdf import PdfReader

from planner import exports
from planner.exports import STARTS, UNSEEN, Event, Table

NAMES = [
    "=1+1",
    "O'Brien",
    "محمد العلي",
    "-5",
    "+49 203 123",
    "@SUM(A1)",
    "Nguyễn Văn Ân",
    "Тарас Ґудзь",
    "Müller; Änne",
]
DELIMITERS = [",", ";", "\t"]
STARTERS = tuple("=+-@＝＋－＠﹦﹢﹣﹫")
NOW = datetime(2018, 10, 28, 8, 30, tzinfo=UTC)

typed = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("=+-@'\",;|\t\n ＝"), max_size=40)
tables = st.lists(st.lists(typed, min_size=3, max_size=3), min_size=1, max_size=4)
shrewd = example([['"', ',"=1+1', "x"]])


def table(*names: exports.Cell) -> Table:
    return Table("Names", ["No.", "Name"], [[number, name] for number, name in enumerate(names, start=1)])


def read(content: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def as_typed(cell: str) -> str:
    """What was typed: without the one apostrophe that the writer put before a formula."""
    start = rf"""(^[\s{UNSEEN}]*|[,;|\t\r\n](?:[{UNSEEN}]|[^\S ])*)'(?=['"{UNSEEN}]*[{STARTS}])"""
    return re.sub(start, r"\1", cell)


@pytest.mark.parametrize(("dialect", "delimiter"), [("excel", ";"), ("plain", ",")])
def test_csv_gives_the_names_back(dialect: Any, delimiter: str) -> None:
    rows = read(exports.to_csv(table(*NAMES), dialect), delimiter)

    assert rows[0] == ["No.", "Name"]
    assert [as_typed(name) for _, name in rows[1:]] == NAMES
    assert rows[1][1] == "'=1+1"
    assert rows[2][1] == "O'Brien"


def test_csv_for_excel_has_its_mark_semicolons_and_line_ends() -> None:
    assert exports.to_csv(table("Änne")) == "\ufeffNo.;Name\r\n1;Änne\r\n".encode()
    assert exports.to_csv(table("Änne"), "plain") == "No.,Name\r\n1,Änne\r\n".encode()


def test_numbers_stay_numbers() -> None:
    assert b"1;-5\r\n" in exports.to_csv(table(-5))
    sheet = load_workbook(io.BytesIO(exports.to_xlsx(table(-5)))).active
    assert sheet["B2"].value == -5


@shrewd
@given(tables)
def test_no_cell_of_a_csv_is_active_with_any_delimiter(rows: list[list[str]]) -> None:
    for dialect in ("excel", "plain"):
        content = exports.to_csv(Table("T", rows[0], rows), dialect)  # type: ignore[arg-type]
        for delimiter in DELIMITERS:
            cells = [cell for row in read(content, delimiter) for cell in row]
            assert not [cell for cell in cells if cell.startswith(STARTERS)]


INVISIBLE = [
    chr(code)
    for code in range(0x110000)
    if unicodedata.category(chr(code)) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
    or chr(code) in "\u115f\u3164\uffa0\u2800\ufe0f\u034f"
]


def test_nothing_that_nobody_sees_hides_a_formula() -> None:
    """Four format characters before the sign were enough: U+00AD, U+061C, U+2066, U+E0061."""
    typed = [cell for one in INVISIBLE for cell in (f"{one * 4}=1+1", f"a;{one}=1+1", f"a,{one}'{one}@SUM(A1)")]
    typed += [f"\xad\u061c\u2066\U000e0061{sign}1+1" for sign in STARTERS]

    active = []
    for dialect in ("excel", "plain"):
        content = exports.to_csv(Table("T", ["a"], [[cell] for cell in typed]), dialect)  # type: ignore[arg-type]
        for delimiter in DELIMITERS:
            active += [cell for row in read(content, delimiter) for cell in row if seen(cell).startswith(STARTERS)]

    assert active == []


def seen(cell: str) -> str:
    """As a program looks at a cell that leaves out what nobody sees; a space begins a text."""
    return cell.translate(dict.fromkeys(map(ord, "".join(INVISIBLE).replace(" ", ""))))


@given(typed)
def test_space_before_a_formula_does_not_hide_it(text: str) -> None:
    assert not str(exports.harmless(text)).lstrip().startswith(STARTERS)


@shrewd
@given(tables)
def test_csv_gives_every_text_back_without_the_apostrophe(rows: list[list[str]]) -> None:
    for dialect, delimiter in (("excel", ";"), ("plain", ",")):
        again = read(exports.to_csv(Table("T", ["a", "b", "c"], rows), dialect), delimiter)[1:]  # type: ignore[arg-type]
        assert [[as_typed(cell) for cell in row] for row in again] == rows


@given(tables)
def test_xlsx_holds_texts_only_and_gives_them_back(rows: list[list[str]]) -> None:
    sheet = load_workbook(io.BytesIO(exports.to_xlsx(Table("T", ["a", "b", "c"], rows)))).active

    for row, cells in zip(rows, sheet.iter_rows(min_row=2), strict=False):
        assert [cell.value or "" for cell in cells] == row
        assert {cell.data_type for cell in cells} <= {"s", "n"}
        assert not [cell for cell in cells if cell.data_type == "n" and cell.value is not None]
        assert not [cell for cell in cells if cell.hyperlink]


def test_xlsx_is_laid_out_for_screen_and_paper() -> None:
    sheet = load_workbook(io.BytesIO(exports.to_xlsx(table(*NAMES), right_to_left=True))).active

    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:B{len(NAMES) + 1}"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_view.rightToLeft


def test_a_text_longer_than_a_cell_is_cut_and_not_lost() -> None:
    sheet = load_workbook(io.BytesIO(exports.to_xlsx(table("x" * 40_000)))).active

    assert sheet["B2"].value == "x" * 32_767


def test_a_table_without_rows_is_a_file_with_heads() -> None:
    assert read(exports.to_csv(table()), ";") == [["No.", "Name"]]
    assert [cell.value for cell in load_workbook(io.BytesIO(exports.to_xlsx(table()))).active[1]] == ["No.", "Name"]


def test_a_calendar_gives_events_back_at_the_same_instant() -> None:
    events = [Event(f"{name}@c", NOW, NOW + timedelta(hours=1), name, "Raum 7; links, hinten") for name in NAMES]

    content = exports.to_ics(events, "Mein Tag\nATTENDEE:x", NOW)

    again = Calendar.from_ical(content).walk("VEVENT")
    assert [(str(e["uid"]), str(e["summary"]), str(e["location"])) for e in again] == [
        (event.uid, event.title, event.place) for event in events
    ]
    assert {(e.decoded("dtstart"), e.decoded("dtend"), e.decoded("dtstamp")) for e in again} == {
        (NOW, NOW + timedelta(hours=1), NOW)
    }
    assert content.count(b"\r\n") == content.count(b"\n")
    assert b"\nATTENDEE" not in content


def test_both_ends_of_a_clock_change_are_told_apart_in_a_calendar() -> None:
    from zoneinfo import ZoneInfo

    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2018, 10, 28, 2, 30, tzinfo=berlin, fold=0)
    second = datetime(2018, 10, 28, 2, 30, tzinfo=berlin, fold=1)

    event = Calendar.from_ical(exports.to_ics([Event("u", first, second, "Nacht")], "c", NOW)).walk("VEVENT")[0]

    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(hours=1)


def sheet(names: list[str], language: str = "de") -> bytes:
    facts = {
        "conference": "Konferenz",
        "slot": "Runde 1",
        "time": "10:30–11:45",
        "room": "Raum 7",
        "foot": "Raum 7",
        "note": "",
    }
    words = ("kind", "page", "room", "leads", "notes", "number", "name", "signature")
    labels = {**{word: word for word in words}, "page": "Seite {page} von {pages}"}
    people = [{"name": name} for name in names]
    spoken = "Hier wird Deutsch gesprochen. هالة مثال dolmetscht ins Arabische."
    more = {"title": "Wohnen", "leads": ["Amira"], "notes": [], "spoken": spoken, "people": people, "labels": labels}
    data = {**facts, **more}
    return exports.to_pdf("signature_sheet", data, language)


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_paper_holds_every_name_in_its_script() -> None:
    text = text_of(sheet([*NAMES, "Şükrü İnönü", "ሰላም ተስፋይ", "გიორგი"]))

    for name in ("=1+1", "O'Brien", "-5", "@SUM(A1)", "Nguyễn Văn Ân", "Тарас Ґудзь", "Müller; Änne", "Şükrü İnönü"):
        assert name in text
    # Arabic is stored as it is drawn, so the letters are there, joined or in another order.
    assert re.search("[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufeff]{2}", text)


@pytest.mark.parametrize("language", ["de", "en", "ar"])
def test_a_paper_is_tagged_and_knows_its_title_and_language(language: str) -> None:
    document = PdfReader(io.BytesIO(sheet(NAMES, language)))

    assert document.root_object["/Lang"] == language
    assert document.root_object["/MarkInfo"]["/Marked"]
    assert document.metadata is not None
    assert document.metadata.title == "Wohnen"
    assert "pdfuaid" in document.root_object["/Metadata"].get_data().decode()


def test_a_long_list_repeats_its_heads_and_counts_its_pages() -> None:
    pages = PdfReader(io.BytesIO(sheet([f"Person {number}" for number in range(62)]))).pages

    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert "signature" in page.extract_text()
        assert f"Seite {number} von {len(pages)}" in page.extract_text()


def test_a_letter_that_no_font_has_does_not_take_the_paper_away() -> None:
    text = text_of(sheet(["王小明", "Ana 🪑", "Änne"]))

    assert "Änne" in text


def test_only_the_projects_fonts_are_used() -> None:
    used = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in PdfReader(io.BytesIO(sheet(NAMES))).pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }

    assert used
    assert all(name.startswith(("SourceSans3", "Amiri")) for name in used)


def test_a_paper_without_a_fact_it_needs_is_refused() -> None:
    with pytest.raises(exports.ExportError, match="signature_sheet"):
        exports.to_pdf("signature_sheet", {"title": "Wohnen"}, "de")


def test_a_file_is_named_in_ascii_and_in_full() -> None:
    header = exports.attachment(["Unterschriften", "Straße & Übung", "محمد"], "pdf")

    assert 'filename="Unterschriften-Strasse-Uebung.pdf"' in header
    assert unquote(header.rpartition("''")[2]) == "Unterschriften-Straße-Übung-محمد.pdf"


@given(st.lists(typed, max_size=3))
def test_no_name_breaks_out_of_the_header_or_the_folder(parts: list[str]) -> None:
    header = exports.attachment(parts, "csv")
    name = unquote(header.rpartition("''")[2])

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert not set("/\\:\r\n") & set(name)
    assert not name.startswith(".")


def test_papers_are_set_by_several_threads_at_once() -> None:
    with ThreadPoolExecutor(4) as threads:
        papers = list(threads.map(lambda number: sheet([f"Person {number}"]), range(12)))

    assert all(f"Person {number}" in text_of(paper) for number, paper in enumerate(papers))
