"""What is left to do for a conference: each step with its state, counted by one function from what is stored."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from planner import allocations, commitments, conferences, dates, outbox, places, submissions
from planner.models import (
    WORKED_ON,
    Allocation,
    AllocationState,
    Conference,
    Duty,
    ParticipantState,
    Phase,
    Session,
    SubmissionState,
)
from planner.roster import Entry


class State(enum.StrEnum):
    """`waiting` is for others, or for a day that has not come."""

    DONE = "done"
    OPEN = "open"
    WAITING = "waiting"


@dataclass(frozen=True)
class Step:
    """`action` is what one does next about it, at `endpoint`; what is optional is never recommended."""

    title: object
    state: State
    sentence: object
    endpoint: str
    action: object
    values: Mapping[str, object] = field(default_factory=dict)
    is_optional: bool = False


def steps(conference: Conference, seen: allocations.Glance, now: datetime, *, sees_groups: bool = False) -> list[Step]:
    """In the order in which a conference is made; of single groups only for whoever may know who is of which."""
    plan = newest_plan(allocations.recent(conference))
    counted = [people(seen.counted), wishes(conference, seen.counted, now)] if seen.counted else []
    made = conferences.made(conference)
    found = [
        *([contradiction(seen.contradiction)] if seen.contradiction else []),
        *repair(conference, seen, now),
        rounds(conference),
        agenda(made.agenda),
        rooms(made.rooms, made.chairs),
        themes(made.themes),
        groups(made.groups),
        *counted[:1],
        *(guests(conference, seen.everybody, sees_groups) if made.scarce or conference.places is not None else ()),
        call(conference, submissions.counts(conference), now),
        sessions(seen.sessions),
        *counted[1:],
        allocation(conference, plan, now),
        publication(conference, plan, seen.doubts, now),
    ]
    is_to_be_repaired = seen.since is not None and seen.since.is_broken  # then the plan asks something else soon
    if conference.published_id and not is_to_be_repaired and conference.phase(now) is not Phase.RESULTS:
        found += promised(commitments.counts(conference))
    return [*found, *messages(outbox.left(conference))]


def recommended(steps: Sequence[Step]) -> Step | None:
    """The first that is open; where all is done or waits, none."""
    return next((step for step in steps if step.state is State.OPEN and not step.is_optional), None)


def contradiction(error: allocations.Contradiction) -> Step:
    """Nothing about people can be counted before it is mended."""
    return Step(_l("Contradiction"), State.OPEN, error.sentence, error.endpoint, _l("Correct it there"))


def repair(conference: Conference, seen: allocations.Glance, now: datetime) -> Iterator[Step]:
    """Before all else while people have been told of places that they cannot take; not after the day."""
    since = seen.since
    if since and since.is_broken and conference.phase(now) is not Phase.RESULTS:
        gravest, *_others = allocations.misfits(since, allocations.Names(conference, seen.rooms))
        values = {"preset": allocations.Preset.REPAIR.value}
        yield Step(
            _l("Repair"), State.OPEN, gravest.told(), "organiser.allocations.index", _l("Repair the plan"), values
        )


def _made(title: object, count: int, told: object, missing: object, new: tuple[str, object], index: str) -> Step:
    """Something of which at least one is needed: its page, or where and how a new one is made."""
    if count:
        return Step(title, State.DONE, told, index, _l("Look at it"))
    return Step(title, State.OPEN, missing, *new)


def rounds(conference: Conference) -> Step:
    count = len(conference.slots)
    return _made(
        _l("Rounds"),
        count,
        lazy_ngettext("%(num)s round", "%(num)s rounds", count),
        _l("There are no rounds yet."),
        ("organiser.slots.new", _l("Add rounds")),
        "organiser.slots.index",
    )


def agenda(count: int) -> Step:
    if count:
        told = lazy_ngettext("%(num)s item that everybody shares", "%(num)s items that everybody shares", count)
        return Step(_l("Agenda"), State.DONE, told, "organiser.agenda.index", _l("Look at it"))
    return Step(
        _l("Agenda"),
        State.OPEN,
        _l("Nothing yet that everybody shares, for example lunch."),
        "organiser.agenda.new",
        _l("New agenda item"),
        is_optional=True,
    )


def rooms(count: int, chairs: int) -> Step:
    return _made(
        _l("Rooms"),
        count,
        lazy_ngettext(
            "%(num)s room with %(chairs)s chairs",
            "%(num)s rooms with %(chairs)s chairs",
            count,
            chairs=chairs,
        ),
        _l("There are no rooms yet."),
        ("organiser.rooms.new", _l("Add the rooms")),
        "organiser.rooms.index",
    )


def themes(count: int) -> Step:
    return _made(
        _l("Themes"),
        count,
        lazy_ngettext("%(num)s theme", "%(num)s themes", count),
        _l("There are no themes yet."),
        ("organiser.themes.new", _l("New theme")),
        "organiser.themes.index",
    )


def groups(count: int) -> Step:
    return _made(
        _l("Groups"),
        count,
        lazy_ngettext("%(num)s group", "%(num)s groups", count),
        _l("There are no groups yet, so nothing is mixed."),
        ("organiser.groups.new", _l("New group")),
        "organiser.groups.index",
    )


def people(counted: allocations.Whole) -> Step:
    return _made(
        _l("People"),
        counted.people,
        lazy_ngettext("%(num)s person takes part", "%(num)s people take part", counted.people),
        _l("Nobody is registered yet."),
        ("organiser.imports.index", _l("Bring a list")),
        "organiser.people.index",
    )


def guests(conference: Conference, everybody: Sequence[Entry], sees_groups: bool) -> Iterator[Step]:
    """Where places are scarce: whether no more have one than may be promised, and nobody waits without need."""
    house = places.of(conference, everybody)
    queue = [person for person in everybody if person.state is ParticipantState.WAITING]
    title, page = _l("Places"), "organiser.people.index"
    action, values = (_l("Look who waits"), {"only": "waiting"}) if queue else (_l("Look at it"), {})
    if house.excess:
        told = places.too_many(conference, house, sees_groups=sees_groups)
        yield Step(title, State.OPEN, told, page, _l("Look at it"))
    elif any(map(house.has_room, queue)):
        told = _l("Somebody waits though a place is free. Save the settings once more: then she moves up.")
        yield Step(title, State.OPEN, told, "organiser.settings.edit", _l("To the settings"))
    else:
        told = lazy_ngettext(
            "%(num)s person has a place. Waiting: %(waiting)s.",
            "%(num)s people have a place. Waiting: %(waiting)s.",
            house.taken[places.IN_ALL],
            waiting=len(queue),
        )
        yield Step(title, State.DONE, told, page, action, values)


def call(conference: Conference, counts: Mapping[SubmissionState, int], now: datetime) -> Step:
    """Decided when the call has ended and nothing waits; before, it waits for people."""
    title, endpoint = _l("Submissions"), "organiser.submissions.index"
    waiting = counts.get(SubmissionState.SUBMITTED, 0)
    if waiting:
        told = lazy_ngettext("%(num)s submission waits for you", "%(num)s submissions wait for you", waiting)
        return Step(title, State.OPEN, told, endpoint, _l("Decide about submissions"))
    if conference.at_least(now) < conference.call_from:
        told = _l("The call begins on %(date)s.", date=dates.moment(conference.call_from, conference))
        return Step(title, State.WAITING, told, "organiser.settings.edit", _l("Look at the dates"))
    if conference.takes_submissions(now):
        told = _l("The call runs until %(date)s.", date=dates.deadline(conference.call_until, conference, now))
        return Step(title, State.WAITING, told, endpoint, _l("Look at it"))
    decided = sum(counts.get(state, 0) for state in (*WORKED_ON, SubmissionState.DECLINED))
    told = lazy_ngettext("%(num)s submission is decided", "%(num)s submissions are decided", decided)
    return Step(title, State.DONE, told, endpoint, _l("Look at it"))


def sessions(offered: Sequence[Session]) -> Step:
    """Each with somebody who leads it."""
    led = [session for session in offered if any(role.duty is Duty.FACILITATOR for role in session.roles)]
    missing = len(offered) - len(led)
    if missing:
        return Step(
            _l("Sessions"),
            State.OPEN,
            lazy_ngettext(
                "%(num)s of %(all)s sessions has nobody who leads it.",
                "%(num)s of %(all)s sessions have nobody who leads them.",
                missing,
                all=len(offered),
            ),
            "organiser.sessions.index",
            _l("Name somebody who leads it"),
            {"only": "no_leader"},
        )
    return _made(
        _l("Sessions"),
        len(offered),
        lazy_ngettext("%(num)s session", "%(num)s sessions", len(offered)),
        _l("There are no sessions yet."),
        ("organiser.sessions.new", _l("Add the sessions")),
        "organiser.sessions.index",
    )


def wishes(conference: Conference, counted: allocations.Whole, now: datetime) -> Step:
    """Of those who could choose. It waits for people until choosing ends; then it is over, whoever is missing.

    A wish for what was cancelled does not count: who had no other has to choose again.
    """
    title, choosing, silent = _l("Wishes"), len(counted.choosing), len(counted.without_wishes)
    if conference.at_least(now) < conference.wishes_from:
        told = _l("Choosing begins on %(date)s.", date=dates.moment(conference.wishes_from, conference))
        return Step(title, State.WAITING, told, "organiser.settings.edit", _l("Look at the dates"))
    facts = {"chosen": choosing, "all": choosing + silent}
    if conference.takes_wishes(now):
        told = _l(
            "%(chosen)s of %(all)s have chosen something that is offered. They can until %(date)s.",
            date=dates.deadline(conference.wishes_until, conference, now),
            **facts,
        )
    else:
        told = _l("Choosing has ended: %(chosen)s of %(all)s have chosen something that is offered.", **facts)
    state = State.WAITING if conference.takes_wishes(now) else State.DONE if choosing else State.OPEN
    if not silent:
        return Step(title, state, told, "organiser.people.index", _l("Look at it"))
    action = lazy_ngettext(
        "%(num)s person has chosen nothing that is offered yet",
        "%(num)s people have chosen nothing that is offered yet",
        silent,
    )
    return Step(title, state, told, "organiser.people.index", action, {"only": "not_chosen"})


def newest_plan(runs: Sequence[Allocation]) -> Allocation | None:
    """Of these runs, the newest first."""
    return next((run for run in runs if run.state is AllocationState.SOLVED), None)


def allocation(conference: Conference, plan: Allocation | None, now: datetime) -> Step:
    """Done with a plan that was made after choosing had ended."""
    title, endpoint = _l("Allocation"), "organiser.allocations.index"
    if plan and not plan.is_draft:
        told = _l("Run %(number)s is the newest.", number=plan.number)
        return Step(title, State.DONE, told, "organiser.results.show", _l("Look at it"), {"number": plan.number})
    if conference.wishes_may_change(now):
        told = _l(
            "When choosing has ended: from %(date)s on. A draft is possible before.",
            date=dates.moment(conference.wishes_until, conference),
        )
        return Step(title, State.WAITING, told, endpoint, _l("Try a draft"))
    told = _l("Choosing has ended, so people can be allocated to the rooms.")
    return Step(title, State.OPEN, told, endpoint, _l("Allocate people to the rooms"))


def publication(conference: Conference, plan: Allocation | None, doubts: Mapping[str, object], now: datetime) -> Step:
    """Done with a published plan that nothing speaks against, made when choosing had ended."""
    title, page, published = _l("Publication"), "organiser.results.show", conference.published
    if published:
        provisional = allocations.provisional(published, now)
        first = _l("Run %(number)s is published.", number=published.number)
        told = " ".join(map(str, [first, *doubts.values(), provisional])).strip()
        state = State.OPEN if doubts else State.WAITING if provisional else State.DONE
        return Step(title, state, told, page, _l("Look at it"), {"number": published.number})
    if plan and not plan.is_draft:
        told = _l("Nobody sees run %(number)s before you publish it.", number=plan.number)
        return Step(title, State.OPEN, told, page, _l("Look at it and publish"), {"number": plan.number})
    told = _l("When there is an allocation.")
    return Step(title, State.WAITING, told, "organiser.allocations.index", _l("Look at it"))


def promised(counts: Mapping[str, int]) -> Iterator[Step]:
    """Whether those who work in the published plan have said that they do it."""
    title, page = _l("Commitments"), "organiser.commitments.index"
    declined, silent, done = (counts[state] for state in commitments.STATES)
    if declined:
        told = lazy_ngettext(
            "%(num)s task in the published plan is declined: somebody else has to do it.",
            "%(num)s tasks in the published plan are declined: somebody else has to do them.",
            declined,
        )
        yield Step(title, State.OPEN, told, page, _l("Look who it is"), {"only": commitments.DECLINED})
    elif silent:
        told = lazy_ngettext(
            "%(num)s task in the published plan is not answered yet.",
            "%(num)s tasks in the published plan are not answered yet.",
            silent,
        )
        yield Step(title, State.WAITING, told, page, _l("Look who it is"), {"only": commitments.OPEN})
    elif done:
        told = lazy_ngettext(
            "%(num)s task in the published plan: whoever is asked does it.",
            "%(num)s tasks in the published plan: whoever is asked does them.",
            done,
        )
        yield Step(title, State.DONE, told, page, _l("Look at it"))


def messages(left: outbox.Left) -> Iterator[Step]:
    if left.unreached:
        told = lazy_ngettext(
            "A message has perhaps not reached %(num)s person",
            "A message has perhaps not reached %(num)s people",
            left.unreached,
        )
        yield Step(_l("Messages"), State.OPEN, told, "organiser.messages.index", _l("Look who it is"))
    if left.to_tell:
        told = lazy_ngettext(
            "No mail reaches %(num)s person: tell her yourself.",
            "No mail reaches %(num)s people: tell them yourself.",
            left.to_tell,
        )
        action, values = _l("Look who it is"), {"only": "otherwise"}
        yield Step(_l("To be told otherwise"), State.OPEN, told, "organiser.messages.index", action, values)
    if left.in_files:
        told = lazy_ngettext(
            "%(num)s message lies in a file on this computer: nobody has got it.",
            "%(num)s messages lie in files on this computer: nobody has got them.",
            left.in_files,
        )
        action, values = _l("Look who it is"), {"only": "written"}
        yield Step(_l("Mail goes into files"), State.WAITING, told, "organiser.messages.index", action, values)
