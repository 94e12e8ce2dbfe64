"""Which submissions may say the same: the databases' index names candidates, and their words are held side by side."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, column, func, literal, literal_column, select, table, text, union_all

from planner import word_index
from planner.extensions import db
from planner.likeness import LETTERS, STEM, Likeness
from planner.models import Conference, Submission

SOUGHT, SOUGHT_OF_MANY = 20, 6  # of a text's longest words, where one is asked about, and where many are
COMPARED, COMPARED_OF_MANY = 300, 40  # of what has one of them, the newest
CANDIDATES = 40
BEGINNING = 0.6  # of a long word: other forms of it begin so
FEWEST = 3  # words, before anything is said about a text
WORDS = table("submission_words", column("rowid"))
ALIKE, NEAR = 0.34, 0.5
"""Of my longer words the other text has so many, or so many of both texts' trigrams are the same."""


def to(conference: Conference, texts: Mapping[int, str], *seen: Any, words: int, most: int) -> dict[int, list[int]]:
    """For each text, by its own number, the numbers of those that may say the same, the most alike first.

    `seen` is which of them count; so many of a text's words are looked for. One question, whatever the texts say.
    """
    mine = {key: Likeness(said, words) for key, said in texts.items()}
    here = (Submission.conference_id == conference.id, *seen)
    asked = [
        _candidates(key, texts[key], likeness, here, alone=len(texts) == 1).subquery()
        for key, likeness in mine.items()
        if len(likeness.words) >= FEWEST
    ]
    if not asked:
        return {}
    rows: dict[int, list[Any]] = {key: [] for key in mine}
    for row in db.session.execute(union_all(*(select(each) for each in asked))):
        rows[row.mine].append(row)
    return {key: _closest(key, likeness, rows[key], most) for key, likeness in mine.items()}


def _closest(key: int, likeness: Likeness, rows: Iterable[Any], most: int) -> list[int]:
    scored = [(likeness.share(row.problem), row.near, row.id) for row in rows if row.id != key]
    close = sorted((-max(share, near), id) for share, near, id in scored if share >= ALIKE or near >= NEAR)
    return [id for _score, id in close[:most]]


def _stems(likeness: Likeness, most: int) -> list[str]:
    """How its longest words begin: the rarer they are, the less there is to compare."""
    longest = sorted(likeness.words, key=len, reverse=True)[:most]
    return sorted({word[: max(STEM, math.ceil(BEGINNING * len(word)))] for word in longest})


def _candidates(key: int, said: str, likeness: Likeness, here: tuple[Any, ...], *, alone: bool) -> Select[Any]:
    """Numbered by `mine`, with the beginning of the text, and how near it is by its trigrams."""
    stems = _stems(likeness, SOUGHT if alone else SOUGHT_OF_MANY)
    columns = (literal(key).label("mine"), Submission.id, func.substr(Submission.problem, 1, LETTERS).label("problem"))
    if db.engine.dialect.name == "postgresql":
        return _in_postgresql(said[:LETTERS], stems, columns, here, alone=alone)
    near = literal(0.0).label("near")
    rows = select(*columns, near).select_from(Submission).where(*here)
    if not _knows_words():
        return rows.order_by(Submission.id.desc()).limit(COMPARED if alone else COMPARED_OF_MANY)
    words: Any = literal_column("submission_words")
    rows = rows.join(WORDS, WORDS.c.rowid == Submission.id)
    query = " OR ".join(f'"{stem}"*' for stem in stems)
    return rows.where(words.op("MATCH")(query)).order_by(func.bm25(words)).limit(CANDIDATES)


def _in_postgresql(said: str, stems: list[str], columns: Any, here: tuple[Any, ...], *, alone: bool) -> Select[Any]:
    vector: Any = literal_column(word_index.VECTOR)
    problem: Any = literal_column(word_index.PROBLEM)
    query = func.to_tsquery(literal_column("'simple'::regconfig"), " | ".join(f"'{stem}':*" for stem in stems))
    fits: Any = vector.op("@@")(query)
    near: Any = literal(0.0)
    if alone and _knows_trigrams():
        near, fits = func.similarity(problem, said), fits | problem.op("%")(said)
    compared = COMPARED if alone else COMPARED_OF_MANY
    newest = select(Submission.id).where(fits, *here).order_by(Submission.id.desc()).limit(compared).scalar_subquery()
    ranked = select(*columns, near.label("near")).where(Submission.id.in_(newest))
    return ranked.order_by(func.ts_rank(vector, query).desc(), Submission.id.desc()).limit(CANDIDATES)


WORDS_KNOWN: dict[str, bool] = {}
TRIGRAMS: dict[str, bool] = {}
"""By database, whether it has the table of words, or pg_trgm; asked once."""


def _knows_words() -> bool:
    """A database that an SQLite without secure-delete has made has none, whatever opens it now."""
    where = str(db.engine.url)
    if where not in WORDS_KNOWN:
        WORDS_KNOWN[where] = bool(db.session.scalar(text(word_index.BEGUN["sqlite"])))
    return WORDS_KNOWN[where]


def _knows_trigrams() -> bool:
    where = str(db.engine.url)
    if where not in TRIGRAMS:
        asked = text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")
        TRIGRAMS[where] = bool(db.session.scalar(asked))
    return TRIGRAMS[where]
