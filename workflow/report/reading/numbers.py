"""What stands in a cell for numbers."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from workflow.report.annual import Number

LARGEST = 10**12
STROKES = frozenset("/-－—–―一~～·無无")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_WITH_UNIT = re.compile(rf"({_NUMBER.pattern})\s*[\u4e00-\u9fff]{{1,3}}")


@dataclass(frozen=True, slots=True)
class Read:
    """A number as it was read, and what was wrong with how it stood there ("" for nothing)."""

    value: Number
    wrong: str = ""


def is_stroke(text: str) -> bool:
    """A mark that people put where there is nothing: /, -, —, 无."""
    plain = "".join(text.split())
    return 0 < len(plain) <= 6 and set(plain) <= STROKES


def looks_like_value(text: str) -> bool:
    """A number, with or without a unit, or a stroke."""
    plain = _plain(text)
    return bool(_NUMBER.fullmatch(plain) or _WITH_UNIT.fullmatch(plain)) or is_stroke(text)


def number(text: str) -> Read:
    """The number of a cell. Blank is None; a fraction with nothing behind the point is whole."""
    plain = _plain(text)
    if not plain:
        return Read(None)
    if _NUMBER.fullmatch(plain):
        return _sized(plain)
    with_unit = _WITH_UNIT.fullmatch(plain)
    if with_unit:
        read = _sized(with_unit[1])
        return Read(read.value, read.wrong or f"数字格里写成了“{shown(text)}”，只应填数字")
    what = "用“{}”代替了数字" if is_stroke(text) else "数字格里是文字“{}”"
    return Read(None, what.format(shown(text)) + "，没有的应填 0")


def shown(text: str) -> str:
    """A text on one line, cut short, to be quoted."""
    one_line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return one_line if len(one_line) <= 24 else one_line[:23] + "…"


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").replace("—", "-")
    return "".join(folded.split())


def _sized(plain: str) -> Read:
    if len(plain) > 40:
        return Read(None, "数字过大")
    value = Decimal(plain.replace(",", ""))
    if abs(value) > LARGEST:
        return Read(None, f"数字 {shown(plain)} 过大")
    if value == value.to_integral_value():
        return Read(int(value))
    return Read(value)
