"""The list of checks: each a small function under the id of its row in config/law/checks.toml."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from config.law import Law, TableFormats
from workflow.report.annual import AnnualReport
from workflow.report.checks.finding import LEVELS, Finding
from workflow.report.checks.known import Known
from workflow.report.checks.sentences import Sentence, sentences_of
from workflow.report.checks.sums import sums_of_table3, sums_of_table4
from workflow.report.checks.wording import half


@dataclass(frozen=True)
class Asked:
    """A report with what is known beside it and the law it is held against. What several checks ask of it is
    worked out once."""

    report: AnnualReport
    known: Known
    law: Law

    @property
    def formats(self) -> TableFormats:
        return self.law.formats

    @cached_property
    def format2(self) -> str:
        """The format of table 二, which may be another than that of table 三."""
        return self.formats.format_of_table2(self.report.table2, self.report.format)

    @cached_property
    def lost3(self) -> set[str]:
        """Rows of table 三 none of whose numbers were read."""
        told = {one.where for one in self.report.oddities if one.kind in ("missing", "table")}
        return {row for row in self.report.table3 or {} if told and self.place3(row) in told}

    @cached_property
    def unread3(self) -> set[str]:
        """Rows of table 三 with a number that was not read: nothing can be held against them."""
        cells = self._unread_cells
        if not cells:
            return self.lost3
        return self.lost3 | {
            row
            for row, numbers in (self.report.table3 or {}).items()
            if any(v is None and self.place3(row, name) in cells for name, v in numbers.items())
        }

    @cached_property
    def unread4(self) -> set[str]:
        """Blocks of table 四 with a number that was not read."""
        cells = self._unread_cells
        return {
            block
            for block, numbers in (self.report.table4 or {}).items()
            if cells
            and any(v is None and self.place4(block, name) in cells for name, v in numbers.items())
        }

    @cached_property
    def _unread_cells(self) -> set[str]:
        """Cells in which something stands that is no number, or no certain one."""
        cells = (one for one in self.report.oddities if one.kind == "cell")
        return {place for one in cells for place in (one.where, *one.places)}

    def place3(self, row: str, column: str | None = None) -> str:
        """表三“(七)总计”行“自然人”列."""
        rows = self.formats.rows[self.report.format]
        words = f"表三“{rows.get(row, row)}”行"
        return words if column is None else f"{words}“{self.formats.columns[column]}”列"

    def place4(self, block: str, cell: str | None = None) -> str:
        """表四“行政复议”“结果维持”."""
        words = f"表四“{self.formats.blocks[block]}”"
        return words if cell is None else f"{words}“{self.formats.cells[cell]}”"

    def place2(self, item: str, name: str | None = None) -> str:
        """表二“规章”行“现行有效件数”."""
        for block in self.formats.table2[self.format2]:
            if item in block.items:
                return f"表二“{block.items[item]}”行" + (f"“{block.fields[name]}”" if name else "")
        return "表二"

    @cached_property
    def plain(self) -> Mapping[str, str]:
        """The texts of the sections in half width, by their keys; the body's own ones by their titles."""
        texts = {**self.report.sections, **self.report.own_sections}
        return {key: half(text) for key, text in texts.items()}

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """What the sections say, the body's own ones too, sentence by sentence."""
        return sentences_of(self.plain, self.formats.sections)

    @cached_property
    def wrong_sums(self) -> tuple[Finding, ...]:
        """The relations of tables 三 and 四 that do not hold, those that hang on what was not read as well."""
        report, found = self.report, list[Finding]()
        if report.table3 is not None:
            found += sums_of_table3(report.table3, report.format, self.formats)
        if report.table4 is not None:
            found += sums_of_table4(report.table4, self.formats)
        return tuple(found)

    def title(self, key: str) -> str:
        """正文“一、总体情况”: a section in words."""
        return f"正文“{self.formats.sections.get(key, key)}”"

    def told_by(self, rule: str) -> tuple["Said", ...]:
        """What the check of that id says."""
        if rule not in self._told:
            self._told[rule] = tuple(CHECKS[rule](self))
        return self._told[rule]

    @cached_property
    def _told(self) -> dict[str, tuple["Said", ...]]:
        return {}

    def said_in(self, *sections: str) -> Iterator[Sentence]:
        """The sentences of some sections, in the order of the sections told."""
        for section in sections:
            yield from self._by_section.get(section, ())

    @cached_property
    def _by_section(self) -> dict[str, list[Sentence]]:
        found: dict[str, list[Sentence]] = {}
        for one in self.sentences:
            found.setdefault(one.section, []).append(one)
        return found


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
    """Everything that is wrong with a report or to be explained, errors first, then by id; last what was
    not checked. only: the ids of the checks that are asked, None for all."""
    asked = Asked(report, known or Known(), law)
    found = [
        Finding(rule, said[2] if len(said) == 3 else law.checks[rule].level, said[0], said[1])
        for rule in sorted(CHECKS if only is None else only)
        for said in asked.told_by(rule)
    ]
    levels = list(LEVELS)
    return sorted(found, key=lambda one: (levels.index(one.level), one.rule))
