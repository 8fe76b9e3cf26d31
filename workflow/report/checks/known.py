"""What is known beside a report, for the checks that need more than its own figures."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflow.report.annual import AnnualReport


@dataclass(frozen=True, slots=True)
class CaseFact:
    """What the checks ask of a case of the year. row: its row of table 三, None while it is open.

    secrecy_level … fee_notice_proof: the record that a row needs (V20). overdue: open or answered after
    its due day, at the end of the year (V27). bases: the texts that a refusal rests on (V28). courier:
    served by another courier than the post (V29). review_first: the refusal rests on 条例14 to 16, whole or
    in part. sued_over_silence: a suit without review where review comes first (V19). evidence_after_copy,
    copy_unknown: of a review or suit of the year (V33).
    """

    number: str
    row: str | None = None
    served_on: date | None = None
    overdue: bool = False
    secrecy_level: str | None = None
    consulted: bool = False
    linked: bool = False
    notice_proof: bool = False
    fee_notice_proof: bool = False
    redaction_log: bool = False
    bases: tuple[str, ...] = ()
    courier: str | None = None
    remedy_text: bool = True
    review_first: bool = False
    review_first_text: bool = True
    sued_directly: bool = False
    sued_over_silence: bool = False
    evidence_after_copy: bool = False
    copy_unknown: bool = False


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
    letter_gaps: what letters left open by the settings of today, with the numbers of the replies.
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
    letter_gaps: tuple[tuple[str, tuple[str, ...]], ...] = ()
