"""The 24 lost cases of practice.md §7, each with the guard, checklist or alarm that would have saved it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.workflow.case.proved import judged
from tests.workflow.case.walk import (
    ASSIGNED,
    IN_REVIEW,
    MONDAY,
    READY,
    RECEIVED,
    SERVED,
    SIGNING,
    Step,
    Walk,
)
from tests.workflow.case.warned import (
    CONSULTED,
    CORRECTION,
    NOT_HELD,
    OBJECTED,
    looked,
    propose,
    search,
    warned,
)
from tests.workflow.service.township import Town
from workflow import clock
from workflow import events as ev
from workflow.case.alarms import RULES, alarms
from workflow.case.facts import Actor, Logged
from workflow.dates import SHANGHAI
from workflow.people import STAFF_ROLES
from workflow.refusal import BadInput, Refusal
from workflow.rules.calendar import national
from workflow.service import Office

ON = Callable[[date], Office]
ALL_ROLES = Actor("lifang", frozenset((*STAFF_ROLES, "system")))


def refusal(done: Any) -> Refusal:
    assert isinstance(done, Refusal)
    return done


def happened(walk: Walk, name: str, on: str, recorded: str = "", **fields: Any) -> Logged:
    """An event on a day of the calendar, recorded on that day or another."""
    event = ev.parse(name, {"on": on, **fields})
    moment = datetime.combine(date.fromisoformat(recorded or on), datetime.min.time(), SHANGHAI)
    done = walk.case.apply(event, ALL_ROLES, today=moment.date(), recorded_at=moment)
    assert isinstance(done, Logged), done
    return done


def test_every_lost_case_is_answered_here() -> None:
    told = [function.__doc__ or "" for name, function in globals().items() if name[:5] == "test_"]
    numbers = {int(text.split(".")[0]) for text in told if text.split(".")[0].isdigit()}
    assert numbers == set(range(1, 25))
    assert {rule.lost for rule in RULES.values()} - {None} <= numbers


# -- coming in ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", ["strict", "letter_207"])
def test_parcel_signed_for_but_never_registered_is_received_all_the_same(setting: str) -> None:
    """1. 潢川县付店镇 2025: EMS signed on 20 February, the envelope named no office, nobody registered."""
    walk = Walk(misaddressed_mail=setting)
    happened(walk, "submit", "2025-02-20", channel="ems")
    (alarm,) = [a for a in alarms(walk.case, date(2025, 2, 24)) if a.name == "signed_but_unregistered"]  # fmt: skip
    assert alarm.level == "late" and "2025 年 2 月 20 日" in alarm.text
    happened(walk, "receive", "2025-02-20", "2025-04-01", channel="ems")
    assert walk.case.received_on == date(2025, 2, 20)
    assert walk.case.deadlines.reply_due == date(2025, 3, 20)


def test_parcel_to_another_unit_of_the_body_runs_from_the_bodys_signature() -> None:
    """2. 枣庄市市中区 2015: whoever receives must hand over; the clock does not wait for it."""
    walk = Walk()
    happened(walk, "receive", "2024-05-06", "2024-05-10", channel="ems")
    assert walk.case.received_on == date(2024, 5, 6)
    (text,) = [a.text for a in alarms(walk.case, date(2024, 5, 10)) if a.name == "registered_late"]
    assert "收到之后 4 个工作日才登记" in text
    prompt = Walk()
    happened(prompt, "receive", "2024-05-06", "2024-05-07", channel="ems")
    assert "registered_late" not in {a.name for a in alarms(prompt.case, date(2024, 5, 7))}


# -- the period ---------------------------------------------------------------------------------------


def test_late_reply_still_goes_out_and_stays_flagged() -> None:
    """3. 连云港某区住建局: signed 30 September 2022, due 2 November with the make-up days; answered late."""
    walk = Walk()
    happened(walk, "receive", "2022-09-30", channel="ems")
    assert walk.case.deadlines.reply_due == date(2022, 11, 2)
    assert "overdue" not in {a.name for a in alarms(walk.case, date(2022, 11, 2))}
    assert "overdue" in {a.name for a in alarms(walk.case, date(2022, 11, 3))}
    happened(walk, "assign", "2022-12-01")
    happened(walk, "propose_outcome", "2022-12-01", outcome="petition", reason="县信访局")
    walk.case.facts.drafter = "somebody else"
    happened(walk, "pass_legal_check", "2022-12-01")
    happened(walk, "approve", "2022-12-01")
    happened(walk, "serve", "2022-12-02", method="direct")
    assert walk.case.state == "served" and walk.case.deadlines.on_time is False
    assert "overdue" in {a.name for a in alarms(walk.case, date(2023, 5, 1))}


def test_count_can_be_followed_day_by_day() -> None:
    """4. The lawyer of case 1 wrote 19 March, the count is 20 March: every day is shown."""
    walk = Walk()
    happened(walk, "receive", "2025-02-20", channel="ems")
    rows = clock.day_by_day(walk.case.deadlines, national())
    assert rows[0].first == date(2025, 2, 21) and rows[0].first_number == 1
    assert (rows[-1].last, rows[-1].last_number) == (date(2025, 3, 20), 20)
    for one, following in pairwise(rows):
        assert following.first == one.last + timedelta(1)
    numbers = [n for r in rows if r.kind == "counted" for n in range(r.first_number, r.last_number + 1)]  # fmt: skip
    assert numbers == list(range(1, 21))


def test_day_of_posting_counts_and_not_the_date_on_the_letter() -> None:
    """5. 市规划局 2017: the letter says 17 January, it was posted on the 19th, due was the 18th."""
    walk = Walk()
    walk.case.state = "ready"
    receipt = ev.parse("receive", {"on": "2016-12-27", "channel": "in_person"})
    served = ev.parse("serve", {"on": "2017-01-19", "method": "mail", "posted_on": "2017-01-19",
                                "document_date": "2017-01-17", "carrier": "中国邮政"})  # fmt: skip
    found = clock.compute([receipt, served], walk.case.rules)
    assert found.reply_due == date(2017, 1, 18)
    assert found.on_time is False
    unsent = warned(Walk().must(*READY), 12)
    assert "交邮、签收、发送之日" in unsent["signed_but_unsent"]


def test_every_item_that_was_asked_gets_its_own_answer() -> None:
    """5. Asked about the project's site, answered about the company's site."""
    walk = Walk(items=("项目选址意见", "公司住所")).must(*ASSIGNED)
    one = [{"item": 2, "outcome": "supplied"}]
    assert "第 1 项" in refusal(walk.do("propose_outcome", 7, items=one)).message
    walk.must(propose("supplied"))
    assert looked(walk, 8, "answered") == {1: "missing", 2: "missing"}
    both = [*one, {"item": 1, "outcome": "supplied"}]
    walk.must(("propose_outcome", 8, {"items": both}))
    assert looked(walk, 8, "answered") == {1: "there", 2: "there"}


@pytest.mark.parametrize("outcome", ["not_existing", "not_government_information"])
def test_vague_item_is_not_answered_before_the_applicant_was_asked(outcome: str) -> None:
    """6. 顺义 赵全营镇: a vague item answered with "not government information / does not exist"."""
    marked: list[Step] = [*RECEIVED, ("assign", 1, {"unclear_items": [1]}), search()]
    walk = Walk().must(*marked)
    said = {"outcome": outcome, "reason": "没有制作过记录"}
    stopped = refusal(walk.do("propose_outcome", 7, **said))
    assert (stopped.article, stopped.field) == ("条例30", "clarification")
    called = "3 月 8 日电话核实：指 2023 年度的合同"
    assert isinstance(walk.do("propose_outcome", 7, **said, clarification=called), Logged)
    corrected = Walk().must(*marked, CORRECTION, ("correct", 4, {}), ("assign", 4, {}))
    assert isinstance(corrected.do("propose_outcome", 7, **said), Logged)


def test_clear_item_beside_a_vague_one_may_be_answered() -> None:
    """6. Only the item that is marked unclear is stopped."""
    walk = Walk(items=("合同", "有关材料")).must(*RECEIVED, ("assign", 1, {"unclear_items": [2]}))
    walk.must(search(item=1), search(item=2))
    items = [{"item": 1, "outcome": "not_existing"}, {"item": 2, "outcome": "not_existing"}]
    assert "第 2 项" in refusal(walk.do("propose_outcome", 7, items=items)).message
    items[1]["outcome"] = "supplied"
    assert isinstance(walk.do("propose_outcome", 7, items=items), Logged)


def test_correction_is_one_full_notice_within_seven_days() -> None:
    """7. Misuse of 补正: repeated rounds, notices that do not say what is missing."""
    again = [*RECEIVED, CORRECTION, ("correct", 4, {})]
    assert (
        refusal(Walk().must(*again).do("require_correction", 7, reached_on=7)).article == "条例30"
    )
    with pytest.raises(BadInput):
        Walk().must(*RECEIVED).do("require_correction", 3, reached_on=3, grounds=["用途"])
    late = Walk().must(*RECEIVED, ("require_correction", 14, {"reached_on": 14}))
    assert late.case.deadlines.correction_notice_late is True
    assert "correction_notice_was_late" in warned(late, 15)


# -- the search ---------------------------------------------------------------------------------------


def test_nothing_is_declared_missing_without_a_search_on_file() -> None:
    """8. 指导案例101 罗元昌: "does not exist" without an adequate search, made before the draft."""
    walk = Walk().must(*ASSIGNED)
    assert "检索记录" in refusal(walk.do("propose_outcome", 7, outcome="not_existing")).message
    walk.must(search())
    assert isinstance(walk.do("propose_outcome", 7, outcome="not_existing"), Logged)


def test_ten_words_in_one_system_are_no_adequate_search() -> None:
    """9. 某街道 2023: ten keywords in one document system and one unit's word."""
    words = [f"同义词{n}" for n in range(10)]
    walk = Walk().must(*ASSIGNED, search(sources=["办公系统"], keywords=words))
    stopped = refusal(walk.do("propose_outcome", 7, outcome="not_existing"))
    assert stopped.rule == "missing_evidence" and "2 处" in stopped.allowed_when
    walk = Walk().must(*ASSIGNED, search(sources=["办公系统", "财务系统"]), NOT_HELD)
    assert "档案室" in warned(walk, 8)["searched_in_one_place"]


