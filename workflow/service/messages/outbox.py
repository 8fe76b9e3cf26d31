"""The worker's side of the outbox: who leads, what is claimed, what came of it.

A message goes waiting → claimed → handing → sent. It is marked `handing` in a transaction of its own
immediately before the channel does what cannot be taken back; a process that dies before that has sent
nothing, one that dies after it has perhaps sent. See docs/decisions/0009.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from config.channels import IN_APP, ChannelKind, load_channels
from workflow.addresses import mobile
from workflow.reminders.due import Reminder
from workflow.service.applicants.addresses import of_account
from workflow.service.messages.contacts import account_for, address_for
from workflow.service.messages.failures import channel_failed, tell_of
from workflow.service.messages.recipients import mentioned
from workflow.service.messages.texts import digest_text, text_today
from workflow.service.messages.to_applicant import applicant_addresses, with_code
from workflow.service.messages.to_staff import (
    STALE,
    deliver_in_app,
    enqueue,
)
from workflow.service.office import Office
from workflow.store import channels as channel_queries
from workflow.store import messages as message_queries
from workflow.store import own_accounts
from workflow.store.account_models import AccountMessageRow
from workflow.store.message_models import AttemptRow, LeaseRow, MessageRow
from workflow.store.models import AgencyRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 30, 120, 720))
"""After each failed attempt; after the last of them it is given up."""
CLAIM = timedelta(minutes=2)
"""How long a process may take over one message; longer than every timeout of a channel together."""
LEASE = timedelta(seconds=30)
LEADER = "worker"
ROUND = "reminder round"
LAST_ROUND = time(18)
"""The hour after which no round is made any more on a day."""
TOGETHER = 1000
"""Reminders that one transaction puts into the outbox: nobody waits for a whole round to write."""
FLOOD = 3
"""More waiting reminders than this, held up by a stop, are told to a person as one."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A claimed message, from the worker to a channel. address: where to; empty for groups and webhooks.

    account: by which the receiver of a webhook knows the person. mentions: accounts of those in a group
    whom the message concerns and who have given theirs.
    refusal: by which an applicant refuses further messages. of_account: to an applicant's account, where the holder says
    what they want. body, agency: name and code of the body that says it; empty where several do, or none. thread: the same
    for all messages about one case, and tells nobody which. Nothing of this is ever logged.
    """

    id: int
    key: str
    claim: str
    channel: str
    kind: str
    text: str
    level: str
    about: str
    day: date
    due: date | None
    created_at: datetime
    attempts: int
    address: str = ""
    person: str = ""
    refusal: str = ""
    account: str = ""
    mentions: tuple[str, ...] = ()
    of_account: bool = False
    body: str = ""
    thread: str = ""
    agency: str = ""


class ClaimLost(Exception):
    """Another process has the message now: do not send."""


class Outbox:
    """What a worker asks and says; every call is a transaction."""

    def __init__(self, office: Office) -> None:
        self.office = office

    # -- leading ------------------------------------------------------------------------------------

    @retried
    def lead(self, holder: str) -> bool:
        """Take or renew the lease. True for the one process that leads until it ends.

        A lease that ends later than any could was given by a clock that has been put back since; it
        does not count. Whoever takes the lease over releases what the former leader had claimed.
        """
        now = self.office.now()
        with self.office.store.write() as unit:
            row = channel_queries.lease_row(unit, LEADER)
            if row is None:
                row = LeaseRow(name=LEADER, holder="", until=now - LEASE)
                unit.session.add(row)
            held = now <= row.until <= now + 2 * LEASE
            if held and row.holder != holder:
                return False
            if row.holder != holder:
                message_queries.release_claims(unit, now, CLAIM, every=True)
            row.holder, row.until = holder, now + LEASE
            return True

    @retried
    def resign(self, holder: str) -> None:
        """Give the lease back when stopping, so that another leads at once."""
        with self.office.store.write() as unit:
            row = channel_queries.lease_row(unit, LEADER)
            if row is not None and row.holder == holder:
                row.until = self.office.now() - LEASE

    def leader(self) -> str:
        """Who holds a lease that has not ended; empty if nobody does."""
        now = self.office.now()
        with self.office.store.read() as unit:
            row = channel_queries.lease_row(unit, LEADER, lock=False)
            return row.holder if row and now <= row.until <= now + 2 * LEASE else ""

    # -- rounds -------------------------------------------------------------------------------------

    def last_round(self) -> datetime | None:
        """When it was last seen what is due."""
        with self.office.store.read() as unit:
            noted = unit.stamp(ROUND)
            return datetime.fromisoformat(noted) if noted else None

    def round_made(self, reminders: Sequence[Reminder], at: datetime) -> int:
        """Enqueue what a round found and then note the round; how many messages are new. A round that
        dies before it is noted is made again: what it had put there already stays."""
        parts = [reminders[n : n + TOGETHER] for n in range(0, len(reminders), TOGETHER)]
        made = sum(self._put(some) for some in parts[:-1])
        return made + self._put(parts[-1] if parts else [], noted=at)

    @retried
    def _put(self, reminders: Sequence[Reminder], noted: datetime | None = None) -> int:
        with self.office.store.write() as unit:
            made = enqueue(self.office, unit, reminders)
            if noted is not None:
                unit.set_stamp(ROUND, noted.isoformat())
            return made

    # -- sending ------------------------------------------------------------------------------------

    @retried
    def claim(self, channel: str) -> Outgoing | None:
        """The next message of a channel, claimed for a while; None if none may go."""
        now = self.office.now()
        with self.office.store.write() as unit:
            row = message_queries.next_waiting(unit, channel, now, PAUSES[-1], now - STALE)
            while row is not None and (moot := self._moot(unit, row)):
                row.state, row.done_at, row.problem = "withdrawn", now, moot
                unit.session.flush()
                row = message_queries.next_waiting(unit, channel, now, PAUSES[-1], now - STALE)
            if row is None:
                return None
            row.state, row.claim = "claimed", secrets.token_hex(16)
            row.claimed_until = now + CLAIM
            row.text = text_today(self.office, unit, row)
            return self._outgoing(unit, row)

    def _moot(self, unit: Unit, row: MessageRow) -> str:
        """Why a message is not sent any more; empty where it is."""
        if row.user is not None:
            return "" if row.user.active else "收件人已经离开"
        own = unit.session.get(AccountMessageRow, row.id)
        if row.kind == "account":
            ended = own is None or own.ends_at is None or own.ends_at <= self.office.now()
            return "已经过了有效的时间" if ended else ""
        return ""

    def _outgoing(self, unit: Unit, row: MessageRow) -> Outgoing:
        assert row.claim is not None
        kind, address, person, refusal = load_channels().get(row.channel), "", "", ""
        account, text = "", row.text
        mentions: tuple[str, ...] = ()
        if kind is not None and kind.to == "group":
            mentions = mentioned(self.office, unit, row)
        elif row.user is not None:
            person = row.user.name
            contact = channel_queries.contact(unit, row.user.id)
            if contact is not None and kind is not None:
                address = address_for(self.office, contact, kind)
                account = account_for(self.office, contact, kind.name)
        elif row.kind == "applicant" and row.case is not None and kind is not None:
            address = applicant_addresses(self.office, row.case).get(kind.address, "")
            refusal = refusal_token(self.office, row.case.id, row.case.code_salt)
        elif (own := unit.session.get(AccountMessageRow, row.id)) is not None and kind is not None:
            said = self.office.keys.open(own.sealed, f"account message {row.id}")
            text = said.get("text", text)
            address = said.get("address", "")
            if own.account_id is not None:
                known = of_account(self.office, unit, own.account_id).get(kind.address)
                address = known.text if known else ""
        if kind is not None and kind.address == "phone":
            address = mobile(address)
        if row.case is not None:
            text = with_code(self.office, row.case, text)
        body = _body(unit, row)
        return Outgoing(
            row.id, row.key, row.claim, row.channel, row.kind, text, row.level, row.about,
            row.day, row.due, row.created_at, row.attempts, address, person, refusal, account,
            mentions, of_account=kind is not None and kind.to == "person" and not person and not refusal,
            body=body.name if body else "", agency=body.code if body else "",
            thread=thread_of(self.office, row.case_id) if row.case_id else "",
        )  # fmt: skip

    @retried
    def handing(self, message: Outgoing) -> None:
        """Note that the message is being given away now, before what cannot be taken back. Raises
        ClaimLost if it is not this process's any more; then it must not be sent."""
        now = self.office.now()
        with self.office.store.write() as unit:
            mine = message_queries.move(
                unit, message.id, message.claim, "claimed",
                state="handing", claimed_until=now + CLAIM, attempts=message.attempts + 1,
            )  # fmt: skip
            if not mine:
                raise ClaimLost
            unit.session.add(AttemptRow(message_id=message.id, at=now))

    @retried
    def sent(self, message: Outgoing, detail: str = "") -> None:
        """The receiver has taken it."""
        now = self.office.now()
        with self.office.store.write() as unit:
            if message_queries.move(
                unit, message.id, message.claim, "handing",
                state="sent", done_at=now, problem="", claim=None, claimed_until=None,
            ):  # fmt: skip
                self._attempted(unit, message.id, "sent", detail)
            row = channel_queries.channel_row(unit, message.channel)
            row.failures, row.last_ok_at, row.problem, row.alarmed_at = 0, now, "", None

    def later(self, message: Outgoing, problem: str) -> None:
        """It did not go; it is tried again after a growing pause, and given up after the last one."""
        self._not_sent(message, problem, final=False)

    def never(self, message: Outgoing, problem: str, *, of_channel: bool = False) -> None:
        """It cannot go: the address is wrong, or (of_channel) the channel itself refuses."""
        self._not_sent(message, problem, final=True, of_channel=of_channel)

    @retried
    def unclear(self, message: Outgoing, problem: str) -> None:
        """It was given away and nothing was heard: perhaps it arrived."""
        with self.office.store.write() as unit:
            row = self._mine(unit, message)
            if row is not None:
                self._perhaps(unit, row, problem)
            channel_failed(self.office, unit, message.channel, problem)

    @retried
    def _not_sent(
        self, message: Outgoing, problem: str, *, final: bool, of_channel: bool = True
    ) -> None:
        now = self.office.now()
        with self.office.store.write() as unit:
            row = self._mine(unit, message)
            if row is not None:
                if row.state == "claimed":
                    row.attempts += 1
                    unit.session.add(AttemptRow(message_id=row.id, at=now))
                    unit.session.flush()
                self._again(unit, row, problem, final=final)
            if of_channel:
                channel_failed(self.office, unit, message.channel, problem)

    def _mine(self, unit: Unit, message: Outgoing) -> MessageRow | None:
        row = unit.session.get(MessageRow, message.id, with_for_update=True)
        return row if row is not None and row.claim == message.claim else None

    def _again(self, unit: Unit, row: MessageRow, problem: str, *, final: bool) -> None:
        now = self.office.now()
        row.claim, row.claimed_until, row.problem = None, None, problem
        if not final and row.attempts <= len(PAUSES):
            row.state, row.not_before = "waiting", now + PAUSES[row.attempts - 1]
            self._attempted(unit, row.id, "later", problem)
        else:
            row.state, row.done_at = "failed", now
            self._attempted(unit, row.id, "never", problem)
            tell_of(self.office, unit, row, "没有送达")

    def _perhaps(self, unit: Unit, row: MessageRow, problem: str) -> None:
        """Sent again where the receiver drops a second copy; else told, and left to people."""
        kind = load_channels().get(row.channel)
        if kind is not None and kind.repeats:
            self._again(unit, row, problem, final=False)
            return
        row.claim, row.claimed_until, row.problem = None, None, problem
        row.state, row.done_at = "unclear", self.office.now()
        self._attempted(unit, row.id, "unclear", problem)
        tell_of(self.office, unit, row, "可能没有送达")

    @staticmethod
    def _attempted(unit: Unit, message: int, result: str, detail: str) -> None:
        attempt = message_queries.running_attempt(unit, message)
        if attempt is not None:
            attempt.result, attempt.detail = result, detail

    # -- after a crash and after a stop --------------------------------------------------------------

    @retried
    def recover(self) -> int:
        """Take up what dead processes left: claimed messages wait again; handed-over ones were perhaps
        sent. Returns how many there were."""
        now = self.office.now()
        with self.office.store.write() as unit:
            found = message_queries.release_claims(unit, now, CLAIM, every=False)
            for row in message_queries.abandoned(unit, now, CLAIM):
                self._perhaps(unit, row, "发送时程序中断，不知道对方是否收到")
                found += 1
            return found

    @retried
    def gather(self) -> int:
        """Reminders that wait for a person's digest of the day, and the flood after a stop, become one
        message per person and channel; few of them go singly. Nothing that is to be gathered is sent
        before this has been done. Returns how many digests were made."""
        now = self.office.now()
        with self.office.store.write() as unit:
            groups: dict[tuple[str, str], list[MessageRow]] = defaultdict(list)
            found = message_queries.gatherable(unit, now, now - STALE)
            of_accounts = own_accounts.accounts_of_messages(
                unit, [row.id for row in found if row.user_id is None]
            )
            for row in found:
                groups[_receiver(row, of_accounts.get(row.id)), row.channel].append(row)
            made = 0
            for (who, _), rows in groups.items():
                daily = [row for row in rows if row.bundled]
                together = rows if len(rows) > FLOOD else daily if len(daily) > 1 else []
                if together:
                    self._digest(unit, together, who, of_accounts.get(rows[0].id))
                    made += 1
                for row in rows:
                    if row.state == "waiting":  # goes by itself
                        row.bundled, row.not_before = False, now
            deliver_in_app(self.office, unit, stale_too=True)
            return made

    def _digest(self, unit: Unit, rows: list[MessageRow], who: str, account: int | None) -> None:
        now, first = self.office.now(), rows[0]
        held_up = any(row.not_before < now - STALE for row in rows)
        digest = message_queries.add_message(
            unit,
            key=message_queries.key_of(f"digest {first.id}", who, first.channel, now.date()),
            kind="digest", channel=first.channel, user_id=first.user_id,
            stands_for_id=first.stands_for_id, agency_id=first.agency_id, about="",
            moment="digest", level=_highest(rows),
            text=digest_text(self.office, unit, rows),
            why=f"停止期间积下的 {len(rows)} 条提醒合为一条" if held_up
            else f"按您的选择，一天的 {len(rows)} 条提醒合为一条",
            day=now.date(), due=first.due, created_at=now, not_before=now,
        )  # fmt: skip
        assert digest is not None, "a digest is made once"
        if account is not None:
            unit.session.add(AccountMessageRow(message_id=digest.id, account_id=account))
        for row in rows:
            row.state, row.digest_id, row.done_at = "gathered", digest.id, now


