"""A bucket of an S3-compatible server as a place for contents: four calls, signed with version 4 of AWS' signatures.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html has the rules and the examples to which
the tests hold `authorization`. Why no library does it: docs/decisions/0058.
"""

import hmac
import re
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from hashlib import md5, sha256
from threading import local
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from config.errors import StorageAway
from config.storages import S3Place
from workflow.store.storages import AWAY, UNREAD, Lying, NotThere

# Loaded with the first file: a server that keeps them in its database needs none of it.
if TYPE_CHECKING:
    from requests import Response, Session

CONNECT_SECONDS, ANSWER_SECONDS = 4.0, 20.0
WHOLE_SECONDS = 60.0
"""Until the last byte of an answer, however slowly it drips."""
AGAIN_SECONDS = 1.0
"""Who hung up later than this has a reason."""
REST_SECONDS = 5.0
"""So long nobody knocks again where nobody opened: who waits for a place holds up who does not need it."""
PAGE = 1000
"""Objects that are listed in one answer; no server gives more."""
ANSWER_MOST = 2_000 * 1024 * 1024
_PIECE = 256 * 1024
_CODE = re.compile(rb"<Code>([A-Za-z0-9.]{1,60})</Code>")
ALGORITHM = "AWS4-HMAC-SHA256"


def authorization(
    method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], key: tuple[str, str], region: str
) -> str:  # fmt: skip
    """The header Authorization of a call. path: not quoted; headers: all that are signed, `host`, `x-amz-date` and
    `x-amz-content-sha256` among them, in small letters; key: its id and its secret."""
    at, signed = headers["x-amz-date"], ";".join(sorted(headers))
    asked = "\n".join((
        method, _path(path), _query(query),
        *(f"{name}:{' '.join(headers[name].split())}" for name in sorted(headers)), "",
        signed, headers["x-amz-content-sha256"],
    ))  # fmt: skip
    scope = f"{at[:8]}/{region}/s3/aws4_request"
    said = f"{ALGORITHM}\n{at}\n{scope}\n{sha256(asked.encode()).hexdigest()}"
    signing = f"AWS4{key[1]}".encode()
    for part in scope.split("/"):
        signing = hmac.digest(signing, part.encode(), "sha256")
    signature = hmac.digest(signing, said.encode(), "sha256").hex()
    return f"{ALGORITHM} Credential={key[0]}/{scope},SignedHeaders={signed},Signature={signature}"


def _path(path: str) -> str:
    return quote(path, safe="/-_.~")


def _query(query: Mapping[str, str]) -> str:
    """In the order and the form in which they are signed, and so sent."""
    quoted = sorted((quote(name, safe="-_.~"), quote(said, safe="-_.~")) for name, said in query.items())  # fmt: skip
    return "&".join(f"{name}={said}" for name, said in quoted)


@dataclass(frozen=True)
class Server:
    """Where the buckets are and who asks. ca: file of the certificates that sign its own, "" for those of the system;
    by_path: the bucket stands in the path of the address, else before the host."""

    endpoint: str
    region: str
    key: tuple[str, str] = field(repr=False)
    ca: str = ""
    by_path: bool = True


