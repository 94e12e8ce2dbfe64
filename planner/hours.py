"""Days and hours as people write them in cells: what cannot be read, or could mean two things, is asked about."""

import re
from datetime import date, time

from flask_babel import gettext as _

from planner.dates import YEARS

ISO_DAY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})( 00:00(:00)?)?")
GERMAN_DAY = re.compile(
    r"([^\W\d]{2,12}\.?,? ?)?(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\. ?(?P<year>[0-9]{4}|[0-9]{2})"
)
HOUR = re.compile(r"(?P<hour>[0-9]{1,2})([:.](?P<minute>[0-9]{2})(:00)?)? ?(uhr|h)?", re.IGNORECASE)


def day(text: str) -> date:
    """ "21.05.2027", "Fr, 21.5.27", "2027-05-21". Raises ValueError with a sentence."""
    found = ISO_DAY.fullmatch(text) or GERMAN_DAY.fullmatch(text)
    try:
        parts = {name: int(number) for name, number in found.groupdict().items()} if found else {}
        read = date(parts["year"] + (2000 if parts["year"] < 100 else 0), parts["month"], parts["day"])
    except (KeyError, ValueError) as error:
        raise ValueError(_("Please write the day like this: %(example)s", example="21.05.2027")) from error
    if read.year not in YEARS:
        raise ValueError(_("Please check the year."))
    return read


def hour(text: str) -> time:
    """ "9", "9:00", "09.30 Uhr". Raises ValueError with a sentence."""
    found = HOUR.fullmatch(text)
    try:
        if found:
            return time(int(found["hour"]), int(found["minute"] or 0))
    except ValueError:
        pass
    raise ValueError(_("Please write the time like this: %(example)s", example="09:00"))
