"""The requests that an account sees: linked when they are filed, or once by number and query code; their list, the way
into each, their due days, and through what their applicant is reminded of all of them."""

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from workflow import people
from workflow.case.number import code_given, number_given
from workflow.reminders.morning import SheetLine
from workflow.service.applicants.addresses import channel_of, of_account, seal_of
from workflow.service.applicants.entry import Holder
from workflow.service.applicants.guessing import Guesser, Guessing
from workflow.service.cases.finding import by_code
from workflow.service.messages.due_days import ended
from workflow.service.messages.texts import days_in_words
from workflow.service.office import Missing, Office
from workflow.store import own_accounts as queries
from workflow.store.account_models import AccountCaseRow, AccountRow
from workflow.store.feeds import revisions
from workflow.store.message_models import ApplicantChoiceRow
from workflow.store.models import CaseRow
from workflow.store.own_accounts import OwnCount, OwnLine
from workflow.store.retried import retried
from workflow.store.unit import Unit

WAITS = ("awaiting_correction", "awaiting_payment", "awaiting_reasons")
"""States in which the applicant has to act."""
ON_A_PAGE = 20
IN_FEED = 500
LATEST = 50
"""So many earlier requests are held to a new one."""
RENEWED = "这件申请的查询码已经更换，这个账户里保存的已经失效，所以从列表中去掉了。请用新的查询码重新加进来"


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request in its account's list. case: by which the page asks for it. todo: the state where the applicant has to
    act, else empty. due: by which they have to, or by which the body has to reply; None where it is over or no period
    runs. left: working days to it, negative once it is over. asked_on: the day of a paper that was typed in later."""

    case: int
    number: str
    agency_name: str
    title: str
    state: str
    state_label: str
    stage: str
    todo: str
    due: date | None
    left: int | None
    submitted_at: datetime
    asked_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page of the list."""

    shown: Sequence[OwnRequest]
    count: OwnCount
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Reminding:
    """Through what a holder is reminded: name, label and whether chosen of each channel that has an address here; feed:
    the secret of the calendar's address, empty without one."""

    channels: tuple[tuple[str, str, bool], ...]
    feed: str