class Bucket:
    """The objects of a bucket below a prefix."""

    def __init__(
        self, place: S3Place, server: Server, now: Callable[[], datetime] | None = None
    ) -> None:
        """now: the time that is signed."""
        self.bucket, self.prefix = place
        self.address, self.server = f"s3://{self.bucket}/{self.prefix}".rstrip("/"), server
        self._now = now or (lambda: datetime.now(UTC))
        at = urlsplit(server.endpoint)
        self.host = at.netloc if server.by_path else f"{self.bucket}.{at.netloc}"
        self.base = f"{at.scheme}://{self.host}"
        self.root = at.path.rstrip("/") + (f"/{self.bucket}" if server.by_path else "")
        self._own = local()
        self._rests_until = 0.0

    def put(self, name: str, content: bytes) -> None:
        self._ask("PUT", f"{self.root}/{self.prefix}{name}", content=content).close()

    def get(self, name: str) -> bytes:
        answer = self._ask("GET", f"{self.root}/{self.prefix}{name}", message=UNREAD)
        return self._read(answer)

    def delete(self, name: str) -> None:
        with suppress(NotThere):
            self._ask("DELETE", f"{self.root}/{self.prefix}{name}").close()

    def each(self) -> Iterator[Lying]:
        query = {"list-type": "2", "prefix": self.prefix, "max-keys": str(PAGE)}
        while True:
            page = self._read(
                self._ask("GET", f"{self.root}/" if self.server.by_path else "/", query)
            )
            found, query["continuation-token"] = self._listed(page)
            yield from found
            if not query["continuation-token"]:
                return

    def _listed(self, page: bytes) -> tuple[list[Lying], str]:
        """What a page lists, and by what the next one is asked for, "" on the last."""
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            root = etree.fromstring(page, parser)
            found = [
                Lying(
                    one.findtext("{*}Key", "").removeprefix(self.prefix), int(one.findtext("{*}Size", "0")),
                    datetime.fromisoformat(one.findtext("{*}LastModified", "")),
                )
                for one in root.findall("{*}Contents")
            ]  # fmt: skip
        except (etree.XMLSyntaxError, ValueError) as error:
            raise self._away("列出的清单读不懂") from error
        more = root.findtext("{*}IsTruncated", "") == "true"
        return found, root.findtext("{*}NextContinuationToken", "") if more else ""

    # -- calls ----------------------------------------------------------------------------------------

    def _ask(
        self, method: str, path: str, query: Mapping[str, str] | None = None, content: bytes = b"", message: str = AWAY
    ) -> "Response":  # fmt: skip
        """The answer to a call that went well. Raises NotThere, StorageAway."""
        from requests import RequestException

        if time.monotonic() < self._rests_until:
            raise self._away("刚才连接不上", message)
        try:
            answer = self._answered(method, path, query or {}, content)
        except RequestException as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            raise self._away(f"连接不上（{type(error).__name__}）", message) from error
        if answer.status_code in (200, 204):
            return answer
        code = self._code(answer)
        if answer.status_code == 404 and code in ("NoSuchKey", ""):
            raise NotThere(path)
        raise self._away(_WORDS.get(code, f"回答 {answer.status_code} {code}"), message)

    def _answered(
        self, method: str, path: str, query: Mapping[str, str], content: bytes
    ) -> "Response":
        """The answer to a call. Asked once more at once where it was hung up on, as a server does that restarts or had
        closed a connection kept open: each of the calls may be repeated. Raises RequestException."""
        from requests import ConnectionError, Timeout

        address = f"{self.base}{_path(path)}" + (f"?{_query(query)}" if query else "")
        ask = partial(
            self._session().request, method, address, data=content or None, stream=True, allow_redirects=False,
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS), auth=lambda call: self._sign(call, path, query, content),
        )  # fmt: skip
        began = time.monotonic()
        try:
            return ask()
        except ConnectionError as error:
            if isinstance(error, Timeout) or time.monotonic() - began > AGAIN_SECONDS:
                raise
            return ask()

    def _sign(self, call: Any, path: str, query: Mapping[str, str], content: bytes) -> Any:
        headers = {
            "host": self.host, "x-amz-content-sha256": sha256(content).hexdigest(),
            "x-amz-date": f"{self._now().astimezone(UTC):%Y%m%dT%H%M%SZ}",
        }  # fmt: skip
        if content:
            # Not every server holds the body to the hash that is signed; this one they do.
            digest = md5(content, usedforsecurity=False).digest()
            headers["content-md5"] = b64encode(digest).decode()
        said = authorization(call.method, path, query, headers, self.server.key, self.server.region)
        call.headers.update({**headers, "authorization": said})
        return call

    def _session(self) -> "Session":
        """One for each thread: of the environment it takes nothing, neither a proxy nor what ~/.netrc would put in the
        place of the signature."""
        from requests import Session
        from requests.adapters import HTTPAdapter

        found: Session | None = getattr(self._own, "session", None)
        if found is None:
            found = self._own.session = Session()
            found.trust_env = False
            found.verify = self.server.ca or True
            found.headers["accept-encoding"] = "identity"
            found.mount(self.base, HTTPAdapter(pool_connections=1, pool_maxsize=1))
        return found

    def _read(self, answer: "Response") -> bytes:
        from requests import RequestException

        until, pieces, size = time.monotonic() + WHOLE_SECONDS, list[bytes](), 0
        try:
            for piece in answer.iter_content(_PIECE):
                pieces.append(piece)
                size += len(piece)
                if size > ANSWER_MOST or time.monotonic() > until:
                    raise self._away("回答太慢或者太长", UNREAD)
        except RequestException as error:
            raise self._away(f"回答中断（{type(error).__name__}）", UNREAD) from error
        finally:
            answer.close()
        said = answer.headers.get("content-length")
        if said is not None and said.isdecimal() and int(said) != size:
            raise self._away("回答不完整", UNREAD)
        return b"".join(pieces)

    def _code(self, answer: "Response") -> str:
        """By which word the server names what is wrong, "" where it says none."""
        try:
            found = _CODE.search(self._read(answer)[:4096])
        except StorageAway:
            return ""
        return found[1].decode() if found else ""

    def _away(self, why: str, message: str = AWAY) -> StorageAway:
        return StorageAway(f"{self.address}（{self.server.endpoint}）：{why}", message)


_WORDS = {
    "NoSuchBucket": "没有这个桶",
    "InvalidAccessKeyId": "不认识这个访问密钥的编号（s3_access_key）",
    "SignatureDoesNotMatch": "访问密钥（s3_secret_key）不对",
    "AccessDenied": "没有权限",
    "RequestTimeTooSkewed": "本机时间与存储服务器相差太多，请校准",
    "AuthorizationHeaderMalformed": "区域（s3_region）不对",
    "QuotaExceeded": "空间已满",
}
"""What the servers' words mean for who operates."""
