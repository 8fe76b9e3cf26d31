"""Reports written out for the checks, sound and unsound ones, a line for each in the TOML files beside this.

Every file may have [[sound]] and [[unsound]] lines; whoever adds a check adds a file with lines for it. A line
says what differs from a plain report of a county's bureau on 2023:

    { is = "…", body = "青禾县教育局", year = 2023, n = "new 5, in 1, disclosed 3, business.refused_internal_affairs 2",
      two = "normative_documents 1 0 7, permits 12", four = "review.upheld 2", cells = { "table3.total.total" = 9 },
      titles = "autonumbered", overview = "收到申请{new}件。", breaks = ["V12"], also = ["V13"] }

n: requests that came (`new`, by itself what is left), were carried in (`in`) and out (`out`), and results by the rows
of table 三, of natural persons unless a column stands before the row; 总计 follows. two: items of table 二 with
their numbers in the order of its columns. four: cells of table 四; 总计 follows. cells: numbers put in afterwards,
true or not. titles: a manner of NUMBERED, or the six titles, "" for one that is not there. form: html or text.
old: the layout of 2019 whatever the year; old2: in table 二 alone. breaks: the rules that have to tell something,
also: those that may. Texts have {new}, {in}, {all}, {done}, {out}, {review}, {suits}, {year}, {last}, {next} and {body}.
"""

import html as markup
import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from config.law import load_law
from tests.workflow.report.report_files import Grid, grid2, grid3, grid4
from workflow.report.annual import AnnualReport
from workflow.report.reading import read_report

FOLDER = Path(__file__).parent
FORMATS = load_law().formats
SIX = FORMATS.applicant_columns()
TITLES = tuple(title.partition("、")[2] for title in FORMATS.sections.values())
DRAWN = 100
"""Sound reports that are put together from phrases.toml."""
_HAN = "一二三四五六"
NUMBERED = {
    "usual": [f"{_HAN[n]}、{title}" for n, title in enumerate(TITLES)],
    "autonumbered": list(TITLES),
    "without a mark": [f"{_HAN[n]}{title}" for n, title in enumerate(TITLES)],
    "with a blank": [f"{_HAN[n]} {title}" for n, title in enumerate(TITLES)],
    "digits": [f"{n}.{title}" for n, title in enumerate(TITLES, 1)],
    "digits and comma": [f"{n}、{title}" for n, title in enumerate(TITLES, 1)],
    "brackets": [f"（{_HAN[n]}）{title}" for n, title in enumerate(TITLES)],
    "parts": [f"第{_HAN[n]}部分 {title}" for n, title in enumerate(TITLES)],
    "colon": [f"{_HAN[n]}、{title}：" for n, title in enumerate(TITLES)],
    "marks": [f"**{_HAN[n]}、{title}**" for n, title in enumerate(TITLES)],
    "spaced": [f"{_HAN[n]}、" + " ".join(title) for n, title in enumerate(TITLES)],
}
TEXTS = ("overview", "proactive", "applications", "disputes", "problems", "other_matters")
PLAIN: dict[str, Any] = {
    "body": "青禾县某某局",
    "year": 2023,
    "n": "",
    "two": "normative_documents 1 0 7",
    "four": "",
    "cells": {},
    "titles": "usual",
    "title": "{body}{year}年政府信息公开工作年度报告",
    "opening": "根据《中华人民共和国政府信息公开条例》要求，编制本报告。"
    "本报告所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。",
    "overview": "{year}年，我局共收到政府信息公开申请{new}件。",
    "proactive": "",
    "applications": "",
    "disputes": "",
    "problems": "主要问题是政策解读形式不够丰富。下一步将加强培训，丰富解读形式。",
    "other_matters": "无其他需要报告的事项。",
    "signature": "{body}\n{next}年1月12日",
    "form": "text",
    "old": False,
    "old2": False,
    "breaks": [],
    "also": [],
}


@dataclass(frozen=True)
class Case:
    """A report as a file, with the rules that have to tell something of it and those that may."""

    name: str
    file: str
    data: bytes
    breaks: frozenset[str]
    also: frozenset[str]

    def read(self) -> AnnualReport:
        return read_report(self.file, self.data, FORMATS)


