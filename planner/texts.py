"""What may stand in a text that somebody typed: any script, nothing invisible, nothing broken."""

import unicodedata
from typing import ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import Field, Form
from wtforms.validators import ValidationError


def tidy(text: str | None) -> str:
    """Composed characters, no space around, no control characters; line ends as one sign."""
    composed = unicodedata.normalize("NFC", text or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = (letter for letter in composed if letter == "\n" or unicodedata.category(letter) != "Cc")
    return "".join(kept).strip()


def is_visible(text: str) -> bool:
    """Whether there is anything to see; joiners and marks alone are nothing."""
    return any(unicodedata.category(letter)[0] in "LNSP" for letter in text)


class Visible:
    """The field holds something that can be seen."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: object = None):
        self.message = message or _l("Please write something here.")

    def __call__(self, form: Form, field: Field) -> None:
        if not is_visible(field.data or ""):
            raise ValidationError(str(self.message))
