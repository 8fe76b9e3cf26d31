"""The addresses of other systems (推送地址), as who administers a body sees to them: what each is told, its secret, a trial,
what was delivered, and once more on demand."""

import base64
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from config.origins import Origin, origin_of, origins
from workflow.dates import SHANGHAI
from workflow.people import Staff, in_sight
from workflow.refusal import BadInput, FieldError
from workflow.service.hooks.happened import TEST, on_its_way
from workflow.service.hooks.sending import still_signing
from workflow.service.messages.failures import ALARM_AFTER
from workflow.service.office import Missing, Office
from workflow.service.reach import within_reach
from workflow.store import hooks as store
from workflow.store.audit import audited
from workflow.store.bodies import Body
from workflow.store.hook_models import HookDeliveryRow, HookRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

ACTION = "see_to_hooks"
LONGEST_NAME = 60
LONGEST_ADDRESS = 500
BOTH_SIGN = timedelta(days=1)
"""So long the secret of before signs as well."""
STILL_SIGN = 10
"""So many secrets of before may sign at most."""
STATES = {"waiting": "等待推送", "claimed": "正在推送", "sent": "已收下", "failed": "没有送达"}
UNDER_WAY = {
    "waiting": "这一条已经在等待推送，不用再发，稍后刷新可以看到结果",
    "claimed": "这一条正在推送，不用再发，稍后刷新可以看到结果",
}
TAGS = {"sent": "ok", "failed": "late"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is said of an address on its form. events: None for all."""

    name: str
    url: str
    below: bool
    events: Collection[str] | None
    active: bool = True


@dataclass(frozen=True, slots=True)
class Receiver:
    """An address as its page shows it. failures: deliveries in a row that did not arrive; failing: it needs somebody. waiting,
    failed: deliveries on their way, and given up. both_until: the latest secret of before signs as well until then.
    allowed: the operator lets events be sent there. failed_since: the day of the earliest event that was given up."""

    id: int
    agency: str
    body: str
    name: str
    url: str
    host: str
    below: bool
    events: tuple[str, ...] | None
    active: bool
    failures: int
    failing: bool
    last_ok_at: datetime | None
    last_failed_at: datetime | None
    problem: str
    both_until: datetime | None
    waiting: int
    failed: int
    allowed: bool
    failed_since: date | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was or will be delivered. about: number of the case; "" of a trial. next_at: the next attempt, where it is not one
    of the next seconds. behind: it waits for an earlier one of its case."""

    id: int
    key: str
    event: str
    about: str
    state: str
    state_label: str
    tag: str
    attempts: int
    status: int | None
    problem: str
    created_at: datetime
    tried_at: datetime | None
    next_at: datetime | None
    behind: bool
    may_go_again: bool


class Receivers:
    """The use cases around the addresses. settings: with the servers that the operator allows."""

    def __init__(self, office: Office, settings: Mapping[str, Any]) -> None:
        self.office = office
        self.allowed: tuple[Origin, ...] = origins(str(settings["hook_hosts"]))

    # -- reading ------------------------------------------------------------------------------------

    def bodies(self, by: Staff) -> list[Body]:
        """The bodies whose addresses are theirs to see to, in order."""
        with self.office.store.read() as unit:
            return self.office.reach(unit, ACTION, by)

    def listed(self, by: Staff) -> list[Receiver]:
        """Every address within reach, in the order in which they were set up."""
        with self.office.store.read() as unit:
            bodies = {body.id: body for body in self.office.reach(unit, ACTION, by)}
            return self._shown(unit, store.hooks_of(unit, list(bodies)), bodies)

    def one(self, by: Staff, which: int) -> Receiver:
        """Raises Missing."""
        with self.office.store.read() as unit:
            row, body = self._row(unit, by, which)
            return self._shown(unit, [row], {body.id: body})[0]

    def deliveries(
        self, by: Staff, which: int, *, state: str = "", page: int = 1, per_page: int = 50
    ) -> tuple[list[Delivery], int]:
        """What was or will be delivered, the latest first, in one state or in any; how many in all. Raises Missing."""
        wanted = store.ON_ITS_WAY if state == "waiting" else [state] if state in STATES else STATES
        now = self.office.now()
        with self.office.store.read() as unit:
            row, _ = self._row(unit, by, which)
            rows, total = store.record(
                unit, row.id, wanted, after=(page - 1) * per_page, limit=per_page
            )
            return [_delivery(*one, now) for one in rows], total

    def _shown(self, unit: Unit, rows: list[HookRow], bodies: dict[int, Body]) -> list[Receiver]:
        counted = store.counted(unit, [row.id for row in rows])
        now, found = self.office.now(), []
        for row in rows:
            said = self._sealed(row)
            url, earlier = str(said["url"]), still_signing(said, now)
            origin, numbers = origin_of(url), counted.get(row.id, store.Counted())
            since = numbers.failed_since
            found.append(
                Receiver(
                    row.id, bodies[row.agency_id].code, bodies[row.agency_id].name, row.name, url,
                    str(origin), row.below, None if row.events is None else tuple(row.events),
                    row.active, row.failures, row.failures >= ALARM_AFTER, row.last_ok_at, row.last_failed_at, row.problem,
                    earlier[0][1] if earlier else None, numbers.waiting, numbers.failed,
                    origin in self.allowed, since.astimezone(SHANGHAI).date() if since else None,
                )
            )  # fmt: skip
        return found

    # -- setting up ---------------------------------------------------------------------------------

    @retried
    def add(self, by: Staff, agency: str, wanted: Wanted) -> tuple[int, str]:
        """A further address; its number and its secret, told once. Raises Missing, Denied, BadInput."""
        secret = _new_secret()
        with self.office.store.write_rules() as unit:
            self._ask(wanted)
            body = within_reach(self.office, unit, by, agency, ACTION)
            self._ask_new(unit, body.id, wanted.url)
            row = HookRow(
                agency_id=body.id,
                name=_name(wanted),
                below=wanted.below,
                events=self._events(wanted),
                active=wanted.active,
                created_at=self.office.now(),
            )
            unit.session.add(row)
            unit.session.flush()
            self._seal(row, {"url": wanted.url.strip(), "secret": secret})
            unit.rules_changed()
            self._note(unit, by, row, "hook_added", wanted.url)
            return row.id, secret

    @retried
    def change(self, by: Staff, which: int, wanted: Wanted) -> bool:
        """What the address is from now on; False if that is what it is. Raises Missing, BadInput."""
        with self.office.store.write_rules() as unit:
            row, _ = self._row(unit, by, which, lock=True)
            said, url = self._sealed(row), wanted.url.strip()
            self._ask(wanted, known=said["url"])
            events = self._events(wanted)
            new = _name(wanted), wanted.below, events, wanted.active, url
            if new == (row.name, row.below, row.events, row.active, said["url"]):
                return False
            row.name, row.below, row.events, row.active = new[:4]
            if url != said["url"]:
                self._ask_new(unit, row.agency_id, url, but=row.id)
                self._seal(row, {**said, "url": url})
                row.failures, row.problem, row.alarmed_at = 0, "", None
                store.go_on(unit, row.id, self.office.now())
            unit.rules_changed()
            self._note(unit, by, row, "hook_changed", url)
            return True

    @retried
    def renew_secret(self, by: Staff, which: int) -> str:
        """Another secret, told once. For a day the one of before signs as well, so that the receiver has time to change
        over; renewed twice within the day, each of before does for its own day. Raises Missing."""
        secret, now = _new_secret(), self.office.now()
        with self.office.store.write() as unit:
            row, _ = self._row(unit, by, which, lock=True)
            said = self._sealed(row)
            before = [(said["secret"], now + BOTH_SIGN), *still_signing(said, now)][:STILL_SIGN]
            earlier = [[one, until.isoformat()] for one, until in before]
            self._seal(row, {"url": said["url"], "secret": secret, "earlier": earlier})
            self._note(unit, by, row, "hook_secret_renewed", said["url"])
            return secret

    @retried
    def remove(self, by: Staff, which: int) -> str:
        """The address is no more, with all that was delivered to it; its name. No case moves meanwhile: an event of one would be
        put on its way to what is no more. Raises Missing."""
        with self.office.store.write_rules() as unit:
            row, _ = self._row(unit, by, which)
            name = row.name
            self._note(unit, by, row, "hook_removed", self._sealed(row)["url"])
            store.remove(unit, row)
            unit.rules_changed()
            return name

    # -- sending ------------------------------------------------------------------------------------

    @retried
    def try_out(self, by: Staff, which: int) -> None:
        """Put a trial on its way. Raises Missing, BadInput where the address is switched off."""
        now = self.office.now()
        with self.office.store.write() as unit:
            row, body = self._row(unit, by, which)
            self._ask_active(row)
            said = {"agency": body.code}
            store.add(unit, [on_its_way(row.id, TEST, said, now, now)])

    @retried
    def send_again(self, by: Staff, which: int, delivery: int) -> None:
        """Deliver once more, or try again now what waits for its next attempt, under the same key: a receiver that has it drops
        the second copy. Raises Missing, BadInput."""
        with self.office.store.write() as unit:
            row, _ = self._row(unit, by, which)
            self._ask_active(row)
            one = unit.session.get(HookDeliveryRow, delivery, with_for_update=True)
            if one is None or one.hook_id != row.id:
                raise Missing("没有这一条送达记录，可能已经过了九十天")
            if not _may_go_again(one):
                raise BadInput([FieldError("deliveries", UNDER_WAY[one.state])])
            one.state, one.attempts, one.problem, one.done_at = "waiting", 0, "", None
            one.not_before = self.office.now()
            self._note(unit, by, row, "hook_sent_again", self._sealed(row)["url"], rows=1)

    @retried
    def send_failed_again(self, by: Staff, which: int, since: date) -> int:
        """Deliver once more all that was given up since the beginning of a day; how many. Raises Missing, BadInput."""
        with self.office.store.write() as unit:
            row, _ = self._row(unit, by, which)
            self._ask_active(row)
            begin = datetime.combine(since, time(), SHANGHAI)
            found = store.again(unit, row.id, begin, self.office.now())
            if found:
                self._note(unit, by, row, "hook_sent_again", self._sealed(row)["url"], rows=found)
            return found

    # -- one of them --------------------------------------------------------------------------------

    def _row(
        self, unit: Unit, by: Staff, which: int, *, lock: bool = False
    ) -> tuple[HookRow, Body]:
        row = unit.session.get(HookRow, which, with_for_update=lock or None)
        body = self.office.tree(unit).by_id[row.agency_id] if row is not None else None
        if row is None or body is None or not self.office.reaches(unit, ACTION, by, body):
            raise Missing("没有这个推送地址，或者不归您管")
        return row, body

    def _sealed(self, row: HookRow) -> dict[str, Any]:
        return self.office.keys.open(row.sealed, f"hook {row.id}")

    def _seal(self, row: HookRow, said: Mapping[str, Any]) -> None:
        row.sealed = self.office.keys.seal(dict(said), f"hook {row.id}")

    def _ask(self, wanted: Wanted, known: str = "") -> None:
        """Raises BadInput. known: the address as it stands, which may stay though the operator allows it no more: nothing is
        sent there."""
        errors = []
        name = _name(wanted)
        if not 0 < len(name) <= LONGEST_NAME or not in_sight(name):
            message = f"请填写名称，最多 {LONGEST_NAME} 个字，不能有控制字符"
            errors.append(FieldError("hook_name", message))
        url = wanted.url.strip()
        origin = origin_of(url)
        if (wrong := _not_written_so(url)) is not None:
            errors.append(FieldError("url", wrong))
        elif len(url) > LONGEST_ADDRESS:
            errors.append(FieldError("url", f"最多 {LONGEST_ADDRESS} 个字"))
        elif origin is None or "#" in url:
            errors.append(FieldError("url", "请填写 https:// 开头的完整地址，不带用户名、密码和 #"))
        elif origin not in self.allowed and url != known:
            errors.append(FieldError("url", self._not_allowed(origin)))
        if wanted.events is not None and not wanted.events:
            errors.append(FieldError("events", "请选择推送哪些事项，或者选“全部事项”"))
        elif wanted.events and not set(wanted.events) <= set(self.office.law.transitions):
            errors.append(FieldError("events", "请从列出的事项中选择"))
        if errors:
            raise BadInput(errors)

    def _ask_new(self, unit: Unit, agency_id: int, url: str, *, but: int | None = None) -> None:
        """Of a body an address is told once, else it would hear everything twice. Within `write_rules`, so
        that of two at once the second finds the first. Raises BadInput."""
        for row in store.hooks_of(unit, [agency_id]):
            if row.id != but and _same(str(self._sealed(row)["url"]), url):
                raise BadInput(
                    [FieldError("url", f"这个机关已经有推送到这个地址的“{row.name}”，请修改那一个")]
                )

    def _not_allowed(self, origin: Origin) -> str:
        if not self.allowed:
            return "运行人员还没有允许任何主机，请先在配置中写明“允许推送的主机”"
        known = "、".join(map(str, self.allowed))
        return f"不能推送到 {origin}：运行人员允许的是 {known}，需要增加请联系运行人员"

    def _ask_active(self, row: HookRow) -> None:
        if not row.active:
            raise BadInput([FieldError("active", "这个地址已经停用，请先启用")])

    def _events(self, wanted: Wanted) -> list[str] | None:
        """In the order of the law's table; None for all."""
        if wanted.events is None:
            return None
        return [one for one in self.office.law.transitions if one in set(wanted.events)]

    def _note(
        self, unit: Unit, by: Staff, row: HookRow, action: str, url: str, **details: Any
    ) -> None:
        """The server is told and nothing else of the address: what stands behind it may be a secret."""
        host = str(origin_of(url) or "")
        audited(
            unit, self.office.now(), by.name, row.agency_id, action, row.name[:64], host=host, **details
        )  # fmt: skip


def _name(wanted: Wanted) -> str:
    return " ".join(wanted.name.split())


def _not_written_so(url: str) -> str | None:
    """What to do about a sign that no address has as it is; None where there is none."""
    strange = next((one for one in url if not "!" <= one <= "~"), None)
    if strange is None:
        return None
    if strange != " " and not strange.isprintable():
        return "地址里有看不见的字符，请删去，或者重新输入"
    if strange in url.partition("://")[2].partition("/")[0]:
        return f"主机名里有{_called(strange)}：空格请删去，汉字请写成 xn-- 开头的形式"
    return f"地址里的汉字、空格要写成百分号编码：{_called(strange)}写成 {quote(strange)}"


def _called(sign: str) -> str:
    return "空格" if sign == " " else f"“{sign}”"


def _same(one: str, other: str) -> bool:
    """Whether two addresses lead to the same place, however their servers are written."""
    first, second = urlsplit(one.strip()), urlsplit(other.strip())
    behind = (first.path or "/", first.query) == (second.path or "/", second.query)
    return behind and origin_of(one.strip()) == origin_of(other.strip())


def _new_secret() -> str:
    """256 bits, as receivers of Standard Webhooks take it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _delivery(row: HookDeliveryRow, behind: bool, now: datetime) -> Delivery:
    later = row.state == "waiting" and not behind and row.not_before > now
    return Delivery(
        row.id, row.key, row.event, row.about, row.state, STATES[row.state],
        TAGS.get(row.state, "soon" if row.attempts else "still"), row.attempts, row.status,
        row.problem, row.created_at, row.tried_at, row.not_before if later else None,
        behind, _may_go_again(row),
    )  # fmt: skip


def _may_go_again(row: HookDeliveryRow) -> bool:
    """Not what is under way, or has yet to be tried for the first time: that goes by itself."""
    return row.state in ("sent", "failed") or (row.state == "waiting" and row.attempts > 0)
