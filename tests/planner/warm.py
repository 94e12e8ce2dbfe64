"""A solver's child begins with everything imported: each of them would take 0.7 s of processor for that alone."""

import multiprocessing
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from multiprocessing import forkserver
from multiprocessing.context import BaseContext
from types import SimpleNamespace
from unittest import mock

import solver.child
from planner.config import ROOT


@contextmanager
def children() -> Iterator[None]:
    """Forked from one process that has imported the solver, and nothing that tests do."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.planner.warmed"])
    with chdir(ROOT):  # where that is found; in whose folder a test is by then, it would silently not be imported
        forkserver.ensure_running()

    def warm(_method: str) -> BaseContext:
        return context

    with mock.patch.object(solver.child, "multiprocessing", SimpleNamespace(get_context=warm)):
        yield
