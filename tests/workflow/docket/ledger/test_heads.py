"""Heads of any office's ledger: titles above, two rows, merged cells, other words; totals and notes below."""

from datetime import date

import pytest

from config.ledger import load_ledger
from tests.workflow.docket.ledger.books import csv, sheet, xlsx
from workflow.docket.ledger import heads
from workflow.docket.ledger.book import sheets_of
from workflow.docket.ledger.heads import found, found_in, likeness, lines_of, plain, recognised

TABLE = load_ledger()
HEAD = ["序号", "编号", "收到日期", "申请人", "申请内容"]


def names(*texts: str) -> dict[int, str]:
    return recognised([tuple(text.split("|")) for text in texts], TABLE)


def test_our_own_heads_are_recognised_each_as_itself() -> None:
    columns = [column for column in TABLE.columns.values()]
    assert names(*(column.head for column in columns)) == {
        place: column.name for place, column in enumerate(columns)
    }


def test_every_other_word_leads_to_its_column_alone() -> None:
    for column in TABLE.columns.values():
        for head in column.also:
            assert names(head) == {0: column.name}, head


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("受 理\n编 号", "number"), ("收到日期*", "received_on"), ("收到申请时间（年月日）", "received_on"), ("联系方式(脱敏)", "contact"),
        ("申请人姓名（或名称）", "applicant"), ("用时(工作日)", "used_days"), ("ＥＭＳ单号", "tracking"), ("延期信息|批准", "extension_on"),
        ("申请人基本情况|联系电话", "contact"), ("补正情况|发出", "correction_sent"), ("答复情况|答复日期", "answered_on"),
        ("征求第三方意见|第三方意见", "party_opinion"), ("行政复议|结果", "review_result"), ("申请公开的信息内容", "request"),
    ],
)  # fmt: skip
def test_heads_as_offices_write_them(head: str, name: str) -> None:
    assert names(head) == {0: name}


@pytest.mark.parametrize("head", ["", "甲", "天气", "本月累计完成情况及下月打算", "x" * 200])
def test_what_is_no_head_of_ours_is_none(head: str) -> None:
    assert names(head) == {}


def test_a_column_is_given_once_to_the_surest_head() -> None:
    assert names("申请时间", "提交日期") == {1: "submitted_on"}
    assert names("登记时间", "收到日期", "申请时间") == {1: "received_on", 2: "submitted_on"}


def test_likeness_is_of_pairs() -> None:
    assert likeness("收到日期", "收到日期") == 1.0
    assert likeness("收到日期", "收到日子") == pytest.approx(2 / 3)
    assert likeness("甲", "乙") == likeness("", "x") == 0.0


def test_plain_heads_have_no_blanks_nor_signs() -> None:
    assert plain(" 收到\n日期（※） ") == "收到日期"


# -- where the head stands ------------------------------------------------------------------------------


def test_titles_and_makers_above_are_passed_over() -> None:
    it = found(sheet(["2023年依申请公开台账"], ["填报单位：党政办"], HEAD, ["1", "2023-1"]), TABLE)
    assert it is not None
    assert (it.first, it.year, len(it.mapping)) == (3, 2023, 5)
    assert [(head.letters, head.text) for head in it.heads[:2]] == [("A", "序号"), ("B", "编号")]


def test_two_rows_with_merged_cells() -> None:
    rows = [
        ["序号", "编号", "收到日期", "补正情况", None, "答复", None, "备注"],
        [None, None, None, "发出", "收到", "日期", "类型", None],
        [1, "2023-1", date(2023, 3, 1), None, None, date(2023, 3, 9), "予以公开", None],
    ]
    merged = ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1", "H1:H2"]
    (it,) = found_in(sheets_of(xlsx(rows, "2023年", merged)), TABLE)
    assert it.first == 2
    assert it.mapping == {
        0: "place", 1: "number", 2: "received_on", 3: "correction_sent", 4: "correction_got",
        5: "answered_on", 6: "outcome", 7: "remark",
    }  # fmt: skip
    assert [head.text for head in it.heads][3:5] == ["补正情况 发出", "补正情况 收到"]


def test_two_rows_of_a_csv_where_nothing_is_merged() -> None:
    data = csv(
        "编号,收到日期,补正,,,答复日期",
        ",,发出,期限,收到,",
        "2023-1,2023-3-1,2023-3-3,2023-3-20,2023-3-9,2023-4-1",
    )
    (it,) = found_in(sheets_of(data), TABLE)
    assert it.first == 2
    assert [it.mapping[column] for column in (2, 3, 4)] == [
        "correction_sent", "correction_due", "correction_got"
    ]  # fmt: skip


def test_a_first_row_of_short_texts_is_no_second_row_of_heads() -> None:
    it = found(sheet(["编号", "申请人", "渠道"], ["〔2023〕1号", "张三", "网上"]), TABLE)
    assert it is not None and it.first == 1


def test_a_sheet_without_a_head_is_none() -> None:
    assert found(sheet(["天气", "晴"], ["1", "2"]), TABLE) is None
    assert found_in([sheet(["x"])], TABLE) == []


@pytest.mark.parametrize(
    ("name", "title", "year"),
    [
        ("2023年", "台账", 2023),
        ("Sheet1", "二〇二三", None),
        ("2023", "2023年度", 2023),
        ("2022", "2023年", None),
        ("Sheet1", "台账", None),
    ],
)
def test_the_year_of_a_sheet_is_told_once(name: str, title: str, year: int | None) -> None:
    it = found(sheet([title], HEAD, name=name), TABLE)
    assert it is not None and it.year == year


