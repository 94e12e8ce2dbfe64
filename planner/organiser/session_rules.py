"""The part of a session's form that says who may attend, and when it may be held."""

import re
from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form

from planner import languages, session_rules
from planner.forms import MultiTicks, choices, line, number
from planner.models import Session
from planner.session_rules import SessionRules
from planner.texts import whole

PARTS = re.compile(r"[\s,;]+")
MOST_ROUNDS = 10


class RulesOfASession(Form):
    """Fields that a session's form takes in; empty they ask for nothing."""

    groups = MultiTicks(_l("Only for these groups"), coerce=whole)
    marks = MultiTicks(_l("Only for people of whom this is known"))
    closed = MultiTicks(_l("Not in these rounds"), coerce=whole)
    duration = number(_l("How many rounds does it last?"), 1, MOST_ROUNDS, required=False, default=1)
    not_beside = line(_l("Not at the same time as"), 200, required=False)
    after = line(_l("Only after"), 200, required=False)

    def prepare_rules(self, session: Session | None) -> None:
        here = languages.current()
        groups = g.conference.groups if g.sees_groups else ()
        self.groups.choices = choices((each.id, languages.pick(each.title, here)) for each in groups)
        self.closed.choices = choices((each.id, languages.pick(each.title, here)) for each in g.conference.slots)
        if not g.sees_needs:  # nor does she write
            self.marks.choices = []
            return
        known = {name: dict.fromkeys(values) for name, values in session_rules.marks(g.conference).items()}
        for name, values in (session.open_to if session else {}).items():
            # what nobody has any more can be unticked
            known.setdefault(name, {}).update(dict.fromkeys(values or [session_rules.NOBODY]))
        self.marks.choices = choices(
            (session_rules.mark(name, value), f"{name}: {value or _('nobody')}")
            for name, values in known.items()
            for value in values
        )

    def open_to(self) -> dict[str, list[str]]:
        return session_rules.by_name(self.marks.data or [])

    def rules(self) -> SessionRules:
        """Raises UnknownNumber."""
        return SessionRules(
            self.groups.data or [],
            self.closed.data or [],
            self._numbered("not_beside"),
            self._numbered("after"),
        )

    def _numbered(self, name: str) -> list[int]:
        words = [word.strip("#().") for word in PARTS.split(self[name].data or "")]
        return session_rules.by_number(g.conference, filter(None, words), name)


def filled(session: Session) -> dict[str, Any]:
    stored = session_rules.of(session)
    return {
        "groups": stored.groups,
        "marks": session_rules.ticked(session.open_to),
        "closed": stored.closed,
        "duration": session.duration,
        "not_beside": session_rules.numbered(g.conference, stored.not_beside),
        "after": session_rules.numbered(g.conference, stored.after),
    }
