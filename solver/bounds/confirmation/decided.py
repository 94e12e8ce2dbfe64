"""Rules 13 to 15 as rows: what is decided, vetoes, slots and order."""

from solver.bounds.confirmation.columns import Columns
from solver.bounds.confirmation.program import Terms


def locks_hold(x: Columns) -> None:
    """What is decided already stays: meetings with their rooms and languages, people's places, musts."""
    for given in x.problem.meetings:
        start = (given.session, given.slot)
        if start not in x.held:
            _impossible(x)
            continue
        x.program.at_least([(1, x.held[start])], 1)
        if given.room:
            named = next(at for at, kind in enumerate(x.kinds) if given.room in kind.ids)
            x.program.at_least([(1, x.room[start][named])], 1)
        if given.language:
            x.program.at_least([(1, x.speaks[start][given.language])], 1)
    for lock in x.problem.locks:
        there = _visits(x, lock.participant, lock.session, lock.slot)
        if lock.never:
            x.program.never(column for _, column in there)
        else:
            x.program.at_least(there, 1)
    for person in x.problem.participants:
        for session in sorted(person.required):
            x.program.at_least(_visits(x, person.id, session, None), 1)
    if x.problem.only_wanted:
        _only_wanted(x)


def _impossible(x: Columns) -> None:
    x.program.at_least([(1, x.program.whole(0))], 1)


def _visits(x: Columns, person: str, session: str, slot: str | None) -> Terms:
    starts = [start for start in x.starts(session) if slot in (None, start[1])]
    return [term for start in starts for term in x.there(person, start)]


def _only_wanted(x: Columns) -> None:
    """Nobody attends what she neither asked for nor must; duties are no wishes."""
    for crowd, seats in zip(x.crowds, x.seat, strict=True):
        wanted = crowd.one.required.union(crowd.one.ratings)
        x.program.never(seat for start, seat in seats.items() if start[0] not in wanted)


def vetoes_respected(x: Columns) -> None:
    """Nobody attends what she said is not for her."""
    if not x.soft("vetoes_respected"):
        for crowd, seats in zip(x.crowds, x.seat, strict=True):
            x.program.never(seat for start, seat in seats.items() if start[0] in crowd.one.vetoes)


def sessions_in_order(x: Columns) -> None:
    """Allowed slots, whole durations, as many meetings side by side as agreed, no conflicts, the later one later."""
    for slot in x.problem.slots:
        number: Terms = [(1, held) for start, held in x.held.items() if start[1] == slot.id]
        x.program.at_least(number, slot.least)
        if slot.most is not None:
            x.program.at_most(number, slot.most)
    for session in x.problem.sessions:
        own = x.starts(session.id)
        allowed = session.slots
        x.program.never(x.held[start] for start in own if allowed is not None and not set(x.span[start]) <= allowed)
        for slot in x.problem.slots:
            mine: Terms = [(1, x.held[start]) for start in own if slot.id in x.span[start]]
            x.program.at_most(mine, 1)
            for other in sorted(session.conflicts):
                theirs = [(1, x.held[start]) for start in x.starts(other) if slot.id in x.span[start]]
                x.program.at_most([*mine, *theirs], 1)
            for other in sorted(session.beside):
                pair = [(f, x.held[s, slot.id]) for f, s in ((1, session.id), (-1, other)) if (s, slot.id) in x.held]
                x.program.equal(pair, 0)
        for other in sorted(session.after):
            _later(x, session.id, other)


def _later(x: Columns, session: str, other: str) -> None:
    order = x.problem.slot_at
    for first in x.starts(other):
        for start in x.starts(session):
            if order[start[1]] <= order[x.span[first][-1]]:
                x.program.at_most([(1, x.held[first]), (1, x.held[start])], 1)
