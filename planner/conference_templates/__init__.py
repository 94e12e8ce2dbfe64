"""What a new conference can begin with: each template is a file of plain, checked data with texts in two languages."""

from planner.conference_templates.data import Template
from planner.conference_templates.reading import EMPTY, KEYS, read

__all__ = ["EMPTY", "KEYS", "Template", "read"]
