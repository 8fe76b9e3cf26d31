"""Reports as JSON: our own files, and tables alone with slug, region and level."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from config.law import TableFormats
from workflow.report.annual import AnnualReport, Number, Oddity, mixed_layout
from workflow.report.reading.marks import Marks, Place
from workflow.report.reading.numbers import exact, shown
from workflow.report.reading.paper import Unreadable

Sheet = dict[str, dict[str, Number]]


def report_of_json(text: str, formats: TableFormats) -> AnnualReport:
    """A report of the keys of config/law/tables.toml; a cell that is no number is told, not refused.

    Raises Unreadable for text that is no JSON, or that has neither year nor tables.
    """
    try:
        data = json.loads(text, parse_float=_decimal, parse_int=_whole, parse_constant=str)
    except json.JSONDecodeError as error:
        raise Unreadable(f"不是 JSON：第 {error.lineno} 行第 {error.colno} 列附近有误") from error
    except RecursionError as error:
        raise Unreadable("JSON 嵌套过深") from error
    if not isinstance(data, dict):
        raise Unreadable("JSON 须为一个对象，含 year、table3、table4")
    year = data.get("year")
    if not isinstance(year, int) or isinstance(year, bool) or not 2000 <= year <= 2050:
        raise Unreadable("JSON 里没有四位年份 year")
    if not any(isinstance(data.get(name), dict) for name in ("table2", "table3", "table4")):
        raise Unreadable("JSON 里没有表格：table2、table3、table4 至少要有一张")
    return _Reader(data, year, formats).report()


def _decimal(text: str) -> Decimal | str:
    try:
        return Decimal(text) if len(text) <= 40 else text
    except InvalidOperation:  # pragma: no cover - the grammar of JSON leaves nothing else
        return text


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= 20 else text


class _Reader:
    def __init__(self, data: dict[str, Any], year: int, formats: TableFormats) -> None:
        self.data, self.year, self.formats = data, year, formats
        self.oddities: list[Oddity] = []
        self.marks = Marks()
        self.partial = data.get("partial_copy") is True

    def report(self) -> AnnualReport:
        data, formats = self.data, self.formats
        fmt = self._format()
        rows, columns = formats.rows[fmt], formats.columns
        table3 = self._table("表三", "table3", rows, dict.fromkeys(rows, columns))
        table4 = self._table(
            "表四", "table4", formats.blocks, dict.fromkeys(formats.blocks, formats.cells)
        )
        fmt2 = self._format2(fmt)
        items = {k: label for block in formats.table2[fmt2] for k, label in block.items.items()}
        fields = {k: block.fields for block in formats.table2[fmt2] for k in block.items}
        table2 = self._table("表二", "table2", items, fields)
        if table3 is None:
            self.oddities.append(Oddity("missing", "表三", "文件里没有这张表"))
        sections = data.get("sections")
        return AnnualReport(
            agency=_text(data.get("agency")),
            year=self.year,
            format=fmt,
            table2=table2,
            table3=table3,
            table4=table4,
            code=_text(data.get("code")) or _text(data.get("slug")) or None,
            level=_text(data.get("level")) or None,
            title=_text(data.get("title")),
            sections={
                key: _text(sections[key])
                for key in formats.sections
                if isinstance(sections, dict) and key in sections
            }
            if isinstance(sections, dict) else {},
            version=data["version"] if isinstance(data.get("version"), int) else 1,
            correction_note=_text(data.get("correction_note")),
            signed_by=_text(data.get("signed_by")),
            signed_on=self._day(data.get("signed_on"), "落款日期"),
            published_on=self._day(data.get("published_on"), "公布日期"),
            period=self._period(data.get("period")),
            oddities=(*self.oddities, *self.marks.oddities()),
            units=self.marks.units,
        )  # fmt: skip

    def _format(self) -> str:
        given = str(self.data.get("format") or "")
        if given in self.formats.rows:
            return given
        if given:
            self.oddities.append(Oddity("layout", "format", f"没有“{shown(given)}”这种格式"))
        table3 = self.data.get("table3")
        if isinstance(table3, dict) and "other" in table3:
            return "2019"
        return self.formats.format_of(self.year)

    def _format2(self, fmt: str) -> str:
        """The format of table 二: that of the report, unless its columns are those of the other."""
        given = self.data.get("table2")
        sheets = given if isinstance(given, dict) else {}
        cells = {item: cells for item, cells in sheets.items() if isinstance(cells, dict)}
        own = self.formats.format_of_table2(cells, fmt)
        if own != fmt:
            self.oddities.append(Oddity("layout", "表二", mixed_layout(own, fmt)))
        return own

    def _table(
        self,
        name: str,
        key: str,
        rows: Mapping[str, str],
        columns: Mapping[str, Mapping[str, str]],
    ) -> Sheet | None:
        given = self.data.get(key)
        if given is None:
            return None
        if not isinstance(given, dict):
            self.oddities.append(Oddity("table", name, "不是表格，没有读入"))
            return None
        for row in given:
            if row not in rows:
                self.oddities.append(
                    Oddity("table", f"{name}“{shown(row)}”行", "不是规定的行，没有读入")
                )
        sheet: Sheet = {}
        for row, label in rows.items():
            cells = given.get(row)
            where = f"{name}“{label}”" + ("" if key == "table4" else "行")
            if not isinstance(cells, dict):
                if not self.partial:
                    self.oddities.append(Oddity("missing", where, "没有这一行"))
                cells = {}
            sheet[row] = {
                column: self._number(
                    (key, row, column),
                    f"{where}“{head}”" + ("列" if key == "table3" else ""),
                    cells.get(column),
                )
                for column, head in columns[row].items()
            }
        return sheet

    def _number(self, place: Place, where: str, value: Any) -> Number:
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            read = exact(Decimal(value))
            if read.wrong:
                self.oddities.append(Oddity("cell", where, read.wrong))
            return read.value
        if isinstance(value, str):
            read = self.marks.read(place, where, value)
            if not (read.stroke or read.unit or read.note):
                said = read.wrong or f"数字写成了文字“{shown(value)}”"
                self.oddities.append(Oddity("cell", where, said))
            return read.value
        self.oddities.append(Oddity("cell", where, "不是数字"))
        return None

    def _day(self, value: Any, where: str) -> date | None:
        if value is None:
            return None
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.oddities.append(Oddity("period", where, f"日期有误：“{shown(str(value))}”"))
            return None

    def _period(self, value: Any) -> tuple[date, date] | None:
        if not isinstance(value, list) or len(value) != 2:
            if value is not None:
                self.oddities.append(Oddity("period", "统计期限", "须为起、止两个日期"))
            return None
        start, end = self._day(value[0], "统计期限"), self._day(value[1], "统计期限")
        return (start, end) if start and end else None


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
