"""Tables are found however they stand: heads lost, headings alone in their rows, numbers in a later row."""

import pytest

from config.law import load_law
from workflow.report.reading.numbers import number
from workflow.report.reading.paper import Block, Grid, placed
from workflow.report.reading.placing import likeness
from workflow.report.reading.tables import Found, find_tables

FORMATS = load_law().formats
HEADS3 = "|自然人|商业企业|科研机构|社会公益组织|法律服务机构|其他|总计"
HEADS4 = "|".join(list(FORMATS.cells.values()) * 3)
FIFTEEN = [str(number) for number in range(1, 16)]
OLD5 = "信息内容|上一年项目数量|本年增/减|处理决定数量"
NEW5 = "信息内容|本年处理决定数量"


def grid(*rows: str, wide: int = 1) -> Grid:
    """Rows whose cells are parted by strokes. wide: columns that the first cell of a row covers."""
    return placed(
        [
            [(text, wide if place == 0 else 1, 1) for place, text in enumerate(row.split("|"))]
            for row in rows
        ]
    )


def found(*blocks: Block) -> Found:
    return find_tables(blocks, FORMATS)


def messages(of: Found, where: str = "") -> list[str]:
    """What was odd, but for what is missing."""
    return [
        one.message for one in of.oddities if one.kind != "missing" and one.where.startswith(where)
    ]


def numbers2(of: Found, item: str) -> list[object]:
    assert of.table2 is not None
    return list(of.table2[item].values())


# -- table 二 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["第二十条 第(五)项", "第二十条第（五）项"])
def test_the_title_of_a_block_may_stand_above_its_table(title):
    above = found(title, grid(OLD5, "行政许可|1|2|3"))
    inside = found(grid(title, OLD5, "行政许可|1|2|3"))
    for one in (above, inside):
        assert numbers2(one, "permits") == [1, 2, 3]
        assert (one.table2_format, one.lines, messages(one)) == ("2019", [], [])


def test_a_row_of_three_cells_is_no_title_of_a_block():
    one = found(grid("第二十条第(五)项|见|附件"))
    assert one.lines == ["第二十条第(五)项 见 附件"]


def test_a_block_without_its_title_is_known_by_its_items():
    one = found(grid(NEW5, "行政处罚|5", "行政强制|0", "行政许可|7"))
    assert [numbers2(one, item) for item in ("penalties", "compulsory_measures", "permits")] == [
        [5], [0], [7]
    ]  # fmt: skip
    assert messages(one) == []


def test_an_item_under_heads_of_another_number_of_columns_is_not_read():
    one = found(grid("第二十条第(九)项", "信息内容|采购项目数量|采购总金额", "行政许可|1|2"))
    assert one.table2 is None
    assert messages(one) == ["找不到这一行的表头，没有读入"]


def test_the_title_says_which_block_where_the_heads_are_the_same():
    both = found(grid("第二十条第(六)项", OLD5, "行政处罚|1|2|3", "行政强制|4|5|6"))
    assert numbers2(both, "penalties") == [1, 2, 3]
    assert numbers2(both, "compulsory_measures") == [4, 5, 6]
    assert {one.where for one in both.oddities if one.kind == "missing"} >= {"表二“行政许可”行"}


def test_an_item_without_any_heads_is_told_and_not_read():
    one = found(grid("第二十条第(五)项", "行政许可|1|2|3"))
    assert one.table2 is None
    assert messages(one, "表二“行政许可”") == ["找不到这一行的表头，没有读入"]


def test_heads_of_no_block_are_told_and_what_is_below_is_not_read():
    one = found(grid("第二十条第(五)项", "信息内容|甲|乙|丙", "行政许可|1|2|3"))
    assert one.table2 is None
    assert messages(one, "表二第二十条第(五)项") == ["表头无法识别，没有读入"]
    assert messages(found(grid("信息内容|甲|乙|丙"))) == ["表头无法识别，没有读入"]
    behind = grid(OLD5, "行政许可|1|2|3", "信息内容|甲|乙|丙", "其他对外管理服务事项|4|5|6")
    assert numbers2(found("第二十条第(五)项", behind), "other_services") == [None, None, None]


def test_heads_that_stand_under_the_title_of_another_block_are_none():
    one = found(grid("第二十条第(九)项", OLD5, "行政许可|1|2|3"))
    assert one.table2 is None
    assert messages(one, "表二第二十条第(九)项") == ["表头无法识别，没有读入"]


def test_more_numbers_than_heads_are_told_and_not_read():
    one = found(grid("第二十条第(五)项", NEW5, "行政许可|1|2"))
    assert one.table2 is None
    assert messages(one) == ["数字比表头多，没有读入"]


def test_numbers_in_other_columns_than_the_heads_are_read_in_their_order():
    rows = placed(
        [
            [(text, 1, 1) for text in OLD5.split("|")],
            [("行政许可", 6, 1), ("4", 1, 1), ("5", 1, 1)],
        ]
    )
    assert numbers2(found("第二十条第(五)项", rows), "permits") == [4, 5, None]


