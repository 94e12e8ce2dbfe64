"""The sentences of a result hold: counted from what was asked, no praise for damage, questions before publishing."""

import re
from dataclasses import replace

from flask import Flask

from planner import allocations, clock, erasure, jobs, languages, participants
from planner.allocations.results.answer import with_answer
from planner.config import PACKAGE
from planner.extensions import db
from planner.models import (
    Allocation,
    Assignment,
    AuditEntry,
    Conference,
    Duty,
    InterpreterPair,
    LanguageLevel,
    Level,
    Meeting,
    ParticipantState,
    Quota,
    RoomClosure,
    SessionState,
    User,
    Veto,
)
from solver import Preset, shortages
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import SETTINGS, small, solved

LABELS = {"1": "1", "2": "2", "other": "other", "free": "free", "duty": "duty", "missing": "missing"}


def page(app: Flask, conference: Conference, organiser: User, run: Allocation) -> tuple[Client, str]:
    return Client(app).as_organiser(organiser), f"/organise/{conference.slug}/allocations/{run.number}"


def cramped() -> tuple[Conference, User, Allocation]:
    """Eight people, one leader, two meetings of three: two people stay without a place."""
    conference, organiser = small(8)
    for session in conference.sessions:
        session.maximum = 3
    db.session.commit()
    return conference, organiser, solved(conference, organiser)


