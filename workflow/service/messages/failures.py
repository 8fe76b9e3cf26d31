"""Who is told that a message did not arrive, or that a channel keeps failing: in the system, where it
cannot fail."""

from datetime import timedelta

from config.channels import IN_APP, load_channels
from config.reminders import load_ladder
from workflow.service.messages.to_staff import tell_person, tell_staff
from workflow.service.office import Office
from workflow.store import channels as channel_queries
from workflow.store.message_models import MessageRow
from workflow.store.models import AgencyRow
from workflow.store.unit import Unit

ALARM_AFTER = 3
"""Failures in a row after which a channel needs somebody."""
ALARM_EVERY = timedelta(days=1)


def tell_of(office: Office, unit: Unit, row: MessageRow, what: str) -> None:
    """Let somebody know that a message did not arrive for sure: its receiver, for an applicant's
    message the clerk, for that of a group the administrator. what: how it ended, in words."""
    if row.kind == "test" or row.channel == IN_APP or row.agency_id is None:
        return
    kind = load_channels().get(row.channel)
    label = kind.label if kind else row.channel
    about = f"关于 {row.about} 的" if row.about else ""
    if row.user_id is not None:
        tell_person(
            office, unit, row.user_id, row.agency_id,
            moment="not_delivered", text=f"{about}{label}{what}：{row.problem}。内容见站内消息。",
            why="消息没有确定送达时告知本人", what=f"not delivered {row.id}",
            at=office.now(), about=row.about, case_id=row.case_id,
        )  # fmt: skip
        return
    if kind is not None and kind.to == "person" and row.kind != "applicant":
        return  # to an applicant's account: nobody here owes them a reminder
    agency = unit.session.get(AgencyRow, row.agency_id)
    assert agency is not None
    if row.kind != "applicant":
        # Who sees to the channels sees no case: which one it was about stands in the record.
        tell_staff(
            office, unit, agency,
            roles=load_ladder().told["group_not_reached"], moment="not_delivered",
            text=f"{label}{what}本机关的群：{row.problem}。", why="消息没有确定送达时告知管理通道的人",
            what=f"not delivered {row.id}",
        )  # fmt: skip
        return
    tell_staff(
        office, unit, agency,
        roles=load_ladder().told["applicant_not_reached"], moment="not_delivered",
        text=f"{about}{label}{what}申请人：{row.problem}。请用其他方式告知申请人。",
        why="消息没有确定送达时告知经办人", what=f"not delivered {row.id}",
        about=row.about, case_id=row.case_id,
    )  # fmt: skip


def channel_failed(office: Office, unit: Unit, name: str, problem: str) -> None:
    """Count a failure of a channel; the administrators are told of the third in a row, and once a day
    as long as it fails."""
    now, row = office.now(), channel_queries.channel_row(unit, name)
    row.failures += 1
    row.last_failed_at, row.problem = now, problem
    due = row.alarmed_at is None or not now - ALARM_EVERY < row.alarmed_at <= now
    if row.failures >= ALARM_AFTER and due:
        row.alarmed_at = now
        kind = load_channels().get(name)
        for agency in unit.agencies():
            if agency.parent_id is None or agency.takes_requests:
                tell_staff(
                    office, unit, agency,
                    roles=load_ladder().told["channel_failing"], moment="channel_failing", level="red",
                    text=f"通道“{kind.label if kind else name}”连续 {row.failures} 次没有发出："
                    f"{problem}。请到“通道”页面检查。",
                    why="通道连续失败，须有人处理", what=f"channel {name}",
                )  # fmt: skip
