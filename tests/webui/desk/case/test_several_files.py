"""Several files in one form, photos and their copies: on the portal, at the desk and by the API."""

import re

from tests import samples
from tests.webui.desk.case.test_files import (
    MARKED,
    MB,
    PDF,
    at_desk,
    call,
    case,
    kept,
    picked,
    send,
    served,
)
from tests.webui.test_site import _is_well_formed
from tests.workflow.files.pictures import drawn, heic, tiff
from workflow.service.accounts import Accounts

__all__ = ["case", "kept"]


def film():
    """What a phone sends as a film."""
    return picked("走廊.mov", b"\0\0\0\x14ftypqt  ")


def test_of_several_files_the_good_ones_are_kept_and_each_other_is_named(
    visitor, staff, case, kept
):
    number, _ = case
    marked = picked("某事.docx", MARKED)
    send(
        visitor, kind="supplement", file=[picked("a.png"), film(), picked("b.heic", heic()), marked]
    )
    assert visitor.status == 422 and kept()[0] == 2
    assert "已收到 2 份补充材料“a.png”、“b.heic”" in visitor.text
    assert "有 2 个文件没有保存，其余的已经保存、不必重传" in visitor.alert
    assert "“走廊.mov”：这是视频，请截图" in visitor.alert and "第 4 个文件：" in visitor.alert
    assert "某事" not in visitor.text and "还可以上传 3 个" in visitor.text
    _is_well_formed(visitor.html)
    page = at_desk(staff, "lifang", number, kind="other", file=[film(), picked("c.pdf", PDF)])
    assert page.status == 422 and "已保存其他材料“c.pdf”" in page.text
    assert "有 1 个文件没有保存" in page.alert and "走廊.mov" in page.alert and kept()[0] == 3
    page = at_desk(staff, "lifang", number, kind="other", file=[film(), picked("d.gif", b"GIF89a")])
    assert page.status == 422 and kept()[0] == 3
    assert "“走廊.mov”：" in page.alert and "“d.gif”：这是 GIF 图片，请另存为 JPG" in page.alert


def test_what_is_more_than_may_be_sent_is_named(visitor, case, kept):
    many = [picked(f"{n}.png", samples.png(str(n).encode())) for n in range(7)]
    send(visitor, kind="supplement", file=many)
    assert visitor.status == 422 and kept()[0] == 5
    assert "有 2 个文件没有保存" in visitor.alert
    assert "“5.png”：一件申请最多上传 5 个文件" in visitor.alert and "“6.png”" in visitor.alert


def test_too_many_at_once_and_too_much_together_are_told(staff, case, kept):
    number, _ = case
    page = at_desk(
        staff, "lifang", number, kind="other", file=[picked(f"{n}.png") for n in range(11)]
    )
    assert page.status == 422 and "一次最多 10 个文件" in page.alert and kept()[0] == 0
    assert "一次最多 10 个、合计不超过 30 MB" in page.text and "multiple" in page.html
    big = [picked(f"{n}.png", samples.png(str(n).encode(), padding=8 * MB)) for n in range(3)]
    page = at_desk(staff, "lifang", number, kind="other", file=big)
    assert page.status == 200 and kept()[0] == 3


def test_a_photo_is_handed_out_as_it_came_and_as_a_copy(visitor, staff, case):
    number, _ = case
    photo, scan = heic(), tiff(drawn(), drawn())
    at_desk(
        staff,
        "lifang",
        number,
        kind="reply",
        file=[picked("照片.HEIC", photo), picked("扫描.tif", scan)],
    )
    served(staff, number)
    page = staff("lifang").get(f"/desk/cases/{number}")
    links = re.findall(r'href="([^"]+/files/\d+)(\?copy=1)?"', page.html)
    assert [bool(copy) for _, copy in links] == [
        False,
        True,
        False,
        True,
        False,
    ]  # the last: a proof
    assert page.get(links[0][0]).page.data == photo
    copy = page.get("".join(links[1])).page
    assert copy.mimetype == "image/jpeg" and copy.data.startswith(b"\xff\xd8")
    assert copy.headers["Content-Disposition"].endswith("-1.jpg"), "kind and number, no name"
    assert page.get("".join(links[3])).page.data.startswith(b"%PDF-")
    visitor.get("/query/case")
    reply, *_ = re.findall(r'name="copy" value="(\d+)"', visitor.html)
    _is_well_formed(visitor.html)
    visitor.send("/query/case/reply", last_four="002x", reply=reply)
    assert visitor.page.data == photo
    visitor.get("/query/case").send("/query/case/reply", last_four="1234", copy=reply)
    assert visitor.status == 422
    visitor.send("/query/case/reply", last_four="002x", copy=reply)
    assert visitor.page.mimetype == "image/jpeg"


def test_what_needs_no_copy_has_none(staff, case):
    number, _ = case
    at_desk(staff, "lifang", number, kind="other", file=picked("a.pdf", PDF))
    page = staff("lifang").get(f"/desk/cases/{number}")
    assert "便于阅读的副本" not in page.text
    assert page.get(f"/desk/cases/panlong/{number}/files/1?copy=1").status == 404


def test_several_files_in_one_call_are_answered_one_by_one(app, case, kept):
    number, code = case
    path = f"/applications/{number}/files?query_code={code}"
    answer, body = call(
        app, path, kind="supplement", file=[picked("a.png"), film(), picked("b.heic", heic())]
    )
    assert answer.status_code == 201 and kept()[0] == 2
    assert [one["name"] for one in body["files"]] == ["a.png", "b.heic"]
    assert body["id"] == body["files"][0]["id"] and "走廊.mov" in body["refused"][0]
    answer, body = call(app, path, kind="supplement", file=[film(), film()])
    assert answer.status_code == 422 and len(body["errors"]) == 2 and kept()[0] == 2


def test_a_copy_to_read_is_had_by_the_api(app, staff, case, office):
    number, code = case
    call(app, f"/applications/{number}/files?query_code={code}", file=picked("a.heic", heic()))
    headers = {"Authorization": f"Bearer {Accounts(office).create_token('lifang')}"}
    for path in (f"/agencies/panlong/cases/{number}/files/1", f"/cases/{number}/files/1"):
        answer = app.test_client().get(f"/api/v1{path}?readable=true", headers=headers)
        assert answer.mimetype == "image/jpeg"
        assert app.test_client().get(f"/api/v1{path}", headers=headers).mimetype == "image/heic"
        assert app.test_client().get(f"/api/v1{path}?copy=1", headers=headers).status_code == 422
