"""Whether the Duisburg files tell a conference that can be held, before any solver sees it."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from planner.demo import (
    Demonstration,
    DemonstrationError,
    Participant,
    Session,
    read,
    read_duisburg,
    supporters_of,
)
from planner.models import ParticipantState, SubmissionState

DEMO = read_duisburg()
SLOTS = [slot.key for slot in DEMO.conference.slots]
ROOM_NEEDS = {"step_free", "hearing_loop", "quiet"}


def attending(slot: str) -> list[Participant]:
    return [person for person in DEMO.participants if person.attends and person.comes and slot not in person.away]


def free_rooms(slot: str) -> list[int]:
    return sorted((room.circle for room in DEMO.rooms if slot not in room.closed), reverse=True)


def meetings_a_round() -> int:
    return sum(session.offered for session in DEMO.sessions) // len(SLOTS)


def each_meeting(demo: Demonstration) -> Iterator[Session]:
    for session in demo.sessions:
        yield from [session] * session.offered


def test_it_is_as_large_as_the_real_case() -> None:
    groups = Counter(person.group for person in DEMO.participants)

    assert 175 <= len(DEMO.participants) <= 195
    assert len(DEMO.submissions) == 40
    assert len(DEMO.sessions) == 14
    assert len(DEMO.conference.themes) == 4
    assert len(groups) == len(DEMO.groups) == 6
    assert max(groups.values()) >= 3 * min(groups.values())
    assert len(DEMO.rooms) == 12
    assert sum(session.offered for session in DEMO.sessions) == 30


def test_submissions_are_in_every_state() -> None:
    states = Counter(submission.state for submission in DEMO.submissions)

    assert set(states) == set(SubmissionState)
    assert states[SubmissionState.ACCEPTED] == len(DEMO.sessions)
    assert states[SubmissionState.SUBMITTED] >= 5
    assert states[SubmissionState.DRAFT] == states[SubmissionState.WITHDRAWN] == 1
    assert [bool(s.reason) for s in DEMO.submissions if s.state == "declined"] == [True]


def test_some_submissions_wait_until_somebody_lets_them_through() -> None:
    assert [s.state for s in DEMO.submissions if s.waits] == [SubmissionState.SUBMITTED] * 2


def test_each_session_began_with_one_accepted_submission() -> None:
    accepted = [s.session for s in DEMO.submissions if s.state is SubmissionState.ACCEPTED]

    assert sorted(accepted, key=str) == sorted(session.key for session in DEMO.sessions)


def test_submissions_join_sessions_of_their_theme() -> None:
    themes = {session.key: session.theme for session in DEMO.sessions}

    assert all(themes[s.session] == s.theme for s in DEMO.submissions if s.session)


def test_submissions_that_were_handed_in_are_complete() -> None:
    for submission in DEMO.submissions:
        if submission.state is not SubmissionState.DRAFT:
            texts = (submission.problem, submission.experience, submission.support_needed, submission.question)
            assert all(texts), submission.author


def test_submissions_come_in_several_languages_and_are_mostly_anonymous() -> None:
    languages = Counter(submission.language for submission in DEMO.submissions)
    named = [s for s in DEMO.submissions if s.visibility == "named"]

    assert {"de", "ar", "uk", "tr", "en", "fr"} <= set(languages)
    assert languages["de"] >= 28
    assert 1 <= len(named) <= len(DEMO.submissions) // 4


def test_authors_write_in_a_language_they_speak() -> None:
    people = {person.key: person for person in DEMO.participants}

    assert [s.author for s in DEMO.submissions if s.language not in people[s.author].understood] == []


def test_submissions_came_in_while_the_call_was_open() -> None:
    opened = DEMO.conference.dates.call_from.day

    assert all(opened < submission.day < 0 for submission in DEMO.submissions)


def test_supporters_gather_at_a_few_submissions() -> None:
    numbers = sorted((submission.supporters for submission in DEMO.submissions), reverse=True)

    assert sum(numbers[:10]) > 0.45 * sum(numbers)


def test_supporters_are_as_many_as_stated_and_never_the_author() -> None:
    for submission in DEMO.submissions:
        people = supporters_of(submission, DEMO)
        assert len(set(people)) == submission.supporters
        assert submission.author not in people


def test_supporters_of_a_session_are_those_who_wish_for_it() -> None:
    wishes = {person.key: person.wishes for person in DEMO.participants}
    loved = max(DEMO.submissions, key=lambda submission: submission.supporters)

    assert all(loved.session in wishes[key] for key in supporters_of(loved, DEMO))


def test_wishes_herd_towards_a_few_sessions() -> None:
    wanted = Counter(key for person in DEMO.participants for key in person.wishes)
    top = sum(times for _, times in wanted.most_common(4))

    assert set(wanted) == {session.key for session in DEMO.sessions}
    assert top > 0.4 * wanted.total()


def test_about_twenty_people_have_no_wishes_and_nobody_has_too_many() -> None:
    numbers = Counter(len(person.wishes) for person in DEMO.participants if person.attends)

    assert 15 <= numbers[0] <= 25
    assert set(numbers) == {0, 1, 2, 3, 4, 5}
    assert max(len(person.vetoes) for person in DEMO.participants) <= DEMO.conference.most_vetoes


def test_some_people_come_only_for_part_of_the_day() -> None:
    away = [len(person.away) for person in DEMO.participants]

    assert sum(number > 0 for number in away) >= 15
    assert max(away) < len(SLOTS)


def test_most_people_understand_german_and_every_language_is_spoken() -> None:
    people = [person for person in DEMO.participants if person.attends]
    spoken = {language for person in people for language in person.languages}
    without_german = [person for person in people if "de" not in person.understood]

    assert spoken == {"de", "ar", "tr", "uk", "fa", "bg", "fr", "en"}
    assert 15 <= len(without_german) <= 0.15 * len(people)


def test_sessions_are_held_in_german_but_for_a_few() -> None:
    kinds = Counter(
        "two at once" if session.two_language else "one" if len(session.languages) == 1 else "one of several"
        for session in DEMO.sessions
    )

    assert all("de" in session.languages for session in DEMO.sessions)
    assert kinds["one"] >= len(DEMO.sessions) / 2
    assert 1 <= kinds["two at once"] <= 2
    assert kinds["one of several"] >= 3


def test_interpreters_speak_what_they_interpret() -> None:
    interpreters = [person for person in DEMO.participants if person.interprets]

    assert len(interpreters) == 13
    for person in interpreters:
        assert person.interprets
        assert {code for pair in person.interprets.pairs for code in pair} <= person.understood


@pytest.mark.parametrize("slot", SLOTS)
def test_somebody_interprets_german_for_each_who_does_not_understand_it(slot: str) -> None:
    offered = {
        code
        for person in DEMO.participants
        if person.interprets and slot not in person.away
        for pair in person.interprets.pairs
        if "de" in pair
        for code in pair
    }

    assert [person.key for person in attending(slot) if not person.understood & offered] == []


@pytest.mark.parametrize("slot", SLOTS)
def test_a_round_has_seats_for_everybody_with_some_to_spare(slot: str) -> None:
    rooms = free_rooms(slot)[: meetings_a_round()]
    people = len(attending(slot))

    assert len(rooms) == meetings_a_round()
    assert sum(rooms) >= 1.1 * people


def test_the_day_has_seats_for_everybody_between_minimum_and_maximum() -> None:
    staffed = sum(len(session.staff) * session.offered for session in DEMO.sessions)
    places = sum(len(attending(slot)) for slot in SLOTS) - staffed
    least = sum(session.minimum for session in each_meeting(DEMO))
    most = sum(session.maximum for session in each_meeting(DEMO))

    assert least <= 0.8 * places
    assert 1.1 * places <= most <= 2 * places


def test_each_session_finds_a_room_with_its_features_and_size() -> None:
    for session in DEMO.sessions:
        chairs = session.minimum + len(session.staff)
        fitting = [r for r in DEMO.rooms if set(session.features) <= set(r.features) and r.circle >= chairs]
        assert fitting, session.key


def test_each_need_of_a_person_is_met_by_a_room_in_every_round() -> None:
    for person in DEMO.participants:
        needed = {need.value for need in person.needs} & ROOM_NEEDS
        for slot in SLOTS:
            rooms = [room for room in DEMO.rooms if slot not in room.closed and needed <= set(room.features)]
            assert rooms, person.key


@pytest.mark.parametrize("slot", SLOTS)
def test_quotas_ask_for_no_more_people_than_there_are(slot: str) -> None:
    staff = {key for session in DEMO.sessions for key in session.staff}
    present = Counter(person.group for person in attending(slot) if person.key not in staff)

    for quota in DEMO.mix.quotas:
        meetings = 1 if quota.session else meetings_a_round()
        assert present[quota.group] >= quota.minimum * meetings


def test_only_the_dialogue_group_is_sensitive() -> None:
    assert [group.key for group in DEMO.groups if group.is_sensitive] == ["dialog"]


def test_no_address_could_belong_to_anybody() -> None:
    root = files("planner.demo") / "duisburg"
    with as_file(root) as folder:
        texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.*")]
    domains = {domain for text in texts for domain in re.findall(r"@([\w.-]+)", text)}

    assert domains == {"example.org"}


def test_people_are_in_every_state_and_most_are_confirmed() -> None:
    states = Counter(person.state for person in DEMO.participants)

    assert set(states) == set(ParticipantState)
    assert states[ParticipantState.CONFIRMED] > 0.9 * len(DEMO.participants)


def test_dates_follow_each_other_from_any_first_day() -> None:
    """The doors for problems and for wishes are both open at the first start."""
    dates, zone, today = DEMO.conference.dates, ZoneInfo("Europe/Berlin"), date(2026, 10, 20)
    first_round = DEMO.conference.slots[0].begins.at(DEMO.conference.day(today), zone) - timedelta(days=28)
    moments = [
        moment.at(today, zone) for moment in (dates.call_from, dates.wishes_from, dates.call_until, dates.wishes_until)
    ]

    assert moments == sorted(moments)
    assert moments[1] < first_round < moments[2]
    assert dates.day_starts.at(today, zone).isoformat() == "2026-11-17T09:00:00+01:00"


def test_rounds_and_plenaries_lie_within_the_day_and_rounds_do_not_meet() -> None:
    place = DEMO.conference
    day = (place.dates.day_starts.time, place.dates.day_ends.time)

    assert all(day[0] <= part.starts < part.ends <= day[1] for part in (*place.slots, *place.agenda))
    assert all(before.ends <= after.starts for before, after in zip(place.slots, place.slots[1:], strict=False))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    with as_file(files("planner.demo") / "duisburg") as folder:
        return shutil.copytree(folder, tmp_path / "duisburg")


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_mistyped_key_is_named(copy: Path) -> None:
    change(copy / "sessions" / "sprache.toml", '"alma-beispiel"', '"alma-beispeil"')

    with pytest.raises(DemonstrationError, match="session kurs-mit-kind: nobody knows alma-beispeil"):
        read(copy)


def test_a_missing_translation_is_named(copy: Path) -> None:
    change(copy / "conference.toml", ', ar = "الجولة 2"', "")

    with pytest.raises(DemonstrationError, match="“Runde 2” has no text in ar"):
        read(copy)


def test_a_session_that_nobody_could_lead_in_its_language_is_named(copy: Path) -> None:
    change(copy / "sessions" / "bildung.toml", 'languages = ["de", "uk"]', 'languages = ["de", "fr"]')

    with pytest.raises(DemonstrationError, match="nobody leads session kita-platz in fr"):
        read(copy)


def test_two_languages_at_once_are_two(copy: Path) -> None:
    change(copy / "sessions" / "bildung.toml", 'languages = ["de", "ar"]', 'languages = ["de", "ar", "tr"]')

    with pytest.raises(DemonstrationError, match="two languages at once, but names 3"):
        read(copy)


def test_a_note_taker_who_leaves_early_is_named(copy: Path) -> None:
    change(copy / "sessions" / "wohnen.toml", '"birgit-muster"', '"uwe-platzhalter"')

    with pytest.raises(DemonstrationError, match="uwe-platzhalter cannot serve in session vermieter"):
        read(copy)


def test_an_unknown_word_in_a_table_is_refused(copy: Path) -> None:
    change(copy / "venue.toml", "rows = 200", "tables = 200")

    with pytest.raises(DemonstrationError, match="tables"):
        read(copy)


def test_a_broken_file_is_named(copy: Path) -> None:
    change(copy / "venue.toml", "rows = 200", "rows = = 200")

    with pytest.raises(DemonstrationError, match=r"venue\.toml"):
        read(copy)


def test_a_cell_without_an_end_is_named(copy: Path) -> None:
    """Python's reader of tables gives up with an error of its own."""
    people = copy / "participants.csv"
    people.write_text(people.read_text() + '"' + "x" * 140_000)

    with pytest.raises(DemonstrationError, match=r"participants\.csv, line \d+: field larger"):
        read(copy)


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 20_000])
def test_a_number_or_a_list_without_an_end_is_named(copy: Path, value: str) -> None:
    """Neither is what Python calls a mistake in TOML."""
    change(copy / "venue.toml", "rows = 200", f"rows = {value}")

    with pytest.raises(DemonstrationError, match=r"venue\.toml"):
        read(copy)
