"""The words for codes that pages show: states, levels, needs, features, roles."""

from fractions import Fraction
from math import floor

from flask import Flask
from flask_babel import lazy_gettext as _l

from planner.commitment_words import COMMITMENTS, COMMITMENTS_OF_HERS
from planner.mail_words import ENCRYPTIONS, MAIL_TROUBLES

TONGUES = ("de", "en", "ar", "tr", "uk", "fa", "bg", "fr")
SUBMISSION_STATES = {
    "draft": (_l("Draft"), "calm"),
    "submitted": (_l("Sent, waits for the organisers"), "wait"),
    "accepted": (_l("Accepted"), "good"),
    "merged": (_l("Accepted, together with others"), "good"),
    "declined": (_l("Declined"), "bad"),
    "withdrawn": (_l("Withdrawn"), "calm"),
}
LEVELS = {
    "speaks": _l("I speak it"),
    "understands": _l("I understand it"),
    "needs_help": _l("I need help with it"),
}
LEVELS_OF_HERS = {
    "speaks": _l("speaks it"),
    "understands": _l("understands it"),
    "needs_help": _l("needs help with it"),
}
"""The same, where somebody else reads or enters it."""
CONSENTS = {
    "paper": _l("on paper, signed"),
    "spoken": _l("said to us"),
    "mail": _l("written to us"),
    "guardian": _l("from her parents or guardian"),
}
"""From where somebody's consent is, when others enter what she needs; other places stand in words of their own."""
NEEDS = {
    "step_free": _l("A way without steps"),
    "hearing_loop": _l("Hearing loop"),
    "quiet": _l("A quiet room"),
    "seat_near_door": _l("A seat near the door"),
    "sign_language": _l("Sign language"),
    "child_care": _l("Child care"),
}
FEATURES = {
    "step_free": _l("step-free"),
    "hearing_loop": _l("hearing loop"),
    "quiet": _l("quiet"),
    "projector": _l("projector"),
}
SEATINGS = {"circle": _l("in a circle"), "rows": _l("in rows")}
ROLES = {
    "attendee": _l("takes part"),
    "facilitator": _l("leads"),
    "note_taker": _l("takes notes"),
    "interpreter": _l("interprets"),
}
DUTIES = {
    "facilitator": _l("You lead"),
    "note_taker": _l("You take notes in"),
}
PLACES = {
    "attendee": _l("You take part."),
    "facilitator": _l("You lead."),
    "note_taker": _l("You take notes."),
    "interpreter": _l("You interpret."),
}
INTERPRETING = {
    "whispering": _l("whispering"),
    "consecutive": _l("one after the other"),
    "simultaneous": _l("at the same time"),
}
STEP_STATES = {
    "done": (_l("done"), "good"),
    "open": (_l("open"), "wait"),
    "waiting": (_l("waits"), "calm"),
}
STEP_SIGNS = {"done": "check", "open": "circle", "waiting": "clock"}
VISIBILITIES = {
    "named": _l("Yes, with my name"),
    "anonymous": _l("No, without my name"),
}
WAYS_IN = {
    "link": _l("Personal link"),
    "card": _l("Card with a code"),
}
MESSAGES = {
    "published": _l("Your rooms are published"),
    "changed": _l("Your day has changed"),
    "reminder": _l("Reminder to choose"),
    "invitation": _l("Invitation"),
    "declined": _l("Answer to a problem"),
    "place": _l("You have a place"),
    "waits": _l("You are on the waiting list"),
    "replaced": _l("Somebody comes instead of you"),
}
OF_PLACES = {
    "place": _l(
        "a place at the conference is free, and it is yours. Please say here whether you come. If you cannot come, "
        "somebody else gets it:"
    ),
    "waits": _l(
        "at the moment there is no place for you at the conference, so you are on the waiting list. As soon as you "
        "have one, you hear of it. This is your page:"
    ),
    "replaced": _l(
        "somebody else comes to the conference instead of you. If that is not right, please tell the organisers. "
        "On your page you see what is stored about you, and can have it erased:"
    ),
}
"""What a mail about a place says, after the greeting."""
PLAIN_NEWS = {
    **OF_PLACES,
    "declined": _l("the organisers have answered the problem that you brought. This is where you read it:"),
}
"""Kinds of messages that say the same to everybody."""
MAIL_KINDS = {
    "invitation": _l("Invitation"),
    "reminder": _l("Reminder to choose"),
    "news": _l("News of the plan"),
}
MESSAGE_STATES = {
    "waiting": _l("waits to be sent"),
    "sending": _l("is being sent"),
    "sent": _l("sent"),
    "written": _l("in a file, not sent"),
    "doubtful": _l("perhaps sent: the line broke"),
    "failed": _l("could not be sent"),
    "by_hand": _l("not by mail"),
    "overtaken": _l("no longer true: it is not sent any more"),
}
MESSAGE_WHYS = {
    "cut": _l("The line broke after the mail was handed over. Nobody knows whether it arrived."),
    "lost": _l("The program ended while it was being sent. Nobody knows whether it arrived."),
    "rejected": _l("The mail server refused it for good. Perhaps the address is wrong."),
    "too_long": _l("The mail server did not take it for a whole day."),
    "unwritten": _l("The mail could not be written."),
    "ended": _l("It holds a personal link, and links for this conference have ended."),
    "no_address": _l("The person has no e-mail address any more."),
}
MAIL_TRIALS = {
    "waiting": (_l("on its way"), "wait", None, _l("Please load this page again in a moment.")),
    "lost": (_l("no answer"), "bad", "warning", _l("Is the program running that sends mails?")),
    "sent": (_l("accepted"), "good", "check", _l("Whether it arrived, your mailbox shows.")),
    "written": (_l("written into a file"), "calm", None, ""),
    "refused": (_l("not accepted now"), "bad", "warning", ""),
    "rejected": (_l("refused"), "bad", "warning", ""),
    "away": (_l("not reachable"), "bad", "warning", _l("The server could not be reached, or takes no mail.")),
    "doubtful": (MESSAGE_STATES["doubtful"], "wait", "warning", ""),
    **{what: (_l("not sent"), "bad", "warning", sentence) for what, sentence in MAIL_TROUBLES.items()},
}
"""How a test mail stands, by `trials.Tried`: the word, its tone and sign, and a sentence."""
MEMBER_ROLES = {
    "owner": (_l("Owner"), _l("does everything, and says who works on this conference")),
    "organiser": (_l("Organiser"), _l("does everything, but does not say who works on this conference")),
    "clerk": (_l("Entry clerk"), _l("enters and corrects people; does not see the allocation")),
    "group_clerk": (_l("Entry clerk for a group"), _l("enters and corrects only one group, such as a school class")),
    "viewer": (_l("Viewer"), _l("looks at everything and changes nothing; does not see what people need")),
}
"""Of those who work on a conference: what each is called, and what she does."""
INVITATION_STATES = {
    "shown": (_l("link shown"), "wait"),
    "waiting": (_l("waits to be sent"), "wait"),
    "sent": (_l("sent"), "wait"),
    "written": (_l("in a file, not sent"), "bad"),
    "doubtful": (_l("perhaps sent: the line broke"), "bad"),
    "failed": (_l("could not be sent"), "bad"),
}
READERS = {
    "organiser": _l("Organisers"),
    "leader": _l("Somebody who leads a room"),
    "calculation": _l("The program, which calculated an allocation or a forecast for the organisers"),
    "system": _l("The program itself, for an allocation"),
}
ACTS = {
    "needs.read": _l("You looked at what people in your rooms need."),
    "participant.erased": _l("Your data were erased."),
    "participant.joined": _l("You registered by a group link."),
    "place.come": _l("You said that you come."),
    "place.decline": _l("You said that you do not come."),
    "place.wait": _l("You went on the waiting list."),
    "place.instead": _l("You were named to come instead of somebody else."),
    "place.moved_up": _l("You moved up from the waiting list."),
}
IMPORT_KINDS = {
    "people": (_l("People"), _l("with e-mail, organisation, group, languages, needs")),
    "wishes": (_l("Wishes"), _l("what people want, by numbers or titles of sessions")),
    "sessions": (_l("Sessions"), _l("with title, theme, sizes, languages, who leads, for whom")),
    "rooms": (_l("Rooms"), _l("with chairs and what they have")),
    "rounds": (_l("Rounds"), _l("with their times, as a schedule has them")),
}
FACTS = {
    "name": _l("Name"),
    "email": _l("E-mail"),
    "organisation_id": _l("Organisation"),
    "group_id": _l("Group"),
    "locale": _l("Language of her pages"),
    "external_key": _l("Number in the organisers' list"),
    "state": _l("State"),
    "attends": _l("In the rooms"),
    "attributes": _l("Further facts"),
    "languages": _l("Languages"),
    "absences": _l("Not there in"),
    "needs": _l("Needs"),
    "wishes": _l("Wishes"),
    "saved_at": _l("Wishes saved"),
    "entered": _l("Entered by the organisers"),
}
FATES = {
    "new": (_l("new"), "good"),
    "changed": (_l("changes"), "wait"),
    "same": (_l("stays as it is"), "calm"),
    "skipped": (_l("left out"), "calm"),
    "faulty": (_l("has a mistake"), "bad"),
    "open": (_l("has a question"), "wait"),
}
LINK_TROUBLES = {
    "withdrawn": _l("taken back"),
    "ended": _l("has ended"),
    "full": _l("all places taken"),
}
ATTRIBUTES = {
    "newcomer": _l("New here"),
}
ANSWERS = {"yes": _l("yes"), "no": _l("no")}
PRESETS = {
    "balanced": (_l("Balanced"), _l("Wishes and a good mix together. Right for most conferences.")),
    "wishes_first": (_l("Wishes first"), _l("As many wishes as possible; the mix only decides between equals.")),
    "mix_first": (_l("Mix first"), _l("Rooms as mixed as possible; wishes come second.")),
    "repair": (
        _l("Change as little as possible"),
        _l("Starts from the published result: only what must change changes. Right when somebody or a room drops out."),
    ),
}
RULES = {
    "references": _l("All meetings and people exist."),
    "one_meeting_per_slot": _l("Everybody is in one meeting per round, and only while present."),
    "never_the_same_session_twice": _l("Nobody attends the same session twice."),
    "size_at_most": _l("No meeting is larger than its room or its maximum."),
    "size_at_least": _l(
        "Every meeting reaches its minimum; a session runs as often as offered, or less often if it may be cancelled."
    ),
    "rooms_hold_one_meeting": _l("A room holds one meeting at a time, and is free."),
    "staff_at_their_own": _l("Those who lead or take notes are in their own meetings."),
    "rooms_and_people_fit": _l(
        "Rooms have what sessions and people need. Nobody attends a session that is not open to her."
    ),
    "everybody_understands": _l(
        "Everybody who attends understands what is spoken or listens to an interpreter; "
        "nobody interprets without listeners."
    ),
    "quotas_hold": _l("Each meeting keeps the bounds for groups."),
    "nobody_isolated": _l("Nobody of a protected group sits alone."),
    "organisations_spread": _l("No meeting has too many people of one organisation."),
    "together_or_apart": _l("Who belongs together sits together; other fixed agreements hold."),
    "locks_hold": _l("What was fixed by hand stays."),
    "vetoes_respected": _l("Nobody is in a session that is “not for me”."),
    "sessions_in_order": _l("Sessions keep their rounds, order and length."),
}
GIVES_WAY = {
    "first": _l("flexible: it gives way first"),
    "second": _l("flexible: it gives way if that is not enough"),
    "last": _l("flexible: it gives way last"),
}
"""How soon a rule is broken, by the step of `rules.PRICES`."""
RULE_PLACES = {
    "size_at_most": "organiser.rooms.index",
    "size_at_least": "organiser.sessions.index",
    "rooms_hold_one_meeting": "organiser.rooms.index",
    "staff_at_their_own": "organiser.sessions.index",
    "rooms_and_people_fit": "organiser.rooms.index",
    "everybody_understands": "organiser.sessions.index",
    "quotas_hold": "organiser.rules.index",
    "nobody_isolated": "organiser.rules.index",
    "organisations_spread": "organiser.rules.index",
    "together_or_apart": "organiser.rules.index",
    "locks_hold": "organiser.programme.index",
    "sessions_in_order": "organiser.programme.index",
}
"""Where an organiser can loosen a rule; the others follow from people's own answers."""
GOALS = {
    "unplaced": _l("Missing places"),
    "worst_off": _l("Penalty points for the least satisfied"),
    "wishes": _l("Wishes"),
    "mix": _l("Mix"),
    "exceptions": _l("Agreed exceptions"),
    "encounters": _l("People who meet again"),
    "even_sizes": _l("Even sizes"),
    "stability": _l("Places in another session, meetings moved (lost rooms aside)"),
    "native": _l("Rating"),
}
GOAL_NOTES = {
    "worst_off": _l(
        "Points, no percent; fewer are better. The search compares each day with the best one that the list allows. "
        "A session that is not on the list counts a little here, and a round in which somebody interprets counts "
        "nothing: so these are other shares than those above. Less than 85 percent costs 1 point, less than 70 "
        "another 4, less than 50 another 16, less than 30 another 64."
    ),
    "stability": _l(
        "Rooms are counted apart: a meeting whose room cannot be used any more is not counted here. "
        "Nor is a change of a task."
    ),
}
"""What a goal's value counts, where its name alone would be misread."""
SIGN_IN_LINKS = {
    "used": (
        _l("This link has been used already"),
        _l("A link for organisers signs in once. This one did that before."),
    ),
    "old": (
        _l("This link is too old"),
        _l("A link for organisers works for 24 hours. This one was made before that."),
    ),
    "unknown": (
        _l("We do not know this link"),
        _l("Perhaps it was not copied completely. Please compare it with what you were given."),
    ),
    "spent": (
        _l("This link has been used already"),
        _l("A link for organisers signs in once. This one did that before."),
    ),
    "asked": (_l("A link to sign in"), ""),
}
"""Why somebody stands before the page that makes a new link: its title, and a sentence."""
PARTICIPANT_STATES = {
    "registered": (_l("registered"), "wait"),
    "confirmed": (_l("confirmed"), "good"),
    "waiting": (_l("waiting list"), "wait"),
    "cancelled": (_l("cancelled"), "bad"),
}
SESSION_STATES = {
    "cancelled": (_l("not held"), "bad"),
}
"""What people read; one that is held needs no word."""
ALLOCATION_STATES = {
    "queued": (_l("waits to start"), "wait"),
    "running": (_l("is running"), "wait"),
    "solved": (_l("solved"), "good"),
    "incomplete": (_l("incomplete"), "wait"),
    "infeasible": (_l("impossible"), "bad"),
    "unknown": (_l("no answer in time"), "bad"),
    "failed": (_l("failed"), "bad"),
    "cancelled": (_l("cancelled"), "calm"),
}


