"""One row of a ledger as what happened to a case: who asked for what, and a sequence of events with their days.

What a cell says and what the engine will make of it are two things: here a row is read, workflow/docket/ledger/
taking.py plays it.
"""

import re
from collections.abc import Mapping
from typing import Any

from config.law import Law
from config.ledger import Ledger
from workflow.case.facts import Applicant
from workflow.case.number import number_of
from workflow.docket.ledger import values
from workflow.docket.ledger.book import Value
from workflow.docket.ledger.ending import Ending
from workflow.docket.ledger.heads import Line
from workflow.docket.ledger.procedure import Procedure
from workflow.docket.ledger.reading import WAITING, Cells, Read, Words
from workflow.docket.ledger.values import BadCell
from workflow.docket.ledger.written import UNACCEPTED
from workflow.rules.columns import column_of
from workflow.rules.secrecy import bears_secret_mark

LONGEST_REQUEST, LONGEST_REMARK = 4000, 1200
NO_REQUEST = "（台账没有写申请内容）"


class Reader:
    """Reads the rows of a file. settings: of the body, for what an applicant's name tells of the column."""

    def __init__(self, law: Law, table: Ledger, settings: Mapping[str, Any]) -> None:
        outcomes = {
            code: (*words, law.outcomes[code].label) if code in law.outcomes else words
            for code, words in table.words["outcome"].items()
        }
        self.words = Words(law, table, settings, outcomes)

    def read(self, line: Line) -> Read:
        """The row, with everything that is wrong with it."""
        return _Row(self.words, Read(line)).read()


