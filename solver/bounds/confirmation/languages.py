"""Rule 8 as rows: a meeting has one working language; who does not understand it listens to an interpreter."""

from solver.bounds.confirmation.columns import Columns, Start
from solver.bounds.confirmation.program import Terms
from solver.problem import Interpreter, Mode


def everybody_understands(x: Columns) -> None:
    """Everybody understands the working language, or has a listener's place with an interpreter who is there."""
    for start in x.held:
        if x.session(start).languages:
            _listeners(x, start)
    channels = sorted({(start, channel) for (_, start, channel) in x.voices})
    for start, channel in channels:
        _interpreters_work(x, start, channel)
        _places(x, start, channel)
    for interpreter in x.problem.interpreters:
        _rests(x, interpreter)


def _listeners(x: Columns, start: Start) -> None:
    """Who understands listens to nobody; who does not listens, unless that can be bought off."""
    for at, crowd in enumerate(x.crowds):
        if start not in x.seat[at]:
            continue
        foreign = _foreign(x, start, crowd.one.understood)
        listening: Terms = [(1, column) for who, _, column in x.listening[start] if who == at]
        x.program.at_most([*listening, (-1, x.seat[at][start])], 0)
        if not x.soft("everybody_understands"):
            # seats - listeners <= many x (1 - the working language is foreign)
            unheard = [(-factor, column) for factor, column in listening]
            strange = [(crowd.many * factor, column) for factor, column in foreign]
            x.program.at_most([(1, x.seat[at][start]), *unheard, *strange], crowd.many)
    for at, channel, column in x.listening[start]:
        crowd, spoken = x.crowds[at], x.speaks[start].items()
        lawful: Terms = [(1, c) for language, c in spoken if language not in {channel, *crowd.one.understood}]
        if x.session(start).two_language:
            lawful = x.bridged(start)
        x.program.at_most([(1, column), *((-crowd.many * factor, each) for factor, each in lawful)], 0)


def _foreign(x: Columns, start: Start, understood: frozenset[str]) -> Terms:
    """1 where a meeting is held that she does not follow unaided."""
    strange: Terms = [(1, column) for language, column in x.speaks[start].items() if language not in understood]
    if x.session(start).two_language and not x.session(start).languages <= understood:
        strange += x.bridged(start)
    return strange


def _interpreters_work(x: Columns, start: Start, channel: str) -> None:
    """In a channel works who is there, is free, and has the pair of the working language and the channel."""
    for interpreter, column in _here(x, start, channel):
        person = x.problem.participant[interpreter.participant]
        free = all(
            x.problem.present(person, slot) and (interpreter.slots is None or slot in interpreter.slots)
            for slot in x.span[start]
        )
        if not free:
            x.program.never([column])
        elif x.session(start).two_language:
            x.program.at_most([(1, column), *((-factor, each) for factor, each in x.bridged(start))], 0)
            _both_sides(x, start, column)
        else:
            pairs = [set(pair.split("-")) for pair in interpreter.pairs]
            lawful = [c for language, c in x.speaks[start].items() if {language, channel} in pairs]
            x.program.at_most([(1, column), *((-1, each) for each in lawful)], 0)


def _both_sides(x: Columns, start: Start, at_work: int) -> None:
    """For each of the two languages somebody listens who does not understand the other one."""
    for language in x.session(start).languages:
        side = [column for at, _, column in x.listening[start] if language in x.crowds[at].one.understood]
        x.program.at_most([(1, at_work), *((-1, column) for column in side)], 0)


def _here(x: Columns, start: Start, channel: str) -> list[tuple[Interpreter, int]]:
    found = ((each, x.voices.get((each.participant, start, channel))) for each in x.problem.interpreters)
    return [(interpreter, column) for interpreter, column in found if column is not None]


def _places(x: Columns, start: Start, channel: str) -> None:
    """Listeners find places, and nobody interprets for nobody.

    Simultaneous interpreters come in twos, and two serve as many as the one of all present who serves fewest can.
    """
    here = _here(x, start, channel)
    listeners: Terms = [(1, column) for _, into, column in x.listening[start] if into == channel]
    alone = [(each, column) for each, column in here if each.mode is not Mode.SIMULTANEOUS]
    booth = [(each, column) for each, column in here if each.mode is Mode.SIMULTANEOUS]
    twos = x.program.whole(len(booth) // 2)
    x.program.equal([(1, column) for _, column in booth] + [(-2, twos)], 0)
    most = max((each.listeners for each, _ in booth), default=0)
    everybody = most * (len(booth) // 2)
    places = x.program.whole(everybody)
    x.program.at_most([(1, places), (-most, twos)], 0)
    for each, column in booth:
        # If she is at work, each two serve no more than she can.
        x.program.at_most([(1, places), (-each.listeners, twos), (everybody, column)], everybody)
    taken = [(-each.listeners, column) for each, column in alone]
    x.program.at_most([*listeners, *taken, (-1, places)], 0)
    unheard = [(-factor, column) for factor, column in listeners]
    x.program.at_most([*((1, column) for _, column in alone), (1, twos), *unheard], 0)


def _rests(x: Columns, interpreter: Interpreter) -> None:
    most = interpreter.most_in_a_row
    if most is None:
        return
    slots = x.problem.slots
    for first in range(len(slots) - most):
        window: Terms = [
            term
            for slot in slots[first : first + most + 1]
            for start in x.running(slot.id)
            for term in x.working(interpreter.participant, start)
        ]
        x.program.at_most(window, most)
