"""The sheet as a PDF that a screen reader can read (PDF/UA-1), in the fonts that are shipped."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from config import fonts
from workflow.dates import in_words, month_day, weekday
from workflow.reminders.morning.lines import SheetLine

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("sheet.typ")


def sheet_pdf(body: str, day: date, lines: Sequence[SheetLine], unread: int) -> bytes:
    """The bytes of the sheet of a day; the same sheet gives the same bytes."""
    data = {
        "body": "".join(char if not fonts.without_glyph(char) else "〓" for char in body),
        "day": f"{in_words(day)}（{weekday(day)}）",
        "dated": [day.year, day.month, day.day],
        "unread": unread,
        "several": len({line.agency for line in lines}) > 1,
        "lines": [
            {
                "number": line.number,
                "agency": line.agency,
                "state": line.state,
                "due": f"{month_day(line.due)}（{weekday(line.due)}）",
                "left": left_in_words(line.left),
                "late": line.left <= 0,
            }
            for line in lines
        ],
    }
    import typst  # loaded with the first sheet that is set: it takes as much memory as the pages' framework

    compiler = typst.Compiler(root=str(TEMPLATE.parent), font_paths=_fonts())
    made, told = compiler.compile_with_warnings(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"sheet": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=datetime.combine(day, time(), UTC),
    )
    if told or not isinstance(made, bytes):
        raise RuntimeError(f"typst: {'; '.join(str(one) for one in told)}")
    return made


def left_in_words(left: int) -> str:
    """逾期 2 个工作日, 今天到期, 还有 5 个工作日."""
    if left < 0:
        return f"逾期 {-left} 个工作日"
    return f"还有 {left} 个工作日" if left else "今天到期"


@cache
def _fonts() -> "typst.Fonts":
    import typst

    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(fonts.FOLDER)],
    )
