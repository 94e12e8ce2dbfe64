"""How a template's file becomes plain values."""

import functools
import tomllib
from importlib.resources import files

from pydantic import TypeAdapter

from planner.conference_templates.data import Template

EMPTY = "empty"
KEYS = ("integration", "school", "unconference", EMPTY)
"""In the order in which they are offered."""


@functools.cache
def read(key: str) -> Template:
    """One of KEYS; the files are ours, so a mistake in one of them is a mistake of this program."""
    text = (files("planner.conference_templates") / f"{key}.toml").read_text(encoding="utf-8")
    return TypeAdapter(Template).validate_python(tomllib.loads(text))
