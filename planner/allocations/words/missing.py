"""What is missing for a good plan: one list, weeks before and at the button, each line with where it is mended."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

import solver
from planner import languages, participants, programme
from planner.allocations.results.answer import question
from planner.allocations.runs.snapshot import Today
from planner.allocations.words.hint import Hint
from planner.allocations.words.names import Names
from planner.allocations.words.promised import promised
from planner.allocations.words.rounds import without_rounds
from planner.allocations.words.shortfalls import BLOCKS, REMEDIES, sentence_of, told_once
from planner.models import Allocation, Conference, Duty, InterpreterPair, Level, Session
from planner.roster import Entry
from solver import Problem, Shortfall


@dataclass(frozen=True)
class Part:
    """Lines of one kind under a heading, those first with which no run can succeed."""

    title: object
    hints: Sequence[Hint]


LANGUAGES_OF_PEOPLE = (_l("Look at what people said about languages"), "organiser.people.index")
ABOUT = {
    **dict.fromkeys(("facilitator", "note_taker", "staff_presence"), "in_charge"),
    **dict.fromkeys(("places_by_language", "interpreters"), "languages"),
}
"""What a shortfall is about, if not places and rooms."""
LANGUAGES_OF_SESSIONS = (_l("Change its languages, or who leads it"), "organiser.sessions.index")
AT_ODDS = Hint(
    _l("One rule says that people sit together, another one that they never meet. No run can keep both."),
    _l("Look at the rules"),
    "organiser.rules.index",
)


def preflight(conference: Conference, today: Today, now: datetime, at_odds: int = 0) -> list[Part]:
    """At the button, with nobody's needs.

    Where a part is missing altogether, or what is set contradicts itself, only that. `at_odds` counts the agreements
    that the reader knows of and that contradict others.
    """
    found = lacking(conference)
    if found:
        return [Part(_l("Not there yet"), found)]
    if today.problem is None:
        wrong = today.contradiction
        hints = [Hint(wrong.sentence, _l("Correct it there"), wrong.endpoint, True)] if wrong else []
        return [Part(_l("Contradiction"), hints)]
    counted = missing(conference, today, today.problem, solver.forecast(today.problem).shortfalls, now)
    return [Part(_l("Rules"), [AT_ODDS]), *counted] if at_odds else counted


def missing(
    conference: Conference, today: Today, problem: Problem, shortfalls: Sequence[Shortfall], now: datetime
) -> list[Part]:
    """Counted on the problem, which may know what people need; of the shortfalls some people may be left away."""
    names, sessions, everybody = Names(conference), today.sessions, today.everybody
    people = [person for person in everybody if person.is_coming and person.attends]
    pairs = [pair for person in everybody for pair in person.interprets]
    told, asked = _told(problem, told_once(shortfalls), names), promised(conference, sessions, everybody)
    found = [
        (_l("Places and rooms"), [*without_rounds(problem, names), *told["places"]]),
        (
            _l("Who leads and takes notes"),
            [*told["in_charge"], *asked["in_charge"], *_lost_in_charge(conference, sessions, everybody)],
        ),
        (
            _l("Languages"),
            [
                *told["languages"],
                *asked["languages"],
                *_silent(conference, people),
                *_lost(conference, sessions, people, pairs),
                *_led_in_no_language(conference, sessions, everybody),
                *_not_bridged(sessions, pairs),
            ],
        ),
        (_l("People and wishes"), [*_without_group(conference, people), *_wishes(conference, problem, now)]),
    ]
    parts = [Part(title, sorted(hints, key=lambda hint: not hint.blocks)) for title, hints in found if hints]
    return sorted(parts, key=lambda part: not part.hints[0].blocks)


def lacking(conference: Conference) -> list[Hint]:
    """The parts without which there is nothing to ask: quickly told, without counting anything."""
    return _frame(conference, programme.offers_anything(conference), participants.anybody_attends(conference))


def causes(run: Allocation) -> list[Hint]:
    """What alone made this run impossible, counted on what it was asked."""
    problem = question(run)
    if problem is None:
        return []
    names = Names(run.conference)
    told = _told(problem, told_once(solver.forecast(problem).shortfalls), names)
    found = [*without_rounds(problem, names), *(hint for hints in told.values() for hint in hints)]
    return [hint for hint in found if hint.blocks]


def _frame(conference: Conference, sessions: bool, people: bool) -> list[Hint]:
    parts = (
        (bool(conference.slots), _l("There are no rounds yet."), _l("Add rounds"), "organiser.slots.new"),
        (bool(conference.rooms), _l("There are no rooms yet."), _l("Add the rooms"), "organiser.rooms.new"),
        (sessions, _l("There are no sessions yet."), _l("Add the sessions"), "organiser.sessions.new"),
        (people, _l("Nobody is registered yet."), _l("Add people"), "organiser.people.new"),
    )
    return [Hint(sentence, remedy, endpoint, True) for there, sentence, remedy, endpoint in parts if not there]


def _told(problem: Problem, shortfalls: Sequence[Shortfall], names: Names) -> dict[str, list[Hint]]:
    """By what they are about; who gave no language is told beside who else is silent."""
    found: dict[str, list[Hint]] = {"places": [], "in_charge": [], "languages": []}
    for each in shortfalls:
        if each.facts.get("language") == "":
            continue
        optional = "session" in each.facts and problem.session[each.facts["session"]].may_be_cancelled
        hint = Hint(sentence_of(each, names), *REMEDIES[each.code], each.code in BLOCKS and not optional)
        found[ABOUT.get(each.code, "places")].append(hint)
    return found


def _without_group(conference: Conference, people: Sequence[Entry]) -> Iterator[Hint]:
    """Whom nothing mixes."""
    without = sum(person.group_id is None for person in people)
    if without and conference.groups:
        yield Hint(
            lazy_ngettext(
                "%(num)s person is in no group, so the mix does not count her.",
                "%(num)s people are in no group, so the mix does not count them.",
                without,
            ),
            _l("Look who it is"),
            "organiser.people.index",
            only="no_group",
        )


def _lost(
    conference: Conference, sessions: Sequence[Session], people: list[Entry], pairs: Sequence[InterpreterPair]
) -> Iterator[Hint]:
    """People whom no language reaches, though every session says what it is held in."""
    offered = {code for session in sessions for code in session.languages}
    interpreted = {code for pair in pairs for code in (pair.source, pair.target)}
    lost = [p for p in people if p.languages and not _understood(conference, p) & (offered | interpreted)]
    if lost and all(session.languages for session in sessions):
        yield Hint(
            lazy_ngettext(
                "%(num)s person understands no language that is offered or interpreted.",
                "%(num)s people understand no language that is offered or interpreted.",
                len(lost),
            ),
            *LANGUAGES_OF_PEOPLE,
        )


def _silent(conference: Conference, people: list[Entry]) -> Iterator[Hint]:
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
            *LANGUAGES_OF_PEOPLE,
            only="no_language",
        )
    elif silent:
        yield Hint(
            lazy_ngettext(
                "%(num)s person has given no language. She gets a place only where language plays no part.",
                "%(num)s people have given no language. They get a place only where language plays no part.",
                silent,
            ),
            *LANGUAGES_OF_PEOPLE,
            only="no_language",
        )


def _lost_in_charge(conference: Conference, sessions: Sequence[Session], everybody: Sequence[Entry]) -> Iterator[Hint]:
    """Who leads or takes notes in a session without understanding any language that it may be held in."""
    known = {person.id: person for person in everybody}
    for session in sessions:
        spoken = languages.in_a_row([languages.name_of(code) for code in session.languages])
        told = {"title": languages.pick(session.title, languages.current()), "languages": spoken}
        for role in session.roles:
            person = known[role.participant_id]
            if not _is_lost(conference, session, person):
                continue
            name = languages.isolated(person.name)
            if role.duty is Duty.NOTE_TAKER:
                sentence = _l(
                    "%(name)s takes notes in “%(title)s”, but does not understand %(languages)s.", name=name, **told
                )
            else:
                sentence = _l("%(name)s leads “%(title)s”, but does not understand %(languages)s.", name=name, **told)
            yield Hint(sentence, *LANGUAGES_OF_SESSIONS)


def _is_lost(conference: Conference, session: Session, person: Entry) -> bool:
    """Only somebody who said something about languages."""
    spoken = set(session.languages)
    return bool(spoken and person.languages) and not _understood(conference, person) & spoken


def _led_in_no_language(
    conference: Conference, sessions: Sequence[Session], everybody: Sequence[Entry]
) -> Iterator[Hint]:
    """Languages that a session may be held in although none of those who lead it understands them."""
    known = {person.id: person for person in everybody}
    for session in sessions:
        leading = [known[role.participant_id] for role in session.roles if role.duty is Duty.FACILITATOR]
        leading = [person for person in leading if not _is_lost(conference, session, person)]  # named already
        understood = {code for person in leading for code in _understood(conference, person)}
        for code in session.languages:
            if leading and code not in understood:
                yield Hint(
                    _l(
                        "“%(title)s” may be held in %(language)s, but nobody who leads it understands that.",
                        title=languages.pick(session.title, languages.current()),
                        language=languages.name_of(code),
                    ),
                    *LANGUAGES_OF_SESSIONS,
                )


def _not_bridged(sessions: Sequence[Session], known: Sequence[InterpreterPair]) -> Iterator[Hint]:
    """Sessions that may be held in two languages at once, without anybody who interprets between the two."""
    pairs = {frozenset((pair.source, pair.target)) for pair in known}
    for session in sessions:
        if session.two_language and frozenset(session.languages) not in pairs:
            names = [languages.name_of(code) for code in session.languages]
            yield Hint(
                _l(
                    "Nobody interprets between %(first)s and %(second)s. "
                    "So “%(title)s” is only for people who all understand the same one of them.",
                    title=languages.pick(session.title, languages.current()),
                    first=names[0],
                    second=names[1],
                ),
                _l("Look for interpreters"),
                "organiser.people.index",
            )


def _understood(conference: Conference, person: Entry) -> set[str]:
    if conference.understands_by_default(person):
        return {conference.language}
    return {language for language, level in person.languages.items() if level is not Level.NEEDS_HELP}


def _wishes(conference: Conference, problem: Problem, now: datetime) -> Iterator[Hint]:
    if conference.wishes_may_change(now):
        yield Hint(
            _l("People can still change their wishes. A run now is a draft; repeat it after the deadline."),
            _l("Look at the dates"),
            "organiser.settings.edit",
        )
    missing = len(solver.who_counts(problem).without_wishes)
    if missing:
        yield Hint(
            lazy_ngettext(
                "%(num)s person has chosen nothing that is offered yet.",
                "%(num)s people have chosen nothing that is offered yet.",
                missing,
            ),
            _l("Look who it is"),
            "organiser.people.index",
            only="not_chosen",
        )
    if not any(person.favourites for person in problem.participants):
        yield Hint(
            _l("Nobody has wishes yet. Only the mix will decide."), _l("Invite people"), "organiser.people.index"
        )
