"""What is asked of a person on "About me", by herself or by whoever enters it for her: the fields both forms have."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from wtforms import SelectField

from planner import languages
from planner.forms import Form, MultiTicks, choices
from planner.models import Level, Slot
from planner.words import TONGUES

F = TypeVar("F", bound=Form)


def with_levels(form: type[F], kind: type[SelectField], words: Mapping[str, Any], nothing: object) -> type[F]:
    """With a choice of levels for each language; one that it does not know is refused like any other choice."""
    known = [("", nothing), *words.items()]
    asked = {f"level-{code}": kind(languages.name_of(code), choices=choices(known), default="") for code in TONGUES}
    return type(form.__name__, (form,), asked)


def filled(levels: Mapping[str, str]) -> dict[str, str]:
    """As the form has them."""
    return {f"level-{code}": level for code, level in levels.items()}


def levels(form: Form) -> dict[str, Level]:
    chosen = {code: form[f"level-{code}"].data for code in TONGUES}
    return {code: Level(level) for code, level in chosen.items() if level}


def absent(slots: Iterable[Slot], field: MultiTicks) -> list[int]:
    """Rounds that were not ticked."""
    present = set(field.data or ())
    return [slot.id for slot in slots if slot.id not in present]
