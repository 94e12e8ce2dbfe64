"""How large a list may be, how much a process may take that reads one, and the refusal that says so."""

import os
import resource
from typing import Any

MOST_BYTES = 3 * 1024 * 1024
MOST_ROWS = 5_000
MOST_EMPTY_ROWS = 100_000
"""Of a spreadsheet's part, with those that only have a format: more of them could take longer to read than is given."""
MOST_COLUMNS = 200
MOST_SHEETS = 20
MOST_CELLS = 400_000
"""In all sheets together, empty ones, too: each is kept and looked at by every preview."""
LONGEST_CELL = 10_000  # characters
MOST_TEXT = 8_000_000  # characters in all
MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of a spreadsheet's parts when they are unpacked: 5,000 full rows need a tenth of it."""
MOST_PARTS = 2_000
SECONDS = 6
MEMORY = 288 * 1024 * 1024


class Refused(Exception):
    """This list is not read. `code` names the sentence, `facts` fill it: line, name, most."""

    def __init__(self, code: str, **facts: Any):
        super().__init__(code)
        self.code, self.facts = code, facts


def stay_small() -> None:
    """Of this process: seconds of processor, memory; no file can be written, no other process started."""
    os.nice(5)
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))
