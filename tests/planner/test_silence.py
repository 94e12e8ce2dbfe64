"""A database that stands still and keeps its connections open ends no page's patience for ever."""

import time
from contextlib import ExitStack
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask, Response

from planner import create_app, extensions, jobs, queue, silence
from planner.extensions import db
from tests import factories as make
from tests import postgresql
from tests.client import Client
from tests.conftest import settings

pytestmark = pytest.mark.postgresql


def test_pages_of_a_frozen_database_end_and_go_on_when_it_wakes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "PAGE_WAITS", 1.0)
    monkeypatch.setattr(extensions, "WAIT_MS", 4000)  # as in production: so long a new connection is waited for
    with postgresql.cluster() as cluster, postgresql.database(cluster.address) as address:
        app = create_app(settings(tmp_path, DATABASE_URL=address))
        app.config["PROPAGATE_EXCEPTIONS"] = False
        with app.app_context():
            flask_migrate.upgrade()
            page = f"/c/{make.conference().slug}/"
            db.session.commit()
        client = Client(app).http
        assert client.get(page).status_code == 200

        with cluster.frozen(60):
            answers = [client.get(page) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [503, 503]
        assert all(answer.headers["Retry-After"] for answer in answers)
        assert client.get(page).status_code == 200
        with app.app_context():
            db.engine.dispose()


def test_a_page_is_shown_although_the_database_froze_after_its_last_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session is put away when the request is none any more: its rollback waited for ever."""
    monkeypatch.setattr(silence, "PAGE_WAITS", 1.0)
    with postgresql.cluster() as cluster, postgresql.database(cluster.address) as address:
        app, frozen = create_app(settings(tmp_path, DATABASE_URL=address)), ExitStack()
        with app.app_context():
            flask_migrate.upgrade()
            page = f"/c/{make.conference().slug}/"
            db.session.commit()

        @app.after_request
        def freeze(answer: Response) -> Response:
            frozen.enter_context(cluster.frozen(60))
            return answer

        with frozen:
            began = time.monotonic()
            answer = Client(app).http.get(page)
            waited = time.monotonic() - began
        app.after_request_funcs[None].remove(freeze)

        assert answer.status_code == 200
        assert waited < 30
        assert Client(app).http.get(page).status_code == 200
        with app.app_context():
            db.engine.dispose()


def test_a_frozen_queue_holds_up_no_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row is safe by then, and the watchman finds it."""
    monkeypatch.setattr(silence, "PAGE_WAITS", 1.0)
    with postgresql.cluster() as cluster, postgresql.database(cluster.address) as address:
        frozen = queue.make(address)
        monkeypatch.setitem(app.extensions, "jobs", jobs.Jobs(app, frozen))
        with app.test_request_context():
            jobs.deliver()
            assert frozen.pending_count() == 1
            with cluster.frozen(60):
                began = time.monotonic()
                jobs.deliver()
                jobs.deliver()
                waited = time.monotonic() - began
            jobs.deliver()
        assert waited < 30
        assert frozen.pending_count() >= 2
        frozen.storage.close()
