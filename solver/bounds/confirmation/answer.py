"""Reads a program's numbers back as meetings and seats, where nobody is counted in a crowd."""

from solver.bounds.confirmation.columns import Columns, Start
from solver.problem import Meeting, Role, Seat, Solution, Status


def read_out(x: Columns, values: list[int]) -> Solution:
    """The allocation that `values` (one whole number per column) describe; rooms of a kind are dealt out in order."""
    meetings = _meetings(x, values)
    seats: list[Seat] = []
    for start, meeting in meetings.items():
        for id, role, ear in _people(x, values, start):
            seats += [Seat(id, slot, meeting.id, role, ear) for slot in x.span[start]]
    return Solution(Status.FEASIBLE, tuple(meetings.values()), tuple(seats))


def _meetings(x: Columns, values: list[int]) -> dict[Start, Meeting]:
    """Meetings in the order of their start take the first room of their kind that is free (interval colouring)."""
    taken: set[tuple[str, str]] = set()
    found: dict[Start, Meeting] = {}
    order = sorted((start for start, held in x.held.items() if values[held]), key=lambda s: x.problem.slot_at[s[1]])
    for start in order:
        kind = next(kind for kind, column in x.room[start].items() if values[column])
        free = (id for id in x.kinds[kind].ids if not any((id, slot) in taken for slot in x.span[start]))
        room = next(free, x.kinds[kind].ids[0])
        taken |= {(room, slot) for slot in x.span[start]}
        spoken = x.speaks.get(start, {}).items()
        language = next((language for language, column in spoken if values[column]), None)
        found[start] = Meeting(f"{start[0]}@{start[1]}", start[0], start[1], room, language)
    return found


def _people(x: Columns, values: list[int], start: Start) -> list[tuple[str, Role, str | None]]:
    session = x.session(start)
    ears = {crowd: channel for crowd, channel, column in x.listening[start] if values[column]}
    found: list[tuple[str, Role, str | None]] = [(id, Role.FACILITATOR, None) for id in session.facilitators]
    found += [(id, Role.NOTE_TAKER, None) for id in session.note_takers]
    found += [(id, Role.INTERPRETER, channel) for id, channel, column in x.at_work[start] if values[column]]
    for at, (crowd, seats) in enumerate(zip(x.crowds, x.seat, strict=True)):
        if start in seats and values[seats[start]]:
            found.append((crowd.one.id, Role.ATTENDEE, ears.get(at)))
    return found
