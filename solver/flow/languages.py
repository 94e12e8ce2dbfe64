"""Which language a meeting is held in, and who interprets there: a start by demand, slot by slot.

Every meeting first speaks the language that those who wish for it understand best. Then, as long as it helps, the
change that places the most people comes: another language for a meeting, or one more interpreter (two where they work
in twos); with the first one a two-language session goes over to both of its languages. A small flow over kinds of
people judges each change, since a place is of no use where another one is free.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from solver.flow.doors import open_to, places
from solver.flow.estimate import UNPLACED, Estimate, Kinds, estimate, kinds_of
from solver.flow.interpreters import can_work, channels_in, idle, in_whole_twos, one_sided, units_for
from solver.flow.numbers import Flags, Numbers
from solver.flow.timetable import InterpreterAt, Timetable
from solver.problem import Interpreter
from solver.problem.eligibility import channels, spoken, working_languages

LOOKED_AT = 8
"""So many changes, the most promising, are judged by a flow before the best of them is made."""


def options(timetable: Timetable, m: int) -> tuple[str | None, ...]:
    """The languages that a meeting may be held in; one alone where it is given."""
    meeting = timetable.meetings[m]
    given = timetable.arrays.languages_given.get((meeting.session, meeting.slot))
    if given is not None:
        return (given,)
    return working_languages(timetable.arrays.problem.session[meeting.session])


def earlier_language(timetable: Timetable, m: int) -> str | None:
    """The language in which an earlier allocation, which is to be kept, held this meeting.

    What a two-language session speaks follows from who comes: it is free to change.
    """
    meeting = timetable.meetings[m]
    if timetable.arrays.problem.session[meeting.session].two_language:
        return None
    before = timetable.arrays.languages_before.get((meeting.session, meeting.slot))
    return before if before in options(timetable, m) else None


def with_languages(timetable: Timetable) -> Timetable:
    """Every meeting in a language of its own, with interpreters where they help; those at work so far are replaced."""
    timetable = as_before(as_most_wished(timetable))
    choice = any(len(options(timetable, m)) > 1 for m in range(len(timetable.meetings)))
    if choice or timetable.arrays.problem.interpreters:
        for t in range(len(timetable.here)):
            timetable = improved(timetable, t)
    return timetable


def as_before(timetable: Timetable) -> Timetable:
    """With the interpreters of an earlier allocation where they were, as far as they still can."""
    arrays, previous = timetable.arrays, timetable.arrays.problem.previous
    who = {each.participant: each for each in arrays.problem.interpreters}
    held = {(each.session, each.slot): m for m, each in enumerate(timetable.meetings)}
    for work in previous.interpreters if previous else ():
        m, interpreter = held.get((work.session, work.slot)), who.get(work.participant)
        if m is None or interpreter is None:
            continue
        open_ = in_both(timetable, m)
        if work.channel in channels_in(open_, interpreter, m) and can_work(open_, interpreter, m):
            timetable = joined(open_, m, work.channel, (interpreter,))
    return in_one(timetable.with_interpreters(in_whole_twos(timetable, list(timetable.interpreters))))


def as_most_wished(timetable: Timetable) -> Timetable:
    """Every meeting in the language that those who wish for it understand, without interpreters."""
    wished = (replace(each, language=_most_wished(timetable, m)) for m, each in enumerate(timetable.meetings))
    return replace(timetable, meetings=tuple(wished), interpreters=())


def _most_wished(timetable: Timetable, m: int) -> str | None:
    """The language understood by most who attended it before; by those who wish for it, with their points; by most."""
    arrays, meeting = timetable.arrays, timetable.meetings[m]
    # Fewer people follow both of two languages than either.
    languages = [each for each in options(timetable, m) if each is not None]
    if len(languages) < 2:
        return languages[0] if languages else None
    if earlier := earlier_language(timetable, m):
        return earlier
    column = arrays.column[meeting.session]
    wish = arrays.demand[:, column]
    before = arrays.of_class[arrays.earlier[:, arrays.slot[meeting.slot]] == column] if arrays.problem.previous else []

    def worth(language: str | None) -> tuple[int, int, int]:
        known = arrays.classes.follow(spoken(arrays.problem.session[meeting.session], language))
        return int(known[before].sum()), int(wish[known].sum()), int(arrays.class_size[known].sum())

    return max(languages, key=lambda language: (*worth(language), str(language)))


def improved(timetable: Timetable, t: int) -> Timetable:
    """Slot t with other languages and more interpreters, as long as the estimate falls."""
    if not len(timetable.here[t]):
        return timetable
    kinds = kinds_of(timetable, t)
    timetable, now = _many_at_once(timetable, t, kinds)
    while True:
        ranked = sorted(_changes(timetable, t, now, kinds), key=lambda change: -change[0])[:LOOKED_AT]
        tried = [(estimate(other, t, kinds), other) for _, other in ranked]
        best = min(tried, key=lambda each: each[0].cost, default=None)
        if best is None or best[0].cost >= now.cost:
            return timetable
        now, timetable = best


def _many_at_once(timetable: Timetable, t: int, kinds: Kinds) -> tuple[Timetable, Estimate]:
    """Slot t with other languages in half as many meetings at a time as must change anyway, as long as that helps.

    Where many people have no place, as many meetings must change as they fill: to judge each of these changes alone
    takes a conference of thousands a minute.
    """
    now, most = estimate(timetable, t, kinds), len(timetable.here[t])
    while True:
        waiting, meetings, language = _waiting(timetable, t, now, kinds)
        most = min(most, waiting // (2 * max(1, int(timetable.most[timetable.here[t]].max()))))
        if most < 2:
            return timetable, now
        other = timetable
        for m in meetings[:most]:
            other = with_language(other, m, language)
        then = estimate(other, t, kinds)
        if then.cost < now.cost:
            timetable, now = other, then
        else:
            most //= 2


def _waiting(timetable: Timetable, t: int, now: Estimate, kinds: Kinds) -> tuple[int, list[int], str | None]:
    """The language that lets in most people without a place, beyond those whom interpreters can serve.

    Returns how many they are, and the meetings of slot t that could speak it, those first that gain most wishes.
    """
    arrays, allowed = timetable.arrays, open_to(timetable)
    served = sum(interpreter.listeners for interpreter in arrays.problem.interpreters)
    let_in: dict[str | None, Flags] = defaultdict(lambda: np.zeros(len(arrays.examples), dtype=bool))
    gains: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
    for j, m in enumerate(timetable.here[t].tolist()):
        session = arrays.problem.session[timetable.meetings[m].session]
        for language in _others(timetable, m):
            follows = allowed[:, m] & arrays.classes.follow(spoken(session, language))
            let_in[language] |= follows & ~timetable.enters[:, m]
            gain = kinds.demand[follows, j].sum() - kinds.demand[timetable.enters[:, m], j].sum()
            gains[language].append((-int(gain), m))
    waiting = {language: int(now.left[classes].sum()) - served for language, classes in let_in.items()}
    language = max(waiting, key=lambda each: (waiting[each], str(each)), default=None)
    return waiting.get(language, 0), [m for _, m in sorted(gains[language])], language


def _others(timetable: Timetable, m: int) -> Iterator[str | None]:
    """The languages that a meeting could also be held in; none where it keeps an earlier one."""
    if not earlier_language(timetable, m):
        yield from (each for each in options(timetable, m) if each != timetable.meetings[m].language)


def _changes(timetable: Timetable, t: int, now: Estimate, kinds: Kinds) -> Iterator[tuple[float, Timetable]]:
    """Every single change in slot t that could help, with what it gives at best."""
    arrays = timetable.arrays
    allowed = open_to(timetable)
    for j, m in enumerate(map(int, timetable.here[t])):
        session = arrays.problem.session[timetable.meetings[m].session]
        shut_out = allowed[:, m] & ~timetable.enters[:, m]
        worth = now.left * UNPLACED + kinds.demand[:, j]
        for language in _others(timetable, m):
            known = arrays.classes.follow(spoken(session, language))
            gain = float(worth[shut_out & known].sum())
            if gain > 0:
                yield gain, with_language(timetable, m, language)
        open_ = in_both(timetable, m)
        for channel, team in units_for(open_, m):
            served = shut_out & arrays.classes.listen(session, open_.meetings[m].language, channel)
            gain = min(float(worth[served].sum()), places(list(team)) * (UNPLACED + 100.0))
            if gain > 0:
                yield gain, joined(open_, m, channel, team)


def joined(timetable: Timetable, m: int, channel: str, team: tuple[Interpreter, ...]) -> Timetable:
    """With these interpreters at work in one more meeting."""
    more = (InterpreterAt(each.participant, timetable.meetings[m].id, channel) for each in team)
    return timetable.with_interpreters((*timetable.interpreters, *more))


def in_both(timetable: Timetable, m: int) -> Timetable:
    """Where somebody could interpret in this meeting: of a two-language session it is held in both then, if it may."""
    meeting = timetable.meetings[m]
    two_language = timetable.arrays.problem.session[meeting.session].two_language
    if meeting.language is None or not two_language or None not in options(timetable, m):
        return timetable
    return with_language(timetable, m, None)


def in_one(timetable: Timetable) -> Timetable:
    """Meetings held in two languages without anybody who interprets in the one most wished for: more people follow."""
    meetings, problem = list(timetable.meetings), timetable.arrays.problem
    for m, meeting in enumerate(meetings):
        alone = meeting.language is None and not timetable.working[meeting.id]
        if alone and problem.session[meeting.session].two_language:
            meetings[m] = replace(meeting, language=_most_wished(timetable, m))
    if tuple(meetings) == timetable.meetings:
        return timetable
    return replace(timetable, meetings=tuple(meetings))


def needed(timetable: Timetable, t: int, at: Numbers, channel: Numbers) -> Timetable:
    """Without the interpreters of slot t whom nobody needs; the same timetable where everybody is needed.

    at, channel: see `idle`. Where all listeners of a two-language meeting understand one and the same language, it is
    held in that.
    """
    gone = idle(timetable, t, at, channel)
    other = timetable.with_interpreters(each for each in timetable.interpreters if each not in gone)
    for m, language in one_sided(timetable, t, at, channel).items():
        other = with_language(other, m, language)
    return other if gone or other.meetings != timetable.meetings else timetable


def with_language(timetable: Timetable, m: int, language: str | None) -> Timetable:
    """A meeting in another language; its interpreters go on from the new language into the old one, or leave."""
    meeting = timetable.meetings[m]
    session, old = timetable.arrays.problem.session[meeting.session], meeting.language
    pairs = {each.participant: each.pairs for each in timetable.arrays.problem.interpreters}
    kept = [each for each in timetable.interpreters if each.meeting != meeting.id]
    for each in timetable.interpreters:
        if each.meeting == meeting.id:
            open_ = channels(pairs[each.participant], session, language)
            channel = each.channel if each.channel in open_ else old
            if channel in open_:
                kept.append(replace(each, channel=channel))
    meetings = (*timetable.meetings[:m], replace(meeting, language=language), *timetable.meetings[m + 1 :])
    return replace(timetable, meetings=meetings).with_interpreters(in_whole_twos(timetable, kept))
