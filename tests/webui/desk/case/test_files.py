"""Files on the pages and in the API: sending, listing, fetching, and who may not."""

import hashlib
import json
import re
from io import BytesIO

import pytest
from sqlalchemy import func, select

from config.settings import load
from tests import samples
from tests.webui.filing import file, judged
from tests.webui.test_site import _is_well_formed
from tests.webui.visitor import Visitor
from webui.app import create_app
from workflow.service.accounts import Accounts
from workflow.store.file_models import FileContentRow, FileRow, FileViewRow

MB = 1024 * 1024
PNG = samples.png()
PDF = samples.pdf("关于农村公路养护的答复")
MARKED = samples.docx("关于某事的报告", header="机密★10年")
IDENTITY = "身份证11010519491231002X.png"
MASKED = "身份证110*************2X.png"


def picked(name: str = IDENTITY, content: bytes = PNG) -> tuple[BytesIO, str]:
    """A file chosen in a browser."""
    return BytesIO(content), name


@pytest.fixture
def kept(office):
    """How many files, contents and views the store holds."""

    def count():
        with office.store.read() as unit:
            return tuple(
                unit.session.scalar(select(func.count()).select_from(table)) or 0
                for table in (FileRow, FileContentRow, FileViewRow)
            )

    return count


@pytest.fixture
def case(visitor):
    """Number and code; the applicant is at the page of the case."""
    found = file(visitor)
    visitor.get("/query/case")
    return found


def send(page, **typed):
    """Fill in the form for files of a page of the portal."""
    return page.send("/query/case/files", **typed)


def at_desk(staff, who, number, **typed):
    page = staff(who).get(f"/desk/cases/{number}")
    return page.send(f"/cases/panlong/{number}/files", **typed)


def served(staff, number, **typed):
    staff("lifang").act(number, "assign")
    page = staff("zhaoming").act(number, "propose_outcome", items__1__outcome="supplied", items__2__outcome="supplied")  # fmt: skip
    assert page.status == 200, page.alert
    staff("zhaoming").act(number, "send_to_secrecy_review")
    staff("wangqiang").act(number, "pass_secrecy_review", **judged())
    staff("falv").act(number, "pass_legal_check")
    staff("chen").act(number, "approve")
    assert "按期答复" in staff("lifang").serve(number, method="direct", **typed).text


# -- the portal ---------------------------------------------------------------------------------------


def test_an_applicant_sends_a_paper_and_the_clerk_opens_it(visitor, staff, case, kept):
    number, _ = case
    send(visitor, kind="id_proof", file=picked())
    assert visitor.status == 200 and f"已收到身份证明“{IDENTITY}”" in visitor.text
    assert "还可以上传 4 个" in visitor.text and "下载" not in visitor.text
    page = staff("lifang").get(f"/desk/cases/{number}")
    link = re.search(r'href="(/desk/cases/[^"]+/files/\d+)"', page.html)
    assert link and IDENTITY not in page.text and MASKED in page.text
    assert "申请人上传" in page.text
    answer = page.get(link[1]).page
    assert answer.data == PNG and answer.mimetype == "image/png"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert kept() == (1, 1, 1)
    assert "查阅 1 次" in page.get(f"/desk/cases/{number}").text


@pytest.mark.parametrize(
    ("kind", "content", "name", "status", "message"),
    [
        ("", PNG, "a.png", 422, "请选择这是什么材料"),
        ("reply", PNG, "a.png", 422, "请选择这是什么材料"),
        ("id_proof", b"", "", 422, "请选择文件"),
        ("id_proof", b"", "a.png", 422, "空的"),
        ("id_proof", PNG, "a.pdf", 422, "内容却是 PNG"),
        ("id_proof", b"MZ\x90", "a.exe", 422, "不要上传程序"),
        ("supplement", MARKED, "a.docx", 409, "内容带有密级标志"),
        ("id_proof", samples.png(padding=10 * MB), "a.png", 422, "文件超过 10 MB"),
        (
            "id_proof",
            samples.png(padding=31 * MB),
            "a.png",
            413,
            "每个不超过 10 MB，一次合计不超过 30 MB",
        ),
    ],
    ids=["kind", "foreign", "none", "empty", "name", "type", "mark", "size", "much"],
)
def test_what_is_wrong_stands_at_the_field(
    visitor, case, kept, kind, content, name, status, message
):
    send(visitor, kind=kind, file=picked(name, content))
    assert visitor.status == status and message in visitor.alert
    assert visitor.html.count(message) == 2 and 'aria-invalid="true"' in visitor.html
    _is_well_formed(visitor.html)
    target = re.search(r'role="alert".*?href="#([^"]+)"', visitor.html, re.S)
    assert target and f'id="{target[1]}"' in visitor.html
    if status != 413 and kind in ("id_proof", "supplement"):
        assert visitor.form("/query/case/files").fields["kind"] == [kind]
    assert kept() == (0, 0, 0)


