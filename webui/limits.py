"""How often an address may come: reading is counted by each process for itself, so that it writes
nothing; what is filed, sent or guessed is counted in the store, for all processes together."""

import ipaddress
from datetime import UTC, datetime, timedelta

from flask import current_app, g, request
from flask_limiter import Limiter
from limits.storage import Storage
from werkzeug.wrappers import Response

from webui.here import gongkai
from workflow.case.number import number_given


class InTheStore(Storage):
    """What `limits` counts, kept in the store of the office that the application serves."""

    STORAGE_SCHEME = ["gongkai"]  # noqa: RUF012 - the library wants it so

    @property
    def base_exceptions(self) -> type[Exception]:
        return OSError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        return gongkai().limits.count(key, timedelta(seconds=expiry), now(), amount)

    def get(self, key: str) -> int:
        return gongkai().limits.counted(key, now())[0]

    def get_expiry(self, key: str) -> float:
        return gongkai().limits.counted(key, now())[1].timestamp()

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        return gongkai().limits.forget()

    def clear(self, key: str) -> None:
        gongkai().limits.forget(key)


def now() -> datetime:
    """The moment by which windows begin and end."""
    return datetime.now(UTC)


OF_ONE = 64
"""Bits of an address of IPv6 that tell who has it: the rest its owner chooses."""


def address() -> str:
    """From where this request comes, as it is counted: the address, of IPv6 its network of one customer."""
    said = request.remote_addr or ""
    try:
        found = ipaddress.ip_address(said)
    except ValueError:
        return said
    if isinstance(found, ipaddress.IPv4Address):
        return said
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found) >> (128 - OF_ONE) << (128 - OF_ONE), OF_ONE)))


reading = Limiter(address, storage_uri="memory://")
writing = Limiter(address, storage_uri="gongkai://")


def not_limited() -> bool:
    """True where rate limits are switched off (tests)."""
    return not current_app.config.get("RATELIMIT_ENABLED", True)


def was_not_found(response: Response) -> bool:
    """The answer to a number or code that does not fit: only guesses are counted."""
    return response.status_code == 404


def was_wrong(response: Response) -> bool:
    """The answer to a password, or to a fact, that does not fit: who is right is not counted. One that leads to a page
    with what is wrong says so beside it."""
    return response.status_code == 422 or bool(g.get("was_wrong"))


def was_refused(response: Response) -> bool:
    """The answer to a token that opens nothing."""
    return response.status_code == 401


def seconds_to_wait(number: str) -> int:
    """How long this address has to wait before it is heard about a number again; 0 for one that has not failed."""
    if not_limited():
        return 0
    return gongkai().limits.seconds_to_wait(address(), number_given(number), now())


def guessed_wrong(number: str) -> None:
    """Count an answer that did not fit."""
    if not not_limited():
        gongkai().limits.guessed_wrong(address(), number_given(number), now())
