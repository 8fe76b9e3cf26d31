"""What the API says: the models of its answers, filled from what the use cases give."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pydantic import ConfigDict, Field

from webui.api.base import Answer
from webui.api.deadlines import DeadlinesAnswer
from workflow.case.facts import Applicant
from workflow.case.identity import masked_name
from workflow.case.machine import Possibility
from workflow.case.unnamed import masked
from workflow.service.cases.unnamed import masks_of_case
from workflow.service.cases.views import CaseFile, Filed, LoggedLine, WorkItem
from workflow.service.files import FileView, Taken
from workflow.service.report.tables import YearTables


class FiledAnswer(Answer):
    """What an applicant gets at once. Keep the query code: with the number it opens the application."""

    agency: str
    number: str
    query_code: str
    state: str
    submitted_at: datetime
    receipt_date: date | None
    reply_due: date | None

    @classmethod
    def of(cls, found: Filed) -> "FiledAnswer":
        return cls(
            agency=found.agency,
            number=found.number,
            query_code=found.query_code,
            state=found.state,
            submitted_at=found.submitted_at,
            receipt_date=found.receipt_date,
            reply_due=found.reply_due,
        )


class FileAnswer(Answer):
    """A file that was kept. size in bytes; warnings: what it would betray when given out."""

    id: int
    name: str | None
    size: int
    sha256: str
    warnings: list[str]

    @classmethod
    def of(cls, found: FileView) -> "FileAnswer":
        return cls(
            id=found.id,
            name=found.name,
            size=found.size,
            sha256=found.sha256,
            warnings=list(found.warnings),
        )


class SentFilesAnswer(FileAnswer):
    """The first file that was kept; of several sent together files: all that were kept, refused: of each
    other which it is and why."""

    files: list[FileAnswer] = Field([])
    refused: list[str] = Field([])

    @classmethod
    def of_all(cls, taken: Taken) -> "SentFilesAnswer":
        first = FileAnswer.of(taken.files[0]).model_dump()
        if len(taken.files) == 1 and not taken.refused:
            return cls(**first)
        kept = [FileAnswer.of(one) for one in taken.files]
        return cls(**first, files=kept, refused=list(taken.refused))


class FileOpened(Answer):
    by: str
    at: datetime


class CaseFileAnswer(FileAnswer):
    """A file of a case. name: null where the caller may not open it; views: who opened identity papers."""

    kind: str
    media_type: str
    uploaded_by: str
    uploaded_at: datetime
    views: list[FileOpened]

    @classmethod
    def of(cls, found: FileView) -> "CaseFileAnswer":
        return cls(
            **FileAnswer.of(found).model_dump(),
            kind=found.kind,
            media_type=found.media_type,
            uploaded_by=found.uploaded_by,
            uploaded_at=found.uploaded_at,
            views=[FileOpened(by=who, at=when) for who, when in found.views],
        )


class CaseFilesAnswer(Answer):
    files: list[CaseFileAnswer]


class ListedCase(Answer):
    """A line of the worklist. applicant: 张某, as lists show citizens."""

    number: str
    agency: str
    request: str
    applicant: str
    state: str
    state_label: str
    due: date | None
    due_kind: str | None
    workdays_left: int | None
    next_by: list[str]
    provisional: bool

    @staticmethod
    def fields_of(item: WorkItem, state_label: str) -> dict[str, Any]:
        """What it says of a line, unchecked: the page checks all of its lines at once, in a fifth of the time."""
        return {
            "number": item.number,
            "agency": item.agency,
            "request": item.title,
            "applicant": masked_name(item.applicant),
            "state": item.state,
            "state_label": state_label,
            "due": item.due,
            "due_kind": item.due_kind or None,
            "workdays_left": item.workdays_left,
            "next_by": list(item.next_actors),
            "provisional": item.provisional,
        }


class CasesAnswer(Answer):
    """A page of the worklist: what is due first on top."""

    cases: list[ListedCase]
    total: int
    next: str | None


class ApplicantAnswer(Answer):
    name: str
    citizen: bool
    category: str | None

    @classmethod
    def of(cls, person: Applicant, masks: Mapping[str, str]) -> "ApplicantAnswer":
        name = masks.get(person.name, person.name)
        return cls(name=name, citizen=person.citizen, category=person.category)


class RefusalAnswer(Answer):
    rule: str
    article: str
    message: str
    allowed_when: str
    field: str | None = None


class LineAnswer(Answer):
    """A line of the log. on: when it happened; recorded_at: when it was recorded. on and fields are what
    holds; typed_on and typed what was typed before, where the line was corrected."""

    seq: int
    event: str
    label: str
    on: date
    recorded_at: datetime
    actor: str
    role: str
    fields: dict[str, Any]
    filled: list[str]
    typed_on: date | None = None
    typed: dict[str, Any] | None = None
    taken_back: bool = False
    stands_for: str | None = None

    @classmethod
    def of(cls, line: LoggedLine, masks: Mapping[str, str]) -> "LineAnswer":
        return cls(
            seq=line.seq,
            event=line.event,
            label=line.label,
            on=line.on,
            recorded_at=line.recorded_at,
            actor=line.actor,
            role=line.role,
            fields=masked(line.fields, masks),
            filled=list(line.filled),
            typed_on=line.typed_on,
            typed=masked(line.typed, masks),
            taken_back=line.taken_back,
            stands_for=line.stands_for,
        )


class EntryFinding(Answer):
    """An entry that a wrong one had allowed and that would not be allowed now. It stands."""

    seq: int
    event: str
    on: date
    message: str
    article: str


class NextAnswer(Answer):
    """An event that the law knows: who may apply it, and whether the caller may now, or why not."""

    event: str
    label: str
    by: list[str]
    allowed: bool
    refusal: RefusalAnswer | None

    @classmethod
    def of(cls, found: Possibility) -> "NextAnswer":
        no = found.refusal
        return cls(
            event=found.event,
            label=found.label,
            by=list(found.by),
            allowed=found.allowed,
            refusal=RefusalAnswer.model_validate(no.as_dict()) if no else None,
        )


class NeedAnswer(Answer):
    """What the intended answer still lacks; item null: the application as a whole."""

    item: int | None
    need: str


class GapAnswer(Answer):
    """What the paper lacked when it was registered. defect: what to ask for by require_correction."""

    gap: str
    label: str
    ground: str
    defect: str
    proposed: bool


class HandedOverAnswer(Answer):
    """Where the case was handed over from: the platform, its number there, by whom and when."""

    platform: str
    number: str
    by: str
    at: datetime


class CaseAnswer(Answer):
    """A case, its log, and what may happen next. Who asks is masked wherever it stands, unless the call says why it is
    asked for whole."""

    number: str
    agency: str
    kind: str
    request: str
    items: list[str]
    applicants: list[ApplicantAnswer]
    delivery: list[str]
    medium: list[str]
    channel: str | None
    submitted_at: datetime
    state: str
    state_label: str
    outcome: str | None
    row: str | None
    column: str
    closed_on: date | None
    receipt_date: date | None
    reply_due: date | None
    deadlines: DeadlinesAnswer
    missing: list[NeedAnswer]
    gaps: list[GapAnswer]
    remedy: str | None
    remedies: list[str]
    log: list[LineAnswer]
    findings: list[EntryFinding]
    next: list[NextAnswer]
    handed_over: HandedOverAnswer | None

    @classmethod
    def of(cls, found: CaseFile, *, whole: bool = False) -> "CaseAnswer":
        masks = {} if whole else masks_of_case(found)
        return cls(
            number=found.number,
            agency=found.agency,
            kind=found.kind,
            request=masked(found.title, masks),
            items=list(masked(found.items, masks)),
            applicants=[ApplicantAnswer.of(person, masks) for person in found.applicants],
            delivery=list(found.delivery),
            medium=list(found.medium),
            channel=found.channel,
            submitted_at=found.submitted_at,
            state=found.state,
            state_label=found.state_label,
            outcome=found.outcome,
            row=found.row,
            column=found.column,
            closed_on=found.closed_on,
            receipt_date=found.deadlines.receipt_date,
            reply_due=found.deadlines.reply_due,
            deadlines=DeadlinesAnswer.model_validate(found.deadlines.as_dict()),
            missing=[NeedAnswer(item=number, need=need) for number, need in found.missing],
            gaps=[
                GapAnswer(
                    gap=name,
                    label=gap.label,
                    ground=gap.ground,
                    defect=gap.defect,
                    proposed=gap.asked and not found.asked_for,
                )
                for name, gap in found.gaps.items()
            ],
            remedy=found.remedy,
            remedies=list(found.remedy_text.kinds) if found.remedy_text else [],
            log=[LineAnswer.of(line, masks) for line in found.log],
            findings=[EntryFinding(**asdict(one)) for one in found.findings],
            next=[NextAnswer.of(possible) for possible in found.possible],
            handed_over=HandedOverAnswer(
                **{name: getattr(found.handed_over, name) for name in HandedOverAnswer.model_fields}
            )
            if found.handed_over
            else None,
        )


class FindingAnswer(Answer):
    """What a check of the tables found."""

    model_config = ConfigDict(extra="allow")

    rule: str
    level: str
    where: str
    message: str


class TablesAnswer(Answer):
    """Tables 三 and 四 of a body and year, as `gongkai tally` prints them."""

    agency: str
    year: int
    format: str
    table2: dict[str, dict[str, int | float | None]] | None
    table3: dict[str, dict[str, int]]
    table4: dict[str, dict[str, int]]
    checks: list[FindingAnswer]

    @classmethod
    def of(cls, found: YearTables) -> "TablesAnswer":
        return cls.model_validate(found.as_dict())


class CellAnswer(Answer):
    """The cases behind a number."""

    agency: str
    year: int
    row: str
    column: str
    n: int
    cases: list[str]


class FieldProblem(Answer):
    field: str
    message: str


class ChoiceAnswer(Answer):
    """A body that has a case of the number, and the address of that case."""

    agency: str
    name: str
    case: str


class WrongStepAnswer(RefusalAnswer):
    """An event of a history that cannot be taken over. index: its place in `events`, from 0."""

    index: int
    event: str
    on: str | None


class ProblemAnswer(Answer):
    """Problem details (RFC 9457), in Chinese."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] | None = None
    rule: str | None = None
    article: str | None = None
    message: str | None = None
    allowed_when: str | None = None
    choices: list[ChoiceAnswer] | None = None
    steps: list[WrongStepAnswer] | None = None
    request_id: str | None = None
