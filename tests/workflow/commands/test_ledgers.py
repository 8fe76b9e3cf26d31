"""`gongkai import-ledger` and `export-ledger`: DESIGN's row, its exit codes, its words."""

import json

import openpyxl

from tests.workflow.commands.calling import INIT
from tests.workflow.docket.ledger.books import csv

HEAD = "编号,收到日期,申请人,申请内容,答复日期,答复类型"
LINES = (
    HEAD,
    "2023-0001,2023-03-01,张三,低保名单,2023-03-20,予以公开",
    "2023-0002,2023-03-02,李四,补偿明细,,",
)
WRONG = "2023-0003,2023-02-30,王五,甲,,"


def written(tmp_path, *lines):
    path = tmp_path / "台账.csv"
    path.write_bytes(csv(*lines))
    return str(path)


def take_in(run, path, *more):
    done = run("import-ledger", path, "--agency", "panlong", "--json", *more)
    return done.exit_code, json.loads(done.stdout)


def test_rows_created_and_errors_are_told_as_json(run, tmp_path):
    run(*INIT)
    path = written(tmp_path, *LINES)
    code, told = take_in(run, path, "--dry-run")
    assert (code, told["rows"], told["created"], told["would_create"], told["errors"]) == (
        0,
        2,
        0,
        2,
        [],
    )
    code, told = take_in(run, path)
    assert (code, told["rows"], told["created"], told["errors"]) == (0, 2, 2, [])
    code, told = take_in(run, path)
    assert (code, told["created"], [one["row"] for one in told["errors"]]) == (1, 0, [2, 3])
    assert "已经登记过" in told["errors"][0]["message"]


def test_an_error_keeps_everything_out_and_names_row_and_column(run, tmp_path):
    run(*INIT)
    code, told = take_in(run, written(tmp_path, *LINES, WRONG))
    assert (code, told["rows"], told["created"]) == (1, 3, 0)
    assert told["errors"] == [
        {"row": 4, "column": "B 收到日期", "message": "没有“2023-02-30”这一天"}
    ]


def test_the_same_in_words(run, tmp_path):
    run(*INIT)
    done = run("import-ledger", written(tmp_path, *LINES, WRONG), "--agency", "panlong")
    assert done.exit_code == 1
    assert "错误　第 4 行 B 收到日期：没有“2023-02-30”这一天" in done.stdout
    assert "共 3 行，有 1 处错误，没有导入任何一行" in done.stdout
    done = run("import-ledger", written(tmp_path, *LINES), "--agency", "panlong", "--dry-run")
    assert (done.exit_code, "可以导入 2 件（2023 年 2 件）" in done.stdout) == (0, True)
    done = run("import-ledger", written(tmp_path, *LINES), "--agency", "panlong")
    assert (done.exit_code, "已导入 2 件" in done.stdout, "已检查 2 / 2 行" in done.stderr) == (
        0,
        True,
        True,
    )


def test_what_cannot_be_read_ends_with_two(run, tmp_path):
    run(*INIT)
    done = run("import-ledger", str(tmp_path / "none.xlsx"), "--agency", "panlong")
    assert (done.exit_code, "无法读取" in done.output) == (2, True)
    done = run("import-ledger", written(tmp_path, "a,b", "1,2"), "--agency", "panlong")
    assert (done.exit_code, "没有找到表头" in done.output) == (2, True)
    done = run("import-ledger", written(tmp_path, *LINES), "--agency", "nowhere")
    assert (done.exit_code, "没有代码为“nowhere”的机关" in done.output) == (1, True)


def test_a_year_is_written_out_and_comes_back(run, tmp_path):
    run(*INIT)
    take_in(run, written(tmp_path, *LINES))
    out = tmp_path / "out.xlsx"
    done = run("export-ledger", "--agency", "panlong", "--year", "2023", "-o", str(out))
    assert (done.exit_code, done.output) == (0, f"已写入 {out}：2 件\n")
    page = openpyxl.load_workbook(out).active
    assert page.cell(1, 1).value == "盘龙彝族乡人民政府 2023 年政府信息公开申请台账"
    assert [page.cell(row, 2).value for row in (2, 3, 4)] == ["申请编号", "2023-0001", "2023-0002"]
    done = run(
        "export-ledger", "--agency", "panlong", "--year", "2023", "-o", str(tmp_path / "out.csv")
    )
    assert done.exit_code == 0 and (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    told = json.loads((tmp_path / "out.csv-metadata.json").read_bytes())
    assert told["url"] == "out.csv" and len(told["tableSchema"]["columns"]) == page.max_column


def test_what_cannot_be_written_ends_with_its_code(run, tmp_path):
    run(*INIT)
    told = ("export-ledger", "--year", "2023", "--agency")
    assert run(*told, "panlong", "-o", str(tmp_path / "a.pdf")).exit_code == 2
    assert run(*told, "panlong", "-o", str(tmp_path / "no" / "a.csv")).exit_code == 2
    assert run(*told, "nowhere", "-o", str(tmp_path / "a.csv")).exit_code == 1
