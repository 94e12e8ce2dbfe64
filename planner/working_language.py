"""What a meeting speaks and who interprets there into what: the facts, and the one sentence of pages and papers."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Row, or_, select
from sqlalchemy.orm import joinedload

from planner import languages
from planner.extensions import db
from planner.models import COMING, Assignment, AssignmentRole, Meeting, Participant, Session


@dataclass(frozen=True)
class Interpreting:
    """Somebody who works in a channel: a language into which she interprets, or the two that she bridges."""

    participant_id: int
    name: str
    channel: str


@dataclass(frozen=True)
class Spoken:
    """`languages` are none, the working one, or both of a two-language meeting; `listeners` count by channel."""

    languages: tuple[str, ...] = ()
    interpreters: tuple[Interpreting, ...] = ()
    listeners: Mapping[str, int] = field(default_factory=dict)

    @property
    def channels(self) -> list[str]:
        return sorted({each.channel for each in self.interpreters} | set(self.listeners))

    def names(self, channel: str, without: int | None = None) -> list[str]:
        """Who works in the channel; without one of them, if she is the reader."""
        return [i.name for i in self.interpreters if i.channel == channel and i.participant_id != without]


def spoken_in(meetings: Collection[Meeting]) -> dict[int, Spoken]:
    """Of each of these meetings, in one query; whoever cancelled since neither listens nor interprets."""
    places: dict[int, list[Assignment]] = {meeting.id: [] for meeting in meetings}
    query = (
        select(Assignment)
        .where(Assignment.meeting_id.in_(places))
        .join(Meeting, (Meeting.id == Assignment.meeting_id) & (Meeting.slot_id == Assignment.slot_id))
        .where(or_(Assignment.listens_in.is_not(None), Assignment.role == AssignmentRole.INTERPRETER))
        .join(Participant, Participant.id == Assignment.participant_id)
        .where(Participant.state.in_(COMING))
        .options(joinedload(Assignment.participant))
        .order_by(Participant.name, Participant.id)
    )
    for place in db.session.scalars(query):
        places[place.meeting_id].append(place)
    return {meeting.id: spoken(meeting, places[meeting.id]) for meeting in meetings}


def spoken(meeting: Meeting, places: Iterable[Assignment]) -> Spoken:
    """Of one meeting whose places are known."""
    places = list(places)
    return Spoken(
        tuple(code for code in (meeting.language, meeting.second_language) if code),
        tuple(
            Interpreting(place.person.id, place.name, place.voices)
            for place in places
            if place.role is AssignmentRole.INTERPRETER and place.voices
        ),
        Counter(place.listens_in for place in places if place.listens_in),
    )


def sentence(told: Spoken) -> str:
    """As in: German is spoken here. Hala interprets into Arabic. Empty where language plays no part.

    It may lie open in the room, so it says nothing of who listens, or that somebody would need to.
    """
    return " ".join(filter(None, [_opening(told), *_interpreted(told)]))


def missing(told: Spoken) -> str:
    """For those in charge: what somebody needs and nobody interprets, because an interpreter dropped out."""
    alone = [channel_name(channel) for channel in told.channels if not told.names(channel)]
    return _("An interpreter is missing here: %(languages)s.", languages=languages.in_a_row(alone)) if alone else ""


def listening(told: Spoken) -> str:
    """For those in charge: how many hear it in another language; no names."""
    if len(told.languages) == 2:
        count = sum(told.listeners.values())
        return ngettext("%(num)s person needs that.", "%(num)s people need that.", count) if count else ""
    return " ".join(
        ngettext(
            "%(num)s person listens in %(language)s.",
            "%(num)s people listen in %(language)s.",
            count,
            language=languages.name_of(channel),
        )
        for channel, count in sorted(told.listeners.items())
    )


def for_herself(places: Sequence[Assignment]) -> dict[int, str]:
    """For each round (by its id) of somebody's day the sentence that she reads."""
    told = spoken_in([place.meeting for place in places])
    return {place.slot_id: own_sentence(told[place.meeting_id], place) for place in places}


