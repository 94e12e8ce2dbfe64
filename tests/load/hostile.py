"""LOAD-3: slow connections, slow readers, bodies and heads too large; a polite user beside them must not notice."""

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Awaitable, Callable

from tests.campaigns.report import Report
from tests.load.loop import to_its_end
from tests.load.place import Place, made
from tests.load.served import Served, served
from tests.load.visits import Ledger, arrive, signed_in

CONNECTIONS = 400
POLITE = 6.0  # requests a second of those who do nothing wrong
P95 = 1500.0
GROWTH = 200
PEOPLE, SESSIONS = 400, 60
PROMISE = (
    "400 slow connections, 10 MB fields, 1,001 parts, heads of 64 kB: only 2xx, 3xx, 4xx, 429 and 503 with Retry-After;"
    " a polite user keeps p95 <= 1.5 s; memory grows by 200 MB at most"
)


def run(
    name: str,
    rate: float,
    seconds: float,
    *,
    database: str,
    server: str,
    unguarded: bool,
    say: Callable[[str], None],
    people: int | None = None,
) -> Report:
    """`unguarded` leaves the proxy out: slow people then hold gunicorn's threads. `rate` is how many connections."""
    at_once = round(rate) if rate else CONNECTIONS
    with (
        made(database, max(people or PEOPLE, round(POLITE * seconds)), SESSIONS) as place,
        served("gunicorn" if unguarded else server, place) as here,
    ):
        say(f"{at_once} hostile connections for {seconds} s against {'gunicorn alone' if unguarded else server}")
        ledger, answers, growth = to_its_end(_beside(place, here, at_once, seconds))
        missing = ledger.missing(place.stored())
    report = Report(f"load-{name}-{database}-{server}", PROMISE, control_arm=unguarded)
    report.figures |= {"server": server, "database": database, "hostile connections": at_once, "seconds": seconds}
    report.figures |= {**ledger.figures(), "missing": len(missing), "memory grew by MB": growth}
    report.rows = [{"hostile": kind, "answer": what, "count": count} for (kind, what), count in sorted(answers.items())]
    report.broken = [*_broken(ledger, answers, missing, growth)]
    return report


def _broken(ledger: Ledger, answers: Counter[tuple[str, str]], missing: list[str], growth: int) -> list[str]:
    figures = ledger.figures()
    found = sorted(set(ledger.errors)) + ([f"acknowledged, but not stored: {len(missing)}"] if missing else [])
    if not ledger.acknowledged:
        found.append("nothing of the polite user was acknowledged")
    if float(str(figures["p95 ms"])) > P95:
        found.append(f"the polite user's p95 is {figures['p95 ms']} ms, promised {P95}")
    if growth > GROWTH:
        found.append(f"memory grew by {growth} MB, promised {GROWTH}")
    return found + [f"{kind}: answered {what}" for kind, what in answers if _is_wrong(kind, what)]


def _is_wrong(kind: str, what: str) -> bool:
    """A failure of ours, or something too large that was let in. Whoever is cut off got no answer: that is one."""
    if what in {"closed", "nothing yet"}:
        return False
    failed = what.startswith("5") and what != "503, says when"
    return failed or (kind in LARGE and not what.startswith(("4", "503")))


async def _beside(
    place: Place, here: Served, at_once: int, seconds: float
) -> tuple[Ledger, Counter[tuple[str, str]], int]:
    people = await signed_in(place, here.port, round(POLITE * seconds))
    answers: Counter[tuple[str, str]] = Counter()
    before, ends = here.memory, time.monotonic() + seconds + 2
    kinds = [*SLOW]
    attacks = [
        asyncio.create_task(_again(kinds[at % len(kinds)], SLOW[kinds[at % len(kinds)]], place, here, answers, ends))
        for at in range(at_once)
    ]
    attacks += [asyncio.create_task(_again(kind, attack, place, here, answers, ends)) for kind, attack in LARGE.items()]
    await asyncio.sleep(2)
    ledger = await arrive(place, here.port, POLITE, seconds, people)
    growth = here.memory - before
    for attack in attacks:
        attack.cancel()
    await asyncio.gather(*attacks, return_exceptions=True)
    return ledger, answers, growth


