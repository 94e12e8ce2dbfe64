"""A stored plan says for whom it has no place, and in which rounds."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ALLOCATION = sa.table(
    "allocation", *(sa.column(name) for name in ("id", "state", "snapshot")), sa.column("without_place", sa.JSON)
)
PLACED = """
    select participant.key, assignment.slot_id from assignment
    join participant on participant.id = assignment.participant_id where assignment.allocation_id = :id
"""


def upgrade() -> None:
    op.add_column("allocation", sa.Column("without_place", sa.JSON(), nullable=True))
    connection = op.get_bind()
    solved = sa.select(ALLOCATION.c.id, ALLOCATION.c.snapshot).where(ALLOCATION.c.state == "solved")
    for id, snapshot in connection.execute(solved).all():
        placed = {(key, str(slot)) for key, slot in connection.execute(sa.text(PLACED), {"id": id})}
        known = _without(json.loads(snapshot), placed)
        connection.execute(ALLOCATION.update().where(ALLOCATION.c.id == id).values(without_place=known))


def downgrade() -> None:
    op.drop_column("allocation", "without_place")


def _without(problem: dict[str, Any], placed: set[tuple[str, str]]) -> dict[str, list[str]]:
    """As the snapshot has it: who attends is to have a place in each round in which she is there."""
    found: dict[str, list[str]] = {}
    slots = [slot["id"] for slot in problem.get("slots", ())]
    for person in problem.get("participants", ()):
        there = person["slots"] if person.get("slots") is not None else slots
        missing = [slot for slot in slots if slot in there and (person["id"], slot) not in placed]
        if person.get("attends", True) and missing:
            found[person["id"]] = missing
    return found
