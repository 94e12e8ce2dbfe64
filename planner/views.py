"""All blueprints, in the order in which people meet them."""

from typing import Any

from flask import Flask, g
from werkzeug.routing import BaseConverter, IntegerConverter

from planner import facilitator, organiser, participant, public
from planner.config import Config
from planner.organiser import areas


class RowNumber(IntegerConverter):
    """A number that a database can hold, in plain digits; anything else is no page."""

    regex = "[0-9]{1,10}"

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **{"max": 2**31 - 1, **options})


class Word(BaseConverter):
    """A name or token in an address: without the control characters that no database takes."""

    regex = r"[^/\x00-\x1f\x7f]+"
    part_isolating = True


def install(app: Flask) -> None:
    app.url_map.converters["default"] = app.url_map.converters["string"] = Word
    app.url_map.converters["int"] = RowNumber
    for role in (public, participant, organiser, facilitator):
        app.register_blueprint(role.blueprint)
    areas.install(app)
    app.url_value_preprocessor(keep_slug)
    config: Config = app.extensions["planner"]
    app.jinja_env.globals |= {
        "demonstration": config.demonstration,
        "links_by_mail": config.mail != "off" and not config.demonstration,
    }

    @app.url_defaults
    def same_conference(endpoint: str, values: dict[str, Any]) -> None:
        """Links lead to the same conference unless they name another."""
        if g.get("slug") and app.url_map.is_endpoint_expecting(endpoint, "slug"):
            values.setdefault("slug", g.slug)


def keep_slug(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Views read g.conference, which policy looks up by this slug."""
    g.slug = values.pop("slug", None) if values else None
