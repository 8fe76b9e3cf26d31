"""Whether an installation is looked after: what was found of it → findings, each with what to do. Facts come from
`workflow/service/upkeep`; here nothing is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

Level = Literal["right", "look", "wrong"]
RIGHT: Level = "right"
LOOK: Level = "look"
"""Somebody should look at it when there is time."""
WRONG: Level = "wrong"
"""Something does not work, or may be lost."""
ORDER: tuple[Level, ...] = (WRONG, LOOK, RIGHT)

LAST_MONTHS = 11
"""From this month on the next year is asked for: what comes in may be due in it."""
UNCHANGED = timedelta(days=14)
"""So long may somebody take to change a password that was given to them."""
ROUND_LATE = timedelta(days=4)
"""Longer than a weekend; within long holidays nobody makes a round either, so it is a look and no fault."""
VERIFY_OLD = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was looked at. key: the same for ever, as programs know it; message: one sentence in Chinese;
    remedy: what to do, with the command; page: where at the desk, as an endpoint; source: the rule behind it."""

    key: str
    level: Level
    message: str
    remedy: str = ""
    page: str = ""
    source: str = ""


def in_order(found: list[Finding]) -> list[Finding]:
    """What is wrong first, then what wants a look."""
    return sorted(found, key=lambda one: ORDER.index(one.level))


