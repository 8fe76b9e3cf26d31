"""Who somebody is: names and numbers in the one form in which they are tested, kept and hashed.

Numbers are tested by form only (law.md §9): no table of places holds all codes of living people.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from workflow.addresses import telephone

NO_CODE = "no_credit_code"
CREDIT_CODE = "credit_code"
CITIZEN_NUMBERS = ("resident_id", "hk_macao_taiwan_residence", "foreign_permanent_resident")
"""Kinds of proof whose 18 characters are of one system: place, date of birth, order, check character."""
_CODE_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_OLD_PERMANENT_RESIDENT = re.compile(r"[A-Z]{3}[0-9]{12}")


def normal_form(written: str) -> str:
    """A number of identity as it is tested, kept and hashed: NFKC, no blanks, hyphens or invisible
    characters, upper case.

    Rule: one person is one identity, whatever the habit of writing (law.md §9).
    """
    seen = None
    while seen != written:
        seen = written
        plain = unicodedata.normalize("NFKC", written)
        written = unicodedata.normalize(
            "NFKC", "".join(char for char in plain if not _between(char)).upper()
        )
    return written


def _between(char: str) -> bool:
    return (
        char.isspace() or unicodedata.category(char) in ("Cc", "Cf", "Pd", "Zs") or char in "−─ー"
    )


def plain_name(written: str) -> str:
    """A name without invisible characters, one blank for several; every visible character stays, dots
    between names and rare ones too. Raises ValueError where nothing is left."""
    seen = "".join(char for char in written if unicodedata.category(char) != "Cf")
    name = " ".join(seen.split())
    if not any(unicodedata.category(char)[0] in "LNS" or _is_private(char) for char in name):
        raise ValueError("请填写姓名或者名称")
    return name


def _is_private(char: str) -> bool:
    # Rare characters for which an office has a font of its own.
    return unicodedata.category(char) == "Co"


def wrong_number(kind: str, number: str, today: date) -> str | None:
    """What is wrong with a number in its normal form, in Chinese; None if it will do.

    kind: of proof (words.toml). Passports, permits and others are taken as they are.
    """
    if kind == CREDIT_CODE:
        return _wrong_credit_code(number)
    if kind == "resident_id":
        return _wrong_citizen_number(number, "身份证号", today)
    if kind == "hk_macao_taiwan_residence":
        wrong = _wrong_citizen_number(number, "居住证号", today)
        if wrong is None and number[:2] not in ("81", "82", "83"):
            return "港澳台居民居住证号以 81、82 或者 83 开头，请核对证件名称和号码"
        return wrong
    if kind == "foreign_permanent_resident":
        return _wrong_permanent_resident(number, today)
    return None


def _wrong_citizen_number(number: str, name: str, today: date) -> str | None:
    if len(number) != 18:
        return f"{name}应为 18 位，填写的是 {len(number)} 位，请核对"
    for place, char in enumerate(number, 1):
        if char not in "0123456789" and not (place == 18 and char == "X"):
            wanted = "数字或者字母 X" if place == 18 else "数字"
            return f"{name}第 {place} 位应为{wanted}，填写的是“{char}”，请核对"
    from stdnum.cn import ric  # here and below: loaded with the first number that is tested
    from stdnum.exceptions import InvalidComponent

    try:
        born = ric.get_birth_date(number)
    except InvalidComponent:
        return f"{name}第 7 至 14 位“{number[6:14]}”不是真实的出生日期，请核对"
    if born > today:
        return f"{name}第 7 至 14 位“{number[6:14]}”是还没有到的日期，请核对"
    if number[-1] != ric.calc_check_digit(number):
        return f"{name}最后一位（校验码）与前 17 位不符，请逐位核对"
    return None


def _wrong_permanent_resident(number: str, today: date) -> str | None:
    if _OLD_PERMANENT_RESIDENT.fullmatch(number):
        return None
    if len(number) == 18:
        if not number.startswith("9"):
            return "外国人永久居留身份证号（新版）以 9 开头，请核对证件名称和号码"
        return _wrong_citizen_number(number, "永久居留身份证号", today)
    return (
        "外国人永久居留身份证号新版为 18 位，旧版为 3 个字母和 12 位数字，"
        f"填写的是“{number[:20]}”，请核对"
    )


def _wrong_credit_code(code: str) -> str | None:
    if len(code) != 18:
        return f"统一社会信用代码应为 18 位，填写的是 {len(code)} 位，请核对"
    for place, char in enumerate(code, 1):
        if char not in _CODE_CHARACTERS:
            return (
                f"统一社会信用代码第 {place} 位“{char}”不在代码的字符之内"
                "（数字和大写字母，不用 I、O、S、V、Z），请核对"
            )
    from stdnum.cn import uscc

    if code[-1] != uscc.calc_check_digit(code[:-1]):
        return "统一社会信用代码最后一位（校验码）与前 17 位不符，请逐位核对"
    return None


def is_minor(private: Mapping[str, Any], today: date) -> bool:
    """The number of an identity card tells a birth less than 18 years ago (民法典17)."""
    if private.get("id_type") not in CITIZEN_NUMBERS or not private.get("id_number"):
        return False
    from stdnum.cn import ric
    from stdnum.exceptions import ValidationError

    try:
        born = ric.get_birth_date(private["id_number"])
    except (ValidationError, ValueError):  # a number of paper may be anything
        return False
    return (today.year - born.year, today.month, today.day) < (18, born.month, born.day)


def proof_of(private: Mapping[str, Any], *, citizen: bool) -> str | None:
    """What is hashed of an applicant's proof of identity; None where it has no number.

    private: what is kept sealed of the applicant. The 18 characters of one system are one identity
    whatever the card is called; a code is, whichever field it was written in. Proof in words is none:
    two bodies may say the same.
    """
    kind, number = private.get("id_type") or "other", private.get("id_number")
    if not citizen and private.get(CREDIT_CODE):
        kind, number = CREDIT_CODE, private[CREDIT_CODE]
    number = normal_form(number or "")
    if not number or kind == NO_CODE:
        return None
    if kind == CREDIT_CODE:
        return number
    if kind in CITIZEN_NUMBERS and len(number) == 18:
        kind = "resident_id"
    return f"{kind} {number}"


def proof_in_case(private: Mapping[str, Any], *, citizen: bool, salt: str) -> str | None:
    """The same of an applicant of a new case, to whose salt it belongs; None where there is no proof, or a wrong one."""
    gaps = private.get("gaps", ())
    proof = None if "identity_wrong" in gaps else proof_of(private, citizen=citizen)
    if proof is None and "name" in gaps:
        # Two people who told no name are not one person, however alike they are described.
        proof = f"unnamed in case {salt}"
    return proof


def proofs_of(number: str, kinds: Iterable[str]) -> set[str]:
    """Everything that `proof_of` may say of a number that somebody typed without saying of which paper it is."""
    said = [{"id_type": kind, "id_number": number} for kind in kinds]
    return {proof for one in said if (proof := proof_of(one, citizen=True)) is not None}


def in_normal_form(private: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept sealed of an applicant, with every number of identity and telephone in the form in
    which a new one is kept."""
    kept = dict(private)
    if isinstance(kept.get("phone"), str):
        with suppress(ValueError):
            kept["phone"] = telephone(kept["phone"])
    for field in ("id_number", CREDIT_CODE):
        if isinstance(kept.get(field), str):
            kept[field] = normal_form(kept[field])
    if isinstance(kept.get("agent"), dict):
        kept["agent"] = in_normal_form(kept["agent"])
    return kept


