"""Every column in which something about a person could stand is classified; a new one fails until somebody decides.

What points to a person goes with her, or points to nobody afterwards, by the tables' own rule. In the other tables each
column that can hold words or free numbers says here why nothing of her stays in it.
"""

import sqlalchemy as sa

from planner.extensions import db

TABLES = db.metadata.tables
OUTLIVES_HER = {"submission.author_id", "finding.changed_by_id"}
"""These rows stay, without her: a text that she leaves to the others, and what a room found out together."""

EMPTIED = {
    "allocation": "snapshot snapshot_hash rests_on without_place result reason",
    "assignment": "chair listens_in voices",
}
"""By `allocations.empty_chairs`: test_erasure.py looks into each."""

HER_CHOICE = {"submission": "receipt language problem experience support_needed question reason revision note"}
"""Removed, or left without her name, as she decides when she goes."""

KNOWN_OF_PEOPLE = {"company": "mark value", "quota": "mark value", "session": "open_to"}
"""By `session_rules.forget_values`, as soon as nobody has it any more; no copy of a conference has the values."""

NUMBERS_ONLY = {
    "audit_entry": "actor action subject facts chain number digest",
    "audit_head": "chain number seal",
    "sign_in_failure": "kind subject address",
    "ended_visit": "visit_hash",
    "sent_form": "fingerprint leads_to",
    "imported_thing": "kind row_id before after",
}
"""Traces name people by numbers that nobody else ever gets, and lead to no row afterwards."""

UNTIL_TAKEN_IN = {"import_batch": "tables choices"}
"""A list that waits for its preview: gone when it is taken in or dropped, after a day, and when anybody is erased."""

OF_ORGANISERS = {
    "user": "email name password fs_uniquifier locale"
    " tf_primary_method tf_totp_secret tf_last_counter tf_phone_number mf_recovery_codes",
    "sign_in_link": "token_hash",
    "mail_trial": "ending reason",
    "invitation": "email token_hash",
    "role": "name description permissions",
}
"""Accounts: whoever plans is told by other means, and is removed by an owner."""

OF_THE_CONFERENCE = {
    "agenda_item": "title place",
    "allocation": "number settings worker attempts",
    "allocation_progress": "number goal seconds value bound",
    "conference": "slug title summary addressee place contact zone languages preset vocabulary"
    " most_favourites most_vetoes usual_minimum usual_maximum most_of_one_organisation"
    " places no_shows flexible clock_shift",
    "company": "least",
    "finding": "text heads",
    "group_link": "name places token_hash",
    "import_batch": "file_name charset counts",
    "mail_text": "language subject body",
    "meeting": "key language second_language duration",
    "organisation": "name",
    "placement": "language",
    "quota": "minimum maximum",
    "recommendation": "text addressee answer position",
    "room": "name directions features capacity_circle capacity_rows walking_minutes position",
    "session": "title sentence goal questions minutes languages features number minimum maximum offered duration",
    "session_merge": "before after",
    "slot": "title",
    "stakeholder_group": "key title letter colour position places",
    "theme": "key title icon colour position",
}
"""What organisers wrote about the event, and how it was computed."""


def person_keys(table: sa.Table) -> list[sa.ForeignKey]:
    return [key for key in table.foreign_keys if key.column.table.name == "participant"]


def goes_with_her(table: sa.Table) -> bool:
    return table.name == "participant" or any(
        key.ondelete == "CASCADE" and not key.parent.nullable for key in person_keys(table)
    )


def could_hold_something(column: sa.Column) -> bool:  # type: ignore[type-arg]
    kinds = (sa.String, sa.JSON, sa.Integer, sa.Float, sa.LargeBinary)
    free = isinstance(column.type, kinds) and not isinstance(column.type, sa.Enum)
    return free and not column.primary_key and not column.foreign_keys


def test_whatever_points_to_a_person_goes_with_her_or_points_to_nobody_afterwards() -> None:
    rules = {
        (f"{key.parent.table.name}.{key.parent.name}", key.ondelete) for t in TABLES.values() for key in person_keys(t)
    }

    assert {rule for _path, rule in rules} == {"CASCADE", "SET NULL"}
    assert {path for path, rule in rules if rule == "SET NULL"} == OUTLIVES_HER


def test_every_other_column_is_classified() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        if not goes_with_her(table)
        for column in table.columns
        if could_hold_something(column)
    }
    classes = (EMPTIED, HER_CHOICE, KNOWN_OF_PEOPLE, NUMBERS_ONLY, UNTIL_TAKEN_IN, OF_ORGANISERS, OF_THE_CONFERENCE)
    named = [f"{table}.{name}" for kind in classes for table, names in kind.items() for name in names.split()]

    assert len(named) == len(set(named))
    assert found == set(named)
