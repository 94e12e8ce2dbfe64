"""The servers under load: `planner run`, and gunicorn with and without its proxy, as the README sets them up."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from planner.config import ROOT
from tests.faults.processes import children, within
from tests.load.place import Place
from tests.postgresql import free_port

SERVERS = ("run", "proxy", "gunicorn")
APP = "planner:create_app()"
LYING = "tests.load.lying:create_app()"
DEPLOY = ROOT / "planner" / "deploy"


@dataclass
class Served:
    """A server and all its processes; `port` is where people come in."""

    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def memory(self) -> int:
        """MB that all its processes hold at this moment."""
        return sum(_memory(pid) for process in self.processes for pid in _tree(process.pid))


@contextmanager
def served(server: str, place: Place, app: str = APP, worker: bool = False) -> Iterator[Served]:
    """One of SERVERS, until the block ends; with a worker beside it where the server brings none."""
    with ExitStack() as stack:
        port = free_port()
        here = Served(port)
        address = f"http://127.0.0.1:{port}"
        if server == "run":
            module = "tests.load.lying" if app == LYING else "planner"
            command = [sys.executable, "-m", module, "run", "--port", str(port)]
            here.processes.append(stack.enter_context(_started(command, place.environment(address))))
        else:
            inner = free_port() if server == "proxy" else port
            environment = place.environment(address, PLANNER_PROXIES="1" if server == "proxy" else "0")
            command = [sys.executable, "-m", "gunicorn", "-c", str(DEPLOY / "gunicorn.py"), "-b", f"127.0.0.1:{inner}"]
            here.processes.append(stack.enter_context(_started([*command, app], environment)))
            if server == "proxy":
                proxy = ["nginx", "-p", str(place.folder), "-c", str(_proxy(place.folder, port, inner))]
                here.processes.append(stack.enter_context(_started(proxy, environment)))
            if worker:
                command = [sys.executable, "-m", "planner", "worker"]
                here.processes.append(stack.enter_context(_started(command, environment)))
        _wait(port)
        yield here


def _proxy(folder: Path, port: int, inner: int) -> Path:
    """The deployment's file as it stands, but for names, ports and certificates of this machine."""
    lines = (DEPLOY / "nginx.conf").read_text().splitlines()
    kept = [line for line in lines if not line.strip().startswith("ssl_")]
    text = (
        "\n".join(kept)
        .replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        .replace("127.0.0.1:8001", f"127.0.0.1:{inner}")
    )
    text = text.replace("conference.example.org", "127.0.0.1")
    (folder / "site.conf").write_text(text)
    temporary = [f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")]
    whole = [
        *(["user root;"] if os.geteuid() == 0 else []),
        "daemon off;",
        "worker_processes 1;",
        f"pid {folder}/nginx.pid;",
        f"error_log {folder}/nginx.log;",
        "events { worker_connections 4096; }",
        "http {",
        "access_log off;",
        *temporary,
        f"include {folder}/site.conf;",
        "}",
    ]
    path = folder / "nginx.conf"
    path.write_text("\n".join(whole) + "\n")
    return path


@contextmanager
def _started(command: Sequence[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    name = f"{Path(command[0]).name}-{Path(command[2]).name}.log"
    said = (Path(environment["PLANNER_INSTANCE"]) / name).open("wb")
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=said, stderr=said)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        said.close()


def _wait(port: int, seconds: float = 60) -> None:
    if not within(seconds, lambda: _answers(port)):
        raise TimeoutError(f"nothing answers at port {port} after {seconds} s")


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _tree(pid: int) -> list[int]:
    return [pid, *(each for child in children(pid) for each in _tree(child))]


def _memory(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20
