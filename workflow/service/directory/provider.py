"""What is said to the provider of identities and what of its answers is believed (OpenID Connect Core, code flow, PKCE).

Nothing of it is kept: its addresses and keys are asked for with every login, so that a key it changed is known at once.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

# Authlib and requests are loaded with the first login that needs them.
if TYPE_CHECKING:
    from authlib.integrations.requests_client import OAuth2Session

SIGNED_BY = (
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
)  # fmt: skip
"""Ways to sign with a key that the provider alone has; whatever it offers, no other is believed."""
KEY_TYPES = ("RSA", "EC", "OKP")
CONNECT_SECONDS, ANSWER_SECONDS = 3, 6
LEEWAY_SECONDS = 60
BASIC = "client_secret_basic"
"""How a program names itself to the provider, unless it takes no such thing."""
SEVERAL_FACTORS = {
    "mfa", "phr", "phrh", "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
}  # fmt: skip
"""What `amr` or `acr` say of a login with more than a password (RFC 8176, OpenID EAP, PAPE)."""


class Away(Exception):
    """The provider does not answer, or not as one."""


class NotBelieved(Exception):
    """What it answered proves nothing. The message is for the log: no word of anybody."""


@dataclass(frozen=True, slots=True)
class Said:
    """What the provider says of somebody. subject: for ever theirs; account: the claim by which ours is found; strong: with
    more than a password."""

    subject: str
    account: str
    strong: bool


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider as it is set. claim: that holds the name of the account; ca: file of the certificates that sign its
    own, empty: those of the system."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    ca: str = ""

    def address_to_ask(self, state: str, nonce: str, verifier: str, back: str) -> str:
        """Where the browser goes to log in. back: the address to which it returns. Raises Away."""
        with self._session(back) as session:
            known = self._described(session)
            url, _ = session.create_authorization_url(
                _address(known, "authorization_endpoint"),
                state=state, nonce=nonce, code_verifier=verifier,
            )  # fmt: skip
            return str(url)

    def address_to_leave(self, back: str) -> str | None:
        """Where the browser goes to log out there as well; None if the provider has no such place. Raises Away."""
        from authlib.common.urls import add_params_to_uri

        with self._session(back) as session:
            known = self._described(session)
        if not known.get("end_session_endpoint"):
            return None
        said = {"client_id": self.client_id, "post_logout_redirect_uri": back}
        return str(add_params_to_uri(_address(known, "end_session_endpoint"), said))

    def said_with(self, code: str, nonce: str, verifier: str, back: str, now: datetime) -> Said:
        """What the provider says of who came back with the code. Raises Away, NotBelieved."""
        from authlib.integrations.base_client.errors import OAuthError
        from requests import RequestException

        with self._session(back) as session:
            known = self._described(session)
            offers = known.get("token_endpoint_auth_methods_supported")
            if self.client_secret and isinstance(offers, list) and BASIC not in offers:
                session.token_endpoint_auth_method = "client_secret_post"
            try:
                token = session.fetch_token(
                    _address(known, "token_endpoint"), code=code, code_verifier=verifier,
                    grant_type="authorization_code", allow_redirects=False,
                )  # fmt: skip
            except OAuthError as error:
                raise NotBelieved(f"token: {error.error}") from error
            except (RequestException, ValueError) as error:
                raise Away from error
            keys = self._read(session, _address(known, "jwks_uri"))
            claims = self._believed(token, keys, nonce, now)
            account = claims.get(self.claim)
            if account is None and known.get("userinfo_endpoint"):
                more = self._read(session, _address(known, "userinfo_endpoint"), signed=True)
                if more.get("sub") != claims["sub"]:
                    raise NotBelieved("userinfo: of somebody else")
                account = more.get(self.claim)
        if not isinstance(account, str) or not 0 < len(account) <= 255:
            raise NotBelieved(f"no claim {self.claim}")
        return Said(str(claims["sub"])[:255], account, _strong(claims))

    # -- what all of them share -----------------------------------------------------------------------

    def _session(self, back: str) -> "OAuth2Session":
        from authlib.integrations.requests_client import OAuth2Session

        session = OAuth2Session(
            self.client_id, self.client_secret or None, scope="openid profile", redirect_uri=back,
            code_challenge_method="S256", default_timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
        )  # fmt: skip
        # Neither a proxy nor a password of the surroundings has a say.
        session.trust_env = False
        paths = ssl.get_default_verify_paths()
        session.verify = self.ca or paths.cafile or paths.capath or True
        return session

    def _described(self, session: "OAuth2Session") -> dict[str, Any]:
        """Its own description (OpenID Connect Discovery). Raises Away."""
        place = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = self._read(session, place)
        if found.get("issuer") != self.issuer:
            raise Away("it is another issuer")
        return found

    def _read(
        self, session: "OAuth2Session", place: str, *, signed: bool = False
    ) -> dict[str, Any]:
        from requests import RequestException

        try:
            answer = session.get(place, withhold_token=not signed, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (RequestException, ValueError) as error:
            raise Away from error
        if not isinstance(found, dict):
            raise Away("no object")
        return found

    def _believed(
        self, token: Mapping[str, Any], keys: Mapping[str, Any], nonce: str, now: datetime
    ) -> Mapping[str, Any]:
        """The claims of the ID token, once it is this provider's word, to us, about this login, and now."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        usable = [
            one
            for one in keys.get("keys") or ()
            if isinstance(one, dict) and one.get("kty") in KEY_TYPES and one.get("use") != "enc"
        ]
        try:
            read = jwt.decode(
                str(token.get("id_token")),
                KeySet.import_key_set({"keys": usable}),
                algorithms=SIGNED_BY,
            )
            claims = CodeIDToken(
                read.claims, read.header,
                {"iss": {"essential": True, "value": self.issuer},
                 "aud": {"essential": True, "value": self.client_id},
                 "nonce": {"essential": True, "value": nonce}},
                {"nonce": nonce, "client_id": self.client_id, "access_token": token.get("access_token")},
            )  # fmt: skip
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotBelieved(f"id token: {type(error).__name__}") from error
        return dict(claims)


def _address(known: Mapping[str, Any], name: str) -> str:
    """An address of the provider. Raises Away where it has none."""
    place = known.get(name)
    if not isinstance(place, str) or not place.startswith(("https://", "http://")):
        raise Away(f"no {name}")
    return place


def _strong(claims: Mapping[str, Any]) -> bool:
    said = claims.get("amr")
    ways = set(map(str, said)) if isinstance(said, list) else set()
    return bool(SEVERAL_FACTORS & (ways | {str(claims.get("acr"))}))
