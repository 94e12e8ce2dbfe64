"""What pages say of the news of a plan: before it is published, right after, and for as long as it is."""

from flask_babel import gettext as _
from flask_babel import ngettext

from planner import news, notifications


def published_sentences(done: news.Outcome) -> list[str]:
    """What really happens: messages on their way, written into files, or none at all; whom to tell otherwise."""
    found = [_sent(done)]
    if done.otherwise and notifications.mail_is_set_up():
        found.append(_without_address(done.otherwise))
    found += _others(done.unchanged, done.open)
    return found


def _sent(done: news.Outcome) -> str:
    if notifications.way() == "off":
        if not done.otherwise:
            return _("Published.")
        if done.unchanged or done.open:
            return _("Published. Mail is not set up: please tell those whose day has changed yourself.")
        return _("Published. Mail is not set up, so nobody gets a message: please tell everybody yourself.")
    if notifications.way() == "file":
        return _(
            "Published. Messages written into files on this computer: %(count)s. None leaves it.", count=done.by_mail
        )
    return _("Published. Messages on their way: %(count)s.", count=done.by_mail)


def told_sentences(done: news.Outcome) -> list[str]:
    """The same for as long as the plan is published."""
    found = []
    if done.by_mail and notifications.way() == "file":
        found.append(ngettext("%(num)s message lies in a file.", "%(num)s messages lie in files.", done.by_mail))
    elif done.by_mail:
        found.append(ngettext("%(num)s message by mail.", "%(num)s messages by mail.", done.by_mail))
    if done.otherwise:
        found.append(
            ngettext("%(num)s person to be told otherwise.", "%(num)s people to be told otherwise.", done.otherwise)
        )
    found += _others(done.unchanged, done.open)
    return [_("Told at this publication:"), *found] if found else []


def publish_question(told: news.Reach) -> list[str]:
    """What publishing does, before it is pressed: who then sees what, whom a message reaches, and whom it does not."""
    asked = [_("Publish this allocation? Everybody then sees their day.")]
    if told.is_set_up:
        asked += [_by_mail(told)] if told.by_mail or not (told.unchanged or told.open) else []
        asked += [_without_address(len(told.otherwise))] if told.otherwise else []
    elif told.otherwise and (told.unchanged or told.open):
        asked.append(
            _(
                "Mail is not set up here: you have to tell those whose day changes yourself (%(count)s).",
                count=len(told.otherwise),
            )
        )
    elif told.otherwise:
        asked.append(
            _(
                "Mail is not set up here: nobody gets a message. You have to tell all of them yourself (%(count)s).",
                count=len(told.otherwise),
            )
        )
    return [*asked, *_others(len(told.unchanged), len(told.open))]


def _by_mail(told: news.Reach) -> str:
    count = len(told.by_mail)
    if told.way == "file":
        return _("Mails are only written into files on this computer (%(count)s); none leaves it.", count=count)
    return ngettext("%(num)s person is told once by mail.", "%(num)s people are told once by mail.", count)


def _without_address(count: int) -> str:
    return ngettext(
        "%(num)s person has no e-mail address: tell her otherwise.",
        "%(num)s people have no e-mail address: tell them otherwise.",
        count,
    )


def _others(unchanged: int, still: int) -> list[str]:
    """Whose day is the same as an earlier message says: those who know it, and those who may not, never as one."""
    found = []
    if unchanged:
        found.append(
            ngettext(
                "The day of %(num)s person stays as she was told: she gets no message.",
                "The days of %(num)s people stay as they were told: they get no message.",
                unchanged,
            )
        )
    if still:
        found.append(
            ngettext(
                "For %(num)s person an earlier message stands, which she may not have got yet: please see Messages.",
                "For %(num)s people earlier messages stand, which they may not have got yet: please see Messages.",
                still,
            )
        )
    return found


def otherwise_sentence(count: int) -> str:
    """The heading above those who must be told otherwise, after publishing."""
    if notifications.mail_is_set_up():
        return ngettext("Tell %(num)s person otherwise", "Tell %(num)s people otherwise", count)
    return ngettext(
        "Mail is not set up: tell %(num)s person yourself", "Mail is not set up: tell %(num)s people yourself", count
    )
