"""The layers hold: imports are read and compared with the table of who may import whom."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import solver

ROOT = Path(__file__).resolve().parent.parent
FILES = [
    p for folder in ("planner", "solver") for p in sorted((ROOT / folder).rglob("*.py")) if "versions" not in p.parts
]
ROLES = ("public", "participant", "organiser", "facilitator")
NOUNS = (
    "rows",
    "roster",
    "places",
    "place_news",
    "admission",
    "locks",
    "working_language",
    "chairs",
    "submissions",
    "word_index",
    "alike",
    "doubles",
    "moderation",
    "programme",
    "rules",
    "session_rules",
    "clashes",
    "participants",
    "joining",
    "days",
    "personal",
    "preferences",
    "merging",
    "ballots",
    "erasure",
    "retention",
    "conferences",
    "frame",
    "beginnings",
    "team",
    "allocations",
    "findings",
    "imports",
    "exports",
    "mail_texts",
    "notifications",
    "answers",
    "news",
    "announcing",
    "reminders",
    "inviting",
    "post",
    "trials",
    "outbox",
    "checklist",
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


LEFT = {
    "problem": (),
    "judge": ("problem",),
    "model": ("problem", "judge"),
    "flow": ("problem", "judge"),
    "bounds": ("problem", "judge", "model", "flow"),
    "search": ("problem", "judge", "model", "flow", "bounds"),
    "questions": ("problem", "judge", "model", "flow", "bounds", "search"),
    "child": ("problem", "judge", "model", "flow", "bounds", "search", "questions"),
    "formats": ("problem",),
    "cli": ("problem", "judge", "model", "flow", "bounds", "search", "questions", "child", "formats"),
    "bench": ("problem", "formats", ""),
}
"""What each package of solver/ may import, itself aside; "" is the face."""


def package(name: str) -> str:
    """Of a module of the solver; "" for its face."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", [p for p in FILES if p.parts[-2:] != ("solver", "__init__.py")], ids=module)
def test_the_solvers_packages_import_to_the_left_only(path: Path) -> None:
    own = module(path)
    if not own.startswith("solver."):
        return
    used = {name for name in imports(path) if name.split(".")[0] == "solver"}
    left = (*LEFT[package(own)], package(own))
    face = {f"solver.{name}" for name in solver.__all__} if "" in left else set()
    wrong = {name for name in used - face - {"solver"} if package(name) not in LEFT}
    wrong |= {name for name in used if package(name) in LEFT and package(name) not in left}
    if package(own) == "judge":
        wrong |= {name for name in used if name.startswith("solver.problem.eligibility")}

    assert wrong == set()


def forbidden(name: str) -> tuple[str, ...]:
    """What a module may not import, by where it stands."""
    if name.startswith(("solver.problem", "solver.judge")):
        return ("flask", "sqlalchemy", "wtforms", "planner", "ortools")
    if name.startswith("solver"):
        return ("flask", "sqlalchemy", "wtforms", "planner")
    part = name.split(".")[1] if "." in name else ""
    if part in ROLES:
        others = tuple(f"planner.{role}" for role in ROLES if role != part)
        return (*others, "solver")
    if part in NOUNS:
        outside = () if part == "allocations" else ("solver",)
        return ("flask.request", "flask.session", "wtforms", "planner.jobs", *outside, *roles())
    if part == "models":
        return ("flask.", "planner.auth", *(f"planner.{noun}" for noun in NOUNS if noun != "allocations"), *roles())
    if part in {"jobs", "cli", "commands"}:
        return roles()
    return ()


@pytest.mark.parametrize("path", [p for p in FILES if "planner" in p.parts], ids=module)
def test_the_application_knows_the_solvers_face_only(path: Path) -> None:
    deeper = {name for name in modules(path) if name.startswith("solver.")}

    assert deeper == set()


def test_one_door_leads_to_the_solver() -> None:
    """And the command line, which solves files without any conference."""
    users = {module(path) for path in FILES if any(name.split(".")[0] == "solver" for name in modules(path))}
    doors = {".".join(name.split(".")[:2]) for name in users if name.split(".")[0] == "planner"}

    assert doors == {"planner.allocations", "planner.cli"}


def modules(path: Path) -> Iterator[str]:
    """What a file imports from, without the names."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


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


@pytest.mark.parametrize("path", [p for p in FILES if "confirmation" in p.parts], ids=module)
def test_the_second_program_shares_nothing_with_the_first(path: Path) -> None:
    used = {name for name in modules(path) if name.split(".")[0] in {"solver", "ortools"}}
    own = ("solver.bounds.confirmation", "solver.judge.verify", "ortools.linear_solver")

    assert {name for name in used if name != "solver.problem" and not name.startswith(own)} == set()


def test_no_line_of_a_template_is_long() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > 160
    ]

    assert long == []


LONGEST = {"planner": 400, "solver": 300}


@pytest.mark.parametrize("path", FILES, ids=module)
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST[path.relative_to(ROOT).parts[0]]


@pytest.mark.parametrize("path", [p for p in FILES if "solver" in p.relative_to(ROOT).parts], ids=module)
def test_no_class_of_the_solver_carries_too_much(path: Path) -> None:
    """Short methods over many shared attributes are a long function in disguise."""
    classes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef)]

    assert [each.name for each in classes if (each.end_lineno or 0) - each.lineno + 1 > 120] == []
