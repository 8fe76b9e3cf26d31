"""What is checked of an annual report, ours or one made elsewhere: V01 to V30, V33 to V41 of law.md §10.

`findings` asks every check of config/law/checks.toml; `sums` only the printed relations.
"""

from workflow.report.checks import (  # noqa: F401  (their checks register)
    between,
    days,
    fees,
    figures,
    ours,
    outcomes,
    parts,
    percentages,
    texts,
    tied,
    told,
)
from workflow.report.checks.finding import LEVELS, Finding
from workflow.report.checks.known import Known, Override
from workflow.report.checks.registry import CHECKS, findings
from workflow.report.checks.sums import Sheet, read_tables, sums
from workflow.report.records import CaseFact

__all__ = [
    "CHECKS",
    "LEVELS",
    "CaseFact",
    "Finding",
    "Known",
    "Override",
    "Sheet",
    "findings",
    "read_tables",
    "sums",
]
