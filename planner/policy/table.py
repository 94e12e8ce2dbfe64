"""The table: every endpoint x who may, and what else is special about some of them."""

import enum

from planner.models import MemberRole


class Who(enum.StrEnum):
    ANYONE = "anyone"
    PARTICIPANT = "participant of this conference"
    FACILITATOR = "facilitator or note-taker of this conference"
    OWNER = "owner of this conference"
    ORGANISER = "organiser of this conference"
    CLERK = "organiser or entry clerk of this conference"
    ENTRY = "organiser or entry clerk of this conference, or of one group in it"
    PEOPLE = "its whole team reads, organisers and entry clerks change, those of a group its people only"
    TEAM = "its whole team reads, organisers change"
    PLAN = "organisers and viewers of this conference read, organisers change"
    ACCOUNT = "anybody with an organiser's account"
    OPERATOR = "operator of this installation"
    NOBODY = "nobody: a library's door that stays shut"


POLICY: dict[str, Who] = {
    "static": Who.ANYONE,
    # public
    "public.home": Who.ANYONE,
    "public.language": Who.ANYONE,
    "public.leave": Who.ANYONE,
    "public.health": Who.ANYONE,
    "public.ready": Who.ANYONE,
    "public.conference": Who.ANYONE,
    "public.programme": Who.ANYONE,
    "public.enter": Who.ANYONE,
    "public.join": Who.ANYONE,
    "public.link": Who.ANYONE,
    "public.sign_in": Who.ANYONE,
    "public.another_link": Who.ANYONE,
    "public.invitation": Who.ANYONE,
    # Flask-Security: organisers' accounts
    "security.static": Who.ANYONE,
    "security.login": Who.ANYONE,
    "security.verify": Who.ACCOUNT,
    "security.logout": Who.ACCOUNT,
    "security.change_password": Who.ACCOUNT,
    "security.two_factor_setup": Who.ANYONE,  # asks itself: an account, or one that has just given its password
    "security.two_factor_token_validation": Who.ANYONE,  # the same
    "security.mf_recovery": Who.ANYONE,  # the same
    "security.two_factor_setup_validate": Who.ACCOUNT,
    "security.mf_recovery_codes": Who.ACCOUNT,
    "security.two_factor_rescue": Who.NOBODY,
    "security.tf_select": Who.NOBODY,
    # participant
    "participant.start.index": Who.PARTICIPANT,
    "participant.start.kept": Who.PARTICIPANT,
    "participant.place.answer": Who.PARTICIPANT,
    "participant.submissions.index": Who.PARTICIPANT,
    "participant.submissions.new": Who.PARTICIPANT,
    "participant.submissions.edit": Who.PARTICIPANT,
    "participant.submissions.withdraw": Who.PARTICIPANT,
    "participant.submissions.restore": Who.PARTICIPANT,
    "participant.submissions.similar": Who.PARTICIPANT,
    "participant.others.index": Who.PARTICIPANT,
    "participant.others.support": Who.PARTICIPANT,
    "participant.others.unsupport": Who.PARTICIPANT,
    "participant.wishes.edit": Who.PARTICIPANT,
    "participant.wishes.save": Who.PARTICIPANT,
    "participant.wishes.receipt": Who.PARTICIPANT,
    "participant.about.edit": Who.PARTICIPANT,
    "participant.day.show": Who.PARTICIPANT,
    "participant.day.explained": Who.PARTICIPANT,
    "participant.day.calendar": Who.PARTICIPANT,
    "participant.day.paper": Who.PARTICIPANT,
    "participant.commitments.index": Who.PARTICIPANT,
    "participant.commitments.edit": Who.PARTICIPANT,
    "participant.data.show": Who.PARTICIPANT,
    "participant.data.download": Who.PARTICIPANT,
    "participant.data.erase": Who.PARTICIPANT,
    # organiser
    "organiser.conferences.index": Who.ACCOUNT,
    "organiser.conferences.new": Who.ACCOUNT,
    "organiser.mail.edit": Who.OPERATOR,
    "organiser.mail.trial": Who.OPERATOR,
    "organiser.mail.progress": Who.OPERATOR,
    "organiser.mail.off": Who.OPERATOR,
    "organiser.copies.new": Who.ORGANISER,
    "organiser.overview.index": Who.TEAM,
    "organiser.overview.phase": Who.ORGANISER,
    "organiser.submissions.index": Who.TEAM,
    "organiser.submissions.show": Who.TEAM,
    "organiser.submissions.mark": Who.ORGANISER,
    "organiser.submissions.let_through": Who.ORGANISER,
    "organiser.submissions.hold_back": Who.ORGANISER,
    "organiser.submissions.accept": Who.ORGANISER,
    "organiser.submissions.decline": Who.ORGANISER,
    "organiser.submissions.take_apart": Who.ORGANISER,
    "organiser.submissions.note": Who.ORGANISER,
    "organiser.together.new": Who.ORGANISER,
    "organiser.together.decline": Who.ORGANISER,
    "organiser.submissions.reopen": Who.ORGANISER,
    "organiser.sessions.index": Who.TEAM,
    "organiser.sessions.new": Who.ORGANISER,
    "organiser.sessions.table": Who.ORGANISER,
    "organiser.sessions.edit": Who.TEAM,
    "organiser.sessions.mark": Who.ORGANISER,
    "organiser.sessions.cancel": Who.ORGANISER,
    "organiser.sessions.reopen": Who.ORGANISER,
    "organiser.merging.new": Who.ORGANISER,
    "organiser.merging.split": Who.ORGANISER,
    "organiser.rooms.index": Who.TEAM,
    "organiser.rooms.new": Who.ORGANISER,
    "organiser.rooms.table": Who.ORGANISER,
    "organiser.rooms.edit": Who.TEAM,
    "organiser.rooms.mark": Who.ORGANISER,
    "organiser.rooms.remove": Who.ORGANISER,
    "organiser.slots.index": Who.TEAM,
    "organiser.slots.new": Who.ORGANISER,
    "organiser.slots.table": Who.ORGANISER,
    "organiser.slots.edit": Who.TEAM,
    "organiser.slots.remove": Who.ORGANISER,
    "organiser.programme.index": Who.TEAM,
    "organiser.programme.place": Who.ORGANISER,
    "organiser.programme.remove": Who.ORGANISER,
    "organiser.programme.language": Who.ORGANISER,
    "organiser.people.index": Who.PEOPLE,
    "organiser.people.new": Who.CLERK,
    "organiser.people.table": Who.CLERK,
    "organiser.people.show": Who.PEOPLE,
    "organiser.people.mark": Who.CLERK,
    "organiser.people.link": Who.ORGANISER,
    "organiser.people.card": Who.ORGANISER,
    "organiser.people.revoke": Who.ORGANISER,
    "organiser.people.cancel": Who.CLERK,
    "organiser.people.reinstate": Who.CLERK,
    "organiser.people.erase": Who.ORGANISER,
    "organiser.places.confirm": Who.CLERK,
    "organiser.places.decline": Who.CLERK,
    "organiser.places.wait": Who.CLERK,
    "organiser.places.instead": Who.CLERK,
    "organiser.needs.edit": Who.ENTRY,
    "organiser.wishes.edit": Who.ENTRY,
    "organiser.statements.new": Who.ENTRY,
    "organiser.ballots.index": Who.ENTRY,
    "organiser.ballots.enter": Who.ENTRY,
    "organiser.cards.index": Who.ORGANISER,
    "organiser.cards.make": Who.ORGANISER,
    "organiser.links.index": Who.ORGANISER,
    "organiser.links.new": Who.ORGANISER,
    "organiser.links.edit": Who.ORGANISER,
    "organiser.links.renew": Who.ORGANISER,
    "organiser.links.sheet": Who.ORGANISER,
    "organiser.links.withdraw": Who.ORGANISER,
    "organiser.imports.index": Who.ORGANISER,
    "organiser.imports.start": Who.ORGANISER,
    "organiser.imports.elsewhere": Who.ORGANISER,
    "organiser.imports.fetch": Who.ORGANISER,
    "organiser.imports.show": Who.ORGANISER,
    "organiser.imports.apply": Who.ORGANISER,
    "organiser.imports.cancel": Who.ORGANISER,
    "organiser.imports.undo": Who.ORGANISER,
    "organiser.allocations.index": Who.PLAN,
    "organiser.allocations.start": Who.ORGANISER,
    "organiser.results.show": Who.PLAN,
    "organiser.allocations.forecast": Who.PLAN,
    "organiser.interpreting.index": Who.PLAN,
    "organiser.interpreting.table": Who.ORGANISER,
    "organiser.commitments.index": Who.PLAN,
    "organiser.commitments.edit": Who.PLAN,
    "organiser.commitments.mark": Who.ORGANISER,
    "organiser.results.fairness": Who.PLAN,
    "organiser.results.fairness_table": Who.ORGANISER,
    "organiser.results.schedule": Who.ORGANISER,
    "organiser.results.why": Who.PLAN,
    "organiser.allocations.progress": Who.PLAN,
    "organiser.results.meeting": Who.PLAN,
    "organiser.allocations.stop": Who.ORGANISER,
    "organiser.allocations.cancel": Who.ORGANISER,
    "organiser.results.publish": Who.ORGANISER,
    "organiser.results.unpublish": Who.ORGANISER,
    "organiser.audit.index": Who.ORGANISER,
    "organiser.messages.index": Who.PLAN,
    "organiser.messages.show": Who.PLAN,
    "organiser.messages.reminder": Who.PLAN,
    "organiser.messages.remind": Who.ORGANISER,
    "organiser.messages.invitation": Who.ORGANISER,
    "organiser.messages.invite": Who.ORGANISER,
    "organiser.messages.trial": Who.ORGANISER,
    "organiser.mail_texts.edit": Who.ORGANISER,
    "organiser.mail_texts.reset": Who.ORGANISER,
    "organiser.messages.mark": Who.ORGANISER,
    "organiser.messages.again": Who.ORGANISER,
    "organiser.messages.told": Who.ORGANISER,
    "organiser.settings.edit": Who.TEAM,
    "organiser.themes.index": Who.TEAM,
    "organiser.themes.new": Who.ORGANISER,
    "organiser.themes.table": Who.ORGANISER,
    "organiser.themes.edit": Who.TEAM,
    "organiser.themes.remove": Who.ORGANISER,
    "organiser.groups.index": Who.TEAM,
    "organiser.groups.new": Who.ORGANISER,
    "organiser.groups.table": Who.ORGANISER,
    "organiser.groups.edit": Who.TEAM,
    "organiser.groups.remove": Who.ORGANISER,
    "organiser.organisations.index": Who.ORGANISER,
    "organiser.rules.index": Who.ORGANISER,
    "organiser.rules.new": Who.ORGANISER,
    "organiser.rules.edit": Who.ORGANISER,
    "organiser.rules.remove": Who.ORGANISER,
    "organiser.rules.organisations": Who.ORGANISER,
    "organiser.rules.prices": Who.ORGANISER,
    "organiser.agenda.index": Who.TEAM,
    "organiser.agenda.new": Who.ORGANISER,
    "organiser.agenda.edit": Who.TEAM,
    "organiser.agenda.remove": Who.ORGANISER,
    "organiser.team.index": Who.OWNER,
    "organiser.team.invite": Who.OWNER,
    "organiser.team.role": Who.OWNER,
    "organiser.team.remove": Who.OWNER,
    "organiser.team.link": Who.OWNER,
    "organiser.team.send": Who.OWNER,
    "organiser.team.withdraw": Who.OWNER,
    "organiser.life.index": Who.OWNER,
    "organiser.life.begin": Who.OWNER,
    "organiser.life.end": Who.OWNER,
    "organiser.life.delete": Who.OWNER,
    "organiser.life.keep": Who.OWNER,
    # facilitator
    "facilitator.meetings.index": Who.FACILITATOR,
    "facilitator.meetings.show": Who.FACILITATOR,
    "facilitator.papers.brief": Who.FACILITATOR,
    "facilitator.papers.names": Who.FACILITATOR,
    "facilitator.papers.confidential": Who.FACILITATOR,
}


