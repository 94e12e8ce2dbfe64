"""The child ends with its parent, however that ends, and stands back behind whatever serves people."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading

NICE = 10
"""So much more patient than the processes that answer requests."""
PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """From here on: Linux kills the child, stopped or not; elsewhere it notices the closed pipe to its parent."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent.pid:  # it had ended before
            os._exit(1)
    threading.Thread(target=_end_after, args=(parent,), daemon=True, name="parent").start()


def _end_after(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)


def stand_back() -> None:
    if hasattr(os, "nice"):
        os.nice(NICE)
