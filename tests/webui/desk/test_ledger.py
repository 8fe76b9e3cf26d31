"""The page of ledgers: a table taken in step by step, a year written out."""

import csv as reader
import io
from datetime import timedelta
from io import BytesIO

import pytest

from tests.webui.filing import file
from tests.workflow.docket.ledger.books import csv, xlsx
from workflow.service.docket import ledgers
from workflow.store.ledger_models import LedgerImportRow

PAGE = "/desk/ledger"
HEAD = "编号,收到日期,申请人,事情,答复日期,答复类型"
LINES = (
    HEAD, "2023-0001,2023-03-01,张三,低保名单,2023-03-20,予以公开", "2023-0002,2023-03-02,李**,<b>补偿</b>,2023-03-21,信息不存在",
)  # fmt: skip


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A machine may be slow for a moment: pages wait until the run has ended."""
    monkeypatch.setattr(ledgers, "AT_ONCE", 60.0)


@pytest.fixture
def clerk(staff):
    return staff("lifang")


def upload(page, data, name="2023年台账.csv"):
    return page.get(PAGE).send(PAGE, file=(BytesIO(data), name))


def which(page):
    return page.path.removeprefix(PAGE + "/")


def checked(page, data=None, **mapping):
    upload(page, data or csv(*LINES))
    return page.send("/check", **{"column__3": "request", **mapping})


def test_a_table_goes_its_way_from_upload_to_cases(clerk, counted):
    page = upload(clerk, csv(*LINES))
    assert page.status == 200 and "各栏是什么" in page.text
    assert "按栏目名称填好了" in page.text and "低保名单 / <b>补偿</b>" in page.text
    form = page.form("/check")
    assert form.fields["column-0"] == ["number"] and form.fields["column-3"] == [""]
    page = page.send("/check", column__3="request")
    assert "可以导入 2 件申请" in page.text and "2023 年 2 件" in page.text
    assert "予以公开 1 件、信息不存在 1 件" in page.text
    assert "第 3 行" in page.text and "申请人姓名是隐去的" in page.text
    assert counted() == 0
    page = page.send("/take-in")
    assert "已导入 2 件申请" in page.text and counted() == 2
    case = clerk.get("/desk/cases/2023-0001")
    assert (
        case.status == 200
        and "从台账导入：2023年台账.csv第 2 行" in case.text
        and "补记" in case.text
    )


def test_the_same_file_again_says_row_by_row_that_it_is_there(clerk, counted):
    checked(clerk).send("/take-in")
    page = upload(clerk, csv(*LINES))
    assert "按上一次导入同样表头的文件时的选择填好了" in page.text
    assert page.form("/check").fields["column-3"] == ["request"]
    page = page.send("/check")
    assert "没有可以导入的行：2 行的编号都已经登记过" in page.text
    assert "编号 2023-0001 已经登记过，这一行没有再导入" in page.text and counted() == 2
    assert "/take-in" not in page.html


def test_errors_name_row_and_column_and_nothing_can_be_taken_in(clerk, counted):
    page = checked(clerk, csv(*LINES, "2023-0003,2023-02-30,王五,<script>,,"))
    assert "有 1 处错误，不能导入" in page.text
    assert (
        "第 4 行" in page.text
        and "B 收到日期" in page.text
        and "没有“2023-02-30”这一天" in page.text
    )
    assert "/take-in" not in page.html and "<script>,," not in page.html
    page = page.post(f"{PAGE}/{which(page)}/take-in", token(page))
    assert page.status == 409 and "还没有检查，或者检查出了错误" in page.text and counted() == 0


def token(page):
    return {"csrf_token": page.form("/check").fields["csrf_token"][0]}


def test_a_wrong_choice_of_columns_comes_back_with_what_was_chosen(clerk):
    page = upload(clerk, csv(*LINES))
    page = page.send("/check", column__0="", column__3="request")
    assert page.status == 422 and "没有一栏对应“申请编号”" in page.alert
    fields = page.form("/check").fields
    assert (fields["column-0"], fields["column-3"]) == ([""], ["request"])


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "a.xlsx", "文件是空的"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "a.xls", "旧版 Excel"),
        (csv("a,b", "1,2"), "a.csv", "没有找到表头"), (b"", "", "请选择台账文件"),
    ],
)  # fmt: skip
def test_files_that_are_no_ledger_say_so_at_the_field(clerk, data, name, said):
    page = upload(clerk, data, name)
    assert page.status == 422 and said in page.alert and said in page.html.split('id="file-err"')[1]


def test_a_file_is_given_up(clerk, office):
    page = checked(clerk)
    number = which(page)
    page = page.send("/give-up")
    assert page.path == PAGE and "没有导入，也不再保存" in page.text
    with office.store.read() as unit:
        row = unit.session.get(LedgerImportRow, int(number))
        assert (row.content, row.state) == (None, "given_up")
    assert "也不再保存" in clerk.get(f"{PAGE}/{number}").text


def test_a_file_that_nobody_goes_on_with_is_forgotten(staff, today):
    number = which(upload(staff("lifang"), csv(*LINES)))
    today.moment += timedelta(days=ledgers.KEPT_DAYS)
    head = staff("chen")  # who signs in then
    other = which(upload(head, csv(*LINES)))
    assert "各栏是什么" in head.get(f"{PAGE}/{number}").text
    today.moment += timedelta(minutes=1)
    upload(head, csv(*LINES))
    assert "也不再保存" in head.get(f"{PAGE}/{number}").text and "低保名单" not in head.html
    assert "各栏是什么" in head.get(f"{PAGE}/{other}").text


def test_what_lies_between_the_steps_is_sealed(clerk, office):
    page = upload(clerk, csv(*LINES), "张三的台账.csv")
    with office.store.read() as unit:
        row = unit.session.get(LedgerImportRow, int(which(page)))
        for sealed in (row.content, row.told):
            assert "张三".encode() not in sealed and "低保".encode() not in sealed


def test_a_run_tells_how_far_it_is_and_one_that_was_cut_off_says_so(
    clerk, office, today, monkeypatch
):
    upload(clerk, csv(*LINES))
    monkeypatch.setattr(ledgers.Ledgers, "_beside", lambda self, which, *, write: None)
    page = clerk.send("/check", column__3="request")
    assert "正在核对" in page.text and "0 / 2 行" in page.text
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page.html
    assert 'data-going="2"' in page.html
    page = page.post(
        f"{PAGE}/{which(page)}/check",
        {**form_token(clerk), "column-0": "number", "column-1": "received_on"},
    )
    assert page.status == 409 and "正在处理这份台账" in page.text
    today.moment += ledgers.CUT_OFF * 2
    page = clerk.get(page.path.removesuffix("/check"))
    assert "上一次处理中断了，没有写入任何内容" in page.text and "refresh" not in page.html
    monkeypatch.undo()
    assert "可以导入 2 件申请" in page.send("/check").text


def form_token(page):
    body = page.client.get(PAGE).get_data(as_text=True)
    return {"csrf_token": body.split('name="csrf_token" value="')[1].split('"')[0]}


def test_only_those_whose_work_it_is_see_it(staff, visitor):
    for name in ("zhaoming", "guanli", "wangqiang"):
        assert staff(name).get(PAGE).status == 403
    number = which(upload(staff("lifang"), csv(*LINES)))
    assert staff("sunli").get(f"{PAGE}/{number}").status == 404
    assert staff("chen").get(f"{PAGE}/{number}").status == 200
    assert visitor.get(PAGE).path == "/desk/login"
    assert staff("lifang").get(f"{PAGE}?at=jiangna").status == 404
    assert staff("lifang").get(f"{PAGE}/999").status == 404


def test_a_year_is_written_out_as_excel_and_csv(clerk, staff, visitor):
    number, _ = file(visitor)
    page = clerk.get(PAGE)
    assert "导出 Excel" in page.text and "用时（工作日）" in page.text
    found = clerk.get(f"{PAGE}/file/csv?year=2024").page
    assert found.headers["Content-Disposition"].startswith("attachment")
    header, line = reader.reader(io.StringIO(found.get_data().decode("utf-8-sig")))
    assert line[header.index("申请编号")] == number
    assert clerk.get(f"{PAGE}/file/xlsx?year=2024").page.data.startswith(b"PK")
    for wrong in ("file/pdf?year=2024", "file/csv", "file/csv?year=1999", "file/csv?year=x"):
        assert clerk.get(f"{PAGE}/{wrong}").status == 404
    assert staff("zhaoming").get(f"{PAGE}/file/csv?year=2024").status == 403


def test_what_was_taken_in_is_listed(clerk):
    checked(clerk).send("/take-in")
    upload(clerk, xlsx([HEAD.split(","), LINES[1].split(",")]), "又一份.xlsx")
    page = clerk.get(PAGE)
    assert "2023年台账.csv" in page.text and "已导入 2 件" in page.text
    assert "又一份.xlsx" in page.text and "已读入，还没有核对" in page.text
