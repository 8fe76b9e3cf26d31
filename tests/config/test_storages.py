"""Where contents of files lie, as settings say it."""

from pathlib import Path

import pytest

from config.errors import BadSetting
from config.settings import KNOWN, load
from config.storages import S3Place, is_server, place_of

S3 = {
    "FILE_STORAGE": "s3://kept/town", "S3_ENDPOINT": "http://10.1.0.7:9000", "S3_ACCESS_KEY": "who",
    "S3_SECRET_KEY": "how",
}  # fmt: skip


def given(**more: str) -> dict[str, str]:
    return {f"GONGKAI_{name}": said for name, said in more.items()}


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("", None),
        ("database", None),
        ("/srv/files", Path("/srv/files")),
        ("s3://kept", S3Place("kept", "")),
        ("s3://kept/", S3Place("kept", "")),
        ("s3://my.kept-1/a/b_c.d/", S3Place("my.kept-1", "a/b_c.d/")),
    ],
)
def test_a_place_is_read(said, place):
    assert place_of(said) == place


@pytest.mark.parametrize(
    "said",
    ["files", "./files", "Database", "s3:kept", "s3://K", "s3://Kept/a", "s3://kept/../other", "s3://kept//a",
     "s3://kept/a?b", "s3://kept/空", "s3://who:how@kept/a", "S3://kept"],
)  # fmt: skip
def test_what_is_no_place_is_told(said):
    with pytest.raises(ValueError, match="须"):
        place_of(said)
    with pytest.raises(BadSetting, match="GONGKAI_FILE_STORAGE：file_storage 须"):
        load(given(FILE_STORAGE=said))


@pytest.mark.parametrize(
    "said", ["10.1.0.7:9000", "ftp://a", "https://who:how@a", "https://a/?b", "https://"]
)
def test_what_is_no_server_is_told(said):
    with pytest.raises(ValueError, match="须为"):
        is_server(said)
    with pytest.raises(BadSetting, match="s3_endpoint 须为"):
        load(given(**{**S3, "S3_ENDPOINT": said}))


def test_a_bucket_needs_its_server_and_its_key():
    assert load(given(**S3))["file_storage"] == "s3://kept/town"
    for name in ("S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY"):
        with pytest.raises(BadSetting, match=f"还须设置：{name.lower()}"):
            load(given(**{**S3, name: ""}))
    before = {**S3, "FILE_STORAGE": "database", "FILE_STORAGE_BEFORE": "s3://kept"}
    assert load(given(**before))["file_storage_before"] == "s3://kept"
    with pytest.raises(BadSetting, match="s3_secret_key"):
        load(given(**{**before, "S3_SECRET_KEY": ""}))
    with pytest.raises(BadSetting, match=r"/nowhere/ca\.pem 不存在"):
        load(given(**S3, S3_CA="/nowhere/ca.pem"))


def test_the_same_place_is_not_now_and_before():
    with pytest.raises(BadSetting, match="file_storage_before 须与 file_storage 不同"):
        load(given(FILE_STORAGE="/srv/files", FILE_STORAGE_BEFORE="/srv/files"))
    assert load(given())["file_storage"] == "database" == KNOWN["file_storage"].default


@pytest.mark.parametrize("name", ["s3_access_key", "s3_secret_key"])
def test_a_key_stands_in_no_file(tmp_path, name):
    file = tmp_path / "gongkai.toml"
    file.write_text(f'{name} = "how"\n', encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(BadSetting, match=f"{name} 不能写在配置文件") as caught:
        load({"GONGKAI_CONFIG": str(file)})
    assert f"GONGKAI_{name.upper()}" in str(caught.value)
