"""Reviews and suits of a row: number, result and days in words, several by semicolon.

As the export writes them: 号 “〔2024〕5号（2024-03-01 申请）”, 结果 “撤销（2024-05-06）”.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from config.law import Law
from config.ledger import Ledger
from workflow.docket.ledger import values
from workflow.docket.ledger.heads import Line
from workflow.docket.ledger.values import BadCell

KINDS = {"review": "复议", "suit": "诉讼"}
_PUT_INTO_WORDS = re.compile(
    r"[（(][^（）()]*\d{1,4}\s*[-/.年月][^（）()]*[）)]|(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?"
)
_NO = frozenset(("否", "无", "未", "没有", "不涉及", "未申请", "未提起", "0"))


@dataclass(frozen=True, slots=True)
class DisputeStep:
    """An event of a review or suit. filled: fields that nobody told."""

    event: str
    on: date
    column: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    filled: tuple[str, ...] = ()


Findings = list[tuple[str, str, bool]]
"""Column, message, and whether it is an error."""


def disputes_of(
    line: Line, table: Ledger, law: Law, received_on: date | None
) -> tuple[list[DisputeStep], Findings, dict[str, str]]:
    """The events of the reviews and suits of a row, what is wrong, and what is left to the remark."""
    reading = _Disputes(line, table, law, received_on)
    for kind in KINDS:
        reading.read(kind)
    return reading.steps, reading.findings, reading.told


class _Disputes:
    def __init__(self, line: Line, table: Ledger, law: Law, received_on: date | None) -> None:
        self.line, self.table, self.law, self.received_on = line, table, law, received_on
        self.steps: list[DisputeStep] = []
        self.findings: Findings = []
        self.told: dict[str, str] = {}

    def read(self, kind: str) -> None:
        numbers, results = self._entries(kind), self._entries(f"{kind}_result")
        for place in range(max(len(numbers), len(results))):
            number = numbers[place] if place < len(numbers) else ""
            result = results[place] if place < len(results) else ""
            self._one(kind, 1 + place, number, result)

    def _entries(self, column: str) -> list[str]:
        try:
            texts = [values.text_of(part) for part in values.parts_of(self.line.values.get(column))]
        except BadCell as problem:
            self.findings.append((column, str(problem), True))
            return []
        return ["" if text is None or values.folded(text) in _NO else text for text in texts]

    def _day(self, column: str, text: str) -> date | None:
        if not any(char.isdigit() for char in _PUT_INTO_WORDS.sub("\0", text)) and "\0" not in (
            _PUT_INTO_WORDS.sub("\0", text)
        ):
            return None
        told = _PUT_INTO_WORDS.findall(text)
        try:
            days = values.days_of(" ".join(told), self.line.year) if told else []
        except BadCell as problem:
            self.findings.append((column, str(problem), True))
            return None
        return days[-1] if days else None

    def _one(self, kind: str, number: int, about: str, result: str) -> None:
        if not about and not result:
            return
        word, column = KINDS[kind], f"{kind}_result"
        filed = self._day(kind, about)
        code = self._result(kind, result) if result else None
        ended = self._day(column, result)
        if result and code is None:
            self.findings.append((column, f"没有“{result[:20]}”这种{word}结果", True))
            return
        if (code and ended is None) or (not code and filed is None):
            what = f"{word}结果没有写日期" if code else f"没有写{word}的日期"
            self.findings.append(
                (column, f"{what}，看不出计入哪一年，没有登记为{word}，原文记入备注", False)
            )
            self.told[word] = "，".join(filter(None, (about, result)))[:200]
            return
        first = filed or ended
        assert first is not None
        if self.received_on and first < self.received_on:
            self.findings.append((kind, f"{word}日期 {first} 早于收到申请之日", True))
            return
        if ended and ended < first:
            self.findings.append((column, f"{word}结案 {ended} 早于{'申请' if kind == 'review' else '起诉'} {first}", True))  # fmt: skip
            return
        self.steps.append(
            DisputeStep(f"file_{kind}", first, kind, self._filing(kind, number, about, first),
                        () if filed else ("on",))
        )  # fmt: skip
        if code and ended:
            fields = {"proceeding": number, "result": code}
            self.steps.append(DisputeStep(f"conclude_{kind}", ended, column, fields))

    def _filing(self, kind: str, number: int, about: str, on: date) -> dict[str, Any]:
        fields: dict[str, Any] = {"proceeding": number}
        if "第三方" in about:
            fields["by"] = "third_party"
        case_number = _PUT_INTO_WORDS.sub("", about).strip(" ，,")
        if kind == "review":
            return {**fields, "case_number": case_number[:200] or None}
        reviewed = any(one.event == "conclude_review" and one.on <= on for one in self.steps)
        after = "经复议" in about or "复议后" in about or (reviewed and "直接" not in about)
        fields["via"] = "after_review" if after else "direct"
        fields["instance"] = "appeal" if "二审" in about or "上诉" in about else "first"
        if "共同" in about:
            fields["role"] = "co_defendant"
        return {**fields, "note": f"案号：{case_number}"[:200] if case_number else None}

    def _result(self, kind: str, text: str) -> str | None:
        labels = {
            code: (self.law.results[(kind, code)].label, *words)
            for code, words in self.table.words[f"{kind}_result"].items()
        }
        return values.word_in(_PUT_INTO_WORDS.sub("", text).strip(" ，,（）()"), labels)
