"""A store with many cases and their whole logs, made quickly: the same few cases on many days."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from tests.workflow.case.proved import judged
from workflow import events as ev
from workflow.case.case import Case
from workflow.case.facts import Applicant, Header, Logged
from workflow.dates import SHANGHAI
from workflow.service import Office
from workflow.service.messages.watched import COMPLETE
from workflow.store.bulk import InHand, Opening, Rows
from workflow.store.count_models import NumberRow
from workflow.store.counters import seal_every_counter
from workflow.store.migrate import migrate
from workflow.store.sealed import Secrets
from workflow.store.store import Store

BEGIN = date(2023, 1, 3)
DAYS = 240
BODIES = 20

Told = tuple[tuple[str, int, dict[str, Any]], ...]
"""The events of a log: name, calendar days after the first one, fields."""

ROUTINE: Told = (
    ("receive", 0, {"channel": "in_person"}),
    ("assign", 1, {"to": "农业中心"}),
    ("record_search", 5, {"sources": ["档案室"], "keywords": ["合同"], "hits": 2}),
    ("extend", 6, {"days": 10, "reason": "需查阅历年纸质档案"}),
    ("propose_outcome", 7, {"outcome": "supplied"}),
    ("send_to_secrecy_review", 8, {}),
    ("pass_secrecy_review", 9, judged()),
    ("pass_legal_check", 12, {}),
    ("approve", 13, {}),
    ("serve", 14, {"method": "direct"}),
)
OPEN: Told = ROUTINE[:3]
WITHDRAWN: Told = (*ROUTINE[:2], ("withdraw", 4, {"note": "申请人来电撤回"}))
CONSULTED: Told = tuple(
    told
    for n in range(1, 4)
    for told in (
        ("consult_third_party", 5 + n, {"consultation": n, "reached_on": 5 + n}),
        ("record_opinion", 15 + n, {"consultation": n, "opinion": "objects"}),
    )
)
RETURNED: Told = tuple(
    told
    for n in range(6)
    for told in (
        ("propose_outcome", 20 + n, {"outcome": "supplied"}),
        ("send_to_secrecy_review", 20 + n, {}),
        ("pass_secrecy_review", 20 + n, judged()),
        ("return_draft", 20 + n, {"reason": f"第 {n + 1} 次退回，请补充依据"}),
    )
)
DISPUTED: Told = (
    *ROUTINE[:4], *CONSULTED, *RETURNED,
    *((name, days + 20, fields) for name, days, fields in ROUTINE[4:]),
    ("file_review", 60, {"copy_received_on": 62}),
    ("conclude_review", 110, {"result": "upheld"}),
    ("file_suit", 120, {"copy_received_on": 125, "via": "after_review"}),
    ("conclude_suit", 200, {"result": "upheld"}),
)  # fmt: skip
"""A case of more than forty lines."""
ASKED: Told = (*ROUTINE[:4], *CONSULTED)
SHAPES = (*[ROUTINE] * 12, *[OPEN] * 3, *[WITHDRAWN] * 2, *[ASKED] * 2, DISPUTED)
"""Of twenty cases: most go the usual way, one goes through review and suit."""


def log_of(told: Told, begun: date) -> list[Logged]:
    """The log of a case whose first event was on the day."""
    return [
        Logged(
            seq,
            ev.parse(name, {"on": begun + timedelta(days), **_dated(fields, begun)}),
            "lifang",
            "clerk",
            datetime.combine(begun + timedelta(days), time(9, 30), SHANGHAI),
        )
        for seq, (name, days, fields) in enumerate(told, 1)
    ]


def _dated(fields: dict[str, Any], begun: date) -> dict[str, Any]:
    return {
        name: begun + timedelta(value) if name.endswith("_on") else value
        for name, value in fields.items()
    }


def office_with(folder: Path, number: int) -> Office:
    """An office with so many cases in BODIES bodies, as if each event had been applied."""
    store = Store(f"sqlite:///{folder / 'store.db'}")
    migrate(store.engine)
    now = datetime(2024, 9, 24, 9, tzinfo=SHANGHAI)
    office = Office(store, Secrets.throwaway(), now=lambda: now)
    with store.write() as unit:
        unit.set_stamp(COMPLETE, "1")
        bodies = [
            office.add_agency(unit, code=f"b{n}", name=f"第 {n} 局", level="county_department")
            for n in range(BODIES)
        ]
        rules = office.rules(unit, bodies[0], BEGIN)
        logs: dict[tuple[int, int], list[Logged]] = {}
        lines: dict[int, int] = {}
        for begin in range(0, number, 2000):
            rows = Rows()
            for n in range(begin, min(begin + 2000, number)):
                which = n % len(SHAPES), n // len(SHAPES) % DAYS
                opened = BEGIN + timedelta(which[1])
                if which not in logs:
                    logs[which] = log_of(SHAPES[which[0]], opened)
                body = bodies[n % BODIES]
                lines[body.id] = lines.get(body.id, 0) + 1
                header = Header(
                    f"{BEGIN.year}-{lines[body.id]:04d}",
                    body.code,
                    applicants=(Applicant("张三"),),
                    request="申请公开本辖区 2023 年度农村公路养护工程的合同、验收单和资金拨付凭证",
                    items=("农村公路养护工程合同", "验收单"),
                    delivery=("email",),
                )
                case = Case.replayed(header, rules, logs[which])
                at = datetime.combine(opened, time(9), SHANGHAI)
                rows.add(InHand(n + 1, body.id, case, opened), Opening(at))
            rows.seal(office.keys)
            rows.write(unit)
        unit.session.execute(
            insert(NumberRow),
            [{"agency_id": body, "year": BEGIN.year, "last": n} for body, n in lines.items()],
        )
        seal_every_counter(unit.session.connection(), office.keys)
    return office
