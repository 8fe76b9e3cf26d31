"""The law as tables: `load_law()` reads and checks them once and returns a `Law`."""

from config.law.applicants import Applicants, Gap
from config.law.errors import LawTableError
from config.law.law import Law
from config.law.load import load_law, year_rules
from config.law.setting import SettingRule
from config.law.tables import (
    Ladder,
    Outcome,
    Period,
    ProceedingResult,
    ReportCheck,
    State,
    Table2Block,
    TableFormats,
    Transition,
)
from config.law.words import Words

__all__ = [
    "Applicants",
    "Gap",
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
    "year_rules",
]
