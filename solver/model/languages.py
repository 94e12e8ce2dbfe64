"""Rule 8 as constraints: a meeting has one working language, which everybody follows, alone or by ear."""

from ortools.sat.python import cp_model

from solver.model.variables import Linear, Model, Start, Variables
from solver.problem import Interpreter, Mode, Problem
from solver.problem.eligibility import side, understands


def everybody_understands(model: Model, problem: Problem, x: Variables) -> None:
    """Everybody understands the working language, or listens to an interpreter who is there."""
    heard: dict[tuple[str, Start], list[cp_model.IntVar]] = {}
    channels: dict[tuple[Start, str], list[cp_model.IntVar]] = {}
    for (id, start, channel), listens in x.listens.items():
        heard.setdefault((id, start), []).append(listens)
        channels.setdefault((start, channel), []).append(listens)
    for start, working in x.language.items():
        for person, seat in x.attendees[start]:
            follows = [spoken for each, spoken in working.items() if understands(person, x.session(start), each)]
            if len(follows) < len(working):
                many, name = x.many(person.id), f"{person.id} {start}"
                uncovered = x.allowance(model, "everybody_understands", many, name)
                listening = sum(heard.get((person.id, start), ()))
                model.add(seat <= listening + uncovered + many * sum(follows))
    for (start, channel), listeners in channels.items():
        _channel(model, x, start, channel, sum(listeners))
        if x.session(start).two_language:
            _both_sides(model, x, start, channel)
    for interpreter in problem.interpreters:
        _one_duty(model, problem, x, interpreter)
        _rest(model, problem, x, interpreter)


def _channel(model: Model, x: Variables, start: Start, channel: str, listeners: Linear) -> None:
    """A place for each listener, and nobody interprets for nobody."""
    able = [
        (interpreter, x.voices[interpreter.participant, start, channel])
        for interpreter in x.problem.interpreters
        if (interpreter.participant, start, channel) in x.voices
    ]
    booth = [(each.listeners, works) for each, works in able if each.mode is Mode.SIMULTANEOUS]
    single = [(each.listeners, works) for each, works in able if each.mode is not Mode.SIMULTANEOUS]
    twos, seats = _booth(model, x, booth, f"{channel} {start}")
    model.add(listeners <= sum(most * works for most, works in single) + seats)
    model.add(sum(works for _, works in single) + twos <= listeners)


def _both_sides(model: Model, x: Variables, start: Start, channel: str) -> None:
    """Between two languages somebody interprets only where each of them is all that somebody there understands."""
    session = x.session(start)
    sides: dict[str | None, list[cp_model.IntVar]] = {}
    for person, _ in x.attendees[start]:
        if (person.id, start, channel) in x.listens:
            sides.setdefault(side(person, session), []).append(x.listens[person.id, start, channel])
    for interpreter in x.problem.interpreters:
        works = x.voices.get((interpreter.participant, start, channel))
        if works is not None:
            for language in session.languages:
                model.add(works <= sum(sides.get(language, ())))


def _booth(model: Model, x: Variables, booth: list[tuple[int, cp_model.IntVar]], name: str) -> tuple[Linear, Linear]:
    """How many twos are at work, never one alone; each serves as many as the one of all there who can serve fewest."""
    if not booth:
        return 0, 0
    largest, many = max(most for most, _ in booth), len(booth) // 2
    twos = model.new_int_var(0, many, f"twos {name}")
    model.add(sum(works for _, works in booth) == 2 * twos)
    x.booths.append(twos)
    if all(most == largest for most, _ in booth):
        return twos, largest * twos
    seats = model.new_int_var(0, largest * many, f"seats {name}")
    model.add(seats <= largest * twos)
    for most, works in booth:
        if most < largest:
            model.add(seats <= most * twos + (largest - most) * many * (1 - works))
    x.booths.append(seats)
    return twos, seats


def _one_duty(model: Model, problem: Problem, x: Variables, interpreter: Interpreter) -> None:
    """(S)he works where (s)he is, free, and in one meeting at a time; never while leading or taking notes."""
    person = problem.participant[interpreter.participant]
    for slot in problem.slots:
        working = x.working(person.id, slot.id)
        free = interpreter.slots is None or slot.id in interpreter.slots
        if not free or not problem.present(person, slot.id):
            for works in working:
                model.add(works == 0)
            continue
        for leads in x.leading(person.id, slot.id):
            model.add_at_most_one([leads, *working])
        model.add_at_most_one(working)


def _rest(model: Model, problem: Problem, x: Variables, interpreter: Interpreter) -> None:
    """No more slots in a row than agreed, then a break."""
    most = interpreter.most_in_a_row
    if most is None:
        return
    for first in range(len(problem.slots) - most):
        window = problem.slots[first : first + most + 1]
        model.add(sum(works for slot in window for works in x.working(interpreter.participant, slot.id)) <= most)
