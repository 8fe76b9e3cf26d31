"""The row of a case: the values that follow from its log and are kept beside it, to be asked for."""

from dataclasses import asdict
from datetime import date
from typing import Any

from workflow.case import waiting
from workflow.case.case import Case
from workflow.case.counted import counted
from workflow.case.facts import Proceeding
from workflow.report.tables.kept import word_of_case

BESIDE_THE_DAYS = frozenset(
    ("counted_as", "assigned_to", "waits_for", "news", "news_at", "news_by")
)
"""Columns that say nothing of days, outcome or state: who only asks what moved passes over them."""


def projection(case: Case) -> dict[str, Any]:
    """The columns of the case row that follow from the log."""
    seen = counted(case)
    due, kind = case.next_due()
    news = waiting.news_of(case)
    return {
        "state": case.state,
        "channel": case.facts.channel,
        "received_on": seen.received_on,
        "reply_due": case.deadlines.reply_due,
        "next_due": due,
        "next_due_kind": kind,
        "waiting_until": case.waiting_until,
        "closed_on": seen.closed_on,
        "outcome": case.facts.outcome if seen.closed_on else None,
        "result_row": seen.row,
        "columns": list(seen.columns),
        "item_rows": list(seen.item_rows),
        "merged_into": case.facts.merged_into,
        "applicant_now": case.facts.successor,
        "held_by": case.facts.moved_to,
        "moved_on": case.facts.moved_on,
        "proceedings": [proceeding_entry(p) for p in seen.proceedings],
        "has_proceedings": bool(seen.proceedings),
        "withdrawn_unaccepted": seen.withdrawn_unaccepted,
        "counted_as": word_of_case(case, seen),
        "assigned_to": waiting.assigned_to(case),
        "waits_for": waiting.waits_for(case),
        "news": news.event if news else None,
        "news_at": news.at if news else None,
        "news_by": news.by if news else None,
    }


_PROCEEDING_DAYS = (
    "filed_on", "concluded_on", "answer_due", "copy_received_on", "decided_on", "appeal_due", "report_due",
)  # fmt: skip


def proceeding_entry(proceeding: Proceeding) -> dict[str, Any]:
    found = asdict(proceeding)
    for name in _PROCEEDING_DAYS:
        found[name] = found[name].isoformat() if found[name] else None
    return found


def proceeding_of(entry: dict[str, Any]) -> Proceeding:
    fields: dict[str, Any] = dict(entry)
    for name in _PROCEEDING_DAYS:
        fields[name] = date.fromisoformat(fields[name]) if fields.get(name) else None
    return Proceeding(**fields)
