"""Staying close to what is published: its places as the solver's *previous*, and the moves for the organiser."""

from collections.abc import Sequence
from dataclasses import replace

from planner.allocations.runs.store import stored
from planner.models import Allocation
from solver import Given, Interpreting, Meeting, Place, Previous, Problem, Role, Solution, plain, read

BY_HAND = "by_hand"
"""In a problem's info: the meetings that organisers had fixed, as they had, without what is published."""


def close_to_published(problem: Problem, published: Allocation) -> Problem:
    """The problem with the published meetings given as far as they are still possible, and its places remembered."""
    return close_to(problem, stored(published))


def close_to(problem: Problem, earlier: Solution) -> Problem:
    """Meetings whose room or people are gone may move; what has no session any more is forgotten."""
    starts = {meeting.id: meeting for meeting in earlier.meetings}
    known = [m for m in earlier.meetings if m.session in problem.session and m.slot in problem.slot_at]
    places = tuple(
        Place(seat.participant, starts[seat.meeting].session, seat.slot)
        for seat in earlier.seats
        if seat.role is Role.ATTENDEE
        and seat.slot == starts[seat.meeting].slot
        and starts[seat.meeting].session in problem.session
        and seat.slot in problem.slot_at
    )
    working = tuple(
        Interpreting(seat.participant, starts[seat.meeting].session, seat.slot, seat.listens_in or "")
        for seat in earlier.seats
        if seat.role is Role.INTERPRETER and seat.slot == starts[seat.meeting].slot and starts[seat.meeting] in known
    )
    given = tuple(_given(problem, meeting) for meeting in known)
    spoken = {(each.session, each.slot): each.language for each in given}
    wanted = {(each.session, each.slot) for each in problem.meetings}
    by_hand = tuple(
        replace(each, language=each.language or spoken.get((each.session, each.slot))) for each in problem.meetings
    )
    fixed = by_hand + tuple(
        each for each in given if (each.session, each.slot) not in wanted and _can_be(problem, each)
    )
    meetings = _no_more_than_offered(problem, fixed)
    info = {**problem.info, BY_HAND: plain(problem.meetings)}
    return replace(problem, meetings=meetings, previous=Previous(given, places, working), info=info)


def by_hand(problem: Problem) -> tuple[Given, ...] | None:
    """The meetings that organisers had fixed; None where a run to stay close did not keep them apart, as once."""
    if problem.previous is None:
        return problem.meetings
    kept = problem.info.get(BY_HAND)
    return None if kept is None else read(tuple[Given, ...], kept)


def _given(problem: Problem, meeting: Meeting) -> Given:
    """The meeting as it was, without a room or a language that its session cannot have any more."""
    session = problem.session[meeting.session]
    room = meeting.room if _stays(problem, meeting.session, meeting.slot, meeting.room) else None
    language = meeting.language if meeting.language in session.languages and not session.two_language else None
    return Given(meeting.session, meeting.slot, room, language)


def _stays(problem: Problem, session: str, slot: str, room: str) -> bool:
    known = problem.room.get(room)
    return (
        known is not None
        and (known.slots is None or slot in known.slots)
        and problem.session[session].features <= known.features
    )


def _can_be(problem: Problem, given: Given) -> bool:
    """Whoever leads is there."""
    return all(problem.present(problem.participant[id], given.slot) for id in problem.session[given.session].staff)


def _no_more_than_offered(problem: Problem, given: Sequence[Given]) -> tuple[Given, ...]:
    kept: dict[str, list[Given]] = {}
    for each in given:
        mine = kept.setdefault(each.session, [])
        if len(mine) < problem.session[each.session].offered:
            mine.append(each)
    return tuple(each for mine in kept.values() for each in mine)
