"""Registering at the desk: scans, drafts, mails as a beginning, and what is there already."""

import re
from dataclasses import replace
from io import BytesIO

import pytest

from tests.samples import docx, pdf
from tests.webui.filing import CITIZEN, file
from tests.workflow.files.mails import mail
from workflow.files.mail import read_mail
from workflow.service.drafts import KEPT_DAYS, Drafts, forget_old_drafts
from workflow.service.incoming import Judge

WINDOW = {**CITIZEN, "channel": "in_person", "on": "2024-05-06"}


def scan(words="申请书", name="申请书.pdf"):
    return BytesIO(pdf(words)), name


def send(page, **said):
    return page.get("/desk/register").send("/desk/register", **{**WINDOW, **said})


def drafts(office):
    return Drafts(office, Judge(1 << 20)).mine(office.staff("lifang"))


def test_scans_come_with_the_registration(staff, office):
    page = send(
        staff("lifang"), file_application=[scan("第一页", "1.pdf"), scan("第二页", "2.pdf")],
        file_id_proof=scan("身份证", "身份证.pdf"),
    )  # fmt: skip
    assert page.path == "/desk/register/done" and "3 个文件" in page.text
    page.get("/desk/cases/panlong/2024-0001")
    for words in ("1.pdf", "2.pdf", "身份证.pdf", "申请书"):
        assert words in page.text
    assert drafts(office) == []


def test_a_wrong_scan_is_told_at_its_field_and_the_rest_stays(staff, office, counted):
    page = send(
        staff("lifang"), file_application=scan(), file_envelope=(BytesIO(b"MZ program"), "a.exe"),
        items="养护合同",
    )  # fmt: skip
    assert page.status == 422 and counted() == 0
    assert "信封、面单" in page.alert and "程序" in page.alert
    assert "申请书.pdf" in page.text and "养护合同" in page.html
    page.send("/desk/register")
    assert page.path == "/desk/register/done" and "1 个文件" in page.text and drafts(office) == []


def test_a_scan_with_a_classification_mark_leaves_nothing(staff, office):
    page = send(staff("lifang"), file_application=scan("机密★10年", "x.pdf"))
    assert page.status == 422 and "密级" in page.alert
    assert drafts(office)[0].files == 0


def test_what_was_begun_goes_on_another_day(staff, office, counted):
    page = send(staff("lifang"), do="keep", file_application=scan(), phone="139")
    assert "已经暂存" in page.text and counted() == 0 and "申请书.pdf" in page.text
    page.get("/desk/register")
    assert "没有登记完的" in page.text and "张三" in page.text
    page.get("/desk/register?draft=1")
    fields = page.form("/desk/register").fields
    assert fields["phone"] == ["139"] and "2023年度农村公路养护合同" in fields["items"][0]
    assert "accept_other_form" not in fields
    page.send("/desk/register", phone="13900000000")
    assert page.path == "/desk/register/done" and drafts(office) == []
    assert page.get("/desk/register?draft=1").status == 404


def test_a_draft_is_of_its_person_alone(staff, office):
    send(staff("lifang"), do="keep")
    assert staff("sunli").get("/desk/register?draft=1").status == 404
    assert (
        staff("sunli").get("/desk/register").send("/desk/register", **WINDOW, draft="1").status
        != 500
    )
    assert len(drafts(office)) == 1


def test_a_draft_keeps_no_secret_and_not_for_ever(staff, office, today):
    send(staff("lifang"), do="keep", items="密级：机密", file_application=scan())
    assert (
        "机密"
        not in staff("lifang")
        .get("/desk/register?draft=1")
        .form("/desk/register")
        .fields["items"][0]
    )
    assert forget_old_drafts(office) == 0
    today.moment = today.moment.replace(month=6, day=6)
    assert KEPT_DAYS == 30 and forget_old_drafts(office) == 1 and drafts(office) == []


def test_a_scan_can_be_left_out_again_and_a_draft_put_away(staff, office):
    page = send(
        staff("lifang"), do="keep", file_application=[scan("一", "1.pdf"), scan("二", "2.pdf")]
    )
    page.send("/desk/register", do="keep", without="1")
    assert "1.pdf" not in page.text and "2.pdf" in page.text
    page.get("/desk/register").send("/1/drop")
    assert drafts(office) == []


def test_the_same_form_sent_twice_registers_once(staff, office, counted):
    page = staff("lifang").get("/desk/register")
    form = {**page.form("/desk/register").fields, **WINDOW}
    page.post("/desk/register", {**form, "file_application": scan()})
    page.post("/desk/register", {**form, "file_application": scan()})
    assert "没有重复登记" in page.text and counted() == 1 and drafts(office) == []


