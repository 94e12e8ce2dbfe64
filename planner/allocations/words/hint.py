"""One line of what is missing, with where it is mended."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hint:
    """`remedy` is what to do, at `endpoint`, `only` for whom it is, `values` for which thing.

    `blocks`: no run can succeed like this.
    """

    sentence: object
    remedy: object
    endpoint: str
    blocks: bool = False
    only: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)
