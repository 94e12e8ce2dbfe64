"""Whether this process lives, and whether it can serve."""

from sqlalchemy import text

from planner.extensions import db


def alive() -> tuple[str, int, dict[str, str]]:
    return "ok\n", 200, {"Content-Type": "text/plain"}


def ready() -> tuple[str, int, dict[str, str]]:
    db.session.execute(text("select 1 from conference limit 1"))
    return "ok\n", 200, {"Content-Type": "text/plain"}
