"""One row of a ledger as what happened to a case: who asked for what, and a sequence of events with their days.

What a cell says and what the engine will make of it are two things: here a row is read, workflow/docket/ledger/
taking.py plays it. Findings name our column; errors stop the import, warnings say what was left to the remark.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from config.law import Law
from config.ledger import OTHER_MISC, Ledger
from workflow.case.facts import Applicant
from workflow.case.number import number_of
from workflow.docket.ledger import values
from workflow.docket.ledger.book import Value
from workflow.docket.ledger.disputes import disputes_of
from workflow.docket.ledger.ending import Ending
from workflow.docket.ledger.heads import Line
from workflow.docket.ledger.values import BadCell
from workflow.docket.ledger.written import UNACCEPTED
from workflow.rules.columns import column_of
from workflow.rules.outcomes import row_of
from workflow.rules.secrecy import bears_secret_mark

Got = TypeVar("Got")
LONGEST_REQUEST, LONGEST_REMARK = 4000, 1200
WAITING = "submitted"
"""Of a row that nobody has confirmed yet: submitted, not received."""
NO_REQUEST = "（台账没有写申请内容）"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong with, or to be known of, a row. column: name of ours, None for the row."""

    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """An event of the row. column: which of ours tells it; optional: if the rules refuse it, it goes into the
    remark and the row goes on; filled: fields that nobody told."""

    event: str
    on: date
    column: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    optional: bool = False
    filled: tuple[str, ...] = ()


@dataclass(slots=True)
class Read:
    """A row that was read. number: None where the row has none of its own. told: what stands beside the case
    in words, by our heads. private: contact and proof, to be sealed. said: what the sheet says came out
    (用时, 是否超期), to be compared. days_only: of a case with no answer yet."""

    line: Line
    number: str | None = None
    applicants: tuple[Applicant, ...] = ()
    request: str = ""
    items: tuple[str, ...] = ()
    received_on: date | None = None
    submitted_on: date | None = None
    channel: str | None = None
    steps: list[Step] = field(default_factory=list)
    private: dict[str, Any] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    redo_of: str | None = None
    redo_mode: str | None = None
    redo_due: date | None = None
    joint_letter: str | None = None
    outcome: str | None = None
    unaccepted: bool = False
    errors: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)


class Reader:
    """Reads the rows of a file. settings: of the body, for what an applicant's name tells of the column."""

    def __init__(self, law: Law, table: Ledger, settings: Mapping[str, Any]) -> None:
        self.law, self.table, self.settings = law, table, settings
        self.outcomes = {
            code: (*words, self.law.outcomes[code].label) if code in self.law.outcomes else words
            for code, words in table.words["outcome"].items()
        }

    def read(self, line: Line) -> Read:
        """The row, with everything that is wrong with it."""
        return RowReading(self, line).read()


