"""Processes that do the same in the same moment: forked from one that has imported what they need, and waits."""

import subprocess
import sys
from collections.abc import Mapping

from planner.config import ROOT

SCRIPT = """
import multiprocessing, os, sys
{imports}
context = multiprocessing.get_context("fork")
start = context.Barrier({count})

def one():
    start.wait()
    {act}

processes = [context.Process(target=one) for _ in range({count})]
[process.start() for process in processes]
[process.join() for process in processes]
sys.exit(max(abs(process.exitcode) for process in processes))
"""


def forked(count: int, imports: str, act: str, environment: Mapping[str, str]) -> str:
    """What they print; raises where one of them fails."""
    script = SCRIPT.format(imports=imports, count=count, act=act)
    ran = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
