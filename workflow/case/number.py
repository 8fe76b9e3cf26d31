"""The number of a case: the year and how many the body had in it, 2026-0012 (decision 4)."""

import re
import unicodedata

LARGEST_COUNT = 99_999
"""Running numbers beyond it are days and hours of other systems: the body's own numbers do not go on from
them."""


def number_of(year: int, count: int) -> str:
    """The count-th number of the year."""
    return f"{year}-{count:04d}"


def order_of(number: str) -> tuple[int, ...]:
    """What numbers of one body are sorted by: 2026-10000 comes after 2026-9999."""
    return tuple(int(part[:9]) for part in number.split("-") if part.isdecimal())


def numbers_in(text: str) -> list[str]:
    """What looks like numbers of cases in a text."""
    return re.findall(r"(?<!\d)(?:19|20)\d{2}-\d{4,}(?!\d)", text)


_WORD_BEFORE = r"(?:(?:依申请(?:公开)?|申请编号|申请|编号)[:号]?\s?)?"
"""What some write before a number."""
_WRITTEN = re.compile(
    _WORD_BEFORE + r"[〔\[(]?((?:19|20)\d{2})[〕\])]?\s?年?\s?[-–—‐−_/ ]?\s?第?\s?(\d{1,7})号?"
)


_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
}
_TENS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_IN_CHINESE = re.compile(f"[{''.join(_DIGITS)}{''.join(_TENS)}]+")


def in_digits(text: str) -> str:
    """A text with its Chinese numbers in figures: 二〇二六年十二月 → 2026年12月."""
    return _IN_CHINESE.sub(_in_digits, text)


def _in_digits(found: re.Match[str]) -> str:
    """二〇二六 → 2026, 十二 → 12, 一百零三 → 103."""
    if not set(found[0]) & set(_TENS):
        return "".join(str(_DIGITS[char]) for char in found[0])
    total = section = digit = 0
    for char in found[0]:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char == "万":
            total, section, digit = total + (section + digit) * _TENS[char], 0, 0
        else:
            section, digit = section + (digit or 1) * _TENS[char], 0
    return str(total + section + digit)


def number_written(text: str) -> str | None:
    """The one number that a text is, however it is written: 2026-12, ２０２６－００１２, 依申请〔2026〕12 号, 2026 年第
    12 号, 20260012, 二〇二六年第十二号. None for anything else."""
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().replace(" 号", "号")
    plain = in_digits(plain)
    found = _WRITTEN.fullmatch(plain)
    if found is None or int(found[2]) == 0:
        return None
    apart = plain != found[1] + found[2]
    return number_of(int(found[1]), int(found[2])) if apart or len(found[2]) >= 4 else None


def number_kept(text: str, years: range) -> str | None:
    """The same, where it is certainly a number and no day or count of another system: the year is one of these and stands
    apart from what follows, 2024-7 and 依申请〔2024〕7号, not 20240107."""
    number = number_written(text)
    if number is None or year_of(number) not in years:
        return None
    return (
        number if re.match(r"\D*\d{4}\D", in_digits(unicodedata.normalize("NFKC", text))) else None
    )


def year_of(number: str) -> int:
    """The year of a number."""
    return order_of(number)[0]


_CALLED = re.compile(r"^\W*(?:申请)?(?:编号|号码)\W*")
_CODE_CALLED = re.compile(r"^\W*查询码\W*")
_LIKE_DIGITS = str.maketrans("OoIl|", "00111")
_MEANT = re.compile(r"[\dOoIl|]{4}\W*[\dOoIl|]{3,}")
NOT_IN_CODES = "01ILO"
"""What looks like something else: no query code has it (workflow/store/sealed.py)."""
_KEPT = re.compile(r"\d{4}-\d{4,7}")


def number_given(text: str) -> str:
    """A number of a case in its one form, from whatever an applicant typed: full-width or with blanks, with “编号：”
    before it, with O for 0 and l for 1. What is no number of ours stays as it is, without blanks around it."""
    if _KEPT.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKC", text).strip()
    bare = _CALLED.sub("", plain)
    if _MEANT.fullmatch(bare):
        bare = bare.translate(_LIKE_DIGITS)
    return number_written(bare) or number_written(re.sub(r"\s", "", bare)) or text.strip()


def code_given(text: str) -> str:
    """A query code in its one form: letters and figures alone, upper case, without “查询码：” before it."""
    plain = _CODE_CALLED.sub("", unicodedata.normalize("NFKC", text))
    return "".join(char for char in plain if char.isalnum()).upper()
