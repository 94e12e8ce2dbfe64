"""Every rule of a conference as one sentence with its state, in five parts, and where it is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from planner import languages, rules, session_rules
from planner.allocations.words.names import of_group, with_mark
from planner.models import COMING, Bond, BondKind, Company, Conference, Order, Quota, Session, SessionState
from planner.policy import may
from planner.words import GIVES_WAY, RULES

ON, OFF = (_l("on"), "good"), (_l("off"), "calm")
STRICT = (_l("strict"), "good")


@dataclass(frozen=True)
class Line:
    """One rule; `change` is the page on which it is set, empty where nobody sets it."""

    text: str
    state: tuple[object, str] = STRICT
    change: str = ""
    remove: str = ""
    note: str = ""
    is_confidential: bool = False


@dataclass(frozen=True)
class Section:
    title: object
    lines: list[Line]
    adds: list[tuple[str, object]] = field(default_factory=list)
    """Pages on which another rule is made, with what their buttons say."""
    note: str = ""


def sections(conference: Conference, bonds: Sequence[Bond], sessions: Sequence[Session]) -> list[Section]:
    held = [session for session in sessions if session.state is SessionState.OPEN]
    of_sessions, strictness = OfSessions(conference, held), Strictness(conference)
    return [
        Section(_l("Sizes"), [*_sizes(held, strictness), *of_sessions.durations()]),
        _groups(conference, sessions, strictness, of_sessions.open_to()),
        _people(conference, bonds, strictness),
        Section(_l("Language"), list(_language(conference, strictness))),
        Section(_l("Time and place"), [*_time_and_place(held), *of_sessions.times()]),
    ]


class Strictness:
    """Whether a rule is strict, in a word: of those that are on."""

    def __init__(self, conference: Conference):
        self.prices = rules.flexible(conference, rules.stated(conference)) if conference.flexible else {}
        self.steps = conference.flexible

    def __call__(self, rule: str) -> tuple[object, str]:
        return (GIVES_WAY[self.steps[rule]], "wait") if rule in self.prices else STRICT


class OfSessions:
    """The rules that are set at single sessions, each a sentence that leads there."""

    def __init__(self, conference: Conference, held: Sequence[Session]):
        here = languages.current()
        self.held, self.stated = held, rules.stated(conference)
        self.titles = {session.id: languages.isolated(languages.pick(session.title, here)) for session in held}
        self.groups = {group.id: languages.isolated(languages.pick(group.title, here)) for group in conference.groups}
        self.slots = {slot.id: languages.isolated(languages.pick(slot.title, here)) for slot in conference.slots}

    def _line(self, session: Session, text: str) -> Line:
        return Line(text, STRICT, _page("organiser.sessions.edit", id=session.id))

    def durations(self) -> Iterator[Line]:
        for session in self.held:
            if session.duration > 1:
                text = ngettext(
                    "“%(title)s” lasts %(num)s round.",
                    "“%(title)s” lasts %(num)s rounds.",
                    session.duration,
                    title=self.titles[session.id],
                )
                yield self._line(session, text)

    def open_to(self) -> Iterator[Line]:
        for session in self.held:
            title = self.titles[session.id]
            groups = [self.groups[id] for id in self.stated.admits.get(session.id, ()) if id in self.groups]
            if groups:
                told = languages.in_a_row(groups, "or")
                yield self._line(session, _("“%(title)s” is only for the group %(groups)s.", title=title, groups=told))
            for name, values in session.open_to.items():
                if not values:
                    yield self._line(
                        session, _("“%(title)s” asks for what nobody has any more, so nobody may attend.", title=title)
                    )
                    continue
                told = f"{languages.isolated(name)}: {languages.in_a_row(list(map(languages.isolated, values)), 'or')}"
                yield self._line(session, _("“%(title)s” is only for people with %(what)s.", title=title, what=told))

    def times(self) -> Iterator[Line]:
        for session in self.held:
            title = self.titles[session.id]
            closed = [self.slots[id] for id in self.stated.closed.get(session.id, ()) if id in self.slots]
            if closed:
                told = languages.in_a_row(closed, "or")
                yield self._line(session, _("“%(title)s” is not held in %(rounds)s.", title=title, rounds=told))
            for other in self._others(session, Order.NOT_BESIDE):
                text = _("“%(title)s” and “%(other)s” are never held at the same time.", title=title, other=other)
                yield self._line(session, text)
            for other in self._others(session, Order.AFTER):
                yield self._line(session, _("“%(title)s” comes after “%(other)s”.", title=title, other=other))

    def _others(self, session: Session, order: Order) -> list[str]:
        return [self.titles[id] for id in self.stated.orders[order].get(session.id, ()) if id in self.titles]


def _page(endpoint: str, **values: object) -> str:
    """Empty where her role does not read it."""
    return url_for(endpoint, **values) if may(endpoint) else ""  # type: ignore[arg-type]


def _sizes(held: Sequence[Session], strictness: Strictness) -> Iterator[Line]:
    at_sessions = _page("organiser.sessions.index")
    sizes = [(session.minimum, session.maximum) for session in held]
    between = ""
    if sizes:
        least, most = min(least for least, _most in sizes), max(most for _least, most in sizes)
        between = _("The sessions have from %(least)s to %(most)s people.", least=least, most=most)
    yield Line(str(RULES["size_at_most"]), strictness("size_at_most"), at_sessions, note=between)
    may_go = sum(session.may_be_cancelled for session in held)
    note = ngettext(
        "%(num)s session may be cancelled if too few people want it.",
        "%(num)s sessions may be cancelled if too few people want them.",
        may_go,
    )
    yield Line(str(RULES["size_at_least"]), strictness("size_at_least"), at_sessions, note=note if may_go else "")


def _groups(
    conference: Conference, sessions: Sequence[Session], strictness: Strictness, open_to: Iterator[Line]
) -> Section:
    known = {session.id: session for session in sessions}
    of_one = ((row, known.get(row.session_id or 0)) for row in rules.quotas(conference))
    lines = [_quota(row, session, strictness("quotas_hold")) for row, session in of_one]
    lines += [_company(row, strictness("nobody_isolated")) for row in rules.companies(conference)]
    lines += [_organisations(conference, strictness("organisations_spread")), *open_to]
    adds: list[tuple[str, object]] = [
        (url_for("organiser.rules.new", kind="quotas"), _l("How many of one kind")),
        (url_for("organiser.rules.new", kind="protected"), _l("Nobody of one kind sits alone")),
    ]
    if conference.groups or session_rules.marks(conference):
        note = _(
            "Bounds are numbers of people, not percent: how many come into a meeting is known only when it is planned. "
            "Those who lead, take notes or interpret do not count."
        )
    else:
        adds = []
        note = _(
            "There are no groups yet, and nothing is known that several people share. "
            "As soon as there is, rules for them can be made."
        )
    return Section(_l("Groups and mix"), lines, adds, note)


def _of_whom(row: Quota | Company) -> str:
    if row.group:
        return of_group(languages.pick(row.group.title, languages.current()))
    return with_mark(row.mark or "", row.value or "")


def _quota(row: Quota, session: Session | None, state: tuple[object, str]) -> Line:
    whom = _of_whom(row)
    if row.maximum is None:
        told = ngettext("at least %(num)s person", "at least %(num)s people", row.minimum)
    elif row.minimum == row.maximum and row.minimum:
        told = ngettext("exactly %(num)s person", "exactly %(num)s people", row.minimum)
    elif row.minimum:
        told = _("from %(least)s to %(most)s people", least=row.minimum, most=row.maximum)
    elif row.maximum:
        told = ngettext("at most %(num)s person", "at most %(num)s people", row.maximum)
    else:
        told = _("nobody")
    if session:
        title = languages.isolated(languages.pick(session.title, languages.current()))
        text = _("In “%(title)s” sits %(count)s %(whom)s.", title=title, count=told, whom=whom)
    else:
        text = _("In every meeting sits %(count)s %(whom)s.", count=told, whom=whom)
    if session and not session.is_held:
        note = _("Asks for nothing now: the session is not held.")
        return _of_its_own(text, "quotas", row.id, OFF, note=note)
    return _of_its_own(text, "quotas", row.id, state)


def _company(row: Company, state: tuple[object, str]) -> Line:
    text = ngettext(
        "Nobody %(whom)s sits alone: a meeting has none of them, or at least %(num)s.",
        "Nobody %(whom)s sits alone: a meeting has none of them, or at least %(num)s.",
        row.least,
        whom=_of_whom(row),
    )
    return _of_its_own(text, "protected", row.id, state)


def _of_its_own(text: str, kind: str, id: int, state: tuple[object, str] = STRICT, **given: object) -> Line:
    """A rule that has a row, so it can be changed and removed."""
    change, remove = (url_for(f"organiser.rules.{each}", kind=kind, id=id) for each in ("edit", "remove"))
    return Line(text, state, change, remove, **given)  # type: ignore[arg-type]


def _organisations(conference: Conference, state: tuple[object, str]) -> Line:
    most, change = conference.most_of_one_organisation, url_for("organiser.rules.organisations")
    if most is None:
        return Line(_("As many people of one organisation may sit in a meeting as come."), OFF, change)
    told = ngettext(
        "At most %(num)s person of one organisation sits in a meeting.",
        "At most %(num)s people of one organisation sit in a meeting.",
        most,
    )
    known = rules.have_an_organisation(conference)
    return Line(
        told, state, change, note="" if known else _("Nobody has an organisation yet, so this changes nothing.")
    )


def _people(conference: Conference, bonds: Sequence[Bond], strictness: Strictness) -> Section:
    lines = [Line(str(RULES[rule])) for rule in ("one_meeting_per_slot", "never_the_same_session_twice")]
    lines.append(Line(str(RULES["staff_at_their_own"]), change=_page("organiser.sessions.index")))
    vetoes = strictness("vetoes_respected") if conference.most_vetoes else OFF
    lines.append(Line(str(RULES["vetoes_respected"]), vetoes, _page("organiser.settings.edit")))
    at_odds = rules.at_odds(bonds)
    lines += [_bond(row, row in at_odds) for row in bonds]
    adds: list[tuple[str, object]] = [(url_for("organiser.rules.new", kind="agreements"), _l("Who sits with whom"))]
    return Section(_l("People"), lines, adds)


def _bond(row: Bond, is_at_odds: bool) -> Line:
    names = languages.in_a_row([languages.isolated(member.participant.name) for member in row.members])
    asks = sum(member.participant.state in COMING for member in row.members) > 1
    state, idle = (STRICT, "") if asks else (OFF, _("Asks for nothing now: fewer than two of them come."))
    if row.kind is BondKind.TOGETHER:
        text = _("%(names)s sit in the same meetings.", names=names)
        return _of_its_own(text, "agreements", row.id, state, note=idle)
    author = (row.author.name or row.author.email) if row.author else _("somebody who does not work here any more")
    note = _(
        "Confidential: only %(author)s and the owners of this conference see it.", author=languages.isolated(author)
    )
    if is_at_odds:
        against = _("Another rule says that two of these people sit together. Please change one of the two rules.")
        note = f"{against} {note}"
    text = _("%(names)s are never in one meeting.", names=names)
    told = " ".join(filter(None, [idle, note]))
    return _of_its_own(text, "agreements", row.id, state, note=told, is_confidential=True)


def _language(conference: Conference, strictness: Strictness) -> Iterator[Line]:
    rule = "everybody_understands"
    yield Line(str(RULES[rule]), strictness(rule), _page("organiser.sessions.index"))
    first = languages.name_of(conference.language)
    presumed = ON if conference.presumes_language else OFF
    text = _("Who has given no language is taken to understand %(language)s.", language=first)
    yield Line(text, presumed, _page("organiser.settings.edit"))


def _time_and_place(held: Sequence[Session]) -> Iterator[Line]:
    yield Line(str(RULES["rooms_hold_one_meeting"]), change=_page("organiser.rooms.index"))
    yield Line(str(RULES["rooms_and_people_fit"]), change=_page("organiser.rooms.index"))
    fixed = sum(len(session.placements) for session in held)
    note = ngettext("%(num)s meeting is fixed.", "%(num)s meetings are fixed.", fixed) if fixed else ""
    yield Line(str(RULES["locks_hold"]), STRICT if fixed else OFF, _page("organiser.programme.index"), note=note)
    yield Line(str(RULES["sessions_in_order"]), change=_page("organiser.sessions.index"))
