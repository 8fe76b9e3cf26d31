"""The body's own days in review and court, beside the days of the reply: to answer, to appeal."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from workflow import events as ev
from workflow.clock.deadlines import Deadlines, Step
from workflow.clock.run import in_order
from workflow.dates import in_words
from workflow.rules import proceedings
from workflow.rules.rulebook import Rulebook


def with_disputes(found: Deadlines, events: Iterable[ev.Event], rules: Rulebook) -> Deadlines:
    """The due days with those of the last review and the last suit beside them. They run from the copy, or
    provisionally from the filing while nobody told the day of the copy (行政复议法48、54; 行政诉讼法67、85)."""
    days: dict[str, Any] = {}
    steps: list[Step] = []
    for key, day, text, article in _days(events, rules):
        days[key] = day
        steps.append(Step(day, text, article))
    return replace(found, **days, dispute_steps=tuple(steps)) if days else found


def _days(events: Iterable[ev.Event], rules: Rulebook) -> Iterator[tuple[str, date, str, str]]:
    """Key, day, words and article. A judgment of the second instance is final."""
    second = False
    for _, event in in_order(events):
        if isinstance(event, ev.FileSuit):
            second = event.instance == "appeal"
        if isinstance(event, ev.FileReview | ev.FileSuit):
            copy_on = event.copy_received_on or event.on
            since = "收到副本" if event.copy_received_on else "提出（收到副本之日未知，暂定）"
            if isinstance(event, ev.FileReview):
                day = proceedings.review_answer_due(copy_on, bool(event.summary), rules)
                yield (
                    "review_answer_due", day,
                    f"行政复议答复期限至 {in_words(day)}，从{since}起算", "行政复议法48、54、88(2)",
                )  # fmt: skip
            else:
                day = proceedings.suit_answer_due(copy_on, rules)
                yield (
                    "suit_answer_due", day,
                    f"行政诉讼答辩期限至 {in_words(day)}，从{since}起算", "行政诉讼法67",
                )  # fmt: skip
        elif isinstance(event, ev.ConcludeSuit) and event.judgment_received_on and not second:
            last = proceedings.appeal_due(event.result, event.judgment_received_on, rules)
            if last:
                text = f"上诉期限至 {in_words(last)}，从收到裁判文书起算"
                yield "appeal_due", last, text, "行政诉讼法85"
