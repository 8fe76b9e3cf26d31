"""Somebody with an account: codes are read from what the outbox hands to the channel."""

import re
from itertools import count
from typing import Any

from sqlalchemy import select

from config.channels import load_channels
from tests.webui.visitor import Visitor
from workflow.service import Office
from workflow.service.messages.outbox import Outbox, Outgoing

EMAIL, PHONE = "zhang@applicant.example", "13800001111"
PLACES = count(1)
PASSWORD = "Blue-Paper-42"


def with_channels(office: Office, *names: str) -> None:
    """Let the office have these channels."""
    office.channels = tuple(load_channels()[name] for name in ("in_app", *names))


def handed_over(office: Office, channel: str = "mail") -> list[Outgoing]:
    """Everything that waits for a channel, as the channel gets it."""
    outbox, found = Outbox(office), []
    while (message := outbox.claim(channel)) is not None:
        outbox.handing(message)
        outbox.sent(message)
        found.append(message)
    return found


def last_code(office: Office, channel: str = "mail") -> str:
    """The code that was sent last; what was told besides is no code."""
    codes = [
        one[1]
        for m in handed_over(office, channel)
        if (one := re.search(r"验证码 (\d{6})", m.text))
    ]
    return codes[-1]


def come_in(
    visitor: Visitor, office: Office, address: str = EMAIL, channel: str = "mail"
) -> Visitor:
    """Sign in by a code, each time from another place; an account is opened where there is none."""
    n = next(PLACES)
    visitor.client.environ_base["REMOTE_ADDR"] = f"10.7.{n // 250}.{n % 250}"
    visitor.get("/account/sign-in").send("/account/code/send", address=address)
    visitor.send("/account/code", code=last_code(office, channel))
    if visitor.path == "/account/open":
        visitor.send("/account/open", agree="yes")
    assert visitor.path == "/account", visitor.text
    return visitor


def rows(office: Office, table: type[Any]) -> list[Any]:
    """Every row of a table."""
    with office.store.read() as unit:
        return list(unit.session.scalars(select(table)))
