"""Publishing again tells those whose day is another than they were told, and what differs; nobody twice."""

from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from planner import allocations, announcing, clock, days, news, notifications, outbox
from planner.extensions import db
from planner.models import (
    Allocation,
    Assignment,
    AssignmentRole,
    Conference,
    Meeting,
    Message,
    MessageState,
    Participant,
    ParticipantState,
    Room,
    Session,
    SessionState,
    Slot,
)
from tests import factories as make
from tests.client import Client

NOW = make.NOW


@dataclass
class Town:
    """Alma and Bela have an address, Cem has none; two rounds, two sessions, in the rooms of the same name."""

    conference: Conference
    people: dict[str, Participant]
    slots: list[Slot]
    sessions: dict[str, Session]
    rooms: dict[str, Room]
    organiser: object
    at: list[int] = field(default_factory=lambda: [0])

    def plan(self, **days: str) -> Allocation:
        """By name where she is in each round: "AB" in session A, then in B; "-" without a place, "." not there."""
        run = make.allocation(self.conference, without_place={})
        meetings = {
            (name, slot.id): make.meeting(run, session, slot, self.rooms[name], language="de")
            for slot in self.slots
            for name, session in self.sessions.items()
        }
        for name, day in {"alma": "AB", "bela": "AB", "cem": "AB", **days}.items():
            for slot, where in zip(self.slots, day, strict=True):
                if where == "-":
                    without = dict(run.without_place or {})
                    without[self.people[name].key] = [*without.get(self.people[name].key, []), str(slot.id)]
                    run.without_place = without
                elif where != ".":
                    make.assignment(meetings[where, slot.id], self.people[name])
        return run

    def publish(self, run: Allocation) -> news.Outcome:
        """What the page does, but for the rules of the plan."""
        self.at[0] += 1
        now = NOW + timedelta(minutes=self.at[0])
        self.conference.published, run.published_at = run, now
        done = news.allocation_published(run, now)
        db.session.commit()
        return done

    @property
    def run(self) -> Allocation:
        assert self.conference.published
        return self.conference.published

    def take_back(self) -> None:
        self.conference.published = None
        news.taken_back(self.conference)
        db.session.commit()

    def messages(self, name: str) -> list[Message]:
        return db.session.query(Message).filter_by(participant_id=self.people[name].id).order_by(Message.id).all()

    def states(self, name: str) -> list[str]:
        return [f"{message.kind} {message.state}" for message in self.messages(name)]


@pytest.fixture
def town(app: Flask) -> Town:
    conference, organiser = make.organised()
    addresses = {"alma": "alma@example.org", "bela": "bela@example.org", "cem": None}
    people = {
        name: make.participant(conference, name=name.title(), email=email, locale="en" if name == "bela" else "de")
        for name, email in addresses.items()
    }
    sessions = {
        name: make.session(conference, title={"de": f"Gruppe {name}", "en": f"Session {name}"}) for name in "AB"
    }
    rooms = {name: make.room(conference, name=f"Saal {name}") for name in "AB"}
    return Town(conference, people, [make.slot(conference) for _ in range(2)], sessions, rooms, organiser)


def deliver() -> int:
    return outbox.deliver(clock.now, "w", db.session.commit)


def mails(folder: Path) -> dict[str, list[EmailMessage]]:
    """What was written into files, by recipient, in order."""
    found: dict[str, list[EmailMessage]] = {}
    for path in sorted((folder / "mail").iterdir(), key=lambda path: path.stat().st_mtime_ns):
        for text in path.read_bytes().split(b"-" * 79):
            mail = message_from_bytes(text.strip(), policy=policy.default)
            if mail["To"]:
                found.setdefault(str(mail["To"]).partition("@")[0], []).append(mail)  # type: ignore[arg-type]
    return found


def test_the_first_publication_tells_everybody(town: Town) -> None:
    assert town.publish(town.plan()) == news.Outcome(2, 1, 0)
    assert town.states("alma") == ["published waiting"]
    assert town.states("cem") == ["published by_hand"]


