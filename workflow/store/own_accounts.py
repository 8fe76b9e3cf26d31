"""What is asked of applicants' own accounts. Each function runs in the caller's transaction."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from workflow.store.account_models import (
    AccountAddressRow,
    AccountCaseRow,
    AccountCodeRow,
    AccountMessageRow,
    AccountPasskeyRow,
    AccountRow,
    AccountSessionRow,
)
from workflow.store.dialect import among, insert_new
from workflow.store.message_models import ApplicantChoiceRow, MessageRow
from workflow.store.models import AgencyRow, CaseRow, WatchedDayRow
from workflow.store.unit import Unit

OWN_KINDS = ("correction", "reasons", "fee")
"""Kinds of watched days by which the applicant has to act."""
OPENS = AccountCaseRow.opens == CaseRow.query_hash
"""Of a case and an account: the code that the account keeps still opens it."""
BATCH = 500


# -- addresses, passkeys, sessions ------------------------------------------------------------------


def account_at(unit: Unit, hashes: Collection[str]) -> int | None:
    """The account with the address of one of these hashes."""
    query = select(AccountAddressRow.account_id).where(AccountAddressRow.hash.in_(hashes))
    return unit.session.scalar(query)


def addresses_of(unit: Unit, account: int) -> list[AccountAddressRow]:
    query = select(AccountAddressRow).where(AccountAddressRow.account_id == account)
    return list(unit.session.scalars(query.order_by(AccountAddressRow.kind.desc())))


def passkeys_of(unit: Unit, account: int) -> list[AccountPasskeyRow]:
    query = select(AccountPasskeyRow).where(AccountPasskeyRow.account_id == account)
    return list(unit.session.scalars(query.order_by(AccountPasskeyRow.id)))


def passkey(unit: Unit, credential: str) -> AccountPasskeyRow | None:
    query = select(AccountPasskeyRow).where(AccountPasskeyRow.credential == credential)
    return unit.session.scalar(query)


def session(unit: Unit, mark: str) -> AccountSessionRow | None:
    return unit.session.scalar(select(AccountSessionRow).where(AccountSessionRow.mark == mark))


def sessions_of(unit: Unit, account: int, now: datetime) -> list[AccountSessionRow]:
    """Those that have not ended, the latest first."""
    query = select(AccountSessionRow).where(
        AccountSessionRow.account_id == account, AccountSessionRow.ends_at > now
    )
    return list(unit.session.scalars(query.order_by(AccountSessionRow.begun_at.desc())))


def end_sessions(
    unit: Unit, account: int, *, only: str | None = None, but: str | None = None
) -> None:
    """Sessions of the account are no more: one by its mark, or all but one."""
    query = delete(AccountSessionRow).where(AccountSessionRow.account_id == account)
    if only is not None:
        query = query.where(AccountSessionRow.mark == only)
    if but is not None:
        query = query.where(AccountSessionRow.mark != but)
    unit.session.execute(query)


def _ended(now: datetime) -> tuple[tuple[Any, ColumnElement[bool]], ...]:
    return tuple(
        (table, table.ends_at <= now)
        for table in (AccountCodeRow, AccountSessionRow, AccountMessageRow)
    )


def some_ended(unit: Unit, now: datetime) -> bool:
    """Whether a code, a session or a sealed message has ended that is still kept."""
    found = (select(1).select_from(table).where(over).exists() for table, over in _ended(now))
    return bool(unit.session.scalar(select(or_(*found))))


def delete_ended(unit: Unit, now: datetime) -> int:
    gone = 0
    for table, over in _ended(now):
        done = unit.session.execute(delete(table).where(over))
        gone += int(done.rowcount)  # type: ignore[attr-defined]  # of a delete it is a CursorResult
    return gone


# -- the requests of an account ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwnLine:
    """A request in the list of its account: its row, and the last day by which the applicant has to act, if so."""

    case: CaseRow
    act_by: date | None


_ACT_BY = (
    select(func.min(WatchedDayRow.day))
    .where(WatchedDayRow.case_id == CaseRow.id, WatchedDayRow.kind.in_(OWN_KINDS))
    .scalar_subquery()
)


def own_lines(
    unit: Unit,
    account: int,
    waits: Collection[str],
    open_: Collection[str],
    begin: int,
    length: int,
) -> list[OwnLine]:
    """A part of the account's list: what waits for the applicant first, then what is under way, each by the day that
    counts, then what is over, the latest first. waits, open_: states."""
    mine = CaseRow.state.in_(list(waits))
    rank = case((mine, 0), (CaseRow.state.in_(list(open_)), 1), else_=2)
    day = case((mine, _ACT_BY), (rank == 1, CaseRow.reply_due), else_=None)
    query = (
        select(CaseRow, case((mine, _ACT_BY), else_=None))
        .join(AccountCaseRow, AccountCaseRow.case_id == CaseRow.id)
        .where(AccountCaseRow.account_id == account, OPENS)
        .options(joinedload(CaseRow.agency), joinedload(CaseRow.holder))
        .order_by(rank, day.is_(None), day, CaseRow.submitted_at.desc(), CaseRow.id.desc())
        .offset(begin)
        .limit(length)
    )
    return [OwnLine(row, day) for row, day in unit.session.execute(query)]


@dataclass(frozen=True, slots=True)
class OwnCount:
    """How many requests an account sees, how many of them wait for the applicant and are open; stale: those whose
    code was renewed since."""

    all: int
    waiting: int
    open: int
    stale: int


def count_own(unit: Unit, account: int, waits: Collection[str], open_: Collection[str]) -> OwnCount:
    def number(which: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((which, 1), else_=0)), 0)

    query = (
        select(
            number(OPENS),
            number(and_(OPENS, CaseRow.state.in_(list(waits)))),
            number(and_(OPENS, CaseRow.state.in_([*waits, *open_]))),
            number(or_(CaseRow.query_hash.is_(None), AccountCaseRow.opens != CaseRow.query_hash)),
        )
        .select_from(AccountCaseRow)
        .join(CaseRow, CaseRow.id == AccountCaseRow.case_id)
        .where(AccountCaseRow.account_id == account)
    )
    return OwnCount(*(int(one) for one in unit.session.execute(query).one()))


def own_case(unit: Unit, account: int, case_id: int) -> tuple[AccountCaseRow, CaseRow] | None:
    """A request of the account, also one whose code was renewed since."""
    query = (
        select(AccountCaseRow, CaseRow)
        .join(CaseRow, CaseRow.id == AccountCaseRow.case_id)
        .where(AccountCaseRow.account_id == account, AccountCaseRow.case_id == case_id)
    )
    found = unit.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def drop_stale(unit: Unit, account: int) -> None:
    """Requests whose code was renewed are not the account's any more."""
    renewed = select(CaseRow.id).where(
        CaseRow.id == AccountCaseRow.case_id,
        or_(CaseRow.query_hash.is_(None), CaseRow.query_hash != AccountCaseRow.opens),
    )
    unit.session.execute(
        delete(AccountCaseRow).where(AccountCaseRow.account_id == account, renewed.exists())
    )


