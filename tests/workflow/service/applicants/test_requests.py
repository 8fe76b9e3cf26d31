"""The requests of an account: linked by number and code, listed by what waits, opened while the code holds; reminders and
the calendar; and the applicants who are kept to fill in the form."""

from datetime import timedelta

import pytest

from tests.workflow.service.messages.street import Street
from tests.workflow.service.sampling import quick_hashes
from workflow.refusal import BadInput
from workflow.service import Missing
from workflow.service.applicants.addresses import Address
from workflow.service.applicants.entry import Entry
from workflow.service.applicants.export import Exports
from workflow.service.applicants.requests import OwnRequests
from workflow.service.applicants.saved import SavedApplicants
from workflow.service.cases.renewing import QueryCodes
from workflow.service.limits import TooOften
from workflow.store.account_models import AccountCaseRow
from workflow.store.message_models import ApplicantChoiceRow

HERE = "10.0.0.1"
OWN = Address("email", "own@applicant.example")

LONG = pytest.mark.long(reason="a page holds the same in the short run")


@pytest.fixture
def town(tmp_path):
    with quick_hashes():
        found = Street(tmp_path, "2024-05-06", "mail", "sms")
        yield found
    found.office.store.close()


@pytest.fixture
def own(town):
    return OwnRequests(town.office)


def signed_in(town, address=OWN):
    entry = Entry(town.office)
    holder = entry.in_session(entry.begin(entry.open(address), "code", ""))
    assert holder is not None
    return holder


@pytest.fixture
def mine(town):
    return signed_in(town)


def filed(town, own, holder):
    made = town.file()
    own.link(holder, made.number, made.query_code, HERE)
    return made


def rows(town, table):
    from sqlalchemy import select

    with town.office.store.read() as unit:
        return list(unit.session.scalars(select(table)))


def corrected(town, made, day="2024-05-17"):
    town.act("lifang", made.number, "require_correction", "2024-05-07", reached_on="2024-05-07",
             deadline_on=day, defects=["写明年度"])  # fmt: skip


# -- linking ----------------------------------------------------------------------------------------------


def test_a_request_is_linked_however_number_and_code_are_written_and_opens_as_they_do(town, own, mine):  # fmt: skip
    made = town.file()
    dashed = f" 查询码：{made.query_code[:5].lower()}-{made.query_code[5:]} "
    for _ in range(2):
        assert own.link(mine, f"编号：{made.number}", dashed, HERE) == made.number
    (row,) = rows(town, AccountCaseRow)
    assert row.linked_at == town.now and made.query_code.encode() not in row.sealed
    assert own.opened(mine, row.case_id) == (made.number, made.query_code)
    (line,) = own.page(mine).shown
    assert (line.number, line.case, line.stage, line.todo) == (
        made.number,
        row.case_id,
        "running",
        "",
    )
    assert Exports(town.office).of(mine).requests[0]["query_code"] == made.query_code


def test_five_wrong_codes_for_a_request_however_its_number_is_written_stop_the_place(
    town, own, mine
):
    made = town.file()
    for n in (made.number, f"编号 {made.number}", made.number.replace("-", " "), f" {made.number}",
              made.number.replace("0", "O")):  # fmt: skip
        with pytest.raises(Missing):
            own.link(mine, n, "AAAAAAAAAA", HERE)
    with pytest.raises(TooOften):
        own.link(mine, made.number, made.query_code, HERE)
    assert rows(town, AccountCaseRow) == []
    assert own.link(mine, made.number, made.query_code, "10.0.0.2") == made.number


def test_nobody_opens_or_drops_what_is_not_theirs(town, own, mine):
    filed(town, own, mine)
    other = signed_in(town, Address("phone", "13800001111"))
    (row,) = rows(town, AccountCaseRow)
    for case in (row.case_id, 999):
        with pytest.raises(Missing, match="不在这个账户里"):
            own.opened(other, case)
        own.unlink(other, case)
    assert own.page(other).count.all == 0 and len(rows(town, AccountCaseRow)) == 1
    own.unlink(mine, row.case_id)
    assert rows(town, AccountCaseRow) == [] and own.page(mine).shown == []


@LONG
def test_once_the_code_was_renewed_it_is_the_accounts_no_more(town, own, mine):
    first, second = filed(town, own, mine), filed(town, own, mine)
    codes, clerk = QueryCodes(town.office), town.staff("lifang")
    codes.renew(clerk, first.number, "lost", "", proved=True)
    count = own.page(mine).count
    assert (count.all, count.open, count.waiting, count.stale) == (1, 1, 0, 1)
    assert [one.number for one in own.page(mine).shown] == [second.number]
    assert [one["number"] for one in Exports(town.office).of(mine).requests] == [second.number]
    assert own.opened(mine, 1) is None and len(rows(town, AccountCaseRow)) == 1
    codes.renew(clerk, second.number, "lost", "", proved=True)
    own.drop_stale(signed_in(town, Address("phone", "13800001111")))
    assert len(rows(town, AccountCaseRow)) == 1
    own.drop_stale(mine)
    assert rows(town, AccountCaseRow) == [] and own.page(mine).count.stale == 0