OWNERS = frozenset({MemberRole.OWNER})
ORGANISERS = OWNERS | {MemberRole.ORGANISER}
CLERKS = ORGANISERS | {MemberRole.CLERK}
VIEWERS = ORGANISERS | {MemberRole.VIEWER}
EVERYBODY = CLERKS | VIEWERS
OF_A_GROUP = frozenset({MemberRole.GROUP_CLERK})
"""Reach the people of their group, and nothing that all of a conference share."""
AREAS: dict[Who, tuple[frozenset[MemberRole], frozenset[MemberRole]]] = {
    Who.OWNER: (OWNERS, OWNERS),
    Who.ORGANISER: (ORGANISERS, ORGANISERS),
    Who.CLERK: (CLERKS, CLERKS),
    Who.ENTRY: (CLERKS | OF_A_GROUP, CLERKS | OF_A_GROUP),
    Who.PEOPLE: (EVERYBODY | OF_A_GROUP, CLERKS | OF_A_GROUP),
    Who.TEAM: (EVERYBODY, ORGANISERS),
    Who.PLAN: (VIEWERS, ORGANISERS),
}
"""The areas of a conference's workspace: which roles read there, and which change something."""

SEES_NEEDS = CLERKS | OF_A_GROUP
"""Whose pages may tell what somebody needs, and who is of a group that shows religion or origin."""