def own_sentence(told: Spoken, place: Assignment) -> str:
    """The same for somebody who is there: what she interprets, or who interprets for her."""
    if place.role is AssignmentRole.INTERPRETER and place.voices:
        return " ".join(filter(None, [_your_work(told, place.voices), *_interpreted(told, place.participant_id)]))
    if place.listens_in is None:
        return sentence(told)
    others = [_channel(told, channel) for channel in told.channels if channel != place.listens_in]
    return " ".join(filter(None, [_opening(told), _for_you(told, place.listens_in), *others]))


def languages_of(meeting: Meeting | Row[Any]) -> str:
    """German; or German and Arabic, where a meeting is held in two; empty where language plays no part."""
    codes = (meeting.language, meeting.second_language)
    return languages.in_a_row([languages.name_of(code) for code in codes if code])


def on_a_chair(place: Assignment) -> str:
    """What an interpreter's chair in the ring shows: "ar", or "ar/de" between two."""
    return place.voices.replace("-", "/") if place.voices else ""


def held_in(session: Session) -> str:
    """The languages of a session before it is decided: one of them, or two, interpreted where not all share one."""
    names = [languages.name_of(code) for code in session.languages]
    if session.two_language:
        return _(
            "%(languages)s, with interpreting between them where it is needed", languages=languages.in_a_row(names)
        )
    return languages.in_a_row(names, "or")


def work_of(channel: str, told: Spoken) -> str:
    """What an interpreter does there, shortly: "German → Arabic", "German ↔ Arabic" between two."""
    if len(told.languages) == 2:
        return _pair(told.languages, "↔", "↔")
    return _pair((*told.languages, channel), "→", "←")


def channel_name(channel: str) -> str:
    """Arabic; or Arabic – German, for the channel of a two-language meeting."""
    return " – ".join(languages.name_of(code) for code in channel.split("-"))


def _opening(told: Spoken) -> str:
    names = [languages.name_of(code) for code in told.languages]
    if not names:
        return ""
    if len(names) == 1:
        return _("%(language)s is spoken here.", language=names[0])
    return _("%(first)s and %(second)s are spoken here.", first=names[0], second=names[1])


def _interpreted(told: Spoken, without: int | None = None) -> list[str]:
    return [_channel(told, channel, without) for channel in told.channels]


def _channel(told: Spoken, channel: str, without: int | None = None) -> str:
    names = told.names(channel, without)
    if not names:
        return ""
    row = languages.in_a_row([languages.isolated(name) for name in names])
    if len(told.languages) == 2:
        return ngettext(
            "%(names)s interprets between them.", "%(names)s interpret between them.", len(names), names=row
        )
    return ngettext(
        "%(names)s interprets into %(language)s.",
        "%(names)s interpret into %(language)s.",
        len(names),
        names=row,
        language=languages.into(channel),
    )


def _for_you(told: Spoken, channel: str) -> str:
    names = told.names(channel)
    if not names:
        return _("Nobody interprets for you here yet. Please ask the organisers.")
    row = languages.in_a_row([languages.isolated(name) for name in names])
    if len(told.languages) == 2:
        return ngettext("%(names)s interprets for you.", "%(names)s interpret for you.", len(names), names=row)
    return ngettext(
        "%(names)s interprets for you into %(language)s.",
        "%(names)s interpret for you into %(language)s.",
        len(names),
        names=row,
        language=languages.into(channel),
    )


def _your_work(told: Spoken, channel: str) -> str:
    if not told.listeners.get(channel):
        return _("You interpret %(work)s here. At the moment nobody has asked for it.", work=work_of(channel, told))
    return ngettext(
        "You interpret %(work)s here for %(num)s person.",
        "You interpret %(work)s here for %(num)s people.",
        told.listeners[channel],
        work=work_of(channel, told),
    )


def _pair(codes: Sequence[str], sign: str, mirrored: str) -> str:
    """Arrows are not turned with the text, so the pair has the page's direction, whatever the sentence around it."""
    turned = languages.direction(languages.current()) == "rtl"
    names = f" {mirrored if turned else sign} ".join(languages.name_of(code) for code in codes)
    start = "\N{RIGHT-TO-LEFT ISOLATE}" if turned else "\N{LEFT-TO-RIGHT ISOLATE}"
    return f"{start}{names}\N{POP DIRECTIONAL ISOLATE}"


def install(app: Flask) -> None:
    app.jinja_env.filters["held_in"] = held_in
    app.jinja_env.filters["languages_of"] = languages_of