def test_only_those_whose_day_changed_are_told_and_what_changed_in_their_language(town: Town, tmp_path: Path) -> None:
    """Everybody was told again, and nobody what was different."""
    town.publish(town.plan())
    deliver()
    again = town.plan(bela="BA")

    with force_locale("en"):
        asked = announcing.publish_question(news.reach(again))
    done = town.publish(again)
    deliver()

    assert done == news.Outcome(1, 0, 1, 1)
    assert "Mails are only written into files on this computer (1); none leaves it." in asked
    assert "The day of 1 person stays as she was told: she gets no message." in asked
    assert any(sentence.startswith("For 1 person an earlier message stands") for sentence in asked)
    assert town.states("alma") == ["published written"]
    assert town.states("bela") == ["published written", "changed written"]
    told = mails(tmp_path)
    assert [len(told["alma"]), len(told["bela"])] == [1, 2]
    mail = told["bela"][1]
    assert mail["Subject"].startswith("Your day has changed")
    text = mail.get_content()
    assert "Round 1\nbefore: Session A, Saal A, German\nnow: Session B, Saal B, German" in text
    assert "Round 2\nbefore: Session B, Saal B, German\nnow: Session A, Saal A, German" in text


def test_what_changed_is_told_in_german_too(town: Town, tmp_path: Path) -> None:
    town.publish(town.plan())
    deliver()
    town.publish(town.plan(alma="AA"))
    deliver()

    text = mails(tmp_path)["alma"][1].get_content()

    assert "Ihr Tag auf der Konferenz hat sich geändert." in text
    assert "Runde 2\nbisher: Gruppe B, Saal B, Deutsch\njetzt: Gruppe A, Saal A, Deutsch" in text
    assert "Runde 1" not in text


@pytest.mark.parametrize("before", ["AB", "A-"])
def test_whoever_has_no_place_is_told_so_and_never_that_all_is_well(town: Town, tmp_path: Path, before: str) -> None:
    town.publish(town.plan(bela=before))
    deliver()
    done = town.publish(town.plan(bela="--"))
    deliver()

    text = mails(tmp_path)["bela"][1].get_content()

    assert done == news.Outcome(1, 0, 1, 1)
    assert "now: no place in this round" in text
    assert "the organisers know it and will speak to you" in text
    assert "You can see when and where you are" not in text


def test_a_duty_a_room_and_a_language_are_changes_and_a_new_name_is_none(town: Town) -> None:
    first = town.plan()
    town.publish(first)
    deliver()
    town.rooms["A"].name = "Aula"
    town.sessions["A"].title = {"de": "Neu"}

    assert len(news.reach(town.plan()).unchanged) == 2
    for change in ("duty", "room", "language"):
        run = town.plan()
        place = next(each for each in run.meetings if each.session is town.sessions["A"])
        if change == "duty":
            place.assignments[0].role = AssignmentRole.FACILITATOR
        elif change == "room":
            place.room = make.room(town.conference)
        else:
            place.language = "en"
        db.session.flush()
        told = news.reach(run)
        assert len(told.by_mail) + len(told.otherwise) == (1 if change == "duty" else 3), change


def test_a_new_duty_is_named(town: Town, tmp_path: Path) -> None:
    town.publish(town.plan())
    deliver()
    run = town.plan()
    seat = next(each for meeting in run.meetings for each in meeting.assignments if each.name == "Bela")
    seat.role = AssignmentRole.NOTE_TAKER
    town.publish(run)
    deliver()

    text = mails(tmp_path)["bela"][1].get_content()

    assert "Saal A, German. You take part." in text
    assert "Saal A, German. You take notes." in text


def test_an_interpreter_reads_which_languages_are_others_now(town: Town, app: Flask) -> None:
    """Before and after were the same words: "You interpret."""
    for voices in ("ar", "uk"):
        run = town.plan()
        seat = next(each for meeting in run.meetings for each in meeting.assignments if each.name == "Bela")
        seat.role, seat.voices = AssignmentRole.INTERPRETER, voices
        town.publish(run)
        deliver()

    with app.test_request_context(headers={"Accept-Language": "en"}):
        [change] = days.told(town.messages("bela")[-1], days.Words(town.conference))

    assert change.before == "Session A, Saal A, German. You interpret: Arabic."
    assert change.now == "Session A, Saal A, German. You interpret: Ukrainian."