class _Row(Cells):
    """The part of a row that tells who asked for what, and when that came in."""

    def read(self) -> Read:
        made = self.made
        made.number = self.tried("number", self._number, self.cell("number"), None)
        self._receipt()
        self._applicants()
        self._request()
        self._beside()
        if made.outcome == WAITING:
            pass
        elif made.received_on is not None:
            Procedure(self.words, made).read()
            Ending(self.words, made).read()
        self._secret_marks()
        made.steps.sort(key=lambda step: step.on)
        return made

    def _number(self, value: Value) -> str | None:
        found = values.number_in(value)
        text = values.text_of(value)
        if found is None and text is not None:
            count, year = values.count_in(value), self._year_of_number()
            if count and year:
                found = number_of(year, count)
            else:
                raise BadCell(f"编号“{text[:30]}”里没有年份，看不出是哪一年的")
        if found is None and "number" not in self.line.values:
            count, year = values.count_in(self.line.values.get("place")), self._year_of_number()
            if count and year:
                found = number_of(year, count)
        if found is None:
            raise BadCell("没有编号")
        if text is not None and values.folded(text) != found:
            self.made.told["台账编号"] = text[:60]
        return found

    def _year_of_number(self) -> int | None:
        """Of a running number: the year of its sheet, else of its receipt."""
        try:
            received = values.day_of(
                self.line.values.get("received_on"), self.line.year, self.line.days_from
            )
        except BadCell:
            received = None
        return self.line.year or (received.year if received else None)

    def _receipt(self) -> None:
        made = self.made
        received = self.day("received_on")
        made.submitted_on = self.day("submitted_on")
        if received is None and "received_on" not in {one.column for one in made.errors}:
            received = made.submitted_on
            if received is None:
                self.error("received_on", "没有收到日期")
            elif not any(
                self.cell(one) for one in ("answered_on", "served_on", "assigned_on", "due")
            ):
                made.outcome = WAITING
            elif "received_on" in self.line.values:
                self.warn("received_on", f"没有收到日期，按提交日期 {received.isoformat()} 登记")
        if received and made.submitted_on and made.submitted_on > received:
            self.error("submitted_on", f"提交日期 {made.submitted_on} 晚于收到日期 {received}")
        made.received_on = received
        text = self.text("channel")
        made.channel = values.word_in(text, self._channels()) if text else None
        if text and made.channel is None:
            made.told["渠道"] = text[:60]
            self.warn("channel", f"没有“{text[:20]}”这种渠道，按当面提交登记，原文记入备注")

    def _channels(self) -> dict[str, tuple[str, ...]]:
        labels = self.law.words.channels
        return {
            code: (labels[code]["label"], *words)
            for code, words in self.table.words["channel"].items()
        }

    def _applicants(self) -> None:
        made, text = self.made, self.text("applicant")
        categories = [
            self._category(part)
            for part in re.split(r"[、,，;；\n/]+", self.text("category") or "")
        ]
        names = [text] if text else [""]
        parts = [one.strip() for one in re.split(r"[、;；\n]+", text or "") if one.strip()]
        persons = all(2 <= len(one) <= 4 for one in parts)
        if len(parts) > 1 and (len(categories) == len(parts) or persons):
            names = parts
        if len(categories) != len(names):
            categories = [categories[0]] * len(names)
        made.applicants = tuple(
            self._applicant(name, *category)
            for name, category in zip(names, categories, strict=True)
        )
        made.private = self._private()

    def _category(self, text: str) -> tuple[str | None, bool]:
        """The column that a cell names, and whether it names an organisation of no kind."""
        text = text.strip()
        if not text:
            return None, False
        labels = {
            code: (self.law.formats.columns[code], *words)
            for code, words in self.table.words["category"].items()
        }
        found = values.word_in(text, {**self.table.words["organization"], **labels})
        if found == "organization":
            return None, True
        if found is None:
            self.warn("category", f"没有“{text[:20]}”这种申请人类别，按名称判断")
        return found, False

    def _applicant(self, name: str, category: str | None, organization: bool) -> Applicant:
        """Masked, the name stays empty; the column that its ending tells is kept."""
        masked = values.is_masked(name)
        if masked:
            self.warn("applicant", "申请人姓名是隐去的，没有采用，姓名留空")
        column = category or column_of(
            self.law, self.words.settings, None, name[:200] or None, citizen=not organization
        )
        citizen = column == "natural_person"
        if masked:
            return Applicant("", column, None, citizen)
        return Applicant(name[:200], category, None if citizen else name[:200] or None, citizen)

    def _private(self) -> dict[str, Any]:
        """Contact and proof, where they are told whole."""
        found: dict[str, Any] = {}
        contact = self.text("contact")
        phone = values.telephone_of(contact)
        if phone:
            found["phone"] = phone[:60]
        elif contact and "@" in contact and not values.is_masked(contact):
            found["email"] = contact[:200]
        for column in ("email", "address"):
            text = self.text(column)
            if text and not values.is_masked(text):
                found[column] = text[:300]
        try:
            number = values.identity_of(self.line.values.get("id_number"))
        except BadCell as problem:
            self.warn("id_number", str(problem))
            number = None
        if number and len(number) <= 40:
            citizen = self.made.applicants[0].citizen
            if citizen:
                found["id_number"] = number
                found["id_type"] = (
                    "resident_id" if re.fullmatch(r"\d{17}[\dX]", number) else "other"
                )
            else:
                found["credit_code" if len(number) == 18 else "id_number"] = number
        return found

    def _request(self) -> None:
        made, text = self.made, self.text("request")
        if text is None:
            self.warn("request", "没有申请内容")
        elif len(text) > LONGEST_REQUEST:
            self.warn("request", f"申请内容超过 {LONGEST_REQUEST} 字，后面的没有采用")
        made.request = (text or NO_REQUEST)[:LONGEST_REQUEST]
        made.items = (made.request,)

    def _beside(self) -> None:
        """What the store has no place of its own for is kept in words under its head."""
        made, columns = self.made, self.table.columns
        for column in ("handler", "signer", "letter", "basis", "published", "tracking", "archive"):
            text = self.text(column)
            if text:
                made.told[columns[column].head] = text[:200]
        remark = self.text("remark")
        if remark:
            self._tied(remark)
            made.told["备注"] = remark[:LONGEST_REMARK]
        for head, value in self.line.unused.items():
            text = self.tried("remark", values.text_of, value, None)
            if text and not _is_private(head):
                made.told.setdefault(head[:30], text[:200])
        for column in ("used_days", "late"):
            text = self.text(column)
            if text:
                made.said[column] = text

    def _tied(self, remark: str) -> None:
        """Ties to another case, in the words in which the export writes them."""
        redo = re.search(r"系\s*(\d{4}-\d{4,})\s*的(重新|补充|更正)答复（(责令|自行)）", remark)
        if redo:
            modes = {"补充": "supplement", "更正": "correct", "重新": "replace"}
            self.made.redo_of = redo[1]
            self.made.redo_mode = modes[redo[2]] if redo[3] == "自行" else None
            self.made.redo_due = self.day("due")
        self.made.unaccepted = UNACCEPTED in remark
        joint = re.search(r"与\s*(\d{4}-\d{4,}|[\w〔〕()（）]+)\s*一并答复", remark)
        if joint:
            self.made.joint_letter = joint[1][:64]

    def _secret_marks(self) -> None:
        """A classified document must not come in (保密法31(3))."""
        for column, value in self.line.values.items():
            if isinstance(value, str) and bears_secret_mark(value):
                self.error(column, "内容带有密级标志。本系统不处理国家秘密，请删去涉密内容")


def _is_private(head: str) -> bool:
    """A column that may tell who somebody is: it is not kept in words."""
    return any(
        word in head
        for word in ("证", "电话", "手机", "地址", "邮箱", "住址", "联系", "年龄", "性别")
    )
