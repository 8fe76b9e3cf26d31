"""The procedure that a row tells before its answer: assignment, correction, consultations, extension, fee."""

from datetime import date

from workflow.docket.ledger import values
from workflow.docket.ledger.reading import Cells, Step


class Procedure(Cells):
    """The part of a row that tells what was done until the answer."""

    def read(self) -> None:
        """Add what the row tells to its steps."""
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
        told = (
            self.tried("party_opinion", values.text_of, part, None)
            for part in values.parts_of(self.cell("party_opinion"))
        )
        texts = [text for text in told if text]
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
        text = self.cell("bodies_asked")
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
                self.warn("extension_days", "没有延期天数，按最多的天数登记")
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


def _first(entries: list[list[date]], place: int) -> date | None:
    """The first day of an entry of a cell; None where it tells none."""
    return entries[place][0] if place < len(entries) and entries[place] else None
