"""The addresses of accounts: mobile numbers and e-mail, in one form, sealed, found by a keyed hash; and what is sent to
them through the outbox."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from config.channels import ChannelKind
from workflow.addresses import email_address, mobile
from workflow.case.identity import masked_email, masked_phone
from workflow.refusal import BadInput, FieldError
from workflow.service.office import Office
from workflow.store import messages as message_queries
from workflow.store import own_accounts as queries
from workflow.store.account_models import AccountMessageRow
from workflow.store.keyed import ADDRESS
from workflow.store.unit import Unit

NO_WAY = "本网站还没有开通发送验证码的{way}，请换一种方式"
WAYS = {"phone": "短信", "email": "电子邮件"}
ASKED = {"phone": " 11 位手机号", "email": "电子邮箱"}


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached: kind is phone or email, text in the one form in which it is kept."""

    kind: str
    text: str

    @property
    def masked(self) -> str:
        """For pages: enough to know it again."""
        return masked_phone(self.text) if self.kind == "phone" else masked_email(self.text)

    def hash(self, office: Office) -> str:
        """The keyed hash by which its account is found; letters of an e-mail address count as small ones."""
        return office.keys.digest(ADDRESS, self._said)

    def hashes(self, office: Office) -> list[str]:
        """The same by every key: one of them is kept where the address is known."""
        return [key.digest(ADDRESS, self._said) for key in office.keys.each()]

    @property
    def _said(self) -> str:
        return f"{self.kind} {self.text.lower()}"


def as_address(typed: str) -> Address | None:
    """What was typed as an address; None where it can be none."""
    digits = mobile(typed)
    if digits:
        return Address("phone", digits)
    try:
        return Address("email", email_address(typed, anywhere=False))
    except ValueError:
        return None


def read_address(office: Office, typed: str) -> Address:
    """An address to which a code can go. Raises BadInput (address), also where this office has no channel for it."""
    found = as_address(typed)
    if found is None:
        asked = [words for kind, words in ASKED.items() if channel_of(office, kind)]
        words = "或者".join(asked or ASKED.values())
        raise BadInput([FieldError("address", f"请填写{words}")])
    if channel_of(office, found.kind) is None:
        raise BadInput([FieldError("address", NO_WAY.format(way=WAYS[found.kind]))])
    return found


def channel_of(office: Office, kind: str) -> ChannelKind | None:
    """The channel in force through which applicants are reached at such an address."""
    return next((one for one in office.channels if one.applicants and one.address == kind), None)


def ways_in_force(office: Office) -> list[str]:
    """The kinds of address to which codes can go here."""
    return [kind for kind in WAYS if channel_of(office, kind) is not None]


def of_account(office: Office, unit: Unit, account_id: int) -> dict[str, Address]:
    """The addresses of an account, by kind."""
    return {
        row.kind: Address(row.kind, office.keys.open(row.sealed, seal_of(account_id))["address"])
        for row in queries.addresses_of(unit, account_id)
    }


def seal_of(account_id: int) -> str:
    """To what everything sealed of an account belongs."""
    return f"account {account_id}"


def send(
    office: Office, unit: Unit, to: Address, text: str, *, about: str, lasts: timedelta
) -> None:
    """Put a message into the outbox whose address and text only the sender of the channel sees: neither the record
    nor the database holds them in the clear. about: what it is, for the record. lasts: after which it is not sent."""
    kind, now = channel_of(office, to.kind), office.now()
    if kind is None:
        return
    row = message_queries.add_message(
        unit, key=secrets.token_hex(32), kind="account", channel=kind.name, moment="account",
        text=about, why="申请人账户的消息，内容不留存", day=now.date(), created_at=now, not_before=now,
    )  # fmt: skip
    assert row is not None, "its key is new"
    sealed = office.keys.seal({"address": to.text, "text": text}, f"account message {row.id}")
    unit.session.add(AccountMessageRow(message_id=row.id, sealed=sealed, ends_at=now + lasts))


NOTICE_LASTS = timedelta(days=2)
IF_NOT_YOU = "不是您本人操作的，请尽快登录账户，退出其他地方的登录，并修改密码。"


def tell_of_change(
    office: Office, unit: Unit, to: list[Address], what: str, then: str = IF_NOT_YOU
) -> None:
    """Tell the holder of an account, at each address, what was changed, so that a stranger's change is noticed."""
    for one in to:
        text = f"您在“依申请公开”的账户{what}。{then}"
        send(office, unit, one, text, about="账户变动的提醒", lasts=NOTICE_LASTS)
