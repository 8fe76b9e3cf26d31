"""The checks before signature and publication, and the words in which a report speaks of itself: no code in them."""

from dataclasses import replace
from pathlib import Path

import pytest

from config.law import load_law
from tests.workflow.report.annual import published as annual_report
from tests.workflow.service.report.test_annual import WAY, Year
from workflow.refusal import BadInput
from workflow.report.procedure.marked import told
from workflow.report.procedure.versions import differences
from workflow.service.report.overrides import Overrides
from workflow.store import report as report_queries


@pytest.fixture
def town(tmp_path: Path) -> Year:
    return Year(tmp_path)


def test_an_error_that_came_to_light_since_the_signature_is_answered_for_in_words(
    town: Year,
) -> None:
    """Nothing leads back from a report that was accepted: a reason is asked, and kept."""
    town.withdrawn("2024-06-03", "2024-06-05")
    town.written()
    for name, step in WAY[:-1]:
        town.take(name, step)
    with town.office.store.write() as unit:
        (row,) = report_queries.report_versions(unit, unit.agency("panlong").id, 2024)
        table3 = {r: dict(cells) for r, cells in row.figures["tables"]["table3"].items()}
        table3["disclosed"]["total"] += 1
        row.figures = {**row.figures, "tables": {**row.figures["tables"], "table3": table3}}
    shown = town.shown(name="chen")
    assert {one.rule for one in shown.stops} == {"V02", "V03"}
    with pytest.raises(BadInput, match="仍然公布的，请写明理由"):
        town.take("chen", "publish", "  ")
    assert town.shown().state == "accepted"
    assert town.take("chen", "publish", "上级同意先公布，随后更正") == "published"
    assert town.shown().steps[-1]["note"] == "上级同意先公布，随后更正"


def test_no_reason_is_asked_for_what_can_no_longer_be_put_right(town: Year) -> None:
    town.written(day="2025-02-20")
    found = town.shown(name="chen")
    assert "V23" in {one.rule for one in found.findings if one.level == "error"}
    assert found.stops == []
    for name, step in WAY:
        town.take(name, step)
    assert town.shown().state == "published"


def test_texts_of_a_signed_report_know_the_cells_of_their_numbers(town: Year) -> None:
    town.withdrawn("2024-06-03", "2024-06-05")
    town.published()
    report = town.reports.report("panlong", 2024)
    new = report.cell3("new_received")
    found = {one.place: one.text for one in told(report.sections, report.marks)["overview"]}
    assert found["table3", "new_received", "total"] == str(new)
    assert (
        "".join(one.text for one in told(report.sections, report.marks)["overview"])
        == (report.sections["overview"])
    )


def test_who_put_a_number_in_is_called_by_name_and_two_of_one_name_apart(town: Year) -> None:
    town.written()
    given = {
        "table": "table2",
        "row": "permits",
        "column": "decisions",
        "value": "3",
        "reason": "补登",
    }
    hands = Overrides(town.reports)
    hands.put(town.staff("lifang"), "panlong", 2024, given)
    (said,) = [one.message for one in town.shown().findings if one.rule == "V26"]
    with town.office.store.write() as unit:
        name = unit.user("lifang").display_name
        unit.user("chen").display_name = name
    assert said == f"{name} 的人工改动还没有经另一人确认"
    place = "table2.permits.decisions"
    hands.confirm(town.staff("chen"), "panlong", 2024, place, "3")
    assert not [one for one in town.shown().findings if one.rule == "V26"]


def test_what_changed_is_told_in_the_words_of_the_tables() -> None:
    formats = load_law().formats
    before = annual_report()
    changed = {**before.table2, "permits": {"decisions": 5}}
    assert differences(before, replace(before, table2=changed), formats) == [
        "表二“行政许可”“本年处理决定数量”：报告 1482306，现在 5"
    ]
    table4 = {**before.table4, "suit_direct": {**before.table4["suit_direct"], "upheld": 1}}
    (said,) = differences(before, replace(before, table4=table4), formats)
    assert said.startswith("表四“行政诉讼·未经复议直接起诉”“结果维持”：报告 ")
