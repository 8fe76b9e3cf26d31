"""What was never a case does not stay: forms, drafts, files that were chosen, codes, sessions, answers. One table says for
how long each is kept; the worker lets it go (个人信息保护法19、47)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from workflow.service import begun, drafts, kept_forms
from workflow.service.applicants import entry
from workflow.service.cases import calls
from workflow.service.docket import ledgers
from workflow.service.limits import Limits
from workflow.service.office import Office
from workflow.store import forgetting as store
from workflow.store.retried import retried


@dataclass(frozen=True, slots=True)
class Period:
    """label: what it is. lasts: since it was last touched; None: until the moment that it was given (`until` says which).
    forget: lets it go where the store has it under a name of its own, None where `workflow.store.forgetting` has it."""

    label: str
    lasts: timedelta | None
    until: str = ""
    forget: Callable[[Office], int] | None = None


PERIODS: dict[str, Period] = {
    "forms_of_applications": Period("门户上没有提交的申请表和选好的材料", begun.KEPT_FOR, forget=begun.forget_old_begun),
    "drafts_of_applications": Period("门户上暂存的草稿", begun.DRAFT_KEPT_FOR, forget=begun.forget_old_begun),
    "drafts_of_registrations": Period(
        "窗口没有登记完的草稿和材料", timedelta(drafts.KEPT_DAYS), forget=drafts.forget_old_drafts),
    "forms_of_staff": Period("登录失效时工作人员没有交上的表", kept_forms.KEPT_FOR),
    "forms_of_applicants": Period("登录失效时申请人没有交上的表", kept_forms.KEPT_FOR_APPLICANT),
    "files_of_ledgers": Period(
        "没有导入的台账文件", timedelta(ledgers.KEPT_DAYS), forget=ledgers.forget_left_lying),
    "answers_of_calls": Period("接口重复调用的答复（含查询码）", calls.ANSWERS_KEPT),
    "codes_of_accounts": Period(
        "申请人账户的验证码、登录、待发的验证码短信和邮件", None, "各自的有效期届满", entry.forget_ended),
    "counts_of_addresses": Period(
        "网络地址的计次（只存校验值）", None, "各自的期限届满",
        lambda office: Limits(office).forget_ended(office.now())),
    "deliveries_to_systems": Period("向其他系统推送的记录（机关、编号、事项和日期）", timedelta(90)),
}  # fmt: skip
"""By name. An account that its applicant ends is deleted at once, with all that it holds."""


def forget_all(office: Office) -> dict[str, int]:
    """Let go what has lain too long; how many of each kind. Nothing is written where nothing has."""
    done = {one.forget: one.forget(office) for one in PERIODS.values() if one.forget}
    return {
        name: done[one.forget] if one.forget else _forget(office, name)
        for name, one in PERIODS.items()
    }


def _forget(office: Office, kind: str) -> int:
    lasts = PERIODS[kind].lasts
    assert lasts is not None, kind
    before = office.now() - lasts
    with office.store.read() as unit:
        if not store.lies(unit, kind, before):
            return 0
    return _write(office, kind, before)


@retried
def _write(office: Office, kind: str, before: datetime) -> int:
    with office.store.write() as unit:
        return store.forget(unit, kind, before)
