"""Whom a request comes from where a proxy stands in front: what the named proxies say is believed, and nobody else.

A server that is reached directly sees the address of whoever connects. A proxy connects instead of the visitor and says in
headers for whom: `X-Forwarded-For`, `X-Forwarded-Proto`, `X-Forwarded-Host`. Anybody can send these, so that they count
only where the connection comes from an address of the setting `trusted_proxies`; from elsewhere they are taken away, also
`Forwarded` (RFC 7239), which is never read. Nothing behind this asks for any of them.
"""

import ipaddress
import logging
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from config.networks import Network
from webui.serving.counted import believe_number

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

FOR, PROTO, HOST = "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST"
GONE = (FOR, PROTO, HOST, "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED")
BEGINS = "HTTP_X_FORWARDED_"
UNNAMED = (
    "请求带有代理服务器的 X-Forwarded-* 头，但发来请求的地址不在设置 trusted_proxies（GONGKAI_TRUSTED_PROXIES）里，"
    "这些头没有采用，访问次数都算在代理服务器头上。前面确有代理的，请把它的地址写进 trusted_proxies（见 docs/running.md）"
)
NOT_NAMED = (
    "本站设置为通过 HTTPS 访问，请求却来自没有登记的代理服务器。"
    "请运行人员把代理服务器的地址写进设置 trusted_proxies（GONGKAI_TRUSTED_PROXIES），再重新启动。\n"
)
_HOST = re.compile(r"(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.I)
UNKNOWN = "gongkai.unknown_proxy"
"""Under this name a request carries that a proxy sent it on that is not named, so that its address is nobody's."""
log = logging.getLogger("gongkai.proxies")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BehindProxies:
    """The application behind proxies of these networks. https: it is served by HTTPS alone."""

    def __init__(self, app: "WSGIApplication", named: Sequence[Network], https: bool) -> None:
        self._app, self._named, self._https = app, named, https
        self._told = False

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        said = {name: value for name, value in environ.items() if _is_forwarded(name)}
        for name in said:
            del environ[name]
        named = self._is_named(read_address(environ.get("REMOTE_ADDR", "")))
        believe_number(environ, named=named)
        if said and named:
            self._believe(environ, said)
        elif said:
            environ[UNKNOWN] = True
            if not self._told:
                self._told = True
                log.warning(UNNAMED)
            over_https = said.get(PROTO, "").strip().lower() == "https"
            if self._https and over_https and environ["wsgi.url_scheme"] != "https":
                # Sent on to HTTPS it would come back the same way, for ever.
                kind = [
                    ("Content-Type", "text/plain; charset=utf-8"),
                    ("Cache-Control", "no-store"),
                ]
                start_response("503 Service Unavailable", kind)
                return [NOT_NAMED.encode()]
        return self._app(environ, start_response)

    def _believe(self, environ: "WSGIEnvironment", said: dict[str, str]) -> None:
        environ["REMOTE_ADDR"] = str(self._visitor(environ["REMOTE_ADDR"], said.get(FOR, "")))
        environ.pop("REMOTE_PORT", None)
        proto = _last(said.get(PROTO, "")).lower()
        if proto in ("http", "https"):
            environ["wsgi.url_scheme"] = proto
        host = _last(said.get(HOST, ""))
        if _HOST.fullmatch(host):
            environ["HTTP_HOST"] = host

    def _visitor(self, came_from: str, chain: str) -> str:
        """The last of those named in the chain that is none of our proxies; where one cannot be read, or all are ours,
        the last one that was reached."""
        reached = came_from
        for word in reversed(chain.split(",") if chain.strip() else []):
            found = read_address(word)
            if found is None:
                return reached
            reached = str(found)
            if not self._is_named(found):
                return reached
        return reached

    def _is_named(self, found: Address | None) -> bool:
        if found is None:
            return False
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return any(found in network for network in self._named)


def read_address(text: str) -> Address | None:
    """The address in a word of a header: also in brackets, with a port, in quotation marks. None for anything else."""
    word = text.strip().strip('"')
    bracketed = re.fullmatch(r"\[([^\]]+)\](?::\d{1,5})?", word)
    if bracketed:
        word = bracketed[1]
    elif re.fullmatch(r"[\d.]+:\d{1,5}", word):
        word = word.partition(":")[0]
    try:
        return ipaddress.ip_address(word)
    except ValueError:
        return None


def _is_forwarded(name: str) -> bool:
    return name in GONE or name.startswith(BEGINS)


def _last(text: str) -> str:
    return text.rpartition(",")[2].strip()
