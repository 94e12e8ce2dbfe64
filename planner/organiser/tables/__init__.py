"""Tables one types into: many rows of one kind on a page, with the rules of their own forms."""

from planner.organiser.tables import groups, organisations, people, rooms, sessions, slots, themes

__all__ = ["groups", "organisations", "people", "rooms", "sessions", "slots", "themes"]
