"""Deliveries to other systems: signed, one call each (Standard Webhooks, https://www.standardwebhooks.com).

`webhook-signature` is `v1,` and the HMAC-SHA256, in base64, of `webhook-id`, a dot, `webhook-timestamp` (seconds), a dot and the
body; the key is what stands in base64 behind `whsec_`. While a secret is being changed there are two, with a blank between.
"""

import base64
import hashlib
import hmac
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Event, Lock
from typing import Any

from config.origins import origin_of, origins
from notifications.channels import Permanent, Temporary, Unclear
from notifications.channels.deadline import Calls
from notifications.channels.http import Timing, exchange
from workflow.service.hooks.sending import NOT_REACHED, Handed, HookOutbox
from workflow.service.office import Office

GONE = 410
LONGEST_PAUSE = 0.1
"""Seconds for which nobody here writes, at most, after somebody has."""
NOT_ALLOWED = "运行人员没有允许这台主机"
AWAY = "对方连接不上，或者证书不可信"
NOT_HEARD = "已经交给对方，没有等到答复"


class HookSender:
    """Sends what waits for other systems, to the servers that the settings allow and to no other. Several threads may send at
    once: each address is called by one of them, so that an address that is slow holds up itself alone."""

    def __init__(self, office: Office, settings: Mapping[str, Any]) -> None:
        self.outbox = HookOutbox(office)
        self.allowed = frozenset(origins(str(settings.get("hook_hosts") or "")))
        ca = str(settings.get("hook_ca") or "")
        self.trust = ssl.create_default_context(cafile=ca) if ca else None
        self.timing = Timing()
        self._called: set[int] = set()
        self._writing = Lock()
        self._calls: Calls = set()
        self._hung_up = Event()

    def send_one(self) -> bool:
        """Send the next delivery for an address that is not being called; False if none waits."""
        with self._turn():
            one = self.outbox.claim(list(self._called))
            if one is None:
                return False
            self._called.add(one.hook)
        try:
            note = self._send(one)
            with self._turn():
                note()
        finally:
            self._called.discard(one.hook)
        return True

    def hang_up(self) -> None:
        """End every call that is under way, for good: what it delivered waits again."""
        self._hung_up.set()
        for hang_up in list(self._calls):
            hang_up()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """To write in: one thread at a time, and for as long as it took nobody here, so that the pages come to write as well
        while much waits for many addresses."""
        with self._writing:
            begun = time.monotonic()
            yield
            time.sleep(min(time.monotonic() - begun, LONGEST_PAUSE))

    def _send(self, one: Handed) -> Callable[[], None]:
        """Send it; what notes what came of it."""
        if self._hung_up.is_set():
            return partial(self.outbox.put_back, one)
        if origin_of(one.url) not in self.allowed:
            return partial(self.outbox.not_sent, one, NOT_ALLOWED, NOT_REACHED)
        try:
            status, _ = exchange(
                one.url, one.payload.encode(), headers(one), _nothing,
                timing=self.timing, trust=self.trust, calls=self._calls,
            )  # fmt: skip
        except (Temporary, Permanent, Unclear) as problem:
            if self._hung_up.is_set():
                return partial(self.outbox.put_back, one)
            if isinstance(problem, Unclear):
                return partial(self.outbox.not_sent, one, NOT_HEARD)
            return partial(self.outbox.not_sent, one, AWAY, NOT_REACHED)
        if 200 <= status < 300:
            return partial(self.outbox.sent, one, status)
        return partial(self.outbox.not_sent, one, _said(status), status, final=status == GONE)


def headers(one: Handed, now: float | None = None) -> dict[str, str]:
    """What goes with a delivery. now: seconds, where not those of the clock."""
    stamp = str(int(time.time() if now is None else now))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Gongkai-Hooks",
        "webhook-id": one.key,
        "webhook-timestamp": stamp,
        "webhook-signature": signatures(one.secrets, one.key, stamp, one.payload.encode()),
    }


def signatures(secrets: Sequence[str], key: str, stamp: str, body: bytes) -> str:
    """One signature for each secret that holds, with a blank between."""
    content = f"{key}.{stamp}.".encode() + body
    made = []
    for secret in secrets:
        of = base64.b64decode(secret.removeprefix("whsec_"))
        made.append(f"v1,{base64.b64encode(hmac.digest(of, content, hashlib.sha256)).decode()}")
    return " ".join(made)


def _said(status: int) -> str:
    if 300 <= status < 400:
        return f"对方要求转到别的地址（{status}），没有跟随"
    if status == GONE:
        return f"对方说不再接收（{status}）"
    return f"对方没有收下（{status}）"


def _nothing() -> None:
    """What was perhaps received may be sent again: nothing is to be noted before."""