def test_a_plan_taken_back_and_published_again_tells_nobody_twice(town: Town) -> None:
    first, second = town.plan(), town.plan(alma="BA")
    town.publish(first)
    deliver()
    outbox.told_otherwise(town.messages("cem")[0], town.organiser, NOW)  # type: ignore[arg-type]
    town.take_back()
    assert town.publish(first) == news.Outcome(0, 0, 3)
    town.take_back()
    assert town.publish(second) == news.Outcome(1, 0, 2)
    deliver()
    town.take_back()

    assert town.publish(first) == news.Outcome(1, 0, 2)
    deliver()

    assert town.states("alma") == ["published written", "changed written", "changed written"]
    assert town.states("bela") == ["published written"]
    last = town.messages("alma")[-1]
    assert days.read(last.facts["before"]) == days.of(second, town.people["alma"])
    assert days.read(last.facts["day"]) == days.of(first, town.people["alma"])


def test_news_that_nobody_got_yet_is_not_sent_when_it_is_not_true_any_more(town: Town, tmp_path: Path) -> None:
    """She would have read of the first plan when the second was published, and then of a change she never saw."""
    town.publish(town.plan())
    town.publish(town.plan(alma="BA"))

    assert deliver() == 2

    assert town.states("alma") == ["published overtaken", "published written"]
    assert town.states("bela") == ["published written"]
    assert "before" not in town.messages("alma")[1].facts


def test_what_waits_when_a_plan_is_taken_back_is_told_to_nobody(town: Town) -> None:
    first = town.plan()
    town.publish(first)
    town.take_back()

    assert deliver() == 0
    assert town.publish(first) == news.Outcome(2, 1, 0)
    assert deliver() == 2
    assert town.states("cem") == ["published overtaken", "published by_hand"]


def test_a_message_refused_meanwhile_is_not_sent_after_newer_news(town: Town) -> None:
    town.publish(town.plan())
    first = town.messages("alma")[0]
    first.move_to(MessageState.SENDING)
    db.session.commit()
    town.publish(town.plan(alma="BA"))
    first.move_to(MessageState.WAITING)
    db.session.commit()

    deliver()

    assert town.states("alma") == ["published overtaken", "changed written"]


def test_what_is_back_as_it_was_told_needs_no_message(town: Town) -> None:
    first = town.plan()
    town.publish(first)
    deliver()
    town.publish(town.plan(alma="BA"))

    assert town.publish(first) == news.Outcome(0, 0, 2, 1)
    assert deliver() == 0
    assert town.states("alma") == ["published written", "changed overtaken"]


def test_whoever_was_not_reached_is_told_the_whole_new_day(town: Town) -> None:
    town.publish(town.plan())
    deliver()
    failed = town.messages("alma")[0]
    failed.state, failed.facts = MessageState.FAILED, {**failed.facts, "why": "rejected"}
    db.session.commit()

    town.publish(town.plan(alma="BA"))

    assert town.states("alma") == ["published overtaken", "published waiting"]
    assert outbox.left(town.conference).unreached == 0


def test_what_is_doubtful_is_never_sent_again_by_itself(town: Town) -> None:
    first = town.plan()
    town.publish(first)
    deliver()
    town.messages("alma")[0].state = MessageState.DOUBTFUL
    db.session.commit()
    town.take_back()
    town.publish(first)

    assert town.states("alma") == ["published doubtful"]


def test_without_an_address_she_stands_on_the_list_with_what_changed(town: Town, app: Flask) -> None:
    town.publish(town.plan())
    outbox.told_otherwise(town.messages("cem")[0], town.organiser, NOW)  # type: ignore[arg-type]
    deliver()
    run = town.plan(cem="BB")

    done = town.publish(run)

    [open_one] = news.to_tell(news.told_of(town.run))
    with app.test_request_context():
        [change] = days.told(open_one, days.Words(town.conference))
    assert done == news.Outcome(0, 1, 2)
    assert open_one.participant is town.people["cem"]
    assert (change.before, change.now) == ("Gruppe A, Saal A, Deutsch", "Gruppe B, Saal B, Deutsch")


