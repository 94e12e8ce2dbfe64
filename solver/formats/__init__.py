"""Files in and out: our own format and other tools', each a module that knows one."""

from types import ModuleType

from solver.formats import akplanning, stuhlkreis, wassign
from solver.problem.codec import Fault, ProblemError

FORMATS: dict[str, ModuleType] = {"stuhlkreis": stuhlkreis, "akplanning": akplanning, "wassign": wassign}


def detect(text: str) -> ModuleType:
    """The format whose marks the text carries; raises ProblemError if there is none."""
    for kind in FORMATS.values():
        if kind.looks_like(text):
            return kind
    known = ", ".join(FORMATS)
    raise ProblemError([Fault("$", "is none of the formats we know", f"name it with --format, one of {known}")])


def named(name: str, text: str) -> ModuleType:
    return detect(text) if name == "auto" else FORMATS[name]
