"""The six sections are found by the wording of their titles, under any numerals or none."""

from itertools import pairwise
from time import process_time

import pytest

from config.law import load_law
from tests.workflow.report.checks.corpus import NUMBERED
from workflow.report.reading.numbers import shown
from workflow.report.reading.prose import Prose, read_prose
from workflow.report.reading.titles import Cut, cut_at_titles

FORMATS = load_law().formats
KEYS = tuple(FORMATS.sections)
OFFICIAL = tuple(FORMATS.sections.values())
USUAL = NUMBERED["usual"]


def cut(*lines: str) -> Cut:
    return cut_at_titles([line for part in lines for line in part.splitlines()], FORMATS.sections)


def report(titles: list[str]) -> list[str]:
    """A line of text below each title that is there; the text of a section says which it is."""
    return [
        line
        for title, key in zip(titles, KEYS, strict=True)
        for line in (title, f"这里写{key}。")
        if title
    ]


def read(*lines: str) -> Prose:
    return read_prose(lines, "a.txt", FORMATS)


def told(of: Cut) -> dict[str, str]:
    return {one.where: one.message for one in of.oddities}


@pytest.mark.parametrize("manner", NUMBERED)
def test_all_six_are_found_in_every_manner_of_numbering(manner):
    found = cut("前言", *report(NUMBERED[manner]))
    assert found.before == ["前言"]
    assert found.texts == {key: [f"这里写{key}。"] for key in KEYS}
    assert told(found) == {} and found.own == {}
    assert found.last == ["这里写other_matters。"]


@pytest.mark.parametrize("manner", NUMBERED)
@pytest.mark.parametrize("place", range(6))
def test_a_missing_title_is_missing_and_the_others_are_found(manner, place):
    titles = ["" if n == place else title for n, title in enumerate(NUMBERED[manner])]
    found = cut(*report(titles))
    assert list(found.texts) == [key for key in KEYS if key != KEYS[place]]
    assert told(found) == {}


@pytest.mark.parametrize("manner", NUMBERED)
@pytest.mark.parametrize(("one", "other"), list(pairwise(range(6))))
def test_two_titles_in_the_wrong_order_are_told(manner, one, other):
    titles = list(NUMBERED[manner])
    titles[one], titles[other] = titles[other], titles[one]
    found = cut(*report(titles))
    assert set(found.texts) == set(KEYS)
    assert [message[:4] for message in told(found).values()] == ["顺序不对"]


def test_a_title_far_from_its_place_is_told_with_what_stands_before_it():
    moved = [USUAL[4], *USUAL[:4], USUAL[5]]
    assert told(cut(*[line for title in moved for line in (title, "文字。")])) == {
        f"“{OFFICIAL[4]}”": "顺序不对，排在最前面"
    }
    last = [*USUAL[:1], *USUAL[2:], USUAL[1]]
    assert told(cut(*[line for title in last for line in (title, "文字。")])) == {
        f"“{OFFICIAL[1]}”": f"顺序不对，排在“{OFFICIAL[5]}”之后"
    }


@pytest.mark.parametrize("manner", NUMBERED)
@pytest.mark.parametrize("place", range(6))
def test_a_title_that_comes_twice_is_told_and_both_texts_are_kept(manner, place):
    lines = report(NUMBERED[manner])
    again = [NUMBERED[manner][place], "又写一遍。"]
    found = cut(*lines[: 2 * place + 2], *again, *lines[2 * place + 2 :])
    assert told(found) == {f"“{OFFICIAL[place]}”": "这个标题出现了不止一次"}
    assert found.texts[KEYS[place]] == [f"这里写{KEYS[place]}。", "又写一遍。"]


