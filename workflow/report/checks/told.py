"""V12: numbers of the text that the tables have otherwise."""

from collections.abc import Iterator

from workflow.report.checks.matters import has_numbers
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.checks.told_disputes import beside_table4
from workflow.report.checks.told_requests import beside_table3
from workflow.report.checks.told_table2 import beside_table2


@check("V12")
def text_says_what_the_tables_say(asked: Asked) -> Iterator[Said]:
    report = asked.report
    if has_numbers(report.table3) and not asked.unread3:
        yield from beside_table3(asked)
    if has_numbers(report.table4) and not asked.unread4:
        yield from beside_table4(asked)
    if has_numbers(report.table2):
        yield from beside_table2(asked)
