"""The words for what somebody did, as the audit tells it: the page where, and what was pressed there."""

from flask_babel import lazy_gettext as _l

DEEDS = {
    "conference.created": _l("conference created"),
    "conference.copied": _l("copied into another conference"),
    "import.applied": _l("list taken in"),
    "import.undone": _l("list taken back"),
    "needs.read": _l("looked at needs"),
    "participant.erased": _l("data erased"),
    "allocation.published": _l("allocation published"),
    "allocation.unpublished": _l("allocation taken back"),
    "message.again": _l("message sent again"),
    "message.told": _l("person told otherwise"),
    "messages.remind": _l("those reminded who have not chosen"),
    "messages.trial": _l("test mail asked for"),
    "life.begin": _l("conference archived"),
    "life.end": _l("conference opened again"),
    "life.delete": _l("conference to be deleted"),
    "life.keep": _l("conference not to be deleted after all"),
    "team.invite": _l("somebody invited to work here"),
    "team.renew": _l("invitation renewed"),
    "team.withdraw": _l("invitation taken back"),
    "team.join": _l("invitation accepted"),
    "team.role": _l("role changed"),
    "team.remove": _l("does not work here any more"),
    "export": _l("file handed out"),
    "denied": _l("turned away"),
    "card.used": _l("came in with a card"),
    "card.refused": _l("wrong card code"),
}
AREAS = {
    "agenda": _l("Agenda"),
    "allocations": _l("Allocation"),
    "ballots": _l("Paper ballots"),
    "cards": _l("Cards to print"),
    "copies": _l("Copy without its people"),
    "groups": _l("Groups"),
    "messages": _l("Messages"),
    "imports": _l("Lists"),
    "interpreting": _l("Interpreters"),
    "life": _l("Archive or delete"),
    "needs": _l("Needs"),
    "organisations": _l("Organisations"),
    "overview": _l("Overview"),
    "people": _l("People"),
    "programme": _l("Programme"),
    "rooms": _l("Rooms"),
    "rules": _l("Rules"),
    "sessions": _l("Sessions"),
    "settings": _l("Settings"),
    "slots": _l("Rounds"),
    "statements": _l("Submissions"),
    "submissions": _l("Submissions"),
    "team": _l("Who works on this"),
    "themes": _l("Themes"),
    "wishes": _l("Wishes"),
}
VERBS = {
    "apply": _l("taken in"),
    "accept": _l("accepted"),
    "cancel": _l("cancelled"),
    "card": _l("card code made"),
    "decline": _l("declined"),
    "edit": _l("changed"),
    "enter": _l("entered"),
    "hold_back": _l("not shown to others any more"),
    "language": _l("language changed"),
    "let_through": _l("let through"),
    "link": _l("personal link made"),
    "make": _l("made"),
    "mark": _l("several changed at once"),
    "new": _l("added"),
    "organisations": _l("changed"),
    "prices": _l("changed"),
    "phase": _l("moved in time"),
    "place": _l("placed"),
    "reinstate": _l("takes part again"),
    "remove": _l("removed"),
    "reopen": _l("opened again"),
    "revoke": _l("links made invalid"),
    "show": _l("changed"),
    "start": _l("started"),
    "stop": _l("stopped"),
    "undo": _l("taken back"),
}
"""A deed is told by its page and what was pressed there; one that is not named here is told by its code."""


def deed(action: str) -> str:
    """What somebody did, as the audit's page says it."""
    area, _, verb = action.partition(".")
    if action in DEEDS:
        return str(DEEDS[action])
    return f"{AREAS[area]}: {VERBS[verb]}" if area in AREAS and verb in VERBS else action
