"""The table of a benchmark as text, Markdown and JSON, and pictures of growth as SVG."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from solver.bench.baselines import Baseline
from solver.bench.run import Row
from solver.problem.codec import plain

HEAD = ("work", "people", "n", "s", "first s", "to 1 % s", "goal", "value", "gap", "MB", "others' gaps", "route")


def cells(row: Row) -> tuple[str, ...]:
    open_ = {name: "no bound" if gap is None else f"{gap:.1%}" for name, gap in row.others.items() if gap != 0}
    others = ", ".join(f"{name} {gap}" for name, gap in open_.items())
    return (
        row.name,
        f"{row.people:,}",
        str(row.runs),
        f"{row.seconds:.1f}",
        _number(row.first),
        _number(row.close),
        row.goal,
        "-" if row.value is None else f"{row.value:,.6g}",
        "-" if row.gap is None else "proven" if row.gap == 0 else f"{row.gap:.2%}",
        f"{row.memory:.0f}",
        others or ("all proven" if row.others else "-"),
        row.note or row.route,
    )


def _number(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.2f}"


def markdown(machine: dict[str, Any], rows: Sequence[Row], against: Sequence[tuple[str, Row, Baseline]]) -> str:
    lines = [
        "{processor}, {cores} cores, Python {python}, OR-Tools {ortools}, NumPy {numpy}; medians of n runs.".format(
            **machine
        ),
        "",
        "| " + " | ".join(HEAD) + " |",
        "|" + " --- |" * len(HEAD),
        *("| " + " | ".join(cells(row)) + " |" for row in rows),
    ]
    if against:
        lines += ["", "| work | baseline | its wishes | its s | wishes, ours : its | seconds, its : ours |"]
        lines.append("|" + " --- |" * 6)
    for name, row, other in against:
        ratio = "-" if not other.wishes or row.value is None else f"{row.value / other.wishes:.4f}"
        wishes = "none in time" if other.wishes is None else f"{other.wishes:,.0f}"
        faster = f"{other.seconds / max(0.01, row.close or row.seconds):.1f}"
        lines.append(f"| {name} | {other.name} | {wishes} | {other.seconds:.1f} | {ratio} | {faster} |")
    return "\n".join(lines) + "\n"


def write(
    folder: Path, machine: dict[str, Any], rows: Sequence[Row], against: Sequence[tuple[str, Row, Baseline]]
) -> None:
    """bench.json, bench.md, seconds.svg and memory.svg."""
    folder.mkdir(parents=True, exist_ok=True)
    data = {
        "machine": machine,
        "rows": [plain(row) for row in rows],
        "against": [{"work": name, "ours": plain(row), "theirs": plain(other)} for name, row, other in against],
    }
    (folder / "bench.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "bench.md").write_text(markdown(machine, rows, against), encoding="utf-8")
    (folder / "seconds.svg").write_text(
        growth("seconds to 1 %", [(r.people, r.close or r.seconds) for r in rows]), encoding="utf-8"
    )
    (folder / "memory.svg").write_text(growth("megabytes", [(r.people, r.memory) for r in rows]), encoding="utf-8")


def growth(title: str, points: Sequence[tuple[float, float]], width: int = 480, height: int = 300) -> str:
    """Both axes logarithmic, a dashed line of n log n through the first point to compare with."""
    points = sorted((x, y) for x, y in points if x > 0 and y > 0)
    if not points:
        return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"></svg>\n'
    first = points[0]
    like = [(x, first[1] * x * math.log(x) / (first[0] * math.log(first[0]))) for x, _ in points]
    everything = [*points, *like]
    low_x, high_x = min(x for x, _ in everything), max(x for x, _ in everything)
    low_y, high_y = min(y for _, y in everything), max(y for _, y in everything)

    def at(x: float, y: float) -> str:
        across = (math.log(x) - math.log(low_x)) / (math.log(high_x) - math.log(low_x) or 1)
        up = (math.log(y) - math.log(low_y)) / (math.log(high_y) - math.log(low_y) or 1)
        return f"{50 + across * (width - 80):.1f},{height - 40 - up * (height - 80):.1f}"

    dots = "".join('<circle cx="{}" cy="{}" r="4" fill="#0b6e6e"/>'.format(*at(x, y).split(",")) for x, y in points)
    labels = "".join(
        '<text x="{}" y="{}" font-size="11" text-anchor="middle">{:,.0f}</text>'.format(
            at(x, y).split(",")[0], height - 20, x
        )
        for x, y in points
    )
    values = "".join(
        '<text x="{}" y="{}" font-size="11">{}</text>'.format(*at(x, y).split(","), f"{y:.3g}") for x, y in points
    )
    line = " ".join(at(x, y) for x, y in points)
    other = " ".join(at(x, y) for x, y in like)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">'
        f'<title>{title} by people</title><text x="50" y="20" font-size="13">{title} by people</text>'
        f'<polyline points="{other}" fill="none" stroke="#999" stroke-dasharray="4 4"/>'
        f'<polyline points="{line}" fill="none" stroke="#0b6e6e" stroke-width="2"/>{dots}{labels}{values}</svg>\n'
    )