class RowReading:
    """A row while it is read."""

    def __init__(self, reader: Reader, line: Line) -> None:
        self.law, self.table, self.reader = reader.law, reader.table, reader
        self.line = line
        self.made = Read(line)

    # -- cells ----------------------------------------------------------------------------------------

    def error(self, column: str | None, message: str) -> None:
        self.made.errors.append(Finding(column, message))

    def warn(self, column: str | None, message: str) -> None:
        self.made.warnings.append(Finding(column, message))

    def tried(self, column: str, read: Callable[[Value], Got], value: Value, empty: Got) -> Got:
        """What the reader of a cell gives; what is wrong with the cell is an error of the row."""
        try:
            return read(value)
        except BadCell as problem:
            self.error(column, str(problem))
            return empty

    def cell(self, column: str) -> Value:
        return self.line.values.get(column)

    def text(self, column: str) -> str | None:
        return self.tried(column, values.text_of, self.cell(column), None)

    def day(self, column: str) -> date | None:
        return self.tried(column, self._one_day, self.cell(column), None)

    def _one_day(self, value: Value) -> date | None:
        line = self.line
        return values.day_of(value, line.year, line.days_from, self.made.received_on)

    def _some_days(self, value: Value) -> list[date]:
        line = self.line
        return values.days_of(value, line.year, line.days_from, self.made.received_on)

    def days(self, column: str) -> list[list[date]]:
        """Days of each entry of the cell."""
        empty: list[date] = []
        parts = values.parts_of(self.cell(column))
        found = [self.tried(column, self._some_days, one, empty) for one in parts]
        return found if any(found) else []

    def word(self, column: str, kind: str | None = None) -> str | None:
        text = self.text(column)
        return values.word_in(text, self.table.words[kind or column]) if text else None

    # -- the row --------------------------------------------------------------------------------------

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
            self._procedure()
            self._ending()
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
            code: (labels[code]["label"], *words) if isinstance(labels[code], Mapping) else words
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
            self.law, self.reader.settings, None, name[:200] or None, citizen=not organization
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

    # -- what happened ----------------------------------------------------------------------------------

    def step(self, event: str, on: date, column: str, **more: Any) -> None:
        filled = more.pop("filled", ())
        optional = more.pop("optional", False)
        told = {name: value for name, value in more.items() if value is not None}
        self.made.steps.append(Step(event, on, column, told, optional, filled))

    def _procedure(self) -> None:
        self._corrections()
        self._assignment()
        self._parties()
        self._bodies()
        self._extension()
        self._fee()

    def _assignment(self) -> None:
        """Nothing is assigned while a correction is awaited: that counts from its receipt."""
        assigned, unit, inner = self.day("assigned_on"), self.text("unit"), self.day("inner_due")
        received = self.made.received_on
        assert received is not None
        if not (assigned or unit or inner):
            return
        on = assigned or received
        if on < received:
            self.warn("assigned_on", f"交办日期 {on} 早于收到日期，按收到日期登记")
            on = received
        asked = None
        for step in self.made.steps:
            if step.event == "require_correction":
                asked = step.on
            elif step.event == "correct" and asked is not None and asked <= on < step.on:
                on = step.on
        if assigned and on != assigned:
            self.made.told["交办日期"] = assigned.isoformat()
        self.step(
            "assign", on, "assigned_on", to=unit and unit[:200], due=inner, optional=True,
            filled=() if on == assigned else ("on",),
        )  # fmt: skip

    def _corrections(self) -> None:
        sent = self.days("correction_sent")
        due, got = self.days("correction_due"), self.days("correction_got")
        if not sent:
            for column, told in (("correction_due", due), ("correction_got", got)):
                if told:
                    self.warn(column, "没有补正发出日期，补正没有登记，日期记入备注")
                    self.made.told[self.table.columns[column].head] = "；".join(
                        f"{one[0]}" for one in told if one
                    )
            return
        for place, days in enumerate(sent):
            if not days:
                continue
            arrived = days[1] if len(days) > 1 else None
            last = _first(due, place)
            if last is not None and last <= days[0]:
                self.error("correction_due", f"补正期限 {last} 不晚于补正发出 {days[0]}")
            self.step(
                "require_correction", days[0], "correction_sent", deadline_on=last,
                reached_on=arrived or days[0], defects=("补正内容见卷内材料",),
                filled=("defects",) if arrived else ("defects", "reached_on"), optional=True,
            )  # fmt: skip
            came = _first(got, place)
            if came is not None:
                if came < days[0]:
                    self.error("correction_got", f"补正收到 {came} 早于补正发出 {days[0]}")
                self.step("correct", came, "correction_got", optional=True)

    def _parties(self) -> None:
        sent, got = self.days("party_sent"), self.days("party_got")
        texts = [one for part in values.parts_of(self.line.values.get("party_opinion"))
                 if (one := values.text_of(part))]  # fmt: skip
        if not sent and texts:
            self.made.told["第三方征询意见"] = "；".join(texts)[:200]
        for place, days in enumerate(sent):
            if not days:
                continue
            text = texts[place] if place < len(texts) else None
            opinion = values.word_in(text, self.table.words["opinion"]) if text else None
            answered = _first(got, place)
            if text and opinion is None:
                self.warn("party_opinion", f"看不出“{text[:20]}”是同意还是不同意，原文记入备注")
                self.made.told["第三方征询意见"] = text[:200]
            if answered and answered < days[0]:
                self.error("party_got", f"收到意见 {answered} 早于发出 {days[0]}")
            self._asked("consult_third_party", "party_sent", days, answered, opinion)

    def _bodies(self) -> None:
        """发出、收到 in one cell: the first day, and the last of several."""
        for days in filter(None, self.days("bodies_asked")):
            if len(days) > 1 and days[-1] < days[0]:
                self.error("bodies_asked", "收到意见早于发出")
            reached = days[1:2] if len(days) > 2 else []
            self._asked(
                "consult_other_agency", "bodies_asked", [days[0], *reached],
                days[-1] if len(days) > 1 else None, None,
            )  # fmt: skip
        text = self.line.values.get("bodies_asked")
        if isinstance(text, str) and "共同制作" in text:
            self.made.steps = [
                Step("consult_joint_agency", *(one.on, one.column, one.fields, one.optional, one.filled))
                if one.event == "consult_other_agency" else one
                for one in self.made.steps
            ]  # fmt: skip

    def _asked(
        self, event: str, column: str, days: list[date], answered: date | None, opinion: str | None
    ) -> None:
        number = 1 + sum(one.event.startswith("consult_") for one in self.made.steps)
        arrived = days[1] if len(days) > 1 else None
        if opinion == "none" and arrived is None:
            arrived = days[0]
        self.step(
            event, days[0], column, consultation=number, reached_on=arrived, optional=True,
            filled=("reached_on",) if arrived and len(days) == 1 else (),
        )  # fmt: skip
        if answered is not None:
            self.step(
                "record_opinion",
                answered,
                column,
                consultation=number,
                opinion=opinion,
                optional=True,
            )

    def _extension(self) -> None:
        on, told = self.day("extension_on"), self.day("extension_told")
        days = self.tried("extension_days", values.whole_of, self.cell("extension_days"), None)
        if on is None and told is None:
            if days:
                self.warn("extension_days", "没有延期批准日期，延期没有登记，天数记入备注")
                self.made.told["延期天数"] = str(days)
            return
        filled: tuple[str, ...] = ()
        if days is None or not 1 <= days <= 400:
            if days is None and not any(one.column == "extension_days" for one in self.made.errors):
                self.warn("extension_days", "没有延期天数，按 20 个工作日登记")
            days, filled = 20, ("days",)
        first = on or told
        assert first is not None
        self.step(
            "extend", first, "extension_on", days=days, optional=True, filled=filled,
            reached_on=told if told and told >= first else None,
        )  # fmt: skip

    def _fee(self) -> None:
        on, paid = self.day("fee_on"), self.day("fee_paid")
        amount = self.tried("fee_amount", values.yuan_of, self.cell("fee_amount"), None)
        if on is None:
            if amount or paid:
                self.warn("fee_on", "没有收费通知日期，收费没有登记，记入备注")
                self.made.told["收费"] = "，".join(
                    str(one) for one in (amount and f"{amount} 元", paid) if one
                )
            return
        self.step(
            "charge_fee", on, "fee_on", mode="by_item", amount=amount, reached_on=on, optional=True,
            filled=("mode", "reached_on"),
        )  # fmt: skip
        if paid is not None:
            if paid < on:
                self.error("fee_paid", f"缴费 {paid} 早于收费通知 {on}")
            self.step("pay_fee", paid, "fee_paid", optional=True)

    # -- how it ended -----------------------------------------------------------------------------------

    def _ending(self) -> None:
        Ending(self).read()

    def outcome_word(self) -> tuple[str | None, str | None]:
        """What the cell of the outcome says: a word of the law, of a state or of a class; and its text."""
        text = self.text("outcome")
        if text is None:
            return None, None
        whole = re.split(r"[（(]\s*1[.、．]", text)[0]
        for kind in (self.reader.outcomes, self._rows()):
            exact = values.word_in(whole, {code: words for code, words in kind.items()})
            if exact:
                return exact, text
        for other in ("state", "class"):
            found = values.word_in(whole, self.table.words[other])
            if found:
                return found, text
        return None, text

    def _rows(self) -> dict[str, tuple[str, ...]]:
        """The rows of table 三 by their labels, as the first outcome that counts in them."""
        found: dict[str, tuple[str, ...]] = {}
        for outcome in self.law.outcomes.values():
            labels = tuple(
                rows[outcome.row] for rows in self.law.formats.rows.values() if outcome.row in rows
            )
            if outcome.row not in {self.law.outcomes[code].row for code in found}:
                found[outcome.code] = (*labels, outcome.row)
        return found

    def other_misc(self, text: str) -> str:
        """Which of the outcomes that count as 其他 it is, nobody wrote down: one that counts there."""
        for code in ("not_government_information", "consultation", "public_enterprise"):
            if row_of(code, self.law, self.reader.settings) == OTHER_MISC:
                label = self.law.outcomes[code].label
                self.warn("outcome", f"只写了“{text[:20]}”，按“{label}”登记，计入“其他”，请核对")
                return code
        return "public_enterprise"

    def disputes(self) -> None:
        """Reviews and suits, where they tell their days."""
        steps, findings, told = disputes_of(self.line, self.table, self.law, self.made.received_on)
        self.made.steps += [
            Step(one.event, one.on, one.column, one.fields, True, one.filled) for one in steps
        ]
        for column, message, wrong in findings:
            (self.error if wrong else self.warn)(column, message)
        self.made.told.update(told)


def _first(entries: list[list[date]], place: int) -> date | None:
    """The first day of an entry of a cell; None where it tells none."""
    return entries[place][0] if place < len(entries) and entries[place] else None


def _is_private(head: str) -> bool:
    """A column that may tell who somebody is: it is not kept in words."""
    return any(
        word in head
        for word in ("证", "电话", "手机", "地址", "邮箱", "住址", "联系", "年龄", "性别")
    )
