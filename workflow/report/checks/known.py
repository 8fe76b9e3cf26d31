"""What is known beside a report, for the checks that need more than its own figures."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflow.report.annual import AnnualReport
from workflow.report.records import CaseFact


@dataclass(frozen=True, slots=True)
class Override:
    """A number that a person put in the place of the counted one. where: table, row and column keys."""

    where: tuple[str, str, str]
    reason: str
    by: str
    confirmed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What may be known. None or empty: not known, and what needs it is not checked.

    before: last year's report. children: the reports of the bodies below, missing_children the names of
    those without one. cases: None where there are no case records. counted: the tables as the cases give
    them, with overrides. fees_yuan: 信息处理费 received in the year. today: for a report that is not
    published yet. calendar_notes: what is provisional or changed about the days of the year, in words.
    letter_gaps: what letters left open by the settings of today, with the first number and how many replies.
    """

    before: AnnualReport | None = None
    children: tuple[AnnualReport, ...] = ()
    missing_children: tuple[str, ...] = ()
    cases: tuple[CaseFact, ...] | None = None
    counted: AnnualReport | None = None
    overrides: tuple[Override, ...] = ()
    fees_yuan: Decimal | None = None
    today: date | None = None
    calendar_notes: tuple[str, ...] = ()
    letter_gaps: tuple[tuple[str, str, int], ...] = ()
