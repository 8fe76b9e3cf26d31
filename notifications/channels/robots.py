"""Group robots: one message to the group of the body. Number and days only, as everywhere; whom it
concerns is mentioned (@) if they gave their account."""

import base64
import hashlib
import hmac
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from notifications.channels import TITLE, Permanent, Temporary, Unclear
from notifications.channels.http import Timing, call
from workflow.addresses import mobile
from workflow.service.messages.outbox import Outgoing


class Robot(ABC):
    """What the three have in common. name: whose settings; too_many: its codes for sending too fast."""

    name = ""
    too_many: tuple[int, ...] = ()

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.url = str(settings[f"{self.name}_url"])
        self.secret = str(settings.get(f"{self.name}_secret", ""))
        self.timing = Timing()

    @abstractmethod
    def shaped(
        self, text: str, mentions: tuple[str, ...], moment: float
    ) -> tuple[str, dict[str, Any]]:
        """Address and body for a text at a moment (seconds). mentions: accounts and mobiles."""

    def send(self, message: Outgoing, handing: Callable[[], None]) -> str:
        url, body = self.shaped(f"{TITLE}：{message.text}", message.mentions, time.time())
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        _, text = call(url, content, headers, handing, timing=self.timing)
        try:
            answer = json.loads(text)
            code = int(answer.get("errcode", answer.get("code", answer.get("StatusCode", -1))))
        except (ValueError, TypeError, AttributeError) as error:
            raise Unclear("群机器人的应答看不懂") from error
        if code in self.too_many:
            raise Temporary(f"群机器人说发得太快（{code}）")
        if code != 0:
            raise Permanent(f"群机器人拒绝（{code}）", of_channel=True)
        return "群机器人已经收下"


class WeCom(Robot):
    """企业微信、政务微信."""

    name = "wecom"
    too_many = (45009,)

    def shaped(
        self, text: str, mentions: tuple[str, ...], moment: float
    ) -> tuple[str, dict[str, Any]]:
        said: dict[str, Any] = {"content": text}
        accounts, mobiles = _parted(mentions)
        if accounts:
            said["mentioned_list"] = accounts
        if mobiles:
            said["mentioned_mobile_list"] = mobiles
        return self.url, {"msgtype": "text", "text": said}


class DingTalk(Robot):
    """钉钉、政务钉钉; signed by time and secret in the address (加签)."""

    name = "dingtalk"
    too_many = (130101, 660026)

    def shaped(
        self, text: str, mentions: tuple[str, ...], moment: float
    ) -> tuple[str, dict[str, Any]]:
        url = self.url
        if self.secret:
            stamp = str(int(moment * 1000))
            sign = _signed(self.secret.encode(), f"{stamp}\n{self.secret}".encode())
            url += ("&" if "?" in url else "?") + f"timestamp={stamp}&sign={quote(sign, safe='')}"
        body: dict[str, Any] = {"msgtype": "text", "text": {"content": text}}
        if mentions:
            accounts, mobiles = _parted(mentions)
            body["at"] = {"atUserIds": accounts, "atMobiles": mobiles, "isAtAll": False}
        return url, body


class Feishu(Robot):
    """飞书; signed by time and secret in the body (签名校验)."""

    name = "feishu"
    too_many = (9499, 11232)

    def shaped(
        self, text: str, mentions: tuple[str, ...], moment: float
    ) -> tuple[str, dict[str, Any]]:
        text += "".join(f' <at user_id="{account}"></at>' for account in mentions)
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if self.secret:
            stamp = str(int(moment))
            body["timestamp"] = stamp
            body["sign"] = _signed(f"{stamp}\n{self.secret}".encode(), b"")
        return self.url, body


def _parted(mentions: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Accounts, and those who gave a mobile instead."""
    mobiles = [one for one in mentions if mobile(one) == one]
    return [one for one in mentions if one not in mobiles], mobiles


def _signed(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
