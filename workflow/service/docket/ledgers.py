"""The door to ledgers (台账) for pages and commands: a file is looked at, its columns told, checked, taken in.

Between the steps the file lies sealed in the store. Checking and taking in go on beside the pages, which tell how far
it is; a run that was cut off has written nothing, and says so after a while.
"""

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workflow.docket.ledger.heads import lines_of
from workflow.docket.ledger.values import text_of
from workflow.files import clean_name
from workflow.paper.columns import DESCRIBED
from workflow.people import SYSTEM, Staff
from workflow.refusal import BadInput, FieldError, Refusal, Refused
from workflow.rules import permissions
from workflow.service.audit import note_export
from workflow.service.cases.whole_applicant import note_listed, why_of
from workflow.service.docket.ledger import (
    LedgerImport,
    Looked,
    Problem,
    Progress,
    Result,
    looked_at,
    wrong_mapping,
)
from workflow.service.docket.ledger_export import LedgerExport, Written
from workflow.service.office import Missing, Office
from workflow.store import ledger as ledger_queries
from workflow.store.audit import audited
from workflow.store.ledger_models import LedgerImportRow
from workflow.store.models import AgencyRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

TAKE_IN, WRITE_OUT = "import_ledger", "export_ledger"
KEPT_DAYS = 7
"""A file with which nobody goes on is kept so long."""
CUT_OFF = timedelta(minutes=3)
"""A run that has told nothing for so long was cut off."""
TOLD_MOST = 500
"""Findings of each kind that are kept to be shown."""
RECENT = 20
AT_ONCE = 2.0
"""Seconds for which a page waits for a run: what is small is done when it comes."""
WORKING = ("checking", "taking")


@dataclass(frozen=True, slots=True)
class SheetHead:
    """A column of the file as the page shows it: its letters, head, the first values, and what it is of ours."""

    column: int
    letters: str
    text: str
    samples: tuple[str, ...]
    mapped: str | None


@dataclass(frozen=True, slots=True)
class ImportView:
    """A ledger on its way in. state: seen, checking, checked, taking, done, given_up, cut_off. result: what the last
    check or the taking in found."""

    id: int
    agency: str
    agency_name: str
    actor: str
    file: str
    state: str
    total: int
    done_rows: int
    created: int
    begun_at: datetime
    changed_at: datetime
    heads: tuple[SheetHead, ...] = ()
    sheets: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    result: Mapping[str, Any] = field(default_factory=dict)
    kept_before: bool = False


