"""Files of cases after their time (到期档案): which may be destroyed, who proposes it and who decides, what is left.

Two persons: the archivist proposes, the head of the office or a leader decides, and nobody both. A list is destroyed
whole, in one transaction, or not at all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from workflow.case.case import Case
from workflow.case.row import projection
from workflow.letters.destroyed import Decided, Line, certificate
from workflow.letters.letter import Letter
from workflow.people import Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.rules.retention import (
    ALL,
    DISPUTED,
    LABELS,
    SHORT,
    Standing,
    kept_until,
    rule_of,
    why_not,
)
from workflow.service.cases.remains import CASE, LIST, said_of, said_of_list
from workflow.service.cases.verify import Looking
from workflow.service.office import Missing, Office
from workflow.store import destruction as queries
from workflow.store.audit import DESTROYED, audited
from workflow.store.destruction import Archived, Destroyed
from workflow.store.destruction_models import LONGEST_WORDS, DestroyedCaseRow, DestructionRow
from workflow.store.models import AgencyRow, CaseRow
from workflow.store.restored import header_of, logged_of
from workflow.store.retried import retried
from workflow.store.unit import Unit

SEE, PROPOSE, DECIDE = "see_destruction", "propose_destruction", "decide_destruction"
ARTICLE = "档案法21"
MOST = 100
"""Files of one list: it is destroyed in one transaction."""
LOOKED_AT = 2_000
"""Files that were archived first and are looked at for the page."""
SHOWN = 50
"""Lists on the page."""
MAY_CHANGE = frozenset(("applicant_now", "proceedings"))
"""Columns in which words stand that go; every other follows from the log as before."""
PROPOSED, DONE, NO = "proposed", "done", "refused"
STATES = {PROPOSED: "等待批准", DONE: "已经销毁", NO: "没有同意"}


@dataclass(frozen=True, slots=True)
class Expired:
    """A file of which the time is over. rule: in words. why_not: what still forbids to destroy it, "" where nothing does."""

    number: str
    received_on: date | None
    closed_on: date | None
    outcome: str
    archived_on: date
    until: date
    rule: str
    years: int
    why_not: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as its page shows it. cases: of one that was done."""

    id: int
    agency: str
    body: str
    state: str
    numbers: tuple[str, ...]
    proposed_by: str
    proposed_at: datetime
    words: str
    decided_by: str
    decided_at: datetime | None
    decided_words: str
    cases: tuple[Expired, ...]
    may_decide: bool


