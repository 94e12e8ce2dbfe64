"""What may stand in what somebody typed: any script, nothing invisible, nothing broken; numbers in plain digits."""

import re
import unicodedata
from typing import ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, Form
from wtforms.validators import StopValidation, ValidationError

LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Controls, what turns or isolates the letters around it (U+202A to U+202E, U+2066 to U+206F) and what is no character.
# Joiners and the marks of direction stay: Persian and Arabic are written with them.
BROKEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u206f\ufeff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
BLANK_LETTERS = set("\u115f\u1160\u3164\uffa0\u2800\U0001d159")  # letters and symbols that draw nothing
NUMBER = re.compile("[0-9]{1,9}")  # every database holds it
IN_ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ı": "i", "đ": "d"}
)


def tidy(text: str | None) -> str:
    """Composed characters, line ends as one sign, no space around, nothing broken; what cannot be seen is nothing."""
    composed = LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text or "")).replace("\t", " ")
    kept = BROKEN.sub("", composed).strip()
    return kept if is_visible(kept) else ""


def tidy_line(text: str | None) -> str:
    """The same in one line: a line break in a name would be one in a mail's head or in a list."""
    return " ".join(tidy(text).split("\n"))


def is_visible(text: str) -> bool:
    """Whether there is anything to see; joiners and marks alone are nothing."""
    return any(unicodedata.category(letter)[0] in "LNSP" and letter not in BLANK_LETTERS for letter in text)


def folded(text: str) -> str:
    """As people look for it, sort it and count it: without capitals, accents and umlauts, in any script."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def in_ascii(text: str) -> str:
    """As somebody writes it without umlauts and accents; letters of other scripts are left out."""
    return unicodedata.normalize("NFKD", text.translate(IN_ASCII)).encode("ascii", "ignore").decode()


def whole(word: str | int) -> int:
    """A whole number in the digits 0 to 9; raises ValueError for everything else that Python would count as one."""
    if isinstance(word, str) and not NUMBER.fullmatch(word.strip(" ")):
        raise ValueError("no whole number in plain digits")
    return int(word)


class Visible:
    """The field holds something that can be seen."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __init__(self, message: object = None):
        self.message = message or _l("Please write something here.")

    def __call__(self, form: Form, field: Field) -> None:
        if not is_visible(field.data or ""):
            raise ValidationError(str(self.message))


class AtMost:
    """No longer than this. The page says so and the browser cuts nothing, so nobody loses the end of a pasted text."""

    def __init__(self, most: int):
        self.most = most
        self.field_flags = {"longest": most}

    def __call__(self, form: Form, field: Field) -> None:
        typed = len(field.data or "")
        if typed > self.most:
            raise StopValidation(  # nothing else reads a megabyte
                _("Please shorten this: %(most)s characters at most, these are %(typed)s.", most=self.most, typed=typed)
            )