def test_a_title_above_its_section_and_above_its_table_is_one_title():
    lines = report(USUAL)
    assert told(cut(*lines[:3], USUAL[1], *lines[3:])) == {}


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        (0, "一、概述"), (0, "一、政府信息公开工作总体情况"), (0, "一、基本情况"), (0, "一、总体情況"),
        (1, "二、政府信息主动公开情况"), (1, "二、主动公开情况"), (1, "二、主动公开政府信息的情况"),
        (2, "三、收到的处理政府信息公开申请情况"), (2, "三、依申请公开政府信息情况"),
        (2, "三、政府信息公开申请办理情况"), (2, "三、收到和处理政府信息公开申请的情况"),
        (3, "四、行政复议、行政诉讼情况"), (3, "四、政府信息公开行政诉讼、行政复议情况"),
        (3, "四、因政府信息公开工作被申请行政复议和提起行政诉讼情况"),
        (4, "五、存在的主要问题和改进情况"), (4, "五、存在问题及改进措施"), (4, "五、主要问题和下一步打算"),
        (4, "五、存在的主要不足及整改措施"), (4, "五、问题与不足"), (0, "一、工作情况"), (5, "六、其他"),
        (2, "三、申请公开政府信息情况"), (0, "一、总体情况的介绍"),
        (5, "六、其它需要报告的事项"), (5, "六、其他事项"), (5, "六、需要说明的其他事项与附表"),
        (5, "六、其他需要报告的事项与附表"),
    ],
)  # fmt: skip
def test_a_title_in_other_words_is_the_title_and_told(place, printed):
    titles = [printed if n == place else title for n, title in enumerate(USUAL)]
    found = cut(*report(titles))
    assert list(found.texts) == list(KEYS) and found.own == {}
    assert told(found) == {f"“{OFFICIAL[place]}”": f"标题印的是“{shown(printed)}”"}


def test_what_says_something_else_is_no_title_in_other_words():
    found = cut(*report([*USUAL[:4], "五、下一步工作打算", USUAL[5]]))
    assert "problems" not in found.texts
    assert found.own == {"五、下一步工作打算": ["这里写problems。"]}


@pytest.mark.parametrize(
    "title",
    ["五、存在的主要问题及改进情况、其他需要报告的事项", "五、存在的主要问题、改进情况和其他需要报告的事项",
     "五、存在的主要问题及改进情况；六、其他需要报告的事项", "五、六、存在的主要问题及改进情况、其他需要报告的事项",
     "五、存在的问题和其他事项"],
)  # fmt: skip
def test_one_title_for_two_sections_gives_both_the_text_and_is_told(title):
    found = cut(*report([*USUAL[:4], title, ""]))
    assert found.texts["problems"] == found.texts["other_matters"] == ["这里写problems。"]
    assert list(told(found)) == [f"“{OFFICIAL[4]}”、“{OFFICIAL[5]}”"]


def test_a_section_of_its_own_moves_the_numerals_and_nothing_is_told():
    found = cut(
        USUAL[0], "甲。", "二、重点工作落实情况", "乙。", "三、主动公开政府信息情况", "丙。",
        "四、收到和处理政府信息公开申请情况", "五、政府信息公开行政复议、行政诉讼情况", "丁。",
        "六、存在的主要问题及改进情况", "戊。", "七、其他需要报告的事项", "己。", "八、附件", "庚。",
    )  # fmt: skip
    assert found.own == {"二、重点工作落实情况": ["乙。"], "八、附件": ["庚。"]}
    assert [found.texts[key] for key in KEYS] == [
        ["甲。"],
        ["丙。"],
        [],
        ["丁。"],
        ["戊。"],
        ["己。"],
    ]
    assert told(found) == {} and found.last == ["庚。"]


@pytest.mark.parametrize(
    "line",
    ["二、重点工作有新进展。", "二、" + "重点工作落实情况" * 4, "（二）重点工作落实情况", "2.重点工作落实情况",
     "二是抓重点工作", "一、主动公开工作"],
)  # fmt: skip
def test_a_numbered_line_of_text_is_no_section(line):
    lines = [USUAL[0], line, *[title.replace("二、", "三、") for title in USUAL[1:]]]
    assert cut(*lines).own == {}
    assert cut(*lines).texts["overview"] == [line]


@pytest.mark.parametrize("place", [0, 2, 3, 4, 5])
@pytest.mark.parametrize("odd", ["（{}）{}", "{}）{}", "【{}】{}"])
def test_one_title_in_another_manner_is_found_by_its_numeral_and_place(place, odd):
    titles = list(USUAL)
    titles[place] = odd.format("一二三四五六"[place], titles[place][2:])
    found = cut(*report(titles))
    assert list(found.texts) == list(KEYS) and told(found) == {}


def test_a_part_under_a_numeral_of_its_own_stands_for_no_missing_section():
    for part in ("（一）存在的主要问题及改进情况", "（二）主动公开政府信息情况"):
        found = cut(USUAL[0], part, "甲。", *[t for t in USUAL[2:] if "问题" not in t])
        assert list(found.texts) == ["overview", "applications", "disputes", "other_matters"]
        assert found.texts["overview"] == [part, "甲。"]
    behind = cut(*USUAL[:4], USUAL[5], "（五）存在的主要问题及改进情况", "甲。")
    assert "problems" not in behind.texts


