"""What the applicant's page says, by state (practice.md §2.3A): seen with number and query code alone."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tests.webui.conftest import Today
from tests.webui.filing import file
from tests.webui.portal.answering import (
    BY_HAND,
    BY_POST,
    GIVEN,
    GROUND,
    KEPT,
    NOT_HELD,
    Do,
    answered,
)
from tests.webui.visitor import Visitor
from tests.workflow.case.proved import judged
from workflow.case.application import OfflineForm, read_form
from workflow.paper.workbook import as_csv
from workflow.service import Office
from workflow.service.applicants.export import Exports, OwnData
from workflow.service.cases.intake import Intake
from workflow.service.rules.settings import BodySettings
from workflow.store.models import CaseRow

See = Callable[..., str]


@pytest.fixture
def see(visitor: Visitor, filed: tuple[str, str]) -> See:
    """The applicant's page as it reads on a day."""

    def read(day: str | None = None, *, received: str = "") -> str:
        number, code = filed
        visitor.get("/query")
        visitor.send("/query", number=number, code=code)
        query = f"?received={received}" if received else ""
        return visitor.get(f"/query/case{query}").text

    return read


def registered(office: Office, kind: str) -> tuple[str, str]:
    """Number and code of what was handed in at the window on 3 August 2026."""
    person = {
        "kind": "citizen",
        "name": "张三",
        "id_type": "passport",
        "id_number": "E10000001",
        "phone": "13800138000",
    }
    form = read_form(
        {"agency": "panlong", "kind": kind, "applicant": person, "items": ["本人户籍登记"], "channel": "in_person",
         "delivery": ["pickup"], "medium": ["paper"], "on": "2026-08-03"}, OfflineForm, today=date(2026, 8, 3),
    )  # fmt: skip
    clerk = office.staff("lifang")
    assert clerk and isinstance(form, OfflineForm)
    found = Intake(office).register(form, clerk)
    return found.number, found.query_code


# -- before the answer ----------------------------------------------------------------------------------


def test_what_runs_tells_the_due_day_what_comes_next_and_how_it_was_counted(
    filed: tuple[str, str], do: Do, see: See
) -> None:
    text = see()
    assert "最晚在 2026 年 8 月 31 日（周一）答复您，还有 28 天" in text
    assert "接下来由承办科室查找、核对" in text
    assert "答复期限是怎样计算的" in text and "条例31" in text
    assert "复议" not in text.split("经过")[0], "nothing to complain of yet"
    do(filed[0], "assign", "2026-08-04")
    do(filed[0], "extend", "2026-08-10", days=10, reached_on="2026-08-10", reason="档案正在搬迁")
    text = see()
    assert "答复期限延长了 10 个工作日，因为档案正在搬迁" in text
    assert "2026 年 9 月 14 日" in text


def test_opinions_are_asked_for_but_never_of_whom(
    filed: tuple[str, str], do: Do, see: See, visitor: Visitor
) -> None:
    """条例32, 33(3)."""
    do(filed[0], "assign", "2026-08-04")
    do(
        filed[0],
        "consult_third_party",
        "2026-08-05",
        consultation=1,
        reached_on="2026-08-05",
        note="云南某路桥公司",
    )
    text = see()
    assert "正在书面征求第三方的意见" in text and "所需时间不计入答复期限（条例33）" in text
    assert "意见收到得早，日期会提前" in text, (
        "the day counts all of the addressee's 15 working days"
    )
    assert "路桥" not in visitor.html


def test_correction_says_what_is_missing_how_to_mend_it_and_what_follows(
    filed: tuple[str, str], do: Do, see: See
) -> None:
    """条例30."""
    defects = ["请写明是哪一条公路的合同", "缺少身份证件复印件"]
    do(filed[0], "require_correction", "2026-08-05", reached_on="2026-08-05", defects=defects, grounds=["content", "identity"])  # fmt: skip
    text = see()
    assert all(one in text for one in defects)
    assert "例如“某村某条公路的养护合同”" in text
    assert "请最晚在 2026 年 8 月 26 日（周三）补正" in text and "视为放弃申请" in text
    assert "上传" in text


def test_a_correction_whose_letter_is_on_its_way_says_how_long_there_is(
    filed: tuple[str, str], do: Do, see: See
) -> None:
    """条例30: no day is known yet, the number of days is."""
    do(filed[0], "require_correction", "2026-08-05", sent_on="2026-08-05", defects=["请写明年度"])
    text = see()
    assert "请在收到补正告知书之后 15 个工作日内补正" in text and "视为放弃申请" in text
    assert "收到补正之后，从次日起重新计算答复期限" in text