def test_own_document_that_cites_the_information_is_not_passed_over() -> None:
    """10. 某区政府: title-field search; its own 请示 said that the bank slip was annexed."""
    walk = Walk().must(*ASSIGNED, search(mentions=["关于拨付征地补偿费用的请示"]), NOT_HELD)
    assert "关于拨付征地补偿费用的请示" in warned(walk, 8)["searched_titles_only"]
    titles = Walk().must(*ASSIGNED, search(scope="title"), NOT_HELD)
    assert "全文" in warned(titles, 8)["searched_titles_only"]


def test_search_in_the_applicants_phrase_alone_is_flagged() -> None:
    """11. 张良 v 上海规土局: searched only with the applicant's own phrase."""
    walk = Walk(items=("城市道路养护合同",))
    walk.must(*ASSIGNED, search(keywords=["养护合同", "城市道路"]), NOT_HELD)
    assert "同义词" in warned(walk, 8)["searched_in_the_applicants_words_only"]
    walk.must(search(keywords=["养护协议"]))
    assert "searched_in_the_applicants_words_only" not in warned(walk, 8)


# -- the grounds --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "ground"),
    [
        ("deliberative", "属于过程性信息。"), ("deliberative", "内部文件"),
        ("enforcement_file", "该信息属于行政执法案卷"), ("security_stability", "影响社会稳定"),
        ("internal_affairs", "内部管理信息"),
    ],
)  # fmt: skip
def test_label_alone_is_no_ground(outcome: str, ground: str) -> None:
    """12. 余穗珠 v 三亚国土局: "internal", "enterprise file" as labels, no ground proved."""
    walk = Walk().must(*ASSIGNED)
    fields = {"outcome": outcome, "subtype": "讨论记录"}
    assert refusal(walk.do("propose_outcome", 7, **fields, ground=ground)).field == "ground"
    told = f"{ground}：2024 年 1 月 5 日会议上的发言记录，方案尚未定案"
    assert isinstance(walk.do("propose_outcome", 7, **fields, ground=told), Logged)


