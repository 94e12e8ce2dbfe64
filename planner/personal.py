"""Everything that is stored about one person in one conference, for herself: plain values under keys that stay."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from planner import days, joining, merging, participants, spans
from planner.extensions import db
from planner.models import (
    Assignment,
    AuditEntry,
    Commitment,
    Conference,
    Finding,
    ImportedPerson,
    Meeting,
    Message,
    MovedSupport,
    Participant,
    PersonalLink,
    Session,
    SessionMerge,
    Slot,
    Submission,
    Supporter,
    User,
    WishesBefore,
)

Plain = dict[str, Any]
FORMAT = "stuhlkreis-my-data-2"

LEFT_OUT = {
    "need.import_batch_id": _l(
        "The number of the list with which a need came; the need itself says from where your consent is."
    ),
    "personal_link.token_hash": _l("A fingerprint of each link and card; nobody can make the link of it again."),
    "submission.note": _l(
        "What organisers noted for themselves about a problem. It may speak of other people: please ask them for it."
    ),
    "bond_member.bond_id": _l(
        "What organisers may have agreed about who sits with whom: it is about other people, too, and confidential."
    ),
    "message.dedupe_key": _l("A mark made of numbers at each message, so that nobody is written to twice."),
    "message.worker": _l("Which process of the server sends a message."),
}
"""Columns that lead to a person and are shown to nobody, each with its reason; the download carries the list."""


def collect(person: Participant) -> Plain:
    """All of it, in the order of the page: who she is, what she said, what was decided, who looked, how she came."""
    conference = person.conference
    return {
        "format": FORMAT,
        "conference": {"title": conference.title, "name": conference.slug, "zone": conference.zone},
        "person": _person(person),
        "said": _said(person),
        "submissions": [_submission(row) for row in person.submissions],
        "supports": _supports(person),
        "findings": _findings(person),
        "decided": _decided(person),
        "seen_by": _seen_by(person),
        "recorded_acts": _acts(person),
        "ways_in": _ways_in(person),
        "messages": _messages(person),
        "left_out": LEFT_OUT,
    }


def plain(value: Any, person: Participant) -> Any:
    """The same for a file: times with the conference's offset, codes as words of the data model."""
    if isinstance(value, dict):
        return {key: plain(inner, person) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner, person) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(person.conference.tz).isoformat()
    if isinstance(value, enum.Enum):
        return value.value
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _person(person: Participant) -> Plain:
    return {
        "name": person.name,
        "email": person.email,
        "locale": person.locale,
        "state": person.state,
        "waits_since": person.waits_since,
        "has_declined": person.has_declined,
        "attends": person.attends,
        "group": person.group.title if person.group else None,
        "organisation": person.organisation.name if person.organisation else None,
        "attributes": person.attributes,
        "key": person.key,
        "external_key": person.external_key,
        "lists": _lists(person),
        "registration": _registration(person),
    }


def _lists(person: Participant) -> list[Plain]:
    """With which lists of the organisers her facts came or changed."""
    rows = db.session.scalars(
        select(ImportedPerson).filter_by(participant_id=person.id).options(joinedload(ImportedPerson.batch))
    )
    return [
        {
            "list": row.batch.file_name,
            "at": row.batch.applied_at,
            "added": row.is_new,
            "before": _named(person.conference, row.before),
            "after": _named(person.conference, row.after),
        }
        for row in rows
    ]


def _registration(person: Participant) -> Plain | None:
    """By which group link she registered herself, and when."""
    row = joining.registration_of(person)
    return {"group_link": row.group_link.name, "at": row.registered_at} if row else None


def _named(conference: Conference, facts: Plain) -> Plain:
    """With the names of what a list gave her by its number; of what is gone by now there is none."""
    names: dict[str, Callable[[], dict[int, Any]]] = {
        "organisation_id": lambda: {row.id: row.name for row in conference.organisations},
        "group_id": lambda: {row.id: row.title for row in conference.groups},
        "absences": lambda: {row.id: row.title for row in conference.slots},
        "wishes": lambda: {row.id: row.title for row in conference.sessions},
    }
    told = dict(facts)
    for key in names.keys() & facts.keys():
        known, value = names[key](), facts[key]
        told[key] = [known[id] for id in value if id in known] if isinstance(value, list) else known.get(value)
    return told