def test_whom_nobody_ticked_off_is_told_all_of_it_and_stands_there_once(town: Town, app: Flask) -> None:
    town.publish(town.plan())
    town.publish(town.plan(cem="BB"))

    [open_one] = news.to_tell(news.told_of(town.run))
    with app.test_request_context():
        told = days.told(open_one, days.Words(town.conference))

    assert [change.round for change in told] == ["Runde 1", "Runde 2"]
    assert [bool(change.before) for change in told] == [True, False]


def test_the_pages_say_before_and_after_whom_it_tells(town: Town, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocations, "publish", _without_its_rules)
    town.publish(town.plan())
    deliver()
    run = town.plan(bela="BA", cem="BB")
    db.session.commit()
    client = Client(app).as_organiser(town.organiser)  # type: ignore[arg-type]
    page = f"/organise/{town.conference.slug}/allocations/{run.number}"

    after = client.submit(f"{page}/publish", {}, page=f"/organise/{town.conference.slug}/")

    assert "Messages written into files on this computer: 1." in after.text
    assert "1 person has no e-mail address: tell her otherwise." in after.text
    assert "The day of 1 person stays as she was told: she gets no message." in after.text


def _without_its_rules(run: Allocation, *_given: object, **_more: object) -> bool:
    run.conference.published = run
    run.published_at = clock.now()
    return True


def test_a_session_that_is_not_held_any_more_is_a_change(town: Town, app: Flask) -> None:
    first = town.plan()
    town.publish(first)
    deliver()
    town.take_back()
    town.sessions["A"].state = SessionState.CANCELLED

    assert town.publish(first) == news.Outcome(2, 1, 0)

    with app.test_request_context():
        [change] = days.told(town.messages("alma")[-1], days.Words(town.conference))
    assert change.now == "„Gruppe A“ findet nicht statt"


def test_a_day_that_an_earlier_version_told_is_compared_too(town: Town) -> None:
    first = town.plan()
    facts = {"kind": "published", "dedupe_key": f"published:{first.id}:{town.people['alma'].id}"}
    make.message(town.people["alma"], **facts, state=MessageState.SENT)

    assert len(news.reach(town.plan(alma="AB")).unchanged) == 1
    [told] = [each for each in news.reach(town.plan(alma="BA")).by_mail if each.person.name == "Alma"]
    assert told.before == days.of(first, town.people["alma"])


def test_the_message_says_what_her_page_shows(town: Town, app: Flask) -> None:
    run = town.plan(bela="A-")
    town.publish(run)

    page = Client(app).as_participant(town.people["bela"]).get(f"/c/{town.conference.slug}/me/day/")

    with app.test_request_context(headers={"Accept-Language": "en"}):
        first, second = days.told(town.messages("bela")[0], days.Words(town.conference))
    title, room, _language = first.now.split(", ")
    assert [title, "No place in this round"] == page.headings[1:]
    assert room in page.text
    assert second.now == "no place in this round"


def test_a_changed_day_names_titles_and_rooms_and_nothing_else_of_anybody(town: Town) -> None:
    """And no line of them becomes a header, or a line of its own."""
    town.publish(town.plan())
    deliver()
    group = make.group(town.conference, title={"de": "Kanarienvogel", "en": "Kanarienvogel"})
    town.people["bela"].name, town.people["bela"].group_id = "Kanarienvogel", group.id
    town.sessions["B"].title = {"en": "Housing\r\nBcc: all@example.org"}
    town.sessions["B"].sentence = town.sessions["B"].goal = {"en": "Kanarienvogel"}
    town.publish(town.plan(bela="BB"))
    mail = notifications.compose(town.messages("bela")[-1], clock.now()).mail

    assert "now: Housing Bcc: all@example.org, Saal B, German" in mail.body
    assert "Kanarienvogel" not in f"{mail.subject} {mail.body}"
    assert mail.body.count("://") == 1


