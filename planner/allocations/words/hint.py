"""One line of what is missing, with where it is mended."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Hint:
    """`remedy` is what to do, at `endpoint`, `only` for whom it is; `blocks`: no run can succeed like this."""

    sentence: object
    remedy: object
    endpoint: str
    blocks: bool = False
    only: str | None = None
