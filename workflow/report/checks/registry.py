"""The list of checks: each a small function under the id of its row in config/law/checks.toml."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from config.law import Law, TableFormats
from workflow.report.annual import AnnualReport
from workflow.report.checks.finding import Finding
from workflow.report.checks.known import Known


@dataclass(frozen=True)
class Asked:
    """A report with what is known beside it and the law it is held against."""

    report: AnnualReport
    known: Known
    law: Law

    @property
    def formats(self) -> TableFormats:
        return self.law.formats

    def place3(self, row: str, column: str | None = None) -> str:
        """表三“(七)总计”行“自然人”列."""
        rows = self.formats.rows[self.report.format]
        words = f"表三“{rows.get(row, row)}”行"
        return words if column is None else f"{words}“{self.formats.columns[column]}”列"

    def place2(self, item: str, name: str | None = None) -> str:
        """表二“规章”行“现行有效件数”."""
        for block in self.formats.table2[self.report.format]:
            if item in block.items:
                return f"表二“{block.items[item]}”行" + (f"“{block.fields[name]}”" if name else "")
        return "表二"


Said = tuple[str, str] | tuple[str, str, str]
"""where, message, and the level if it is not that of the table."""
Check = Callable[[Asked], Iterator[Said]]
CHECKS: dict[str, Check] = {}


def check(rule: str) -> Callable[[Check], Check]:
    """Register a function as the check of that id."""

    def register(function: Check) -> Check:
        if rule in CHECKS:
            raise ValueError(f"check {rule} stands twice")
        CHECKS[rule] = function
        return function

    return register


def findings(
    report: AnnualReport,
    law: Law,
    known: Known | None = None,
    only: Collection[str] | None = None,
) -> list[Finding]:
    """Everything that is wrong with a report or to be explained, errors first, then by id. only: the
    ids of the checks that are asked, None for all."""
    asked = Asked(report, known or Known(), law)
    found = [
        Finding(rule, said[2] if len(said) == 3 else law.checks[rule].level, said[0], said[1])
        for rule in sorted(CHECKS if only is None else only)
        for said in CHECKS[rule](asked)
    ]
    return sorted(found, key=lambda one: (one.level != "error", one.rule))