@cache
def cases() -> tuple[Case, ...]:
    """Every report of the folder, by its name. Raises ValueError for two of one name."""
    found = [*_drawn()]
    for path in sorted(FOLDER.glob("*.toml")):
        lines = tomllib.loads(path.read_text(encoding="utf-8"))
        found += [_case(line) for line in lines.get("sound", ())]
        found += [_case(line, unsound=True) for line in lines.get("unsound", ())]
    names = [one.name for one in found]
    if len(names) != len(set(names)):
        raise ValueError(f"twice: {sorted({one for one in names if names.count(one) > 1})}")
    return tuple(found)


def _case(line: Mapping[str, Any], *, unsound: bool = False) -> Case:
    unknown = set(line) - set(PLAIN) - {"is"}
    if unknown or unsound != bool(line.get("breaks")):
        raise ValueError(f"{line['is']}: {unknown or 'sound or unsound?'}")
    given = {**PLAIN, **line}
    write = {"text": _as_text, "html": _as_html}[given["form"]]
    file = {"text": "年报.txt", "html": "年报.html"}[given["form"]]
    return Case(
        line["is"], file, write(_content(given)).encode(),
        frozenset(given["breaks"]), frozenset(given["also"]),
    )  # fmt: skip


# -- numbers -------------------------------------------------------------------------------------------


def _table3(given: Mapping[str, Any], fmt: str) -> dict[str, dict[str, Any]]:
    rows = {"in": "carried_in", "out": "carried_out", "new": "new_received"}
    table: dict[str, dict[str, Any]] = {row: dict.fromkeys(SIX, 0) for row in FORMATS.rows[fmt]}
    told = set()
    for part in filter(None, given["n"].split(", ")):
        where, number = part.split()
        column, _, row = where.rpartition(".")
        row = rows.get(row, row)
        table[row][column or "natural_person"] = int(number)
        told.add((row, column or "natural_person"))
    for column in SIX:
        done = sum(table[row][column] for row in FORMATS.result_rows(fmt))
        table["total"][column] = done
        if ("new_received", column) not in told:
            table["new_received"][column] = (
                done + table["carried_out"][column] - table["carried_in"][column]
            )
    for cells in table.values():
        cells["total"] = sum(cells[column] for column in SIX)
    return table


