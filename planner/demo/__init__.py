"""The demonstration's conference as plain, checked data; whoever loads it decides about rows."""

from planner.demo.data import Demonstration, Moment, Participant, Session, Submission
from planner.demo.reading import DemonstrationError, read, read_duisburg
from planner.demo.supporters import supporters_of

__all__ = [
    "Demonstration",
    "DemonstrationError",
    "Moment",
    "Participant",
    "Session",
    "Submission",
    "read",
    "read_duisburg",
    "supporters_of",
]