_REACHED_BY = ("id_number", CREDIT_CODE, "phone", "fax", "email")


def numbers_of(private: Mapping[str, Any]) -> set[str]:
    """Numbers of identity, telephones and e-mail addresses of an applicant and an agent, in the form in which they
    are compared. private: what is kept sealed of the applicant."""
    said = {normal_form(str(private[name])) for name in _REACHED_BY if private.get(name)}
    agent = private.get("agent")
    return (said | numbers_of(agent) if isinstance(agent, dict) else said) - {""}


SHORTEST_PHONE = 9
"""Characters from which the first three and the last four do not tell the whole."""


def masked_id(number: str | None) -> str:
    """An identity number for people who need not know it whole."""
    if not number:
        return ""
    return number[:3] + "*" * max(0, len(number) - 5) + number[-2:]


def masked_phone(phone: str | None) -> str:
    """A telephone for people who need not know it whole; of one too short to be right, its end."""
    if not phone:
        return ""
    if len(phone) < SHORTEST_PHONE:
        return "****" + phone[-2:]
    return phone[:3] + "****" + phone[-4:]


def masked_person(name: str) -> str:
    """张某: a human being's name for people who need not know it whole."""
    return name[:1] + "某" if name else ""


def masked_email(address: str) -> str:
    """An e-mail address for people who need not know it whole: its first letter and where it goes."""
    name, at, host = address.partition("@")
    return f"{name[:1]}***{at}{host}" if at else "***"


def masked_address(address: str) -> str:
    """A postal address for people who need not know it whole: the beginning, not the house."""
    return address[: min(6, len(address) // 2)] + "****" if address else ""


def masked_name(name: str) -> str:
    """张某; for organisations the name stays."""
    return name[0] + "某" if 1 < len(name) <= 4 else name
