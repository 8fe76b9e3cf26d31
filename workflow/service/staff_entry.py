"""How a colleague comes in, as who administers sees to it: a second factor that was lost, the account of the directory."""

from dataclasses import dataclass

from workflow import people
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules.staffing import GRANT
from workflow.service.office import Office
from workflow.service.staff import BASIS, Colleague, StaffRoom
from workflow.store import factors as queries
from workflow.store.audit import audited
from workflow.store.factor_models import DirectoryLinkRow
from workflow.store.models import UserRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

LONGEST_ACCOUNT = 255


@dataclass(frozen=True, slots=True)
class WaysIn:
    """What a person has besides the password. second_factor: an app or a passkey; account: of the directory, if any."""

    second_factor: bool
    account: str


class StaffEntry:
    """The use cases around it. `by`: the administrator; None: the operator at the command line."""

    def __init__(self, office: Office, room: StaffRoom) -> None:
        self.office, self._room = office, room

    def ways_in(self, colleague: Colleague) -> WaysIn:
        """Of somebody whom the administrator was shown."""
        with self.office.store.read() as unit:
            return WaysIn(*queries.ways_of(unit, colleague.name))

    @retried
    def reset_factors(self, by: Staff | None, name: str) -> bool:
        """What the person has besides the password opens nothing any more (lost, or not theirs); sessions end. Returns
        False if there was nothing. Raises Missing, Denied, Refused for oneself."""
        with self.office.store.write() as unit:
            row = self._room.account_of(unit, by, name, GRANT)
            if by is not None and by.name == name:
                own = "不能重设自己的两步验证"
                raise Refused(Refusal("same_person", BASIS, own, "请用“两步验证”"))
            if not queries.drop_factors(unit, row.id):
                return False
            self._room.accounts.end_sessions(unit, row)
            self._note(unit, by, row, "factors_reset")
        return True

    @retried
    def link(self, by: Staff | None, name: str, account: str) -> None:
        """Let the person come in with that account of the directory, and no other; empty: with none. Raises Missing,
        Denied, BadInput (account)."""
        account = account.strip()
        if len(account) > LONGEST_ACCOUNT or not account.isprintable():
            raise BadInput([FieldError("account", f"最多 {LONGEST_ACCOUNT} 个字符，不能换行")])
        with self.office.store.write() as unit:
            row = self._room.account_of(unit, by, name, GRANT)
            link = queries.link_of(unit, row.id)
            if account == (link.account if link else ""):
                return
            other = queries.linked_to(unit, account)
            if other is not None:
                message = f"已经关联了{other[0].display_name}（{other[0].name}）"
                raise BadInput([FieldError("account", message)])
            if link is not None:
                unit.session.delete(link)
                unit.session.flush()
            if account:
                unit.session.add(
                    DirectoryLinkRow(user_id=row.id, account=account, linked_at=self.office.now())
                )
                self._note(unit, by, row, "directory_linked", account=account)
            else:
                self._note(unit, by, row, "directory_unlinked")

    def _note(
        self, unit: Unit, by: Staff | None, row: UserRow, action: str, **details: str
    ) -> None:
        at = min((role.agency_id for role in row.roles), default=None)
        actor = by.name if by is not None else people.SYSTEM.name
        audited(unit, self.office.now(), actor, at, action, row.name, **details)
