"""Coming in: one-time codes, opening an account, signing in, sessions.

An answer never tells whether an account exists, until somebody has proved the address or the password.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow import people
from workflow.refusal import BadInput, FieldError
from workflow.service.applicants.addresses import Address, as_address, read_address, seal_of, send
from workflow.service.applicants.guessing import Guesser, Guessing
from workflow.service.office import Office
from workflow.store import own_accounts as queries
from workflow.store.account_models import (
    AccountAddressRow,
    AccountCodeRow,
    AccountRow,
    AccountSessionRow,
)
from workflow.store.retried import retried
from workflow.store.sealed import token_hash
from workflow.store.unit import Unit

CODE_LASTS = timedelta(minutes=10)
CODE_DIGITS, TRIES = 6, 5
PROOF_LASTS = timedelta(minutes=30)
"""How long a proved address may wait until its account is opened, and a fresh session may do without the old password."""
WRONG_CODE = "验证码不正确或者已经失效，请核对；还是不行的，请重新发送"
WRONG_PASSWORD = "手机号、邮箱或者密码不正确"
WAYS = {"code": "验证码", "password": "密码", "passkey": "通行密钥"}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has signed in: the account, its session by its mark, how and when it began."""

    id: int
    mark: str
    way: str
    begun_at: datetime

    def is_fresh(self, now: datetime) -> bool:
        """True where somebody has just proved an address or a passkey: a forgotten password may be set anew."""
        return self.way != "password" and now - self.begun_at < PROOF_LASTS


