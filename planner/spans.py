"""Row numbers written short, as "1-190,195": whom a reading was about, without a long list in every trace."""

from collections.abc import Collection


def written(ids: Collection[int]) -> str:
    """The numbers in order, neighbours joined."""
    parts: list[list[int]] = []
    for id in sorted(set(ids)):
        if parts and parts[-1][1] == id - 1:
            parts[-1][1] = id
        else:
            parts.append([id, id])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in parts)


def holds(text: str, id: int) -> bool:
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        if int(first) <= id <= int(last or first):
            return True
    return False
