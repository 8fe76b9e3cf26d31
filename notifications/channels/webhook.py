"""A signed JSON message to a program of the office.

X-Gongkai-Signature is `sha256=` and the HMAC-SHA256, in hex, of timestamp, a dot and the body under
webhook_secret; X-Gongkai-Timestamp is in seconds. Idempotency-Key, and `id` in the body, are the same
for the same message: the receiver drops a second copy.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from notifications.channels.http import Timing, call
from workflow.service.messages.outbox import Outgoing


class Webhook:
    """One call per message and person."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.timing = Timing()

    def send(self, message: Outgoing, handing: Callable[[], None]) -> str:
        body = json.dumps(
            {
                "id": message.key,
                "kind": message.kind,
                "level": message.level,
                "user": message.person,
                "account": message.account,
                "agency": message.agency,
                "number": message.about,
                "text": message.text,
                "due": message.due.isoformat() if message.due else None,
            },
            ensure_ascii=False,
        ).encode()
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.key,
            "X-Gongkai-Timestamp": stamp,
            "X-Gongkai-Signature": signature(str(self.settings["webhook_secret"]), stamp, body),
        }
        url = str(self.settings["webhook_url"])
        status, _ = call(url, body, headers, handing, timing=self.timing)
        return f"接收方已经收下（{status}）"


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What a receiver computes as well to know that the message is ours and whole."""
    return (
        "sha256=" + hmac.digest(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hex()
    )