# -- the list ---------------------------------------------------------------------------------------------


@LONG
def test_what_waits_comes_first_then_what_runs_then_what_is_over(town, own, mine):
    over, runs, late, soon = (filed(town, own, mine) for _ in range(4))
    town.moving.apply_as_applicant(over.number, over.query_code, "withdraw", {"on": "2024-05-06"})
    corrected(town, late, "2024-05-20")
    corrected(town, soon, "2024-05-17")
    page = own.page(mine)
    assert [one.number for one in page.shown] == [one.number for one in (soon, late, runs, over)]
    said = [(one.todo, one.due and one.due.isoformat(), one.left) for one in page.shown]
    assert said == [
        ("awaiting_correction", "2024-05-17", 9), ("awaiting_correction", "2024-05-20", 10),
        ("", "2024-05-31", 19), ("", None, None),
    ]  # fmt: skip
    assert (page.count.all, page.count.waiting, page.count.open) == (4, 2, 3)
    assert (page.page, page.pages) == (1, 1)


@LONG
def test_pages_have_twenty_lines_and_none_beyond_the_last(town, own, mine, monkeypatch):
    from workflow.service.applicants import requests

    assert requests.ON_A_PAGE == 20
    monkeypatch.setattr(requests, "ON_A_PAGE", 2)
    numbers = [filed(town, own, mine).number for _ in range(4)]
    assert own.page(mine).pages == 2
    numbers.append(filed(town, own, mine).number)
    shown = [[one.number for one in own.page(mine, n).shown] for n in (1, 2, 3)]
    assert [len(part) for part in shown] == [2, 2, 1]
    assert sorted(number for part in shown for number in part) == numbers
    for asked, got in ((0, 1), (-3, 1), (4, 3), (10**6, 3)):
        assert own.page(mine, asked).page == got
    empty = own.page(signed_in(town, Address("phone", "13800001111")), 5)
    assert (empty.page, empty.pages, empty.shown) == (1, 1, [])


# -- reminders and the calendar ---------------------------------------------------------------------------


@LONG
def test_what_is_chosen_holds_for_all_requests_now_and_later(town, own, mine):
    filed(town, own, mine)
    assert own.reminding(mine).channels == (("mail", "电子邮件", False),)
    own.remind(mine, ["mail", "sms", "made up"])
    filed(town, own, mine)
    assert own.reminding(mine).channels == (("mail", "电子邮件", True),)
    choices = rows(town, ApplicantChoiceRow)
    assert [row.channels for row in choices] == [["mail"], ["mail"]]
    assert {row.decided_at for row in choices} == {town.now}
    own.remind(mine, [])
    assert [row.channels for row in rows(town, ApplicantChoiceRow)] == [[], []]


@LONG
def test_the_calendar_opens_by_its_last_secret_alone(town, own, mine):
    made = filed(town, own, mine)
    over = filed(town, own, mine)
    town.moving.apply_as_applicant(over.number, over.query_code, "withdraw", {"on": "2024-05-06"})
    assert own.reminding(mine).feed == ""
    old = own.new_feed(mine)
    assert own.reminding(mine).feed == old
    new = own.new_feed(mine)
    head, _, secret = new.partition("-")
    assert old != new and len(secret) == 40 and int(head, 16) == mine.id
    line, gone = sorted(own.feed(new), key=lambda one: one.ended)
    assert (gone.number, gone.ended) == (over.number, True), "told until its day is over"
    assert (line.number, line.due.isoformat(), line.left) == (made.number, "2024-05-31", 20)
    other = signed_in(town, Address("phone", "13800001111"))
    for token in (old, "", head, f"{head}-", f"{other.id:x}-{secret}", f"x-{secret}",
                  f"-{secret}", f"{10**20:x}-{secret}", f"{other.id:x}-"):  # fmt: skip
        with pytest.raises(Missing, match="没有这个日历"):
            own.feed(token)


# -- applicants who are kept ------------------------------------------------------------------------------

PERSON = {"kind": "citizen", "name": " 张  三 ", "id_type": "resident_id",
          "id_number": "11010519491231002X", "phone": "13800000000"}  # fmt: skip
COMPANY = {"kind": "organisation", "org_name": "某某公司", "credit_code": "91110000600037341L",
           "agent_name": "李四", "more": "不留"}  # fmt: skip


def wrong(call, *given):
    with pytest.raises(BadInput) as caught:
        call(*given)
    return [error.field for error in caught.value.errors]


