"""`gongkai user`: list, disable, enable, unlock, reset-password, reset-factor, link, grant, revoke."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config.settings import load
from gongkai import main
from tests.tampering import tampering
from tests.workflow.service.sampling import quick_hashes
from workflow.refusal import BadInput
from workflow.service.accounts import Accounts
from workflow.service.installation import open_office
from workflow.service.limits import TooOften
from workflow.store.factor_models import DirectoryLinkRow, StaffTotpRow

PASSWORD = "Blue-Paper-42"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command over a new store with a body, its administrator, and a clerk."""
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("GONGKAI_DATABASE_URL", raising=False)

    def running(*words: str, said: str = "") -> Result:
        with quick_hashes():
            return CliRunner().invoke(main, list(words), input=said)

    made = running("init", "--agency", "panlong", "--name", "盘龙乡", "--level", "township")
    assert made.exit_code == 0, made.output
    made = running(
        "user", "create", "--name", "lifang", "--display-name", "李芳", "--agency", "panlong",
        "--role", "clerk", "--password-stdin", said=f"{PASSWORD}\n",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    return running


def listed(run: Run) -> dict[str, dict]:
    return {one["name"]: one for one in json.loads(run("user", "list", "--json").stdout)["users"]}


def accounts() -> Accounts:
    return Accounts(open_office(load()))


def test_the_first_administrator_holds_administration_alone_and_is_told_who_is_missing(
    run: Run,
) -> None:
    assert listed(run)["admin"]["roles"] == {"panlong": ["system_admin"]}
    told = run("init", "--agency", "b", "--name", "乙", "--level", "county", "--if-new")
    assert told.exit_code == 0 and told.stdout == ""


def test_init_says_who_must_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGKAI_DATA_DIR", str(tmp_path / "other"))
    (tmp_path / "other").mkdir()
    done = CliRunner().invoke(main, ["init", "--agency", "a", "--name", "甲", "--level", "county"])
    for said in ("保密审查员：", "分管领导：", "不能自己作保密审查"):
        assert said in done.stdout


def test_list_says_who_works_where(run: Run) -> None:
    one = listed(run)["lifang"]
    assert one["roles"] == {"panlong": ["clerk"]} and one["active"] and not one["locked"]
    assert not one["must_change_password"] and listed(run)["admin"]["must_change_password"]
    assert "李芳  在用  panlong：经办人" in run("user", "list", "--agency", "panlong").stdout
    assert run("user", "list", "--agency", "nowhere").exit_code == 1


def test_grant_and_revoke_do_the_same_twice(run: Run) -> None:
    words = ("--name", "lifang", "--agency", "panlong", "--role", "secrecy_reviewer")
    for _ in range(2):
        assert run("user", "grant", *words).exit_code == 0
        assert listed(run)["lifang"]["roles"]["panlong"] == ["clerk", "secrecy_reviewer"]
    for _ in range(2):
        assert run("user", "revoke", *words).exit_code == 0
        assert listed(run)["lifang"]["roles"]["panlong"] == ["clerk"]


def test_the_old_word_of_a_role_is_taken_and_said_to_be_one(run: Run) -> None:
    made = run(
        "user", "create", "--name", "second", "--agency", "panlong", "--role", "admin", "--json"
    )
    assert made.exit_code == 0 and json.loads(made.stdout)["roles"] == ["system_admin"]
    assert "admin 是旧名称，现在叫 system_admin（系统管理员）" in made.stderr
    words = ("--name", "second", "--agency", "panlong", "--role", "system_admin")
    granted = run("user", "grant", *words)
    assert "本来就是系统管理员" in granted.stdout and granted.stderr == ""
    revoked = run("user", "revoke", *words[:-1], "admin")
    assert revoked.exit_code == 0 and "旧名称" in revoked.stderr
    assert listed(run)["second"]["roles"] == {}


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("disable", "--name", "nobody"), 1, "没有名为“nobody”的用户"),
        (("disable", "--name", "admin"), 1, "最后一位系统管理员"),
        (
            ("revoke", "--name", "admin", "--agency", "panlong", "--role", "system_admin"),
            1,
            "最后一位",
        ),
        (
            ("grant", "--name", "lifang", "--agency", "panlong", "--role", "system_admin"),
            1,
            "另用一个账号",
        ),
        (("grant", "--name", "admin", "--agency", "panlong", "--role", "clerk"), 1, "另用一个账号"),
        (("grant", "--name", "lifang", "--agency", "nowhere", "--role", "clerk"), 1, "没有代码"),
        (("grant", "--name", "lifang", "--agency", "panlong", "--role", "king"), 2, "king"),
        (("reset-password", "--name", "nobody"), 1, "没有名为"),
        (("reset-factor", "--name", "nobody"), 1, "没有名为"),
        (("link", "--name", "nobody"), 1, "没有名为"),
        (("unlock",), 2, "--name"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    run: Run, words: tuple[str, ...], code: int, said: str
) -> None:
    before = listed(run)
    done = run("user", *words)
    assert (done.exit_code, listed(run)) == (code, before)
    assert said in done.stderr and "Traceback" not in done.output


