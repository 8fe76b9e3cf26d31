"""Who comes in by the directory: only a member of staff whom an administrator linked to that account, and who is active.

A login is begun here and kept, sealed, until the browser comes back with the answer: it is good once, for this browser, for
fifteen minutes. Nobody is made a member of staff by it, and no role comes from it.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from workflow.people import Staff
from workflow.service.directory.provider import Away, NotBelieved, Provider, Said
from workflow.service.office import Office
from workflow.store import factors as queries
from workflow.store.retried import retried
from workflow.store.sealed import token_hash

LASTS = timedelta(minutes=15)
LONGEST_CODE = 4096
NOT_PASSED = "没有通过，请再试一次，或者用用户名和密码登录"
AWAY = "暂时连不上，请用用户名和密码登录"
NOBODY = "已经认出您，但是那个账号没有关联这里的工作人员，请系统管理员在“人员和机关”里关联"
_log = logging.getLogger(__name__)


class NotIn(Exception):
    """Nobody came in. The message says why, in Chinese, without the name of the directory in front; kept: what had been
    typed before."""

    def __init__(self, message: str, kept: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.kept = kept


@dataclass(frozen=True, slots=True)
class Arrived:
    """Who came in. strong: our second step is not asked for; back: the page that was asked for; kept: what had been typed
    before."""

    staff: Staff
    strong: bool
    back: str
    kept: Mapping[str, Any] | None


class Directory:
    """The use cases around it. settings: those of the program that begin with oidc_."""

    def __init__(self, office: Office, settings: Mapping[str, Any]) -> None:
        self.office = office
        self.label = str(settings["oidc_label"])
        self._strong = bool(settings["oidc_second_factor"])
        self._provider = Provider(
            settings["oidc_issuer"], settings["oidc_client_id"], settings["oidc_client_secret"],
            settings["oidc_claim"], settings["oidc_ca"],
        )  # fmt: skip

    @property
    def offered(self) -> bool:
        """Whether the office has a directory."""
        return bool(self._provider.issuer)

    def begin(self, answer_at: str, back: str, kept: Mapping[str, Any] | None) -> tuple[str, str]:
        """The address at which the browser logs in, and the state that it alone is to hold. answer_at: the address to which
        it returns; back: the page that was asked for. Raises NotIn."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        try:
            address = self._provider.address_to_ask(state, nonce, verifier, answer_at)
        except Away as error:
            _log.warning("directory: away: %s", error)
            raise NotIn(AWAY, kept) from error
        said = {"nonce": nonce, "verifier": verifier, "back": back, "kept": kept}
        self._keep(token_hash(state), said)
        return address, state

    def arrive(self, state: str, held: str, code: str, answer_at: str) -> Arrived:
        """Who came back with a code. state: as the browser was sent back with it; held: as it holds it itself. Raises NotIn."""
        if not held or not secrets.compare_digest(state.encode(), held.encode()):
            raise self._not_passed("state of another browser")
        begun = self._taken(token_hash(state))
        if begun is None:
            raise self._not_passed("over, or answered already")
        kept = begun["kept"]
        if not 0 < len(code) <= LONGEST_CODE or not code.isascii() or not code.isprintable():
            raise self._not_passed("no code", kept)
        try:
            said = self._provider.said_with(
                code, begun["nonce"], begun["verifier"], answer_at, self.office.now()
            )
        except Away as error:
            _log.warning("directory: away: %s", error)
            raise NotIn(AWAY, kept) from error
        except NotBelieved as error:
            raise self._not_passed(str(error), kept) from error
        staff = self._linked(said)
        if staff is None:
            _log.warning("directory: no active member of staff is linked")
            raise NotIn(NOBODY, kept)
        return Arrived(staff, said.strong or self._strong, begun["back"], kept)

    def address_to_leave(self, back: str) -> str | None:
        """Where the browser logs out of the directory too; None if there is no such place, or nobody answers."""
        try:
            return self._provider.address_to_leave(back)
        except Away as error:
            _log.warning("directory: away: %s", error)
            return None

    def _not_passed(self, why: str, kept: Mapping[str, Any] | None = None) -> NotIn:
        _log.warning("directory: not passed: %s", why)
        return NotIn(NOT_PASSED, kept)

    @retried
    def _keep(self, mark: str, said: dict[str, Any]) -> None:
        now = self.office.now()
        with self.office.store.write() as unit:
            sealed = self.office.keys.seal(said, _of(mark))
            queries.begin_login(unit, mark, sealed, now + LASTS, now)

    @retried
    def _taken(self, mark: str) -> dict[str, Any] | None:
        with self.office.store.write() as unit:
            sealed = queries.take_login(unit, mark, self.office.now())
        return None if sealed is None else self.office.keys.open(sealed, _of(mark))

    @retried
    def _linked(self, said: Said) -> Staff | None:
        """The active member of staff of that account. What the account is for ever known by is kept at its first login:
        another one that bears the same name later is not let in."""
        with self.office.store.write() as unit:
            found = queries.linked_to(unit, said.account)
            if found is None:
                return None
            row, link = found
            if not row.active or link.subject not in (None, said.subject):
                return None
            link.subject = said.subject
        return self.office.staff(row.name)


def _of(mark: str) -> str:
    return f"directory login {mark}"
