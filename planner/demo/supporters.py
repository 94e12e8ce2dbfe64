"""Who says "this concerns me too": the files give a number, this gives the people."""

from zlib import crc32

from planner.demo.data import Demonstration, Participant, Submission


def supporters_of(submission: Submission, demo: Demonstration) -> list[str]:
    """Participants' keys, the same each time: first who wishes for its session, then others."""
    candidates = [
        person for person in demo.participants if person.attends and person.comes and person.key != submission.author
    ]
    candidates.sort(key=lambda person: _nearness(person, submission))
    return [person.key for person in candidates[: submission.supporters]]


def _nearness(person: Participant, submission: Submission) -> tuple[int, int]:
    """The place of its session in her wishes; a checksum shuffles those who are equally near."""
    wishes = person.wishes
    rank = wishes.index(submission.session) if submission.session in wishes else len(wishes) + 10
    return min(rank, 10), crc32(f"{submission.author} {submission.day} {person.key}".encode())