@pytest.mark.parametrize("ground", ["第三方不同意公开", "因第三方书面表示反对。"])
def test_body_judges_the_objection_for_itself(ground: str) -> None:
    """13. 王宗利 v 和平房管局: the third party objected, the body only passed it on."""
    walk = Walk().must(*ASSIGNED, CONSULTED, OBJECTED)
    stopped = refusal(walk.do("propose_outcome", 7, outcome="third_party_rights", ground=ground))
    assert (stopped.article, stopped.field) == ("条例15、32", "assessment")
    only = {"outcome": "third_party_rights", "ground": ground, "assessment": ground}
    assert refusal(walk.do("propose_outcome", 7, **only)).field == "assessment"
    own = "单价从未公开，泄露会损害其竞争地位；不涉及公共利益"
    assert isinstance(
        walk.do("propose_outcome", 7, outcome="third_party_rights", ground=ground, assessment=own),
        Logged,
    )


def test_privacy_of_a_compensation_list_is_weighed_against_the_public_interest() -> None:
    """14. 杨政权: privacy used against lists of compensation and subsidised housing."""
    plain = {
        "outcome": "third_party_rights",
        "ground": "名册含姓名",
        "assessment": "会泄露各户的收入",
    }
    walk = Walk(items=("分户补偿名册",)).must(*ASSIGNED)
    many = refusal(walk.do("propose_outcome", 7, **plain, no_consultation_reason="人数众多"))
    assert (many.rule, many.field) == ("missing_evidence", "no_consultation_reason")
    walk.must(("propose_outcome", 7, {**plain, "no_consultation_reason": "名册中的银行账号"}))
    assert "公共利益" in warned(walk, 8)["privacy_without_public_interest"]
    assert looked(walk, 8, "severable") == {1: "missing"}


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        ({"level": "内部", "body": "县委", "on": "2020-01-02"}, "密级"),
        ({"level": "秘密", "body": "县委", "on": "2024-03-12"}, "定密日期"),
        ({"level": "秘密", "body": "盘龙彝族乡人民政府", "on": "2020-01-02"}, "定密权"),
    ],
)
def test_secret_without_a_real_classification_is_no_secret(
    kept: dict[str, str], message: str
) -> None:
    """15. State secret without classification; townships have no power to classify."""
    walk = Walk()
    walk.case.header = replace(
        walk.case.header, body_name="盘龙彝族乡人民政府", body_level="township"
    )
    walk.must(*ASSIGNED)
    stopped = refusal(walk.do("propose_outcome", 7, outcome="state_secret", classification=kept))
    assert message in stopped.message
    assert stopped.field == "classification"
    assert refusal(walk.do("propose_outcome", 7, outcome="state_secret")).field == "classification"
    real = {"level": "机密", "body": "中共云南省委", "on": "2020-01-02"}
    assert isinstance(walk.do("propose_outcome", 7, outcome="state_secret", classification=real), Logged)  # fmt: skip