def _said(person: Participant) -> Plain:
    presumed = person.conference.understands_by_default(person)
    return {
        "languages": [{"language": row.language, "level": row.level} for row in person.languages],
        "presumed_language": person.conference.language if presumed else None,
        "interprets": [
            {
                "source": pair.source,
                "target": pair.target,
                "mode": pair.mode,
                "listeners": pair.listeners,
                "most_rounds_in_a_row": pair.most_slots_in_a_row,
            }
            for pair in person.interprets
        ],
        "needs": [
            {"kind": need.kind, "note": need.note, "consented_at": need.consented_at, "consent_from": need.consent_from}
            for need in person.needs
        ],
        "absent_in": [_round(absence.slot) for absence in person.absences],
        "details_saved_at": person.details_saved_at,
        "wishes": [{"rank": wish.rank, "session": wish.session.title} for wish in person.preferences],
        "not_for_me": [veto.session.title for veto in person.vetoes],
        "wishes_saved_at": person.wishes_saved_at,
        "wishes_entered_by_organisers": person.wishes_entered,
        "wishes_saved_times": person.revision,
        "sessions_merged": _merged(person),
    }


def _merged(person: Participant) -> list[Plain]:
    """What organisers made one session of, with her list as it was before."""
    known = {session.id: session.title for session in person.conference.sessions}
    untouched = {merge.id for merge in merging.told(person)}
    query = select(WishesBefore).filter_by(participant_id=person.id).order_by(WishesBefore.id)
    rows = db.session.scalars(query.options(joinedload(WishesBefore.merge).joinedload(SessionMerge.session)))
    return [
        {
            "into": row.merge.session.title,
            "at": row.merge.merged_at,
            "wishes_before": [known[id] for id in row.favourites if id in known],
            "not_for_me_before": [known[id] for id in row.vetoes if id in known],
            "not_changed_since": row.merge_id in untouched,
        }
        for row in rows
    ]


def _round(slot: Slot) -> Plain:
    return {"title": slot.title, "starts": slot.starts, "ends": slot.ends}


def _submission(row: Submission) -> Plain:
    return {
        "receipt": row.receipt,
        "state": row.state,
        "reason": row.reason,
        "theme": row.theme.title if row.theme else None,
        "session": row.session.title if row.session else None,
        "language": row.language,
        "visibility": row.visibility,
        "may_be_read_aloud": row.may_be_read_aloud,
        "problem": row.problem,
        "experience": row.experience,
        "support_needed": row.support_needed,
        "question": row.question,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
        "changes": row.revision,
        "let_through_at": row.let_through_at,
        "is_part": row.joined_to_id is not None,
        "part_of": _seen(row.joined_to) if row.joined_to else None,
    }


def _supports(person: Participant) -> list[Plain]:
    """Which problems she said concern her too; a text that others do not see any more is not shown here."""
    part = aliased(Submission)
    of_her_own = select(MovedSupport.supporter_id).join(part, part.id == MovedSupport.submission_id)
    said = Supporter.id.not_in(of_her_own.where(part.author_id == person.id))  # organisers put those together
    hers = select(Submission).join(Supporter).where(Supporter.participant_id == person.id, said)
    return [{"problem": _seen(row)} for row in db.session.scalars(hers.order_by(Submission.id))]


def _seen(row: Submission) -> str | None:
    """As others see it."""
    return row.problem if row.stands else None


def _findings(person: Participant) -> list[Plain]:
    rows = db.session.scalars(
        select(Finding)
        .filter_by(changed_by_id=person.id)
        .options(joinedload(Finding.meeting).joinedload(Meeting.session))
        .order_by(Finding.id)
    )
    return [
        {"session": row.meeting.session.title, "text": row.text, "heads": row.heads, "changed_at": row.changed_at}
        for row in rows
    ]


def _decided(person: Participant) -> Plain:
    """Her duties, her published places, and in how many drafts she has places that nobody sees yet."""
    drafts = (
        select(func.count(Assignment.allocation_id.distinct()))
        .where(Assignment.participant_id == person.id)
        .where(Assignment.allocation_id != (person.conference.published_id or 0))
    )
    return {
        "duties": [
            {"session": role.session.title, "is_held": role.session.is_held, "duty": role.duty} for role in person.roles
        ],
        "answers": _answers(person),
        "allocation": person.conference.published.number if person.conference.published else None,
        "places": [_place(place) for place in participants.assignments_of(person)],
        "without_place": _without_place(person),
        "drafts_with_places": db.session.scalar(drafts) or 0,
    }


