"""What happens to one application, from the day on which it comes in to its file and its disputes.

A course is a list of steps in the order in which they are typed in; nothing here asks whether a step is
allowed: the case does, when the step is applied.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from config.law import Law
from workflow.docket.province import answers, disputes, rates, words
from workflow.docket.province.bodies import Body
from workflow.rules.calendar import Calendar
from workflow.rules.fees import fee_by_page

SECRECY = ("supplied", "partial")
ON_THE_NET = ("portal", "email", "fax")
APPLICANT, SYSTEM = "applicant", "system"
"""Who is no member of staff."""


@dataclass(slots=True)
class Step:
    """An event to be applied. by: whom (OUTSIDE), None for the member of staff whose task it is; known_on:
    the first day on which it can be typed in."""

    event: str
    on: date
    by: str | None
    fields: dict[str, Any]

    @property
    def known_on(self) -> date:
        days = [v for v in self.fields.values() if type(v) is date]
        return max([self.on, *days]) if self.event in _TOLD_LATER and days else self.on


_TOLD_LATER = frozenset(
    (
        "require_correction", "consult_third_party", "consult_other_agency", "override_third_party",
        "charge_fee", "record_delivery", "file_review", "file_suit", "conclude_review", "conclude_suit",
        "serve", "receive",
    )
)  # fmt: skip
"""Events that tell a day later than their own which somebody must know before it is typed in."""


@dataclass(slots=True)
class Wish:
    """An application before anything happens. day: on which it is sent or handed in; outcome: how it will be
    answered, if it is."""

    day: date
    kind: str
    channel: str
    request: str
    items: tuple[str, ...]
    delivery: tuple[str, ...]
    outcome: str = "supplied"


@dataclass(slots=True)
class Course:
    """The steps of one case, one after the other. start: day 0 of the running period; served, answer: the
    day and outcome of the reply; redo: the step that orders or begins a new one."""

    rng: Random
    body: Body
    wish: Wish
    calendar: Calendar
    law: Law
    steps: list[Step] = field(default_factory=list)
    start: date | None = None
    served: date | None = None
    answer: str | None = None
    redo: Step | None = None
    disputed: bool = False

    def add(self, event: str, on: date, by: str | None = None, **fields: Any) -> None:
        self.steps.append(Step(event, on, by, fields))

    def after(self, day: date, workdays: int) -> date:
        return self.calendar.add(day, workdays)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    # -- the whole ---------------------------------------------------------------------------------------

    def play(self) -> None:
        """An application from its day to whatever comes of it."""
        received = self._comes_in()
        if received is None:
            return
        if self.chance(rates.VOIDED):
            return self._void(received)
        if self.chance(rates.WITHDRAWN):
            return self._withdrawn(received)
        begun = self._taken_up(received)
        if begun is None:
            return
        if self.wish.kind != "application":
            return self._register(begun)
        served = self._handled(begun)
        if served is None:
            return
        self.served = served
        self._afterwards(served)

    def play_redo(self, channel: str, due: date | None) -> None:
        """A new reply that was ordered, or that the body gives of itself."""
        self.add("receive", self.wish.day, channel=channel)
        begun = self.after(self.wish.day, 1)
        self.add("assign", begun, to=self._unit())
        length = self.rng.randrange(5, 14)
        last = self.after(self.wish.day, length)
        if due and last > due:
            last = self.calendar.on_or_before(due)
        self.served = self._answered(begun, self.wish.day, last)
        self._archived(self.served)

    # -- until somebody works on it ----------------------------------------------------------------------

    def _comes_in(self) -> date | None:
        wish, day = self.wish, self.wish.day
        if wish.channel == "portal":
            self.add("submit", day, APPLICANT, channel="portal")
            self.add("receive", day, SYSTEM, channel="portal")
        elif wish.channel == "ordinary_mail":
            self.add("submit", day, channel=wish.channel)
            confirmed = self.after(day, self.rng.randrange(1, 4))
            if self.chance(rates.REROUTED):
                self.add("reroute", confirmed, to=f"{self.body.place}{words.DEPARTMENTS[self.rng.randrange(9)][0]}局")  # fmt: skip
                return None
            self.add("receive", confirmed, channel=wish.channel, confirmed_on=confirmed)
            return confirmed
        else:
            self.add("receive", day, channel=wish.channel)
        return day

    def _void(self, received: date) -> None:
        on = self.after(received, self.rng.randrange(0, 3))
        reason = self.rng.choice(
            ("窗口培训时录入的测试申请", "同一信件重复登记", "录入时选错受理机关")
        )
        self.add("void", on, reason=reason, second_person=None)

    def _withdrawn(self, received: date) -> None:
        on = self.after(received, self.rng.randrange(1, 9))
        if self.chance(0.6):
            self.add("assign", self.after(received, 1), to=self._unit())
        who = APPLICANT if self.wish.channel == "portal" else None
        self.add("withdraw", max(on, self.after(received, 1)), who)

    def _taken_up(self, received: date) -> date | None:
        """Assigned, corrected where that is asked for; the day from which the work goes on, None where
        the correction never comes."""
        assigned = self.after(received, self.rng.choice((0, 1, 1, 1, 2)))
        self.start = received
        unclear = self.wish.outcome == "unclear_after_correction"
        if self.wish.kind == "application" and (unclear or self.chance(rates.CORRECTED_ROUND)):
            notice = self.after(received, self.rng.randrange(1, 6))
            reached = self.after(notice, self.rng.randrange(0, 4))
            defects = [
                self.rng.choice(
                    ("没有写明文件名称或者所属年度，无法查找", "申请内容不明确，请写明具体项目和时间", "没有提供身份证明")
                )
            ]  # fmt: skip
            self.add(
                "require_correction", notice, sent_on=notice, reached_on=reached,
                defects=defects, grounds=["identity" if "身份" in defects[0] else "content"],
                period_days=self.rng.choice((10, 15, 15)),
            )  # fmt: skip
            period = self.steps[-1].fields["period_days"]
            if not unclear and self.chance(rates.LAPSES):
                last = self.after(reached, period)
                self.add("lapse_correction", self.after(last, self.rng.randrange(1, 4)))
                return None
            came = self.after(reached, self.rng.randrange(1, period))
            who = APPLICANT if self.wish.channel == "portal" else None
            self.add("correct", came, who, text=f"补充说明：{self.wish.request[:60]}")
            self.start = came
            assigned = self.after(came, self.rng.choice((0, 1, 1)))
        self.add("assign", assigned, to=self._unit())
        return assigned

    def _unit(self) -> str:
        level = self.body.level
        sort = "township" if level == "township" else "department" if "department" in level else "government"  # fmt: skip
        return self.rng.choice(words.UNITS[sort])

    # -- the work ----------------------------------------------------------------------------------------

    def _handled(self, begun: date) -> date | None:
        """From the assignment to the service; the day of service, None where it ends without one."""
        outcome, start = self.wish.outcome, self.start
        assert start is not None
        if outcome == "excessive":
            asked = self.after(begun, 1)
            self.add("ask_reasons", asked)
            begun = self.after(asked, self.rng.randrange(2, 8))
            self.add("give_reasons", begun, accepted=False)
        waited, begun = self._consulted(begun)
        if self.body.charges and self.chance(rates.CHARGED) and outcome in SECRECY:
            paid = self._charged(begun)
            if paid is None:
                return None
            start, waited, begun = paid, 0, paid
        length = 1 + min(18, int(self.rng.gammavariate(3.0, 2.6)))
        if self.chance(rates.EXTENDED):
            days = self.rng.choice((5, 10, 10, 15, 20))
            on = self.after(start, self.rng.randrange(12, 19) + waited)
            if on > begun:
                length = 20 + self.rng.randrange(1, days + 1)
                reason = self.rng.choice(("需要查阅历年纸质档案", "涉及多个科室，需要逐项核对", "材料数量较多，需要区分处理"))  # fmt: skip
                self._extend(on, days, reason)
                begun = on
        elif self.chance(rates.OVERDUE):
            length = 20 + self.rng.randrange(1, 16)
        last = self.after(start, length + waited)
        return self._answered(begun, start, max(last, self.after(begun, 3)))

    def _extend(self, on: date, days: int, reason: str) -> None:
        self.add(
            "extend", on, days=days, reason=reason, sent_on=on,
            approved_by="公开工作机构负责人",
        )  # fmt: skip

    def _consulted(self, begun: date) -> tuple[int, date]:
        """Opinions that are waited for: working days that do not count, and when the work goes on."""
        rng, waited = self.rng, 0
        third = self.wish.outcome == "third_party_rights"
        if third or (self.wish.outcome in SECRECY and self.chance(rates.ASKS_THIRD_PARTY)):
            released = self.wish.outcome == "supplied" and self.chance(
                rates.RELEASED_AGAINST_OBJECTION
            )
            sent = self.after(begun, rng.randrange(1, 4))
            reached = self.after(sent, rng.randrange(1, 4))
            silent = not released and self.chance(0.12)
            answered = self.after(reached, 16 if silent else rng.randrange(2, 15))
            opinion = "objects" if third or released else "agrees"
            self.add(
                "consult_third_party", sent, consultation=1, reached_on=reached,
                to=rng.choice(("某建筑公司", "权利人张某", "中标单位")), subject=self.wish.request[:60],
            )  # fmt: skip
            self.add(
                "record_opinion", answered, consultation=1,
                opinion="none" if silent else opinion,
            )  # fmt: skip
            waited = self.calendar.count(sent, min(answered, self.after(reached, 15)))
            begun = answered
            if released:
                told = self.after(answered, 1)
                arrived = self.after(told, 2)
                self.add(
                    "override_third_party", told, consultation=1, reached_on=arrived,
                    reason="该项目使用财政资金，公开资金使用情况涉及重大公共利益",
                )  # fmt: skip
                begun = arrived
        elif self.chance(rates.ASKS_OTHER_BODY):
            sent = self.after(begun, rng.randrange(1, 4))
            answered = self.after(sent, rng.randrange(3, 14))
            self.add(
                "consult_other_agency", sent, consultation=1, reached_on=sent,
                to=f"{self.body.place}{words.DEPARTMENTS[rng.randrange(9)][0]}局", subject=self.wish.request[:60],
            )  # fmt: skip
            self.add("record_opinion", answered, consultation=1, opinion="agrees")
            waited, begun = self.calendar.count(sent, answered), answered
        return waited, begun

    def _charged(self, begun: date) -> date | None:
        """A fee by page; the day on which it was paid, None where it never was."""
        notice = self.after(begun, self.rng.randrange(1, 4))
        reached = self.after(notice, self.rng.randrange(1, 4))
        pages = self.rng.randrange(31, 260)
        amount = fee_by_page(pages, self.law, notice).yuan
        self.add(
            "charge_fee", notice, mode="by_page", pages=pages, amount=amount,
            reached_on=reached,
        )  # fmt: skip
        if self.chance(rates.PAYS):
            paid = self.after(reached, self.rng.randrange(1, 19))
            self.add("pay_fee", paid, amount=amount)
            return paid
        self.add("lapse_fee", self.after(self.after(reached, 20), 1))
        return None

    def _answered(self, begun: date, start: date, last: date) -> date:
        """Search, draft, reviews, signature and service; the day of service."""
        rng, wish = self.rng, self.wish
        span = max(1, self.calendar.count(begun, last))
        draft = self.after(begun, max(1, span * 5 // 10))
        checked = max(draft, self.after(begun, span * 7 // 10))
        legal = max(checked, self.after(begun, span * 8 // 10))
        signed = max(legal, self.after(begun, span * 9 // 10))
        out = max(signed, last)
        codes = self._codes()
        for item, code in enumerate(codes, 1):
            if code == "not_existing" or (item == 1 and self.chance(0.25)):
                found = answers.search(rng, wish.items[item - 1], finds=code != "not_existing")
                number = item if len(codes) > 1 else None
                if number:
                    found["item"] = number
                self.add("record_search", self.after(begun, span * 3 // 10), **found)
        proposal = self._proposal(codes, draft)
        self.add("propose_outcome", draft, **proposal)
        if self.chance(rates.SLOW_DRAFT):
            checked = draft = self._sent_back(proposal, draft, codes)
            legal, signed = max(legal, draft), max(signed, draft)
            out = max(out, draft)
        self._reviewed(codes, checked)
        self.add("pass_legal_check", legal)
        self.add("approve", signed)
        self._served(out)
        self.answer = codes[0] if len(set(codes)) == 1 else "partial"
        return out

    def _codes(self) -> list[str]:
        """The outcome of each item."""
        outcome, several = self.wish.outcome, len(self.wish.items)
        if several == 1:
            return [outcome]
        if outcome == "partial":
            return ["supplied", *(self.rng.choice(("not_existing", "enforcement_file")) for _ in range(several - 1))]  # fmt: skip
        return [outcome] * several

    def _proposal(self, codes: list[str], on: date) -> dict[str, Any]:
        rng, wish = self.rng, self.wish
        if len(codes) == 1 or len(set(codes)) == 1:
            return {"outcome": codes[0], **answers.fields_of(codes[0], rng, self.body, wish.request, on)} | (
                {"earlier_reply": None} if codes[0] in ("repeat", "reconfirmation") else {}
            )  # fmt: skip
        items = []
        for number, code in enumerate(codes, 1):
            said = answers.fields_of(code, rng, self.body, wish.items[number - 1], on)
            said.pop("note", None)
            items.append({"item": number, "outcome": code, **said})
        return {"items": items}

    def _needs_review(self, codes: list[str]) -> bool:
        return any("secrecy_review" in self.law.outcomes[code].needs for code in codes)

    def _sent_back(self, proposal: dict[str, Any], draft: date, codes: list[str]) -> date:
        """The draft comes back once and is written again."""
        on = self.after(draft, 1)
        if self._needs_review(codes):
            self.add("send_to_secrecy_review", draft)
            reason = self.rng.choice(
                ("附件中还有身份证号没有隐去", "请逐页核对是否含有内部联系方式")
            )
            self.add("return_from_secrecy_review", on, reason=reason)
        else:
            self.add("pass_legal_check", draft)
            reason = self.rng.choice(
                ("请写明检索的范围和经过", "救济途径的表述请核对", "请补充法律依据")
            )
            self.add("return_draft", on, reason=reason)
        again = self.after(on, 1)
        self.add("propose_outcome", again, **{**proposal, "note": "已按退回意见修改"})
        return again

    def _reviewed(self, codes: list[str], on: date) -> None:
        if not self._needs_review(codes):
            return
        self.add("send_to_secrecy_review", on)
        none = dict.fromkeys(self.law.words.secrecy_checks, "none")
        partial = "partial" in codes
        checks = {**none, "privacy": "handled"} if partial else none
        said: dict[str, Any] = {"note": "含个人信息的部分已经隐去"} if partial else {}
        if len(codes) > 1:
            said["items"] = [{"item": n, "checks": checks} for n in range(1, len(codes) + 1)]
        else:
            said["checks"] = checks
        self.add("pass_secrecy_review", on, **said)

    def _served(self, on: date) -> None:
        """The reply goes out in the way that the applicant asked for."""
        delivery = self.wish.delivery[0]
        if delivery in ("portal", "email"):
            self.add("serve", on, method="electronic", sent_on=on, reached_on=on)
            return
        if delivery in ("pickup", "on_site"):
            self.add("serve", on, method="direct", signed_on=on)
            return
        self._posted(on)
        if self.chance(rates.NOT_SERVED):
            back = self.after(on, self.rng.randrange(4, 9))
            reason = self.rng.choice(
                ("邮件退回：地址不详", "邮件退回：收件人拒收", "邮件退回：逾期未领")
            )
            self.add("service_failed", back, reason=reason)
            on = self.after(back, 2)
            self._posted(on)
        if self.chance(rates.ARRIVAL_TOLD):
            reached = self.after(on, self.rng.randrange(1, 6))
            self.add("record_delivery", reached, of="serve", reached_on=reached)

    def _posted(self, on: date) -> None:
        self.add("serve", on, method="mail", posted_on=on, carrier="中国邮政", document_date=on)  # fmt: skip

    # -- afterwards --------------------------------------------------------------------------------------

    def _afterwards(self, served: date) -> None:
        last = self.steps[-1].on
        if self.chance(rates.REVIEWED):
            disputes.review(self, last)
        elif self.chance(rates.SUED_DIRECTLY):
            disputes.suit(self, last + timedelta(self.rng.randrange(10, 150)), "direct")
        elif self.chance(rates.REVISED):
            on = self.after(last, self.rng.randrange(5, 40))
            mode = self.rng.choice(("supplement", "correct", "replace"))
            self.add("revise_reply", on, mode=mode, reason="自查发现答复有遗漏")
            self.redo = self.steps[-1]
        else:
            self._archived(last)

    def _archived(self, last: date) -> None:
        if self.chance(rates.ARCHIVED):
            self.add("archive", self.after(last, self.rng.randrange(50, 130)))

    def _register(self, begun: date) -> None:
        """What stands in a register beside the applications (条例41, 44)."""
        results = tuple(self.law.words.kinds[self.wish.kind].get("results", {}))
        draft = self.after(begun, self.rng.randrange(1, 8))
        self.add("propose_outcome", draft, result=self.rng.choice(results))
        self.add("pass_legal_check", self.after(draft, 1))
        self.add("approve", self.after(draft, 2))
        self._served(self.after(draft, 3))
