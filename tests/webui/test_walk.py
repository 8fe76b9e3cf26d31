"""A case from the application to the number in the annual table, by several people, page by page."""

from tests.proofs import upload
from tests.webui.conftest import PASSWORD
from tests.webui.filing import SEARCHED, file, judged


def test_from_the_application_to_the_cell(visitor, staff, today):
    number, code = file(visitor)
    clerk, handler = staff("lifang"), staff("zhaoming")
    clerk.act(number, "assign", to="农业中心")
    handler.act(number, "record_search", **SEARCHED)

    handler.act(number, "propose_outcome", items__1__outcome="supplied", items__2__outcome="")
    assert handler.status == 422 and "请选择第 2 项的答复类型" in handler.alert
    handler.send(
        "/events/propose_outcome",
        items__2__outcome="internal_affairs",
        items__2__subtype="logistics",
    )
    assert handler.status == 409 and "第 2 项还缺" in handler.alert
    assert 'href="#propose_outcome-items-2-ground"' in handler.html
    kept = handler.form("/events/propose_outcome").fields
    assert kept["items-1-outcome"] == ["supplied"] and kept["items-2-subtype"] == ["logistics"]
    handler.send("/events/propose_outcome", items__2__outcome="not_existing")
    assert "已登记“拟办意见”" in handler.text and "信息不存在" in handler.text
    assert "签发之前还缺" in handler.text and "保密审查通过" in handler.text

    handler.act(number, "send_to_secrecy_review")
    assert "送保密审查" not in clerk.get("/desk/").text
    assert "wangqiang：" in clerk.get("/desk/?view=office").text
    staff("wangqiang").act(number, "pass_secrecy_review", **judged())
    assert "汇聚风险 没有" in staff("wangqiang").text
    staff("falv").act(number, "pass_legal_check")
    staff("chen").act(number, "approve")
    assert "待送达" in staff("chen").text

    today.is_("2024-05-08")
    clerk = staff("lifang").log_in("lifang", PASSWORD)
    clerk.serve(
        number, method="mail", posted_on="2024-05-08", carrier="某某速递", note="地址由本人电话告知"
    )
    assert clerk.status == 409 and "不是邮政企业" in clerk.alert and "邮政法55" in clerk.alert
    clerk.send("/events/serve", carrier="registered", proof_file=upload())
    assert "按期答复" in clerk.text and "部分公开" in clerk.text

    visitor.get("/query").send("/query", number=number, code=code)
    assert "已作出答复：部分公开（邮寄送达）" in visitor.text

    page = clerk.get("/desk/reports/panlong/2024")
    assert "/cells/partially_disclosed/natural_person" in page.html
    assert number in page.get("/desk/reports/panlong/2024/cells/partially_disclosed/total").text
    assert "没有申请计入这一格" in page.get("/desk/reports/panlong/2024/cells/disclosed/total").text


def test_a_second_proposal_starts_from_the_first(visitor, staff):
    number, _ = file(visitor, items="采矿许可证")
    clerk = staff("lifang")
    clerk.act(number, "assign")
    clerk.act(
        number,
        "propose_outcome",
        items__1__outcome="state_secret",
        items__1__classification__level="秘密",
        items__1__classification__body="某某局",
        items__1__classification__on="2020-01-02",
    )
    assert "密级：秘密，定密机关：某某局，定密日期：2020 年 1 月 2 日" in clerk.text
    fields = clerk.get(f"/desk/cases/{number}").form("/events/propose_outcome").fields
    assert fields["items-1-outcome"] == ["state_secret"]
    assert fields["items-1-classification-body"] == ["某某局"]


def test_review_and_suit_are_chosen_from_the_laws_lists(visitor, staff, today):
    number, _ = file(visitor, items="采矿许可证")
    today.is_("2024-06-11")
    clerk = staff("lifang")
    clerk.act(number, "file_review", case_number="砚政复〔2024〕3 号")
    clerk.act(number, "conclude_review", result="ordered_to_perform")
    assert "复议结果" in clerk.text and "责令履行" in clerk.text
    clerk.act(number, "file_suit", via="after_review")
    assert "复议之后起诉" in clerk.text
    cell = clerk.get("/desk/reports/panlong/2024/cells/review/corrected")
    assert number in cell.text and "行政复议" in cell.text
