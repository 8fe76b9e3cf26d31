"""A township with a store, and people to walk its cases through the service."""

from datetime import date, datetime
from typing import Any

from tests.letter_texts import with_texts
from tests.proofs import proofs_for
from tests.workflow.case.proved import EVIDENCE, SEARCH, judged
from workflow.case.application import OfflineForm, read_form
from workflow.dates import SHANGHAI
from workflow.people import STAFF_ROLES, Staff
from workflow.refusal import Refusal, Refused
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.intake import Intake
from workflow.service.cases.moving import Moving
from workflow.service.cases.reading import Reading
from workflow.service.cases.views import CaseFile
from workflow.service.report.tables import Reports

HOME = "panlong"
"""The body whose cases are walked: others may have the same numbers."""


class Town:
    """One body (and others beside it) with two people who hold every role: one drafts, one reviews."""

    attach = True
    """A service comes with its proof."""

    def __init__(self, office: Office, **settings: Any) -> None:
        self.office = office
        self.intake, self.moving, self.reading = Intake(office), Moving(office), Reading(office)
        self.add("panlong", "盘龙彝族乡人民政府", **settings)
        self.drafter, self.reviewer = self.person("lifang"), self.person("wangqiang")

    def add(self, code: str, name: str, **settings: Any) -> None:
        """A body with its settings; the two people work for every body."""
        with self.office.store.write() as unit:
            agency = with_texts(
                unit, self.office.add_agency(unit, code=code, name=name, level="township")
            )
            for user in ("lifang", "wangqiang"):
                Accounts(self.office).add_user(unit, name=user, agency=agency, roles=STAFF_ROLES)
            for key, value in settings.items():
                unit.set_setting(agency, key, value, date(2000, 1, 1), "测试")
        self.drafter, self.reviewer = self.person("lifang"), self.person("wangqiang")

    def person(self, name: str) -> Staff:
        found = self.office.staff(name)
        assert found
        return found

    def clock(self, day: date) -> None:
        """It is ten in the morning of that day."""
        moment = datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)
        self.office.now = lambda: moment

    def register(
        self, on: str, *, name: str = "张三", proof: str = "E10000001", **about: Any
    ) -> str:
        """The number of an application handed in on the day by the bearer of a passport."""
        person = {"kind": "citizen", "name": name, "id_type": "passport", "id_number": proof,
                  "phone": "13800138000"}  # fmt: skip
        data = {"agency": "panlong", "applicant": person, "items": ["养护合同"], "channel": "in_person",
                "delivery": ["pickup"], "medium": ["paper"], "on": on, **about}  # fmt: skip
        form = read_form(data, OfflineForm, today=self.office.today())
        return self.intake.register(form, self.drafter).number

    def do(self, number: str, name: str, on: str, /, **fields: Any) -> CaseFile:
        """An event that must be possible; reviews and signatures are the reviewer's."""
        if name == "pass_secrecy_review" and not fields:
            fields = judged(len(self.case(number).items))
        reviewing = ("pass_secrecy_review", "pass_legal_check", "approve", "void")
        staff = self.reviewer if name in reviewing else self.drafter
        return self.moving.apply_and_read(
            staff.within(HOME),
            number,
            name,
            {"on": on, **fields},
            attached=proofs_for(name) if self.attach else (),
        )

    def refused(self, number: str, name: str, on: str, /, **fields: Any) -> Refusal:
        """Why the event is not possible."""
        try:
            self.do(number, name, on, **fields)
        except Refused as refused:
            return refused.refusal
        raise AssertionError(f"{name} was not refused")

    def case(self, number: str) -> CaseFile:
        return self.reading.case(self.drafter.within(HOME), number)

    def answer(self, number: str, on: str, outcome: str = "not_responsible", **fields: Any) -> None:
        """Everything from the desk of the registry to the signature on the receipt, on one day."""
        if self.case(number).state == "registered":
            self.do(number, "assign", on)
        if outcome == "not_existing":
            self.do(number, "record_search", on, **SEARCH)
        fields = {**EVIDENCE.get(outcome, {}), **fields}
        self.do(number, "propose_outcome", on, outcome=outcome, **fields)
        if "secrecy_review" in self.office.law.outcomes[outcome].needs:
            self.do(number, "send_to_secrecy_review", on)
            self.do(number, "pass_secrecy_review", on)
        self.do(number, "pass_legal_check", on)
        self.do(number, "approve", on)
        self.do(number, "serve", on, method="direct", signed_on=on)

    def table3(self, year: int) -> dict[str, int]:
        """The column 总计 of table 3, without its zeros."""
        table = Reports(self.office).tables("panlong", year).tables.table3
        return {row: cells["total"] for row, cells in table.items() if cells["total"]}
