"""Cases that hang together: redo after review or court, duplicates; the registers beside the
applications (条例41, 44); voiding."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.workflow.case.walk import ASSIGNED, Walk
from tests.workflow.service.township import Town
from workflow.refusal import BadInput, Refusal
from workflow.service import Office
from workflow.service.accounts import Accounts
from workflow.service.cases.verify import verify
from workflow.service.docket.player import Player

ON = Callable[[date], Office]
ANSWERED = "2024-05-20"


def quashed(town: Town) -> str:
    """An application that was answered in May 2024 and quashed by the review in September."""
    number = town.register("2024-05-06")
    town.answer(number, ANSWERED)
    town.do(number, "file_review", "2024-07-01")
    town.do(number, "conclude_review", "2024-09-02", result="quashed")
    return number


def redo_of(town: Town, number: str, due: str | None = "2024-09-20", on: str = "2024-09-03") -> str:
    """The number of the case in which the new reply is made."""
    town.do(number, "order_redo", on, **({"due": due} if due else {}))
    (redo,) = town.case(number).linked
    return redo


# -- redo ---------------------------------------------------------------------------------------------


def test_an_ordered_day_is_not_extended_and_the_refusal_says_who_fixed_it() -> None:
    """行政复议法64: also where the reply is ordered in the case itself, before there was one."""
    walk = Walk().must(
        *ASSIGNED,
        ("file_suit", 2, {"via": "direct"}),
        ("conclude_suit", 5, {"result": "quashed"}),
        ("order_redo", 6, {"due": 22}),
    )
    refused = walk.do("extend", 7, days=5, reason="查阅历年纸质档案", reached_on=7)
    assert isinstance(refused, Refusal) and "行政复议法64" in refused.article
    assert "2024 年 3 月 26 日" in refused.message


def test_order_opens_a_linked_case_that_is_due_on_the_ordered_day(office_on: ON) -> None:
    town = Town(office_on(date(2024, 12, 31)))
    number = quashed(town)
    redo = town.case(redo_of(town, number))
    assert redo.linked == [number]
    assert (redo.state, redo.items, redo.title) == ("registered", ("养护合同",), "养护合同")
    assert redo.deadlines.receipt_date == date(2024, 9, 3)
    assert redo.deadlines.reply_due == redo.next_due == date(2024, 9, 20)
    assert [a.name for a in redo.applicants] == ["张三"]
    assert redo.contact["phone"] == "13800138000"


def test_order_without_a_day_gives_the_statutory_period_anew(office_on: ON) -> None:
    town = Town(office_on(date(2024, 12, 31)))
    redo = town.case(redo_of(town, quashed(town), due=None))
    due = redo.deadlines.reply_due
    assert due == date(2024, 10, 8)  # 14 September and 29 September were worked
    assert redo.deadlines.base_workdays == 20


def test_ordered_day_is_not_moved_by_the_body_itself(office_on: ON) -> None:
    town = Town(office_on(date(2024, 12, 31)))
    redo = redo_of(town, quashed(town))
    town.do(redo, "assign", "2024-09-04")
    assert town.refused(redo, "extend", "2024-09-05", days=10).article.startswith("行政复议法64")
    town.do(redo, "require_correction", "2024-09-05", reached_on="2024-09-05", defects=["年度"])
    town.do(redo, "correct", "2024-09-09")
    assert town.case(redo).deadlines.reply_due == date(2024, 9, 20)


@pytest.mark.parametrize("result", ["upheld", "mediated", "settled"])
def test_order_to_reply_anew_is_a_fact_that_follows_a_result(result: str, office_on: ON) -> None:
    """行政复议法73, 77; law.md §1.1: warn, never refuse."""
    town = Town(office_on(date(2024, 12, 31)))
    number = town.register("2024-05-06")
    town.answer(number, ANSWERED)
    town.do(number, "file_review", "2024-07-01")
    assert town.refused(number, "order_redo", "2024-08-01").rule == "missing_evidence"
    town.do(number, "conclude_review", "2024-09-02", result=result)
    redo_of(town, number)
    warned = "redo_without_correction" in {alarm.name for alarm in town.case(number).alarms}
    assert warned == (result == "upheld")


def test_one_result_orders_one_redo_after_it_and_for_a_later_day(office_on: ON) -> None:
    town = Town(office_on(date(2024, 12, 31)))
    number = quashed(town)
    assert town.refused(number, "order_redo", "2024-09-01").field == "on"
    assert town.refused(number, "order_redo", "2024-09-03", due="2024-09-03").field == "due"
    redo_of(town, number)
    assert town.refused(number, "order_redo", "2024-09-04").rule == "already_done"
    town.do(number, "file_suit", "2024-09-05", via="after_review")
    town.do(number, "conclude_suit", "2024-11-01", result="ordered_to_redo")
    town.do(number, "order_redo", "2024-11-04")
    assert len(town.case(number).linked) == 2


def counted_over_the_year(town: Town, served: str, **redo: Any) -> tuple[Any, Any]:
    """The tables of 2024 and 2025 with a redo that is served on the day."""
    number = redo_of(town, quashed(town), due="2025-01-20", on="2024-12-02")
    town.answer(number, served, "already_public", address="县政府网站", **redo)
    return town.table3(2024), town.table3(2025)


FIRST = {"new_received": 1, "unable_not_held": 1, "total": 1}
SECOND = {"new_received": 1, "disclosed": 1, "total": 1}


@pytest.mark.parametrize(
    ("counting", "served", "tables"),
    [
        (None, "2024-12-10", (FIRST, {})),
        ("none", "2024-12-10", (FIRST, {})),
        ("none", "2025-01-06", (FIRST, {})),
        ("replace_result_same_year", "2024-12-10", (SECOND, {})),
        ("replace_result_same_year", "2025-01-06", (FIRST, {})),
        (
            "as_new_application",
            "2024-12-10",
            ({"new_received": 2, "unable_not_held": 1, "disclosed": 1, "total": 2}, {}),
        ),
        (
            "as_new_application",
            "2025-01-06",
            (
                {**FIRST, "new_received": 2, "carried_out": 1},
                {"carried_in": 1, "disclosed": 1, "total": 1},
            ),
        ),
    ],
)
def test_redo_counts_as_the_setting_says(
    counting: str | None, served: str, tables: Any, office_on: ON
) -> None:
    """law.md §6.8; by default the first result stands and the redo is no new application."""
    town = Town(office_on(date(2025, 3, 3)), **({"redo_counting": counting} if counting else {}))
    assert counted_over_the_year(town, served) == tables


def test_redo_of_a_redo_replaces_the_first_result(office_on: ON) -> None:
    town = Town(office_on(date(2024, 12, 31)), redo_counting="replace_result_same_year")
    redo = redo_of(town, quashed(town))
    town.answer(redo, "2024-09-10", "petition", reason="县信访局")
    town.do(redo, "file_review", "2024-09-20")
    town.do(redo, "conclude_review", "2024-11-04", result="quashed")
    town.do(redo, "order_redo", "2024-11-05", due="2024-12-20")
    again = next(n for n in town.case(redo).linked if n > redo)
    town.answer(again, "2024-11-20", "already_public", address="县政府网站")
    assert town.table3(2024) == SECOND


def test_redo_does_not_count_in_the_month_of_fees(office_on: ON) -> None:
    town = Town(office_on(date(2024, 12, 31)), fee_policy="by_item")
    first = quashed(town)
    for _ in range(9):
        town.register("2024-09-02")
    redo_of(town, first)
    tenth = town.register("2024-09-04")
    town.do(tenth, "assign", "2024-09-04")
    assert (
        "不收费" in town.refused(tenth, "charge_fee", "2024-09-05", reached_on="2024-09-05").message
    )


def docket(*cases: dict[str, Any], **settings: Any) -> dict[str, Any]:
    return {
        "agency": {"code": "jiangna", "name": "江那镇"},
        "settings": settings,
        "cases": list(cases),
    }


FIRST_REPLY: list[dict[str, Any]] = [
    {"event": "receive", "on": "2024-05-06", "channel": "in_person"},
    {"event": "propose_outcome", "on": "2024-05-13", "outcome": "not_existing"},
    {"event": "serve", "on": "2024-05-20", "method": "direct", "signed_on": "2024-05-20"},
    {"event": "file_review", "on": "2024-07-01"},
    {"event": "conclude_review", "on": "2024-09-02", "result": "quashed"},
    {"event": "order_redo", "on": "2024-09-03", "due": "2024-09-20"},
]
NEW_REPLY: list[dict[str, Any]] = [
    {"event": "propose_outcome", "on": "2024-09-10", "outcome": "supplied"},
    {"event": "serve", "on": "2024-09-12", "method": "direct", "signed_on": "2024-09-12"},
]


def test_docket_may_let_the_redo_follow_on_the_same_case(office: Office) -> None:
    played = Player(office).play(docket({"ref": "A", "events": [*FIRST_REPLY, *NEW_REPLY]}))
    first, redo = played["cases"]
    assert [case["refused"] for case in (first, redo)] == [[], []]
    assert (first["outcome"], redo["ref"], redo["outcome"]) == (
        "not_existing",
        "A/redo",
        "supplied",
    )
    assert redo["deadlines"]["reply_due"] == "2024-09-20"
    assert redo["deadlines"]["on_time"] is True
    table = played["tables"]["2024"]["table3"]
    assert (table["new_received"]["total"], table["unable_not_held"]["total"]) == (1, 1)


def test_docket_may_spell_the_redo_out_as_a_case(office: Office) -> None:
    received = {"event": "receive", "on": "2024-09-03", "channel": "in_person"}
    redo = {"ref": "B", "redo_of": "A", "events": [received, *NEW_REPLY]}
    played = Player(office).play(docket({"ref": "A", "events": FIRST_REPLY}, redo))
    assert [(c["ref"], c["outcome"], c["refused"]) for c in played["cases"]] == [
        ("A", "not_existing", []), ("B", "supplied", []),
    ]  # fmt: skip
    table = played["tables"]["2024"]["table3"]
    assert (table["new_received"]["total"], table["total"]["total"]) == (1, 1)
    assert verify(office) == []


# -- duplicates ---------------------------------------------------------------------------------------


def test_later_open_application_of_the_same_person_is_merged_into_the_earlier(
    office_on: ON,
) -> None:
    town = Town(office_on(date(2024, 5, 31)))
    first, second = town.register("2024-05-06"), town.register("2024-05-08", name="张叁")
    town.do(second, "merge_duplicate", "2024-05-09", into=first)
    assert town.case(second).state == "registered"  # both must be answered
    assert town.case(second).linked == [first] and town.case(first).linked == [second]
    assert town.refused(second, "merge_duplicate", "2024-05-09", into=first).rule == "already_done"


def test_what_cannot_be_merged_is_refused_with_its_reason(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)))
    answered = town.register("2024-05-06")
    town.answer(answered, "2024-05-07")
    first, other = town.register("2024-05-08"), town.register("2024-05-08", proof="E2")
    second = town.register("2024-05-09")
    later = town.register("2024-05-10")
    reasons = {
        "2024-0099": "没有另一件", second: "没有另一件", other: "申请人不同", answered: "已经答复",
        later: "晚于本件",
    }  # fmt: skip
    for into, word in reasons.items():
        refusal = town.refused(second, "merge_duplicate", "2024-05-10", into=into)
        assert (refusal.rule, refusal.field) == ("bad_field", "into")
        assert word in refusal.message
    town.do(second, "merge_duplicate", "2024-05-10", into=first)
    assert "已经并入" in town.refused(later, "merge_duplicate", "2024-05-10", into=second).message


def test_case_of_another_body_cannot_take_a_duplicate(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)))
    town.add("jiangna", "江那镇人民政府")
    elsewhere = [town.register("2024-05-06", agency="jiangna") for _ in range(3)][-1]
    number = town.register("2024-05-08")
    assert (
        "没有另一件"
        in town.refused(number, "merge_duplicate", "2024-05-09", into=elsewhere).message
    )


@pytest.mark.parametrize(("unit", "counted"), [("application", 3), ("reply_letter", 1)])
@pytest.mark.parametrize("chained", [False, True])
def test_merged_applications_count_once_where_reply_letters_are_counted(
    unit: str, counted: int, chained: bool, office_on: ON
) -> None:
    town = Town(office_on(date(2024, 5, 31)), count_unit=unit)
    first, second, third = (town.register("2024-05-06") for _ in range(3))
    town.do(third, "merge_duplicate", "2024-05-07", into=second if chained else first)
    town.do(second, "merge_duplicate", "2024-05-07", into=first)
    for number in (first, second, third):
        town.answer(number, "2024-05-20")
    assert town.table3(2024) == {
        "new_received": counted, "unable_not_held": counted, "total": counted,
    }  # fmt: skip


# -- the registers ------------------------------------------------------------------------------------


def registered(kind: str, result: str | None, **settings: Any) -> dict[str, Any]:
    events: list[dict[str, Any]] = [FIRST_REPLY[0]]
    if result:
        events += [
            {"event": "propose_outcome", "on": "2024-05-13", "result": result},
            FIRST_REPLY[2],
        ]
    return docket({"ref": "A", "kind": kind, "events": events}, **settings)


def workdays(office: Office, **settings: Any) -> int:
    """Working days from receipt to the due day of an open correction of a record."""
    (case,) = Player(office).play(registered("record_correction", None, **settings))["cases"]
    due = date.fromisoformat(case["deadlines"]["reply_due"])
    with office.store.read() as unit:
        agency = office.found_agency(unit, "jiangna")
        return office.rules(unit, agency, due).calendar.count(date(2024, 5, 6), due)


@pytest.mark.parametrize(
    ("settings", "days"), [({}, 20), ({"record_correction_period_days": 10}, 10)]
)
def test_correction_of_a_record_has_the_period_of_the_setting(
    settings: dict[str, int], days: int, office: Office
) -> None:
    """条例41 has no period of its own."""
    assert workdays(office, **settings) == days


@pytest.mark.parametrize("kind", ["publication_suggestion", "enquiry"])
def test_suggestion_and_enquiry_have_no_period(kind: str, office: Office) -> None:
    (case,) = Player(office).play(registered(kind, None))["cases"]
    assert "reply_due" not in case["deadlines"]


RESULTS = [
    *(("record_correction", r) for r in ("corrected", "not_corrected", "forwarded", "told_where")),
    *(("publication_suggestion", r) for r in ("published", "not_in_scope", "not_to_publish")),
    ("enquiry", "answered"),
]


@pytest.mark.parametrize(("kind", "result"), RESULTS)
def test_register_has_results_of_its_own_and_stands_in_no_table(
    kind: str, result: str, office: Office
) -> None:
    played = Player(office).play(registered(kind, result))
    (case,) = played["cases"]
    assert case["refused"] == []
    assert (case["state"], case["outcome"], case["row"]) == ("served", None, None)
    table = played["tables"]["2024"]["table3"]
    assert sum(sum(row.values()) for row in table.values()) == 0


@pytest.mark.parametrize(("kind", "result"), RESULTS)
def test_result_of_one_register_is_none_of_another(kind: str, result: str, office: Office) -> None:
    other = next(k for k, r in RESULTS if k != kind)
    for wrong in (other, "application"):
        walk = Walk()
        object.__setattr__(walk.case.header, "kind", wrong)
        refusal = walk.must(*ASSIGNED).do("propose_outcome", 7, result=result)
        assert isinstance(refusal, Refusal) and refusal.field == "result"


def test_correction_of_a_record_counts_only_where_the_setting_says_so(office: Office) -> None:
    data = registered("record_correction", "corrected", count_record_correction=True)
    table = Player(office).play(data)["tables"]["2024"]["table3"]
    counted = {row: cells["total"] for row, cells in table.items() if cells["total"]}
    assert counted == {"new_received": 1, "other_misc": 1, "total": 1}


def test_test_entry_counts_nowhere(office: Office) -> None:
    data = docket({"ref": "A", "kind": "test", "events": FIRST_REPLY[:3]})
    table = Player(office).play(data)["tables"]["2024"]["table3"]
    assert sum(sum(row.values()) for row in table.values()) == 0


# -- voiding ------------------------------------------------------------------------------------------


def test_void_needs_a_second_person_of_the_body(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)))
    with town.office.store.write() as unit:
        other = town.office.add_agency(unit, code="x", name="某局", level="township")
        Accounts(town.office).add_user(unit, name="sunli", agency=other, roles=("system_admin",))
        agency = town.office.found_agency(unit, "panlong")
        gone = Accounts(town.office).add_user(unit, name="gone", agency=agency, roles=("clerk",))
        gone.active = False
    number = town.register("2024-05-06")
    assert town.refused(number, "void", "2024-05-07", reason="测试", second_person="wangqiang").rule == "same_person"  # fmt: skip
    for nobody in ("nobody", "sunli", "gone"):
        with pytest.raises(BadInput):
            town.do(number, "void", "2024-05-07", reason="测试", second_person=nobody)
    assert town.do(number, "void", "2024-05-07", reason="测试", second_person="lifang").state == "voided"  # fmt: skip


def test_voided_case_keeps_its_number_and_counts_nowhere(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)))
    first = town.register("2024-05-06")
    town.do(first, "void", "2024-05-07", reason="测试", second_person="lifang")
    second = town.register("2024-05-08")
    assert (first, second) == ("2024-0001", "2024-0002")
    assert town.case(first).state == "voided"
    assert town.table3(2024) == {"new_received": 1, "carried_out": 1}
    assert verify(town.office) == []


def test_answered_case_that_is_voided_leaves_the_table(office_on: ON) -> None:
    town = Town(office_on(date(2024, 5, 31)))
    number = town.register("2024-05-06")
    town.answer(number, ANSWERED)
    assert town.table3(2024)["total"] == 1
    town.do(number, "void", "2024-05-21", reason="重复录入", second_person="lifang")
    assert town.table3(2024) == {}
