"""Deliveries to other systems: signed, one call each (Standard Webhooks, https://www.standardwebhooks.com).

`webhook-signature` is `v1,` and the HMAC-SHA256, in base64, of `webhook-id`, a dot, `webhook-timestamp` (seconds), a dot and the
body; the key is what stands in base64 behind `whsec_`. While a secret is being changed there are two, with a blank between.
"""

import base64
import hashlib
import hmac
import ssl
import time
from collections.abc import Mapping, Sequence
from typing import Any

from config.origins import origin_of, origins
from notifications.channels import Permanent, Temporary, Unclear
from notifications.channels.http import Timing, exchange
from workflow.service.hooks.sending import NOT_REACHED, Handed, HookOutbox
from workflow.service.office import Office

GONE = 410
NOT_ALLOWED = "运行人员没有允许这台主机"
AWAY = "对方连接不上，或者证书不可信"
NOT_HEARD = "已经交给对方，没有等到答复"


class HookSender:
    """Sends what waits for other systems, to the servers that the settings allow and to no other."""

    def __init__(self, office: Office, settings: Mapping[str, Any]) -> None:
        self.outbox = HookOutbox(office)
        self.allowed = frozenset(origins(str(settings.get("hook_hosts") or "")))
        ca = str(settings.get("hook_ca") or "")
        self.trust = ssl.create_default_context(cafile=ca) if ca else None
        self.timing = Timing()

    def send_one(self) -> bool:
        """Send the next delivery; False if none waits."""
        one = self.outbox.claim()
        if one is None:
            return False
        if origin_of(one.url) not in self.allowed:
            self.outbox.not_sent(one, NOT_ALLOWED, NOT_REACHED)
            return True
        try:
            status, _ = exchange(
                one.url, one.payload.encode(), headers(one), _nothing,
                timing=self.timing, trust=self.trust,
            )  # fmt: skip
        except (Temporary, Permanent):
            self.outbox.not_sent(one, AWAY, NOT_REACHED)
        except Unclear:
            self.outbox.not_sent(one, NOT_HEARD)
        else:
            if 200 <= status < 300:
                self.outbox.sent(one, status)
            else:
                self.outbox.not_sent(one, _said(status), status, final=status == GONE)
        return True


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
