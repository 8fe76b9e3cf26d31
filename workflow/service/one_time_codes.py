"""Codes of an app that counts half minutes (TOTP, RFC 6238): six digits, SHA-1, as every app can; and recovery codes."""

import secrets
from base64 import b32encode
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.twofactor.hotp import HOTP

STEP_SECONDS = 30
STEPS_ASIDE = 1
"""A code is good so many steps before and after its own: clocks of phones are not all right."""
DIGITS = 6
RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 10


def new_secret() -> bytes:
    """Twenty bytes, as long as what SHA-1 gives (RFC 4226, 4)."""
    return secrets.token_bytes(20)


def counter_at(moment: datetime) -> int:
    """The number of the half minute, since 1970."""
    return int(moment.timestamp()) // STEP_SECONDS


def counter_of(secret: bytes, typed: str, now: datetime) -> int | None:
    """The half minute whose code was typed, of those that are good now; None if it is the code of none."""
    from cryptography.hazmat.primitives.twofactor import InvalidToken

    here, code = counter_at(now), _hotp(secret)
    for counter in range(here - STEPS_ASIDE, here + STEPS_ASIDE + 1):
        try:
            code.verify(typed.encode(), counter)
        except InvalidToken:
            continue
        return counter
    return None


def code_at(secret: bytes, moment: datetime) -> str:
    """What the app shows at that moment."""
    return _hotp(secret).generate(counter_at(moment)).decode()


def _hotp(secret: bytes) -> "HOTP":
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.hotp import HOTP

    return HOTP(secret, DIGITS, SHA1())


def in_groups(secret: bytes) -> str:
    """The secret for typing into an app, in groups of four."""
    text = b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address_of(secret: bytes, issuer: str, account: str) -> str:
    """What the QR code says to the app. The period stands in it although it is the usual one: an app may not know it."""
    said = {
        "secret": b32encode(secret).decode(), "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS,
        "period": STEP_SECONDS,
    }  # fmt: skip
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{urlencode(said, quote_via=quote)}"


def as_code(typed: str) -> str | None:
    """The six digits that were typed, with blanks or not; None if it is no such code."""
    digits = "".join(typed.split())
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else None


def new_recovery_code() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def shown_recovery_code(code: str) -> str:
    return f"{code[:5]}-{code[5:]}"


def as_recovery_code(typed: str) -> str | None:
    """A recovery code in its one form, however it was typed; None if it is none."""
    code = "".join(char for char in typed.lower() if not char.isspace() and char != "-")
    return code if len(code) == _LENGTH and set(code) <= set(_ALPHABET) else None