def numbers_of(
    unit: Unit, account: int, agencies: Collection[str], most: int
) -> list[tuple[str, str]]:
    """Body and number of the requests of the account with these bodies, the latest first, so many at most."""
    query = (
        select(AgencyRow.code, CaseRow.number)
        .join(AccountCaseRow, AccountCaseRow.case_id == CaseRow.id)
        .join(AgencyRow, AgencyRow.id == CaseRow.agency_id)
        .where(AccountCaseRow.account_id == account, OPENS, AgencyRow.code.in_(list(agencies)))
        .order_by(CaseRow.id.desc())
        .limit(most)
    )
    return [(code, number) for code, number in unit.session.execute(query)]


def whole_cases(unit: Unit, account: int, after: int) -> list[tuple[CaseRow, bytes]]:
    """Some requests of the account with everything that is told of them and the sealed code, in the order of their ids,
    after one."""
    query = (
        select(CaseRow, AccountCaseRow.sealed)
        .join(AccountCaseRow, AccountCaseRow.case_id == CaseRow.id)
        .where(AccountCaseRow.account_id == account, OPENS, CaseRow.id > after)
        .options(
            joinedload(CaseRow.agency),
            joinedload(CaseRow.holder),
            selectinload(CaseRow.applicants),
            selectinload(CaseRow.log),
        )
        .order_by(CaseRow.id)
        .limit(BATCH)
    )
    return [(row, sealed) for row, sealed in unit.session.execute(query)]


# -- reminding --------------------------------------------------------------------------------------


def watched_in_window(
    unit: Unit, agency_ids: Collection[int], kind: str, first: date, last: date
) -> list[tuple[int, str, date]]:
    """Body, number and day of the requests of accounts that want to be reminded, where a day of the kind lies in the
    window. Of the reply it is the day of the law, not an earlier one of the body's own."""
    day = CaseRow.reply_due if kind == "reply" else WatchedDayRow.day
    query = (
        select(CaseRow.agency_id, CaseRow.number, day)
        .join(WatchedDayRow, and_(WatchedDayRow.case_id == CaseRow.id, WatchedDayRow.kind == kind))
        .join(AccountCaseRow, AccountCaseRow.case_id == CaseRow.id)
        .join(AccountRow, AccountRow.id == AccountCaseRow.account_id)
        .where(
            AccountRow.channels.is_not(None),
            OPENS,
            among(CaseRow.agency_id, list(agency_ids)),
            day >= first,
            day <= last,
        )
        .distinct()
    )
    return [(body, number, on) for body, number, on in unit.session.execute(query) if on]


