"""The layers hold: imports are read and compared with the table of who may import whom."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = [
    p for folder in ("planner", "solver") for p in sorted((ROOT / folder).rglob("*.py")) if "versions" not in p.parts
]
ROLES = ("public", "participant", "organiser", "facilitator")
NOUNS = (
    "submissions",
    "programme",
    "participants",
    "preferences",
    "conferences",
    "allocations",
    "findings",
    "exports",
    "notifications",
)


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)


def forbidden(name: str) -> tuple[str, ...]:
    """What a module may not import, by where it stands."""
    if name in {"solver.problem", "solver.verify", "solver.reading", "solver.checking"}:
        return ("flask", "sqlalchemy", "wtforms", "planner", "ortools", "solver.rules", "solver.goals")
    if name.startswith("solver"):
        return ("flask", "sqlalchemy", "wtforms", "planner")
    part = name.split(".")[1] if "." in name else ""
    if part in ROLES:
        others = tuple(f"planner.{role}" for role in ROLES if role != part)
        return (*others, *(() if name == "planner.organiser.allocations" else ("solver",)))
    if part in NOUNS:
        outside = () if part == "allocations" else ("solver",)
        return ("flask.request", "flask.session", "wtforms", "planner.jobs", *outside, *roles())
    if part == "models":
        return ("flask.", "planner.auth", *(f"planner.{noun}" for noun in NOUNS if noun != "allocations"), *roles())
    if part in {"jobs", "cli"}:
        return roles()
    return ()


def roles() -> tuple[str, ...]:
    return tuple(f"planner.{role}" for role in ROLES)


@pytest.mark.parametrize("path", FILES, ids=module)
def test_imports_run_downwards_only(path: Path) -> None:
    banned = forbidden(module(path))
    found = {
        used for used in imports(path) if any(used == ban or used.startswith(ban.rstrip(".") + ".") for ban in banned)
    }

    assert found == set()


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_file_opens_with_what_it_decides(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text()))


def test_only_auth_touches_the_cookie() -> None:
    users = {module(path) for path in FILES if "flask.session" in set(imports(path))}

    assert users == {"planner.auth"}


def test_no_template_is_unsafe() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert "|safe" not in text.replace(" ", ""), path
        assert "<script>" not in text, path
        assert " style=" not in text, path
