"""What the columns of a list are: a sheet of the workbook for people, a file beside the CSV for programs (CSV on the Web,
W3C Recommendation of 2015-12-17)."""

import json
from typing import Any, Literal

from workflow.paper.workbook import Sheet

Kind = Literal["text", "day", "moment", "days", "number", "money", "words"]
KINDS: dict[str, str] = {
    "text": "文字", "day": "日期，写作 年-月-日", "moment": "日期和时间（北京时间），写作 年-月-日 时:分",
    "days": "日期，可以有几个", "number": "数字", "money": "金额，单位：元，保留两位小数", "words": "固定的词",
}  # fmt: skip
"""How the kinds of columns are called."""
DATATYPES: dict[str, Any] = {
    "day": {"base": "date", "format": "yyyy-MM-dd"},
    "moment": {"base": "datetime", "format": "yyyy-MM-dd HH:mm"},
    "number": "number",
    "money": {"base": "decimal", "format": "0.00"},
}
"""Of the kinds that are no texts, as CSV on the Web names them."""
DESCRIBED = "csv-metadata.json"
"""The ending of the file of columns: beside `名单.csv` programs look for `名单.csv-metadata.json`."""


class Column(str):
    """The head of a column, with the kind of its cells and, in a sentence, what stands in them. name: for programs."""

    __slots__ = ("kind", "meaning", "name")
    kind: str
    meaning: str
    name: str

    def __new__(cls, head: str, kind: Kind, meaning: str, name: str = "") -> "Column":
        made = super().__new__(cls, head)
        made.kind, made.meaning, made.name = kind, meaning, name
        return made


def columns_of(sheet: Sheet) -> tuple[Column, ...]:
    """The columns of a list that says what they are; none of any other."""
    found = tuple(head for head in sheet.heads if isinstance(head, Column))
    return found if len(found) == len(sheet.heads) else ()


def described(sheet: Sheet) -> tuple[Sheet, ...]:
    """The sheet of its columns, for the same workbook; none where the list does not say what they are."""
    rows = [
        (place, str(column), KINDS[column.kind], column.meaning)
        for place, column in enumerate(columns_of(sheet), 1)
    ]
    heads = ("第几栏", "栏名", "内容的类型", "含义")
    return (Sheet("各栏说明", heads, rows, f"“{sheet.title}”的各栏"),) if rows else ()


def as_metadata(sheet: Sheet, csv_name: str) -> bytes:
    """The columns of the CSV of that file name, as CSV on the Web tells them. UTF-8."""
    told = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": csv_name,
        "dc:title": sheet.title,
        "dialect": {"encoding": "utf-8", "header": True},
        "tableSchema": {"columns": [_told(column) for column in columns_of(sheet)]},
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _told(column: Column) -> dict[str, Any]:
    named = {"name": column.name} if column.name else {}
    return {
        **named,
        "titles": str(column),
        "datatype": DATATYPES.get(column.kind, "string"),
        "dc:description": column.meaning,
    }
