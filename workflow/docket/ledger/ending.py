"""How the case of a row ended: its outcome, whole or item by item, the reply and its service, or another end."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from config.ledger import OTHER_MISC
from workflow.docket.ledger import values
from workflow.docket.ledger.disputes import disputes_of
from workflow.docket.ledger.reading import Cells, Step
from workflow.rules.outcomes import row_of

_ITEM = re.compile(r"(?:第?\s*(\d{1,3})\s*[项条]?\s*[.、．:：])\s*([^；;]+)")
_ARTICLE = re.compile(
    r"第?([\d一二三四五六七八九十]+)条(?:第?[（(]?([一二三四五六七八九十\d]+)[)）]?([款项]))?(?:第?[（(]?([一二三四五六七八九十\d]+)[)）]?项)?"
)
_SHORT_ARTICLE = re.compile(r"(?<!\d)(\d{2})\s*[（(](\d)[)）]")
PARTLY = "partial"
_LISTED = re.compile(r"\s*第?\s*1\s*[项条]?\s*[.、．:：]")
NO_REPLY = ("withdrawn", "correction_lapsed", "fee_unpaid")
WANTED = {"mail": "mail", "electronic": "email"}
"""How a reply was wanted that went out in this way, as far as a ledger tells."""
CARRIERS = {"ems": ("EMS", "特快"), "registered": ("挂号", "邮政", "邮寄", "信函")}


class Ending(Cells):
    """The part of a row that tells how it ended."""

    def read(self) -> None:
        """Add what the row tells to its steps."""
        made = self.made
        answered, served = self.day("answered_on"), self.day("served_on")
        code, text = self.outcome_word()
        bad = {one.column for one in made.errors} & {"answered_on", "served_on", "outcome"}
        end = answered or served
        if bad:
            return
        if text is not None and code is None:
            self.error(
                "outcome",
                f"没有“{text[:20]}”这种答复类型，请填写年报表三的一种，或者在对应关系中改",
            )
        elif code is None or code == "open":
            self._open(text, end)
        elif code in ("voided", "rerouted"):
            self._void(code, str(text), end)
        elif end is None:
            self.error("answered_on", f"有答复类型“{str(text)[:20]}”，没有答复日期或者送达日期")
        elif code in NO_REPLY:
            made.outcome = code
            self._without_reply(code, end)
        else:
            self._reply(code, str(text), answered, served)
        self.disputes()
        self._archive()

    def _open(self, text: str | None, end: date | None) -> None:
        if end is not None:
            said = f"写的是“{text[:20]}”" if text else "没有答复类型"
            self.error("outcome", f"有答复日期 {end}，{said}")

    def _void(self, code: str, text: str, end: date | None) -> None:
        made, received = self.made, self.made.received_on
        assert received is not None
        made.outcome = code
        made.steps.clear()
        if code == "rerouted":
            self.step("reroute", end or received, "outcome", to=text[:200], filled=("to",))
        else:
            self.step(
                "void", end or received, "outcome", reason=text[:200], second_person="台账",
                filled=("second_person",),
            )  # fmt: skip

    # -- ends without a reply -----------------------------------------------------------------------------

    def _without_reply(self, code: str, end: date) -> None:
        if code == "withdrawn":
            self.step("withdraw", end, "answered_on")
        elif code == "correction_lapsed":
            self._lapsed_correction(end)
        elif not any(step.event == "charge_fee" for step in self.made.steps):
            self.error("fee_on", "答复类型是逾期不缴费，没有收费通知日期")
        else:
            self.step("lapse_fee", end, "answered_on")

    def _lapsed_correction(self, end: date) -> None:
        """Without the last day of the correction it was the day before the end."""
        asked = [step for step in self.made.steps if step.event == "require_correction"]
        if not asked:
            self.error("correction_sent", "答复类型是逾期不补正，没有补正发出日期")
            return
        last = asked[-1]
        if "deadline_on" not in last.fields:
            day = end - timedelta(1)
            if day <= last.on:
                self.error("answered_on", f"逾期不补正的日期 {end} 不在补正发出 {last.on} 之后")
                return
            fields: dict[str, Any] = {**last.fields, "deadline_on": day}
            place = self.made.steps.index(last)
            filled = (*last.filled, "deadline_on")
            self.made.steps[place] = type(last)(
                last.event, last.on, last.column, fields, False, filled
            )
        self.step("lapse_correction", end, "answered_on")

    # -- the reply ----------------------------------------------------------------------------------------

    def _reply(self, code: str, text: str, answered: date | None, served: date | None) -> None:
        made = self.made
        items = self._items(text)
        if items and _LISTED.match(text):
            code = ""  # follows from the items
        if code == OTHER_MISC:
            code = self._by_article(None) or self.other_misc(text)
        elif code in self.table.words["class"]:
            found = self._by_article(code)
            if found is None and not items:
                labels = "、".join(
                    one.label for one in self.law.outcomes.values() if one.cls == code
                )
                self.error("outcome", f"“{text[:20]}”没有写明是哪一种：{labels}")
                return
            code = found or ""
        if answered and made.received_on and answered < made.received_on:
            self.error("answered_on", f"答复日期 {answered} 早于收到日期 {made.received_on}")
            return
        if answered and served and served < answered:
            self.error("served_on", f"送达日期 {served} 早于答复日期 {answered}")
            return
        day = answered or served
        assert day is not None
        made.outcome = code or (items[0]["outcome"] if items else None)
        codes = {one["outcome"] for one in items} or {code}
        self._consultations_end(day, codes)
        if items:
            made.items = self._split(len(items))
            # The words for the whole hold where they differ from what follows from the items.
            self.step("propose_outcome", day, "outcome", items=items, outcome=code or None)
        else:
            self.step("propose_outcome", day, "outcome", outcome=code)
        self._serve(served or day, told=served is not None, document_date=answered)

    def _items(self, text: str) -> list[dict[str, Any]]:
        """部分公开（1.予以公开；2.信息不存在）: the outcome of each item, in their order."""
        plain = unicodedata.normalize("NFKC", text)
        inside = re.search(r"\((\s*第?\s*1\s*[项条]?\s*[.、:].*)\)\s*$", plain)
        listed = (
            inside[1]
            if inside
            else (plain if re.match(r"\s*第?\s*1\s*[项条]?\s*[.、:]", plain) else "")
        )
        found = []
        for number, words in _ITEM.findall(listed):
            code = values.word_in(words, self.words.outcomes)
            if code is None or code == OTHER_MISC or code in NO_REPLY:
                self.error("outcome", f"第 {number} 项“{words[:20]}”不是一种答复类型")
                continue
            found.append({"item": int(number), "outcome": code})
        numbers = [one["item"] for one in found]
        return found if len(found) > 1 and numbers == list(range(1, len(found) + 1)) else []

    def _split(self, count: int) -> tuple[str, ...]:
        parts = [one.strip() for one in re.split(r"[；;\n]+", self.made.request) if one.strip()]
        if len(parts) == count:
            return tuple(parts)
        return tuple(f"第 {number} 项信息" for number in range(1, count + 1))

    def _by_article(self, cls: str | None) -> str | None:
        """The one outcome of a class whose article the cell of the law names; None where it names none or
        several."""
        text = self.text("basis")
        if not text:
            return None
        named = articles_in(text)
        fitting = [
            one.code
            for one in self.law.outcomes.values()
            if one.basis in named and not one.set_by and (cls is None or one.cls == cls)
        ]
        return fitting[0] if len(fitting) == 1 else None

    def _consultations_end(self, day: date, codes: set[str]) -> None:
        """Before an answer no opinion is waited for; who objected was told that it is released."""
        made = self.made
        answered = {
            step.fields["consultation"] for step in made.steps if step.event == "record_opinion"
        }
        for step in [one for one in made.steps if one.event.startswith("consult_")]:
            number = step.fields["consultation"]
            if number not in answered:
                self.step(
                    "record_opinion", max(day, step.on), step.column, consultation=number,
                    optional=True, filled=("*",),
                )  # fmt: skip
        classes = {self.law.outcomes[code].cls for code in codes if code in self.law.outcomes}
        if "disclose" not in classes or "third_party_rights" in codes:
            return
        for step in [one for one in made.steps if one.fields.get("opinion") == "objects"]:
            self.step(
                "override_third_party", max(day, step.on), step.column, reached_on=max(day, step.on),
                consultation=step.fields["consultation"], reason="决定公开的理由见卷内材料",
                optional=True, filled=("*",),
            )  # fmt: skip

    def _serve(self, day: date, *, told: bool, document_date: date | None) -> None:
        made = self.made
        text = self.text("method")
        tracking = self.text("tracking")
        method = values.word_in(text, self._methods()) if text else None
        courier = values.word_in(text, self.table.words["courier"]) if text else None
        filled: tuple[str, ...] = ()
        if text:
            made.told["送达方式"] = text[:60]
            made.delivery = (WANTED.get(str(method), "pickup"),)
        if method is None:
            filled = ("method",)
            if tracking or courier:
                method = "mail"
            else:
                method = "electronic" if made.channel in ("portal", "email") else "direct"
        field = {"mail": "posted_on", "electronic": "sent_on"}.get(method, "signed_on")
        fields: dict[str, Any] = {
            "method": method, field: day, "document_date": document_date,
            "proof": f"邮件号 {tracking}"[:200] if tracking else None,
        }  # fmt: skip
        if method == "mail" and text and courier is None:
            fields["carrier"] = next(
                (
                    code
                    for code, words in CARRIERS.items()
                    if any(word in text.upper() for word in words)
                ),
                None,
            )
        self.step(
            "serve", day, "served_on" if told else "answered_on", filled=(*filled, *(() if told else (field,))),
            **fields,
        )  # fmt: skip

    def _methods(self) -> dict[str, tuple[str, ...]]:
        labels = self.law.words.methods
        return {code: (labels[code], *words) for code, words in self.table.words["method"].items()}

    def _archive(self) -> None:
        text = self.made.told.get("归档号")
        if not text or values.folded(text) in ("否", "未归档", "未", "无"):
            return
        told = re.search(r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}", text)
        days = values.days_of(told[0]) if told else []
        last = max((step.on for step in self.made.steps), default=self.made.received_on)
        assert last is not None
        on = max(days[0], last) if days else last
        self.step("archive", on, "archive", optional=True, filled=() if days else ("on",))

    # -- words ----------------------------------------------------------------------------------------------

    def outcome_word(self) -> tuple[str | None, str | None]:
        """What the cell of the outcome says: a word of the law, of a state or of a class; and its text. One that names
        several is an error, but for what was disclosed in part."""
        text = self.text("outcome")
        if text is None:
            return None, None
        whole = re.split(r"[（(]\s*1[.、．]", text)[0]
        listed = _LISTED.match(text) and self._items(text)
        named = () if listed else values.several_in(whole, self.words.outcomes)
        if PARTLY in named:
            return PARTLY, text
        if len(named) > 1:
            labels = "、".join(
                self.law.outcomes[code].label for code in named if code in self.law.outcomes
            )
            self.error(
                "outcome",
                f"“{text[:20]}”写了几种答复类型（{labels}），每件只计一种：有的公开、有的没有公开的填“部分公开”，"
                "可以写成“部分公开（1.予以公开；2.信息不存在）”",
            )
            return None, text
        if named:
            longest = values.word_in(whole, self.words.outcomes)
            if longest not in (None, *named):
                self.warn("outcome", f"“{text[:20]}”不止一种意思，按第一种登记，请核对")
            return named[0], text
        for kind in (self.words.outcomes, self._rows()):
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
            if row_of(code, self.law, self.words.settings) == OTHER_MISC:
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


def articles_in(text: str) -> set[str]:
    """The articles of the Regulations that a text names, as outcomes.toml writes them: 36(4), 16(2), 38."""
    plain = unicodedata.normalize("NFKC", text)
    found = {f"{article}({part})" for article, part in _SHORT_ARTICLE.findall(plain)}
    for article, part, kind, item in _ARTICLE.findall(plain):
        number = values.in_figures(article)
        inner = item if kind == "款" and item else part
        found.add(f"{number}({values.in_figures(inner)})" if inner else number)
        found.add(number)
    found |= set(re.findall(r"(?<!\d)(\d{2})(?![\d(])", plain))
    return found