def test_a_larger_request_is_allowed_for_files_only(visitor, case, kept):
    big = samples.png(padding=3 * MB)
    send(visitor, kind="supplement", file=picked("a.png", big))
    assert "已收到补充材料" in visitor.text and kept()[0] == 1
    visitor.get("/query/case").send("/withdraw", confirm="y" * (3 * MB))
    assert visitor.status == 413 and "提交的内容太大" in visitor.text


def test_nothing_is_written_to_a_temporary_file(visitor, case, kept, monkeypatch):
    import tempfile

    def forbidden(*_, **__):
        raise AssertionError("a temporary file")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, forbidden)
    monkeypatch.setattr("werkzeug.formparser.TemporaryFile", forbidden, raising=False)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", forbidden, raising=False)
    big = samples.png(padding=MB)
    send(visitor, kind="supplement", file=picked("a.png", big))
    assert "已收到补充材料" in visitor.text and kept()[0] == 1


def test_no_file_without_number_and_code_and_token(visitor, app, case, kept):
    stranger = type(visitor)(app)
    stranger.post("/query/case/files", {"kind": "id_proof", "file": picked()})
    assert stranger.status == 400 and "页面停留太久" in stranger.text
    fields = stranger.get("/query").form("/query").fields
    stranger.post("/query/case/files", {**fields, "kind": "id_proof", "file": picked()})
    assert stranger.status == 401 and "请再填写一次编号和查询码" in stranger.alert
    visitor.post("/query/case/files", {"kind": "id_proof", "file": picked()})
    assert visitor.status == 401 and kept() == (0, 0, 0)


def test_no_more_is_taken_after_withdrawal(visitor, case, kept):
    fields = visitor.form("/query/case/files").fields
    visitor.send("/withdraw", confirm="yes")
    assert "上传身份证明" not in visitor.text
    visitor.post("/query/case/files", {**fields, "kind": "supplement", "file": picked()})
    assert visitor.status == 409 and "不能再补充材料" in visitor.alert and kept() == (0, 0, 0)


def test_the_reply_is_fetched_with_the_last_four_once_it_is_served(visitor, staff, case):
    number, _ = case
    at_desk(staff, "lifang", number, kind="reply", file=picked("答复书.pdf", PDF))
    assert "答复材料" not in visitor.get("/query/case").text
    served(staff, number)
    visitor.get("/query/case")
    assert "下载 答复书.pdf" in visitor.text
    _is_well_formed(visitor.html)
    assert "下载 答复书盘政公开答〔2024〕1号.pdf" in visitor.text
    reply = re.findall(r'name="reply" value="(\d+)"', visitor.html)[1]
    visitor.send("/query/case/reply", last_four="1234", reply=reply)
    assert visitor.status == 422 and "核对的内容不正确" in visitor.alert
    _is_well_formed(visitor.html)
    visitor.send("/query/case/reply", last_four="002x", reply="99")
    assert visitor.status == 404 and "没有这份材料" in visitor.alert
    visitor.send("/query/case/reply", last_four="002x", reply=reply)
    assert visitor.page.data == PDF
    assert visitor.page.headers["Content-Disposition"].startswith("attachment;")


def test_the_letter_is_the_same_for_whoever_fetches_it_and_each_fetching_is_noted(
    visitor, staff, case, kept
):
    number, _ = case
    served(staff, number)
    visitor.get("/query/case").send("/query/case/reply", last_four="002X", reply="0")
    first = visitor.page.data
    assert first.startswith(b"%PDF")
    visitor.get("/query/case").send("/query/case/reply", last_four="002X", reply="0")
    assert visitor.page.data == first
    assert kept()[2] == 2
    page = staff("lifang").get(f"/desk/cases/{number}")
    assert "查阅 2 次" in page.text and "申请人" in page.text
    assert visitor.get("/query/case").html.count('name="reply" value=') == 1