@pytest.mark.parametrize("note", ["（县级无此项）", "(含行政确认)", "（件） "])
def test_a_note_behind_a_label_does_not_hide_its_row(note):
    one = found(grid("第二十条第(五)项", OLD5, f"行政许可{note}|1|2|3"))
    assert numbers2(one, "permits") == [1, 2, 3]
    assert [message[:3] for message in messages(one)] == ["印的是"]
    assert found(grid("第二十条第(五)项", OLD5, f"不是许可{note}|1|2|3")).table2 is None


def test_of_an_item_that_stands_twice_the_first_row_counts():
    assert numbers2(
        found(grid("第二十条第(五)项", NEW5, "行政许可|4", "行政许可|5")), "permits"
    ) == [4]


def test_an_item_outside_of_table_2_is_a_text():
    one = found(grid("行政许可|12"))
    assert (one.table2, one.lines) == (None, ["行政许可 12"])


def test_an_item_alone_in_its_row_is_a_row_without_numbers():
    one = found(grid("第二十条第(五)项", OLD5, "行政许可"))
    assert numbers2(one, "permits") == [None, None, None]


def test_blocks_of_two_formats_are_told_and_the_format_of_most_rows_is_read():
    one = found(
        grid("第二十条第(五)项", OLD5, "行政许可|1|2|3", "其他对外管理服务事项|4|5|6"),
        grid("第二十条第(六)项", NEW5, "行政处罚|9"),
    )
    assert one.table2_format == "2019"
    assert numbers2(one, "other_services") == [4, 5, 6]
    assert one.table2 is not None and "penalties" not in one.table2
    assert messages(one, "表二") == ["一部分是 2019 年格式，一部分是 2021 年格式"]


def test_a_beginning_of_a_head_is_the_head_and_told():
    one = found(grid("第二十条第(八)项", "信息内容|上一年项目|本年增/减", "行政事业性收费|1|2"))
    assert numbers2(one, "charges") == [1, 2]
    assert messages(one) == ["印的是“上一年项目”，应为“上一年项目数量”"]


# -- table 三 ------------------------------------------------------------------------------------------


def row3(label: str, first: int = 1) -> str:
    return "|".join([label, *(str(first + place) for place in range(7))])


def test_a_heading_alone_in_its_row_is_no_text_and_its_numbers_stand_below():
    one = found(
        grid(
            HEADS3,
            "三、本年度办理结果",
            "(三)不予公开||",
            row3("1.属于国家秘密"),
            "(六)其他处理",
            row3("3.其他", 11),
        )
    )
    assert one.lines == [] and messages(one) == []
    assert one.table3 is not None and one.format == "2021"
    assert list(one.table3["refused_state_secret"].values()) == [1, 2, 3, 4, 5, 6, 7]
    assert list(one.table3["other_misc"].values()) == [11, 12, 13, 14, 15, 16, 17]


def test_a_heading_with_words_behind_it_is_a_text():
    assert found(grid("三、本年度办理结果|见附件")).lines == ["三、本年度办理结果 见附件"]
    assert found(grid("见附件|三、本年度办理结果")).lines == ["见附件 三、本年度办理结果"]


def test_a_label_alone_outside_of_table_3_is_a_text():
    one = found(grid("重复申请"))
    assert (one.table3, one.lines) == (None, ["重复申请"])


def test_a_row_of_table_3_without_numbers_is_a_row_of_blanks():
    one = found(grid(HEADS3, "2.重复申请", row3("(七)总计")))
    assert one.table3 is not None
    assert set(one.table3["not_processed_repeat"].values()) == {None}
    assert ("missing", "表三“2.重复申请”行") not in {(o.kind, o.where) for o in one.oddities}
    assert one.lines == []


def test_a_row_of_table_3_without_heads_is_read_in_the_order_of_its_columns():
    one = found(grid(row3("2.重复申请")))
    assert one.table3 is not None
    assert list(one.table3["not_processed_repeat"].values()) == [1, 2, 3, 4, 5, 6, 7]


def test_a_row_that_stands_twice_is_told_where_its_numbers_differ():
    same = found(grid(HEADS3, row3("2.重复申请"), row3("2.重复申请")))
    assert messages(same) == []
    other = found(grid(HEADS3, row3("2.重复申请"), row3("2.重复申请", 5)))
    assert messages(other, "表三“2.重复申请”行") == ["出现了两次，数字不同；只读了前一次"]
    assert other.table3 is not None
    assert other.table3["not_processed_repeat"]["natural_person"] == 1


def test_more_numbers_than_columns_are_told_and_not_read():
    one = found(grid(HEADS3, row3("2.重复申请") + "|8|9"))
    assert messages(one) == ["数字比列多，没有读入"]


