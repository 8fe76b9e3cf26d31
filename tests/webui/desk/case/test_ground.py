"""The ground wizard on pages: without script, from question to question into the proposal."""

from tests.webui.desk.case.test_draft import assigned, second

NOT_EXISTING = "4.0.0.0.0.0.1.1"


def path_of(number, path=""):
    return f"/desk/cases/panlong/{number}/ground?item=2&path={path}"


def test_links_lead_from_question_to_question_and_back(visitor, staff):
    number = assigned(visitor, staff)
    page = staff("zhaoming").get(path_of(number))
    assert page.status == 200 and "现在是什么情形" in page.text and "竣工验收单" in page.text
    assert "path=4&" in page.html or 'path=4"' in page.html
    page = page.get(path_of(number, "4"))
    assert "要的是什么" in page.text and "都不是，要答复" in page.text
    page = page.get(path_of(number, "4.0.1"))
    assert "先办：" in page.text and "#act-require_correction" in page.html
    page = page.get(path_of(number, "0"))
    assert "不写拟办意见" in page.text and "#act-withdraw" in page.html


def test_an_end_is_explained_and_fills_the_item(visitor, staff):
    number = assigned(visitor, staff)
    page = staff("zhaoming").get(path_of(number, NOT_EXISTING))
    assert "信息不存在" in page.text and "法院看什么" in page.text and "条例36(4)" in page.text
    page.send("/ground", use="1")
    assert page.status == 200 and "第 2 项已按逐步判断的结果填写" in page.text
    kept = page.form("/events/propose_outcome").fields
    assert kept["items-2-outcome"] == ["not_existing"] and "【检索词】" in kept["items-2-reason"][0]
    assert "还没有" in page.text, "nothing is written"


def test_what_was_typed_goes_along_and_is_not_changed(visitor, staff):
    number = assigned(visitor, staff)
    page = staff("zhaoming").get(f"/desk/cases/panlong/{number}")
    typed = {
        name.replace("__", "-"): value
        for name, value in second("supplied", reason="我写的").items()
    }
    form = page.form("/events/propose_outcome")
    fields = {name: values[0] for name, values in form.fields.items()} | typed
    page.post(path_of(number, "4"), fields)
    assert page.status == 200 and "我写的" not in page.path and "formaction=" in page.html
    page.post(path_of(number, NOT_EXISTING), {**fields, "use": "1"})
    kept = page.form("/events/propose_outcome").fields
    assert kept["items-2-reason"] == ["我写的"] and kept["items-2-outcome"] == ["not_existing"]
    assert kept["items-1-outcome"] == ["supplied"]
    page.send("/events/propose_outcome")
    assert page.status == 409 and "检索记录" in page.alert


def test_an_item_that_is_not_there_and_others_roles(visitor, staff):
    number = assigned(visitor, staff)
    assert staff("zhaoming").get(f"/desk/cases/panlong/{number}/ground?item=9").status == 404
    page = staff("wangqiang").get(path_of(number, NOT_EXISTING))
    assert page.status == 200 and 'name="use"' not in page.html
    assert staff("sunli").get(path_of(number)).status == 404