def test_one_message_for_every_wrong_fact(visitor, staff, case):
    number, _ = case
    served(staff, number)
    said = set()
    for wrong in ("", "1", "0000", "张三张三"):
        visitor.get("/query/case").send("/query/case/reply", last_four=wrong, reply="0")
        assert visitor.status == 422
        said.add(visitor.alert)
    assert len(said) == 1


def test_sending_and_guessing_are_slowed_down(app, visitor, case):
    app.config["RATELIMIT_ENABLED"] = True
    for _ in range(31):
        send(visitor.get("/query/case"), kind="", file=picked())
    assert visitor.status == 429
    token = visitor.get("/query/case").form("/query/case/files").fields["csrf_token"]
    for _ in range(21):
        visitor.post("/query/case/reply", {"csrf_token": token, "last_four": "1", "reply": "1"})
    assert visitor.status == 429


def test_the_limits_are_settings_of_the_installation(office):
    settings = {**load({}), "upload_megabytes": 1, "upload_files": 1}
    app = create_app(office, settings)
    app.config["RATELIMIT_ENABLED"] = False
    visitor = Visitor(app)
    file(visitor)
    visitor.get("/query/case")
    send(visitor, kind="id_proof", file=picked("a.png", samples.png(padding=MB)))
    assert visitor.status == 422 and "文件超过 1 MB" in visitor.alert
    send(visitor, kind="id_proof", file=picked())
    assert "一件申请最多上传 1 个文件" in visitor.text


# -- the desk -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "may_add", "may_open"),
    [
        ("lifang", True, True),
        ("zhaoming", True, False),
        ("chen", False, True),
        ("wangqiang", False, False),
        ("falv", False, False),
    ],
)
def test_each_role_adds_and_opens_only_its_own(
    visitor, staff, case, kept, who, may_add, may_open
):  # fmt: skip
    number, _ = case
    send(visitor, kind="id_proof", file=picked())
    page = staff(who).get(f"/desk/cases/{number}")
    assert page.status == 200
    _is_well_formed(page.html)
    assert (f'action="/desk/cases/panlong/{number}/files"' in page.html) is may_add
    assert (MASKED in page.text) is may_open and IDENTITY not in page.text
    page.get(f"/desk/cases/{number}/files/1")
    if may_open:
        assert page.page.data == PNG and kept()[2] == 1
    else:
        assert page.status == 403 and "承办科室（限本人承办的申请）" in page.text and kept()[2] == 0
    token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
    fields = {"kind": "other", "file": picked("a.pdf", PDF), "csrf_token": token}
    page.post(f"/desk/cases/{number}/files", fields)
    if may_add:
        assert page.status == 200 and "已保存其他材料“a.pdf”" in page.text and kept()[0] == 2
    else:
        assert page.status == 403 and "请经办人、承办科室办理" in page.text and kept()[0] == 1


def test_another_body_and_nobody_see_no_files(visitor, app, staff, case, kept):
    number, _ = case
    send(visitor, kind="supplement", file=picked())
    for who in ("sunli", "county"):
        page = staff(who)
        assert page.get(f"/desk/cases/{number}/files/1").status == 404
        token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
        fields = {"kind": "other", "file": picked("a.pdf", PDF), "csrf_token": token}
        assert page.post(f"/desk/cases/{number}/files", fields).status == 404
    nobody = type(visitor)(app)
    assert nobody.get(f"/desk/cases/{number}/files/1").path == "/desk/login"
    page = staff("lifang").post(f"/desk/cases/{number}/files", {"file": picked()})
    assert page.status == 400 and kept() == (1, 1, 0)


def test_too_much_is_told_to_staff_only(visitor, app, staff, case, kept):
    number, _ = case
    big = b"x" * (31 * MB)
    at_desk(staff, "lifang", number, kind="reply", file=picked("a.pdf", big))
    assert staff("lifang").status == 413 and "合计不超过 30 MB" in staff("lifang").text
    nobody = type(visitor)(app)
    nobody.post(f"/desk/cases/{number}/files", {"file": picked("a.pdf", big)})
    assert nobody.path == "/desk/login" and "养护合同" not in nobody.text and kept()[0] == 0


