"""What a report says: every wrong sentence is told, no right one is accused (said.toml has them)."""

from dataclasses import replace
from datetime import date

import pytest

from tests.examples import ACCEPTANCE
from tests.workflow.report.checks.reports import LAW, published, report, told, with2, with4
from tests.workflow.report.checks.said import OFFICE, QUIET, RIGHT, SOUND, WRONG, saying
from workflow.report.annual import AnnualReport
from workflow.report.checks import Known, findings
from workflow.report.checks.sentences import LONGEST, QUANTITIES_MOST, numeral, quantities, quoted
from workflow.report.reading import Unreadable, read_report

TEXTS = ("V12", "V34", "V35", "V38", "V39", "V41")


def each(sentences: dict[str, list[str]]) -> list[object]:
    return [
        pytest.param(rule, said, id=f"{rule}-{place}")
        for rule, some in sentences.items()
        for place, said in enumerate(some)
    ]


@pytest.mark.parametrize(("rule", "said"), each(WRONG))
def test_a_wrong_sentence_is_told_with_its_words_and_its_section(rule, said):
    found = told(saying(OFFICE, said), rule)
    assert found
    assert all("写的是“" in one.message and "”" in one.message for one in found)
    assert all(one.where.startswith(("正文“", "表二“")) and one.level == "warn" for one in found)


@pytest.mark.parametrize(("rule", "said"), each(RIGHT))
def test_a_right_sentence_is_not_accused(rule, said):
    assert told(saying(OFFICE, said), rule) == []


@pytest.mark.parametrize("said", SOUND)
def test_a_sound_sentence_is_not_accused_by_any_check_of_the_text(said):
    assert [one for one in findings(saying(OFFICE, said), LAW) if one.rule in TEXTS] == []


@pytest.mark.parametrize(
    "said",
    [
        "2024年，我局未收到政府信息公开申请。",
        "全年无依申请公开事项。",
        "依申请公开0件。",
        "本年度没有公民、法人或其他组织向我局提出政府信息公开申请。",
        "四|2024年未收到行政复议、行政诉讼案件。",
        "四|行政复议0件，行政诉讼0件。",
        "全年未制定规范性文件。",
        "2024年未收取行政事业性收费。",
    ],
)
def test_who_received_nothing_may_say_so(said):
    assert [one for one in findings(saying(QUIET, said), LAW) if one.rule in TEXTS] == []


@pytest.mark.parametrize(
    "said",
    [
        "2024年，我局共受理政府信息公开申请1件。",
        "收到依申请公开两件。",
        "四|行政复议1件。",
        "四|行政诉讼一件。",
        "作出行政处罚决定1件。",
    ],
)
def test_who_received_nothing_may_not_name_a_number(said):
    assert told(saying(QUIET, said), "V12")