class Ledgers:
    """The use cases around ledgers."""

    def __init__(self, office: Office, *, most_bytes: int) -> None:
        self.office = office
        self.most_bytes = most_bytes
        self.importing = LedgerImport(office)
        self.exporting = LedgerExport(office)

    # -- out --------------------------------------------------------------------------------------------

    def write(self, staff: Staff, agency: str, year: int, ending: str = "xlsx") -> Written:
        """The ledger of a body and year, citizens as 张某, or what the columns of its csv are (DESCRIBED). Raises
        Missing, Denied."""
        self._ask(WRITE_OUT, staff, agency)
        if ending == DESCRIBED:
            return self.exporting.described(agency, year)
        written = self.exporting.write(agency, year, ending, whole=False)
        note_export(self.office, staff, f"{year} 年台账", written.rows, agency)
        return written

    def write_whole(
        self, staff: Staff | None, agency: str, year: int, ending: str, reason: str = "", words: str = ""
    ) -> Written:  # fmt: skip
        """The same with the names, and why. staff None: the operator. Raises Missing, Denied, BadInput (reason, words)."""
        self._ask(WRITE_OUT, staff, agency)
        why = why_of(self.office.law, reason, words) if staff else {}
        written = self.exporting.write(agency, year, ending)
        who = staff.name if staff else SYSTEM.name
        note_listed(self.office, who, agency, str(year), written.rows, why)
        return written

    # -- in, at once (the command) -------------------------------------------------------------------------

    def at_once(
        self, agency: str, name: str, data: bytes, *, dry_run: bool,
        progress: Progress = lambda done, total: None,
    ) -> Result:  # fmt: skip
        """Look, check and take in, by the operator. With any error nothing is written. Raises BadInput for what
        is no ledger, Missing."""
        self._fits(data)
        looked = looked_at(data, name)
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            mapping = self._mapping(unit, row.id, looked)
        result = self.importing.check(agency, name, looked, mapping, progress)
        if dry_run or result.errors or not result.taken:
            return result
        now = self.office.now()

        def record(unit: Unit, body: AgencyRow) -> None:
            told = self._sealed({"file": name, "result": _told(result)})
            unit.session.add(
                LedgerImportRow(
                    agency_id=body.id, actor="system", heads=_key(looked), mapping=_plain(mapping),
                    state="done", total=result.rows, done_rows=result.rows, created=result.created,
                    gaps=result.gaps, told=told, begun_at=now, changed_at=now,
                )
            )  # fmt: skip
            self._audit(unit, "system", body, result)

        self.importing.take_in(agency, result, record)
        return result

    # -- in, step by step (the page) -----------------------------------------------------------------------

    def recent(self, staff: Staff, agency: str) -> list[ImportView]:
        """What was taken in, or is on its way, newest first. Raises Missing, Denied."""
        self._ask(TAKE_IN, staff, agency)
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            return [self._view(one, row) for one in ledger_queries.imports_of(unit, row.id, RECENT)]

    @retried
    def upload(self, staff: Staff, agency: str, name: str, data: bytes) -> int:
        """Look at a file and keep it; its number. Raises BadInput at `file`, Missing, Denied."""
        self._ask(TAKE_IN, staff, agency)
        self._fits(data)
        name = clean_name(name or "台账")
        looked = looked_at(data, name)
        now = self.office.now()
        with self.office.store.write() as unit:
            row = self.office.found_agency(unit, agency)
            for old in ledger_queries.left_lying(unit, now - timedelta(days=KEPT_DAYS)):
                self.forget(old)
            before = ledger_queries.mapping_for(unit, row.id, _key(looked))
            mapping = self._mapping(unit, row.id, looked)
            made = LedgerImportRow(
                agency_id=row.id, actor=staff.name, heads=_key(looked), mapping=_plain(mapping),
                state="seen", total=sum(len(lines_of(one, mapping)) for one in looked.found),
                done_rows=0, created=0, gaps=[], begun_at=now, changed_at=now,
                told=self._sealed({"file": name, "heads": _heads(looked), "beside": list(looked.beside),
                                   "sheets": [one.sheet.name for one in looked.found],
                                   "kept_before": before is not None}),
                content=self.office.keys.seal_bytes(data, "ledger"),
            )  # fmt: skip
            unit.session.add(made)
            unit.session.flush()
            return made.id

    def one(self, staff: Staff, which: int) -> ImportView:
        """Raises Missing, Denied."""
        with self.office.store.read() as unit:
            row, body = self._found(unit, staff, which)
            return self._view(row, body)

    @retried
    def check(self, staff: Staff, which: int, mapping: Mapping[int, str]) -> None:
        """Keep the mapping and begin to check. Raises BadInput (mapping), Refused where the file is gone or a
        run goes on, Missing, Denied."""
        wrong = wrong_mapping(mapping)
        if wrong:
            raise BadInput(wrong)
        with self.office.store.write() as unit:
            row, _ = self._found(unit, staff, which, lock=True)
            self._ready(row)
            row.mapping, row.state, row.done_rows = _plain(mapping), "checking", 0
            row.changed_at = self.office.now()
        self._beside(which, write=False)

    @retried
    def take_in(self, staff: Staff, which: int) -> None:
        """Begin to take in what was checked and has no error. Raises Refused, Missing, Denied."""
        with self.office.store.write() as unit:
            row, _ = self._found(unit, staff, which, lock=True)
            self._ready(row)
            told = self._opened(row).get("result") or {}
            if row.state != "checked" or told.get("error_count") or not told.get("created"):
                raise Refused(_refusal("还没有检查，或者检查出了错误", "检查没有错误之后"))
            row.state, row.done_rows, row.changed_at = "taking", 0, self.office.now()
        self._beside(which, write=True)

    @retried
    def give_up(self, staff: Staff, which: int) -> None:
        """The file is not kept any longer. Raises Refused, Missing, Denied."""
        with self.office.store.write() as unit:
            row, _ = self._found(unit, staff, which, lock=True)
            self._ready(row)
            self.forget(row)

    def forget(self, row: LedgerImportRow) -> None:
        """Neither the file stays nor what was seen of it."""
        row.told = self._sealed({"file": self._opened(row)["file"]})
        row.content, row.state, row.changed_at = None, "given_up", self.office.now()

    # -- the run ----------------------------------------------------------------------------------------

    def _beside(self, which: int, *, write: bool) -> None:
        """Go on beside the pages; what is small is done before the page comes back."""
        thread = threading.Thread(target=self.run, args=(which, write), daemon=True)
        thread.start()
        thread.join(AT_ONCE)

    def run(self, which: int, write: bool) -> None:
        """Check a file, and take it in if that is wanted and nothing is wrong."""
        with self.office.store.read() as unit:
            row = ledger_queries.ledger_import(unit, which)
            if row is None or row.content is None:
                return
            data, told, mapping = self._content(row), self._opened(row), row.columns()
            (body,) = unit.agencies([row.agency_id])
            agency, actor = body.code, row.actor
        try:
            looked = looked_at(data, told["file"])
            result = self.importing.check(
                agency, told["file"], looked, mapping, self._telling(which)
            )
            if write and not result.errors:
                self.importing.take_in(agency, result, self._recorded(which, actor, result))
                return
        except BadInput as problem:
            result = Result(errors=[Problem(0, "", one.message) for one in problem.errors])
        self._keep(which, {**told, "result": _told(result)}, result)

    def _telling(self, which: int) -> Progress:
        last = [datetime.min.replace(tzinfo=self.office.now().tzinfo)]

        def progress(done: int, total: int) -> None:
            now = self.office.now()
            if now - last[0] < timedelta(seconds=1):
                return
            last[0] = now
            self._note(which, done, total)

        return progress

    @retried
    def _note(self, which: int, done: int, total: int) -> None:
        with self.office.store.write() as unit:
            row = ledger_queries.ledger_import(unit, which)
            if row is not None:
                row.done_rows, row.total, row.changed_at = done, total, self.office.now()

    def _recorded(
        self, which: int, actor: str, result: Result
    ) -> Callable[[Unit, AgencyRow], None]:
        def record(unit: Unit, body: AgencyRow) -> None:
            row = ledger_queries.ledger_import(unit, which, lock=True)
            if row is None or row.state != "taking":
                raise BadInput([FieldError("file", "这份台账已经导入，没有再导入一次")])
            row.state, row.content, row.created, row.gaps = (
                "done",
                None,
                result.created,
                result.gaps,
            )
            row.total = row.done_rows = result.rows
            told = self._opened(row)
            row.told = self._sealed({**told, "result": _told(result), "heads": []})
            row.changed_at = self.office.now()
            self._audit(unit, actor, body, result)

        return record

    def _audit(self, unit: Unit, actor: str, body: AgencyRow, result: Result) -> None:
        audited(
            unit, self.office.now(), actor, body.id, "ledger_taken_in", body.code,
            rows=result.rows, created=result.created,
        )  # fmt: skip

    @retried
    def _keep(self, which: int, told: dict[str, Any], result: Result) -> None:
        with self.office.store.write() as unit:
            row = ledger_queries.ledger_import(unit, which, lock=True)
            if row is None or row.state not in WORKING:
                return
            row.state, row.told, row.total = "checked", self._sealed(told), result.rows
            row.done_rows, row.changed_at = result.rows, self.office.now()

    # -- what is kept ---------------------------------------------------------------------------------------

    def _mapping(self, unit: Unit, agency_id: int, looked: Looked) -> dict[int, str]:
        """As the body chose it for such a file before, else as the heads tell it."""
        known = ledger_queries.mapping_for(unit, agency_id, _key(looked))
        return dict(looked.mapping) if known is None or wrong_mapping(known) else known

    def _sealed(self, told: dict[str, Any]) -> bytes:
        return self.office.keys.seal(told, "ledger")

    def _opened(self, row: LedgerImportRow) -> dict[str, Any]:
        return self.office.keys.open(row.told, "ledger")

    def _content(self, row: LedgerImportRow) -> bytes:
        assert row.content is not None
        return self.office.keys.open_bytes(row.content, "ledger")

    def _fits(self, data: bytes) -> None:
        if len(data) > self.most_bytes:
            most = self.most_bytes // (1024 * 1024)
            raise BadInput([FieldError("file", f"文件超过 {most} MB，请按年份分成几份")])

    def _ask(self, action: str, staff: Staff | None, agency: str) -> None:
        """Raises Missing for a body that is not the person's, Denied for the wrong role."""
        if staff is None:
            return
        if agency not in staff.roles:
            raise Missing(f"没有代码为“{agency}”的机关，或者不属于您的机关")
        permissions.ask(self.office.law, action, staff.roles[agency])

    def _found(
        self, unit: Unit, staff: Staff, which: int, *, lock: bool = False
    ) -> tuple[LedgerImportRow, AgencyRow]:
        row = ledger_queries.ledger_import(unit, which, lock=lock)
        if row is None:
            raise Missing("没有这份台账")
        (body,) = unit.agencies([row.agency_id])
        self._ask(TAKE_IN, staff, body.code)
        return row, body

    def _ready(self, row: LedgerImportRow) -> None:
        if row.state in WORKING and not self._is_cut_off(row):
            raise Refused(_refusal("正在处理这份台账", "处理完之后"))
        if row.content is None:
            raise Refused(_refusal("这份台账已经导入，或者文件已经不再保存", "重新上传文件"))
        if row.state in WORKING:
            row.state = "checked" if self._opened(row).get("result") else "seen"

    def _is_cut_off(self, row: LedgerImportRow) -> bool:
        return row.state in WORKING and self.office.now() - row.changed_at > CUT_OFF

    def _view(self, row: LedgerImportRow, body: AgencyRow) -> ImportView:
        told, mapping = self._opened(row), row.columns()
        return ImportView(
            row.id, body.code, body.name, row.actor, told["file"],
            "cut_off" if self._is_cut_off(row) else row.state,
            row.total, row.done_rows, row.created, row.begun_at, row.changed_at,
            tuple(
                SheetHead(one["column"], one["letters"], one["text"], tuple(one["samples"]), mapping.get(one["column"]))
                for one in told.get("heads", ())
            ),
            tuple(told.get("sheets", ())), tuple(told.get("beside", ())),
            told.get("result") or {}, bool(told.get("kept_before")),
        )  # fmt: skip


