"""Who opens pages: people and programs over a store that can be made wide."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from statistics import median
from time import process_time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.bench.test_event_work import WAY, filled
from tests.bench.wide import widen
from tests.samples import pdf
from tests.webui.api.program import Program
from tests.webui.filing import CITIZEN, file, review
from tests.webui.portal.test_looks import picture
from tests.webui.published import publish
from tests.webui.visitor import Visitor
from workflow.files.crest import crest_of
from workflow.service import Office
from workflow.service.applicants.addresses import Address
from workflow.service.applicants.entry import Entry
from workflow.service.cases.releasing import Releasing
from workflow.service.cases.search import Search
from workflow.service.docket.ledgers import Ledgers
from workflow.service.docket.simulate import simulate
from workflow.service.hooks.receivers import Receivers, Wanted
from workflow.service.letters import CaseLetters
from workflow.service.messages.due_days import DueDays
from workflow.service.parcels import Parcels
from workflow.service.rules.settings import BodySettings
from workflow.service.units import Units
from workflow.store.destruction_models import DestructionRow
from workflow.store.file_models import FileRow

HOME, YEAR, PUBLISHED = "panlong", 2024, 2019
CLERK, ABOVE, ADMIN, LEADER = "lifang", "county", "guanli", "chen"


@dataclass(frozen=True)
class Page:
    """An address, who asks for it, and how many statements it may take. `{number}`: an open case."""

    path: str
    who: str
    most: int


class Readers:
    """Who opens pages: an applicant who filed, staff, and programs, over one store."""

    def __init__(self, wide: "Wide") -> None:
        self.wide = wide

    def open(self, page: Page) -> TestResponse:
        path = page.path.format(**self.wide.names)
        if page.who == "program":
            return self.wide.caller.get(path)
        if page.who == "anyone":
            return self.wide.anyone.get(path)
        if page.who == "holder":
            return self.wide.holder.client.get(path)
        who = self.wide.applicant if page.who == "visitor" else self.wide.staff(page.who)
        return who.client.get(path)

    def widen(self, bodies: int, cases: int, in_large: int, year: int = 2023) -> None:
        widen(
            self.wide.office,
            bodies=bodies,
            cases=cases,
            large=HOME,
            in_large=in_large,
            year=year,
        )

    def cpu(self, page: Page, rounds: int) -> float:
        """Seconds of CPU that the page takes, database and all."""
        found = []
        for _ in range(2 + rounds):
            begun = process_time()
            self.open(page)
            found.append(process_time() - begun)
        return median(found[2:])


@dataclass
class Wide:
    """A store with its readers. names: what addresses are made of."""

    app: Flask
    office: Office
    applicant: Visitor
    staff: Callable[[str], Visitor]
    caller: Program
    anyone: Program
    names: dict[str, Any]
    holder: Visitor


@pytest.fixture
def province() -> tuple[int, int]:
    """Cases and bodies that `gongkai simulate` writes before anybody comes; none where nothing is asked."""
    return (0, 0)


@pytest.fixture
def readers(
    app: Flask,
    office: Office,
    visitor: Visitor,
    staff: Callable[[str], Visitor],
    program: Callable[..., Program],
    province: tuple[int, int],
) -> Readers:
    """Everybody over a store with a few real cases."""
    if province[0]:
        simulate(office, *province, years=3, seed=1)
    some_cases(visitor, staff)
    number, code = file(visitor)
    clerk = staff(CLERK)
    clerk.act(number, "assign", to="zhaoming")
    clerk.get(f"/desk/cases/{HOME}/{number}").send(
        f"/cases/{HOME}/{number}/files", kind="other", file=(BytesIO(pdf("笔录")), "笔录.pdf")
    )
    person = office.staff(CLERK)
    assert person is not None
    Units(office).add(office.staff(ADMIN), HOME, "农业中心")
    elsewhere = Wanted("县 OA", "https://oa.example/in", below=False, events=None)
    Receivers(office, {"hook_hosts": "oa.example"}).add(office.staff(ADMIN), HOME, elsewhere)
    papers = CaseLetters(office)
    papers.issue(person, HOME, number, "assistance_request")
    (paper,) = papers.kept(person, HOME, number)
    came = {"way": "ems", "tracking": "1", "arrived_on": f"{YEAR}-05-06", "signed_by": "门卫"}
    parcel = Parcels(office).add(person, HOME, came)
    token = DueDays(office).new_feed(person)
    with office.store.write() as unit:
        unit.session.add(
            DestructionRow(
                agency_id=office.found_agency(unit, HOME).id, state="proposed", numbers=["2024-0001"],
                proposed_by=CLERK, proposed_at=office.now(), words="没有保存价值",
            )
        )  # fmt: skip
    publish(office, PUBLISHED)
    leading = office.staff("chen")
    assert leading is not None
    served = Releasing(office).release(
        leading, "2024-0001", {"title": "养护合同", "text": "金额 12 万元"}
    )
    head = "编号,收到日期,申请内容\n2019-0001,2019-05-16,养护合同\n"
    crest = crest_of("标志.png", picture())
    day = office.today().isoformat()
    BodySettings(office).set_setting(leading, HOME, "site_crest", crest.digest, day, "标志", crest)
    ledger = Ledgers(office, most_bytes=1_000_000).upload(person, HOME, "台账.csv", head.encode())
    account = Entry(office).open(Address("email", "zhang@applicant.example"))
    holder = Visitor(app).holding(account)
    for n in range(3):
        file(holder, {**CITIZEN, "items": f"自己的合同 {n}"})
    holder.get("/account/settings").send("/account/feed")
    own_feed = holder.html.partition("<code>http://localhost")[2].partition("</code>")[0]
    names = {
        "crest": crest.digest, "own_feed": own_feed, "ledger": ledger, "code": HOME, "year": YEAR, "published": PUBLISHED, "answer": served, "number": number, "query_code": code, "file": newest_file(office), "version": paper.id,
        "parcel": parcel.id,
        "feed": f"/feed/{token}.ics", "user": "zhaoming",
        "found": f"/desk/search?s={Search(office).address_of(person, '养护合同')}",
    }  # fmt: skip
    names["begun"] = review(visitor).page.request.args["form"]
    caller, anyone = program(CLERK), program()
    return Readers(Wide(app, office, visitor, staff, caller, anyone, names, holder))


def newest_file(office: Office) -> int:
    """The file that was uploaded last; the answered cases have proofs of their service."""
    with office.store.read() as unit:
        return int(unit.session.scalar(select(func.max(FileRow.id))) or 0)


def some_cases(
    visitor: Visitor,
    staff: Callable[[str], Visitor],
) -> None:
    """What the copies are made of: three answered cases of five, one under way, one being corrected."""
    for n in range(5):
        number, _ = file(visitor, {**CITIZEN, "items": f"养护合同 {n}\n验收单 {n}"})
        if n == 3:
            staff("lifang").act(number, "assign", to="农业中心")
        elif n == 4:
            staff("lifang").act(number, "require_correction", defects="请写明年度", method="direct")
        for who, name, typed in WAY if n < 3 else ():
            staff(who).act(number, name, **filled(typed))


COPIES = "copies of rows, without hashes that fit: only reading counts"
