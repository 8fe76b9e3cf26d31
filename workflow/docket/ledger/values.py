"""What a cell of a ledger means: days however they are written, numbers, words of the law, what is masked.

Every reader gives a value, None for an empty cell, or raises BadCell with a sentence for the clerk.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

from workflow.case.identity import normal_form
from workflow.case.number import in_digits, number_of
from workflow.dates import FIRST_DAY, LAST_DAY
from workflow.docket.ledger.book import SINCE_1900, Value, day_of_number

NOTHING = frozenset(
    ("", "/", "\\", "-", "--", "—", "——", "–", "−", "无", "未", "暂无", "没有", "n/a", "na", "不涉及", "未涉及", "空", "0", "null", "none", "nan", "否", "未提供", "不详", "、", ".", "。", "×", "x", "*")
)  # fmt: skip
"""What a cell says that says nothing, in a column of days."""
_NO_TEXT = frozenset(
    ("", "/", "\\", "-", "--", "—", "——", "–", "无", "暂无", "n/a", "不涉及", "null")
)
_ERRORS = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|#+)", re.IGNORECASE)
_TIME = r"(?:\s*[T日号]?\s*(?:上午|下午)?\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{1,2}(?:\.\d+)?)?秒?分?\s*(?:[AP]M|Z)?)?"
_YMD = re.compile(
    r"(?<!\d)((?:19|20)\d{2})\s*[-/.年、．\s]\s*(\d{1,2})\s*[-/.月、．\s]\s*(\d{1,2})(?!\d)\s*[日号]?"
)
_PACKED = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_SHORT_YEAR = re.compile(
    r"(?<!\d)(\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)\s*[日号]?"
)
_MD = re.compile(r"(?<![\d年.])(\d{1,2})\s*(?:月|[./-])\s*(\d{1,2})(?!\d)\s*[日号]?")
_FOREIGN = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*((?:19|20)\d{2})(?!\d)")
_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*月?(?!\d)")
_WEEKDAY = re.compile(
    r"^((星期|周|礼拜)[一二三四五六日天]|(mon|tues|wednes|thurs|fri|satur|sun)day|(mon|tue|wed|thu|fri|sat|sun))$",
    re.I,
)
_CHINESE_DAY = re.compile(r"[〇○零一二三四五六七八九]{4}年|[一二三四五六七八九十]+月")
_SPLIT = re.compile(r"[;；\n]+")
_PARTS = re.compile(r"[;、,/。\s]+")
_MASK = re.compile(r"[*＊●○◯✱□■╳]|×{1,}|[xX]{2,}|(?<=[一-鿿])某|^某")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


_NO = frozenset("不未非无")


class BadCell(ValueError):
    """A cell that cannot be read; says in Chinese what is wrong with it."""


def text_of(value: Value) -> str | None:
    """A cell as text; whole numbers without a point. Raises BadCell for an error of a formula."""
    if value is None:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) and abs(value) < 1e15 else f"{value:.12g}"
    said = "".join(
        char
        for char in value
        if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Cs")
    )
    said = said.replace("_x000D_", "").strip().strip("'").strip()
    if _ERRORS.fullmatch(said):
        raise BadCell(f"单元格显示“{said}”，是公式出错，请填上正确的内容")
    return None if said.lower() in _NO_TEXT else said


def folded(text: str) -> str:
    """A text for comparing: NFKC, small letters, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


# -- days ---------------------------------------------------------------------------------------------


def days_of(
    value: Value, year: int | None = None, since: date = SINCE_1900, after: date | None = None
) -> list[date]:
    """The days of a cell, in their order. year: that of the sheet, for a day written without one; after: the
    day of receipt, before which such a day cannot be.

    Raises BadCell for what is no day, or may be one of two.
    """
    if value is None:
        return []
    if isinstance(value, date):
        return [_within(value)]
    if isinstance(value, float):
        return _of_number(value, since)
    text = text_of(value)
    if text is None or folded(text) in NOTHING:
        return []
    plain = unicodedata.normalize("NFKC", text).strip()
    if _CHINESE_DAY.search(plain):
        plain = in_digits(plain)
    if _WEEKDAY.fullmatch(plain):
        raise BadCell(
            f"只写了“{text}”，没有日期。日期显示成星期的，改成日期格式，或者另存为 XLSX 再导入"
        )
    if re.fullmatch(r"\d{5}(\.\d+)?", plain):
        return _of_number(float(plain), since)
    return _in_text(plain, text, year, after)


def day_of(
    value: Value, year: int | None = None, since: date = SINCE_1900, after: date | None = None
) -> date | None:
    """The one day of a cell. Raises BadCell where it says several."""
    found = days_of(value, year, since, after)
    if len(set(found)) > 1:
        raise BadCell(f"有 {len(found)} 个日期，这一栏只能填一个")
    return found[0] if found else None


