"""Tokens of the API at the desk: each person sees to their own, who manages rights sees those of a body's people.

The operator's side, and what a call is asked, is `Accounts`; the token itself is told once, to the person who made it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from workflow import people
from workflow.people import Staff, Token
from workflow.refusal import BadInput, FieldError
from workflow.rules.staffing import GRANT
from workflow.service.accounts import Accounts, token_of, wrong_of_token
from workflow.service.messages.to_staff import tell_person
from workflow.service.office import Missing, Office
from workflow.service.reach import reach, within_reach
from workflow.store import staff as staff_queries
from workflow.store.bodies import Body
from workflow.store.models import UserRow
from workflow.store.retried import retried
from workflow.store.session_models import TokenRow
from workflow.store.unit import Unit

OWN, ADMINISTRATOR = "own", "administrator"
NONE = "没有这个令牌"


@dataclass(frozen=True, slots=True)
class OfPerson:
    """A token with the name of who has it. roles: what they hold in the body, and so what the token opens there."""

    token: Token
    display_name: str
    roles: tuple[str, ...]


class Tokens:
    """The use cases around tokens at the desk."""

    def __init__(self, office: Office, accounts: Accounts) -> None:
        self.office, self.accounts = office, accounts

    # -- one's own ----------------------------------------------------------------------------------

    def own(self, staff: Staff) -> list[Token]:
        """All tokens of the person, the newest first."""
        query = select(TokenRow).where(TokenRow.user_id == staff.id).order_by(TokenRow.id.desc())
        with self.office.store.read() as unit:
            rows = unit.session.scalars(query.options(joinedload(TokenRow.user)))
            return [token_of(row, row.user) for row in rows]

    def wrong(self, name: str, scopes: Collection[str], days: int) -> list[FieldError]:
        """What is wrong with what is asked of a new one, in the order of its form: name, scope, days."""
        found = {one.field: one for one in wrong_of_token(scopes, days, name)}
        if not name.strip():
            found["name"] = FieldError("name", "请写哪个程序用它，停用的时候才认得出")
        if not scopes:
            found["scope"] = FieldError("scope", "请至少选一项")
        return [found[field] for field in ("name", "scope", "days") if field in found]

    def make(
        self, staff: Staff, name: str, scopes: Collection[str], days: int, form: str
    ) -> str | None:
        """A token of the person's own, told once. name: the program that will call with it; form: the key of the form, which
        makes no second one: then None. Raises BadInput (name, scope, days)."""
        if errors := self.wrong(name, scopes, days):
            raise BadInput(errors)
        return self.accounts.new_token(staff.name, staff.name, scopes, days, name, form)

    @retried
    def end_own(self, staff: Staff, which: int) -> None:
        """A token of the person's own opens nothing any more. Raises Missing for any other."""
        with self.office.store.write() as unit:
            row = self._row(unit, which)
            if row.user_id != staff.id:
                raise Missing(NONE)
            self.accounts.end_token(unit, row, staff.name, OWN)

    # -- those of others ----------------------------------------------------------------------------

    def bodies(self, by: Staff) -> list[Body]:
        """The bodies the tokens of whose people they see to, in order."""
        with self.office.store.read() as unit:
            return reach(self.office, unit, by, GRANT)

    def of_body(self, by: Staff, agency: str) -> list[OfPerson]:
        """The tokens of everybody who works in the body: what works first, then by day of the end. Raises Missing, Denied."""
        now = self.office.now()
        with self.office.store.read() as unit:
            body, people_there = self._people(unit, by, agency)
            query = select(TokenRow).where(TokenRow.user_id.in_(list(people_there)))
            rows = unit.session.scalars(query.options(joinedload(TokenRow.user)))
            tokens = [
                OfPerson(
                    token_of(row, row.user),
                    row.user.display_name,
                    tuple(
                        held.role
                        for held in people_there[row.user_id].roles
                        if held.agency_id == body.id
                    ),
                )
                for row in rows
            ]
        return sorted(tokens, key=lambda one: (not one.token.good_at(now), one.token.expires_at))

    @retried
    def end(self, by: Staff, agency: str, which: int) -> Token:
        """The token of somebody who works in the body opens nothing any more. Raises Missing, Denied."""
        with self.office.store.write() as unit:
            _, people_there = self._people(unit, by, agency)
            row = self._row(unit, which)
            if row.user_id not in people_there:
                raise Missing(NONE)
            self.accounts.end_token(unit, row, by.name, ADMINISTRATOR)
            return token_of(row, row.user)

    def _people(self, unit: Unit, by: Staff, agency: str) -> tuple[Body, dict[int, UserRow]]:
        """The body, and who works there or did, by id. Raises Missing, Denied."""
        body = within_reach(self.office, unit, by, agency, GRANT)
        found = staff_queries.people_of(unit, [body.id])
        found += staff_queries.without_roles(unit, [body.id])
        return body, {row.id: row for row in found}

    # -- telling ------------------------------------------------------------------------------------

    @retried
    def tell_ending(self) -> None:
        """Whose token ends within people.TOKEN_ENDS_SOON is told in the system, once for each token. Of one that was made
        for no longer nothing is told: its person has just chosen the day."""
        now = self.office.now()
        query = (
            select(TokenRow)
            .where(
                TokenRow.revoked_at.is_(None),
                TokenRow.expires_at > now,
                TokenRow.expires_at <= now + people.TOKEN_ENDS_SOON,
            )
            .options(joinedload(TokenRow.user).selectinload(UserRow.roles))
        )
        with self.office.store.write() as unit:
            for row in unit.session.scalars(query):
                told_at = row.expires_at - people.TOKEN_ENDS_SOON
                if row.user.active and row.user.roles and row.created_at < told_at:
                    self._tell(unit, row, told_at)

    def _tell(self, unit: Unit, row: TokenRow, at: datetime) -> None:
        said = f"“{row.name}”" if row.name else f"（编号 {row.id}）"
        tell_person(
            self.office, unit, row.user_id, min(role.agency_id for role in row.user.roles),
            moment="token_ends", what=f"token {row.id} ends", at=at,
            text=f"您的程序令牌{said}到 {row.expires_at:%Y-%m-%d %H:%M} 为止，以后用它的程序不能再调用。"
            "还要用的，请在“我的令牌”另建一个，换到程序里。",
            why="令牌快到期时告知本人",
        )  # fmt: skip

    @staticmethod
    def _row(unit: Unit, which: int) -> TokenRow:
        row = unit.session.get(TokenRow, which)
        if row is None:
            raise Missing(NONE)
        return row
