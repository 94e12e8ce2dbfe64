"""What a thousand applications of one test run need not do a thousand times; nothing of it changes an answer."""

from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, event
from werkzeug.routing import Rule


class Compiled(BytecodeCache):
    """Templates as code: every application of ours has the same filters and extensions."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._known.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.code


def compile_once() -> None:
    """From now on templates and the functions that build addresses are compiled once in this process."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
    compiled, known = Rule._compile_builder, dict[Any, Any]()

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = rule.rule, rule.endpoint, repr(rule.defaults), rule.subdomain, rule.host, rule.websocket, append_unknown
        if key not in known:
            known[key] = compiled(rule, append_unknown)
        return known[key]

    Rule._compile_builder = builder  # type: ignore[method-assign, assignment]


def trust_in_the_power() -> None:
    """SQLite does not wait for the disk: what survives a power cut is a campaign's question (tests/faults/power.py)."""
    event.listen(
        Engine, "connect", lambda raw, _: hasattr(raw, "set_authorizer") and raw.execute("PRAGMA synchronous=OFF")
    )
