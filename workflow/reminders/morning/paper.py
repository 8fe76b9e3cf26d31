"""The sheet as a PDF that a screen reader can read (PDF/UA-1), in the fonts that are shipped."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from config import fonts
from workflow.dates import in_words, month_day, weekday
from workflow.paper.pdf import set_in_type
from workflow.reminders.morning.lines import SheetLine

TEMPLATE = Path(__file__).with_name("sheet.typ")


def sheet_pdf(body: str, day: date, lines: Sequence[SheetLine], unread: int) -> bytes:
    """The bytes of the sheet of a day; the same sheet gives the same bytes."""
    data = {
        "body": fonts.printed(body),
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
    return set_in_type(TEMPLATE, "sheet", data, day)


def left_in_words(left: int) -> str:
    """逾期 2 个工作日, 今天到期, 还有 5 个工作日."""
    if left < 0:
        return f"逾期 {-left} 个工作日"
    return f"还有 {left} 个工作日" if left else "今天到期"
