"""The law as tables: `load_law()` reads and checks them once and returns a `Law`."""

from config.law.load import Law, LawTableError, load_law
from config.law.tables import (
    Applicants,
    Ladder,
    Outcome,
    Period,
    ProceedingResult,
    ReportCheck,
    SettingRule,
    State,
    Table2Block,
    TableFormats,
    Transition,
    Words,
)

__all__ = [
    "Applicants",
    "Ladder",
    "Law",
    "LawTableError",
    "Outcome",
    "Period",
    "ProceedingResult",
    "ReportCheck",
    "SettingRule",
    "State",
    "Table2Block",
    "TableFormats",
    "Transition",
    "Words",
    "load_law",
]
