"""The table: every endpoint x who may, and what else is special about some of them."""

import enum


class Who(enum.StrEnum):
    ANYONE = "anyone"
    PARTICIPANT = "participant of this conference"
    FACILITATOR = "facilitator or note-taker of this conference"
    ORGANISER = "organiser of this conference"
    ACCOUNT = "anybody with an organiser's account"
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
    "public.link": Who.ANYONE,
    "public.sign_in": Who.ANYONE,
    "public.another_link": Who.ANYONE,
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
    "participant.data.show": Who.PARTICIPANT,
    "participant.data.download": Who.PARTICIPANT,
    "participant.data.erase": Who.PARTICIPANT,
    # organiser
    "organiser.conferences.index": Who.ACCOUNT,
    "organiser.conferences.new": Who.ACCOUNT,
    "organiser.overview.index": Who.ORGANISER,
    "organiser.overview.phase": Who.ORGANISER,
    "organiser.submissions.index": Who.ORGANISER,
    "organiser.submissions.show": Who.ORGANISER,
    "organiser.submissions.accept": Who.ORGANISER,
    "organiser.submissions.decline": Who.ORGANISER,
    "organiser.submissions.reopen": Who.ORGANISER,
    "organiser.sessions.index": Who.ORGANISER,
    "organiser.sessions.new": Who.ORGANISER,
    "organiser.sessions.edit": Who.ORGANISER,
    "organiser.sessions.cancel": Who.ORGANISER,
    "organiser.sessions.reopen": Who.ORGANISER,
    "organiser.rooms.index": Who.ORGANISER,
    "organiser.rooms.new": Who.ORGANISER,
    "organiser.rooms.edit": Who.ORGANISER,
    "organiser.rooms.remove": Who.ORGANISER,
    "organiser.slots.index": Who.ORGANISER,
    "organiser.slots.new": Who.ORGANISER,
    "organiser.slots.edit": Who.ORGANISER,
    "organiser.slots.remove": Who.ORGANISER,
    "organiser.programme.index": Who.ORGANISER,
    "organiser.programme.place": Who.ORGANISER,
    "organiser.programme.remove": Who.ORGANISER,
    "organiser.programme.language": Who.ORGANISER,
    "organiser.people.index": Who.ORGANISER,
    "organiser.people.new": Who.ORGANISER,
    "organiser.people.show": Who.ORGANISER,
    "organiser.people.link": Who.ORGANISER,
    "organiser.people.card": Who.ORGANISER,
    "organiser.people.revoke": Who.ORGANISER,
    "organiser.people.cancel": Who.ORGANISER,
    "organiser.people.reinstate": Who.ORGANISER,
    "organiser.people.erase": Who.ORGANISER,
    "organiser.imports.index": Who.ORGANISER,
    "organiser.imports.start": Who.ORGANISER,
    "organiser.imports.show": Who.ORGANISER,
    "organiser.imports.apply": Who.ORGANISER,
    "organiser.imports.cancel": Who.ORGANISER,
    "organiser.imports.undo": Who.ORGANISER,
    "organiser.allocations.index": Who.ORGANISER,
    "organiser.allocations.start": Who.ORGANISER,
    "organiser.results.show": Who.ORGANISER,
    "organiser.allocations.forecast": Who.ORGANISER,
    "organiser.results.fairness": Who.ORGANISER,
    "organiser.results.fairness_table": Who.ORGANISER,
    "organiser.results.why": Who.ORGANISER,
    "organiser.allocations.progress": Who.ORGANISER,
    "organiser.results.meeting": Who.ORGANISER,
    "organiser.allocations.stop": Who.ORGANISER,
    "organiser.allocations.cancel": Who.ORGANISER,
    "organiser.results.publish": Who.ORGANISER,
    "organiser.results.unpublish": Who.ORGANISER,
    "organiser.audit.index": Who.ORGANISER,
    "organiser.messages.index": Who.ORGANISER,
    "organiser.messages.again": Who.ORGANISER,
    "organiser.messages.told": Who.ORGANISER,
    "organiser.settings.edit": Who.ORGANISER,
    "organiser.themes.index": Who.ORGANISER,
    "organiser.themes.new": Who.ORGANISER,
    "organiser.themes.edit": Who.ORGANISER,
    "organiser.themes.remove": Who.ORGANISER,
    "organiser.groups.index": Who.ORGANISER,
    "organiser.groups.new": Who.ORGANISER,
    "organiser.groups.edit": Who.ORGANISER,
    "organiser.groups.remove": Who.ORGANISER,
    "organiser.agenda.index": Who.ORGANISER,
    "organiser.agenda.new": Who.ORGANISER,
    "organiser.agenda.edit": Who.ORGANISER,
    "organiser.agenda.remove": Who.ORGANISER,
    # facilitator
    "facilitator.meetings.index": Who.FACILITATOR,
    "facilitator.meetings.show": Who.FACILITATOR,
    "facilitator.papers.brief": Who.FACILITATOR,
    "facilitator.papers.names": Who.FACILITATOR,
    "facilitator.papers.confidential": Who.FACILITATOR,
}


ANSWERABLE = {Who.ORGANISER, Who.ACCOUNT, Who.FACILITATOR}
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
    "organiser.imports.apply",
}
"""Take only POST, and still show their own form again when the page's language changes."""


UPLOADS = {"organiser.imports.start": 4 * 1024 * 1024}
"""Take files: bytes of a whole request. More than that no server lets through."""


EXPORTS = {
    "organiser.results.fairness_table",
    "facilitator.papers.brief",
    "facilitator.papers.names",
    "facilitator.papers.confidential",
}
"""Files that leave the house: each leaves a row in the audit. Her own data is a participant's own business."""


AFRESH = (
    {f"organiser.people.{each}" for each in ("link", "card", "erase")}
    | {"organiser.imports.undo", "organiser.messages.again"}
    | {f"organiser.results.{each}" for each in ("publish", "unpublish")}
    | {each for each in EXPORTS if POLICY[each] is Who.ORGANISER}
)
"""What nobody does who finds an organiser's browser open: publish, erase, take back a list of people, take a file
along, or become one of the people by a new link, which a message that is sent again brings, too. Those who lead a room
have no password that could be asked."""
