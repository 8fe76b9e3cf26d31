"""Ledgers (台账) taken in: every row played as a case through the one door, all of them written or none."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from config.ledger import Ledger, load_ledger
from workflow.case.case import Case
from workflow.case.identity import proof_of
from workflow.case.number import LARGEST_COUNT, order_of
from workflow.dates import SHANGHAI
from workflow.docket.ledger.book import Unreadable, sheets_of
from workflow.docket.ledger.heads import Found, Line, found_in, lines_of
from workflow.docket.ledger.reading import Finding, Read
from workflow.docket.ledger.row import Reader
from workflow.docket.ledger.taking import Body, Taken, Taking
from workflow.refusal import BadInput, FieldError
from workflow.rules.rulebook import Rulebook
from workflow.service.docket.uncollected import uncollected
from workflow.service.office import Office
from workflow.store import ledger as ledger_queries
from workflow.store.bulk import InHand, Opening, Rows, Secret, next_id, table
from workflow.store.counters import seal_counters
from workflow.store.dialect import count_on, in_bulk
from workflow.store.models import AgencyRow
from workflow.store.retried import retried
from workflow.store.unit import Unit

STEP = 100
"""Rows after which it is told how far it is."""
NEEDED = ("received_on", "request")
Progress = Callable[[int, int], None]
"""Rows that are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file: the row as a spreadsheet numbers it (0: the file itself), the column with its letter
    and head ("" for the whole row), and a sentence."""

    row: int
    column: str
    message: str
    sheet: str = ""

    def as_dict(self) -> dict[str, object]:
        said = {"row": self.row, "column": self.column, "message": self.message}
        return {**said, "sheet": self.sheet} if self.sheet else said


@dataclass(frozen=True, slots=True)
class Looked:
    """A file with its heads. sheets: the names of those that are read; beside: of the others."""

    found: tuple[Found, ...]
    mapping: Mapping[int, str]
    beside: tuple[str, ...] = ()

    @property
    def first(self) -> Found:
        return self.found[0]


@dataclass(slots=True)
class Result:
    """What a file brings. created: cases that would be, or were, made; there: rows whose number the body has
    already. by_year, by_outcome: how many of them."""

    rows: int = 0
    created: int = 0
    errors: list[Problem] = field(default_factory=list)
    there: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    by_year: dict[int, int] = field(default_factory=dict)
    by_outcome: dict[str, int] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    gaps: list[list[int]] = field(default_factory=list)


def looked_at(data: bytes, name: str, table_: Ledger | None = None) -> Looked:
    """What the file is. Raises BadInput at `file` for one that is no ledger."""
    known = table_ or load_ledger()
    try:
        sheets = sheets_of(data, name)
    except Unreadable as problem:
        raise BadInput([FieldError("file", str(problem))]) from problem
    found = found_in([one for one in sheets if not one.hidden], known)
    if not found:
        message = "没有找到表头：表里要有一行写着“申请编号”“收到日期”“申请内容”这样的栏目名称"
        raise BadInput([FieldError("file", message)])
    names = {one.sheet.name for one in found}
    beside = tuple(
        f"“{one.name}”（隐藏的）" if one.hidden else f"“{one.name}”"
        for one in sheets
        if one.name not in names
    )
    return Looked(tuple(found), found[0].mapping, beside)


def wrong_mapping(mapping: Mapping[int, str], table_: Ledger | None = None) -> list[FieldError]:
    """What a mapping lacks, or says twice."""
    known = (table_ or load_ledger()).columns
    errors = []
    times = Counter(mapping.values())
    for name, count in times.items():
        if name not in known:
            errors.append(FieldError("mapping", f"没有“{name}”这一栏"))
        elif count > 1:
            errors.append(
                FieldError("mapping", f"有 {count} 栏都对应“{known[name].head}”，只能有一栏")
            )
    if not set(mapping.values()) & {"number", "place"}:
        errors.append(FieldError("mapping", "没有一栏对应“申请编号”（或者“序号”），无法登记编号"))
    if not set(mapping.values()) & {"received_on", "submitted_on"}:
        errors.append(
            FieldError("mapping", "没有一栏对应“收到日期”（或者“提交日期”），无法计算期限")
        )
    return errors


class LedgerImport:
    """Taking in the ledger of one body."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.table = load_ledger()

    def check(
        self, agency: str, file: str, looked: Looked, mapping: Mapping[int, str],
        progress: Progress = lambda done, total: None,
    ) -> Result:  # fmt: skip
        """What the file brings, row by row; nothing is written. Raises BadInput for a mapping that lacks
        something, Missing for an unknown body."""
        wrong = wrong_mapping(mapping, self.table)
        if wrong:
            raise BadInput(wrong)
        lines = [line for found in looked.found for line in lines_of(found, mapping)]
        places = _Places(looked.first, mapping)
        result = Result(rows=len(lines))
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            reader = Reader(
                self.office.law, self.table, self.office.settings_on(unit, row, self.office.today())
            )
        reads = [reader.read(line) for line in lines]
        known = self._known(agency, reads)
        body = Body(agency, row.name, row.level, file, self.office.today(), self.office.now())
        taking, seen = Taking(body), dict[str, Read]()
        with uncollected():
            for place, read in enumerate(reads):
                if place % STEP == 0:
                    progress(place, len(reads))
                self._one(result, places, taking, read, seen, known)
        progress(len(reads), len(reads))
        self._summed(result)
        return result

    @retried
    def take_in(
        self, agency: str, result: Result, record: Callable[[Unit, AgencyRow], None]
    ) -> int:
        """Write all cases of a checked file, in one transaction; how many. record: writes down in it that they
        were taken in. Raises BadInput where a number was given to somebody else meanwhile: then nothing is
        written."""
        cases = [taken for taken in result.taken if taken.case is not None]
        with (
            self.office.store.write_rules() as unit
        ):  # their places are counted here: nobody else writes one
            row = self.office.found_agency(unit, agency)
            numbers = [str(taken.read.number) for taken in cases]
            there = ledger_queries.numbers_there(unit, row.id, numbers)
            if there:
                listed = "、".join(sorted(there)[:5])
                message = f"检查之后，{listed} 等 {len(there)} 个编号已经登记。没有导入任何一行，请再检查一次"
                raise BadInput([FieldError("file", message)])
            with uncollected(), in_bulk(unit.connection):
                self._write(unit, row, cases)
                result.gaps = count_on_from(self.office, unit, row, numbers)
            record(unit, row)
            unit.flush()
            seal_counters(unit.connection, self.office.keys)
        return len(cases)

    # -- checking ---------------------------------------------------------------------------------------

    def _known(self, agency: str, reads: Sequence[Read]) -> "_Known":
        """What the store says: the numbers that are there, published years, rules by day."""
        days = {read.received_on for read in reads if read.received_on and not read.errors}
        with self.office.store.read() as unit:
            row = self.office.found_agency(unit, agency)
            numbers = ledger_queries.numbers_there(
                unit, row.id, {read.number for read in reads if read.number}
            )
            published = {one.year for one in unit.published_years([row.id])}
            rules = {day: self.office.rules(unit, row, day) for day in days}
        return _Known(numbers, published, rules)

    def _one(
        self, result: Result, places: "_Places", taking: Taking, read: Read,
        seen: dict[str, Read], known: "_Known",
    ) -> None:  # fmt: skip
        number = read.number
        if number in known.numbers:
            result.there.append(places.problem(read.line, Finding("number", f"编号 {number} 已经登记过，这一行没有再导入")))  # fmt: skip
            return
        if number is not None and number in seen:
            before = seen[number].line
            where = f"第 {before.number} 行" if before.sheet == read.line.sheet else f"“{before.sheet}”第 {before.number} 行"  # fmt: skip
            read.errors.append(Finding("number", f"编号 {number} 与{where}相同"))
        elif number is not None:
            seen[number] = read
        day = read.received_on
        frozen = None if read.errors else known.frozen(read)
        if frozen:
            read.errors.append(
                Finding("received_on", f"会改变已经公布的 {frozen} 年年度报告，不能再导入")
            )
        taken = taking.take(read, known.rules[day]) if day and not read.errors else Taken(read, errors=read.errors)  # fmt: skip
        result.errors += [places.problem(read.line, one) for one in taken.errors]
        result.warnings += [places.problem(read.line, one) for one in taken.warnings]
        if taken.case is not None:
            result.taken.append(taken)

    def _summed(self, result: Result) -> None:
        law = self.office.law
        years: Counter[int] = Counter()
        outcomes: Counter[str] = Counter()
        for taken in result.taken:
            case = taken.case
            assert case is not None and taken.read.received_on is not None
            years[taken.read.received_on.year] += 1
            outcomes[_ended_as(case, law.words.stages["running"])] += 1
        result.by_year, result.by_outcome = (
            dict(sorted(years.items())),
            dict(outcomes.most_common()),
        )
        result.created = 0 if result.errors else len(result.taken)

    # -- writing ----------------------------------------------------------------------------------------

    def _write(self, unit: Unit, row: AgencyRow, cases: Sequence[Taken]) -> None:
        first, rows = next_id(unit.connection, table("case")), Rows()
        for place, taken in enumerate(cases):
            case = taken.case
            assert case is not None
            day = case.log[0].event.on
            hand = InHand(first + place, row.id, case, day)
            rows.add(hand, Opening(datetime.combine(day, time(9), SHANGHAI), _secrets(taken)))
            if len(rows.cases) >= 1000:
                rows = self._written(unit, rows)
        self._written(unit, rows)
        count_on(unit.connection, table("case"))

    def _written(self, unit: Unit, rows: Rows) -> Rows:
        rows.seal(self.office.keys)
        rows.write(unit)
        return Rows()


