"""All blueprints, in the order in which people meet them."""

from typing import Any

from flask import Flask, g

from planner import facilitator, organiser, participant, public


def install(app: Flask) -> None:
    for role in (public, participant, organiser, facilitator):
        app.register_blueprint(role.blueprint)
    app.url_value_preprocessor(keep_slug)

    @app.url_defaults
    def same_conference(endpoint: str, values: dict[str, Any]) -> None:
        """Links lead to the same conference unless they name another."""
        if g.get("slug") and app.url_map.is_endpoint_expecting(endpoint, "slug"):
            values.setdefault("slug", g.slug)


def keep_slug(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Views read g.conference, which policy.py looks up by this slug."""
    g.slug = values.pop("slug", None) if values else None
