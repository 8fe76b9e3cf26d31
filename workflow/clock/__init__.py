"""The statutory clock: from the events of a case to its due days, each with its steps.

Periods of the Regulations are in working days and exclude the day of the trigger; periods of review
and suit are calendar periods whose last day moves off a rest day. law.md §3.
"""

from workflow.clock.count import CountedDays, day_by_day, used_workdays
from workflow.clock.days import add_months, effective_service, party_deadline, receipt_day
from workflow.clock.deadlines import Deadlines, Step, Terms
from workflow.clock.disputes import with_disputes
from workflow.clock.dues import (
    annual_report_dues,
    classification_dues,
    leak_report_due,
    publication_due,
    report_last_day,
)
from workflow.clock.notices import PAPER_EVENTS, Delivery, Paper, papers, sent
from workflow.clock.run import CLOCK_EVENTS, compute, in_order

__all__ = [
    "CLOCK_EVENTS",
    "PAPER_EVENTS",
    "CountedDays",
    "Deadlines",
    "Delivery",
    "Paper",
    "Step",
    "Terms",
    "add_months",
    "annual_report_dues",
    "classification_dues",
    "compute",
    "day_by_day",
    "effective_service",
    "in_order",
    "leak_report_due",
    "papers",
    "party_deadline",
    "publication_due",
    "receipt_day",
    "report_last_day",
    "sent",
    "used_workdays",
    "with_disputes",
]
