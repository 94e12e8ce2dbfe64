"""Who sits elsewhere than in the published plan: round by round, also where no meeting begins in a round."""

from flask import Flask
from flask_babel import force_locale

from planner import allocations
from planner.extensions import db
from planner.models import Allocation
from tests import factories as make


def test_somebody_moved_between_long_meetings_is_told_for_each_of_their_rounds(app: Flask) -> None:
    """The second round had no name, as nothing begins in it: the run's page answered 500."""
    conference = make.conference()
    slots = [make.slot(conference, title={"de": name, "en": name}) for name in ("Eins", "Zwei")]
    sessions = [make.session(conference, duration=2, title={"de": name, "en": name}) for name in ("Alt", "Neu")]
    room, person = make.room(conference, name="Saal"), make.participant(conference, name="Alma")
    runs: list[Allocation] = []
    for session in sessions:
        run = make.allocation(conference)
        meeting = make.meeting(run, session, slots[0], room)
        for slot in slots:
            make.assignment(meeting, person, slot_id=slot.id)
        runs.append(run)
    db.session.commit()

    with force_locale("de"):
        moves = allocations.moves_against(runs[1], runs[0].id)

    assert [(each.slot, each.before, each.after) for each in moves] == [
        ("Eins", "Alt (Saal)", "Neu (Saal)"),
        ("Zwei", "Alt (Saal)", "Neu (Saal)"),
    ]