def test_the_words_that_contradict_a_table_are_quoted_with_the_number_of_the_table():
    (one,) = told(saying(OFFICE, "全年收到政府信息公开申请40件。"), "V12")
    assert one.where == "正文“一、总体情况”"
    assert (
        one.message == "写的是“全年收到政府信息公开申请40件”，表三为：本年新收 34，加上年结转为 36"
    )
    (one,) = told(saying(OFFICE, "公开信息40条，其中政策4条，其他26条。"), "V34")
    assert (
        one.message
        == "写的是“公开信息40条，其中政策4条，其他26条”，各项相加为 30，总数写的是 40，请核对"
    )
    (one,) = told(saying(OFFICE, "本年收到来信8件，来电3件，合计12件。"), "V34")
    assert "“本年收到来信8件，来电3件，合计12件”" in one.message
    (one,) = told(saying(OFFICE, "收到申请34件，其中公民30件，占80%。"), "V35")
    assert one.message == "写的是“其中公民30件，占80%”，30 占 34 的 88.24%，请核对"
    (one,) = told(saying(OFFICE, "收到信息公开申请34件，比上年的50件下降35%。"), "V35")
    assert one.message.endswith("50 到 34 是下降 32.00%，请核对")
    for said, words in (
        ("收到申请34件，较2023年的50件减少15件，下降32%。", "50 到 34 是减少 16、下降 32.00%，请核对"),
        ("公开信息34条，较上年20条增加12条，增长70%。", "20 到 34 是增加 14、增长 70.00%，请核对"),
        ("收到申请34件，较去年的50件减少16件，下降35%。", "50 到 34 是下降 32.00%，请核对"),
        ("申请数量较2023年的50件减少16件，下降35%。", "50 到 34 是下降 32.00%，请核对"),
        ("收到申请9件，信函2件，现场1件，较上年50件减少16件，下降35%。", "50 到 34 是下降 32.00%，请核对"),
        ("收到申请50件，较上年的50件减少16件，下降30%。", "50 到 50 是持平，请核对"),
    ):  # fmt: skip
        (one,) = told(saying(OFFICE, said), "V35")
        assert one.message.endswith(f"{said[-18:-1]}”，{words}")
    (one,) = told(saying(OFFICE, "收到信息公开申请34件，予以公开20件。"), "V38")
    assert one.message == "写的是“予以公开20件”，表三“(一)予以公开”总计为 12"
    (one,) = told(saying(OFFICE, "收到信息公开申请34件，其中法人9件。"), "V38")
    assert one.message == "写的是“其中法人9件”，表三本年新收的“法人或其他组织”为 4"
    (one,) = told(saying(OFFICE, "五|2024年，我局将继续努力。"), "V39")
    assert one.message == "写的是“2024年，我局将继续努力”，2024 年已经过去，请核对年份"
    heading, plan = told(saying(OFFICE, "五|（二）2024年工作打算。2024年，我局将继续努力。"), "V39")
    assert heading.message == "写的是“（二）2024年工作打算”，2024 年已经过去，请核对年份"
    assert plan.message == one.message


def test_growth_is_held_against_last_years_report():
    said = saying(OFFICE, "全年收到政府信息公开申请34件，同比增长70%。")
    before = published("pingtan_gaj_2022")
    from_20 = _received(20)
    assert told(said, "V35", Known(before=_received(25)))
    assert told(said, "V35", Known(before=from_20)) == []
    assert told(said, "V35", Known(before=before)) == []
    assert told(said, "V35") == []
    all_together = saying(OFFICE, "全年受理政府信息公开申请36件，同比增长80%。")
    assert told(all_together, "V35", Known(before=from_20)) == []
    assert told(all_together, "V35", Known(before=_received(25)))
    closed = saying(OFFICE, "全年办结政府信息公开申请34件，同比增长80%。")
    assert told(closed, "V35", Known(before=from_20)) == []
    for said in ("收到来信34件，同比增长9%。", "上半年收到政府信息公开申请34件，同比增长9%。"):
        assert told(saying(OFFICE, said), "V35", Known(before=from_20)) == []
    older = replace(from_20, year=2022)
    assert told(saying(OFFICE, "收到申请34件，同比增长9%。"), "V35", Known(before=older)) == []


def _received(number: int) -> AnnualReport:
    base = report(2023)
    table3 = {row: dict(cells) for row, cells in (base.table3 or {}).items()}
    table3["new_received"] |= {"natural_person": number, "total": number}
    return report(2023, table3=table3)


def test_a_total_column_of_zeros_contradicts_no_text_that_its_columns_bear_out():
    table3 = {row: {**cells, "total": 0} for row, cells in (OFFICE.table3 or {}).items()}
    base = report(agency=OFFICE.agency, level=OFFICE.level, table3=table3)
    assert told(saying(base, "全年收到政府信息公开申请34件，办结32件。"), "V12") == []
    assert told(saying(base, "全年收到政府信息公开申请30件。"), "V12")