ENTERS_LATE = ORGANISERS
"""Who may say of a paper that it was there in time, and enter its wishes after choosing has ended."""

ANSWERABLE = {*AREAS, Who.ACCOUNT, Who.OPERATOR, Who.FACILITATOR}
"""Who acts upon other people's things."""

POSTS_THAT_READ = {"participant.submissions.similar"}
"""Asked by POST, because what people type belongs into no address: they change nothing and hold up no writer."""

SHOWN_AGAIN = {
    "participant.wishes.save",
    "organiser.submissions.accept",
    "organiser.submissions.decline",
    "organiser.programme.place",
    "organiser.programme.language",
    "organiser.allocations.start",
    "organiser.imports.start",
    "organiser.imports.fetch",
    "organiser.imports.apply",
    "organiser.cards.make",
    "organiser.team.invite",
    "organiser.ballots.enter",
    "organiser.life.delete",
}
"""Take only POST, and still show their own form again when the page's language changes."""


TO_ALL_OF_THEM = {
    "participant.start.index",
    "participant.start.kept",
    "participant.place.answer",
    *(f"participant.data.{each}" for each in ("show", "download", "erase")),
}
"""What is open also to somebody who has declined."""

WITH_A_PLACE = {
    *(each for each in POLICY if each.startswith(("participant.day.", "participant.commitments."))),
    *(each for each, who in POLICY.items() if who is Who.FACILITATOR),
}
"""What is open neither to her nor to somebody who waits: where people are when, and whom one meets there."""


