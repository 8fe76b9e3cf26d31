"""The register of parcels: what was signed for runs already, and becomes an application of that day."""

import pytest

from tests.webui.filing import CITIZEN
from workflow.service.messages.due_today import find_reminders
from workflow.service.messages.outbox import Outbox
from workflow.service.parcels import Parcels
from workflow.store.message_models import MessageRow

EMS = {
    "way": "ems", "tracking": "1234567890123", "arrived_on": "2024-04-30", "signed_by": "门卫老张",
    "addressed_to": "盘龙乡政府办公室", "sender": "张三",
}  # fmt: skip


def add(page, **said):
    return page.get("/desk/parcels").send("/desk/parcels", **{**EMS, **said})


def test_what_is_signed_for_stands_on_top_with_the_day_that_it_has_already(staff):
    page = add(staff("lifang"))
    assert page.status == 200 and "1 件签收了还没有登记" in page.text
    assert "2024 年 5 月 30 日 还有 19 个工作日" in page.text
    assert "已过 1 个工作日" in page.text and "门卫老张签收" in page.text


def test_a_form_that_is_sent_twice_makes_one_entry_and_a_number_is_taken_once(staff):
    page = staff("lifang").get("/desk/parcels")
    form = {**page.form("/desk/parcels").fields, **EMS}
    page.post("/desk/parcels", form)
    page.post("/desk/parcels", form)
    assert "2024 年 1 件" in page.text
    add(page)
    assert page.status == 422 and "已经登记为 2024 年第 1 号" in page.alert


@pytest.mark.parametrize(
    "written", ["ＥＸ１２３４５６７８９ＣＮ", "ex 1234 5678 9 cn", "EX123-456–789CN　"]
)
def test_a_number_is_the_same_however_it_is_written(staff, written):
    page = add(staff("lifang"), tracking="EX123456789CN")
    add(page, tracking=written)
    assert page.status == 422 and "已经登记为 2024 年第 1 号" in page.alert
    page.get("/desk/register").send(
        "/desk/register", **CITIZEN, channel="ems", on="2024-04-30", way="ems", tracking=written
    )
    assert page.path == "/desk/register/done", page.alert
    assert "2024 年 1 件" in page.get("/desk/parcels").text


def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(staff):
    page = add(
        staff("lifang"), tracking="", signed_by="", arrived_on="2024-05-07", handed_to="李芳"
    )
    assert page.status == 422
    for words in ("请填写邮件号", "请写明由谁签收", "请填写移交之日"):
        assert words in page.alert
    assert 'value="盘龙乡政府办公室"' in page.html and "2024 年 0 件" in page.text
    add(page, arrived_on="2024-05-07")
    assert "这一天还没有到" in page.alert
    add(page, postmarked_on="2024-05-02")
    assert "邮戳日期晚于签收之日" in page.alert
    add(page, way="pigeon")
    assert "请选择邮寄或者送达的方式" in page.alert
    add(page, sender="机密★10年")
    assert "密级标志" in page.alert and "机密★" not in page.alert


def test_ordinary_mail_needs_no_number(staff):
    page = add(staff("lifang"), way="ordinary", tracking="", signed_by="")
    assert page.status == 200 and "平常信函" in page.text


def test_it_becomes_an_application_of_the_day_on_which_it_was_signed_for(staff, office):
    page = add(staff("lifang"))
    page.get("/desk/register?parcel=1")
    form = page.form("/desk/register").fields
    assert form["on"] == ["2024-04-30"] and form["tracking"] == ["1234567890123"]
    assert (
        form["channel"] == ["ems"]
        and form["signed_by"] == ["门卫老张"]
        and form["name"] == ["张三"]
    )
    page.send("/desk/register", **CITIZEN)
    assert page.path == "/desk/register/done" and "2024 年 5 月 30 日" in page.text
    page.get("/desk/parcels")
    assert (
        "0 件" not in page.text
        and "签收了还没有登记 没有" in page.text
        and "2024-0001" in page.text
    )
    page.get("/desk/cases/panlong/2024-0001")
    assert "邮件号 1234567890123" in page.text and "门卫老张签收" in page.text


def test_no_other_day_and_no_other_way_is_taken_without_a_word(staff, counted):
    page = add(staff("lifang")).get("/desk/register?parcel=1")
    page.send("/desk/register", **CITIZEN, on="2024-05-06")
    assert page.status == 422 and counted() == 0
    assert "记的是 2024 年 4 月 30 日签收" in page.alert
    page.get("/desk/register?parcel=1").send("/desk/register", **CITIZEN, channel="in_person")
    assert "记的是“邮政特快（EMS）”" in page.alert and counted() == 0
    # The number on the label tells which parcel it is, also where nobody came from the register.
    page.get("/desk/register").send(
        "/desk/register", **CITIZEN, channel="ems", on="2024-05-06", tracking="1234567890123"
    )
    assert page.status == 422 and "4 月 30 日" in page.alert
    page.get("/desk/register").send(
        "/desk/register", **CITIZEN, channel="ems", on="2024-04-30", tracking="1234567890123"
    )
    assert page.path == "/desk/register/done"
    page.get("/desk/register?parcel=1").send("/desk/register", **CITIZEN)
    assert page.status == 422 and "已经登记为另一件申请" in page.alert and counted() == 1


