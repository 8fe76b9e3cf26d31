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
