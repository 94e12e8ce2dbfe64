"""How alike two texts are: forms of one word count, long texts cost little."""

import random
import time

import pytest
from flask import Flask

from planner import submissions
from planner.likeness import Likeness
from tests import factories as make
from tests.queries import counted

SYLLABLES = [
    "ba",
    "ke",
    "li",
    "mo",
    "nu",
    "ra",
    "se",
    "ti",
    "wo",
    "schu",
    "kin",
    "der",
    "sprach",
    "kurs",
    "woh",
    "nung",
    "ar",
    "beit",
]


@pytest.mark.parametrize(
    ("mine", "other", "share"),
    [
        ("Sprachkurs Kinderbetreuung Wohnungen", "Die Wohnung, die Sprachkurse, kein Kind", 2 / 3),
        ("Kinderbetreuung fehlt abends", "Der Kindergarten", 0),
        ("Kinderbetreuung fehlt abends", "Die KINDERBETREUUNGSPLÄTZE FEHLEN!", 2 / 3),
        ("nur da wo", "nur da wo", 0),
        ("تحتاج المدارس إلى مترجمين", "المدارس بلا مترجمين", 2 / 3),
    ],
)
def test_the_share_of_my_longer_words_is_counted(mine: str, other: str, share: float) -> None:
    assert Likeness(mine).share(other) == pytest.approx(share)


def test_the_closest_come_first_and_few(app: Flask) -> None:
    conference = make.conference()
    author = make.participant(conference)
    problems = [
        "Abends fehlt die Kinderbetreuung.",
        "Beim Sprachkurs fehlt abends Kinderbetreuung.",
        "Nichts davon.",
    ]
    rows = [make.submission(author, problem=problem) for problem in problems]

    found = submissions.similar(conference, "Abends fehlt Kinderbetreuung beim Sprachkurs")

    assert found == [rows[1], rows[0]]


def test_a_long_text_among_many_is_cheap_and_asks_twice(app: Flask) -> None:
    """Each word was compared with each: 33 seconds of processor for what now takes a hundredth of one."""
    draw = random.Random(1)
    conference = make.conference()
    author = make.participant(conference)
    for _ in range(190):
        make.submission(author, problem=_words(draw, 500))
    typed = _words(draw, 3000)
    conference.id  # noqa: B018 - loaded before the clock runs

    with counted() as asked:
        conference.id  # noqa: B018
        before = len(asked)
        start = time.process_time()
        submissions.similar(conference, typed)
        spent = time.process_time() - start

    assert len(asked) - before <= 2
    assert spent < 0.05


def _words(draw: random.Random, letters: int) -> str:
    words = ["".join(draw.choices(SYLLABLES, k=draw.randint(1, 6))) for _ in range(letters)]
    return " ".join(words)[:letters]