def test_own_archive_room_is_no_state_archive() -> None:
    """16. 彭志林 v 长沙县国土局: "already in archives" while still in its own archive room."""
    own = {"reason": "已在本局档案室归档", "channel": "本局档案室"}
    walk = Walk().must(*ASSIGNED)
    stopped = refusal(walk.do("propose_outcome", 7, outcome="in_state_archive", **own))
    assert "本机关档案室" in stopped.message
    kept = {"name": "砚山县档案馆", "on": "2010-06-01"}
    told = {"outcome": "in_state_archive", "reason": "形成于 1987 年", "archive": kept}
    assert isinstance(walk.do("propose_outcome", 7, **told), Logged)


# -- notices and remedies -----------------------------------------------------------------------------


def test_extension_whose_notice_came_after_the_period_is_void() -> None:
    """17. Extension without served notice is a breach: approved and told within the old period."""
    walk = Walk(extension_notice_counts="reached").must(*ASSIGNED)
    due = walk.case.deadlines.reply_due
    assert due
    last = (due - MONDAY).days
    late = refusal(walk.do("extend", last, days=10, reached_on=last + 1))
    assert (late.rule, late.article, late.field) == ("too_late", "条例33(2)", "reached_on")
    assert walk.case.deadlines.reply_due == due
    walk.must(("extend", last, {"days": 10, "reached_on": last}))
    assert walk.case.deadlines.reply_due == walk.case.rules.calendar.add(due, 10)


def test_reply_whose_remedy_names_no_organ_or_court_is_flagged() -> None:
    """18. No or wrong remedy: the period to sue grows to a year."""
    walk = Walk(review_organ="", court="").must(*SIGNING)
    assert "remedy_text_is_incomplete" in warned(walk, 10)
    assert looked(walk, 10, "remedy") == {None: "missing"}
    known = {"review_organ": "砚山县人民政府", "court": "砚山县人民法院"}
    walk.case.rules = replace(walk.case.rules, settings={**walk.case.rules.settings, **known})
    assert "remedy_text_is_incomplete" not in warned(walk, 10)
    assert looked(walk, 10, "remedy") == {None: "there"}


@pytest.mark.parametrize(
    "step",
    [
        ("require_correction", 3, {"reached_on": 3, "defects": ["请说明自身生产、生活、科研等特殊需要"]}),
        ("assign", 3, {"note": "按国务院令第492号办理"}),
    ],
)  # fmt: skip
def test_old_template_is_found_wherever_it_was_typed(step: Step) -> None:
    """19. Outdated template: 三需要, 492号 (始兴县澄江镇's guide still has it)."""
    walk = Walk().must(*RECEIVED, step)
    if walk.case.state == "awaiting_correction":
        walk.must(("correct", 4, {}))
    assert "outdated_words" in warned(walk, 5)


