"""The words for what somebody answered to a task: as organisers read it, and as she reads it herself."""

from flask_babel import lazy_gettext as _l

COMMITMENTS = {
    "open": (_l("not answered"), "wait", None),
    "confirmed": (_l("does it"), "good", "check"),
    "declined": (_l("cannot"), "bad", "warning"),
}
COMMITMENTS_OF_HERS = {
    "open": (_l("not answered yet"), "wait", None),
    "confirmed": (_l("You do it"), "good", "check"),
    "declined": (_l("You cannot"), "calm", None),
}