def _answers(person: Participant) -> list[Plain]:
    """Whether she does what plans asked of her."""
    rows = db.session.scalars(select(Commitment).filter_by(participant_id=person.id).order_by(Commitment.id)).all()
    return [
        {
            "round": _round(db.session.get_one(Slot, row.slot_id)),
            "session": db.session.get_one(Session, row.session_id).title,
            "role": row.role,
            "channel": row.channel,
            "does_it": row.is_taken,
            "reason": row.reason,
            "at": row.answered_at,
            "entered_by_organisers": row.is_entered,
        }
        for row in rows
    ]


def _without_place(person: Participant) -> list[Plain]:
    """The rounds in which what is published has no place for her."""
    published = person.conference.published
    missing = (published.without_place or {}).get(person.key, []) if published else []
    return [_round(slot) for slot in person.conference.slots if str(slot.id) in missing]


def _place(place: Assignment) -> Plain:
    meeting = place.meeting
    return {
        "round": _round(db.session.get_one(Slot, place.slot_id)),
        "session": meeting.session.title,
        "is_held": meeting.session.is_held,
        "room": meeting.room.name,
        "role": place.role,
        "languages": [code for code in (meeting.language, meeting.second_language) if code],
        "listens_in": place.listens_in,
        "interprets_into": place.voices,
    }


def _seen_by(person: Participant) -> list[Plain]:
    """Who read her needs, newest first; older traces do not say about whom they were."""
    entries = _entries(AuditEntry.action == "needs.read", person)
    about_her = [row for row in entries if "of" not in row.facts or spans.holds(row.facts["of"], person.id)]
    names = _names(about_her)
    return [
        {
            "at": row.happened_at,
            **_reader(row, names),
            "people": row.facts.get("people", 0),
            "certain": "of" in row.facts,
        }
        for row in about_her
    ]


def _reader(entry: AuditEntry, names: dict[str, Plain]) -> Plain:
    """Somebody who looked, or the program that calculated for somebody."""
    reader = names.get(entry.actor, {"role": "system", "name": ""})
    calculated = reader["role"] == "organiser" and entry.facts.get("for") == participants.CALCULATION
    return {**reader, "role": participants.CALCULATION} if calculated else reader


def _acts(person: Participant) -> list[Plain]:
    """What she did, or what was done to her, that left a trace."""
    herself = f"participant:{person.id}"
    entries = _entries((AuditEntry.actor == herself) | (AuditEntry.subject == herself), person)
    return [{"at": row.happened_at, "action": row.action, "people": row.facts.get("people")} for row in entries]


def _entries(which: Any, person: Participant) -> Sequence[AuditEntry]:
    query = select(AuditEntry).filter_by(conference_id=person.conference_id).where(which)
    return db.session.scalars(query.order_by(AuditEntry.happened_at.desc(), AuditEntry.id.desc())).all()


def _names(entries: Sequence[AuditEntry]) -> dict[str, Plain]:
    """The actors of these traces, as one may be told of them."""
    ids: dict[str, set[int]] = {"organiser": set(), "participant": set()}
    for actor in {row.actor for row in entries}:
        kind, _, number = actor.partition(":")
        if kind in ids:
            ids[kind].add(int(number))
    found: dict[str, Plain] = {}
    for user in db.session.scalars(select(User).where(User.id.in_(ids["organiser"]))):
        found[f"organiser:{user.id}"] = {"role": "organiser", "name": user.name}
    for other in db.session.scalars(select(Participant).where(Participant.id.in_(ids["participant"]))):
        found[f"participant:{other.id}"] = {"role": "leader", "name": other.name}
    return found


def _ways_in(person: Participant) -> list[Plain]:
    rows = db.session.scalars(select(PersonalLink).filter_by(participant_id=person.id).order_by(PersonalLink.id))
    return [
        {"kind": row.kind, "created_at": row.created_at, "expires_at": row.expires_at, "revoked_at": row.revoked_at}
        for row in rows
    ]


def _messages(person: Participant) -> list[Plain]:
    """Also what each tells, round by round, in the words that are stored now."""
    words = days.Words(person.conference)
    rows = db.session.scalars(select(Message).filter_by(participant_id=person.id).order_by(Message.id))
    return [
        {
            "kind": row.kind,
            "without_place": days.lacks(row),
            "state": row.state,
            "created_at": row.created_at,
            "not_before": row.not_before,
            "sent_at": row.sent_at,
            "attempts": row.attempts,
            "taken_at": row.taken_at,
            "told_at": row.told_at,
            "facts": {name: value for name, value in row.facts.items() if name not in {"day", "before"}},
            "says": [asdict(change) for change in days.told(row, words)],
        }
        for row in rows
    ]
