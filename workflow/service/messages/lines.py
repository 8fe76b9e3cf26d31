"""A message as pages show it: in words, with what became of it."""

from dataclasses import dataclass
from datetime import datetime

from config.channels import load_channels
from config.reminders import load_ladder
from workflow.store.message_models import MessageRow

STATES = {
    "waiting": "等待发送",
    "claimed": "正在发送",
    "handing": "正在发送",
    "sent": "已送达",
    "unclear": "可能已送达",
    "failed": "没有送达",
    "withdrawn": "已撤回",
    "gathered": "并入汇总",
}


@dataclass(frozen=True)
class Line:
    """A message as pages show it. state: its word; arrived: ok, late, still or soon (the tag)."""

    id: int
    kind: str
    channel: str
    to: str
    about: str
    agency: str
    text: str
    why: str
    level: str
    state: str
    state_label: str
    tag: str
    problem: str
    attempts: int
    created_at: datetime
    not_before: datetime
    done_at: datetime | None
    read: bool
    of_case: bool
    agency_name: str = ""
    may_send_again: bool = False
    of_parcel: bool = False


def line_of(row: MessageRow, *, may_send_again: bool = False) -> Line:
    channels = load_channels()
    known = channels.get(row.channel)
    outside = row.kind == "applicant" or (known is not None and known.to == "person")
    to = row.user.display_name if row.user else "申请人" if outside else "本机关的群"
    if row.stands_for is not None:
        to += f"（代理{row.stands_for.display_name}）"
    tag = {"sent": "ok", "failed": "late", "unclear": "soon"}.get(row.state, "still")
    return Line(
        row.id, row.kind, channels[row.channel].label if row.channel in channels else row.channel,
        to, row.about, row.agency.code if row.agency else "", row.text, row.why, row.level,
        row.state, STATES[row.state], tag, row.problem, row.attempts, row.created_at,
        row.not_before, row.done_at, row.read_at is not None, row.case_id is not None,
        row.agency.name if row.agency else "", may_send_again,
        row.moment in {moment.name for moment in load_ladder().by_kind["parcel"]},
    )  # fmt: skip
