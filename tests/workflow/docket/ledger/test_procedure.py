"""The procedure of a row, its service, its reviews and suits: what moves the days, and what goes into the remark."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from config.law import load_law
from tests.workflow.docket.ledger.rows import (
    ANSWERED,
    answered,
    case,
    errors,
    open_row,
    read,
    warnings,
)
from workflow.docket.ledger.written import told_in

LAW = load_law()


# -- the procedure --------------------------------------------------------------------------------------


def test_a_correction_starts_the_period_anew() -> None:
    it = case(
        answered(
            correction_sent="2024-03-07",
            correction_due="2024-03-21",
            correction_got="2024-03-14",
            answered_on="2024-04-02",
            served_on="2024-04-03",
        )
    )
    assert (it.facts.corrections, it.deadlines.counted_from) == (1, date(2024, 3, 14))


def test_a_correction_that_lapsed_ends_the_case_the_day_after_its_last() -> None:
    cells = answered(
        correction_sent="2024-03-07",
        correction_due="2024-03-21",
        outcome="逾期不补正",
        answered_on="2024-03-22",
        served_on=None,
    )
    it = case(cells)
    assert (it.facts.outcome, it.facts.closed_on) == ("correction_lapsed", date(2024, 3, 22))
    it = case({**cells, "correction_due": None})
    assert it.facts.closed_on == date(2024, 3, 22)
    found = errors({**cells, "correction_due": None, "answered_on": "2024-03-08"})
    assert [column for column, _ in found] == ["answered_on"]


def test_two_corrections_in_one_cell_are_two() -> None:
    it = case(answered(
        correction_sent="2024-03-07；2024-03-15", correction_got="2024-03-12；2024-03-18", answered_on="2024-04-02", served_on="2024-04-02",
    ))  # fmt: skip
    assert (it.facts.corrections, it.deadlines.counted_from) == (2, date(2024, 3, 18))


def test_work_is_not_assigned_while_a_correction_is_awaited() -> None:
    it = case(
        answered(
            assigned_on="2024-03-08", correction_sent="2024-03-07", correction_got="2024-03-14"
        )
    )
    (assigned,) = [line for line in it.log if line.event.name == "assign"]
    assert (assigned.event.on, assigned.filled) == (date(2024, 3, 14), ("on",))
    assert told_in(it)["交办日期"] == "2024-03-08"


def test_a_third_party_that_answered_keeps_the_days_out() -> None:
    it = case(
        answered(
            party_sent="2024-03-07",
            party_got="2024-03-14",
            party_opinion="不同意",
            outcome="保护第三方合法权益",
        )
    )
    (asked,) = it.facts.consultations.values()
    assert (asked.opinion, asked.answered_on) == ("objects", date(2024, 3, 14))
    assert it.deadlines.excluded_workdays == 5


def test_a_third_party_that_objected_was_told_where_the_information_is_given() -> None:
    it = case(answered(party_sent="2024-03-07", party_got="2024-03-14", party_opinion="不同意公开"))
    (asked,) = it.facts.consultations.values()
    assert it.state == "served" and asked.overridden_on == date(2024, 3, 20)


def test_a_third_party_that_never_answered_is_waited_for_no_longer() -> None:
    it = case(answered(party_sent="2024-03-07"))
    assert it.state == "served" and it.facts.consultations[1].answered_on == date(2024, 3, 20)
    it = case(
        answered(
            party_sent="2024-03-07",
            party_got="2024-04-01",
            party_opinion="逾期未答复",
            answered_on="2024-04-09",
            served_on="2024-04-09",
        )
    )
    assert it.facts.consultations[1].opinion == "none"


def test_other_bodies_are_asked_in_one_cell() -> None:
    it = case(
        answered(
            bodies_asked="2024-03-07 发出，2024-03-11 收到；2024-03-12 发出，2024-03-13 送达，2024-03-18 收到（共同制作）"
        )
    )
    assert [(one.kind, one.sent_on, one.answered_on, one.reached_on) for one in it.facts.consultations.values()] == [
        ("consult_joint_agency", date(2024, 3, 7), date(2024, 3, 11), None),
        ("consult_joint_agency", date(2024, 3, 12), date(2024, 3, 18), date(2024, 3, 13)),
    ]  # fmt: skip


def test_an_extension_lengthens_the_period() -> None:
    it = case(
        answered(
            extension_on="2024-04-01",
            extension_days=20.0,
            extension_told="2024-04-02",
            answered_on="2024-04-20",
            served_on="2024-04-22",
        )
    )
    assert (it.deadlines.extra_workdays, it.deadlines.on_time) == (20, True)
    assert (
        case(
            answered(extension_told="2024-03-12", extension_days="15个工作日")
        ).deadlines.extra_workdays
        == 15
    )
    assert warnings(answered(extension_on="2024-03-12"))[0][0] == "extension_days"


def test_an_extension_told_too_late_is_none_and_stays_in_the_remark() -> None:
    cells = answered(
        extension_on="2024-04-10",
        extension_days=20.0,
        answered_on="2024-04-20",
        served_on="2024-04-22",
    )
    it = case(cells)
    assert (it.facts.extensions, it.deadlines.on_time) == (0, False)
    assert told_in(it)["延长答复期限（未计入期限）"] == "2024-04-10"
    assert "没有作为“延长答复期限”登记" in warnings(cells)[0][1]


def test_a_fee_is_charged_and_paid_whatever_the_body_charges_today() -> None:
    it = case(answered(fee_on="2024-03-08", fee_amount="150元", fee_paid="2024-03-12"))
    assert (it.facts.fee_yuan, it.facts.fee_paid) == (Decimal(150), True)
    assert it.rules["fee_policy"] == "off"
    it = case(
        answered(
            fee_on="2024-03-08",
            fee_amount=150.0,
            outcome="逾期不缴费",
            answered_on="2024-04-10",
            served_on=None,
        )
    )
    assert it.facts.outcome == "fee_unpaid"


@pytest.mark.parametrize(
    ("cells", "column", "head"),
    [
        (answered(correction_got="2024-03-07"), "correction_got", "补正收到"), (answered(fee_paid="2024-03-07"), "fee_on", "收费"),
        (answered(extension_days=20.0), "extension_days", "延期天数"), (answered(party_opinion="同意"), None, "第三方征询意见"),
        (answered(review_result="维持"), "review_result", "复议"), (answered(suit="有"), "suit_result", "诉讼"),
    ],
)  # fmt: skip
def test_a_step_without_its_day_is_kept_in_words(
    cells: dict[str, Any], column: str | None, head: str
) -> None:
    assert head in told_in(case(cells))
    assert [where for where, _ in warnings(cells)] == ([column] if column else [])


@pytest.mark.parametrize("code", ["unclear_after_correction", "excessive"])
def test_a_procedure_that_the_row_leaves_out_moves_no_day(code: str) -> None:
    it = case(
        answered(outcome=LAW.outcomes[code].label, answered_on="2024-04-20", served_on="2024-04-22")
    )
    assert (it.deadlines.counted_from, it.deadlines.on_time) == (date(2024, 3, 5), False)


# -- service, review, suit ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "channel", "found", "carrier"),
    [
        ("邮寄（EMS）", None, "mail", "ems"), ("挂号信", None, "mail", "registered"), ("当面领取", None, "direct", None), ("电子邮件", None, "electronic", None),
        ("委托送达", None, "entrusted", None), ("顺丰", None, "mail", None), (None, "网上", "electronic", None), (None, None, "direct", None),
    ],
)  # fmt: skip
def test_the_way_of_service(
    method: str | None, channel: str | None, found: str, carrier: str | None
) -> None:
    it = case(answered(method=method, channel=channel))
    assert it.facts.served is not None
    assert (it.facts.served.method, it.facts.served.carrier) == (found, carrier)
    assert it.deadlines.service_effective_date == date(2024, 3, 21)
    line = it.log[-1]
    assert ("method" in line.filled) == (method in (None, "顺丰"))


def test_without_a_day_of_service_that_of_the_reply_holds() -> None:
    it = case(answered(served_on=None))
    assert it.facts.closed_on == date(2024, 3, 20) and "signed_on" in it.log[-1].filled
    assert case(answered(answered_on=None)).facts.closed_on == date(2024, 3, 21)


def test_reviews_and_suits_stand_in_table_four() -> None:
    it = case(answered(
        review="〔2024〕5号（2024-04-01 申请）", review_result="维持（2024-05-20）",
        suit="（2024）云26行初3号（2024-06-01 起诉）；（2024-12-01 起诉，二审）", suit_result="撤销（2024-11-11）",
    ))  # fmt: skip
    found = [
        (one.kind, one.filed_on, one.concluded_on, one.result, one.via, one.instance)
        for one in it.facts.proceedings.values()
    ]
    assert found == [
        ("review", date(2024, 4, 1), date(2024, 5, 20), "upheld", None, "first"),
        ("suit", date(2024, 6, 1), date(2024, 11, 11), "quashed", "after_review", "first"),
        ("suit", date(2024, 12, 1), None, None, "after_review", "appeal"),
    ]  # fmt: skip
    assert it.facts.proceedings["review", 1].case_number == "〔2024〕5号"


def test_a_result_without_the_day_of_filing_counts_from_its_own() -> None:
    it = case(answered(review="是", review_result="确认违法（2024-05-20）"))
    (line,) = [one for one in it.log if one.event.name == "file_review"]
    assert (line.event.on, line.filled) == (date(2024, 5, 20), ("on",))


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (answered(review_result="莫名其妙（2024-05-20）"), "review_result"), (answered(review="（2024-03-01 申请）"), "review"),
        (answered(review="（2024-06-01 申请）", review_result="维持（2024-05-20）"), "review_result"),
        (answered(suit="（2024-02-30 起诉）"), "suit"),
    ],
)  # fmt: skip
def test_wrong_disputes_are_errors(cells: dict[str, Any], column: str) -> None:
    assert [where for where, _ in errors(cells)] == [column]


@pytest.mark.parametrize("word", ["否", "无", "/", "未申请"])
def test_no_dispute_is_none(word: str) -> None:
    assert case(answered(review=word, suit=word)).facts.proceedings == {}


def test_archived_rows() -> None:
    it = case(answered(archive="2024-依申请-001"))
    assert (it.state, it.log[-1].event.on, it.log[-1].filled) == (
        "archived",
        date(2024, 3, 21),
        ("on",),
    )
    assert case(answered(archive="已归档（2024-06-01）")).log[-1].event.on == date(2024, 6, 1)
    assert case(answered(archive="未归档")).state == "served"
    assert case(answered(archive="1", review="（2024-04-01 申请）")).state == "served"


def test_what_the_sheet_says_came_out_is_compared() -> None:
    assert warnings(answered(used_days=12.0, late="否")) == []
    found = warnings(answered(used_days="15", late="是"))
    assert found == [
        ("late", "写的是“是”，按收到和送达的日期计算没有超期（期限 2024-04-02）"),
        ("used_days", "写的是 15，按收到和送达的日期计算为 12 个工作日"),
    ]  # fmt: skip


def test_ties_to_other_cases_are_read_from_the_remark() -> None:
    it = case(answered(remark="系 2023-0007 的重新答复（责令）", due="2024-04-30"))
    assert (it.header.redo_of, it.header.redo_mode, it.header.redo_due) == (
        "2023-0007",
        None,
        date(2024, 4, 30),
    )
    it = case(answered(remark="系 2023-0007 的补充答复（自行）；与 2024-0003 一并答复"))
    assert (it.header.redo_mode, it.header.joint_letter) == ("supplement", "2024-0003")


def test_a_row_from_before_the_revised_regulations_has_their_period() -> None:
    it = case(
        {
            **ANSWERED,
            "received_on": "2018-03-05",
            "number": "2018-1",
            "answered_on": "2018-03-20",
            "served_on": "2018-03-21",
        }
    )
    assert it.deadlines.base_workdays == 15


def steps(**cells: Any) -> list[tuple[str, str, dict[str, Any], tuple[str, ...], bool]]:
    """The steps that the columns lead to, before any answer: event, day, fields, what nobody told, and whether
    the row goes on without."""
    made = read(open_row(**cells))
    assert made.errors == []
    return [
        (one.event, str(one.on), dict(one.fields), one.filled, one.optional) for one in made.steps
    ]


D = date
DEFECTS = ("补正内容见卷内材料",)


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"unit": "民政办"}, [("assign", "2024-03-05", {"to": "民政办"}, ("on",), True)]),
        ({"assigned_on": "2024-03-06"}, [("assign", "2024-03-06", {}, (), True)]),
        ({"inner_due": "2024-03-09"}, [("assign", "2024-03-05", {"due": D(2024, 3, 9)}, ("on",), True)]),
        ({"assigned_on": "2024-03-01"}, [("assign", "2024-03-05", {}, ("on",), True)]),
        (
            {"correction_sent": "2024-03-07"},
            [("require_correction", "2024-03-07", {"reached_on": D(2024, 3, 7), "defects": DEFECTS}, ("defects", "reached_on"), True)],
        ),
        (
            {"correction_sent": "2024-03-07（送达 2024-03-09）", "correction_due": "2024-03-20", "correction_got": "2024-03-15"},
            [
                ("require_correction", "2024-03-07", {"deadline_on": D(2024, 3, 20), "reached_on": D(2024, 3, 9), "defects": DEFECTS}, ("defects",), True),
                ("correct", "2024-03-15", {}, (), True),
            ],
        ),
        (
            {"correction_sent": "2024-03-07；/；2024-03-20", "correction_got": "/；/；2024-03-20"},
            [
                ("require_correction", "2024-03-07", {"reached_on": D(2024, 3, 7), "defects": DEFECTS}, ("defects", "reached_on"), True),
                ("require_correction", "2024-03-20", {"reached_on": D(2024, 3, 20), "defects": DEFECTS}, ("defects", "reached_on"), True),
                ("correct", "2024-03-20", {}, (), True),
            ],
        ),
        ({"party_sent": "2024-03-07"}, [("consult_third_party", "2024-03-07", {"consultation": 1}, (), True)]),
        (
            {"party_sent": "2024-03-07（送达 2024-03-08）；2024-03-09", "party_got": "2024-03-12；2024-03-13", "party_opinion": "同意；逾期未答复"},
            [
                ("consult_third_party", "2024-03-07", {"consultation": 1, "reached_on": D(2024, 3, 8)}, (), True),
                ("consult_third_party", "2024-03-09", {"consultation": 2, "reached_on": D(2024, 3, 9)}, ("reached_on",), True),
                ("record_opinion", "2024-03-12", {"consultation": 1, "opinion": "agrees"}, (), True),
                ("record_opinion", "2024-03-13", {"consultation": 2, "opinion": "none"}, (), True),
            ],
        ),
        (
            {"party_sent": "2024-03-07", "bodies_asked": "2024-03-08、2024-03-12"},
            [
                ("consult_third_party", "2024-03-07", {"consultation": 1}, (), True),
                ("consult_other_agency", "2024-03-08", {"consultation": 2}, (), True),
                ("record_opinion", "2024-03-12", {"consultation": 2}, (), True),
            ],
        ),
        ({"bodies_asked": "2024-03-08"}, [("consult_other_agency", "2024-03-08", {"consultation": 1}, (), True)]),
        ({"extension_on": "2024-03-28", "extension_days": 400.0}, [("extend", "2024-03-28", {"days": 400}, (), True)]),
        ({"extension_on": "2024-03-28", "extension_days": 401.0}, [("extend", "2024-03-28", {"days": 20}, ("days",), True)]),
        ({"extension_on": "2024-03-28", "extension_days": 1.0}, [("extend", "2024-03-28", {"days": 1}, (), True)]),
        (
            {"extension_on": "2024-03-28", "extension_days": 20.0, "extension_told": "2024-03-28"},
            [("extend", "2024-03-28", {"days": 20, "reached_on": D(2024, 3, 28)}, (), True)],
        ),
        ({"extension_on": "2024-03-28", "extension_days": 20.0, "extension_told": "2024-03-27"}, [("extend", "2024-03-28", {"days": 20}, (), True)]),
        (
            {"fee_on": "2024-03-28", "fee_paid": "2024-03-28"},
            [
                ("charge_fee", "2024-03-28", {"mode": "by_item", "reached_on": D(2024, 3, 28)}, ("mode", "reached_on"), True),
                ("pay_fee", "2024-03-28", {}, (), True),
            ],
        ),
    ],
)  # fmt: skip
def test_the_steps_of_the_procedure(cells: dict[str, Any], wanted: list[Any]) -> None:
    assert steps(**cells) == wanted


@pytest.mark.parametrize(
    ("cells", "head", "words"),
    [
        ({"correction_due": "2024-03-20；/"}, "补正期限", "2024-03-20"),
        ({"fee_amount": "150"}, "收费", "150 元"),
        ({"fee_amount": "150", "fee_paid": "2024-03-20"}, "收费", "150 元，2024-03-20"),
        ({"fee_paid": "2024-03-20"}, "收费", "2024-03-20"),
        ({"extension_days": 20.0}, "延期天数", "20"),
        ({"party_opinion": "同意；不同意"}, "第三方征询意见", "同意；不同意"),
        ({"party_sent": "2024-03-07", "party_opinion": "再议"}, "第三方征询意见", "再议"),
        ({"assigned_on": "2024-03-01"}, "交办日期", "2024-03-01"),
    ],
)
def test_what_is_kept_in_words(cells: dict[str, Any], head: str, words: str) -> None:
    made = read(open_row(**cells))
    assert made.told[head] == words
    assert len(made.warnings) == (0 if cells.keys() == {"party_opinion"} else 1)


def test_a_formula_gone_wrong_is_an_error_wherever_it_stands() -> None:
    for column in (
        "party_opinion",
        "remark",
        "review",
        "correction_sent",
        "fee_amount",
        "outcome",
        "unit",
    ):
        found = read(answered(party_sent="2024-03-07", **{column: "#REF!"})).errors
        assert [one.column for one in found] == [column]
