"""The second step of a login (两步验证): an app that shows codes, passkeys, recovery codes; who must have one; and by which
way somebody came in.

A guess is counted before it is looked at, for the person from one address on the net and from everywhere: who gets here knows
the password already. A passkey cannot be guessed and is never held up.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow import people
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.service import one_time_codes, passkeys
from workflow.service.limits import Limits, TooOften
from workflow.service.office import Office
from workflow.service.passkeys import NotProved, Passkey, Site, held
from workflow.store import factors as queries
from workflow.store.audit import LOGGED_IN, audited
from workflow.store.factor_models import RecoveryCodeRow, StaffPasskeyRow, StaffTotpRow
from workflow.store.models import UserRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

WINDOW = timedelta(minutes=15)
TRIES = 5
"""Wrong codes of a person from one address on the net, in the window."""
TRIES_FROM_EVERYWHERE = 30
WRONG = "验证码不正确，或者已经用过了"
NO_PASSKEY = "通行密钥没有通过，请再试一次，或者输入验证码"
NOT_ADDED = "通行密钥没有添加成功，请再试一次"
NOT_PROVED = "密码不正确"
ISSUER = "依申请公开"


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has besides the password. app_since: None where there is no app; codes_left: recovery codes."""

    app_since: datetime | None
    app_used_at: datetime | None
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def some(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


class SecondFactor:
    """The use cases around second factors. required: roles whose holders must have one."""

    def __init__(self, office: Office, required: Collection[str] = ()) -> None:
        self.office, self.required = office, frozenset(required)
        self._limits = Limits(office)

    # -- reading ------------------------------------------------------------------------------------

    def of(self, staff: Staff) -> Factors:
        with self.office.store.read() as unit:
            app = unit.session.get(StaffTotpRow, staff.id)
            return Factors(
                app.added_at if app else None,
                app.used_at if app else None,
                held(queries.passkeys_of(unit, staff.id)),
                queries.count_recovery_codes(unit, staff.id),
            )

    def has(self, staff: Staff) -> bool:
        with self.office.store.read() as unit:
            return queries.has_factor(unit, staff.id)

    def must(self, staff: Staff) -> bool:
        """Whether a role that the person holds, if only in another's place, demands a second factor."""
        return any(self.required & held for held in staff.roles.values())

    def owes(self, staff: Staff) -> bool:
        """True for who must have one and has none."""
        return self.must(staff) and not self.has(staff)

    # -- the second step ------------------------------------------------------------------------------

    def by_code(self, staff: Staff, typed: str, place: str) -> str:
        """The way by which a typed code opens, totp or recovery; the code is used up. place: the address on the net.

        Raises TooOften, BadInput (code) with one message for every failure.
        """
        self._count(staff, place)
        with_app, code = one_time_codes.as_code(typed), one_time_codes.as_recovery_code(typed)
        if with_app is not None and self._by_app(staff, with_app):
            way = "totp"
        elif code is not None and self._by_recovery(staff, code):
            way = "recovery"
        else:
            raise BadInput([FieldError("code", WRONG)])
        for who in _counted(staff, place):
            self._limits.forget(who)
        return way

    def to_answer(self, staff: Staff, site: Site, challenge: bytes) -> str | None:
        """What a browser is told to answer with a passkey of the person; None where there is none."""
        with self.office.store.read() as unit:
            known = [one.credential for one in queries.passkeys_of(unit, staff.id)]
        return passkeys.to_answer(site, challenge, known) if known else None

    @retried
    def by_passkey(self, staff: Staff, site: Site, challenge: bytes, answer: str) -> None:
        """Raises BadInput (passkey) with one message for every failure."""
        wrong = BadInput([FieldError("passkey", NO_PASSKEY)])
        try:
            with self.office.store.write() as unit:
                row = queries.passkey(unit, staff.id, passkeys.named(answer))
                if row is None:
                    raise wrong
                row.uses = passkeys.uses_after(site, challenge, answer, row.public_key, row.uses)
                row.used_at = self.office.now()
        except NotProved as error:
            raise wrong from error

    @retried
    def entered(self, staff: Staff, ways: Collection[str]) -> None:
        """Somebody came in. ways: words of `login_ways` in words.toml."""
        with self.office.store.write() as unit:
            row = _row(unit, staff)
            row.last_login_at = self.office.now()
            self._note(unit, staff, LOGGED_IN, way="+".join(ways))

    # -- that it is the person -------------------------------------------------------------------------

    def prove(self, staff: Staff, typed: str, place: str) -> None:
        """Who is logged in says once more who they are, by the password or by a code, before factors are changed.
        Raises TooOften, BadInput (proof)."""
        if one_time_codes.as_code(typed) or one_time_codes.as_recovery_code(typed):
            try:
                self.by_code(staff, typed, place)
                return
            except BadInput:
                pass
        else:
            self._count(staff, place)
        with self.office.store.read() as unit:
            kept = _row(unit, staff).password_hash
        if not people.password_fits(kept, typed):
            raise BadInput([FieldError("proof", NOT_PROVED)])
        for who in _counted(staff, place):
            self._limits.forget(who)

    # -- setting up ----------------------------------------------------------------------------------

    @retried
    def put_app(self, staff: Staff, secret: bytes, typed: str) -> list[str]:
        """Let the app with this secret be the person's; one of before gives way. Its first code is typed, and used up.
        Returns the recovery codes, told once, if it is the person's first factor. Raises BadInput (code)."""
        code, now = one_time_codes.as_code(typed), self.office.now()
        counter = None if code is None else one_time_codes.counter_of(secret, code, now)
        if counter is None:
            raise BadInput([FieldError("code", "验证码不对，请看应用里现在显示的六位数字")])
        with self.office.store.write() as unit:
            first = not queries.has_factor(unit, staff.id)
            queries.drop_totp(unit, staff.id)
            sealed = self.office.keys.seal({"secret": secret.hex()}, _seal(staff))
            unit.session.add(
                StaffTotpRow(user_id=staff.id, sealed=sealed, last_counter=counter, added_at=now)
            )
            self._note(unit, staff, "factor_added", way="totp")
            return self._new_codes(unit, staff) if first else []

    @retried
    def drop_app(self, staff: Staff) -> None:
        with self.office.store.write() as unit:
            if queries.drop_totp(unit, staff.id):
                self._note(unit, staff, "factor_removed", way="totp")
                self._tidy(unit, staff)

    def offer(self, staff: Staff, site: Site, challenge: bytes) -> str:
        """What a browser is told to make a passkey for the person, as JSON."""
        handle = bytes.fromhex(self.office.keys.mark("passkey handle", str(staff.id)))
        with self.office.store.read() as unit:
            known = [one.credential for one in queries.passkeys_of(unit, staff.id)]
        return passkeys.to_make(site, handle, staff.name, challenge, known, resident=False)

    @retried
    def add_passkey(
        self, staff: Staff, site: Site, challenge: bytes, answer: str, label: str
    ) -> list[str]:
        """Keep the passkey that a browser made. Returns what `put_app` does. Raises BadInput (passkey)."""
        wrong = BadInput([FieldError("passkey", NOT_ADDED)])
        try:
            made = passkeys.made(site, challenge, answer)
        except NotProved as error:
            raise wrong from error
        label = passkeys.label_of(label)
        with self.office.store.write() as unit:
            if queries.passkey_is_known(unit, made.credential):
                raise wrong
            if len(queries.passkeys_of(unit, staff.id)) >= passkeys.MOST:
                message = f"一个人最多 {passkeys.MOST} 个通行密钥，请先去掉不用的"
                raise BadInput([FieldError("passkey", message)])
            first = not queries.has_factor(unit, staff.id)
            unit.session.add(
                StaffPasskeyRow(
                    user_id=staff.id, credential=made.credential, public_key=made.public_key,
                    uses=made.uses, label=label, added_at=self.office.now(),
                )
            )  # fmt: skip
            self._note(unit, staff, "factor_added", way="passkey", name=label)
            return self._new_codes(unit, staff) if first else []

    @retried
    def rename_passkey(self, staff: Staff, which: int, label: str) -> None:
        """Another name; nothing happens to a passkey of somebody else."""
        with self.office.store.write() as unit:
            for row in queries.passkeys_of(unit, staff.id):
                if row.id == which:
                    row.label = passkeys.label_of(label)

    @retried
    def drop_passkey(self, staff: Staff, which: int) -> None:
        """It opens nothing any more; nothing happens to a passkey of somebody else."""
        with self.office.store.write() as unit:
            for row in queries.passkeys_of(unit, staff.id):
                if row.id == which:
                    self._note(unit, staff, "factor_removed", way="passkey", name=row.label)
                    unit.session.delete(row)
                    unit.session.flush()
                    self._tidy(unit, staff)

    @retried
    def new_codes(self, staff: Staff) -> list[str]:
        """Other recovery codes, told once; those of before are worth nothing. None for who has no factor."""
        with self.office.store.write() as unit:
            if not queries.has_factor(unit, staff.id):
                return []
            self._note(unit, staff, "recovery_codes_made")
            return self._new_codes(unit, staff)

    # -- what all of them share -----------------------------------------------------------------------

    def _by_app(self, staff: Staff, code: str) -> bool:
        with self.office.store.read() as unit:
            row = unit.session.get(StaffTotpRow, staff.id)
            if row is None:
                return False
            secret = bytes.fromhex(self.office.keys.open(row.sealed, _seal(staff))["secret"])
        counter = one_time_codes.counter_of(secret, code, self.office.now())
        return counter is not None and self._count_on(staff, counter)

    @retried
    def _count_on(self, staff: Staff, counter: int) -> bool:
        with self.office.store.write() as unit:
            return queries.count_on(unit, staff.id, counter, self.office.now())

    @retried
    def _by_recovery(self, staff: Staff, code: str) -> bool:
        with self.office.store.write() as unit:
            for row in queries.recovery_codes_of(unit, staff.id):
                if self.office.keys.proves("recovery code", f"{staff.id} {code}", row.hash):
                    if not queries.use_up(unit, row):
                        return False
                    left = queries.count_recovery_codes(unit, staff.id)
                    self._note(unit, staff, "recovery_code_used", remaining=left)
                    return True
        return False

    def _count(self, staff: Staff, place: str) -> None:
        """Count a guess. Raises TooOften for one too many; the first of them stands in the audit."""
        now = self.office.now()
        here, everywhere = (self._limits.count(who, WINDOW, now) for who in _counted(staff, place))
        if here <= TRIES and everywhere <= TRIES_FROM_EVERYWHERE:
            return
        if here == TRIES + 1 or everywhere == TRIES_FROM_EVERYWHERE + 1:
            self._stopped(staff)
        minutes = int(WINDOW.total_seconds() // 60)
        raise TooOften(f"输错的次数过多，请 {minutes} 分钟后再试")

    @retried
    def _stopped(self, staff: Staff) -> None:
        with self.office.store.write() as unit:
            self._note(unit, staff, "second_step_stopped", by=people.SYSTEM.name)

    def _new_codes(self, unit: Unit, staff: Staff) -> list[str]:
        queries.drop_recovery_codes(unit, staff.id)
        codes = [one_time_codes.new_recovery_code() for _ in range(one_time_codes.RECOVERY_CODES)]
        unit.session.add_all(
            RecoveryCodeRow(
                user_id=staff.id,
                hash=self.office.keys.digest("recovery code", f"{staff.id} {code}"),
            )
            for code in codes
        )
        return [one_time_codes.shown_recovery_code(code) for code in codes]

    def _tidy(self, unit: Unit, staff: Staff) -> None:
        """Recovery codes open nothing where there is no factor that they stand for."""
        if not queries.has_factor(unit, staff.id):
            queries.drop_recovery_codes(unit, staff.id)

    def _note(
        self, unit: Unit, staff: Staff, action: str, by: str = "", **details: str | int
    ) -> None:
        at = min((role.agency_id for role in _row(unit, staff).roles), default=None)
        audited(unit, self.office.now(), by or staff.name, at, action, staff.name, **details)


def _row(unit: Unit, staff: Staff) -> UserRow:
    row = unit.user(staff.name)
    assert row is not None, "nobody is deleted"
    return row


def _seal(staff: Staff) -> str:
    return f"totp {staff.id}"


def _counted(staff: Staff, place: str) -> tuple[str, str]:
    return f"second step of {staff.name} from {place}", f"second step of {staff.name}"