Attack = Callable[[Place, Served, float], Awaitable[str]]


async def _again(
    kind: str, attack: Attack, place: Place, here: Served, answers: Counter[tuple[str, str]], ends: float
) -> None:
    while time.monotonic() < ends:
        try:
            answers[kind, await attack(place, here, ends)] += 1
        except (OSError, EOFError):
            answers[kind, "closed"] += 1
        await asyncio.sleep(1)


async def _slow_head(place: Place, here: Served, ends: float) -> str:
    head = f"GET /c/{place.slug}/ HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\nX-Slow: ".encode()
    return await _dripping(here, head, ends)


async def _slow_body(place: Place, here: Served, ends: float) -> str:
    return await _dripping(here, _head(place, here, 100_000) + b"code=", ends)


async def _slow_reader(place: Place, here: Served, ends: float) -> str:
    """Asks for a page, and takes a byte of it a second."""
    head = f"GET /c/{place.slug}/programme HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\n\r\n".encode()
    with socket.socket() as taking:
        taking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        taking.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_connect(taking, ("127.0.0.1", here.port))
        await loop.sock_sendall(taking, head)
        while time.monotonic() < ends:
            if not await asyncio.wait_for(loop.sock_recv(taking, 1), 30):
                raise EOFError
            await asyncio.sleep(1)
    return "nothing yet"


async def _dripping(here: Served, head: bytes, ends: float) -> str:
    """A byte a second, until somebody has enough of it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", here.port)
    try:
        writer.write(head)
        while time.monotonic() < ends:
            writer.write(b"x")
            await writer.drain()
            try:
                return _status(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 1))
            except TimeoutError:
                continue
        return "nothing yet"
    finally:
        writer.close()


async def _large_field(place: Place, here: Served, _ends: float) -> str:
    body = b"code=" + b"x" * 10 * 2**20
    return await _whole(here, _head(place, here, len(body)), body)


async def _many_parts(place: Place, here: Served, _ends: float) -> str:
    part = b'--x\r\nContent-Disposition: form-data; name="code"\r\n\r\nA\r\n'
    body = part * 1001 + b"--x--\r\n"
    return await _whole(here, _head(place, here, len(body), "multipart/form-data; boundary=x"), body)


async def _large_head(place: Place, here: Served, _ends: float) -> str:
    head = f"GET /c/{place.slug}/ HTTP/1.1\r\nHost: 127.0.0.1:{here.port}\r\nX-Large: ".encode()
    return await _whole(here, head + b"x" * 2**16 + b"\r\n\r\n", b"")


def _head(place: Place, here: Served, length: int, kind: str = "application/x-www-form-urlencoded") -> bytes:
    lines = [f"POST /c/{place.slug}/enter HTTP/1.1", f"Host: 127.0.0.1:{here.port}"]
    lines += [f"Content-Type: {kind}", f"Content-Length: {length}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


async def _whole(here: Served, head: bytes, body: bytes) -> str:
    """Sent as fast as it is taken; who refuses early may close while this still sends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", here.port, limit=2**20)
    try:
        writer.write(head + body)
        return _status(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30))
    finally:
        writer.close()


def _status(head: bytes) -> str:
    status = head.split()[1].decode()
    return f"{status}, says when" if b"retry-after:" in head.lower() and status in {"429", "503"} else status


SLOW: dict[str, Attack] = {"slow head": _slow_head, "slow body": _slow_body, "slow reader": _slow_reader}
LARGE: dict[str, Attack] = {"10 MB field": _large_field, "1,001 parts": _many_parts, "64 kB head": _large_head}