def _table4(given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    table: dict[str, dict[str, Any]] = {
        block: dict.fromkeys(FORMATS.cells, 0) for block in FORMATS.blocks
    }
    for part in filter(None, given["four"].split(", ")):
        where, number = part.split()
        block, _, cell = where.partition(".")
        table[block][cell] = int(number)
    for cells in table.values():
        cells["total"] = sum(value for cell, value in cells.items() if cell != "total")
    return table


def _table2(given: Mapping[str, Any], fmt: str) -> dict[str, dict[str, Any]]:
    table = {
        item: dict.fromkeys(block.fields, 0)
        for block in FORMATS.table2[fmt]
        for item in block.items
    }
    sheet: dict[str, dict[str, Any]] = {item: dict(cells) for item, cells in table.items()}
    for part in filter(None, given["two"].split(", ")):
        item, *numbers = part.split()
        for field, number in zip(sheet[item], numbers, strict=False):
            sheet[item][field] = Decimal(number) if "." in number else int(number)
    return sheet


# -- the file ------------------------------------------------------------------------------------------


def _content(given: Mapping[str, Any]) -> list[str | Grid]:
    """Lines and tables of a report, in their order."""
    year = given["year"]
    fmt = "2019" if given["old"] else FORMATS.format_of(year)
    fmt2 = "2019" if given["old2"] else fmt
    tables = {
        "table2": _table2(given, fmt2),
        "table3": _table3(given, fmt),
        "table4": _table4(given),
    }
    three, four = tables["table3"], tables["table4"]
    words = {
        "body": given["body"], "year": year, "last": year - 1, "next": year + 1,
        "new": three["new_received"]["total"], "in": three["carried_in"]["total"],
        "all": three["new_received"]["total"] + three["carried_in"]["total"],
        "done": three["total"]["total"], "out": three["carried_out"]["total"],
        "review": four["review"]["total"],
        "suits": four["suit_direct"]["total"] + four["suit_after_review"]["total"],
    }  # fmt: skip
    for place, value in given["cells"].items():
        table, row, column = place.split(".")
        tables[table][row][column] = value
    grids = {
        "proactive": grid2(tables["table2"], fmt2),
        "applications": grid3(tables["table3"], fmt),
        "disputes": grid4(tables["table4"]),
    }
    titles = NUMBERED[given["titles"]] if isinstance(given["titles"], str) else given["titles"]
    parts: list[str | Grid] = []

    def say(text: str) -> None:
        for name, value in words.items():
            text = text.replace("{" + name + "}", str(value))
        parts.extend(line for line in text.splitlines() if line.strip())

    say(given["title"])
    say(given["opening"])
    for key, title in zip(TEXTS, titles, strict=True):
        say(title)
        if key not in grids:
            say(given[key])
            continue
        parts.append(grids[key])
        say(given[key])
    say(given["signature"])
    return parts


def _as_text(parts: list[str | Grid]) -> str:
    lines: list[str] = []
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
        else:
            lines.extend(" | ".join(text for text, _, _ in row) for row in part)
    return "\n".join(lines)


def _as_html(parts: list[str | Grid]) -> str:
    found = []
    for part in parts:
        if isinstance(part, str):
            found.append(f"<p>{markup.escape(part)}</p>")
        else:
            rows = "".join(
                "<tr>"
                + "".join(
                    f"<td colspan={columns} rowspan={down}>{markup.escape(text)}</td>"
                    for text, columns, down in row
                )
                + "</tr>"
                for row in part
            )
            found.append(f"<table>{rows}</table>")
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{''.join(found)}</body></html>"


# -- sound reports from phrases ------------------------------------------------------------------------


def _drawn() -> Iterator[Case]:
    """Sound reports from the phrases, the same ones in every run."""
    phrases = tomllib.loads((FOLDER / "phrases.toml").read_text(encoding="utf-8"))
    for number in range(DRAWN):
        drawn = random.Random(number)
        line: dict[str, Any] = {"is": f"drawn {number}"}
        kind = drawn.choice(phrases["kind"])
        line["body"] = drawn.choice(kind["bodies"])
        line["year"] = drawn.choice((2019, 2020, 2021, 2022, 2023, 2024, 2025))
        old = line["year"] < 2021
        line["n"] = _drawn_requests(drawn, kind["most"], old)
        disputes = kind["most"] > 5 and drawn.random() < 0.4
        if disputes:
            line["four"] = (
                f"review.upheld {drawn.randint(1, 4)}, review.corrected {drawn.randint(0, 2)}, "
                f"suit_direct.upheld {drawn.randint(0, 3)}, suit_after_review.other {drawn.randint(0, 2)}"
            )
        line["two"] = drawn.choice(kind["two_old" if old else "two"])
        for name in ("title", "opening", "titles", "signature"):
            line[name] = drawn.choice(phrases[name])
        line["form"] = drawn.choice(("text", "html"))
        asked = "some" if line["n"] else "none"
        if ", in" in line["n"]:
            asked = "carried"
        us = kind["us"]
        overview = [
            drawn.choice(phrases["start"]),
            drawn.choice(phrases["told"]),
            drawn.choice(phrases["requests"][asked]),
            drawn.choice(phrases["kept"]),
            drawn.choice(phrases["platform"]),
            drawn.choice(phrases["watched"]),
        ]
        parts = drawn.choice(phrases["parts"])
        line["overview"] = "\n".join(
            part + text for part, text in zip(parts, overview, strict=True)
        ).replace("{us}", us)
        line["disputes"] = drawn.choice(phrases["disputes"]["some" if disputes else "none"])
        line["problems"] = drawn.choice(phrases["problems"])
        line["other_matters"] = drawn.choice(phrases["other_matters"])
        for name in ("disputes", "problems", "other_matters"):
            line[name] = line[name].replace("{us}", us)
        yield _case(line)


def _drawn_requests(drawn: random.Random, most: int, old: bool) -> str:
    if not most or drawn.random() < 0.35:
        return ""
    fmt = "2019" if old else "2021"
    rows = [row for row in FORMATS.result_rows(fmt) if row != "other_fee_unpaid"]
    found = [f"disclosed {drawn.randint(1, most)}"]
    for row in drawn.sample(rows[1:], min(3, most)):
        column = drawn.choice(("", "", "business.", "legal_service.", "other_organization."))
        found.append(f"{column}{row} {drawn.randint(1, max(1, most // 3))}")
    if drawn.random() < 0.5:
        found.append(f"out {drawn.randint(1, max(1, most // 4))}")
        found.append("in 1")
    return ", ".join(found)
