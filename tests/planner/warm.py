"""A solver's child begins with everything imported: each of them would take 0.7 s of processor for that alone."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from types import SimpleNamespace
from unittest import mock

import solver.child
from tests import forkservers


@contextmanager
def children() -> Iterator[None]:
    """Forked from one process that has imported the solver, and nothing that tests do; as always where another is."""
    if not forkservers.begins_with("tests.planner.warmed"):
        yield
        return
    context = multiprocessing.get_context("forkserver")

    def warm(_method: str) -> BaseContext:
        return context

    with mock.patch.object(solver.child, "multiprocessing", SimpleNamespace(get_context=warm)):
        yield
