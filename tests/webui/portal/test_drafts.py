"""Drafts with a code: kept sealed for thirty days, opened anywhere by the code alone, gone when they are filed."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from tests.samples import pdf
from tests.webui.filing import CITIZEN, review, slip
from webui.portal import drafts
from workflow.service.begun import DRAFT_KEPT_FOR, KEPT_FOR, forget_old_begun
from workflow.store.begun_models import BegunFileRow, BegunRow
from workflow.store.file_models import FileRow
from workflow.store.files import content_of, label_of


def put_aside(visitor, **typed):
    """Fill in the form as far as somebody got, and put it aside; the code."""
    visitor.get("/apply")
    fields = {**visitor.form("/apply").fields, **typed}
    return kept(visitor.post("/drafts", fields))


def paper(says):
    """A file as a browser sends it; it can be sent once."""
    return BytesIO(pdf(says)), f"{says}.pdf"


def kept(visitor):
    found = re.search(r'<dd class="code">([^<]+)</dd>', visitor.html)
    assert found is not None, visitor.text
    return found[1]


def opened(visitor, code):
    """Open a draft by its code and go on in the form."""
    visitor.get("/drafts").send("/drafts/open", code=code)
    return visitor if visitor.status == 404 else visitor.send("/drafts/go-on")


def rows(office):
    """The drafts."""
    with office.store.read() as unit:
        return list(unit.session.scalars(select(BegunRow).where(BegunRow.kept_by.is_not(None))))


HALF = {"kind": "citizen", "name": "张三", "id_number": CITIZEN["id_number"], "items": "公路合同\n验收单",
        "medium": ["paper", "electronic"], "agency": "jiangna"}  # fmt: skip


def test_a_draft_opens_in_the_form_on_another_device(visitor, app, counted):
    code = put_aside(visitor, **HALF)
    assert len(code) == 10 and visitor.path == "/drafts" and counted() == 0
    assert "2024 年 6 月 5 日" in visitor.text and "江那镇人民政府" in visitor.text
    other = opened(type(visitor)(app), f" {code[:4].lower()} {code[4:]} ")
    fields = other.form("/apply").fields
    assert fields["name"] == ["张三"] and "验收单" in fields["items"][0]
    assert fields["medium"] == ["paper", "electronic"] and fields["agency"] == ["jiangna"]
    assert fields["id_number"] == [CITIZEN["id_number"]]


def test_nothing_of_a_draft_lies_open(visitor, office):
    code = put_aside(visitor, **HALF)
    (row,) = rows(office)
    said = repr(vars(row)).encode() + row.sealed
    for word in (code, "张三", CITIZEN["id_number"], "公路合同"):
        assert word not in repr(said) and word.encode() not in row.sealed
    assert code not in visitor.page.request.url
    cookie = visitor.client.get_cookie("gongkai").value
    assert code not in cookie


def test_saving_again_goes_on_under_the_same_code(visitor, office, today):
    code = put_aside(visitor, **HALF)
    today.is_("2024-05-20")
    visitor.send("/drafts/go-on")
    fields = {**visitor.form("/apply").fields, "name": "李四"}
    assert kept(visitor.post("/drafts", fields)) == code
    assert "2024 年 6 月 19 日" in visitor.text and len(rows(office)) == 1
    assert put_aside(visitor, **HALF) != code and len(rows(office)) == 2


def test_the_same_form_sent_twice_is_one_draft(visitor, app, office):
    """A double click without scripts: the browser gives the first answer up, with its cookie."""
    visitor.get("/apply")
    fields = {**visitor.form("/apply").fields, **HALF}
    before = visitor.client.get_cookie("gongkai")
    assert visitor.client.post("/drafts", data=fields).status_code == 303
    visitor.client.set_cookie("gongkai", before.value)
    kept(visitor.post("/drafts", fields))
    assert len(rows(office)) == 1
    stranger = type(visitor)(app)
    stranger.get("/apply")
    token = stranger.form("/apply").fields["csrf_token"]
    assert kept(stranger.post("/drafts", {**fields, "csrf_token": token})) != kept(visitor)


def test_filing_deletes_the_draft_and_no_other_one(visitor, app, office):
    code = put_aside(visitor, **{**CITIZEN, "items": "公路合同"})
    other = put_aside(type(visitor)(app), **HALF)
    opened(visitor, code).send("/apply", step="review", **CITIZEN)
    slip(visitor.send("/apply", step="submit"))
    assert len(rows(office)) == 1
    visitor.get("/drafts").send("/drafts/open", code=code)
    assert visitor.status == 404 and "没有找到这份草稿" in visitor.alert
    assert opened(visitor, other).form("/apply").fields["name"] == ["张三"]


def test_its_owner_deletes_it(visitor, office):
    code = put_aside(visitor, **HALF)
    visitor.send("/drafts/drop")
    assert "草稿已经删除" in visitor.text and rows(office) == []
    visitor.send("/drafts/open", code=code)
    assert visitor.status == 404


def test_a_draft_that_went_elsewhere_is_said_so_and_forgotten(visitor, app):
    code = put_aside(visitor, **HALF)
    other = type(visitor)(app)
    other.get("/drafts").send("/drafts/open", code=code).send("/drafts/drop")
    visitor.get("/drafts")
    assert "没有找到这份草稿" in visitor.alert
    assert "没有找到" not in visitor.get("/drafts").text


@pytest.mark.parametrize(("step", "there"), [(timedelta(), True), (timedelta(seconds=1), False)])
def test_thirty_days_and_not_a_second_more(visitor, app, office, today, step, there):
    code = put_aside(visitor, **HALF)
    today.moment += DRAFT_KEPT_FOR - timedelta(seconds=1) + step
    other = type(visitor)(app).get("/drafts").send("/drafts/open", code=code)
    assert (other.status == 200) is there
    if not there:
        assert "超过 30 天" in other.alert and 'value="' + code in other.html
    assert forget_old_begun(office) == (1 if there else 2), (
        "the form between its pages went long ago"
    )
    assert len(rows(office)) == (1 if there else 0)


def test_the_worker_deletes_what_is_over(visitor, office, today):
    from notifications.worker import Worker

    put_aside(visitor, **HALF)
    worker = Worker(office, {}, "one")
    assert worker.lead()
    worker.make_round()
    assert len(rows(office)) == 1
    today.moment += DRAFT_KEPT_FOR
    worker.lead()
    worker.make_round()
    assert rows(office) == []


def test_wrong_codes_are_counted(visitor, app):
    app.config["RATELIMIT_ENABLED"] = True
    code = put_aside(visitor, **HALF)
    guesser = type(visitor)(app)
    guesser.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    for _ in range(20):
        guesser.get("/drafts").send("/drafts/open", code="AAAAAAAAAA")
        assert guesser.status == 404
    guesser.get("/drafts").send("/drafts/open", code=code)
    assert guesser.status == 429
    assert opened(type(visitor)(app), code).path == "/apply"


def test_a_code_of_a_case_opens_no_draft_and_the_other_way_round(visitor, app):
    draft = put_aside(visitor, **HALF)
    slip(review(visitor).send("/apply", step="submit"))
    visitor.get("/query").send("/query", number="2024-0001", code=draft)
    assert visitor.status == 404


@pytest.mark.parametrize(
    ("typed", "words"),
    [({"items": "机密★10年 某文件"}, "密级标志"), ({"other": "长" * 150_000}, "太长")],
    ids=["classified", "long"],
)
def test_what_cannot_be_kept_stays_typed(visitor, office, typed, words):
    visitor.get("/apply")
    visitor.post("/drafts", {**visitor.form("/apply").fields, **HALF, **typed})
    assert visitor.status == 422 and words in visitor.alert and rows(office) == []
    visitor.send("/apply", step="edit")
    assert visitor.form("/apply").fields["name"] == ["张三"]


def test_too_many_drafts_are_not_kept_and_not_lost(visitor, app, office, monkeypatch):
    app.config["RATELIMIT_ENABLED"] = True
    monkeypatch.setattr(drafts, "MOST", 1)
    put_aside(visitor, **HALF)
    visitor.get("/apply")
    visitor.post("/drafts", {**visitor.form("/apply").fields, **HALF, "name": "李四"})
    assert visitor.status == 422 and "存得太多" in visitor.alert and len(rows(office)) == 1
    visitor.send("/apply", step="edit")
    assert visitor.form("/apply").fields["name"] == ["李四"]


def test_a_file_that_will_not_do_does_not_keep_the_draft_from_being_kept(visitor, app):
    visitor.get("/apply")
    files = {"file_id_proof": [(BytesIO(b"x" * 5_000_000), "身份证.jpg"), paper("反面")]}
    code = kept(visitor.post("/drafts", {**visitor.form("/apply").fields, **HALF, **files}))
    assert visitor.status == 422 and "“身份证.jpg”" in visitor.alert
    assert "反面.pdf" in visitor.text
    other = opened(type(visitor)(app), code)
    assert other.status == 422 and "身份证.jpg" in other.alert and "反面.pdf" in other.text
    other.send("/apply", step="edit")
    assert other.status == 200, "it is told once"


# -- files ---------------------------------------------------------------------------------------------


def test_files_come_along_to_another_device_and_into_the_case(visitor, app, office):
    code = put_aside(visitor, **CITIZEN, file_id_proof=[paper("身份证"), paper("反面")])
    assert "身份证.pdf" in visitor.text and "反面.pdf" in visitor.text and visitor.status == 200
    other = opened(type(visitor)(app), code)
    assert other.path == "/apply" and "身份证.pdf" in other.text
    other.send("/apply", step="review")
    assert other.path == "/apply/check" and "反面.pdf" in other.text
    slip(other.send("/apply", step="submit"))
    with office.store.read() as unit:
        found = list(unit.session.scalars(select(FileRow).order_by(FileRow.id)))
        names = [label_of(one, office.keys).name for one in found]
        contents = [content_of(unit, one, office.keys) for one in found]
    assert names == ["身份证.pdf", "反面.pdf"]
    assert contents == [pdf("身份证"), pdf("反面")]
    assert rows(office) == []


def test_a_file_can_be_left_out_and_another_added_when_it_is_put_aside_again(visitor, app):
    code = put_aside(visitor, **HALF, file_id_proof=[paper("身份证"), paper("反面")])
    visitor.send("/drafts/go-on")
    first = re.search(r'name="without" value="(\d+)"', visitor.html)[1]
    again = {**visitor.form("/apply").fields, "without": first, "file_power_of_attorney": paper("委托书")}  # fmt: skip
    assert kept(visitor.post("/drafts", again)) == code
    other = opened(type(visitor)(app), code)
    assert (
        "身份证.pdf" not in other.text and "反面.pdf" in other.text and "委托书.pdf" in other.text
    )


def test_what_lies_of_a_draft_is_sealed_for_its_own_row(visitor, app, office):
    code = put_aside(visitor, **HALF, file_id_proof=paper("身份证"))
    opened(type(visitor)(app), code)
    with office.store.read() as unit:
        found = list(unit.session.scalars(select(BegunRow)))
        files = list(unit.session.scalars(select(BegunFileRow)))
        contents = {one.content for one in files}
    assert len(found) == len(files) == len(contents) == 3, "draft, form here and form there"
    for row in found:
        assert office.keys.open(row.sealed, f"begun {row.id}")["fields"]["name"] == ["张三"]
        for other in found:
            if other is not row:
                with pytest.raises(InvalidTag):
                    office.keys.open(row.sealed, f"begun {other.id}")
    for said in ("身份证", "%PDF", code):
        assert not [one for one in (*contents, *(one.sealed for one in files)) if said.encode() in one]  # fmt: skip


def test_drafts_leave_room_for_who_is_filing(visitor, app, monkeypatch, office):
    monkeypatch.setattr("workflow.service.begun.DRAFTS_MOST", len(pdf("身份证")) + 10)
    put_aside(visitor, **HALF, file_id_proof=paper("身份证"))
    assert visitor.status == 200
    other = type(visitor)(app)
    code = put_aside(other, **HALF, file_id_proof=paper("户口本"))
    assert other.status == 422 and "“户口本.pdf”没有存进草稿" in other.alert
    assert "户口本.pdf" in other.send("/drafts/go-on").text, "the form itself has it"
    third = opened(type(visitor)(app), code)
    assert third.status == 422 and "“户口本.pdf”没有存进草稿" in third.alert
    assert review(other, file_id_proof=paper("户口本")).path == "/apply/check"


def test_drafts_with_files_are_kept_thirty_times_an_hour_and_none_is_lost(visitor, app, monkeypatch):  # fmt: skip
    app.config["RATELIMIT_ENABLED"] = True
    monkeypatch.setattr(drafts, "MOST_WITH_FILES", 1)
    put_aside(visitor, **HALF, file_id_proof=paper("身份证"))
    visitor.send("/drafts/go-on")
    fields = {**visitor.form("/apply").fields, "name": "李四"}
    visitor.post("/drafts", {**fields, "file_id_proof": paper("反面")})
    assert visitor.status == 422 and "存得太多" in visitor.alert
    assert "文件没有保留下来" in visitor.text
    visitor.send("/apply", step="edit")
    assert visitor.form("/apply").fields["name"] == ["李四"] and "身份证.pdf" in visitor.text
    kept(visitor.post("/drafts", visitor.form("/apply").fields))
    assert visitor.status == 200, "without a new file it may be kept"


def test_opening_drafts_with_files_is_limited_too(visitor, app):
    put_aside(visitor, **HALF)
    empty = {"csrf_token": visitor.form("/drafts/go-on").fields["csrf_token"]}
    app.config["RATELIMIT_ENABLED"] = True
    assert [copied(visitor, n, empty) for n in range(31)] == [303] * 31, "without files"
    visitor.get("/apply")
    fields = {**visitor.form("/apply").fields, **HALF, "file_id_proof": paper("身份证")}
    visitor.post("/drafts", fields)
    assert [copied(visitor, n, empty) for n in range(100, 131)] == [303] * 30 + [429]


def copied(visitor, n, fields):
    """What another browser is answered that goes on with the draft of this one."""
    with visitor.client.session_transaction() as held:
        held["browser"] = f"browser {n}"
    return visitor.client.post("/drafts/go-on", data=fields).status_code


# -- two devices ---------------------------------------------------------------------------------------


def test_of_two_devices_the_one_that_keeps_later_gets_a_code_of_its_own(visitor, app, office):
    code = put_aside(visitor, **HALF)
    other = opened(type(visitor)(app), code)
    visitor.send("/drafts/go-on")
    assert kept(resaved(visitor, name="甲机")) == code, "it has seen what was there"
    own = kept(resaved(other, name="乙机"))
    assert own != code and "这一次存成了另一份，草稿码是新的" in other.text
    assert opened(type(visitor)(app), code).form("/apply").fields["name"] == ["甲机"]
    assert opened(type(visitor)(app), own).form("/apply").fields["name"] == ["乙机"]
    other.get("/drafts").send("/drafts/go-on")
    assert kept(resaved(other, name="乙机再存")) == own and len(rows(office)) == 2
    assert "已经存成草稿" in other.text


def resaved(visitor, **typed):
    """Put the form that is open aside once more."""
    return visitor.post("/drafts", {**visitor.form("/apply").fields, **typed})


def test_sent_twice_the_one_that_keeps_later_gets_one_code(visitor, app, office):
    code = put_aside(visitor, **HALF)
    other = opened(type(visitor)(app), code)
    fields = {**other.form("/apply").fields, "name": "乙机"}
    visitor.send("/drafts/go-on")
    resaved(visitor, name="甲机")
    before = other.client.get_cookie("gongkai").value
    first = kept(other.post("/drafts", fields))
    other.client.set_cookie("gongkai", before)
    assert kept(other.post("/drafts", fields)) == first != code and len(rows(office)) == 2


def test_who_has_seen_the_latest_goes_on_under_its_code(visitor, app, office):
    code = put_aside(visitor, **HALF)
    other = opened(type(visitor)(app), code)
    assert kept(resaved(other, name="乙机")) == code
    visitor.get("/drafts")
    assert "在别处又存过" in visitor.text
    visitor.send("/drafts/go-on")
    assert visitor.form("/apply").fields["name"] == ["乙机"]
    assert "在别处又存过" not in visitor.get("/drafts").text
    visitor.send("/drafts/go-on")
    assert kept(resaved(visitor, name="甲机")) == code and len(rows(office)) == 1
    assert kept(resaved(other.get("/drafts").send("/drafts/go-on"), name="丙")) == code


def test_what_was_typed_before_another_device_kept_it_still_lies_at_its_address(visitor, app):
    code = put_aside(visitor, **HALF)
    visitor.send("/drafts/go-on").send("/apply", step="edit", name="甲机")
    address = visitor.page.request.full_path
    assert kept(resaved(opened(type(visitor)(app), code), name="乙机")) == code
    visitor.get("/drafts").send("/drafts/go-on")
    assert visitor.form("/apply").fields["name"] == ["乙机"]
    assert visitor.get(address).form("/apply").fields["name"] == ["甲机"]
    assert kept(resaved(visitor)) != code


def test_going_on_keeps_what_was_typed_since(visitor):
    put_aside(visitor, **HALF)
    visitor.send("/drafts/go-on").send("/apply", step="edit", name="改过的")
    visitor.get("/drafts").send("/drafts/go-on")
    assert visitor.form("/apply").fields["name"] == ["改过的"]


def test_filing_deletes_no_draft_that_another_device_has_kept_since(visitor, app, office):
    code = put_aside(visitor, **CITIZEN)
    other = opened(type(visitor)(app), code)
    other.send("/apply", step="review")
    visitor.send("/drafts/go-on")
    resaved(visitor, name="甲机")
    slip(other.send("/apply", step="submit"))
    assert opened(type(visitor)(app), code).form("/apply").fields["name"] == ["甲机"]
    visitor.get("/drafts").send("/drafts/go-on").send("/apply", step="review")
    slip(visitor.send("/apply", step="submit"))
    assert rows(office) == []


def test_filing_deletes_the_draft_that_another_one_took_out_of_the_session(visitor, office):
    put_aside(visitor, **CITIZEN)
    first = visitor.send("/drafts/go-on").page.request.full_path
    put_aside(visitor, **HALF)
    visitor.get(first).send("/apply", step="review")
    slip(visitor.send("/apply", step="submit"))
    assert len(rows(office)) == 1
    assert "江那镇人民政府" in visitor.get("/drafts").text, "the other one is still at hand"


def test_a_draft_that_is_gone_says_so_when_gone_on_with(visitor, app):
    code = put_aside(visitor, **HALF)
    page = visitor.page
    opened(type(visitor)(app), code).get("/drafts").send("/drafts/drop")
    visitor.page = page
    visitor.send("/drafts/go-on")
    assert visitor.status == 404 and "没有找到这份草稿" in visitor.alert
    visitor.page = page
    assert visitor.send("/drafts/go-on").path == "/drafts" and visitor.status == 200


def test_the_form_of_a_draft_lasts_two_hours_and_the_draft_goes_on(visitor, today):
    put_aside(visitor, **HALF)
    address = visitor.send("/drafts/go-on").page.request.full_path
    today.moment += KEPT_FOR
    assert "张三" not in visitor.get(address).html
    visitor.get("/drafts").send("/drafts/go-on")
    assert visitor.page.request.full_path == address
    assert visitor.form("/apply").fields["name"] == ["张三"]


def test_deleting_a_draft_and_leaving_take_the_form_along(visitor, office):
    put_aside(visitor, **HALF)
    address = visitor.send("/drafts/go-on").page.request.full_path
    visitor.get("/drafts").send("/drafts/drop")
    assert "张三" not in visitor.get(address).html
    put_aside(visitor, **HALF)
    address = visitor.send("/drafts/go-on").page.request.full_path
    visitor.get("/drafts").send("/leave")
    assert "张三" not in visitor.get(address).html


def test_leaving_forgets_the_code_and_keeps_the_draft(visitor, office):
    put_aside(visitor, **HALF)
    visitor.send("/leave")
    assert "凭草稿码接着填" in visitor.get("/drafts").text and len(rows(office)) == 1


def test_drafts_stand_below_a_body_too(visitor):
    visitor.get("/b/panlong/apply")
    visitor.post("/b/panlong/drafts", {**visitor.form("/apply").fields, "items": "合同"})
    assert visitor.path == "/b/panlong/drafts" and kept(visitor)
    visitor.send("/drafts/go-on")
    assert visitor.path == "/b/panlong/apply"