def percent(share: float | Fraction) -> int:
    """A share in whole percent, rounded half up; 100 only where nothing is missing."""
    rounded = floor(round(float(share) * 100, 6) + 0.5)
    return rounded if share >= 1 else min(rounded, 99)


def install(app: Flask) -> None:
    app.jinja_env.filters["percent"] = percent
    app.jinja_env.globals["words"] = {
        "submission": SUBMISSION_STATES,
        "level": LEVELS,
        "need": NEEDS,
        "consent": CONSENTS,
        "feature": FEATURES,
        "role": ROLES,
        "duty": DUTIES,
        "place": PLACES,
        "commitment": COMMITMENTS,
        "commitment_own": COMMITMENTS_OF_HERS,
        "interpreting": INTERPRETING,
        "visibility": VISIBILITIES,
        "way_in": WAYS_IN,
        "message": MESSAGES,
        "message_state": MESSAGE_STATES,
        "message_why": MESSAGE_WHYS,
        "mail_trial": MAIL_TRIALS,
        "encryption": ENCRYPTIONS,
        "member_role": MEMBER_ROLES,
        "invitation_state": INVITATION_STATES,
        "link_trouble": LINK_TROUBLES,
        "reader": READERS,
        "act": ACTS,
        "attribute": ATTRIBUTES,
        "answer": ANSWERS,
        "preset": PRESETS,
        "rule": RULES,
        "rule_place": RULE_PLACES,
        "goal": GOALS,
        "goal_note": GOAL_NOTES,
        "fact": FACTS,
        "fate": FATES,
        "import": IMPORT_KINDS,
        "participant": PARTICIPANT_STATES,
        "session": SESSION_STATES,
        "step": STEP_STATES,
        "step_sign": STEP_SIGNS,
        "allocation": ALLOCATION_STATES,
    }
