"""What stands in registers of its own beside the applications (条例41, 44), and merged duplicates."""

from tests.webui.filing import CITIZEN

CORRECTION = {
    **CITIZEN,
    "matter": "record_correction",
    "items": "低保档案中我的出生日期有误，请更正",
    "channel": "in_person",
    "on": "2024-05-06",
}


def test_a_correction_of_a_record_has_its_own_register_and_results(staff):
    page = staff("lifang").get("/desk/register")
    page.send("/desk/register", **CORRECTION)
    assert page.path == "/desk/register/done" and "2024-0001" in page.text
    page.get("/desk/cases/2024-0001")
    assert "更正本人信息" in page.text
    page.act("2024-0001", "assign")
    page.act("2024-0001", "propose_outcome", result="corrected", reason="已与户籍资料核对")
    assert "已拟稿" in page.text and "已经更正" in page.text
    assert "2024-0001" in page.get("/desk/cases?kind=record_correction").text
    assert "没有找到" in page.get("/desk/cases?kind=application").text


def test_an_entry_of_a_register_is_answered_signed_and_served_outside_table_three(staff, office):
    clerk = staff("lifang").get("/desk/register")
    clerk.send("/desk/register", **{**CORRECTION, "matter": "publication_suggestion"})
    clerk.act("2024-0001", "assign")
    clerk.act("2024-0001", "propose_outcome", result="published")
    staff("falv").act("2024-0001", "pass_legal_check")
    staff("chen").act("2024-0001", "approve")
    clerk.serve("2024-0001", method="direct", signed_on="2024-05-06")
    assert "已答复" in clerk.text
    from workflow.service.report.tables import Reports

    table = Reports(office).tables("panlong", 2024).tables.table3
    assert all(n == 0 for cells in table.values() for n in cells.values())


def test_an_unknown_result_or_register_is_told_at_the_field(staff, counted):
    page = staff("lifang").get("/desk/register")
    page.send("/desk/register", **{**CORRECTION, "matter": "petition"})
    assert page.status == 422 and "登记为" in page.alert and counted() == 0
    page.send("/desk/register", **CORRECTION)
    page.act("2024-0001", "assign")
    page.act("2024-0001", "propose_outcome", result="published")
    assert page.status == 409 and "没有“published”这种办理结果" in page.alert


def test_a_duplicate_is_merged_into_the_earlier_request_of_the_same_person(staff):
    page = staff("lifang")
    for name, proof in (("张三", "11010519491231002X"), ("张三", "11010519491231002X"),
                        ("李四", "110101199003078515")):  # fmt: skip
        page.get("/desk/register").send(
            "/desk/register",
            **{**CITIZEN, "name": name, "id_number": proof, "channel": "ems", "on": "2024-05-06"},
        )
    page.act("2024-0003", "merge_duplicate", into="2024-0001")
    assert page.status == 409 and "申请人不同" in page.alert
    page.get("/desk/cases/2024-0002")
    assert "同一申请人的其他申请" in page.text and "内容相同" in page.text
    page.act("2024-0002", "merge_duplicate", into="2024-0001")
    assert "已登记“并案”" in page.text
    assert "2024-0002" in page.get("/desk/cases/2024-0001").text
    blocked = page.get("/desk/cases/2024-0002").text
    assert "您现在还可以办的" in blocked and "并案：" not in blocked