# -- people -------------------------------------------------------------------------------------------


def test_earlier_requests_of_a_serial_applicant_stand_beside_the_new_one(office_on: ON) -> None:
    """20. Serial applicants attack form: the earlier replies are seen side by side."""
    town = Town(office_on(date(2024, 5, 31)))
    first, second = town.register("2024-05-06"), town.register("2024-05-07", items=["低保名册"])
    town.answer(first, "2024-05-08")
    third = town.register("2024-05-09")
    town.register("2024-05-09", proof="E20000002")
    beside = town.case(third).others
    assert {one.number: one.alike for one in beside} == {first: True, second: False}
    assert {one.outcome_label for one in beside} == {"非本机关负责公开", ""}


def test_petition_in_the_form_of_a_request_is_told_its_channel_and_counted(office_on: ON) -> None:
    """21. The letter under art 39(1) names the channel; the request counts all the same."""
    walk = Walk().must(*ASSIGNED)
    label = refusal(walk.do("propose_outcome", 7, outcome="petition", reason="属于信访"))
    assert (label.rule, label.field) == ("missing_evidence", "reason")
    walk.must(propose("petition", reason="要求查处占道并给予补偿"))
    assert "渠道" in warned(walk, 8)["petition_without_channel"]
    town = Town(office_on(date(2024, 5, 31)))
    town.answer(town.register("2024-05-06"), "2024-05-08", "petition", reason="请向县信访局提出")
    assert town.table3(2024) == {"new_received": 1, "not_processed_petition": 1, "total": 1}


def test_annexes_are_looked_at_item_by_item_by_a_second_person() -> None:
    """22. A third party's data leaked in annexes: text layer and metadata, second pair of eyes."""
    walk = Walk().must(*IN_REVIEW)
    drafter = Actor(str(walk.case.facts.drafter), frozenset(STAFF_ROLES))
    assert refusal(walk.do("pass_secrecy_review", 9, by=drafter)).rule == "same_person"
    assert "个人隐私" in refusal(walk.do("pass_secrecy_review", 9, checks={})).message
    hidden = judged(privacy="handled")
    assert isinstance(walk.do("pass_secrecy_review", 9, **hidden), Logged)


@pytest.mark.parametrize(
    "carrier",
    ["顺丰速运", "京东快递", "中通", "德邦物流", "顺丰（邮政代收）", "邮政", "中国邮政 顺丰"],
)
def test_private_courier_carries_no_official_letter(carrier: str) -> None:
    """23. Non-postal courier: 邮政法55."""
    walk = Walk().must(*READY)
    fields = {"method": "mail", "posted_on": 14}
    assert refusal(walk.do("serve", 14, **fields, carrier=carrier)).field == "carrier"
    assert isinstance(walk.do("serve", 14, **fields, carrier="中国邮政 EMS"), Logged)


@pytest.mark.parametrize(
    ("fields", "proof"),
    [
        ({"method": "electronic", "sent_on": MONDAY + timedelta(14)}, "发送记录"),
        ({"method": "mail", "posted_on": 14, "carrier": "EMS"}, "邮件号"),
        ({"method": "entrusted", "signed_on": 14}, "送达回证"),
    ],
)
def test_service_without_proof_stays_on_the_list(fields: dict[str, Any], proof: str) -> None:
    """23. E-mail or mail without proof."""
    walk = Walk().must(*READY, ("serve", 14, fields))
    assert proof in warned(walk, 20)["served_without_proof"]


@pytest.mark.parametrize(
    ("name", "fields", "due"),
    [
        ("file_review", {}, date(2024, 5, 20)),
        ("file_review", {"summary": True}, date(2024, 5, 13)),
        ("file_suit", {"via": "direct"}, date(2024, 5, 22)),
    ],
)
def test_evidence_for_review_and_court_has_its_timer(
    name: str, fields: dict[str, Any], due: date
) -> None:
    """24. Evidence late in review or court: 10 or 5 working days (11 May is a make-up day), 15 days."""
    filed = (date(2024, 5, 7) - MONDAY).days
    walk = Walk().must(*SERVED, (name, filed, fields))
    (proceeding,) = walk.case.facts.proceedings.values()
    assert proceeding.answer_due == due
    text = warned(walk, filed)["answer_to_review_or_court"]
    assert f"{due.month} 月 {due.day} 日" in text and "证据" in text
    assert "已经届满" in warned(walk, (due - MONDAY).days + 1)["answer_to_review_or_court"]
