"""Addresses of other systems: who may see to them, what can be one, and that every change stands in the audit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest

from tests.workflow.service.hooks.hooked import URL, Hooked, wanted
from workflow.refusal import BadInput, Denied
from workflow.service import Missing
from workflow.service.audit import TOLD
from workflow.service.forgetting import forget_all
from workflow.service.hooks.happened import on_its_way
from workflow.service.hooks.sending import NOT_REACHED
from workflow.store import hooks as hook_queries
from workflow.store.audit import lines_of_people

ACTIONS = (
    "hook_added", "hook_changed", "hook_secret_renewed", "hook_sent_again", "hook_removed",
)  # fmt: skip


def test_an_address_is_shown_without_its_secret(hooked: Hooked) -> None:
    which, secret = hooked.add(events=("receive", "archive"))
    one = hooked.receivers.one(hooked.town.staff("guanli"), which)
    assert (one.name, one.url, one.host) == ("县 OA", URL, "https://oa.example")
    assert (one.events, one.active, one.allowed) == (("receive", "archive"), True, True)
    assert secret not in repr(one) and len(secret) == len("whsec_") + 44


@pytest.mark.parametrize(
    ("field", "bent"),
    [
        ("hook_name", {"name": " "}),
        ("hook_name", {"name": "长" * 61}),
        ("hook_name", {"name": "\u200b\u2060"}),
        ("hook_name", {"name": "县\u202eAO"}),
        ("hook_name", {"name": "县\x07 OA"}),
        ("url", {"url": ""}),
        ("url", {"url": "oa.example/in"}),
        ("url", {"url": "ftp://oa.example/in"}),
        ("url", {"url": "http://oa.example/in"}),
        ("url", {"url": "https://oa.example:8443/in"}),
        ("url", {"url": "https://elsewhere.example/in"}),
        ("url", {"url": "https://oa.example.evil.example/in"}),
        ("url", {"url": "https://oa.example@evil.example/in"}),
        ("url", {"url": "https://evil.example\\@oa.example/in"}),
        ("url", {"url": "https://oa.example/in#part"}),
        ("url", {"url": "https://oa.example/in\r\nX: y"}),
        ("url", {"url": "https://oa.example/" + "x" * 500}),
        ("events", {"events": ()}),
        ("events", {"events": ("receive", "nothing")}),
    ],
)
def test_what_is_no_address_is_said_at_its_field_and_nothing_is_written(
    hooked: Hooked, field: str, bent: dict[str, object]
) -> None:
    with pytest.raises(BadInput) as refused:
        hooked.add(**bent)
    assert [one.field for one in refused.value.errors] == [field]
    which, _ = hooked.add()
    with pytest.raises(BadInput):
        hooked.receivers.change(hooked.town.staff("guanli"), which, wanted(**bent))
    assert len(hooked.receivers.listed(hooked.town.staff("guanli"))) == 1
    assert hooked.receivers.one(hooked.town.staff("guanli"), which).url == URL


def test_where_the_operator_allows_no_server_none_can_be_set_up(hooked: Hooked) -> None:
    nothing = Hooked(hooked.town, hosts="")
    with pytest.raises(BadInput) as refused:
        nothing.add()
    assert "允许推送的主机" in refused.value.errors[0].message


def test_what_the_operator_allows_no_more_can_be_renamed_and_switched_off_and_nothing_else(
    hooked: Hooked,
) -> None:
    which, _ = hooked.add()
    staff, later = hooked.town.staff("guanli"), Hooked(hooked.town, hosts="other.example")
    assert later.receivers.change(staff, which, wanted(name="旧 OA", active=False))
    one = later.receivers.one(staff, which)
    assert (one.name, one.url, one.active, one.allowed) == ("旧 OA", URL, False, False)
    (error,) = refused(lambda: later.receivers.change(staff, which, wanted(url=f"{URL}&more")))
    assert error[0] == "url" and "不能推送到" in error[1]


def test_an_address_does_not_go_while_a_case_moves(hooked: Hooked) -> None:
    """On PostgreSQL the delivery of an event that is under way was not seen, and kept the address from going."""
    staff, store = hooked.town.staff("guanli"), hooked.town.office.store
    which, _ = hooked.add()
    with ThreadPoolExecutor(1) as beside:
        with store.write_cases() as unit:
            now = hooked.town.office.now()
            row = {**on_its_way(which, "assign", {}, now, now), "case_id": None, "about": ""}
            hook_queries.add(unit, [row])
            gone = beside.submit(hooked.receivers.remove, staff, which)
            with pytest.raises(TimeoutError):
                gone.result(timeout=0.3)
        assert gone.result(timeout=20) == "县 OA"
    assert hooked.rows() == [] and hooked.receivers.listed(staff) == []


def test_who_administers_sees_to_those_of_the_own_body_and_below_and_nobody_else(
    hooked: Hooked,
) -> None:
    which, _ = hooked.add()
    above, _ = hooked.add("county", "yanshan")
    town, receivers = hooked.town, hooked.receivers
    assert [one.id for one in receivers.listed(town.staff("county"))] == [which, above]
    assert [one.id for one in receivers.listed(town.staff("guanli"))] == [which]
    for name in ("lifang", "sunli", "guanli"):
        staff, number = town.staff(name), above if name == "guanli" else which
        for do in (
            lambda s, n: receivers.one(s, n),
            lambda s, n: receivers.deliveries(s, n),
            lambda s, n: receivers.change(s, n, wanted(name="别的")),
            lambda s, n: receivers.renew_secret(s, n),
            lambda s, n: receivers.try_out(s, n),
            lambda s, n: receivers.send_again(s, n, 1),
            lambda s, n: receivers.send_failed_again(s, n, date(2024, 5, 6)),
            lambda s, n: receivers.remove(s, n),
        ):
            with pytest.raises(Missing):
                do(staff, number)
    for name, agency in (("lifang", "panlong"), ("sunli", "panlong"), ("guanli", "yanshan")):
        with pytest.raises((Missing, Denied)):
            hooked.add(name, agency)
    assert [one.name for one in receivers.listed(town.staff("county"))] == ["县 OA", "县 OA"]


def test_every_change_stands_in_the_audit_with_the_server_and_no_more(hooked: Hooked) -> None:
    staff = hooked.town.staff("guanli")
    which, secret = hooked.add(events=("receive",))
    assert not hooked.receivers.change(staff, which, wanted(events=("receive",)))
    assert hooked.receivers.change(staff, which, wanted(name="省平台"))
    new = hooked.receivers.renew_secret(staff, which)
    hooked.town.file()
    for _ in range(3):
        one = hooked.outbox.claim()
        assert one is not None
        hooked.outbox.sent(one, 200)
    hooked.receivers.send_again(staff, which, hooked.rows()[0].id)
    assert hooked.receivers.remove(staff, which) == "省平台"
    with hooked.town.office.store.read() as unit:
        lines = lines_of_people(unit, ACTIONS, agency_id=2)
    assert [line.action for line in lines] == list(ACTIONS)
    assert {line.actor for line in lines} == {"guanli"}
    assert {line.details["host"] for line in lines} == {"https://oa.example"} and "host" in TOLD
    whole = "".join(f"{line.about}{line.details}" for line in lines)
    assert "hush" not in whole and secret not in whole and new not in whole


def test_what_failed_since_a_day_goes_once_more_and_one_by_itself(hooked: Hooked) -> None:
    staff = hooked.town.staff("guanli")
    which, _ = hooked.add(events=("receive",))
    for day in ("2024-05-06", "2024-05-07"):
        hooked.town.is_(day)
        hooked.town.file()
        one = hooked.outbox.claim()
        assert one is not None
        hooked.outbox.not_sent(one, "对方说不再接收（410）", 410, final=True)
    keys = [row.key for row in hooked.rows()]
    assert hooked.receivers.send_failed_again(staff, which, date(2024, 5, 8)) == 0
    assert hooked.receivers.send_failed_again(staff, which, date(2024, 5, 7)) == 1
    assert hooked.states() == ["failed", "waiting"]
    with pytest.raises(BadInput, match="已经在等待推送"):
        hooked.receivers.send_again(staff, which, hooked.rows()[1].id)
    hooked.receivers.send_again(staff, which, hooked.rows()[0].id)
    assert hooked.states() == ["waiting"] * 2 and [row.key for row in hooked.rows()] == keys
    assert [row.attempts for row in hooked.rows()] == [0, 0]
    other, _ = hooked.add(name="别的", url="https://oa.example/other")
    with pytest.raises(Missing):
        hooked.receivers.send_again(staff, other, hooked.rows()[0].id)


def test_what_is_switched_off_is_not_tried(hooked: Hooked) -> None:
    staff = hooked.town.staff("guanli")
    which, _ = hooked.add(active=False)
    for do in (
        lambda: hooked.receivers.try_out(staff, which),
        lambda: hooked.receivers.send_again(staff, which, 1),
        lambda: hooked.receivers.send_failed_again(staff, which, date(2024, 5, 6)),
    ):
        assert refused(do) == [("active", "这个地址已经停用，请先启用")]
    assert hooked.rows() == []


def test_a_trial_says_which_body_sent_it_and_is_about_no_case(hooked: Hooked) -> None:
    which, _ = hooked.add()
    hooked.receivers.try_out(hooked.town.staff("guanli"), which)
    (row,), (said,) = hooked.rows(), hooked.said()
    assert (said["type"], said["data"]) == ("test", {"agency": "panlong"})
    assert (row.event, row.about, row.case_id) == ("test", "", None)


def test_the_record_is_read_by_state_and_page(hooked: Hooked) -> None:
    staff = hooked.town.staff("guanli")
    which, _ = hooked.add()
    number = hooked.town.file().number
    one = hooked.outbox.claim()
    assert one is not None
    hooked.outbox.not_sent(one, "对方没有收下（503）", 503)
    lines, total = hooked.receivers.deliveries(staff, which, per_page=2)
    assert (total, [line.event for line in lines]) == (3, ["assign", "receive"])
    (last,), _ = hooked.receivers.deliveries(staff, which, page=2, per_page=2)
    assert (last.about, last.state, last.status, last.attempts) == (number, "waiting", 503, 1)
    assert last.next_at == hooked.town.now + timedelta(minutes=1) and last.may_go_again
    assert hooked.receivers.deliveries(staff, which, state="failed") == ([], 0)
    assert len(hooked.receivers.deliveries(staff, which, state="waiting")[0]) == 3
    assert hooked.receivers.one(staff, which).waiting == 3


def test_what_was_delivered_is_let_go_after_ninety_days(hooked: Hooked) -> None:
    hooked.add(events=("receive",))
    for _ in range(2):
        hooked.town.file()
    one = hooked.outbox.claim()
    assert one is not None
    hooked.outbox.sent(one, 200)
    hooked.town.later(days=90)
    assert forget_all(hooked.town.office)["deliveries_to_systems"] == 0
    hooked.town.later(hours=1)
    assert forget_all(hooked.town.office)["deliveries_to_systems"] == 1
    assert hooked.states() == ["waiting"], "what nobody has taken yet stays"


def test_what_waits_for_its_next_attempt_can_be_tried_at_once(hooked: Hooked) -> None:
    staff = hooked.town.staff("guanli")
    which, _ = hooked.add(events=("receive",))
    hooked.town.file()
    (line,) = hooked.receivers.deliveries(staff, which)[0]
    assert not line.may_go_again
    one = hooked.outbox.claim()
    assert one is not None
    (line,) = hooked.receivers.deliveries(staff, which)[0]
    assert not line.may_go_again
    hooked.outbox.not_sent(one, "对方没有收下（500）", 500)
    (line,) = hooked.receivers.deliveries(staff, which)[0]
    assert line.may_go_again and hooked.outbox.claim() is None
    hooked.receivers.send_again(staff, which, line.id)
    again = hooked.outbox.claim()
    assert again is not None and again.key == one.key


def refused(do: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as told:
        do()
    return [(one.field, one.message) for one in told.value.errors]


@pytest.mark.parametrize("again", [URL, f" {URL} ", "https://OA.example:443/in?key=hush"])
def test_a_body_is_told_once_at_an_address(hooked: Hooked, again: str) -> None:
    staff, said = hooked.town.staff("guanli"), "这个机关已经有推送到这个地址的“县 OA”，请修改那一个"
    first, _ = hooked.add(active=False)
    assert refused(lambda: hooked.add(name="又一个", url=again)) == [("url", said)]
    other, _ = hooked.add(name="又一个", url="https://oa.example/in?key=other")
    change = hooked.receivers.change
    assert refused(lambda: change(staff, other, wanted(url=again))) == [("url", said)]
    assert change(staff, first, wanted(name="县政务 OA", url=again))
    hooked.add("county", "yanshan")
    assert len(hooked.receivers.listed(hooked.town.staff("county"))) == 3


def test_of_two_that_set_up_one_address_at_once_one_does(hooked: Hooked) -> None:
    def add(_: int) -> object:
        try:
            return hooked.add()
        except BadInput:
            return None

    with ThreadPoolExecutor(4) as several:
        done = list(several.map(add, range(4)))
    assert sum(one is not None for one in done) == 1
    assert len(hooked.receivers.listed(hooked.town.staff("guanli"))) == 1


def test_what_waits_goes_to_a_new_address_at_once(hooked: Hooked) -> None:
    which, _ = hooked.add(events=("receive",))
    hooked.town.file()
    one = hooked.outbox.claim()
    assert one is not None
    hooked.outbox.not_sent(one, "对方连接不上，或者证书不可信", NOT_REACHED)
    assert hooked.outbox.claim() is None
    new = "https://oa.example/new"
    assert hooked.receivers.change(hooked.town.staff("guanli"), which, wanted(url=new))
    again = hooked.outbox.claim()
    assert again is not None and (again.key, again.url) == (one.key, new)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://oa.example/接收", "“接”写成 %E6%8E%A5"),
        ("https://oa.example/in box", "空格写成 %20"),
        ("https://县政务.example/in", "xn-- 开头"),
        ("https://oa.example/in\u200b", "看不见的字符"),
        ("https://oa.example/" + "x" * 500, "最多 500 个字"),
    ],
)
def test_what_is_wrong_in_an_address_is_said(hooked: Hooked, url: str, said: str) -> None:
    ((field, message),) = refused(lambda: hooked.add(url=url))
    assert field == "url" and said in message


def test_a_name_is_kept_on_one_line(hooked: Hooked) -> None:
    which, _ = hooked.add(name=" 县\u3000 OA\n")
    assert hooked.receivers.one(hooked.town.staff("guanli"), which).name == "县 OA"


def test_what_waits_for_an_earlier_one_of_its_case_says_so(hooked: Hooked) -> None:
    staff = hooked.town.staff("guanli")
    which, _ = hooked.add(events=("submit", "receive"))
    first, _second = hooked.town.file().number, hooked.town.file().number
    one = hooked.outbox.claim()
    assert one is not None
    hooked.outbox.not_sent(one, "对方没有收下（500）", 500)

    def behind() -> list[tuple[str, bool]]:
        lines = hooked.receivers.deliveries(staff, which)[0]
        return [(line.event, line.behind) for line in lines if line.about == first]

    assert behind() == [("receive", True), ("submit", False)]
    hooked.town.now += timedelta(minutes=1)
    while (one := hooked.outbox.claim()) is not None and len(behind()) == 2:
        hooked.outbox.sent(one, 200)
    assert behind() == [("receive", False), ("submit", False)]