def test_a_numeral_that_comes_twice_is_told():
    found = cut(*report([*USUAL[:5], "五、其他需要报告的事项"]))
    assert told(found) == {
        f"“{OFFICIAL[5]}”": "标题的编号有误：“五、存在的主要问题及改进情况”之后是“五、其他需要报告的事项”"
    }


@pytest.mark.parametrize("sub", ["（{}）{}", "({}){}", "{}）{}"])
def test_parts_of_the_overview_are_no_sections(sub):
    parts = [
        sub.format(n, title) for n, title in zip("一二三四五", (*OFFICIAL[1:5], ""), strict=True)
    ]
    lines = report(USUAL)
    found = cut(lines[0], *[part.replace("、", "", 1) for part in parts], *lines[1:])
    assert list(found.texts) == list(KEYS) and told(found) == {}
    assert len(found.texts["overview"]) == 6


def test_parts_numbered_as_the_sections_are_none_either():
    found = cut(
        "（一）总体情况",
        "（一）主动公开政府信息情况",
        "公开20条。",
        *report(NUMBERED["brackets"])[2:],
    )
    assert found.texts["overview"] == ["（一）主动公开政府信息情况", "公开20条。"]
    assert told(found) == {}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("一、总体情况。我局收到申请3件。", "我局收到申请3件。"),
        ("一、总体情况：我局收到申请3件。", "我局收到申请3件。"),
        ("一、总体情况 我局收到申请3件。", "我局收到申请3件。"),
        ("一、总体情况（一）主动公开", "(一)主动公开"),
    ],
)
def test_text_behind_a_title_belongs_to_its_section(line, text):
    found = cut(line, *report(USUAL)[2:])
    assert found.texts["overview"] == [text] and told(found) == {}


def test_a_sentence_that_goes_on_after_the_words_of_a_title_is_text():
    found = cut("前言", "总体情况比较好", "主动公开政府信息情况有待加强", *report(USUAL))
    assert len(found.before) == 3


@pytest.mark.parametrize("leader", ["……3", "...........3", " 3", "\t12", "-----3"])
def test_a_table_of_contents_is_no_section(leader):
    found = cut(*[title + leader for title in USUAL], "前言", *report(USUAL))
    assert found.texts == {key: [f"这里写{key}。"] for key in KEYS}
    assert told(found) == {}


def test_contents_without_page_numbers_are_none_either():
    found = cut(*USUAL, "前言", *report(USUAL))
    assert found.texts == {key: [f"这里写{key}。"] for key in KEYS}
    assert told(found) == {}


def test_sections_of_tables_alone_stand_on_end_and_are_no_contents():
    found = cut(USUAL[0], "甲。", *USUAL[1:4], USUAL[4], "乙。", USUAL[5], "丙。")
    assert list(found.texts) == list(KEYS)


def test_a_text_without_titles_is_left_whole():
    assert cut("前言", "（一）主动公开", "公开20条。") == Cut(
        before=["前言", "（一）主动公开", "公开20条。"]
    )


def test_two_titles_by_their_words_alone_are_enough_and_one_is_not():
    assert list(cut("概述", "甲。", "存在的主要问题和打算", "乙。").texts) == [
        "overview",
        "problems",
    ]
    assert cut("概述", "甲。").texts == {}
    assert cut("概述", "甲。", "其他", "乙。").texts == {}
    assert list(cut("一、概述", "甲。", "六、其他", "乙。").texts) == ["overview", "other_matters"]


# -- the whole text --------------------------------------------------------------------------------------


def test_much_text_above_the_second_title_is_the_overview_without_its_title():
    much = "全年主动公开各类政府信息一百余条，依申请公开工作有序开展，制度更加健全，监督更加有力，平台更加便民，群众更加满意，各项任务全部完成。"
    found = read("某县2023年政府信息公开工作年度报告", much, *report(["", *USUAL[1:]]))
    assert found.sections["overview"] == much
    assert ["没有这个标题" in one.message for one in found.oddities] == [True]
    little = read("某县2023年政府信息公开工作年度报告", "编制本报告。", *report(["", *USUAL[1:]]))
    assert "overview" not in little.sections and little.oddities == []
    assert little.preface == "某县2023年政府信息公开工作年度报告\n编制本报告。"


