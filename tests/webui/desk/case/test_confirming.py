"""What cannot be taken back is asked once more: what will happen is named, everything typed goes along."""

import pytest

from config.law import load_law
from tests.proofs import upload
from tests.webui.desk.case.signing import at
from tests.webui.filing import file

FINAL = {name for name, row in load_law().transitions.items() if row.confirm}


def test_the_table_says_which_events_ask():
    assert {
        "serve", "approve", "archive", "void", "merge_duplicate", "reroute", "withdraw",
        "lapse_correction", "lapse_fee",
    } <= FINAL  # fmt: skip
    assert not FINAL & {
        "assign",
        "propose_outcome",
        "record_search",
        "correct_entry",
        "file_review",
    }


def test_nothing_is_done_before_the_yes_and_going_back_keeps_what_was_typed(visitor, staff):
    number, _ = file(visitor)
    head = staff("chen").get(f"/desk/cases/{number}")
    head.ask("/events/void", reason="重复录入", second_person="lifang", note="见\n登记簿")
    assert head.status == 200 and "确认作废？" in head.text
    for said in ("作废不能恢复", number, "重复录入", "已作废"):
        assert said in head.text, said
    assert "已作废" not in staff("lifang").get(f"/desk/cases/{number}").text
    head.confirm(sure="no")
    form = head.form("/events/void")
    assert [form.fields[name][0].strip() for name in ("reason", "second_person", "note")] == [
        "重复录入", "lifang", "见\n登记簿",
    ]  # fmt: skip
    head.send("/events/void")
    assert "已登记“作废”" in head.text


def test_what_is_wrong_is_told_before_anybody_is_asked(visitor, staff):
    number, _ = file(visitor)
    head = staff("chen").get(f"/desk/cases/{number}")
    head.ask("/events/void", reason="", second_person="lifang")
    assert head.status == 422 and not head.asked_once_more
    head.ask("/events/void", reason="重复录入", second_person="chen")
    assert head.status == 409 and not head.asked_once_more and "重复录入" in head.html


def test_a_yes_after_the_case_moved_on_does_nothing(visitor, staff):
    number, _ = file(visitor)
    head = staff("chen").get(f"/desk/cases/{number}")
    head.ask("/events/void", reason="重复录入", second_person="lifang")
    assert staff("lifang").act(number, "assign").status == 200
    head.confirm()
    assert head.status == 412 and "又有了新的办理记录" in head.alert
    assert head.form("/events/void").fields["reason"] == ["重复录入"]


def test_a_yes_sent_twice_is_done_once(visitor, staff):
    number, _ = file(visitor)
    head = staff("chen").get(f"/desk/cases/{number}")
    head.ask("/events/void", reason="重复录入", second_person="lifang")
    form = head.form("/events/void")
    for _ in range(2):
        head.post(form.action, {**form.fields, "confirmed": "yes"})
        assert "已登记“作废”" in head.text


def test_signing_names_the_letter_and_the_answers(staff, waiting):
    number, _ = waiting
    leader = at(staff, "chen", number)
    leader.ask("/sign", note="同意\n请尽快")
    assert "确认签发？" in leader.text and "答复书" in leader.text and "第 1 项" in leader.text
    form = leader.form("/sign")
    assert form.fields["paper"][0] and form.fields["length"][0]
    leader.confirm(sure="no")
    assert leader.form("/sign").fields["note"][0].strip() == "同意\n请尽快"
    assert "待签发" in staff("lifang").get(f"/desk/cases/{number}").text
    leader.send("/sign")
    assert "已登记“签发”" in leader.text


@pytest.mark.parametrize("method", ["direct"])
def test_the_proof_is_chosen_where_the_service_is_confirmed(staff, waiting, method):
    number, _ = waiting
    at(staff, "chen", number).send("/sign")
    clerk = staff("lifang").get(f"/desk/cases/{number}")
    assert "proof_file" not in clerk.html
    clerk.ask("/events/serve", method=method, note="在窗口")
    assert clerk.asked_once_more and "当面" in clerk.text and "没有办成" not in clerk.text
    clerk.confirm()
    assert clerk.status == 409 and clerk.asked_once_more and "没有送达凭证" in clerk.alert
    clerk.confirm({"proof_file": upload()})
    assert "已登记“送达答复”" in clerk.text and "送达回证.pdf" in clerk.text
