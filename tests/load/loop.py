"""Runs a crowd to its end from anywhere: in a thread of its own, because another loop may run in the caller's."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Outcome = TypeVar("Outcome")


def to_its_end(crowd: Coroutine[Any, Any, Outcome]) -> Outcome:
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, crowd).result()