def test_a_disabled_person_comes_in_no_more_and_again_when_enabled(run: Run) -> None:
    token = run("token", "create", "--user", "lifang").stdout.strip()
    assert accounts().bearer(token) is not None
    for _ in range(2):
        assert run("user", "disable", "--name", "lifang").exit_code == 0
    assert not listed(run)["lifang"]["active"] and accounts().bearer(token) is None
    with pytest.raises(BadInput):
        accounts().log_in("lifang", PASSWORD)
    for _ in range(2):
        assert run("user", "enable", "--name", "lifang").exit_code == 0
    assert accounts().log_in("lifang", PASSWORD).name == "lifang"
    assert accounts().bearer(token) is None


def test_unlock_opens_an_account_that_was_locked(run: Run) -> None:
    for _ in range(5):
        with pytest.raises(BadInput):
            accounts().log_in("lifang", "wrong")
    assert listed(run)["lifang"]["locked"]
    with pytest.raises(TooOften, match="20 分钟"):
        accounts().log_in("lifang", PASSWORD)
    assert "已解锁" in run("user", "unlock", "--name", "lifang").stdout
    assert "没有被锁定" in run("user", "unlock", "--name", "lifang").stdout
    assert accounts().log_in("lifang", PASSWORD).name == "lifang"


def test_a_reset_password_is_told_once_and_must_be_changed(run: Run) -> None:
    done = json.loads(run("user", "reset-password", "--name", "lifang", "--json").stdout)
    with pytest.raises(BadInput):
        accounts().log_in("lifang", PASSWORD)
    assert accounts().log_in("lifang", done["password"]).must_change_password
    assert done["password"] not in json.dumps(listed(run))


def test_a_second_factor_that_was_lost_is_taken(run: Run) -> None:
    assert "本来就没有设置" in run("user", "reset-factor", "--name", "lifang").stdout
    office = accounts().office
    with office.store.write() as unit:
        row = unit.user("lifang")
        assert row is not None
        unit.session.add(
            StaffTotpRow(user_id=row.id, sealed=b"", last_counter=0, added_at=office.now())
        )
    assert "已重设" in run("user", "reset-factor", "--name", "lifang").stdout
    with office.store.read() as unit:
        assert list(unit.session.query(StaffTotpRow)) == []


def test_an_account_of_the_directory_is_linked_and_let_go(run: Run) -> None:
    def linked() -> list[str]:
        with accounts().office.store.read() as unit:
            return [row.account for row in unit.session.query(DirectoryLinkRow)]

    said = run("user", "link", "--name", "lifang", "--account", "fang").stdout
    assert said == "lifang 已关联统一身份认证账号 fang\n" and linked() == ["fang"]
    run("user", "link", "--name", "lifang")
    assert linked() == ["lifang"]
    assert run("user", "link", "--name", "lifang", "--none").stdout == "lifang 不再关联\n"
    assert linked() == []


def test_every_change_stands_in_a_chain_that_shows_when_it_was_tampered_with(run: Run) -> None:
    run("user", "grant", "--name", "lifang", "--agency", "panlong", "--role", "handler")
    run("user", "disable", "--name", "lifang")
    office = open_office(load())
    assert run("verify").exit_code == 0
    for change in (
        "UPDATE audit SET about = 'zhou' WHERE action = 'user_disabled'",
        "DELETE FROM audit WHERE action = 'role_granted' AND about = 'lifang'",
    ):
        with tampering(office.store) as connection:
            connection.exec_driver_sql(change)
        done = run("verify")
        assert done.exit_code == 1 and "审计 第" in done.stdout
    office.store.close()