def test_sheets_with_the_same_heads_are_one_ledger() -> None:
    sheets = [
        sheet(HEAD, ["1", "2022-1"], name="2022"), sheet(["说明"], name="填表说明"),
        sheet(HEAD, ["1", "2023-1"], ["2", "2023-2"], name="2023"), sheet(["编号", "渠道"], ["2021-1"], name="旧"),
    ]  # fmt: skip
    assert [one.sheet.name for one in found_in(sheets, TABLE)] == ["2022", "2023"]


# -- the rows below -------------------------------------------------------------------------------------


def rows_of(*rows: list[heads.Value], merged: object = ()) -> list[int]:
    it = found(sheet(HEAD, *rows, merged=merged), TABLE)
    assert it is not None
    return [line.number for line in lines_of(it, it.mapping)]


def test_empty_rows_totals_notes_and_repeated_heads_are_no_requests() -> None:
    one: list[heads.Value] = [1.0, "2023-1", "2023.3.1", "张三", "低保名单"]
    assert rows_of(
        one, [2.0], [None, "合计", None, None, "1件"], ["小计", "3"], [*HEAD], ["注：由党政办填写"],
        ["填表人：李芳", None, None, "审核人：王强"], one, [None, None, None, None, "二〇二三年下半年"],
    ) == [2, 9, 10]  # fmt: skip


def test_a_cell_merged_down_holds_for_each_row() -> None:
    it = found(
        sheet(HEAD, ["1", "2023-1", "3", "张三", "甲"], ["2", "2023-2", "3", None, "乙"], merged=[(1, 3, 2, 3)]),
        TABLE,
    )  # fmt: skip
    assert it is not None
    assert [line.values["applicant"] for line in lines_of(it, it.mapping)] == ["张三", "张三"]


def test_columns_that_are_none_of_ours_are_kept_by_their_heads() -> None:
    it = found(sheet([*HEAD, "天气"], ["1", "2023-1", "3", "张三", "甲", "晴"], name="2023"), TABLE)
    assert it is not None
    (line,) = lines_of(it, it.mapping)
    assert line.unused == {"天气": "晴"}
    assert (line.sheet, line.year) == ("2023", 2023)
    (line,) = lines_of(it, {1: "number"})
    assert set(line.unused) == {"序号", "收到日期", "申请人", "申请内容", "天气"}


def test_a_head_begins_within_the_first_rows_and_may_hold_numbers() -> None:
    words = [["说明"] for _ in range(heads.HEADS_WITHIN + heads.HEAD_ROWS - 1)]
    assert found(sheet(*words, HEAD), TABLE) is None
    it = found(sheet(*words[heads.HEAD_ROWS :], [*HEAD, 2024.0]), TABLE)
    assert it is not None and it.first == heads.HEADS_WITHIN


def test_a_group_over_the_first_columns_is_spread_as_well() -> None:
    it = found(sheet(["补正", None, None, "编号"], ["发出", "期限", "收到", None]), TABLE)
    assert it is not None
    assert list(it.mapping.values()) == [
        "correction_sent",
        "correction_due",
        "correction_got",
        "number",
    ]


def test_a_group_ends_where_the_next_head_has_no_row_below() -> None:
    it = found(sheet(["补正", None, "编号", None], ["发出", "收到", None, "备注"]), TABLE)
    assert it is not None
    assert it.mapping == {0: "correction_sent", 1: "correction_got", 2: "number", 3: "remark"}


def test_only_titles_tell_the_year() -> None:
    it = found(sheet(["编号", "申请人", "2023年"], ["1", "张三"]), TABLE)
    assert it is not None and it.year is None
    it = found(sheet(["2023年", "甲", "乙"], ["编号", "申请人", "渠道"]), TABLE)
    assert it is not None and it.year == 2023
    it = found(sheet(["2023年", "甲", "乙", "丙"], ["编号", "申请人", "渠道"]), TABLE)
    assert it is not None and it.year is None


def test_an_area_merged_over_columns_fills_nothing_down() -> None:
    merged = [(0, 0, 0, 0), (1, 2, 2, 3), (1, 4, 2, 4)]
    it = found(
        sheet(HEAD, ["1", "2023-1", "3", None, "甲"], ["2", "2023-2", None, "李四", None], merged=merged), TABLE
    )  # fmt: skip
    assert it is not None
    last = lines_of(it, it.mapping)[-1].values
    assert (last["received_on"], last["applicant"], last["request"]) == (None, "李四", "甲")


def test_a_row_that_is_only_numbered_ahead_is_no_request() -> None:
    it = found(
        sheet(
            [*HEAD, "天气"],
            ["1", "2023-1", "3", "张三", "甲", "晴"],
            [2.0, None, None, None, None, "晴"],
        ),
        TABLE,
    )
    assert it is not None and len(lines_of(it, it.mapping)) == 1


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (["总计", "5", "6"], False), (["合 计"], False), (["注"], False), (["备注：无", "x"], False), (["备注", "x", "y"], True),
        (["1", "2023-1"], True), ([None, "2023-1"], True), ([None, None, "2023.3.1"], False), (["序号", "编号", "其他"], False),
        (["序号", "2023-1", "2023.3.1", "张三"], True), (["说明：本表", "x"], False),
    ],
)  # fmt: skip
def test_which_rows_are_requests(row: list[heads.Value], counts: bool) -> None:
    assert (rows_of(row) == [2]) == counts


def test_two_heads_have_one_key_where_they_differ_in_signs_alone() -> None:
    one, other = (found(sheet(head), TABLE) for head in (HEAD, [f" {text}\n" for text in HEAD]))
    assert one is not None and other is not None and one.key() == other.key()
    third = found(sheet([*HEAD, "渠道"]), TABLE)
    assert third is not None and third.key() != one.key()
