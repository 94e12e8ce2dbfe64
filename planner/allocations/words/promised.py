"""Who has said that she cannot do what is asked of her though the next run would ask her again, and who is silent."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from planner import commitments, languages
from planner.allocations.words.hint import Hint
from planner.commitments import DECLINED, OPEN, Task
from planner.models import AssignmentRole, Conference, Duty, Session
from planner.roster import Entry

IN_CHARGE, LANGUAGES = "in_charge", "languages"


def promised(conference: Conference, sessions: Sequence[Session], everybody: Sequence[Entry]) -> dict[str, list[Hint]]:
    """By what they are about. Of what is published: before that nobody is asked."""
    found: dict[str, list[Hint]] = {IN_CHARGE: [], LANGUAGES: []}
    tasks = commitments.of(conference)
    for task in tasks:
        if task.state == DECLINED and _would_be_asked(task, sessions, everybody):
            interprets = task.place.role is AssignmentRole.INTERPRETER
            found[LANGUAGES if interprets else IN_CHARGE].append(_declined(task))
    silent = sum(task.state == OPEN for task in tasks)
    if silent:
        found[IN_CHARGE].append(_silent(silent))
    return found


def _would_be_asked(task: Task, sessions: Sequence[Session], everybody: Sequence[Entry]) -> bool:
    """As it is set today: a task that she was relieved of is no matter any more, though it still stands in the plan."""
    place = task.place
    if place.role is AssignmentRole.INTERPRETER:
        person = next((each for each in everybody if each.id == place.participant_id), None)
        return person is not None and bool(person.interprets) and place.slot_id not in person.absences
    duty = (place.participant_id, Duty(place.role.value))
    session = next((each for each in sessions if each.id == place.meeting.session_id), None)
    return session is not None and duty in {(role.participant_id, role.duty) for role in session.roles}


def _declined(task: Task) -> Hint:
    """With the page on which she is relieved of it."""
    place, sentence = task.place, _sentence(task)
    if place.role is AssignmentRole.INTERPRETER:
        return Hint(
            sentence, _l("Note when she is not there"), "organiser.people.show", values={"id": place.participant_id}
        )
    values = {"id": place.meeting.session_id}
    return Hint(sentence, _l("Name somebody else"), "organiser.sessions.edit", values=values)


def _sentence(task: Task) -> object:
    place, here = task.place, languages.current()
    facts = {
        "name": languages.isolated(place.name),
        "title": languages.pick(place.meeting.session.title, here),
        "round": languages.pick(place.meeting.slot.title, here),
    }
    if place.role is AssignmentRole.FACILITATOR:
        return _l("%(name)s cannot lead “%(title)s”. Round: %(round)s.", **facts)
    if place.role is AssignmentRole.NOTE_TAKER:
        return _l("%(name)s cannot take notes in “%(title)s”. Round: %(round)s.", **facts)
    return _l("%(name)s cannot interpret in “%(title)s”. Round: %(round)s.", **facts)


def _silent(count: int) -> Hint:
    return Hint(
        lazy_ngettext(
            "%(num)s task in the published plan is not answered yet.",
            "%(num)s tasks in the published plan are not answered yet.",
            count,
        ),
        _l("Look who it is"),
        "organiser.commitments.index",
        only=OPEN,
    )
