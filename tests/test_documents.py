"""What is read before anything is started: the ways it names are there, and its lines fit a screen."""

import re
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
LONGEST = 125


def test_the_steps_of_ones_own_conference_name_its_pages_by_their_words() -> None:
    steps = (ROOT / "README.md").read_text().partition("## Your own conference")[2].partition("\n## ")[0]
    with (ROOT / "planner/translations/de/LC_MESSAGES/messages.po").open("rb") as file:
        known = {word for message in read_po(file) if isinstance(message.string, str) for word in [message.string]}
    named = {word for names in re.findall(r"\*([A-ZÄÖÜ][^*]+)\*", steps) for word in names.split(", ")}

    assert named >= {"Menschen", "Einteilen", "Wahlzettel"}
    assert named - known == set()


def test_no_line_of_the_changes_is_longer_than_its_neighbours() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text().splitlines()

    assert [line for line in lines if len(line) > LONGEST] == []
