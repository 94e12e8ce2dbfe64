"""What each caller can reach: somebody else's object and no object look the same."""

from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from planner import rules
from planner.errors import NotFound
from planner.extensions import db
from planner.models import (
    IN_CHARGE,
    AgendaItem,
    Allocation,
    Assignment,
    AssignmentRole,
    Bond,
    Company,
    Conference,
    Group,
    GroupLink,
    ImportBatch,
    ImportState,
    Invitation,
    Meeting,
    Member,
    MemberRole,
    Message,
    Organisation,
    Participant,
    Placement,
    Quota,
    Room,
    Session,
    SessionMerge,
    SessionState,
    Slot,
    Submission,
    SubmissionState,
    Theme,
    User,
)


def one(query: Select[Any]) -> Any:
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


class OrganiserScope:
    """Everything of one conference; with `group_id` of its people only those of one group.

    Nothing that a group narrows has a default: whoever forgets the group would reach everybody.
    """

    def __init__(self, conference: Conference, group_id: int | None):
        self.conference, self.group_id = conference, group_id

    def _own(self, model: type[Any], id: int) -> Any:
        return one(select(model).filter_by(id=id, conference_id=self.conference.id))

    def submission(self, id: int) -> Submission:
        # A draft is still its author's alone.
        own = select(Submission).filter_by(id=id, conference_id=self.conference.id)
        return one(own.where(Submission.state != SubmissionState.DRAFT))

    def session(self, id: int) -> Session:
        return self._own(Session, id)

    def session_merge(self, id: int) -> SessionMerge:
        return self._own(SessionMerge, id)

    def room(self, id: int) -> Room:
        return self._own(Room, id)

    def slot(self, id: int) -> Slot:
        return self._own(Slot, id)

    def theme(self, id: int) -> Theme:
        return self._own(Theme, id)

    def group(self, id: int) -> Group:
        return self._own(Group, id)

    def organisation(self, id: int) -> Organisation:
        return self._own(Organisation, id)

    def agenda_item(self, id: int) -> AgendaItem:
        return self._own(AgendaItem, id)

    def participant(self, id: int) -> Participant:
        own = select(Participant).filter_by(id=id, conference_id=self.conference.id)
        return one(own if self.group_id is None else own.filter_by(group_id=self.group_id))

    def placement(self, id: int) -> Placement:
        return self._own(Placement, id)

    def message(self, id: int) -> Message:
        return self._own(Message, id)

    def member(self, id: int) -> Member:
        return self._own(Member, id)

    def invitation(self, id: int) -> Invitation:
        return self._own(Invitation, id)

    def group_link(self, id: int) -> GroupLink:
        return self._own(GroupLink, id)

    def quota(self, id: int) -> Quota:
        return self._own(Quota, id)

    def company(self, id: int) -> Company:
        return self._own(Company, id)

    def bond(self, id: int, reader: User, role: MemberRole) -> Bond:
        """Who must be apart is known to whoever said so, and to the owners: for all others it is as if it were not."""
        own = select(Bond).filter_by(id=id, conference_id=self.conference.id)
        return one(own.where(rules.seen_by(reader, role)))

    def import_batch(self, id: int, user: User) -> ImportBatch:
        """A list that was taken in; one that waits is only hers who brought it."""
        own = or_(ImportBatch.state != ImportState.DRAFT, ImportBatch.user_id == user.id)
        return one(select(ImportBatch).filter_by(id=id, conference_id=self.conference.id).where(own))

    def import_draft(self, id: int, user: User) -> ImportBatch:
        own = select(ImportBatch).filter_by(id=id, conference_id=self.conference.id, user_id=user.id)
        return one(own.where(ImportBatch.state == ImportState.DRAFT))

    def allocation(self, number: int) -> Allocation:
        """By its number in this conference, which is what its address shows."""
        return one(select(Allocation).filter_by(number=number, conference_id=self.conference.id))


class ParticipantScope:
    """One's own things, and what everybody in the conference may see."""

    def __init__(self, participant: Participant):
        self.participant = participant

    def own_submission(self, id: int) -> Submission:
        return one(select(Submission).filter_by(id=id, author_id=self.participant.id))

    def submission(self, id: int) -> Submission:
        """One that everybody sees: what others brought."""
        here = select(Submission).filter_by(id=id, conference_id=self.participant.conference_id)
        return one(here.where(Submission.stands))

    def session(self, id: int) -> Session:
        return one(
            select(Session).filter_by(id=id, conference_id=self.participant.conference_id, state=SessionState.OPEN)
        )


class FacilitatorScope(ParticipantScope):
    """Also the meetings, in the published allocation, that one facilitates or takes notes in."""

    def meetings(self) -> list[Meeting]:
        return list(db.session.scalars(self._meetings()))

    def meeting(self, id: int) -> Meeting:
        return one(self._meetings().where(Meeting.id == id))

    def led_meeting(self, id: int) -> Meeting:
        """Only one that she leads: whoever takes the notes need not know what people need."""
        return one(self._led(id))

    def leads(self, meeting: Meeting) -> bool:
        return db.session.scalar(self._led(meeting.id)) is not None

    def _led(self, id: int) -> Select[Any]:
        return self._meetings().where(Meeting.id == id, Assignment.role == AssignmentRole.FACILITATOR)

    def _meetings(self) -> Select[Any]:
        published = self.participant.conference.published_id
        return (
            select(Meeting)
            .join(Assignment, (Assignment.meeting_id == Meeting.id) & (Assignment.slot_id == Meeting.slot_id))
            .join(Meeting.slot)
            .options(
                contains_eager(Meeting.slot),
                joinedload(Meeting.session),
                joinedload(Meeting.room),
                joinedload(Meeting.allocation),
            )
            .order_by(Slot.starts)
            .where(
                Meeting.allocation_id == published,
                Assignment.participant_id == self.participant.id,
                Assignment.role.in_(IN_CHARGE),
            )
        )
