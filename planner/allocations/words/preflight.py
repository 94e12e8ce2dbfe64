"""What an organiser should know before a run: sentences with the place where each can be mended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy import func, select

from planner import languages, participants, preferences, programme
from planner.allocations.runs.snapshot import COUNTED
from planner.extensions import db
from planner.models import Conference, Duty, Level, Participant, Preference, Session


@dataclass(frozen=True)
class Hint:
    """`blocks` means that no run can succeed like this."""

    sentence: object
    endpoint: str
    blocks: bool = False


def preflight(conference: Conference, now: datetime) -> list[Hint]:
    sessions = programme.open_sessions(conference)
    people = [p for p in participants.listed(conference) if p.state in COUNTED and p.attends]
    found = [*_frame(conference, sessions, people)]
    if not any(hint.blocks for hint in found):
        found += [
            *_seats(conference, sessions, people),
            *_features(conference, sessions),
            *_staff(conference, sessions),
            *_tongues(conference, sessions, people),
            *_wishes(conference, people, now),
        ]
    return found


def _frame(conference: Conference, sessions: list[Session], people: list[Participant]) -> Iterator[Hint]:
    if not conference.slots:
        yield Hint(_l("There are no rounds yet."), "organiser.slots.index", True)
    if not conference.rooms:
        yield Hint(_l("There are no rooms yet."), "organiser.rooms.index", True)
    if not sessions:
        yield Hint(_l("There are no sessions yet."), "organiser.sessions.index", True)
    if not people:
        yield Hint(_l("Nobody is registered yet."), "organiser.people.index", True)


def _seats(conference: Conference, sessions: list[Session], people: list[Participant]) -> Iterator[Hint]:
    meetings = sum(session.offered for session in sessions if not session.may_be_cancelled)
    places = sum(len(conference.slots) - len(room.closures) for room in conference.rooms)
    if meetings > places:
        yield Hint(
            _l(
                "%(meetings)s meetings are planned, but rooms are free only %(places)s times.",
                meetings=meetings,
                places=places,
            ),
            "organiser.rooms.index",
            True,
        )
    largest = max((room.capacity for room in conference.rooms), default=0)
    for session in sessions:
        if session.minimum + len(session.roles) > largest:
            yield Hint(
                _l(
                    "“%(title)s” needs at least %(count)s people, but the largest room has %(chairs)s chairs.",
                    title=languages.pick(session.title, languages.current()),
                    count=session.minimum,
                    chairs=largest,
                ),
                "organiser.sessions.index",
                True,
            )
    seats = sum(session.maximum * session.offered for session in sessions)
    wanted = sum(len(conference.slots) - len(person.absences) for person in people)
    if seats < wanted:
        yield Hint(
            _l(
                "All meetings together have %(seats)s seats, %(wanted)s are needed. Some people will have no place.",
                seats=seats,
                wanted=wanted,
            ),
            "organiser.sessions.index",
        )
    fewest = sum(s.minimum * s.offered for s in sessions if not s.may_be_cancelled)
    if fewest > wanted:
        yield Hint(
            _l(
                "The minimum sizes add up to %(fewest)s people, but only %(wanted)s places are asked for.",
                fewest=fewest,
                wanted=wanted,
            ),
            "organiser.sessions.index",
            True,
        )


def _features(conference: Conference, sessions: list[Session]) -> Iterator[Hint]:
    for session in sessions:
        if not any(set(session.features) <= set(room.features) for room in conference.rooms):
            yield Hint(
                _l(
                    "No room has everything that “%(title)s” needs.",
                    title=languages.pick(session.title, languages.current()),
                ),
                "organiser.rooms.index",
                not session.may_be_cancelled,
            )


def _staff(conference: Conference, sessions: list[Session]) -> Iterator[Hint]:
    here = languages.current()
    duties: dict[int, int] = {}
    for session in sessions:
        if not session.roles:
            yield Hint(
                _l("“%(title)s” has nobody who leads it.", title=languages.pick(session.title, here)),
                "organiser.sessions.index",
            )
        if session.may_be_cancelled:
            continue
        for role in session.roles:
            there = len(conference.slots) - len(role.participant.absences)
            duties[role.participant_id] = duties.get(role.participant_id, 0) + session.offered
            if duties[role.participant_id] > there:
                yield Hint(
                    _l(
                        "%(name)s is needed in %(count)s meetings, but is there in %(there)s rounds.",
                        name=role.participant.name,
                        count=duties[role.participant_id],
                        there=there,
                    ),
                    "organiser.sessions.index",
                    True,
                )


def _tongues(conference: Conference, sessions: list[Session], people: list[Participant]) -> Iterator[Hint]:
    yield from _silent(conference, people)
    offered = {code for session in sessions for code in session.languages}
    interpreted = {
        code for p in participants.listed(conference) for pair in p.interprets for code in (pair.source, pair.target)
    }
    lost = [p for p in people if p.languages and not _understood(conference, p) & (offered | interpreted)]
    if lost and all(session.languages for session in sessions):
        yield Hint(
            lazy_ngettext(
                "%(num)s person understands no language that is offered or interpreted.",
                "%(num)s people understand no language that is offered or interpreted.",
                len(lost),
            ),
            "organiser.people.index",
        )
    yield from _led_in_no_language(conference, sessions)


def _silent(conference: Conference, people: list[Participant]) -> Iterator[Hint]:
    """Who has given no language, and what that means for her."""
    silent = sum(not person.languages for person in people)
    if silent and conference.presumes_language:
        yield Hint(
            lazy_ngettext(
                "%(num)s person has given no language. She is taken to understand %(language)s.",
                "%(num)s people have given no language. They are taken to understand %(language)s.",
                silent,
                language=languages.name_of(conference.language),
            ),
            "organiser.people.index",
        )
    elif silent:
        yield Hint(
            lazy_ngettext(
                "%(num)s person has given no language. She gets a place only where language plays no part.",
                "%(num)s people have given no language. They get a place only where language plays no part.",
                silent,
            ),
            "organiser.people.index",
        )


def _led_in_no_language(conference: Conference, sessions: list[Session]) -> Iterator[Hint]:
    """Languages that a session may be held in although none of those who lead it understands them."""
    for session in sessions:
        leading = [role.participant for role in session.roles if role.duty is Duty.FACILITATOR]
        understood = {code for person in leading for code in _understood(conference, person)}
        for code in session.languages:
            if leading and code not in understood:
                yield Hint(
                    _l(
                        "“%(title)s” may be held in %(language)s, but nobody who leads it understands that.",
                        title=languages.pick(session.title, languages.current()),
                        language=languages.name_of(code),
                    ),
                    "organiser.sessions.index",
                )


def _understood(conference: Conference, person: Participant) -> set[str]:
    if conference.understands_by_default(person):
        return {conference.language}
    return {row.language for row in person.languages if row.level is not Level.NEEDS_HELP}


def _wishes(conference: Conference, people: list[Participant], now: datetime) -> Iterator[Hint]:
    if conference.takes_wishes(now):
        yield Hint(
            _l("People can still change their wishes. This run is a draft; repeat it after the deadline."),
            "organiser.settings.edit",
        )
    missing = len(preferences.not_chosen(conference))
    if missing:
        yield Hint(
            lazy_ngettext("%(num)s person has not chosen yet.", "%(num)s people have not chosen yet.", missing),
            "organiser.people.index",
        )
    chosen = db.session.scalar(
        select(func.count()).select_from(Preference).join(Participant).where(Participant.conference_id == conference.id)
    )
    if people and not chosen:
        yield Hint(_l("Nobody has wishes yet. Only the mix will decide."), "organiser.people.index")
