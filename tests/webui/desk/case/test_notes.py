"""Notes of staff beside a case: read by colleagues, no evidence, sealed at rest; who is called hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.webui.filing import file
from workflow.store.note_models import CaseNoteRow


@pytest.fixture
def number(visitor):
    return file(visitor)[0]


def page(staff, who, number):
    return staff(who).get(f"/desk/cases/{number}")


def rows(office):
    with office.store.read() as unit:
        return list(unit.session.scalars(select(CaseNoteRow).order_by(CaseNoteRow.id)))


def test_a_note_is_read_by_colleagues_and_is_in_no_log(staff, office, number):
    clerk = page(staff, "lifang", number).send("/notes", note="农业中心说档案在二楼")
    assert "备注已经写下" in clerk.text and "农业中心说档案在二楼" in clerk.text
    read = page(staff, "zhaoming", number)
    assert "农业中心说档案在二楼" in read.text and "不作为证据" in read.text
    assert "农业中心" not in read.get(f"/desk/cases/{number}/file").text
    (row,) = rows(office)
    assert "农业中心".encode() not in (row.sealed or b"") and row.actor == "lifang"
    assert staff("sunli").get(f"/desk/cases/{number}").status == 404


def test_who_is_called_hears_of_it_once(staff, office, number):
    clerk = page(staff, "lifang", number)
    form = clerk.form("/notes")
    for _ in range(2):
        clerk.post(
            form.action, {**form.fields, "note": "请看第 2 项", "called": ["zhaoming", "lifang"]}
        )
    assert len(rows(office)) == 1 and "@zhaoming" in clerk.text
    inbox = staff("zhaoming").get("/desk/inbox")
    assert inbox.text.count(f"申请 {number} 的办件备注请您看") == 1
    assert f"/desk/cases/panlong/{number}" in inbox.html and "第 2 项" not in inbox.text
    assert "办件备注" not in staff("chen").get("/desk/inbox").text
    assert "办件备注" not in clerk.get("/desk/inbox").text


@pytest.mark.parametrize(
    ("note", "called", "told"),
    [("  ", [], "请填写备注"), ("字" * 2001, [], "最多 2000 个字"), ("看", ["guanli"], "请选择本机关"), ("看", ["sunli"], "请选择本机关"), ("附件是机密★10年的", [], "密级标志")],
)  # fmt: skip
def test_a_wrong_note_comes_back_as_it_was(staff, office, number, note, called, told):
    clerk = page(staff, "lifang", number)
    form = clerk.form("/notes")
    clerk.post(form.action, {**form.fields, "note": note, "called": called})
    assert clerk.status == 422 and told in clerk.text and rows(office) == []
    assert clerk.form("/notes").fields["note"][0].strip() == note.strip()


def test_who_administers_cannot_be_called(staff, number):
    assert 'value="guanli"' not in page(staff, "lifang", number).html
    assert 'name="called" value="zhaoming"' in page(staff, "lifang", number).html


def test_a_note_is_taken_back_within_minutes_by_who_wrote_it(staff, office, number, monkeypatch):
    clerk = page(staff, "lifang", number).send("/notes", note="写错了人")
    other = page(staff, "zhaoming", number)
    assert "/notes/1/back" not in other.html
    token = other.form("/notes").fields["csrf_token"]
    other.post(f"/desk/cases/panlong/{number}/notes/1/back", {"csrf_token": token})
    assert other.status == 404
    clerk.send("/notes/1/back")
    assert "写错了人" not in clerk.text and "收回了一条备注" in clerk.text
    assert rows(office)[0].sealed is None
    clerk.send("/notes", note="留着")
    form = clerk.form("/notes/2/back")
    now = office.now() + timedelta(minutes=11)
    monkeypatch.setattr(office, "now", lambda: now)
    assert "/notes/2/back" not in clerk.get(f"/desk/cases/{number}").html
    clerk.post(form.action, form.fields)
    assert "不能收回" in clerk.text and "留着" in clerk.text


def test_the_reviewer_reads_notes_without_who_asks(staff, number):
    page(staff, "lifang", number).send("/notes", note="张三 13800000000 说可以晚几天")
    read = page(staff, "wangqiang", number)
    assert (
        "说可以晚几天" in read.text and "张三" not in read.html and "13800000000" not in read.html
    )