@pytest.mark.parametrize(
    ("title", "agency", "year"),
    [
        ("青禾县教育局2023年政府信息公开工作年度报告", "青禾县教育局", 2023),
        ("青禾县教育局关于报送2023年度政府信息公开工作年度报告的函", "青禾县教育局", 2023),
        ("关于印发《青禾县2023年政府信息公开工作年度报告》的通知", "青禾县", 2023),
        ("2023年青禾县政府信息公开工作年度报告", "青禾县", 2023),
        ("2023年全县政府信息公开工作年度报告", "", 2023),
        ("青禾县教育局政府信息公开工作年度报告（2023年）", "青禾县教育局", 2023),
        ("青禾县教育局政府信息公开2023年度报告", "青禾县教育局", 2023),
        ("青禾县教育局二〇二三年政府信息公开工作年度报告", "青禾县教育局", 2023),
        (
            "现公布我局2023年政府信息公开工作年度报告如下，请予监督并提出宝贵的意见和建议" * 3,
            "",
            2023,
        ),
    ],
)
def test_a_title_names_body_and_year(title, agency, year):
    found = read(title, *report(USUAL))
    assert (found.agency, found.year) == (agency, year)


def test_the_body_that_signed_is_the_body_where_the_title_names_none():
    found = read("政府信息公开工作年度报告", *report(USUAL), "青禾县教育局", "2024年1月3日")
    assert found.agency == found.signed_by == "青禾县教育局"


def test_of_several_titles_the_one_of_the_period_counts():
    lines = [f"青禾县{year}年政府信息公开工作年度报告" for year in (2021, 2022, 2023)]
    found = read(*lines, "统计期限为2022年1月1日至12月31日。", *report(USUAL))
    assert (found.year, found.title) == (2022, lines[1])
    assert read(*lines, *report(USUAL)).year == 2021


@pytest.mark.parametrize(
    "period",
    [
        "统计期限自2023年1月1日起至2023年12月31日止。", "统计期限为2023年1月1日—12月31日",
        "统计期限：2023.1.1-2023.12.31", "统计时限自二〇二三年一月一日至二〇二三年十二月三十一日",
        "统计期限从2023年1月1日起，到2023年12月31日止。", "本报告的统计期限为2023年1月至12月。", "报告期为2023年1月—2023年12月",
    ],
)  # fmt: skip
def test_a_period_is_read_however_it_is_written_and_gives_the_year(period):
    found = read("政府信息公开工作年度报告", period, *report(USUAL))
    assert found.period is not None and found.year == 2023
    assert [day.isoformat() for day in found.period] == ["2023-01-01", "2023-12-31"]


def test_a_title_in_another_manner_is_a_part_of_a_section_and_no_title():
    lines = report(USUAL)
    found = cut(*lines[:2], "1.存在的主要问题及改进情况", "解读形式单一。", *lines[2:])
    assert found.texts["overview"][-2:] == ["1.存在的主要问题及改进情况", "解读形式单一。"]
    assert found.texts["problems"] == ["这里写problems。"] and told(found) == {}


def test_days_within_a_section_are_no_period_of_the_report():
    for line in (
        "本报告期内，2023年5月1日至5月7日开展宣传。",
        "本报告所称宣传月为2023年5月1日至5月31日。",
    ):
        assert read("青禾县2023年政府信息公开工作年度报告", USUAL[0], line).period is None
        found = read(
            "青禾县2023年政府信息公开工作年度报告",
            "本报告涵盖2023年1月1日至12月31日。",
            USUAL[0],
            line,
        )
        assert found.period is not None and found.period[1].month == 12


def test_months_without_a_word_of_the_report_are_no_period():
    assert read("2023年1月至12月，发布信息30条。", *report(USUAL)).period is None


@pytest.mark.parametrize("line", ["一、" + "." * 60_000 + "甲", "一、总体情况。" + "很好。" * 20_000, "-" * 60_000,
                                  "一、总体情况" + "…" * 60_000 + "甲", "2023年政府信息公开" * 8_000])  # fmt: skip
def test_a_line_without_an_end_is_read_at_once_and_whole(line):
    began = process_time()
    found = read(*report(USUAL[:1] + USUAL[1:]), line)
    assert process_time() - began < 2
    assert line[-20:] in "\n".join(found.sections.values())


def test_all_of_the_text_behind_a_title_is_kept():
    text = "我局收到申请3件。" * 100
    assert cut(f"一、总体情况。{text}", *report(USUAL)[2:]).texts["overview"] == [text]
