"""The body's own days in review and court: to answer with its evidence, to appeal, to report.

Rule: the days to answer a review or a suit run from the day on which its copy reached the body (行政复议法48, 54; 行政诉讼法67).
"""

from datetime import date, timedelta

from workflow.rules.rulebook import Rulebook


def review_answer_due(copy_on: date, summary: bool, rules: Rulebook) -> date:
    """The last day to answer a review whose copy came on the day: working days since 2024-01-01, fewer in
    the summary procedure (行政复议法48, 54, 88(2)); calendar days before, when there was none."""
    if before_working_days(copy_on, rules):
        return _calendar_days("review_answer_calendar", copy_on, rules)
    name = "review_answer_summary" if summary else "review_answer"
    return rules.calendar.add(copy_on, rules.period(name, copy_on))


def before_working_days(copy_on: date, rules: Rulebook) -> bool:
    """Whether the 行政复议法 of before 2024 holds: no summary procedure, calendar days."""
    return copy_on < rules.law.periods["review_answer"].first_day


def suit_answer_due(copy_on: date, rules: Rulebook) -> date:
    """The last day to answer a suit and hand in the evidence: 15 calendar days (行政诉讼法67)."""
    return _calendar_days("suit_answer", copy_on, rules)


def appeal_due(result: str, received_on: date, rules: Rulebook) -> date | None:
    """The last day to appeal against a judgment (15 days) or ruling (10 days) that was received on the day
    (行政诉讼法85); None for a result that is final."""
    period = rules.law.results[("suit", result)].appeal
    return _calendar_days(period, received_on, rules) if period else None


def opinion_report_due(received_on: date, rules: Rulebook) -> date:
    """The last day to report on a 行政复议意见书: 60 days from its receipt (行政复议法76)."""
    return _calendar_days("review_opinion", received_on, rules)


def _calendar_days(period: str, day: date, rules: Rulebook) -> date:
    return rules.calendar.on_or_after(day + timedelta(rules.period(period, day)))
