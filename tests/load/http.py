"""A browser that costs little, so that it can be many: one connection, its cookies, a form's token."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
Form = Sequence[tuple[str, str]]
PATIENCE = 60.0


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float

    @property
    def token(self) -> str:
        found = TOKEN.search(self.text)
        return found.group(1) if found else ""


class Broken(OSError):
    """The connection ended, or nothing came for a minute."""


@dataclass
class Browser:
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> Answer:
        return await self._ask("GET", path, b"")

    async def post(self, path: str, form: Form) -> Answer:
        return await self._ask("POST", path, urlencode(form).encode())

    async def _ask(self, method: str, path: str, body: bytes) -> Answer:
        began = time.monotonic()
        head = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Language: de"]
        if self.cookies:
            head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if method == "POST":
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        sent = "\r\n".join(head).encode() + b"\r\n\r\n" + body
        try:
            status, headers, text = await asyncio.wait_for(self._round(sent), PATIENCE)
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            self.close()
            raise Broken(repr(error)) from error
        return Answer(status, headers, text, time.monotonic() - began)

    async def _round(self, sent: bytes) -> tuple[int, dict[str, str], str]:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**18)
        assert self._reader is not None
        self._writer.write(sent)
        await self._writer.drain()
        lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = self._headers(lines[1:])
        body = await self._body(headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(lines[0].split()[1]), headers, body.decode(errors="replace")

    def _headers(self, lines: Sequence[str]) -> dict[str, str]:
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookie, _, content = value.strip().partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return headers

    async def _body(self, headers: Mapping[str, str]) -> bytes:
        assert self._reader is not None
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return await self._reader.readexactly(int(headers.get("content-length", "0")))
        whole = b""
        while size := int((await self._reader.readuntil(b"\r\n")).split(b";")[0], 16):
            whole += (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readuntil(b"\r\n")
        return whole

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None
