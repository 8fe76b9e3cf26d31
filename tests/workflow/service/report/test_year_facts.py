"""What a report asks of the body's own cases and of its register: records, lateness, fees, last year."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.letter_texts import TEXTS
from tests.workflow.service.docket.tally_dockets import answered, case, propose, receive, serve
from tests.workflow.service.report.test_annual import Year
from workflow.people import Staff
from workflow.report.checks import CaseFact
from workflow.report.records import EVENTS, record_of
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.docket.player import Player
from workflow.service.report.annual import AnnualReports
from workflow.service.report.register import YearRegister
from workflow.service.report.tables import Reports
from workflow.service.report.year_end import YearEnd
from workflow.service.report.year_facts import calendar_notes, case_facts
from workflow.store import report as report_queries
from workflow.store.models import CaseRow

HERE = {"code": "panlong", "name": "盘龙彝族乡人民政府", "level": "township"}
FEE = [
    {"event": "charge_fee", "on": "2024-05-10", "reached_on": "2024-05-13", "mode": "by_page", "pages": 57},
    {"event": "pay_fee", "on": "2024-05-20"},
]  # fmt: skip


@pytest.fixture
def play(office_on: Callable[[date], Office]) -> Callable[..., Office]:
    """A township whose cases are these; it is January 2025 unless told otherwise."""

    def played(*cases: dict[str, Any], day: date = date(2025, 1, 6), **settings: Any) -> Office:
        office = office_on(day)
        docket = {"agency": HERE, "cases": [{**c, "ref": f"c{n}"} for n, c in enumerate(cases)]}
        result = Player(office).play({**docket, "settings": settings} if settings else docket)
        assert not [c["refused"] for c in result["cases"] if c["refused"]]
        return office

    return played


def facts(office: Office, year: int = 2024) -> tuple[CaseFact, ...]:
    with office.store.read() as unit:
        return case_facts(office, unit, office.found_agency(unit, "panlong"), year)


def records(office: Office) -> list[CaseFact]:
    """What the logs of the closed cases tell of their records."""
    with office.store.read() as unit:
        found = report_queries.recorded_of(unit, [CaseRow.closed_on.is_not(None)], EVENTS)
    return [record_of(one.number, one.row, one.closed_on, one.lines) for one in found]


def clerk(office: Office) -> Staff:
    """A clerk of the township, who came when there was something to write."""
    with office.store.write() as unit:
        if unit.user("li") is None:
            body = office.found_agency(unit, "panlong")
            Accounts(office).add_user(unit, name="li", agency=body, roles=("clerk",))
    staff = office.staff("li")
    assert staff is not None
    return staff


def rules_of(office: Office, year: int = 2024) -> dict[str, list[str]]:
    """What the checks of the draft say, by their id."""
    found: dict[str, list[str]] = {}
    for one in AnnualReports(office).file(clerk(office), "panlong", year).findings:
        found.setdefault(one.rule, []).append(f"{one.where} {one.message}")
    return found


# -- records behind the rows ------------------------------------------------------------------------


def test_a_reply_in_order_leaves_the_checks_silent(play: Callable[..., Office]) -> None:
    secret = {"level": "机密", "body": "某机关", "on": "2021-03-02"}
    office = play(
        answered("2024-05-06", "state_secret", "2024-05-20", classification=secret),
        answered("2024-05-06", "repeat", "2024-05-20", earlier_reply="2023-0007"),
        answered("2024-05-06", "partial", "2024-05-20", redaction="隐去姓名", ground="含个人信息"),
        answered("2024-05-06", "forbidden_by_law", "2024-05-20", citation="反洗钱法第五条"),
        **TEXTS,
    )
    found = records(office)
    assert [one.row for one in found] == [
        "refused_state_secret", "not_processed_repeat", "partially_disclosed", "refused_forbidden_by_law",
    ]  # fmt: skip
    assert found[0].secrecy_level == "机密"
    assert found[1].linked and found[2].redaction_log and found[3].bases == ("反洗钱法第五条",)
    assert facts(office) == ()
    assert not set(rules_of(office)) & {"V19", "V20", "V27", "V28", "V29"}


def test_a_direct_suit_over_a_refusal_is_pointed_out(play: Callable[..., Office]) -> None:
    refused = answered(
        "2024-03-04", "internal_affairs", "2024-03-25", subtype="人事管理", ground="考核表"
    )
    sued = {"event": "file_suit", "on": "2024-06-03", "via": "direct"}
    office = play({**refused, "events": [*refused["events"], sued]})
    assert rules_of(office)["V19"] == [
        "申请 2024-0001 答复依据条例第十四至十六条不予公开，应当先申请行政复议，却登记为直接起诉"
    ]


def test_a_direct_suit_over_silence_or_part_of_a_reply_is_pointed_out(
    play: Callable[..., Office],
) -> None:
    """V19: law.md §6.9 (v2)."""
    copy = {"copy_received_on": "2024-06-10"}
    sued = {"event": "file_suit", "on": "2024-06-03", "via": "direct", **copy}
    partial = answered(
        "2024-05-06", "partial", "2024-05-20", redaction="隐去姓名", ground="含个人信息"
    )
    office = play(
        case(receive("2024-04-01"), {"event": "assign", "on": "2024-04-01"}, sued),
        {**partial, "events": [*partial["events"], sued]},
        case(receive("2024-04-01"), {"event": "assign", "on": "2024-04-01"}, {**sued, "by": "third_party"}),
    )  # fmt: skip
    assert rules_of(office)["V19"] == [
        "申请 2024-0001 逾期不答复，应当先申请行政复议，却登记为直接起诉",
        "申请 2024-0003 答复依据条例第十四至十六条不予公开，应当先申请行政复议，却登记为直接起诉",
    ]
    assert "V33" not in rules_of(office)


def test_evidence_of_after_the_copy_and_an_unknown_copy_are_pointed_out(
    play: Callable[..., Office],
) -> None:
    """V33: 行政复议法46, 70."""
    filed = {"event": "file_review", "on": "2024-05-20", "copy_received_on": "2024-05-27"}
    search = {
        "event": "record_search",
        "on": "2024-05-29",
        "sources": ["档案室"],
        "keywords": ["合同"],
        "hits": 0,
    }
    assigned = {"event": "assign", "on": "2024-04-01"}
    office = play(
        case(receive("2024-04-01"), assigned, filed, search),
        case(receive("2024-04-01"), assigned, {"event": "file_review", "on": "2024-05-20"}),
    )  # fmt: skip
    late, unknown = rules_of(office)["V33"]
    assert late.startswith("申请 2024-0001 收到复议申请书") and "2024-0002" in unknown


def test_letters_without_court_or_address_on_the_net_are_pointed_out(
    play: Callable[..., Office],
) -> None:
    """V29: a warning, as only the settings of today are known."""
    office = play(
        answered("2024-05-06", "not_existing", "2024-05-20"),
        **{**TEXTS, "court": "", "online_review_url": ""},
    )
    assert rules_of(office)["V29"] == ["申请 2024-0001 没有设置管辖法院，请核对答复书是否写明"]


def test_what_a_check_will_ask_for_stands_in_the_list_of_december(
    play: Callable[..., Office],
) -> None:
    refused = answered(
        "2024-03-04", "internal_affairs", "2024-03-25", subtype="人事管理", ground="考核表"
    )
    sued = {"event": "file_suit", "on": "2024-06-03", "via": "direct"}
    office = play({**refused, "events": [*refused["events"], sued]}, day=date(2024, 12, 4))
    found, _ = YearEnd(office).facts("panlong", 2024)
    assert found is not None
    assert [one.what for one in found.missing if "行政复议" in one.what] == [
        "答复依据条例第十四至十六条不予公开，应当先申请行政复议，却登记为直接起诉"
    ]


def test_what_lapsed_shows_its_notice(play: Callable[..., Office]) -> None:
    notice = {"event": "require_correction", "on": "2024-05-10", "reached_on": "2024-05-13",
              "deadline_on": "2024-06-03", "defects": ["名称"]}  # fmt: skip
    office = play(
        case(receive("2024-05-06"), notice, {"event": "lapse_correction", "on": "2024-06-04"})
    )
    (one,) = records(office)
    assert (one.row, one.notice_proof, one.served_on) == ("other_correction_lapsed", True, None)


# -- lateness ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("served", "overdue"), [("2024-12-31", False), ("2025-01-02", True), (None, True)]
)
def test_what_was_late_on_31_december_stays_late_when_it_is_answered_in_january(
    play: Callable[..., Office], served: str | None, overdue: bool
) -> None:
    """Received on 2 December 2024: due on 30 December."""
    late = [propose(served, "supplied"), serve(served)] if served else []
    office = play(case(receive("2024-12-02"), *late))
    assert [one.number for one in facts(office) if one.overdue] == ["2024-0001"] * overdue
    said = ["申请 2024-0001 到年底已经超过答复期限"] * overdue
    assert rules_of(office).get("V27", []) == said
    text = AnnualReports(office).report("panlong", 2024).sections["overview"]
    assert "超过法定期限的 1 件" in text


@pytest.mark.parametrize(("day", "late"), [(16, 1), (30, 1), (31, 2)])
def test_in_a_running_year_nothing_is_late_before_its_day_is_over(
    play: Callable[..., Office], day: int, late: int
) -> None:
    """Received on 2 December 2024: due on 30 December; the other one was due on 29 November."""
    done = answered("2024-11-01", "supplied", "2024-11-20")
    office = play(done, case(receive("2024-11-01")), case(receive("2024-12-02")),
                  day=date(2024, 12, day))  # fmt: skip
    numbers = ["2024-0002", "2024-0003"][:late]
    assert [one.number for one in facts(office) if one.overdue] == numbers
    text = AnnualReports(office).report("panlong", 2024).sections["overview"]
    assert "办结的申请都在法定期限之内答复" in text
    assert f"没有办结的申请中，已经超过法定期限的 {late} 件" in text
    assert rules_of(office)["V27"] == [f"申请 {number} 已经超过答复期限" for number in numbers]


def test_what_is_due_in_january_is_not_late_in_december(play: Callable[..., Office]) -> None:
    office = play(answered("2024-12-04", "supplied", "2025-01-02"))
    assert not [one for one in facts(office) if one.overdue]


def test_a_year_without_its_holidays_is_told(play: Callable[..., Office]) -> None:
    office = play(case(receive("2024-12-03")))
    with office.store.read() as unit:
        body = office.found_agency(unit, "panlong")
        assert calendar_notes(office, unit, body, 2024) == ()
        (note,) = calendar_notes(office, unit, body, 2049)
        assert "还没有载入" in note


# -- fees and the register --------------------------------------------------------------------------


def paid() -> dict[str, Any]:
    return case(receive("2024-05-06"), *FEE, propose("2024-06-03", "supplied"), serve("2024-06-03"))


def test_paid_fees_are_charges_of_table_two_by_themselves(play: Callable[..., Office]) -> None:
    """57 pages cost 270 yuan, as in a real township of 2024 (law.md §2): 0.03 万元."""
    office = play(paid(), fee_policy="by_page")
    made = AnnualReports(office).report("panlong", 2024)
    assert made.cell2("charges", "amount_10k") == Decimal("0.03")
    assert Reports(office).behind2("panlong", 2024, "charges", "amount_10k") == (["2024-0001"], 0)
    assert "通知金额 270 元，实际收取 270 元" in made.sections["other_matters"]
    assert "V15" not in rules_of(office)


def note(office: Office, year: int, item: str, kind: str, number: str = "1", **more: Any) -> None:
    """A line of the register."""
    given = {
        "item": item,
        "kind": kind,
        "on": f"{year}-06-01",
        "title": "某件",
        "number": number,
        **more,
    }
    YearRegister(office).add(clerk(office), "panlong", year, given)


def test_paid_fees_and_other_charges_are_added_before_they_are_rounded(
    play: Callable[..., Office],
) -> None:
    """270 + 80 yuan are 0.04 万元; rounded one by one they would be 0.03 + 0.01."""
    office = play(paid(), fee_policy="by_page")
    note(office, 2024, "charges", "charged", amount_yuan="80")
    made = AnnualReports(office).report("panlong", 2024)
    assert made.cell2("charges", "amount_10k") == Decimal("0.04")
    behind, _ = Reports(office).behind2("panlong", 2024, "charges", "amount_10k")
    assert sorted(map(str, behind)) == ["1", "2024-0001"]


def test_table_two_goes_on_from_last_years_register_where_nothing_was_published(
    play: Callable[..., Office],
) -> None:
    office = play()
    note(office, 2022, "normative_documents", "before", "10")
    note(office, 2022, "normative_documents", "made", "2")
    note(office, 2024, "normative_documents", "repealed", "1")
    in_force = [
        AnnualReports(office).report("panlong", year).cell2("normative_documents", "in_force")
        for year in (2021, 2022, 2023, 2024)
    ]
    assert in_force == [0, 12, 12, 11]
    behind, carried = Reports(office).behind2("panlong", 2024, "normative_documents", "in_force")
    assert (len(behind), carried) == (1, 12)
    # What this year's register says of its own beginning stands above last year's.
    note(office, 2024, "normative_documents", "before", "30")
    made = AnnualReports(office).report("panlong", 2024)
    assert made.cell2("normative_documents", "in_force") == 29
    assert Reports(office).behind2("panlong", 2024, "normative_documents", "in_force")[1] == 0


def test_a_published_year_is_what_table_two_goes_on_from(tmp_path: Path) -> None:
    town = Year(tmp_path)
    town.note(
        2024, item="normative_documents", kind="made", number="4", on="2024-05-06", title="办法"
    )
    town.published()
    town.is_("2025-03-03")
    town.note(
        2024, item="normative_documents", kind="made", number="9", on="2024-05-06", title="漏登"
    )
    town.note(
        2025, item="normative_documents", kind="made", number="1", on="2025-02-06", title="办法"
    )
    made = town.reports.report("panlong", 2025)
    assert made.cell2("normative_documents", "in_force") == 5