OPEN_IN_AN_ARCHIVE = {
    "public.enter",
    "public.leave",
    "participant.data.erase",
    "organiser.people.erase",
    "organiser.people.revoke",
    "organiser.links.withdraw",
    "organiser.team.remove",
    "organiser.team.withdraw",
    "organiser.copies.new",
    "organiser.life.index",
    "organiser.life.begin",
    "organiser.life.end",
    "organiser.life.delete",
    "organiser.life.keep",
}
"""What is still sent in a conference that is archived: ways in and out, and that they can be shut; everybody's
right to be erased; what makes something elsewhere; and the way back. All else there is only read."""


UPLOADS = {"organiser.imports.start": 4 * 1024 * 1024}
"""Take files: bytes of a whole request. More than that no server lets through."""
FILES = {"organiser.imports.start": frozenset({"file"})}
"""The fields that do; in every other a file is as if it were not sent."""


EXPORTS = {
    "organiser.cards.make",
    "organiser.links.sheet",
    "organiser.interpreting.table",
    "organiser.results.fairness_table",
    "organiser.results.schedule",
    "facilitator.papers.brief",
    "facilitator.papers.names",
    "facilitator.papers.confidential",
}
"""Files that leave the house: each leaves a row in the audit. Her own data is a participant's own business."""


AFRESH = (
    {f"organiser.people.{each}" for each in ("link", "card", "erase")}
    | {"organiser.imports.undo", "organiser.messages.again", "organiser.messages.remind", "organiser.messages.invite"}
    | {f"organiser.results.{each}" for each in ("publish", "unpublish")}
    | {"organiser.life.delete", "organiser.links.renew"}
    | {f"organiser.team.{each}" for each in ("invite", "role", "remove", "link", "send", "withdraw")}
    | {each for each in EXPORTS if POLICY[each] in AREAS}
    | {"organiser.mail.edit", "organiser.mail.off"}
)
"""What nobody does who finds an organiser's browser open: publish, erase, delete, say who works here, take back a list
of people, take a file along, or become one of the people by a new link, which an invitation, a reminder and a message
that is sent again bring, too. Nor does anybody say by which server mails leave, as links would go through it.
Those who lead a room have no password that could be asked."""
