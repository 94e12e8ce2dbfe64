"""Submissions that say the same are one, with everybody whom they concern, and are taken apart as they were."""

import pytest
from flask import Flask

from planner import doubles, erasure, moderation, submissions
from planner.errors import MoveForbidden
from planner.extensions import db
from planner.models import Conference, MovedSupport, Participant, Session, Submission, SubmissionState, Supporter
from tests import factories as make
from tests.at_once import DONE, at_once


def now():  # type: ignore[no-untyped-def]
    return make.NOW


ROUNDS = 5


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference()


def concerned(row: Submission) -> set[int]:
    return {each.participant_id for each in db.session.query(Supporter).filter_by(submission_id=row.id)}


def pair(conference: Conference) -> tuple[Submission, Submission, list[Participant]]:
    """One that concerns two others, one that concerns one of them and somebody else."""
    people = [make.participant(conference) for _ in range(5)]
    stays, part = make.submission(people[0]), make.submission(people[1])
    for person, row in ((people[2], stays), (people[3], stays), (people[3], part), (people[4], part)):
        make.add(Supporter(submission_id=row.id, participant_id=person.id))
    return stays, part, people


def test_everybody_whom_one_concerns_counts_once_and_comes_back(conference: Conference) -> None:
    stays, part, people = pair(conference)
    ids = [person.id for person in people]
    before = concerned(stays), concerned(part)

    doubles.join(stays, [part], make.NOW)
    assert concerned(stays) == {*ids[1:]}
    assert (stays.stands, part.stands) == (True, False)
    assert submissions.brought(conference) == [stays]

    moderation.take_apart(part, make.NOW)
    assert (concerned(stays), concerned(part)) == before
    assert db.session.query(MovedSupport).count() == 0
    assert part.stands


def test_whoever_takes_her_support_back_meanwhile_has_taken_it_back(conference: Conference) -> None:
    stays, part, people = pair(conference)
    doubles.join(stays, [part], make.NOW)
    submissions.unsupport(stays, people[4])
    db.session.flush()

    moderation.take_apart(part, make.NOW)

    assert people[4].id not in concerned(stays) | concerned(part)


def test_whoever_supported_both_and_takes_it_back_has_taken_it_back_of_both(conference: Conference) -> None:
    stays, part, people = pair(conference)
    doubles.join(stays, [part], make.NOW)
    submissions.unsupport(stays, people[3])
    db.session.flush()

    moderation.take_apart(part, make.NOW)

    assert people[3].id not in concerned(stays) | concerned(part)


def test_what_is_a_draft_again_is_part_of_nothing_and_has_no_parts(conference: Conference) -> None:
    stays, part, people = pair(conference)
    third = make.submission(people[2])
    conference.call_until = make.NOW + make.DAY
    doubles.join(stays, [part, third], make.NOW)

    submissions.revise(part, submissions.Statement(**statement(part)), part.revision, now, draft=True)
    submissions.revise(stays, submissions.Statement(**statement(stays)), stays.revision, now, draft=True)

    assert [(row.state, row.joined_to_id) for row in (stays, part, third)] == [
        (SubmissionState.DRAFT, None),
        (SubmissionState.DRAFT, None),
        (SubmissionState.SUBMITTED, None),
    ]


def test_what_is_part_of_another_is_decided_as_that_is(conference: Conference) -> None:
    stays, part, _people = pair(conference)
    session = make.session(conference)
    doubles.join(stays, [part], make.NOW)
    with pytest.raises(doubles.IsPart):
        moderation.accept(part, session, 0, make.NOW)

    moderation.accept(stays, session, 0, make.NOW)
    assert (part.state, part.session_id) == (SubmissionState.MERGED, session.id)
    moderation.reopen(stays, make.NOW)
    assert (part.state, part.session_id) == (SubmissionState.SUBMITTED, None)
    moderation.decline(stays, "Danke.", make.NOW)
    assert (part.state, part.reason) == (SubmissionState.DECLINED, "Danke.")
    moderation.take_apart(part, make.NOW)
    assert (part.state, stays.state) == (SubmissionState.SUBMITTED, SubmissionState.DECLINED)


def test_what_joins_one_that_is_accepted_is_in_its_session(conference: Conference) -> None:
    stays, part, _people = pair(conference)
    session = make.session(conference)
    moderation.accept(stays, session, 0, make.NOW)

    doubles.join(stays, [part], make.NOW)
    assert (part.state, part.session_id) == (SubmissionState.MERGED, session.id)
    moderation.take_apart(part, make.NOW)
    assert (part.state, part.session_id) == (SubmissionState.SUBMITTED, None)


@pytest.mark.parametrize("how", ["withdrawn", "erased"])
def test_when_one_goes_what_was_part_of_it_stays_with_its_supports(conference: Conference, how: str) -> None:
    stays, part, people = pair(conference)
    before = concerned(part)
    doubles.join(stays, [part], make.NOW)

    if how == "withdrawn":
        submissions.withdraw(stays, now)
    else:
        erasure.erase(people[0], make.NOW, leaves_statements=False)

    assert concerned(part) == before
    assert part.stands


