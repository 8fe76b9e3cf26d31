"""The register of a year: what a body made, decided, charged and did, for table 二 and the texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from config.law import year_rules
from workflow.clock import publication_due
from workflow.dates import parse_day
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError
from workflow.report.tables.table2 import Entry
from workflow.rules import permissions
from workflow.rules.secrecy import bears_secret_mark
from workflow.service.messages.taking_back import TakingBack
from workflow.service.office import Missing, Office
from workflow.store import report as report_queries
from workflow.store.models import AgencyRow
from workflow.store.report_models import YearEntryRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

TEXT = "text"


@dataclass(frozen=True)
class Kept:
    """An entry as a list shows it; replaced: a later one took its place or took it back. publish_by: the
    last day to publish a document that was made (条例26), None where that is done or does not apply."""

    id: int
    item: str
    item_label: str
    kind: str
    kind_label: str
    on: date
    title: str
    number: int
    amount_yuan: Decimal | None
    published_on: date | None
    publish_by: date | None
    actor: str
    recorded_at: datetime
    replaced: bool


class YearRegister:
    """Keeping the register."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.rules = year_rules()

    def entries(self, agency: str, year: int) -> list[Kept]:
        """Every entry of a year, the latest first, also those that do not stand any more."""
        with self.office.store.read() as unit:
            body = self.office.found_agency(unit, agency)
            rows = report_queries.entries_of_year(unit, body.id, year)
            gone = _gone(rows)
            return [
                self._kept(row, row.id in gone, self._publish_by(unit, body, row))
                for row in reversed(rows)
                if not row.taken_back
            ]

    def _publish_by(self, unit: Unit, body: AgencyRow, row: YearEntryRow) -> date | None:
        if row.kind != "made" or row.number != 1 or row.published_on is not None:
            return None
        return publication_due(row.on, self.office.rules(unit, body, row.on))

    def items_for(self, level: str) -> dict[str, tuple[str, dict[str, str]]]:
        """What a body of a level may enter: key → (label, kind → label); texts by topic at the end."""
        found = {
            item.key: (item.label, {kind: self.rules.kinds[kind].label for kind in item.kinds})
            for item in self.rules.items.values()
            if not item.levels or level in item.levels
        }
        found.update(
            {topic.name: (topic.label, {TEXT: "文字"}) for topic in self.rules.topics.values()}
        )
        return found

    @retried
    def add(
        self,
        staff: Staff,
        agency: str,
        year: int,
        given: Mapping[str, Any],
        replaces: int | None = None,
    ) -> None:
        """Enter something, or put it in the place of an earlier entry.

        given: item, kind, on, title, number, amount_yuan, published_on, as typed. Raises BadInput with every wrong
        field, Missing for another body, Denied for the wrong role.
        """
        with self.office.store.write() as unit:
            body = self._keeper(unit, staff, agency)
            fields = self._checked(body, year, given)
            if replaces is not None:
                self._standing(unit, body, year, replaces)
            self._write(unit, body, year, staff, fields, replaces)

    @retried
    def take_back(self, staff: Staff, agency: str, year: int, entry: int) -> None:
        """Take an entry back; it stays in the list of what was."""
        with self.office.store.write() as unit:
            body = self._keeper(unit, staff, agency)
            row = self._standing(unit, body, year, entry)
            fields = {"item": row.item, "kind": row.kind, "on": row.on, "title": row.title}
            self._write(unit, body, year, staff, {**fields, "taken_back": True}, row.id)

    def _write(
        self,
        unit: Unit,
        body: AgencyRow,
        year: int,
        staff: Staff,
        fields: dict[str, Any],
        replaces: int | None,
    ) -> None:
        unit.session.add(
            YearEntryRow(
                agency_id=body.id,
                year=year,
                actor=staff.name,
                recorded_at=self.office.now(),
                replaces=replaces,
                **fields,
            )
        )
        unit.session.flush()
        said = TakingBack(self.office, unit, "台账已经登记公开日期或者更改，不再提醒")
        said.of_bodies([body])
        said.finish()

    def _keeper(self, unit: Unit, staff: Staff, agency: str) -> AgencyRow:
        body = self.office.found_agency(unit, agency)
        if agency not in staff.roles:
            raise Missing(f"没有代码为“{agency}”的机关，或者不是您的机关")
        permissions.ask(self.office.law, "keep_register", staff.roles[agency])
        return body

    def _standing(self, unit: Unit, body: AgencyRow, year: int, entry: int) -> YearEntryRow:
        rows = {row.id: row for row in report_queries.entries_of_year(unit, body.id, year)}
        if entry not in rows or entry in _gone(list(rows.values())) or rows[entry].taken_back:
            raise Missing("没有这一条，或者它已经更改")
        return rows[entry]

    def _checked(self, body: AgencyRow, year: int, given: Mapping[str, Any]) -> dict[str, Any]:
        errors: list[FieldError] = []
        allowed = self.items_for(body.level)
        item, kind = str(given.get("item") or ""), str(given.get("kind") or "")
        if item not in allowed:
            errors.append(FieldError("item", "请选择；没有这一项，或者本机关的级别没有这一项"))
        elif kind not in allowed[item][1]:
            errors.append(
                FieldError(
                    "kind", f"“{allowed[item][0]}”只能登记：{'、'.join(allowed[item][1].values())}"
                )
            )
        title = str(given.get("title") or "").strip()
        if not title:
            errors.append(FieldError("title", "请填写名称或者文字"))
        elif len(title) > 4000:
            errors.append(FieldError("title", "最多 4000 个字"))
        elif bears_secret_mark(title):
            errors.append(FieldError("title", "内容带有密级标志，不得录入，刚才的内容没有保存"))
        fields: dict[str, Any] = {"item": item, "kind": kind, "title": title}
        try:
            fields["on"] = parse_day(given.get("on"))
            if fields["on"].year != year:
                errors.append(FieldError("on", f"日期须在 {year} 年之内"))
        except ValueError as error:
            errors.append(FieldError("on", str(error)))
        unit_of = self.rules.kinds[kind].unit if kind in self.rules.kinds else ""
        if unit_of == "件":
            fields["number"] = _whole(given.get("number"), errors, negative=kind == "changed")
        elif unit_of == "元":
            fields["number"] = _whole(given.get("number") or "1", errors)
            fields["amount_yuan"] = _yuan(given.get("amount_yuan"), errors)
        if kind == "made" and str(given.get("published_on") or "").strip():
            fields["published_on"] = self._published(
                given["published_on"], fields.get("on"), errors
            )
        if errors:
            raise BadInput(errors)
        return fields

    def _published(self, typed: Any, made_on: date | None, errors: list[FieldError]) -> date | None:
        try:
            day = parse_day(typed)
        except ValueError as error:
            errors.append(FieldError("published_on", str(error)))
            return None
        if made_on is not None and day < made_on:
            errors.append(FieldError("published_on", "公开日期不能早于制发日期"))
        elif day > self.office.today():
            errors.append(FieldError("published_on", "公开日期不能晚于今天"))
        return day

    def _kept(self, row: YearEntryRow, replaced: bool, publish_by: date | None) -> Kept:
        topic, item = self.rules.topics.get(row.item), self.rules.items.get(row.item)
        kind = self.rules.kinds.get(row.kind)
        return Kept(
            row.id,
            row.item,
            topic.label if topic else item.label if item else row.item,
            row.kind,
            kind.label if kind else "文字",
            row.on,
            row.title,
            row.number,
            Decimal(row.amount_yuan) if row.amount_yuan else None,
            row.published_on,
            publish_by,
            row.actor,
            row.recorded_at,
            replaced,
        )


