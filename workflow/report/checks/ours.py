"""Checks of a report against our own case records."""

from collections.abc import Iterator

from workflow.report.checks.finding import OF_A_CASE
from workflow.report.checks.registry import Asked, Said, check
from workflow.report.records import CaseFact, without_ground, without_record


def _cases(asked: Asked) -> tuple[CaseFact, ...]:
    return asked.known.cases or ()


def _named(case: CaseFact) -> str:
    return f"{OF_A_CASE}{case.number}"


@check("V19")
def review_comes_before_suit(asked: Asked) -> Iterator[Said]:
    for case in _cases(asked):
        if case.sued_directly and _review_first(asked, case):
            yield (
                _named(case),
                "答复依据条例第十四至十六条不予公开，应当先申请行政复议，却登记为直接起诉",
            )
        if case.sued_over_silence:
            yield _named(case), "逾期不答复，应当先申请行政复议，却登记为直接起诉"


def _review_first(asked: Asked, case: CaseFact) -> bool:
    served_on = case.served_on
    return case.review_first and served_on is not None and served_on >= asked.law.review_first_from


@check("V20")
def rows_have_their_records(asked: Asked) -> Iterator[Said]:
    for case in _cases(asked):
        message = without_record(case)
        if message is not None:
            yield _named(case), message


@check("V26")
def every_cell_comes_from_cases(asked: Asked) -> Iterator[Said]:
    report, counted = asked.report, asked.known.counted
    changed = {one.where: one for one in asked.known.overrides}
    for one in changed.values():
        where = _place(asked, one.where)
        if not one.reason.strip():
            yield where, "人工改动没有写明理由"
        if not one.confirmed_by:
            yield where, f"{one.by} 的人工改动还没有经另一人确认"
        elif one.confirmed_by == one.by:
            yield where, f"人工改动由 {one.by} 自己确认，须由另一人确认"
    if counted is None:
        return
    for table in ("table3", "table4"):
        for row, cells in (getattr(counted, table) or {}).items():
            for column, value in cells.items():
                printed = (getattr(report, table) or {}).get(row, {}).get(column)
                if (printed or 0) != (value or 0) and (table, row, column) not in changed:
                    yield (
                        _place(asked, (table, row, column)),
                        f"报告为 {printed or 0}，由案卷得出的是 {value or 0}，没有改动的记录",
                    )


def _place(asked: Asked, where: tuple[str, str, str]) -> str:
    table, row, column = where
    if table == "table3":
        return asked.place3(row, column)
    if table == "table4":
        return f"表四“{asked.formats.blocks[row]}”“{asked.formats.cells[column]}”"
    return asked.place2(row, column)


@check("V27")
def nothing_is_overdue(asked: Asked) -> Iterator[Said]:
    today, year = asked.known.today, asked.report.year
    running = today is not None and today.year == year
    said = "已经超过答复期限" if running else "到年底已经超过答复期限"
    for case in _cases(asked):
        if case.overdue:
            yield _named(case), said


@check("V28")
def refusals_have_their_grounds(asked: Asked) -> Iterator[Said]:
    for case in _cases(asked):
        for message in without_ground(case):
            yield _named(case), message


@check("V29")
def replies_are_served_with_remedies(asked: Asked) -> Iterator[Said]:
    for case in _cases(asked):
        if case.courier:
            yield _named(case), f"由{case.courier}送达；除邮政企业外的快递企业不能寄递国家机关公文"
        if case.served_on is not None and not case.remedy_text:
            yield _named(case), "答复没有写明救济途径"
        if _review_first(asked, case) and not case.review_first_text:
            yield _named(case), "答复没有写明应当先申请行政复议"
    for label, first, number in asked.known.letter_gaps:
        # What the letter said when it went out is not known; the settings of today leave it open.
        yield (
            f"{OF_A_CASE}{first}" + (f" 等 {number} 件" if number > 1 else ""),
            f"没有设置{label}，请核对答复书是否写明",
            "warn",
        )


@check("V30")
def calendar_is_settled(asked: Asked) -> Iterator[Said]:
    for note in asked.known.calendar_notes:
        yield "放假安排", note


@check("V33")
def evidence_was_there_before_the_dispute(asked: Asked) -> Iterator[Said]:
    for case in _cases(asked):
        if case.evidence_after_copy:
            yield (
                _named(case),
                "收到复议申请书、起诉状副本之后才形成的检索记录，不能证明原答复合法",
            )
        if case.copy_unknown:
            yield _named(case), "复议、诉讼没有登记收到副本之日，答复、答辩是否按期无法核对"
