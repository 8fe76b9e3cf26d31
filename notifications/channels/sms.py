"""SMS by whatever gateway the office has: address, body and what success looks like are settings."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from notifications.channels import Permanent, words
from notifications.channels.http import Timing, call
from workflow.service.messages.outbox import Outgoing


class Sms:
    """One call of the gateway per message, with the message's key as Idempotency-Key."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        self.timing = Timing()

    def send(self, message: Outgoing, handing: Callable[[], None]) -> str:
        if not message.address:
            raise Permanent("没有手机号码")
        filled = self._filled(message)
        method, url = str(self.settings["sms_method"]).upper(), str(self.settings["sms_url"])
        headers = {"Idempotency-Key": message.key, **self._headers()}
        body: bytes | None = None
        if method == "GET":
            url += ("&" if "?" in url else "?") + filled
        else:
            body = filled.encode()
            headers["Content-Type"] = f"{self.settings['sms_type']}; charset=utf-8"
        status, text = call(url, body, headers, handing, method=method, timing=self.timing)
        expected = str(self.settings["sms_success"])
        if expected and expected not in text:
            raise Permanent("网关的应答不是成功", of_channel=True)
        return f"短信网关已经收下（{status}）"

    def _filled(self, message: Outgoing) -> str:
        """The body: values as JSON strings, or percent-encoded in a form or an address."""
        form = self.settings["sms_type"] != "application/json" or (
            str(self.settings["sms_method"]).upper() == "GET"
        )
        filled = str(self.settings["sms_body"])
        values = {
            "phone": message.address,
            "text": words(message, self.settings),
            "key": message.key,
        }
        # The text comes last: braces in it are its own.
        for name in ("phone", "key", "text"):
            value = quote(values[name], safe="") if form else json.dumps(values[name])
            filled = filled.replace("{" + name + "}", value)
        return filled

    def _headers(self) -> dict[str, str]:
        lines = [line for line in str(self.settings["sms_headers"]).split(";") if ":" in line]
        pairs = (line.partition(":") for line in lines)
        return {name.strip(): value.strip() for name, _, value in pairs}