def _of_number(number: float, since: date) -> list[date]:
    if number == 0:
        return []
    if number == int(number) and re.fullmatch(_PACKED, f"{number:.0f}"):
        return _in_text(f"{number:.0f}", f"{number:.0f}", None, None)
    day = day_of_number(number, since)
    if day is None or number < 20_000:
        raise BadCell(f"“{text_of(number)}”不是日期")
    return [_within(day)]


def _in_text(plain: str, text: str, year: int | None, after: date | None) -> list[date]:
    found: list[tuple[int, date]] = []
    rest = plain
    for pattern in (_YMD, _PACKED):
        for match in pattern.finditer(rest):
            found.append((match.start(), _made(int(match[1]), int(match[2]), int(match[3]), text)))
        rest = pattern.sub(lambda match: "\0" * len(match[0]), rest)
    for match in _FOREIGN.finditer(rest):
        found.append((match.start(), _foreign(int(match[1]), int(match[2]), int(match[3]), text)))
    rest = _FOREIGN.sub(lambda match: "\0" * len(match[0]), rest)
    for match in _SHORT_YEAR.finditer(rest):
        found.append(
            (match.start(), _made(2000 + int(match[1]), int(match[2]), int(match[3]), text))
        )
    rest = _SHORT_YEAR.sub(lambda match: "\0" * len(match[0]), rest)
    known = [day.year for _, day in found]
    for match in _MD.finditer(rest):
        if int(match[1]) > 12 or not int(match[1]):
            continue
        own = max((day for day in found if day[0] < match.start()), default=None)
        told, first = (own[1].year, own[1]) if own else (year, after)
        found.append((match.start(), _without_year(match, told, text, first)))
    if not found:
        if _MONTH.search(rest) and not known:
            raise BadCell(f"“{_short(text)}”没有写是哪一天")
        raise BadCell(f"“{_short(text)}”不是日期，请写成 2024-03-05 这样")
    return [day for _, day in sorted(found, key=lambda one: one[0])]


def _foreign(first: int, second: int, year: int, text: str) -> date:
    """5/13/2024 and 13/5/2024 are one day; 3/5/2024 may be two."""
    if first > 12 >= second:
        first, second = second, first
    elif second <= 12 and first != second:
        raise BadCell(f"“{_short(text)}”看不出是几月几日，请写成 {year}-03-05 这样")
    return _made(year, first, second, text)


def _without_year(match: "re.Match[str]", year: int | None, text: str, after: date | None) -> date:
    if year is None and after is not None:
        day = _made(after.year, int(match[1]), int(match[2]), text)
        return day if day >= after else _no_year(text)
    if year is None:
        return _no_year(text)
    day = _made(year, int(match[1]), int(match[2]), text)
    return day if after is None or day >= after else _no_year(text)


def _no_year(text: str) -> date:
    raise BadCell(f"“{_short(text)}”没有写年份，看不出是哪一年")


def _made(year: int, month: int, day: int, text: str) -> date:
    try:
        return _within(date(year, month, day))
    except ValueError as error:
        if isinstance(error, BadCell):
            raise
        raise BadCell(f"没有“{_short(text)}”这一天") from error


def _within(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadCell(
            f"{day.isoformat()} 不在 {FIRST_DAY.year} 年至 {LAST_DAY.year} 年之间，请核对"
        )
    return day


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"


def parts_of(value: Value) -> list[Value]:
    """The entries of a cell that has several, by semicolon or line."""
    if not isinstance(value, str):
        return [] if value is None else [value]
    return [part.strip() for part in _SPLIT.split(value) if part.strip()]


# -- numbers ------------------------------------------------------------------------------------------


def whole_of(value: Value) -> int | None:
    """A whole number: 20, “20个工作日”. Raises BadCell."""
    if value is None or isinstance(value, date):
        return None
    if isinstance(value, float):
        if value != int(value):
            raise BadCell(f"“{text_of(value)}”不是整数")
        return int(value)
    text = text_of(value)
    if text is None or folded(text) in NOTHING:
        return None
    found = _NUMBER.findall(unicodedata.normalize("NFKC", text))
    if len(found) != 1 or "." in found[0]:
        raise BadCell(f"“{_short(text)}”不是整数")
    return int(found[0])


def yuan_of(value: Value) -> Decimal | None:
    """A sum in yuan. Raises BadCell."""
    if value is None or isinstance(value, date):
        return None
    text = text_of(value)
    if text is None or folded(text) in ("无", "免", "免费", "否", "不收费", "0", "0元"):
        return None
    found = _NUMBER.findall(unicodedata.normalize("NFKC", text).replace(",", ""))
    try:
        amount = Decimal(found[0]) if len(found) == 1 else None
    except InvalidOperation:
        amount = None
    if amount is None or not 0 <= amount <= 10_000_000:
        raise BadCell(f"“{_short(text)}”不是金额")
    return amount or None


_DASHES = r"[-–—‐−_/ ]"
_IN_BRACKETS = re.compile(r"[〔\[【(（]\s*((?:19|20)\d{2})\s*[〕\]】)）]\D{0,6}?(\d{1,7})")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?:年|年度)?\D{1,8}?(\d{1,7})(?!\d)")
_RUN = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{1,12})(?!\d)")


