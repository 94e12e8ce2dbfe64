"""How each run begins: a small conference in its call with two organisers, and another whose things are not ours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from planner import auth, clock
from planner.extensions import db
from planner.models import Company, Conference, MemberRole, Participant, Quota
from tests import factories as make
from tests.faults.workflow.ledger import Ledger, Person, Session, Statement
from tests.faults.workflow.stage import Stage

SLUG = "here"
DAY = timedelta(days=1)
FOREIGN_RUN = 7777  # a number that no run of ours has
PEOPLE = 5


@dataclass
class Opening:
    ledger: Ledger
    organisers: list[str]  # sign-in tokens
    foreign: dict[str, int]  # by the word before it in an address
    conference: int
    theme: int


def opened(stage: Stage, person: type[Person], browser) -> Opening:  # type: ignore[no-untyped-def]
    stage.wipe()
    with stage.app.app_context():
        now = clock.now().replace(second=0, microsecond=0)
        dates = {
            "call_from": now - 20 * DAY,
            "call_until": now + 2 * DAY,
            "wishes_from": now + DAY,
            "wishes_until": now + 5 * DAY,
            "day_starts": now + 10 * DAY,
            "day_ends": now + 10.5 * DAY,
        }
        here = make.conference(slug=SLUG, is_demonstration=True, title={"de": "Hier", "en": "Here"}, **dates)
        ledger, office = Ledger(dates=dates), []
        for number in range(2):
            user = make.user(email=f"office{number}@example.org")
            make.member(here, user)
            office.append(auth.mint_sign_in(user, now))
        _fill(here, ledger, browser, now)
        foreign = _elsewhere(now)
        theme = here.themes[0].id
        db.session.commit()
        return Opening(ledger, office, foreign, here.id, theme)


def _fill(here: Conference, ledger: Ledger, browser, now: datetime) -> None:  # type: ignore[no-untyped-def]
    make.theme(here, key="theme", title={"de": "Wohnen", "en": "Housing"})
    groups = [make.group(here, key=f"group{n}", title={"de": f"G{n}", "en": f"G{n}"}, letter="AB"[n]) for n in range(2)]
    for number in range(2):
        title = f"Runde {number}"
        slot = make.slot(here, title={"de": title, "en": title})
        ledger.slots[slot.id] = title
        name = f"Saal {number}"
        ledger.rooms[make.room(here, name=name, features=["step_free", "quiet"]).id] = name
    for number in range(PEOPLE):
        name = f"Zeugin-{number}-Anfang"
        row = make.participant(here, name=name, email=f"zeugin{number}@example.org", group_id=groups[number % 2].id)
        ledger.people.append(Person(row.id, name, browser(), [auth.mint_link(row, now)]))
    for number in range(3):
        title = f"Thema-{number}-Anfang"
        row = make.session(here, number=number + 1, title={"de": title, "en": title}, minimum=0)
        leaders = {ledger.people[0].id} if number == 0 else set()
        [make.role(row, db.session.get_one(Participant, id)) for id in leaders]
        ledger.sessions[row.id] = Session(row.id, title, 0, leaders)
    for number, author in enumerate(ledger.people[:3]):
        text = f"Anliegen-{number}-Anfang"
        row = make.submission(db.session.get_one(Participant, author.id), problem=text, theme_id=here.themes[0].id)
        ledger.statements.append(Statement(row.id, author, text, "submitted", let_through=True))


def _elsewhere(now: datetime) -> dict[str, int]:
    there, _organiser = make.organised(slug="there")
    person, slot, room = make.participant(there, name="Fremde"), make.slot(there), make.room(there)
    session, theme = make.session(there), make.theme(there)
    run = make.allocation(there, number=FOREIGN_RUN)
    meeting = make.meeting(run, session, slot, room)
    brought, group = make.submission(person), make.group(there)
    return {
        "submissions": brought.id,
        "others": brought.id,
        "sessions": session.id,
        "merges": make.merge(session, make.session(there)).id,
        "links": make.group_link(there).id,
        "rooms": room.id,
        "rounds": slot.id,
        "placements": make.placement(session, slot, room).id,
        "people": person.id,
        "commitments": person.id,
        "tasks": slot.id,
        "allocations": run.number,
        "meetings": meeting.id,
        "themes": theme.id,
        "groups": group.id,
        "quotas": make.add(Quota(conference_id=there.id, group_id=group.id, minimum=1)).id,
        "protected": make.add(Company(conference_id=there.id, group_id=group.id)).id,
        "agreements": make.bond(person, make.participant(there)).id,
        "agenda": make.agenda_item(there).id,
        "messages": make.message(person, state="sent").id,  # one that waits would be the worker's to do
        "imports": make.import_batch(there).id,
        "team": make.member(there, make.user(), MemberRole.VIEWER).id,
        "invitations": make.invitation(there).id,
    }