def test_what_is_registered_from_a_letter_stands_in_the_register(staff):
    page = staff("lifang").get("/desk/register")
    page.send(
        "/desk/register", **CITIZEN, channel="ordinary_mail", on="2024-05-06", addressed_to="乡长收"
    )
    assert page.path == "/desk/register/done"
    assert "乡长收" in page.get("/desk/parcels").text and "2024-0001" in page.text


def test_what_is_no_application_is_put_aside_with_words_and_may_come_back(staff):
    page = add(staff("lifang")).get("/desk/parcels/1")
    page.send("/1/aside", words=" ")
    assert page.status == 422 and "请写明是什么来件" in page.alert
    page.get("/desk/parcels/1").send("/1/aside", words="信访件，已转信访办")
    assert "与依申请公开无关：信访件，已转信访办" in page.text and "还没有登记 没有" in page.text
    page.get("/desk/parcels/1").send("/1/again")
    assert "里面是政府信息公开申请" in page.text


def test_handing_over_and_corrections_are_kept(staff):
    page = add(staff("lifang")).get("/desk/parcels/1")
    page.send(
        "/desk/parcels/1", handed_to="党政办李芳", handed_on="2024-05-06", arrived_on="2024-04-29"
    )
    assert "来件登记已经保存" in page.text and 'value="2024-04-29"' in page.html
    assert "党政办李芳" in page.get("/desk/parcels").text
    page.get("/desk/parcels/1").send("/desk/parcels/1", handed_on="2024-04-01")
    assert "移交之日应在签收之日以后" in page.alert
    assert "更正来件登记" in staff("guanli").get("/desk/audit").text


def test_the_day_of_a_registered_one_stays(staff):
    page = add(staff("lifang")).get("/desk/register?parcel=1").send("/desk/register", **CITIZEN)
    page.get("/desk/parcels/1")
    form = page.form("/desk/parcels/1")
    page.post(form.action, {**form.fields, "arrived_on": "2024-04-29"})
    assert page.status == 422 and "已经登记为申请" in page.alert


def test_another_body_sees_none_of_it(staff):
    add(staff("lifang"))
    other = staff("sunli")
    assert other.get("/desk/parcels/1").status == 404
    assert other.get("/desk/parcels?at=panlong").status == 404
    assert other.get("/desk/register?parcel=1").form("/desk/register").fields["tracking"] == [""]
    other.send(
        "/desk/register",
        **{**CITIZEN, "agency": "jiangna"},
        channel="ems",
        on="2024-04-30",
        parcel="1",
    )
    assert other.status == 422 and "来件登记簿里没有这一条" in other.alert


def test_the_register_goes_out_as_a_table(staff):
    page = add(staff("lifang")).get("/desk/parcels/book/csv?year=2024")
    lines = page.page.get_data().decode("utf-8-sig").splitlines()
    assert lines[0].startswith("序号,") and "1234567890123" in lines[1] and "2024-05-30" in lines[1]
    assert page.get("/desk/parcels/book/xlsx").page.get_data().startswith(b"PK")
    assert page.get("/desk/parcels/book/pdf").status == 404


def test_it_is_said_daily_until_somebody_says_what_it_is(staff, office, today):
    add(staff("lifang"), arrived_on="2024-05-06")

    def said(day):
        today.is_(day)
        return [
            (one.moment.name, one.days_left)
            for one in find_reminders(office, today().date())
            if one.number == "2024 年第 1 号"
        ]

    assert said("2024-05-06") == [("parcel_today", 20)]
    assert said("2024-05-07") == [("parcel_daily", 19)]
    assert said("2024-05-31") == [("parcel_daily", 0)]
    assert said("2024-06-03") == [("parcel_late", -1)]
    today.is_("2024-05-07")
    Parcels(office).unrelated(office.staff("lifang"), 1, "邀请函")
    assert said("2024-05-08") == []


def test_what_came_on_a_rest_day_counts_as_the_clock_does(staff, office, today):
    today.is_("2024-05-13")
    page = add(staff("lifang"), arrived_on="2024-05-11")  # a make-up working Saturday
    assert "2024 年 6 月 7 日" in page.text
    add(page, arrived_on="2024-05-12", tracking="2")
    assert "2024 年 6 月 7 日" in page.text
    dues = {one.number: one.due.isoformat() for one in find_reminders(office, today().date())}
    assert dues["2024 年第 1 号"] == dues["2024 年第 2 号"] == "2024-06-07"


def test_a_way_that_is_another_than_the_way_in_is_told(staff, counted):
    page = staff("lifang").get("/desk/register")
    page.send(
        "/desk/register", **CITIZEN, channel="ems", on="2024-05-06", way="ordinary", tracking="7"
    )
    assert page.status == 422 and "与上面的提交方式不一致" in page.alert and counted() == 0


def test_what_waits_to_be_said_of_a_parcel_is_taken_back_with_it(staff, office, today):
    for number in ("1", "2"):
        add(staff("lifang"), arrived_on="2024-05-06", tracking=number)
    Outbox(office).round_made(find_reminders(office, today().date()), today())

    def waiting():
        with office.store.read() as unit:
            rows = unit.session.query(MessageRow).filter_by(moment="parcel_today")
            return sorted((row.about, row.state) for row in rows)

    assert [state for _, state in waiting()] == ["waiting", "waiting"]
    Parcels(office).unrelated(office.staff("lifang"), 1, "邀请函")
    assert waiting() == [("2024 年第 1 号", "withdrawn"), ("2024 年第 2 号", "waiting")]
