"""What is asked of second factors, of links to the directory and of logins under way there. Each function runs in the
caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update

from workflow.store.factor_models import (
    DirectoryLinkRow,
    DirectoryLoginRow,
    RecoveryCodeRow,
    StaffPasskeyRow,
    StaffTotpRow,
)
from workflow.store.models import UserRow
from workflow.store.unit import Unit


def has_factor(unit: Unit, user_id: int) -> bool:
    """Whether the person has an app or a passkey; recovery codes alone are none."""
    found = or_(
        exists().where(StaffTotpRow.user_id == user_id),
        exists().where(StaffPasskeyRow.user_id == user_id),
    )
    return bool(unit.session.scalar(select(found)))


def ways_of(unit: Unit, name: str) -> tuple[bool, str]:
    """Whether the person of that user name has an app or a passkey, and the account of the directory, "" for none."""
    app = exists().where(StaffTotpRow.user_id == UserRow.id).correlate(UserRow)
    key = exists().where(StaffPasskeyRow.user_id == UserRow.id).correlate(UserRow)
    query = (
        select(or_(app, key), DirectoryLinkRow.account)
        .select_from(UserRow)
        .outerjoin(DirectoryLinkRow, DirectoryLinkRow.user_id == UserRow.id)
        .where(UserRow.name == name)
    )
    some, account = unit.session.execute(query).one()
    return bool(some), account or ""


def passkeys_of(unit: Unit, user_id: int) -> list[StaffPasskeyRow]:
    query = select(StaffPasskeyRow).where(StaffPasskeyRow.user_id == user_id)
    return list(unit.session.scalars(query.order_by(StaffPasskeyRow.id)))


def passkey(unit: Unit, user_id: int, credential: str) -> StaffPasskeyRow | None:
    """The person's passkey of that id; who answers with it next waits until this transaction has ended."""
    query = select(StaffPasskeyRow).where(
        StaffPasskeyRow.user_id == user_id, StaffPasskeyRow.credential == credential
    )
    return unit.session.scalar(query.with_for_update())


def passkey_is_known(unit: Unit, credential: str) -> bool:
    query = select(StaffPasskeyRow.id).where(StaffPasskeyRow.credential == credential)
    return unit.session.scalar(query) is not None


def count_on(unit: Unit, user_id: int, counter: int, now: datetime) -> bool:
    """Let no code up to this counter be good any more; False if it was none already, also of two at once."""
    query = update(StaffTotpRow).where(
        StaffTotpRow.user_id == user_id, StaffTotpRow.last_counter < counter
    )
    return _one(unit, query.values(last_counter=counter, used_at=now))


def recovery_codes_of(unit: Unit, user_id: int) -> list[RecoveryCodeRow]:
    return list(
        unit.session.scalars(select(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
    )


def count_recovery_codes(unit: Unit, user_id: int) -> int:
    query = select(func.count(RecoveryCodeRow.id)).where(RecoveryCodeRow.user_id == user_id)
    return unit.session.scalar(query) or 0


def use_up(unit: Unit, code: RecoveryCodeRow) -> bool:
    """The code is no more; False if it was used already, also of two at once."""
    return _one(unit, delete(RecoveryCodeRow).where(RecoveryCodeRow.id == code.id))


def drop_recovery_codes(unit: Unit, user_id: int) -> None:
    unit.session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))


def drop_totp(unit: Unit, user_id: int) -> bool:
    return _one(unit, delete(StaffTotpRow).where(StaffTotpRow.user_id == user_id))


def drop_factors(unit: Unit, user_id: int) -> int:
    """All of the person; how many apps and passkeys there were."""
    drop_recovery_codes(unit, user_id)
    gone = 0
    for table in (StaffTotpRow, StaffPasskeyRow):
        done = unit.session.execute(delete(table).where(table.user_id == user_id))
        gone += int(done.rowcount)  # type: ignore[attr-defined]  # of a delete it is a CursorResult
    return gone


def _one(unit: Unit, query: Any) -> bool:
    done = unit.session.execute(query, execution_options={"synchronize_session": False})
    return int(done.rowcount) == 1  # type: ignore[attr-defined]  # of a delete or update it is a CursorResult


# -- the directory ----------------------------------------------------------------------------------


def link_of(unit: Unit, user_id: int) -> DirectoryLinkRow | None:
    return unit.session.get(DirectoryLinkRow, user_id)


def linked_to(unit: Unit, account: str) -> tuple[UserRow, DirectoryLinkRow] | None:
    """Who comes in with that account of the directory."""
    query = select(UserRow, DirectoryLinkRow).join(
        DirectoryLinkRow, DirectoryLinkRow.user_id == UserRow.id
    )
    found = unit.session.execute(query.where(DirectoryLinkRow.account == account)).one_or_none()
    return (found[0], found[1]) if found else None


def begin_login(unit: Unit, mark: str, sealed: bytes, ends_at: datetime, now: datetime) -> None:
    """Keep a login that is under way; those that ended go."""
    unit.session.execute(delete(DirectoryLoginRow).where(DirectoryLoginRow.ends_at <= now))
    unit.session.add(DirectoryLoginRow(mark=mark, sealed=sealed, ends_at=ends_at))


def take_login(unit: Unit, mark: str, now: datetime) -> bytes | None:
    """What was kept of a login under way, which is none any more; None for one that ended or was taken already."""
    query = select(DirectoryLoginRow.sealed).where(
        DirectoryLoginRow.mark == mark, DirectoryLoginRow.ends_at > now
    )
    sealed = unit.session.scalar(query)
    taken = _one(unit, delete(DirectoryLoginRow).where(DirectoryLoginRow.mark == mark))
    return sealed if taken else None