def test_a_spoken_application_is_read_back(staff, counted):
    page = send(staff("lifang"), channel="oral")
    assert page.status == 422 and "请读给申请人听" in page.alert and counted() == 0
    page.send("/desk/register", read_back="y")
    assert page.path == "/desk/register/done"
    assert "已读给申请人听" in page.get("/desk/cases/panlong/2024-0001").text


# -- mails --------------------------------------------------------------------------------------------


def take(page, content, name="申请.eml"):
    return page.get("/desk/register").send("/register/mail", mail=(BytesIO(content), name))


def test_a_mail_is_the_beginning_of_a_form_and_registers_nothing(staff, counted, office):
    form = docx("姓名", "李四", "联系电话", "13700000000", "所需信息的内容描述", "公路养护合同")
    content = mail(
        "您好：\n请公开。", sender="李四 <li@example.cn>", subject="政府信息公开申请",
        received="Sat, 04 May 2024 23:30:00 +0800",
        hanging=[("申请表.docx", form), ("身份证复印件.pdf", pdf("身份证"))],
    )  # fmt: skip
    page = take(staff("lifang"), content)
    assert page.path == "/desk/register" and counted() == 0
    fields = page.form("/desk/register").fields
    assert fields["on"] == ["2024-05-04"] and fields["channel"] == ["email"]
    assert fields["name"] == ["李四"] and fields["phone"] == ["13700000000"]
    assert fields["items"][0].strip() == "公路养护合同" and fields["email"] == ["li@example.cn"]
    for words in ("申请.eml", "申请表.docx", "身份证复印件.pdf", "2024-05-04 23:30", "请公开。"):
        assert words in page.text
    page.send("/desk/register")
    assert page.status == 422 and "核对邮件到达的日期" in page.alert and counted() == 0
    page.send("/desk/register", mail_checked="y", confirmed_on="2024-05-06")
    assert page.path == "/desk/register/done" and "3 个文件" in page.text
    page.get("/desk/cases/panlong/2024-0001")
    assert "来自 li@example.cn" in page.text and "申请.eml" in page.text
    assert drafts(office) == []


def test_what_hangs_on_a_mail_and_cannot_be_kept_is_told(staff):
    page = take(staff("lifang"), mail("请公开养护合同", hanging=[("材料.rar", b"Rar!\x1a\x07\0")]))
    assert "材料.rar”没有保存" in page.text and "申请.eml”没有保存" not in page.text
    assert "请申请人重发或者补正" in page.text
    assert page.form("/desk/register").fields["items"][0].strip() == "请公开养护合同"
    page.send("/desk/register", **CITIZEN, mail_checked="y", confirmed_on="2024-05-06")
    case = page.get("/desk/cases/panlong/2024-0001")
    name = "申请（附件不全）.eml"
    assert name in case.text
    one = re.search(
        r'href="(/desk/cases/panlong/2024-0001/files/\d+)"[^>]*>[^<]*申请（附件不全）', case.html
    )
    assert one is not None
    kept = case.client.get(one[1]).data
    found = read_mail(kept)
    assert found.arrived_at is not None and found.hanging == () and b"Rar!" not in kept
    assert "原有附件“材料.rar”，7 字节，没有保存：这是压缩包（RAR）" in found.text