def test_a_wish_changed_later_changes_nothing_of_what_a_run_says(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        before = allocations.report(run, LABELS)

    for person in participants.listed(conference):
        person.preferences.clear()
    db.session.commit()

    with app.test_request_context(headers={"Accept-Language": "en"}):
        after = allocations.report(run, LABELS)
    assert before
    assert after
    assert after.figures == before.figures
    assert [view.composition for _slot, views in after.rounds for view in views] == [
        view.composition for _slot, views in before.rounds for view in views
    ]


def test_a_plan_with_missing_places_is_incomplete_and_publishing_asks(app: Flask) -> None:
    conference, organiser, run = cramped()
    client, url = page(app, conference, organiser, run)

    text = client.get(url).text

    assert run.missing == 2
    assert run.outcome == "incomplete"
    assert "Incomplete: 2 places are missing" in text
    assert "8 people are there and free; the meetings have 6 places." in text
    assert "solved" not in text
    assert "Everybody has a place in every round." not in text
    assert "2 places are missing in this plan." in text

    refused = client.submit(f"{url}/publish", {}, page=url)
    assert "2 places are missing in this plan." in refused.text
    assert conference.published_id is None

    client.submit(f"{url}/publish", {"accepted": "incomplete"}, page=url)
    assert conference.published_id == run.id


def test_a_run_that_no_longer_fits_says_what_changed_and_publishing_asks(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    assert allocations.outdated(run) is None
    conference.rooms[0].capacity_circle = 1
    conference.rooms[1].capacity_circle = 1
    db.session.commit()
    client, url = page(app, conference, organiser, run)

    text = client.get(url).text
    refused = client.submit(f"{url}/publish", {"accepted": "incomplete"}, page=url)

    assert "outdated" in text
    assert "2 rooms have changed." in text
    assert "No meeting is larger than its room or its maximum." in text
    assert "Something has changed since this plan was made." in refused.text
    assert conference.published_id is None


def test_a_room_that_is_not_free_any_more_is_named_with_its_meeting(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    meeting = run.meetings[0]
    meeting.room.closures.append(RoomClosure(slot_id=meeting.slot_id))
    db.session.commit()
    client, url = page(app, conference, organiser, run)

    text = client.get(url, language="en").text

    names = (meeting.session.title["en"], meeting.room.name, meeting.slot.title["en"])
    where = ", ".join(languages.isolated(name) for name in names)
    assert f"Not kept here: {where}. The rule: A room holds one meeting at a time, and is free." in text


def test_a_session_that_is_offered_more_often_now_is_named(app: Flask) -> None:
    """ "Every meeting reaches its minimum" was said to be broken, and nothing of where."""
    conference, organiser = small()
    run = solved(conference, organiser)
    session = run.meetings[0].session
    session.offered = 2
    db.session.commit()
    client, url = page(app, conference, organiser, run)

    assert f"Not kept here: {languages.isolated(session.title['en'])}." in client.get(url, language="en").text


def test_a_plan_that_stays_close_lists_nothing_as_fixed_by_hand(app: Flask) -> None:
    """The meetings of the published plan were taken for ones that organisers had fixed."""
    conference, organiser = small()
    conference.published_id = solved(conference, organiser).id
    db.session.commit()
    run = allocations.create(conference, replace(SETTINGS, preset=Preset.REPAIR), organiser, clock.now())
    db.session.commit()
    jobs.run_allocation(run.id)
    db.session.refresh(run)
    client, url = page(app, conference, organiser, run)

    text = client.get(url, language="en").text

    assert "All rules were counted again" in text
    assert "What was fixed by hand stays." not in text


def test_whoever_has_no_place_reads_why(app: Flask) -> None:
    """Of a round without a place it was promised that the page says why, and it did not."""
    conference, organiser, run = cramped()
    conference.published_id = run.id
    key = next(iter(run.without_place or {}))
    person = next(each for each in conference.participants if each.key == key)
    db.session.commit()
    client, url = page(app, conference, organiser, run)
    hers = Client(app).as_participant(person)

    for_organisers = client.get(f"{url}/people/{person.id}", language="en").text
    her_day = hers.get(f"/c/{conference.slug}/me/day/", language="en").text
    her_why = hers.get(f"/c/{conference.slug}/me/day/why", language="en").text

    for text in (for_organisers, her_day, her_why):
        assert "There is no place for you in this round." in text
        assert "No place was free." in text


def test_what_somebody_does_not_want_only_she_reads(app: Flask) -> None:
    """ "Places were free in sessions that are 'not for me'", organisers read of one whose name stood above it."""
    conference, organiser = small(5, most_vetoes=1)
    first, second = conference.sessions
    first.maximum = 3
    for each in participants.listed(conference)[2:]:  # one leads, and the second session needs one
        each.vetoes = [Veto(session_id=second.id)]
    run = solved(conference, organiser)
    conference.published_id = run.id
    person = next(each for each in participants.listed(conference) if run.lacks(each.key))
    db.session.commit()
    client, url = page(app, conference, organiser, run)
    hers = Client(app).as_participant(person)

    for_organisers = [client.get(address, language="en").text for address in (url, f"{url}/people/{person.id}")]
    her_day = hers.get(f"/c/{conference.slug}/me/day/", language="en").text
    her_why = hers.get(f"/c/{conference.slug}/me/day/why", language="en").text

    assert "keeps 1 person out of the free places" in for_organisers[0]
    assert "Places were free, but another rule" in for_organisers[1]
    for text in for_organisers:
        assert person.name in text
        assert "not for me” on" not in text
        assert "said “not for me”" not in text
    for text in (her_day, her_why):
        assert "Places were free in sessions that are “not for me” on your list." in text


def test_a_group_of_few_has_counts_but_no_share(app: Flask) -> None:
    conference, organiser = small()
    alone = make.participant(conference, group_id=make.group(conference).id)
    make.wishes(alone, *conference.sessions)
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)

    text = " ".join(client.get(url, language="en").text.split())

    assert "–: of fewer than 5 people no share is told." in text
    table = text[text.index("share of the best day on average") :]
    large, few = (each.title["en"] for each in conference.groups)
    assert re.search(rf"{large} 6 \d \d+ %", table)
    assert re.search(rf"{few} 1 \d –", table)


def test_the_overview_says_what_is_wrong_with_what_is_published(app: Flask) -> None:
    """ "The allocation is published" stood among what is left to do, whatever had happened to it."""
    conference, organiser, run = cramped()
    client, url = page(app, conference, organiser, run)
    home = f"/organise/{conference.slug}/"
    client.submit(f"{url}/publish", {"accepted": "incomplete"}, page=url)

    lacking = client.get(home)
    assert f"Run {run.number} is published. 2 places are missing in this plan." in lacking.text
    assert "Something has changed" not in lacking.text
    assert url in lacking.links

    conference.rooms[0].capacity_circle = 1
    outdated = client.get(home).text
    assert "Something has changed since this plan was made." in outdated


def test_the_overview_has_nothing_to_do_about_a_plan_that_is_right(app: Flask) -> None:
    conference, organiser = small(wishes_until=clock.now())
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)
    client.submit(f"{url}/publish", {}, page=url)

    text = client.get(f"/organise/{conference.slug}/").text

    assert "Allocate people to the rooms" not in text
    assert f"done Run {run.number} is published." in text
    assert f"Run {run.number} is published. 2 places" not in text
    assert "Something has changed" not in text


def test_the_chairs_of_a_run_are_those_that_it_was_asked_with(app: Flask) -> None:
    """A session cut down later drew the rings of every earlier run anew."""
    conference, organiser = small()
    run = solved(conference, organiser)

    def rings() -> list[tuple[int, int]]:
        with app.test_request_context(headers={"Accept-Language": "en"}):
            found = allocations.report(run, LABELS)
            assert found
            return [(v.ring.most, v.ring.minimum) for _slot, views in found.rounds for v in views]

    before = rings()
    for session in conference.sessions:
        session.maximum, session.minimum = 40, 3
    for room in conference.rooms:
        room.capacity_circle = 40
    db.session.commit()

    assert rings() == before


def unreadable(run: Allocation) -> None:
    """As after a version that stated problems otherwise."""
    run.snapshot = '{"version": 0}'
    db.session.commit()


def test_a_plan_whose_question_cannot_be_read_says_so_everywhere(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)
    client.submit(f"{url}/publish", {}, page=url)
    person = next(person for person in participants.listed(conference) if person.preferences)
    unreadable(run)
    reader = Client(app).as_participant(person)
    mine = f"/c/{conference.slug}/me/day/"

    told = client.get(url)
    assert "What this plan was made from cannot be read any more" in told.headings
    assert "everybody still sees where she is, only no reasons" in told.text
    assert "older version" not in told.text
    assert "cannot be read any more, so nothing can be counted" in client.get(f"{url}/fairness").text
    assert "cannot be read any more, so it cannot be explained" in client.get(f"{url}/people/{person.id}").text
    assert "cannot be read any more." in client.get(f"/organise/{conference.slug}/").text
    assert "Where you are still holds." in reader.get(f"{mine}why").text
    assert "does not know you" not in reader.get(mine).text
    assert run.meetings[0].session.title["en"] in reader.get(mine).text


def test_a_plan_whose_question_cannot_be_read_is_not_published(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)
    unreadable(run)

    refused = client.submit(f"{url}/publish", {}, page=url)

    assert "so nobody can check it" in refused.text
    assert conference.published_id is None


def test_settings_that_contradict_themselves_are_told_as_what_changed(app: Flask) -> None:
    """The page said that the plan breaks the rule "All meetings and people exist", which it does not."""
    conference, organiser = small()
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)
    participants.listed(conference)[0].interprets = [
        InterpreterPair(source="de", target="de-DE", listeners=12, most_slots_in_a_row=2)
    ]
    db.session.commit()

    text = client.get(url).text

    assert "What is set contradicts itself" in text
    assert "the plan breaks these rules" not in text


