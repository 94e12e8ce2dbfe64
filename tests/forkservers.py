"""The process from which others are forked: each of ours has one, and who needs it first says what it has imported."""

import multiprocessing
from contextlib import chdir
from multiprocessing import forkserver

from planner.config import ROOT

_has: list[str] = []


def begins_with(module: str) -> bool:
    """Whether what is forked from it has this module imported; False where it runs already with another one."""
    if not _has:
        multiprocessing.get_context("forkserver").set_forkserver_preload([module])
        with chdir(ROOT):  # where that is found; in whose folder a test is by then, it would silently not be imported
            forkserver.ensure_running()
        _has.append(module)
    return _has == [module]
