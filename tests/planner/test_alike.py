"""Submissions that may say the same are found by the database's index, and an index forgets whom it must forget."""

import random
import time
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from planner import alike, erasure, submissions, traces, word_index
from planner.config import Config
from planner.extensions import db
from planner.likeness import LETTERS, STEM
from planner.models import Submission, SubmissionState
from tests import factories as make
from tests.client import Client
from tests.planner.test_likeness import _words
from tests.queries import counted

COURSE = "Beim Sprachkurs fehlt abends die Kinderbetreuung"
HOUSING = "Die Wohnungen sind verschimmelt und der Vermieter antwortet nicht"
ARABIC = "تحتاج المدارس إلى مترجمين يساعدون العائلات الجديدة"


def test_what_the_statements_say_in_words_fits_what_python_counts() -> None:
    assert all(str(LETTERS) in said for said in (word_index.PROBLEM, word_index.VECTOR, word_index.TRIGRAMS[1]))
    filling = [said for said in word_index.ON_SQLITE if "INSERT INTO submission_words (rowid" in said]
    assert len(filling) == 3
    assert all(str(LETTERS) in said for said in filling)
    assert STEM == 4  # as the index's prefixes


def test_the_most_alike_come_first_on_both_databases(either_app: Flask) -> None:
    conference, elsewhere = make.conference(), make.conference()
    author = make.participant(conference)
    near = make.submission(author, problem="Abends fehlt Kinderbetreuung.")
    nearest = make.submission(author, problem="Kinderbetreuungsplätze fehlen abends, auch beim Sprachkurs.")
    arabic = make.submission(author, problem="المدارس بلا مترجمين يساعدون")
    for row in (HOUSING, "Nichts davon."):
        make.submission(author, problem=row)
    make.submission(author, problem=COURSE, let_through_at=None)
    make.submission(author, problem=COURSE, state=SubmissionState.DECLINED)
    make.submission(make.participant(elsewhere), problem=COURSE)

    assert submissions.similar(conference, COURSE) == [nearest, near]
    assert submissions.similar(conference, ARABIC) == [arabic]
    assert submissions.similar(conference, "zu kurz") == []


TYPED = (
    "'; DROP TABLE submission; --",
    '"Kurse" OR NEAR(x)*',
    "a" * 3000,
    "____ ____ _____",
    "٣٤٥٦٧ ²²²²² ٣٤٥٦٨ ³³³³³",
)


@pytest.mark.parametrize("typed", TYPED)
def test_whatever_is_typed_is_only_looked_for(either_app: Flask, typed: str) -> None:
    conference = make.conference()
    row = make.submission(make.participant(conference), problem=COURSE)

    assert submissions.similar(conference, typed) == []
    assert submissions.similar(conference, f"{COURSE} {typed}") == [row]


def test_what_is_changed_is_found_by_its_new_words_alone(either_app: Flask) -> None:
    conference = make.conference()
    row = make.submission(make.participant(conference), problem=COURSE)
    row.problem = HOUSING
    db.session.flush()

    assert submissions.similar(conference, COURSE) == []
    assert submissions.similar(conference, HOUSING) == [row]


def test_words_that_are_spelt_otherwise_are_found_where_trigrams_are_known(postgresql_app: Flask) -> None:
    conference = make.conference()
    row = make.submission(make.participant(conference), problem="Die Kinderbetreuung beim Deutschsprachkurs fehlt")

    found = submissions.similar(conference, "Kindrbetreuung beim Deutschprachkurs fehlt")

    assert alike.TRIGRAMS[str(db.engine.url)]
    assert found == [row]


def test_without_trigrams_words_alone_are_compared(postgresql_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_knows_trigrams", lambda: False)
    conference = make.conference()
    row = make.submission(make.participant(conference), problem="Abends fehlt Kinderbetreuung.")

    assert submissions.similar(conference, COURSE) == [row]


def test_an_old_sqlite_compares_the_newest(app: Flask) -> None:
    """It has made no table of words, and a newer one that opens the database later finds none."""
    for name in ("come", "go", "change"):
        db.session.execute(text(f"DROP TRIGGER submission_words_{name}"))
    db.session.execute(text("DROP TABLE submission_words"))
    conference = make.conference()
    row = make.submission(make.participant(conference), problem="Abends fehlt Kinderbetreuung.")

    assert submissions.similar(conference, COURSE) == [row]


def test_many_are_asked_about_at_once(app: Flask) -> None:
    draw, conference = random.Random(1), make.conference()
    rows = [make.submission(make.participant(conference), problem=_words(draw, 900)) for _ in range(300)]
    db.session.commit()
    conference.id  # noqa: B018 - loaded before the clock runs

    with counted() as asked:
        start = time.process_time()
        submissions.perhaps_the_same(conference, rows[:20])
        spent = time.process_time() - start

    assert len(asked) <= 25
    assert spent < 1


def test_the_index_outlives_a_table_that_is_rebuilt(app: Flask) -> None:
    conference = make.conference()
    before = make.submission(make.participant(conference), problem=COURSE).id
    db.session.commit()

    flask_migrate.downgrade(revision="0033")  # rebuilds the table twice
    left = db.session.scalar(text("select count(*) from sqlite_master where name like 'submission_words%'"))
    assert left == 0
    db.session.rollback()
    flask_migrate.upgrade()
    here = db.session.get_one(Submission, before).conference
    later = make.submission(make.participant(here), problem=COURSE).id

    assert {row.id for row in submissions.similar(here, COURSE)} == {before, later}


@pytest.mark.parametrize("forgets", [True, False], ids=["as it is", "without secure-delete"])
def test_no_word_of_somebody_who_is_erased_stays_in_the_file(app: Flask, config: Config, forgets: bool) -> None:
    """Of 300 who wrote a word of their own 150 go; the control arm says that the search finds what is there."""
    switch = text("insert into submission_words(submission_words, rank) values ('secure-delete', :forgets)")
    db.session.execute(switch, {"forgets": int(forgets)})
    draw, conference = random.Random(7), make.conference()
    people = [make.participant(conference) for _ in range(300)]
    own = ["zx" + "".join(draw.choices("abcdefghikmnopqrstuvwxyz", k=14)) for _ in people]
    for person, word in zip(people, own, strict=True):
        make.submission(person, problem=f"{_words(draw, 200)} {word}")
    db.session.commit()
    gone = {person.id for person in people[:150]}

    erasure.everybody(conference, gone, make.NOW, leaves_statements=False, actor="system")
    db.session.commit()
    assert traces.wipe()
    found = b"".join(path.read_bytes() for path in Path(config.instance).rglob("planner.sqlite3*"))

    left = [word for word in own[:150] if word[2:].encode() in found]
    assert (left == []) is forgets
    assert all(word[2:].encode() in found for word in own[150:])


def test_the_board_names_what_may_be_double_with_the_way_to_decide(app: Flask) -> None:
    conference, user = make.organised()
    author = make.participant(conference)
    rows = [make.submission(author, problem=said, let_through_at=None) for said in (COURSE, HOUSING, COURSE + " oft")]
    client, page = Client(app).as_organiser(user), f"/organise/{conference.slug}/submissions/"

    shown = client.get(page)
    assert "Perhaps they say the same" in shown.text
    pairs = [link for link in shown.links if "together" in link]
    assert pairs == [f"{page}together/?of={rows[0].id}-0,{rows[2].id}-0"]
    assert f"{page}together/?of={rows[2].id}-0,{rows[0].id}-0" in client.get(f"{page}{rows[2].id}").links
    assert "Perhaps they say the same" not in client.get(f"{page}{rows[1].id}").text