def test_who_leads_without_understanding_is_named_before_and_after(app: Flask) -> None:
    conference, organiser = small()
    leader = next(person for person in participants.listed(conference) if person.name == "Leitung")
    leader.languages = [LanguageLevel(language="ar", level=Level.SPEAKS)]
    notes = make.participant(conference, name="Mitschrift", languages={"ar": "speaks", "de": "needs_help"})
    silent = make.participant(conference, name="Wortkarg", languages={})
    first = conference.sessions[0]
    for person in (notes, silent):
        make.role(first, person, duty=Duty.NOTE_TAKER)
    db.session.commit()
    client = Client(app).as_organiser(organiser)
    title = first.title["en"]

    before = client.get(f"/organise/{conference.slug}/allocations/").text
    run = solved(conference, organiser)
    after = client.get(f"/organise/{conference.slug}/allocations/{run.number}").text

    for text in (before, after):
        plain = text.replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")
        assert f"Leitung leads “{title}”, but does not understand German." in plain
        assert f"Mitschrift takes notes in “{title}”, but does not understand German." in plain
        assert "Wortkarg takes notes" not in plain
    assert "nobody who leads it understands" not in before
    assert "In charge, but not in their language" in after


def test_looking_for_what_changed_reads_nobodys_needs(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    before = db.session.query(AuditEntry).count()

    allocations.outdated(run)

    assert db.session.query(AuditEntry).count() == before


def test_each_change_is_named(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    group = conference.groups[0]
    people = [person for person in participants.listed(conference) if person.preferences]
    people[0].preferences.clear()
    people[1].move_to(ParticipantState.CANCELLED)
    make.participant(conference, name="Neu", group_id=group.id)
    db.session.commit()

    found = allocations.outdated(run)

    assert found
    assert found.changed == {"people_gone": 1, "people_new": 1, "people_favourites": 1}
    assert found.gone == {"participant": [people[1].key]}
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert allocations.changes(found, allocations.Names(conference))[:3] == [
            "1 person does not take part any more.",
            "1 person is new.",
            "1 person has other wishes.",
        ]


def test_a_session_that_is_cancelled_is_one_change_and_nobody_else_changed_anything(app: Flask) -> None:
    """ "6 people have other wishes", every page said, when nobody had touched hers."""
    conference, organiser = small(most_vetoes=1)
    _first, second = conference.sessions
    people = [person for person in participants.listed(conference) if person.preferences]
    people[0].preferences, people[0].vetoes = [], [Veto(session_id=second.id)]
    make.placement(second, conference.slots[0])
    make.add(Quota(conference_id=conference.id, group_id=conference.groups[0].id, session_id=second.id, maximum=9))
    run = solved(conference, organiser)
    second.move_to(SessionState.CANCELLED)
    db.session.commit()

    cancelled = allocations.outdated(run)
    db.session.delete(people[1].preferences[0])
    db.session.commit()
    then_a_wish = allocations.outdated(run)

    assert cancelled
    assert cancelled.changed == {"sessions": 1}
    assert then_a_wish
    assert then_a_wish.changed == {"sessions": 1, "people_favourites": 1}


def test_what_is_gone_hides_no_other_broken_rule(app: Flask) -> None:
    """With one person erased the page named no overfull meeting any more."""
    conference, organiser = small()
    run = solved(conference, organiser)
    people = [person for person in participants.listed(conference) if person.preferences]
    cancelled = people[0].name
    conference.rooms[0].capacity_circle = conference.rooms[1].capacity_circle = 1
    people[0].move_to(ParticipantState.CANCELLED)
    erasure.erase(people[1], clock.now(), leaves_statements=False)
    db.session.commit()
    client, url = page(app, conference, organiser, run)

    text = client.get(url, language="en").text

    assert f"{languages.isolated(cancelled)} has a place in the plan, but does not take part any more." in text
    assert "1 person in the plan has been erased." in text
    assert "at most 1). The rule: No meeting is larger than its room or its maximum." in text


def test_a_session_that_is_gone_is_named(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    held, other = run.meetings[0].session, run.meetings[1]
    held.move_to(SessionState.CANCELLED)
    other.room.closures.append(RoomClosure(slot_id=other.slot_id))
    db.session.commit()
    client, url = page(app, conference, organiser, run)

    text = client.get(url, language="en").text

    assert f"{languages.isolated(held.title['en'])} is in the plan, but is not held any more." in text
    assert "The rule: A room holds one meeting at a time, and is free." in text


def test_a_rule_that_asks_for_nothing_is_not_shown_as_kept(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)

    text = client.get(url).text

    assert "Everybody is in one meeting per round" in text
    assert "Each meeting keeps the bounds for groups." not in text
    assert "Nobody of a protected group sits alone." not in text


def test_a_plan_below_what_was_reached_does_not_claim_that_a_later_goal_gained(app: Flask) -> None:
    """ "Each gives up a stated part of it" was said of every plan, and of one whose mix had gained nothing, too."""
    conference, organiser = small()
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)
    need_not = "A later goal need not have gained by it."

    before = client.get(url).text
    goals = (run.result or {})["goals"]
    wishes = {"name": "wishes", "value": 1337, "reached": 1355, "bound": 1360, "gap": 0.01, "sense": "maximise"}
    run.result = {**(run.result or {}), "goals": [wishes, *(goal for goal in goals if goal["name"] != "wishes")]}
    db.session.commit()
    after = client.get(url).text

    assert "1,337 (reached: 1,355)" in after
    assert (need_not in before, need_not in after) == (False, True)
    assert "gives up a stated part" not in after


def test_a_room_without_a_bound_has_places_for_everybody_in_ring_and_shortage(app: Flask) -> None:
    """The ring said "0 places", the shortage counted everybody."""
    _conference, _organiser, run = cramped()
    known = with_answer(run)
    assert known
    free = replace(known[0], rooms=tuple(replace(room, capacity=None) for room in known[0].rooms))
    wide = replace(free, sessions=tuple(replace(session, maximum=None) for session in free.sessions))
    held = [allocations.bounds(each, seats_of(run, each), wide).most for each in run.meetings]

    [shortage] = shortages(wide, known[1])
    assert sum(held) == shortage.places
    assert min(held) >= len(wide.participants) - 1


def seats_of(run: Allocation, meeting: Meeting) -> list[Assignment]:
    return list(db.session.query(Assignment).filter_by(allocation_id=run.id, meeting_id=meeting.id))


def test_a_ring_and_the_shortage_count_the_same_places(app: Flask) -> None:
    """The ring counted everybody in the room, the shortage those who attend."""
    conference, organiser, run = cramped()
    client, url = page(app, conference, organiser, run)

    text = " ".join(client.get(url, language="en").text.split())

    with app.test_request_context(headers={"Accept-Language": "en"}):
        found = allocations.report(run, LABELS)
    assert found
    rings = [view.ring for _slot, views in found.rounds for view in views]
    [(_slot, shortage, _people)] = found.figures.missing
    assert sum(ring.most for ring in rings) == shortage.places == 6
    assert sum(ring.free for ring in rings) == shortage.free
    assert "3 attend, 1 works there" in text
    assert "of 3 places" in text


def test_who_could_interpret_but_does_not_is_counted_like_everybody_else(app: Flask) -> None:
    """ "1 interpret" was said of somebody who did not; her places stood by round, but not by group."""
    conference, organiser = small()
    could = make.participant(conference, group_id=conference.groups[0].id)
    make.wishes(could, *conference.sessions)
    could.interprets.append(InterpreterPair(source="de", target="ar", listeners=4, most_slots_in_a_row=2))
    db.session.commit()
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)

    text = client.get(url, language="en").text
    note = client.get(f"{url}/fairness", language="en").text
    with app.test_request_context(headers={"Accept-Language": "en"}):
        found = allocations.report(run, LABELS)

    assert found
    by_round, by_group = (
        {
            label: sum(part["value"] for row in rows for part in row["parts"] if part["label"] == label)
            for label in ("1", "2", "other")
        }
        for rows in (found.figures.by_round, found.figures.by_group)
    )
    assert by_round == by_group
    assert "8 people take part: 7 could choose and did" in text
    assert "1 person could interpret: 1 has another place only." in text
    assert "7 of 8 people could choose and did" in note


def test_who_counts_adds_up(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)

    text = client.get(url).text

    assert "7 people take part: 6 could choose and did, 0 chose nothing that is offered" in text
    assert "1 leads, takes notes or interprets in every round" in text


def test_each_part_of_a_picture_has_a_tone_of_its_own(app: Flask) -> None:
    """From the sixth wish on ranks were black, and "no wish" was as red as a missing place."""
    conference, organiser = small(most_favourites=10)
    run = solved(conference, organiser)
    client, url = page(app, conference, organiser, run)
    style = (PACKAGE / "static" / "planner.css").read_text()

    shown = set(re.findall(r"tone-(\w+)", client.fetch(url).text))

    assert shown == {"1", "2", "3", "4", "5", "other", "free", "duty", "missing"}
    light = dict(
        re.findall(r"\.tone-(\w+) { fill: ([^;]+);", style.split("@media (prefers-color-scheme: dark) {\n  .tone")[0])
    )
    assert shown <= light.keys()
    assert len({light[tone] for tone in shown}) == len(shown)