@dataclass(frozen=True, slots=True)
class Proved:
    """An address that somebody has just proved, and the account that has it; None where none has."""

    address: Address
    account: int | None


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its holder sees it. way, browser in words; here: it is the one that asks."""

    mark: str
    way: str
    browser: str
    begun_at: datetime
    here: bool


class Entry:
    """The use cases of coming in and going out."""

    def __init__(self, office: Office) -> None:
        self.office, self.guessing = office, Guessing(office)

    # -- codes --------------------------------------------------------------------------------------

    def send_code(self, typed: str, place: str, account: int | None = None) -> tuple[str, Address]:
        """Send a code to an address: what the asking browser keeps to use it, and the address. account: to which the
        address is to be added. Raises BadInput (address), TooOften."""
        address = read_address(self.office, typed)
        self.guessing.ask_to_send(Guesser(_typed(address), place))
        return self._send_code(address, account), address

    @retried
    def _send_code(self, address: Address, account: int | None) -> str:
        token, now = secrets.token_urlsafe(24), self.office.now()
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        mark, minutes = token_hash(token), int(CODE_LASTS.total_seconds() // 60)
        with self.office.store.write() as unit:
            sealed = self.office.keys.seal({"address": address.text, "code": code}, _seal(mark))
            unit.session.add(
                AccountCodeRow(
                    mark=mark, account_id=account, kind=address.kind, sealed=sealed, tries=0,
                    ends_at=now + CODE_LASTS,
                )
            )  # fmt: skip
            text = f"验证码 {code}，{minutes} 分钟内有效，用于“依申请公开”的账户。工作人员不会向您要验证码。"
            send(self.office, unit, address, text, about="验证码", lasts=CODE_LASTS)
        return token

    def prove(self, token: str, code: str, place: str, account: int | None = None) -> Proved:
        """The address that a code proves; the code is used up. account: of who adds the address. Raises BadInput
        (code), TooOften; a code takes few tries, all from the browser that asked for it."""
        mark = token_hash(token)
        with self.office.store.read() as unit:
            row = unit.session.get(AccountCodeRow, mark)
            said = self._said(row) if row is not None else None
        who = Guesser(_typed(said[0]) if said else mark, place)
        self.guessing.ask(who)
        proved = self._prove(mark, code, account)
        if proved is None:
            self.guessing.failed(who)
            raise BadInput([FieldError("code", WRONG_CODE)])
        return proved

    def _said(self, row: AccountCodeRow) -> tuple[Address, str]:
        said = self.office.keys.open(row.sealed, _seal(row.mark))
        return Address(row.kind, said["address"]), said["code"]

    @retried
    def _prove(self, mark: str, code: str, account: int | None) -> Proved | None:
        with self.office.store.write() as unit:
            row = unit.session.get(AccountCodeRow, mark, with_for_update=True)
            if row is None or row.ends_at <= self.office.now() or row.account_id != account:
                return None
            address, expected = self._said(row)
            if row.tries >= TRIES or not people.codes_match(expected, _digits(code)):
                row.tries += 1
                return None
            unit.session.delete(row)
            return Proved(address, queries.account_at(unit, address.hashes(self.office)))

    # -- opening and signing in ---------------------------------------------------------------------

    @retried
    def open(self, address: Address) -> int:
        """A new account with a proved address; the one that has it where somebody was quicker."""
        now = self.office.now()
        with self.office.store.write() as unit:
            known = queries.account_at(unit, address.hashes(self.office))
            if known is not None:
                return known
            row = AccountRow(opened_at=now, handle=secrets.token_hex(32))
            unit.session.add(row)
            unit.session.flush()
            put_address(self.office, unit, row.id, address)
            return row.id

    def sign_in(
        self,
        typed: str,
        password: str,
        place: str,
        device_of: Callable[[int], str | None] = lambda account: None,
    ) -> int:
        """The account with that address and password. device_of: the device at which somebody sits, if they have signed
        in to the account there before. Raises BadInput (password) with one message for every failure, TooOften,
        people.Busy. Where there is no account a password is checked all the same."""
        address = as_address(typed)
        account, stored = None, None
        if address is not None:
            with self.office.store.read() as unit:
                account = queries.account_at(unit, address.hashes(self.office))
                row = unit.session.get(AccountRow, account) if account is not None else None
                stored = row.password_hash if row is not None else None
        device = device_of(account) if account is not None else None
        who = Guesser(_typed(address) if address else typed.strip().lower(), place, device)
        self.guessing.ask(who)
        if not people.password_fits(stored, password) or account is None:
            self.guessing.failed(who)
            raise BadInput([FieldError("password", WRONG_PASSWORD)])
        return account

    # -- sessions -----------------------------------------------------------------------------------

    @retried
    def begin(self, account: int, way: str, browser: str) -> str:
        """A new session: what the browser keeps. way: code, password or passkey."""
        token, now = secrets.token_urlsafe(24), self.office.now()
        with self.office.store.write() as unit:
            unit.session.add(
                AccountSessionRow(
                    mark=token_hash(token), account_id=account, way=way, browser=browser[:60],
                    begun_at=now, ends_at=now + people.LONGEST_SESSION,
                )
            )  # fmt: skip
        return token

    def in_session(self, token: str) -> Holder | None:
        """Who holds the session, unless it ended."""
        with self.office.store.read() as unit:
            row = queries.session(unit, token_hash(token))
            if row is None or row.ends_at <= self.office.now():
                return None
            return Holder(row.account_id, row.mark, row.way, row.begun_at)

    def sessions(self, holder: Holder) -> list[Session]:
        """The holder's sessions that have not ended, the latest first."""
        with self.office.store.read() as unit:
            return [
                Session(row.mark, WAYS[row.way], row.browser, row.begun_at, row.mark == holder.mark)
                for row in queries.sessions_of(unit, holder.id, self.office.now())
            ]

    @retried
    def end(self, holder: Holder, mark: str | None = None) -> None:
        """End one session of the holder, or all but the one that asks."""
        with self.office.store.write() as unit:
            queries.end_sessions(unit, holder.id, only=mark, but=None if mark else holder.mark)


def put_address(office: Office, unit: Unit, account: int, address: Address) -> None:
    """Let an address be the account's, in the caller's transaction; one of the same kind gives way to it."""
    sealed = office.keys.seal({"address": address.text}, seal_of(account))
    unit.session.merge(
        AccountAddressRow(
            account_id=account, kind=address.kind, hash=address.hash(office), sealed=sealed,
            proved_at=office.now(),
        )
    )  # fmt: skip


@retried
def forget_ended(office: Office) -> int:
    """Codes, sessions and sealed messages that have ended are deleted; how many. Nothing is written where none has."""
    now = office.now()
    with office.store.read() as unit:
        if not queries.some_ended(unit, now):
            return 0
    with office.store.write() as unit:
        return queries.delete_ended(unit, now)


def _typed(address: Address) -> str:
    return f"{address.kind} {address.text.lower()}"


def _digits(code: str) -> str:
    """A code as people type it: with blanks, or in full width."""
    return "".join(str(int(char)) for char in code if char.isdecimal())


def _seal(mark: str) -> str:
    return f"account code {mark}"