class Retention:
    """The use cases around files whose time is over."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.law = office.law

    def bodies(self, staff: Staff) -> list[str]:
        """Codes of the bodies whose lists the person sees. Raises Denied where there is none."""
        found = list(permissions.bodies_for(self.law, SEE, staff))
        if not found:
            permissions.ask(self.law, SEE, permissions.NOBODY)
        return found

    def expired(self, staff: Staff, agency: str) -> list[Expired]:
        """The files of a body of which the time is over, the first archived first; those of a list that waits are not
        among them. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            body = self._body(unit, staff, agency, SEE)
            waiting = queries.proposed_numbers(unit, body.id)
            return [one for one in self._expired(unit, body) if one.number not in waiting]

    def lists(self, staff: Staff, agency: str) -> list[Shown]:
        """The last lists of a body, the latest first. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            body = self._body(unit, staff, agency, SEE)
            return [self._shown(unit, staff, row) for row in queries.proposals(unit, [body.id], SHOWN)]  # fmt: skip

    def one(self, staff: Staff, which: int) -> Shown:
        """A list. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            return self._shown(unit, staff, self._list(unit, staff, which, SEE))

    def certificate(self, staff: Staff, which: int) -> Letter:
        """The list of files that were destroyed, as a paper. Raises Missing, Denied."""
        with self.office.store.read() as unit:
            row = self._list(unit, staff, which, SEE)
            if row.state != DONE or row.decided_at is None:
                raise Missing("清册上的案卷还没有销毁")
            shown = self._shown(unit, staff, row)
            about = Decided(
                row.id, shown.body, (shown.proposed_by, row.proposed_at.date(), row.words),
                (shown.decided_by, row.decided_at.date(), row.decided_words), row.proof or "",
            )  # fmt: skip
        lines = [
            Line(one.number, one.closed_on, one.outcome, one.archived_on, one.until, one.rule, one.years)
            for one in shown.cases
        ]  # fmt: skip
        return certificate(about, lines)

    @retried
    def propose(self, staff: Staff, agency: str, numbers: Sequence[str], words: str) -> int:
        """Propose to destroy these files; the number of the list. Raises Missing, Denied, BadInput (case, words)."""
        wanted, words = list(dict.fromkeys(numbers)), _words(words)
        if not wanted:
            raise BadInput([FieldError("case", "请选择要销毁的案卷")])
        if len(wanted) > MOST:
            raise BadInput([FieldError("case", f"一份清册最多 {MOST} 卷")])
        if not words:
            raise BadInput([FieldError("words", "请写明鉴定意见，例如鉴定小组的结论")])
        with self.office.store.write() as unit:
            body = self._body(unit, staff, agency, PROPOSE)
            waiting = queries.proposed_numbers(unit, body.id)
            found = {one.number: one for one in self._expired(unit, body, wanted)}
            for number in wanted:
                why = found[number].why_not if number in found else "保管期限没有届满"
                if why or number in waiting:
                    told = why or "已经列入另一份清册"
                    raise BadInput([FieldError("case", f"{number} 不能列入：{told}")])
            row = DestructionRow(
                agency_id=body.id, state=PROPOSED, numbers=sorted(wanted), proposed_by=staff.name,
                proposed_at=self.office.now(), words=words, decided_words="",
            )  # fmt: skip
            unit.session.add(row)
            unit.session.flush()
            audited(
                unit, self.office.now(), staff.name, body.id, "destruction_proposed", str(row.id),
                rows=len(wanted),
            )  # fmt: skip
            return row.id

    @retried
    def refuse(self, staff: Staff, which: int, words: str) -> None:
        """Do not destroy the files of a list. Raises Missing, Denied, Refused, BadInput (words)."""
        words = _words(words)
        if not words:
            raise BadInput([FieldError("words", "不同意的，请写明原因")])
        with self.office.store.write() as unit:
            row = self._to_decide(unit, staff, which)
            self._decided(row, staff, NO, words)
            audited(
                unit, self.office.now(), staff.name, row.agency_id, "destruction_refused", str(row.id),
                rows=len(row.numbers),
            )  # fmt: skip

    @retried
    def approve(self, staff: Staff, which: int, words: str) -> None:
        """Destroy the files of a list, all of them or, where one may not be destroyed any more, none.

        Raises Missing, Denied, Refused, BadInput (words).
        """
        words = _words(words)
        gone: list[int] = []
        with self.office.store.write() as unit:
            row = self._to_decide(unit, staff, which)
            found = {one.number: one for one in self._expired(unit, row.agency, row.numbers)}
            for number in row.numbers:
                one = found.get(number)
                if one is None or one.why_not:
                    raise _not_now(f"{number}：{one.why_not if one else '已经不在到期档案里'}")
            self._decided(row, staff, DONE, words)
            looking = Looking(self.office, True, True)
            for number in row.numbers:
                gone.append(self._destroy(unit, looking, row, found[number]))
            unit.session.flush()
            told = said_of_list(row, queries.destroyed_of(unit, row.id))
            row.proof = self.office.keys.digest(LIST, told)
            audited(
                unit, self.office.now(), staff.name, row.agency_id, DESTROYED, str(row.id),
                rows=len(gone), proof=row.proof, proposed_by=row.proposed_by,
            )  # fmt: skip
        for case_id in gone:
            self.office.folds.forget(case_id)

    # -- one case -------------------------------------------------------------------------------------

    def _destroy(self, unit: Unit, looking: Looking, by: DestructionRow, one: Expired) -> int:
        (row,) = unit.cases_numbered([by.agency.code], one.number, lock=True)
        if looking.faults_of(unit, row.id):
            raise _not_now(f"{one.number}：案卷与日志不符，请先请运行人员核验（gongkai verify）")
        before = self._follows(unit, looking, row)
        queries.destroy(unit, self.office.keys, row)
        after = self._follows(unit, looking, row)
        moved = {name for name in before if before[name] != after[name]}
        if not moved <= MAY_CHANGE:
            raise _not_now(f"{one.number}：销毁会改变统计用的栏目，请报告运行人员")
        queries.put_right(unit, row, {name: after[name] for name in moved})
        proof = self.office.keys.digest(CASE, said_of(looking.stored(unit, row.id)))
        unit.session.add(
            DestroyedCaseRow(
                case_id=row.id, destruction_id=by.id, archived_on=one.archived_on, kept_until=one.until,
                rule=one.rule, years=one.years, proof=proof,
            )
        )  # fmt: skip
        return row.id

    def _follows(self, unit: Unit, looking: Looking, row: CaseRow) -> dict[str, Any]:
        """The columns that follow from the log as it lies in the store."""
        stored = looking.stored(unit, row.id)
        log = [logged_of(line) for line in stored.log]
        rules = self.office.rules(unit, row.agency, row.opened_on)
        return projection(Case.replayed(header_of(stored), rules, log))

    # -- which files ----------------------------------------------------------------------------------

    def _expired(
        self, unit: Unit, body: AgencyRow, numbers: Collection[str] | None = None
    ) -> list[Expired]:
        today = self.office.today()
        shortest = self._shortest(unit, body)
        if not shortest:
            return []
        last = date(today.year - shortest, 1, 1) - timedelta(1)
        rows = queries.archived_until(unit, body, last, LOOKED_AT, numbers)
        published = {row.year for row in unit.published_years([body.id])}
        redoes = queries.open_redoes(unit, body.id, [row.number for row in rows])
        found = []
        for row in rows:
            rules = self.office.rules(unit, body, row.opened_on)
            rule = rule_of(row.result_row, bool(row.proceedings))
            years = int(rules[rule])
            until = kept_until(row.archived_on, years)
            if until is None or until >= today:
                continue
            why = why_not(_standing(row, until, row.number in redoes), today, published)
            found.append(self._one(row, until, rule, years, why))
        return found

    def _shortest(self, unit: Unit, body: AgencyRow) -> int:
        """The fewest years for which a file of the body may have to be kept; 0: all for ever."""
        said = [int(self.law.settings[name].default) for name in LABELS]
        said += [
            int(row.value) for name in (ALL, SHORT, DISPUTED) for row in unit.setting_rows(body, name)
        ]  # fmt: skip
        return min((years for years in said if years), default=0)

    def _one(
        self, row: Archived | Destroyed, until: date, rule: str, years: int, why: str = ""
    ) -> Expired:
        outcome = self.law.outcomes.get(row.outcome or "")
        return Expired(
            row.number, row.received_on, row.closed_on, outcome.label if outcome else "",
            row.archived_on, until, LABELS.get(rule, rule), years, why,
        )  # fmt: skip

    # -- lists ----------------------------------------------------------------------------------------

    def _body(self, unit: Unit, staff: Staff, agency: str, action: str) -> AgencyRow:
        if agency not in permissions.bodies_for(self.law, SEE, staff):
            permissions.ask(self.law, action, staff.roles.get(agency, frozenset()))
            raise Missing(f"没有代码为“{agency}”的机关，或者不属于您的机关")
        permissions.ask(self.law, action, staff.roles.get(agency, frozenset()))
        return self.office.found_agency(unit, agency)

    def _list(
        self, unit: Unit, staff: Staff, which: int, action: str, *, lock: bool = False
    ) -> DestructionRow:
        row = queries.proposal(unit, which, lock=lock)
        if row is None or row.agency.code not in staff.roles:
            raise Missing("没有这份销毁清册，或者不属于您的机关")
        permissions.ask(self.law, action, staff.roles[row.agency.code])
        return row

    def _to_decide(self, unit: Unit, staff: Staff, which: int) -> DestructionRow:
        row = self._list(unit, staff, which, DECIDE, lock=True)
        if row.state != PROPOSED:
            raise Refused(
                Refusal("not_in_this_state", ARTICLE, "这份清册已经有了决定", "请看清册上的决定")
            )
        if row.proposed_by == staff.name:
            raise Refused(
                Refusal("same_person", ARTICLE, "销毁须由提出的人以外的人批准", "请另一位负责人批准")
            )  # fmt: skip
        return row

    def _decided(self, row: DestructionRow, staff: Staff, state: str, words: str) -> None:
        row.state, row.decided_by, row.decided_words = state, staff.name, words
        row.decided_at = self.office.now()

    def _shown(self, unit: Unit, staff: Staff, row: DestructionRow) -> Shown:
        names = unit.display_names({row.proposed_by, row.decided_by or ""})
        held = staff.roles.get(row.agency.code, frozenset())
        allowed = permissions.role_for(self.law, DECIDE, held) is not None
        cases = queries.destroyed_of(unit, row.id) if row.state == DONE else []
        return Shown(
            row.id, row.agency.code, row.agency.name, row.state, tuple(row.numbers),
            names.get(row.proposed_by, row.proposed_by), row.proposed_at, row.words,
            names.get(row.decided_by or "", row.decided_by or ""), row.decided_at, row.decided_words,
            tuple(self._one(one, one.kept_until, one.rule, one.years) for one in cases),
            row.state == PROPOSED and allowed and row.proposed_by != staff.name,
        )  # fmt: skip


def _standing(row: Archived, until: date, redo: bool) -> Standing:
    years = frozenset(day.year for day in (row.received_on, row.closed_on) if day)
    disputes = [one for one in row.proceedings if not one.get("concluded_on")]
    return Standing("archived", row.archived_on, until, years, len(disputes) + redo)


def _words(words: str) -> str:
    words = " ".join(words.split())
    if len(words) > LONGEST_WORDS:
        raise BadInput([FieldError("words", f"最多 {LONGEST_WORDS} 个字")])
    return words


def _not_now(why: str) -> Refused:
    return Refused(
        Refusal(
            "not_in_this_state",
            ARTICLE,
            f"现在不能销毁，一卷也没有销毁。{why}",
            "请档案管理员重新提出清册",
        )
    )
