"""What the planner asks of a solver is solved in a child as everywhere, only sooner."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.planner import warm
from tests.planner.imports.stub import Stub, certificate, running


@pytest.fixture(scope="package", autouse=True)
def warm_children() -> Iterator[None]:
    with warm.children():
        yield


@pytest.fixture(scope="session")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that only a test takes for valid."""
    return certificate(tmp_path_factory.mktemp("certificate"), "localhost")


@pytest.fixture
def stub(pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """Another program's server, whose certificate this process trusts meanwhile."""
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with running(pem) as server:
        yield server
