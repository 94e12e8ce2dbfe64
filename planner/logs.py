"""How everything here logs: one JSON object a line, with ids, never names, addresses, tokens or texts; and no floods.

An error is told by its kind and its lines of code, never by its message: messages quote what people typed.
"""

import logging
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import structlog
from structlog.typing import EventDict

BETWEEN = 30.0
"""Seconds between two lines that complain about the same: what stands between them is counted."""
COMPLAINTS = {"warning", "error", "critical"}
LINES = 12  # of code, the innermost: where it happened and who called


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            without_messages,
            Bounded(),
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
    logging.getLogger().handlers = [
        *(each for each in logging.getLogger().handlers if not isinstance(each, Forward)),
        Forward(logging.WARNING),
    ]


class Forward(logging.Handler):
    """Other packages' complaints, among our lines: without their arguments, which may be anything."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        log = structlog.get_logger()
        log.log(record.levelno, "complaint", of=record.name, where=f"{record.module}:{record.lineno}", error=error)


def without_messages(_logger: Any, _name: str, event: EventDict) -> EventDict:
    """Errors as their kinds and places; `exc_info=True` means the one in hand."""
    error = event.pop("error", None)
    if event.pop("exc_info", None):
        error = sys.exc_info()[1]
    if error is None:
        return event
    return {**event, "error": kind_of(error), "at": _places(error)}


def kind_of(error: BaseException) -> str:
    """Its class, with the database's own word for it."""
    orig = getattr(error, "orig", None)
    words = [type(error).__name__, getattr(orig, "sqlstate", None) or getattr(orig, "sqlite_errorname", None)]
    return " ".join(word for word in words if word)


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)[-LINES:]
    return [f"{frame.filename.rpartition('site-packages/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


class Bounded:
    """Lets one of many equal complaints through; the next line says how many were left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock = clock
        self._guard = threading.Lock()
        self._told: dict[tuple[str, ...], float] = {}
        self._left_out: dict[tuple[str, ...], int] = {}

    def __call__(self, _logger: Any, _name: str, event: EventDict) -> EventDict:
        if event.get("level") not in COMPLAINTS:
            return event
        same = tuple(str(event.get(key, "")) for key in ("event", "of", "where", "error"))
        with self._guard:
            now = self._clock()
            if now - self._told.get(same, -BETWEEN) < BETWEEN:
                self._left_out[same] = self._left_out.get(same, 0) + 1
                raise structlog.DropEvent
            self._told[same] = now
            left_out = self._left_out.pop(same, 0)
        return {**event, "left_out": left_out} if left_out else event
