"""One applied event: guards, log row and case row, before the commit."""

from datetime import date, datetime
from statistics import median
from time import perf_counter

import pytest
from sqlalchemy import JSON, Date, ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tests.letter_texts import with_texts
from tests.workflow.case.proved import judged
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Actor, Applicant, Header, Logged
from workflow.dates import SHANGHAI
from workflow.people import STAFF_ROLES
from workflow.service.installation import temporary_office

ROUTINE = (
    {"event": "receive", "on": "2024-03-20", "channel": "in_person"},
    {"event": "assign", "on": "2024-03-21", "to": "农业中心"},
    {"event": "record_search", "on": "2024-03-25", "sources": ["档案室"], "keywords": ["合同"], "hits": 2},
    {"event": "extend", "on": "2024-03-26", "days": 10, "reason": "需查阅历年纸质档案"},
    {"event": "propose_outcome", "on": "2024-03-27", "outcome": "supplied"},
    {"event": "send_to_secrecy_review", "on": "2024-03-28"},
    {"event": "pass_secrecy_review", "on": "2024-03-29", **judged()},
    {"event": "pass_legal_check", "on": "2024-04-01"},
    {"event": "approve", "on": "2024-04-02"},
    {"event": "serve", "on": "2024-04-03", "method": "direct"},
)  # fmt: skip
TODAY = date(2024, 5, 6)
NOW = datetime(2024, 5, 6, 10, 0, tzinfo=SHANGHAI)
BY = {"pass_secrecy_review": "wangqiang", "pass_legal_check": "yangfa", "approve": "chenxz"}


class Bare(DeclarativeBase):
    """Two tables of a log and what follows from it, with nothing but SQLAlchemy."""


class BareCase(Bare):
    __tablename__ = "bare_case"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(String(32))
    due: Mapped[date] = mapped_column(Date)
    length: Mapped[int]


class BareEvent(Bare):
    __tablename__ = "bare_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("bare_case.id"))
    name: Mapped[str] = mapped_column(String(32))
    on: Mapped[date] = mapped_column(Date)
    fields: Mapped[dict[str, str]] = mapped_column(JSON)


def bare_event(session: Session, row: BareCase) -> float:
    """Insert a log row, update the case row; the seconds that it took."""
    begun = perf_counter()
    row.length += 1
    row.state = f"state {row.length}"
    session.add(
        BareEvent(case_id=row.id, name=row.state, on=TODAY, fields={"to": "农业中心", "note": "x"})
    )
    session.flush()
    return perf_counter() - begun


@pytest.fixture
def office():
    with temporary_office() as office:
        Bare.metadata.create_all(office.store.engine)
        yield office


def test_an_applied_event_costs_few_bare_rows(office, full, tell):
    """Aim: under a millisecond."""
    rounds = 150 if full else 1
    ours: list[float] = []
    bare: list[float] = []
    with office.store.write() as unit:
        agency = office.add_agency(
            unit, code="panlong", name="盘龙彝族乡人民政府", level="township"
        )
        with_texts(unit, agency)
        rules = office.rules(unit, agency, TODAY)
        written = [
            ev.parse(one["event"], {k: v for k, v in one.items() if k != "event"})
            for one in ROUTINE
        ]
        for number in range(rounds):
            plain = BareCase(state="start", due=TODAY, length=0)
            header = Header(
                f"2024-{number:04d}",
                "panlong",
                applicants=(Applicant("张三"),),
                request="养护合同",
                items=("养护合同",),
            )
            row, case = unit.add_case(agency, header, TODAY, NOW, office.keys), Case(header, rules)
            unit.session.add(plain)
            unit.session.flush()
            for event in written:
                actor = Actor(BY.get(event.name, "lifang"), frozenset(STAFF_ROLES))
                begun = perf_counter()
                line = case.apply(event, actor, today=TODAY, recorded_at=NOW)
                assert isinstance(line, Logged), line
                unit.append(row, case, line, office.keys)
                unit.session.flush()
                ours.append(perf_counter() - begun)
                bare.append(bare_event(unit.session, plain))
            assert (case.state, row.state, row.length) == ("served", "served", len(ROUTINE))
    tell(
        f"one applied event: {median(ours) / median(bare):.2f} × a bare insert and update"
        f"   [{1e3 * median(ours):.2f} ms (aim < 1), bare {1e3 * median(bare):.2f} ms]"
    )
