"""The channels: what each lacks, how it is, a test of each, and whether a worker is sending."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.channels import IN_APP, ChannelKind, load_channels
from workflow.people import Staff
from workflow.rules import permissions
from workflow.service.messages.failures import ALARM_AFTER
from workflow.service.messages.lines import Line, line_of
from workflow.service.messages.outbox import Outbox
from workflow.service.office import Missing, Office
from workflow.store import channels as channel_queries
from workflow.store import messages as message_queries
from workflow.store.retried import retried


@dataclass(frozen=True)
class ChannelHealth:
    """A channel with how it is. lacking: settings that are missing; failing: it needs somebody. waiting: messages that
    wait for it to be opened; lying: those that could have gone long ago and were never tried."""

    kind: ChannelKind
    in_force: bool
    lacking: tuple[str, ...]
    failures: int
    failing: bool
    last_ok_at: datetime | None
    last_failed_at: datetime | None
    problem: str
    test: Line | None
    waiting: int
    lying: int


LONG = timedelta(hours=1)
"""After it a message that may go and was not tried lies there: who sends does not have its channel."""


class Channels:
    """The use cases of who sees to the channels."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def health(self, staff: Staff, settings: Mapping[str, Any]) -> list[ChannelHealth]:
        """Every channel with what it lacks, how it is, and the person's last test of it."""
        with self.office.store.read() as unit:
            found = []
            waiting = channel_queries.waiting(unit, self.office.now() - LONG)
            for kind in load_channels().values():
                open_ = kind in self.office.channels
                all_, lying = waiting.get(kind.name, (0, 0))
                lacking = tuple(kind.lacking(settings))
                row = channel_queries.channel_health(unit, kind.name)
                test = channel_queries.last_test(unit, staff.id, kind.name)
                failures = row.failures if row else 0
                found.append(
                    ChannelHealth(
                        kind, open_, lacking, failures,
                        failures >= ALARM_AFTER, row.last_ok_at if row else None,
                        row.last_failed_at if row else None, row.problem if row else "",
                        line_of(test) if test else None,
                        0 if open_ else all_, lying if open_ else 0,
                    )
                )  # fmt: skip
            return found

    def closed(self, settings: Mapping[str, Any]) -> list[str]:
        """In sentences, what a process of this office will not send: that nothing or no mail leaves the house, with what
        mail needs, and how many messages wait for a channel that is not in force."""
        open_ = {kind.name for kind in self.office.channels}
        mail = load_channels()["mail"]
        lacking = "、".join(mail.lacking(settings))
        said = []
        if open_ <= {IN_APP}:
            said.append(
                f"没有开通对外的通道，不会发出任何邮件或者短信，提醒只在系统内显示；开通电子邮件请设置 {lacking}"
            )
        elif mail.name not in open_:
            said.append(f"没有开通电子邮件，不会发出邮件；开通请设置 {lacking}")
        with self.office.store.read() as unit:
            waiting = channel_queries.waiting(unit, self.office.now())
        for name, (number, _) in waiting.items():
            if name not in open_:
                kind = load_channels().get(name)
                label = kind.label if kind else name
                said.append(f"有 {number} 条消息在等通道“{label}”，它开通以后才会发出")
        return said

    def worker(self) -> tuple[bool, datetime | None]:
        """Whether a worker is sending now, and when it was last seen what is due."""
        worker = Outbox(self.office)
        return bool(worker.leader()), worker.last_round()

    def failing(self, staff: Staff) -> list[str]:
        """Labels of failing channels, for who has to see to them."""
        if not permissions.bodies_for(self.office.law, "look_after_channels", staff):
            return []
        with self.office.store.read() as unit:
            rows = [
                channel_queries.channel_health(unit, kind.name) for kind in self.office.channels
            ]
            known = load_channels()
            return [known[row.name].label for row in rows if row and row.failures >= ALARM_AFTER]

    def test(self, staff: Staff, channel: str) -> None:
        """Put a test message to the person (or the group) into the outbox. Raises Missing,
        and Denied for other roles."""
        if not permissions.bodies_for(self.office.law, "look_after_channels", staff):
            permissions.ask(self.office.law, "look_after_channels", permissions.NOBODY)
        kind = next((k for k in self.office.channels if k.name == channel), None)
        if kind is None:
            raise Missing("没有这个通道")
        put_test(self.office, staff, channel, f"{staff.display_name}测试通道")


@retried
def put_test(office: Office, staff: Staff, channel: str, why: str) -> None:
    """Put a test message to the person (or the group) into the outbox. why: for the record."""
    now = office.now()
    with office.store.write() as unit:
        agency = office.found_agency(unit, staff.home)
        message_queries.add_message(
            unit, key=secrets.token_hex(32), kind="test", channel=channel, user_id=staff.id,
            agency_id=agency.id, moment="test", text="这是一条测试消息，不需要处理。",
            why=why, day=now.date(), created_at=now, not_before=now,
        )  # fmt: skip
