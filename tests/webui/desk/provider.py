"""A provider of identities on this machine (OpenID Connect), with Authlib's own server: code flow, PKCE demanded, codes good
once. What it can be told to do wrong, its fields say."""

import hmac
import json
import logging
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from authlib.oidc.core.grants.util import create_half_hash
from flask import Flask, Response, abort, jsonify, request
from joserfc import jwt
from joserfc.jwk import ECKey, Key
from werkzeug.serving import make_server

CLIENT, SECRET = "gongkai", "secret of the client"
BACK = "http://localhost/desk/login/directory/back"


def new_key(kid: str) -> ECKey:
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})


@dataclass
class Provider:
    """The provider as a test sees it. person: who is logged in there; claims: what stands in the token beside the usual, or in
    its place (None: it is missing); back: the address to which it may lead; broken: answers by path, in place of its own; methods: how the client names itself."""

    address: str = ""
    back: str = BACK
    now: Callable[[], datetime] = datetime.now
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "u-1", "preferred_username": "fang"}
    )
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    broken: dict[str, Any] = field(default_factory=dict)
    key: Key = field(default_factory=lambda: new_key("first"))
    signs_with: Key | None = None
    header: dict[str, Any] = field(default_factory=dict)
    published: list[Key] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    auth_methods: list[str] = field(default_factory=list)

    def token(self, nonce: str, access_token: str) -> str:
        at, header = int(self.now().timestamp()), {"alg": "ES256", "kid": self.key.kid}
        header |= self.header
        half = create_half_hash(access_token, "ES256") or b""
        usual = {
            "iss": self.address, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": nonce,
            "at_hash": half.decode(), **self.person,
        }  # fmt: skip
        told = {name: said for name, said in (usual | self.claims).items() if said is not None}
        return jwt.encode(header, told, self.signs_with or self.key, [header["alg"]])


class _Client(ClientMixin):
    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return self.provider.back

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.provider.back

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        self.provider.auth_methods.append(method)
        known = self.provider.described.get("token_endpoint_auth_methods_supported")
        return method in (known or ["client_secret_basic"])

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class _Code(SimpleNamespace, AuthorizationCodeMixin):
    def get_redirect_uri(self) -> str:
        return str(self.back)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str:
        return str(self.nonce)

    def get_auth_time(self) -> None:
        return None


class _Codes(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")
    kept: dict[str, _Code] = {}  # noqa: RUF012 - of the one provider of a run

    def save_authorization_code(self, code: str, request: Any) -> None:
        said = request.payload.data
        self.kept[code] = _Code(
            code=code, scope=request.payload.scope, nonce=said["nonce"], user=request.user,
            code_challenge=said["code_challenge"], back=request.payload.redirect_uri,
            code_challenge_method=said["code_challenge_method"],
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Any) -> _Code | None:
        return self.kept.get(code)

    def delete_authorization_code(self, authorization_code: _Code) -> None:
        del self.kept[authorization_code.code]

    def authenticate_user(self, authorization_code: _Code) -> Any:
        return authorization_code.user


class _Tokens(OpenIDCode):
    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=True)
        self.provider = provider

    def exists_nonce(self, nonce: str, request: Any) -> bool:
        return any(one.nonce == nonce for one in _Codes.kept.values())

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:
        return self.provider.token(request.authorization_code.nonce, token["access_token"])


def _app(provider: Provider) -> Flask:
    app = Flask("provider")
    server = AuthorizationServer(
        app, query_client=lambda name: _Client(provider) if name == CLIENT else None,
        save_token=lambda token, request: None,
    )  # fmt: skip
    server.register_grant(_Codes, [_Tokens(provider), CodeChallenge(required=True)])

    @app.before_request
    def break_it() -> Response | None:
        if request.path not in provider.broken:
            return None
        said = provider.broken[request.path]
        return Response(said, 200) if isinstance(said, str) else Response("", said)

    @app.get("/.well-known/openid-configuration")
    def describe() -> Any:
        usual = {"issuer": provider.address, "userinfo_endpoint": f"{provider.address}/userinfo"}
        for name, path in (
            ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "keys"),
            ("end_session_endpoint", "leave"),
        ):  # fmt: skip
            usual[name] = f"{provider.address}/{path}"
        told = usual | provider.described
        return {name: said for name, said in told.items() if said is not None}

    @app.get("/authorize")
    def authorize() -> Any:
        provider.asked.append(dict(request.args))
        user = SimpleNamespace(id=provider.person["sub"])
        grant = server.get_consent_grant(end_user=user)
        return server.create_authorization_response(grant=grant, grant_user=user)

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.get("/keys")
    def keys() -> Any:
        told = provider.published if provider.published is not None else [provider.key]
        return jsonify(keys=[key.as_dict(private=False) for key in told])

    @app.get("/userinfo")
    def userinfo() -> Any:
        if not request.headers.get("Authorization", "").startswith("Bearer "):
            abort(401)
        return provider.person | provider.more

    return app


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, listening on this machine until the block ends."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    provider = Provider()
    server = make_server("127.0.0.1", 0, _app(provider), threaded=True)
    provider.address = f"http://127.0.0.1:{server.port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fresh(provider: Provider, now: Callable[[], datetime]) -> Provider:
    """As it was at its beginning, with the clock of the test."""
    begin = Provider(address=provider.address, now=now, key=provider.key)
    provider.__dict__.clear()
    provider.__dict__.update(begin.__dict__)
    _Codes.kept.clear()
    return provider


def settings(provider: Provider, **more: str) -> dict[str, str]:
    """Of the program, so that it knows the provider."""
    return {
        "GONGKAI_OIDC_ISSUER": provider.address, "GONGKAI_OIDC_CLIENT_ID": CLIENT,
        "GONGKAI_OIDC_CLIENT_SECRET": SECRET, **more,
    }  # fmt: skip


def long_ago(provider: Provider, **before: int) -> int:
    """A moment before now, as a token says it."""
    return int((provider.now() - timedelta(**before)).timestamp())


def other_key() -> ECKey:
    """A key that the provider does not publish, under the name of its own."""
    return new_key("first")


def signed_anew(provider: Provider, alg: str, key: bytes) -> Callable[[str, str], str]:
    """The token of the provider, with another signature."""

    def token(nonce: str, access_token: str) -> str:
        _, claims, _ = Provider.token(provider, nonce, access_token).split(".")
        head = _base64(json.dumps({"alg": alg, "kid": provider.key.kid}).encode())
        said = f"{head}.{claims}"
        return f"{said}.{_base64(hmac.digest(key, said.encode(), 'sha256')) if key else ''}"

    return token


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
