"""How a person wants to be told: addresses, channels, digest, what they do without, who stands in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from config.channels import IN_APP, ChannelKind
from config.reminders import load_ladder
from workflow.addresses import email_address, mobile
from workflow.dates import parse_day
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.rules.staffing import administering
from workflow.service.messages.channels import put_test
from workflow.service.messages.contacts import contact_of, contact_row
from workflow.service.messages.due_days import feed_token
from workflow.service.messages.lines import Line, line_of
from workflow.service.office import Missing, Office
from workflow.store import channels as channel_queries
from workflow.store.models import UserRow
from workflow.store.retried import retried

TEST_PAUSE = timedelta(minutes=1)


@dataclass(frozen=True)
class Wants:
    """A person's addresses and choices."""

    email: str = ""
    phone: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)
    channels: tuple[str, ...] | None = None
    digest_hour: int | None = None
    muted: tuple[str, ...] = ()
    stand_in: str = ""
    stand_in_from: date | None = None
    stand_in_to: date | None = None
    feed: str = ""


class Preferences:
    """The use cases of a person about how they are told."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def wants(self, staff: Staff) -> Wants:
        with self.office.store.read() as unit:
            row = channel_queries.contact(unit, staff.id)
            if row is None:
                return Wants()
            private = contact_of(self.office, row)
            return Wants(
                private.get("email", ""), private.get("phone", ""), private.get("accounts", {}),
                tuple(row.channels) if row.channels is not None else None,
                row.digest_hour, tuple(row.muted), row.stand_in.name if row.stand_in else "",
                row.stand_in_from, row.stand_in_to,
                feed_token(self.office, row) if row.feed_salt else "",
            )  # fmt: skip

    def person_channels(self) -> list[ChannelKind]:
        """The channels that a person can choose; the inbox is not chosen, it is there."""
        return [k for k in self.office.channels if k.to == "person" and k.name != IN_APP]

    def account_channels(self) -> list[ChannelKind]:
        """The channels in force that can find or mention a person by an account that they give."""
        return [kind for kind in self.office.channels if kind.account]

    def own_tests(self, staff: Staff) -> list[tuple[ChannelKind, Line | None]]:
        """The channels that reach the person, or mention them in the group, each with their last test."""
        wants = self.wants(staff)
        with self.office.store.read() as unit:
            found = []
            for kind in self.office.channels:
                given = wants.accounts.get(kind.name, "")
                address = {"email": wants.email, "phone": wants.phone, "account": given}
                reached = bool(given) if kind.to == "group" else address.get(kind.address, "-")
                if kind.name != IN_APP and reached:
                    test = channel_queries.last_test(unit, staff.id, kind.name)
                    found.append((kind, line_of(test) if test else None))
            return found

    def test_own(self, staff: Staff, channel: str) -> None:
        """Put a test message to the person themselves into the outbox. Raises Missing for a channel
        that does not reach them, BadInput for a second one within a minute."""
        known = {kind.name: last for kind, last in self.own_tests(staff)}
        if channel not in known:
            raise Missing("没有这个通道，或者您还没有填写它需要的联系方式")
        last = known[channel]
        if last is not None and self.office.now() - last.created_at < TEST_PAUSE:
            raise BadInput([FieldError("test", "刚刚发过测试消息，请过一分钟再试")])
        put_test(self.office, staff, channel, f"{staff.display_name}测试本人的提醒方式")

    def may_mute(self) -> Mapping[str, str]:
        """What the law lets a person do without, with its plain name: what is said at once, and rungs."""
        rule = self.office.law.settings.get("reminders_off")
        at_once = {name: row.label for name, row in load_ladder().at_once.items()}
        return at_once | dict(rule.values if rule else {})

    def always_said(self) -> list[str]:
        """The plain names of all else that is said to staff."""
        known = self.may_mute()
        return [label for name, label in load_ladder().labels().items() if name not in known]

    @retried
    def change(self, staff: Staff, given: Mapping[str, Any]) -> None:
        """Set addresses and choices. given: email, phone, accounts (by channel), channels, digest_hour,
        muted. Raises BadInput; a wrong account stands under account_ and the channel's name."""
        email, phone = given["email"].strip(), given["phone"].strip()
        errors = []
        if email:
            try:
                email = email_address(email, anywhere=False)
            except ValueError as error:
                errors.append(FieldError("email", str(error)))
        if phone and not mobile(phone):
            errors.append(FieldError("phone", "请填写 11 位手机号"))
        accounts = {
            kind.name: given["accounts"].get(kind.name, "").strip()
            for kind in self.account_channels()
        }
        errors += [
            FieldError(f"account_{kind.name}", f"请填写{kind.account}")
            for kind in self.account_channels()
            if accounts[kind.name] and not re.fullmatch(kind.account_shape, accounts[kind.name])
        ]
        hour = given["digest_hour"]
        if hour not in ("", *(str(h) for h in range(7, 21))):
            errors.append(FieldError("digest_hour", "请选择 7 点到 20 点"))
        if errors:
            raise BadInput(errors)
        allowed = {kind.name for kind in self.person_channels()}
        with self.office.store.write() as unit:
            row = contact_row(unit, staff.id)
            private = contact_of(self.office, row) if row.sealed else {}
            # What was given for a channel that is out of force for now is kept.
            known = {**private.get("accounts", {}), **accounts}
            kept = {name: value for name, value in known.items() if value}
            private |= {"email": email, "phone": mobile(phone), "accounts": kept}
            row.sealed = self.office.keys.seal(private, f"contact {staff.id}")
            chosen = [name for name in given["channels"] if name in allowed]
            row.channels = None if set(chosen) == allowed else chosen
            row.digest_hour = int(hour) if hour else None
            row.muted = [name for name in given["muted"] if name in self.may_mute()]

    @retried
    def stand_in(self, staff: Staff, other: str, first: str, last: str) -> None:
        """Let somebody of the same body get one's messages from a day through another; `other` empty
        ends it. Raises BadInput."""
        with self.office.store.write() as unit:
            row = contact_row(unit, staff.id)
            if not other:
                row.stand_in_id = row.stand_in_from = row.stand_in_to = None
                return
            errors, days = [], []
            for field, text in (("stand_in_from", first), ("stand_in_to", last)):
                try:
                    days.append(parse_day(text))
                except ValueError as error:
                    errors.append(FieldError(field, str(error)))
            user, apart = unit.user(other), administering(self.office.law)
            if user is None or user.id == staff.id or not _colleagues(staff, user):
                errors.append(FieldError("stand_in", "请选择本机关的另一位工作人员"))
            elif not apart.isdisjoint(role.role for role in user.roles) and not any(
                apart & held for held in staff.roles.values()
            ):
                errors.append(FieldError("stand_in", "管理员看不到申请，不能代收关于申请的消息"))
            elif len(days) == 2 and days[1] < days[0]:
                errors.append(FieldError("stand_in_to", "结束之日早于开始之日"))
            if errors or user is None:
                raise BadInput(errors)
            row.stand_in_id, (row.stand_in_from, row.stand_in_to) = user.id, days


def _colleagues(staff: Staff, user: UserRow) -> bool:
    return user.active and any(role.agency.code in staff.roles for role in user.roles)