# -- days and law -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the nation's calendar. known: a notice of it is loaded, or came with the program; missing: the festivals
    that no notice names."""

    year: int
    known: bool
    missing: tuple[str, ...]


def years(found: list[Year], today: date) -> Iterator[Finding]:
    """The nation's days off of this year, and from November on of the next one (放假办法)."""
    source = "放假办法2；国务院办公厅的放假通知"
    for one in found:
        coming = one.year > today.year
        if coming and today.month < LAST_MONTHS:
            continue
        key = "calendar.next_year" if coming else "calendar.this_year"
        if not one.missing:
            yield Finding(key, RIGHT, f"{one.year} 年的放假安排已经装入")
            continue
        left = "、".join(one.missing)
        said = (
            f"{one.year} 年的放假安排只装入了一部分，还缺{left}，期限是暂定的"
            if one.known
            else f"{one.year} 年的放假安排还没有装入，落在那一年的期限是暂定的"
        )
        yield Finding(
            key, LOOK if coming else WRONG, said,
            "通知公布以后 gongkai calendar load 文件，或者在“放假安排”页面装入", "desk.national_days", source,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """That a person has looked through the points of the law for a year."""

    by: str
    at: datetime


def asked_year(today: date) -> int:
    """For which year the points of the law should have been looked through: from November on for the next one."""
    return today.year + (today.month >= LAST_MONTHS)


def law(points: int, year: int, checked: Checked | None) -> Finding:
    """Whether a person has looked through what the tables of the law have at second hand, or as practice does it."""
    if checked is not None:
        return Finding(
            "law.points", RIGHT,
            f"{year} 年的 {points} 处法规要点，{checked.by} 在 {checked.at:%Y-%m-%d} 核对过",
            page="desk.law_points",
        )  # fmt: skip
    return Finding(
        "law.points", LOOK, f"{year} 年的 {points} 处法规要点还没有人核对",
        "在“法规要点”页面逐处核对并登记，或者 gongkai law points、"
        f"gongkai law checked --year {year}",
        "desk.law_points", "条例4",
    )  # fmt: skip


# -- people, messages, records ------------------------------------------------------------------------------


def passwords(unchanged: list[tuple[str, datetime | None]], now: datetime) -> Finding:
    """Passwords that were given to somebody and never changed: user name, and since when."""
    old = [name for name, since in unchanged if since is None or now - since > UNCHANGED]
    if not old:
        return Finding("people.passwords", RIGHT, "没有搁置的一次性密码")
    return Finding(
        "people.passwords", LOOK,
        f"{len(old)} 个账号的一次性密码发出两周以上还没有换过：{'、'.join(old[:10])}{'等' * (len(old) > 10)}",
        "请本人登录换掉；不用的账号 gongkai user disable --name 用户名", "desk.staff_list", "GB/T 22239",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Channel:
    """A way of telling people. failures: in a row."""

    label: str
    failures: int
    failing: bool
    last_ok: datetime | None
    problem: str
    outside: bool


def channels(found: list[Channel]) -> Iterator[Finding]:
    """Mail, messages and robots."""
    outside = [one for one in found if one.outside]
    if not outside:
        yield Finding(
            "channels.mail", LOOK, "没有开通邮件、短信或者群，提醒只在系统里，没登录的人看不到",
            "设置 smtp_host 等（docs/notifications.md），再到“通道”页面测试", "desk.channels",
        )  # fmt: skip
    for one in outside:
        if one.failing:
            yield Finding(
                "channels.failing", WRONG, f"{one.label}连续 {one.failures} 次没有发出：{one.problem}",
                "修好以后在“通道”页面发一条测试消息", "desk.channels",
            )  # fmt: skip
        elif one.last_ok is None:
            yield Finding(
                "channels.untried", LOOK, f"{one.label}开通以后还没有发出过消息",
                "在“通道”页面发一条测试消息", "desk.channels",
            )  # fmt: skip
        else:
            yield Finding(
                "channels.works", RIGHT, f"{one.label}最近一次发出是 {one.last_ok:%Y-%m-%d %H:%M}"
            )


@dataclass(frozen=True, slots=True)
class Hook:
    """An address of another system. failures: deliveries in a row that did not arrive; failing: it needs somebody; failed:
    given up and not sent again."""

    name: str
    failures: int
    failing: bool
    failed: int
    problem: str


def hooks(found: list[Hook]) -> Iterator[Finding]:
    """What other systems are told; nothing where none is."""
    ill = [one for one in found if one.failing or one.failed]
    for one in ill:
        said = f"推送地址“{one.name}”"
        said += f"连续 {one.failures} 次没有收下：{one.problem}" if one.failing else ""
        said += "，" if one.failing and one.failed else ""
        said += f"有 {one.failed} 条没有送达" if one.failed else ""
        yield Finding(
            "hooks.failing" if one.failing else "hooks.failed", WRONG if one.failing else LOOK, said,
            "与对方系统的管理员联系，修好以后在“数据推送”页面再发一次", "desk.hooks",
        )  # fmt: skip
    if found and not ill:
        yield Finding("hooks.works", RIGHT, f"{len(found)} 个推送地址都收得到", page="desk.hooks")


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the worker that failed the last time. fault: its kind; times: in a row."""

    name: str
    fault: str
    times: int


@dataclass(frozen=True, slots=True)
class Worker:
    """The worker of the messages. overdue: messages that should have gone by now; failed: given up in the last days."""

    leads: bool
    last_round: datetime | None
    waiting: int
    overdue: int
    failed: int
    jobs: tuple[Job, ...] = ()


def worker(found: Worker, now: datetime) -> Iterator[Finding]:
    """Whether reminders and messages go out."""
    start = "gongkai serve（worker_in_serve 没有关的），或者 gongkai worker"
    if not found.leads:
        yield Finding(
            "worker.runs", WRONG if found.overdue or found.last_round else LOOK,
            f"发送程序没有运行，提醒和通知都在等待（{found.waiting} 条）", start, "desk.channels",
        )  # fmt: skip
    else:
        yield Finding("worker.runs", RIGHT, "发送程序正在运行")
        if found.overdue:
            yield Finding(
                "messages.overdue", LOOK, f"有 {found.overdue} 条消息过了时间还没有发出",
                "在“通道”页面看哪个通道不通", "desk.channels",
            )  # fmt: skip
        if found.last_round and now - found.last_round > ROUND_LATE:
            yield Finding(
                "worker.round", LOOK,
                f"发送程序最近一次查看期限是 {found.last_round:%Y-%m-%d %H:%M}；不是放长假的，请看日志",
                "看日志里 gongkai.worker 的记录，重新启动 gongkai worker",
            )  # fmt: skip
    for job in found.jobs:
        yield Finding(
            "worker.jobs", WRONG, f"发送程序的“{job.name}”连续 {job.times} 次出错（{job.fault}）",
            "看日志里这一段；升级也不好的，请把这几行日志告诉维护的人",
        )  # fmt: skip
    if found.failed:
        yield Finding(
            "messages.failed", LOOK, f"最近七天有 {found.failed} 条消息没有送达",
            "请经办人在“送达记录”里查看，用别的方式告知", source="条例40",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verified:
    """The last whole run of `gongkai verify`. events: lines of logs that came since; broken: faults that it found."""

    at: datetime
    events: int
    broken: int


def verified(found: Verified | None, now: datetime) -> Finding:
    """Whether the records were held to their logs lately."""
    if found is None:
        return Finding("log.verified", LOOK, "办理记录还没有整体核验过", "gongkai verify")
    said = f"办理记录最近一次整体核验是 {found.at:%Y-%m-%d}，之后新增 {found.events} 条"
    if found.broken:
        return Finding(
            "log.verified", WRONG, f"{said}；那一次有 {found.broken} 处不符", "gongkai verify 看是哪几处"
        )  # fmt: skip
    old = now - found.at > VERIFY_OLD
    return Finding("log.verified", LOOK if old else RIGHT, said, "gongkai verify" if old else "")
