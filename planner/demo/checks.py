"""Whether a demonstration's parts fit together: every key leads somewhere, no text is missing."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo, available_timezones

from planner.demo.data import Demonstration, Participant, Session
from planner.models import WORKED_ON

PRESETS = ("balanced", "wishes_first", "mix_first")
EVERYWHERE = ("de", "en")


def faults_of(demo: Demonstration) -> list[str]:
    """One sentence for each mistake; empty means that the data can be loaded."""
    return [
        *_the_frame_holds(demo),
        *_keys_are_unique(demo),
        *_references_lead_somewhere(demo),
        *_texts_are_complete(demo),
        *_tasks_are_complete(demo),
        *_staff_can_do_it(demo),
        *_languages_are_led(demo),
    ]


def _the_frame_holds(demo: Demonstration) -> Iterator[str]:
    """What the database, or the clock, would refuse later and less clearly."""
    place = demo.conference
    if place.zone not in available_timezones():
        yield f"zone: nobody knows the time zone {place.zone}"
        return
    if place.preset not in PRESETS:
        yield f"preset: {place.preset} is none of {', '.join(PRESETS)}"
    today, zone = date(2000, 1, 3), ZoneInfo(place.zone)
    for early, late in (("call_from", "call_until"), ("wishes_from", "wishes_until"), ("day_starts", "day_ends")):
        if getattr(place.dates, early).at(today, zone) >= getattr(place.dates, late).at(today, zone):
            yield f"dates: {early} does not come before {late}"
    for coloured in (place.themes, demo.groups):
        yield from (f"{part.key}: a colour is a number from 1 to 8" for part in coloured if not 1 <= part.colour <= 8)
    for family in (place.slots, place.agenda):
        yield from (f"“{span.title.get('de')}” ends before it begins" for span in family if span.is_turned_round)


def _keys_are_unique(demo: Demonstration) -> Iterator[str]:
    families: dict[str, Iterable[object]] = {
        "slot": [slot.key for slot in demo.conference.slots],
        "theme": [theme.key for theme in demo.conference.themes],
        "group": [group.key for group in demo.groups],
        "group letter": [group.letter for group in demo.groups],
        "room": [room.key for room in demo.rooms],
        "session": [session.key for session in demo.sessions],
        "session number": [session.number for session in demo.sessions],
        "participant": [person.key for person in demo.participants],
        "e-mail": [person.email for person in demo.participants if person.email],
    }
    for family, keys in families.items():
        yield from (f"{family} {key} is there twice" for key, times in Counter(keys).items() if times > 1)


def _references_lead_somewhere(demo: Demonstration) -> Iterator[str]:
    for person in demo.participants:
        yield from _person_leads_somewhere(demo, person)
    people = {person.key for person in demo.participants}
    themes = {theme.key for theme in demo.conference.themes}
    sessions = {session.key for session in demo.sessions}
    for session in demo.sessions:
        yield from _lost(f"session {session.key}", session.staff, people)
        yield from _lost(f"session {session.key}", [session.theme], themes)
        yield from _lost(f"session {session.key}", [session.plan], demo.conference.plans)
    for submission in demo.submissions:
        where = f"submission of {submission.author}"
        yield from _lost(where, [submission.author], people)
        yield from _lost(where, [submission.theme], themes)
        yield from _lost(where, [submission.session] if submission.session else [], sessions)
        if (submission.session is not None) != (submission.state in WORKED_ON):
            yield f"{where}: state {submission.state} and session {submission.session} do not fit"
        if submission.supporters and not submission.is_let_through:
            yield f"{where}: it concerns others who have not seen it"
    for room in demo.rooms:
        yield from _lost(f"room {room.key}", room.closed, {slot.key for slot in demo.conference.slots})
    for quota in demo.mix.quotas:
        yield from _lost("a quota", [quota.group], {group.key for group in demo.groups})
        yield from _lost("a quota", [quota.session] if quota.session else [], sessions)


def _person_leads_somewhere(demo: Demonstration, person: Participant) -> Iterator[str]:
    where = f"participant {person.key}"
    sessions = {session.key for session in demo.sessions}
    homes = {group.key: group.organisations for group in demo.groups}
    yield from _lost(where, [person.group], homes)
    if person.organisation is not None:
        yield from _lost(where, [person.organisation], homes.get(person.group, ()))
    yield from _lost(where, person.away, {slot.key for slot in demo.conference.slots})
    yield from _lost(where, person.wishes + person.vetoes, sessions)
    listed = person.wishes + person.vetoes
    yield from (f"{where}: {key} is listed twice" for key, times in Counter(listed).items() if times > 1)


def _lost(where: str, keys: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    known = set(known)
    yield from (f"{where}: nobody knows {key}" for key in keys if key not in known)


def _texts_are_complete(demo: Demonstration) -> Iterator[str]:
    place = demo.conference
    short = [place.title, place.summary, place.addressee]
    short += [part.title for family in (place.slots, place.agenda, place.themes, demo.groups) for part in family]
    short += [item.place for item in place.agenda] + [room.directions for room in demo.rooms]
    short += [text for session in demo.sessions for text in (session.title, session.sentence)]
    for texts in short:
        missing = [language for language in place.languages if not texts.get(language)]
        yield from (f"“{texts.get('de')}” has no text in {language}" for language in missing)


def _tasks_are_complete(demo: Demonstration) -> Iterator[str]:
    lists = [(session.key, session.questions) for session in demo.sessions]
    lists += demo.conference.plans.items()
    for key, lines in lists:
        if not all(lines.get(language) for language in EVERYWHERE):
            yield f"{key}: the task is missing in a language"
        elif len({len(lines[language]) for language in EVERYWHERE}) > 1:
            yield f"{key}: the languages have different numbers of lines"
    for session in demo.sessions:
        if not all(session.goal.get(language) for language in EVERYWHERE):
            yield f"{session.key}: the goal is missing in a language"


def _staff_can_do_it(demo: Demonstration) -> Iterator[str]:
    """They are there all day, understand a working language, and lead one session only."""
    people = {person.key: person for person in demo.participants}
    for key, times in Counter(key for session in demo.sessions for key in session.staff).items():
        if times > 1:
            yield f"participant {key} has duties in {times} sessions"
    for session in demo.sessions:
        for key in session.staff:
            if key in people and not _can_serve(people[key], session):
                yield f"participant {key} cannot serve in session {session.key}"


def _languages_are_led(demo: Demonstration) -> Iterator[str]:
    """Whatever language a meeting is held in, somebody who leads it understands that."""
    people = {person.key: person for person in demo.participants}
    for session in demo.sessions:
        understood = {code for key in session.facilitators if key in people for code in people[key].understood}
        yield from (
            f"nobody leads session {session.key} in {code}" for code in session.languages if code not in understood
        )
        if session.two_language and len(session.languages) != 2:
            yield f"session {session.key} may be held in two languages at once, but names {len(session.languages)}"


def _can_serve(person: Participant, session: Session) -> bool:
    return (
        person.comes
        and person.attends
        and not person.away
        and session.key not in person.wishes + person.vetoes
        and bool(person.understood & set(session.languages))
    )
