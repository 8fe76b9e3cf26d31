"""What comes after filing: the receipt, several at once, and what the device and the session keep."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.webui.filing import CITIZEN, COMPANY, file
from webui.portal.applying import MOST_BODIES
from webui.portal.receipt import keep_slips
from workflow.case.application import read_form


def test_the_receipt_says_day_steps_and_where_to_look(visitor):
    file(visitor)
    text = visitor.text
    assert "2024 年 5 月 31 日（周五）" in text and "二〇二四年五月三十一日" in text
    for words in ("接下来", "收到并登记", "通知补正", "7 个工作日", "征求第三方意见", "15 个工作日",
                  "送达答复", "延长答复期限", "20 个工作日", "（条例30）"):  # fmt: skip
        assert words in text, words
    assert "二维码和网址里只有编号，没有查询码" in text
    assert "2024 年 5 月 6 日 10:00" in text
    assert "还要补交身份证明" in text


def test_the_picture_leads_to_the_number_and_never_to_the_code(visitor, app, monkeypatch):
    import segno

    drawn, real = [], segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: drawn.append(text) or real(text, **how))
    number, code = file(visitor)
    assert drawn == [f"http://localhost/query?number={number}"]
    assert "<svg" in visitor.html and code not in drawn[0]
    other = type(visitor)(app).get(drawn[0].removeprefix("http://localhost"))
    assert other.form("/query").fields["number"] == [number]


def test_the_address_in_the_picture_is_the_one_that_others_reach(visitor, app, monkeypatch):
    import dataclasses

    import segno

    drawn, real = [], segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: drawn.append(text) or real(text, **how))
    doors = app.extensions["gongkai"]
    settings = {**doors.settings, "site_url": "https://xxgk.example.gov.cn/"}
    app.extensions["gongkai"] = dataclasses.replace(doors, settings=settings)
    number, _ = file(visitor)
    assert drawn == [f"https://xxgk.example.gov.cn/query?number={number}"]


def test_the_receipt_as_a_paper(visitor, app):
    assert visitor.get("/apply/done/receipt.pdf").path == "/"
    number, code = file(visitor)
    answer = visitor.get("/apply/done/receipt.pdf").page
    assert answer.mimetype == "application/pdf" and answer.headers["Cache-Control"] == "no-store"
    (page,) = PdfReader(BytesIO(answer.data)).pages
    text = re.sub(r"\s", "", page.extract_text())
    assert number in text and code in text and "二〇二四年五月三十一日" in text
    assert "盘龙彝族乡人民政府" in text and "接下来" in text
    visitor.get("/apply/done").send("/leave")
    assert visitor.get("/apply/done/receipt.pdf").path == "/"


@pytest.fixture
def several(app, visitor, office):
    """Applications that are filed in one go, in the session of the visitor."""

    def filed(count, missing=()):
        visitor.get("/apply")
        intake = app.extensions["gongkai"].intake
        made = [
            intake.file(read_form({
                "agency": "panlong" if n % 2 else "jiangna",
                "applicant": {k: CITIZEN[k] for k in ("kind", "name", "id_type", "id_number", "phone")}
                | {"email": "a@example.com"},
                "items": [f"第 {n} 份合同"], "delivery": ["pickup"], "medium": ["paper"],
            }, today=office.today()))
            for n in range(count)
        ]  # fmt: skip
        with app.test_request_context("/apply", method="POST"):
            from flask import session

            lacking = [*missing, *([()] * (count - len(missing)))]
            keep_slips(
                [
                    replace(one, missing=tuple(lacks))
                    for one, lacks in zip(made, lacking, strict=True)
                ]
            )
            kept = dict(session)
        with visitor.client.session_transaction() as held:
            held.update(kept)
        return made

    return filed


def test_several_slips_with_what_is_still_to_be_sent(visitor, several):
    first, second = several(2, [["身份证明"], []])
    visitor.get("/apply/done")
    assert "2 件申请已经提交" in visitor.text and visitor.html.count("card slip") == 2
    for one in (first, second):
        assert one.number in visitor.text and one.query_code in visitor.text
    assert visitor.text.count("还要补交") == 1 and "身份证明" in visitor.text
    pdf = PdfReader(BytesIO(visitor.get("/apply/done/receipt.pdf").page.data))
    assert len(pdf.pages) == 2 and "还要补交" in pdf.pages[0].extract_text()


def test_as_many_slips_as_are_kept_go_into_a_cookie(visitor, several, caplog):
    """A browser drops a cookie of more than 4,096 bytes, and number and code with it."""
    lacking = ["身份证明", "授权委托书", "代理人的身份证明"]
    made = several(MOST_BODIES, [lacking] * MOST_BODIES)
    visitor.get("/apply/done")
    cookie = visitor.client.get_cookie("gongkai")
    assert len(f"gongkai={cookie.value}; Path=/; HttpOnly; SameSite=Lax") < 4000
    assert visitor.html.count("card slip") == MOST_BODIES
    assert all(one.query_code in visitor.html for one in made)


def test_who_wants_to_be_told_says_it_at_once(visitor, app, office, several):
    from config.channels import load_channels

    told = [kind for kind in load_channels().values() if kind.applicants]
    office.channels = tuple(told)
    (one,) = several(1)
    visitor.get("/apply/done")
    assert "进度有变动时告知您" in visitor.text
    chosen = visitor.form("/apply/done").fields["channels"]
    assert chosen
    visitor.send("/apply/done", channels=[])
    assert "通知方式已经保存" in visitor.text
    choice = app.extensions["gongkai"].applicant_messages.choice(one.number, one.query_code)
    assert choice and not any(wanted for _, _, wanted in choice)
    assert (
        visitor.post("/apply/done", {"number": "2024-0099", "channels": chosen}).path
        == "/apply/done"
    )


def test_of_two_bodies_with_one_number_the_one_that_is_meant_is_told(visitor, app, office, several):
    from config.channels import load_channels

    office.channels = tuple(kind for kind in load_channels().values() if kind.applicants)
    first, second = several(2)
    assert first.number == second.number
    visitor.get("/apply/done")
    form = visitor.form("/apply/done").fields
    visitor.post("/apply/done", {**form, "agency": second.agency, "channels": []})
    chosen = [
        any(wanted for _, _, wanted in app.extensions["gongkai"].applicant_messages.choice(one.number, one.query_code))
        for one in (first, second)
    ]  # fmt: skip
    assert chosen == [True, False]


def test_leaving_forgets_receipt_and_draft(visitor):
    file(visitor)
    visitor.send("/leave")
    assert visitor.get("/apply/done").path == "/"


def test_the_receipt_below_a_body_leads_below_it(visitor, monkeypatch):
    import segno

    drawn, real = [], segno.make
    monkeypatch.setattr(segno, "make", lambda text, **how: drawn.append(text) or real(text, **how))
    visitor.get("/b/panlong/apply").send(
        "/apply", step="review", **{k: v for k, v in COMPANY.items() if k != "agency"}
    )
    visitor.send("/apply", step="submit")
    assert visitor.path == "/b/panlong/apply/done"
    assert drawn == ["http://localhost/b/panlong/query?number=2024-0001"]
