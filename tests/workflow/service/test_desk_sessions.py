"""Sessions of the desk begin and end on the server."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.counting import work
from tests.workflow.service.sign_in import SignIn
from workflow.people import LONGEST_SESSION
from workflow.service import Missing
from workflow.service.audit import Audit
from workflow.service.desk_sessions import DeskSessions, InSession
from workflow.store.session_models import DeskSessionRow

OLD, NEW = "Blue-Paper-42", "Green-Paper-43"
IDLE = timedelta(minutes=30)


class House(SignIn):
    CLERKS = {"lifang": OLD, "zhaoming": OLD}  # noqa: RUF012 - of this office alone
    HOUR = 8

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.sessions = DeskSessions(self.office, IDLE, password_days=90)

    def begin(self, name: str = "lifang", device: str = "Firefox，Windows") -> str:
        staff = self.office.staff(name)
        assert staff is not None
        return self.sessions.begin(staff, device)

    def found(self, session_id: str) -> InSession:
        found = self.sessions.found(session_id)
        assert found is not None
        return found

    def over(self, session_id: str) -> bool:
        return self.found(session_id).over

    def rows(self) -> list[DeskSessionRow]:
        with self.office.store.read() as unit:
            return list(unit.session.scalars(select(DeskSessionRow).order_by(DeskSessionRow.id)))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House.opened(tmp_path) as found:
        yield found


def test_a_session_is_found_by_what_the_browser_holds_and_only_its_hash_is_kept(house):
    one, other = house.begin(), house.begin("zhaoming")
    assert house.found(one).staff.name == "lifang" and house.found(other).staff.name == "zhaoming"
    assert house.sessions.found("made up") is None and one != other
    assert one not in {str(value) for row in house.rows() for value in vars(row).values()}
    assert house.found(one).staff.roles == {"panlong": frozenset(("clerk",))}


def test_signing_out_ends_it_and_no_other(house):
    one, other = house.begin(), house.begin()
    house.sessions.end(house.found(one))
    assert house.over(one) and not house.over(other)


def test_it_lasts_twelve_hours_however_busy_somebody_is(house):
    one = house.begin()
    for _ in range(35):
        house.later(minutes=20)
        house.sessions.seen(house.found(one))
    house.later(minutes=20, seconds=-1)
    assert not house.over(one)
    house.later(seconds=1)
    assert house.over(one) and timedelta(hours=12) == LONGEST_SESSION


def test_idle_is_told_by_the_later_of_what_is_kept_and_what_the_browser_says(house):
    one, began = house.begin(), house.moment
    house.later(minutes=30)
    assert not house.sessions.is_idle(house.found(one), began)
    house.later(seconds=1)
    assert house.sessions.is_idle(house.found(one), began)
    assert house.sessions.is_idle(house.found(one), began - timedelta(hours=1))
    assert not house.sessions.is_idle(house.found(one), began + timedelta(seconds=1))


def test_that_somebody_was_there_is_written_once_a_minute(house):
    one = house.begin()
    house.later(seconds=59)
    here = house.found(one)
    with work() as done:
        house.sessions.seen(here)
    assert done.statements == 0
    house.later(seconds=1)
    house.sessions.seen(house.found(one))
    assert house.found(one).seen_at == house.moment


def test_an_earlier_click_that_comes_late_turns_no_clock_back(house):
    one = house.begin()
    before = house.found(one)
    house.later(minutes=2)
    house.sessions.seen(before)
    house.later(minutes=-1)
    house.sessions.seen(before)
    assert house.found(one).seen_at == house.moment + timedelta(minutes=1)


def test_ones_own_are_listed_the_latest_click_first(house):
    first = house.begin(device="Edge，Windows")
    house.later(minutes=5)
    second = house.begin(device="微信，安卓")
    for _ in range(2):
        house.begin("zhaoming")
    house.sessions.end(house.found(house.begin()))
    own = house.sessions.own(house.found(first))
    assert [(one.device, one.here) for one in own] == [
        ("微信，安卓", False),
        ("Edge，Windows", True),
    ]
    house.later(minutes=26, seconds=1)
    assert [one.device for one in house.sessions.own(house.found(second))] == ["微信，安卓"]
    assert house.sessions.how_many("lifang") == 1 and house.sessions.how_many("nobody") == 0


def test_one_of_ones_own_is_ended_and_nobody_elses(house):
    mine, other, hers = house.begin(), house.begin(), house.begin("zhaoming")
    house.sessions.end_one(house.found(mine), house.found(other).id)
    assert house.over(other) and not house.over(mine)
    for which in (house.found(hers).id, house.found(other).id, 999):
        with pytest.raises(Missing, match="没有这次登录"):
            house.sessions.end_one(house.found(mine), which)
    assert not house.over(hers)


def test_all_others_are_ended(house):
    mine, others, hers = house.begin(), [house.begin(), house.begin()], house.begin("zhaoming")
    assert house.sessions.end_others(house.found(mine)) == 2
    assert all(house.over(one) for one in others) and not house.over(mine) and not house.over(hers)
    assert house.sessions.end_others(house.found(mine)) == 0


def test_a_new_password_ends_all_of_them(house):
    mine, hers = house.begin(), house.begin("zhaoming")
    house.accounts.change_password("lifang", OLD, NEW)
    assert house.over(mine) and not house.over(hers)
    again = house.begin()
    house.room.reset_password(None, "lifang")
    assert house.over(again)


def test_who_is_disabled_is_nobody_and_stays_out_when_enabled_again(house):
    mine = house.begin()
    house.room.disable(None, "lifang")
    assert house.sessions.found(mine) is None
    house.room.enable(None, "lifang")
    assert house.over(mine)


def test_who_administers_ends_all_and_it_stands_in_the_audit(house):
    mine, other = house.begin(), house.begin()
    admin, before = house.office.staff("admin"), house.office.staff("lifang").session_stamp
    assert house.room.end_sessions(admin, "lifang") == 2
    assert house.over(mine) and house.over(other)
    assert house.office.staff("lifang").session_stamp != before, "what was begun ends too"
    assert house.room.end_sessions(admin, "lifang") == 0
    told = [(line.what, line.about) for line in Audit(house.office).latest(admin, "panlong")]
    assert told.count(("退出全部登录", "lifang")) == 1


def test_what_is_over_by_its_length_is_forgotten_with_the_next_login(house):
    house.begin()
    house.later(hours=11, minutes=59)
    house.begin()
    assert len(house.rows()) == 2
    house.later(minutes=1)
    house.begin("zhaoming")
    assert len(house.rows()) == 2


def test_an_old_password_must_be_changed_and_a_young_or_unknown_one_not(house):
    house.later(days=90, seconds=-1)
    assert not house.found(house.begin()).password_old
    house.later(seconds=1)
    one = house.found(house.begin())
    assert one.password_old and one.staff.must_change_password
    unlimited = DeskSessions(house.office, IDLE)
    assert not unlimited.found(house.begin()).password_old
    house.accounts.change_password("lifang", OLD, NEW)
    assert not house.found(house.begin()).password_old
    with house.office.store.write() as unit:
        unit.user("zhaoming").password_set_at = None
    assert not house.found(house.begin("zhaoming")).password_old