@LONG
def test_applicants_are_kept_changed_and_dropped_by_their_holder_alone(town, mine):
    saved = SavedApplicants(town.office)
    assert saved.all(mine) == [] and saved.own_contact(mine) == {"email": OWN.text}
    assert [saved.keep(mine, None, PERSON, True), saved.keep(mine, None, COMPANY, False)] == [1, 2]
    first, second = saved.all(mine)
    assert (first.title, second.title) == ("张 三", "某某公司（代理人 李四）")
    assert first.fields["id_number"] == PERSON["id_number"] and second.fields["credit_code"] == ""
    assert "more" not in second.fields and saved.one(mine, 2) == second
    assert saved.keep(mine, 1, {**PERSON, "name": "张三丰"}, False) == 1
    assert [one.title for one in saved.all(mine)] == ["张三丰", second.title]
    assert saved.one(mine, 1).fields["id_number"] == ""
    other = signed_in(town, Address("phone", "13800001111"))
    assert saved.all(other) == [] and saved.own_contact(other) == {"phone": "13800001111"}
    for call in (lambda: saved.one(other, 1), lambda: saved.keep(other, 1, PERSON, True),
                 lambda: saved.keep(mine, 3, PERSON, True)):  # fmt: skip
        with pytest.raises(Missing, match="没有保存这位申请人"):
            call()
    saved.drop(mine, 1)
    assert [one.which for one in saved.all(mine)] == [2]
    assert saved.keep(mine, None, PERSON, True) == 3
    for which in (2, 3):
        saved.drop(mine, which)
    assert saved.all(mine) == []


@LONG
def test_what_is_wrong_with_a_kept_applicant_stands_at_its_field(town, mine):
    saved = SavedApplicants(town.office)
    for typed, field in (
        ({}, "kind"),
        ({"kind": "agency", "name": "x"}, "kind"),
        ({"kind": "citizen", "org_name": "x"}, "name"),
        ({"kind": "organisation", "name": "x"}, "org_name"),
        ({**PERSON, "address": "长" * 201}, "address"),
        ({**PERSON, "id_number": "110105194912310021"}, "id_number"),
        ({**PERSON, "agent_id_type": "resident_id", "agent_id_number": "1"}, "agent_id_number"),
        ({**PERSON, "email": "zhang"}, "email"),
    ):
        assert wrong(saved.keep, mine, None, typed, True) == [field], typed
    assert saved.all(mine) == []
    assert saved.keep(mine, None, {**PERSON, "address": "长" * 200}, True) == 1


@LONG
def test_fifty_applicants_are_the_most(town, mine, monkeypatch):
    from workflow.service.applicants import saved as module

    assert module.MOST == 50
    monkeypatch.setattr(module, "MOST", 2)
    saved = SavedApplicants(town.office)
    for _ in range(2):
        saved.keep(mine, None, PERSON, True)
    assert wrong(saved.keep, mine, None, PERSON, True) == ["name"]
    assert saved.keep(mine, 2, PERSON, True) == 2


# -- what is taken away -----------------------------------------------------------------------------------


@LONG
def test_what_is_taken_away_is_everything_of_the_account(town, own, mine):
    made = filed(town, own, mine)
    own.remind(mine, ["mail"])
    SavedApplicants(town.office).keep(mine, None, PERSON, True)
    corrected(town, made)
    town.now += timedelta(minutes=5)
    town.moving.apply_as_applicant(made.number, made.query_code, "correct", {"on": "2024-05-07", "text": "2023 年"})  # fmt: skip
    found = Exports(town.office).of(mine)
    assert found.taken_at == town.now
    account = found.account
    assert (account["addresses"], account["reminded_through"]) == ({"email": OWN.text}, ["mail"])
    assert account["applicants"][0]["name"] == "张 三" and account["passkeys"] == []
    (one,) = found.requests
    assert one["number"] == made.number and one["items"] == ["2023年度农村公路养护合同"]
    assert one["applicant"]["name"] == "张三丰" and one["applicant"]["phone"] == "13800000000"
    assert not {"gaps", "arrival"} & set(one["applicant"])
    assert one["written"] == [{"on": "2024-05-07", "text": "2023 年"}]
    assert one["submitted_at"] == "2024-05-06T10:00+08:00" and one["closed_on"] is None
    sheets = {sheet.title: sheet.rows for sheet in found.sheets()}
    assert list(sheets) == ["我的申请", "经过", "答复", "补正和说明", "本人提交的材料", "各栏说明"]
    assert sheets["补正和说明"] == [(made.number, one["agency"], "2024-05-07", "2023 年")]
    assert len(sheets["经过"]) == len(one["steps"]) and sheets["答复"] == []
    (line,) = sheets["我的申请"]
    assert line[0] == made.number and line[-1] == made.query_code and "13800000000" in line
    assert found.as_dict()["requests"] == [one]