def test_a_correction_asked_for_too_late_moves_no_day(
    filed: tuple[str, str], do: Do, see: See
) -> None:
    """law.md §3.3, no_restart: sent on the ninth working day."""
    do(
        filed[0],
        "require_correction",
        "2026-08-14",
        reached_on="2026-08-14",
        defects=["请写明年度"],
    )
    text = see()
    assert "答复期限不变，仍是 2026 年 8 月 31 日（周一）" in text
    assert "从次日起重新计算答复期限。没有正当理由" not in text


def test_a_paper_that_was_typed_in_later_was_asked_for_on_its_own_day(
    office: Office, today: Today, visitor: Visitor, staff: Callable[[str], Visitor]
) -> None:
    """Handed in on 3 August, typed in on the 12th: nobody asked after it was received."""
    today.is_("2026-08-12")
    number, code = registered(office, "application")
    visitor.get("/query").send("/query", number=number, code=code)
    assert "2026 年 8 月 3 日 提交，2026 年 8 月 3 日收到" in visitor.get("/query/case").text
    complaint = visitor.get("/query/case/complaint").text
    assert "我于 2026 年 8 月 3 日向该机关申请公开" in complaint and "8 月 12 日向" not in complaint
    desk = staff("lifang").get(f"/desk/cases/panlong/{number}").text
    assert "2026 年 8 月 3 日，当面提交" in desk and "录入" in desk
    with office.store.read() as unit:
        rows = unit.session.scalars(select(CaseRow).where(CaseRow.number == number)).all()
        taken = OwnData(office.now(), {}, Exports(office).of_cases(unit, rows))
    assert taken.requests[0]["submitted_at"] == "2026-08-03"
    assert as_csv(taken.list()).decode().splitlines()[1].split(",")[2] == "2026-08-03", (
        "no midnight"
    )


def test_reasons_asked_for_tell_the_count_and_the_last_day(
    filed: tuple[str, str], do: Do, see: See
) -> None:
    """条例35."""
    do(filed[0], "ask_reasons", "2026-08-05", deadline_on="2026-08-19")
    text = see()
    assert "您自 2026 年 8 月 3 日以来向本机关提出了 1 件申请" in text
    assert "请最晚在 2026 年 8 月 19 日（周三）书面说明" in text


# -- silence --------------------------------------------------------------------------------------------


def test_who_was_not_answered_is_told_to_complain_and_to_go_to_review_never_to_sue(
    filed: tuple[str, str], today: Today, see: See
) -> None:
    """行政复议法23(1)(3); 实施条例（2026）30: silence is review first, whatever the setting."""
    today.is_("2026-08-31")
    assert "届满" not in see()
    today.is_("2026-09-01")
    text = see()
    assert "答复期限已于 2026 年 8 月 31 日（周一）届满，还没有答复您" in text
    assert "自 2026 年 9 月 1 日起 60 日内向砚山县人民政府申请行政复议" in text
    assert "须先复议，不能直接起诉" in text
    assert (
        "直接提起行政诉讼" not in text and "或者提起行政诉讼" not in text and "6 个月" not in text
    )
    assert "网上：https://xzfy.example.org" in text
    assert "最晚 2026 年 10 月 30 日（周五）" in text  # the 60th day after 31 August
    assert "可以向砚山县人民政府办公室投诉、举报（条例47、51）" in text


def test_where_the_body_chose_either_way_for_older_silence_both_ways_stand(
    office: Office, today: Today, visitor: Visitor, do: Do
) -> None:
    """silence_remedy is asked for silence from 2024 to 2026-06-30."""
    with office.store.write() as unit:
        body = office.found_agency(unit, "panlong")
        unit.set_setting(body, "silence_remedy", "either", date(2024, 1, 1), "本地法院受理")
    today.is_("2026-05-06")
    number, code = file(visitor)
    today.is_("2026-06-15")
    visitor.get("/query")
    visitor.send("/query", number=number, code=code)
    text = visitor.get("/query/case").text
    assert "6 个月内向砚山县人民法院提起行政诉讼" in text and "须先复议" not in text


# -- the answer -----------------------------------------------------------------------------------------


def test_each_item_has_its_answer_reason_and_way(filed: tuple[str, str], do: Do, see: See) -> None:
    """行政复议法23(2); 实施条例（2026）31: a partial reply says which item goes which way."""
    answered(do, filed[0], BY_HAND, GIVEN, KEPT)
    text = see()
    assert "第 1 项 2023年度农村公路养护合同" in text and "予以公开" in text
    assert "第 2 项 竣工验收单" in text and "过程性信息" in text and "条例16(2)" in text
    assert GROUND in text
    assert "对本答复中不予公开的部分不服的，应当先" in text
    assert "对本答复的其他部分不服的，可以" in text
    assert "先申请复议的：第 2 项。复议、起诉都可以的：第 1 项。" in text
    assert "最晚 2026 年 10 月 16 日（周五）" in text
    assert "最晚 2027 年 2 月 17 日（周三）" in text
    assert "最后一天可能提前，也可能推后" in text, "the holidays of 2027 are not known"
    assert "周一，答复期限。2026 年 8 月 17 日答复，在期限内" in text, "those of 2026 are"
    assert "向砚山县人民政府办公室投诉" in text


