"""An address as squares that a phone's camera reads: for pages as one path, for papers as a picture."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import segno

BORDER = 4
"""Empty squares around it, as readers want them."""


@dataclass(frozen=True)
class Squares:
    """So many to each side, and the dark ones as the path of an SVG."""

    size: int
    path: str


def squares(address: str) -> Squares:
    rows = list(_code(address).matrix_iter(border=BORDER))
    return Squares(len(rows), "".join(_runs(rows)))


def _runs(rows: list[Iterable[int]]) -> Iterator[str]:
    for y, row in enumerate(rows):
        x = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                yield f"M{x} {y}h{length}v1h-{length}z"
            x += length


def picture(address: str) -> str:
    """The same as a whole SVG, without the border."""
    out = io.BytesIO()
    _code(address).save(out, kind="svg", border=0, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def _code(address: str) -> segno.QRCode:
    return segno.make(address, error="m", micro=False)