def count_on_from(
    office: Office, unit: Unit, row: AgencyRow, numbers: Sequence[str]
) -> list[list[int]]:
    """The body's own numbers go on after these, which were kept. Returns those that stand on no row: [year, first,
    last]."""
    by_year: dict[int, set[int]] = {}
    for number in numbers:
        year, count = order_of(number)
        if count <= LARGEST_COUNT:
            by_year.setdefault(year, set()).add(count)
    gaps = []
    for year, counts in sorted(by_year.items()):
        before = ledger_queries.count_up_to(unit, row, year, max(counts), office.keys)
        start = before
        for count in sorted(one for one in counts if one > before):
            if count > start + 1:
                gaps.append([year, start + 1, count - 1])
            start = count
    return gaps


@dataclass(frozen=True, slots=True)
class _Known:
    numbers: set[str]
    published: set[int]
    rules: Mapping[date, Rulebook]

    def frozen(self, read: Read) -> int | None:
        """A published year whose tables the row would change."""
        if not self.published or read.received_on is None:
            return None
        last = max((step.on.year for step in read.steps), default=read.received_on.year)
        years = range(read.received_on.year, (last if read.outcome else max(self.published)) + 1)
        return next((year for year in years if year in self.published), None)


class _Places:
    """Where things stand in the file, in words."""

    def __init__(self, found: Found, mapping: Mapping[int, str]) -> None:
        heads = {head.column: head for head in found.heads}
        self.columns = {
            name: f"{heads[column].letters} {heads[column].text}".strip()
            for column, name in mapping.items()
            if column in heads
        }

    def problem(self, line: Line, finding: Finding) -> Problem:
        column = self.columns.get(finding.column or "")
        if column is None and finding.column:
            column = load_ledger().columns[finding.column].head
        return Problem(line.number, column or "", finding.message, line.sheet)


def _ended_as(case: Case, running: str) -> str:
    if case.facts.closed_on and case.facts.outcome:
        return case.rules.law.outcomes[case.facts.outcome].label
    return (
        case.rules.law.states[case.state].label if case.state in ("voided", "rerouted") else running
    )


def _secrets(taken: Taken) -> list[Secret]:
    """What is kept of each applicant: contact and proof are of the first one. Two people without a name
    are not one person."""
    case, found = taken.case, []
    assert case is not None
    for place, person in enumerate(case.header.applicants):
        private = dict(taken.read.private) if place == 0 else {}
        proof = proof_of(private, citizen=person.citizen)
        if proof is None and not person.name:
            proof = f"unnamed in {case.header.agency} {case.header.number} {place}"
        found.append(Secret(private or None, proof))
    return found
