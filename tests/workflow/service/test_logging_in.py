"""Who guesses is slowed, and nobody else; no answer tells whether there is an account."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.counting import work
from tests.workflow.service.sign_in import SignIn
from workflow import people
from workflow.refusal import BadInput
from workflow.service.limits import TooOften
from workflow.service.wrong_passwords import Source
from workflow.store.audit import lines_of_people
from workflow.store.session_models import WrongPasswordRow

GOOD, WRONG = "Blue-Paper-42", "Red-Paper-43"
HERE, THERE = Source("10.0.0.1"), Source("10.0.0.2")
AT_THE_DESK = Source(HERE.place, device="known")
REFUSED, WAIT = (
    "用户名或者密码不正确",
    "输错的次数过多，请 20 分钟后再试；忘记密码的，请系统管理员重设",
)


class House(SignIn):
    CLERKS = {"lifang": GOOD, "zhaoming": None, "chen": GOOD}  # noqa: RUF012 - of this office alone

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.room.disable(None, "chen")

    def says(self, name: str, password: str, source: Source = HERE) -> str:
        """What somebody is told; empty where they come in."""
        try:
            self.accounts.log_in(name, password, source)
        except (BadInput, TooOften) as error:
            return error.errors[0].message if isinstance(error, BadInput) else str(error)
        return ""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House.opened(tmp_path) as found:
        yield found


def test_the_fifth_wrong_password_closes_the_account_for_that_source_alone(house):
    assert [house.says("lifang", WRONG) for _ in range(5)] == [REFUSED] * 5
    assert house.says("lifang", GOOD) == WAIT
    assert house.says("lifang", GOOD, THERE) == ""
    house.later(minutes=20, seconds=-1)
    assert house.says("lifang", GOOD) == WAIT
    house.later(seconds=1)
    assert house.says("lifang", GOOD) == ""


def test_the_time_runs_from_the_last_failure_and_four_are_forgiven_by_the_right_one(house):
    for _ in range(4):
        house.says("lifang", WRONG)
        house.later(minutes=15)
    assert house.says("lifang", WRONG) == REFUSED and house.says("lifang", GOOD) == WAIT
    house.later(minutes=20)
    for _ in range(3):
        assert [house.says("lifang", WRONG) for _ in range(4)] == [REFUSED] * 4
        assert house.says("lifang", GOOD) == ""


def test_who_is_known_at_the_device_does_not_feel_who_guesses_from_the_same_address(house):
    for n in range(40):
        assert house.says(f"nobody{n}", WRONG) == REFUSED
    assert house.says("lifang", GOOD) == WAIT, "an address that failed for forty accounts"
    assert house.says("lifang", GOOD, AT_THE_DESK) == ""
    for _ in range(5):
        house.says("lifang", WRONG, AT_THE_DESK)
    assert house.says("lifang", GOOD, AT_THE_DESK) == WAIT, "five tries, there as well"
    assert house.says("lifang", GOOD, THERE) == ""


def test_thirty_nine_failures_of_an_address_do_not_close_it(house):
    for n in range(39):
        house.says(f"nobody{n}", WRONG)
    assert house.says("lifang", GOOD) == ""


def test_a_guesser_from_many_addresses_has_one_try_from_each(house):
    for n in range(30):
        assert house.says("lifang", WRONG, Source(f"10.1.0.{n}")) == REFUSED
    assert house.says("lifang", GOOD, Source("10.1.0.3")) == WAIT
    assert house.says("lifang", GOOD, HERE) == "", "who has not failed comes in at once"
    house.says("lifang", WRONG, AT_THE_DESK)
    assert house.says("lifang", GOOD, AT_THE_DESK) == "", "and who is known may mistype"


def test_twenty_nine_failures_from_everywhere_slow_nobody_who_failed_once(house):
    for n in range(29):
        house.says("lifang", WRONG, Source(f"10.1.0.{n}"))
    assert house.says("lifang", GOOD, Source("10.1.0.3")) == ""


def test_every_account_answers_alike_at_the_same_cost(house, monkeypatch):
    """There or not, disabled, without password: the same sentences, hashes and statements, at every try."""
    hashes, fits = [], people.password_fits
    monkeypatch.setattr(people, "password_fits", lambda *given: hashes.append(1) or fits(*given))
    told = {}
    for name in ("lifang", "chen", "zhaoming", "nobody", "另一个"):
        told[name] = []
        for turn in range(7):
            hashes.clear()
            with work() as done:
                said = house.says(name, WRONG, Source(f"10.2.0.{len(told)}"))
            # At the fifth a line of the audit is written of who is there.
            told[name].append((said, len(hashes), done.statements if turn != 4 else None))
    assert [said for said, _, _ in told["nobody"]] == [REFUSED] * 5 + [WAIT] * 2
    assert [count for _, count, _ in told["nobody"]] == [1] * 5 + [0] * 2
    assert all(one == told["nobody"] for one in told.values()), told


def test_the_right_password_of_a_disabled_account_opens_nothing(house):
    assert house.says("chen", GOOD) == REFUSED
    house.room.enable(None, "chen")
    assert house.says("chen", GOOD) == ""


def test_who_administers_sees_from_how_many_sources_and_lets_them_try_again(house):
    for n in (1, 2):
        for _ in range(5):
            house.says("lifang", WRONG, Source(f"10.3.0.{n}"))
    house.says("lifang", WRONG, HERE)
    assert house.room.one(None, "lifang").slowed == 2
    assert {one.name: one.slowed for one in house.room.listed(None)}["zhaoming"] == 0
    assert house.room.unlock(None, "lifang") and not house.room.unlock(None, "lifang")
    assert house.room.one(None, "lifang").slowed == 0
    assert house.says("lifang", GOOD, Source("10.3.0.1")) == ""


def test_another_password_lets_all_try_again(house):
    for _ in range(5):
        house.says("lifang", WRONG)
    password = house.room.reset_password(None, "lifang")
    assert house.says("lifang", password) == ""


def test_that_somebody_guesses_is_written_once_and_only_of_who_is_there(house):
    for n in range(3):
        for _ in range(5):
            house.says("lifang", WRONG, Source(f"10.3.0.{n}"))
            house.says("nobody", WRONG, Source(f"10.4.0.{n}"))
    with house.office.store.read() as unit:
        body = unit.agency("panlong").id
        lines = lines_of_people(unit, ["user_locked"], agency_id=body)
        assert [line.about for line in lines] == ["lifang"]


def test_neither_name_nor_address_is_kept_and_nothing_when_its_time_is_over(house):
    house.says("lifang", WRONG)
    with house.office.store.read() as unit:
        (row,) = unit.session.scalars(select(WrongPasswordRow))
        assert row.times == 1 and not {"lifang", HERE.place} & {row.account, row.source}
    house.later(minutes=20)
    house.says("nobody", WRONG)
    with house.office.store.read() as unit:
        (left,) = unit.session.scalars(select(WrongPasswordRow))
        assert left.account != row.account
