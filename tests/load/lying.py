"""A control arm: an application that acknowledges a save of wishes before, and without, the commit."""

from flask import Flask, request

import planner
from planner.cli import main
from planner.extensions import db


def create_app() -> Flask:
    """For gunicorn."""
    lie()
    return planner.create_app()


def lie() -> None:
    commit = db.session.commit

    def acknowledged() -> None:
        if request and request.endpoint == "participant.wishes.save":
            db.session.flush()
        else:
            commit()

    db.session.commit = acknowledged  # type: ignore[method-assign]


if __name__ == "__main__":
    lie()
    main()
