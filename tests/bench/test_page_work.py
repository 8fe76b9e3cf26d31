"""Every page of portal, desk and API, as counts of statements and as CPU time beside a wide store.

Counts do not depend on the machine: they are asserted. Law 13 of the house: a page of a case costs the
same beside a thousand cases as beside a hundred thousand.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, event, select

from tests.bench.readers import ABOVE, ADMIN, CLERK, COPIES, LEADER, Page, Readers
from tests.counting import work
from workflow.service import Office
from workflow.store.account_models import AccountCaseRow, AccountRow
from workflow.store.models import CaseRow

PAGES: dict[str, Page] = {
    "portal.start": Page("/", "visitor", 2),
    "portal.apply": Page("/apply?form=abcdefghijklmnopqrst", "visitor", 3),
    "portal.choose_bodies": Page("/apply/bodies?q=乡&agency={code}", "visitor", 2),
    "portal.check_form": Page("/apply/check?form={begun}", "visitor", 8),
    "portal.filed": Page("/apply/done", "visitor", 5),
    "portal.receipt_file": Page("/apply/done/receipt.pdf", "visitor", 5),
    "portal.drafts": Page("/drafts", "visitor", 2),
    "portal.forgotten": Page("/query/new-code", "visitor", 2),
    "portal.query": Page("/query", "visitor", 2),
    "portal.case": Page("/query/case", "visitor", 9),
    "portal.application": Page("/query/case/application", "visitor", 11),
    "portal.fee_slip": Page("/query/case/fee", "visitor", 11),
    "portal.case_complaint": Page("/query/case/complaint", "visitor", 11),
    "portal.refuse": Page("/refuse/0-x", "visitor", 3),
    "portal.calculator": Page(
        "/b/{code}/calculator?way=window&received_on=2024-03-20", "visitor", 2
    ),
    "portal.calculator_day": Page(
        "/b/{code}/calculator/day.ics?way=window&received_on=2024-03-20", "visitor", 2
    ),
    "portal.guide": Page("/b/{code}/guide", "visitor", 2),
    "portal.form_file": Page("/b/{code}/guide/form.docx", "visitor", 2),
    "portal.directory": Page("/directory?q=乡", "visitor", 2),
    "portal.complaint": Page("/b/{code}/complaint", "visitor", 2),
    "portal.annual_reports": Page("/annual-reports", "visitor", 3),
    "portal.annual_report": Page("/b/{code}/annual-reports/{published}", "visitor", 2),
    "portal.annual_report_figure": Page(
        "/b/{code}/annual-reports/{published}/figures/table3/total/total", "visitor", 2
    ),
    "portal.annual_report_file": Page(
        "/b/{code}/annual-reports/{published}/file/json", "visitor", 2
    ),
    "portal.annual_reports_feed": Page("/b/{code}/annual-reports/feed", "visitor", 2),
    "portal.answers": Page("/answers?q=养护", "visitor", 5),
    "portal.answer": Page("/answers/{answer}", "visitor", 2),
    "portal.answers_feed": Page("/b/{code}/answers/feed", "visitor", 4),
    "portal.sitemap": Page("/sitemap.xml", "visitor", 2),
    "portal.robots": Page("/robots.txt", "visitor", 1),
    "portal.easy_read": Page("/b/{code}/easy-read", "visitor", 2),
    "portal.english": Page("/b/{code}/english", "visitor", 2),
    "portal.embedding": Page("/b/{code}/embed", "visitor", 2),
    "portal.crest": Page("/b/{code}/crest/{crest}.png", "visitor", 3),
    "portal.feed": Page("{feed}", "visitor", 11),
    "portal.account": Page("/account", "holder", 5),
    "portal.account_sign_in": Page("/account/sign-in", "visitor", 3),
    "portal.account_code": Page("/account/code", "visitor", 3),
    "portal.account_open": Page("/account/open", "visitor", 3),
    "portal.account_settings": Page("/account/settings", "holder", 11),
    "portal.account_prove": Page("/account/address/code", "holder", 3),
    "portal.account_delete": Page("/account/delete", "holder", 3),
    "portal.account_people": Page("/account/people", "holder", 4),
    "portal.account_person": Page("/account/people/0", "holder", 4),
    "portal.account_export": Page("/account/export/xlsx", "holder", 10),
    "portal.account_feed": Page("{own_feed}", "visitor", 4),
    "display.choose": Page("/display?size=large", "visitor", 1),
    "display.security_txt": Page("/.well-known/security.txt", "visitor", 1),
    "display.security_txt_elsewhere": Page("/security.txt", "visitor", 1),
    "desk.log_in": Page("/desk/login", "visitor", 2),
    "desk.worklist": Page("/desk/", CLERK, 18),
    "desk.list_pulse": Page("/desk/worklist/pulse", CLERK, 6),
    "desk.list_calendar": Page("/desk/worklist/calendar", CLERK, 12),
    "desk.export_list": Page("/desk/worklist/list.xlsx?view=office", CLERK, 18),
    "desk.all_cases": Page("/desk/cases", CLERK, 9),
    "desk.search": Page("{found}", CLERK, 14),
    "desk.similar": Page("/desk/cases/{code}/{number}/similar", CLERK, 18),
    "desk.case": Page("/desk/cases/{code}/{number}", CLERK, 16),
    "desk.applicant": Page("/desk/cases/{code}/{number}/applicant", CLERK, 11),
    "desk.code": Page("/desk/cases/{code}/{number}/code", CLERK, 20),
    "desk.renewed_code": Page("/desk/cases/{code}/{number}/code/slip", CLERK, 20),
    "desk.case_file": Page("/desk/cases/{code}/{number}/file", CLERK, 16),
    "desk.evidence": Page("/desk/cases/{code}/{number}/file/evidence", CLERK, 14),
    "desk.package": Page("/desk/cases/{code}/{number}/file/archive", CLERK, 17),
    "desk.sign": Page("/desk/cases/{code}/{number}/sign", CLERK, 16),
    "desk.release": Page("/desk/cases/{code}/{number}/release", CLERK, 12),
    "desk.flow": Page("/desk/cases/{code}/{number}/flow", CLERK, 8),
    "desk.flow_picture": Page("/desk/cases/{code}/{number}/flow.svg", CLERK, 7),
    "desk.review": Page("/desk/cases/{code}/{number}/review", CLERK, 8),
    "desk.ground": Page("/desk/cases/{code}/{number}/ground?item=1", CLERK, 7),
    "desk.searches": Page("/desk/cases/{code}/{number}/searches", CLERK, 8),
    "desk.sheet": Page("/desk/cases/{code}/{number}/sheets/review.pdf", CLERK, 6),
    "desk.open_file": Page("/desk/cases/{code}/{number}/files/{file}", CLERK, 8),
    "desk.letters": Page("/desk/cases/{code}/{number}/letters", CLERK, 13),
    "desk.letter": Page("/desk/cases/{code}/{number}/letters/extension_notice", CLERK, 13),
    "desk.letter_file": Page("/desk/cases/{code}/{number}/letters/receipt/docx", CLERK, 10),
    "desk.letter_version": Page(
        "/desk/cases/{code}/{number}/letters/versions/{version}/docx", CLERK, 8
    ),
    "desk.book": Page("/desk/letters", CLERK, 9),
    "desk.book_file": Page("/desk/letters/book/xlsx", CLERK, 9),
    "desk.expired": Page("/desk/expired", LEADER, 14),
    "desk.destruction": Page("/desk/expired/1", LEADER, 6),
    "desk.destruction_file": Page("/desk/expired/1/list.docx", LEADER, 6),
    "desk.person_data": Page("/desk/personal", LEADER, 4),
    "desk.ledger": Page("/desk/ledger", CLERK, 8),
    "desk.ledger_import": Page("/desk/ledger/{ledger}", CLERK, 6),
    "desk.ledger_file": Page("/desk/ledger/file/csv?year={year}", CLERK, 17),
    "desk.inbox": Page("/desk/inbox", CLERK, 5),
    "desk.record": Page("/desk/record", CLERK, 6),
    "desk.channels": Page("/desk/channels", CLERK, 20),
    "desk.manuals": Page("/desk/manual", CLERK, 4),
    "desk.manual": Page("/desk/manual/clerk", CLERK, 4),
    "desk.preferences": Page("/desk/preferences", CLERK, 13),
    "desk.morning": Page("/desk/morning", CLERK, 8),
    "desk.morning_pdf": Page("/desk/morning.pdf", CLERK, 8),
    "desk.password": Page("/desk/password", CLERK, 4),
    "desk.own_sessions": Page("/desk/sessions", CLERK, 5),
    "desk.own_tokens": Page("/desk/tokens", CLERK, 6),
    "desk.factors": Page("/desk/factors", CLERK, 7),
    "desk.put_app": Page("/desk/factors/app", CLERK, 4),
    "desk.second_step": Page("/desk/login/second", "visitor", 2),
    "desk.register": Page("/desk/register", CLERK, 6),
    "desk.parcels": Page("/desk/parcels", CLERK, 9),
    "desk.parcel": Page("/desk/parcels/{parcel}", CLERK, 6),
    "desk.parcels_file": Page("/desk/parcels/book/xlsx", CLERK, 11),
    "desk.registered": Page("/desk/register/done", CLERK, 3),
    "desk.settings": Page("/desk/settings", CLERK, 9),
    "desk.setting": Page("/desk/settings/online_confirmation", CLERK, 9),
    "desk.calendar": Page("/desk/calendar", CLERK, 14),
    "desk.national_days": Page("/desk/calendar/national", CLERK, 9),
    "desk.staff_list": Page("/desk/staff", ADMIN, 22),
    "desk.person": Page("/desk/staff/{user}", ADMIN, 12),
    "desk.body_tokens": Page("/desk/staff/tokens", ADMIN, 12),
    "desk.unit": Page("/desk/staff/units/1", ADMIN, 13),
    "desk.hooks": Page("/desk/hooks", ADMIN, 6),
    "desk.hook": Page("/desk/hooks/1", ADMIN, 9),
    "desk.bodies_list": Page("/desk/bodies", ADMIN, 4),
    "desk.body": Page("/desk/bodies/{code}", ADMIN, 7),
    "desk.audit": Page("/desk/audit", ADMIN, 9),
    "desk.audit_file": Page("/desk/audit/xlsx", ADMIN, 9),
    "desk.rights": Page("/desk/audit/rights", ADMIN, 14),
    "desk.rights_file": Page("/desk/audit/rights/xlsx", ADMIN, 15),
    "desk.audit_head": Page("/desk/audit/head", ADMIN, 9),
    "desk.audit_head_file": Page("/desk/audit/head.json", ADMIN, 9),
    "desk.dashboard": Page("/desk/dashboard", CLERK, 48),
    "desk.dashboard_file": Page("/desk/dashboard/xlsx", CLERK, 48),
    "desk.hastenings": Page("/desk/hastenings", CLERK, 10),
    "desk.supervision": Page("/desk/supervision", ABOVE, 20),
    "desk.supervision_list": Page("/desk/supervision/lists/late", ABOVE, 15),
    "desk.supervision_file": Page("/desk/supervision/lists/done_late/xlsx", ABOVE, 15),
    "desk.supervision_score": Page("/desk/supervision/score/{code}", ABOVE, 16),
    "reports.index": Page("/desk/reports/", CLERK, 7),
    "reports.tables": Page("/desk/reports/{code}/{year}", CLERK, 20),
    "reports.cell": Page("/desk/reports/{code}/{year}/cells/new_received/total", CLERK, 12),
    "reports.download": Page("/desk/reports/{code}/{year}/download/xlsx", CLERK, 16),
    "reports.plots": Page("/desk/reports/{code}/{year}/plots", CLERK, 17),
    "reports.register": Page("/desk/reports/{code}/{year}/register", CLERK, 6),
    "reports.report": Page("/desk/reports/{code}/{year}/report", CLERK, 42),
    "reports.download_report": Page("/desk/reports/{code}/{year}/report/download/xlsx", CLERK, 23),
    "reports.below": Page("/desk/reports/yanshan/{year}/below", ABOVE, 20),
    "reports.below_of": Page("/desk/reports/yanshan/below", ABOVE, 3),
    "reports.below_cell": Page(
        "/desk/reports/yanshan/{year}/below/table3/new_received/total", ABOVE, 20
    ),
    "reports.check_form": Page("/desk/reports/check", CLERK, 4),
    "api.get_application": Page("/applications/{number}?query_code={query_code}", "anyone", 7),
    "api.get_cases": Page("/cases", "program", 8),
    "api.get_case": Page("/cases/{number}", "program", 6),
    "api.get_case_of_body": Page("/agencies/{code}/cases/{number}", "program", 6),
    "api.get_deadlines": Page("/cases/{number}/deadlines", "program", 6),
    "api.get_deadlines_of_body": Page("/agencies/{code}/cases/{number}/deadlines", "program", 6),
    "api.get_case_files": Page("/cases/{number}/files", "program", 5),
    "api.get_case_files_of_body": Page("/agencies/{code}/cases/{number}/files", "program", 5),
    "api.get_case_file": Page("/cases/{number}/files/{file}", "program", 7),
    "api.get_case_file_of_body": Page("/agencies/{code}/cases/{number}/files/{file}", "program", 7),
    "api.get_paper": Page("/cases/{number}/paper", "program", 8),
    "api.get_paper_of_body": Page("/agencies/{code}/cases/{number}/paper", "program", 8),
    "api.get_tables": Page("/reports/{code}/{year}/tables", "program", 17),
    "api.get_cell": Page("/reports/{code}/{year}/cells/new_received/total", "program", 10),
    "api.get_document": Page("/openapi.json", "anyone", 1),
}


NOTED = frozenset(
    [
        "desk.open_file",
        "desk.package",
        "api.get_case_file",
        "api.get_case_file_of_body",
        "desk.evidence",
        "desk.export_list",
        "desk.book_file",
        "desk.ledger_file",
        "desk.parcels_file",
        "desk.audit_file",
        "desk.dashboard_file",
        "desk.supervision_file",
    ]
)
"""Who opens a paper or takes a list away is noted: these pages write."""
ELSEWHERE = frozenset(
    (
        "desk.from_directory", "desk.leave_directory", "portal.report_check_form",
        "health.alive", "health.ready", "health.metrics", "desk.upkeep", "desk.law_points",
    )
)  # fmt: skip
"""They ask the provider of the office's directory, where there is one (tests/webui/desk/test_directory.py), are there
only where a body opened them, keep what they saw for some seconds (tests/webui/test_health.py), or are for one administrator of
the topmost body (tests/webui/desk/test_upkeep.py)."""
NOT_THERE = ("portal.refuse", "desk.destruction_file", "display.security_txt")
"""What they are asked for is not there: the list of destruction is not decided, nobody is named for weaknesses."""


def test_every_page_has_its_line(app: Flask) -> None:
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static"
    }
    assert pages - ELSEWHERE == set(PAGES)


@pytest.mark.long(reason="asks every page beside four stores")
@pytest.mark.tampering(reason=COPIES)
@pytest.mark.parametrize("bodies", [3, 200])
def test_a_page_takes_its_statements_and_one_transaction_beside_any_store(
    readers: Readers,
    bodies: int,
) -> None:
    for cases, year in ((100, 2023), (2_000, 2022)):
        readers.widen(bodies, cases, cases // 3, year)
        found, begun = {}, {}
        for name, page in PAGES.items():
            readers.open(page)
            with work() as done, transactions() as begins:
                answer = readers.open(page)
            assert answer.status_code in (200, 301, 303) or name in NOT_THERE, name
            found[name], begun[name] = done.statements, len(begins)
        over = {name: (n, PAGES[name].most) for name, n in found.items() if n > PAGES[name].most}
        assert over == {}, f"{bodies} bodies, {cases} cases"
        assert {name: n for name, n in begun.items() if n > (2 if name in NOTED else 1)} == {}


@pytest.mark.long(reason="five hundred requests of one account beside others")
@pytest.mark.tampering(reason=COPIES)
def test_a_list_of_own_requests_costs_the_same_for_one_and_for_five_hundred(
    readers: Readers,
) -> None:
    readers.widen(3, 600, 200)
    wide, found = readers.wide, {}
    with wide.office.store.read() as unit:
        own = set(unit.session.scalars(select(AccountCaseRow.case_id)))
        account = unit.session.scalars(select(AccountRow.id)).one()
        query = select(CaseRow.id).order_by(CaseRow.state != "processing", CaseRow.id)
        others = [n for n in unit.session.scalars(query) if n not in own]
    for many in (1, 500):
        with wide.office.store.write() as unit:
            unit.session.execute(delete(AccountCaseRow))
            for case in others[:many]:
                unit.session.get_one(CaseRow, case).query_hash = f"hash {case}"
                unit.session.add(_link(wide.office, account, case))
        wide.holder.get("/account")
        assert f"共 {many} 件" in wide.holder.text
        for path in (
            "/account",
            "/account?page=25",
            wide.names["own_feed"],
            "/account/export/json",
        ):
            wide.holder.client.get(path)  # the rules of the bodies are made once
            with work() as done:
                assert wide.holder.client.get(path).status_code == 200
            found.setdefault(path, []).append(done.statements)
    assert {path: n for path, n in found.items() if n[1] > n[0]} == {}


def _link(office: Office, account: int, case: int) -> AccountCaseRow:
    seal = f"account {account} case {case}"
    return AccountCaseRow(
        account_id=account, case_id=case, opens=f"hash {case}", linked_at=office.now(),
        sealed=office.keys.seal({"code": "X"}, seal),
    )  # fmt: skip


@contextmanager
def transactions() -> Iterator[list[str]]:
    """The transactions that begin within."""
    begun: list[str] = []

    def said(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    event.listen(Engine, "before_cursor_execute", said)
    try:
        yield begun
    finally:
        event.remove(Engine, "before_cursor_execute", said)


@pytest.mark.long(reason="asks every page of two stores; small here, large in `make bench`")
@pytest.mark.tampering(reason=COPIES)
def test_a_page_beside_a_hundred_thousand_cases(
    readers: Readers, full: bool, tell: Callable[[str], None]
) -> None:
    """Aim: each page at most 1.5 times what it costs beside a thousand cases of three bodies."""
    small, wide = ((3, 1_000, 330), (2_000, 100_000, 330)) if full else ((3, 20, 10), (5, 40, 10))
    readers.widen(*small)
    rounds = 7 if full else 1
    before = {name: readers.cpu(page, rounds) for name, page in PAGES.items()}
    readers.widen(*wide, year=2022)
    for name, page in PAGES.items():
        after = readers.cpu(page, rounds)
        tell(
            f"{name:28} {before[name] * 1000:7.1f} ms  {after * 1000:7.1f} ms"
            f"  {after / before[name]:5.2f} x"
        )


ALONE: dict[str, float] = {}
"""CPU time of each page in the small province, in seconds."""


@pytest.mark.long(reason="asks every page of two stores; small here, large in `make bench`")
@pytest.mark.parametrize("province", ["small", "wide"], indirect=True)
def test_a_page_in_a_simulated_province(
    province: tuple[int, int], readers: Readers, full: bool, tell: Callable[[str], None]
) -> None:
    """The same beside cases as they come: 1,000 of three bodies, 100,000 of two thousand, over three years."""
    rounds = 7 if full else 1
    for name, page in PAGES.items():
        seconds = readers.cpu(page, rounds)
        if province[1] == 3:
            ALONE[name] = seconds
        elif name in ALONE:
            tell(
                f"{name:28} {ALONE[name] * 1000:7.1f} ms  {seconds * 1000:7.1f} ms"
                f"  {seconds / ALONE[name]:5.2f} x"
            )


@pytest.fixture
def province(request: pytest.FixtureRequest, full: bool) -> tuple[int, int]:
    small, wide = ((1_000, 3), (100_000, 2_000)) if full else ((20, 3), (40, 5))
    return {"small": small, "wide": wide}.get(getattr(request, "param", ""), (0, 0))
