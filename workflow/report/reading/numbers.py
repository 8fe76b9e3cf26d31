"""What stands in a cell for numbers."""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from workflow.report.annual import Number

LARGEST = 10**12
PLACES_MOST = 12
"""Digits behind the point, in the unit of the column: with them, sums of any area stay exact."""
PLAIN_MOST = 12
"""Digits alone of fewer characters are the number that they say."""
INVISIBLE = dict.fromkeys(
    (0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF)
)
"""Signs without width that editors of pages leave behind, for str.translate."""
STROKES = frozenset("/\\-－—–―一~～·無无")
_POWERS = {
    "": 0, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10,
    "千亿": 11,
}  # fmt: skip
_SCALE = "|".join(sorted(filter(None, _POWERS), key=len, reverse=True))
_COUNTED = "人次|件次|家次|笔次|[个件条次笔项份宗起例家人户部种张则篇批卷]"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_VALUE = re.compile(
    rf"(?P<sign>[+-]|净?(?:减少?|增加?)|新增|下降|[↓▼↑])?(?P<yuan>人民币|[¥￥])?(?P<digits>{_DIGITS})"
    rf"(?P<scale>{_SCALE})?(?P<what>[元圆]整?|{_COUNTED})?"
)
_IN_BRACKETS = re.compile(rf"(?<=\d)\((?:单位:?)?((?:{_SCALE})?元整?|{_COUNTED})\)$")
_OTHER_WORD = re.compile(rf"(?P<sign>[+-]?)(?P<digits>{_DIGITS})[\u4e00-\u9fff]{{1,3}}")
_LESS = re.compile(r"[-↓▼]|净?减少?|下降")
_MARK = "⁰¹²³⁴-⁹₀-₉①-⒇⓪❶-➓"
_NOTED = re.compile(
    rf"(?P<number>[^{_MARK}]+?) ?(?P<note>[\[(（【〔⁽]?[{_MARK}][{_MARK},，、]*[\])）】〕⁾]?)"
)
"""A number with the mark of a note behind it; folded, the mark would be one more digit."""
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NOTES = re.compile(f"[{_MARK}]")
_IN_HEAD = re.compile(rf"(?P<scale>{_SCALE})?元(?=[\W_]*$)")


class Read(NamedTuple):
    """A number as it was read, in the unit of its column, and what was wrong with how it stood there
    ("" for nothing). unit: what was printed behind the number. stroke: a mark stood for a number. note: the
    mark of a note behind the number, which is no part of it. turned: the digits printed are those of another
    unit."""

    value: Number
    wrong: str = ""
    unit: str = ""
    stroke: bool = False
    note: str = ""
    turned: bool = False


def is_plain(text: str) -> bool:
    """Digits alone, and few of them: the number that they say."""
    return text.isascii() and text.isdigit() and len(text) < PLAIN_MOST


def is_stroke(text: str) -> bool:
    """A mark that people put where there is nothing: /, -, —, 无."""
    plain = "".join(unicodedata.normalize("NFKC", text).translate(INVISIBLE).split())
    return 0 < len(plain) <= 6 and set(plain) <= STROKES


def looks_like_value(text: str) -> bool:
    """A number, with or without a unit, or a stroke."""
    if text.isascii() and text.isdigit():
        return True
    cell, _ = _apart(text)
    plain = _bare(cell)
    return bool(_VALUE.fullmatch(plain) or _OTHER_WORD.fullmatch(plain)) or is_stroke(cell)


def unit_in(label: str) -> str:
    """The unit of money at the end of a head or a label, 万元 of 采购总金额（万元）; "" without one."""
    found = _IN_HEAD.search(_plain(label)) if "元" in label else None
    return found[0] if found else ""


def without_unit(label: str) -> str:
    """A head or a label without the unit of money at its end and without 单位."""
    plain = _plain(label)
    found = _IN_HEAD.search(plain)
    return re.sub(r"[\W_]*(?:单位)?[\W_]*$", "", plain[: found.start()]) if found else label