def test_the_old_row_beside_the_new_ones_is_told():
    one = found(grid(HEADS3, row3("(六)其他处理"), row3("2.重复申请"), row3("3.其他")))
    assert one.format == "2021"
    assert messages(one, "表三“(六)其他处理”行") == ["新旧两种写法同时出现，只读了分开的三行"]


# -- table 四 ------------------------------------------------------------------------------------------


def table4(*rows: str) -> Found:
    """Heads of table 四 and what stands below."""
    heads = "行政复议|||||行政诉讼|||||||||", "|||||未经复议直接起诉|||||复议后起诉||||"
    return found(grid(*heads, HEADS4, *rows))


def numbers4(of: Found) -> list[object]:
    assert of.table4 is not None
    return [value for block in of.table4.values() for value in block.values()]


def test_numbers_of_table_4_may_come_after_a_row_of_words():
    one = table4("单位：件", "|".join(FIFTEEN))
    assert numbers4(one) == list(range(1, 16))
    assert one.lines == ["单位：件"]


def test_numbers_of_table_4_may_have_a_label_before_them():
    one = found(grid("案件|" + HEADS4, "件数|" + "|".join(FIFTEEN)))
    assert numbers4(one) == list(range(1, 16))
    shifted = found(grid("|" + HEADS4, "件数|" + "|".join(["", *FIFTEEN[1:]])))
    assert numbers4(shifted) == [None, *range(2, 16)]


def test_only_the_first_row_of_numbers_of_table_4_is_read():
    one = table4("|".join(FIFTEEN), "|".join("9" for _ in FIFTEEN))
    assert numbers4(one) == list(range(1, 16))
    assert one.lines == [" ".join("9" for _ in FIFTEEN)]


def test_an_empty_row_under_all_heads_of_table_4_is_a_row_of_blanks():
    one = table4("|" * 14, "|".join(FIFTEEN))
    assert numbers4(one) == [None] * 15
    narrow = table4("|" * 3, "|".join(FIFTEEN))
    assert numbers4(narrow) == list(range(1, 16))


def test_an_empty_row_between_the_heads_of_table_4_is_no_row_of_numbers():
    heads = "|".join(FORMATS.cells.values())
    one = found(grid(heads, "|" * 14, heads, heads, "|".join(FIFTEEN)))
    assert numbers4(one) == list(range(1, 16))


def test_numbers_without_the_heads_of_table_4_are_a_text():
    one = found(grid("|".join(FIFTEEN)))
    assert (one.table4, one.lines) == (None, [" ".join(FIFTEEN)])


def test_more_numbers_than_table_4_has_are_told_and_not_read():
    one = table4("|".join([*FIFTEEN, "16"]))
    assert messages(one) == ["数字比列多，没有读入"] and numbers4(one) == [None] * 15


def test_zeros_of_table_4_are_zeros_however_few_are_left():
    below = ["|".join(FORMATS.cells.values())] * 3  # whose columns say nothing
    totals = found(grid(*below, "0|0|0"))
    assert numbers4(totals) == [0 if place % 5 == 4 else None for place in range(15)]
    first = found(grid(*below, "0|0"))
    assert numbers4(first) == [0, 0, *[None] * 13]
    lost = found(grid(*below, "0|0|1"))
    assert numbers4(lost) == [None] * 15
    assert any("空格丢失" in text for text in messages(lost))


# -- numbers ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "wrong"),
    [
        ("—", None, "用“—”代替了数字，没有的应填 0"),
        ("无", None, "用“无”代替了数字，没有的应填 0"),
        ("------", None, "用“------”代替了数字，没有的应填 0"),
        ("-------", None, "数字格里是文字“-------”，没有的应填 0"),
        ("不详", None, "数字格里是文字“不详”，没有的应填 0"),
        ("3人民币", 3, "数字格里写成了“3人民币”，只应填数字"),
        ("3个案件类", None, "数字格里是文字“3个案件类”，只应填数字"),
        ("2000000000000", None, "数字 2000000000000 过大"),
        ("1000000000000", 10**12, ""),
        ("9" * 41, None, "数字过大"),
        ("-5", -5, ""),
        ("", None, ""),
    ],
)
def test_what_a_cell_says_that_is_no_number(text, value, wrong):
    read = number(text)
    assert (read.value, read.wrong) == (value, wrong)


def test_the_beginning_of_a_head_is_nearly_the_head():
    assert likeness("本年新", "本年新公开数量") == 0.8
    assert likeness("本年", "本年新公开数量") < 0.5


def test_a_sentence_above_table_3_in_its_sheet_is_no_row():
    rows = (HEADS3, "一、本年新收政府信息公开申请数量|0|0|0|0|0|0|0")
    one = found(grid("本年度未收到政府信息公开申请。|||||||", *rows))
    assert one.table3 is not None
    assert set(one.table3["new_received"].values()) == {0}
    assert messages(one) == []
    assert [line.strip() for line in one.lines] == ["本年度未收到政府信息公开申请。"]
