"""The ways out: one small class per channel, opened by its row in config/channels/channels.toml.

A channel sends one message or raises. It calls `handing` once, immediately before the step that cannot
be taken back; what it raises says whether the message can have gone:

* Temporary: it did not go and may go later;  * Permanent: it will never go to this address;
* Unclear: given away, nothing heard.

Problems are told in our own words: answers of servers repeat addresses and do not go into the store.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Protocol, cast

from config.channels import ChannelKind
from workflow.service.messages.outbox import Outgoing

TITLE = "依申请公开提醒"


class Temporary(Exception):
    """It did not go and may go later. The message is for people, without addresses."""


class Permanent(Exception):
    """It will never go. of_channel: because of the channel, not of this address."""

    def __init__(self, problem: str, *, of_channel: bool = False) -> None:
        super().__init__(problem)
        self.of_channel = of_channel


class Unclear(Exception):
    """It was given away and nothing was heard of it."""


class Channel(Protocol):
    """What a channel must be. settings: those of the program."""

    def __init__(self, settings: Mapping[str, Any]) -> None: ...

    def send(self, message: Outgoing, handing: Callable[[], None]) -> str:
        """Send it; what the receiver said, for the record (no addresses). Raises Temporary, Permanent
        or Unclear."""
        ...


def open_channel(kind: ChannelKind, settings: Mapping[str, Any]) -> Channel:
    """The channel of a row of channels.toml."""
    module, _, name = kind.class_path.partition(":")
    return cast(Channel, getattr(import_module(module), name)(settings))


def links(message: Outgoing, settings: Mapping[str, Any]) -> tuple[str, str]:
    """Where an applicant looks and where they refuse further messages; empty without site_url. Who has an account says
    there what they want."""
    site = str(settings["site_url"]).rstrip("/")
    if site and message.of_account and message.kind != "account":
        return f"{site}/account", f"{site}/account/settings"
    if not site or message.kind != "applicant":
        return "", ""
    return f"{site}/query", f"{site}/refuse/{message.refusal}"


def words(message: Outgoing, settings: Mapping[str, Any]) -> str:
    """The text with what an applicant may do about it."""
    look, refuse = links(message, settings)
    if look:
        return f"{message.text}查询：{look} 不想再收到：{refuse}"
    return message.text
