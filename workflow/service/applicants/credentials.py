"""What opens an account besides a code: the password, passkeys (通行密钥); its addresses; and its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow import people
from workflow.refusal import BadInput, FieldError
from workflow.rules.passwords import weak_password
from workflow.service import passkeys
from workflow.service.applicants.addresses import Address, of_account, tell_of_change
from workflow.service.applicants.entry import Holder, Proved, put_address
from workflow.service.office import Office
from workflow.service.passkeys import NotProved, Passkey, Site, held
from workflow.store import own_accounts as queries
from workflow.store.account_models import AccountPasskeyRow, AccountRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

NO_PASSKEY = "通行密钥没有通过，请再试一次，或者用验证码登录"
NOT_ADDED = "通行密钥没有添加成功，请再试一次"
NO_NAME = "\n"
"""A user name that stands in no password: an account has none."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What opens the account. addresses by kind; old_password: the old one is asked for before a new one is set."""

    addresses: Mapping[str, Address]
    has_password: bool
    old_password: bool
    passkeys: tuple[Passkey, ...]


class Keeping:
    """The use cases of a holder around what opens the account."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def of(self, holder: Holder) -> Credentials:
        with self.office.store.read() as unit:
            row = unit.session.get_one(AccountRow, holder.id)
            has = row.password_hash is not None
            return Credentials(
                of_account(self.office, unit, holder.id),
                has,
                has and not holder.is_fresh(self.office.now()),
                held(queries.passkeys_of(unit, holder.id)),
            )

    # -- the password -------------------------------------------------------------------------------

    @retried
    def set_password(self, holder: Holder, old: str, new: str) -> None:
        """A new password, by the rules for staff; the holder's other sessions end. The old one is asked for, unless the
        holder has just come in by a code or a passkey. Raises BadInput (old, new)."""
        with self.office.store.read() as unit:
            looked_at = unit.session.get_one(AccountRow, holder.id).password_hash
            known = of_account(self.office, unit, holder.id)
        needed = looked_at is not None and not holder.is_fresh(self.office.now())
        if needed and not people.password_fits(looked_at, old):
            raise BadInput([FieldError("old", "原密码不正确")])
        if wrong := wrong_password(new, known.values()):
            raise BadInput([FieldError("new", wrong)])
        hashed = people.hash_password(new)
        with self.office.store.write() as unit:
            row = unit.session.get_one(AccountRow, holder.id, with_for_update=True)
            if needed and row.password_hash != looked_at:
                raise BadInput([FieldError("old", "原密码不正确")])
            row.password_hash = hashed
            queries.end_sessions(unit, holder.id, but=holder.mark)
            self._tell(unit, holder, "设置了新的密码")

    # -- addresses ----------------------------------------------------------------------------------

    @retried
    def put_address(self, holder: Holder, proved: Proved) -> None:
        """Let a proved address be the holder's; one of the same kind gives way. Raises BadInput (code) where another
        account has it."""
        with self.office.store.write() as unit:
            owner = queries.account_at(unit, proved.address.hashes(self.office))
            if owner not in (None, holder.id):
                what = "手机号" if proved.address.kind == "phone" else "邮箱"
                message = f"这个{what}已经属于另一个账户。请用它登录那个账户，在那里注销或者更换之后再加到这里"
                raise BadInput([FieldError("code", message)])
            before = of_account(self.office, unit, holder.id)
            put_address(self.office, unit, holder.id, proved.address)
            if before.get(proved.address.kind) != proved.address:
                told = [one for one in before.values() if one != proved.address]
                tell_of_change(self.office, unit, told, "更换或者增加了登录用的手机号、邮箱")

    @retried
    def drop_address(self, holder: Holder, kind: str) -> None:
        """One of two addresses is not the holder's any more. Raises BadInput (address) for the last one."""
        with self.office.store.write() as unit:
            known = queries.addresses_of(unit, holder.id)
            gone = [row for row in known if row.kind == kind]
            if len(known) <= len(gone):
                message = "至少要留一个手机号或者邮箱；不再需要账户的，可以注销"
                raise BadInput([FieldError("address", message)])
            told = list(of_account(self.office, unit, holder.id).values())
            for row in gone:
                unit.session.delete(row)
            if gone:
                tell_of_change(self.office, unit, told, "去掉了一个登录用的手机号、邮箱")

    # -- passkeys -----------------------------------------------------------------------------------

    def offer(self, holder: Holder, site: Site, challenge: bytes) -> str:
        """What a browser is told to make a passkey for the holder, as JSON."""
        with self.office.store.read() as unit:
            row = unit.session.get_one(AccountRow, holder.id)
            known = [one.credential for one in queries.passkeys_of(unit, holder.id)]
            addresses = list(of_account(self.office, unit, holder.id).values())
        name = addresses[0].masked if addresses else "申请人"
        handle = bytes.fromhex(row.handle)
        return passkeys.to_make(site, handle, name, challenge, known, resident=True)

    @retried
    def add_passkey(
        self, holder: Holder, site: Site, challenge: bytes, answer: str, label: str
    ) -> None:
        """Keep the passkey that a browser made. Raises BadInput (passkey)."""
        wrong = BadInput([FieldError("passkey", NOT_ADDED)])
        try:
            made = passkeys.made(site, challenge, answer)
        except NotProved as error:
            raise wrong from error
        with self.office.store.write() as unit:
            known = queries.passkeys_of(unit, holder.id)
            if queries.passkey(unit, made.credential) is not None:
                raise wrong
            if len(known) >= passkeys.MOST:
                message = f"一个账户最多 {passkeys.MOST} 个通行密钥，请先去掉不用的"
                raise BadInput([FieldError("passkey", message)])
            unit.session.add(
                AccountPasskeyRow(
                    account_id=holder.id, credential=made.credential, public_key=made.public_key,
                    uses=made.uses, label=passkeys.label_of(label), added_at=self.office.now(),
                )
            )  # fmt: skip
            self._tell(unit, holder, "添加了通行密钥")

    @retried
    def drop_passkey(self, holder: Holder, which: int) -> None:
        with self.office.store.write() as unit:
            for row in queries.passkeys_of(unit, holder.id):
                if row.id == which:
                    unit.session.delete(row)
                    self._tell(unit, holder, "去掉了一个通行密钥")

    @retried
    def by_passkey(self, site: Site, challenge: bytes, answer: str) -> int:
        """The account whose passkey answered. Raises BadInput (passkey) with one message for every failure."""
        wrong = BadInput([FieldError("passkey", NO_PASSKEY)])
        try:
            credential = passkeys.named(answer)
            with self.office.store.write() as unit:
                row = queries.passkey(unit, credential)
                if row is None:
                    raise wrong
                row.uses = passkeys.uses_after(site, challenge, answer, row.public_key, row.uses)
                row.used_at = self.office.now()
                return row.account_id
        except NotProved as error:
            raise wrong from error

    # -- the end ------------------------------------------------------------------------------------

    @retried
    def delete(self, holder: Holder) -> None:
        """The account is gone with everything of it (个人信息保护法47); its requests stay."""
        with self.office.store.write() as unit:
            now, told = self.office.now(), list(of_account(self.office, unit, holder.id).values())
            queries.waiting_for(unit, holder.id, (), "申请人已经注销账户", now)
            queries.delete_account(unit, holder.id)
            tell_of_change(self.office, unit, told, "已经注销", "申请仍可以凭编号和查询码查询。")

    def _tell(self, unit: Unit, holder: Holder, what: str) -> None:
        tell_of_change(
            self.office, unit, list(of_account(self.office, unit, holder.id).values()), what
        )


def wrong_password(password: str, addresses: Any) -> str | None:
    """What is wrong with a new password, in words; None if it will do. The rules are those of staff."""
    if any(one.text.partition("@")[0].lower() in password.lower() for one in addresses):
        return "不能包含手机号、邮箱"
    return weak_password(password, NO_NAME)