def test_an_item_that_is_given_in_part_goes_both_ways_and_it_is_said_which_part(
    filed: tuple[str, str], do: Do, see: See
) -> None:
    part = {"outcome": "partial", "ground": "身份证号码属于个人隐私", "redaction": "遮盖身份证号码", "citation": "《条例》第十五条"}  # fmt: skip
    answered(do, filed[0], BY_HAND, part, NOT_HELD)
    text = see()
    assert "先申请复议的：第 1 项中不予公开的部分。" in text
    assert "复议、起诉都可以的：第 1 项的其余部分、第 2 项。" in text
    assert "第十五条" in text


def test_refusal_is_review_first_and_gives_no_day_to_sue(
    filed: tuple[str, str], do: Do, see: See
) -> None:
    answered(do, filed[0], BY_HAND, KEPT, KEPT)
    text = see()
    assert "复议机关不予受理、驳回申请或者逾期不作决定的" in text
    assert "先复议，对复议决定不服的再起诉" in text and "直接起诉" not in text


def test_what_is_not_held_tells_where_it_was_looked_for(
    filed: tuple[str, str], do: Do, see: See
) -> None:
    """条例36(4)."""
    answered(do, filed[0], BY_HAND, NOT_HELD, NOT_HELD)
    text = see()
    assert "经在综合档案室、财务系统以“养护合同”检索，未查到您申请的上述信息" in text
    assert "或者自收到本答复之日起 6 个月内" in text


def test_posted_reply_gives_earliest_days_until_the_applicant_says_when_it_came(
    filed: tuple[str, str], do: Do, see: See, visitor: Visitor
) -> None:
    """行政复议法20: the days run from the receipt; never a last day that is too early."""
    answered(do, filed[0], BY_POST, NOT_HELD, NOT_HELD)
    text = see()
    assert "期限最早在 2026 年 10 月 16 日（周五）届满" in text and "最晚 2026" not in text
    assert "您哪天收到答复（告知书）的？" in text
    with_day = see(received="2026-08-17")
    assert "最晚 2026 年 10 月 16 日" in with_day and "按您填写的计算" in with_day
    assert "不能早于送出答复的 2026 年 8 月 17 日" in see(received="2026-08-14")
    assert "这一天还没有到" in see(received="2026-08-18")
    see(received="17.8.2026")
    assert 'aria-invalid="true"' in visitor.html


def test_addresses_of_organ_and_court_stand_beside_their_names(
    filed: tuple[str, str], do: Do, see: See, office: Office
) -> None:
    texts = {
        "review_organ_address": "砚山县江那镇嘉禾路，电话 0876-3000000",
        "court_address": "砚山县七乡大道",
    }
    with office.store.write() as unit:
        for name, value in texts.items():
            unit.set_setting(
                office.found_agency(unit, "panlong"), name, value, date(2026, 1, 1), "地址"
            )
    answered(do, filed[0], BY_HAND, NOT_HELD, NOT_HELD)
    text = see()
    assert all(value in text for value in texts.values())


def test_bounced_reply_tells_how_to_get_it(filed: tuple[str, str], do: Do, see: See) -> None:
    """国办公开办函〔2016〕235号: what came back was not served."""
    answered(do, filed[0], BY_POST, NOT_HELD, NOT_HELD)
    do(filed[0], "service_failed", "2026-08-24", reason="邮件退回")
    text = see()
    assert "答复没有送到您手中" in text and "带证件当面领取" in text


def test_what_ended_without_an_answer_says_why_and_that_a_new_request_is_possible(
    filed: tuple[str, str], do: Do, see: See, today: Today
) -> None:
    """条例30."""
    do(
        filed[0],
        "require_correction",
        "2026-08-05",
        reached_on="2026-08-05",
        defects=["请写明年度"],
    )
    do(filed[0], "lapse_correction", "2026-08-27")
    text = see()
    assert "逾期不补正" in text and "可以重新申请" in text
    assert "最晚 2026 年 10 月 26 日（周一）" in see(received="2026-08-27")
    assert "或者自收到本答复之日起 6 个月内" in text


# -- afterwards -----------------------------------------------------------------------------------------


