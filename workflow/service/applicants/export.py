"""What the holder of an account takes away: all requests with their texts, steps and answers, and what the account itself
keeps (个人信息保护法45). Nothing of others: of joint requests, and of those that went over to somebody else, who asks is
left out. Number and query code of each stand there too: with them it goes on without the account."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from workflow.case.case import Case
from workflow.case.public import public_steps
from workflow.case.told import answers_told
from workflow.paper.columns import Column, described
from workflow.paper.workbook import Sheet
from workflow.people import APPLICANT
from workflow.service.applicants.addresses import of_account
from workflow.service.applicants.entry import Holder
from workflow.service.applicants.requests import code_of
from workflow.service.applicants.saved import SavedApplicants
from workflow.service.cases.finding import asked_on
from workflow.service.files import KINDS
from workflow.service.office import Office
from workflow.store import files as file_queries
from workflow.store import own_accounts as queries
from workflow.store.account_models import AccountRow
from workflow.store.dialect import among
from workflow.store.file_models import FileRow
from workflow.store.models import CaseRow
from workflow.store.restored import case_of, first_private
from workflow.store.unit import Unit

LIST = (
    Column("申请编号", "text", "受理机关给的编号，在它之内不重复"),
    Column("受理机关", "text", "受理申请的机关"),
    Column("提交之日", "day", "提交申请之日，邮寄、当面提交的照申请本身"),
    Column("收到之日", "day", "机关收到申请之日"),
    Column("答复期限", "day", "答复期限的最后一天"),
    Column("办结之日", "day", "办结之日，没有办结的空着"),
    Column("状态", "words", "现在办到哪一步"),
    Column("申请的内容", "text", "申请公开的内容，几项的一项一行"),
    Column("获取方式", "words", "希望怎样拿到答复，可以有几种"),
    Column("载体", "words", "希望用什么载体提供，可以有几种"),
    Column("申请人", "text", "您填写的姓名或者名称"),
    Column("联系电话", "text", "您填写的联系电话"),
    Column("电子邮箱", "text", "您填写的电子邮箱"),
    Column("通信地址", "text", "您填写的通信地址"),
    Column("查询码", "text", "与申请编号一起用来查询，请妥善保管"),
)
OF_THE_OFFICE = ("gaps", "arrival")
"""What the office noted of the paper on which a request came."""


@dataclass(frozen=True)
class OwnData:
    """Everything of an account, as plain values; moments are those of China."""

    taken_at: datetime
    account: dict[str, Any]
    requests: Sequence[dict[str, Any]]

    def as_dict(self) -> dict[str, Any]:
        """For a program that reads it: days and moments as ISO 8601 writes them."""
        return {
            "taken_at": self.taken_at.isoformat(),
            "account": self.account,
            "requests": list(self.requests),
        }

    def sheets(self) -> tuple[Sheet, ...]:
        """For people: the list of requests first, then what hangs on them."""
        titles = {
            "steps": ("经过", ("申请编号", "受理机关", "日期", "经过")),
            "answers": ("答复", ("申请编号", "受理机关", "申请的内容", "答复", "依据")),
            "written": ("补正和说明", ("申请编号", "受理机关", "日期", "内容")),
            "files": (
                "本人提交的材料",
                ("申请编号", "受理机关", "材料", "文件名", "字节", "提交时间"),
            ),
        }
        keys = {
            "steps": ("on", "text"),
            "answers": ("asked", "answer", "basis"),
            "written": ("on", "text"),
            "files": ("kind", "name", "bytes", "sent_at"),
        }
        rows = {
            part: [
                (one["number"], one["agency"], *(line[key] for key in keys[part]))
                for one in self.requests
                for line in one[part]
            ]
            for part in titles
        }
        first = self.list()
        return (
            first,
            *(Sheet(title, heads, rows[part]) for part, (title, heads) in titles.items()),
            *described(first),
        )

    def list(self) -> Sheet:
        """The list of requests alone, a row each."""
        rows = [
            (
                one["number"], one["agency"], _real(one["submitted_at"][:10]),
                *(_real(one[day]) for day in ("received_on", "reply_due", "closed_on")), one["state"], "\n".join(one["items"]), "、".join(one["delivery"]),
                "、".join(one["medium"]), *(one["applicant"].get(name, "") for name in
                ("name", "phone", "email", "address")), one["query_code"],
            )
            for one in self.requests
        ]  # fmt: skip
        return Sheet("我的申请", LIST, rows)


class Exports:
    """The use case of taking everything away."""

    def __init__(self, office: Office) -> None:
        self.office = office

    def of(self, holder: Holder) -> OwnData:
        """Everything, read as one state of the store."""
        found: list[dict[str, Any]] = []
        with self.office.store.read() as unit:
            row = unit.session.get_one(AccountRow, holder.id)
            account = {
                "opened_at": row.opened_at.isoformat(),
                "addresses": {
                    kind: one.text for kind, one in of_account(self.office, unit, row.id).items()
                },
                "passkeys": [one.label for one in queries.passkeys_of(unit, row.id)],
                "reminded_through": list(row.channels or ()),
                "applicants": [
                    dict(one.fields) for one in SavedApplicants(self.office).all(holder)
                ],
            }
            last = 0
            while some := queries.whole_cases(unit, holder.id, last):
                own = self._own_files(unit, [one.id for one, _ in some])
                for one, sealed in some:
                    code = code_of(self.office, holder.id, one.id, sealed)
                    found.append(self._request(unit, one, code, own[one.id]))
                last = some[-1][0].id
        return OwnData(self.office.now(), account, found)

    def of_cases(self, unit: Unit, rows: Sequence[CaseRow]) -> list[dict[str, Any]]:
        """The same of these cases, for who asks the office; without their query codes, which nobody in the office knows."""
        own = self._own_files(unit, [one.id for one in rows])
        return [self._request(unit, one, "", own[one.id]) for one in rows]

    def _request(self, unit: Unit, row: CaseRow, code: str, own: list[FileRow]) -> dict[str, Any]:
        office, words = self.office, self.office.law.words
        case = case_of(row, office.rules_of(unit, row.agency_id, row.opened_on))
        return {
            "number": row.number,
            "query_code": code,
            "agency": row.body.name,
            "submitted_at": _asked(asked_on(row, case), row.submitted_at),
            "received_on": _day(row.received_on),
            "reply_due": _day(row.reply_due),
            "closed_on": _day(row.closed_on),
            "state": office.law.states[row.state].label,
            "request": row.request,
            "items": list(row.items),
            "delivery": [words.delivery[one] for one in row.delivery],
            "medium": [words.medium[one] for one in row.medium],
            "applicant": self._applicant(row),
            "steps": public_steps(case, office.law),
            "written": _written(case),
            "answers": [
                {"asked": one.wording, "answer": one.label, "basis": one.article}
                for one in answers_told(case)
            ],
            "files": [
                {
                    "kind": KINDS[file.kind],
                    "name": file_queries.label_of(file, office.keys).name,
                    "bytes": file.size,
                    "sha256": file.sha256,
                    "sent_at": file.uploaded_at.isoformat(timespec="minutes"),
                }
                for file in own
            ],
        }

    def _applicant(self, row: CaseRow) -> dict[str, Any]:
        """Who asks and what they told of themselves; empty where that is not surely one person's own."""
        if len(row.applicants) != 1 or row.applicant_now is not None:
            return {}
        private = first_private(self.office.keys, row)
        told = {key: value for key, value in private.items() if key not in OF_THE_OFFICE}
        return {"name": row.applicants[0].name, **told}

    def _own_files(self, unit: Unit, cases: Sequence[int]) -> dict[int, list[FileRow]]:
        """What the applicant sent, by case."""
        found: dict[int, list[FileRow]] = defaultdict(list)
        query = select(FileRow).where(among(FileRow.case_id, cases), FileRow.role == APPLICANT.name)
        for file in unit.session.scalars(query.order_by(FileRow.id)):
            found[file.case_id].append(file)
        return found


def _written(case: Case) -> list[dict[str, Any]]:
    """What the applicant wrote since: corrections, reasons and the like, with their day."""
    return [
        {"on": line.event.on.isoformat(), "text": text}
        for line in case.log
        if line.actor == APPLICANT.name and (text := getattr(line.event, "text", None))
    ]


def _real(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None


def _day(day: Any) -> str | None:
    return day.isoformat() if day is not None else None


def _asked(on: date, submitted_at: datetime) -> str:
    """When it was filed; of a paper that was typed in later its day alone."""
    typed_later = on < submitted_at.date()
    return on.isoformat() if typed_later else submitted_at.isoformat(timespec="minutes")
