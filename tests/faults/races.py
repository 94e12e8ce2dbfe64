"""CON-1 to CON-3: people who do things in the same moment; every answer fits what is stored."""

import random
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count as numbers
from typing import Any
from unittest import mock

from flask import Flask
from sqlalchemy.exc import OperationalError

from planner import allocations, clock, preferences
from planner.extensions import db
from planner.models import Participant, Session, Submission, Supporter
from solver import Problem, Settings
from tests import factories as make
from tests.campaigns.report import Report
from tests.faults import site
from tests.faults.browser import REVISION, Person, at_once, organiser, participant, without_locks

Say = Callable[[str], None]
THREADS = 8


def _arm(unguarded: bool) -> Any:
    return without_locks() if unguarded else nullcontext()


# CON-1

LISTS = "CON-1: a stored list is exactly one that was sent; merged 0, lost 0, no answer 5xx; the loser reads 409."


@dataclass
class Ledger:
    """By person and revision which lists were acknowledged; there may be one only."""

    won: dict[tuple[int, int], list[list[int]]] = field(default_factory=dict)
    sent: dict[int, list[list[int]]] = field(default_factory=dict)
    status: dict[int, int] = field(default_factory=dict)


def lists(count: int, seed: int, *, database: str, unguarded: bool, say: Say) -> Report:
    report, ledger, guard = Report(f"lists-{database}", LISTS, control_arm=unguarded), Ledger(), threading.Lock()
    with site.application(database) as app:
        of = site.gather(20, sessions=6)
        people = [participant(app, of, number) for number in range(20)]
        revisions = [0] * 20

        def work(thread: int) -> Callable[[], None]:
            dice = random.Random(f"{seed}:{thread}")

            def save() -> None:
                for _ in range(count // THREADS):
                    number = dice.randrange(20)
                    _save(
                        of,
                        people[number],
                        number,
                        dice.sample(of.sessions, dice.randint(0, 6)),
                        revisions,
                        ledger,
                        guard,
                    )

            return save

        with _arm(unguarded):
            at_once(work(thread) for thread in range(THREADS))
        found = site.Lists()
        for person in db.session.query(Participant):
            found[person.id] = [wish.session_id for wish in person.preferences]
        report.broken += _judged(ledger, of, found)
    report.figures |= {"saves": sum(ledger.status.values()), "answers": dict(sorted(ledger.status.items()))}
    return report


def _save(
    of: site.Gathering,
    person: Person,
    number: int,
    ranking: list[int],
    revisions: list[int],
    ledger: Ledger,
    guard: Any,
) -> None:
    id, revision = of.people[number], revisions[number]
    with guard:
        ledger.sent.setdefault(id, []).append(ranking)
    answer = person.post(f"/c/{of.slug}/me/wishes/", {"revision": revision, "favourite": ranking})
    with guard:
        ledger.status[answer.status_code] = ledger.status.get(answer.status_code, 0) + 1
        if answer.status_code == 302:
            ledger.won.setdefault((id, revision), []).append(ranking)
            revisions[number] = max(revisions[number], revision + 1)
        elif shown := REVISION.search(answer.text):
            revisions[number] = max(revisions[number], int(shown[1]))


def _judged(ledger: Ledger, of: site.Gathering, stored: site.Lists) -> list[str]:
    broken = [f"{count} answers {status}" for status, count in ledger.status.items() if status >= 500]
    for id, revision in ledger.won:
        changed = _changed(ledger, id, revision)
        if len(changed) > 1:
            broken.append(f"person {id}: {sorted(changed)} were all acknowledged as change {revision + 1}")
    for id in of.people:
        last = max((revision for person, revision in ledger.won if person == id), default=-1)
        if stored[id] not in ledger.won.get((id, last), [[]]):
            broken.append(f"person {id}: {stored[id]} is stored, last acknowledged was {ledger.won.get((id, last))}")
    return broken


def _changed(ledger: Ledger, id: int, revision: int) -> set[tuple[int, ...]]:
    """The lists that may have been this change. Whoever comes late with the list that is stored by then is told so and
    changes nothing: hers is a list that was acknowledged as a later change, too."""
    later = {
        tuple(ranking) for (person, at), won in ledger.won.items() if person == id and at > revision for ranking in won
    }
    return {tuple(ranking) for ranking in ledger.won[id, revision]} - later


# CON-2

TWICE = "CON-2: the same form fifty times at once makes one row, and every answer is the same."
TIMES = 50


def twice(count: int, seed: int, *, database: str, unguarded: bool, say: Say) -> Report:
    """Wishes, statements, "concerns me too" and new sessions in turn, each by somebody who has sent nothing yet."""
    report, status = Report(f"twice-{database}", TWICE, control_arm=unguarded), dict[int, int]()
    with site.application(database) as app:
        of = site.gather(count)
        theme = make.theme(site.conference(of)).id
        other = make.submission(make.participant(site.conference(of))).id
        db.session.commit()
        office = organiser(app, of)
        for number in range(count):
            row = _equal_posts(app, of, number, theme, other, office, unguarded)
            for answer in row.pop("answers"):
                status[answer[0]] = status.get(answer[0], 0) + 1
            if row["rows"] != 1 or row["different answers"] != 1:
                report.broken.append(f"round {number}, {row['form']}: {row}")
            say(f"{row}")
    report.figures |= {"rounds": count, "posts": count * TIMES, "answers": dict(sorted(status.items()))}
    return report


def _equal_posts(
    app: Flask, of: site.Gathering, number: int, theme: int, other: int, office: Person, unguarded: bool
) -> dict[str, Any]:
    home, id = f"/c/{of.slug}/me/", of.people[number]
    person = participant(app, of, number)
    statement = {
        "theme_id": theme,
        "problem": "Dasselbe",
        "visibility": "anonymous",
        "language": "de",
        "revision": 0,
        "receipt": f"{number:016x}",
    }
    session = {"title_de": f"Neu {number}", "title_en": f"New {number}", "theme_id": theme, "languages": ["de"]}
    session |= {"minimum": 2, "maximum": 9, "offered": 1}
    before = db.session.query(Session).count()
    forms: list[tuple[str, Person, str, dict[str, Any], Callable[[], int]]] = [
        ("wishes", person, f"{home}wishes/", {"revision": 0, "favourite": of.sessions}, lambda: _revision(id)),
        ("statement", person, f"{home}submissions/new", statement, lambda: _count(Submission, author_id=id)),
        ("support", person, f"{home}others/{other}/support", {}, lambda: _count(Supporter, participant_id=id)),
        ("session", office, f"/organise/{of.slug}/sessions/new", session, lambda: _count(Session) - before),
    ]
    name, who, address, form, rows = forms[number % 4]
    with _arm(unguarded):
        answers = at_once([lambda: who.post(address, form)] * TIMES)
    told = [(answer.status_code, answer.headers.get("Location")) for answer in answers]
    row = {"round": number, "form": name, "rows": rows(), "different answers": len(set(told)), "answers": told}
    db.session.rollback()
    return row


def _count(kind: type[Any], **which: int) -> int:
    return int(db.session.query(kind).filter_by(**which).count())


def _revision(id: int) -> int:
    return db.session.get_one(Participant, id).revision


# CON-3

DEADLINE = (
    "CON-3: acknowledged before the deadline and in the final snapshot are the same; a refusal keeps what was typed."
)
POSTS = 200
SLOW_ONE_IN = 20
BEFORE = timedelta(seconds=1.5)
"""How long before the deadline the posts begin."""


def deadline(count: int, seed: int, *, database: str, unguarded: bool, say: Say) -> Report:
    report = Report(f"deadline-{database}", DEADLINE, control_arm=unguarded)
    with site.application(database) as app:
        for number in range(count):
            row = _at_the_deadline(app, random.Random(f"{seed}:{number}"), unguarded, report)
            report.rows.append({"round": number, **row})
            say(f"{report.rows[-1]}")
    report.figures |= {name: sum(row[name] for row in report.rows) for name in ("acknowledged", "refused")}
    return report


def _slowly(check: Callable[..., None]) -> Callable[..., None]:
    """A machine that is busy now and then between reading the clock and committing: in both arms."""
    turns = numbers(1)

    def checked(*words: Any) -> None:
        check(*words)
        if next(turns) % SLOW_ONE_IN == 0:
            threading.Event().wait(0.4)

    return checked


def _at_the_deadline(app: Flask, dice: random.Random, unguarded: bool, report: Report) -> dict[str, Any]:
    of = site.gather(THREADS * 2)
    people = [participant(app, of, number) for number in range(THREADS * 2)]
    conference = site.conference(of)
    make.slot(conference)  # without a round nothing is asked
    ends = conference.wishes_until = clock.now() + BEFORE
    db.session.commit()
    told: list[dict[int, Any]] = [{"last": [], "refused": 0, "lost": 0, "other": {}} for _ in people]  # type: ignore[dict-item]

    def post(number: int) -> Callable[[], None]:
        mine = random.Random(dice.random())

        def work() -> None:
            for revision in range(POSTS // len(people)):
                ranking = mine.sample(of.sessions, 3)
                answer = people[number].post(f"/c/{of.slug}/me/wishes/", {"revision": revision, "favourite": ranking})
                note: dict[Any, Any] = told[number]
                if answer.status_code == 302:
                    note["last"] = ranking
                elif answer.status_code == 422:
                    note["refused"] += 1
                    kept = all(f'name="favourite" value="{session}"' in answer.text for session in ranking)
                    note["lost"] += not kept
                    return
                else:
                    note["other"][answer.status_code] = note["other"].get(answer.status_code, 0) + 1
                threading.Event().wait(mine.uniform(0, 2 * BEFORE.total_seconds() * len(people) / POSTS))

        return work

    frozen: list[Problem] = []

    def freeze() -> None:
        threading.Event().wait(max(0.0, (ends - clock.now()).total_seconds()))
        with app.app_context():
            try:
                run = allocations.create(site.conference(of), Settings(time_limit=2), None, clock.now())
                db.session.commit()
            except OperationalError as error:
                report.broken.append(f"no snapshot at the deadline: {type(error.orig).__name__}")
                return
            if run.is_draft:
                report.broken.append("the snapshot at the deadline calls itself a draft")
            frozen.append(Problem.unpacked(run.snapshot))

    with _arm(unguarded), mock.patch("planner.preferences._check", _slowly(preferences._check)):
        at_once([freeze, *(post(number) for number in range(len(people)))])
    if not frozen:
        return {"acknowledged": 0, "refused": 0, "differences": 0, "typed text lost": 0}
    keys = dict(db.session.query(Participant.key, Participant.id).filter_by(conference_id=of.conference).all())
    wished = {keys[person.id]: [int(session) for session in person.favourites] for person in frozen[0].participants}
    notes: list[dict[Any, Any]] = list(told)
    wrong = [id for id, note in zip(of.people, notes, strict=True) if wished[id] != note["last"]]
    report.broken += [f"person {id}: the snapshot has {wished[id]}, acknowledged was another list" for id in wrong]
    report.broken += [f"other answers: {note['other']}" for note in notes if note["other"]]
    lost = sum(note["lost"] for note in notes)
    if lost:
        report.broken.append(f"{lost} refusals without what was typed")
    return {
        "acknowledged": sum(bool(note["last"]) for note in notes),
        "refused": sum(note["refused"] for note in notes),
        "differences": len(wrong),
        "typed text lost": lost,
    }
