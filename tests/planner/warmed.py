"""Imported by the process alone from which the solver's children are forked, see warm.py."""

from importlib import import_module

import_module("solver.search.routes")
import_module("solver.questions.diagnosis")
# Their parent is that process. That real ones end with theirs holds tests/solver/test_child.py.
import_module("solver.child.work").end_with_parent = lambda: None  # type: ignore[attr-defined]
