"""What cells mean: days in every writing, numbers, words, what is masked or spoiled."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.ledger import load_ledger
from workflow.docket.ledger import values
from workflow.docket.ledger.book import SINCE_1900, SINCE_1904
from workflow.docket.ledger.values import BadCell

DAY = date(2024, 3, 5)
DAYS = st.dates(date(2000, 1, 1), date(2050, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        "2024-03-05", "2024-3-5", "2024/3/5", "2024.3.5", "2024.03.05.", "2024年3月5日", "2024 年 3 月 5 日",
        "２０２４－０３－０５", "20240305", "2024年3月5号", "二〇二四年三月五日", "2024-03-05 14:30", "2024/3/5 9:05:00",
        "2024年3月5日上午", "24.3.5", "24年3月5日", "2024、3、5", "'2024-03-05", " 2024-03-05\n", "45356", "2024-03-05T00:00:00",
        "2024年3月5日（已电话告知）",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_writing(written: str) -> None:
    assert values.day_of(written) == DAY


def test_a_day_kept_as_a_day_or_as_a_number_is_the_same_day() -> None:
    assert values.day_of(DAY) == DAY
    assert values.day_of(45356.0) == DAY
    assert values.day_of(45356.6) == DAY
    assert values.day_of(45356.0 - 1462, since=SINCE_1904) == DAY
    assert values.day_of(20240305.0) == DAY


@pytest.mark.parametrize(
    "written",
    [
        None, " ", 0.0, *("", "/", "\\", "-", "--", "—", "——", "–", "−", "无", "未", "暂无", "没有", "N/A", "NA", "不涉及", "未涉及"),
        *("空", "0", "null", "None", "NaN", "否", "未提供", "不详", "、", ".", "。", "×", "x", "*"),
    ],
)  # fmt: skip
def test_a_cell_that_says_nothing_is_no_day(written: values.Value) -> None:
    assert values.day_of(written) is None


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("星期三", "只写了“星期三”，没有日期"),
        ("周一", "没有日期"),
        ("Wednesday", "只写了“Wednesday”，没有日期。日期显示成星期的"),
        ("Thu", "没有日期"),
        ("2024年3月", "没有写是哪一天"),
        ("2024-02-30", "没有“2024-02-30”这一天"),
        ("3/5/2024", "看不出是几月几日"),
        ("3月5日", "没有写年份"),
        ("已答复", "^“已答复”不是日期，请写成 2024-03-05 这样$"),
        (
            "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉",
            "^“甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉”不是日期",
        ),
        (
            "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌",
            "^“甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉…”不是日期",
        ),
        ("13月5日", "不是日期"),
        ("0.5", "不是日期"),
        ("12/3/2024", "看不出是几月几日，请写成 2024-03-05 这样"),
        ("3/12/2024", "看不出是几月几日"),
        ("13/13/2024", "没有“13/13/2024”这一天"),
        ("2051-01-01", "不在 2000 年至 2050 年之间"),
        ("1999-12-31", "不在 2000 年至 2050 年之间"),
        (date(1999, 12, 31), "不在 2000 年至 2050 年之间"),
        (15.0, "“15”不是日期"),
        (19_999.0, "“19999”不是日期"),
        (999_999.0, "不是日期"),
        ("2024-3-5、2024-3-6", "有 2 个日期"),
        ("#VALUE!", "公式出错"),
        ("####", "公式出错"),
    ],
)
def test_what_is_no_day_is_said_in_words(written: values.Value, said: str) -> None:
    with pytest.raises(BadCell, match=said):
        values.day_of(written)


def test_a_day_of_another_order_is_read_where_it_can_be_one_only() -> None:
    assert values.day_of("25/3/2024") == values.day_of("3/25/2024") == date(2024, 3, 25)
    assert values.day_of("3/3/2024") == date(2024, 3, 3)
    assert values.day_of("12/25/2024") == values.day_of("25/12/2024") == date(2024, 12, 25)
    assert values.day_of("12/12/2024") == date(2024, 12, 12)
    assert values.day_of("13/1/2024") == date(2024, 1, 13)


def test_a_day_without_a_year_takes_that_of_its_sheet() -> None:
    assert values.day_of("3月5日", 2024) == DAY
    assert values.day_of("3.5", 2024) == DAY
    assert values.day_of("12月5日", 2024) == date(2024, 12, 5)
    assert values.day_of("1月5日", 2024) == date(2024, 1, 5)
    assert values.days_of("13月1日，3月5日", 2024) == [DAY]
    with pytest.raises(BadCell, match="没有写年份"):
        values.days_of("2023-12-30至3月5日", 2024)
    assert values.day_of("3月5日", 2024, after=DAY) == DAY
    assert values.day_of("3月5日", after=date(2024, 2, 1)) == DAY
    with pytest.raises(BadCell, match="没有写年份"):
        values.day_of("1月8日", 2024, after=DAY)
    with pytest.raises(BadCell, match="没有写年份"):
        values.day_of("1月8日", after=DAY)
    with pytest.raises(BadCell, match="没有写年份"):
        values.day_of("3月5日")


def test_several_days_of_a_cell_come_in_their_order() -> None:
    assert values.days_of("2024-03-05 发出，3月7日送达，2024.3.12 收到") == [
        date(2024, 3, 5), date(2024, 3, 7), date(2024, 3, 12)
    ]  # fmt: skip
    assert values.parts_of("2024-03-05；2024-03-09\n/") == ["2024-03-05", "2024-03-09", "/"]
    assert values.parts_of(None) == [] and values.parts_of(3.0) == [3.0]


@given(
    DAYS,
    st.sampled_from(
        ["{y}-{m}-{d}", "{y}.{m}.{d}", "{y}年{m}月{d}日", "{y}/{m}/{d}", "{y}{m:02}{d:02}"]
    ),
)
def test_every_day_comes_back(day: date, way: str) -> None:
    assert values.day_of(way.format(y=day.year, m=day.month, d=day.day)) == day
    assert values.day_of(float((day - SINCE_1900).days)) == day


@given(st.text(max_size=40))
def test_any_text_is_a_day_nothing_or_a_sentence(text: str) -> None:
    for read in (
        values.days_of,
        values.whole_of,
        values.yuan_of,
        values.number_in,
        values.identity_of,
        values.text_of,
    ):
        try:
            read(text)
        except BadCell as problem:
            assert str(problem)


# -- numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("2024-0012", "2024-0012"), ("2024-12", "2024-0012"), ("〔2024〕12号", "2024-0012"),
        ("依申请〔2024〕第12号", "2024-0012"), ("盘公开[2024]012", "2024-0012"), ("（2024）7", "2024-0007"),
        ("2024年第12号", "2024-0012"), ("YSQ202403050012", "2024-3050012"), (2024012.0, "2024-0012"),
        ("２０２４－１２", "2024-0012"), ("2024-10000", "2024-10000"), (None, None), ("/", None), ("12", None), (12.0, None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_the_store_writes_it(written: values.Value, number: str | None) -> None:
    assert values.number_in(written) == number


def test_a_number_without_digits_is_none() -> None:
    with pytest.raises(BadCell, match="里没有数字"):
        values.number_in("见附件")


@pytest.mark.parametrize(
    ("written", "count"),
    [("12", 12), ("第 0012 号", 12), (3.0, 3), (None, None), ("0", None), ("123456789", None)],
)
def test_a_running_number(written: values.Value, count: int | None) -> None:
    assert values.count_in(written) == count


def test_whole_numbers() -> None:
    assert values.whole_of(20.0) == values.whole_of("20") == values.whole_of("20个工作日") == 20
    assert (
        values.whole_of("无") is None
        and values.whole_of(None) is None
        and values.whole_of(DAY) is None
    )
    for wrong in (20.5, "10至20", "二十", "1.5"):
        with pytest.raises(BadCell, match="不是整数"):
            values.whole_of(wrong)


def test_sums_of_money() -> None:
    assert values.yuan_of("1,150.50元") == Decimal("1150.50")
    assert values.yuan_of(150.0) == Decimal(150)
    assert values.yuan_of("10000000") == 10_000_000
    assert (
        values.yuan_of("免费") is None
        and values.yuan_of(None) is None
        and values.yuan_of(0.0) is None
    )
    for wrong in ("若干", "100至200", "-5", "10000001"):
        with pytest.raises(BadCell, match="不是金额"):
            values.yuan_of(wrong)


def test_texts_come_without_what_a_spreadsheet_adds() -> None:
    assert values.text_of(" 张三_x000D_\n") == "张三"
    assert values.text_of(13800001234.0) == "13800001234"
    assert values.text_of(1.5) == "1.5"
    assert values.text_of(DAY) == "2024-03-05"
    assert values.text_of("—") is None and values.text_of(None) is None
    assert values.text_of("第一\u200b行") == "第一行"


# -- words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ("outcome", "予以公开", "supplied"), ("outcome", "(一)予以公开", "supplied"), ("outcome", "1.属于国家秘密", "state_secret"),
        ("outcome", "政府信息不存在", "not_existing"), ("outcome", "supplied", "supplied"),
        ("outcome", "本机关不掌握相关政府信息", "not_existing"), ("outcome", "答复信息不存在", "not_existing"),
        ("outcome", "不予公开", None), ("outcome", "不同意公开", None), ("outcome", "莫名其妙", None),
        ("channel", "信函（EMS）", "ems"), ("channel", "政府网站在线提交", "portal"), ("channel", "当面", "in_person"),
        ("opinion", "第三方不同意公开", "objects"), ("opinion", "同意", "agrees"), ("opinion", "对方来函同意", "agrees"), ("opinion", "逾期未答复", "none"),
        ("suit_result", "裁定驳回起诉", "dismissed_inadmissible"), ("suit_result", "驳回诉讼请求", "claim_dismissed"),
        ("review_result", "撤销并责令重新答复", "quashed"), ("review_result", "部分撤销", "partly_quashed"),
    ],
)  # fmt: skip
def test_words_of_the_law_are_found_in_cells(kind: str, written: str, code: str | None) -> None:
    assert values.word_in(written, load_ledger().words[kind]) == code


@pytest.mark.parametrize(
    "masked",
    [
        "138****1234",
        "李**",
        "张某",
        "张某某",
        "某公司",
        "王×",
        "3301**********1234",
        "xxx",
        "张＊三",
    ],
)
def test_what_is_masked_is_seen(masked: str) -> None:
    assert values.is_masked(masked)
    assert values.telephone_of(masked) is None
    assert values.identity_of(masked) is None


@pytest.mark.parametrize(
    "whole", ["13800001234", "张三", "砚山县自然资源局", "0876-3121234", None, ""]
)
def test_what_is_whole_is_not_masked(whole: str | None) -> None:
    assert not values.is_masked(whole)


def test_a_telephone_is_taken_whole_or_not_at_all() -> None:
    assert values.telephone_of(13800001234.0) == "13800001234"
    assert values.telephone_of("0876-3121234") == "0876-3121234"
    assert values.telephone_of("见申请表") is None and values.telephone_of("1234") is None
    for digits, known in ((6, False), (7, True), (20, True), (21, False)):
        assert (values.telephone_of("1" * digits) is not None) == known


@pytest.mark.parametrize(
    "spoiled", [1.10101199003070e17, "1.10101E+17", "110101199003070000", 110101199003070.0]
)
def test_a_number_of_identity_that_a_spreadsheet_spoiled_is_never_taken(
    spoiled: values.Value,
) -> None:
    with pytest.raises(BadCell, match="没有采用"):
        values.identity_of(spoiled)


def test_a_number_of_identity_kept_as_text_is_taken() -> None:
    assert values.identity_of("11010119900307002x") == "11010119900307002X"
    assert values.identity_of("无") is None


@pytest.mark.parametrize(
    "word", ["", "/", "\\", "-", "--", "—", "——", "–", "无", "暂无", "N/A", "不涉及", "NULL"]
)
def test_a_text_that_says_nothing_is_none(word: str) -> None:
    assert values.text_of(word) is None


def test_a_word_of_one_sign_is_compared_whole() -> None:
    outcomes = load_ledger().words["outcome"]
    assert values.word_in("是", outcomes) == "supplied"
    assert values.word_in("看是不是", outcomes) is None
    assert values.word_in("公开出版物类", outcomes) == "publication"
    assert values.word_in("信访出版物", outcomes) == "publication"


def test_days_come_by_their_places_and_not_by_their_writing() -> None:
    assert values.days_of("3月12日前，2024-03-05", 2024) == [date(2024, 3, 12), DAY]
    three = [DAY, date(2024, 3, 6), date(2024, 3, 20)]
    assert values.days_of("2024-03-05、2024-03-06、20/3/2024") == three
    assert values.in_figures("三十六") == "36"
