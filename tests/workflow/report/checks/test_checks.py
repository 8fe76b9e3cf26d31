"""Every check of law.md §10 finds what it is for and accuses nothing sound, each with its real case."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.examples import ACCEPTANCE
from tests.workflow.report.checks import pairs
from tests.workflow.report.checks.pairs import Pair, alone
from tests.workflow.report.checks.reports import (
    FORMATS,
    LAW,
    published,
    report,
    saying,
    told,
    with2,
    with3,
    with4,
)
from workflow.report.annual import Oddity
from workflow.report.checks import CHECKS, CaseFact, Known, Override, findings
from workflow.report.reading import read_report

BUSY = with3(report(), new_received=34, carried_in=2, disclosed=32, total=32, carried_out=4)
TIED = saying(report(), overview="2024年未收到政府信息公开申请。")
CASE = CaseFact("2024-001", row="disclosed", served_on=date(2024, 3, 1))


def case(**facts: Any) -> Pair:
    return report(), Known(cases=(replace(CASE, **facts),))


def odd(kind: str, **more: Any) -> Pair:
    return alone(report(oddities=(Oddity(kind, "某处", "有误"),), **more))


LONG = (
    "加强组织领导，完善公开制度，及时更新公开指南和目录，回应群众关切，推进政务公开标准化规范化建设。"
    * 4
)
OTHER = (
    "农村公路养护、饮水工程、低保评议、危房改造等信息在村务栏逐项公示，接受村民监督并逐条回复意见。"
    * 4
)

FIRES: dict[str, list[Pair]] = {
    "V01": [
        alone(published("pingtan_gaj_2021")),
        alone(published("pingtan_zrz_2021")),
        alone(with3(report(), new_received=1)),
    ],
    "V02": [
        alone(published("pingtan_qu_2020")),
        alone(published("pingtan_zrz_2020")),
        alone(published("pingtan_zrz_2021")),
    ],
    "V03": [alone(published("pingtan_zrz_2023"))],
    "V04": [alone(with4(report(), "review", upheld=11)), alone(with4(report(), "suit_direct", total=5))],
    "V05": [
        (with3(report(year), carried_in=1, disclosed=1, total=1),
         Known(before=with3(report(year - 1), carried_out=left)))
        for year in (2020, 2021, 2024)
        for left in (0, 2)
    ],
    "V06": [
        odd("cell"),
        alone(with3(report(), new_received=-1)),
        alone(with2(report(), "permits", decisions=Decimal("1.5"))),
        alone(with3(report(), new_received=None)),
        alone(published("pingtan_scj_2022")),
    ],
    "V07": [alone(published("pingtan_htp_2022")), alone(published("pingtan_jsp_2022"))],
    "V08": [alone(published("pingtan_zrz_2020")), alone(published("pingtan_jsp_2022"))],
    "V09": [
        alone(with3(report(), unable_unclear_after_correction=1, other_correction_lapsed=1)),
    ],
    "V10": [alone(published("pingtan_htp_2022")), odd("layout")],
    "V11": [odd("label"), odd("section"), odd("table"), odd("missing")],
    "V12": [
        alone(saying(BUSY, overview="全年共收到政府信息公开申请32件。")),
        alone(saying(BUSY, overview="全年新收信息公开申请36件，办结32件。")),
        alone(saying(BUSY, overview="2024年受理依申请公开34件，上年结转3件。")),
        alone(saying(BUSY, overview="全年收到政府信息公开申请34件，结转下年度5件。")),
        alone(saying(BUSY, overview="本年度没有收到政府信息公开申请。")),
        alone(saying(report(), disputes="2024年，行政复议3件。")),
        alone(saying(with4(report(), "review", upheld=1, total=1), disputes="未收到行政复议、行政诉讼事项。")),
        alone(saying(with4(report(), "suit_direct", upheld=1, total=1), disputes="行政诉讼2件。")),
        alone(saying(with2(report(), "penalties", decisions=5), proactive="全年作出行政处罚决定6件。")),
        alone(saying(report(2019), overview="其中：行政处罚21项、行政强制8项。")),
    ],
    "V13": [
        alone(saying(BUSY, overview="共收到政府信息公开申请34件，已全部办结。")),
        alone(saying(BUSY, applications="依申请公开办结率100%。")),
        alone(saying(BUSY, overview="收到政府信息公开申请34件，均已办结，无结转下年度办理件。")),
        alone(saying(BUSY, overview="收到政府信息公开申请34件，没有需要转入次年继续办理的申请。")),
    ],
    "V14": [
        alone(with3(report(2020, format="2021", table3=report().table3), other_fee_unpaid=1)),
        (report(2020), Known(fees_yuan=Decimal(30))),
        alone(saying(report(2020), other_matters="本年度收取信息处理费300元。")),
    ],
    "V15": [
        alone(with3(report(), other_fee_unpaid=1)),
        (report(), Known(fees_yuan=Decimal(300))),
        (
            saying(report(), other_matters="发出收费通知1件，收取信息处理费300元。"),
            Known(fees_yuan=Decimal(300)),
        ),
    ],
    "V16": [
        alone(with2(report(), "regulations", made=1)),
        alone(with2(report(level=None, agency="砚山县教育局"), "regulations", in_force=2)),
        alone(with2(report(2019), "regulations", open_total=3)),
    ],
    "V17": [
        (
            with2(report(2025), "normative_documents", made=50, repealed=227, in_force=421),
            Known(before=with2(report(), "normative_documents", in_force=597)),
        ),
        (
            with2(report(2020), "penalties", items_before=21),
            Known(before=with2(report(2019), "penalties", items_before=20, change=3)),
        ),
        (
            with2(report(2020), "normative_documents", opened=3, open_total=14),
            Known(before=with2(report(2019), "normative_documents", open_total=10)),
        ),
    ],
    "V18": [alone(with2(report(), "charges", amount_10k=Decimal("55760")))],
    "V19": [case(sued_directly=True, review_first=True, served_on=date(2024, 1, 1)),
            case(sued_over_silence=True, served_on=None)],
    "V20": [
        case(row="refused_state_secret"),
        case(row="refused_third_party_rights"),
        case(row="not_processed_repeat"),
        case(row="other_correction_lapsed"),
        case(row="other_fee_unpaid"),
    ],
    "V21": [
        alone(saying(report(), problems="")),
        alone(saying(report(), problems="无。")),
        alone(replace(report(), sections={"overview": "甲"})),
        alone(with3(saying(report(), other_matters="无"), other_fee_unpaid=1)),
    ],
    "V22": [
        odd("period"),
        alone(report(period=(date(2024, 3, 1), date(2024, 12, 31)), preface="我局于2024年3月挂牌成立。")),
        alone(report(period=(date(2024, 1, 1), date(2024, 12, 30)))),
        alone(report(title="盘龙彝族乡2023年政府信息公开工作年度报告")),
    ],
    "V23": [
        alone(report(published_on=date(2025, 2, 1))),
        (report(), Known(today=date(2025, 2, 1))),
        (report(), Known(today=date(2025, 1, 1))),
        alone(report(level="county", published_on=date(2025, 4, 1))),
        alone(report(signed_on=date(2025, 2, 1))),
        alone(report(level="county", signed_on=date(2025, 4, 1))),
        alone(report(level=None, agency="青禾县", signed_on=date(2025, 4, 1))),
        alone(report(level=None, signed_on=date(2025, 2, 1))),
        alone(report(level=None, agency="青禾县教育局", signed_on=date(2025, 2, 1))),
        alone(report(level=None, agency="江那街道办事处", page_day=date(2025, 2, 1))),
        alone(report(level=None, agency="青禾县人民政府", page_day=date(2025, 4, 1))),
        alone(report(signed_on=date(2025, 1, 31), page_day=date(2025, 12, 31))),
    ],
    "V24": [
        (BUSY, Known(children=(report(),))),
        (report(), Known(children=(report(),), missing_children=("江那镇人民政府",))),
        (report(), Known(children=(with4(report(), "review", upheld=1, total=1),))),
    ],
    "V25": [
        (
            with2(with2(report(), "permits", decisions=12), "penalties", decisions=3),
            Known(
                before=with2(with2(report(2023), "permits", decisions=12), "penalties", decisions=3)
            ),
        ),
        (saying(report(), overview="2024年，" + LONG), Known(before=saying(report(2023), overview="2023年，" + LONG))),
    ],
    "V26": [
        (BUSY, Known(counted=report())),
        (report(), Known(overrides=(Override(("table3", "disclosed", "total"), "", "李方", "陈"),))),
        (report(), Known(overrides=(Override(("table3", "disclosed", "total"), "漏登", "李方"),))),
        (report(), Known(overrides=(Override(("table4", "review", "total"), "漏登", "李方", "李方"),))),
    ],
    "V27": [case(overdue=True)],
    "V28": [
        case(row="partially_disclosed"),
        case(row="refused_forbidden_by_law", bases=("《某市档案管理办法》",)),
    ],
    "V29": [
        case(courier="某快递公司"),
        case(remedy_text=False),
        case(review_first=True, review_first_text=False),
        (report(), Known(letter_gaps=(("管辖法院", "2024-0001", 2),))),
    ],
    "V30": [(report(), Known(calendar_notes=("2025 年放假安排尚未公布",)))],
    "V33": [case(evidence_after_copy=True), case(copy_unknown=True)],
    "V40": [alone(report(period=None)), alone(replace(TIED, year=0)), odd("text", sections={}),
            alone(saying(TIED, overview="主动公开信息30条。")),
            alone(saying(BUSY, overview="全年网上申请20件。")),
            alone(saying(with4(TIED, "review", upheld=1, total=1), applications="涉及诉讼3件。")),
            alone(replace(TIED, oddities=(Oddity("table", "表三“(七)总计”行", "没有读入"),)))],
    **pairs.FIRES,
}  # fmt: skip

SILENT: dict[str, list[Pair]] = {
    **pairs.SILENT,
    "V01": [alone(BUSY), alone(published("pingtan_qu_2020"))],
    "V02": [alone(BUSY), alone(published("pingtan_gaj_2021"))],
    "V03": [alone(with3(BUSY, total=None)), alone(published("huaian_2024"))],
    "V04": [alone(published("huaian_2024")), alone(with4(report(), "review", upheld=2, total=2))],
    "V05": [
        (BUSY, Known(before=with3(report(2023), carried_out=2))),
        (with3(report(2020), carried_in=2, disclosed=2, total=2),
         Known(before=with3(report(2019), carried_out=2))),
        (with3(report(2021), carried_in=2, disclosed=2, total=2),
         Known(before=with3(report(2020), carried_out=2))),
        (BUSY, Known()),
        (published("pingtan_gaj_2022"), Known(before=published("pingtan_gaj_2021"))),
    ],
    "V06": [alone(report()), alone(with2(report(2019), "permits", change=-3)),
            alone(with2(report(), "charges", amount_10k=Decimal("1.5")))],
    "V07": [alone(report()), alone(published("pingtan_qu_2020"))],
    "V08": [alone(BUSY), alone(with3(report(), carried_in=1, disclosed=1, total=1))],
    "V09": [alone(with3(report(), unable_unclear_after_correction=2, other_correction_lapsed=1)),
            alone(report())],
    "V10": [alone(report()), alone(report(2020)), alone(report(2021))],
    "V11": [alone(report()), alone(published("pingtan_htp_2022"))],
    "V12": [
        alone(saying(BUSY, overview="全年共收到政府信息公开申请34件。")),
        alone(saying(BUSY, overview="受理信息公开申请36件（含上年结转2件），办结32件，结转下年度继续办理4件。")),
        alone(saying(BUSY, overview="收到申请公开34件，其中网上申请20件，信函14件，自然人申请30件。")),
        alone(saying(BUSY, overview="2023年收到政府信息公开申请50件，今年同比减少16件。")),
        alone(saying(BUSY, overview="办公室收到依申请公开30件，各部门收到4件。")),
        alone(saying(BUSY, overview="局机关收到信息公开申请30件，下属单位收到信息公开申请4件。")),
        alone(saying(with4(report(), "suit_direct", upheld=1, total=1), disputes="未发生行政诉讼败诉案件。")),
        alone(saying(BUSY, overview="受理12345热线事项2件，已全部答复。")),
        alone(saying(BUSY, overview="通过平台收到依申请公开20件。")),
        alone(saying(with4(report(), "review", upheld=2, total=2), disputes="行政复议2件，其中维持2件。")),
        alone(saying(report(), disputes="2024年未收到行政复议、行政诉讼事项。")),
        alone(saying(report(), overview="没有接到公众、法人或其他组织要求公开政府信息的申请。")),
        alone(saying(with2(report(2019), "permits", items_before=10), overview="行政许可10项。")),
        alone(saying(report(), overview="梳理行政处罚21项。")),
    ],
    "V13": [
        alone(saying(report(), overview="收到政府信息公开申请，已全部办结。")),
        alone(saying(BUSY, overview="共收到信息公开申请34件，其余全部办结，结转下年度4件。")),
        alone(saying(BUSY, overview="答复信息公开申请32件，按期答复率100%，均按期答复。")),
        alone(saying(BUSY, overview="建议提案已全部答复完毕。")),
        alone(saying(BUSY, overview="依申请公开34件，除4件结转外均已办结；上年结转的2件已予公开。")),
        alone(saying(BUSY, overview="收到政府信息公开申请34件，无上年结转；网上申请公开的件没有结转下年度的。")),
        alone(saying(BUSY, overview="依申请公开34件，由此引发的行政复议无结转下年度件。")),
        alone(saying(BUSY, overview="信访事项没有结转下年度的；收到申请34件。")),
        alone(saying(report(), overview="未收到政府信息公开申请，没有结转下年度继续办理的申请。")),
    ],
    "V14": [alone(with3(report(2021), other_fee_unpaid=1)), alone(report(2020))],
    "V15": [
        alone(with3(saying(report(), other_matters="发出收费通知1件，金额300元，未收取。"), other_fee_unpaid=1)),
        (with2(saying(report(), other_matters="发出收费通知1件，收取信息处理费300元。"),
               "charges", amount_10k=Decimal("0.03")), Known(fees_yuan=Decimal(300))),
        alone(report()),
    ],
    "V16": [
        alone(with2(report(level="city", agency="宿迁市人民政府"), "regulations", made=1)),
        alone(with2(report(level=None, agency="广西壮族自治区人民政府"), "regulations", made=1)),
        alone(with2(report(), "normative_documents", made=1)),
    ],
    "V17": [
        (
            with2(report(2025), "normative_documents", made=50, repealed=227, in_force=420),
            Known(before=with2(report(), "normative_documents", in_force=597)),
        ),
        *(
            (
                with2(report(2020), "penalties", items_before=now),
                Known(before=with2(report(2019), "penalties", items_before=20, change=3)),
            )
            for now in (20, 23, None)
        ),
        (
            with2(report(2020), "penalties", items_before=21),
            Known(before=with2(report(2018), "penalties", items_before=20, change=3)),
        ),
        (
            with2(report(2020), "normative_documents", opened=3, open_total=13),
            Known(before=with2(report(2019), "normative_documents", open_total=10)),
        ),
        (
            with2(report(2020), "normative_documents", opened=3, open_total=4),
            Known(before=with2(report(2019), "normative_documents", open_total=10)),
        ),
        (
            with2(report(2021), "normative_documents", in_force=4),
            Known(before=with2(report(2020), "normative_documents", open_total=10)),
        ),
    ],
    "V18": [alone(with2(report(), "charges", amount_10k=999)),
            alone(with2(report(level="city"), "charges", amount_10k=55760))],
    "V19": [case(sued_directly=True, review_first=True, served_on=date(2023, 12, 31)),
            case(sued_directly=True)],
    "V20": [
        case(row="refused_state_secret", secrecy_level="机密"),
        case(row="refused_third_party_rights", consulted=True),
        case(row="not_processed_repeat", linked=True),
        case(row="other_correction_lapsed", notice_proof=True),
        case(row="other_fee_unpaid", fee_notice_proof=True),
        case(),
    ],
    "V21": [alone(report()), alone(published("huaian_2024"))],
    "V22": [alone(report()), alone(report(period=None, title="")), alone(published("huaian_2024"))],
    "V23": [
        alone(report(published_on=date(2025, 1, 31))),
        alone(report(level="county", published_on=date(2025, 3, 31))),
        (report(), Known(today=date(2024, 12, 31))),
        alone(report()),
        alone(report(signed_on=date(2025, 1, 31))),
        *(
            alone(report(level=None, agency=name, signed_on=date(2025, 3, 31)))
            for name in (
                "青禾县人民政府", "青禾县", "", "青禾县人民政府办公室", "平潭综合实验区管委会", "景德镇市人民政府", "景德镇",
                "新乡市人民政府", "青禾县政务服务和数据管理局", "国家市场监督管理总局",
            )
        ),
        alone(report(page_day=date(2025, 1, 31))),
        alone(report(page_day=date(2026, 1, 1))),
        alone(report(version=2, signed_on=date(2025, 2, 1))),
        alone(report(preface="更正说明：表三有更正。", signed_on=date(2025, 2, 1))),
        alone(report(title="盘龙彝族乡2024年政府信息公开工作年度报告（修订版）", page_day=date(2025, 2, 1))),
        (report(signed_on=date(2025, 2, 1)), Known(today=date(2024, 12, 31))),
    ],
    "V24": [(BUSY, Known(children=(BUSY, report()))), (BUSY, Known())],
    "V25": [
        (report(), Known(before=report(2023))),
        (saying(report(), overview=LONG), Known(before=saying(report(2023), overview=OTHER))),
    ],
    "V26": [
        (BUSY, Known(counted=BUSY)),
        (
            with3(report(), "business", disclosed=1),
            Known(
                counted=report(),
                overrides=tuple(
                    Override(("table3", "disclosed", column), "漏登一件", "李方", "陈国强")
                    for column in ("business", "total")
                ),
            ),
        ),
    ],
    "V27": [case()],
    "V28": [
        case(row="partially_disclosed", redaction_log=True),
        case(row="refused_forbidden_by_law", bases=("《档案法》第二十八条", "《某市档案管理办法》")),
        case(row="refused_forbidden_by_law", bases=("《不动产登记暂行条例》",)),
    ],
    "V29": [case(), case(review_first=True), case(review_first=True, review_first_text=False,
                                                 served_on=date(2023, 12, 31))],
    "V30": [alone(report())],
    "V33": [case(), alone(report())],
    "V40": [alone(TIED), case(), alone(report(sections={})), alone(saying(TIED, disputes="行政复议、行政诉讼各0件。")),
            alone(saying(with4(TIED, "review", upheld=2, total=2), disputes="行政复议两件，均维持。")),
            alone(saying(BUSY, overview="收到申请三十六件，其中结转2件。")),
            alone(saying(BUSY, overview="全年共收到政府信息公开申请33件。"))],
}  # fmt: skip


def every(pairs: dict[str, list[Pair]]) -> list[Any]:
    return [
        pytest.param(rule, pair, id=f"{rule}-{number}")
        for rule, cases in pairs.items()
        for number, pair in enumerate(cases)
    ]


@pytest.mark.parametrize(("rule", "pair"), every(FIRES))
def test_a_check_finds_what_it_is_for(rule, pair):
    found = told(pair[0], rule, pair[1])
    assert found
    for one in found:
        assert one.where and one.message and one.level in ("error", "warn", "note")


@pytest.mark.parametrize(("rule", "pair"), every(SILENT))
def test_a_check_accuses_nothing_sound(rule, pair):
    assert told(pair[0], rule, pair[1]) == []


def test_every_check_of_the_law_has_its_function_and_its_tests():
    ids = [*(f"V{number:02d}" for number in (*range(1, 31), *range(33, 42)))]
    assert list(LAW.checks) == ids == sorted(CHECKS)
    assert sorted(FIRES) == sorted(SILENT) == ids


def test_a_finding_has_the_level_of_its_row_unless_the_matter_is_milder_or_worse():
    levels = {rule: {one.level for pair in pairs for one in told(pair[0], rule, pair[1])}
              for rule, pairs in FIRES.items()}  # fmt: skip
    both = {"V06", "V11", "V22", "V23", "V29", "V36"}
    assert all(levels[rule] == {LAW.checks[rule].level} for rule in levels if rule not in both)
    assert all(levels[rule] == {"error", "warn"} for rule in both)


def test_findings_name_both_numbers_and_the_place():
    found = told(published("pingtan_qu_2020"), "V02")
    assert found[0].where == "表三“自然人”列"
    assert found[0].message == "各项办理结果相加为 26，（七）总计为 20"
    assert told(published("pingtan_zrz_2023"), "V03")[0].message == "六列相加为 9，总计为 8"


def test_panlongs_own_text_names_items_where_table_two_prints_none():
    path = ACCEPTANCE / "reports" / "panlong_2019.txt"
    found = findings(read_report(path.name, path.read_bytes(), FORMATS), LAW)
    assert [one.level for one in found if one.level == "error"] == []
    said = {one.where: one.message for one in found if one.rule == "V12"}
    assert set(said) == {"表二“行政处罚”行", "表二“行政强制”行"}
    assert "21" in said["表二“行政处罚”行"] and "为 0" in said["表二“行政处罚”行"]
    assert "8" in said["表二“行政强制”行"] and "为 0" in said["表二“行政强制”行"]


def test_a_missing_row_is_an_error_and_a_misspelt_label_only_a_hint():
    assert {one.level for one in told(odd("missing")[0], "V11")} == {"error"}
    assert {one.level for one in told(odd("label")[0], "V11")} == {"warn"}
