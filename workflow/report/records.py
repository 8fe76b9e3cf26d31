"""The records that an answered case must have, as its row of table 三 asks for them (V20, V28)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

ROWS = frozenset(
    ("partially_disclosed", "not_processed_repeat", "other_correction_lapsed", "other_fee_unpaid")
)
"""Rows besides 不予公开 that need a record. Couriers need no look: the machine refuses them (邮政法55)."""
EVENTS = ("propose_outcome", "consult_third_party", "require_correction", "charge_fee", "serve")
"""The events in whose fields the records stand."""
_ONLY_RULES = re.compile("规章|办法|规定|规则|细则")
_LAW = re.compile("(?<!办)法(?:[》>第(（]|$)|条例|法律|行政法规")
NEEDED = {
    "refused_state_secret": ("secrecy_level", "没有登记密级、定密机关和定密日期"),
    "refused_third_party_rights": ("consulted", "没有征求第三方意见的记录"),
    "not_processed_repeat": ("linked", "没有关联到前一件申请"),
    "other_correction_lapsed": ("notice_proof", "没有补正通知送达的证明"),
    "other_fee_unpaid": ("fee_notice_proof", "没有收费通知送达的证明"),
}


@dataclass(frozen=True, slots=True)
class CaseFact:
    """What the checks ask of a case of the year. row: its row of table 三, None while it is open.

    secrecy_level … fee_notice_proof: the record that a row needs (V20). overdue: open or answered after
    its due day, at the end of the year (V27). bases: the texts that a refusal rests on (V28). courier:
    served by another courier than the post (V29). review_first: the refusal rests on 条例14 to 16, whole or
    in part. sued_over_silence: a suit without review where review comes first (V19). evidence_after_copy,
    copy_unknown: of a review or suit of the year (V33).
    """

    number: str
    row: str | None = None
    served_on: date | None = None
    overdue: bool = False
    secrecy_level: str | None = None
    consulted: bool = False
    linked: bool = False
    notice_proof: bool = False
    fee_notice_proof: bool = False
    redaction_log: bool = False
    bases: tuple[str, ...] = ()
    courier: str | None = None
    remedy_text: bool = True
    review_first: bool = False
    review_first_text: bool = True
    sued_directly: bool = False
    sued_over_silence: bool = False
    evidence_after_copy: bool = False
    copy_unknown: bool = False


def needs_records(row: str | None) -> bool:
    """True for a row of table 三 whose cases must have a record besides the reply."""
    return row is not None and (row in ROWS or row.startswith("refused_"))


def record_of(
    number: str, row: str, closed_on: date, lines: Iterable[tuple[str, Mapping[str, Any]]]
) -> CaseFact:
    """What lines of a log, (event, fields) of EVENTS as they hold, tell of a case that was closed."""
    last = dict(lines)
    answer = last.get("propose_outcome", {})
    parts: list[Mapping[str, Any]] = [answer, *(answer.get("items") or ())]
    levels = [part["classification"]["level"] for part in parts if part.get("classification")]
    return CaseFact(
        number,
        row=row,
        served_on=closed_on if "serve" in last else None,
        secrecy_level=levels[0] if levels else None,
        consulted="consult_third_party" in last or _any(parts, "no_consultation_reason"),
        linked=_any(parts, "earlier_reply"),
        notice_proof="require_correction" in last,
        fee_notice_proof="charge_fee" in last,
        redaction_log=_any(parts, "redaction", "redactions", "note"),
        bases=tuple(str(part["citation"]) for part in parts if part.get("citation")),
    )


def _any(parts: list[Mapping[str, Any]], *fields: str) -> bool:
    return any(part.get(name) for part in parts for name in fields)


def without_record(case: CaseFact) -> str | None:
    """The record that a case's row needs and that is not there, in words (V20)."""
    name, message = NEEDED.get(case.row or "", ("", ""))
    return message if name and not getattr(case, name) else None


def without_ground(case: CaseFact) -> Iterator[str]:
    """What a refusal, whole or in part, does not rest on as it should (V28)."""
    if case.row == "partially_disclosed" and not case.redaction_log:
        yield "部分公开，没有区分处理的记录"
    if case.row == "refused_forbidden_by_law" and case.bases and not any(
        _LAW.search(basis) for basis in case.bases
    ) and any(_ONLY_RULES.search(basis) for basis in case.bases):  # fmt: skip
        yield (
            f"不予公开只依据{'、'.join(case.bases)}，规章不能作为“其他法律、行政法规禁止公开”的依据"
        )


def is_sound(case: CaseFact) -> bool:
    """No check finds fault with the records of the case."""
    return without_record(case) is None and not any(True for _ in without_ground(case))
