"""What a campaign found, as people and as programs read it."""

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """The lines of a table in Markdown; a row of dashes where nothing is in it."""
    lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    none = "| " + " | ".join("-" for _ in head) + " |"
    return ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head), *(lines or [none])]


def machine() -> str:
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


@dataclass
class Report:
    """Rows of one table, the figures over all of them, and what is broken of the promise (nothing, if it held).

    A control arm runs with the protection switched off, so there something has to be broken.
    """

    name: str
    promise: str
    figures: dict[str, Any] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    control_arm: bool = False

    @property
    def as_expected(self) -> bool:
        return bool(self.broken) == self.control_arm

    def markdown(self) -> str:
        verdict = f"{len(self.broken)} times broken" if self.broken else "held"
        lines = [f"# {self.name}", "", self.promise, "", f"- {machine()}"]
        lines += [f"- {name}: {value}" for name, value in self.figures.items()]
        lines += [f"- control arm: {self.control_arm}", f"- the promise: {verdict}"]
        lines += [f"- broken: {each}" for each in self.broken]
        head = list(dict.fromkeys(name for row in self.rows for name in row))
        return "\n".join([*lines, "", *table(head, ([row.get(name, "") for name in head] for row in self.rows))]) + "\n"

    def keep(self, into: Path) -> None:
        into.mkdir(parents=True, exist_ok=True)
        data = {
            "name": self.name,
            "promise": self.promise,
            "machine": machine(),
            "control_arm": self.control_arm,
            "figures": self.figures,
            "broken": self.broken,
            "rows": self.rows,
        }
        file = f"{self.name}-unguarded" if self.control_arm else self.name
        (into / f"{file}.json").write_text(json.dumps(data, indent=1, ensure_ascii=False, default=str) + "\n")
        (into / f"{file}.md").write_text(self.markdown())