def test_what_is_taken_back_by_its_author_is_part_of_nothing(conference: Conference) -> None:
    stays, part, people = pair(conference)
    before = concerned(stays)
    doubles.join(stays, [part], make.NOW)

    submissions.withdraw(part, now)

    assert (concerned(stays), part.joined_to_id) == (before, None)
    assert people[1].id not in concerned(stays)


def test_nothing_is_part_of_a_part_and_nothing_decided_becomes_one(conference: Conference) -> None:
    stays, part, people = pair(conference)
    third, declined = make.submission(people[2]), make.submission(people[2], state=SubmissionState.DECLINED)
    doubles.join(stays, [part], make.NOW)

    for one, others, error in [
        (third, [stays], doubles.IsPart),
        (part, [third], doubles.IsPart),
        (stays, [stays], doubles.OneIsEnough),
        (stays, [declined], MoveForbidden),
        (declined, [third], MoveForbidden),
    ]:
        with pytest.raises(error):
            doubles.join(one, others, make.NOW)
    assert third.joined_to_id is None


def test_a_note_goes_with_the_name_of_whom_it_may_be_about(conference: Conference) -> None:
    author = make.participant(conference)
    row = make.submission(author, note="Erika hat angerufen")

    erasure.erase(author, make.NOW, leaves_statements=True)

    assert db.session.get_one(Submission, row.id).note == ""


def test_joining_and_withdrawing_at_once_leave_no_support_behind(either_app: Flask) -> None:
    conference = make.conference()
    stays, part, _people = pair(conference)
    before, ids = concerned(part), (stays.id, part.id)
    db.session.commit()

    def row(at: int) -> Submission:
        return db.session.get_one(Submission, ids[at])

    joined, withdrawn = at_once(
        either_app,
        lambda: doubles.join(row(0), [row(1)], make.NOW),
        lambda: submissions.withdraw(row(0), now),
    )

    assert withdrawn is DONE
    assert joined in (DONE, MoveForbidden)
    assert (row(1).joined_to_id, concerned(row(1))) == (None, before)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_decision_never_writes_over_a_part_that_its_author_withdraws_at_once(either_app: Flask, _round: int) -> None:
    conference = make.conference()
    stays, part, _people = pair(conference)
    session = make.session(conference).id
    doubles.join(stays, [part], make.NOW)
    ids = stays.id, part.id
    db.session.commit()

    def row(at: int) -> Submission:
        return db.session.get_one(Submission, ids[at])

    done = at_once(
        either_app,
        lambda: moderation.accept(row(0), db.session.get_one(Session, session), 0, make.NOW),
        lambda: submissions.withdraw(row(1), now),
    )

    assert done == [DONE, DONE]
    assert (row(0).state, row(1).state) == (SubmissionState.ACCEPTED, SubmissionState.WITHDRAWN)
    assert (row(1).session_id, row(1).joined_to_id) == (None, None)


def declined_pair(conference: Conference) -> tuple[Submission, Submission]:
    stays, part, _people = pair(conference)
    stays.let_through_at = part.let_through_at = make.NOW
    doubles.join(stays, [part], make.NOW)
    moderation.decline(stays, "Liebe Erika, leider nein.", make.NOW)
    db.session.commit()
    return stays, part


def test_what_was_declined_comes_back_by_nobodys_erasure(conference: Conference) -> None:
    """Erased together, the part waited again before everybody, with the answer and without an author."""
    stays, part = declined_pair(conference)
    authors = {id for id in (stays.author_id, part.author_id) if id}

    erasure.everybody(conference, authors, make.NOW, leaves_statements=True, actor="system")

    assert db.session.query(Submission).count() == 0


def test_a_declined_part_stays_declined_when_the_other_author_goes(conference: Conference) -> None:
    stays, part = declined_pair(conference)

    erasure.everybody(conference, {stays.author_id or 0}, make.NOW, leaves_statements=False, actor="system")

    assert (part.state, part.joined_to_id) == (SubmissionState.DECLINED, None)
    assert part.reason == ""  # it may name her who is gone


def test_its_author_undoes_no_decision_by_taking_back_a_part(conference: Conference) -> None:
    _stays, part = declined_pair(conference)

    with pytest.raises(MoveForbidden):
        submissions.withdraw(part, now)


def test_words_that_nobody_has_read_are_part_of_nothing(conference: Conference) -> None:
    stays, part, _people = pair(conference)
    stays.let_through_at = part.let_through_at = make.NOW
    conference.call_until = make.NOW + make.DAY
    with pytest.raises(doubles.Rewritten):
        doubles.join(stays, [part], make.NOW, {part.id: part.revision + 1})
    doubles.join(stays, [part], make.NOW)

    submissions.revise(part, submissions.Statement(**statement(part, problem="Ganz anders.")), part.revision, now)

    assert (part.joined_to_id, part.stands) == (None, False)


def statement(row: Submission, **changed: object) -> dict[str, object]:
    names = submissions.Statement.__dataclass_fields__
    return {**{name: getattr(row, name) for name in names}, **changed}


def test_what_is_part_of_another_one_is_not_counted_among_what_others_see_now(conference: Conference) -> None:
    stays, part, _people = pair(conference)
    stays.let_through_at = part.let_through_at = None
    doubles.join(stays, [part], make.NOW)

    assert moderation.let_through(conference, {part.id: part.revision}, make.NOW) == 0
