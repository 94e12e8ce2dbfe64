"""The shape of a template: plain values, every day counted from the day of the conference."""

from pydantic.dataclasses import dataclass

from planner.frame import EXACT, AgendaItem, Dates, Group, Slot, Theme
from planner.models import Translated


@dataclass(frozen=True, config=EXACT)
class Template:
    """`about` is a sentence for whom it is; the days of `dates` are negative before the conference.

    The sizes are those of a session for which nobody says otherwise.
    """

    name: Translated
    about: Translated
    languages: tuple[str, ...]
    most_favourites: int
    most_vetoes: int
    preset: str
    dates: Dates
    slots: tuple[Slot, ...]
    themes: tuple[Theme, ...]
    agenda: tuple[AgendaItem, ...] = ()
    groups: tuple[Group, ...] = ()
    vocabulary: str = ""
    usual_minimum: int = 6
    usual_maximum: int = 20
