"""What a thousand applications of one test run need not do a thousand times; nothing of it changes an answer."""

from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.datastructures import ImmutableDict
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
    """From now on templates, statements and what builds addresses are compiled once in this process."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}
    compiled, known = Rule._compile_builder, dict[Any, Any]()

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = rule.rule, rule.endpoint, repr(rule.defaults), rule.subdomain, rule.host, rule.websocket, append_unknown
        if key not in known:
            known[key] = compiled(rule, append_unknown)
        return known[key]

    Rule._compile_builder = builder  # type: ignore[method-assign, assignment]
    _share_statements()


def _share_statements() -> None:
    """All our databases of one kind are of one version and spoken to alike, so what fits one fits each of them."""
    known: LRUCache[Any, Any] = LRUCache(5000)
    DefaultDialect.__hash__ = lambda own: hash(type(own))  # type: ignore[method-assign, assignment]
    DefaultDialect.__eq__ = lambda own, other: type(own) is type(other)  # type: ignore[method-assign, assignment]

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.engine._compiled_cache = known


def hash_lightly() -> None:
    """Passwords are hashed as everywhere, but in one round of 64 kB: 160 ms a try are meant for thieves."""
    light = {"argon2__rounds": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
    own = {**Flask.default_config, "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": light}
    Flask.default_config = ImmutableDict(own)


def trust_in_the_power() -> None:
    """SQLite does not wait for the disk: what survives a power cut is a campaign's question (tests/faults/power.py)."""
    event.listen(
        Engine, "connect", lambda raw, _: hasattr(raw, "set_authorizer") and raw.execute("PRAGMA synchronous=OFF")
    )