def test_the_format_of_2019_has_one_row_of_other_outcomes():
    base = report(2020)
    table3 = {row: dict(cells) for row, cells in (base.table3 or {}).items()}
    for row in ("new_received", "other", "total"):
        table3[row] |= {"natural_person": 5, "total": 5}
    base = report(2020, table3=table3)
    assert told(saying(base, "办结政府信息公开申请5件，其他处理5件。"), "V38") == []
    assert told(saying(base, "办结政府信息公开申请5件，其他处理4件。"), "V38")
    made = with2(base, "normative_documents", made=3, opened=2)
    assert told(saying(made, "全年制定规范性文件3件。"), "V12") == []
    assert told(saying(made, "全年制定规范性文件4件。"), "V12")


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("一", 1), ("两", 2), ("〇", 0), ("零", 0), ("十", 10), ("十二", 12), ("二十", 20),
        ("三十四", 34), ("一百零三", 103), ("一百一十", 110), ("两百", 200), ("二〇", 20),
        ("一千零五", 1005), ("三千二百一十四", 3214),
        ("一二", None), ("两三", None), ("十百", None), ("一百百", None), ("二三十", None),
        ("零十", 10), ("零百", None),
    ],
)  # fmt: skip
def test_chinese_numerals(words, value):
    assert numeral(words) == value


def test_quantities_have_their_number_their_unit_and_the_words_around():
    (one, other) = quantities("收到12,345件,其中公民十二件、法人共")
    assert (one.value, one.unit, one.exact, one.spelt) == (12345, "件", True, False)
    assert (one.before, one.after) == ("收到", "")
    assert (other.value, other.unit, other.spelt) == (12, "件", True)
    assert (other.before, other.after) == ("其中公民", "")


@pytest.mark.parametrize(
    "said",
    ["约30件", "30余件", "近30件", "1.2万件", "3千件", "2-3件", "二三十件", "超过30件", "逾30件"],
)
def test_what_is_rounded_is_no_number_to_hold_to(said):
    assert [one.exact for one in quantities(f"收到{said}")] == [False]


@pytest.mark.parametrize(
    "said", ["第20条", "3个工作日", "每一件", "同一件", "一条龙", "与群众一起", "第三次", "12处理", "5部门", "2024年"]
)  # fmt: skip
def test_what_is_no_quantity(said):
    assert quantities(said) == ()


def test_a_text_that_is_no_sentence_is_left_alone():
    assert quantities("1件" * (QUANTITIES_MOST + 1)) == ()
    assert len(quantities("1件" * QUANTITIES_MOST)) == QUANTITIES_MOST
    long = "公开信息40条，其中政策4条，其他26条" + "，" * LONGEST
    assert told(saying(OFFICE, long), "V34") == []
    assert told(saying(OFFICE, long[: LONGEST - 1]), "V34")


def test_what_is_quoted_is_cut_short():
    assert quoted("字" * 60) == "字" * 60
    assert quoted("字" * 61) == "字" * 59 + "…"
    assert quoted("共1,204条,其中(图解)3条;其他:1条") == "共1,204条，其中（图解）3条；其他：1条"


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        ("text_accepted", "V12", "受理2件依申请公开信息"),
        ("text_received_matter", "V12", "收到依申请公开事项1项"),
        ("text_outcome", "V38", "予以公开1件"),
        ("parts_do_not_add_up", "V34", "各项相加为 35，总数写的是 40"),
        ("signed_before_year_end", "V36", "2023 年 1 月 25 日"),
    ],
)
def test_the_examples_of_slips_in_a_text_are_found_once(name, rule, words):
    path = ACCEPTANCE / "report_inputs" / f"{name}.html"
    (one,) = told(read_report(path.name, path.read_bytes(), LAW.formats), rule)
    assert words in one.message


