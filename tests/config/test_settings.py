"""The program's own settings: a misspelt one is an error that names what was perhaps meant."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from config.settings import BadSetting, load
from gongkai import main


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("GONGKAI_SMPT_HOST", "GONGKAI_SMTP_HOST"),
        ("GONGKAI_DATADIR", "GONGKAI_DATA_DIR"),
        ("GONGKAI_SECRT", "GONGKAI_SECRET"),
        ("GONGKAI_port", "GONGKAI_PORT"),
    ],
)
def test_misspelt_variable_is_named_with_the_nearest_known_one(variable: str, meant: str) -> None:
    with pytest.raises(BadSetting, match=f"{variable} 无法识别（是否应为 {meant}？）"):
        load({variable: "x"})


def test_variables_of_others_and_the_two_beside_the_settings_are_let_be() -> None:
    assert load({"PATH": "/bin", "GONGKAI_SECRET": "x", "GONGKAI_PORT": "81"})["port"] == 81


def test_misspelt_variable_ends_the_command_with_2_in_one_line() -> None:
    ended = CliRunner(env={"GONGKAI_SMPT_HOST": "mail.example"}).invoke(main, ["config"])
    assert ended.exit_code == 2
    assert (
        ended.stderr.strip()
        == "环境变量 GONGKAI_SMPT_HOST 无法识别（是否应为 GONGKAI_SMTP_HOST？）"
    )


def test_misspelt_key_of_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "gongkai.toml"
    file.write_text('smpt_host = "mail.example"\n', encoding="utf-8")
    with pytest.raises(BadSetting, match="smpt_host（是否应为 smtp_host？）"):
        load({"GONGKAI_CONFIG": str(file)})


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("port", "70000", "在 0 到 65535 之间"),
        ("port", "8.5", "须为整数"),
        ("upload_megabytes", "-1", "在 1 到 1000 之间"),
        ("session_idle_minutes", "0", "在 1 到 1440 之间"),
        ("https", "maybe", "true 或 false"),
    ],
)
def test_value_out_of_bounds_is_told(name: str, value: str, told: str) -> None:
    with pytest.raises(BadSetting, match=told):
        load({f"GONGKAI_{name.upper()}": value})


@pytest.mark.parametrize("written", ["port = true", "port = 8.5", "host = 5"])
def test_value_of_another_type_in_the_file_is_told(tmp_path: Path, written: str) -> None:
    file = tmp_path / "gongkai.toml"
    file.write_text(written, encoding="utf-8")
    with pytest.raises(BadSetting, match=r"gongkai\.toml"):
        load({"GONGKAI_CONFIG": str(file)})


@pytest.mark.parametrize(
    ("given", "roles"),
    [("", ()), ("clerk", ("clerk",)), (" clerk，leader, ", ("clerk", "leader"))],
)
def test_words_of_the_environment_are_parted_by_commas(given: str, roles: tuple[str, ...]) -> None:
    assert load({"GONGKAI_SECOND_FACTOR_ROLES": given})["second_factor_roles"] == roles


def test_words_of_the_file_are_a_list(tmp_path: Path) -> None:
    file = tmp_path / "gongkai.toml"
    file.write_text('second_factor_roles = ["clerk", "leader"]\n', encoding="utf-8")
    assert load({"GONGKAI_CONFIG": str(file)})["second_factor_roles"] == ("clerk", "leader")
    for wrong in ("[1]", "7"):
        file.write_text(f"second_factor_roles = {wrong}\n", encoding="utf-8")
        with pytest.raises(BadSetting, match="须为文字的列表"):
            load({"GONGKAI_CONFIG": str(file)})


def test_a_password_in_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "gongkai.toml"
    file.write_text('oidc_client_secret = "x"\n', encoding="utf-8")
    for mode in (0o644, 0o640, 0o604):
        file.chmod(mode)
        with pytest.raises(BadSetting, match="chmod 600"):
            load({"GONGKAI_CONFIG": str(file)})
    file.chmod(0o600)
    settings = load({"GONGKAI_CONFIG": str(file)})
    assert settings["oidc_client_secret"] == "x"
    assert load({"GONGKAI_OIDC_CLIENT_SECRET": "y"})["oidc_client_secret"] == "y"


def test_a_role_that_there_is_not_is_named() -> None:
    with pytest.raises(BadSetting, match="没有这样的角色：clark。可以写：clerk、"):
        load({"GONGKAI_SECOND_FACTOR_ROLES": "clerk,clark"})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"OIDC_ISSUER": "http://id.example.gov.cn"}, "https://"),
        ({"OIDC_ISSUER": "id.example.gov.cn"}, "https://"),
        ({"OIDC_CLIENT_ID": ""}, "还须设置 oidc_client_id"),
        ({"OIDC_CA": "/nowhere/ca.pem"}, "/nowhere/ca.pem 不存在"),
    ],
)
def test_a_provider_that_could_not_work_stops_the_start(more: dict[str, str], said: str) -> None:
    known = {"OIDC_ISSUER": "https://id.example.gov.cn", "OIDC_CLIENT_ID": "gongkai"}
    given = {f"GONGKAI_{name}": value for name, value in {**known, **more}.items()}
    with pytest.raises(BadSetting, match=said):
        load(given)
    assert load({**given, "GONGKAI_OIDC_ISSUER": ""})["oidc_issuer"] == ""


@pytest.mark.parametrize("issuer", ["https://id.example.gov.cn", "http://127.0.0.1:9", "http://localhost"])  # fmt: skip
def test_a_provider_is_asked_over_https_or_on_this_machine(issuer: str, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").touch()
    given = {"OIDC_ISSUER": issuer, "OIDC_CLIENT_ID": "x", "OIDC_CA": str(tmp_path / "ca.pem")}
    settings = load({f"GONGKAI_{name}": value for name, value in given.items()})
    assert settings["oidc_issuer"] == issuer