def standing(rows: list[YearEntryRow]) -> list[YearEntryRow]:
    """The entries that still stand."""
    gone = _gone(rows)
    return [row for row in rows if row.id not in gone and not row.taken_back]


def entry_of(row: YearEntryRow) -> Entry:
    """An entry of table 二 as the pure part knows it."""
    amount = Decimal(row.amount_yuan) if row.amount_yuan else None
    return Entry(row.id, row.item, row.kind, row.on, row.title, row.number, amount)


def _gone(rows: list[YearEntryRow]) -> set[int]:
    return {row.replaces for row in rows if row.replaces is not None}


def _whole(value: Any, errors: list[FieldError], *, negative: bool = False) -> int:
    text = str(value if value is not None else "").strip()
    plain = text[1:] if negative and text[:1] == "-" else text
    if not plain.isascii() or not plain.isdigit() or len(plain) > 9:
        errors.append(FieldError("number", "请填写整数" if negative else "请填写不小于 0 的整数"))
        return 0
    return int(text)


def _yuan(value: Any, errors: list[FieldError]) -> str | None:
    text = str(value or "").strip()
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if (
        not amount.is_finite()
        or amount < 0
        or amount >= 10**12
        or -int(amount.as_tuple().exponent) > 2
    ):
        errors.append(FieldError("amount_yuan", "请填写金额（元），最多两位小数"))
        return None
    return str(amount)