def test_a_mark_is_refused_at_the_desk(staff, case, kept, caplog):
    number, _ = case
    page = at_desk(staff, "lifang", number, kind="reply", file=picked("某文件.docx", MARKED))
    assert page.status == 409 and "密级标志" in page.alert and "保密法31(3)" in page.alert
    assert 'href="#files-file"' in page.html
    _is_well_formed(page.html)
    assert page.form(f"/cases/panlong/{number}/files").fields["kind"] == ["reply"]
    assert "某文件" not in page.text and "某文件" not in caplog.text and kept() == (0, 0, 0)


def test_a_reply_is_shown_with_what_it_betrays(staff, case):
    number, _ = case
    word = samples.docx("答复", author="李方")
    page = at_desk(staff, "lifang", number, kind="reply", file=picked("答复.docx", word))
    assert "送达之前请核对" in page.text and "文档属性中的作者：李方" in page.text
    _is_well_formed(page.html)


# -- the API ------------------------------------------------------------------------------------------


def call(app, path, kind="id_proof", file=None, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    data = {"kind": kind, "file": file or picked()}
    answer = app.test_client().post(f"/api/v1{path}", data=data, headers=headers)
    return answer, json.loads(answer.data)


def test_a_file_follows_an_application(app, case, kept):
    number, code = case
    answer, body = call(app, f"/applications/{number}/files?query_code={code}")
    assert answer.status_code == 201
    assert body == {
        "id": 1, "name": IDENTITY, "size": len(PNG), "sha256": hashlib.sha256(PNG).hexdigest(),
        "warnings": [],
    }  # fmt: skip
    again, same = call(app, f"/applications/{number}/files?query_code={code}")
    assert again.status_code == 201 and same == body and kept() == (1, 1, 0)


def test_wrong_number_and_wrong_code_get_the_same_404(app, case, kept):
    number, code = case
    first, said = call(app, f"/applications/{number}/files?query_code=AAAAAAAAAA")
    second, same = call(app, f"/applications/2024-9999/files?query_code={code}")
    third, none = call(app, f"/applications/{number}/files")
    assert first.status_code == second.status_code == third.status_code == 404
    assert said == same == none and kept() == (0, 0, 0)


def test_problems_are_told_with_field_or_rule(app, case, kept):
    number, code = case
    path = f"/applications/{number}/files?query_code={code}"
    answer, body = call(app, path, kind="reply", file=picked("a.txt", b"text"))
    assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
    assert [error["field"] for error in body["errors"]] == ["kind", "file"]
    answer, body = call(app, path, file=picked("a.docx", MARKED))
    assert answer.status_code == 409
    assert (body["rule"], body["article"]) == ("state_secret_content", "保密法31(3)")
    answer, body = call(app, path, file=picked("a.png", b"x" * (31 * MB)))
    assert answer.status_code == 413 and kept() == (0, 0, 0)


def test_staff_list_and_open_files_with_their_token(app, office, case, kept):
    number, code = case
    call(app, f"/applications/{number}/files?query_code={code}")
    client = app.test_client()
    path = f"/api/v1/cases/{number}/files"
    assert client.get(path).status_code == 401
    tokens = {who: Accounts(office).create_token(who) for who in ("lifang", "falv", "sunli")}

    def get(who, path):
        return client.get(path, headers={"Authorization": f"Bearer {tokens[who]}"})

    assert get("sunli", path).status_code == get("sunli", f"{path}/1").status_code == 404
    (listed,) = json.loads(get("falv", path).data)["files"]
    assert listed["name"] is None and listed["kind"] == "id_proof"
    assert get("falv", f"{path}/1").status_code == 403 and kept()[2] == 0
    assert get("lifang", f"{path}/1").data == PNG and kept()[2] == 1
    (listed,) = json.loads(get("lifang", path).data)["files"]
    assert listed["name"] == IDENTITY and listed["views"][0]["by"] == "lifang"
    answer, body = call(app, f"/cases/{number}/files", "reply", picked("答复.pdf", PDF), tokens["lifang"])  # fmt: skip
    assert answer.status_code == 201 and body["warnings"] == []
    answer, body = call(app, f"/cases/{number}/files", "reply", None, tokens["falv"])
    assert answer.status_code == 403 and body["rule"] == "not_your_role"
