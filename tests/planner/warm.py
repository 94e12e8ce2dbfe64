"""A solver's child begins with everything imported: each of them would take 0.7 s of processor for that alone."""

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from types import SimpleNamespace
from unittest import mock

import solver.child


@contextmanager
def children() -> Iterator[None]:
    """Forked from one process that has imported the solver, and nothing that tests do."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.planner.warmed"])

    def warm(_method: str) -> BaseContext:
        return context

    with mock.patch.object(solver.child, "multiprocessing", SimpleNamespace(get_context=warm)):
        yield
