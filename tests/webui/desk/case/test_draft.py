"""The draft and the secrecy review on the page of a case: facts of several parts, item by item."""

from tests.webui.filing import file, judged


def assigned(visitor, staff):
    number, _ = file(visitor)
    staff("lifang").act(number, "assign")
    return number


def second(outcome, **fields):
    """An answer to the second item, the first one supplied."""
    typed = {f"items__2__{name}": value for name, value in fields.items()}
    return {"items__1__outcome": "supplied", "items__2__outcome": outcome, **typed}


def test_right_body_is_told_with_name_and_contact(visitor, staff):
    """条例36(5)."""
    number = assigned(visitor, staff)
    said = second("not_responsible", reason="由县交通运输局制作", right_body__name="县交通运输局")
    page = staff("zhaoming").act(number, "propose_outcome", **said)
    assert page.status == 409 and "第 2 项还缺“负责公开的机关的名称和联系方式”" in page.alert
    assert 'href="#propose_outcome-items-2-right_body-name"' in page.html
    page.send("/events/propose_outcome", items__2__right_body__contact="建设路 1 号")
    assert page.status == 200, page.alert
    assert "负责公开的机关名称：县交通运输局，联系方式：建设路 1 号" in page.text


def test_figures_of_article_35_are_numbers_and_known_from_the_store(visitor, staff):
    """条例35."""
    number = assigned(visitor, staff)
    staff("lifang").act(number, "ask_reasons")
    staff("lifang").act(number, "give_reasons", accepted="no")
    page = staff("zhaoming").get(f"/desk/cases/{number}")
    assert "以来 1 件，共 2 项" in page.text
    said = second("excessive", reason="所说的用途与申请的内容没有联系", counts__requests="很多",
                  counts__items="170", counts__from="2023-09-01", counts__to="2024-05-06")  # fmt: skip
    page = staff("zhaoming").act(number, "propose_outcome", **said)
    assert page.status == 422 and "第 2 项 申请件数：请填写整数" in page.alert
    page.send("/events/propose_outcome", items__2__counts__requests="32")
    assert page.status == 200 and "申请件数：32，申请项数：170" in page.text


def test_attempts_are_a_day_and_how_on_a_line_each(visitor, staff):
    number = assigned(visitor, staff)
    said = second("applicant_gone", reason="户籍部门证明申请人已经死亡", tries="上周 到村委会询问")
    page = staff("zhaoming").act(number, "propose_outcome", **said)
    assert page.status == 422 and "联系、查找的经过" in page.alert
    assert 'href="#propose_outcome-items-2-tries"' in page.html
    page.send(
        "/events/propose_outcome",
        items__2__tries="2024-05-05 到村委会询问\n2024-05-06 电话无人接听",
    )
    assert page.status == 200 and "到村委会询问" in page.text


def test_a_draft_comes_back_as_it_was_typed(visitor, staff):
    number = assigned(visitor, staff)
    said = second("state_secret", ground="省厅文件所附的数据", classification__level="秘密",
                  classification__body="省交通运输厅", classification__on="2018-03-02",
                  classification__derived_from="省交通运输厅 交函〔2018〕3号")  # fmt: skip
    page = staff("zhaoming").act(number, "propose_outcome", **said)
    assert page.status == 200, page.alert
    kept = page.form("/events/propose_outcome").fields
    assert kept["items-2-classification-body"] == ["省交通运输厅"]
    assert kept["items-2-classification-derived_from"] == ["省交通运输厅 交函〔2018〕3号"]


def test_search_names_its_item(visitor, staff):
    """条例36(4)."""
    number = assigned(visitor, staff)
    told = {"sources": "档案室\n财务系统", "keywords": "验收", "hits": "2"}
    staff("zhaoming").act(number, "record_search", item="2", **told)
    page = staff("zhaoming").act(number, "propose_outcome", **second("not_existing"))
    assert page.status == 409 and "第 2 项检索查到 2 件" in page.alert
    why = "两件都是 2019 年的验收单，不是申请的年度"
    staff("zhaoming").act(number, "record_search", item="2", why_not_these=why, **told)
    page = staff("zhaoming").act(number, "propose_outcome", **second("not_existing"))
    assert page.status == 200, page.alert


def test_review_is_judged_item_by_item_and_kept_when_it_is_not_whole(visitor, staff):
    """保密法实施条例42; the form needs no script."""
    number = assigned(visitor, staff)
    both = {"items__1__outcome": "supplied", "items__2__outcome": "supplied"}
    staff("zhaoming").act(number, "propose_outcome", **both)
    staff("zhaoming").act(number, "send_to_secrecy_review")
    page = staff("wangqiang").act(number, "pass_secrecy_review")
    assert page.status == 409 and "第 1 项还没有逐项核对" in page.alert
    page = staff("wangqiang").act(number, "pass_secrecy_review", **judged(1))
    assert page.status == 409 and "第 2 项还没有逐项核对" in page.alert
    kept = page.form("/review").fields
    assert kept["items-1-privacy"] == ["none"] and "items-2-privacy" not in kept
    page.send("/review", decision="pass", **{**judged(2), "items__2__privacy": "handled"})
    assert page.status == 409 and "个人隐私，没有写怎样处理" in page.alert
    page.send("/review", decision="pass", items__2__note="第 3 页电话号码已经隐去")
    assert page.status == 200 and "第 3 页电话号码已经隐去" in page.text
