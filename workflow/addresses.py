"""Telephone numbers and e-mail addresses: as people write them, kept in one form."""

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

CHINA = "CN"
TELEPHONE_MOST = 60
"""Characters of a telephone number as written."""
WRONG_ADDRESS = "请填写有效的电子邮箱"
_CHARACTERS = re.compile(r"[+\d\s().-]+")
_EXTENSION = re.compile(
    r"(?P<number>.+?)\s*\(?(?:转|分机号?|内线|ext\.?|x|#|,|\*)\)?[\s:]*(?P<extension>\d{1,6})\)?",
    re.I,
)
_DASHED = re.compile(r"(?P<number>.+)[-\s]\s*(?P<extension>\d{1,6})")
_LABEL = re.compile(r"^(?:联系|办公)?(?:tel|phone|mobile|电话|手机|座机)[\s:]*", re.I)
_COUNTRY = re.compile(r"^\(?086\)?[\s-]*(?=1[3-9](?:[\s.-]*\d){9}(?!\d))")
"""+86 as some write it before a mobile number."""
_DASHES = re.compile(r"[‐‑‒–—―−ー─~_·•]")
_BRACKETS = str.maketrans("[]{}【】〔〕", "()()()()")
_LANDLINE = re.compile(r"0\d{2,3}[2-9]\d{6,13}")
"""With area code, and an extension that nothing parts from the number."""
_MOBILE = re.compile(r"1[3-9]\d{9}")


def telephone(written: str) -> str:
    """A telephone number in the form in which it is kept: 13800000000, 0876-3123456转801,
    400-810-8888, +852 6123 4567.

    Numbers without a country code are Chinese ones. Blanks, dashes, brackets, full-width characters,
    +86, extensions (转, 分机, ext) and invisible characters may stand in what was written. Raises ValueError.
    """
    plain = _plain(written)
    number, extension = _parsed(plain)
    digits = re.sub(r"[\s-]", "", plain)
    if len(written) <= TELEPHONE_MOST:
        if number is not None:
            return _kept(number) + (f"转{extension}" if extension else "")
        if _LANDLINE.fullmatch(digits) or _MOBILE.fullmatch(digits):
            return digits
    raise ValueError(
        "请填写 11 位手机号或带区号的座机；境外号码前请加国家或者地区代码，例如 +852 6123 4567"
    )


def mobile(written: str) -> str:
    """The eleven digits of a Chinese mobile number, to which an SMS can go; empty for any other
    telephone."""
    plain = _plain(written)
    number, extension = _parsed(plain)
    if number is None:
        digits = re.sub(r"[\s-]", "", plain)
        return digits if _MOBILE.fullmatch(digits) else ""
    if extension or number.country_code != 86:
        return ""
    return _kept(number) if _is_mobile(number) else ""


def email_address(written: str, *, anywhere: bool = True) -> str:
    """An e-mail address, its domain in small letters, full-width characters made narrow.

    anywhere: it must be one that can be reached from anywhere; else also one inside an office's net
    (li@mail.local). Whether the mailbox is there is not asked. Raises ValueError.
    """
    from email_validator import EmailNotValidError, validate_email

    plain = unicodedata.normalize("NFKC", written).strip()
    # Names inside a net are reserved ones and refused: they are looked at as part of one that is not.
    behind = "" if anywhere else ".example"
    try:
        found = validate_email(plain + behind, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(WRONG_ADDRESS) from error
    found = found.removesuffix(behind)
    if "." not in found.rpartition("@")[2]:
        raise ValueError(WRONG_ADDRESS)
    return found


def _plain(written: str) -> str:
    seen = "".join(char for char in written if unicodedata.category(char) != "Cf")
    narrow = unicodedata.normalize("NFKC", seen).translate(_BRACKETS)
    plain = _LABEL.sub("", _DASHES.sub("-", narrow).strip())
    return _COUNTRY.sub("+86 ", plain)


def _parsed(plain: str) -> "tuple[PhoneNumber | None, str]":
    """The number and its extension; None where it is no number that can exist."""
    for pattern in (None, _EXTENSION, _DASHED):
        found = pattern.fullmatch(plain) if pattern else None
        if pattern and not found:
            continue
        number = _number(found["number"] if found else plain)
        if number is not None and not (pattern is _DASHED and _is_mobile(number)):
            return number, found["extension"] if found else ""
    return None, ""


def _number(text: str) -> "PhoneNumber | None":
    # Letters would be read as the keys on which they stand.
    if not _CHARACTERS.fullmatch(text):
        return None
    import phonenumbers  # here and below: loaded with the first number or address that somebody writes

    try:
        number = phonenumbers.parse(text, CHINA)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _is_mobile(number: "PhoneNumber") -> bool:
    import phonenumbers

    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def _kept(number: "PhoneNumber") -> str:
    import phonenumbers

    if number.country_code != 86:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    digits = phonenumbers.national_significant_number(number)
    if _is_mobile(number):
        return digits
    area = phonenumbers.length_of_geographical_area_code(number)
    if area:
        return f"0{digits[:area]}-{digits[area:]}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL).replace(
        " ", "-"
    )
