"""Why nothing was fetched from another program, in one sentence each."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from planner.errors import PlannerError

SENTENCES = {
    "address": _l("This is no address of an event. It looks like this: %(example)s"),
    "https": _l("The address must begin with https://, else others could read the token."),
    "parts": _l("Please leave names, passwords and ports out of the address."),
    "unknown": _l("There is no server called %(host)s. Is the address spelled right?"),
    "private": _l(
        "%(host)s is not on the public internet, so nothing is fetched from there. Whoever runs this server can allow "
        "it in its settings (PLANNER_IMPORT_HOSTS)."
    ),
    "away": _l("%(host)s cannot be reached. Is the address spelled right? Otherwise try again later."),
    "broken": _l("%(host)s broke off in the middle of its answer. Please try again."),
    "slow": _l(
        "%(host)s did not answer in time (%(seconds)s seconds in all). Try again later, or bring the list as a file."
    ),
    "certificate": _l(
        "The certificate of %(host)s is not valid, so it may be another server, and no token was sent there. "
        "Please tell whoever runs it."
    ),
    "redirect": _l("%(host)s sends us on to another address. Please give the address at which your browser ends."),
    "elsewhere": _l("%(host)s names another address for the next page, and nothing is fetched from there."),
    "token": _l("%(host)s does not take this token. Is it complete, and may it read this event?"),
    "no_token": _l("%(host)s shows this only with a token. Please give one."),
    "event": _l("%(host)s does not know this event. Is the address spelled right?"),
    "version": _l(
        "%(host)s answers in another way than expected. It may have another version: bring the list as a file."
    ),
    "not_json": _l("%(host)s answers with something else than data. Is the address that of an event?"),
    "down": _l("%(host)s has an error of its own at the moment. Please try again later."),
    "bytes": _l("%(host)s sends more than %(most)s MB. Please bring the list as a file."),
    "bytes_of_a_page": _l("A single page of %(host)s has more than %(most)s MB. Please bring the list as a file."),
    "rows": _l("There are more than %(most)s entries. Please divide the list, and bring it as files."),
    "nothing": _l("%(host)s has nothing of this yet."),
}


class Refused(PlannerError):
    """Nothing was fetched; `code` names the sentence, `facts` fill it."""

    def __init__(self, code: str, **facts: Any):
        field = "token" if code in {"token", "no_token"} else "address"
        super().__init__(LazyString(lambda: str(SENTENCES[code]) % facts), field=field)
        self.code, self.facts = code, facts


class AskedTooOften(PlannerError):
    """The other server wants us to wait."""

    status = 429

    def __init__(self, host: str, seconds: int):
        sentence = _l("%(host)s wants us to wait. Please try again in %(seconds)s seconds.", host=host, seconds=seconds)
        super().__init__(sentence, field="address")
        self.code, self.retry_after = "too_often", seconds


class Busy(PlannerError):
    """As many are fetched as may be at once."""

    status = 503
    retry_after = 20
    sentence = _l(
        "Others are fetching lists at the moment. Please try again in twenty seconds, and give the token again."
    )