@pytest.mark.parametrize(
    "path", sorted((ACCEPTANCE / "report_inputs").glob("*.html")), ids=lambda path: path.stem
)
def test_no_other_example_is_accused_of_its_text(path):
    slips = (
        "text_accepted",
        "text_received_matter",
        "text_outcome",
        "parts_do_not_add_up",
        "titles_autonumbered",
    )
    try:
        report = read_report(path.name, path.read_bytes(), LAW.formats)
    except Unreadable:
        return
    if path.stem not in slips:
        assert [one for one in findings(report, LAW) if one.rule in TEXTS] == []


def test_no_text_contradicts_a_table_that_was_not_filled_in():
    blank = {
        name: {row: dict.fromkeys(cells) for row, cells in (getattr(OFFICE, name) or {}).items()}
        for name in ("table2", "table3", "table4")
    }
    empty = replace(OFFICE, **blank)
    for said in (
        "全年收到政府信息公开申请5件，予以公开1件。",
        "四|行政复议1件。",
        "作出行政处罚决定1件。",
    ):
        assert [one for one in findings(saying(empty, said), LAW) if one.rule in TEXTS] == []


@pytest.mark.parametrize(
    ("said", "right"),
    [("行政处罚20项", True), ("行政处罚21项", True), ("行政处罚7项", True), ("行政处罚22项", False), ("行政处罚7件", True), ("行政处罚8件", False), ("行政许可3项", False), ("行政强制1项", True), ("行政强制2项", False)],
)  # fmt: skip
def test_the_format_of_2019_counts_items_before_and_after_the_change(said, right):
    base = with2(report(2019), "penalties", items_before=20, change=1, decisions=7)
    base = with2(base, "compulsory_measures", items_before=1, change=None, decisions=0)
    found = told(saying(base, f"梳理{said}。"), "V12")
    assert (found == []) == right
    assert all(said in one.message and one.where.startswith("表二“行政") for one in found)
    twice = told(saying(base, f"梳理{said}。梳理{said}。"), "V12")
    assert len(twice) == len(found)


def test_a_document_is_named_once_and_as_it_is_cited():
    base = report(
        2019, preface="根据国办公开办函（2021）30号编制。", sections=report(2019).sections
    )
    (one,) = told(saying(base, "按照国办公开办函〔2021〕30号的要求，加强管理。"), "V41")
    assert one.where == "正文开头"
    assert one.message == "引用了国办公开办函〔2021〕30号，该文件2021 年 9 月 26 日才印发，请核对"
    (one,) = told(saying(report(2019), "按照青政办〔2025〕3号的要求，加强管理。"), "V41")
    assert one.message == "引用了“按照青政办〔2025〕3号”，报告的年度是 2019 年，请核对文号的年份"


@pytest.mark.parametrize(
    ("said", "tables"),
    [
        ("未发生行政复议。", {"review"}),
        ("未发生行政诉讼。", {"suit_direct"}),
        ("未发生行政复议、行政诉讼。", {"review", "suit_direct"}),
    ],
)
def test_no_dispute_of_one_kind_says_nothing_of_the_other(said, tables):
    for block, words in (("review", "行政复议总计为 2"), ("suit_direct", "行政诉讼总计为 2")):
        one = saying(with4(QUIET, block, upheld=2, total=2), f"四|{said}")
        assert [words in found.message for found in told(one, "V12")] == [True] * (block in tables)


@pytest.mark.parametrize(
    ("more", "level"),
    [
        ({}, "error"),
        ({"period": None}, "error"),
        ({"title": ""}, "error"),
        ({"title": "", "period": None}, "warn"),
        ({"signed_on": date(2024, 12, 1)}, "warn"),
        ({"signed_on": date(2024, 11, 30)}, "error"),
        ({"signed_on": date(2023, 12, 30)}, "error"),
    ],
)
def test_a_signature_too_early_is_an_error_where_the_year_is_sure(more, level):
    (one,) = told(report(**{"signed_on": date(2024, 1, 25), **more}), "V36")
    assert one.level == level
    assert one.message.endswith("统计期限到2024 年 12 月 31 日才届满，请核对年份")
