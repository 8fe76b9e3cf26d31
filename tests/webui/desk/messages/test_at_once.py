"""What staff are told when it happens: whom it concerns, in the system at once, with the number and days only."""

from io import BytesIO

import pytest

from config.channels import load_channels
from config.reminders import load_ladder
from tests.samples import pdf
from tests.webui.filing import CITIZEN, file, judged
from workflow.service.units import Units
from workflow.store import messages as message_queries
from workflow.store.message_models import MessageRow


def told(office, who=None):
    """What stands in the inboxes: (user name, what, text)."""
    with office.store.read() as unit:
        rows = unit.session.query(MessageRow).order_by(MessageRow.id).all()
        found = [
            (row.user.name, row.moment, row.text)
            for row in rows
            if row.kind == "notice" and row.channel == "in_app" and row.state == "sent" and row.user
        ]
    return [one for one in found if who is None or one[0] == who]


def names(office, moment):
    return [who for who, what, _ in told(office) if what == moment]


def test_a_new_application_is_told_to_the_clerk_with_its_number_only(visitor, staff, office):
    number, _ = file(visitor)
    ((who, what, text),) = told(office)
    assert (who, what) == ("lifang", "new_application")
    assert number in text and CITIZEN["name"] not in text and "养护" not in text
    page = staff("lifang").get("/desk/inbox")
    assert "收到网上提交的新申请" in page.text and "1 条未读" in page.text
    assert f"/desk/cases/panlong/{number}" in page.html


def test_what_the_desk_registers_itself_is_no_news_to_it(staff, office):
    staff("lifang").get("/desk/register").send(
        "/desk/register", **CITIZEN, channel="in_person", on="2024-05-06"
    )
    assert told(office) == []


def test_who_is_given_a_case_is_told_and_nobody_else(visitor, staff, office):
    number, _ = file(visitor)
    staff("lifang").act(number, "assign", to="zhaoming")
    assert names(office, "assigned") == ["zhaoming"]
    (text,) = [text for _, what, text in told(office) if what == "assigned"]
    assert "2024 年 5 月 31 日" in text


def test_a_unit_is_told_through_its_members_and_its_head_of_no_draft(visitor, staff, office, today):
    number, _ = file(visitor)
    admin, rooms = office.staff("guanli"), Units(office)
    rooms.change(admin, rooms.add(admin, "panlong", "农业中心"), "农业中心", "chen", ["zhaoming"])
    staff("lifang").act(number, "assign", to="农业中心")
    assert sorted(names(office, "assigned")) == ["chen", "zhaoming"]


def test_words_that_name_nobody_go_to_whoever_handles(visitor, staff, office):
    number, _ = file(visitor)
    staff("lifang").act(number, "assign", to="某个科室")
    assert names(office, "assigned") == ["zhaoming"]


def test_papers_a_correction_and_a_withdrawal_of_the_applicant(visitor, staff, office):
    number, code = file(visitor)
    page = visitor.get("/query").send("/query", number=number, code=code)
    for n in range(2):
        page.send(
            "/query/case/files", kind="supplement", file=(BytesIO(pdf(f"补充 {n}")), f"{n}.pdf")
        )
    assert names(office, "papers_sent") == ["lifang", "zhaoming"]  # once a day
    staff("lifang").act(
        number,
        "require_correction",
        defects="没有写明年份",
        grounds=["content"],
        reached_on="2024-05-06",
    )
    page.get("/query/case").send("/correct", text="2023 年的")
    assert sorted(names(office, "corrected")) == ["lifang", "zhaoming"]
    page.get("/query/case").send("/withdraw", confirm="yes")
    assert sorted(names(office, "withdrawn")) == ["chen", "lifang", "zhaoming"]


def test_a_returned_draft_is_told_to_who_drafted(visitor, staff, office):
    for _ in range(2):
        number, _ = file(visitor)
        staff("lifang").act(number, "assign", to="zhaoming")
        items = {f"items__{n}__outcome": "supplied" for n in (1, 2)}
        staff("zhaoming").act(number, "propose_outcome", **items)
        staff("zhaoming").act(number, "send_to_secrecy_review")
    staff("wangqiang").act("2024-0001", "return_from_secrecy_review", reason="逐项写明")
    assert sorted(names(office, "draft_returned")) == ["lifang", "zhaoming"]
    staff("wangqiang").act("2024-0002", "pass_secrecy_review", **judged())
    staff("falv").act("2024-0002", "return_draft", reason="引用条款有误")
    assert len(names(office, "draft_returned")) == 4


def test_a_person_does_without_what_they_do_not_want(visitor, staff, office):
    page = staff("lifang").get("/desk/preferences")
    form = page.form("/desk/preferences").fields
    assert "new_application" in form["moments"] and "网上提交了新的申请" in page.text
    form["moments"].remove("new_application")
    page.post("/desk/preferences", form)
    file(visitor)
    assert told(office) == []


def test_every_message_has_its_plain_name_on_the_page(staff):
    page = staff("lifang").get("/desk/preferences")
    for label in load_ladder().labels().values():
        assert label in page.text


@pytest.fixture
def with_mail(office):
    """The office has mail and SMS, and the clerk gave both addresses."""
    office.channels = tuple(load_channels()[name] for name in ("in_app", "mail", "sms"))
    return office


@pytest.mark.parametrize(("hour", "goes"), [(10, "2024-05-06 10"), (22, "2024-05-07 09")])
def test_besides_it_goes_out_in_office_hours(visitor, staff, with_mail, today, hour, goes):
    page = staff("lifang").get("/desk/preferences")
    page.send("/desk/preferences", email="li@example.gov.cn", phone="13900000000")
    today.moment = today.moment.replace(hour=hour)
    file(visitor)
    with with_mail.store.read() as unit:
        rows = unit.session.query(MessageRow).filter_by(moment="new_application").all()
        waiting = {
            row.channel: f"{row.not_before:%Y-%m-%d %H}" for row in rows if row.state == "waiting"
        }
    assert waiting == {"mail": goes, "sms": goes}
    assert message_queries.key_of("a", "b", "c", today().date()) != ""


def test_the_same_is_said_once(visitor, office):
    number, code = file(visitor)
    before = told(office)
    visitor.get("/query").send("/query", number=number, code=code)
    assert told(office) == before
