"""Passkeys (通行密钥), whoever holds them: what a browser is told to make or to answer, and whether what it answers proves
that the device was there, unlocked, at this site."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.store.account_models import PasskeyColumns

MOST = 10
"""Of one account."""
LONGEST_ANSWER = 20_000
"""Characters of what a browser answers about a passkey; real ones have less than two thousand."""
LONGEST_CREDENTIAL = 1400
LONGEST_LABEL = 40
CHALLENGE_SECONDS = 600


class NotProved(Exception):
    """What a browser answered proves nothing."""


@dataclass(frozen=True, slots=True)
class Site:
    """To what a passkey belongs: the host (without a port) and the whole origin of this site, as the browser has it."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Made:
    """A passkey that a device made. credential: its id, base64url; public_key: as COSE has it; uses: the counter of the
    device, 0 where it counts nothing."""

    credential: str
    public_key: bytes
    uses: int


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its holder sees it."""

    id: int
    label: str
    added_at: datetime
    used_at: datetime | None


def held(rows: Iterable[PasskeyColumns]) -> tuple[Passkey, ...]:
    """Those of a person, as they see them."""
    return tuple(Passkey(one.id, one.label, one.added_at, one.used_at) for one in rows)


def to_make(
    site: Site,
    handle: bytes,
    name: str,
    challenge: bytes,
    known: Iterable[str],
    *,
    resident: bool,
) -> str:
    """What a browser is told to make a passkey, as JSON. handle: by which it knows whose it is; name: as the device shows
    it; known: ids of those that are there; resident: it is to be found without being named."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers import structs

    wanted = structs.ResidentKeyRequirement
    return options_to_json(
        generate_registration_options(
            rp_id=site.host, rp_name="依申请公开", user_id=handle,
            user_name=name, user_display_name=name, challenge=challenge,
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                resident_key=wanted.REQUIRED if resident else wanted.DISCOURAGED,
                user_verification=structs.UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                structs.PublicKeyCredentialDescriptor(id=_bytes(one)) for one in known
            ],
        )
    )  # fmt: skip


def to_answer(site: Site, challenge: bytes, known: Iterable[str] = ()) -> str:
    """What a browser is told to answer with a passkey, as JSON. known: ids of those that will do; none: any of the site."""
    wanted = {
        "challenge": urlsafe_b64encode(challenge).decode().rstrip("="),
        "rpId": site.host,
        "userVerification": "required",
        "timeout": 1000 * CHALLENGE_SECONDS,
    }
    named = [{"type": "public-key", "id": one} for one in known]
    return json.dumps(wanted | ({"allowCredentials": named} if named else {}))


def made(site: Site, challenge: bytes, answer: str) -> Made:
    """The passkey that a browser made for this challenge. Raises NotProved."""
    from webauthn import verify_registration_response
    from webauthn.helpers import bytes_to_base64url
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        done = verify_registration_response(
            credential=read(answer), expected_challenge=challenge, expected_rp_id=site.host,
            expected_origin=site.origin, require_user_verification=True,
        )  # fmt: skip
    except WebAuthnException as error:
        raise NotProved from error
    credential = bytes_to_base64url(done.credential_id)
    if len(credential) > LONGEST_CREDENTIAL:
        raise NotProved
    return Made(credential, done.credential_public_key, done.sign_count)


def named(answer: str) -> str:
    """Id of the passkey that a browser says it answers with. Raises NotProved."""
    return str(read(answer).get("id", ""))[:LONGEST_CREDENTIAL]


def uses_after(site: Site, challenge: bytes, answer: str, public_key: bytes, uses: int) -> int:
    """The counter of the device after it answered this challenge with the passkey. Raises NotProved."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        done = verify_authentication_response(
            credential=read(answer), expected_challenge=challenge, expected_rp_id=site.host,
            expected_origin=site.origin, credential_public_key=public_key,
            credential_current_sign_count=uses, require_user_verification=True,
        )  # fmt: skip
    except WebAuthnException as error:
        raise NotProved from error
    return done.new_sign_count


def label_of(typed: str) -> str:
    """The name of a passkey as its holder typed it."""
    return " ".join(typed.split())[:LONGEST_LABEL] or "通行密钥"


def read(answer: str) -> dict[str, Any]:
    """What a browser answered. Raises NotProved for what is no JSON object of a sensible size."""
    try:
        found = json.loads(answer) if len(answer) <= LONGEST_ANSWER else None
    except (ValueError, RecursionError) as error:
        raise NotProved from error
    if not isinstance(found, dict):
        raise NotProved
    return found


def _bytes(base64url: str) -> bytes:
    return urlsafe_b64decode(base64url + "=" * (-len(base64url) % 4))
