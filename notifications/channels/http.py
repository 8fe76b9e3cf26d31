"""One HTTP call to a gateway: no redirect is followed, no address of it is ever told."""

import http.client
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from notifications.channels import Permanent, Temporary, Unclear
from notifications.channels.deadline import CONNECT_SECONDS, WHOLE_SECONDS, Calls, hang_up_after

MOST_BYTES = 64 * 1024
LATER = (408, 425, 429, 503)
PERHAPS = (500, 502, 504)
NOT_HEARD = "消息已经交给网关，没有等到它的确认"


@dataclass(frozen=True)
class Timing:
    connect: float = CONNECT_SECONDS
    whole: float = WHOLE_SECONDS


def call(
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    handing: Callable[[], None],
    *,
    method: str = "POST",
    timing: Timing = Timing(),
) -> tuple[int, str]:
    """Call; status and text of an answer below 300. Raises Temporary when nothing was given away,
    Permanent when the gateway says no, Unclear when it does not say what became of the message."""
    status, text = exchange(url, body, headers, handing, method=method, timing=timing)
    if status < 300:
        return status, text
    if status in LATER:
        raise Temporary(f"网关暂时不收（{status}）")
    if status in PERHAPS:
        raise Unclear(f"网关出错，不知道消息是否发出（{status}）")
    raise Permanent(f"网关拒绝（{status}）", of_channel=True)


def exchange(
    url: str,
    body: bytes | None,
    headers: Mapping[str, str],
    handing: Callable[[], None],
    *,
    method: str = "POST",
    timing: Timing = Timing(),
    trust: ssl.SSLContext | None = None,
    calls: Calls | None = None,
) -> tuple[int, str]:
    """Call; status and text of whatever is answered. trust: what certificates are held to, where not the system's. calls: where others
    find how to hang up on it. Raises Temporary when nothing was given away, Permanent for an address that is none, Unclear when nothing
    was heard."""
    parts = urlsplit(url)
    try:
        connection = _connection(parts, timing.connect, trust)
    except ValueError as error:
        raise Permanent("网关地址不能用", of_channel=True) from error
    try:
        with hang_up_after(timing.whole, lambda: connection.sock, calls) as hung_up:
            try:
                connection.connect()
            except ssl.SSLError as error:
                raise Temporary("网关的证书不可信") from error
            except OSError as error:
                raise Temporary("网关连接不上") from error
            if hung_up.is_set():  # before there was a socket to close
                raise Temporary("网关连接不上")
            handing()
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            try:
                connection.request(method, target, body, dict(headers))
                answer = connection.getresponse()
                text = answer.read(MOST_BYTES).decode("utf-8", "replace")
            except (OSError, http.client.HTTPException) as error:
                raise Unclear(NOT_HEARD) from error
            if hung_up.is_set():
                raise Unclear(NOT_HEARD)
    finally:
        connection.close()
    return answer.status, text


def _connection(
    parts: SplitResult, seconds: float, trust: ssl.SSLContext | None
) -> http.client.HTTPConnection:
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("no web address")
    if parts.scheme == "https":
        trust = trust or ssl.create_default_context()
        return _Https(parts.hostname, parts.port, seconds, trust)
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds)


class _Https(http.client.HTTPSConnection):
    """One whose socket can be closed while the certificate is awaited: wrapped in one step the socket of before has none any
    more, and there is no other yet."""

    def __init__(self, host: str, port: int | None, seconds: float, trust: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=seconds, context=trust)
        self.trust = trust

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        wrapped = self.trust.wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = wrapped
        wrapped.do_handshake()
