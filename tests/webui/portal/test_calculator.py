"""The calculator of due days for anyone: its page explains, warns, keeps nothing, and stands below each body."""

from datetime import date

import pytest
from icalendar import Calendar

ASKED = "/calculator?way=registered&received_on=2024-03-20"


def test_the_due_day_is_counted_day_by_day_with_articles(visitor):
    page = visitor.get(ASKED).text
    assert "2024 年 4 月 18 日 周四" in page
    assert "从 2024 年 3 月 20 日的次日起数，第 20 个工作日" in page and "条例33(2)" in page
    assert "4 月 7 日" in page and "调休上班" in page and "机关签收之日为收到之日" in page
    assert (
        "4 月 18 日交邮就算按期" in page
        and "最多再加 20 个工作日，最晚到 2024 年 5 月 17 日" in page
    )


def test_the_day_after_says_which_way_is_open(visitor):
    page = visitor.get(ASKED).text
    assert "到 4 月 18 日还没有答复？" in page and "自 2024 年 4 月 19 日起 60 日内" in page
    assert "须先复议，不能直接起诉" in page and "行政复议法23(1)(3)" in page
    before = visitor.get("/calculator?way=window&received_on=2023-03-01").text
    assert "须先复议" not in before and "也可以不经复议，自这一天起 6 个月内" in before


def test_a_day_in_a_year_without_holidays_is_provisional(visitor, today):
    today.is_("2026-11-30")
    page = visitor.get("/calculator?way=window&received_on=2026-12-14").text
    assert "2027 年 1 月 12 日 周二 暂算" in page and "2027 年的放假安排还没有公布" in page


def test_what_is_empty_or_unknown_never_stands_in_the_address(visitor):
    answer = visitor.client.get(f"{ASKED}&corrected_on=&name=张三")
    assert answer.status_code == 303 and answer.headers["Location"] == f"{ASKED}#result"
    assert visitor.client.get("/calculator?name=张三").headers["Location"] == "/calculator#result"


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ("received_on=2024-03-20", "way", "请选择怎样提交的"),
        ("way=window", "received_on", "请填写收到之日"),
        ("way=window&received_on=2024-02-30", "received_on", "没有这一天"),
        ("way=window&received_on=2018-01-02", "received_on", "2019 年 5 月 15 日"),
        ("way=window&received_on=2026-05-06", "received_on", "最多填到一年之后"),
        ("way=window&received_on=2024-03-20&extended_by=10", "extension_sent_on", "请一并填写"),
        (
            "way=window&received_on=2024-03-20&extended_by=21&extension_sent_on=2024-04-01",
            "extended_by",
            "1 到 20 之间",
        ),
        (
            "way=window&received_on=2024-03-20&consulted_on=2024-03-19",
            "consulted_on",
            "不能早于收到之日",
        ),
    ],
)
def test_what_will_not_do_is_said_at_its_field_and_kept(visitor, typed, field, message):
    visitor.get(f"/calculator?{typed}")
    assert visitor.status == 422 and message in visitor.alert
    anchor = "way-0" if field == "way" else field
    assert f'href="#{anchor}"' in visitor.html and f'id="{anchor}"' in visitor.html
    assert "最迟答复日</h2>" not in visitor.html
    for part in typed.split("&"):
        name, _, value = part.partition("=")
        assert name == "way" or f'name="{name}" value="{value}"' in visitor.html


def test_script_in_a_field_stays_text(visitor):
    visitor.get('/calculator?way="><script>x</script>&received_on="><b>x')
    assert visitor.status == 422 and "<script>x" not in visitor.html and "<b>x" not in visitor.html


def test_a_count_that_stands_still_has_no_day(visitor):
    page = visitor.get(f"{ASKED}&correction_sent_on=2024-03-25").text
    assert "停止计时" in page and "等您补正" in page and "还没有答复？" not in page
    page = visitor.get(f"{ASKED}&charged_on=2024-03-25").text
    assert "等您缴费" in page and "20 个工作日内缴费" in page


def test_below_a_body_its_own_days_and_offices_are_used(visitor, office):
    with office.store.write_rules() as unit:
        body = office.found_agency(unit, "panlong")
        unit.add_day(body, date(2024, 4, 1), works=False, source="文山州庆")
    own = visitor.get(f"/b/panlong{ASKED}").text
    assert "2024 年 4 月 19 日 周五" in own and "文山州庆放假" in own
    assert "只按全国放假安排是 2024 年 4 月 18 日" in own
    assert "砚山县人民政府" in own and "盘龙彝族乡人民法院" not in own
    assert "该机关的复议机关" in visitor.get(ASKED).text


def test_the_day_goes_into_ones_own_calendar(visitor):
    answer = visitor.client.get(ASKED.replace("/calculator?", "/b/panlong/calculator/day.ics?"))
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert event["DTSTART"].dt == date(2024, 4, 18)
    assert event["SUMMARY"] == "盘龙彝族乡人民政府最迟答复日"
    for wrong in ("", "?way=window&received_on=x", f"?{ASKED[12:]}&charged_on=2024-03-25"):
        assert visitor.client.get(f"/calculator/day.ics{wrong}").status_code == 404
