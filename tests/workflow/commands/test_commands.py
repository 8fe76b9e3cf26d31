"""The commands that begin an office: what they print, and exit codes 0, 1 and 2."""

import json
from pathlib import Path

import pytest

from config.law import load_law
from gongkai import main
from tests.workflow.commands.calling import INIT, Run, office_of_the_store
from workflow.service.accounts import Accounts

# -- beginning ----------------------------------------------------------------------------------------


def test_init_prints_the_one_time_password_once(run: Run) -> None:
    made = run(*INIT, "--json")
    assert made.exit_code == 0
    told = json.loads(made.stdout)
    assert (told["agency"], told["admin"]) == ("panlong", "admin")
    staff = Accounts(office_of_the_store()).log_in("admin", told["password"])
    assert staff.must_change_password
    again = run(*INIT)
    assert again.exit_code == 1
    assert told["password"] not in again.output


def test_init_if_new_does_nothing_a_second_time(run: Run) -> None:
    assert "一次性密码" in run(*INIT, "--if-new").stdout
    again = run(*INIT, "--if-new")
    assert again.exit_code == 0
    assert again.output == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ("init", "--agency", "panlong", "--name", "盘龙", "--level", "village"),
        ("init", "--agency", "panlong", "--level", "township"),
    ],
)
def test_init_that_is_called_wrongly_says_how(arguments: tuple[str, ...], run: Run) -> None:
    assert run(*arguments).exit_code == 2


def test_init_refuses_a_code_that_no_address_can_hold(run: Run) -> None:
    result = run("init", "--agency", "盘 龙", "--name", "盘龙", "--level", "township")
    assert result.exit_code == 1
    assert "机关代码" in result.stderr


def test_command_before_init_says_so(run: Run) -> None:
    result = run("tally", "--agency", "panlong", "--year", "2024")
    assert result.exit_code == 2
    assert "gongkai init" in result.stderr


# -- people -------------------------------------------------------------------------------------------

CREATE = ("user", "create", "--name", "lifang", "--agency", "panlong", "--role", "clerk")


def test_new_user_gets_a_password_that_is_printed_once(run: Run) -> None:
    run(*INIT)
    made = run(*CREATE, "--json")
    assert made.exit_code == 0
    password = json.loads(made.stdout)["password"]
    assert Accounts(office_of_the_store()).log_in("lifang", password).must_change_password
    more = run(*CREATE, "--role", "handler", "--json")
    assert json.loads(more.stdout)["password"] is None
    staff = Accounts(office_of_the_store()).log_in("lifang", password)
    assert staff.roles == {"panlong": frozenset(("clerk", "handler"))}


def test_password_from_standard_input_is_taken_and_not_printed(run: Run) -> None:
    run(*INIT)
    made = run(*CREATE, "--password-stdin", stdin="Blue-Paper-42\n")
    assert made.exit_code == 0
    assert "Blue-Paper-42" not in made.output
    assert (
        not Accounts(office_of_the_store()).log_in("lifang", "Blue-Paper-42").must_change_password
    )


@pytest.mark.parametrize("password", ["", "12345678", "password", "Lifang-2024", "Ab-1"])
def test_weak_password_is_refused(password: str, run: Run) -> None:
    run(*INIT)
    made = run(*CREATE, "--password-stdin", stdin=password + "\n")
    assert made.exit_code == 1
    assert "密码" in made.stderr
    assert office_of_the_store().staff("lifang") is None


def test_user_of_a_body_nobody_knows_is_refused(run: Run) -> None:
    run(*INIT)
    result = run("user", "create", "--name", "x", "--agency", "nowhere", "--role", "clerk")
    assert result.exit_code == 1
    assert "nowhere" in result.stderr


def test_role_nobody_knows_is_refused(run: Run) -> None:
    run(*INIT)
    result = run("user", "create", "--name", "x", "--agency", "panlong", "--role", "boss")
    assert result.exit_code == 2


def test_token_is_printed_alone(run: Run) -> None:
    run(*INIT)
    made = run("token", "create", "--user", "admin")
    assert made.exit_code == 0
    token = made.stdout.removesuffix("\n")
    assert token and not any(letter.isspace() for letter in token)
    found = Accounts(office_of_the_store()).bearer(token)
    assert found and found.staff.name == "admin"
    assert run("token", "create", "--user", "nobody").exit_code == 1


# -- what is in force ---------------------------------------------------------------------------------


def test_config_says_where_each_value_came_from(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "gongkai.toml"
    file.write_text('port = 9000\nsite_phone = "0876-1"\n', encoding="utf-8")
    monkeypatch.setenv("GONGKAI_CONFIG", str(file))
    monkeypatch.setenv("GONGKAI_PORT", "9100")
    told = json.loads(run("config", "--json").stdout)
    assert told["program"]["port"] == {"value": 9100, "origin": "GONGKAI_PORT"}
    assert told["program"]["site_phone"] == {"value": "0876-1", "origin": str(file)}
    assert told["program"]["host"]["origin"] == "default"
    assert set(told["law"]) == set(load_law().settings)
    assert told["law"]["correction_period_days"]["value"] == 15


def test_config_does_not_tell_the_password_of_the_database(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGKAI_DATABASE_URL", "postgresql://gongkai:geheim@db/gongkai")
    result = run("config")
    assert result.exit_code == 0
    assert "geheim" not in result.output


@pytest.mark.parametrize(("name", "value"), [("GONGKAI_PORT", "many"), ("GONGKAI_HTTPS", "maybe")])
def test_setting_that_cannot_be_read_is_named(
    name: str, value: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    result = run("config")
    assert result.exit_code == 2
    assert name in result.stderr


def test_migrate_can_be_repeated(run: Run) -> None:
    assert run(*INIT).exit_code == 0
    assert "已是最新" in run("migrate").stderr


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself(name: str, run: Run) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 3


def test_bodies_take_another_name_and_end(run) -> None:
    """law.md §7A: the old name stays on old papers, open cases wait for their transfer."""
    run("init", "--agency", "panlong", "--name", "盘龙彝族乡人民政府", "--level", "township")
    run(
        "agency",
        "add",
        "--code",
        "xincheng",
        "--name",
        "新城镇人民政府",
        "--level",
        "township",
        "--since",
        "2024-07-01",
    )
    assert (
        run(
            "agency", "rename", "panlong", "--name", "盘龙镇人民政府", "--until", "2024-06-30"
        ).exit_code
        == 0
    )
    ended = run("agency", "end", "panlong", "--successor", "xincheng", "--on", "2024-12-31")
    assert ended.exit_code == 0 and "0 件" in ended.output
    assert (
        run("agency", "end", "panlong", "--successor", "panlong", "--on", "2024-12-31").exit_code
        == 1
    )
    assert run("agency", "end", "nowhere", "--successor", "panlong").exit_code == 1
    first, second = json.loads(run("agency", "list", "--json").output)
    assert (first["until"], first["successor"]) == ("2024-12-31", "xincheng")
    assert (first["former_names"], second["since"]) == (["盘龙彝族乡人民政府"], "2024-07-01")