def refusal_token(office: Office, case_id: int, salt: str) -> str:
    """By which an applicant refuses further messages about a case, without number and code."""
    proof = office.keys.mark("identity", f"refusal {case_id} {salt}")
    return f"{case_id:x}-{proof[:40]}"


def thread_of(office: Office, case_id: int) -> str:
    """By which a reader of mail puts together what is said about a case, whoever it is said to."""
    return office.keys.mark("identity", f"thread {case_id}")[:40]


def _body(unit: Unit, row: MessageRow) -> AgencyRow | None:
    """The body that says it; None for a digest of several bodies, and for what no body says."""
    if row.kind == "digest":
        bodies = {one.agency_id for one in message_queries.gathered_into(unit, row.id)}
        if len(bodies) != 1:
            return None
    return row.agency


def _receiver(row: MessageRow, account: int | None) -> str:
    """Whose digest a reminder goes into: a person's, an account's, else that of the body's group."""
    if row.user_id is not None:
        return f"user {row.user_id}"
    return f"group {row.agency_id}" if account is None else f"account {account}"


def _highest(rows: list[MessageRow]) -> str:
    order = ("info", "yellow", "red", "black")
    return max((row.level for row in rows), key=lambda level: order.index(level))


def channels_of_worker(office: Office) -> tuple[ChannelKind, ...]:
    """The channels that a worker sends through: all in force but the inbox."""
    return tuple(kind for kind in office.channels if kind.name != IN_APP)
