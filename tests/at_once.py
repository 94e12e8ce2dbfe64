"""Several people doing something in the same moment, each in a transaction of her own, as web processes do."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from planner.errors import PlannerError
from planner.extensions import db

DONE = "done"


def at_once(app: Flask, *acts: Callable[[], Any]) -> list[Any]:
    """What became of each: DONE, the refusal that she read, or what a person must never meet."""
    db.session.rollback()
    start, found = threading.Barrier(len(acts)), [None] * len(acts)

    def one(number: int) -> None:
        with app.app_context():
            start.wait()
            try:
                acts[number]()
                db.session.commit()
                found[number] = DONE
            except PlannerError as error:
                db.session.rollback()
                found[number] = type(error)
            except Exception as error:
                found[number] = error

    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(acts))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return found