class OwnRequests:
    """The use cases of a holder around their requests."""

    def __init__(self, office: Office) -> None:
        self.office, self.guessing = office, Guessing(office)
        law = office.law
        self._open = tuple(
            name
            for name, state in law.states.items()
            if state.stage in ("before_receipt", "running", "waiting") and name not in WAITS
        )

    # -- the list -----------------------------------------------------------------------------------

    def page(self, holder: Holder, page: int = 1) -> OwnPage:
        """A page of the holder's requests: what waits for them first."""
        with self.office.store.read() as unit:
            count = queries.count_own(unit, holder.id, WAITS, self._open)
            pages = max(1, -(-count.all // ON_A_PAGE))
            page = min(max(page, 1), pages)
            lines = queries.own_lines(
                unit, holder.id, WAITS, self._open, (page - 1) * ON_A_PAGE, ON_A_PAGE
            )
            return OwnPage([self._request(unit, one) for one in lines], count, page, pages)

    def _request(self, unit: Unit, line: OwnLine) -> OwnRequest:
        row, states = line.case, self.office.law.states
        todo = row.state if row.state in WAITS else ""
        due = line.act_by if todo else row.reply_due if row.state in self._open else None
        left = None
        if due is not None:
            today = self.office.today()
            left = self.office.rules_of(unit, row.agency_id, today).calendar.left(today, due)
        return OwnRequest(
            row.id, row.number, row.body.name, row.request, row.state, states[row.state].label,
            states[row.state].stage, todo, due, left, row.submitted_at,
            min(row.opened_on, row.received_on or row.opened_on), row.closed_on,
        )  # fmt: skip

    def latest(self, account: int, agencies: Collection[str]) -> list[tuple[str, str]]:
        """Body and number of the account's latest requests with these bodies; none whose code was renewed since."""
        with self.office.store.read() as unit:
            return queries.numbers_of(unit, account, agencies, LATEST)

    # -- linking ------------------------------------------------------------------------------------

    def link(self, holder: Holder, number: str, code: str, place: str) -> str:
        """Let the account see a request, by number and query code; its number. Raises Missing, TooOften."""
        who = Guesser(f"case {number_given(number)}", place)
        self.guessing.ask(who)
        try:
            return self._link(holder, number, code)
        except Missing:
            self.guessing.failed(who)
            raise

    @retried
    def _link(self, holder: Holder, number: str, code: str) -> str:
        with self.office.store.write() as unit:
            row = by_code(self.office, unit, number, code)
            link_case(self.office, unit, holder.id, row, code_given(code))
            return row.number

    @retried
    def unlink(self, holder: Holder, case: int) -> None:
        """The account does not see the request any more; number and code open it as before."""
        with self.office.store.write() as unit:
            found = queries.own_case(unit, holder.id, case)
            if found is not None:
                unit.session.delete(found[0])

    @retried
    def drop_stale(self, holder: Holder) -> None:
        """Those whose query code was renewed are taken from the list."""
        with self.office.store.write() as unit:
            queries.drop_stale(unit, holder.id)

    @retried
    def opened(self, holder: Holder, case: int) -> tuple[str, str] | None:
        """Number and query code of one of the holder's requests; None where the code was renewed since: then it is the
        account's no more. Raises Missing for any other."""
        with self.office.store.write() as unit:
            found = queries.own_case(unit, holder.id, case)
            if found is None:
                raise Missing("没有这件申请，或者不在这个账户里")
            link, row = found
            code = code_of(self.office, holder.id, row.id, link.sealed)
            try:
                by_code(self.office, unit, row.number, code)
            except Missing:
                unit.session.delete(link)
                return None
            return row.number, code

    # -- due days and reminders ---------------------------------------------------------------------

    def reminding(self, holder: Holder) -> Reminding:
        with self.office.store.read() as unit:
            row = unit.session.get_one(AccountRow, holder.id)
            kinds = [channel_of(self.office, one) for one in of_account(self.office, unit, row.id)]
            chosen = row.channels or ()
            return Reminding(
                tuple((kind.name, kind.label, kind.name in chosen) for kind in kinds if kind),
                feed_token(self.office, row) if row.feed_salt else "",
            )

    @retried
    def remind(self, holder: Holder, channels: list[str]) -> None:
        """Through what the holder wants to be told of all their requests from now on; none: of nothing."""
        known = {name for name, _, _ in self.reminding(holder).channels}
        wanted, now = [name for name in channels if name in known], self.office.now()
        with self.office.store.write() as unit:
            row = unit.session.get_one(AccountRow, holder.id)
            row.channels = wanted
            queries.waiting_for(unit, holder.id, wanted, "申请人不再接收", now)
            queries.choose_for_all(unit, holder.id, wanted, now)

    @retried
    def new_feed(self, holder: Holder) -> str:
        """A secret address for the holder's calendar; one given before ends."""
        with self.office.store.write() as unit:
            row = unit.session.get_one(AccountRow, holder.id)
            row.feed_salt = secrets.token_hex(16)
            return feed_token(self.office, row)

    def feed(self, token: str) -> list[SheetLine]:
        """The due days of the account whose secret address it is. Raises Missing."""
        head, _, _ = token.partition("-")
        with self.office.store.read() as unit:
            row = None
            if re.fullmatch("[0-7]?[0-9a-f]{1,7}", head):
                row = unit.session.get(AccountRow, int(head, 16))
            if (
                row is None
                or not row.feed_salt
                or not people.codes_match(feed_token(self.office, row), token)
            ):
                raise Missing("没有这个日历")
            lines = queries.own_lines(unit, row.id, WAITS, self._open, 0, IN_FEED)
            moved, today = revisions(unit, [line.case.id for line in lines]), self.office.today()
            found, going_on = [], {*WAITS, *self._open}
            for line in lines:
                one, filed = self._request(unit, line), line.case
                if one.due is not None:
                    said = SheetLine(
                        one.number, one.agency_name, one.state_label, one.due, one.left or 0,
                        days_in_words(self.office, unit, filed.agency, one.due), filed.agency.code,
                    )  # fmt: skip
                elif filed.state in going_on or filed.reply_due is None or filed.reply_due < today:
                    continue
                else:
                    said = ended(
                        one.number,
                        one.agency_name,
                        one.state_label,
                        filed.reply_due,
                        filed.agency.code,
                    )
                found.append(replace(said, revision=moved[filed.id]))
            return found


def link_case(office: Office, unit: Unit, account: int, row: CaseRow, code: str) -> None:
    """Let an account see a case with its query code, in the caller's transaction. What the holder has chosen for all
    requests is chosen for this one as well."""
    now, chosen = office.now(), unit.session.get(AccountRow, account)
    if chosen is None:
        return
    assert row.query_hash is not None, "its code was told"
    unit.session.merge(
        AccountCaseRow(
            account_id=account, case_id=row.id, opens=row.query_hash,
            sealed=office.keys.seal({"code": code}, _seal(account, row.id)), linked_at=now,
        )
    )  # fmt: skip
    if chosen.channels is not None:
        unit.session.merge(
            ApplicantChoiceRow(case_id=row.id, channels=chosen.channels, decided_at=now)
        )


def code_of(office: Office, account: int, case: int, sealed: bytes) -> str:
    """The query code that an account keeps of a case."""
    return str(office.keys.open(sealed, _seal(account, case))["code"])


def feed_token(office: Office, row: AccountRow) -> str:
    """The secret in the address of a holder's calendar; of the salt in force."""
    proof = office.keys.mark("identity", f"account feed {row.id} {row.feed_salt}")
    return f"{row.id:x}-{proof[:40]}"


def _seal(account: int, case: int) -> str:
    return f"{seal_of(account)} case {case}"
