"""Bearer tokens: what opens the API, for what and how long."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from config.errors import Unavailable
from tests.counting import work
from tests.webui.api.program import Program, application
from tests.webui.conftest import PASSWORD
from tests.workflow.service.sampling import quick_hashes
from workflow.service.accounts import Accounts
from workflow.service.staff import StaffRoom
from workflow.store.people import person_with_token
from workflow.store.sealed import token_hash
from workflow.store.session_models import TokenRow

ASSIGN = {"event": "assign", "on": "2024-05-06"}


@pytest.mark.parametrize(
    ("header", "said"),
    [
        *((header, "Bearer") for header in ("", "Bearer", "Bearer ", "Basic {token}", "{token}")),
        *((header, 'Bearer error="invalid_token"') for header in ("Bearer nonsense", "bearer é")),
    ],
)
def test_without_a_good_token_staff_calls_are_401(app, office, header, said):
    program = Program(app)
    program.headers = {
        "Authorization": header.format(token=Accounts(office).create_token("lifang"))
    }
    for answer in (
        program.get("/cases"),
        program.get("/cases/2024-0001"),
        program.get("/cases/2024-0001/deadlines"),
        program.get("/reports/panlong/2024/tables"),
        program.get("/reports/panlong/2024/cells/new_received/total"),
        program.post("/cases", {}),
        program.post("/cases/2024-0001/events", ASSIGN),
    ):
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"] == said
        assert answer.mimetype == "application/problem+json"


def test_a_login_at_the_desk_opens_no_call(staff):
    assert staff("lifang").get("/api/v1/cases").status == 401


def test_a_token_ends_on_its_day(app, office, today):
    program = Program(app, Accounts(office).create_token("lifang", days=7))
    today.is_("2024-05-13")
    today.moment -= timedelta(seconds=1)
    assert program.get("/cases").status_code == 200
    today.moment += timedelta(seconds=1)
    assert program.get("/cases").status_code == 401


def test_a_token_lives_a_year_unless_said_otherwise(office):
    Accounts(office).create_token("lifang")
    [token] = Accounts(office).tokens("lifang")
    assert token.expires_at - token.created_at == timedelta(365)


def test_a_token_does_not_outlive_its_users_activity(app, office):
    program = Program(app, Accounts(office).create_token("lifang"))
    with office.store.write() as unit:
        row = unit.user("lifang")
        row.active = False
    assert program.get("/cases").status_code == 401
    [token] = Accounts(office).tokens("lifang")
    assert not token.good_at(office.now())


def test_a_role_taken_away_is_taken_from_the_token(app, office):
    program = Program(app, Accounts(office).create_token("lifang"))
    program.file()
    with office.store.write() as unit:
        row = unit.user("lifang")
        row.roles.clear()
    assert program.get("/cases/2024-0001").status_code == 403


def test_a_token_for_reading_does_not_write(program, counted):
    number, _ = program().file()
    reader = program("lifang", "read")
    assert reader.get(f"/cases/{number}").status_code == 200
    for answer in (
        reader.post(f"/cases/{number}/events", ASSIGN),
        reader.post("/cases", application(channel="in_person", on="2024-05-06")),
    ):
        assert answer.status_code == 403 and 'scope="write"' in answer.headers["WWW-Authenticate"]
        assert answer.mimetype == "application/problem+json" and "write" in answer.json["detail"]
    assert counted() == 1
    writer = program("lifang", "write")
    assert writer.get(f"/cases/{number}").status_code == 403
    assert writer.post(f"/cases/{number}/events", ASSIGN).status_code == 200


def test_only_the_hash_of_a_token_is_kept(office):
    token = Accounts(office).create_token("lifang")
    with office.store.read() as unit:
        [row] = unit.session.scalars(select(TokenRow))
        assert token not in {str(getattr(row, column.key)) for column in TokenRow.__table__.columns}


def test_the_use_is_noted_once_a_day_where_it_reads_and_once_an_hour_where_it_writes(
    program, office, today
):
    number, _ = program().file()
    lifang = program("lifang")

    def noted():
        return Accounts(office).tokens("lifang")[0].last_used_at

    assert noted() is None
    lifang.get("/cases")
    first = noted()
    assert first == today()
    today.moment += timedelta(hours=5)
    lifang.get("/cases")
    assert noted() == first, "the day is known"
    lifang.post(f"/cases/{number}/events", ASSIGN)
    wrote = noted()
    assert wrote == today()
    today.moment += timedelta(minutes=59)
    lifang.post(f"/cases/{number}/events", {**ASSIGN, "to": "农业中心"})
    assert noted() == wrote
    today.moment += timedelta(minutes=1)
    lifang.post(f"/cases/{number}/events", {**ASSIGN, "to": "财政所"})
    assert noted() == today()
    today.moment += timedelta(days=1)
    lifang.get("/cases")
    assert noted() == today()


@pytest.mark.parametrize(
    ("caller", "told"),
    [("10.3.4.77", "10.3.4.0/24"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", "")],
)
def test_of_where_it_was_used_from_the_network_is_kept(app, office, caller, told):
    program = Program(app, Accounts(office).create_token("lifang"))
    program.client.environ_base["REMOTE_ADDR"] = caller
    assert program.get("/cases").status_code == 200
    assert Accounts(office).tokens("lifang")[0].last_used_from == told


def test_a_use_that_cannot_be_noted_refuses_no_reading(program, monkeypatch):
    def away(*_, **__):
        raise Unavailable

    lifang = program("lifang")
    monkeypatch.setattr(Accounts, "token_used", away)
    assert lifang.get("/cases").status_code == 200


def test_a_refused_token_is_not_used(program, office):
    reader = program("lifang", "read")
    assert reader.post("/cases", {}).status_code == 403
    assert Accounts(office).tokens("lifang")[0].last_used_at is None


def test_why_a_token_ended_is_kept(office, program):
    accounts, room = Accounts(office), StaffRoom(office, Accounts(office))

    def why(name):
        return [(one.state_at(office.now()), one.ended_by) for one in accounts.tokens(name)]

    for name in ("lifang", "zhaoming", "chen"):
        accounts.create_token(name, days=7)
    accounts.revoke_token(accounts.tokens("lifang")[0].id)
    room.disable(None, "zhaoming")
    with quick_hashes():
        room.reset_password(None, "chen")
    accounts.create_token("chen")
    assert why("lifang") == [("ended", "operator")]
    assert why("zhaoming") == [("ended", "disabled")]
    assert why("chen") == [("ended", "password"), ("waiting", "")]


def test_a_revoked_token_opens_nothing(app, office):
    program = Program(app, Accounts(office).create_token("lifang"))
    assert program.get("/cases").status_code == 200
    Accounts(office).revoke_token(Accounts(office).tokens("lifang")[0].id)
    assert program.get("/cases").status_code == 401


def test_a_token_is_refused_until_the_one_time_password_was_changed(program, office):
    caller = program("lifang")
    assert caller.get("/cases").status_code == 200
    with office.store.write() as unit:
        unit.user("lifang").must_change_password = True
    answer = caller.get("/cases")
    assert answer.status_code == 403 and "一次性密码还没有修改" in answer.json["detail"]


def test_a_new_password_of_ones_own_ends_the_tokens_and_nobody_elses(program, office):
    mine, hers = program("lifang"), program("zhaoming")
    with quick_hashes():
        Accounts(office).change_password("lifang", PASSWORD, "Green-Ink-77")
    assert mine.get("/cases").status_code == 401 and hers.get("/cases").status_code == 200
    assert program("lifang").get("/cases").status_code == 200, "one that is made anew"


def test_tokens_that_waited_for_the_first_password_of_ones_own_are_good_after_it(app, office):
    """`gongkai user create` without a password of its own, a token, then the first login (DESIGN.md)."""
    accounts = Accounts(office)
    with quick_hashes():
        accounts.create(
            "linxy", "panlong", ("clerk",), password="One-Time-Pass-7", must_change=True
        )
        caller = Program(app, accounts.create_token("linxy"))
        assert caller.get("/cases").status_code == 403
        accounts.change_password("linxy", "One-Time-Pass-7", "Green-Ink-77")
        assert caller.get("/cases").status_code == 200
        accounts.change_password("linxy", "Green-Ink-77", "Blue-Ink-78")
    assert caller.get("/cases").status_code == 401


def test_a_password_that_is_set_by_the_operator_makes_no_token_wait(app, office):
    accounts = Accounts(office)
    with quick_hashes():
        accounts.create("linxy", "panlong", ("clerk",), password="Green-Ink-77")
    assert Program(app, accounts.create_token("linxy")).get("/cases").status_code == 200


def test_a_reset_password_ends_the_tokens_and_new_ones_wait(app, office, program):
    before = program("lifang")
    with quick_hashes():
        StaffRoom(office, Accounts(office)).reset_password(None, "lifang")
    assert before.get("/cases").status_code == 401
    assert program("lifang").get("/cases").status_code == 403


def test_who_is_disabled_has_no_token_any_more_also_when_enabled_again(office, program):
    room, caller = StaffRoom(office, Accounts(office)), program("lifang")
    room.disable(None, "lifang")
    assert caller.get("/cases").status_code == 401
    room.enable(None, "lifang")
    assert caller.get("/cases").status_code == 401


def test_a_role_revoked_closes_the_calls_that_it_opened(office, program):
    number, _ = program().file()
    caller = program("lifang")
    assert caller.get(f"/cases/{number}").status_code == 200
    StaffRoom(office, Accounts(office)).revoke(None, "lifang", "panlong", "clerk")
    assert caller.get(f"/cases/{number}").status_code == 403


def test_the_mark_of_the_rules_comes_with_who_asks(program, office):
    token = program("lifang").headers["Authorization"].removeprefix("Bearer ")
    with office.store.read() as unit:
        assert person_with_token(unit, token_hash(token), office.today()) is not None
        with work() as done:
            mark = unit.rules_mark
        assert done.statements == 0 and mark == unit.stamp("rules") != ""
