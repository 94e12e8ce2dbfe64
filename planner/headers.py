"""The headers of every answer: nothing from elsewhere, no script in a page, nothing kept by a proxy."""

import hashlib
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Response, request, url_for

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOR_GOOD = "public, max-age=31536000, immutable"


def install(app: Flask) -> None:
    static = Path(str(app.static_folder))

    @cache
    def version(filename: str) -> str:
        return hashlib.sha256((static / filename).read_bytes()).hexdigest()[:10]

    def static_url(filename: str) -> str:
        """A static file's address with its version, so that browsers may keep it for good."""
        return url_for("static", filename=filename, v=version(filename))

    def on_this_site(location: str) -> str:
        """Redirects name a path: whatever name, port or scheme a request came under, nobody is led elsewhere."""
        return urlunsplit(("", "", *urlsplit(location)[2:])) or "/"

    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if response.location:
            response.headers["Location"] = on_this_site(response.location)
        if request.endpoint == "static":
            response.headers["Cache-Control"] = FOR_GOOD if "v" in request.args else "public, max-age=3600"
        else:
            response.headers["Cache-Control"] = "no-store"
        return response

    app.jinja_env.globals["static_url"] = static_url
    app.after_request(add)
