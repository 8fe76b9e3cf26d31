"""The official shape of the tables: every place of the grid is covered once, every number stands once."""

import pytest

from config.law import load_law
from workflow.report.tables import layout

FORMATS = load_law().formats


@pytest.fixture(params=[(t, f) for t in layout.TABLES for f in ("2019", "2021")], ids=str)
def grid(request):
    return layout.grid_of(*request.param, FORMATS)


def test_the_cells_cover_every_place_once(grid):
    covered = [
        (row, column)
        for at in layout.placed(grid)
        for row in range(at.row, at.row + at.cell.rows)
        for column in range(at.column, at.column + at.cell.columns)
    ]
    assert sorted(covered) == [
        (row, column) for row in range(len(grid.rows)) for column in range(len(grid.widths))
    ]


def test_every_number_of_the_format_stands_once():
    for fmt in ("2019", "2021"):
        keys = {
            table: [cell.key for cell in layout.grid_of(table, fmt, FORMATS).numbers()]
            for table in layout.TABLES
        }
        assert keys["table2"] == [
            (item, name)
            for block in FORMATS.table2[fmt]
            for item in block.items
            for name in block.fields
        ]
        assert keys["table3"] == [(r, c) for r in FORMATS.rows[fmt] for c in FORMATS.columns]
        assert keys["table4"] == [(b, c) for b in FORMATS.blocks for c in FORMATS.cells]


def test_the_formats_differ_in_table_three_only_by_the_other_ways_of_ending():
    def labels(fmt):
        rows = layout.table3(fmt, FORMATS).rows
        return [cell.text for row in rows for cell in row if cell.kind == "label"]

    old, new = labels("2019"), labels("2021")
    assert [label for label in old if label not in new] == []
    assert [label for label in new if label not in old] == [
        "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
        "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
        "3.其他",
    ]


def test_a_column_of_numbers_reads_by_itself():
    names = {cell.key: cell.name for cell in layout.table3("2021", FORMATS).numbers()}
    assert names["refused_state_secret", "business"] == "（三）不予公开 1.属于国家秘密，商业企业"
    names = {cell.key: cell.name for cell in layout.table4("2021", FORMATS).numbers()}
    assert names["suit_direct", "pending"] == "行政诉讼：未经复议直接起诉，尚未审结"


@pytest.mark.parametrize(
    ("table", "key", "read"),
    [
        ("table2", ("charges", "amount_10k"), ["第二十条第（八）项", "本年收费金额（单位：万元）", "行政事业性收费"]),
        ("table3", ("new_received", "total"), ["申请人情况", "总计", "一、本年新收政府信息公开申请数量"]),
        (
            "table3", ("refused_state_secret", "business"),
            ["申请人情况", "法人或其他组织", "商业企业", layout.RESULTS, "（三）不予公开", "1.属于国家秘密"],
        ),
        ("table4", ("suit_direct", "total"), ["行政诉讼", "未经复议直接起诉", "总计"]),
    ],
)  # fmt: skip
def test_a_number_is_read_under_the_heads_above_and_beside_it(table, key, read):
    grid = layout.grid_of(table, "2021", FORMATS)
    heads = [cell.text for row in grid.rows for cell in row if cell.kind != "number"]
    assert [heads[one] for one in grid.heads_of()[key]] == read


def test_the_shares_of_the_columns_leave_the_page_whole(grid):
    assert 990 <= sum(grid.widths) <= 1000


def test_the_blocks_of_a_grid_are_all_its_rows():
    for fmt, count in (("2019", 5), ("2021", 4)):
        grid = layout.table2(fmt, FORMATS)
        assert [row for block in grid.blocks() for row in block] == list(range(len(grid.rows)))
        assert len(grid.blocks()) == count
        assert len(layout.table3(fmt, FORMATS).blocks()) == 1
