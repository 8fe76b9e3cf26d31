"""What the columns of a list are, for people and for programs."""

import json
from datetime import date, datetime
from decimal import Decimal

from workflow.paper.columns import DATATYPES, KINDS, Column, as_metadata, columns_of, described
from workflow.paper.workbook import Sheet, as_csv

HEADS = (
    Column("编号", "text", "申请编号", "number"),
    Column("金额", "money", "通知收取的信息处理费"),
    Column("收到", "day", "收到申请之日"),
    Column("提交", "moment", "提交的时间"),
)
ROW = ("2026-0001", Decimal("40"), date(2026, 5, 12), datetime(2026, 5, 12, 9, 5))
SHEET = Sheet("台账", HEADS, [ROW])


def test_columns_are_told_as_csv_on_the_web_tells_them() -> None:
    told = json.loads(as_metadata(SHEET, "台账.csv"))
    assert told["@context"][0] == "http://www.w3.org/ns/csvw" and told["url"] == "台账.csv"
    first, money, day, moment = told["tableSchema"]["columns"]
    assert first == {
        "name": "number", "titles": "编号", "datatype": "string", "dc:description": "申请编号",
    }  # fmt: skip
    assert "name" not in money and money["datatype"] == {"base": "decimal", "format": "0.00"}
    assert day["datatype"]["format"] == "yyyy-MM-dd" and moment["datatype"]["base"] == "datetime"


def test_money_has_its_decimals_in_csv() -> None:
    line = as_csv(SHEET).decode("utf-8-sig").splitlines()[1]
    assert line == "2026-0001,40.00,2026-05-12,2026-05-12 09:05"


def test_people_find_the_same_on_a_sheet() -> None:
    (sheet,) = described(SHEET)
    assert sheet.rows[1] == (2, "金额", KINDS["money"], "通知收取的信息处理费")
    assert DATATYPES.keys() < KINDS.keys()


def test_a_list_that_does_not_say_has_none() -> None:
    assert columns_of(Sheet("表", ("编号", HEADS[1]), [])) == ()
    assert described(Sheet("表", ("编号",), [])) == ()
