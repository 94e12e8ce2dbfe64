"""What the planner asks of a solver is solved in a child as everywhere, only sooner."""

from collections.abc import Iterator

import pytest

from tests.planner import warm


@pytest.fixture(scope="package", autouse=True)
def warm_children() -> Iterator[None]:
    with warm.children():
        yield
