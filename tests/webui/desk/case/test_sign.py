"""The page to sign: the paper itself, the checklist, a decision on what was seen (decision 25)."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import delete, select

from tests.letter_texts import stops_but
from tests.proofs import upload
from tests.samples import pdf
from tests.webui.desk.case.signing import at, drafted, passed
from tests.webui.desk.case.test_agents import AGENT, CHILD, registered
from tests.webui.filing import SEARCHED, file, judged
from workflow.service.letters import CaseLetters
from workflow.service.rules.settings import BodySettings
from workflow.store.letter_models import LetterNumberRow, LetterRow


def settle(office, name, value):
    BodySettings(office).set_setting(None, "panlong", name, value, "2024-01-01", "测试")


def test_the_page_shows_letter_items_checklist_and_who_has_seen_it(staff, waiting):
    number, _ = waiting
    page = at(staff, "chen", number)
    assert page.status == 200
    for words in (
        "政府信息公开申请答复书",
        "签发前的清单",
        "逐项：答复和理由",
        "保密审查通过",
        "合法性审核通过",
    ):
        assert words in page.text, words
    assert "还缺 1 行" in page.text, "the annexes"
    annexed(staff, number)
    assert "清单不缺" in at(staff, "chen", number).text
    page.send("/sign", note="同意")
    assert "已登记“签发”" in page.text and "待送达" in page.text


@pytest.fixture
def unchecked(visitor, staff):
    """A case that waits for the check of its law."""
    number, _ = file(visitor)
    staff("lifang").act(number, "assign")
    drafted(staff, number)
    staff("zhaoming").act(number, "send_to_secrecy_review")
    staff("wangqiang").act(number, "pass_secrecy_review", **judged())
    return number


def test_the_law_of_a_letter_is_checked_beside_it(staff, unchecked):
    case = staff("falv").get(f"/desk/cases/panlong/{unchecked}")
    assert f'href="/desk/cases/panlong/{unchecked}/sign">看答复书和清单' in case.html
    page = at(staff, "falv", unchecked)
    assert "政府信息公开申请答复书" in page.text and "签发前的清单" in page.text
    assert "现在不能签" not in page.text and 'value="approve"' not in page.html
    page.send("/sign", note="条款和救济都对")
    assert "已登记“合法性审核通过”" in page.text and "条款和救济都对" in page.text
    assert 'value="pass_legal_check"' not in at(staff, "falv", unchecked).html


def test_who_does_not_check_the_law_has_no_button_for_it(staff, unchecked):
    page = at(staff, "chen", unchecked)
    assert 'value="pass_legal_check"' not in page.html and "现在不能签" in page.text


def test_a_check_of_what_moved_is_not_entered_and_its_words_stay(staff, office, unchecked):
    page = at(staff, "falv", unchecked)
    settle(office, "contact_phone", "0876-9999999")
    at(staff, "lifang", unchecked)
    staff("zhaoming").act(unchecked, "record_search", **SEARCHED)
    page.send("/sign", note="条款都对")
    assert page.status == 412 and "所以没有合法性审核通过" in page.alert
    assert page.form("/sign").fields["note"] == ["条款都对"]
    assert "待签发" not in page.text
    page.send("/sign")
    assert "已登记“合法性审核通过”" in page.text


def test_a_letter_whose_law_is_wrong_goes_back_from_the_same_page(staff, unchecked):
    page = at(staff, "falv", unchecked)
    page.send("/sign", decision="return_draft", reason="复议机关写错了", note="")
    assert "退回" in page.text and "复议机关写错了" in page.text, page.alert


def test_what_is_missing_is_named_and_stops_the_signature(staff, office, waiting):
    number, _ = waiting
    settle(office, "contact_phone", "")
    page = at(staff, "chen", number)
    assert "现在不能签" in page.text and "联系电话" in page.text and "去“设置”" in page.text
    assert 'value="approve"' not in page.html
    settle(office, "signature_stops", ["answered"])
    assert 'value="approve"' in at(staff, "chen", number).html


def test_a_letter_that_moved_is_not_signed_and_both_stand_side_by_side(staff, office, waiting):
    number, _ = waiting
    page = at(staff, "chen", number)
    settle(office, "contact_phone", "0876-9999999")
    page.send("/sign", note="同意，请注意第二项")
    assert page.status == 412 and "没有签发" in page.alert
    assert "<ins>9999999</ins>" in page.html and "您看过的" in page.text
    assert "同意，请注意第二项" in page.html
    assert "待送达" not in staff("lifang").get(f"/desk/cases/{number}").text
    page.send("/sign")
    assert page.status == 200 and "已登记“签发”" in page.text


def test_a_new_draft_is_shown_beside_the_one_that_was_seen(staff, waiting):
    number, _ = waiting
    page = at(staff, "chen", number)
    staff("zhaoming").act(number, "take_back_draft", reason="补写说明")
    drafted(staff, number, items__2__outcome="not_responsible", items__2__reason="由县交通运输局制作",
            items__2__right_body__name="砚山县交通运输局", items__2__right_body__contact="江那镇建设路 1 号")  # fmt: skip
    passed(staff, number)
    page.send("/sign", note="同意")
    assert page.status == 412
    assert "您看过的" in page.text and "<del>" in page.html and "<ins>" in page.html
    assert "砚山县交通运输局" in page.text and "同意" in page.html


def test_what_was_typed_is_kept_where_somebody_signed_meanwhile(staff, waiting):
    number, _ = waiting
    page = at(staff, "chen", number)
    late = page.form("/sign")
    at(staff, "chen", number).send("/sign")
    page.post(late.action, {**late.fields, "note": "同意，请尽快"})
    assert page.status == 412 and "您写的意见：同意，请尽快" in page.text
    assert 'value="approve"' not in page.html


def test_the_letter_has_no_open_place_that_the_signature_fills(staff, waiting):
    number, _ = waiting
    page = at(staff, "chen", number)
    assert "文号在签发时编上" in page.text and "【" not in page.text
    page.send("/sign")
    assert "公开答〔2024〕1号" in at(staff, "chen", number).text


def annexed(staff, number):
    clerk = staff("zhaoming").get(f"/desk/cases/{number}")
    clerk.send(f"/{number}/files", kind="reply", file=(BytesIO(pdf("合同")), "合同.pdf"))
    assert "已保存" in clerk.text


def test_annexes_that_are_not_in_the_file_stop_the_signature(staff, office, waiting):
    """What the letter says goes with it is kept as it goes out; a body may let it lie elsewhere."""
    number, _ = waiting
    told = "答复书写了附件，案卷里还没有"
    page = at(staff, "chen", number)
    assert told in page.text and 'value="approve"' in page.html
    settle(office, "signature_stops", stops_but())
    page.send("/sign")
    assert page.status == 409 and told in page.alert
    assert 'value="approve"' not in at(staff, "chen", number).html
    annexed(staff, number)
    page = at(staff, "chen", number)
    assert told not in page.text and "上传的附件" in page.text
    page.send("/sign")
    assert "已登记“签发”" in page.text


@pytest.mark.parametrize("left_out", ["length", "paper"])
def test_a_signature_names_the_version_and_the_paper(staff, waiting, left_out):
    number, _ = waiting
    page = at(staff, "chen", number)
    form = page.form("/sign")
    fields = {name: value for name, value in form.fields.items() if name != left_out}
    page.post(form.action, fields)
    assert page.status == 428


def test_the_page_of_the_case_does_not_sign(staff, waiting):
    number, _ = waiting
    page = staff("chen").get(f"/desk/cases/{number}")
    assert not page.offers("approve") and f"/desk/cases/panlong/{number}/sign" in page.html
    token = page.get("/desk/password").form("/desk/password").fields["csrf_token"]
    page.post(f"/desk/cases/{number}/events/approve", {"csrf_token": token, "length": "7", "on": "2024-05-06"})  # fmt: skip
    assert page.status == 428


def returned(staff, number, **typed):
    page = at(staff, "chen", number)
    forms = [part for part in page.html.split("<form") if 'value="return_draft"' in part]
    once = re.search(r'name="once" value="([^"]+)"', forms[0])[1]
    token = page.form("/sign").fields["csrf_token"]
    fields = {
        "csrf_token": token, "once": once, "decision": "return_draft",
        "length": re.search(r'name="length" value="(\d+)"', forms[0])[1],
        **{name.replace("__", "-"): value for name, value in typed.items()},
    }  # fmt: skip
    return page.post(f"/desk/cases/panlong/{number}/sign", fields)


def test_items_are_returned_each_with_its_reason(staff, waiting):
    number, _ = waiting
    page = returned(staff, number, back__2="1", reason__2="请写明页数")
    assert "已登记“退回修改”" in page.text
    assert "第 2 项：请写明页数" in staff("zhaoming").get(f"/desk/cases/{number}").text


def test_a_returned_item_without_a_reason_is_told_at_its_field(staff, waiting):
    number, _ = waiting
    page = returned(staff, number, back__2="1")
    assert page.status == 422 and "请写明第 2 项退回的理由" in page.text
    assert 'id="reason-2-err"' in page.html
    assert returned(staff, number).status == 422


def test_returned_papers_come_back_to_who_returned_them(staff, waiting):
    number, _ = waiting
    returned(staff, number, reason="请核对")
    drafted(staff, number, note="已核对，没有改动")
    page = at(staff, "chen", number)
    assert 'value="approve"' in page.html, "nothing that was judged has changed"
    returned(staff, number, reason="请换一种答复")
    drafted(staff, number, items__2__outcome="petition", items__2__reason="要求查处占道并给予补偿，没有指向已有的记录")  # fmt: skip
    assert "还没有通过保密审查" in at(staff, "chen", number).text
    assert 'value="approve"' not in staff("chen").html


def test_a_signed_reply_is_not_to_be_written_again(staff, waiting):
    number, _ = waiting
    address = f"/desk/cases/panlong/{number}/letters"
    assert "应当出具" in staff("lifang").get(address).text
    at(staff, "chen", number).send("/sign")
    page = staff("lifang").get(address)
    assert "应当出具" not in page.text and "公开答〔2024〕1号" in page.text
    page.get(f"{address}/reply")
    assert "想在 Word 里改" not in page.text and "盖章后的扫描件" in page.text
    page.send("/letters/reply/back", file=(BytesIO(pdf("盖章")), "答复书.pdf"))
    assert page.status == 200 and "扫描件" in page.text, page.alert


def test_a_parcel_names_who_carries_it(staff, waiting):
    number, _ = waiting
    at(staff, "chen", number).send("/sign")
    clerk = staff("lifang").act(number, "serve", method="mail", note="挂号", proof_file=upload())
    assert clerk.status == 422 and "请选择邮政企业" in clerk.alert and "挂号" in clerk.html
    clerk.send("/events/serve", method="mail", carrier="registered", proof_file=upload())
    assert "已登记“送达答复”" in clerk.text, clerk.alert


def test_nothing_is_posted_to_who_left_no_address(staff, waiting):
    """Who asked to fetch it told none; one that was learned later is named."""
    number, _ = waiting
    at(staff, "chen", number).send("/sign")
    parcel = {"method": "mail", "carrier": "registered"}
    clerk = staff("lifang").act(number, "serve", proof_file=upload(), **parcel)
    assert clerk.status == 409 and "没有留下通信地址" in clerk.alert
    clerk.send(
        "/events/serve", note="本人电话告知：江那镇建设路 1 号", proof_file=upload(), **parcel
    )
    assert "已登记“送达答复”" in clerk.text, clerk.alert


def test_serving_takes_its_proof_in_the_same_form(staff, waiting):
    number, _ = waiting
    at(staff, "chen", number).send("/sign")
    clerk = staff("lifang").act(number, "serve", method="direct", note="在窗口")
    assert clerk.status == 409 and "没有送达凭证" in clerk.alert
    assert "在窗口" in clerk.html and 'id="serve-proof_file-err"' in clerk.html
    clerk.send("/events/serve", method="direct", proof_file=upload())
    assert "按期答复" in clerk.text and "送达回证.pdf" in clerk.text


def test_a_proof_that_is_no_file_is_told_at_its_field(staff, waiting):
    from io import BytesIO

    number, _ = waiting
    at(staff, "chen", number).send("/sign")
    clerk = staff("lifang").act(
        number, "serve", method="direct", proof_file=(BytesIO(b"x"), "a.exe")
    )
    assert clerk.status == 422 and 'id="serve-proof_file-err"' in clerk.html
    assert "待送达" in clerk.text


def test_the_program_may_sign_as_it_stands_or_name_the_paper(staff, program, waiting):
    number, _ = waiting
    leader = program("chen")
    stale = leader.happen(number, "approve", "2024-05-06", paper="0" * 64)
    assert stale.status_code == 412
    assert leader.happen(number, "approve", "2024-05-06").status_code == 200
    unproved = program("lifang").happen(number, "serve", "2024-05-06", method="direct")
    assert unproved.status_code == 409 and unproved.json["rule"] == "missing_evidence"


@pytest.mark.tampering(
    reason="takes the kept letters away, as a store of before letters were kept has none"
)
@pytest.mark.parametrize("code", ["盘办", ""])
def test_a_reply_signed_before_letters_were_kept_takes_no_number_with_an_open_place(
    staff, office, waiting, code
):
    """It is kept as of its signature when it is served; without a short name it has the number on its paper."""
    number, _ = waiting
    at(staff, "chen", number).send("/sign")
    settle(office, "letter_code", code)
    with office.store.write() as unit:
        unit.session.execute(delete(LetterRow).where(LetterRow.kind == "reply"))
        unit.session.execute(delete(LetterNumberRow).where(LetterNumberRow.kind == "reply"))
    staff("lifang").act(number, "serve", method="direct", proof_file=upload())
    with office.store.read() as unit:
        kept = unit.session.scalars(select(LetterRow).where(LetterRow.kind == "reply")).all()
        numbers = unit.session.scalars(
            select(LetterNumberRow.text).where(LetterNumberRow.kind == "reply")
        ).all()
    assert len(kept) == 1 and kept[0].seq is not None
    assert numbers == (["盘办公开答〔2024〕1号"] if code else [])


def ready(staff, number):
    """From the registration to the signature."""
    staff("lifang").act(number, "assign")
    page = staff("zhaoming").act(number, "propose_outcome", items__1__outcome="supplied")
    assert page.status == 200, page.alert
    passed(staff, number, 1)
    assert at(staff, "chen", number).send("/sign").status == 200


PRINCIPAL = {**CHILD, "id_number": "53262219800101001X"}


@pytest.mark.parametrize(
    ("applicant", "agent", "asked"),
    [
        (PRINCIPAL, {**AGENT, "until": "2024-06-30"}, True),
        (PRINCIPAL, {**AGENT, "until": "2024-05-06"}, True),
        (PRINCIPAL, {**AGENT, "until": "2024-05-05"}, False),
        (PRINCIPAL, AGENT, True),
        (CHILD, {**AGENT, "relation": "guardian"}, False),
        (PRINCIPAL, None, False),
    ],
    ids=["runs", "its last day", "ended", "without an end", "guardian", "nobody"],
)
def test_an_agent_receives_with_a_power_of_attorney_in_the_file(
    staff, office, applicant, agent, asked
):
    number = registered(office, applicant, agent)
    ready(staff, number)
    clerk = staff("lifang").serve(number, method="direct")
    assert clerk.status == (409 if asked else 200)
    if asked:
        assert "授权委托书" in clerk.alert
        kind = {"kind": "power_of_attorney", "file": (BytesIO(pdf("授权")), "授权.pdf")}
        clerk.get(f"/desk/cases/{number}").send(f"/{number}/files", **kind)
        assert staff("lifang").serve(number, method="direct").status == 200


def test_each_service_has_a_proof_of_its_own(staff, office, waiting, monkeypatch):
    """What proves the service that failed does not prove the next one, nor what came before the signature."""
    number, _ = waiting
    now = office.now()
    monkeypatch.setattr(office, "now", lambda: now)
    clerk = staff("lifang").get(f"/desk/cases/{number}")
    clerk.send(f"/{number}/files", kind="proof_of_service", file=upload())
    now += timedelta(minutes=1)
    at(staff, "chen", number).send("/sign")
    now += timedelta(minutes=1)
    assert staff("lifang").act(number, "serve", method="direct").status == 409
    assert staff("lifang").serve(number, method="direct").status == 200
    now += timedelta(minutes=1)
    assert staff("lifang").act(number, "service_failed", reason="本人不在").status == 200
    now += timedelta(minutes=1)
    assert staff("lifang").act(number, "serve", method="direct").status == 409
    other = (BytesIO(pdf("第二次的回证")), "回证二.pdf")
    assert staff("lifang").act(number, "serve", method="direct", proof_file=other).status == 200


def test_the_signed_scan_of_the_service_record_proves_it(staff, office, waiting):
    number, _ = waiting
    at(staff, "chen", number).send("/sign")
    letters, clerk = CaseLetters(office), office.staff("lifang")
    assert staff("lifang").act(number, "serve", method="direct").status == 409
    given = ("service_record", "", "回证.pdf", pdf("送达回证，已签收"), True)
    letters.bring_back(clerk, "panlong", number, *given)
    assert staff("lifang").act(number, "serve", method="direct").status == 200


def test_whose_turn_it_is_not_is_led_back_to_the_list(staff, unchecked):
    """What could be done besides is folded away where it is much, and open where it is little."""
    back = "回到待办，看还有哪些等您办"
    clerk = staff("lifang").get(f"/desk/cases/panlong/{unchecked}")
    assert back in clerk.text and '<details class="others"><summary>您现在可以办的' in clerk.html
    head = staff("chen").get(f"/desk/cases/panlong/{unchecked}")
    assert back in head.text and '<details class="others" open><summary>您现在可以办的' in head.html
    assert back not in staff("falv").get(f"/desk/cases/panlong/{unchecked}").text
