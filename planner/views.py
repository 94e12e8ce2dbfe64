"""All blueprints, in the order in which people meet them."""

from typing import Any

from flask import Flask, g, url_for
from werkzeug.routing import BaseConverter, IntegerConverter

from planner import facilitator, mail_settings, notifications, organiser, participant, public
from planner.config import Config
from planner.organiser import areas
from planner.policy import may


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
        "way_to_set_up_mail": way_to_set_up_mail,
    }
    # With each page: an operator may have set mail up since this process began.
    app.context_processor(lambda: {"links_by_mail": notifications.mail_is_set_up() and not config.demonstration})

    @app.url_defaults
    def same_conference(endpoint: str, values: dict[str, Any]) -> None:
        """Links lead to the same conference unless they name another."""
        if g.get("slug") and app.url_map.is_endpoint_expecting(endpoint, "slug"):
            values.setdefault("slug", g.slug)


def way_to_set_up_mail() -> str:
    """The page where whoever looks can do so, while no mail leaves; nothing for everybody else."""
    to_her = may("organiser.mail.edit") and not mail_settings.are_fixed()
    return url_for("organiser.mail.edit") if to_her and not notifications.mail_is_set_up() else ""


def keep_slug(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Views read g.conference, which policy looks up by this slug."""
    g.slug = values.pop("slug", None) if values else None
