"""How much of a text another one says already, counted by the beginnings of its longer words.

Bounded at every end, because it is asked while people type: so many words of the text, so many letters of each other
one. Comparing each word with each (difflib) took half a minute for one long text among 190.
"""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

WORDS = re.compile(r"\w{5,}")
MY_WORDS = 80
LETTERS = 1_000  # of each other text; who has not said it by then says something else
STEM = 4
FORMS = 0.75  # how much of the shorter word two forms of one word have in common


class Likeness:
    """One text's longer words, kept by how they begin; any number of others are held against it."""

    def __init__(self, text: str, most: int = MY_WORDS):
        self.words = list(dict.fromkeys(WORDS.findall(text.casefold())))[:most]
        self._by_stem: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.words:
            self._by_stem[word[:STEM]].append(word)

    def share(self, other: str) -> float:
        """Of my longer words, those that the other text has too, in any form."""
        found = {mine for word in set(WORDS.findall(other[:LETTERS].casefold())) for mine in self._forms(word)}
        return len(found) / len(self.words) if self.words else 0

    def _forms(self, word: str) -> Iterator[str]:
        return (mine for mine in self._by_stem.get(word[:STEM], ()) if _one_word(mine, word))

    def closest(self, others: Iterable[tuple[int, str]], least: float, most: int) -> list[int]:
        """The keys of the texts that say at least this share of mine, the most alike first."""
        scored = ((self.share(text), key) for key, text in others)
        close = sorted((-score, key) for score, key in scored if score >= least)
        return [key for _, key in close[:most]]


def _one_word(one: str, other: str) -> bool:
    """Kurs and Kurse, Kinderbetreuung and Kinderbetreuungsplatz: the beginning is the same."""
    needed = math.ceil(FORMS * min(len(one), len(other)))
    return one[:needed] == other[:needed]
