"""The findings of many reports as a workbook for an office that reviews them: every finding, every file, every rule."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from config.law import Law
from workflow.dates import in_words
from workflow.paper.workbook import MOST_ROWS, Cell, Sheet
from workflow.report.checks import LEVELS, Finding
from workflow.report.judged import BEYOND, NOTE, Judged

FINDINGS = ("机关", "年度", "文件", "规则", "级别", "依据", "位置", "说明")
FILES = (
    "文件", "读出", "没有读出的原因", "机关", "年度", "格式", "错误", "提示", "比较的上年报告", "没有核对的内容",
)  # fmt: skip
RULES = ("规则", "核对什么", "依据", "错误", "提示", "有问题的报告")


@dataclass(frozen=True)
class Checked:
    """A file and what became of it. why: why it could not be read; before: the file of last year's report."""

    name: str
    judged: Judged | None = None
    why: str = ""
    before: str = ""


def sheets(checked: Sequence[Checked], law: Law, on: date) -> list[Sheet]:
    """The sheets of the workbook. on: the day, told below each title."""
    read = sum(one.judged is not None for one in checked)
    note = f"{in_words(on)}核对，共 {len(checked)} 份，读出 {read} 份；{'，'.join(BEYOND.values())}"
    lists = (
        ("核对发现的问题", "问题", FINDINGS, list(_findings(checked, law))),
        ("各份文件的核对情况", "文件", FILES, [_file(one) for one in checked]),
        ("各条规则的问题数", "规则", RULES, list(_rules(checked, law))),
    )
    return [
        Sheet(title, heads, rows[start : start + MOST_ROWS], note, name)
        for title, name, heads, rows in lists
        for start in range(0, max(len(rows), 1), MOST_ROWS)
    ]


def _findings(checked: Sequence[Checked], law: Law) -> Iterator[tuple[Cell, ...]]:
    for one in checked:
        if one.judged is None:
            continue
        report = one.judged.report
        for said in _told(one):
            yield (
                report.agency, report.year or None, one.name, said.rule, LEVELS[said.level],
                law.checks[said.rule].basis, said.where, said.message,
            )  # fmt: skip


def _told(one: Checked) -> list[Finding]:
    """What is wrong or to be explained; what was not checked stands beside the file."""
    return [said for said in one.judged.found if said.level != NOTE] if one.judged else []


def _file(one: Checked) -> tuple[Cell, ...]:
    if one.judged is None:
        return one.name, "否", one.why, None, None, None, None, None, None, None
    report = one.judged.report
    return (
        one.name, "是", None, report.agency, report.year or None, report.format,
        one.judged.of_level("error"), one.judged.of_level("warn"), one.before or None,
        "\n".join(one.judged.unchecked),
    )  # fmt: skip


def _rules(checked: Sequence[Checked], law: Law) -> Iterator[tuple[Cell, ...]]:
    counted: Counter[tuple[str, str]] = Counter()
    reports: Counter[str] = Counter()
    for one in checked:
        found = _told(one)
        counted.update((said.rule, said.level) for said in found)
        reports.update({said.rule for said in found})
    for rule, row in law.checks.items():
        if reports[rule]:
            yield rule, row.says, row.basis, counted[rule, "error"], counted[rule, "warn"], reports[rule]  # fmt: skip