def number_in(value: Value) -> str | None:
    """The number of a case in a cell, as the store writes it: 依申请〔2024〕12号 → 2024-0012, YSQ202403050012 →
    2024-3050012. None for an empty cell and a number without a year. Raises BadCell for what has no digit."""
    text = text_of(value)
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    for pattern in (_IN_BRACKETS, _YEAR_FIRST, _RUN):
        match = pattern.search(plain)
        if match and int(match[2]):
            return number_of(int(match[1]), int(match[2]))
    if not any(char.isdigit() for char in plain):
        raise BadCell(f"编号“{_short(text)}”里没有数字")
    return None


def count_in(value: Value) -> int | None:
    """The running number of a cell that tells no year: 12, “第12号”, 0012."""
    text = text_of(value)
    found = re.findall(r"\d+", unicodedata.normalize("NFKC", text or ""))
    return int(found[-1]) if found and len(found[-1]) <= 7 and int(found[-1]) else None


# -- words --------------------------------------------------------------------------------------------


def word_in(text: str, words: Mapping[str, Sequence[str]]) -> str | None:
    """The word of the law that a cell says: compared whole, then the longest that stands in it, but for one
    that is denied before (不予公开 is no 公开). None for none."""
    said = folded(text)
    exact, longest = _lookup(tuple((code, tuple(many)) for code, many in words.items()))
    if said in exact:
        return exact[said]
    bare = re.sub(r"^[\d一二三四五六七八九十().、（）]+", "", said)
    if bare in exact:
        return exact[bare]
    for word, code in longest:
        place = bare.find(word)
        if len(word) > 1 and place >= 0 and not _is_denied(word, bare[:place]):
            return code
    return None


def several_in(text: str, words: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The words of the law that the parts of a cell say, each as a whole (予以公开；信息不存在), in their order; none
    where the cell as a whole is one."""
    exact, _ = _lookup(tuple((code, tuple(many)) for code, many in words.items()))
    if folded(text) in exact:
        return ()
    parts = map(folded, _PARTS.split(unicodedata.normalize("NFKC", text)))
    return tuple(dict.fromkeys(exact[part] for part in parts if part in exact))


def _is_denied(word: str, before: str) -> bool:
    """A word that says no itself is denied by the sign before it alone."""
    return bool(_NO.intersection(before[-1:] if _NO.intersection(word) else before))


@cache
def _lookup(
    words: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    exact: dict[str, str] = {}
    for code, many in words:
        for word in (code, *many):
            exact.setdefault(folded(word), code)
    return exact, tuple(sorted(exact.items(), key=lambda one: -len(one[0])))


def is_masked(text: str | None) -> bool:
    """Whether some of it is hidden: 138****1234, 张某某, 李**."""
    return bool(text) and _MASK.search(unicodedata.normalize("NFKC", str(text))) is not None


def telephone_of(value: Value) -> str | None:
    """A telephone number; None for an empty cell and a masked one."""
    text = text_of(value)
    if text is None or is_masked(text):
        return None
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    return text if 7 <= len(digits) <= 20 else None


def identity_of(value: Value) -> str | None:
    """A number of identity; None for an empty cell and a masked one.

    Raises BadCell for one that a spreadsheet kept as a number: of eighteen digits it keeps fifteen.
    """
    if isinstance(value, float) or (
        isinstance(value, str) and re.fullmatch(r"\s*\d(\.\d+)?[eE]\+?\d+\s*", value)
    ):
        raise BadCell(
            "证件号码被表格软件当作数字保存，后几位已经丢失，没有采用。请改为文本格式、重新填写"
        )
    text = text_of(value)
    if text is None or is_masked(text):
        return None
    number = normal_form(text)
    if re.fullmatch(r"\d{15}000", number):
        raise BadCell("证件号码最后三位都是 0，可能被表格软件当作数字保存过，没有采用。请核对")
    return number or None


def in_figures(text: str) -> str:
    """A Chinese or Arabic number in figures: 三十六 → 36."""
    return in_digits(text)
