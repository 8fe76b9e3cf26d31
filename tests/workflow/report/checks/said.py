"""The sentences of said.toml, right and wrong, and the report that they are about."""

import tomllib
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.workflow.report.checks.reports import FORMATS, report
from workflow.report.annual import AnnualReport


def _office() -> AnnualReport:
    rows = {
        "new_received": (30, 3, 1),
        "carried_in": (2, 0, 0),
        "disclosed": (11, 1, 0),
        "partially_disclosed": (5, 0, 0),
        "refused_third_party_rights": (1, 1, 0),
        "refused_deliberative": (1, 0, 0),
        "unable_not_held": (8, 0, 0),
        "unable_needs_creation": (0, 0, 1),
        "not_processed_repeat": (2, 0, 0),
        "other_misc": (1, 0, 0),
        "total": (29, 2, 1),
        "carried_out": (3, 1, 0),
    }
    table3 = {row: dict.fromkeys(FORMATS.columns, 0) for row in FORMATS.rows["2021"]}
    for row, (persons, businesses, others) in rows.items():
        table3[row] |= {
            "natural_person": persons,
            "business": businesses,
            "other_organization": others,
            "total": persons + businesses + others,
        }
    table4 = {
        "review": {"upheld": 2, "corrected": 0, "other": 0, "pending": 1, "total": 3},
        "suit_direct": {"upheld": 1, "corrected": 0, "other": 0, "pending": 0, "total": 1},
        "suit_after_review": {"upheld": 1, "corrected": 0, "other": 0, "pending": 1, "total": 2},
    }
    table2 = {
        "regulations": {"made": 0, "repealed": 0, "in_force": 0},
        "normative_documents": {"made": 4, "repealed": 1, "in_force": 23},
        "permits": {"decisions": 120},
        "penalties": {"decisions": 15},
        "compulsory_measures": {"decisions": 0},
        "charges": {"amount_10k": Decimal("12.34")},
    }
    return report(
        agency="青禾县住房和城乡建设局", level="county_department", table2=table2, table3=table3, table4=table4
    )  # fmt: skip


OFFICE = _office()
QUIET = report(agency="青禾县统计局", level="county_department")
"""A department that received nothing."""
SECTIONS = {
    "二": "proactive",
    "三": "applications",
    "四": "disputes",
    "五": "problems",
    "六": "other_matters",
}


def saying(base: AnnualReport, said: str) -> AnnualReport:
    """The report with one more sentence, in place of the text of its section."""
    where, bar, text = said.partition("|")
    section, text = (SECTIONS[where], text) if bar else ("overview", said)
    return replace(base, sections={**base.sections, "overview": "", section: text})


_SAID = tomllib.loads((Path(__file__).parent / "said.toml").read_text(encoding="utf-8"))
WRONG: dict[str, list[str]] = _SAID["wrong"]
RIGHT: dict[str, list[str]] = _SAID["right"]
SOUND: list[str] = _SAID["sound"]