def test_dispute_tells_number_and_stage_and_nothing_of_its_merits(
    filed: tuple[str, str], do: Do, see: See, visitor: Visitor
) -> None:
    answered(do, filed[0], BY_HAND, KEPT, KEPT)
    do(
        filed[0],
        "file_review",
        "2026-09-01",
        case_number="砚政复〔2026〕8号",
        note="申请人主张会议已经结束",
    )
    text = see()
    assert "行政复议 砚政复〔2026〕8号：正在审理" in text and "主张" not in visitor.html
    do(filed[0], "conclude_review", "2026-10-20", result="quashed", reached_on="2026-10-20")
    assert "行政复议 砚政复〔2026〕8号：撤销" in see()


def test_new_reply_is_read_beside_the_first_one(filed: tuple[str, str], do: Do, see: See) -> None:
    """行政复议法64: which letter holds, both readable."""
    answered(do, filed[0], BY_HAND, KEPT, KEPT)
    do(filed[0], "file_review", "2026-09-01")
    do(filed[0], "conclude_review", "2026-10-20", result="quashed", reached_on="2026-10-20")
    do(filed[0], "order_redo", "2026-10-21", due="2026-11-20")
    redo = "2026-0002"
    text = see()
    assert "以最后送达的答复为准" in text and f"重新答复 {redo}" in text
    assert "最晚在 2026 年 11 月 20 日（周五）答复您" in text
    do(redo, "assign", "2026-10-22")
    do(redo, "propose_outcome", "2026-10-23", items=[{"item": 1, **GIVEN}, {"item": 2, **GIVEN}])
    do(redo, "send_to_secrecy_review", "2026-10-23")
    do(redo, "pass_secrecy_review", "2026-10-23", **judged(2))
    do(redo, "pass_legal_check", "2026-10-23")
    do(redo, "approve", "2026-10-23")
    do(redo, "serve", "2026-10-26", method="direct", signed_on="2026-10-26")
    text = see()
    assert "重新作出的答复" in text and "原来的答复" in text
    assert "最晚 2026 年 12 月 25 日（周五）" in text


def test_page_never_shows_a_gap(
    filed: tuple[str, str], do: Do, see: See, office: Office, visitor: Visitor
) -> None:
    """A name that the body has not set is said in words."""
    answered(do, filed[0], BY_HAND, NOT_HELD, NOT_HELD)
    head = office.staff("chen")
    assert head
    with office.store.write() as unit:
        unit.set_setting(
            office.found_agency(unit, "panlong"), "court", "", date(2026, 8, 1), "核对中"
        )
    assert "【" not in see() and "有管辖权的人民法院" in see()
    assert BodySettings(office).texts("panlong")["court"] == ""


def test_program_of_an_applicant_is_told_the_same(
    filed: tuple[str, str], do: Do, program: Any
) -> None:
    """Pages and API alike."""
    answered(do, filed[0], BY_POST, GIVEN, KEPT)
    number, code = filed
    told = program().get(f"/applications/{number}?query_code={code}").json
    assert [one["remedy"] for one in told["answers"]] == ["either", "review_first"]
    assert told["answers"][1]["said"]["ground"] == GROUND
    assert told["remedy"]["kinds"] == ["review_first", "either"]
    assert told["remedy"]["review_last_day"] is None
    assert told["remedy"]["review_not_before"] == "2026-10-16"
    assert told["complaint_body"] == "砚山县人民政府办公室"


def test_start_page_says_once_which_way_goes_where(visitor: Visitor) -> None:
    text = visitor.get("/").text
    assert "不予公开（也包括其中一部分），或者到期没有答复：60 日内先向" in text
    assert "政府信息公开工作主管部门" in text and "阅读、视听有困难的" in text
    assert "提供政府信息不收费" in visitor.get("/guide").text


def test_answer_to_a_correction_of_a_record_goes_either_way(
    office: Office, today: Today, do: Do, visitor: Visitor
) -> None:
    """条例41: registered beside the applications, with a remedy of its own."""
    today.is_("2026-08-03")
    number, code = registered(office, "record_correction")
    do(number, "assign", "2026-08-04")
    do(number, "propose_outcome", "2026-08-10", result="not_corrected", reason="与原始档案一致")
    do(number, "pass_legal_check", "2026-08-11")
    do(number, "approve", "2026-08-12")
    do(number, "serve", "2026-08-17", **BY_HAND)
    visitor.get("/query")
    visitor.send("/query", number=number, code=code)
    text = visitor.get("/query/case").text
    assert "不予更正" in text and "条例41" in text
    assert "或者自收到本答复之日起 6 个月内向砚山县人民法院" in text
