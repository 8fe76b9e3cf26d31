"""What a person sees of messages: the inbox, what they want, what was sent to whom, the channels."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from config.channels import IN_APP, ChannelKind, load_channels
from workflow import people
from workflow.case.application import EMAIL_SHAPE
from workflow.dates import SHANGHAI, parse_day
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.reminders.morning import SheetLine
from workflow.service.cases.finding import by_code
from workflow.service.messages.notices import (
    AGAIN_AT,
    applicant_channels,
    contact_of,
    days_in_words,
    mobile,
    open_to_applicant,
    tell_person,
)
from workflow.service.messages.outbox import ALARM_AFTER, Outbox, refusal_token
from workflow.service.office import Missing, Office
from workflow.store import cases as case_queries
from workflow.store import messages as message_queries
from workflow.store.message_models import ApplicantChoiceRow, ContactRow, MessageRow
from workflow.store.models import CaseRow, UserRow
from workflow.store.unit import Unit

STATES = {
    "waiting": "等待发送",
    "claimed": "正在发送",
    "handing": "正在发送",
    "sent": "已送达",
    "unclear": "可能已送达",
    "failed": "没有送达",
    "withdrawn": "已撤回",
    "gathered": "并入汇总",
}
TEST_PAUSE = timedelta(minutes=1)
AGAIN = {"tomorrow": "明天上班时", "three": "3 个工作日后", "due": "到期前一个工作日"}


@dataclass(frozen=True)
class Line:
    """A message as pages show it. state: its word; arrived: ok, late, still or soon (the tag)."""

    id: int
    kind: str
    channel: str
    to: str
    about: str
    agency: str
    text: str
    why: str
    level: str
    state: str
    state_label: str
    tag: str
    problem: str
    attempts: int
    created_at: datetime
    not_before: datetime
    done_at: datetime | None
    read: bool
    of_case: bool
    agency_name: str = ""
    may_send_again: bool = False


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


@dataclass(frozen=True)
class ChannelHealth:
    """A channel with how it is. lacking: settings that are missing; failing: it needs somebody."""

    kind: ChannelKind
    in_force: bool
    lacking: tuple[str, ...]
    failures: int
    failing: bool
    last_ok_at: datetime | None
    last_failed_at: datetime | None
    problem: str
    test: Line | None


class Inbox:
    """The use cases of a person around messages."""

    def __init__(self, office: Office) -> None:
        self.office = office

    # -- the inbox ----------------------------------------------------------------------------------

    def unread(self, staff: Staff) -> int:
        with self.office.store.read() as unit:
            return message_queries.count_unread(unit, staff.id)

    def lines(self, staff: Staff) -> list[Line]:
        """What the person was told, the latest first."""
        with self.office.store.read() as unit:
            return [self._line(row) for row in message_queries.inbox(unit, staff.id)]

    def read(self, staff: Staff, last: int, only: int | None = None) -> None:
        """Mark one message as read, or every one up to the last that was seen."""
        with self.office.store.write() as unit:
            message_queries.mark_read(unit, staff.id, last, self.office.now(), only)

    def again(self, staff: Staff, message: int, when: str) -> date:
        """Remind the person again; when: of AGAIN. The day on which it will be. Raises Missing, or
        BadInput for a day that cannot be."""
        with self.office.store.write() as unit:
            row = unit.session.get(MessageRow, message)
            if row is None or row.user_id != staff.id or row.channel != IN_APP:
                raise Missing("没有这条消息")
            if when not in AGAIN:
                raise BadInput([FieldError("when", "请选择什么时候再提醒")])
            day = self._again_on(unit, row, when)
            due = row.case.next_due if row.case else row.due
            tell_person(
                self.office, unit, staff.id, row.agency_id,
                moment=row.moment, text=row.text, why="您要求再次提醒", what=f"again {row.id}",
                at=datetime.combine(day, AGAIN_AT, SHANGHAI), level=row.level, about=row.about,
                case_id=row.case_id, kind="again", due=due,
            )  # fmt: skip
            row.read_at = row.read_at or self.office.now()
            return day

    def _again_on(self, unit: Unit, row: MessageRow, when: str) -> date:
        today = self.office.today()
        assert row.agency is not None
        calendar = self.office.rules(unit, row.agency, today).calendar
        if when == "due":
            due = row.case.next_due if row.case else row.due
            before = calendar.add(due, -1) if due else today
            if before <= today:
                raise BadInput([FieldError("when", "到期前已经没有工作日了")])
            return before
        return calendar.add(today, 1 if when == "tomorrow" else 3)

    def _line(self, row: MessageRow, *, may_send_again: bool = False) -> Line:
        channels = load_channels()
        to = (
            row.user.display_name
            if row.user
            else "申请人"
            if row.kind == "applicant"
            else "本机关的群"
        )
        if row.stands_for is not None:
            to += f"（代理{row.stands_for.display_name}）"
        tag = {"sent": "ok", "failed": "late", "unclear": "soon"}.get(row.state, "still")
        return Line(
            row.id, row.kind, channels[row.channel].label if row.channel in channels else row.channel,
            to, row.about, row.agency.code if row.agency else "", row.text, row.why, row.level,
            row.state, STATES[row.state], tag, row.problem, row.attempts, row.created_at,
            row.not_before, row.done_at, row.read_at is not None, row.case_id is not None,
            row.agency.name if row.agency else "", may_send_again,
        )  # fmt: skip

    # -- the record ---------------------------------------------------------------------------------

    def record(
        self, staff: Staff, *, about: str = "", channel: str = "", state: str = "", page: int = 1,
        per_page: int = 50,
    ) -> tuple[list[Line], int]:  # fmt: skip
        """What was sent to whom in the person's bodies, when, whether it arrived and why (送达记录)."""
        states = tuple(s for s, label in STATES.items() if label == STATES.get(state))
        with self.office.store.read() as unit:
            ids = [row.id for row in unit.agencies() if row.code in staff.roles]
            rows, total = message_queries.record(
                unit, ids, about=about, channel=channel, states=states,
                after=(page - 1) * per_page, limit=per_page,
            )  # fmt: skip
            return [
                self._line(row, may_send_again=self._may_send_again(staff, row)) for row in rows
            ], total

    def send_again(self, staff: Staff, message: int) -> None:
        """Send once more what failed or perhaps arrived, because somebody says so. Raises Missing."""
        with self.office.store.write() as unit:
            row = unit.session.get(MessageRow, message, with_for_update=True)
            if row is None or not self._may_send_again(staff, row):
                raise Missing("没有这条消息，或者不能再发")
            row.state, row.attempts, row.problem, row.done_at = "waiting", 0, "", None
            row.not_before = self.office.now()

    @staticmethod
    def _may_send_again(staff: Staff, row: MessageRow) -> bool:
        mine = row.agency is not None and any(
            staff.may(role, row.agency.code) for role in ("clerk", "office_head", "admin")
        )
        return mine and row.state in ("failed", "unclear")

    # -- what a person wants ------------------------------------------------------------------------

    def wants(self, staff: Staff) -> Wants:
        with self.office.store.read() as unit:
            row = message_queries.contact(unit, staff.id)
            if row is None:
                return Wants()
            private = contact_of(self.office, row)
            return Wants(
                private.get("email", ""), private.get("phone", ""), private.get("accounts", {}),
                tuple(row.channels) if row.channels is not None else None,
                row.digest_hour, tuple(row.muted), row.stand_in.name if row.stand_in else "",
                row.stand_in_from, row.stand_in_to,
                self._feed_token(row) if row.feed_salt else "",
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
                    test = message_queries.last_test(unit, staff.id, kind.name)
                    found.append((kind, self._line(test) if test else None))
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
        self._test(staff, channel, f"{staff.display_name}测试本人的提醒方式")

    def may_mute(self) -> Mapping[str, str]:
        """Moments that the law lets a person do without, with their labels."""
        rule = self.office.law.settings.get("reminders_off")
        return rule.values if rule else {}

    def change(self, staff: Staff, given: Mapping[str, Any]) -> None:
        """Set addresses and choices. given: email, phone, accounts (by channel), channels, digest_hour,
        muted. Raises BadInput; a wrong account stands under account_ and the channel's name."""
        email, phone = given["email"].strip(), given["phone"].strip()
        errors = []
        if email and not re.fullmatch(EMAIL_SHAPE, email):
            errors.append(FieldError("email", "请填写有效的电子邮箱"))
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
            row = self._contact(unit, staff.id)
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

    def stand_in(self, staff: Staff, other: str, first: str, last: str) -> None:
        """Let somebody of the same body get one's messages from a day through another; `other` empty
        ends it. Raises BadInput."""
        with self.office.store.write() as unit:
            row = self._contact(unit, staff.id)
            if not other:
                row.stand_in_id = row.stand_in_from = row.stand_in_to = None
                return
            errors, days = [], []
            for field, text in (("stand_in_from", first), ("stand_in_to", last)):
                try:
                    days.append(parse_day(text))
                except ValueError as error:
                    errors.append(FieldError(field, str(error)))
            user = unit.user(other)
            if user is None or user.id == staff.id or not self._colleagues(staff, user):
                errors.append(FieldError("stand_in", "请选择本机关的另一位工作人员"))
            elif len(days) == 2 and days[1] < days[0]:
                errors.append(FieldError("stand_in_to", "结束之日早于开始之日"))
            if errors or user is None:
                raise BadInput(errors)
            row.stand_in_id, (row.stand_in_from, row.stand_in_to) = user.id, days

    @staticmethod
    def _colleagues(staff: Staff, user: UserRow) -> bool:
        return user.active and any(role.agency.code in staff.roles for role in user.roles)

    @staticmethod
    def _contact(unit: Unit, user_id: int) -> ContactRow:
        row = message_queries.contact(unit, user_id)
        if row is None:
            row = ContactRow(user_id=user_id, muted=[])
            unit.session.add(row)
        return row

    # -- the calendar and the morning sheet ---------------------------------------------------------

    def new_feed(self, staff: Staff) -> str:
        """A secret address for the person's calendar; one given before ends."""
        with self.office.store.write() as unit:
            row = self._contact(unit, staff.id)
            row.feed_salt = secrets.token_hex(16)
            unit.session.flush()
            return self._feed_token(row)

    def _feed_token(self, row: ContactRow) -> str:
        proof = self.office.keys.identity(f"feed {row.user_id} {row.feed_salt}")
        return f"{row.user_id:x}-{proof[:40]}"

    def feed(self, token: str) -> list[SheetLine]:
        """The due days of the person whose secret address it is. Raises Missing."""
        head, _, _ = token.partition("-")
        with self.office.store.read() as unit:
            row = (
                message_queries.contact(unit, int(head, 16))
                if re.fullmatch("[0-9a-f]{1,8}", head)
                else None
            )
            user = unit.session.get(UserRow, row.user_id) if row else None
            known = row is not None and row.feed_salt and user is not None and user.active
            if not known or row is None or not people.codes_match(self._feed_token(row), token):
                raise Missing("没有这个日历")
            assert user is not None
            staff = self.office.staff_of(user)
            return self._due(unit, staff)

    def morning(self, staff: Staff) -> list[SheetLine]:
        """The open cases of the person's bodies that have a due day, what is due first on top."""
        with self.office.store.read() as unit:
            return self._due(unit, staff)

    def _due(self, unit: Unit, staff: Staff) -> list[SheetLine]:
        agencies = {row.id: row for row in unit.agencies() if row.code in staff.roles}
        states = tuple(
            name
            for name, state in self.office.law.states.items()
            if state.stage in ("before_receipt", "running", "waiting")
        )
        today, found = self.office.today(), []
        rows = case_queries.cases_by_urgency(
            unit, list(agencies), case_queries.Wanted(states), limit=500
        )
        for row in rows:
            if row.next_due is None:
                continue
            agency = agencies[row.agency_id]
            calendar = self.office.rules(unit, agency, today).calendar
            late = row.next_due < today
            left = (
                -max(1, calendar.count(row.next_due, today))
                if late
                else calendar.count(today, row.next_due)
            )
            found.append(
                SheetLine(
                    row.number, agency.name, self.office.law.states[row.state].label,
                    row.next_due, left, days_in_words(self.office, unit, agency, row.next_due),
                )
            )  # fmt: skip
        return found

    # -- channels -----------------------------------------------------------------------------------

    def health(self, staff: Staff, settings: Mapping[str, Any]) -> list[ChannelHealth]:
        """Every channel with what it lacks, how it is, and the person's last test of it."""
        with self.office.store.read() as unit:
            found = []
            for kind in load_channels().values():
                lacking = tuple(kind.lacking(settings))
                row = message_queries.channel_health(unit, kind.name)
                test = message_queries.last_test(unit, staff.id, kind.name)
                failures = row.failures if row else 0
                found.append(
                    ChannelHealth(
                        kind, kind in self.office.channels, lacking, failures,
                        failures >= ALARM_AFTER, row.last_ok_at if row else None,
                        row.last_failed_at if row else None, row.problem if row else "",
                        self._line(test) if test else None,
                    )
                )  # fmt: skip
            return found

    def worker(self) -> tuple[bool, datetime | None]:
        """Whether a worker is sending now, and when it was last seen what is due."""
        worker = Outbox(self.office)
        return bool(worker.leader()), worker.last_round()

    def failing(self, staff: Staff) -> list[str]:
        """Labels of failing channels, for who has to see to them."""
        if not any("admin" in held for held in staff.roles.values()):
            return []
        with self.office.store.read() as unit:
            rows = [
                message_queries.channel_health(unit, kind.name) for kind in self.office.channels
            ]
            known = load_channels()
            return [known[row.name].label for row in rows if row and row.failures >= ALARM_AFTER]

    def test(self, staff: Staff, channel: str) -> None:
        """Put a test message to the person (or the group) into the outbox. Raises Missing."""
        kind = next((k for k in self.office.channels if k.name == channel), None)
        if kind is None or not any("admin" in held for held in staff.roles.values()):
            raise Missing("没有这个通道，或者您不能测试它")
        self._test(staff, channel, f"{staff.display_name}测试通道")

    def _test(self, staff: Staff, channel: str, why: str) -> None:
        now = self.office.now()
        with self.office.store.write() as unit:
            agency = self.office.found_agency(unit, staff.home)
            message_queries.add_message(
                unit, key=secrets.token_hex(32), kind="test", channel=channel, user_id=staff.id,
                agency_id=agency.id, moment="test", text="这是一条测试消息，不需要处理。",
                why=why, day=now.date(), created_at=now, not_before=now,
            )  # fmt: skip

    # -- the applicant ------------------------------------------------------------------------------

    def applicant_choice(self, number: str, code: str) -> list[tuple[str, str, bool]]:
        """Name, label and whether chosen, for each channel open to the applicant with number and query
        code. Raises Missing."""
        with self.office.store.read() as unit:
            row = by_code(self.office, unit, number, code)
            chosen = {kind.name for kind in applicant_channels(self.office, unit, row)}
            return [
                (kind.name, kind.label, kind.name in chosen)
                for kind in open_to_applicant(self.office, row)
            ]

    def choose(self, number: str, code: str, channels: list[str]) -> None:
        """Through what the applicant wants to be told from now on. Raises Missing."""
        with self.office.store.write() as unit:
            self._choose(unit, by_code(self.office, unit, number, code), channels)

    def refusable(self, token: str) -> str:
        """The number of the case that a refusal link is about. Raises Missing."""
        with self.office.store.read() as unit:
            return self._refusal(unit, token).number

    def refuse(self, token: str) -> str:
        """The applicant wants no more messages about the case; its number. Raises Missing."""
        with self.office.store.write() as unit:
            row = self._refusal(unit, token)
            self._choose(unit, row, [])
            return row.number

    def _refusal(self, unit: Unit, token: str) -> CaseRow:
        head, _, _ = token.partition("-")
        row = (
            unit.session.get(CaseRow, int(head, 16))
            if re.fullmatch("[0-9a-f]{1,8}", head)
            else None
        )
        if row is None or not people.codes_match(
            refusal_token(self.office, row.id, row.code_salt), token
        ):
            raise Missing("这个链接不正确或者已经失效")
        return row

    def _choose(self, unit: Unit, row: CaseRow, channels: list[str]) -> None:
        known = {kind.name for kind in open_to_applicant(self.office, row)}
        now, wanted = self.office.now(), [name for name in channels if name in known]
        unit.session.merge(ApplicantChoiceRow(case_id=row.id, channels=wanted, decided_at=now))
        message_queries.withdraw_applicants(unit, row.id, wanted, "申请人不再接收", now)
