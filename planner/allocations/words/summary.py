"""How good a plan is, in sentences: each has its figure from `figures`, and none gets better when a plan gets worse."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from planner import languages
from planner.allocations.results.figures import Figures
from planner.allocations.results.in_charge import Lost
from planner.allocations.results.outdated import Outdated
from planner.allocations.words.breaches import not_kept
from planner.allocations.words.explaining import for_organisers
from planner.allocations.words.idle import for_nobody
from planner.allocations.words.names import Names
from planner.words import percent
from solver import SMALL, Role, Shortage


def summary(figures: Figures) -> list[str]:
    """The plan in a few sentences, the most important first."""
    told = figures.told
    if not told.days:
        return [_("Nobody who could choose has named wishes.")]
    best = ngettext(
        "%(num)s of %(all)s people who could choose has the best day that her list allows.",
        "%(num)s of %(all)s people who could choose have the best day that their list allows.",
        told.with_best_day,
        all=len(told.days),
    )
    lacking = ngettext(
        "Of %(all)s wishes that lists and time allow, %(num)s came true.",
        "Of %(all)s wishes that lists and time allow, %(num)s came true.",
        told.possible - told.lacking,
        all=told.possible,
    )
    worst = _("Whoever got least has %(share)s %% of what her list allows.", share=percent(told.lowest))
    return [best, lacking, *_empty_handed(figures), worst]


def _empty_handed(figures: Figures) -> list[str]:
    twice, nothing = len(figures.told.lacking_twice), len(figures.told.without_a_wish)
    found = []
    if twice:
        found.append(ngettext("%(num)s person misses two or more.", "%(num)s people miss two or more.", twice))
    if nothing:
        found.append(
            ngettext("%(num)s person got none of her wishes.", "%(num)s people got none of their wishes.", nothing)
        )
    else:
        found.append(_("Everybody who could choose has at least one wish fulfilled."))
    return found


def few(figures: Figures) -> str:
    """Why a group has no share; empty where all have one."""
    small = any(row["days"] and row["days"].is_small for row in figures.by_group)
    return _("–: of fewer than %(count)s people no share is told.", count=SMALL) if small else ""


def in_charge(lost: Iterable[Lost], names: Names) -> list[str]:
    """Who is in charge of a meeting whose language she does not understand; for organisers only."""
    return [_in_charge(each, names) for each in lost]


def _in_charge(each: Lost, names: Names) -> str:
    spoken = languages.in_a_row([languages.name_of(code) for code in each.languages])
    facts = names.of({"participant": each.participant, "session": each.session, "slot": each.slot})
    told = {
        "name": languages.isolated(facts["participant"]),
        "title": facts["session"],
        "slot": facts["slot"],
        "languages": spoken,
    }
    if each.role is Role.NOTE_TAKER:
        return _("%(slot)s: %(name)s takes notes in “%(title)s”, but does not understand %(languages)s.", **told)
    return _("%(slot)s: %(name)s leads “%(title)s”, but does not understand %(languages)s.", **told)


def shortage(told: Shortage, *, needs: bool = True) -> list[str]:
    """One round in which places are missing: how many, why, and what would help, the gentlest first.

    Without `needs` nothing tells that it is what somebody needs, and nothing ever that somebody does not want it: the
    names stand beside it.
    """
    reasons: Counter[str] = Counter()
    for reason, count in told.reasons.items():
        reasons[for_organisers(reason, needs)] += count
    told = replace(told, reasons=dict(reasons))
    wanted = ngettext("%(num)s person is there and free", "%(num)s people are there and free", told.wanted)
    places = ngettext("the meetings have %(num)s place.", "the meetings have %(num)s places.", told.places)
    return [f"{wanted}; {places}", *(_reason(reason, count) for reason, count in told.reasons.items()), *_helps(told)]


def _reason(reason: str, count: int) -> str:
    return {
        "full": ngettext("No place was free for %(num)s person.", "No place was free for %(num)s people.", count),
        "language": ngettext(
            "%(num)s person does not understand the language of the meetings with free places.",
            "%(num)s people do not understand the language of the meetings with free places.",
            count,
        ),
        "unspoken": ngettext(
            "No meeting in this round is held in a language that %(num)s person understands, and nobody interprets "
            "there for her.",
            "No meeting in this round is held in a language that %(num)s people understand, and nobody interprets "
            "there for them.",
            count,
        ),
        "needs": ngettext(
            "For %(num)s person the rooms with free places lack what she needs.",
            "For %(num)s people the rooms with free places lack what they need.",
            count,
        ),
        "not_open": ngettext(
            "The meetings with free places are not open to %(num)s person.",
            "The meetings with free places are not open to %(num)s people.",
            count,
        ),
        "been": ngettext(
            "%(num)s person has been to the sessions with free places in another round.",
            "%(num)s people have been to the sessions with free places in another round.",
            count,
        ),
        "other": ngettext(
            "Another rule, or a goal that concerns everybody, keeps %(num)s person out of the free places.",
            "Another rule, or a goal that concerns everybody, keeps %(num)s people out of the free places.",
            count,
        ),
    }[reason]


def _helps(told: Shortage) -> Iterable[str]:
    everywhere, everybody = told.been_everywhere, len(told.people)
    if {"language", "unspoken"} & told.reasons.keys():
        spoken = ", ".join(languages.name_of(code) for code in told.languages)
        yield _("An interpreter would help, or a meeting in one of these languages: %(languages)s.", languages=spoken)
    if everywhere:
        yield ngettext(
            "%(num)s person has been to every session that is open to her and that she understands. "
            "One more such session would help her.",
            "%(num)s people have been to every session that is open to them and that they understand. "
            "One more such session would help them.",
            everywhere,
        )
    beyond = told.reasons.get("been", 0) + (told.reasons.get("full", 0) if told.in_vain == everybody else 0)
    if told.wanted > told.places and everywhere < everybody and told.in_vain < everybody:
        number = told.wanted - told.places
        yield ngettext(
            "At least %(num)s more place is needed here.", "At least %(num)s more places are needed here.", number
        )
        yield from _more_places(told)
    elif beyond > everywhere:
        yield _("A meeting of a session that they understand and have not been to would help.")
    if "needs" in told.reasons:
        yield _("A larger room with what these people need would help.")


def _more_places(told: Shortage) -> Iterable[str]:
    """What is there already before what would have to be found."""
    if not told.rooms_free:
        yield _larger(told.bound_by)
        return
    yield ngettext(
        "One more meeting would help: %(num)s room stands empty in this round.",
        "One more meeting would help: %(num)s rooms stand empty in this round.",
        told.rooms_free,
    )
    if told.sessions_less:
        yield ngettext(
            "%(num)s session is held less often than it is offered.",
            "%(num)s sessions are held less often than they are offered.",
            told.sessions_less,
        )


def _larger(bound_by: frozenset[str]) -> str:
    """True of every meeting: where room or maximum bind in some, or both at once, one alone need not help."""
    if not bound_by:
        return _("One more meeting in this round would help.")
    if bound_by == {"room"}:
        return _("A larger room or one more meeting would help.")
    if bound_by == {"maximum"}:
        return _("A higher maximum or one more meeting would help.")
    return _("A larger room together with a higher maximum would help, or one more meeting.")


def changes(found: Outdated, names: Names) -> list[str]:
    """What has changed since a run was asked for, and what its plan breaks today."""
    sentences = counts(found)
    if found.contradiction:
        sentences.append(str(found.contradiction.sentence))
    sentences += [*_gone(found, names), *for_nobody(found.idle, names)]
    if found.broken:
        sentences.append(_("With what is set now, the plan breaks these rules:"))
        sentences += [not_kept(rule, breaches, names) for rule, breaches in found.broken.items()]
    return sentences


def counts(found: Outdated) -> list[str]:
    """What has changed since then, without a name: for everybody who reads a plan."""
    return [_change(part, count) for part, count in found.changed.items()]


def _gone(found: Outdated, names: Names) -> Iterable[str]:
    """Who and what has a place in the plan only; nobody has the name of somebody who was erased."""
    people = found.gone.get("participant", [])
    known = [languages.isolated(names.people[key]) for key in people if key in names.people]
    titles = [languages.isolated(names.of({"session": id})["session"]) for id in found.gone.get("session", [])]
    if known:
        yield ngettext(
            "%(names)s has a place in the plan, but does not take part any more.",
            "%(names)s have places in the plan, but do not take part any more.",
            len(known),
            names=languages.in_a_row(known),
        )
    if len(people) > len(known):
        yield ngettext(
            "%(num)s person in the plan has been erased.",
            "%(num)s people in the plan have been erased.",
            len(people) - len(known),
        )
    if titles:
        yield ngettext(
            "%(titles)s is in the plan, but is not held any more.",
            "%(titles)s are in the plan, but are not held any more.",
            len(titles),
            titles=languages.in_a_row(titles),
        )


def _change(part: str, count: int) -> str:
    return {
        "slots": ngettext("%(num)s round has changed.", "%(num)s rounds have changed.", count),
        "rooms": ngettext("%(num)s room has changed.", "%(num)s rooms have changed.", count),
        "sessions": ngettext("%(num)s session has changed.", "%(num)s sessions have changed.", count),
        "meetings": ngettext("%(num)s fixed meeting has changed.", "%(num)s fixed meetings have changed.", count),
        "interpreters": ngettext("%(num)s interpreter has changed.", "%(num)s interpreters have changed.", count),
        "quotas": ngettext("%(num)s bound for a group has changed.", "%(num)s bounds for groups have changed.", count),
        "rules": ngettext("%(num)s rule has changed.", "%(num)s rules have changed.", count),
        "people_gone": ngettext(
            "%(num)s person does not take part any more.", "%(num)s people do not take part any more.", count
        ),
        "people_new": ngettext("%(num)s person is new.", "%(num)s people are new.", count),
        "people_favourites": ngettext("%(num)s person has other wishes.", "%(num)s people have other wishes.", count),
        "people_vetoes": ngettext(
            "%(num)s person has said otherwise what is not for her.",
            "%(num)s people have said otherwise what is not for them.",
            count,
        ),
        "people_languages": ngettext(
            "%(num)s person gave other languages.", "%(num)s people gave other languages.", count
        ),
        "people_presumed": ngettext(
            "%(num)s person who gave no language is now taken to understand something else.",
            "%(num)s people who gave no language are now taken to understand something else.",
            count,
        ),
        "people_slots": ngettext(
            "%(num)s person is there in other rounds.", "%(num)s people are there in other rounds.", count
        ),
        "people_attributes": ngettext(
            "%(num)s person is in another group or organisation, or something else that rules ask for has changed.",
            "%(num)s people are in other groups or organisations, or something else that rules ask for has changed.",
            count,
        ),
        "people_attends": ngettext(
            "%(num)s person has another part in it.", "%(num)s people have another part in it.", count
        ),
    }[part]
