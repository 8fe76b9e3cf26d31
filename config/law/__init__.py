"""The law as tables: `load_law()` reads and checks them once and returns a `Law`."""

from config.law.load import Law, LawTableError, load_law
from config.law.tables import (
    Applicants,
    Outcome,
    Period,
    ProceedingResult,
    SettingRule,
    State,
    TableFormats,
    Transition,
    Words,
)

__all__ = [
    "Applicants",
    "Law",
    "LawTableError",
    "Outcome",
    "Period",
    "ProceedingResult",
    "SettingRule",
    "State",
    "TableFormats",
    "Transition",
    "Words",
    "load_law",
]
