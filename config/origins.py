"""Servers that a setting names, to which something may be sent: `oa.example.gov.cn`, `oa.example.gov.cn:8443`,
`http://10.1.2.3:8080`."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

PORTS = {"https": 443, "http": 80}
_BETWEEN = re.compile(r"[,，、\s]+")
_HOST = re.compile(r"[a-z0-9_-][a-z0-9._-]*|[0-9a-f:.]*:[0-9a-f:.]*")
"""A name, an address of IPv4, or one of IPv6."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A server as an address names it: scheme, host in small letters, port."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (
            "" if self.port == PORTS[self.scheme] else f":{self.port}"
        )


def origins(text: str) -> tuple[Origin, ...]:
    """The servers of a text with commas (also ， and 、) or blanks between. Without `http://` before it a server is reached by HTTPS.

    Raises ValueError with what is wrong, in words.
    """
    found = []
    for word in filter(None, _BETWEEN.split(text)):
        try:
            parts = urlsplit(word if "://" in word else f"https://{word}")
            origin = _origin(parts)
        except ValueError:
            origin = None
        if origin is None or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError(
                f"里的“{word}”不是主机（如 oa.example.gov.cn、oa.example.gov.cn:8443、http://10.1.2.3:8080），"
                "几个用逗号分开"
            )
        found.append(origin)
    return tuple(found)


def origin_of(address: str) -> Origin | None:
    """The server of an address of the web; None for what is none, and for one that carries a name or a password."""
    if any(ord(one) <= 32 or ord(one) >= 127 for one in address):
        return None
    try:
        return _origin(urlsplit(address))
    except ValueError:
        return None


def _origin(parts: SplitResult) -> Origin | None:
    """Raises ValueError for a port that is none."""
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in PORTS or "@" in parts.netloc or parts.port == 0:
        return None
    if not _HOST.fullmatch(host):
        return None
    return Origin(parts.scheme, host, parts.port or PORTS[parts.scheme])
