"""Schedules as AKPlanning's solver writes them, out and back in."""

import json

from solver.problem import Meeting, Problem, Seat, Solution, Status
from solver.problem.codec import Fault, ProblemError
from solver.problem.text import parsed


def write_solution(problem: Problem, solution: Solution, source: str) -> str:
    """{"input": the file as it came, "scheduled_aks": [...]}: what AKPlanning reads back."""
    starts = {meeting.id: meeting.slot for meeting in solution.meetings}
    people: dict[str, list[str]] = {meeting.id: [] for meeting in solution.meetings}
    for seat in solution.seats:
        if seat.slot == starts[seat.meeting]:
            people[seat.meeting].append(seat.participant)
    scheduled = [
        {
            "ak_id": _number(meeting.session),
            "room_id": _number(meeting.room),
            "timeslot_ids": [_number(slot) for slot in problem.span(meeting.session, meeting.slot) or ()],
            "participant_ids": [_number(person) for person in people[meeting.id]],
        }
        for meeting in solution.meetings
    ]
    return json.dumps({"input": parsed(source), "scheduled_aks": scheduled}, ensure_ascii=False, indent=1) + "\n"


def _number(id: str) -> int | str:
    return int(id) if id.lstrip("-").isdigit() else id


def read_solution(problem: Problem, text: str) -> Solution:
    """A schedule in AKPlanning's own words, for the verifier; raises ProblemError where it cannot be read."""
    data = parsed(text)
    try:
        scheduled = data["scheduled_aks"]
        meetings = [
            Meeting(
                f"{a['ak_id']}@{a['timeslot_ids'][0]}", str(a["ak_id"]), str(a["timeslot_ids"][0]), str(a["room_id"])
            )
            for a in scheduled
        ]
        seats = [
            Seat(str(person), str(slot), f"{a['ak_id']}@{a['timeslot_ids'][0]}")
            for a in scheduled
            for person in a["participant_ids"]
            for slot in a["timeslot_ids"]
        ]
    except (KeyError, TypeError, IndexError) as error:
        fault = Fault("$.scheduled_aks", f"cannot be read: {error!r}", "write a list as AKPlanning's solver does")
        raise ProblemError([fault]) from error
    return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))
