"""A query code that is renewed: who may, what is told to whom and when, and what stands in the audit."""

import pytest
from sqlalchemy import text

from tests.workflow.service.messages.street import EMAIL, PHONE, street  # noqa: F401
from workflow.refusal import BadInput, Denied
from workflow.service import Missing
from workflow.service.cases.finding import by_code
from workflow.service.cases.renewing import QueryCodes
from workflow.service.cases.verify import verify
from workflow.store.models import CaseRow

CARD = "11010519491231002X"

LONG = pytest.mark.long(reason="a page holds the same in the short run")


@pytest.fixture
def town(street):  # noqa: F811
    return street("2024-05-06", "mail", "sms")


@pytest.fixture
def codes(town):
    return QueryCodes(town.office)


def turn(town, number):
    with town.office.store.read() as unit:
        row = unit.session.get_one(CaseRow, 1)
        assert row.number == number
        return row.code_turn


def opens(town, number, code):
    with town.office.store.read() as unit:
        try:
            return by_code(town.office, unit, number, code).number == number
        except Missing:
            return False


def told(town):
    return town.messages(moment="told_new_code")


@LONG
def test_the_new_code_goes_to_every_address_of_the_applicant_and_by_night_no_telephone_rings(
    town, codes
):
    filed = town.file()
    town.at("2024-05-06T22:30")
    codes.ask(f"编号：{filed.number}", " 张三丰 ", CARD.lower())
    rows = {row.channel: row for row in told(town)}
    assert set(rows) == {"mail", "sms"} and turn(town, filed.number) == 1
    for row in rows.values():
        assert (row.kind, row.about, row.why) == ("applicant", filed.number, "更换查询码")
        assert filed.number in row.text and "〔只写在发出的消息里〕" in row.text
        assert row.day == town.now.date() and row.created_at == town.now and row.due is None
    assert rows["mail"].not_before == town.now
    assert rows["sms"].not_before.isoformat().startswith("2024-05-07T08:00")
    town.at("2024-05-07T09:00")
    for name, address in (("mail", EMAIL), ("sms", PHONE)):
        while (message := town.outbox.claim(name)) is not None:
            town.outbox.handing(message)
            town.outbox.sent(message)
            if "新的查询码：" in message.text:
                code = message.text.partition("新的查询码：")[2][:10]
                assert message.address == address and opens(town, filed.number, code)
    assert not opens(town, filed.number, filed.query_code)


@LONG
def test_on_the_net_it_is_renewed_once_an_hour(town, codes):
    filed = town.file()
    asked = (filed.number, "张三丰", CARD)
    codes.ask(*asked)
    town.later(hours=1, seconds=-1)
    codes.ask(*asked)
    assert turn(town, filed.number) == 1
    town.later(seconds=1)
    codes.ask(*asked)
    assert turn(town, filed.number) == 2 and len(told(town)) == 4


def test_whoever_does_not_prove_it_changes_nothing(town, codes):
    filed = town.file()
    for number, name, identity in (
        (filed.number, "张三", CARD),
        (filed.number, "张三丰", "110105194912310021"),
        ("2024-0002", "张三丰", CARD),
    ):
        codes.ask(number, name, identity)
    assert turn(town, filed.number) == 0 and told(town) == []
    assert opens(town, filed.number, filed.query_code)


@LONG
def test_where_nobody_can_be_told_the_code_stays(town, codes):
    filed = town.file()
    town.office.channels = town.office.channels[:1]
    codes.ask(filed.number, "张三丰", CARD)
    assert turn(town, filed.number) == 0 and opens(town, filed.number, filed.query_code)


def wrong(codes, town, number, reason="lost", words="", *, proved=True):
    with pytest.raises(BadInput) as caught:
        codes.renew(town.staff("lifang"), number, reason, words, proved=proved)
    return [error.field for error in caught.value.errors]


@LONG
def test_at_the_counter_reason_words_and_proof_are_asked_for(town, codes):
    filed = town.file()
    number = filed.number
    assert wrong(codes, town, number, "", "") == ["reason"]
    assert wrong(codes, town, number, "made up", "x" * 101, proved=False) == ["reason", "words", "proved"]  # fmt: skip
    assert wrong(codes, town, number, "other", "  ") == ["words"]
    assert turn(town, number) == 0 and opens(town, number, filed.query_code)
    made = codes.renew(town.staff("lifang"), number, "other", " 换了  手机 " + "长" * 94, proved=True)  # fmt: skip
    assert (made.agency, made.number, turn(town, number)) == ("panlong", number, 1)
    assert opens(town, number, made.code) and not opens(town, number, filed.query_code)


@LONG
def test_who_renewed_it_and_why_is_read_latest_first(town, codes):
    number = town.file().number
    codes.renew(town.staff("lifang"), number, "lost", "", proved=True)
    town.later(minutes=90)
    codes.ask(number, "张三丰", CARD)
    town.later(minutes=1)
    codes.renew(town.staff("chen"), number, "other", f"电话 {PHONE} 停机", proved=True)
    with town.office.store.read() as unit:
        names = unit.display_names({"lifang", "chen"})
    last, online, first = codes.renewals(town.staff("lifang"), number)
    assert (last.who, last.at) == (names["chen"], town.now)
    assert last.why.startswith("其他：电话 ") and PHONE not in last.why
    assert (online.who, online.why) == ("申请人", "本人在网上更换")
    assert (first.who, first.why) == (names["lifang"], "申请人遗失或者忘记了查询码")


def test_others_neither_renew_nor_read_it(town, codes):
    number = town.file().number
    for who, why in (("wang", Denied), ("guanli", Missing), ("sunli", Missing)):
        staff = town.staff(who)
        with pytest.raises((why, Denied)):
            codes.renew(staff, number, "lost", "", proved=True)
        with pytest.raises((why, Denied)):
            codes.renewals(staff, number)
    assert turn(town, number) == 0


@pytest.mark.tampering(reason="when a paper came is bent past the program")
def test_a_renewed_code_makes_nothing_good_that_was_bent_before(town, codes):
    filed = town.file()
    with town.office.store.engine.begin() as connection:
        connection.execute(text("UPDATE \"case\" SET uploaded_at = '2024-05-06 01:00:00'"))
    bent = verify(town.office)
    codes.ask(filed.number, "张三丰", CARD)
    assert turn(town, filed.number) == 1 and bent == verify(town.office) != []