def _refusal(message: str, when: str) -> Refusal:
    return Refusal("not_in_this_state", "条例45", message, when)


def _key(looked: Looked) -> str:
    return hashlib.sha256(looked.first.key().encode()).hexdigest()


def _plain(mapping: Mapping[int, str]) -> dict[str, str]:
    return {str(column): name for column, name in mapping.items()}


def _heads(looked: Looked) -> list[dict[str, Any]]:
    """The heads with the first values below each of them."""
    found = looked.first
    rows = found.sheet.rows[found.first : found.first + 200]
    told = []
    for head in found.heads:
        samples: list[str] = []
        for row in rows:
            value = row[head.column]
            text = None if value is None else _sample(value)
            if text and text not in samples:
                samples.append(text)
            if len(samples) == 3:
                break
        told.append(
            {"column": head.column, "letters": head.letters, "text": head.text, "samples": samples}
        )
    return told


def _sample(value: Any) -> str:
    try:
        return (text_of(value) or "")[:40]
    except ValueError as problem:
        return str(problem)[:40]


def _told(result: Result) -> dict[str, Any]:
    return {
        "rows": result.rows,
        "created": result.created,
        "error_count": len(result.errors),
        "there_count": len(result.there),
        "warning_count": len(result.warnings),
        "errors": [asdict(one) for one in result.errors[:TOLD_MOST]],
        "there": [asdict(one) for one in result.there[:TOLD_MOST]],
        "warnings": [asdict(one) for one in result.warnings[:TOLD_MOST]],
        "by_year": {str(year): n for year, n in result.by_year.items()},
        "by_outcome": result.by_outcome,
    }


@retried
def forget_left_lying(office: Office) -> int:
    """Files with which nobody has gone on for KEPT_DAYS go; how many. Nothing is written where there is none."""
    since = office.now() - timedelta(days=KEPT_DAYS)
    with office.store.read() as unit:
        if not ledger_queries.left_lying(unit, since):
            return 0
    ledgers = Ledgers(office, most_bytes=0)
    with office.store.write() as unit:
        old = ledger_queries.left_lying(unit, since)
        for one in old:
            ledgers.forget(one)
        return len(old)
