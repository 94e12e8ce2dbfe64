"""Rule 8 as constraints: everybody understands, or listens to an interpreter who is there."""

from ortools.sat.python import cp_model

from solver.model.variables import Linear, Model, Start, Variables
from solver.problem import Mode, Problem
from solver.problem.eligibility import follows_one


def everybody_understands(model: Model, problem: Problem, x: Variables) -> None:
    """Everybody understands the working language, or listens to an interpreter who is there."""
    for start in x.held:
        for person, seat in x.attendees[start]:
            if not follows_one(person, x.session(start).languages):
                heard = [x.listens.get((person.id, start, key)) for key in sorted(person.understood)]
                uncovered = x.allowance(model, "everybody_understands", x.many(person.id), f"{person.id} {start}")
                model.add(sum(one for one in heard if one is not None) + uncovered == seat)
    _enough_interpreters(model, problem, x)
    for interpreter in problem.interpreters:
        id = interpreter.participant
        for slot in problem.slots:
            working = [x.works[id][start] for start in x.covering[slot.id]]
            model.add_at_most_one(x.duties(id, slot.id))
            free = interpreter.slots is None or slot.id in interpreter.slots
            if not free or not problem.present(problem.participant[id], slot.id):
                model.add(sum(working) == 0)
        _rest(model, problem, x, id, interpreter.most_in_a_row)


def _enough_interpreters(model: Model, problem: Problem, x: Variables) -> None:
    listeners: dict[tuple[Start, str], list[cp_model.IntVar]] = {}
    for (_, start, language), listens in x.listens.items():
        listeners.setdefault((start, language), []).append(listens)
    for (start, language), people in listeners.items():
        alone = [i for i in problem.interpreters if i.mode is not Mode.SIMULTANEOUS]
        booth = [i for i in problem.interpreters if i.mode is Mode.SIMULTANEOUS]
        places = sum(i.listeners * x.voices.get((i.participant, start, language), 0) for i in alone)
        twos = _twos(model, x, start, language, [i.participant for i in booth])
        model.add(sum(people) <= places + min((i.listeners for i in booth), default=0) * twos)


def _twos(model: Model, x: Variables, start: Start, language: str, booth: list[str]) -> Linear:
    """How many booths are manned: simultaneous interpreters come in twos, never alone."""
    voices = [x.voices[id, start, language] for id in booth if (id, start, language) in x.voices]
    if not voices:
        return 0
    twos = model.new_int_var(0, len(voices) // 2, f"booths {start} {language}")
    model.add(sum(voices) == 2 * twos)
    x.booths.append((twos, voices))
    return twos


def _rest(model: Model, problem: Problem, x: Variables, id: str, most: int | None) -> None:
    if most is None:
        return
    for first in range(len(problem.slots) - most):
        window = problem.slots[first : first + most + 1]
        model.add(sum(x.works[id][start] for slot in window for start in x.covering[slot.id]) <= most)
