"""In which character set a text was saved: what it says itself, what only one set can be, else what reads best."""

import codecs
import unicodedata
from itertools import pairwise

CHARSETS = ("utf-8", "cp1252", "mac_roman", "cp850", "cp1250", "cp1251", "cp1254", "cp1256", "utf-16-le", "utf-16-be")
"""What an organiser may choose, the likeliest first."""
MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
HOME = {
    "cp1252": "äöüÄÖÜßéèêëáàâçñóòôíìîúùûåøæœ€–„“”’‚‘´§°",
    "mac_roman": "äöüÄÖÜßéèêëáàâçñóòôíìîúùûåøæœ€–„“”’‚‘´§°",
    "cp850": "äöüÄÖÜßéèêëáàâçñóòôíìîúùûåøæ§°",
    "cp1250": "äöüÄÖÜßąćęłńóśźżčďěňřšťůýžáéíúőű–„“”",
    "cp1254": "äöüÄÖÜßğĞıİşŞçÇâîû–",
}
"""The letters by which each set is known; of Cyrillic and Arabic sets every letter is one."""
SAMPLE = 200_000  # bytes


def decoded(data: bytes, charset: str = "") -> tuple[str, str]:
    """The text with the set it was read in; bytes that the set does not know become the sign for "unknown"."""
    for mark, name in MARKS:
        if data.startswith(mark) and charset in {"", name}:
            return data[len(mark) :].decode(name, "replace"), name
    name = charset if charset in CHARSETS else guessed(data)
    return data.decode(name, "replace"), name


def guessed(data: bytes) -> str:
    wide = _wide(data[:SAMPLE])
    if wide:
        return wide
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        others = [name for name in CHARSETS if not name.startswith("utf")]
        high = _around(data)
        return max(others, key=lambda name: (_fitness(high, name), -others.index(name)))


def _wide(data: bytes) -> str:
    """Two bytes for each sign leave every other byte empty."""
    half = len(data) // 2
    if half and data[1::2].count(0) > half * 0.4:
        return "utf-16-le"
    if half and data[0::2].count(0) > half * 0.4:
        return "utf-16-be"
    return ""


def _around(data: bytes) -> bytes:
    """Only the words with bytes that sets disagree about."""
    words = data.replace(b";", b" ").replace(b",", b" ").replace(b"\t", b" ").split()
    return b" ".join([word for word in words if any(byte > 127 for byte in word)][:2000])


def _fitness(data: bytes, name: str) -> float:
    """How much the text reads like words: known letters count, signs inside words and mixed scripts count against."""
    home, score = HOME.get(name, ""), 0.0
    for word in data.decode(name, "replace").split():
        scripts = {_script(letter) for letter in word if letter.isalpha()}
        for letter in word:
            if ord(letter) > 127:
                score += 1 if letter in home or (not home and letter.isalpha()) else -2
        if len(scripts) > 1:
            score -= 3
        if any(a.islower() and b.isupper() for a, b in pairwise(word)):
            score -= 2
    return score


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").partition(" ")[0]
