"""How often an address may come: reading is counted by each process for itself, so that it writes
nothing; what is filed, sent or guessed is counted in the store, for all processes together."""

from datetime import UTC, datetime, timedelta

from flask import current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage
from werkzeug.wrappers import Response

from webui.here import gongkai


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


reading = Limiter(get_remote_address, storage_uri="memory://")
writing = Limiter(get_remote_address, storage_uri="gongkai://")


def not_limited() -> bool:
    """True where rate limits are switched off (tests)."""
    return not current_app.config.get("RATELIMIT_ENABLED", True)


def was_not_found(response: Response) -> bool:
    """The answer to a number or code that does not fit: only guesses are counted."""
    return response.status_code == 404


def was_wrong(response: Response) -> bool:
    """The answer to a password, or to a fact, that does not fit: who is right is not counted."""
    return response.status_code == 422


def was_refused(response: Response) -> bool:
    """The answer to a token that opens nothing."""
    return response.status_code == 401
