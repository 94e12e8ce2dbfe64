"""The revisions build the models' tables, on both databases, forwards and back."""

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect

from planner.extensions import db


def test_revisions_and_models_agree(either_app: Flask) -> None:
    flask_migrate.check()


def test_every_table_is_there(either_app: Flask) -> None:
    tables = set(inspect(db.engine).get_table_names())

    assert set(db.metadata.tables) == tables - {"alembic_version"}


def test_going_back_leaves_nothing_and_forward_again_works(either_app: Flask) -> None:
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    flask_migrate.upgrade()
    flask_migrate.check()


@pytest.mark.parametrize("table", sorted(db.metadata.tables))
def test_constraint_names_fit_postgresql(table: str) -> None:
    names = [constraint.name for constraint in db.metadata.tables[table].constraints]

    assert all(name is None or len(str(name)) <= 63 for name in names)