@pytest.mark.parametrize(
    ("hanging", "names", "told"),
    [
        ([("空.pdf", b"")], ["申请.eml"], ["空.pdf”没有保存：附件是空的"]),
        ([("空.pdf", b""), ("a.rar", b"Rar!\x1a\x07\0")], ["申请（附件不全）.eml"],
         ["空.pdf”没有保存：附件是空的", "a.rar”没有保存"]),
        ([("a.pdf", pdf("一") + b" " * 900_000)], ["申请（附件另存）.eml", "a.pdf"], []),
        ([("a.pdf", pdf("一") + b" " * 900_000), ("b.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
         ["申请（附件不全）.eml", "a.pdf"], ["b.doc”没有保存"]),
        ([("b.pdf", b"%PDF-" + b" " * 2_000_000)], ["申请（附件不全）.eml"], ["b.pdf”没有保存：文件超过"]),
    ],
)  # fmt: skip
def test_the_mail_itself_is_kept_whatever_hangs_on_it(app, staff, hanging, names, told):
    drafts_ = app.extensions["gongkai"].drafts
    drafts_.judge = replace(drafts_.judge, most_bytes=1 << 20)
    page = take(staff("lifang"), mail("请公开养护合同", hanging=hanging))
    shown = re.findall(r"<li><b>([^<]+)</b> <span", page.html)
    assert shown == names, page.text[:600]
    for words in told:
        assert words in page.text
    assert ("没有保存的附件在原处" in page.text) is ("不全" in names[0])


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.4"])
def test_what_is_no_mail_is_told(staff, content, office):
    page = take(staff("lifang"), content)
    assert page.status == 422 and "邮件" in page.alert and drafts(office) == []


def test_a_mail_with_a_classification_mark_is_not_kept(staff, office):
    page = take(staff("lifang"), mail("密级：机密\n请公开"))
    assert page.status == 409 and "密级" in page.alert and drafts(office) == []
    page = take(page, mail("请公开", hanging=[("a.pdf", pdf("机密★10年"))]))
    assert page.status == 409 and drafts(office) == []


def test_a_mail_comes_in_nowhere_else(staff, visitor):
    file(visitor)
    page = staff("lifang").get("/desk/cases/panlong/2024-0001")
    page.send("/cases/panlong/2024-0001/files", kind="other", file=(BytesIO(mail("x")), "x.eml"))
    assert page.status == 422 and "邮件文件请在" in page.text


# -- what is there already ----------------------------------------------------------------------------


def look(page, **said):
    return page.get("/desk/register").send("/desk/register", **{**WINDOW, **said}, do="look")


@pytest.mark.parametrize("name", ["", "\u200b", "……"])
def test_it_is_looked_for_by_what_is_typed_also_without_a_name(staff, visitor, name):
    file(visitor)
    page = look(staff("lifang"), items="完全无关的另一件事情", name=name)
    assert page.status == 200 and "2024-0001" in page.text and "证件号码相同" in page.text


def test_who_applies_is_known_and_the_same_is_asked_already(staff, visitor, counted):
    file(visitor)
    page = look(staff("lifang"), items="完全无关的另一件事情", name="另一个名字")
    assert page.status == 200 and "2024-0001" in page.text and "证件号码相同" in page.text
    page = look(page, items="完全无关的另一件事情", id_number="", phone="")
    assert "姓名或者名称相同" in page.text
    page = look(
        page,
        name="王五",
        id_number="",
        phone="",
        items="请公开２０２３年度农村公路养护合同、竣工验收单",
    )
    assert "内容相近，还没有办结" in page.text
    page = look(page, name="王五", id_number="", phone="", items="采矿许可证延续批复")
    assert "没有找到同一申请人的" in page.text and counted() == 1
    assert page.form("/desk/register").fields["name"] == ["王五"]


@pytest.mark.parametrize(
    "phone", ["138 0000 0000", "＋８６－１３８００００００００", "13800000000"]
)
def test_without_an_identity_the_telephone_tells_who_applies(staff, visitor, phone):
    file(visitor)
    said = {"name": "王五", "items": "采矿许可证延续批复"}
    page = look(staff("lifang"), **said, id_number="", phone=phone)
    assert "2024-0001" in page.text and "联系电话相同" in page.text
    for other in ("1380000000", "13800000001", "0876-3120000"):
        assert "联系电话相同" not in look(page, **said, id_number="", phone=other).text
    page = look(page, **said, id_number="110105194912310038", phone=phone)
    assert "联系电话相同" not in page.text, "another person, told by another number"
    assert "联系电话相同" not in look(staff("sunli"), **said, id_number="", phone=phone).text


def test_the_page_asks_while_somebody_types_and_no_address_holds_a_name(staff, visitor):
    file(visitor)
    page = staff("lifang").get("/desk/register")
    token = page.form("/desk/register").fields["csrf_token"]
    page.post(
        "/desk/register/hints",
        {"csrf_token": token, "name": "张三", "kind": "citizen", "agency": "panlong"},
    )
    assert page.page.json["number"] == 1 and "2024-0001" in page.page.json["html"]
    page.post("/desk/register/hints", {"csrf_token": token, "name": "张三", "agency": "jiangna"})
    assert page.status == 404
    page.post(
        "/desk/register/hints",
        {"csrf_token": token, "name": "张", "kind": "citizen", "agency": "panlong"},
    )
    assert page.page.json["number"] == 0
    assert staff("zhaoming").client.post(
        "/desk/register/hints", data={"agency": "panlong"}
    ).status_code in (400, 403)


def test_registering_is_offered_only_where_a_body_takes_requests(staff):
    """The county of the tests takes none: its clerk looks after bodies below."""
    page = staff("county").get("/desk/")
    assert 'href="/desk/register"' not in page.html and "请用“登记”录入" not in page.text
    assert "看下级机关现在怎样" in page.text
    page = staff("lifang").get("/desk/")
    assert page.html.count('href="/desk/register"') == 2 and "看下级机关现在怎样" not in page.text
    assert 'href="/desk/register"' not in staff("falv").get("/desk/").html
