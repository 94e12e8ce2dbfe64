"""The `planner` command."""

import click
from flask.cli import FlaskGroup

from planner import create_app

main = FlaskGroup(
    name="planner", create_app=create_app, help="Plan participatory conferences.", add_version_option=False
)

if __name__ == "__main__":
    main()

__all__ = ["click", "main"]