def _listening(town: Town, *, to: Participant | None) -> Allocation:
    """Alma, who understands Arabic, sits in session A first; it is held in German now."""
    run = town.plan()
    here = db.session.query(Meeting).filter_by(allocation_id=run.id, session_id=town.sessions["A"].id)
    meeting = here.filter_by(slot_id=town.slots[0].id).one()
    place = db.session.query(Assignment).filter_by(meeting_id=meeting.id, participant_id=town.people["alma"].id).one()
    place.listens_in = "ar"
    if to:
        make.assignment(meeting, to, role=AssignmentRole.INTERPRETER, voices="ar")
    db.session.commit()
    return run


def _changes(town: Town, name: str) -> list[str]:
    with force_locale("de"):
        told = days.told(town.messages(name)[-1], days.Words(town.conference))
        return [f"{each.before} -> {each.now}" for each in told]


def test_who_listens_is_told_into_which_language_it_is_interpreted(town: Town) -> None:
    """ "Before: Arabic, now: German", she read, and nothing of who makes it understood to her."""
    first = town.plan()
    for meeting in db.session.query(Meeting).filter_by(allocation_id=first.id, session_id=town.sessions["A"].id):
        meeting.language = "ar"
    samir = make.participant(town.conference, name="Samir")
    town.publish(first)
    deliver()

    town.publish(_listening(town, to=samir))

    assert _changes(town, "alma") == [
        "Gruppe A, Saal A, Arabisch -> Gruppe A, Saal A, Deutsch, gedolmetscht ins Arabische"
    ]
    assert _changes(town, "bela") == ["Gruppe A, Saal A, Arabisch -> Gruppe A, Saal A, Deutsch"]


def test_an_interpreter_lost_or_gained_is_a_change_for_who_listens(town: Town) -> None:
    """Nothing else of her round differed, so nobody told her."""
    samir, hala = (make.participant(town.conference, name=name) for name in ("Samir", "Hala"))
    told = "Gruppe A, Saal A, Deutsch, gedolmetscht ins Arabische"
    alone = "Gruppe A, Saal A, Deutsch, ins Arabische dolmetscht noch niemand"
    town.publish(_listening(town, to=samir))
    deliver()

    town.publish(_listening(town, to=None))
    deliver()
    assert _changes(town, "alma") == [f"{told} -> {alone}"]
    assert town.states("bela") == ["published written"]

    again = _listening(town, to=samir)
    samir.state = ParticipantState.CANCELLED
    assert town.publish(again).by_mail == 0

    town.publish(_listening(town, to=hala))
    assert _changes(town, "alma")[-1].endswith(told)


def test_what_is_heard_is_kept_with_the_message(town: Town) -> None:
    run = _listening(town, to=make.participant(town.conference, name="Samir"))
    day = days.of(run, town.people["alma"])

    assert day == days.of_everybody(run)[town.people["alma"].id] == days.read(days.written(day))
    place = day[town.slots[0].id]
    assert place
    assert (place.listens, place.heard) == ("ar", True)


def test_who_lacks_a_place_is_listed_without_good_news(app: Flask, town: Town) -> None:
    """ "Your rooms are published" stood there, beside "no place in this round"."""
    town.publish(town.plan(alma="-B"))
    alma, bela = (town.messages(name)[-1] for name in ("alma", "bela"))

    with force_locale("de"):
        assert notifications.heading(alma.kind, days.lacks(alma)) == "In einer Runde ohne Platz"
        assert notifications.heading(bela.kind, days.lacks(bela)) == "Ihre Räume sind veröffentlicht"
    client = Client(app).as_organiser(town.organiser)
    shown = client.get(f"/organise/{town.conference.slug}/messages/?only=lacking").text
    assert "Alma" in shown
    assert "Bela" not in shown
    hers = client.get(f"/organise/{town.conference.slug}/messages/{alma.id}").text
    assert "Without a place in a round" in hers
    assert "Your rooms are published" not in hers