def somebody_wants(unit: Unit) -> bool:
    """Whether any account wants to be reminded."""
    query = select(AccountRow.id).where(AccountRow.channels.is_not(None)).limit(1)
    return unit.session.scalar(query) is not None


def wanting(unit: Unit, case_ids: Collection[int]) -> dict[int, list[tuple[int, list[str]]]]:
    """By case the accounts that are reminded of it, and through which channels."""
    numbers, found = list(case_ids), dict[int, list[tuple[int, list[str]]]]()
    for begin in range(0, len(numbers), BATCH):
        query = (
            select(AccountCaseRow.case_id, AccountRow.id, AccountRow.channels)
            .join(AccountRow, AccountRow.id == AccountCaseRow.account_id)
            .join(CaseRow, CaseRow.id == AccountCaseRow.case_id)
            .where(
                AccountCaseRow.case_id.in_(numbers[begin : begin + BATCH]),
                AccountRow.channels.is_not(None),
                OPENS,
            )
            .order_by(AccountRow.id)
        )
        for number, account, channels in unit.session.execute(query):
            found.setdefault(number, []).append((account, channels or []))
    return found


def tie(unit: Unit, accounts: dict[str, int]) -> None:
    """Let messages, by their keys, be those of these accounts."""
    keys, connection = list(accounts), unit.session.connection()
    adding = insert_new(connection, AccountMessageRow.__table__, ("message_id",))  # type: ignore[arg-type]  # it is a Table
    for begin in range(0, len(keys), BATCH):
        query = select(MessageRow.id, MessageRow.key).where(
            MessageRow.key.in_(keys[begin : begin + BATCH])
        )
        new = [
            {"message_id": number, "account_id": accounts[key], "sealed": None, "ends_at": None}
            for number, key in unit.session.execute(query)
        ]
        if new:
            connection.execute(adding, new)


def accounts_of_messages(unit: Unit, messages: Iterable[int]) -> dict[int, int]:
    """To which account each of the messages goes that goes to one."""
    query = select(AccountMessageRow.message_id, AccountMessageRow.account_id).where(
        AccountMessageRow.message_id.in_(list(messages)), AccountMessageRow.account_id.is_not(None)
    )
    return {number: account for number, account in unit.session.execute(query) if account}


def waiting_for(unit: Unit, account: int, but: Collection[str], reason: str, now: datetime) -> None:
    """Take back what waits to be said to an account, except through some channels."""
    mine = select(AccountMessageRow.message_id).where(AccountMessageRow.account_id == account)
    unit.session.execute(
        update(MessageRow)
        .where(
            MessageRow.id.in_(mine),
            MessageRow.state == "waiting",
            MessageRow.channel.not_in(list(but)),
        )
        .values(state="withdrawn", problem=reason, done_at=now)
    )


def choose_for_all(unit: Unit, account: int, channels: list[str], now: datetime) -> None:
    """Of all requests of the account its applicant chose to be told through these channels."""
    cases = list(
        unit.session.scalars(
            select(AccountCaseRow.case_id)
            .join(CaseRow, CaseRow.id == AccountCaseRow.case_id)
            .where(AccountCaseRow.account_id == account, OPENS)
        )
    )
    for begin in range(0, len(cases), BATCH):
        some = cases[begin : begin + BATCH]
        unit.session.execute(delete(ApplicantChoiceRow).where(ApplicantChoiceRow.case_id.in_(some)))
        unit.session.add_all(
            ApplicantChoiceRow(case_id=one, channels=channels, decided_at=now) for one in some
        )
        unit.session.execute(
            update(MessageRow)
            .where(
                MessageRow.case_id.in_(some),
                MessageRow.kind == "applicant",
                MessageRow.state == "waiting",
                MessageRow.channel.not_in(channels),
            )
            .values(state="withdrawn", problem="申请人不再接收", done_at=now)
        )


# -- the end of an account --------------------------------------------------------------------------


def delete_account(unit: Unit, account: int) -> None:
    """Everything of an account is gone; the requests and what was sent about them stay."""
    for table in (
        AccountMessageRow,
        AccountCodeRow,
        AccountSessionRow,
        AccountPasskeyRow,
        AccountCaseRow,
        AccountAddressRow,
    ):
        unit.session.execute(delete(table).where(table.account_id == account))
    unit.session.execute(delete(AccountRow).where(AccountRow.id == account))
