"""Between days and solutions: meetings and seats as a solution lists them, and back."""

import numpy as np

from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.timetable import InterpreterAt, Timetable
from solver.problem import Meeting, Role, Seat, Solution, Status


def read_out(day: Day) -> tuple[tuple[Meeting, ...], tuple[Seat, ...]]:
    """A day's meetings and seats; who listens has a channel, who interprets the one that (s)he works in."""
    timetable, arrays = day.timetable, day.arrays
    problem = arrays.problem
    seats: list[Seat] = []
    for meeting in timetable.meetings:
        session = problem.session[meeting.session]
        for slot in problem.span(meeting.session, meeting.slot) or ():
            seats += [Seat(id, slot, meeting.id, Role.FACILITATOR) for id in session.facilitators]
            seats += [Seat(id, slot, meeting.id, Role.NOTE_TAKER) for id in session.note_takers]
    names = [slot.id for slot in problem.slots]
    for each in timetable.interpreters:
        for t in timetable.spans[timetable.index[each.meeting]]:
            seats.append(Seat(each.participant, names[t], each.meeting, Role.INTERPRETER, each.channel))
    ids = [meeting.id for meeting in timetable.meetings]
    heard = [*arrays.channels, None]  # -1 reads the last
    for p, t in zip(*np.nonzero(day.at >= 0), strict=True):
        m, channel = int(day.at[p, t]), heard[day.channel[p, t]]
        seats.append(Seat(arrays.people[p].id, names[t], ids[m], Role.ATTENDEE, channel))
    return timetable.meetings, tuple(seats)


def solution_of(day: Day) -> Solution:
    """The solution that a day describes; whether it is one is for the judge to say."""
    meetings, seats = read_out(day)
    return Solution(Status.FEASIBLE, meetings, seats)


def from_solution(arrays: Arrays, solution: Solution) -> Day:
    """The day that a solution of the same problem describes; `read_out` gives the same meetings and seats back."""
    starts = {meeting.id: meeting.slot for meeting in solution.meetings}
    working = tuple(
        InterpreterAt(seat.participant, seat.meeting, seat.listens_in or "")
        for seat in solution.seats
        if seat.role is Role.INTERPRETER and seat.slot == starts[seat.meeting]
    )
    day = Day(Timetable(arrays, solution.meetings, working))
    number = {channel: at for at, channel in enumerate(arrays.channels)}
    for seat in solution.seats:
        if seat.role is Role.ATTENDEE:
            p, t = arrays.row[seat.participant], arrays.slot[seat.slot]
            day.at[p, t] = day.timetable.index[seat.meeting]
            if seat.listens_in is not None:
                day.channel[p, t] = number[seat.listens_in]
    return day
