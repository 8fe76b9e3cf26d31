"""A case as a row of the ledger, in the columns of practice.md §3.4, so that the row gives the case back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from workflow import clock
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import LEDGER, Applicant, Logged
from workflow.case.identity import masked_person, masked_phone
from workflow.paper.workbook import Cell

MARK = "从台账导入："
"""How the note of a case begins that was taken over."""
UNACCEPTED = "受理之前撤回"
"""How the remark says that nobody had taken a withdrawn application in hand."""
OPEN = "办理中"
ENDS = {"voided": "已作废", "rerouted": "已转办"}
MODES = {"supplement": "补充", "correct": "更正", "replace": "重新"}


def workdays_used(case: Case) -> int | None:
    """Counted working days from the receipt until the service, without those that do not count; None where
    there was none."""
    due, end = case.deadlines, case.deadlines.service_effective_date
    if due.counted_from is None or end is None:
        return None
    calendar = case.rules.calendar
    skipped = sum(calendar.count(a, min(b, end)) for a, b in due.excluded if a < end)
    return max(0, calendar.count(due.counted_from, end) - skipped)


def is_late(case: Case) -> bool | None:
    """Whether the reply was late; None where there was none, or no period."""
    on_time = case.deadlines.on_time
    return None if on_time is None else not on_time


def told_in(case: Case) -> dict[str, str]:
    """What the note of a case that was taken over says, by head; empty for any other case."""
    for line in case.log[:2]:
        note = line.event.note or ""
        if line.actor.startswith(LEDGER) and note.startswith(MARK):
            pairs = (text.partition("：") for text in note.split("\n")[1:])
            return {head: text for head, _, text in pairs if text}
    return {}


class Row:
    """The cells of one case. private: of its first applicant; names: of people, by user name; letter: number of the
    reply's letter. whole: with the names of citizens, else 张某."""

    def __init__(
        self,
        case: Case,
        private: Mapping[str, Any],
        names: Mapping[str, str],
        letter: str | None,
        *,
        whole: bool = True,
    ) -> None:
        self.whole = whole
        self.case, self.private, self.names = case, private, names
        self.law = case.rules.law
        self.told = told_in(case)
        self.letter = letter

    def cells(self) -> dict[str, Cell]:
        """By name of the column; what is not known is left out."""
        case, facts, due = self.case, self.case.facts, self.case.deadlines
        found: dict[str, Cell] = {
            "number": case.header.number,
            "received_on": case.received_on,
            "submitted_on": self._submitted(),
            "channel": self.law.words.channels[facts.channel]["label"] if facts.channel else None,
            "applicant": "、".join(self._named(one) for one in case.applicants if one.name),
            "category": "、".join(self.law.formats.columns[one] for one in case.columns()),
            "contact": self._contact(),
            "request": self._request(),
            "due": due.reply_due,
            "basis": self._basis(),
            "used_days": workdays_used(case),
            "published": self.told.get("是否转主动公开"),
            "archive": self._archive(),
            "remark": self._remark(),
            **self._assignment(),
            **self._corrections(),
            **self._consultations(),
            **self._extension(),
            **self._fee(),
            **self._answer(),
            **self._disputes("review"),
            **self._disputes("suit"),
        }
        late = is_late(case)
        if late is not None:
            found["late"] = "是" if late else "否"
        return {name: value for name, value in found.items() if value not in (None, "")}

    def _lines(self, *kinds: type[ev.Event]) -> list[Logged]:
        return [line for line in self.case.log if isinstance(line.event, kinds)]

    def _submitted(self) -> date | None:
        first = self.case.log[0].event if self.case.log else None
        if isinstance(first, ev.Submit):
            return first.on
        later = (
            isinstance(first, ev.Receive)
            and first.channel == "ordinary_mail"
            and first.confirmed_on
        )
        return first.on if first and later else None

    def _named(self, person: Applicant) -> str:
        return person.name if self.whole or not person.citizen else masked_person(person.name)

    def _contact(self) -> str | None:
        phone = masked_phone(self.private.get("phone"))
        email = str(self.private.get("email") or "")
        if phone or not email:
            return phone or None
        name, _, host = email.partition("@")
        return f"{name[:1]}***@{host}"

    def _request(self) -> str:
        header = self.case.header
        several = len(header.items) > 1 and header.request not in header.items
        listed = "；".join(header.items)
        return listed if several and listed != header.request else header.request

    # -- the procedure --------------------------------------------------------------------------------------

    def _assignment(self) -> dict[str, Cell]:
        lines = self._lines(ev.Assign)
        if not lines:
            return {"handler": self._person(self.told.get("承办人"))}
        last = lines[-1]
        assert isinstance(last.event, ev.Assign)
        to = self.case.facts.assigned_to
        told = last.filled != ("*",) and "on" not in last.filled
        given = self.told.get("交办日期")
        return {
            "unit": self.names.get(to, to) if to else None,
            "handler": self._person(self.told.get("承办人") or self.case.facts.drafter),
            "assigned_on": date.fromisoformat(given)
            if given
            else (last.event.on if told else None),
            "inner_due": last.event.due,
        }

    def _person(self, name: str | None) -> str | None:
        return None if not name or name.startswith(LEDGER) else self.names.get(name, name)

    def _corrections(self) -> dict[str, Cell]:
        rounds: list[list[date | None]] = []
        sent: list[str | date] = []
        for line in self._lines(ev.RequireCorrection, ev.Correct):
            if line.filled == ("*",):
                continue
            if isinstance(line.event, ev.RequireCorrection):
                sent.append(self._sent(line))
                rounds.append([line.event.deadline_on, None])
            elif rounds:
                rounds[-1][1] = line.event.on
        if rounds and rounds[-1][0] is None:
            rounds[-1][0] = self.case.deadlines.correction_due
        return {
            "correction_sent": _joined(sent),
            "correction_due": _joined([due for due, _ in rounds]),
            "correction_got": _joined([got for _, got in rounds]),
        }

    def _sent(self, line: Logged) -> date | str:
        """The day on which a paper went out, and where it is known and another one, that of its arrival."""
        event = line.event
        assert isinstance(event, ev.Notice)
        on = event.sent_on or event.on
        arrived = self._arrival(event)
        if arrived is None or arrived == on or "reached_on" in line.filled:
            return on
        return f"{on}（送达 {arrived}）"

    def _arrival(self, event: ev.Event) -> date | None:
        return next(
            (
                one.delivery.reached_on
                for one in clock.papers(self.case.events)
                if one.event is event
            ),
            None,
        )

    def _consultations(self) -> dict[str, Cell]:
        parties: list[tuple[date | str, date | None, str | None]] = []
        bodies: list[str] = []
        words = self.law.words.opinions
        for line in self._lines(ev.ConsultThirdParty, ev.ConsultJointAgency, ev.ConsultOtherAgency):
            event = line.event
            assert isinstance(event, ev.Consultation)
            asked = self.case.facts.consultations[event.consultation or 0]
            ended = self._opinion(event.consultation)
            answered = asked.answered_on if ended else None
            if isinstance(event, ev.ConsultThirdParty):
                opinion = words[asked.opinion] if asked.opinion and ended else None
                parties.append((self._sent(line), answered, opinion))
                continue
            told = [f"{event.sent_on or event.on} 发出"]
            arrived = self._arrival(event)
            if answered and arrived and "reached_on" not in line.filled:
                told.append(f"{arrived} 送达")
            told += [f"{answered} 收到"] if answered else []
            joint = "（共同制作）" if isinstance(event, ev.ConsultJointAgency) else ""
            bodies.append("，".join(told) + joint)
        return {
            "party_sent": _joined([one[0] for one in parties]),
            "party_got": _joined([one[1] for one in parties]),
            "party_opinion": _joined([one[2] for one in parties]),
            "bodies_asked": "；".join(bodies),
        }

    def _opinion(self, number: int | None) -> bool:
        """Whether an opinion came that somebody told, and was not filled in."""
        return any(
            isinstance(line.event, ev.RecordOpinion)
            and line.event.consultation == number
            and line.filled != ("*",)
            for line in self.case.log
        )

    def _extension(self) -> dict[str, Cell]:
        lines = self._lines(ev.Extend)
        if not lines:
            return {}
        event = lines[-1].event
        assert isinstance(event, ev.Extend)
        told = self._arrival(event) or event.sent_on
        return {
            "extension_on": event.on,
            "extension_days": event.days if "days" not in lines[-1].filled else None,
            "extension_told": told,
        }

    def _fee(self) -> dict[str, Cell]:
        charged, paid = self._lines(ev.ChargeFee), self._lines(ev.PayFee)
        found: dict[str, Cell] = {}
        if charged:
            event = charged[-1].event
            assert isinstance(event, ev.ChargeFee)
            found = {"fee_on": event.sent_on or event.on, "fee_amount": event.amount}
        if paid:
            found["fee_paid"] = paid[-1].event.on
        return found

    # -- the end --------------------------------------------------------------------------------------------

    def _answer(self) -> dict[str, Cell]:
        case, facts = self.case, self.case.facts
        if case.state in ENDS:
            return {"outcome": ENDS[case.state], "answered_on": case.log[-1].event.on}
        if facts.closed_on is None or facts.outcome is None:
            return {"outcome": OPEN} if case.state != "start" else {}
        found: dict[str, Cell] = {"outcome": self._outcome(), "answered_on": facts.closed_on}
        served = facts.served
        if served is None:
            return found
        line = next(one for one in reversed(case.log) if one.event is served)
        by_document = case.rules["closing_date_basis"] == "document_date"
        dated = served.document_date or (served.on if by_document else facts.approved_on)
        proof = served.proof or ""
        classes = (
            {self.law.outcomes[code].cls for code, _ in facts.answer.parts()}
            if facts.answer
            else set()
        )
        approved = self._lines(ev.Approve)
        signer = self.told.get("签发人") or (approved[-1].actor if approved else None)
        return found | {
            "answered_on": dated,
            "letter": self.told.get("答复文号") or self.letter,
            "withholds": "是" if classes & {"refuse", "partial"} else "否",
            "signer": self._person(signer),
            "method": self.told.get("送达方式") or self._method(line, served),
            "served_on": case.deadlines.service_effective_date,
            "tracking": self.told.get("邮件号")
            or self._tracking()
            or proof.removeprefix("邮件号 ")
            or None,
        }

    def _method(self, line: Logged, served: ev.Serve) -> str | None:
        if "method" in line.filled:
            return None
        label = self.law.words.methods[served.method]
        carriers = self.law.words.carriers
        words = carriers.get(served.carrier or "")
        if served.method == "mail" and words:
            return f"{label}（{words[0]}）"
        return label

    def _tracking(self) -> str | None:
        told = [line.event for line in self._lines(ev.RecordDelivery)]
        found = [
            one.tracking for one in told if isinstance(one, ev.RecordDelivery) and one.of == "serve"
        ]
        return next((one for one in reversed(found) if one), None)

    def _outcome(self) -> str:
        facts = self.case.facts
        whole = self.law.outcomes[str(facts.outcome)].label
        if facts.answer is None or len(facts.answer.items) < 2:
            return whole
        items = "；".join(
            f"{item.item}.{self.law.outcomes[item.outcome].label}" for item in facts.answer.items
        )
        return f"{whole}（{items}）"

    def _basis(self) -> str | None:
        if self.told.get("法律依据"):
            return self.told["法律依据"]
        answer = self.case.facts.answer
        if answer is None or self.case.facts.served is None:
            return None
        told = []
        for code, evidence in answer.parts():
            basis = self.law.outcomes[code].basis
            words = f"条例{basis}" if basis[:1].isdigit() else (basis if "法" in basis else "")
            told += [evidence.citation or words] if evidence.citation or words else []
        return "；".join(dict.fromkeys(told))[:300]

    def _disputes(self, kind: str) -> dict[str, Cell]:
        numbers, results = [], []
        notes = {
            line.event.proceeding: line.event.note
            for line in self._lines(ev.FileSuit)
            if isinstance(line.event, ev.FileSuit)
        }
        told = {
            (line.event.name, getattr(line.event, "proceeding", None)): line
            for line in self.case.log
        }
        for one in self.case.facts.proceedings.values():
            if one.kind != kind:
                continue
            said = [f"{one.filed_on} {'申请' if kind == 'review' else '起诉'}"]
            line = told.get((f"file_{kind}", one.number))
            if line is not None and "on" in line.filled:
                said = []
            if kind == "suit":
                said += ["经复议" if one.via == "after_review" else "直接起诉"]
                said += ["二审"] if one.instance == "appeal" else []
                said += ["共同被告"] if one.role == "co_defendant" else []
            said += ["第三方"] if one.by == "third_party" else []
            number = one.case_number or (notes.get(one.number) or "").removeprefix("案号：")
            numbers.append((number or "有") + (f"（{'，'.join(said)}）" if said else ""))
            label = self.law.results[(kind, str(one.result))].label if one.result else ""
            results.append(f"{label}（{one.concluded_on}）" if one.result else "/")
        found: dict[str, Cell] = {kind: "；".join(numbers)}
        if any(one != "/" for one in results):
            found[f"{kind}_result"] = "；".join(results)
        for name, word in ((kind, {"review": "复议", "suit": "诉讼"}[kind]),):
            if not numbers and self.told.get(word):
                found[name] = self.told[word]
        return found

    def _archive(self) -> str | None:
        if self.told.get("归档号"):
            return self.told["归档号"]
        lines = self._lines(ev.Archive)
        return (
            f"已归档（{lines[-1].event.on}）" if lines and self.case.state == "archived" else None
        )

    def _remark(self) -> str:
        header, facts = self.case.header, self.case.facts
        ties = []
        if header.redo_of:
            by = "自行" if header.redo_mode else "责令"
            ties.append(f"系 {header.redo_of} 的{MODES[header.redo_mode or 'replace']}答复（{by}）")
        joint = header.joint_letter or facts.merged_into
        if joint:
            ties.append(f"与 {joint} 一并答复")
        if facts.outcome == "withdrawn" and not self.case.accepted_by_staff:
            ties.append(UNACCEPTED)
        own = self.told.get("备注", "")
        said = [tie for tie in ties if tie not in own]
        said += [own] if own else []
        said += [f"{head}：{text}" for head, text in self.told.items() if head not in _COLUMNS]
        return "；".join(said)


_COLUMNS = frozenset(
    ("承办人", "签发人", "答复文号", "法律依据", "是否转主动公开", "邮件号", "归档号", "备注", "送达方式", "交办日期", "复议", "诉讼")
)  # fmt: skip
"""Heads of the note that have a column of their own."""


def _joined(parts: list[Any]) -> Cell:
    """One day as a day; several, or one with more to say, in words, in their places."""
    if not any(part is not None for part in parts):
        return None
    if len(parts) == 1:
        return parts[0]  # type: ignore[no-any-return]
    return "；".join("/" if part is None else str(part) for part in parts)