def number(text: str, base: str = "", head: str = "") -> Read:
    """The number of a cell. Blank is None; a fraction with nothing behind the point is whole.

    base: the unit of money in which the column is kept (元, 万元), "" for a column that counts. head: the
    unit that its head or label prints. An amount is put into the unit of its column, to the last digit.
    """
    if not base and is_plain(text):
        return Read(int(text))
    cell, note = _apart(text)
    read = _number(cell, text, base, head)
    return read._replace(note=note) if note and read.value is not None else read


def _number(cell: str, text: str, base: str, head: str) -> Read:
    """The number of a cell without its note. text: the whole cell, to be quoted."""
    plain = _bare(cell)
    if not plain:
        return Read(None)
    found = _VALUE.fullmatch(plain)
    if found:
        return _with_unit(text, found, base, head)
    other = _OTHER_WORD.fullmatch(plain)
    if other:
        read = _sized(other["sign"], other["digits"])
        return Read(read.value, read.wrong or _only_numbers(text))
    if is_stroke(cell):
        return Read(None, f"用“{shown(text)}”代替了数字，没有的应填 0", stroke=True)
    ought = "只应填数字" if any(map(str.isnumeric, plain)) else "没有的应填 0"
    return Read(None, f"数字格里是文字“{shown(text)}”，{ought}")


def exact(value: Decimal) -> Read:
    """A number within the bounds, whole ones as whole numbers."""
    if abs(value) > LARGEST:
        return Read(None, "数字过大")
    if value == value.to_integral_value():
        return Read(int(value))
    if value != round(value, PLACES_MOST):
        return Read(None, "小数位数过多")
    return Read(value)


def digits_of(value: Number) -> str:
    """A number as it is to be written in a cell, without zeros behind its last digit."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def shown(text: str) -> str:
    """A text on one line, cut short, to be quoted."""
    one_line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return one_line if len(one_line) <= 24 else one_line[:23] + "…"


def raised(text: str) -> str:
    """What stands above the line: its digits as the signs that are marks of notes."""
    return text.translate(_RAISED)


def _apart(text: str) -> tuple[str, str]:
    """A cell without the mark of a note behind its number, and the mark ("" for none); a mark anywhere else
    is no digit either."""
    found = _NOTED.fullmatch(" ".join(text.translate(INVISIBLE).split()))
    return (found["number"], found["note"]) if found else (_NOTES.sub("\ufffd", text), "")


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).replace("−", "-").replace("—", "-")
    return "".join(folded.translate(INVISIBLE).split())


def _bare(cell: str) -> str:
    """A cell whose unit stands in no brackets: 12(件) as 12件."""
    plain = _plain(cell)
    return _IN_BRACKETS.sub(r"\1", plain) if plain.endswith(")") else plain


def _only_numbers(text: str) -> str:
    return f"数字格里写成了“{shown(text)}”，只应填数字"


def _with_unit(text: str, found: re.Match[str], base: str, head: str) -> Read:
    scale, what = found["scale"] or "", found["what"] or ""
    money = bool(found["yuan"]) or what[:1] in ("元", "圆")
    unit = scale + ("元" if money else what)
    if base and (what == "" or money):
        unit = unit if money or not scale else f"{scale}元"
        power = _power(unit or head or base) - _power(base)
        return _noted(_sized(found["sign"], found["digits"], power), unit, turned=power != 0)
    if base or money:
        read = _sized(found["sign"], found["digits"])
        return Read(read.value, read.wrong or _only_numbers(text))
    read = _sized(found["sign"], found["digits"], _POWERS[scale])
    return _noted(read, unit, turned=scale != "")


def _noted(read: Read, unit: str, *, turned: bool) -> Read:
    return Read(read.value, read.wrong, unit, turned=turned)


def _power(unit: str) -> int:
    """万元 → 4: a unit of money as a power of ten of a yuan."""
    return _POWERS[unit.removesuffix("元")]


def _sized(sign: str | None, digits: str, power: int = 0) -> Read:
    plain = digits.replace(",", "")
    if len(plain) > 24:
        return Read(None, "数字过大")
    value = Decimal(plain).scaleb(power)
    read = exact(-value if sign and _LESS.fullmatch(sign) else value)
    if read.value is None:
        return Read(None, f"数字 {shown(digits)} 过大" if read.wrong == "数字过大" else read.wrong)
    return read
