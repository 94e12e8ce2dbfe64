"""Rows of a text whose cells are separated by semicolons, commas, tabs or bars, with or without quotation marks."""

import csv
from collections import Counter
from collections.abc import Iterator

from .limits import LONGEST_CELL, MOST_ROWS, Refused

SEPARATORS = (";", "\t", ",", "|")
LOOKED_AT = 30  # lines
TALLEST_CELL = 60
"""Lines that one cell may span; beyond, a quotation mark was opened that nobody closed."""
Line = tuple[int, list[str]]


def rows(text: str) -> list[Line]:
    """Each row with the number of its first line, as an editor shows it. Raises Refused."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    separator, start = _said(lines) or (_separator(lines), 0)
    found: list[Line] = []
    for line in _read(lines, separator, start):
        if any(cell.strip() for cell in line[1]):
            found.append(line)
        if len(found) > MOST_ROWS + 1:
            raise Refused("rows", most=MOST_ROWS)
    return found


def _said(lines: list[str]) -> tuple[str, int] | None:
    """Excel writes "sep=;" into the first line of some files."""
    first = lines[0].strip().casefold() if lines else ""
    return (lines[0].strip()[4:5], 1) if first.startswith("sep=") and len(first) == 5 else None


def _separator(lines: list[str]) -> str:
    """The one by which most lines have the same number of cells, and more than one."""

    def agreement(separator: str) -> tuple[int, int]:
        counts = Counter(_count(line, separator) for line in lines[:LOOKED_AT] if line.strip())
        counts.pop(0, None)
        cells, times = max(counts.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return times, cells

    return max(SEPARATORS, key=agreement)


def _count(line: str, separator: str) -> int:
    """Separators outside quotation marks; a comma before a space stands in a text: "Beispiel, Erika"."""
    outside = line.split('"')[::2]
    return sum(part.count(separator) - (part.count(", ") if separator == "," else 0) for part in outside)


def _read(lines: list[str], separator: str, start: int) -> Iterator[Line]:
    csv.field_size_limit(LONGEST_CELL * 2)
    feed = _Feed(lines, start)
    reader = csv.reader(feed, delimiter=separator, strict=True)
    while True:
        feed.first = feed.at + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            code = "long_cell" if "field limit" in str(error) else "quotes"
            raise Refused(code, line=feed.first, most=LONGEST_CELL) from error
        yield feed.first, cells


class _Feed:
    """Hands out lines and knows where the present row began."""

    def __init__(self, lines: list[str], start: int):
        self.lines, self.at, self.first = lines, start, start + 1

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.at >= len(self.lines):
            raise StopIteration
        if self.at - self.first >= TALLEST_CELL:
            raise Refused("quotes", line=self.first)
        self.at += 1
        return self.lines[self.at - 1] + "\n"
