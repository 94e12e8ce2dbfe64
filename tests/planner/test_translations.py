"""German is complete and compiled from what stands in the catalogue."""

import io
from collections import Counter
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from planner.config import ROOT

FOLDER = ROOT / "planner" / "translations" / "de" / "LC_MESSAGES"
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "ngettext": (1, 2),
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
}


def catalogue():  # type: ignore[no-untyped-def]
    with (FOLDER / "messages.po").open("rb") as file:
        return read_po(file, locale="de")


def test_every_text_of_the_pages_is_translated() -> None:
    known = {message.id for message in catalogue() if message.id and all(as_tuple(message.string))}

    assert used() - known == set()


def test_no_text_is_translated_that_no_page_has_any_more() -> None:
    assert {message.id for message in catalogue() if message.id} - used() == set()


def used() -> set[str | tuple[str, ...]]:
    """Every text that code and templates ask for."""
    methods = {"planner": [("**.py", "python")], "templates": [("**.html", "jinja2")]}
    return {
        message
        for folder, mapping in methods.items()
        for _file, _line, message, _comments, _context in extract_from_dir(
            str(Path(ROOT) / folder), method_map=mapping, keywords=KEYWORDS
        )
    }


def as_tuple(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def test_placeholders_agree() -> None:
    german = catalogue()

    assert [(m.id, list(m.check(german))) for m in german if m.id and list(m.check(german))] == []


def test_a_translation_is_a_sentence_exactly_where_the_text_is_one() -> None:
    """Two entries that grew into one, as after a merge, end otherwise than what they translate."""
    pairs = [(m.id, each) for m in catalogue() if m.id for each in zip(as_tuple(m.id), as_tuple(m.string), strict=True)]

    assert [id for id, (text, german) in pairs if text.endswith(".") != german.endswith(".")] == []


def test_the_compiled_file_is_made_from_the_catalogue() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())

    assert (FOLDER / "messages.mo").read_bytes() == compiled.getvalue()


def test_each_text_has_one_translation() -> None:
    """A merge that keeps both sides leaves two, of which one is read and nobody knows which."""
    lines = (FOLDER / "messages.po").read_text().splitlines()
    starts = Counter(line.split(" ")[0] for line in lines if line.startswith("msg"))

    assert starts["msgid"] == len(list(catalogue()))
    assert starts["msgstr"] + starts["msgstr[0]"] == starts["msgid"]
