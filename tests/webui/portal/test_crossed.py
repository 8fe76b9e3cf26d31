"""The parts of the portal crossed: scripts, sites, receipts, drafts, accounts and renewed codes in one visit."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from tests.proofs import upload
from tests.webui.filing import CITIZEN, file, review
from tests.webui.portal.own import come_in
from tests.webui.visitor import Visitor
from workflow.service.begun import Begun

LOOK = "查看进度<span"
"""The button of a slip."""
BOTH = {**CITIZEN, "agency": ["panlong", "jiangna"]}
pytestmark = pytest.mark.usefixtures("quick", "mailing")
LONG = pytest.mark.long(reason="walks through many pages; the others stand for it in the short run")


def codes(visitor: Visitor) -> list[str]:
    return re.findall(r'<dd class="code">([^<]+)</dd>', visitor.html)


def put_aside(visitor: Visitor) -> str:
    """Put a form aside; the code of its draft."""
    visitor.get("/apply")
    visitor.post("/drafts", {**visitor.form("/apply").fields, **CITIZEN})
    return codes(visitor)[0]


def held(visitor: Visitor) -> set[str]:
    """What the session of the browser holds, without what every page with a form or a login puts there."""
    with visitor.client.session_transaction() as session:
        return set(session) - {"csrf_token", "_fresh"}


# -- the receipt ---------------------------------------------------------------------------------------


def test_each_of_several_applications_is_followed_from_the_receipt(visitor):
    review(visitor, BOTH).send("/apply", step="submit")
    first, _, second, code = codes(visitor)
    assert visitor.html.count(LOOK) == 2 and 'href="/query/case"' not in visitor.html
    one = visitor.form("/query").fields
    assert (one["number"], one["code"][0] in visitor.text) == ([first], True)
    visitor.send("/query")
    assert visitor.path == "/query/case" and first in visitor.text
    visitor.get("/apply/done").send("/query", number=second, code=code)
    assert visitor.path == "/query/case" and "江那镇人民政府" in visitor.text


def test_the_receipt_stays_when_the_code_was_renewed_and_says_so(visitor, app, office):
    number, code = file(visitor)
    with office.store.write() as unit:
        row = unit.by_query_hash(office.keys.query_hashes(number, code))
        row.code_turn += 1
        row.query_hash = office.keys.query_hash(number, office.keys.query_code(row.code_salt, row.code_turn))  # fmt: skip
    visitor.get("/apply/done")
    assert visitor.status == 200 and number in visitor.text and code not in visitor.html
    assert "查询码已经更换" in visitor.text and LOOK not in visitor.html
    assert visitor.get("/apply/done/receipt.pdf").path == "/"


def test_who_is_signed_in_is_told_that_it_stands_in_the_account(visitor, office, app):
    file(come_in(visitor, office))
    assert "已经列在您的账户里" in visitor.text and 'href="/account"' in visitor.html
    other = Visitor(app)
    file(other)
    assert "账户里" not in other.text
    come_in(other, office)
    assert "账户里" not in other.get("/apply/done").text, "it was filed before"


# -- leaving -------------------------------------------------------------------------------------------


def everything(visitor: Visitor, office) -> str:
    """Fill the session with whatever it can hold; the key of a form that was not filed."""
    come_in(visitor, office)
    put_aside(visitor)
    file(visitor)
    visitor.get("/query/case").send("/query/case/message", message="字" * 3000)
    visitor.get("/query/case/application").send("/query/case/known", second="002X")
    visitor.get("/account/settings").send("/account/address", address="13800001112")
    review(visitor, items="另一件没有提交的")
    return visitor.form("/apply").fields["submit_key"][0]


@pytest.mark.parametrize("way", ["/leave", "/account/sign-out"])
def test_leaving_empties_the_session_and_no_address_leads_back(visitor, office, way):
    key = everything(visitor, office)
    assert {"account", "filed", "sent", "viewing", "known", "browser"} <= held(visitor)
    visitor.get("/query/case" if way == "/leave" else "/account").send(way)
    assert visitor.path == "/" and "已经" in visitor.text
    assert held(visitor) == set()
    for path in (f"/apply?form={key}", f"/apply/check?form={key}", "/apply/done", "/drafts",
                 "/query/case", "/query/case/application", "/account"):  # fmt: skip
        visitor.get(path)
        assert "另一件没有提交的" not in visitor.html and CITIZEN["id_number"] not in visitor.html
        assert visitor.path not in ("/apply/done", "/query/case", "/account"), path


def test_the_end_of_an_account_forgets_what_was_looked_at(visitor, office):
    everything(visitor, office)
    visitor.get("/account/delete").send("/account/delete", confirm="yes")
    assert visitor.path == "/" and "账户已经注销" in visitor.text and held(visitor) == set()


@pytest.mark.parametrize("way", ["/leave", "/account/sign-out"])
def test_leaving_once_more_from_another_window_is_no_error(visitor, office, way):
    file(come_in(visitor, office))
    visitor.get("/query/case" if way == "/leave" else "/account")
    other = visitor.form(way)
    visitor.send(way)
    visitor.post(other.action, other.fields)
    assert visitor.path == "/" and visitor.status == 200 and "已经" in visitor.text
    file(visitor)
    visitor.post(other.action, {"csrf_token": "of another site"})
    assert visitor.status == 400 and "filed" in held(visitor), "nobody else clears it"


def test_who_was_signed_out_meanwhile_is_told_before_the_account_is_missed(visitor, office, today):
    review(come_in(visitor, office))
    today.moment += timedelta(hours=2, seconds=-1)
    file(visitor)
    assert "已经列在您的账户里" in visitor.text
    review(visitor, items="采矿许可证")
    today.moment += timedelta(hours=2, seconds=1)
    visitor.send("/apply", step="submit")
    assert visitor.path == "/apply/done"
    assert "登录已经结束" in visitor.text and "已经列在" not in visitor.text
    assert "登录已经结束" not in visitor.get("/apply/done").text


def test_leaving_keeps_the_login_of_staff(staff):
    clerk = staff("lifang")
    file(clerk)
    clerk.send("/leave")
    assert clerk.get("/apply/done").path == "/" and clerk.get("/desk").status == 200


@LONG
def test_who_signs_in_on_the_way_loses_nothing(visitor, office):
    file(visitor, items="先前的一份合同")
    code = put_aside(visitor)
    come_in(visitor, office)
    assert code in visitor.get("/drafts").text
    review(visitor, items="先前的一份合同")
    assert "相似的申请" in visitor.text


# -- an account's own earlier requests -------------------------------------------------------------------


def test_earlier_requests_of_the_account_count_from_any_device(visitor, office, app):
    number, _ = file(come_in(visitor, office))
    review(come_in(Visitor(app), office))
    phone = come_in(Visitor(app), office)
    review(phone)
    assert "相似的申请" in phone.text and number in phone.text
    review(phone, id_number="110105194912310038")
    assert "相似的申请" not in phone.text, "of another person nothing is told"
    review(stranger := come_in(Visitor(app), office, "li@applicant.example"))
    assert "相似的申请" not in stranger.text


# -- both scripts, below a body ------------------------------------------------------------------------


@pytest.mark.parametrize("below", ["/zh-hant", "/zh-hant/b/panlong"])
def test_what_cannot_be_taken_stands_in_its_form_again_in_traditional_script(visitor, below):
    file(visitor)
    visitor.get(f"{below}/query/case").send("/query/case/message", message="字" * 3000)
    assert visitor.status == 422 and "字" * 3000 in visitor.html


def test_what_was_lost_with_the_session_comes_back_in_traditional_script(visitor):
    number, code = file(visitor)
    visitor.get("/zh-hant/query/case")
    form = visitor.form("/query/case/message")
    visitor.client.delete_cookie("gongkai")
    visitor.post(form.action, {**form.fields, "message": "会话丢了也要留着"})
    visitor.send("/query", number=number, code=code)
    assert visitor.page.request.url == "http://localhost/zh-hant/query/case"
    assert "\n会话丢了也要留着</textarea>" in visitor.html


@pytest.mark.parametrize("path", ["/query/case/correct", "/b/panlong/drafts/open"])
def test_the_address_of_a_form_opened_again_stays_in_its_script(visitor, path):
    visitor.get(f"/zh-hant{path}")
    assert visitor.status == 200 and visitor.page.request.url.startswith(
        "http://localhost/zh-hant/"
    )


def test_signing_in_leads_back_in_the_script_and_to_the_desk_out_of_it(visitor, office):
    visitor.get("/zh-hant/account")
    assert visitor.form("/account/sign-in").fields["next"] == ["/zh-hant/account"]
    assert 'href="/desk/login"' in visitor.html


# -- files that are too large --------------------------------------------------------------------------


def big(megabytes: int = 31) -> tuple[BytesIO, str]:
    return BytesIO(b"\xff\xd8" + b"0" * megabytes * 1024 * 1024), "照片.jpg"


@LONG
@pytest.mark.parametrize(
    ("action", "below"), [("/apply", ""), ("/drafts", ""), ("/apply", "/zh-hant/b/panlong")]
)
def test_a_file_too_large_for_the_whole_form_loses_nothing_typed(visitor, counted, action, below):
    visitor.get(f"{below}/apply").send("/apply", step="review", **{**CITIZEN, "phone": ""}, file_id_proof=upload())  # fmt: skip
    typed = {**visitor.form("/apply").fields, **CITIZEN, "other": "先填好的线索", "without": []}
    target = f"{below}{action}"
    visitor.post(target, {**typed, "step": "review", "file_power_of_attorney": big()})
    assert visitor.status == 422 and visitor.path.endswith("/apply")
    assert "30 MB" in visitor.alert and "先填好的线索" in visitor.html
    assert CITIZEN["id_number"] in visitor.html and "送达回证.pdf" in visitor.text
    visitor.send("/apply", step="review")
    assert visitor.path.endswith("/apply/check") and "送达回证.pdf" in visitor.text
    visitor.send("/apply", step="submit")
    assert counted() == 1


@LONG
def test_of_a_form_that_is_too_large_nothing_is_kept_without_its_token_or_with_a_mark(
    visitor, monkeypatch
):
    visitor.get("/apply")
    fields, kept = visitor.form("/apply").fields, []
    monkeypatch.setattr(Begun, "keep", lambda *given, **more: kept.append(given) or [])
    for wrong in ({"csrf_token": "x"}, {"items": "机密★10年"}):
        sent = {**fields, **CITIZEN, **wrong, "file_id_proof": big()}
        assert visitor.post("/apply", sent).status == 413 and "提交的内容太大" in visitor.text
    assert kept == []


def test_what_is_kept_for_the_next_page_is_said_in_its_script(visitor):
    file(visitor)
    visitor.get("/zh-hant/query/case").send("/query/case/message", message="")
    assert "請寫明內容" in visitor.alert
    visitor.send("/query/case/files", kind="id_proof", file=(BytesIO(b"x"), "证件说明.exe"))
    assert "“证件说明.exe”" in visitor.text or "證件" not in visitor.alert
    visitor.send("/query/case/message", message="请尽快办理")
    assert "留言已經發送" in visitor.text and "请尽快办理" in visitor.text
    visitor.get("/zh-hant/apply").send("/apply", step="review", **{**CITIZEN, "name": ""})
    assert visitor.status == 422 and "請填寫" in visitor.alert and "请" not in visitor.alert


def test_the_receipt_is_in_its_script(visitor):
    visitor.get("/zh-hant/apply").send("/apply", step="review", **CITIZEN)
    visitor.send("/apply", step="submit")
    assert "身份證明" in visitor.text and "已經登記，收到之日是" in visitor.text
